"""Publishing at the desk: what counts afterwards, what stays on record, what is refused."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casework.canned import Canned, keeping
from casework.editing import EditedMeanwhile, HouseKeeper
from casework.house import House
from casework.knowledge import checking, written
from casework.packs.overlay import Edit
from casework.publishing import KNOWLEDGE, REPLIES, RETIRED, Unfit, publish, standing
from casework.staff import organising
from casework.storage.edits import EditRepository
from casework.storage.work import Store
from casework.text import Text
from tests.conftest import NOW, ROOT, make_house

TODAY = date(2026, 12, 1)
#: What the files say, as it would be edited.
FILES = written(ROOT / "packs", ["government", "power"])


@pytest.fixture
def keeper(store: Store) -> HouseKeeper:
    made = HouseKeeper(store, ROOT / "packs", make_house)
    with store.writing() as work:
        organising.seed_departments(work, made.house.packs)
    return made


def _own(**changes: Any) -> Canned:
    canned = Canned(
        "own", Text("催料", "Chase it"), Text("单号{number}在办。", "Case {number} is under way.")
    )
    return replace(canned, **changes)


def _last(store: Store, document: str, key: str) -> int:
    with store.reading() as work:
        return next((edit.id for edit in work.edits.history(document, key=key)), 0)


def _save(
    keeper: HouseKeeper, store: Store, canned: Canned, *, by: str = "sun", seen: int | None = None
) -> None:
    seen = _last(store, REPLIES, canned.ref) if seen is None else seen
    keeping.save(keeper, store, canned, by=by, now=NOW, seen=seen)


def test_a_reply_counts_at_once_here_and_at_the_next_look_elsewhere(
    store: Store, keeper: HouseKeeper
) -> None:
    elsewhere = HouseKeeper(store, ROOT / "packs", make_house)
    _save(keeper, store, _own())
    assert keeper.house.replies["own"] == _own()
    assert "own" not in elsewhere.house.replies
    elsewhere.look()
    assert elsewhere.house.replies["own"] == _own()


def test_every_change_stays_on_record_with_who_and_what_was_before(store: Store, keeper: HouseKeeper) -> None:
    _save(keeper, store, _own())
    _save(keeper, store, _own(name=Text("催办", "Chase")), by="zhao")
    keeping.retire(keeper, store, "own", by="sun", now=NOW, seen=_last(store, REPLIES, "own"))
    _save(keeper, store, _own())
    with store.reading() as work:
        history = work.edits.history(REPLIES, key="own")
        logged = work.access.audits(kind=REPLIES, ref="own")
    assert [edit.by for edit in history] == ["sun", "sun", "zhao", "sun"]
    assert [edit.value == RETIRED for edit in history] == [False, True, False, False]
    assert history[1].before["name"]["zh"] == "催办"
    assert history[3].before is None
    assert [audit.action for audit in logged] == ["publish", "retire", "publish", "publish"]
    assert "own" in keeper.house.replies


def test_a_shipped_reply_that_was_retired_stays_away(store: Store, keeper: HouseKeeper) -> None:
    keeping.retire(keeper, store, "late", by="sun", now=NOW, seen=0)
    assert "late" not in keeper.house.replies
    assert standing(keeper, store, REPLIES)["late"] == RETIRED
    assert "late" not in HouseKeeper(store, ROOT / "packs", make_house).house.replies


def test_of_two_editors_the_slower_is_told_who_was_faster(store: Store, keeper: HouseKeeper) -> None:
    _save(keeper, store, _own(), by="zhao")
    with pytest.raises(EditedMeanwhile) as refused:
        _save(keeper, store, _own(name=Text("别的", "Else")), seen=0)
    assert refused.value.edit.by == "zhao"
    assert keeper.house.replies["own"].name.zh == "催料"


def test_of_two_who_save_at_the_same_moment_one_is_told(
    store: Store, keeper: HouseKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, first_writes, saved = EditRepository.add, threading.Event(), []

    def slow(edits: EditRepository, edit: Edit) -> None:
        first_writes.set()
        time.sleep(2)  # long enough for the other to look, were it let
        add(edits, edit)

    def save(by: str) -> None:
        with suppress(EditedMeanwhile):
            _save(keeper, store, _own(name=Text(f"催{by}", by)), by=by, seen=0)
            saved.append(by)

    monkeypatch.setattr(EditRepository, "add", slow)
    monkeypatch.setattr(keeper, "tried", lambda _: keeper.house)  # takes longer than the first needs to write
    two = [threading.Thread(target=save, args=(by,)) for by in ("zhao", "sun")]
    two[0].start()
    assert first_writes.wait(30)
    two[1].start()
    for thread in two:
        thread.join(60)
    assert len(saved) == 1
    with store.reading() as work:
        assert [edit.by for edit in work.edits.history(REPLIES, key="own")] == saved


def test_saving_the_same_again_leaves_no_trace(store: Store, keeper: HouseKeeper) -> None:
    _save(keeper, store, _own())
    _save(keeper, store, _own())
    with store.reading() as work:
        assert len(work.edits.history(REPLIES)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": Text("", "Chase it")}, "both_languages"),
        ({"text": Text("好", "")}, "both_languages"),
        ({"name": Text("催" * 41, "x")}, "long"),
        ({"name": Text("接手问候", "Chase it")}, "name_taken"),
        ({"text": Text("单号{nmber}", "Case")}, "unknown_variable"),
        ({"text": Text("空的{}", "Case")}, "unknown_variable"),
        ({"text": Text("我们尽快办。", "Soon.")}, "never_say"),
        ({"text": Text("好的。", "好的。")}, "not_in_en"),
        ({"department": "no.such"}, "no_department"),
    ],
)
def test_what_cannot_be_said_is_refused_with_a_reason(
    store: Store, keeper: HouseKeeper, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Unfit) as refused:
        _save(keeper, store, _own(**changes))
    assert refused.value.reason.code == code
    assert "own" not in keeper.house.replies


def test_a_published_answer_is_the_houses_answer(store: Store, keeper: HouseKeeper) -> None:
    data = standing(keeper, store, KNOWLEDGE)["common/free"]
    data["en"]["answer"] = "It costs nothing; the office is open {hours}."
    data["zh"]["answer"] = "不收钱，{hours}有人。"
    assert checking.problem("common/free", data, house=keeper.house, today=TODAY) is None
    publish(keeper, store, KNOWLEDGE, "common/free", data, by="sun", now=NOW, seen=0)
    entry = keeper.house.knowledge.entry("common/free", language="en", on=TODAY)
    assert entry is not None
    assert entry.answer == f"It costs nothing; the office is open {keeper.house.office.hours}."
    publish(
        keeper,
        store,
        KNOWLEDGE,
        "common/free",
        RETIRED,
        by="sun",
        now=NOW,
        seen=_last(store, KNOWLEDGE, "common/free"),
    )
    assert "common/free" not in keeper.house.knowledge.keys(language="en", on=TODAY)


def _changed(data: dict[str, Any], language: str, **said: Any) -> dict[str, Any]:
    return {**data, language: {**data[language], **said}}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: _changed(d, "zh", title=""), "needed"),
        (lambda d: _changed(d, "en", questions=["is it free", "what does it cost"]), "few_questions"),
        (lambda d: _changed(d, "en", answer="One. Two. Three. Four."), "answer_long"),
        (lambda d: _changed(d, "zh", answer="一" * 161), "answer_long"),
        (lambda d: _changed(d, "en", answer="Within {due:PWR-BIL-04}."), "other_category"),
        (lambda d: _changed(d, "en", answer="Open {hours}."), "braces_differ"),
        (lambda d: _changed(d, "en", answer="We will see to it as soon as possible."), "never_say"),
        (lambda d: _changed(d, "zh", answer="It is free."), "not_in_zh"),
        (lambda d: {**d, "pack": "telecom"}, "no_pack"),
        (lambda d: {**d, "address": "example.org"}, "address"),
        (lambda d: {**d, "valid_from": "2027-02-01", "valid_until": "2027-01-01"}, "days_turned"),
        (lambda d: {**d, "as_of": "2099-01-01"}, "compared_later"),
    ],
)
def test_an_answer_that_breaks_a_rule_is_refused_with_a_reason(house: House, change: Any, code: str) -> None:
    reason = checking.problem("common/free", change(FILES["common/free"]), house=house, today=TODAY)
    assert reason is not None
    assert reason.code == code


def test_a_question_leads_to_one_answer(house: House) -> None:
    stolen, data = FILES["common/free"]["en"]["questions"][0], FILES["common/hours"]
    data = _changed(data, "en", questions=[*data["en"]["questions"], f"{stolen.upper()}?"])
    reason = checking.problem("common/hours", data, house=house, today=TODAY)
    assert reason is not None
    assert reason.code == "question_taken"


def test_every_entry_of_the_files_would_be_published_as_it_is(house: House) -> None:
    for key, data in FILES.items():
        if not data["countries"]:
            assert checking.problem(key, data, house=house, today=TODAY) is None, key
