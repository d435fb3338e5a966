"""The engine worker's turn: claim what waits, understand it, answer it in one transaction.

Everything an action writes, the working memory of the dialogue and the answer are committed together: a crash
before leaves the messages waiting, a crash after leaves nothing to do. No turn is half done.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from actions.memory import memory_of
from actions.turn import Turn, turn_open
from app.bus import CHAT, EVENT, SEND, TURN, Bus
from app.hearing import Hearing, act_of, payload_of, text_of
from app.observing.figures import TurnWatch, count_answer
from app.public import answer_in_public, is_public
from app.wording import in_their_hand
from bot.engine import BotMessage, Engine
from casework.conversations import turns
from casework.conversations.model import (
    Button,
    Conversation,
    LeaseLost,
    Reply,
    StaleReply,
)
from casework.conversations.turns import Claim
from casework.house import House
from casework.storage.database import DatabaseUnavailable
from casework.storage.work import Store, Work
from casework.words import remembering
from understanding.language import in_either_script

logger = logging.getLogger(__name__)

#: How often it is tried to give a turn back to a database that went away, a second apart; then its lease ends.
_GIVE_BACK_TRIES = 15
#: How often in a row a turn is given back because of the database, before it counts as failed.
_GIVE_BACKS = 10


class TurnFailed(Exception):
    """An action failed, or no worker survived this turn; it was rolled back."""


_work: ContextVar[tuple[Work, datetime] | None] = ContextVar("tingsu_tracker_work", default=None)


class TrackersInTransaction:
    """The dialogue's working memory, kept in the transaction of the turn under way."""

    def load(self, conversation_id: str) -> str | None:
        current = _work.get()
        return current[0].trackers.load(conversation_id) if current else None

    def save(self, conversation_id: str, state: str) -> None:
        current = _work.get()
        if current is not None:
            current[0].trackers.save(conversation_id, state, now=current[1])


class TurnRunner:
    """Answers conversations one after the other. One object a worker process. ``renew_house``: takes up what was
    edited at the desk; called between turns, never in one."""

    def __init__(
        self,
        *,
        store: Store,
        engine: Engine,
        house: House,
        bus: Bus,
        clock: Callable[[], datetime],
        renew_house: Callable[[], None] = lambda: None,
    ) -> None:
        self._renew_house = renew_house
        self._store, self._engine, self._house, self._bus, self._clock = store, engine, house, bus, clock
        #: Monotonic seconds since which a turn has been under way; ``None`` between turns.
        self.busy_since: float | None = None
        #: conversation -> turns in a row in which the database was away
        self._no_database: Counter[int] = Counter()
        self._hearing = Hearing(store=store, engine=engine, house=house)
        engine.bind(TrackersInTransaction())

    def run_forever(self, *, stopped: Callable[[], bool]) -> None:
        """Work until ``stopped``. A failing database is waited for."""
        while not stopped():
            try:
                if not self.run_next():
                    self._renew_house()  # here, where no turn waits for it
                    self._bus.wait(TURN, timeout_s=self._idle_s())
            except Exception:  # the worker's door: it must outlive whatever a round brings
                logger.exception("engine.round_failed")
                time.sleep(1)

    def _idle_s(self) -> float:
        with self._store.reading() as work:
            due = work.conversations.next_ready_at()
        if due is None:
            return 1.0
        return min(1.0, max(0.005, (due - self._clock()).total_seconds()))

    def run_next(self, conversation_id: int | None = None) -> bool:
        """Answer the conversation that has waited longest (or this one). ``False`` when nothing was ready."""
        if conversation_id is None and not self._anything_ready():
            return False
        self._renew_house()
        with self._store.writing() as work:
            claim = turns.claim_next(work, now=self._clock(), conversation_id=conversation_id)
        if claim is None:
            return False
        started = time.perf_counter()
        watch = TurnWatch(claim.conversation.id)
        self.busy_since = time.monotonic()
        try:
            self._answer(claim, watch)
        except LeaseLost:
            watch.over("lease_lost")
            logger.warning("turn.lease_lost: conversation=%s", claim.conversation.id)
        except StaleReply:
            watch.over("stale")
        except DatabaseUnavailable:
            watch.over("database")
            logger.exception("turn.no_database: conversation=%s", claim.conversation.id)
            self._no_database[claim.conversation.id] += 1
            if self._no_database[claim.conversation.id] > _GIVE_BACKS:
                self._failed(claim)  # the database is there: it is this turn that it refuses
            else:
                self._give_back(claim)
        except Exception:
            watch.over("failed")
            logger.exception("turn.failed: conversation=%s", claim.conversation.id)
            self._failed(claim)
        else:
            watch.over("done")
            self._no_database.pop(claim.conversation.id, None)
            logger.info(
                "turn.done: conversation=%s messages=%d ms=%.0f",
                claim.conversation.id,
                len(claim.messages),
                1000 * (time.perf_counter() - started),
            )
        finally:
            self.busy_since = None
        self._bus.publish(SEND)
        self._bus.publish(EVENT)
        self._bus.publish(CHAT, str(claim.conversation.id))
        return True

    def _give_back(self, claim: Claim) -> None:
        """The database went away in the turn: the messages wait again, and nobody counts it against them."""
        for _ in range(_GIVE_BACK_TRIES):
            time.sleep(1)
            with suppress(DatabaseUnavailable), self._store.writing() as work:
                turns.give_back(work, claim, now=self._clock())
                return

    def _anything_ready(self) -> bool:
        """A look without the write lock, so that an idle worker disturbs nobody."""
        with self._store.reading() as work:
            due = work.conversations.next_ready_at()
        return due is not None and due <= self._clock()

    def _answer(self, claim: Claim, watch: TurnWatch) -> None:
        now = self._clock()
        if claim.is_poison:
            raise TurnFailed("workers died of these messages")
        parsed = self._hearing.understand(claim, now)
        watch.lap("understand")
        language = self._hearing.language(claim, parsed)
        with self._store.writing() as work:
            conversation = turns.confirm(work, claim)
            script = _script_of(parsed, text_of(claim.messages)) or conversation.script
            if (language, script) != (conversation.language, conversation.script):
                work.conversations.change(conversation.id, language=language, script=script)
                conversation = replace(conversation, language=language, script=script)
            turn = Turn(
                work=work,
                conversation=conversation,
                messages=claim.messages,
                house=self._house,
                now=now,
                language=language,
            )
            if is_public(conversation):
                messages = answer_in_public(self._house, conversation, parsed, language=language)
            else:
                messages = self._engine_turn(turn, claim, parsed)
            if turn.failed is not None:
                raise TurnFailed from turn.failed
            if turn.forget:
                work.trackers.drop(conversation.key)
            turns.finish(
                work,
                claim,
                [in_their_hand(_joined(messages), turn)] if messages else [],
                understanding={} if turn.forget else _kept(parsed, turn),
                now=now,
                owner_changed=turn.owner_changed,
            )
            watch.lap("answer")
        watch.lap("commit")
        count_answer(act_of(parsed), (message.response for message in messages))
        if turn.forget:
            self._store.database.forget_log()

    def _engine_turn(self, turn: Turn, claim: Claim, parsed: Mapping[str, Any]) -> tuple[BotMessage, ...]:
        token = _work.set((turn.work, turn.now))
        try:
            with turn_open(turn), remembering(lambda: memory_of(turn).used):
                return self._engine.turn(
                    conversation_id=claim.conversation.key,
                    text=text_of(claim.messages),
                    parse_data=dict(parsed),
                    metadata=_metadata(claim, turn.language, means=str(parsed.get("means", ""))),
                )
        finally:
            _work.reset(token)

    def _failed(self, claim: Claim) -> None:
        reference = f"{claim.conversation.id:x}-{claim.messages[-1].id:x}"
        language = self._hearing.language(claim, {})
        apology = Reply(self._house.words["kept_after_failure"].in_(language).format(reference=reference))
        with self._store.writing() as work:
            turns.fail(work, claim, now=self._clock(), apology=apology)


def _metadata(claim: Claim, language: str, *, means: str = "") -> dict[str, Any]:
    """``means``: the payload of the button that the words are as good as."""
    last = claim.messages[-1]
    return {
        "turn": str(last.id),
        "channel": claim.conversation.channel,
        "language": language,
        "payload": payload_of(claim.messages) or means,
        "message_ids": [m.id for m in claim.messages],
        "media": [
            {k: v for k, v in asdict(item).items() if v not in ("", None)}
            for m in claim.messages
            for item in m.media
        ],
        "unknown": str(last.profile.get("unknown", "")),
        "stale_button": bool(last.profile.get("stale_button")),
        "event": last.event.value,
    }


def _kept(parsed: Mapping[str, Any], turn: Turn) -> dict[str, Any]:
    """What of the understanding is kept with the message, for staff and for measuring."""
    kept = {key: parsed.get(key) for key in ("intent", "emotion", "emergency", "language")}
    kept["categories"] = list(parsed.get("categories") or [])[:3]
    if turn.ticket:
        kept["ticket"] = turn.ticket
    return kept


def _joined(messages: tuple[BotMessage, ...]) -> Reply:
    """One message for one turn: people read one answer, and providers count messages."""
    texts = [message.text for message in messages if message.text]
    buttons = next((message.buttons for message in reversed(messages) if message.buttons), ())
    return Reply(
        "\n".join(texts),
        tuple(Button(title=b.title, payload=b.payload, url=b.url) for b in buttons),
    )


def state_of(work: Work, conversation: Conversation) -> dict[str, Any]:
    """Where a conversation stands, for programs: pending field, category, language, owner, newest ticket."""
    draft = work.tickets.draft(conversation.id)
    intake = draft.intake if draft else None
    filed = work.tickets.of_complainant(conversation.complainant_id, limit=1)
    return {
        "pending_field": (intake.question or None) if intake else None,
        "category": (intake.category or None) if intake else None,
        "language": conversation.language or None,
        "owner": conversation.owner.value,
        "ticket": filed[0].number if filed else None,
    }


def _script_of(parsed: Mapping[str, Any], text: str) -> str:
    """The script of a turn; empty where it has none of its own. A number or a short word that is written alike in both
    does not turn somebody who writes in Traditional characters."""
    heard_in = parsed.get("language") or {}
    script = str(heard_in.get("script") or "") if heard_in.get("certain", True) else ""
    return "" if script == "hans" and in_either_script(text) else script
