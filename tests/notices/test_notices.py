"""What people are told of their cases: once, in their language, at the right time, and not when it is overtaken."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from casework.conversations import outbox
from casework.conversations.handover import request_person
from casework.conversations.model import DeliveryError, Owner, Reply, Sent
from casework.notices.values import values_of
from casework.people import erase
from casework.storage.work import Work
from casework.tickets import acts
from casework.tickets.model import Intake, Ticket
from casework.tickets.steps import Rules
from tests.notices.conftest import DAY, HOUR, LEAD, Town

RESULT: dict[str, Any] = {"finding": "窗口当时确实无人", "remedy": "已加派人手", "basis": "大厅值守规定第4条"}


def test_the_nine_events_are_told_each_once(town: Town) -> None:
    ticket = town.file(silent=False)
    town.tell()
    town.does(ticket, "accept")
    town.tell()
    town.does(ticket, "sign")
    town.does(ticket, "ask", question="您当时排的是几号？", why="调取叫号记录")
    town.tell()
    with town.store.writing() as work:
        acts.supplement(
            work, work.tickets.get(ticket.id), text="A102", message_ids=(), now=town.now,
            calendar=town.house.calendar,
        )  # fmt: skip
    due = due_of(town, ticket.id)
    town.does(ticket, "extend_request", until=(due + 2 * DAY).isoformat(), reason="等第三方出具记录")
    town.does(ticket, "extend_approve", by=LEAD)
    town.tell()
    town.does(ticket, "resolve", **RESULT)
    town.tell()
    town.passes(25 * HOUR)
    with town.store.writing() as work:
        rules = Rules(town.house.packs, town.house.calendar)
        acts.dispute(work, work.tickets.get(ticket.id), text="没人来", now=town.now, rules=rules)
    town.tell()
    town.tell()
    assert town.kinds() == [
        "accepted", "assigned", "need_info", "delayed", "resolved", "survey", "reopened",
    ]  # fmt: skip
    texts = [message.text for message in town.told()]
    assert all(ticket.number in text for text in texts)
    assert all("{" not in text for text in texts)
    assert "您当时排的是几号？" in texts[2]
    assert "11月27日(周五)18:00" in texts[3]
    assert "11月29日(周日)18:00" in texts[3]
    assert "依据：大厅值守规定第4条。" in texts[4]


def due_of(town: Town, ticket_id: int) -> datetime:
    with town.store.reading() as work:
        return next(c.due_at for c in work.clocks.of(ticket_id) if c.kind == "resolution")


def test_what_the_chat_has_just_said_is_not_said_again(town: Town) -> None:
    ticket = town.file()
    with town.store.writing() as work:
        now = town.now
        acts.withdraw(work, ticket, text="", now=now)
        chat = work.conversations.get(ticket.conversation_id)
        outbox.post_bot_reply(work, chat, [Reply("已撤回")], reply_to_id=None, now=now)
    town.tell()
    assert town.kinds() == []


def test_what_somebody_did_elsewhere_is_told_in_the_chat(town: Town) -> None:
    ticket = town.file()
    with town.store.writing() as work:
        acts.withdraw(work, ticket, text="", now=town.now)
    town.tell()
    (notice,) = town.told()
    assert town.kinds() == ["withdrawn"]
    assert [button.payload for button in notice.buttons] == [f"restore:{ticket.number}"]
    assert "11月27日(周五)12:00前回复“恢复”" in notice.text


@pytest.mark.parametrize(
    ("language", "script", "words"),
    [("zh", "", "已经交给"), ("zh", "hant", "已經交給"), ("en", "", "is now with")],
)
def test_a_notice_comes_in_the_language_and_script_of_the_person(
    town: Town, language: str, script: str, words: str
) -> None:
    town.does(town.file(language=language, script=script), "accept")
    town.tell()
    (notice,) = town.told()
    assert words in notice.text
    assert notice.author.value == "system"


def test_at_night_nobody_is_disturbed_but_in_urgent_cases(town: Town) -> None:
    town.now = town.now.replace(hour=14)  # ten at night
    ordinary, urgent = town.file(), town.file("bob", priority="P1")
    for ticket in (ordinary, urgent):
        town.does(ticket, "accept")
    town.tell()
    assert (town.kinds(), town.kinds("bob")) == ([], ["assigned"])
    assert town.kept(ordinary)["assigned"] == ("waiting", "quiet hours")
    town.passes(9 * HOUR + 59 * HOUR / 60)
    assert town.kinds() == []
    town.passes(HOUR / 60)
    assert town.kinds() == ["assigned"]


def test_a_delay_is_told_before_the_promised_day_even_at_night(town: Town) -> None:
    ticket = town.signed(town.file())
    due = due_of(town, ticket.id)
    town.now = due.replace(hour=14) - DAY
    with town.store.writing() as work:
        work.clocks.save(replace(work.clocks.of(ticket.id)[2], due_at=town.now + 8 * HOUR))
    town.does(ticket, "extend_request", until=(due + DAY).isoformat(), reason="等检测报告")
    town.does(ticket, "extend_approve", by=LEAD)
    town.tell()
    assert town.kinds() == ["delayed"]


def test_a_word_at_half_time_and_one_a_day_before_the_end(town: Town) -> None:
    ticket = town.signed(town.file())
    with town.store.writing() as work:
        work.clocks.save(replace(work.clocks.of(ticket.id)[0], next_alarm_at=None))
    town.tell()
    assert town.kinds() == ["assigned"]
    due = due_of(town, ticket.id)
    while town.now < due - 25 * HOUR:
        town.passes(min(6 * HOUR, due - 25 * HOUR - town.now))
    assert town.kinds() == ["assigned", "halfway"]
    town.passes(due - DAY - town.now)
    assert town.kinds() == ["assigned", "halfway", "soon"]
    assert "11月27日(周五)18:00前给您答复" in town.told()[-1].text
    town.passes(due - town.now)
    assert town.kinds()[-1] == "overdue"
    assert town.kinds().count("overdue") == 1


def test_a_postponed_end_postpones_the_word_before_it(town: Town) -> None:
    ticket = town.signed(town.file())
    due = due_of(town, ticket.id)
    town.passes(3 * DAY)
    town.does(ticket, "extend_request", until=(due + 5 * DAY).isoformat(), reason="等第三方")
    town.does(ticket, "extend_approve", by=LEAD)
    town.passes(due - DAY - town.now + HOUR)
    assert "soon" not in town.kinds()
    town.passes(5 * DAY)
    assert town.kinds().count("soon") == 1


def test_two_reminders_while_a_question_is_open_and_none_after_the_answer(town: Town) -> None:
    ticket = town.signed(town.file())
    town.does(ticket, "ask", question="几号窗口？")
    other = town.signed(town.file("bob"))
    town.does(other, "ask", question="几号窗口？")
    town.tell()
    town.passes(DAY)
    with town.store.writing() as work:
        acts.supplement(
            work, work.tickets.get(other.id), text="3号", message_ids=(), now=town.now,
            calendar=town.house.calendar,
        )  # fmt: skip
    for _ in range(40):
        town.passes(6 * HOUR)
    assert town.kinds() == ["assigned", "need_info", "reminder", "last_reminder", "unanswered", "closed"]
    assert "reminder" not in town.kinds("bob")
    assert town.kept(other)["reminder"] == ("dropped", "overtaken")


def test_news_about_a_case_reach_those_whose_cases_were_merged_into_it(town: Town) -> None:
    lead, merged, same = town.file(), town.file("bob", language="en"), town.file()
    town.signed(lead)
    town.tell()
    for ticket in (merged, same):
        town.does(ticket, "merge", into=lead.number, reason="同一窗口")
    town.tell()
    town.does(lead, "resolve", **RESULT)
    town.tell()
    assert town.kinds("bob") == ["merged", "resolved"]
    assert merged.number in town.told("bob")[-1].text
    assert "disagree" not in town.told("bob")[-1].text
    assert town.told("bob")[-1].buttons == ()
    assert town.kinds().count("resolved") == 1, "one chat hears it once"
    town.passes(25 * HOUR)
    assert "survey" not in town.kinds("bob")


def test_a_refusal_offers_the_one_appeal_and_no_second_one(town: Town) -> None:
    ticket = town.file()
    refused = {"reason": "不归本市管", "basis": "受理办法第5条", "outside_remedy": "国家能源局 12398"}
    town.does(ticket, "reject", by=LEAD, **refused)
    town.tell()
    (first,) = town.told()
    assert "12月5日(周六)12:00前回复“不认可”" in first.text
    assert "可以找：国家能源局 12398。" in first.text
    assert [button.payload for button in first.buttons] == [f"dispute:{ticket.number}"]
    with town.store.writing() as work:
        rules = Rules(town.house.packs, town.house.calendar)
        acts.dispute(work, work.tickets.get(ticket.id), text="归你们管", now=town.now, rules=rules)
    town.tell()
    town.does(ticket, "reject", by=replace(LEAD, name="Qian"), **refused)
    town.tell()
    last = town.told()[-1]
    assert town.kinds() == ["rejected", "reopened", "rejected"]
    assert "不认可" not in last.text
    assert last.buttons == ()


@pytest.mark.parametrize("values", [{"priority": "P0"}, {"description": "我父亲刚去世，来办销户被拒"}])
def test_nobody_in_danger_or_grief_is_asked_for_marks(town: Town, values: dict[str, Any]) -> None:
    ticket = town.signed(town.file(**values))
    town.does(ticket, "resolve", **RESULT)
    town.tell()
    assert "survey" not in town.kept(ticket)


def test_who_has_rated_is_not_asked_again(town: Town) -> None:
    ticket = town.signed(town.file())
    town.does(ticket, "resolve", **RESULT)
    town.tell()
    with town.store.writing() as work:
        acts.rate(
            work, work.tickets.get(ticket.id), level=5, text="", now=town.now, calendar=town.house.calendar
        )
    town.passes(2 * DAY)
    assert "survey" not in town.kinds()


def test_a_survey_waits_until_the_chat_is_quiet(town: Town) -> None:
    ticket = town.signed(town.file())
    town.does(ticket, "resolve", **RESULT)
    town.tell()
    town.now += 24 * HOUR
    town.writes("还有一件事")
    town.tell()
    assert town.kept(ticket)["survey"] == ("waiting", "chat goes on")
    town.passes(31 * HOUR / 60)
    assert town.kinds()[-1] == "survey"


def test_a_survey_waits_while_a_person_has_the_chat_and_other_news_do_not(town: Town) -> None:
    ticket = town.signed(town.file())
    town.tell()
    with town.store.writing() as work:
        chat = work.conversations.get(ticket.conversation_id, lock=True)
        request_person(work, chat, now=town.now)
    town.does(ticket, "resolve", **RESULT)
    town.tell()
    town.passes(25 * HOUR)
    assert town.kinds() == ["assigned", "resolved"]
    with town.store.reading() as work:
        chat = work.conversations.get(ticket.conversation_id)
    assert (chat.owner, chat.epoch) == (Owner.QUEUE, 1)


# -- people who cannot be reached -------------------------------------------------------------------------------


def test_what_could_not_be_delivered_comes_later_unless_it_was_overtaken(town: Town) -> None:
    ticket = town.file()
    town.does(ticket, "accept")
    town.tell()
    gone = DeliveryError("45015", unreachable=True)
    assert town.courier(lambda text: gone) == []
    town.does(ticket, "sign")
    town.does(ticket, "resolve", **RESULT)
    town.tell()
    assert town.kept(ticket)["assigned"] == ("dropped", "overtaken")
    town.now += HOUR
    town.writes("在吗")
    (arrived,) = town.courier()
    assert "有结果了" in arrived


def test_a_notice_held_by_a_quota_is_dropped_when_it_is_overtaken(town: Town) -> None:
    ticket = town.file()
    town.does(ticket, "accept")
    town.tell()
    assert town.courier(over_quota) == []
    town.does(ticket, "sign")
    town.does(ticket, "resolve", **RESULT)
    town.tell()
    assert town.courier(over_quota) == []
    assert town.kept(ticket)["assigned"] == ("dropped", "overtaken")
    town.now += HOUR
    town.writes("在吗")
    (arrived,) = town.courier()
    assert "有结果了" in arrived


def test_of_two_held_notices_of_one_kind_only_the_newer_goes_out(town: Town) -> None:
    ticket = town.signed(town.file())
    for question in ("您当时排的是几号？", "是哪一天去的？"):
        town.does(ticket, "ask", question=question, why="调取叫号记录")
        town.tell()
        assert town.courier(over_quota) == []
        if question.startswith("您"):
            with town.store.writing() as work:
                acts.supplement(
                    work, work.tickets.get(ticket.id), text="A102", message_ids=(), now=town.now,
                    calendar=town.house.calendar,
                )  # fmt: skip
    town.writes("在吗")
    arrived = [text for text in town.courier() if "？" in text]
    assert len(arrived) == 1
    assert "是哪一天去的？" in arrived[0]


def over_quota(text: str) -> Sent:
    """What a channel says of a message that its provider's quota does not let through."""
    return Sent(held_back=text, is_untouched=True)


def test_who_blocked_us_gets_nothing_until_they_come_back(town: Town) -> None:
    ticket = town.file()
    with town.store.writing() as work:
        work.conversations.change(ticket.conversation_id, reachable=False)
    town.does(ticket, "accept")
    town.tell()
    assert town.courier() == []
    town.writes("你好")
    assert len(town.courier()) == 1


def test_who_had_everything_deleted_is_told_nothing_more(town: Town) -> None:
    ticket = town.signed(town.file())
    with town.store.writing() as work:
        erase(work, work.conversations.get(ticket.conversation_id), stand_in="x", now=town.now)
    town.tell()
    assert town.told() == []
    assert {state for state, _ in town.kept(ticket).values()} <= {"dropped"}


# -- many at once -----------------------------------------------------------------------------------------------


def test_two_processes_post_each_notice_once_and_in_order(town: Town) -> None:
    tickets = [town.file(f"p{number}") for number in range(6)]
    for ticket in tickets:
        town.signed(ticket)
        town.does(ticket, "resolve", **RESULT)
    both = threading.Barrier(2)

    def run() -> None:
        both.wait()
        Town(town.store, town.notices, town.now).tell()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, ticket in enumerate(tickets):
        assert town.kinds(f"p{number}") == ["resolved"]
        assert town.kept(ticket)["assigned"] == ("dropped", "overtaken")


def test_a_notice_that_failed_half_way_is_posted_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = town.file()
    town.does(ticket, "accept")

    class Killed(BaseException):
        pass

    def dies(*_args: object, **_kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("casework.storage.notices.NoticeRepository.change", dies)
        with pytest.raises(Killed):
            town.tell()
    assert town.told() == []
    town.tell()
    assert town.kinds() == ["assigned"]


def test_a_notice_that_cannot_be_made_holds_up_nobody_and_is_tried_again(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = town.file(), town.file("bob")
    for ticket in (broken, sound):
        town.does(ticket, "accept")

    def fails_for_one(work: Work, ticket: Ticket, *rest: Any, **more: Any) -> dict[str, str]:
        if ticket.id == broken.id:
            raise ValueError
        return values_of(work, ticket, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr("casework.notices.posting.values_of", fails_for_one)
        town.tell()
    assert (town.kinds(), town.kinds("bob")) == ([], ["assigned"])
    assert town.kept(broken)["assigned"] == ("waiting", "failed")
    assert any(record.message.startswith("notice.failed") for record in caplog.records)
    town.passes(HOUR / 6)
    assert town.kinds() == ["assigned"]


def test_an_emergency_while_told_gives_no_notice(town: Town) -> None:
    with town.store.writing() as work:
        chat = work.conversations.open("web", "ann", now=town.now, profile={})
        draft = work.tickets.add_draft(
            conversation_id=chat.id, complainant_id=chat.complainant_id, language="zh",
            intake=Intake(description=("着火了",)), now=town.now,
        )  # fmt: skip
        work.tickets.add_event(draft, action="alarm", actor="bot", now=town.now)
    town.tell()
    assert town.told() == []
