"""Which language and script a turn is written in, by characters and a few function words. No model."""

from __future__ import annotations

import re

from understanding.model import Language, LanguageGuess, Script
from understanding.script import simplified_only, traditional_only

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’][A-Za-z]+)*")
_NOISE = re.compile(
    r"https?://[!-~]{1,400}|[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]{1,80}|[A-Za-z]{0,20}[0-9][A-Za-z0-9-]{0,40}"
)

#: Latin words that people write in any language: they say nothing about the language of the turn.
_SHARED = frozenset(
    [
        "ok",
        "okay",
        "okey",
        "k",
        "kk",
        "hi",
        "hello",
        "hey",
        "yo",
        "bye",
        "byebye",
        "lol",
        "haha",
        "hahaha",
        "hh",
        "hhh",
        "wow",
        "omg",
        "emmm",
        "emm",
        "em",
        "mm",
        "hmm",
        "um",
        "uh",
        "oh",
        "ah",
        "ha",
        "app",
        "wifi",
        "wi",
        "fi",
        "vip",
        "pos",
        "atm",
        "id",
        "pin",
        "qq",
        "wechat",
        "vx",
        "wx",
        "email",
        "gmail",
        "com",
        "cn",
        "http",
        "https",
        "www",
        "sim",
        "usb",
        "led",
        "tv",
        "dvd",
        "pdf",
        "ppt",
        "excel",
        "word",
        "kfc",
        "ktv",
        "cctv",
        "gps",
        "pm",
        "am",
        "ai",
        "nfc",
        "etc",
        "sos",
        "ems",
        "sf",
        "jd",
        "dhl",
        "ups",
        "pdd",
        "iphone",
        "ipad",
        "apple",
        "pay",
        "alipay",
        "visa",
        "pro",
        "max",
        "mini",
        "plus",
        "iphone",
        "huawei",
        "bug",
        "pass",
        "sorry",
        "thanks",
        "thx",
        "3q",
        "no",
        "yes",
        "out",
        "in",
        "by",
        "cpu",
        "pcr",
        "ct",
        "gdp",
        "ceo",
        "hr",
        "it",
        "bgm",
        "diy",
        "ps",
        "cd",
        "dj",
        "kg",
        "km",
        "cm",
        "mm",
        "ml",
        "g",
        "m",
        "l",
        "a",
        "b",
        "c",
        "d",
        "e",
        "f",
        "h",
        "i",
        "j",
        "n",
        "o",
        "p",
        "q",
        "r",
        "s",
        "t",
        "u",
        "v",
        "w",
        "x",
        "y",
        "z",
    ]
)
#: Words that are English on their own, however short the turn.
_ENGLISH_ALONE = frozenset(
    [
        "yes",
        "no",
        "hello",
        "hi",
        "hey",
        "thanks",
        "sorry",
        "bye",
        "please",
        "yeah",
        "yep",
        "nope",
        "sure",
        "help",
        "stop",
        "cancel",
    ]
)
#: English words that a Chinese speaker drops into a Chinese sentence and that carry its content.
_MIN_CONTENT_LETTERS = 3


def guess_language(text: str) -> LanguageGuess:
    """Language, script and mixture of one turn. ``certain`` is false when the turn could be anybody's."""
    bare = _NOISE.sub(" ", text)
    han = len(_HAN.findall(bare))
    words = [word.lower() for word in _LATIN_WORD.findall(bare)]
    content = [word for word in words if word not in _SHARED and len(word) >= _MIN_CONTENT_LETTERS]
    if not han:
        return _without_han(words, content)
    language: Language = "zh" if han >= len(content) else "en"
    mixed = bool(content)
    script: Script = "latn" if language == "en" else _script(bare)
    return LanguageGuess(language, script, mixed=mixed)


def _without_han(words: list[str], content: list[str]) -> LanguageGuess:
    told = bool(content) or len(words) >= 2 or any(word in _ENGLISH_ALONE for word in words)
    if words and told and not (len(set(words) - _SHARED) == 0 and not set(words) & _ENGLISH_ALONE):
        return LanguageGuess("en", "latn")
    return LanguageGuess("en", "latn", certain=False) if words else LanguageGuess("zh", "hans", certain=False)


def _script(text: str) -> Script:
    traditional = sum(char in traditional_only() for char in text)
    simplified = sum(char in simplified_only() for char in text)
    return "hant" if traditional > simplified else "hans"


def in_either_script(text: str) -> bool:
    """Whether Chinese words are written alike in Simplified and Traditional characters: 可以, 你好, 明天下午."""
    return not any(char in traditional_only() or char in simplified_only() for char in text)
