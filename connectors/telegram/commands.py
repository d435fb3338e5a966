"""The commands in the bot's menu, with what each does in both languages.

What they mean is the core's business.
"""

from __future__ import annotations

from collections.abc import Iterable

#: Two-letter ISO 639-1 codes, as setMyCommands wants them. Everyone else is shown English.
MENU_LANGUAGES = ("zh", "en")
FALLBACK_LANGUAGE = "en"

_DESCRIPTIONS: dict[str, dict[str, str]] = {
    "start": {"zh": "开始", "en": "Start"},
    "new": {"zh": "反映一个新问题", "en": "Report a new problem"},
    "progress": {"zh": "查询处理进度", "en": "See how far my case is"},
    "human": {"zh": "转人工", "en": "Talk to a person"},
    "cancel": {"zh": "取消当前填写", "en": "Stop what we are doing"},
    "language": {"zh": "切换语言 / Language", "en": "Change language / 切换语言"},
    "help": {"zh": "我能帮您做什么", "en": "What I can do for you"},
}


def menu(language: str, *, allowed: Iterable[str]) -> list[tuple[str, str]]:
    """Name and description of every command to show, in the order of the menu."""
    shown = {"start", *allowed}
    return [(name, texts[language]) for name, texts in _DESCRIPTIONS.items() if name in shown]
