"""What the Telegram channel needs to be told. Read from nowhere: `app` fills it in. No network here."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

Mode = Literal["webhook", "polling"]

#: Where Telegram brings updates; the gateway mounts it.
WEBHOOK_PATH = "/webhooks/telegram"

#: Kinds of update we ask for. Everything else (channel posts, reactions, polls, …) is not sent to us at all.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

#: Longest text of one message and longest caption, in UTF-16 code units. Source: Bot API, sendMessage
#: ("1-4096 characters after entities parsing") and sendPhoto ("0-1024"); Telegram counts characters in
#: UTF-16 units.
MAX_TEXT_UNITS = 4096
MAX_CAPTION_UNITS = 1024

#: Largest callback data, in bytes of UTF-8. Source: Bot API, InlineKeyboardButton.
MAX_CALLBACK_BYTES = 64

#: Most buttons under one message. Source: telegram.constants.InlineKeyboardMarkupLimit.
MAX_BUTTONS = 100

#: Commands that reach the core besides /start.
DEFAULT_COMMANDS = ("help", "new", "progress", "cancel", "human", "language")

_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]+", re.ASCII)
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)  # Source: Bot API, setWebhook, secret_token


@dataclass(frozen=True)
class TelegramSettings:
    """Settings of one bot.

    ``public_url`` is the gateway's address as the internet sees it (``https://complaints.example.org``);
    empty is allowed, and health then says what is missing. An empty ``secret_token`` is derived from the
    token.

    Raises: ValueError, with the cure and never with the value, when a field cannot be used.
    """

    token: str = field(repr=False)
    mode: Mode = "webhook"
    api_base: str = "https://api.telegram.org"
    secret_token: str = field(default="", repr=False)
    public_url: str = ""
    max_body_bytes: int = 1024 * 1024
    allowed_commands: tuple[str, ...] = DEFAULT_COMMANDS
    timeout_s: float = 10.0
    poll_timeout_s: int = 30
    chat_burst: int = 5  #: messages one chat may be sent at once; after that one a second. Source: Bots FAQ

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.token):
            raise ValueError("the Telegram token must look like 123456:ABC…; copy it from @BotFather")
        if self.mode not in ("webhook", "polling"):
            raise ValueError("the Telegram mode must be webhook or polling")
        for name, url in (("api base", self.api_base), ("public URL", self.public_url)):
            if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
                raise ValueError(f"the Telegram {name} must be a URL that starts with https://")
        object.__setattr__(self, "api_base", self.api_base.rstrip("/"))
        object.__setattr__(self, "secret_token", self.secret_token or self._keyed("webhook secret"))
        if not _SECRET.fullmatch(self.secret_token):
            raise ValueError("the Telegram secret token may hold 1 to 256 of A-Z, a-z, 0-9, _ and -")

    @property
    def bot_id(self) -> int:
        """The bot's own user id, which is the part of the token before the colon."""
        return int(self.token.partition(":")[0])

    @property
    def webhook_url(self) -> str:
        """The address to register; empty without a public URL.

        Telegram never says which secret it holds. The short fingerprint in the query makes the address differ
        when the secret does, so that comparing addresses is enough to know whether to register again.
        """
        if not self.public_url:
            return ""
        fingerprint = self._keyed(f"fingerprint {self.secret_token}")[:8]
        return f"{self.public_url.rstrip('/')}{WEBHOOK_PATH}?v={fingerprint}"

    def _keyed(self, purpose: str) -> str:
        return hmac.new(
            self.token.encode(), f"tingsu telegram {purpose}".encode(), hashlib.sha256
        ).hexdigest()
