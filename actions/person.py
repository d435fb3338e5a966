"""Asking a person in: the chat goes into the queue, the bot falls silent. And the way back: leaving it as a ticket."""

from __future__ import annotations

import re
from datetime import timedelta

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction

from actions.awaited import Awaited, awaits, nothing_awaited
from actions.base import Events, Say
from actions.heard import Heard
from actions.intake.asking import titled
from actions.intake.listening import wants_a_person
from actions.intake.parts import Setting
from actions.intake.phrases import asks_for_a_person
from actions.intake.sorting import is_elsewhere, nearest
from actions.intake.story import has_story, is_told
from actions.turn import Turn
from casework.conversations.handover import LEAVE, request_person, waiting
from casework.conversations.model import Owner
from casework.tickets.filing import format_moment

#: A word for a person counts as the second one within this time of the first. Source: product default.
_LATELY = timedelta(minutes=30)
#: Failed turns in a row after which a person is offered. Source: handbook, section 5.
FAILURES = 2
#: Where the tracker keeps the name of what was said.
_RESPONSE = "utter" + "_action"
_FAILED = ("utter_unclear", "utter_unreadable", "utter_out_of_scope", "utter_offer_person")
#: Weaker words for a person: they ask whether somebody is there rather than for somebody to come.
_ANYONE = re.compile(
    r"有(?:没有)?人(?:吗|么|在|啊|嘛|呀|没|回|管|理)|没人(?:吗|在|回|理我|管)|机器(?:人|回复)|活的人|"
    r"\b(?:anyone|anybody|someone|somebody) (?:real|there|human|alive|here)|is there (?:anyone|anybody|a human)|"
    r"(?:bot|robot|machine)s?\b",
    re.IGNORECASE,
)


def call_person(turn: Turn, say: Say, *, quietly: bool = False) -> None:
    """Queue the chat for staff and say so, with hours, place in the line and the other way: the only words of
    the turn. ``quietly``: what must be said was said already."""
    changed = request_person(turn.work, turn.conversation, now=turn.now)
    turn.owner_changed = changed.owner is not Owner.BOT
    if quietly:
        say("utter_person_asked_quietly")
        return
    house = turn.house
    position = waiting(turn.work).position
    buttons = titled(house, say.language, ("leave_ticket", LEAVE))
    hours = house.office.hours
    if not house.office.is_open(turn.now, house.calendar):
        opens = house.office.next_opening(turn.now, house.calendar)
        shown = format_moment(opens, zone=house.zone, language=say.language)
        say("utter_person_closed", buttons, hours=hours, opens=shown, position=position)
    elif position == 1:
        say("utter_person_next", buttons, hours=hours)
    else:
        say("utter_person_in_line", buttons, hours=hours, position=position)


def mentions_a_person(heard: Heard) -> bool:
    """Whether a short turn has a word for a person in it, sure or not."""
    if heard.payload or not heard.text or len(heard.text) > 40:
        return False
    return heard.is_act("request_human", at_least=0.55) or _says_person(heard.text)


def _says_person(text: str) -> bool:
    return (wants_a_person(text) or _ANYONE.search(text) is not None) and not (
        len(text) > 20 and has_story(text)
    )


def second_word_for_a_person(turn: Turn, heard: Heard) -> bool:
    """Whether this turn mentions a person and an earlier one, lately and since staff last had the chat, did too."""
    if not mentions_a_person(heard):
        return False
    now_ids = set(heard.message_ids)
    for message in reversed(turn.work.messages.transcript(turn.conversation.id, limit=20)):
        if message.id in now_ids:
            continue
        if turn.now - message.created_at > _LATELY or message.author.value in ("staff", "system"):
            return False
        if message.direction == "in" and not message.payload and len(message.text) <= 40:
            intent = (message.understanding.get("intent") or {}).get("name")
            if intent in ("request_human", "bot_challenge") or _says_person(message.text):
                return True
    return False


def failed_before(tracker: Tracker) -> int:
    """How many answers in a row, up to now, were "I did not understand"."""
    count = 0
    for event in reversed(tracker.events):
        if event.get("event") != "bot":
            continue
        if (event.get("metadata") or {}).get(_RESPONSE) not in _FAILED:
            break
        count += 1
    return count


def offer_person(turn: Turn, say: Say, *, reason: str = "utter_offer_person") -> Events:
    """Offer a person with a yes-or-no question."""
    say(reason, titled(turn.house, say.language, ("person", "person"), ("complain", "new")))
    return [awaits("person", now=turn.now)]


def answer_person(turn: Turn, heard: Heard, say: Say, waiting_for: Awaited) -> Events | None:
    if heard.payload == "person" or (not heard.payload and heard.is_act("affirm", at_least=0.5)):
        call_person(turn, say)
        return [nothing_awaited()]
    if heard.is_act("deny", at_least=0.5):
        say("utter_no_person_then")
        return [nothing_awaited()]
    return None


def request(turn: Turn, heard: Heard, say: Say) -> Events:
    """A turn understood as a call for a person."""
    if not heard.payload and heard.text and not asks_for_a_person(heard.text) and is_told(heard):
        return [FollowupAction("action_begin_intake")]
    call_person(turn, say)
    return [nothing_awaited()]


def challenge(turn: Turn, heard: Heard, say: Say) -> Events:
    """ "Are you a machine?" The second such word brings a person."""
    if second_word_for_a_person(turn, heard):
        call_person(turn, say)
        return []
    say("utter_i_am_a_program", titled(turn.house, say.language, ("person", "person")))
    return []


def leave_as_ticket(turn: Turn, heard: Heard, say: Say) -> Events:
    """Somebody who waited for a person leaves it as a ticket: the intake goes on where it was."""
    draft = turn.work.tickets.draft(turn.conversation.id)
    intake = draft.intake if draft is not None else None
    turn.listened.add(heard.message_id)
    if draft is None or intake is None or not intake.description:
        say("utter_left_queue_nothing_told")
    elif intake.category_certain or (intake.offered and not is_elsewhere(intake)):
        say("utter_left_queue")
    else:
        intake = nearest(Setting(turn.house, turn.now, turn.language), intake)
        turn.work.tickets.save_draft(draft.id, intake, language=turn.language, now=turn.now)
        label = turn.house.packs.label(intake.category, turn.language) if intake.category else ""
        say("utter_left_queue_nearest" if label else "utter_left_queue", category=label)
    return [nothing_awaited(), FollowupAction("intake_form")]
