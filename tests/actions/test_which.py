"""Which of several tickets somebody means, and what an answer says beyond its form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.heard import Heard
from actions.person import mentions_a_person
from actions.rating import has_reason
from actions.tickets import gives_a_reason, says_what_to_add
from actions.which import buttons_for, pick
from casework.house import House
from casework.tickets.model import Ticket
from casework.tickets.states import State
from tests.conftest import NOW


def ticket(number: int, description: str, category: str) -> Ticket:
    return Ticket(
        id=number, number=f"TS261120-{number:06}", conversation_id=1, complainant_id=1, state=State.TRIAGE,
        pack="", category=category, department="", nature="complaint", language="zh", anonymous=False, severity=3,
        priority="P3", score={}, description=description, details={}, promise=None, intake=None, cycle=1, version=1,
        returns=0, created_at=NOW, changed_at=NOW, submitted_at=NOW, resolved_at=None,
    )  # fmt: skip


LISTED = [
    ticket(730003, "家里昨晚停电，打电话没人接", "PWR-OUT-02"),
    ticket(520002, "3号窗口没人，等了两个钟头", "GOV-ATT-03"),
    ticket(410001, "The clerk tore up my licence form", "GOV-ATT-02"),
]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("停电那个", 0), ("窗口没人的那件", 1), ("the licence one", 2), ("第二个", 1), ("the first one", 0), ("2", 1),
        ("最早那个", 2), ("the latest", 0), ("520002", 1), ("尾号410001", 2),
    ],
)  # fmt: skip
def test_a_ticket_is_told_by_its_matter_its_place_or_its_digits(text: str, place: int, house: House) -> None:
    assert pick(text, LISTED, house) == LISTED[place]


@pytest.mark.parametrize("text", ["办到哪了", "how far is my complaint", "第九个", "那个", "999999", ""])
def test_what_points_at_none_is_not_guessed(text: str, house: House) -> None:
    assert pick(text, LISTED, house) is None


def test_two_tickets_about_the_same_thing_are_asked_for(house: House) -> None:
    twins = [LISTED[0], replace(LISTED[0], id=9, number="TS261120-900009")]
    assert pick("停电那个", twins, house) is None


def test_buttons_say_what_a_ticket_is_about_and_end_with_its_digits() -> None:
    titles = [button["title"] for button in buttons_for(LISTED, "urge")]
    assert titles[0].startswith("家里昨晚停电")
    assert titles[0].endswith("#730003")
    assert buttons_for(LISTED, "urge")[0]["payload"] == "urge:TS261120-730003"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("我不认可", False), ("不认可这个结果", False), ("I don't accept this result", False), ("DISPUTE", False),
        ("不认可，根本没人来修", True), ("They never came to the site", True), ("没给我退钱", True),
    ],
)  # fmt: skip
def test_an_objection_with_a_reason_is_told_from_a_bare_one(text: str, reason: bool) -> None:
    assert gives_a_reason(text) is reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [("三星", False), ("4/5", False), ("五分，窗口的人很耐心", True), ("2, nobody called me", True)],
)
def test_a_rating_with_a_reason_is_told_from_a_bare_one(text: str, reason: bool) -> None:
    assert has_reason(text) is reason


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("我要补充", False),
        ("add to my case", False),
        ("补充：窗口是5号", True),
        ("please add that it was window 5", True),
    ],
)
def test_a_wish_to_add_is_told_from_the_addition(text: str, told: bool) -> None:
    assert says_what_to_add(Heard("1", text)) is told


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("有没有活人啊", True), ("怎么都是机器回复", True), ("is there anyone real there", True), ("人工", True),
        ("打客服电话一直没人接，等了三个小时还是没有解决问题，太差了", False), ("昨天停电了", False),
    ],
)  # fmt: skip
def test_a_word_for_a_person_is_short_and_plain(text: str, mentions: bool) -> None:
    assert mentions_a_person(Heard("1", text)) is mentions
