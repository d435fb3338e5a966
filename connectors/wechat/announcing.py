"""Beyond 48 hours: a subscription notice or template message says that there is news; the news itself waits.

Such a notice has fixed fields and no room for an answer. Whoever reads it and writes anything opens the window again
and gets what was held back.
Source: Tencent, "订阅通知 > 发送订阅通知" and "模板消息"; lengths of fields by the kind their name begins with.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from casework.conversations.model import Author, DeliveryError, OutboundMessage
from connectors.wechat.api import WeChatApi
from connectors.wechat.settings import WeChatSettings
from connectors.wechat.token import TokenStore

log = logging.getLogger(__name__)

#: Longest value of a field in characters, by the letters its name begins with.
_LENGTHS = {"thing": 20, "short_thing": 5, "const": 20, "phrase": 5, "character_string": 32, "name": 10}
_ONCE_S = 24 * 3600.0


class Announcer:
    """Tells a person once a day that something waits for them, if the settings name a template."""

    def __init__(self, settings: WeChatSettings, store: TokenStore) -> None:
        self._settings = settings
        self._store = store

    @property
    def is_set_up(self) -> bool:
        return bool(self._settings.subscription_id or self._settings.template_id)

    async def announce(self, api: WeChatApi, message: OutboundMessage, *, now: datetime) -> bool:
        """Whether a notice went out. What goes wrong with it does not matter to the message, which is held."""
        settings = self._settings
        if message.author is Author.BOT or not self.is_set_up:
            return False
        key = f"wechat:announced:{settings.app_id}:{message.address}"
        if await self._store.get(key) is not None:
            return False
        fields = fields_of(settings, now=now)
        for template_id, send in (
            (settings.subscription_id, api.send_subscription),
            (settings.template_id, api.send_template),
        ):
            if not template_id:
                continue
            try:
                await send(message.address, template_id, fields)
            except DeliveryError as error:
                log.warning("wechat notice refused: message %s, %s", message.id, error.code)
            else:
                await self._store.set(key, "1", ttl_s=_ONCE_S)
                return True
        return False


def fields_of(settings: WeChatSettings, *, now: datetime) -> dict[str, str]:
    """The template's fields, filled and cut to what the platform takes. Nothing of the case is in them."""
    local = now.astimezone(ZoneInfo(settings.timezone))
    known = {"organisation": settings.organisation, "time": f"{local:%Y-%m-%d %H:%M}"}
    return {
        name: text.format_map(known)[: _LENGTHS.get(re.sub(r"\d+$", "", name), 200)]
        for name, text in settings.notice_fields.items()
    }
