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
from desk.desk import Desk
from desk.visits import SAFE_HEADERS, Door, Visit

#: Topics of the wake-ups that a desk looks at. Source: app.bus.
TURN, SEND, EVENT, CHAT = "turn", "send", "event", "chat"
#: A line at least this often, so that proxies keep the stream open, and a sign of life of who looks.
BEAT_S = 15.0
#: A stream ends after this; the browser opens it again. Source: proxies that cut long answers.
LONGEST_S = 600.0
#: How often the lists are looked at at most.
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

    async def stream(self, request: Request) -> Response:
        visit = await run_sync(self._door.visit_of, request)
        if visit is None:
            return Response(status_code=204, headers=SAFE_HEADERS)  # a browser does not come back after that
        asked = request.query_params.get("talk", "")
        talk = int(asked) if asked.isdigit() else 0
        headers = {**SAFE_HEADERS, "X-Accel-Buffering": "no"}
        return StreamingResponse(
            self._events(request, visit, talk), media_type="text/event-stream", headers=headers
        )

    async def _events(self, request: Request, visit: Visit, talk: int) -> AsyncIterator[str]:
        name, live = visit.member.name, self._desk.live
        started, number = time.monotonic(), 0
        last_list = last_beat = 0.0
        told_waiting, told_present = -1, [""]
        yield "retry: 2000\n\n"
        try:
            async with AsyncExitStack() as stack:
                chat = await stack.enter_async_context(live.listening(CHAT))
                own = await stack.enter_async_context(live.listening(CHAT, str(talk))) if talk else None
                event = await stack.enter_async_context(live.listening(EVENT))
                while time.monotonic() - started < LONGEST_S and not self._desk.is_closing():
                    now = time.monotonic()
                    if own is not None and own.is_set():
                        own.clear()
                        number += 1
                        yield f"id: {number}\nevent: talk\ndata: {talk}\n\n"
                    if (chat.is_set() or event.is_set()) and now - last_list >= LIST_S:
                        chat.clear()
                        event.clear()
                        last_list = now
                        yield "event: list\ndata: \n\n"
                    if now - last_beat >= BEAT_S or (last_list == now):
                        last_beat = now
                        if await request.is_disconnected():
                            return
                        waiting = await run_sync(self._sign_of_life, visit)
                        if waiting is None:
                            yield "event: over\ndata: \n\n"
                            return
                        if waiting != told_waiting:
                            told_waiting = waiting
                            yield f"event: waiting\ndata: {waiting}\n\n"
                        if talk:
                            self._present.look(talk, name, until=now + 2 * BEAT_S)
                        yield ": \n\n"
                    others = self._present.others(talk, name, now=now) if talk else []
                    if talk and others != told_present:
                        told_present = others
                        text = visit.words("looking_too", names=", ".join(others)) if others else ""
                        yield f"event: present\ndata: {text}\n\n"
                    await live.pause(own or chat, timeout_s=1.0)
                    await asyncio.sleep(0.05)
        finally:
            if talk:
                self._present.leave(talk, name)

    def _sign_of_life(self, visit: Visit) -> int | None:
        """How many wait; ``None`` once the session is over. Tells that this member of staff is there."""
        current = self._door.visit_of(visit.request)
        if current is None:
            return None
        with self._desk.store.writing() as work:
            handover.seen(work, name=visit.member.login, now=current.now)
            return work.conversations.count_owned(Owner.QUEUE)
