"""What happens while staff look: one stream a page. It tells that something changed; the page fetches what.

``seq`` of a thread is the place of its last message: after a gap the page asks for what came behind it, so no message
is missed whatever the stream lost.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

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
#: How often at most a page is told to fetch its list anew, and those who wait are counted.
LIST_S = 1.0


class Presence:
    """Who looks at which conversation, in this process, and until when that holds."""

    def __init__(self) -> None:
        self._seen: dict[int, dict[str, float]] = {}

    def look(self, talk: int, name: str, *, until: float) -> None:
        self._seen.setdefault(talk, {})[name] = until

    def leave(self, talk: int, name: str) -> None:
        self._seen.get(talk, {}).pop(name, None)
        if not self._seen.get(talk):
            self._seen.pop(talk, None)

    def others(self, talk: int, name: str, *, now: float) -> list[str]:
        return sorted(who for who, until in self._seen.get(talk, {}).items() if who != name and until > now)


class Live:
    """``GET /desk/live``"""

    def __init__(self, desk: Desk, door: Door) -> None:
        self._desk, self._door, self._present = desk, door, Presence()
        self._waiting, self._counted_at = 0, -LIST_S

    async def stream(self, request: Request) -> Response:
        visit = await run_sync(self._door.visit_of, request)
        if visit is None or visit.session.must_change:
            return Response(status_code=204, headers=SAFE_HEADERS)  # a browser does not come back after that
        talk = visit.place("talk")
        if talk and not await run_sync(self._sees, visit, talk):
            return Response(status_code=204, headers=SAFE_HEADERS)
        headers = {**SAFE_HEADERS, "X-Accel-Buffering": "no"}
        return StreamingResponse(self._events(visit, talk), media_type="text/event-stream", headers=headers)

    async def _events(self, visit: Visit, talk: int) -> AsyncIterator[str]:
        ends, next_beat, next_list = time.monotonic() + LONGEST_S, 0.0, 0.0
        told: dict[str, str] = {}
        yield "retry: 2000\n\n"
        try:
            async with AsyncExitStack() as stack:
                listening = self._desk.live.listening
                lists = [await stack.enter_async_context(listening(topic)) for topic in (CHAT, EVENT)]
                own = await stack.enter_async_context(listening(CHAT, str(talk))) if talk else lists[0]
                while (now := time.monotonic()) < ends and not self._desk.is_closing():
                    beats = now >= next_beat
                    # A beat also stands for wake-ups that were lost, as while Redis is away.
                    if talk and (beats or own.is_set()):
                        own.clear()
                        yield _event("talk", str(talk))
                    if beats or (now >= next_list and any(signal.is_set() for signal in lists)):
                        next_list = now + LIST_S
                        for signal in lists:
                            signal.clear()
                        yield _event("list", "")
                    if beats:
                        next_beat = now + BEAT_S
                        if await visit.request.is_disconnected():
                            return
                        if not await run_sync(self._sign_of_life, visit):
                            yield _event("over", "")
                            return
                        if talk:
                            self._present.look(talk, visit.member.name, until=now + 2 * BEAT_S)
                        yield ": \n\n"
                    for name, value in (await self._figures(visit, talk, now)).items():
                        if told.get(name) != value:
                            told[name] = value
                            yield _event(name, value)
                    await self._desk.live.pause(own, timeout_s=1.0)
                    await asyncio.sleep(0.05)
        finally:
            if talk:
                self._present.leave(talk, visit.member.name)

    async def _figures(self, visit: Visit, talk: int, now: float) -> dict[str, str]:
        """How many wait (counted once a second for all who look) and who else looks at the conversation."""
        if now - self._counted_at >= LIST_S:
            self._counted_at = now
            self._waiting = await run_sync(self._count)
        others = self._present.others(talk, visit.member.name, now=now) if talk else []
        names = ", ".join(others)
        present = visit.words("looking_too", names=names) if others else ""
        return {"waiting": str(self._waiting), **({"present": present} if talk else {})}

    def _sees(self, visit: Visit, talk: int) -> bool:
        with self._desk.store.reading() as work:
            try:
                return visit.may("talks") and bool(talk_seen(work, visit, talk))
            except NotFound:
                return False

    def _count(self) -> int:
        with self._desk.store.reading() as work:
            return work.conversations.count_owned(Owner.QUEUE)

    def _sign_of_life(self, visit: Visit) -> bool:
        """Tells that this member of staff is there. ``False``: the session is over."""
        current = self._door.visit_of(visit.request)
        if current is None:
            return False
        with self._desk.store.writing() as work:
            handover.seen(work, name=visit.member.login, now=current.now)
        return True


def _event(name: str, data: str) -> str:
    """One event of a stream; its data is one line."""
    return f"event: {name}\ndata: {' '.join(data.split())}\n\n"
