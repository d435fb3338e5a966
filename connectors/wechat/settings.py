"""What the WeChat channel must be told. The application reads the environment, not this module."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

Mode = Literal["auto", "active", "passive"]

#: WeChat cuts the call after 5 s and repeats it. Source: Tencent, "被动回复用户消息".
PLATFORM_PATIENCE_S = 5.0

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_MODES = ("auto", "active", "passive")


@dataclass(frozen=True)
class WeChatSettings:
    """Settings of one official account; secrets do not show in ``repr``.

    ``mode``: ``auto`` answers within the call if the answer is ready in time, else through the
    customer-service API; ``active`` always uses the API; ``passive`` never does (no permission needed).
    ``previous_aes_key``: the key in use before the last change, still accepted for pushes under way.
    ``require_encryption``: ``None`` means "as soon as there is an ``aes_key``".
    ``max_sends_per_turn``: API messages for one message of a person; the platform allows 5 in 48 hours.
    ``subscription_id``, ``template_id``: of a subscription notice or a template message that says beyond the 48
    hours that there is news; ``notice_fields``: its fields, with ``{organisation}`` and ``{time}`` to fill in.

    Raises: ValueError, naming everything that is wrong.
    """

    app_id: str
    token: str = field(repr=False)
    app_secret: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)
    previous_aes_key: str = field(default="", repr=False)
    mode: Mode = "auto"
    api_base: str = "https://api.weixin.qq.com"
    require_encryption: bool | None = None
    passive_wait_s: float = 4.3
    max_body_bytes: int = 256 * 1024
    max_sends_per_turn: int = 5
    subscription_id: str = ""
    template_id: str = ""
    notice_fields: Mapping[str, str] = field(default_factory=dict)
    organisation: str = ""
    timezone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        if self.require_encryption is None:
            object.__setattr__(self, "require_encryption", bool(self.aes_key))
        object.__setattr__(self, "api_base", self.api_base.rstrip("/"))
        if wrong := list(self._wrong()):
            raise ValueError("WeChat settings: " + "; ".join(wrong))

    @property
    def aes_keys(self) -> tuple[str, ...]:
        """Keys to try, the current one first."""
        return tuple(key for key in (self.aes_key, self.previous_aes_key) if key)

    def _wrong(self) -> list[str]:
        wrong = []
        if not self.app_id:
            wrong.append("app_id is missing (公众平台 > 设置与开发 > 基本配置)")
        if not self.token:
            wrong.append("token is missing (公众平台 > 基本配置 > 服务器配置)")
        if not self.app_secret and self.mode != "passive":
            wrong.append("app_secret is missing (only mode 'passive' works without it)")
        for name in ("aes_key", "previous_aes_key"):
            if (key := getattr(self, name)) and not _is_aes_key(key):
                wrong.append(f"{name} must be the 43 letters and digits of EncodingAESKey")
        if self.require_encryption and not self.aes_key:
            wrong.append("require_encryption needs aes_key")
        if self.mode not in _MODES:
            wrong.append(f"mode must be one of {', '.join(_MODES)}")
        if not _is_safe_base(self.api_base):
            wrong.append("api_base must start with https:// (http:// is for this machine only)")
        if not 0 < self.passive_wait_s < PLATFORM_PATIENCE_S:
            wrong.append("passive_wait_s must lie between 0 and 5 seconds")
        if self.max_body_bytes < 1024:
            wrong.append("max_body_bytes must be 1024 or more")
        if self.max_sends_per_turn < 1:
            wrong.append("max_sends_per_turn must be 1 or more")
        wrong.extend(self._wrong_notice())
        return wrong

    def _wrong_notice(self) -> Iterator[str]:
        if (self.subscription_id or self.template_id) and not self.notice_fields:
            yield "notice_fields are missing: copy their names from the template's example"
        for name, text in self.notice_fields.items():
            if not _is_fillable(text):
                yield f"notice field {name} may only use {{organisation}} and {{time}}"


def _is_aes_key(key: str) -> bool:
    try:
        return len(key) == 43 and len(base64.b64decode(key + "=", validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def _is_fillable(text: str) -> bool:
    try:
        text.format_map({"organisation": "", "time": ""})
    except (KeyError, ValueError, IndexError, AttributeError):
        return False
    return True


def _is_safe_base(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
