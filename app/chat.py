"""Talking in the terminal: the real way through inbox, engine and outbox, without a provider."""

from __future__ import annotations

import itertools
import json
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

from app.turns import TurnRunner, state_of
from casework.conversations import inbox, outbox
from casework.conversations.inbox import TurnRules
from casework.conversations.model import InboundMessage, Media, Sent, StoredMessage
from casework.storage.work import Store

CHANNEL = "terminal"
#: Longest wait for an answer, in seconds, when another process holds the conversation.
PATIENCE_S = 30.0
#: No window: a line is a turn unless it says that more follows.
_RULES = TurnRules()


class BadLine(Exception):
    """An input line that is no message. The text says what is expected."""


@dataclass(frozen=True)
class Said:
    """One line of a person. ``more``: another one follows at once."""

    text: str = ""
    payload: str = ""
    media: tuple[Media, ...] = ()
    identity: str = ""
    more: bool = False


def read_line(line: str) -> Said:
    """A JSON line. Raises: BadLine."""
    try:
        data = json.loads(line)
    except ValueError as error:
        raise BadLine(f"not JSON ({error})") from error
    if not isinstance(data, Mapping) or not any(key in data for key in ("text", "payload", "media")):
        raise BadLine('expected an object with "text", "payload" or "media"')
    try:
        media = data.get("media") or []
        items = [media] if isinstance(media, Mapping | str) else list(media)
        return Said(
            text=str(data.get("text") or ""),
            payload=str(data.get("payload") or ""),
            media=tuple(_media(item) for item in items),
            identity=str(data.get("identity") or ""),
            more=bool(data.get("more")),
        )
    except (TypeError, ValueError) as error:
        raise BadLine(f"media: {error}") from error


_KINDS = ("photo", "voice", "video", "audio", "file", "sticker", "location", "contact", "link")


def _media(item: Any) -> Media:
    if isinstance(item, str):
        item = {"kind": item}
    if not isinstance(item, Mapping):
        raise TypeError("expected an object or a kind")
    known = {key: value for key, value in item.items() if key in Media.__dataclass_fields__}
    known["kind"] = item.get("kind") or item.get("type") or "file"
    if known["kind"] not in _KINDS:
        raise ValueError(f"kind must be one of {', '.join(_KINDS)}")
    return Media(**known)


class Chat:
    """Sends a person's lines through the house and collects what comes back."""

    def __init__(
        self, *, store: Store, runner: TurnRunner, clock: Callable[[], datetime], identity: str
    ) -> None:
        self._store, self._runner, self._clock = store, runner, clock
        self._identity = identity or f"guest-{secrets.token_hex(4)}"

    def say(self, said: Said) -> dict[str, Any] | None:
        """Deliver one line. Gives the answer and the state, or ``None`` when more follows."""
        address = said.identity or self._identity
        received = self._receive(said, address)
        if said.more:
            return None
        self._run(received.conversation_id)
        return self._collect(received.conversation_id, received.message_id)

    def _receive(self, said: Said, address: str) -> Any:
        message = InboundMessage(
            channel=CHANNEL,
            provider_id=secrets.token_hex(12),
            address=address,
            text=said.text,
            media=said.media,
            profile={"more": True} if said.more else {},
        )
        with self._store.writing() as work:
            return inbox.receive(work, message, now=self._clock(), rules=_RULES, payload=said.payload or None)

    def _run(self, conversation_id: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with self._store.writing() as work:
                conversation = work.conversations.get(conversation_id)
                if conversation.ready_at is None:
                    return
                # The window is for typing hands; here the line itself says whether more follows.
                if conversation.ready_at > self._clock() and conversation.attempts == 0:
                    work.conversations.change(conversation_id, ready_at=self._clock())
            if not self._runner.run_next(conversation_id):
                time.sleep(0.05)

    def _collect(self, conversation_id: int, inbound_id: int) -> dict[str, Any]:
        now = self._clock()
        with self._store.writing() as work:
            conversation = work.conversations.get(conversation_id)
            queued = [
                m
                for m in work.messages.transcript(conversation_id, limit=50, internal=False)
                if m.direction == "out" and m.state in ("queued", "held")
            ]
            token = f"terminal:{inbound_id}"
            claimed = outbox.claim_these(work, [m.id for m in queued], now=now, token=token)
            for message in claimed:
                outbox.record_sent(work, message, Sent(), token=token, now=now)
            return {
                "messages": [_shown(message) for message in queued],
                "state": state_of(work, conversation),
            }


def _shown(message: StoredMessage) -> dict[str, Any]:
    return {
        "text": message.text,
        "buttons": [
            {"title": b.title, "payload": b.payload, **({"url": b.url} if b.url else {})}
            for b in message.buttons
        ],
        "author": message.author.value,
    }


def talk_json(chat: Chat, lines: Iterable[str], out: TextIO) -> None:
    """JSON lines in, JSON lines out. A bad line gets ``{"error": …}`` and the talk goes on."""
    for line in lines:
        if not line.strip():
            continue
        try:
            answer = chat.say(read_line(line))
        except BadLine as error:
            answer = {"error": str(error), "messages": []}
        if answer is not None:
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
            out.flush()


def talk(chat: Chat, *, show: Callable[[str], None], ask: Callable[[], str | None]) -> None:
    """Talk with a person at the terminal. A number picks a button; an empty line or Ctrl-D ends it."""
    payloads: list[str] = []
    for _ in itertools.count():
        text = ask()
        if text is None:
            return
        picked = int(text) - 1 if text.isdigit() and len(text) <= 2 else -1
        said = Said(payload=payloads[picked]) if 0 <= picked < len(payloads) else Said(text=text)
        answer = chat.say(said)
        assert answer is not None
        payloads = []
        for message in answer["messages"]:
            show(message["text"])
            for button in message["buttons"]:
                payloads.append(button["payload"])
                show(f"  [{len(payloads)}] {button['title']}")


def stdin_lines() -> Iterable[str]:
    """Lines of standard input as they come, whatever the locale says."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace")
