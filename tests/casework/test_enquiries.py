"""A question kept as a ticket: numbered, dated, and on its way to staff."""

from __future__ import annotations

from casework.house import House
from casework.staff import organising
from casework.storage.work import Store
from casework.tickets.enquiries import NATURE, record_question
from casework.tickets.states import State
from tests.conftest import NOW


def test_a_recorded_question_has_a_number_a_department_and_a_date(store: Store, house: House) -> None:
    with store.writing() as work:
        organising.seed_departments(work, house.packs)
        conversation = work.conversations.open("web", "ann", now=NOW, profile={})
        ticket = record_question(
            work,
            conversation_id=conversation.id,
            complainant_id=conversation.complainant_id,
            question="补办身份证要多少钱",
            language="zh",
            calendar=house.calendar,
            now=NOW,
        )
    with store.reading() as work:
        kept = work.tickets.by_number(ticket.number)
        assert kept is not None
        assert (kept.state, kept.nature, kept.description) == (State.TRIAGE, NATURE, "补办身份证要多少钱")
        assert kept.department == "enquiries"  # so that its people have it on their lists
        assert kept.promise is not None
        assert kept.promise.department == "咨询受理岗"
        # five working days from a Friday noon
        assert kept.promise.resolution_at.date().isoformat() == "2026-11-27"
        assert [clock.kind for clock in work.clocks.of(kept.id)] == ["resolution"]
        assert [event.action for event in work.tickets.history(kept.id)] == ["submit", "acknowledge"]
        assert work.tickets.draft(conversation.id) is None
