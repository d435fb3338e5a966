"""The Rasa actions for everything outside the intake that has a job of its own.

Each first looks whether the turn answers something that was asked; the acts themselves are in ``tickets``,
``belonging``, ``own_data`` and ``person``.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from datetime import timedelta

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction

from actions import belonging, own_data, person
from actions.answers import ACTS, BACK, answer_awaited
from actions.awaited import awaits, nothing_awaited
from actions.base import Events, Say, TurnAction
from actions.heard import Heard
from actions.intake.asking import titled
from actions.intake.phrases import means_it
from actions.intake.story import is_told
from actions.rating import Rate
from actions.remarks import about_the_case
from actions.tickets import Restore
from actions.turn import Turn
from actions.which import buttons_for
from casework.conversations.handover import LEAVE
from casework.tickets import acts
from casework.tickets.model import Ticket
from casework.tickets.states import State
from understanding.rating import begins_with_mark, parse_rating


def pressed(turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events | None:
    """What a button means that no dialogue act stands for; ``None`` when it is not one of these."""
    act = heard.payload.partition(":")[0]
    if act == LEAVE:
        return person.leave_as_ticket(turn, heard, say)
    if act == "read_back":
        return own_data.read_back(turn, say)
    if act in own_data.BESIDE:
        return own_data.privacy(turn, heard, say, tracker)
    if act == "restore":
        return Restore().act(turn, heard, say, tracker)
    if act == "keep":
        say("utter_fine")
        return [nothing_awaited()]
    if act in ("rate", "survey_solved", "survey_attitude"):
        return ACTS["rate"]().act(turn, heard, say, tracker)
    return None


def answered_or_pressed(turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events | None:
    """For every action outside the intake: what the turn is if it is no new matter; else ``None``."""
    events = answer_awaited(turn, heard, say, tracker)
    if events is None and heard.payload:
        events = pressed(turn, heard, say, tracker)
    if events is None and _takes_a_withdrawal_back(turn, heard):
        events = Restore().act(turn, heard, say, tracker)
    if events is None and _is_a_verdict(turn, heard):
        events = Rate().act(turn, heard, say, tracker)
    if events is None and _corrects_a_case(turn, heard):
        events = _offer_to_add(turn, heard, say)
    if events is None and heard.is_act(*_MAY_BE_A_REMARK) and _URGES.match(heard.text) and _running(turn):
        events = ACTS["urge"]().act(turn, heard, say, tracker)
    if events is None and heard.is_act(*_MAY_BE_A_REMARK):
        events = about_the_case(turn, heard, say)
    return events


#: "催一下路灯的事": an urge whatever it was taken for.
_URGES = re.compile(r"(?:麻烦|请|帮我|再|我要|我想|能不能)*催(?:一下|一催|办|下|催)", re.IGNORECASE)
#: Acts without a job of their own, or a story.
_MAY_BE_A_REMARK = (
    "lodge_complaint", "report_violation", "report_emergency", "inform", "abuse", "out_of_scope", "ask_question",
    "affirm", "deny", "dont_know", "correct_detail", "give_praise", "dispute_result",
)  # fmt: skip


def _takes_a_withdrawal_back(turn: Turn, heard: Heard) -> bool:
    """Whether somebody who has just withdrawn says that it was not meant, after all."""
    if heard.payload or not heard.text or len(heard.text) > 60 or BACK.search(heard.text) is None:
        return False
    mine = turn.work.tickets.of_complainant(turn.conversation.complainant_id, limit=1)
    return bool(mine) and mine[0].state is State.WITHDRAWN and turn.now - mine[0].changed_at <= _LATELY


#: A withdrawal is taken back by these words within this time. Source: product default.
_LATELY = timedelta(hours=3)
#: Details that, said by themselves, put right what was told before.
_BARE = ("phone", "email", "reference", "amount", "when", "place")


def _corrects_a_case(turn: Turn, heard: Heard) -> bool:
    """Whether a short turn outside an intake changes a detail ("my number is now …") of a case that runs."""
    if heard.payload or not heard.text or len(heard.text) > 60 or acts.find_number(heard.text):
        return False
    if turn.work.tickets.draft(turn.conversation.id) is not None:
        return False
    bare = heard.is_act("inform", at_least=0.5) and heard.any_detail("phone", "email") is not None
    corrects = heard.is_act("correct_detail", at_least=0.5) and heard.any_detail(*_BARE) is not None
    return (bare or corrects) and bool(_running(turn))


def _running(turn: Turn) -> list[Ticket]:
    mine = turn.work.tickets.of_complainant(turn.conversation.complainant_id)
    return [t for t in acts.open_tickets(mine) if t.state not in acts.RATEABLE]


def _offer_to_add(turn: Turn, heard: Heard, say: Say) -> Events:
    running = _running(turn)
    if len(running) > 1:
        return ACTS["supplement"]().which(turn, heard, say, running)
    number = running[0].number
    say(
        "utter_add_this_to",
        titled(turn.house, say.language, ("add", f"add:{number}"), ("leave_out", "keep")),
        number=number,
    )
    return [awaits("add", number, now=turn.now, message_ids=heard.message_ids)]


def _is_a_verdict(turn: Turn, heard: Heard) -> bool:
    """Whether a word such as "useless", or a mark with its reason, is for a result that waits for one. What a bad
    mark contests can be reopened from there."""
    mark = begins_with_mark(heard.text) or (len(heard.text) <= 20 and heard.is_act(*_MAY_BE_A_VERDICT))
    if heard.payload or not mark:
        return False
    mine = turn.work.tickets.of_complainant(turn.conversation.complainant_id)
    result = next((t for t in mine if t.state is State.RESOLVED), None)
    return (
        result is not None
        and parse_rating(heard.text) is not None
        and acts.rating_of(turn.work, result) is None
    )


_MAY_BE_A_VERDICT = ("abuse", "inform", "out_of_scope", "give_praise", "rate_service")


# -- pictures and files without words -------------------------------------------------------------------------


def place_media(turn: Turn, heard: Heard, say: Say) -> Events | None:
    """Put what came without words into the right open ticket; ``None`` when the person has none."""
    mine = acts.open_tickets(turn.work.tickets.of_complainant(turn.conversation.complainant_id))
    if not mine:
        return None
    latest = max(mine, key=lambda t: t.changed_at)
    if len(mine) > 1 and turn.now - latest.changed_at > belonging.JUST_FILED:
        say("utter_media_which", buttons_for(mine, "media"))
        return [awaits("media", now=turn.now, message_ids=heard.message_ids)]
    turn.ticket = latest.number
    ids, calendar = heard.message_ids, turn.house.calendar
    acts.supplement(turn.work, latest, text="", message_ids=ids, now=turn.now, calendar=calendar)
    say("utter_media_added", number=latest.number)
    return []


# -- the actions ----------------------------------------------------------------------------------------------


class _Door(TurnAction):
    """An action that first looks for an answer."""

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        events = answered_or_pressed(turn, heard, say, tracker)
        return self.otherwise(turn, heard, say, tracker) if events is None else events

    @abstractmethod
    def otherwise(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events: ...


class _TicketDoor(_Door):
    act_name = ""

    def otherwise(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        return ACTS[self.act_name]().act(turn, heard, say, tracker)


class QueryProgressAction(_TicketDoor):
    act_name = "progress"

    def name(self) -> str:
        return "action_query_progress"


class UrgeAction(_TicketDoor):
    act_name = "urge"

    def name(self) -> str:
        return "action_urge"


class SupplementAction(_TicketDoor):
    act_name = "supplement"

    def name(self) -> str:
        return "action_supplement"


class WithdrawAction(_TicketDoor):
    act_name = "withdraw"

    def name(self) -> str:
        return "action_withdraw"


class DisputeAction(_TicketDoor):
    act_name = "dispute"

    def name(self) -> str:
        return "action_dispute"


class ConfirmSolvedAction(_TicketDoor):
    act_name = "solved"

    def name(self) -> str:
        return "action_confirm_resolved"


class RateAction(_TicketDoor):
    act_name = "rate"

    def name(self) -> str:
        return "action_rate"


class PrivacyAction(_Door):
    def name(self) -> str:
        return "action_privacy"

    def otherwise(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        if is_told(heard) and not means_it(heard):
            return [FollowupAction("action_begin_intake")]
        return own_data.privacy(turn, heard, say, tracker)


class BeginIntake(_Door):
    def name(self) -> str:
        return "action_begin_intake"

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        events = super().act(turn, heard, say, tracker)
        # It may have come as a follow-up, after which the policies know no next action.
        goes_on = any(event.get("event") == "followup" for event in events)
        return events if goes_on else [*events, FollowupAction("action_listen")]

    def otherwise(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        return belonging.begin(turn, heard, say, tracker)


class RequestPerson(TurnAction):
    def name(self) -> str:
        return "action_request_person"

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        return person.request(turn, heard, say)


class Challenge(TurnAction):
    def name(self) -> str:
        return "action_bot_challenge"

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        return person.challenge(turn, heard, say)
