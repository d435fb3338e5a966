"""What is edited at the desk is what the real engine says in its next turn, in the middle of a conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.bus import Bus
from app.chat import Chat, Said
from app.turns import TurnRunner
from app.wiring import utc_now
from bot.engine import Engine
from casework.editing import HouseKeeper, edit, proposed
from casework.house import House
from casework.storage.work import Store
from casework.tickets.model import Actor
from casework.tickets.states import Role
from tests.conftest import ROOT, make_house

pytestmark = [pytest.mark.engine]

ADMIN = Actor(Role.ADMINISTRATOR, "chen")


def _keeper(store: Store, house: House) -> HouseKeeper:
    """Of one process."""
    return HouseKeeper(store, ROOT / "packs", lambda edits: make_house(edits) if edits else replace(house))


@pytest.mark.parametrize(
    ("language", "opening", "answer", "ask"),
    [
        ("zh", "小区从昨晚八点停电到现在还没来，没人通知", "柳园小区6栋", "新问法是怎么说的？"),
        (
            "en",
            "Our power has been out since eight last night and nobody told us",
            "12 Willow Court",
            "How is it asked now?",
        ),
    ],
)
def test_a_question_edited_at_the_desk_is_the_next_one_the_bot_asks(
    store: Store, engine: Engine, house: House, language: str, opening: str, answer: str, ask: str
) -> None:
    gateway, worker = _keeper(store, house), _keeper(store, house)
    runner = TurnRunner(
        store=store, engine=engine, house=worker.house, renew_house=worker.look, bus=Bus(""), clock=utc_now
    )
    chat = Chat(store=store, runner=runner, clock=utc_now, identity="someone")

    def say(text: str) -> str:
        said = chat.say(Said(text=text))
        assert said is not None
        return "\n".join(message["text"] for message in said["messages"])

    assert ask not in say(opening)
    for document in ("common", "power"):
        asks = {key: ask for key in gateway.written(document) if key.endswith(f".ask.{language}")}
        edit(gateway, store, proposed(gateway, store, document, asks), by=ADMIN, now=utc_now(), seen=0)
    assert ask in say(answer)
