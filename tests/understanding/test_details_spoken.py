"""English from the mouth: how long, when, who and by whom in the words of talk; excuses around a correction."""

# ruff: noqa: E501 -- one example, one line
from __future__ import annotations

from datetime import datetime, timezone

import pytest

from understanding.details import extract_details
from understanding.details.corrections import corrected
from understanding.model import Detail

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=timezone.utc)


def _found(text: str, kind: str) -> list[Detail]:
    return [detail for detail in extract_details(text, now=NOW, region="GB") if detail.kind == kind]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("I sat there a good two hours and a half before anybody came", 150), ("been queuin 40 mins already", 40), ("not one reply in a fortnight", 20_160), ("he was in and out in ten mins", 10), ("an hour n a half on the line", 90),
        ("a half-hour queue", 30), ("four days and four nights without light", 5_760), ("it was an hour before the nurse looked up", 60), ("a couple hours", 120),
    ],
)  # fmt: skip
def test_how_long_in_the_words_of_talk(text: str, minutes: int) -> None:
    assert [detail.value["minutes"] for detail in _found(text, "duration")] == [minutes]


@pytest.mark.parametrize("text", ["we'll be there in a week", "£9 a month", "48 hours before the flight"])
def test_a_price_for_a_while_and_a_date_ahead_are_no_durations(text: str) -> None:
    assert not _found(text, "duration")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("it broke this day last week", "2026-11-14"), ("two Mondays ago he promised", "2026-11-09"), ("the day before Halloween", "2026-10-30"), ("off since Diwali", "2026-11-08"), ("off since Eid", "2026-03-21"), ("between March and May I paid twice", "2026-03-01"),
        ("last night around nine it went", "2026-11-20T21:00"), ("half eight this morning", "2026-11-21T08:30"), ("1645 hours", "2026-11-20T16:45"), ("six weeks ago today", "2026-10-10"), ("ever since the summer", "2026-06-01"), ("the first Monday of November", "2026-11-02"), ("the last Friday in October", "2026-10-30"), ("since morning no light", "2026-11-21T06:00"),
    ],
)  # fmt: skip
def test_when_in_the_words_of_talk(text: str, start: str) -> None:
    (detail,) = _found(text, "when")
    assert detail.value["start"].startswith(start)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Esther Kimani, account 77120. I paid twice", "Esther Kimani"), ("I, Kwame Boateng, wish to complain", "Kwame Boateng"), ("hello my name ana and the fridge died", "ana"), ("i'm mrs dsouza from 9b", "mrs dsouza"), ("It leaks again. - Suresh Nair", "Suresh Nair"),
        ("the lights are out. thanks, b. holt", "b. holt"), ("full name: ana maria de souza", "ana maria de souza"), ("this is a complaint from Wanjiru Maina", "Wanjiru Maina"), ("Mr. Dubois from apartment 7: no parcels", "Mr. Dubois"), ("no answer. Regards, Lakshmi (flat 22)", "Lakshmi"),
    ],
)  # fmt: skip
def test_people_tell_their_names_in_many_ways(text: str, name: str) -> None:
    assert [detail.text for detail in _found(text, "name")] == [name]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("then Graham said it was my fault", "Graham"), ("dave from billing told me to wait", "dave"), ("her name tag said Odile", "Odile"), ("he introduced himself as Desmond", "Desmond"), ("one staff by name Kofi shouted", "one staff by name Kofi"), ("the counter 5 lady left", "counter 5 lady"),
        ("dr mensah never rang", "dr mensah"), ("the housekeeper took my ring", "the housekeeper"), ("Priya, your receptionist, was kind", "Priya"), ("mechanic's name is Ferdy", "Ferdy"), ("Gail says January now", "Gail"), ("a nurse, Precious I think, sat with him", "Precious"),
    ],
)  # fmt: skip
def test_staff_by_name_alone_and_in_small_letters(text: str, who: str) -> None:
    assert [detail.text for detail in _found(text, "staff")] == [who]


@pytest.mark.parametrize(
    "text",
    ["my wife told me", "they keep saying sorry", "nobody told me", "nurse shouted at me", "I spoke to them"],
)
def test_nobody_is_staff_without_a_name(text: str) -> None:
    assert not _found(text, "staff")


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [("N12,500 is gone", "12500.00", "NGN"), ("KSh 800 each", "800.00", "KES"), ("forty cedis", "40.00", "GHS"), ("R950.00 fine", "950.00", "ZAR")],
)  # fmt: skip
def test_sums_of_more_countries(text: str, amount: str, currency: str) -> None:
    (detail,) = _found(text, "amount")
    assert (detail.value["amount"], detail.value["currency"]) == (amount, currency)


@pytest.mark.parametrize(
    ("text", "number"),
    [("policy KLM 7781 203", "KLM7781203"), ("account number 4417 8802 sort code 10-20-30", "44178802")],
)
def test_references_in_groups_may_begin_with_letters(text: str, number: str) -> None:
    assert _found(text, "reference")[0].value["number"] == number


@pytest.mark.parametrize("text", ["Take it away.", "It's broken and I want it gone", "a new bin please"])
def test_short_wishes(text: str) -> None:
    assert _found(text, "remedy")


@pytest.mark.parametrize(
    ("former", "text", "right"),
    [
        ("", "Monday was the day I rang, it broke on Friday", "Friday"), ("", "it's 0770... no, 07700 900312", "07700 900312"), ("", "eight if you count today", "eight"), ("", "Lime Street to be precise", "Lime Street"), ("", "sorry it was the porter who told me", "the porter"),
        ("the Northend shop", "the Southend one", "the Southend shop"), ("a replacement", "forget the replacement, just give me a refund", "a refund"), ("k.hall@mail.example", "should be k.halls with an s", "k.halls@mail.example"), ("9am", "it was p.m.", "9pm"), ("Anita Rao", "Rao is my husband's name, mine is Bose", "Anita Bose"), ("KT22 ABC", "it starts KP not KT", "KP22 ABC"),
        ("", "单号打错一位，应该是CK88120", "CK88120"), ("", "五月份就开始了，不是六月份", "五月份"), ("", "算上今天八天了", "八天"), ("", "是城北的那家", "城北"), ("", "不是保安说的，是店长说的", "店长"), ("", "准确地讲是三个礼拜之前", "三个礼拜之前"), ("", "62路，晚上看不清", "62路"), ("杜文", "杜是我妈的姓，我姓林", "林文"), ("百花园3号楼", "应该写百花苑", "百花苑3号楼"),
    ],
)  # fmt: skip
def test_excuses_and_asides_do_not_hide_what_is_right(former: str, text: str, right: str) -> None:
    assert corrected(former, text) == right
