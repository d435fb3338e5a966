"""A small world of people, providers, workers, couriers and staff, played in a random order.

Every actor is a generator over the real use cases; it yields wherever a process could lose the processor or its
life, that is, between transactions. What the bot would say is a trivial text that names the messages it answers and
the epoch it was made from: the engine is not what is attacked here.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casework.conversations import handover, inbox, outbox, turns, waiting
from casework.conversations.handover import EngineAway, TakenBy
from casework.conversations.inbox import TurnRules
from casework.conversations.model import (
    DeliveryError,
    Event,
    InboundMessage,
    LeaseLost,
    Owner,
    Received,
    Reply,
    Sent,
    StaleReply,
)
from casework.house import House
from casework.storage.work import Store, Work
from tests.conftest import NOW

CHANNEL = "storm"
RULES = TurnRules()
#: A provider call that takes longer ends as a time-out; shorter than the lease of a message being sent.
CALL = timedelta(seconds=45)
PATIENCE = waiting.Patience(
    promise=timedelta(minutes=2), grace=timedelta(minutes=2), again=timedelta(seconds=20)
)
HANDOVER_LINE = "a person is asked"
KEPT = "kept"
_IDS = re.compile(r"answers (?P<ids>[\d,]+) from (?P<epoch>\d+)")

#: What staff do, as often as they stand here.
_ACTS = ("claim", "says", "transfer", "release", "release", "release")

Actor = Iterator[None]


@dataclass(frozen=True)
class Temper:
    """How unkind this world is; shares from 0 to 1. ``crash``: of steps that kill a process instead."""

    crash: float = 0.0
    repeat: float = 0.2  # of deliveries that the provider repeats
    wants_person: float = 0.0
    album: float = 0.0
    broken: float = 0.0  # of turns in which the engine fails
    refusals: float = 0.0  # of sends that go wrong, in all ways a provider knows
    passive: float = 0.0  # of messages whose call can carry the answer


@dataclass
class World:
    """One database, many histories. ``count``: what happened, for saying that a race did take place."""

    store: Store
    house: House
    rng: random.Random
    count: Counter[str] = field(default_factory=Counter)
    now: datetime = NOW
    #: conversation -> (message, what was delivered), in the order of the provider
    delivered: dict[int, list[int]] = field(default_factory=dict)
    #: conversation -> epoch -> owner
    owners: dict[int, dict[int, Owner]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    #: album -> (message, when it came)
    albums: dict[str, list[tuple[int, datetime]]] = field(default_factory=dict)
    _ids: int = 0

    def next_id(self) -> int:
        self._ids += 1
        return self._ids

    def note_owner(self, conversation_id: int, epoch: int, owner: Owner) -> None:
        self.owners.setdefault(conversation_id, {0: Owner.BOT})[epoch] = owner

    def conversation_ids(self) -> list[int]:
        return [person.conversation_id for person in self.people.values() if person.conversation_id]


@dataclass
class Person:
    """Somebody who writes. ``sent``: every delivery made, for repeating; ``blocked``: refuses messages now."""

    address: str
    sent: list[InboundMessage] = field(default_factory=list)
    conversation_id: int = 0
    blocked: bool = False


def deliver(world: World, person: Person, message: InboundMessage) -> Received:
    with world.store.writing() as work:
        received = inbox.receive(work, message, now=world.now, rules=RULES)
        conversation = work.conversations.get(received.conversation_id)
    person.conversation_id = conversation.id
    world.note_owner(conversation.id, conversation.epoch, conversation.owner)
    world.count["repeats" if received.duplicate else "messages"] += 1
    return received


def writer(world: World, person: Person, temper: Temper, *, messages: int) -> Actor:
    """The person and their provider: messages, albums, wishes for a person, repeated deliveries."""
    rng, left = world.rng, messages
    while left > 0:
        group = f"g{world.next_id()}" if rng.random() < temper.album else ""
        for _ in range(3 if group else 1):
            text = "person please" if rng.random() < temper.wants_person else f"text {left}"
            passive = world.now + timedelta(seconds=5) if rng.random() < temper.passive else None
            message = InboundMessage(
                CHANNEL,
                f"{person.address}:{world.next_id()}",
                person.address,
                text=text,
                group_key=group,
                passive_until=passive,
            )
            person.sent.append(message)
            received = deliver(world, person, message)
            if group:
                world.albums.setdefault(group, []).append((received.message_id, world.now))
            left -= 1
            yield
            if passive is not None:
                yield from _open_call(world, person, received, message)
            while rng.random() < temper.repeat:
                deliver(world, person, rng.choice(person.sent))
                yield


def _open_call(world: World, person: Person, received: Received, message: InboundMessage) -> Actor:
    """The provider's own call: waits for an answer and carries it, repeats itself, or breaks."""
    for _ in range(world.rng.randint(1, 8)):
        with world.store.writing() as work:
            taken = outbox.take_passive(
                work,
                conversation_id=received.conversation_id,
                inbound_id=received.message_id,
                now=world.now,
            )
        yield
        if taken is None:
            continue
        fate = world.rng.random()
        if fate < 0.15:  # cut before the answer was written: the provider repeats the delivery
            deliver(world, person, message)
            continue
        with world.store.writing() as work:
            if fate < 0.25:
                outbox.put_back(work, taken, inbound_id=received.message_id, now=world.now)
            elif outbox.passive_sent(work, taken, inbound_id=received.message_id, now=world.now):
                world.delivered.setdefault(received.conversation_id, []).append(taken.id)
                world.count["passive answers"] += 1
        yield
        return
    with world.store.writing() as work:
        outbox.passive_over(work, conversation_id=received.conversation_id)
    yield


class Broken(Exception):
    """The engine failed in a turn."""


def worker(world: World, temper: Temper) -> Actor:
    """An engine worker: claim, understand (time passes), answer in one transaction."""
    while True:
        with world.store.writing() as work:
            claim = turns.claim_next(work, now=world.now)
        yield
        if claim is None:
            continue
        broken = claim.is_poison or world.rng.random() < temper.broken
        wishes = any(message.text == "person please" for message in claim.messages)
        yield
        try:
            with world.store.writing() as work:
                turns.confirm(work, claim)
                if broken:
                    raise Broken
                _answer(world, work, claim, wishes=wishes)
        except LeaseLost:
            world.count["refused"] += 1
        except StaleReply:
            world.count["refused"] += 1
        except Broken:
            with world.store.writing() as work:
                aside = turns.fail(work, claim, now=world.now, apology=Reply(KEPT))
                conversation = work.conversations.get(claim.conversation.id)
            world.note_owner(conversation.id, conversation.epoch, conversation.owner)
            world.count["turns set aside" if aside else "turns failed"] += 1
        yield


def _answer(world: World, work: Work, claim: turns.Claim, *, wishes: bool) -> None:
    ids = ",".join(str(message.id) for message in claim.messages)
    text = f"answers {ids} from {claim.conversation.epoch}"
    if wishes:
        changed = handover.request_person(work, claim.conversation, now=world.now)
        world.note_owner(changed.id, changed.epoch, changed.owner)
        text = f"{HANDOVER_LINE}: {text}"
        world.count["hand-overs"] += 1
    turns.finish(work, claim, [Reply(text)], understanding={}, now=world.now, owner_changed=wishes)
    world.count["turns"] += 1


def courier(world: World, temper: Temper) -> Actor:
    """Takes what waits and hands it to a provider that takes it, refuses it or leaves one in doubt."""
    while True:
        token = f"courier:{world.next_id()}"
        began = world.now
        with world.store.writing() as work:
            claimed = outbox.claim_to_send(work, channels=[CHANNEL], now=began, token=token, limit=3)
        yield
        for message, _ in claimed:
            error = _provider(world, message.address, message.conversation_id, message.id, temper, began)
            yield
            with world.store.writing() as work:
                if error is None:
                    outbox.record_sent(work, message, Sent(("p",)), token=token, now=world.now)
                else:
                    outbox.record_failure(
                        work, message, error, token=token, now=world.now, jitter=world.rng.random()
                    )
            yield


def _provider(
    world: World, address: str, conversation_id: int, message_id: int, temper: Temper, began: datetime
) -> DeliveryError | None:
    person = world.people[address]
    if world.now - began >= CALL:
        return DeliveryError("timeout")  # the process gave up before it began
    fate = world.rng.random()
    if person.blocked:
        world.count["blocked"] += 1
        return DeliveryError("403", unreachable=True, permanent=True)
    if fate < temper.refusals / 3:
        return DeliveryError("502")
    if fate < temper.refusals * 2 / 3:
        return DeliveryError("timeout", maybe_sent=True)
    world.delivered.setdefault(conversation_id, []).append(message_id)
    if fate < temper.refusals:
        return DeliveryError("timeout", maybe_sent=True)
    return None


def staff(world: World, name: str, colleagues: tuple[str, ...]) -> Actor:
    """Somebody of staff: takes chats, answers, passes them on, gives them back; whatever comes to mind."""
    rng = world.rng
    while True:
        yield
        ids = world.conversation_ids()
        if not ids:
            continue
        chat, act = rng.choice(ids), rng.choice(_ACTS)
        try:
            with world.store.writing() as work:
                before = work.conversations.get(chat)
                _staff_act(world, work, act, chat, name, colleagues)
                after = work.conversations.get(chat)
        except TakenBy as taken:
            world.count["taken by another" if taken.name != name else "taken by oneself"] += 1
            continue
        except EngineAway:
            world.count["release refused"] += 1
            continue
        if before.owner is Owner.BOT and after.owner is Owner.STAFF:
            world.count["taken from the bot"] += 1
        world.note_owner(chat, after.epoch, after.owner)


def _staff_act(world: World, work: Work, act: str, chat: int, name: str, colleagues: tuple[str, ...]) -> None:
    now = world.now
    if act == "claim":
        handover.claim(work, chat, name=name, now=now)
    elif act == "says":
        handover.staff_says(work, chat, Reply(f"{name} here"), name=name, now=now)
        world.count["staff words"] += 1
    elif act == "transfer":
        told = Reply("a colleague carries on")
        handover.transfer(work, chat, name=name, to=world.rng.choice(colleagues), told=told, now=now)
    else:
        handover.release(work, chat, closing=Reply("the bot again"), name=name, now=now)


def usher(world: World) -> Actor:
    """Tells those who wait."""
    while True:
        yield
        for chat in world.conversation_ids():
            with world.store.writing() as work:
                if waiting.look_after(work, chat, house=world.house, now=world.now, patience=PATIENCE):
                    world.count["told while waiting"] += 1
                after = work.conversations.get(chat)
            world.note_owner(chat, after.epoch, after.owner)


def blocker(world: World, person: Person) -> Actor:
    """The person blocks the bot and comes back."""
    while True:
        for _ in range(world.rng.randint(3, 12)):
            yield
        person.blocked = not person.blocked
        event = Event.UNREACHABLE if person.blocked else Event.REACHABLE
        deliver(
            world,
            person,
            InboundMessage(CHANNEL, f"{person.address}:{world.next_id()}", person.address, event=event),
        )


def desk(world: World, person: Person, seen: list[int]) -> Actor:
    """Shows the chat as it grows, loses its connection at times, and asks for what it missed."""
    while True:
        yield
        if not person.conversation_id or world.rng.random() < 0.5:
            continue
        with world.store.reading() as work:
            news = work.messages.transcript(person.conversation_id, after_seq=seen[-1] if seen else 0)
        seen.extend(message.seq for message in news)


def play(
    world: World, makers: list[Callable[[], Actor]], temper: Temper, *, steps: int, longest_s: float = 30.0
) -> None:
    """Run the actors in a random order; time passes between steps; processes die and are started anew. What is under
    way at the end dies with it."""
    rng = world.rng
    actors: list[Actor | None] = [make() for make in makers]
    for _ in range(steps):
        world.now += timedelta(seconds=rng.choice((0, 0.1, 0.3, 1, longest_s * rng.random())))
        chosen = rng.randrange(len(actors))
        actor = actors[chosen]
        if actor is None:
            continue
        if rng.random() < temper.crash:
            world.count["kills"] += 1
            actors[chosen] = makers[chosen]()
            continue
        try:
            next(actor)
        except StopIteration:
            actors[chosen] = None
        world.count["steps"] += 1


def settle(world: World, person: Person) -> None:
    """Everybody calm: the person comes back, staff gives the chat back, workers and couriers finish what is left.

    The person says nothing more: a message that was forgotten must not be found by a later one. What has not come to
    rest at the end is found by whoever examines the history.
    """
    person.blocked = False
    calm = Temper(repeat=0)
    world.now += timedelta(minutes=30)
    last = InboundMessage(
        CHANNEL, f"{person.address}:{world.next_id()}", person.address, event=Event.REACHABLE
    )
    person.sent.append(last)
    deliver(world, person, last)
    chat = person.conversation_id
    with world.store.writing() as work:
        after = handover.release(work, chat, closing=Reply("the bot again"), now=world.now)
    world.note_owner(chat, after.epoch, after.owner)
    hands = (worker(world, calm), courier(world, calm))
    for _ in range(60):
        world.now += timedelta(minutes=16)
        for _ in range(5):
            for hand in hands:
                next(hand)
        with world.store.reading() as work:
            left = [row for row in work.sending.undelivered(limit=500) if row.conversation_id == chat]
            if not work.messages.waiting(chat) and all(row.state == "failed" for row in left):
                return


def answered_by(text: str) -> tuple[tuple[int, ...], int] | None:
    """(messages it answers, epoch it was made from), of a bot's or hand-over line."""
    found = _IDS.search(text)
    return (tuple(int(i) for i in found["ids"].split(",")), int(found["epoch"])) if found else None
