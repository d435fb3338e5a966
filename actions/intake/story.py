"""Telling a story from a bare wish to complain."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.heard import Heard, HeardDetail

_EMPTY_ZH = re.compile(
    r"您好|你好|电话|手机|号码|先记|记上|喂|在吗|在不在|有人吗|请问|麻烦|谢谢|我|俺|咱|要|想|来|这里|这边|这儿|跟|和|向|对|给|你们|您|你|说|讲|"
    r"反映|反应|投诉|举报|告|吐槽|一下|一个|个|点|件|事情|事儿|事|问题|情况|的|了|啊|呀|吧|呢|哦|嗯|额|哎|唉|那个|就是|"
    r"諮詢|咨询|可以|能|能不能|可不可以|怎么|怎样|如何|需要|有|是|吗|嘛|帮|忙|投訴|反映|檢舉|舉報"
)
_EMPTY_EN = frozenset(
    [
        "hi",
        "hello",
        "hey",
        "good",
        "morning",
        "afternoon",
        "evening",
        "there",
        "i",
        "im",
        "i'm",
        "id",
        "i'd",
        "we",
        "want",
        "wanna",
        "need",
        "would",
        "like",
        "to",
        "make",
        "file",
        "lodge",
        "raise",
        "register",
        "submit",
        "report",
        "a",
        "an",
        "the",
        "my",
        "complaint",
        "complain",
        "complaining",
        "complaints",
        "about",
        "something",
        "some",
        "someone",
        "issue",
        "issues",
        "problem",
        "problems",
        "please",
        "can",
        "could",
        "you",
        "help",
        "me",
        "is",
        "this",
        "right",
        "place",
        "where",
        "do",
        "how",
        "have",
        "has",
        "got",
        "with",
        "of",
        "for",
        "anyone",
        "speak",
        "talk",
        "tell",
        "about",
        "it's",
        "its",
        "it",
        "and",
        "so",
        "um",
        "uh",
        "er",
        "well",
        "ok",
        "okay",
        "thanks",
        "thank",
        "u",
        "pls",
        "new",
        "one",
        "number",
        "phone",
        "mobile",
        "email",
        "contact",
        "name",
        "note",
        "down",
        "first",
        "that",
    ]
)


def has_story(text: str, *, top_category: float = 0.0) -> bool:
    """Whether ``text`` says what happened, not only that somebody wants to complain."""
    chinese = re.sub(r"[^\u4e00-\u9fff\u3400-\u4dbf]", "", _EMPTY_ZH.sub("", text))
    words = [word for word in re.findall(r"[a-z']+", text.lower()) if word not in _EMPTY_EN]
    weight = len(chinese) + 1.75 * len(words)
    return weight >= 5 or (weight >= 2 and top_category >= 0.45)


def without(text: str, details: Sequence[HeardDetail], *kinds: str) -> str:
    """``text`` without the details of these kinds."""
    for detail in details:
        if detail.kind in kinds:
            text = text.replace(detail.text, " ", 1)
    return text


#: A category this likely makes a story a complaint even if the words were taken for something else; with strong
#: feeling less is enough.
_CLEARLY_A_MATTER = 0.45


def is_told(heard: Heard) -> bool:
    """Whether the turn tells a matter of its own: a story, and a likely category or strong feeling."""
    top = heard.categories[0][1] if heard.categories else 0.0
    label, intensity = heard.emotion
    stirred = label in ("angry", "sarcastic") and intensity >= 2
    told = has_story(heard.text, top_category=top)
    return not heard.payload and told and (top >= _CLEARLY_A_MATTER or stirred)
