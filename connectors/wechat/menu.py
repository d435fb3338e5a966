"""The account's menu below the chat: what is in it, and how a click names its command. What it means is the core's."""

from __future__ import annotations

from collections.abc import Mapping

#: A menu key that begins so names a command of the core (`c:progress`).
COMMAND_PREFIX = "c:"
COMMANDS = frozenset({"new", "progress", "human", "help", "cancel", "language"})

#: Source of lengths: Tencent, "自定义菜单 > 创建接口": 16 bytes for an entry, 60 for one below it.
_TITLES: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "new": "我要反映", "progress": "查进度", "more": "更多",
        "human": "转人工", "help": "能帮我什么", "cancel": "取消当前填写", "language": "English / 中文",
    },
    "en": {
        "new": "Report", "progress": "Progress", "more": "More",
        "human": "Talk to a person", "help": "What can you do?", "cancel": "Stop this", "language": "中文 / English",
    },
}  # fmt: skip


def menu(language: str) -> list[Mapping[str, object]]:
    """The entries as menu/create wants them. An account has one menu: its language is the organisation's first."""
    titles = _TITLES["zh" if language.startswith("zh") else "en"]

    def click(command: str) -> Mapping[str, object]:
        return {"type": "click", "name": titles[command], "key": COMMAND_PREFIX + command}

    below = [click(command) for command in ("human", "help", "cancel", "language")]
    return [click("new"), click("progress"), {"name": titles["more"], "sub_button": below}]
