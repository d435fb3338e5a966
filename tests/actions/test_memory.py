"""What is remembered of a conversation in one turn."""

from __future__ import annotations

import pytest

from actions import memory
from actions.memory import memory_of
from actions.turn import Turn
from casework.conversations.model import Author
from casework.house import House
from casework.storage.work import Store
from casework.words import remembered
from tests.conftest import NOW


def test_what_was_said_before_is_looked_through_once_a_turn(
    store: Store, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []

    def watched(*args: object) -> object:
        looks.append(args)
        return remembered(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(memory, "remembered", watched)
    with store.writing() as work:
        chat = work.conversations.open("web", "ann", now=NOW, profile={})
        turns = [Turn(work, chat, (), house, NOW, "zh") for _ in range(2)]
        assert memory_of(turns[0]).used == frozenset()
        work.messages.add_outbound(
            chat,
            text="在哪里？",
            buttons=(),
            author=Author.BOT,
            author_name="",
            state="queued",
            reply_to_id=None,
            now=NOW,
        )
        assert memory_of(turns[0]).used == frozenset()
        assert memory_of(turns[1]).used == {"在哪里"}
    assert len(looks) == 2
