"""What a person put into one Telegram message: its text, its media, or a kind we have no use for.

Pure functions over the Bot API's Message object. Who wrote it, where, and whether it is meant for the bot is
decided in :mod:`connectors.telegram.receive`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from casework.conversations.model import Media, MediaKind
from connectors.telegram.fields import integer, items, mapping, number, string

Message = Mapping[str, Any]

#: Fields that carry files, with our kind. ``animation`` comes first: for old clients its messages
#: also carry ``document`` (Source: Bot API, Message), which would be the same thing twice.
_FILES: tuple[tuple[str, MediaKind], ...] = (
    ("animation", "video"),
    ("video", "video"),
    ("video_note", "video"),
    ("voice", "voice"),
    ("audio", "audio"),
    ("document", "file"),
    ("sticker", "sticker"),
)

#: Fields of a Message that say something about it and are not what the person sent.
_ENVELOPE = frozenset(
    """message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count
    sender_business_bot sender_tag receiver_user ephemeral_message_id date guest_query_id
    business_connection_id chat forward_origin forward_date forward_from forward_from_chat
    forward_from_message_id forward_sender_name forward_signature is_topic_message is_automatic_forward
    reply_to_message external_reply quote reply_to_story reply_to_checklist_task_id
    reply_to_poll_option_id via_bot guest_bot_caller_user guest_bot_caller_chat edit_date
    has_protected_content is_from_offline is_paid_post media_group_id author_signature paid_star_count
    text entities link_preview_options suggested_post_info effect_id caption caption_entities
    show_caption_above_media has_media_spoiler
    reply_markup""".split()  # noqa: SIM905 (a wall of quotes is harder to read)
)

#: Fields that only service messages carry: Telegram wrote them, nobody waits for an answer.
#: Source: Bot API 10.3, Message, the fields marked "Service message" and those that tell of a changed chat.
_SERVICE = frozenset(
    """new_chat_members left_chat_member chat_owner_left chat_owner_changed new_chat_title new_chat_photo
    delete_chat_photo group_chat_created supergroup_chat_created channel_chat_created
    message_auto_delete_timer_changed migrate_to_chat_id migrate_from_chat_id pinned_message
    successful_payment refunded_payment users_shared user_shared chat_shared gift unique_gift
    gift_upgrade_sent connected_website write_access_allowed passport_data proximity_alert_triggered
    boost_added chat_background_set checklist_tasks_done checklist_tasks_added community_chat_added
    community_chat_joined community_chat_removed direct_message_price_changed forum_topic_created
    forum_topic_edited forum_topic_closed forum_topic_reopened general_forum_topic_hidden
    general_forum_topic_unhidden giveaway_created giveaway_completed managed_bot_created
    paid_message_price_changed poll_option_added poll_option_deleted suggested_post_approved
    suggested_post_approval_failed suggested_post_declined suggested_post_paid suggested_post_refunded
    video_chat_scheduled video_chat_started video_chat_ended video_chat_participants_invited
    voice_chat_scheduled voice_chat_started voice_chat_ended voice_chat_participants_invited
    web_app_data""".split()  # noqa: SIM905
)

#: Where the words of a formatted message are, and what stands between the parts of an array there.
_RICH_PARTS = {
    "title": "",
    "text": "",
    "summary": "",
    "blocks": "\n",
    "items": "\n",
    "tasks": "\n",
    "cells": "\n",
    "caption": "",
}
_RICH_DEPTH = 24  #: nesting that is read; deeper text is dropped, so that no message can exhaust the stack


@dataclass(frozen=True)
class Content:
    """``unknown`` names a kind we cannot read; text and media are then empty."""

    text: str = ""
    media: tuple[Media, ...] = ()
    unknown: str = ""


def is_service(message: Message) -> bool:
    """Whether Telegram, and no person, wrote this message."""
    return not _SERVICE.isdisjoint(_present(message))


def read_content(message: Message) -> Content:
    """The words and things of a message that a person wrote.

    Captions count as text. A message that holds nothing we can read names its kind in ``unknown``; ``empty``
    when there is nothing in it at all.
    """
    text = string(message.get("text")) or string(message.get("caption"))
    text = text or _rich_text(message.get("rich_message")) or _rich_text(message.get("checklist"))
    media = _media(message)
    if media is not None:
        return Content(text=text, media=(media,))
    if text.strip():
        return Content(text=text)
    kinds = [string(key)[:40] for key in _present(message) if key not in _ENVELOPE]
    return Content(unknown=kinds[0] if kinds else "empty")


def _present(message: Message) -> list[str]:
    """The fields that are there; libraries write absent flags as false."""
    return [key for key, value in message.items() if value is not None and value is not False]


def _media(message: Message) -> Media | None:
    for name, kind in _FILES:
        if found := _file(mapping(message.get(name)), kind):
            return found
    readers: tuple[Callable[[Message], Media | None], ...] = (_photo, _place, _contact)
    return next((media for read in readers if (media := read(message))), None)


def _file(file: Mapping[str, Any], kind: MediaKind) -> Media | None:
    ref = string(file.get("file_id"))
    if not ref:
        return None
    return Media(
        kind=kind,
        ref=ref,
        mime=string(file.get("mime_type")),
        name=string(file.get("file_name")),
        size_bytes=integer(file.get("file_size")),
        text=string(file.get("emoji")) if kind == "sticker" else "",
    )


def _photo(message: Message) -> Media | None:
    """The largest size, which Telegram puts last."""
    sizes = [_file(mapping(size), "photo") for size in items(message.get("photo"))]
    return next((size for size in reversed(sizes) if size), None)


def _place(message: Message) -> Media | None:
    venue = mapping(message.get("venue"))
    point = mapping(message.get("location")) or mapping(venue.get("location"))
    latitude, longitude = number(point.get("latitude")), number(point.get("longitude"))
    if latitude is None or longitude is None:
        return None
    label = ", ".join(filter(None, (string(venue.get("title")), string(venue.get("address")))))
    return Media(kind="location", latitude=latitude, longitude=longitude, text=label)


def _contact(message: Message) -> Media | None:
    contact = mapping(message.get("contact"))
    phone = string(contact.get("phone_number"))
    if not phone:
        return None
    name = " ".join(filter(None, (string(contact.get("first_name")), string(contact.get("last_name")))))
    return Media(kind="contact", phone=phone, text=name)


def _rich_text(node: object, *, between: str = "\n", depth: int = 0) -> str:
    """The bare words of a rich message or a checklist; formatting and embedded media are left out."""
    if depth > _RICH_DEPTH:
        return ""
    if isinstance(node, str):
        return string(node)
    if isinstance(node, list):
        parts = [_rich_text(child, between=between, depth=depth + 1) for child in node]
        return between.join(filter(None, parts))
    fields = mapping(node)
    parts = [
        _rich_text(fields[key], between=inner, depth=depth + 1)
        for key, inner in _RICH_PARTS.items()
        if key in fields
    ]
    return "\n".join(filter(None, parts))
