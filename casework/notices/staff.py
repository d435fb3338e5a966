"""What staff are told by mail: which events, whom, and in which words. Nothing of a complainant is in a mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from casework.conversations.model import Owner
from casework.house import House
from casework.staff.directory import Directory
from casework.staff.model import Member
from casework.staff.telling import resolved
from casework.storage.mails import Mail
from casework.storage.work import Work
from casework.text import Text
from casework.tickets.filing import format_moment
from casework.tickets.model import Task, Ticket, TicketEvent
from casework.tickets.states import Role

_TRIAGE, _OWNER, _LEAD, _SUPERVISOR = "triage_lead", "owner", "lead", "supervisor"
#: Whom an action is told, and as what.
_OF_ACTION: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "acknowledge": ("new", (_TRIAGE,)),
    "accept": ("given", (_OWNER,)),
    "force_assign": ("given", (_OWNER,)),
    "reassign": ("given", (_OWNER,)),
    "return": ("returned", (_TRIAGE,)),
    "reply": ("answered", (_OWNER,)),
    "urge": ("urged", (_OWNER,)),
    "dispute": ("contested", (_TRIAGE,)),
    "appeal": ("contested", (_TRIAGE,)),
    "cluster": ("cluster", (_LEAD, _SUPERVISOR)),
    "cluster_lead": ("cluster", (_LEAD, _OWNER)),
    "alarm": ("danger", (_TRIAGE, _SUPERVISOR)),
}
#: Actions that may leave a piece of work for somebody else, who is told of it.
_MAKES_TASKS = frozenset(
    {"accept", "force_assign", "rate", "survey", "co_handle", "supervise", "extend_request", "clock_alarm"}
)
#: What nobody may wait for.
_URGENT = frozenset({"danger", "waiting_chat"})
_URGENT_LEVELS = frozenset({"P0", "P1"})
#: How long a chat waits before somebody is fetched by mail. Source: product default.
_FETCH_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class MailWords:
    """Words by key, in both languages. ``lines``: by kind."""

    words: Mapping[str, Text]
    lines: Mapping[str, Text]
    clocks: Mapping[str, Text]

    @classmethod
    def load(cls, path: Path) -> MailWords:
        """Raises: OSError, yaml.YAMLError, KeyError, TypeError."""
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        groups = (
            {key: Text(**value) for key, value in data[name].items()} for name in ("words", "lines", "clocks")
        )
        return cls(*groups)


# -- planning -------------------------------------------------------------------------------------------------------


def plan_mails(work: Work, ticket: Ticket, event: TicketEvent, now: datetime, *, house: House) -> None:
    """Write down whom of staff to tell of ``event``. A follower of ``casework.tickets.spreading``."""
    told = [
        (f"{event.id}:{kind}:{login}", kind, login, facts)
        for kind, login, facts in _told(work, ticket, event, now, house=house)
    ]
    if event.action in _MAKES_TASKS:
        told += _told_of_tasks(work, ticket, event, now, house=house)
    for key, kind, login, facts in told:
        work.mails.plan(
            key=key,
            login=login,
            kind=kind,
            ticket_id=ticket.id,
            facts=facts,
            urgent=kind in _URGENT or (kind == "new" and ticket.priority in _URGENT_LEVELS),
            due_at=now,
            created_at=now,
        )


def _told(
    work: Work, ticket: Ticket, event: TicketEvent, now: datetime, *, house: House
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    if event.action == "clock_alarm":
        facts = {name: event.data[name] for name in ("clock", "level") if name in event.data}
        for login in dict.fromkeys(str(told[1]) for told in event.data.get("told", ()) if told[1]):
            yield "alarm", login, facts
        return
    kind, roles = _OF_ACTION.get(event.action, ("", ()))
    if event.action == "urge" and event.data.get("supervisor"):
        roles = (*roles, _SUPERVISOR)
    names = {_OWNER: ticket.handler, _LEAD: ticket.department}
    roles = tuple(_LEAD if role == _OWNER and not ticket.handler else role for role in roles)
    directory = Directory(work, now=now, calendar=house.calendar)
    for _, login in resolved(directory, ticket, [(role, names.get(role, "")) for role in roles]):
        if login and login != event.actor_name:
            yield kind, login, {}


def _told_of_tasks(
    work: Work, ticket: Ticket, event: TicketEvent, now: datetime, *, house: House
) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Of work that came up with ``event``: who is to do it, once for each piece."""
    directory = Directory(work, now=now, calendar=house.calendar)
    for task in work.clocks.tasks(ticket.id, state="open"):
        if task.created_at == event.at:
            for login in _doers(directory, ticket, task):
                if login != event.actor_name:
                    yield f"task{task.id}:{login}", f"task_{task.kind}", login, {}


def _doers(directory: Directory, ticket: Ticket, task: Task) -> Iterator[str]:
    """Whoever was named for it, else the lead of its department."""
    if task.assignee:
        wanted = [(_OWNER, task.assignee)]
        about = ticket
    else:
        wanted = [(_LEAD, task.department)]
        about = replace(ticket, department=task.department)
    return (login for _, login in resolved(directory, about, wanted) if login)


def plan_for_chats(work: Work, now: datetime, *, house: House) -> int:
    """Fetch somebody for chats that have waited for a person. Gives how many wait so long."""
    waiting = [
        chat
        for chat in work.conversations.owned_by(Owner.QUEUE)
        if chat.owner_since is not None and now - chat.owner_since >= _FETCH_AFTER
    ]
    if not waiting:
        return 0
    directory = Directory(work, now=now, calendar=house.calendar)
    there = [
        m for role in (Role.AGENT, Role.LEAD) for m in directory.holders(role) if directory.is_present(m, "")
    ]
    logins = dict.fromkeys(member.login for member in there or directory.holders(Role.SUPERVISOR))
    for chat in waiting:
        for login in logins:
            work.mails.plan(
                key=f"chat{chat.id}:{chat.epoch}:{login}",
                login=login,
                kind="waiting_chat",
                ticket_id=None,
                facts={"chat": chat.id, "since": (chat.owner_since or now).isoformat()},
                urgent=True,
                due_at=now,
                created_at=now,
            )
    return len(waiting)


# -- wording --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Letter:
    """``subject`` and ``text`` of one mail."""

    subject: str
    text: str


def letter(
    work: Work, mails: Sequence[Mail], member: Member, *, house: House, words: MailWords, url: str
) -> Letter:
    """One mail about everything in ``mails``, in the language of its reader. ``url``: of the gateway."""
    language = member.language
    lines = list(
        dict.fromkeys(_line(work, mail, language, house=house, words=words, url=url) for mail in mails)
    )
    first = lines[0].splitlines()[0]
    several = words.words["several"].in_(language).format(count=len(lines), first=first)
    subject = f"[{house.organisation}] {first if len(lines) == 1 else several}"
    foot = words.words["foot"].in_(language)
    return Letter(subject[:180], "\n\n".join([*lines, foot]) + "\n")


def _line(work: Work, mail: Mail, language: str, *, house: House, words: MailWords, url: str) -> str:
    line = words.lines[mail.kind].in_(language)
    if mail.ticket_id is None:
        since = datetime.fromisoformat(str(mail.facts["since"]))
        shown = format_moment(since, zone=house.zone, language=language)
        return f"{line.format(chat=mail.facts['chat'], since=shown)}\n{url}/desk/talks/{mail.facts['chat']}"
    ticket = work.tickets.find(mail.ticket_id)
    if ticket is None:
        return f"{line.format(number=words.words['untold'].in_(language))}\n{url}/desk/"
    number = ticket.number or words.words["untold"].in_(language)
    clock = str(mail.facts.get("clock", ""))
    named = words.clocks[clock].in_(language) if clock in words.clocks else clock
    head = line.format(number=number, clock=named, level=mail.facts.get("level", ""))
    return "\n".join([head, *_about(work, ticket, language, house=house, words=words), _link(ticket, url)])


def _about(work: Work, ticket: Ticket, language: str, *, house: House, words: MailWords) -> Iterator[str]:
    """Category, level and due time; nothing of what was told."""
    if ticket.category in house.packs:
        yield f"{house.packs.label(ticket.category, language)} · {ticket.priority}"
    due = next(
        (c for c in work.clocks.of(ticket.id, cycle=ticket.cycle) if c.kind == "resolution" and not c.over),
        None,
    )
    if due is not None:
        yield (
            words.words["due"]
            .in_(language)
            .format(due=format_moment(due.due_at, zone=house.zone, language=language))
        )


def _link(ticket: Ticket, url: str) -> str:
    return (
        f"{url}/desk/cases/{ticket.number}" if ticket.number else f"{url}/desk/talks/{ticket.conversation_id}"
    )
