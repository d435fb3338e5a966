"""The account's menu: within the platform's limits, and understood when it is clicked."""

from __future__ import annotations

from typing import Any

import pytest

from casework.conversations.model import Event
from connectors.wechat.menu import COMMANDS, menu
from connectors.wechat.receive import parse_push
from tests.connectors.wechat.pushes import event_push


def clicks(entries: list[Any]) -> list[Any]:
    return [click for entry in entries for click in (entry.get("sub_button") or [entry])]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_menu_keeps_to_the_platforms_limits(language: str) -> None:
    entries: list[Any] = menu(language)
    assert len(entries) <= 3
    for entry in entries:
        assert len(entry["name"].encode()) <= 16
        assert len(entry.get("sub_button", ())) <= 5
    for click in clicks(entries):
        assert len(click["name"].encode()) <= 60
        assert click["type"] == "click"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_click_is_understood_as_its_command(language: str) -> None:
    found = []
    for click in clicks(menu(language)):
        message = parse_push({k: str(v) for k, v in event_push("CLICK", click["key"]).items()})
        assert message is not None
        assert (message.event, message.profile["trigger"]) == (Event.MESSAGE, "menu")
        found.append(message.profile["command"])
    assert set(found) == COMMANDS


def test_a_command_nobody_knows_is_read_as_if_it_were_typed() -> None:
    message = parse_push({k: str(v) for k, v in event_push("CLICK", "c:rm").items()})
    assert message is not None
    assert (message.text, message.profile) == ("c:rm", {"trigger": "menu"})
