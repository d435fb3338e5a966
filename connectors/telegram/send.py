"""The way out: messages, typing, answers to pressed buttons, registration and health of one bot.

How a message is cut into parts is decided in :mod:`render`, what a refusal means in :mod:`failures`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

from telegram import LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError

from casework.conversations.model import DeliveryError, Media, OutboundMessage, Sent
from casework.conversations.ports import ChannelHealth
from casework.media.model import Files
from casework.media.types import extension_of
from connectors.telegram.client import Client, open_client
from connectors.telegram.failures import delivery_error, is_bad_markup, is_bad_photo
from connectors.telegram.fields import integer
from connectors.telegram.health import judge, trouble
from connectors.telegram.pace import Pace
from connectors.telegram.receive import CHANNEL, BotIdentity, Press
from connectors.telegram.registration import persist, register
from connectors.telegram.render import Part, parts_of, to_html
from connectors.telegram.settings import TelegramSettings

log = logging.getLogger(__name__)

_MAX_PENDING_PRESSES = 1_000
#: How long a message waits whose bytes cannot be read, in seconds.
_STORE_AWAY_S = 300.0
_MAX_TOAST_CHARS = 200  # Source: Bot API, answerCallbackQuery


@dataclass(frozen=True)
class Target:
    """Where a message goes. Groups have negative ids; ``thread_id`` is a forum's topic."""

    chat_id: int
    thread_id: int | None = None

    @property
    def is_group(self) -> bool:
        return self.chat_id < 0


def target_of(address: str) -> Target:
    """Raises: DeliveryError when the address is none of Telegram's."""
    chat, _, thread = address.partition(":")
    try:
        return Target(int(chat), int(thread) if thread else None)
    except ValueError:
        pass
    raise DeliveryError("bad_address", permanent=True)


def _utc_now() -> datetime:
    return datetime.now(tz=timezone.utc)


class TelegramSender:
    """One bot's way out: the port ``Sender``, and the answers to pressed buttons."""

    channel = CHANNEL

    def __init__(
        self,
        settings: TelegramSettings,
        *,
        files: Files | None = None,
        client: Client | None = None,
        clock: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._files = files
        self._client = client or open_client(settings)
        self._clock = clock
        self._sleep = sleep
        self._pace = Pace(burst=settings.chat_burst)
        self._identity = BotIdentity(id=settings.bot_id)
        self._moved: dict[int, int] = {}
        self._trouble = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._registering: asyncio.Task[None] | None = None

    @property
    def client(self) -> Client:
        return self._client

    @property
    def bot_identity(self) -> BotIdentity:
        """Who the bot is; without a user name until Telegram has said it."""
        return self._identity

    async def start(self) -> None:
        """Open connections and register in the background; returns at once."""
        await self._client.open()
        registering = persist(self._register, failed=self._registration_failed, sleep=self._sleep)
        self._registering = asyncio.create_task(registering, name="telegram-registration")

    async def stop(self) -> None:
        """Give up registering, let answers to presses end, close connections."""
        if self._registering is not None:
            self._registering.cancel()
            await asyncio.wait([self._registering])
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self._settings.timeout_s)
            for task in late:
                task.cancel()
        await self._client.close()

    async def send(self, message: OutboundMessage, *, already_sent: Sequence[str] = ()) -> Sent:
        """Send the parts in order, without those a former attempt delivered.

        ``provider_ids``, and ``sent_ids`` of a failure, name all parts delivered so far, former attempts
        included.

        Raises: DeliveryError.
        """
        target = target_of(message.address)
        parts = parts_of(message)
        if not parts and message.buttons:
            raise DeliveryError("buttons_without_text", permanent=True)
        done = list(dict.fromkeys(already_sent))
        async with self._pace.lane(target.chat_id) as limiter:
            for index in range(len(done), len(parts)):
                await limiter.acquire()
                reply = _reply_parameters(message, target) if index == 0 else None
                done.append(await self._deliver(parts[index], target, reply, sent_ids=tuple(done)))
        return Sent(tuple(done))

    async def typing(self, address: str) -> None:
        """Show "typing…" for five seconds. Not in groups, where it would use up the 20 requests a minute."""
        try:
            target = target_of(address)
            if not target.is_group:
                await self._client.bot.send_chat_action(
                    target.chat_id, ChatAction.TYPING, message_thread_id=target.thread_id
                )
        except (DeliveryError, TelegramError) as exc:
            log.debug("telegram.typing.failed kind=%s", type(exc).__name__)

    def pressed(self, press: Press) -> None:
        """Answer a pressed button and take its keyboard away, in the background."""
        if len(self._tasks) >= _MAX_PENDING_PRESSES:
            log.warning("telegram.press.left_unanswered pending=%d", len(self._tasks))
            return
        self._in_background(self._answer_press(press))

    def report(self, trouble_code: str) -> None:
        """A fetcher's trouble for the health page; empty when it is over."""
        self._trouble = trouble_code

    async def health(self) -> ChannelHealth:
        """Telegram's own view of our registration, and any trouble of ours."""
        try:
            asking = self._client.bot.get_webhook_info()
            info = await asyncio.wait_for(asking, timeout=self._settings.timeout_s)
        except asyncio.TimeoutError:
            return trouble("timeout")
        except Exception as exc:  # a door: health never raises
            return trouble(delivery_error(exc).code)
        if self._trouble:
            return trouble(self._trouble)
        return judge(info, self._settings, now=self._clock())

    async def identify(self) -> None:
        """Learn the bot's name, by which groups speak to it; asked once.

        Raises: telegram.error.TelegramError.
        """
        if not self._identity.username:
            me = await self._client.bot.get_me()
            self._identity = BotIdentity(id=me.id, username=me.username or "")

    async def _register(self) -> None:
        self._identity = await register(self._client.bot, self._settings)
        self._trouble = ""

    def _registration_failed(self, failure: DeliveryError) -> None:
        self._trouble = failure.code

    async def _deliver(
        self, part: Part, target: Target, reply: ReplyParameters | None, *, sent_ids: tuple[str, ...]
    ) -> str:
        """Send one part; the provider's id of it."""
        if part.media and part.media.sha:
            part = replace(part, content=await self._content(part.media, sent_ids=sent_ids))
        try:
            return str((await self._post(part, target, reply)).message_id)
        except Exception as exc:
            # A door: also an answer that the library cannot read. Raised below, outside this block, because
            # the library's exceptions can hold the token and must not be chained.
            failure = delivery_error(exc, sent_ids=sent_ids)
        raise failure

    async def _content(self, media: Media, *, sent_ids: tuple[str, ...]) -> bytes:
        try:
            content = await self._files.content(media.sha) if self._files is not None else None
        except OSError:
            raise DeliveryError("file_store_away", retry_after_s=_STORE_AWAY_S, sent_ids=sent_ids) from None
        if content is None:
            raise DeliveryError("file_lost", permanent=True, sent_ids=sent_ids)
        return content

    async def _post(
        self, part: Part, target: Target, reply: ReplyParameters | None, *, may_move: bool = True
    ) -> Message:
        target = replace(target, chat_id=self._moved.get(target.chat_id, target.chat_id))
        try:
            return await self._request(part, target, reply, parse_mode=ParseMode.HTML)
        except ChatMigrated as exc:
            if not may_move:
                raise
            self._moved[target.chat_id] = exc.new_chat_id
        except BadRequest as exc:
            if is_bad_markup(exc):
                return await self._request(part, target, reply, parse_mode=None)
            if part.content is None or part.as_document() == part or not is_bad_photo(exc):
                raise
            return await self._post(part.as_document(), target, reply, may_move=may_move)
        return await self._post(part, target, reply, may_move=False)

    async def _request(
        self, part: Part, target: Target, reply: ReplyParameters | None, *, parse_mode: str | None
    ) -> Message:
        bot = self._client.bot
        text = to_html(part.text) if parse_mode else part.text
        common: dict[str, Any] = {
            "chat_id": target.chat_id,
            "message_thread_id": target.thread_id,
            "reply_parameters": reply,
            "reply_markup": part.keyboard,
        }
        media = part.media
        if media is None:
            preview = LinkPreviewOptions(is_disabled=True)
            return await bot.send_message(
                text=text, parse_mode=parse_mode, link_preview_options=preview, **common
            )
        if media.kind == "location":
            return await bot.send_location(latitude=media.latitude, longitude=media.longitude, **common)
        if media.kind == "contact":
            return await bot.send_contact(
                phone_number=media.phone, first_name=media.text or media.phone, **common
            )
        if media.kind == "sticker":
            return await bot.send_sticker(sticker=media.ref, **common)
        captioned = {**common, "caption": text or None, "parse_mode": parse_mode}
        methods: dict[str, Callable[..., Coroutine[Any, Any, Message]]] = {
            "photo": bot.send_photo,
            "voice": bot.send_voice,
            "video": bot.send_video,
            "audio": bot.send_audio,
            "file": bot.send_document,
        }
        field = "document" if media.kind == "file" else media.kind
        if part.content is None:
            return await methods[media.kind](**{field: media.ref}, **captioned)
        name = media.name or f"file.{extension_of(media.mime)}"
        return await methods[media.kind](**{field: part.content}, filename=name, **captioned)

    async def _answer_press(self, press: Press) -> None:
        bot = self._client.bot
        await self._quietly(
            bot.answer_callback_query(press.query_id, text=press.title[:_MAX_TOAST_CHARS] or None)
        )
        if press.chat_id is not None and press.message_id is not None:
            await self._quietly(
                bot.edit_message_reply_markup(chat_id=press.chat_id, message_id=press.message_id)
            )

    async def _quietly(self, call: Coroutine[Any, Any, object]) -> None:
        """Do something nobody waits for: the query is too old, the keyboard is gone already, …"""
        try:
            await call
        except Exception as exc:  # a door: nothing above could act on it
            log.debug("telegram.press.not_answered code=%s", delivery_error(exc).code)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._tasks.discard)


def _reply_parameters(message: OutboundMessage, target: Target) -> ReplyParameters | None:
    """In a group an answer shows what it answers; the person may have deleted it meanwhile."""
    answered = integer(message.profile.get("message_id"))
    if not (target.is_group and message.reply_to and answered):  # 0 marks a message only one person sees
        return None
    return ReplyParameters(message_id=answered, allow_sending_without_reply=True)
