"""What a person can ask about themselves: what is kept, and that it be forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casework.conversations.model import Conversation
from casework.storage.people import Held
from casework.storage.work import Work
from casework.tickets import acts
from casework.tickets.model import Ticket
from casework.tickets.states import Refused


@dataclass(frozen=True)
class OwnData:
    """``contacts``: every phone number and address left with a ticket, as it was written."""

    held: Held
    tickets: tuple[Ticket, ...]
    draft: Ticket | None
    contacts: tuple[str, ...]


def own_data(work: Work, conversation: Conversation) -> OwnData:
    """Everything that is kept of the person behind ``conversation``."""
    tickets = tuple(work.tickets.of_complainant(conversation.complainant_id))
    draft = work.tickets.draft(conversation.id)
    details = [t.details.get("contact") for t in tickets]
    if draft is not None and draft.intake is not None:
        details.append(draft.intake.details.get("contact"))
    return OwnData(
        held=work.people.held(conversation.complainant_id),
        tickets=tickets,
        draft=draft,
        contacts=tuple(dict.fromkeys(d.display or d.text for d in details if d is not None and d.text)),
    )


def erase(work: Work, conversation: Conversation, *, stand_in: str, now: datetime) -> int:
    """Forget the person: work on open cases stops, every personal column is blanked, drafts go.

    Number, category, department, steps and dates of filed tickets stay: the house must be able to show that and
    when a case was handled. ``stand_in``: a fresh random name. Gives how many tickets lost their words.
    """
    tickets = work.tickets.of_complainant(conversation.complainant_id, limit=1000)
    for ticket in tickets:
        try:
            acts.withdraw(work, ticket, text="", now=now)
        except Refused:
            continue  # it is over already
    work.people.erase(conversation.complainant_id, stand_in=stand_in, now=now)
    return len(tickets)
