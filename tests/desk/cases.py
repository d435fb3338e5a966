"""Bringing cases of the office into the state a test is about, through the core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from casework.tickets import acts, handling
from casework.tickets.model import Actor, Ticket
from casework.tickets.states import Role
from casework.tickets.steps import Rules
from tests.desk.conftest import Office

AGENT, LEAD = Actor(Role.AGENT, "agent"), Actor(Role.LEAD, "lead")
SUPERVISOR = Actor(Role.SUPERVISOR, "supervisor")
RESULT: dict[str, Any] = {"finding": "属实", "remedy": "退款", "basis": "承诺第4条"}


def does(office: Office, ticket: Ticket, action: str, by: Actor = AGENT, **given: Any) -> Ticket:
    """A member of staff takes a step."""
    with office.store.writing() as work:
        at = handling.Desk(work, Rules(office.house.packs, office.house.calendar), by, office.now)
        return handling.act(at, work.tickets.get(ticket.id), action, given)


def in_progress(office: Office, address: str = "ann", **details: str) -> Ticket:
    ticket = does(office, office.told(address, **details), "accept", LEAD, handler="agent")
    return does(office, ticket, "sign")


def waiting(office: Office, address: str = "ann") -> Ticket:
    return does(office, in_progress(office, address), "ask", question="哪一天？")


def in_follow_up(office: Office, address: str = "ann") -> Ticket:
    ticket = does(office, in_progress(office, address), "resolve", **RESULT)
    with office.store.writing() as work:
        return acts.rate(work, ticket, level=1, text="没用", now=office.now, calendar=office.house.calendar)


def withdrawn(office: Office, address: str = "ann") -> Ticket:
    ticket = office.told(address)
    with office.store.writing() as work:
        return acts.withdraw(work, ticket, text="", now=office.now)


def merged(office: Office) -> tuple[Ticket, Ticket]:
    """One that was merged, and the one it went into."""
    other, ticket = office.told("bob"), office.told("ann")
    return does(office, ticket, "merge", into=other.number, reason="同一件事"), other


def clustered(office: Office) -> list[Ticket]:
    """Three people tell of one place."""
    return [office.told(name, hall="翠湖路政务大厅") for name in ("ann", "bob", "eve")]


def history(office: Office, ticket: Ticket) -> list[str]:
    with office.store.reading() as work:
        return [event.action for event in work.tickets.history(ticket.id)]


_UNTIL = "2026-12-04T18:00"


def _assigned(office: Office) -> Ticket:
    return does(office, office.told(), "accept", LEAD, handler="agent")


def _extension_asked(office: Office) -> Ticket:
    return does(
        office, in_progress(office), "extend_request", AGENT, until=f"{_UNTIL}:00+08:00", reason="等鉴定"
    )


def _called_in_vain(office: Office) -> Ticket:
    ticket = in_follow_up(office)
    for channel in ("phone", "phone", "email"):
        ticket = does(office, ticket, "call_tried", LEAD, channel=channel)
    return ticket


#: Every action of staff: how the case comes to it, who does it, and what is filled in.
WALK: Mapping[str, tuple[Callable[[Office], Ticket], str, Mapping[str, str]]] = {
    "accept": (Office.told, "agent", {"handler": "agent"}),
    "force_assign": (
        Office.told, "supervisor", {"department": "power.billing", "handler": "stranger", "reason": "跨部门"},
    ),
    "reject": (Office.told, "lead", {"code": "in_court", "basis": "办法第9条", "outside_remedy": "等待判决"}),
    "ask": (Office.told, "agent", {"question": "哪一天去的？"}),
    "refer": (Office.told, "lead", {"to": "市场监管局", "reason": "属于其职责"}),
    "merge": (Office.told, "agent", {}),
    "sign": (_assigned, "agent", {}),
    "return": (_assigned, "agent", {"code": "unclear", "reason": "没有地点"}),
    "reassign": (_assigned, "lead", {"handler": "lead"}),
    "contact": (in_progress, "agent", {"channel": "phone", "note": "已电话说明"}),
    "resolve": (in_progress, "agent", {**RESULT, "remedy_date": _UNTIL}),
    "escalate": (in_progress, "agent", {"reason": "涉及多部门"}),
    "extend_request": (in_progress, "agent", {"until": _UNTIL, "code": "expert"}),
    "extend_approve": (_extension_asked, "lead", {}),
    "extend_refuse": (_extension_asked, "lead", {"reason": "先按期办"}),
    "co_handle": (in_progress, "agent", {"department": "power.billing", "wanted": "查电费", "due_at": _UNTIL}),
    "supervise": (in_progress, "supervisor", {"assignee": "agent", "due_at": _UNTIL, "reason": "三天内上报"}),
    "reclassify": (in_progress, "agent", {"category": "GOV-ATT-02", "reason": "是态度问题"}),
    "set_priority": (in_progress, "agent", {"level": "P1", "reason": "有老人"}),
    "supplement": (in_progress, "agent", {"text": "来电补充：还有一张收据"}),
    "urge": (in_progress, "agent", {"text": "来电催问"}),
    "reply": (waiting, "agent", {"text": "周三上午去的"}),
    "resolve_no_information": (waiting, "agent", {}),
    "call_tried": (in_follow_up, "lead", {"outcome": "not_reached", "channel": "phone", "note": "没人接"}),
    "close_explained": (in_follow_up, "lead", {"outcome": "explained", "channel": "phone", "note": "已说明"}),
    "close_unreached": (_called_in_vain, "lead", {"outcome": "given_up", "channel": "email", "note": "三次未果"}),
    "dispute": (in_follow_up, "lead", {"outcome": "contested", "channel": "phone", "note": "还是没修"}),
    "unmerge": (lambda office: merged(office)[0], "lead", {"reason": "不是一处"}),
    "restore": (withdrawn, "agent", {}),
}  # fmt: skip
