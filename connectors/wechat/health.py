"""The channel's state in words, with a cure for each refusal of the access token."""

from __future__ import annotations

import re

from casework.conversations.model import DeliveryError
from casework.conversations.ports import ChannelHealth
from casework.text import Reason

_SECRET = ("secret", "TINGSU_WECHAT_APP_SECRET is wrong or was reset; copy it again from 基本配置.")
_CURES = {
    "40164": (
        "ip",
        "Add the address {ip} of this server to the IP white list (公众平台 > 设置与开发 > 基本配置 > IP白名单).",
    ),
    "40013": ("app_id", "TINGSU_WECHAT_APP_ID is not the account's AppID."),
    "40001": _SECRET,
    "40125": _SECRET,
    "41004": ("no_secret", "Set TINGSU_WECHAT_APP_SECRET."),
    "40243": ("frozen", "The AppSecret is frozen; unfreeze it at 基本配置."),
    "45009": ("quota", "The day's API quota is used up; it starts anew at midnight in Beijing."),
    "48004": ("banned", "The account's API is banned; see the notices on the platform."),
    "50002": ("limited", "The account is limited; see the notices on the platform."),
}


def refused(error: DeliveryError, *, base: str) -> ChannelHealth:
    """What a refused access token means; ``base`` is the API server."""
    if not error.code.lstrip("-").isdecimal():
        return unreachable(error.code, base=base)
    told = f"{error.code} {error.__cause__ or ''}".strip()
    address = re.search(r"\d{1,3}(?:\.\d{1,3}){3}", told)
    key, cure = _CURES.get(error.code, ("other", "Look the code up in Tencent's table of return codes."))
    return ChannelHealth(
        False,
        Reason("wechat_refused", "WeChat refused the access token: {told}", told=told),
        Reason(f"wechat_cure_{key}", cure, ip=address.group() if address else ""),
    )


def unreachable(why: str, *, base: str) -> ChannelHealth:
    return ChannelHealth(
        False,
        Reason("wechat_unreachable", "WeChat not reached: {why}", why=why),
        Reason("wechat_cure_network", "Check that this machine reaches {base}.", base=base),
    )
