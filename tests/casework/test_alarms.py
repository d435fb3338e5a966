"""Danger marks the complaint that is being told for staff, and the mark outlives the complaint."""

from __future__ import annotations

from casework.storage.work import Store
from casework.tickets.alarms import alarm_seen, drop_draft, open_alarms, raise_alarm
from casework.tickets.model import Intake, Ticket
from tests.conftest import NOW


def _draft(store: Store) -> Ticket:
    with store.writing() as work:
        chat = work.conversations.open("web", "ann", now=NOW, profile={})
        return work.tickets.add_draft(
            conversation_id=chat.id,
            complainant_id=chat.complainant_id,
            language="zh",
            intake=Intake(description=("门口的电线断了，掉在地上",)),
            now=NOW,
        )


def test_staff_see_somebody_in_danger_before_anything_is_filed(store: Store) -> None:
    draft = _draft(store)
    with store.writing() as work:
        assert open_alarms(work) == []
        raise_alarm(work, draft, code="live_wire", now=NOW)
    with store.reading() as work:
        (alarmed,) = open_alarms(work)
        assert (alarmed.id, alarmed.priority) == (draft.id, "P0")
        assert work.tickets.history(draft.id)[-1].data == {"trigger": "live_wire"}


def test_a_dropped_complaint_loses_its_words_and_keeps_its_alarm(store: Store) -> None:
    draft = _draft(store)
    with store.writing() as work:
        drop_draft(work, raise_alarm(work, draft, code="live_wire", now=NOW), now=NOW)
    with store.reading() as work:
        assert work.tickets.draft(draft.conversation_id) is None
        assert work.tickets.of_complainant(draft.complainant_id) == []
        (alarmed,) = open_alarms(work)
        assert alarmed.intake is None
        assert not alarmed.description


def test_an_ordinary_complaint_that_is_dropped_is_gone(store: Store) -> None:
    draft = _draft(store)
    with store.writing() as work:
        drop_draft(work, draft, now=NOW)
        assert work.tickets.draft(draft.conversation_id) is None
        assert open_alarms(work) == []


def test_an_alarm_that_somebody_looked_at_is_no_longer_open(store: Store) -> None:
    draft = _draft(store)
    with store.writing() as work:
        alarm_seen(work, raise_alarm(work, draft, code="fire", now=NOW), name="Li", now=NOW)
        assert open_alarms(work) == []
