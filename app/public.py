"""What the bot says where others read along: whom to call in danger, and the way to a private chat. It asks nothing
there: whatever was answered, a name, a number, an address, would be read by the whole group.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.engine import BotButton, BotMessage
from casework.conversations.model import Conversation
from casework.house import House

_PUBLIC = ("group", "supergroup")


def is_public(conversation: Conversation) -> bool:
    return conversation.profile.get("chat_type") in _PUBLIC


def answer_in_public(
    house: House, conversation: Conversation, parsed: Mapping[str, Any], *, language: str
) -> tuple[BotMessage, ...]:
    """One line; the channel names the address of the private chat where it has one."""
    words = [house.word("write_privately", language)]
    if (parsed.get("emergency") or {}).get("level") == "P0":
        words.insert(0, house.word("danger_engine_away", language).format(**house.numbers))
    url = str(conversation.profile.get("private_url", ""))
    buttons = (BotButton(title=house.word("open_private", language), payload="", url=url),) if url else ()
    return (BotMessage(text="\n".join(words), buttons=buttons),)
