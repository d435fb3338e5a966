"""Drives whole conversations in process: inbox -> turn runner -> outbox, with the real engine, a real SQLite
store and a clock that is moved by hand. No gateway, no sockets, no test framework.

    world = World.create(engine=load_engine())
    ann = world.person("ann")
    answer = ann.say("窗口的人骂我")
    answer.text, answer.asked, answer.buttons, ann.draft, ann.tickets
"""

from __future__ import annotations

import itertools
import logging
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import update

from app.bus import Bus
from app.turns import TurnRunner, state_of
from bot.engine import BotMessage, Engine
from casework.conversations import inbox, outbox
from casework.conversations.inbox import TurnRules
from casework.conversations.model import Button, InboundMessage, Media, Sent
from casework.house import House
from casework.storage.database import Database
from casework.storage.tables import clocks
from casework.storage.work import Store
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.model import Intake, Ticket
from casework.tickets.states import State
from tests.model import find_model

ROOT = Path(__file__).resolve().parents[2]
ALL_PACKS = ("government", "power", "urban", "ecommerce", "hospitality", "finance", "telecom")
#: A Friday noon in Shanghai, when every office is open.
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)
#: What a person takes to read and to type.
BETWEEN_TURNS = timedelta(seconds=20)
CHANNEL = "terminal"


class TurnBroke(AssertionError):
    """The house failed at a turn. The text says where."""


# -- time ---------------------------------------------------------------------------------------------------

_SPAN = re.compile(r"(?P<number>\d+(?:\.\d+)?) ?(?P<unit>second|minute|hour|day|week)s?")


def span(text: str | timedelta) -> timedelta:
    """``"3 days"``, ``"2 hours"`` as a length of time. Raises: ValueError."""
    if isinstance(text, timedelta):
        return text
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r}: expected a number and seconds, minutes, hours, days or weeks")
    return timedelta(**{f"{match['unit']}s": float(match["number"])})


class Clock:
    """Stands still until it is moved."""

    def __init__(self, start: datetime = NOON) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def later(self, by: str | timedelta) -> None:
        self.now += span(by)


# -- what happened ------------------------------------------------------------------------------------------


@dataclass
class Heard:
    """What the engine did in one turn. ``actions`` are custom actions in order, ``responses`` what was said."""

    intent: str = ""
    parsed: Mapping[str, Any] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)
    responses: list[str] = field(default_factory=list)


class RecordingEngine(Engine):
    """The real engine, which also keeps what its last turn did and in ``turns`` all of them."""

    def __init__(self, agent: Any, store: Any) -> None:
        super().__init__(agent, store)
        self.last = Heard()
        self.turns: list[Heard] = []
        endpoint = agent.action_endpoint
        ask = endpoint.request

        async def request(*args: Any, **kwargs: Any) -> Any:
            self.last.actions.append(str(kwargs["json"].get("next_action")))
            return await ask(*args, **kwargs)

        endpoint.request = request

    def turn(
        self, *, conversation_id: str, text: str, parse_data: Mapping[str, Any], metadata: Mapping[str, Any]
    ) -> tuple[BotMessage, ...]:
        self.last = Heard(
            intent=str((parse_data.get("intent") or {}).get("name") or ""), parsed=dict(parse_data)
        )
        self.turns.append(self.last)
        said = super().turn(
            conversation_id=conversation_id, text=text, parse_data=parse_data, metadata=metadata
        )
        self.last.responses += [message.response for message in said if message.response]
        return said


def load_engine(model: Path | None = None) -> RecordingEngine:
    """An engine that records, with ``model`` or the one that `find_model` finds. Takes seconds."""
    engine = RecordingEngine.load(model or find_model())
    assert isinstance(engine, RecordingEngine)
    return engine


class _Errors(logging.Handler):
    """Collects what the house logs as an error: a turn that needs an apology is a failure here."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        trouble = ""
        if record.exc_info and record.exc_info[1] is not None:
            trouble = logging.Formatter().formatException(record.exc_info)
        self.records.append(f"{record.getMessage()}\n{trouble}".strip())


@contextmanager
def errors_of_the_house() -> Iterator[list[str]]:
    """Collect error records of our packages while this is open."""
    handler = _Errors()
    loggers = [logging.getLogger(name) for name in ("app", "bot", "actions", "casework", "understanding")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield handler.records
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


@dataclass(frozen=True)
class Answer:
    """What came back for one turn; empty ``texts`` when the bot stayed silent.

    ``asked``: key of the open question (``pending_field``), ``question``: exact state of it in the draft.
    """

    texts: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    authors: tuple[str, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)
    heard: Heard = field(default_factory=Heard)
    question: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def asked(self) -> str:
        return str(self.state.get("pending_field") or "")

    @property
    def responses(self) -> tuple[str, ...]:
        return tuple(self.heard.responses)

    def button(self, label_or_payload: str) -> Button | None:
        """The button of that title or payload; a payload may be shortened from its end (``category:GOV-ATT``)."""
        exact = [b for b in self.buttons if label_or_payload in (b.title, b.payload)]
        starts = [b for b in self.buttons if b.payload.startswith(label_or_payload)]
        return next(iter([*exact, *starts]), None)


@dataclass(frozen=True)
class Exchange:
    """One turn of a transcript."""

    who: str
    said: str
    answer: Answer
    draft: Intake | None


# -- the world ----------------------------------------------------------------------------------------------


_worlds = itertools.count(1)


class World:
    """One house with its database and its clock. People come in through `person`; people of two worlds never
    meet, even in the same database."""

    def __init__(self, *, engine: RecordingEngine, store: Store, house: House, clock: Clock) -> None:
        self.engine, self.store, self.house, self.clock = engine, store, house, clock
        self.runner = TurnRunner(store=store, engine=engine, house=house, bus=Bus(""), clock=clock)
        self.transcript: list[Exchange] = []
        self._people: dict[str, Person] = {}
        self._deliveries = 0
        self.number = next(_worlds)

    @classmethod
    def create(
        cls,
        *,
        engine: RecordingEngine,
        folder: Path | None = None,
        packs: Sequence[str] = ALL_PACKS,
        country: str = "CN",
        languages: tuple[str, ...] = ("zh", "en"),
        organisation: str = "Test town",
        start: datetime = NOON,
    ) -> World:
        """A new house with an empty database below ``folder`` (a temporary one without)."""
        return cls(
            engine=engine,
            store=new_store(folder),
            house=load_house(tuple(packs), country, languages, organisation),
            clock=Clock(start),
        )

    def person(self, name: str) -> Person:
        """The person of that name; the same each time."""
        if name not in self._people:
            self._people[name] = Person(self, name)
        return self._people[name]

    def later(self, by: str | timedelta) -> None:
        self.clock.later(by)

    def next_delivery(self) -> str:
        self._deliveries += 1
        return f"{self.number}-{self._deliveries}"


_STAFF_STEPS: Mapping[str, State] = {
    "accept": State.ASSIGNED,
    "sign": State.IN_PROGRESS,
    "ask": State.WAITING_COMPLAINANT,
    "resolve": State.RESOLVED,
    "reject": State.REJECTED,
}


class Person:
    """A complainant in one chat."""

    def __init__(self, world: World, name: str) -> None:
        self._world, self.name = world, name
        self.last = Answer()

    def say(
        self,
        text: str = "",
        *,
        payload: str = "",
        media: Iterable[Media | str | Mapping[str, Any]] = (),
        more: bool = False,
        command: str = "",
    ) -> Answer:
        """Send one message and let the house answer. ``more``: another follows at once, no answer yet.

        Raises: TurnBroke when the house failed at the turn.
        """
        received = self._send(text, payload, [_media(item) for item in media], more=more, command=command)
        if more:
            return Answer()
        self.last = self._answered(received.conversation_id, received.message_id)
        self._world.transcript.append(Exchange(self.name, text or payload or "[…]", self.last, self.draft))
        self._world.clock.later(BETWEEN_TURNS)
        return self.last

    def press(self, label_or_payload: str) -> Answer:
        """Press a button of the last answer, by its title or payload. Raises: KeyError."""
        button = self.last.button(label_or_payload)
        if button is None:
            raise KeyError(f"no button {label_or_payload!r} among {[b.title for b in self.last.buttons]}")
        return self.say(payload=button.payload)

    @property
    def address(self) -> str:
        return f"{self.name}-{self._world.number}"

    @property
    def draft(self) -> Intake | None:
        """The complaint that is being told; ``None`` when there is none."""
        with self._world.store.reading() as work:
            conversation = work.conversations.find(CHANNEL, self.address)
            draft = work.tickets.draft(conversation.id) if conversation else None
            return draft.intake if draft else None

    @property
    def tickets(self) -> list[Ticket]:
        """What this person filed, oldest first."""
        with self._world.store.reading() as work:
            conversation = work.conversations.find(CHANNEL, self.address)
            found = work.tickets.of_complainant(conversation.complainant_id) if conversation else []
        return sorted(found, key=lambda ticket: ticket.id)

    @property
    def events(self) -> list[str]:
        """The steps in the histories of this person's tickets, in order."""
        with self._world.store.reading() as work:
            return [event.action for ticket in self.tickets for event in work.tickets.history(ticket.id)]

    def staff(self, action: str, said: str = "") -> None:
        """Let staff take a step with this person's newest ticket that is not withdrawn; ``call`` keeps the promise
        of a first contact."""
        now = self._world.clock()
        ticket = [t for t in self.tickets if t.state is not State.WITHDRAWN][-1]
        if action == "call":
            kept = (clocks.c.ticket_id == ticket.id) & (clocks.c.kind == "first_contact")
            with self._world.store.database.transaction() as connection:
                connection.execute(update(clocks).where(kept).values(met_at=now))
            return
        to = _STAFF_STEPS[action]
        with self._world.store.writing() as work:
            values = {"resolved_at": now} if to is State.RESOLVED else {}
            changed = work.tickets.change(ticket, now=now, state=to, handler="Li", **values)
            work.tickets.add_event(
                changed,
                action=action,
                actor="agent",
                actor_name="Li",
                now=now,
                from_state=ticket.state,
                to_state=to,
                data={"finding": said} if said else None,
            )
        self._world.clock.later(BETWEEN_TURNS)

    def _send(self, text: str, payload: str, media: list[Media], *, more: bool, command: str) -> Any:
        profile: dict[str, Any] = {}
        if more:
            profile["more"] = True
        if command:
            profile["command"] = command
        message = InboundMessage(
            channel=CHANNEL,
            provider_id=self._world.next_delivery(),
            address=self.address,
            text=text,
            media=tuple(media),
            profile=profile,
        )
        with self._world.store.writing() as work:
            return inbox.receive(
                work, message, now=self._world.clock(), rules=TurnRules(), payload=payload or None
            )

    def _answered(self, conversation_id: int, inbound_id: int) -> Answer:
        world, now = self._world, self._world.clock()
        world.engine.last = Heard()
        with errors_of_the_house() as errors:
            with world.store.writing() as work:
                conversation = work.conversations.get(conversation_id)
                if conversation.ready_at is not None:
                    work.conversations.change(conversation_id, ready_at=now)
            if conversation.ready_at is not None:
                world.runner.run_next(conversation_id)
        if errors:
            raise TurnBroke("\n".join(errors))
        with world.store.writing() as work:
            conversation = work.conversations.get(conversation_id)
            out = [
                m
                for m in work.messages.transcript(conversation_id, limit=50, internal=False)
                if m.direction == "out" and m.state in ("queued", "held")
            ]
            token = f"e2e:{inbound_id}"
            for message in outbox.claim_these(work, [m.id for m in out], now=now, token=token):
                outbox.record_sent(work, message, Sent(), token=token, now=now)
            draft = work.tickets.draft(conversation_id)
            return Answer(
                texts=tuple(m.text for m in out),
                buttons=tuple(button for m in out for button in m.buttons),
                authors=tuple(m.author.value for m in out),
                state=state_of(work, conversation),
                heard=world.engine.last,
                question=draft.intake.pending if draft and draft.intake else "",
            )


_SAMPLES: Mapping[str, Mapping[str, Any]] = {
    "photo": {"ref": "photo-1", "mime": "image/jpeg"},
    "video": {"ref": "video-1", "mime": "video/mp4"},
    "voice": {"ref": "voice-1", "mime": "audio/amr"},
    "file": {"ref": "file-1", "mime": "application/pdf", "name": "contract.pdf"},
    "sticker": {"ref": "sticker-1"},
    "location": {"latitude": 31.2304, "longitude": 121.4737},
    "contact": {"phone": "+8613900001111"},
}


def _media(item: Media | str | Mapping[str, Any]) -> Media:
    """``"photo"``, or a mapping with ``kind`` and fields of `Media`."""
    if isinstance(item, Media):
        return item
    told: dict[str, Any] = {"kind": item} if isinstance(item, str) else dict(item)
    known = Media.__dataclass_fields__
    sample = {key: value for key, value in _SAMPLES.get(told["kind"], {}).items() if key in known}
    return Media(**{**sample, **told})


# -- building -----------------------------------------------------------------------------------------------

_KEY = "tJx0d0Zq7l0Yw0m8m1r9b0Q5v8y3kq2n4c6e8g0i2k4="  # 32 bytes; the database is thrown away


def new_store(folder: Path | None = None) -> Store:
    """An empty store in a SQLite file."""
    folder = folder or Path(tempfile.mkdtemp(prefix="tingsu-e2e-"))
    database = Database(f"sqlite:///{folder / 'e2e.db'}", keys=(_KEY,))
    database.migrate()
    return Store(database)


@lru_cache
def load_house(
    packs: tuple[str, ...] = ALL_PACKS,
    country: str = "CN",
    languages: tuple[str, ...] = ("zh", "en"),
    organisation: str = "Test town",
) -> House:
    zones = {"CN": "Asia/Shanghai", "GB": "Europe/London", "US": "America/New_York"}
    return House.load(
        ROOT / "packs",
        organisation=organisation,
        packs=packs,
        calendar=WorkingCalendar(zone=zones[country], country=country),
        country=country,
        languages=languages,
    )
