"""What happens while staff look: one stream a page. It tells that something changed; the page fetches what.

The event of a thread bears the place of its last message and the turn of its owner. The page asks for what came behind
the last place it has, so no message is missed whatever the stream lost; a browser that comes back names the last event
it had (``Last-Event-ID``) and is told only where something is new. What became of messages that were sent is told with
the event itself.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from casework.conversations import handover
from casework.conversations.model import Owner
from desk.board import talk_seen
from desk.desk import Desk
from desk.visits import SAFE_HEADERS, Door, NotFound, Visit

#: Topics of the wake-ups that a desk looks at. Source: app.bus.
TURN, SEND, EVENT, CHAT = "turn", "send", "event", "chat"
#: A line at least this often, so that proxies keep the stream open, and a sign of life of who looks.
BEAT_S = 15.0
#: A stream ends after this; the browser opens it again. Source: proxies that cut long answers.
LONGEST_S = 600.0
#: How often those who wait are counted, for all who look.
COUNT_S = 1.0
#: A page is told to fetch its list this long after a change at most, and not more often than so many seconds: very many
#: pages that look at the same list ask one after the other.
SPREAD_S, LIST_S = 2.0, 5.0
#: So many of the latest messages of a thread are looked at for whether they went out.
LOOKED_AT = 200
#: Which wake-ups change which list at once. What else changes it is found by the next beat.
_LISTS = {"talks": (CHAT, EVENT), "cases": (EVENT,)}
#: A browser that lost its stream comes back after this: from the first to the second, in milliseconds, so that not all
#: come at once when the gateway is started again.
RETRY_MS = (1000, 5000)
#: Headers by which proxies hold nothing of it back.
_STREAMED = {**SAFE_HEADERS, "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


@dataclass
class _Page:
    """What one page was told. ``talk``: the conversation it shows, 0 for none; ``side``: its list; ``last``: the last
    event of the conversation; ``unsent``: which messages had not gone out; ``list_at``: when it is told of its list
    next; ``mark``: of the last change it knows."""

    visit: Visit
    talk: int
    side: str
    last: str
    ends: float
    unsent: str = ""
    beat_at: float = 0.0
    list_at: float | None = None
    listed_at: float = 0.0
    mark: tuple[int, int] | None = None


class Live:
    """``GET /desk/live``"""

    def __init__(self, desk: Desk, door: Door, *, chance: Callable[[], float] = random.random) -> None:
        self._desk, self._door, self._chance = desk, door, chance
        self._waiting, self._mark, self._counted_at = 0, (0, 0), -COUNT_S

    async def stream(self, request: Request) -> Response:
        visit = await run_sync(self._door.visit_of, request)
        if visit is None or visit.session.must_change:
            return Response(status_code=204, headers=SAFE_HEADERS)  # a browser does not come back after that
        talk = visit.place("talk")
        if talk and not await run_sync(self._sees, visit, talk):
            return Response(status_code=204, headers=SAFE_HEADERS)
        last = request.headers.get("last-event-id", "")
        page = _Page(visit, talk, visit.query("list"), last, time.monotonic() + LONGEST_S)
        return StreamingResponse(self._events(page), media_type="text/event-stream", headers=_STREAMED)

    async def _events(self, page: _Page) -> AsyncIterator[str]:
        told: dict[str, str] = {}
        first, last = RETRY_MS
        yield f"retry: {first + int(self._chance() * (last - first))}\n\n"
        try:
            async with AsyncExitStack() as stack:
                listening = self._desk.live.listening
                topics = _LISTS.get(page.side, ())
                lists = [await stack.enter_async_context(listening(topic)) for topic in topics]
                own = asyncio.Event()
                if page.talk:
                    own = await stack.enter_async_context(listening(CHAT, str(page.talk)))
                while (now := time.monotonic()) < page.ends and not self._desk.is_closing():
                    beats = now >= page.beat_at
                    if beats and not await self._beat(page, now):
                        yield _event("over", "")
                        return
                    if beats:
                        yield ": \n\n"
                    await self._count(now)
                    async for event in self._changes(page, own, lists, now, beats=beats):
                        yield event
                    for name, value in self._figures(page, now).items():
                        if told.get(name) != value:
                            told[name] = value
                            yield _event(name, value)
                    await self._desk.live.pause(own, timeout_s=1.0)
                    await asyncio.sleep(0.05)
        finally:
            if page.talk:
                self._desk.presence.leave(page.talk, page.visit.member.name)

    async def _changes(
        self, page: _Page, own: asyncio.Event, lists: list[asyncio.Event], now: float, *, beats: bool
    ) -> AsyncIterator[str]:
        """What is new in the thread and in the lists. A beat also looks for what no wake-up told of."""
        if page.talk and (beats or own.is_set()):
            own.clear()
            place, unsent = await run_sync(self._thread, page)
            if place != page.last:
                page.last = place
                yield _event("talk", place, id=place)
            if unsent != page.unsent:
                page.unsent = unsent
                yield _event("delivery", unsent)
        if page.mark is None:  # the page has just been made
            page.mark, page.listed_at = self._mark, now
        woken = any(signal.is_set() for signal in lists)
        if page.list_at is None and (woken or (beats and page.side and page.mark != self._mark)):
            page.list_at = max(page.listed_at + LIST_S, now) + self._chance() * SPREAD_S
        if page.list_at is not None and now >= page.list_at:
            for signal in lists:
                signal.clear()
            page.list_at, page.listed_at, page.mark = None, now, self._mark
            yield _event("list", "")

    async def _beat(self, page: _Page, now: float) -> bool:
        """A sign of life. ``False``: nobody is there any more, or they may not look any more."""
        page.beat_at = now + BEAT_S
        if await page.visit.request.is_disconnected() or not await run_sync(self._sign_of_life, page):
            return False
        if page.talk:
            self._desk.presence.look(page.talk, page.visit.member.name, until=now + 2 * BEAT_S)
        return True

    async def _count(self, now: float) -> None:
        """How many wait, and a mark of the last change of all; once in a while for all who look."""
        if now - self._counted_at >= COUNT_S:
            self._counted_at = now
            self._waiting, self._mark = await run_sync(self._counted)

    def _figures(self, page: _Page, now: float) -> dict[str, str]:
        """How many wait, who else looks at the conversation, and who of them writes."""
        figures = {"waiting": str(self._waiting)}
        if page.talk:
            words = page.visit.words
            here, writing = self._desk.presence.others(page.talk, page.visit.member.name, now=now)
            key, names = ("writes_too", writing) if writing else ("looking_too", here)
            figures["present"] = words(key, names=", ".join(names)) if names else ""
        return figures

    # -- what is asked of the database ----------------------------------------------------------------

    def _sees(self, visit: Visit, talk: int) -> bool:
        with self._desk.store.reading() as work:
            try:
                return visit.may("talks") and bool(talk_seen(work, visit, talk))
            except NotFound:
                return False

    def _thread(self, page: _Page) -> tuple[str, str]:
        """Its last place and turn, and what of its latest messages has not gone out: each place with a class and a
        word. What is behind ``from``, up to ``to``, and not named has gone out: ``sent`` is the word for it."""
        with self._desk.store.reading() as work:
            conversation = work.listing.chat(page.talk)
            if conversation is None:
                return "", ""
            first = max(0, conversation.seq - LOOKED_AT)
            unsent = work.sending.unsent(page.talk, after=first)
        words = page.visit.words
        said = {seq: [state, words(f"delivery_{state}")] for seq, state in unsent.items()}
        told = {"from": first, "to": conversation.seq, "unsent": said, "sent": words.delivery_sent}
        return f"{conversation.seq}-{conversation.epoch}", json.dumps(told, ensure_ascii=False)

    def _counted(self) -> tuple[int, tuple[int, int]]:
        with self._desk.store.reading() as work:
            return work.conversations.count_owned(Owner.QUEUE), work.board.newest()

    def _sign_of_life(self, page: _Page) -> bool:
        """Tells that this member of staff is there. ``False``: the session is over, or the conversation not theirs to
        see any more."""
        current = self._door.visit_of(page.visit.request)
        if current is None or (page.talk and not self._sees(current, page.talk)):
            return False
        with self._desk.store.writing() as work:
            handover.seen(work, name=current.member.login, now=current.now)
        return True


def _event(name: str, data: str, *, id: str = "") -> str:
    """One event of a stream; its data is one line."""
    mark = f"id: {id}\n" if id else ""
    return f"{mark}event: {name}\ndata: {' '.join(data.split())}\n\n"
