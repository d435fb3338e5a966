"""Tickets as GeoReport requests: lists, one, filing one, and updates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.open311.services import asked
from api.open311.words import moment
from api.problems import Refusal
from casework.clients.model import Client
from casework.conversations.inbox import clean_text
from casework.house import House
from casework.packs import Category
from casework.storage.work import Work
from casework.tickets import handling
from casework.tickets.counter import Told, file_at_counter
from casework.tickets.handling import Desk
from casework.tickets.listing import Line, Turn, Wanted
from casework.tickets.model import Ticket
from casework.tickets.states import State
from casework.tickets.steps import Rules
from understanding.emergency import detect_emergency
from understanding.language import guess_language

CHANNEL = "open311"
#: Source: GeoReport v2, GET Service Requests: 90 days or 1,000 requests, whichever is smaller.
LONGEST = timedelta(days=90)
MOST = 1000
#: Cases of this nature alone are shown: who reports wrongdoing does so in confidence, and a question is no request.
NATURE = "complaint"
_CLOSED = frozenset(
    {State.RESOLVED, State.CLOSED, State.REJECTED, State.WITHDRAWN, State.MERGED, State.REFERRED}
)
_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,60})\](\[\])?")
_LONG = 20_000


@dataclass(frozen=True)
class Shown:
    """What may be shown. ``words``: also what people wrote."""

    house: House
    language: str
    words: bool


def status_of(state: State) -> str:
    return "closed" if state in _CLOSED else "open"


def listed(work: Work, query: Mapping[str, str], shown: Shown, *, now: datetime) -> list[dict[str, Any]]:
    """Raises: Refusal."""
    numbers = _split(query.get("service_request_id", ""))
    statuses = _split(query.get("status", ""))
    if set(statuses) - {"open", "closed"}:
        raise Refusal("wrong-values", "status: open, closed or both")
    start, end = window(query, now=now, longest=LONGEST)
    states = tuple(s for s in State if s is not State.DRAFT and (not statuses or status_of(s) in statuses))
    wanted = Wanted(
        numbers=numbers[:100],
        categories=_split(query.get("service_code", "")),
        states=() if numbers else states,
        natures=(NATURE,),
        filed_from=None if numbers else start,
        filed_to=None if numbers else end,
    )
    lines = work.listing.tickets(wanted, limit=MOST)
    told = (
        {ticket.id: ticket for ticket in work.tickets.many([line.id for line in lines])}
        if shown.words
        else {}
    )
    return [_request(line, shown, told.get(line.id)) for line in lines]


def one(work: Work, number: str, shown: Shown) -> dict[str, Any]:
    """Raises: Refusal."""
    found = work.listing.tickets(Wanted(numbers=(number,), natures=(NATURE,)), limit=1)
    if not found:
        raise Refusal("unknown", f"service_request_id {number} was not found")
    return _request(found[0], shown, work.tickets.get(found[0].id) if shown.words else None)


def _request(line: Line, shown: Shown, told: Ticket | None) -> dict[str, Any]:
    known = line.category in shown.house.packs
    category = shown.house.packs.category(line.category) if known else None
    return {
        "service_request_id": line.number,
        "status": status_of(line.state),
        "status_notes": shown.house.states[line.state.value].in_(shown.language),
        "service_name": category.name.in_(shown.language) if category else None,
        "service_code": line.category,
        "description": told.description if told else None,
        "agency_responsible": category.department.name.in_(shown.language) if category else None,
        "service_notice": None,
        "requested_datetime": moment(line.submitted_at),
        "updated_datetime": moment(line.changed_at),
        "expected_datetime": moment(line.due_at),
        "address": _address(told, category) if told else None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _address(told: Ticket, category: Category | None) -> str | None:
    place = _place_field(category) if category else ""
    return told.details[place].text if place in told.details else None


def _place_field(category: Category) -> str:
    return next((field.key for field in asked(category) if field.type == "place"), "")


# -- filing -----------------------------------------------------------------------------------------------------------


def file(work: Work, form: Mapping[str, str], *, house: House, client: Client, now: datetime) -> Ticket:
    """File a request. Raises: Refusal."""
    code = form.get("service_code", "")
    if not code:
        raise Refusal("wrong-values", "service_code was not provided")
    if code not in house.packs.codes:
        raise Refusal("unknown", f"service_code {code} was not found; see services.json")
    category = house.packs.category(code)
    description = clean_text(form.get("description", ""))[0]
    details = _details(form, category)
    place = clean_text(form.get("address_string", "") or _position(form))[0]
    field = _place_field(category)
    if place and field:
        details.setdefault(field, place)
    elif place:
        description = f"{description}\n{place}".strip()
    if not description:
        raise Refusal("wrong-values", "description was not provided: say what happened")
    contact = " ".join(filter(None, (form.get(k, "").strip() for k in ("phone", "email"))))
    if contact and category.field("contact"):
        details["contact"] = clean_text(contact)[0][:200]
    guess, danger = guess_language(description), detect_emergency(description)
    told = Told(
        category=code,
        description=description,
        language=guess.language if guess.certain else house.languages[0],
        details=details,
        danger=(danger.code, danger.level) if danger and not danger.check else ("", ""),
        photo=form.get("media_url", "").strip()[:2000],
    )
    return file_at_counter(work, told, house=house, by=client.actor, now=now, channel=CHANNEL)


def _details(form: Mapping[str, str], category: Category) -> dict[str, str]:
    known = {field.key: field for field in asked(category)}
    details = {}
    for name, value in form.items():
        match = _ATTRIBUTE.fullmatch(name)
        text = clean_text(value)[0]
        if match is None or not text:
            continue
        field = known.get(match[1])
        if field is None:
            raise Refusal(
                "wrong-values", f"{category.code} has no attribute {match[1]}; it has {', '.join(known)}"
            )
        choice = next((choice for choice in field.choices if choice.value == text), None)
        details[field.key] = choice.title.zh if choice else text
    return details


def _position(form: Mapping[str, str]) -> str:
    given = [form.get(name, "").strip() for name in ("lat", "long")]
    if not any(given):
        return ""
    try:
        north, east = map(float, given)
    except ValueError:
        raise Refusal("wrong-values", "lat and long: both, in degrees, WGS84") from None
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise Refusal("wrong-values", "lat and long: both, in degrees, WGS84")
    return f"{north:.6f}, {east:.6f}"


# -- updates ----------------------------------------------------------------------------------------------------------


def updates(work: Work, query: Mapping[str, str], shown: Shown, *, now: datetime) -> list[dict[str, Any]]:
    """Raises: Refusal."""
    start, end = window(query, now=now, longest=timedelta(days=31), usual=timedelta(days=1))
    turns = work.listing.turns(start=start, end=end, nature=NATURE, limit=MOST)
    return [_update(turn, shown) for turn in turns]


def _update(turn: Turn, shown: Shown) -> dict[str, Any]:
    said = [str(turn.data[key]) for key in ("finding", "remedy", "question") if turn.data.get(key)]
    notes = shown.house.states[turn.state.value].in_(shown.language)
    return {
        "update_id": turn.event_id,
        "service_request_id": turn.number,
        "status": status_of(turn.state),
        "updated_datetime": moment(turn.at),
        "description": "\n".join([notes, *said]) if shown.words else notes,
        "media_url": None,
    }


def add_update(
    work: Work, form: Mapping[str, str], *, house: House, client: Client, now: datetime
) -> dict[str, Any]:
    """What the other program's people add to a case. Raises: Refusal, states.Refused."""
    number = form.get("service_request_id", "")
    ticket = work.tickets.by_number(number)
    if ticket is None or client.department not in ("", ticket.department):
        raise Refusal("unknown", f"service_request_id {number} was not found")
    text = clean_text(form.get("description", ""))[0]
    if not text:
        raise Refusal("wrong-values", "description was not provided: say what is new")
    desk = Desk(work, Rules(house.packs, house.calendar), client.actor, now)
    handling.act(desk, ticket, "supplement", {"text": text, "from": CHANNEL})
    return {"update_id": work.tickets.history(ticket.id)[-1].id}


# -- reading ----------------------------------------------------------------------------------------------------------


def window(
    query: Mapping[str, str], *, now: datetime, longest: timedelta, usual: timedelta = LONGEST
) -> tuple[datetime, datetime]:
    """``start_date`` and ``end_date``. Raises: Refusal."""
    start, end = _date(query, "start_date"), _date(query, "end_date")
    end = end or (min(now, start + longest) if start else now)
    start = start or end - usual
    if not timedelta() <= end - start <= longest:
        raise Refusal(
            "wrong-values", f"start_date and end_date: at most {longest.days} days, the earlier one first"
        )
    return start, end


def _date(query: Mapping[str, str], name: str) -> datetime | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    try:
        value = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text.replace(" ", "+")))
        if value.tzinfo is None:
            raise ValueError
    except ValueError:
        raise Refusal("wrong-values", f"{name}: write it as 2026-11-21T00:00:00Z") from None
    return value


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
