"""Words that make a case more urgent or a person more vulnerable, for the priority formula.

Source of the steps 1 to 5: handbook, section 4. The words are ours; each is kept with the score that it led to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_VULNERABILITY: Mapping[int, re.Pattern[str]] = {
    5: re.compile(
        r"呼吸机|制氧机|氧气机|吸氧|透析机|血液透析|"
        r"\b(?:ventilator|oxygen (?:machine|concentrator)|dialysis machine|life[- ]support)\b",
        re.IGNORECASE,
    ),
    4: re.compile(
        r"婴儿|新生儿|刚出生|月子|没满月|孕妇|怀孕|怀着孕|刚去世|刚过世|丧事|独居老人|老人(?:一个人|独自)住|"
        r"(?:七十[五六七八九]|[八九]十[一二三四五六七八九]?|7[5-9]|[89]\d)(?:多)?岁|没钱(?:吃饭|看病|买药)|低保|"
        r"\b(?:newborn|infant|pregnant|bereaved|passed away|lives? (?:all )?alone|no money (?:for|to)|"
        r"(?:7[5-9]|[89]\d)[- ]?(?:years?[- ]old|year-old))\b|\bbaby\b",
        re.IGNORECASE,
    ),
    3: re.compile(
        r"残疾|盲人|聋人|轮椅|高考|中考|夜班|\b(?:disabled|disability|wheelchair|blind|deaf|night shifts?)\b",
        re.IGNORECASE,
    ),
    2: re.compile(
        r"老人|老太太|老爷子|老年人|孩子|小孩|宝宝|爷爷|奶奶|姥姥|姥爷|外婆|外公|"
        r"\b(?:elderly|pensioner|child|children|kids?|toddler|grand(?:mother|father|ma|pa))\b",
        re.IGNORECASE,
    ),
    1: re.compile(
        r"不识字|不会普通话|听不懂普通话|看不懂英文|\b(?:don'?t speak (?:much )?english|interpreter|translator)\b",
        re.IGNORECASE,
    ),
}
_URGENCY: Mapping[int, re.Pattern[str]] = {
    4: re.compile(
        r"今天(?:之内|以内|就要|必须|到期|截止)|今晚|今夜|明天(?:就|到期|截止|必须|上午|一早)|现在还?(?:停着|没(?:电|水|气|暖))|"
        r"(?:停电|停水|停气|停暖)(?:到现在|中)|"
        r"\b(?:tonight|by tomorrow|due (?:today|tomorrow)|"
        r"(?:still|right now) (?:no|without) (?:power|water|gas|heat(?:ing)?))\b",
        re.IGNORECASE,
    ),
    3: re.compile(
        r"后天|大后天|[两二三](?:天|日)(?:内|之内|以内)|\bwithin (?:two|three|2|3) days\b", re.IGNORECASE
    ),
    2: re.compile(
        r"(?:这|本)(?:周|星期|礼拜)(?:内|之内|到期|截止|前)|\b(?:by|before) the end of (?:the|this) week\b",
        re.IGNORECASE,
    ),
    1: re.compile(
        r"(?:这|本)个?月(?:内|底|之内|到期|截止)|\b(?:by|before) the end of (?:the|this) month\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True)
class Sign:
    """``value`` 0 to 5; ``words``: what was said, empty with 0."""

    value: int = 0
    words: str = ""


def vulnerability(text: str) -> Sign:
    return _strongest(text, _VULNERABILITY)


def urgency(text: str) -> Sign:
    return _strongest(text, _URGENCY)


def _strongest(text: str, patterns: Mapping[int, re.Pattern[str]]) -> Sign:
    for value, pattern in patterns.items():
        if match := pattern.search(text):
            return Sign(value, match.group())
    return Sign()
