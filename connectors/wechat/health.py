"""The channel's state in words, with a cure for each refusal of the access token."""

from __future__ import annotations

import re

from casework.conversations.model import DeliveryError
from casework.conversations.ports import ChannelHealth

_CURES = {
    "40164": "Add the address {ip} to the IP white list (公众平台 > 设置与开发 > 基本配置 > IP白名单).",
    "40013": "TINGSU_WECHAT_APP_ID is not the account's AppID.",
    "40001": "TINGSU_WECHAT_APP_SECRET is wrong or was reset; copy it again from 基本配置.",
    "40125": "TINGSU_WECHAT_APP_SECRET is wrong or was reset; copy it again from 基本配置.",
    "41004": "Set TINGSU_WECHAT_APP_SECRET.",
    "40243": "The AppSecret is frozen; unfreeze it at 基本配置.",
    "45009": "The day's API quota is used up; it starts anew at midnight in Beijing.",
    "48004": "The account's API is banned; see the notices on the platform.",
    "50002": "The account is limited; see the notices on the platform.",
}
_NETWORK_CURE = "Check that this machine reaches {base}."


def refused(error: DeliveryError, *, base: str) -> ChannelHealth:
    """What a refused access token means; ``base`` is the API server."""
    if not error.code.lstrip("-").isdecimal():
        return unreachable(error.code, base=base)
    words = str(error.__cause__ or "")
    address = re.search(r"\d{1,3}(?:\.\d{1,3}){3}", words)
    cure = _CURES.get(error.code, "Look the code up in Tencent's table of return codes.")
    return ChannelHealth(
        False,
        f"WeChat refused the access token: {error.code} {words}".strip(),
        cure.format(ip=address.group() if address else "of this server"),
    )


def unreachable(why: str, *, base: str) -> ChannelHealth:
    return ChannelHealth(False, f"WeChat not reached: {why}", _NETWORK_CURE.format(base=base))
