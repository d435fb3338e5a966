"""A month to look at: believable, only in an empty house, and told to nobody."""

from __future__ import annotations

import re

import pytest

from app.demo import NotEmpty, fill
from app.wiring import ROOT
from casework.access import passwords
from casework.access.rights import scope_of
from casework.conversations.model import Owner
from casework.house import House
from casework.staff.organising import known_member
from casework.storage.cases import Wanted
from casework.storage.work import Store
from casework.tickets.states import State
from tests.conftest import NOW


def test_a_month_holds_people_states_languages_and_somebody_who_waits(store: Store, house: House) -> None:
    filled = fill(store, house, ROOT / "packs", tickets=30, now=NOW, password="plum-blossom-47")
    with store.reading() as work:
        told = work.tickets.newest(limit=100)
        assert len(told) == filled.tickets == 30
        assert {ticket.language for ticket in told} == {"zh", "en"}
        assert len({ticket.state for ticket in told}) >= 5
        assert work.conversations.count_owned(Owner.QUEUE) == 3
        assert all(ticket.submitted_at is not None and ticket.submitted_at <= NOW for ticket in told)
        assert work.spreading.count_waiting() == 0  # nobody is sent anything of it
        said = [m.text for ticket in told for m in work.board.thread(ticket.conversation_id, limit=100)]
        read_back = [text for text in said if text.endswith(("对吗？", "Is that right?"))]
        assert len(read_back) >= 30
        assert all(re.search(r"[。！？.!?] ?(对吗？|Is that right\?)$", text) for text in read_back)
        closed = next(ticket for ticket in told if ticket.state is State.CLOSED)
        actions = [event.action for event in work.tickets.history(closed.id)]
        assert actions[:2] == ["submit", "acknowledge"]
        assert "resolve" in actions
        clocks = [clock for ticket in told for clock in work.clocks.of(ticket.id)]
        missed = [clock for clock in clocks if clock.breached_at]
        assert 0 < len(missed) < len(clocks) / 8  # most promises were kept, some were not
        overdue = [clock for clock in missed if not clock.over]
        assert len(overdue) <= len(told) / 10
        supervisor = known_member(work, "sun.supervisor")
        assert work.board.cases(Wanted(), scope=scope_of(supervisor, ()))
        assert [edit.by for edit in work.edits.history("replies", key="second-call")] == [
            "sun.supervisor", "zhao.lead",
        ]  # fmt: skip
        for login in filled.logins:
            kept = work.access.credentials(login)
            assert kept is not None
            assert passwords.fits("plum-blossom-47", kept.password_hash)
            break


def test_a_house_that_holds_anything_is_left_alone(store: Store, house: House) -> None:
    fill(store, house, ROOT / "packs", tickets=5, now=NOW, password="plum-blossom-47")
    with pytest.raises(NotEmpty):
        fill(store, house, ROOT / "packs", tickets=5, now=NOW, password="plum-blossom-47")
    with store.reading() as work:
        assert len(work.tickets.newest(limit=100)) == 5
