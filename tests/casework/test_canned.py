"""Canned replies: what is shipped, and how they are filled in for a case."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from casework.canned import NAME_CHARS, TEXT_CHARS, VARIABLES, Canned, load_canned, shipped
from casework.canned.filling import filled, gaps, unknown, values_for
from casework.conversations.inbox import TurnRules, receive
from casework.conversations.model import InboundMessage
from casework.house import House
from casework.packs.wording import Rule, faults
from casework.staff import organising
from casework.storage.work import Store, Work
from casework.text import Text
from casework.tickets import clocks
from casework.tickets.filing import Filing, file_ticket
from casework.tickets.model import Intake, Ticket
from tests.conftest import NOW, ROOT

PACKS = ROOT / "packs"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_shipped_keeps_to_the_rules_of_wording(house: House, language: str) -> None:
    found = shipped(PACKS)
    assert len(found) >= 20
    for canned in found.values():
        text, name = canned.text.in_(language), canned.name.in_(language)
        told = list(faults(text, language, Rule(questions=1, placeholders=True), house.packs.never_say))
        assert told == [], canned.ref
        assert unknown(text) == (), canned.ref
        assert len(name) <= NAME_CHARS, canned.ref
        assert len(text) <= TEXT_CHARS, canned.ref
        assert canned.department == ""


def test_names_lead_to_one_reply_each() -> None:
    found = shipped(PACKS).values()
    for language in ("zh", "en"):
        assert len({canned.name.in_(language) for canned in found}) == len(found)


def test_both_languages_have_the_same_variables() -> None:
    for canned in shipped(PACKS).values():
        assert set(gaps(canned.text.zh)) == set(gaps(canned.text.en)), canned.ref


def test_every_variable_is_used_by_some_reply() -> None:
    used = {name for canned in shipped(PACKS).values() for name in gaps(canned.text.zh)}
    assert used == set(VARIABLES)


def test_edits_lie_over_the_shipped_ones() -> None:
    own = Canned("own", Text("自己的", "Our own"), Text("好的。", "All right."), "power.billing")
    changed = {**yaml.safe_load((PACKS / "_common" / "replies.yml").read_text("utf-8"))["greeting"]}
    changed["text"] = {"zh": "您好。", "en": "Hello."}
    found = load_canned(PACKS, {"own": own.as_json(), "greeting": changed, "late": ""})
    assert found["own"] == own
    assert found["greeting"].text.zh == "您好。"
    assert found.keys() == (shipped(PACKS).keys() | {"own"}) - {"late"}


def test_what_has_no_value_stays_in_braces_and_is_named() -> None:
    text = filled("{number}：{ due }前，{staff}", {"staff": "小李"})
    assert text == "{number}：{ due }前，小李"
    assert gaps(text) == ("number", "due")
    assert gaps("{} and {  }") == ("",)
    assert gaps("{staff} {staff} {whatever}") == ("staff",)
    assert gaps("nothing") == ()


def test_other_words_in_braces_are_unknown() -> None:
    assert unknown("{number} {nmber} {a b}") == ("{nmber}", "{a b}")
    assert unknown("{number} } {") == ("{", "}")
    assert unknown("{}") == ("{}",)


def _filed(work: Work, house: House) -> Ticket:
    organising.seed_departments(work, house.packs)
    received = receive(work, InboundMessage("web", "p1", "ann", "没人"), now=NOW, rules=TurnRules())
    talk = work.conversations.get(received.conversation_id)
    draft = work.tickets.add_draft(
        conversation_id=talk.id,
        complainant_id=talk.complainant_id,
        language="en",
        intake=Intake(description=("没人",), category="GOV-ATT-03"),
        now=NOW,
    )
    category = house.packs.category("GOV-ATT-03")
    return file_ticket(work, draft, category, filing=Filing(calendar=house.calendar), now=NOW)


def _values(
    work: Work, house: House, ticket: Ticket | None, *, language: str = "en", days: int = 0
) -> dict[str, str]:
    return values_for(work, house, ticket, staff="Li Wei", language=language, now=NOW + timedelta(days=days))


def test_a_case_fills_every_variable_in_the_language_of_the_person(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = _filed(work, house)
        en, zh = (_values(work, house, ticket, language=language) for language in ("en", "zh"))
    assert en.keys() == zh.keys() == set(VARIABLES)
    assert en["number"] == ticket.number
    assert en["department"].isascii()
    assert not zh["department"].isascii()
    assert en["due"] != zh["due"]
    assert en["state"] == house.states[ticket.state.value].en
    assert en["staff"] == "Li Wei"


def test_a_date_that_has_passed_or_rests_is_named_to_nobody(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = _filed(work, house)
        assert "due" in _values(work, house, ticket)
        assert "due" not in _values(work, house, ticket, days=90)
        work.clocks.save(*(clocks.paused(clock, NOW) for clock in work.clocks.of(ticket.id)))
        assert "due" not in _values(work, house, ticket)


def test_without_a_case_only_the_house_and_the_writer_are_known(store: Store, house: House) -> None:
    with store.reading() as work:
        assert _values(work, house, None).keys() == {"staff", "organisation", "hours"}


def test_a_broken_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "_common").mkdir()
    (tmp_path / "_common" / "replies.yml").write_text("a: {name: {zh: 好}}", "utf-8")
    with pytest.raises((KeyError, TypeError)):
        shipped(tmp_path)
