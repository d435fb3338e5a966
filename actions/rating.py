"""What a complainant thinks of a result: solved or not, a mark, and two questions more that may stay unanswered."""

from __future__ import annotations

import re

from rasa_sdk import Tracker

from actions.awaited import awaits, nothing_awaited
from actions.base import Events, Say
from actions.heard import Heard
from actions.intake.asking import titled
from actions.tickets import Dispute, TicketAct
from actions.turn import Turn
from casework.tickets import acts, survey
from casework.tickets.model import Ticket
from casework.tickets.states import OPEN, Refused, Role, State
from understanding.rating import parse_rating

LEVELS = (5, 4, 3, 2, 1)


class ConfirmSolved(TicketAct):
    act_name = "solved"

    def fits(self, ticket: Ticket) -> bool:
        return ticket.state in (State.RESOLVED, State.FOLLOWUP)

    def candidates(self, mine: list[Ticket]) -> list[Ticket]:
        return [t for t in mine if self.fits(t)] or acts.open_tickets(mine) or mine[:1]

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        if ticket.state in OPEN and not self.fits(ticket):
            buttons = titled(
                turn.house,
                say.language,
                ("withdraw_solved", f"withdraw_yes:{ticket.number}"),
                ("keep", "keep"),
            )
            say("utter_solved_before_the_answer", buttons, number=ticket.number)
            return [awaits("withdraw_yes", ticket.number, now=turn.now)]
        if ticket.state in (State.CLOSED, State.FOLLOWUP):
            turn.work.tickets.add_event(
                ticket,
                action="solved",
                actor=Role.COMPLAINANT.value,
                now=turn.now,
                data={"text": heard.text, "solved": "yes"},
            )
            say("utter_glad")
            return []
        closed = acts.confirm_solved(turn.work, ticket, now=turn.now)
        say("utter_solved", number=ticket.number)
        return Rate().ask(turn, say, closed)

    def refused(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket, refused: Refused) -> Events:
        say("utter_glad")
        return []

    def none(self, turn: Turn, heard: Heard, say: Say) -> Events:
        say("utter_glad")
        return []


class Rate(TicketAct):
    """A mark of five levels, once a round of handling; then whether it is solved, how they were treated, and why."""

    act_name = "rate"

    def fits(self, ticket: Ticket) -> bool:
        return ticket.state in acts.RATEABLE

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        over = [t for t in self.mine(turn) if self.fits(t)]
        if not over:
            say("utter_rating_later")
            return []
        unrated = [t for t in over if acts.rating_of(turn.work, t) is None]
        if acts.find_number(heard.text) or acts.find_number(heard.payload):
            return super().act(turn, heard, say, tracker)
        # People rate what was settled last; asking which one would be one question too many.
        return self.do(turn, heard, say, (unrated or over)[0])

    def ask(self, turn: Turn, say: Say, ticket: Ticket) -> Events:
        """Ask for a rating, unless this is no moment for one: danger, or rated before."""
        if ticket.priority == "P0" or acts.rating_of(turn.work, ticket) is not None:
            return []
        say("utter_rate", _marks(turn, say, f"rate:{ticket.number}"))
        return [awaits("rate", ticket.number, now=turn.now)]

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        meaning, _, pressed = heard.payload.partition(":")
        value = pressed.rpartition(":")[2]
        if meaning == "survey_solved" and value in survey.SOLVED:
            return self.solved(turn, say, ticket, value)
        if meaning == "survey_attitude" and value in "12345" and value:
            return self.attitude(turn, say, ticket, int(value))
        level = int(value) if meaning == "rate" and value in "12345" and value else None
        if level is None and heard.emotion[0] != "sarcastic":
            level = parse_rating(acts.without_number(heard.text))
        earlier = acts.rating_of(turn.work, ticket)
        if earlier is not None:
            say("utter_rated_before", number=ticket.number, level=earlier.data["level"])
            return []
        if level is None:
            return self.ask(turn, say, ticket)
        why = heard.text if not heard.payload and has_reason(heard.text) else ""
        rated = acts.rate(
            turn.work, ticket, level=level, text=why, now=turn.now, calendar=turn.house.calendar
        )
        return self.thank(turn, say, rated, level=level, reason=bool(why))

    def thank(self, turn: Turn, say: Say, ticket: Ticket, *, level: int, reason: bool) -> Events:
        """Whoever has said why is asked nothing more."""
        low = level < acts.SATISFIED
        reopen = _reopening(turn, say, ticket) if low else []
        said = "utter_rated" if not low else "utter_rated_low" if reason else "utter_rated_follow"
        say(said, reopen if reason else [], number=ticket.number, level=level)
        return [nothing_awaited()] if reason else self.go_on(turn, say, ticket)

    def go_on(self, turn: Turn, say: Say, ticket: Ticket) -> Events:
        """The next question that has no answer yet. Why, only where something was not good; who finds something so can
        have the case reopened in the same breath."""
        said, number = survey.survey_of(turn.work, ticket), ticket.number
        reopen = _reopening(turn, say, ticket) if said.is_low else []
        skip = [*reopen, *titled(turn.house, say.language, ("skip", "keep"))]
        if not said.solved:
            buttons = [(f"solved_{solved}", f"survey_solved:{number}:{solved}") for solved in survey.SOLVED]
            say("utter_survey_solved", [*titled(turn.house, say.language, *buttons), *skip])
            return [awaits("survey_solved", number, now=turn.now)]
        if said.attitude is None:
            say("utter_survey_attitude", [*_marks(turn, say, f"survey_attitude:{number}"), *skip])
            return [awaits("survey_attitude", number, now=turn.now)]
        if not said.reasons and (said.is_low or said.solved == "partly" or said.level == acts.SATISFIED):
            say("utter_survey_why", skip)
            return [awaits("rate_reason", number, now=turn.now)]
        say("utter_survey_thanks", number=number)
        return [nothing_awaited()]

    def solved(self, turn: Turn, say: Say, ticket: Ticket, solved: str) -> Events:
        survey.say_solved(turn.work, ticket, solved, now=turn.now, calendar=turn.house.calendar)
        if solved == "no" and Dispute().fits(ticket):
            say("utter_survey_unsolved")
        return self.go_on(turn, say, ticket)

    def attitude(self, turn: Turn, say: Say, ticket: Ticket, mark: int) -> Events:
        survey.mark_attitude(turn.work, ticket, mark, now=turn.now, calendar=turn.house.calendar)
        return self.go_on(turn, say, ticket)

    def explain(self, turn: Turn, say: Say, ticket: Ticket, text: str) -> Events:
        """The reason for a rating."""
        survey.give_reason(turn.work, ticket, text, now=turn.now)
        reopen = _reopening(turn, say, ticket) if survey.survey_of(turn.work, ticket).is_low else []
        say("utter_reason_noted", reopen, number=ticket.number)
        return [nothing_awaited()]


def _marks(turn: Turn, say: Say, meaning: str) -> list[dict[str, str]]:
    return [
        {"title": turn.house.word(f"rate_{level}", say.language), "payload": f"{meaning}:{level}"}
        for level in LEVELS
    ]


def _reopening(turn: Turn, say: Say, ticket: Ticket) -> list[dict[str, str]]:
    if not Dispute().fits(ticket):
        return []
    return titled(turn.house, say.language, ("reopen", f"dispute:{ticket.number}"))


_MARK = re.compile(
    r"[0-9/.⭐★零一二两三四五六七八九十星分颗个给打我就吧还行的了嗯评价满意非常特别不很太一般]|"
    r"\b(?:out of|stars?|points?|rate|rating|it|give|a|i|ok|okay|"
    r"very|satisfied|dissatisfied|useless|good|great|bad|score|overall|terrible|poor)\b",
    re.IGNORECASE,
)


def has_reason(text: str) -> bool:
    """Whether a rating in words says why."""
    left = re.sub(r"\W", "", _MARK.sub("", text))
    return len(left) >= (3 if not left.isascii() else 8)
