"""The door WeChat knocks at: verify, store, and answer within the call if there is an answer in time.

WeChat waits 5 s, then cuts the call and repeats it, three times in all; a repeat is the same message. Any
other answer than ``success``, nothing, or a well-formed reply shows the person an error text.
Source: Tencent, "被动回复用户消息".
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import string
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from casework.conversations.model import Event, InboundMessage, OutboundMessage, Received
from casework.conversations.ports import Inbox, PassiveReplies
from connectors.wechat.crypto import Envelope, Push, Refused, Unreadable
from connectors.wechat.receive import parse_push
from connectors.wechat.render import STILL_WORKING
from connectors.wechat.responses import NO_SNIFF, AndThen, Carrier, success, where
from connectors.wechat.send import PassivePart, WeChatSender
from connectors.wechat.settings import PLATFORM_PATIENCE_S, WeChatSettings

log = logging.getLogger(__name__)

PATH = "/webhooks/wechat"

_ANSWERED = (Event.MESSAGE, Event.START)
_ATTEMPTS = 3
_CUT_GRACE_S = 1.0  # how much later than promised the platform may cut
_KEPT_S = 60.0  # repeats end within 15 s
_POLL_S = 0.1
_JOIN_MARGIN_S = 0.3  # of the time to answer, kept when a second answer is waited for
_MOST_JOINED = 5  # messages in one reply
_LETTERS = string.ascii_letters + string.digits


def routes(
    settings: WeChatSettings,
    inbox: Inbox,
    passive: PassiveReplies,
    sender: WeChatSender,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
) -> list[Route]:
    """The channel's routes: ``GET`` and ``POST`` on :data:`PATH`."""
    door = _Door(settings, inbox, passive, sender, now)
    return [
        Route(PATH, door.greet, methods=["GET"], name="wechat-verify"),
        Route(PATH, door.accept, methods=["POST"], name="wechat-push"),
    ]


@dataclass(frozen=True)
class _Call:
    """One push under way. ``arrived``: monotonic."""

    request: Request
    push: Push
    message: InboundMessage
    arrived: float


@dataclass
class _Turn:
    """One inbound message whose answer may still travel in the platform's own calls.

    ``began`` and ``until`` (monotonic): when the first call came, and when the last one must be answered.
    ``repeats``: there is no other way for the answer, so calls are left open for the platform to repeat.
    ``callers``: calls open now; ``answers`` have been taken from the courier and belong to them. There are several
    when something was left over from before and nothing but this call can carry the new answer too.
    """

    began: float
    until: float
    repeats: bool
    attempts: int = 0
    callers: int = 0
    wait: asyncio.Task[None] | None = None
    answers: tuple[OutboundMessage, ...] = ()
    parts: tuple[PassivePart, ...] = ()
    settled: bool = False


class _Door:
    def __init__(
        self,
        settings: WeChatSettings,
        inbox: Inbox,
        passive: PassiveReplies,
        sender: WeChatSender,
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._envelope = Envelope(settings)
        self._inbox = inbox
        self._passive = passive
        self._sender = sender
        self._now = now
        self._turns: dict[str, _Turn] = {}

    async def greet(self, request: Request) -> Response:
        """The platform's check when the address is entered in its console."""
        if not self._envelope.is_authentic(request.query_params):
            return _refusal("signature")
        return PlainTextResponse(request.query_params.get("echostr", ""), headers=NO_SNIFF)

    async def accept(self, request: Request) -> Response:
        """One push."""
        arrived = time.monotonic()
        try:
            body = await self._read(request)
        except ClientDisconnect:
            return success()
        if body is None:
            return PlainTextResponse("too large", status_code=413)
        if _is_container_check(body):
            return success()
        try:
            push = self._envelope.open(body, request.query_params)
        except Refused as refused:
            return _refusal(str(refused))
        except Unreadable as unreadable:
            log.warning("wechat push not readable: %s", unreadable)
            return success()
        try:
            message = parse_push(push.fields)
        except Exception as error:
            log.error("wechat push not understood: %s", where(error))
            return success()
        if message is None:
            return success()
        return await self._take(_Call(request, push, message, arrived))

    async def _read(self, request: Request) -> bytes | None:
        """The body, or ``None`` once it is larger than allowed."""
        limit = self._settings.max_body_bytes
        if (told := request.headers.get("content-length", "")).isdecimal() and int(told[:20]) > limit:
            return None
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                return None
        return bytes(body)

    async def _take(self, call: _Call) -> Response:
        message = call.message
        repeats = await self._sender.is_passive_only()
        patience_s = self._patience_s(message, repeats=repeats)
        try:
            received = await self._inbox.receive(await self._completed(message, patience_s=patience_s))
        except Exception as error:
            # Nothing is stored: an error makes the platform repeat the push.
            log.error("wechat push not stored: %s", where(error))
            return Response(status_code=503)
        if message.event not in _ANSWERED or received.set_aside:
            return success()
        if not patience_s:
            return self._success_typing(message)
        try:
            turn = self._turn_of(message, received, until=call.arrived + patience_s, repeats=repeats)
            return await self._answer(call, received, turn)
        except Exception as error:
            log.error("wechat answer failed: message %s, %s", received.message_id, where(error))
            return success()

    async def _completed(self, message: InboundMessage, *, patience_s: float) -> InboundMessage:
        if message.text and not message.token:
            message = replace(message, token=await self._sender.chosen(message.address, message.text))
        if patience_s:
            message = replace(message, passive_until=self._now() + timedelta(seconds=patience_s))
        return message

    def _patience_s(self, message: InboundMessage, *, repeats: bool) -> float:
        """For how long an answer can still travel in a call: in one, or in all that the platform will make."""
        if message.event not in _ANSWERED:
            return 0.0
        if repeats:
            return (_ATTEMPTS - 1) * PLATFORM_PATIENCE_S + self._settings.passive_wait_s
        return 0.0 if self._settings.mode == "active" else self._settings.passive_wait_s

    async def _answer(self, call: _Call, received: Received, turn: _Turn) -> Response:
        turn.callers += 1
        try:
            if await self._answered(turn, received, call.arrived + self._settings.passive_wait_s):
                return await self._carry(call, turn)
            if not turn.repeats:
                return self._success_typing(call.message)
            if turn.attempts >= _ATTEMPTS:
                return self._reply(call.push, STILL_WORKING)
            await _hold_until_cut(call)
            return Response(status_code=503)
        finally:
            turn.callers -= 1

    def _turn_of(self, message: InboundMessage, received: Received, *, until: float, repeats: bool) -> _Turn:
        now = time.monotonic()
        self._turns = {
            key: turn for key, turn in self._turns.items() if turn.callers or now - turn.began < _KEPT_S
        }
        turn = self._turns.setdefault(message.provider_id, _Turn(began=now, until=until, repeats=repeats))
        turn.attempts += 1
        if turn.attempts == 1 and received.duplicate:
            # Another process had the calls before this one; the age of the message tells which one this is.
            age_s = (self._now() - message.sent_at).total_seconds() if message.sent_at else 0.0
            turn.attempts = _ATTEMPTS if age_s > 2 * PLATFORM_PATIENCE_S - 1 else 2
        return turn

    async def _answered(self, turn: _Turn, received: Received, until: float) -> bool:
        """Whether the turn, shared by all its calls, has an answer by ``until`` (monotonic)."""
        while not turn.answers and (left_s := until - time.monotonic()) > 0:
            wait, is_mine = turn.wait, False
            if wait is None or wait.done():
                # One wait for all calls, so that no gap between two of them gives the answer to the courier.
                timeout_s = max(left_s, turn.until - time.monotonic())
                collecting = self._collect(turn, received, timeout_s, until)
                wait, is_mine = asyncio.create_task(collecting), True
                turn.wait = wait
            await asyncio.wait({wait}, timeout=left_s)
            if wait.done():
                wait.result()
                if is_mine:
                    break
        return bool(turn.answers)

    async def _collect(self, turn: _Turn, received: Received, timeout_s: float, until: float) -> None:
        answer = await self._passive.wait(received, timeout_s=timeout_s)
        if answer is None:
            return
        answers = [answer]
        while turn.repeats and not answers[-1].reply_to and len(answers) < _MOST_JOINED:
            # Left over from before. The answer to this message would stay behind for ever, some messages late.
            left_s = max(0.0, until - _JOIN_MARGIN_S - time.monotonic())
            following = await self._passive.wait(received, timeout_s=left_s, after=answers[-1])
            if following is None:
                break
            answers.append(following)
        turn.answers, turn.parts, turn.settled = tuple(answers), (), False
        await self._leave(turn)

    async def _carry(self, call: _Call, turn: _Turn) -> Response:
        """The reply that carries the answers; the courier learns what became of them once it is written."""
        try:
            turn.parts = turn.parts or await self._sender.passive_parts(turn.answers)
            reply = self._reply(call.push, "\n\n".join(part.text for part in turn.parts))
        except Exception:
            await self._give_back(turn)
            raise
        if not turn.parts:
            await self._give_back(turn)
            return success()

        async def written() -> None:
            turn.callers -= 1
            if turn.settled:
                return
            turn.settled = True
            for answer, part in zip(turn.answers, turn.parts, strict=False):
                if part.is_all:
                    await self._passive.sent(answer)
                else:
                    await self._sender.note_passive(answer, part)
                    await self._passive.put_back(answer)
            for answer in turn.answers[len(turn.parts) :]:
                await self._passive.put_back(answer)

        async def not_written() -> None:
            turn.callers -= 1
            await self._leave(turn)

        turn.callers += 1  # until the reply is written
        return Carrier(reply, call.request, written=written, not_written=not_written)

    async def _leave(self, turn: _Turn) -> None:
        """Give the answers back if nobody is there to carry them and no repeat will come for them."""
        one_more = turn.repeats and turn.attempts < _ATTEMPTS and time.monotonic() < turn.until
        if not turn.callers and not one_more:
            await self._give_back(turn)

    async def _give_back(self, turn: _Turn) -> None:
        if turn.settled:
            return
        answers, turn.settled, turn.answers, turn.parts = turn.answers, True, (), ()
        for answer in answers:
            await self._passive.put_back(answer)

    def _success_typing(self, message: InboundMessage) -> Response:
        return AndThen(lambda: self._sender.typing(message.address))

    def _reply(self, push: Push, text: str) -> Response:
        timestamp = int(self._now().timestamp())
        content: dict[str, str | int] = {
            "ToUserName": push.fields.get("FromUserName", ""),
            "FromUserName": push.fields.get("ToUserName", ""),
            "CreateTime": timestamp,
            "MsgType": "text",
            "Content": text,
        }
        sealed = self._envelope.seal(
            content,
            push,
            nonce=str(secrets.randbelow(10**10)),
            timestamp=timestamp,
            random="".join(secrets.choice(_LETTERS) for _ in range(16)).encode(),
        )
        return Response(sealed.body, media_type=sealed.media_type)


async def _hold_until_cut(call: _Call) -> None:
    """Say nothing, so that the platform repeats the push and gives us 5 s more."""
    until = call.arrived + PLATFORM_PATIENCE_S + _CUT_GRACE_S
    while time.monotonic() < until and not await call.request.is_disconnected():  # noqa: ASYNC110
        await asyncio.sleep(_POLL_S)  # a server tells of a cut only when asked


def _refusal(why: str) -> Response:
    log.warning("wechat call refused: %s", why)
    return PlainTextResponse("forbidden", status_code=403)


def _is_container_check(body: bytes) -> bool:
    """WeChat's cloud hosting asks whether we listen; the question is not signed and says nothing."""
    return len(body) < 1024 and b"CheckContainerPath" in body and b"MsgType" not in body
