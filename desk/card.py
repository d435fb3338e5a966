"""The right pane: one case with its state, clocks, details, history, tasks, and what may be done now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casework.access.masking import masked_text, masked_value
from casework.access.rights import actors_of
from casework.staff.model import HOUSE, Department, Member
from casework.staff.routing import Choice
from casework.storage.work import Work
from casework.tickets import handling
from casework.tickets.assigning import suggest
from casework.tickets.model import Actor, Clock, Task, Ticket, TicketEvent
from casework.tickets.states import State
from casework.tickets.steps import Rules, legal_actions
from desk.visits import Visit

#: Acts that bring a case on.
_NEXT = (
    "accept",
    "sign",
    "reply",
    "resolve",
    "contact",
    "ask",
    "extend_approve",
    "close_explained",
    "restore",
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
class Card:
    ticket: Ticket
    category: str
    details: Sequence[Detail]
    description: str
    description_hidden: bool
    clocks: Sequence[Clock]
    history: Sequence[TicketEvent]
    tasks: Sequence[Task]
    actions: Mapping[str, Actor]  # what may be done now, and in which role
    others: Sequence[Ticket]
    merged: Sequence[Ticket]
    department: str  # its name
    suggested: Choice | None  # who would get it, while nobody has it
    departments: Sequence[Department]
    colleagues: Sequence[Member]  # who may handle it

    @property
    def next_steps(self) -> Sequence[str]:
        """Acts that bring the case on; the others stand behind them."""
        return [action for action in self.actions if action in _NEXT]

    @property
    def more_acts(self) -> Sequence[str]:
        return [action for action in self.actions if action not in _NEXT]

    @property
    def needs(self) -> Mapping[str, Sequence[str]]:
        """What each action must be given."""
        return {action: handling.NEEDS.get(action, ()) for action in self.actions}


def card_of(work: Work, visit: Visit, ticket: Ticket, *, others: Sequence[Ticket] = ()) -> Card:
    """Everything of one case that its card shows, personal data masked."""
    language, house = visit.member.language, visit.desk.house
    filed = ticket.state is not State.DRAFT
    told = ticket.description or " ".join(ticket.intake.description if ticket.intake else ())
    masked = masked_text(told)
    actions = (
        {
            action: by
            for by in actors_of(visit.member, visit.scope, ticket.department)
            for action in legal_actions(work, ticket, by=by, now=visit.now)
        }
        if filed and visit.may("work")
        else {}
    )
    clocks = [clock for clock in work.clocks.of(ticket.id) if clock.cycle == ticket.cycle] if filed else []
    return Card(
        ticket=ticket,
        category=house.packs.label(ticket.category, language) if ticket.category else "",
        details=_details(visit, ticket),
        description=masked,
        description_hidden=masked != told,
        clocks=sorted(clocks, key=lambda clock: (clock.over, clock.due_at)),
        history=work.tickets.history(ticket.id),
        tasks=work.clocks.tasks(ticket.id) if filed else [],
        actions=actions,
        others=others or _in_sight(visit, work.tickets.of_complainant(ticket.complainant_id), but=ticket),
        merged=_in_sight(visit, work.tickets.merged_into(ticket.id), but=ticket) if filed else [],
        department=_department(work, visit, ticket),
        suggested=_suggested(work, visit, ticket, actions.get("accept")),
        departments=work.staff.departments() if actions else [],
        colleagues=work.staff.members(departments_in=(HOUSE, ticket.department)) if actions else [],
    )


def _in_sight(visit: Visit, tickets: Sequence[Ticket], *, but: Ticket) -> list[Ticket]:
    return [ticket for ticket in tickets if ticket.id != but.id and visit.scope.holds(ticket)]


def _suggested(work: Work, visit: Visit, ticket: Ticket, by: Actor | None) -> Choice | None:
    if by is None:
        return None
    house = visit.desk.house
    return suggest(handling.Desk(work, Rules(house.packs, house.calendar), by, visit.now), ticket)


def _department(work: Work, visit: Visit, ticket: Ticket) -> str:
    found = work.staff.department(ticket.department) if ticket.department else None
    return found.name.in_(visit.member.language) if found else ticket.department


def _details(visit: Visit, ticket: Ticket) -> list[Detail]:
    fields = visit.desk.house.packs.fields()
    held = ticket.details or (ticket.intake.details if ticket.intake else {})
    found = []
    for key, value in held.items():
        field = fields.get(key)
        label = field.label.in_(visit.member.language) if field else visit.words.get(f"field_{key}", key)
        plain = value.display or value.text
        sensitive = key == "contact" or (field is not None and field.sensitive)
        shown = masked_value(plain) if sensitive else masked_text(plain)
        hidden = shown != plain
        source = "" if sensitive and hidden else masked_text(value.source)
        found.append(Detail(key, label, shown, hidden, source))
    return found
