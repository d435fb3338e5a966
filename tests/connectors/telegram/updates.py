"""Updates as the Bot API describes them, built by hand."""

from __future__ import annotations

from typing import Any

SENT_AT = 1_760_000_000  # 2025-10-09 08:53:20 UTC
PERSON = {
    "id": 5_000_000_042,
    "is_bot": False,
    "first_name": "小雨",
    "last_name": "陈",
    "language_code": "zh-hans",
}
PRIVATE = {"id": 5_000_000_042, "type": "private", "first_name": "小雨"}
GROUP = {"id": -1_001_234_567_890, "type": "supergroup", "title": "Neighbours"}
BOT_USER = {"id": 987654321, "is_bot": True, "first_name": "Tingsu", "username": "tingsu_bot"}


def message(
    *, chat: dict[str, Any] = PRIVATE, update_id: int = 900_000_001, **content: Any
) -> dict[str, Any]:
    """An update with a message; ``sender`` replaces ``from``."""
    body = {"message_id": 7, "from": PERSON, "chat": chat, "date": SENT_AT, **content}
    if "sender" in body:
        body["from"] = body.pop("sender")
    return {"update_id": update_id, "message": body}


def press(data: str = "k3JxPq0aZ81b", *, update_id: int = 900_000_002, **query: Any) -> dict[str, Any]:
    """An update with a pressed button, under a message that still shows it."""
    keyboard = {"inline_keyboard": [[{"text": "是", "callback_data": "k3JxPq0aZ81b"}]]}
    shown = {
        "message_id": 6,
        "from": BOT_USER,
        "chat": PRIVATE,
        "date": SENT_AT,
        "text": "对吗？",
        "reply_markup": keyboard,
    }
    body = {"id": "4382bfdwdsb323b2d9", "from": PERSON, "chat_instance": "-3", "data": data, "message": shown}
    return {"update_id": update_id, "callback_query": {**body, **query}}


def membership(status: str, *, chat: dict[str, Any] = PRIVATE, **member: Any) -> dict[str, Any]:
    """An update that says what the bot now is in a chat."""
    return {
        "update_id": 900_000_003,
        "my_chat_member": {
            "chat": chat,
            "from": PERSON,
            "date": SENT_AT,
            "old_chat_member": {"user": BOT_USER, "status": "member"},
            "new_chat_member": {"user": BOT_USER, "status": status, **member},
        },
    }
