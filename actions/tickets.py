"""What a complainant does with a filed ticket: ask how far it is, urge, add, withdraw, contest, confirm, rate."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import Say, TurnAction
from actions.heard import Heard
from actions.intake.asking import titled
from actions.intake.display import cut
from actions.intake.form import Events
from actions.intake.story import is_told
from actions.turn import Turn
from casework.tickets import acts
from casework.tickets.filing import format_moment
from casework.tickets.model import Ticket
from casework.tickets.states import OPEN, Refused, Role, State, next_step

#: Slot that remembers what an answer outside the intake belongs to: ``act`` or ``act:number``.
AWAITING = "awaiting"
_TAIL = re.compile(r"(?<!\d)(\d{4})(?!\d)")


def say_progress(ticket: Ticket, turn: Turn, say: Say, *, own: bool = True) -> None:
    """Arrived, understood as, with whom, done so far, next and by when: one message."""
    view = acts.progress(turn.work, ticket)
    language = say.language
    category = (
        turn.house.packs.category(ticket.category) if ticket.category in turn.house.packs.codes else None
    )
    values: dict[str, Any] = {
        "number": ticket.number,
        "state": turn.house.states[ticket.state.value].in_(language),
        "department": category.department.name.in_(language) if category else ticket.department,
        "filed": format_moment(
            ticket.submitted_at or ticket.created_at, zone=turn.house.zone, language=language
        ),
        "summary": cut(ticket.description, 60) if own else (category.name.in_(language) if category else ""),
    }
    due = view.next_due
    if (
        ticket.state
        in (State.WITHDRAWN, State.CLOSED, State.RESOLVED, State.REJECTED, State.MERGED, State.REFERRED)
        or due is None
    ):
        say("utter_progress_ended", **values)
        return
    step = "utter_progress_first_contact" if due.kind == "first_contact" else "utter_progress_resolution"
    moment = format_moment(due.due_at, zone=turn.house.zone, language=language)
    say("utter_progress", **values)
    say(f"{step}_late" if due.due_at < turn.now else step, department=values["department"], due=moment)


class _WithOwnTicket(TurnAction):
    """An act upon one of the person's own tickets: finds which one, or asks."""

    act_name = ""

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        number = acts.find_number(heard.text) or _number_in(heard.payload)
        mine = turn.work.tickets.of_complainant(turn.conversation.complainant_id)
        if number is not None:
            ticket = next((t for t in mine if t.number == number), None)
            if ticket is None:
                return self.foreign(turn, heard, say, number)
            return self._do(turn, heard, say, ticket)
        if not mine:
            if is_told(heard):
                # Taken for a question about a case, but nobody has one here: it is a case being told.
                return [SlotSet(AWAITING, None), FollowupAction("intake_form")]
            return self.none(turn, heard, say)
        candidates = [t for t in mine if self.fits(t)] or mine[:1]
        if len(candidates) == 1:
            return self._do(turn, heard, say, candidates[0])
        return self._which(turn, say, candidates)

    def _do(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        turn.ticket = ticket.number
        try:
            return [SlotSet(AWAITING, None), *self.on(turn, heard, say, ticket)]
        except Refused:
            say(
                "utter_not_possible_now",
                number=ticket.number,
                state=turn.house.states[ticket.state.value].in_(say.language),
            )
            return [SlotSet(AWAITING, None)]

    def _which(self, turn: Turn, say: Say, candidates: list[Ticket]) -> Events:
        buttons = [
            {"title": cut(f"{t.number[-6:]} {t.description}", 24), "payload": f"{self.act_name}:{t.number}"}
            for t in candidates[:5]
        ]
        say("utter_which_ticket", buttons)
        return [SlotSet(AWAITING, self.act_name)]

    def fits(self, ticket: Ticket) -> bool:
        """Whether the act makes sense for this ticket when the person did not say which."""
        return ticket in acts.open_tickets([ticket])

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        """Do it. Raises: Refused."""
        raise NotImplementedError

    def none(self, turn: Turn, heard: Heard, say: Say) -> Events:
        """The person has no ticket in this chat."""
        say("utter_no_ticket_here", titled(turn.house, say.language, ("complain", "new")))
        return [SlotSet(AWAITING, "lookup")]

    def foreign(self, turn: Turn, heard: Heard, say: Say, number: str) -> Events:
        """A number that does not belong to this person. Says nothing about whether it exists."""
        say("utter_ask_tail", number=number)
        return [SlotSet(AWAITING, f"lookup:{number}")]


def _number_in(payload: str) -> str | None:
    return acts.find_number(payload) if payload else None


class QueryProgress(_WithOwnTicket):
    act_name = "progress"

    def name(self) -> str:
        return "action_query_progress"

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        say_progress(ticket, turn, say)
        return []

    def foreign(self, turn: Turn, heard: Heard, say: Say, number: str) -> Events:
        rest = heard.text.replace(number, " ").replace(number.replace("-", ""), " ")
        tails = _TAIL.findall(rest)
        if not tails:
            return super().foreign(turn, heard, say, number)
        return look_up(turn, say, number, tails[-1])


def look_up(turn: Turn, say: Say, number: str, tail: str) -> Events:
    """Progress by number and the last four digits of the phone, from any chat."""
    ticket = acts.by_number_and_tail(turn.work, number, tail)
    if ticket is None:
        say("utter_lookup_failed", number=number)
        return [SlotSet(AWAITING, f"lookup:{number}")]
    turn.ticket = ticket.number
    say_progress(ticket, turn, say, own=False)
    return [SlotSet(AWAITING, None)]


class Urge(_WithOwnTicket):
    act_name = "urge"

    def name(self) -> str:
        return "action_urge"

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        urged = acts.urge(turn.work, ticket, text=heard.text, now=turn.now)
        say("utter_urged" if urged.counted else "utter_urged_already", number=ticket.number)
        say_progress(urged.ticket, turn, say)
        return []


class Supplement(_WithOwnTicket):
    act_name = "supplement"

    def name(self) -> str:
        return "action_supplement"

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        if heard.payload or (not heard.media and len(heard.text) < 12):
            say("utter_supplement_what", number=ticket.number)
            return [SlotSet(AWAITING, f"supplement:{ticket.number}")]
        acts.supplement(turn.work, ticket, text=heard.text, message_ids=heard.message_ids, now=turn.now)
        say("utter_supplemented", number=ticket.number)
        return []


class Withdraw(_WithOwnTicket):
    act_name = "withdraw"

    def name(self) -> str:
        return "action_withdraw"

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        if heard.payload.startswith("withdraw_yes"):
            acts.withdraw(turn.work, ticket, text=heard.text, now=turn.now)
            say(
                "utter_withdrawn",
                titled(turn.house, say.language, ("restore", f"restore:{ticket.number}")),
                number=ticket.number,
            )
            return []
        next_step(ticket.state, "withdraw", role=Role.COMPLAINANT, facts=ticket.facts(now=turn.now))
        buttons = titled(
            turn.house, say.language, ("withdraw", f"withdraw_yes:{ticket.number}"), ("keep", "keep")
        )
        say("utter_withdraw_sure", buttons, number=ticket.number)
        return [SlotSet(AWAITING, f"withdraw_yes:{ticket.number}")]


class Restore(_WithOwnTicket):
    """Takes a withdrawal back. Reached by its button or its word, not by an intent of its own."""

    act_name = "restore"

    def name(self) -> str:
        return "action_restore"

    def fits(self, ticket: Ticket) -> bool:
        return ticket.state is State.WITHDRAWN

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        acts.restore(turn.work, ticket, now=turn.now)
        say("utter_restored", number=ticket.number)
        return []


class Dispute(_WithOwnTicket):
    act_name = "dispute"

    def name(self) -> str:
        return "action_dispute"

    def fits(self, ticket: Ticket) -> bool:
        return ticket.state in (State.RESOLVED, State.FOLLOWUP, State.CLOSED)

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        acts.dispute(turn.work, ticket, text=heard.text, now=turn.now)
        say("utter_disputed", number=ticket.number)
        return []


class ConfirmSolved(_WithOwnTicket):
    act_name = "solved"

    def name(self) -> str:
        return "action_confirm_resolved"

    def fits(self, ticket: Ticket) -> bool:
        return ticket.state is State.RESOLVED

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        if ticket.state in OPEN and ticket.state is not State.RESOLVED:
            buttons = titled(
                turn.house, say.language, ("withdraw", f"withdraw_yes:{ticket.number}"), ("keep", "keep")
            )
            say("utter_solved_before_the_answer", buttons, number=ticket.number)
            return [SlotSet(AWAITING, f"withdraw_yes:{ticket.number}")]
        acts.confirm_solved(turn.work, ticket, now=turn.now)
        say("utter_solved", number=ticket.number)
        return []

    def none(self, turn: Turn, heard: Heard, say: Say) -> Events:
        say("utter_glad")
        return []
