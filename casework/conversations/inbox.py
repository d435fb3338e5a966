"""Taking in what a provider delivers: once, in order, and never lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from casework.conversations.handover import LEAVE, leave_queue, wants_to_leave_it
from casework.conversations.model import (
    MAX_TEXT_CHARS,
    Author,
    Button,
    Conversation,
    Event,
    InboundMessage,
    Media,
    Owner,
    Received,
    Reply,
    StoredMessage,
)
from casework.conversations.outbox import post_system
from casework.storage.work import Work
from casework.text import Text

_MINUTE = timedelta(minutes=1)
#: Somebody whom the bot or a person answered within this time is in the midst of a talk. Source: product default.
_TALK = timedelta(minutes=30)
_HAN = re.compile(r"[\u3400-\u9fff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufeff]")


@dataclass(frozen=True)
class TurnRules:
    """When the messages that wait become one turn, and how many may wait.

    ``window``: quiet time after a message, so that quick successive ones are answered once (people type in
    bursts; 0.25 s still answers a burst of four in under half a second). ``album_window``: the same for the
    parts of an album, which providers deliver as separate messages; a text in between does not cut it. ``longest``:
    who goes on typing is answered after this all the same. ``max_waiting``: more than this many
    unanswered messages of one person are kept but make no turn (flood), and so are more than ``per_minute`` of
    them in a minute (0: no such limit). ``slow_down``, ``crowded``: what somebody is told, once, whose message was
    set aside because of their own messages or of everybody's. Source: product defaults.
    """

    window: timedelta = timedelta(milliseconds=250)
    album_window: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(seconds=3)
    max_waiting: int = 40
    per_minute: int = 0
    slow_down: Text | None = None
    crowded: Text | None = None


def clean_text(text: str) -> tuple[str, bool]:
    """Text without control characters, in one Unicode form, at most ``MAX_TEXT_CHARS`` long; and: was it cut?"""
    cleaned = _CONTROL.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    # A lone surrogate cannot be stored as UTF-8.
    cleaned = cleaned.encode("utf-8", "ignore").decode("utf-8").strip()
    return cleaned[:MAX_TEXT_CHARS], len(cleaned) > MAX_TEXT_CHARS


def receive(
    work: Work,
    message: InboundMessage,
    *,
    now: datetime,
    rules: TurnRules,
    payload: str | None = None,
    crowded: bool = False,
) -> Received:
    """Store one delivery. A delivery seen before changes nothing.

    ``payload``: meaning of a pressed button, from a channel inside the house; providers send a token instead.
    ``crowded``: the whole channel is over its limit. Somebody in the midst of a talk goes on; who only comes now is
    asked to come again. The caller commits before it answers the provider.
    """
    key = f"{message.channel}:{message.provider_id}"[:255] if message.provider_id else None
    conversation = work.conversations.open(
        message.channel, message.address, now=now, profile=_person(message.profile)
    )
    if key is not None and (known := work.messages.by_provider_key(key)) is not None:
        return Received(known.id, known.conversation_id, duplicate=True)
    text, cut = clean_text(message.text)
    button = _pressed(work, conversation, message)
    if payload is not None:
        button = _offered(work, conversation, payload) or Button(title=text, payload=payload[:190])
    if conversation.owner is Owner.QUEUE and wants_to_leave_it(text, button.payload if button else ""):
        conversation = leave_queue(work, conversation, now=now)
        button = button or Button(title=text, payload=LEAVE)
    waiting = work.messages.waiting(conversation.id)
    flooding = _is_flooding(work, conversation, waiting, now=now, rules=rules)
    turned_away = crowded and not _talked_lately(work, conversation, now=now)
    state = _state(message, conversation, flooding=flooding or turned_away)
    told = _told_of(work, conversation, rules.slow_down if flooding else rules.crowded, state=state)
    message_id = work.messages.add_inbound(
        conversation,
        replace(message, media=tuple(_clean_media(item) for item in message.media)),
        provider_key=key,
        text=text or (button.title if button else ""),
        payload=button.payload if button else "",
        state=state,
        profile=_safe_profile(message, cut=cut, stale=bool(message.token) and button is None),
        now=now,
    )
    work.conversations.change(
        conversation.id, **_changes(conversation, message, waiting, state=state, now=now, rules=rules)
    )
    if message.event is Event.UNREACHABLE:
        work.sending.hold_queued(conversation.id)
    else:
        work.sending.release_held(conversation.id, now=now)
    if told is not None:
        wording = told.in_(conversation.language or _tongue(text, message))
        post_system(work, conversation, Reply(wording), now=now, reply_to_id=message_id)
    return Received(message_id, conversation.id, set_aside=state == "aside")


def _is_flooding(
    work: Work,
    conversation: Conversation,
    waiting: Sequence[StoredMessage],
    *,
    now: datetime,
    rules: TurnRules,
) -> bool:
    if len(waiting) >= rules.max_waiting:
        return True
    if not rules.per_minute:
        return False
    earlier = work.messages.nth_last_inbound(conversation.id, rules.per_minute)
    # A clock that was set back makes what was earlier later, and nobody a flooder.
    return earlier is not None and timedelta() <= now - earlier.created_at < _MINUTE


def _talked_lately(work: Work, conversation: Conversation, *, now: datetime) -> bool:
    last = work.messages.last_outbound(conversation.id)
    return last is not None and last.author is not Author.SYSTEM and now - last.created_at < _TALK


def _told_of(work: Work, conversation: Conversation, wording: Text | None, *, state: str) -> Text | None:
    """``wording``, when this is the first message in a row that is set aside."""
    if state != "aside" or wording is None:
        return None
    before = work.messages.nth_last_inbound(conversation.id, 1)
    return wording if before is None or before.state != "aside" else None


def _tongue(text: str, message: InboundMessage) -> str:
    """The language of somebody whose words no engine has seen yet."""
    if not text or _HAN.search(text):
        return "zh"
    return str(message.profile.get("language") or "en")


def _changes(
    conversation: Conversation,
    message: InboundMessage,
    waiting: Sequence[StoredMessage],
    *,
    state: str,
    now: datetime,
    rules: TurnRules,
) -> dict[str, Any]:
    changes: dict[str, Any] = {"last_inbound_at": now}
    if message.event is Event.UNREACHABLE:
        return changes | {"reachable": False}
    if message.event in (Event.REACHABLE, Event.START, Event.MESSAGE) and not conversation.reachable:
        changes["reachable"] = True
    if message.passive_until is not None:
        changes["passive_until"] = message.passive_until
    if state == "waiting" and not message.profile.get("more"):
        since = waiting[0].created_at if waiting else now
        quiet = min(now + rules.window, since + rules.longest)
        ready_at = now + rules.album_window if message.group_key else quiet
        changes["ready_at"] = max(now, ready_at, conversation.ready_at or now)
    profile = {**conversation.profile, **_person(message.profile)}
    if profile != conversation.profile:
        changes["profile"] = profile
    return changes


def _state(message: InboundMessage, conversation: Conversation, *, flooding: bool) -> str:
    if message.event in (Event.NOTE, Event.UNREACHABLE, Event.REACHABLE):
        return "note"
    if conversation.owner is not Owner.BOT:
        return "done"
    return "aside" if flooding else "waiting"


def _pressed(work: Work, conversation: Conversation, message: InboundMessage) -> Button | None:
    """The button that was pressed, by its token."""
    return work.messages.redeem(conversation.id, message.token) if message.token else None


def _offered(work: Work, conversation: Conversation, payload: str) -> Button | None:
    """The button of the last message that carries ``payload``, for its title."""
    last = work.messages.last_outbound(conversation.id)
    return next((b for b in last.buttons if b.payload == payload), None) if last else None


def _clean_media(item: Media) -> Media:
    return replace(item, name=clean_text(item.name)[0][:255], text=clean_text(item.text)[0][:4000])


_SAFE_PROFILE = ("trigger", "unknown", "scene", "command", "chat_type", "more")
_PERSON_PROFILE = ("name", "language", "thread", "chat_type", "country", "message_id", "private_url")


def _safe_profile(message: InboundMessage, *, cut: bool, stale: bool) -> dict[str, Any]:
    kept = {key: message.profile[key] for key in _SAFE_PROFILE if message.profile.get(key)}
    if cut:
        kept["truncated"] = True
    if stale:
        kept["stale_button"] = True
    return kept


def _person(profile: Mapping[str, Any]) -> dict[str, Any]:
    return {key: str(profile[key])[:120] for key in _PERSON_PROFILE if profile.get(key)}
