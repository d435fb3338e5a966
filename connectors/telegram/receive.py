"""From an update of the Bot API to an :class:`InboundMessage`, and to the press of a button that must be
answered.

`parse_update` and `parse_press` are pure: any JSON object in, a value or ``None`` out, never an exception.
`take_in` is the one step that webhook and polling share. HTTP lives in those two.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from casework.conversations.model import MAX_TEXT_CHARS, Event, InboundMessage
from casework.conversations.ports import Inbox
from connectors.telegram.content import is_service, read_content
from connectors.telegram.fields import integer, items, mapping, moment, string
from connectors.telegram.settings import DEFAULT_COMMANDS

log = logging.getLogger(__name__)

CHANNEL = "telegram"

_COMMAND = re.compile(
    r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>[A-Za-z0-9_]+))?(?:\s+(?P<rest>.*))?", re.DOTALL
)
#: Rasa reads a leading slash as an intent, after stripping white space; nothing a person typed may keep it.
_LEADING_SLASHES = re.compile(r"\A[\s/]+")
_GONE = ("kicked", "left")  # Source: Bot API, ChatMemberBanned and ChatMemberLeft
_BACK = ("member", "administrator", "creator")
_MAX_NAME_CHARS = 128

#: Payload of the link that leads from a group into the private chat.
PRIVATE_SCENE = "group"


@dataclass(frozen=True)
class BotIdentity:
    """Who the bot is, to know in a group what is meant for it.

    ``username`` is empty until Telegram said it.
    """

    id: int = 0
    username: str = ""


NOBODY = BotIdentity()


@dataclass(frozen=True)
class Press:
    """A pressed button. ``message_id`` is ``None`` when the message cannot be reached any more."""

    query_id: str
    chat_id: int | None = None
    message_id: int | None = None
    title: str = ""


class Presses(Protocol):
    """Where a press is left to be answered. Returns at once; the answer goes out in the background."""

    def pressed(self, press: Press) -> None: ...


@dataclass(frozen=True)
class _Addressed:
    """Text that is meant for the bot, with mention and slash taken off."""

    text: str
    command: str = ""
    argument: str = ""


async def take_in(
    update: Mapping[str, Any],
    *,
    inbox: Inbox,
    presses: Presses,
    bot: BotIdentity,
    commands: Collection[str],
) -> None:
    """Store the update and see to it that a pressed button stops spinning.

    Raises: whatever the inbox raises; the update is then not stored and must be delivered again.
    """
    try:
        message, press = parse_update(update, bot=bot, commands=commands), parse_press(update)
    except Exception as exc:
        # A door: an update that trips our reading would be repeated for a day and hold up its chat.
        log.error("telegram.update.not_understood update=%s\n%s", update.get("update_id"), stack_of(exc))
        return
    if message is not None:
        await inbox.receive(message)
    if press is not None:
        presses.pressed(press)


def stack_of(error: BaseException) -> str:
    """Where and what kind, without the error's own words: those may quote what a person wrote."""
    return "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__


def parse_update(
    update: Mapping[str, Any], *, bot: BotIdentity = NOBODY, commands: Collection[str] = DEFAULT_COMMANDS
) -> InboundMessage | None:
    """The message in an update; ``None`` when nobody who could be answered wrote to the bot.

    ``commands`` are the names that reach the core as commands besides ``start``.
    """
    update_id = integer(update.get("update_id"))
    if update_id is None:
        return None
    provider_id = str(update_id)
    if message := mapping(update.get("message")):
        return _message(message, provider_id, bot, commands)
    if message := mapping(update.get("edited_message")):
        edited = _message(message, provider_id, bot, ())
        return edited and replace(edited, event=Event.NOTE, profile={**edited.profile, "edited": True})
    if query := mapping(update.get("callback_query")):
        return _callback(query, provider_id)
    return _membership(mapping(update.get("my_chat_member")), provider_id)


def is_said_in_group(update: Mapping[str, Any]) -> bool:
    """Whether it takes the bot's name to know if this is meant for the bot."""
    return any(_is_group(mapping(update.get(kind))) for kind in ("message", "edited_message"))


def parse_press(update: Mapping[str, Any]) -> Press | None:
    """The button press in an update, if it is one. Also for presses that carry nothing the core could use."""
    query = mapping(update.get("callback_query"))
    query_id = string(query.get("id"))
    if not query_id:
        return None
    message = mapping(query.get("message"))
    return Press(
        query_id=query_id,
        chat_id=integer(mapping(message.get("chat")).get("id")),
        message_id=integer(message.get("message_id")),
        title=_pressed_title(message, query.get("data")),
    )


def _message(
    message: Mapping[str, Any], provider_id: str, bot: BotIdentity, commands: Collection[str]
) -> InboundMessage | None:
    address = _address(message)
    if not address:
        return None
    if is_service(message):
        return _moved_group(message, provider_id, address)
    if not _by_a_person(message):
        return None
    content = read_content(message)
    addressed = _addressed(content.text, message, bot, commands)
    if addressed is None:
        return None
    profile = {**_profile(message), "trigger": "message"}
    if _is_group(message) and bot.username:
        profile["private_url"] = f"https://t.me/{bot.username}?start={PRIVATE_SCENE}"
    text = addressed.text
    if len(text) > MAX_TEXT_CHARS:
        text, profile["truncated"] = text[:MAX_TEXT_CHARS], True
    if not text and not content.media:
        profile["unknown"] = content.unknown or "empty"
    inbound = InboundMessage(
        channel=CHANNEL,
        provider_id=provider_id,
        address=address,
        text=text,
        media=content.media,
        sent_at=moment(message.get("edit_date") or message.get("date")),
        group_key=string(message.get("media_group_id")),
        profile=profile,
    )
    return _as_command(inbound, addressed) if addressed.command else inbound


def _as_command(inbound: InboundMessage, addressed: _Addressed) -> InboundMessage:
    profile = {key: value for key, value in inbound.profile.items() if key != "unknown"}
    if addressed.command != "start":
        return replace(inbound, profile={**profile, "command": addressed.command, "trigger": "menu"})
    scene = addressed.argument[:64]  # Source: Bot API, deep linking
    profile.update(scene=scene, trigger="scan" if scene else "follow")
    return replace(inbound, text="", event=Event.START, profile=profile)


def _addressed(
    text: str, message: Mapping[str, Any], bot: BotIdentity, commands: Collection[str]
) -> _Addressed | None:
    """What the text says to the bot; ``None`` when a group talks among itself, which is not kept."""
    text = text.strip()
    bare = _without_mention(text, bot)
    command = _command(text, bot, commands) or _command(bare, bot, commands)
    if command is not None:
        return command
    if _is_group(message) and not (
        bare != text or _mentioned_by_id(message, bot) or _replies_to_bot(message, bot)
    ):
        return None
    return _Addressed(_LEADING_SLASHES.sub("", bare))


def _without_mention(text: str, bot: BotIdentity) -> str:
    if not bot.username:
        return text
    mention = rf"@{re.escape(bot.username)}(?![A-Za-z0-9_])[,，:：]?"
    return re.sub(mention, "", text, flags=re.IGNORECASE).strip()


def _command(text: str, bot: BotIdentity, commands: Collection[str]) -> _Addressed | None:
    match = _COMMAND.fullmatch(text)
    if not match:
        return None
    name, other = match["name"].lower(), (match["bot"] or "").lower()
    if name != "start" and name not in commands:
        return None
    if other and bot.username and other != bot.username.lower():
        return None
    argument = (match["rest"] or "").strip()
    return _Addressed(f"{name} {argument}".strip(), command=name, argument=argument)


def _callback(query: Mapping[str, Any], provider_id: str) -> InboundMessage | None:
    """A press.

    The token is only what came in; the core decides whether it was ever issued to this address.
    """
    message = mapping(query.get("message"))
    address, token = _address(message), string(query.get("data"))
    if not address or not token:
        return None
    profile = {**_profile({**message, "from": query.get("from")}), "trigger": "menu"}
    if title := _pressed_title(message, token):
        profile["choice"] = title
    return InboundMessage(CHANNEL, provider_id, address, token=token[:64], profile=profile)


def _membership(change: Mapping[str, Any], provider_id: str) -> InboundMessage | None:
    """The bot was blocked or unblocked by a person, or put out of or into a group."""
    address = _address(change)
    member = mapping(change.get("new_chat_member"))
    status = string(member.get("status"))
    muted = status == "restricted" and not (member.get("is_member") and member.get("can_send_messages"))
    if not address or not (muted or status in (*_GONE, *_BACK, "restricted")):
        return None
    event = Event.UNREACHABLE if muted or status in _GONE else Event.REACHABLE
    profile = {**_profile(change), "trigger": "follow"}
    return InboundMessage(
        CHANNEL, provider_id, address, event=event, sent_at=moment(change.get("date")), profile=profile
    )


def _moved_group(message: Mapping[str, Any], provider_id: str, address: str) -> InboundMessage | None:
    """A group that became a supergroup has a new id; the record says which."""
    moved_to = integer(message.get("migrate_to_chat_id"))
    if moved_to is None:
        return None
    return InboundMessage(
        CHANNEL, provider_id, address, event=Event.NOTE, profile={"migrated_to": str(moved_to)}
    )


def _address(holder: Mapping[str, Any]) -> str:
    """``<chat id>`` or, in a forum, ``<chat id>:<thread id>``; empty where the bot has nobody to talk to.

    Outside forums a thread id only marks a chain of replies, and sending with it fails.
    """
    chat = mapping(holder.get("chat"))
    chat_id = integer(chat.get("id"))
    if chat_id is None or string(chat.get("type")) == "channel":
        return ""
    thread = integer(holder.get("message_thread_id"))
    return f"{chat_id}:{thread}" if thread and holder.get("is_topic_message") is True else str(chat_id)


def _is_group(message: Mapping[str, Any]) -> bool:
    return string(mapping(message.get("chat")).get("type")) in ("group", "supergroup")


def _by_a_person(message: Mapping[str, Any]) -> bool:
    """Not another bot and not a forwarded channel post.

    People may speak as their group or channel; Telegram then names one of its own bots as the sender.
    """
    if message.get("is_automatic_forward") is True:
        return False
    return bool(message.get("sender_chat")) or mapping(message.get("from")).get("is_bot") is not True


def _replies_to_bot(message: Mapping[str, Any], bot: BotIdentity) -> bool:
    author = mapping(mapping(message.get("reply_to_message")).get("from"))
    return bool(bot.id) and author.get("id") == bot.id


def _mentioned_by_id(message: Mapping[str, Any], bot: BotIdentity) -> bool:
    entities = [*items(message.get("entities")), *items(message.get("caption_entities"))]
    return bool(bot.id) and any(mapping(mapping(e).get("user")).get("id") == bot.id for e in entities)


def _profile(holder: Mapping[str, Any]) -> dict[str, Any]:
    person = mapping(holder.get("from"))
    name = " ".join(filter(None, (string(person.get("first_name")), string(person.get("last_name"))))).strip()
    profile: dict[str, Any] = {"chat_type": string(mapping(holder.get("chat")).get("type"))[:20]}
    if name:
        profile["name"] = name[:_MAX_NAME_CHARS]
    if (message_id := integer(holder.get("message_id"))) is not None:
        profile["message_id"] = message_id
    if language := string(person.get("language_code")):
        profile["language"] = language[:35]  # Source: RFC 5646, section 4.4.1
    if _is_group(holder) and (person_id := integer(person.get("id"))) is not None:
        profile["person"] = str(person_id)  # several people share the address
    return profile


def _pressed_title(message: Mapping[str, Any], data: object) -> str:
    """What stood on the button; empty when Telegram does not show us the message any more."""
    rows = items(mapping(message.get("reply_markup")).get("inline_keyboard"))
    buttons = [mapping(button) for row in rows for button in items(row)]
    titles = [
        string(button.get("text")) for button in buttons if data and button.get("callback_data") == data
    ]
    return titles[0] if titles else ""
