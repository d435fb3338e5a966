"""The way out: one object a process that sends through the customer-service API, or says why it cannot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from weakref import WeakValueDictionary

from casework.conversations.model import Button, DeliveryError, Heard, OutboundMessage, Sent
from casework.conversations.ports import ChannelHealth, Window
from casework.media.model import Files
from casework.text import Reason
from connectors.wechat import health, quota
from connectors.wechat.announcing import Announcer
from connectors.wechat.api import WeChatApi
from connectors.wechat.pictures import Pictures
from connectors.wechat.receive import CHANNEL
from connectors.wechat.render import (
    MAX_MENU_ITEMS,
    MAX_TEXT_BYTES,
    PICTURES,
    Piece,
    Style,
    choosable,
    pieces,
    size,
    with_buttons,
    words_for,
)
from connectors.wechat.settings import WeChatSettings
from connectors.wechat.token import ShelteredStore, TokenStore

log = logging.getLogger(__name__)

_PART_KEPT_S = 24 * 3600.0
_PASSIVE_ONLY_KEPT_S = 3600.0  # then the API is tried again: the permission may have been granted
_TYPING_S = 3.0
_HEALTH_S = 8.0
_NUMBERS_KEPT_S = 24 * 3600.0

#: Codes that say "not in this form", and the next form to try.
_SIMPLER: dict[Style, tuple[frozenset[str], Style]] = {
    Style.MENU: (frozenset({"40200", "45098"}), Style.LINKS),
    Style.LINKS: (frozenset({"45166", "45098"}), Style.NUMBERS),
}


@dataclass(frozen=True)
class PassivePart:
    """What the platform's own call can carry of a message; ``is_all``: nothing is left for the API."""

    piece_id: str
    text: str
    is_all: bool


class WeChatSender:
    """A :class:`~casework.conversations.ports.Sender`.

    What is shared between processes (access token, parts that went out with a passive reply, numbers offered
    last, "this account may only reply") lives in ``tokens``. The style of buttons is its own.
    """

    channel = CHANNEL

    def __init__(
        self,
        settings: WeChatSettings,
        tokens: TokenStore,
        *,
        files: Files | None = None,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
        clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._store = ShelteredStore(tokens)
        self._pause = pause
        self._open_api: WeChatApi | None = None
        self._style = Style.MENU
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._announcer = Announcer(settings, self._store)
        self._pictures = Pictures(settings, self._store, files)

    async def start(self) -> None:
        """Open the client; nothing is asked of the platform."""
        _ = self.api

    async def stop(self) -> None:
        if self._open_api is not None:
            await self._open_api.close()
            self._open_api = None

    @property
    def api(self) -> WeChatApi:
        """The account's API, for media and menus as well."""
        if self._open_api is None:
            self._open_api = WeChatApi(self._settings, self._store, pause=self._pause)
        return self._open_api

    async def send(self, message: OutboundMessage, *, already_sent: Sequence[str] = ()) -> Sent:
        """Send what is left of ``message``, in order for its person.

        Raises: DeliveryError.
        """
        turn = self._turns.setdefault(message.address, asyncio.Lock())
        async with turn:
            passive_only = await self.is_passive_only()
            message = self._pictures.linked(message, all_of_them=passive_only)
            known = {*already_sent, *await self._passively_sent(message)}
            left = tuple(piece for piece in pieces(message) if piece.id not in known)
            if passive_only:
                return self._held(message, left, already_sent, is_untouched=not known)
            return await self._send_pieces(message, left, already_sent, is_untouched=not known)

    async def typing(self, address: str) -> None:
        """Show for 15 s that an answer is being written; what goes wrong does not matter."""
        if await self.is_passive_only():
            return
        try:
            await asyncio.wait_for(self.api.typing(address), _TYPING_S)
        except (DeliveryError, asyncio.TimeoutError) as error:
            log.debug("wechat typing not shown: %s", error if isinstance(error, DeliveryError) else "timeout")

    async def health(self) -> ChannelHealth:
        """Whether the platform gives us a token from this address."""
        if self._settings.mode == "passive":
            return ChannelHealth(
                True,
                Reason("wechat_passive", "WeChat: passive replies only, by setting; the API is not used"),
            )
        try:
            await asyncio.wait_for(self.api.issue_token(), _HEALTH_S)
        except asyncio.TimeoutError:
            return health.unreachable("no answer in time", base=self._settings.api_base)
        except DeliveryError as error:
            return health.refused(error, base=self._settings.api_base)
        if await self.is_passive_only():
            return ChannelHealth(
                True,
                Reason(
                    "wechat_passive_only",
                    "WeChat: reachable; may not send customer-service messages (48001), passive replies only",
                ),
            )
        return ChannelHealth(True, Reason("wechat_ok", "WeChat: reachable, access token granted"))

    async def is_passive_only(self) -> bool:
        """Whether answers can only travel in the platform's own calls, by setting or because it said so."""
        if self._settings.mode == "passive":
            return True
        return await self._store.get(self._passive_only_key) is not None

    async def passive_part(self, message: OutboundMessage) -> PassivePart | None:
        """The part of ``message`` for a passive reply; ``None`` if it has no text."""
        known, passive_only = await self._passively_sent(message), await self.is_passive_only()
        message = self._pictures.linked(message, all_of_them=passive_only)
        left = [piece for piece in pieces(message) if piece.id not in known]
        if not left or left[0].photo:
            return None
        first, is_all = left[0], len(left) == 1
        text = self._as_text((first,), message)
        if not is_all and passive_only:
            more = f"{text}\n\n{words_for(message.language)['more']}"
            text = more if size(more) <= MAX_TEXT_BYTES else text
        await self._remember_numbers(message.address, first.buttons)
        return PassivePart(first.id, text, is_all)

    async def passive_parts(self, messages: Sequence[OutboundMessage]) -> tuple[PassivePart, ...]:
        """What one reply can carry of several messages: whole ones, and a first part only if it stands alone."""
        parts: list[PassivePart] = []
        for message in messages:
            part = await self.passive_part(message)
            together = size("\n\n".join(kept.text for kept in (*parts, part) if kept is not None))
            if part is None or (parts and (not part.is_all or together > MAX_TEXT_BYTES)):
                break
            parts.append(part)
            if not part.is_all:
                break
        return tuple(parts)

    async def note_passive(self, message: OutboundMessage, part: PassivePart) -> None:
        """Keep in mind, for all processes, that ``part`` went out, so that :meth:`send` leaves it out."""
        known = {*await self._passively_sent(message), part.piece_id}
        await self._store.set(_part_key(message), ",".join(sorted(known)), ttl_s=_PART_KEPT_S)

    async def chosen(self, address: str, text: str) -> str:
        """Token of the choice a typed number means, if a numbered list was shown last; else empty."""
        number = text.strip().rstrip(".。、")
        if not number.isdecimal() or len(number) > 3:
            return ""
        offered = (await self._store.get(self._numbers_key(address)) or "").split()
        return offered[int(number) - 1] if 1 <= int(number) <= len(offered) else ""

    async def window(self, heard: Heard | None) -> Window:
        """What may be sent to a person now. See :class:`~casework.conversations.ports.Window`."""
        found = quota.window(heard, most=self._settings.max_sends_per_turn, now=self._clock())
        in_call, links = await self.is_passive_only(), self._pictures.has_links
        return replace(
            found,
            in_call=in_call,
            announces=self._announcer.is_set_up,
            carries=None if links else frozenset() if in_call else PICTURES,
        )

    async def _send_pieces(
        self,
        message: OutboundMessage,
        left: Sequence[Piece],
        already_sent: Sequence[str],
        *,
        is_untouched: bool,
    ) -> Sent:
        done, most = list(already_sent), self._settings.max_sends_per_turn
        room = quota.room(message.heard, most=most, now=self._clock())
        if message.media and is_untouched and room < len(left) <= most:
            room = 0  # a picture is not torn from its words, nor made into words, while it can wait
        for index, piece in enumerate(left):
            if len(done) >= room:
                return self._held(message, left[index:], done, is_untouched=is_untouched and not index)
            try:
                await self._send_piece(message, piece)
            except DeliveryError as error:
                if error.code == "48001":
                    log.error("wechat: no permission for customer-service messages; passive replies only")
                    await self._store.set(self._passive_only_key, "1", ttl_s=_PASSIVE_ONLY_KEPT_S)
                elif error.code == "45015":
                    await self._announcer.announce(self.api, message, now=self._clock())
                    raise _with_sent(error, done) from error.__cause__
                elif error.code != "45047":
                    raise _with_sent(error, done) from error.__cause__
                return self._held(message, left[index:], done, is_untouched=is_untouched and not index)
            done.append(piece.id)
        return Sent(tuple(done))

    def _held(
        self, message: OutboundMessage, left: Sequence[Piece], done: Sequence[str], *, is_untouched: bool
    ) -> Sent:
        """What the quota left over. Raises: DeliveryError when it can neither wait as it is nor be put into words."""
        if not is_untouched and not self._pictures.has_links and any(piece.photo for piece in left):
            raise DeliveryError("picture_over_quota", permanent=True, sent_ids=tuple(done))
        text = self._as_text(left, message)
        return Sent(tuple(done), held_back=text, is_untouched=is_untouched and bool(text))

    async def _send_piece(self, message: OutboundMessage, piece: Piece) -> None:
        """Send in the best style the account is known to have; a refused style is not tried again."""
        if piece.photo:
            await self._pictures.send(self.api, message, piece.photo)
            return
        style = self._style_for(piece.buttons)
        while True:
            try:
                await self.api.send(_body(message, piece, style))
            except DeliveryError as error:
                refusals, simpler = _SIMPLER.get(style, (frozenset(), style))
                if not piece.buttons or error.code not in refusals:
                    raise
                log.warning(
                    "wechat: buttons as %s refused (%s), from now on as %s",
                    style.value,
                    error.code,
                    simpler.value,
                )
                self._style = simpler
                style = self._text_style(piece.buttons)
            else:
                await self._remember_numbers(message.address, piece.buttons if style is Style.NUMBERS else ())
                return

    def _style_for(self, buttons: Sequence[Button]) -> Style:
        choices = choosable(buttons)
        if self._style is Style.MENU and not 1 <= len(choices) <= MAX_MENU_ITEMS:
            return self._text_style(buttons)
        return self._style if self._style is Style.MENU else self._text_style(buttons)

    def _text_style(self, buttons: Sequence[Button]) -> Style:
        too_long = size(with_buttons("", buttons, Style.LINKS, language="zh")) > MAX_TEXT_BYTES - 200
        return Style.NUMBERS if self._style is Style.NUMBERS or too_long else Style.LINKS

    def _as_text(self, parts: Sequence[Piece], message: OutboundMessage) -> str:
        """Everything in ``parts`` as text that a passive reply can carry later."""
        language = message.language
        texts = (
            self._pictures.in_words(message, part.photo)
            if part.photo
            else with_buttons(part.text, part.buttons, self._text_style(part.buttons), language=language)
            for part in parts
        )
        return "\n\n".join(texts)

    async def _remember_numbers(self, address: str, buttons: Sequence[Button]) -> None:
        choices = choosable(buttons)
        numbered = choices and self._text_style(buttons) is Style.NUMBERS
        offered = " ".join(button.token for button in choices) if numbered else ""
        key = self._numbers_key(address)
        if offered or await self._store.get(key):
            await self._store.set(key, offered, ttl_s=_NUMBERS_KEPT_S)

    def _numbers_key(self, address: str) -> str:
        return f"wechat:numbers:{self._settings.app_id}:{address}"

    async def _passively_sent(self, message: OutboundMessage) -> frozenset[str]:
        return frozenset(filter(None, (await self._store.get(_part_key(message)) or "").split(",")))

    @property
    def _passive_only_key(self) -> str:
        return f"wechat:passive-only:{self._settings.app_id}"


def _part_key(message: OutboundMessage) -> str:
    return f"wechat:passive-part:{message.id}"


def _body(message: OutboundMessage, piece: Piece, style: Style) -> dict[str, object]:
    if piece.buttons and style is Style.MENU:
        items = [{"id": button.token, "content": button.title} for button in choosable(piece.buttons)]
        head = with_buttons(piece.text, piece.buttons, style, language=message.language)
        menu = {"head_content": head, "list": items, "tail_content": ""}
        return {"touser": message.address, "msgtype": "msgmenu", "msgmenu": menu}
    text = with_buttons(piece.text, piece.buttons, style, language=message.language)
    return {"touser": message.address, "msgtype": "text", "text": {"content": text}}


def _with_sent(error: DeliveryError, done: Sequence[str]) -> DeliveryError:
    return DeliveryError(
        error.code,
        permanent=error.permanent,
        unreachable=error.unreachable,
        configuration=error.configuration,
        retry_after_s=error.retry_after_s,
        maybe_sent=error.maybe_sent,
        sent_ids=tuple(done),
    )
