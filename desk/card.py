"""The right pane: one case with its state, clocks, details, history, tasks, links, and what may be done now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from casework.access.masking import masked_text, masked_value
from casework.access.rights import actors_of
from casework.storage.work import Work
from casework.tickets.assigning import suggest
from casework.tickets.desk import resolution_of
from casework.tickets.handling import latest_extension
from casework.tickets.model import Actor, Clock, Task, Ticket, TicketEvent
from casework.tickets.states import State
from casework.tickets.steps import legal_actions
from casework.tickets.survey import Survey, survey_of
from desk import doing
from desk.colleagues import Colleague, colleagues
from desk.forms import OUTCOMES, Form, Offered, asks_for, form_of
from desk.links import Links, links_of
from desk.show import day_and_time
from desk.visits import Visit

#: Acts that bring a case on; the others stand behind them.
_NEXT = frozenset(
    {
        "accept",
        "sign",
        "reply",
        "resolve",
        "contact",
        "ask",
        "extend_approve",
        "extend_refuse",
        "call",
        "restore",
    }
)


@dataclass(frozen=True)
class Detail:
    """One detail as shown. ``hidden``: there is more to see, for a reason. ``source``: the sentence it came from; none
    where that would show what is hidden."""

    key: str
    label: str
    shown: str
    hidden: bool
    source: str


@dataclass(frozen=True)
class Tried:
    """A form that was refused: ``act-resolve``, ``task-7``, ``reveal-contact``; why, and what was typed in it."""

    form: str
    said: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Extension:
    """More time that is asked for. ``due_at``: of the result now, ``until``: if it is granted."""

    by: str
    at: datetime
    reason: str
    due_at: datetime
    until: datetime


@dataclass(frozen=True)
class Card:
    """``departments``: code to name; ``others``: cases of the same person; ``clocks``: of this round, ``past``: of
    earlier ones; ``acts``: what may be done now; ``form``: of the one that is open; ``tried``: the form that was just
    refused."""

    ticket: Ticket
    category: str
    departments: Mapping[str, str]
    details: Sequence[Detail]
    description: str
    description_hidden: bool
    others: Sequence[Ticket]
    history: Sequence[TicketEvent]
    clocks: Sequence[Clock] = ()
    past: Sequence[Clock] = ()
    tasks: Sequence[Task] = ()
    tags: Sequence[str] = ()
    acts: Sequence[str] = ()
    form: Form | None = None
    links: Links | None = None
    extension: Extension | None = None
    survey: Survey | None = None
    tried: Tried | None = None

    @property
    def department(self) -> str:
        return self.departments.get(self.ticket.department, self.ticket.department)

    @property
    def next_steps(self) -> Sequence[str]:
        return [action for action in self.acts if action in _NEXT]

    @property
    def more_acts(self) -> Sequence[str]:
        return [action for action in self.acts if action not in _NEXT]

    def typed(self, form: str, name: str) -> str:
        """What was typed in a field when the form was refused."""
        return self.tried.values.get(name, "") if self.tried is not None and self.tried.form == form else ""

    def refusal(self, form: str) -> str:
        """Why a form was refused just now; empty where it was not."""
        return self.tried.said if self.tried is not None and self.tried.form == form else ""

    @property
    def lost(self) -> Tried | None:
        """What was refused and is no longer possible: its form is gone, what was typed is not."""
        if self.tried is None:
            return None
        kind, _, name = self.tried.form.partition("-")
        there = {"act": self.acts, "task": {str(task.id) for task in self.tasks if task.state == "open"}}
        return self.tried if name not in there.get(kind, {name}) else None


def card_of(
    work: Work, visit: Visit, ticket: Ticket, *, opened: str = "", tried: Tried | None = None
) -> Card:
    """Everything of one case that its card shows, personal data masked. ``opened``: the step whose form stands open."""
    language, house = visit.member.language, visit.desk.house
    told = ticket.description or " ".join(ticket.intake.description if ticket.intake else ())
    masked = masked_text(told)
    card = Card(
        ticket=ticket,
        category=house.packs.label(ticket.category, language) if ticket.category else "",
        departments={d.code: d.name.in_(language) for d in work.staff.departments(active=None)},
        details=_details(visit, ticket),
        description=masked,
        description_hidden=masked != told,
        others=_others(work, visit, ticket),
        history=work.tickets.history(ticket.id),
        tried=tried,
    )
    return card if ticket.state is State.DRAFT else _filed(work, visit, card, opened)


def form_on(work: Work, visit: Visit, ticket: Ticket, action: str) -> Form | None:
    """The form of one step of this case; none where the step is not possible now."""
    actors = _actors(work, visit, ticket)
    if action not in _acts(ticket, actors):
        return None
    asked = _extension(work.clocks.tasks(ticket.id), work.clocks.of(ticket.id), ticket)
    return form_of(
        visit, ticket, action, _offered(work, visit, ticket, action, actors), _effects(visit, action, asked)
    )


def _others(work: Work, visit: Visit, ticket: Ticket) -> list[Ticket]:
    """Cases of the same person that this visitor sees."""
    told = work.tickets.of_complainant(ticket.complainant_id)
    return [other for other in told if other.id != ticket.id and visit.scope.holds(other)]


def _filed(work: Work, visit: Visit, card: Card, opened: str) -> Card:
    """With what only a filed case has."""
    ticket, tried = card.ticket, card.tried
    clocks = sorted(work.clocks.of(ticket.id), key=lambda clock: (clock.over, clock.due_at))
    tasks = work.clocks.tasks(ticket.id)
    if tried is not None and tried.form.startswith("act-"):
        opened = tried.form.removeprefix("act-")
    form = form_on(work, visit, ticket, opened) if opened else None
    return replace(
        card,
        clocks=[clock for clock in clocks if clock.cycle == ticket.cycle],
        past=[clock for clock in clocks if clock.cycle != ticket.cycle],
        tasks=tasks,
        tags=work.tags.of(ticket.id),
        links=links_of(work, visit, ticket, card.others),
        extension=_extension(tasks, clocks, ticket),
        survey=survey_of(work, ticket),
        acts=_acts(ticket, _actors(work, visit, ticket)),
        form=form.again(tried.said, tried.values) if form is not None and tried is not None else form,
    )


def _actors(work: Work, visit: Visit, ticket: Ticket) -> dict[str, Actor]:
    """What this visitor may do with the case now, and as whom."""
    if not visit.may("work"):
        return {}
    return {
        action: by
        for by in actors_of(visit.member, visit.scope, ticket.department)
        for action in legal_actions(work, ticket, by=by, now=visit.now)
    }


def _acts(ticket: Ticket, actors: Mapping[str, Actor]) -> list[str]:
    """The steps that have a form: what a call can come to is one."""
    if ticket.state is State.FOLLOWUP and not actors.keys().isdisjoint(OUTCOMES.values()):
        return ["call", *(action for action in actors if action not in OUTCOMES.values())]
    return list(actors)


def _offered(work: Work, visit: Visit, ticket: Ticket, action: str, actors: Mapping[str, Actor]) -> Offered:
    """What the form of this action can offer: nothing is read that it does not ask for."""
    offered = Offered(outcomes=[outcome for outcome, step in OUTCOMES.items() if step in actors])
    if asks_for(action, "department", "handler", "assignee"):
        names = {d.code: d.name.in_(visit.member.language) for d in work.staff.departments()}
        found = colleagues(work, visit, None)
        suggested = _suggested(work, visit, ticket, actors[action], found) if action == "accept" else ""
        offered = replace(offered, departments=names, colleagues=found, suggested=suggested)
    if asks_for(action, "into"):
        offered = replace(
            offered, targets=links_of(work, visit, ticket, _others(work, visit, ticket)).targets
        )
    if asks_for(action, "until"):
        at = doing.where(work, visit, actors[action])
        clock = resolution_of(at, ticket, lock=False)
        between = (clock.due_at, latest_extension(at.rules, ticket, clock)) if clock else None
        offered = replace(offered, extendable=between)
    return offered


def _suggested(work: Work, visit: Visit, ticket: Ticket, by: Actor, found: Sequence[Colleague]) -> str:
    """Who would get the case when nobody is named, and why."""
    words, choice = visit.words, suggest(doing.where(work, visit, by), ticket)
    if not choice.handler:
        return words.why_nobody
    name = next((c.name for c in found if c.login == choice.handler), choice.handler)
    return f"{words('suggested', name=name)} · {words(f'why_{choice.reason}')}"


def _extension(tasks: Sequence[Task], clocks: Sequence[Clock], ticket: Ticket) -> Extension | None:
    asked = next((task for task in tasks if task.kind == "extension" and task.state == "open"), None)
    clock = next((c for c in clocks if c.cycle == ticket.cycle and c.kind == "resolution"), None)
    if asked is None or clock is None:
        return None
    until = datetime.fromisoformat(str(asked.data["until"]))
    return Extension(asked.created_by, asked.created_at, str(asked.data["reason"]), clock.due_at, until)


def _effects(visit: Visit, action: str, extension: Extension | None) -> Sequence[str]:
    """What comes of granting more time."""
    if extension is None or action != "extend_approve":
        return ()
    was, new = (day_and_time(moment, visit) for moment in (extension.due_at, extension.until))
    return [visit.words("due_will_move", was=was, new=new)]


def _details(visit: Visit, ticket: Ticket) -> list[Detail]:
    fields = visit.desk.house.packs.fields()
    held = ticket.details or (ticket.intake.details if ticket.intake else {})
    found = []
    for key, value in held.items():
        described = fields.get(key)
        label = (
            described.label.in_(visit.member.language) if described else visit.words.get(f"field_{key}", key)
        )
        plain = value.display or value.text
        sensitive = key == "contact" or (described is not None and described.sensitive)
        shown = masked_value(plain) if sensitive else masked_text(plain)
        hidden = shown != plain
        source = "" if sensitive and hidden else masked_text(value.source)
        found.append(Detail(key, label, shown, hidden, source))
    return found
