"""How many customer-service messages a person's last message is worth. Counted by the core, in its database.

Source: Tencent, "客服消息 > 发消息": 5 messages within 48 hours of a person's message; 3 within a minute of a menu
click, follow or scan. The platform's own refusal (45047, 45015) has the last word.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from casework.conversations.model import Heard
from casework.conversations.ports import Window

_CLICKS = frozenset({"menu", "follow", "scan"})
_CLICK_SENDS = 3
_CLICK_WINDOW = timedelta(minutes=1)
_UNLIMITED = 1_000
#: How long after a person's message one may write.
_OPEN = timedelta(hours=48)


def room(heard: Heard | None, *, most: int, now: datetime) -> int:
    """Messages that may still be sent. ``most``: for one written message.

    Beyond a click's minute an earlier message may have left something over, which only the platform knows: it is
    asked then.
    """
    if heard is None:
        return _UNLIMITED
    if heard.trigger not in _CLICKS:
        return max(0, most - heard.spent)
    if now - heard.at > _CLICK_WINDOW:
        return _UNLIMITED
    return max(0, min(most, _CLICK_SENDS) - heard.spent)


def window(heard: Heard | None, *, most: int, now: datetime) -> Window:
    """The same for staff, before they write."""
    if heard is None:
        return Window(is_known=False)
    if heard.trigger not in _CLICKS:
        return Window(room(heard, most=most, now=now), heard.at + _OPEN)
    ends = heard.at + _CLICK_WINDOW
    return Window(room(heard, most=most, now=now), ends) if now <= ends else Window(is_known=False)
