"""Taking a complaint down for somebody who calls, stands at the counter, or wrote by another system."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casework.conversations.model import InboundMessage, Media
from casework.house import House
from casework.storage.work import Work
from casework.tickets import alarms
from casework.tickets.filing import Filing, file_ticket
from casework.tickets.model import Actor, DetailValue, Intake, Ticket
from casework.tickets.states import Role

#: Channel of conversations that nobody can be answered in: the person is reached by what they left.
CHANNEL = "staff"


@dataclass(frozen=True)
class Told:
    """``details``: by field key, in the person's words. ``danger``: code and level of an emergency in the words.
    ``photo``: address of a picture, fetched in the background like any other file."""

    category: str
    description: str
    language: str
    details: Mapping[str, str] = field(default_factory=dict)
    anonymous: bool = False
    danger: tuple[str, str] = ("", "")
    photo: str = ""


class UnknownField(ValueError):
    """The category does not ask for this; the message names what it asks for."""


def new_address() -> str:
    return secrets.token_hex(16)


def file_at_counter(
    work: Work,
    told: Told,
    *,
    house: House,
    by: Actor,
    now: datetime,
    channel: str = CHANNEL,
    address: Callable[[], str] = new_address,
) -> Ticket:
    """File a complaint that ``by`` was told. Each is a person of its own: nobody is known by a phone number alone.

    Raises: UnknownField.
    """
    category = house.packs.category(told.category)
    known = [each.key for each in (*category.required, *category.noted)]
    for key in told.details:
        if key not in known:
            raise UnknownField(f"{key} is no field of {category.code}; it has {', '.join(known)}")
    conversation = work.conversations.open(channel, address(), now=now, profile={})
    work.conversations.change(conversation.id, reachable=False, language=told.language)
    said = _say(work, conversation.id, told, now=now)
    code, level = told.danger
    intake = Intake(
        description=(told.description,),
        category=category.code,
        category_certain=True,
        details={key: _detail(text) for key, text in told.details.items()},
        anonymous=told.anonymous,
        emergency=code,
        emergency_level=level,
        message_ids=(said,),
    )
    draft = work.tickets.add_draft(
        conversation_id=conversation.id,
        complainant_id=conversation.complainant_id,
        language=told.language,
        intake=intake,
        now=now,
    )
    if level == alarms.LEVEL:
        draft = alarms.raise_alarm(work, draft, code=code, now=now)
    role = by.role if by.role in _TAKES_DOWN else Role.BOT
    filing = Filing(calendar=house.calendar, packs=house.packs, actor=role, clusters=house.clusters)
    ticket = file_ticket(work, draft, category, filing=filing, now=now)
    taken: dict[str, Any] = {"kind": channel}
    work.tickets.add_event(
        ticket, action="taken_down", actor=by.role.value, actor_name=by.name, now=now, data=taken
    )
    return ticket


def _say(work: Work, conversation_id: int, told: Told, *, now: datetime) -> int:
    """Put what was told into the transcript. Gives the message."""
    conversation = work.conversations.get(conversation_id, lock=True)
    photo = (Media("photo", ref=told.photo, url=told.photo),) if told.photo else ()
    message = InboundMessage(conversation.channel, "", conversation.address, told.description, media=photo)
    return work.messages.add_inbound(
        conversation,
        message,
        provider_key=None,
        text=told.description,
        payload="",
        state="done",
        profile={},
        now=now,
    )


#: Roles that take a complaint down themselves; any other one hands on what a person told.
_TAKES_DOWN = frozenset({Role.AGENT, Role.LEAD, Role.SUPERVISOR})


def _detail(text: str) -> DetailValue:
    return DetailValue(value=text, text=text, display=text, source=text)
