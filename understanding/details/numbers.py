"""Numbers as people write them: digits, Chinese numerals, English number words. Values only, no units of things."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

DIGITS = {char: value for value, chars in enumerate(["零〇0洞", "一壹1幺", "二贰两2俩", "三叁3仨", "四肆4", "五伍5",
          "六陆6", "七柒7拐", "八捌8", "九玖9勾"]) for char in chars}  # fmt: skip
_SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_UNSPOKEN = str.maketrans("", "", " ,，")

#: One Chinese numeral, also mixed with digits ("3万5", "1千2").
ZH = r"[0-9零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]"
#: A small whole number, digits or Chinese.
ZH_SMALL = r"(?:[0-9]{1,4}|[零〇一二两三四五六七八九十百]{1,5}|[俩仨])"

_EN_UNITS = {word: value for value, word in enumerate(
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"])}  # fmt: skip
_EN_TENS = {word: 10 * value for value, word in enumerate(
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)}  # fmt: skip
_EN_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "grand": 1000, "k": 1000}
_EN_LOOSE = {"a": 1, "an": 1, "couple": 2, "few": 3, "dozen": 12, "half": 0}
EN_WORD = (
    r"(?:(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine)(?![a-z]))?)"
)
EN_SMALL = rf"(?:[0-9]{{1,4}}|{EN_WORD})"

_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def parse_number(said: str) -> Decimal | None:
    """The value of ``said`` ("一百二十", "3万5", "1,200.50", "twenty-one"); ``None`` if it is none.

    A digit that follows a unit without 零 counts tenths of it: 三万五 is 35,000 and 一百二 is 120.
    """
    text = (
        said.strip().lower().translate(_UNSPOKEN)
        if not said.isalpha() or not said.isascii()
        else said.lower()
    )
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if re.search(r"[a-z]", text):
        return _english(said.lower())
    return _chinese(text)


def parse_whole(said: str) -> int | None:
    """Like :func:`parse_number`, for whole numbers only."""
    value = parse_number(said)
    return int(value) if value is not None and value == value.to_integral_value() else None


def digit_string(said: str) -> str | None:
    """Digits read out one by one ("幺三八", "二〇二六") as ASCII digits; ``None`` if anything else is in it."""
    digits = [DIGITS.get(char) for char in said if char not in " -,、."]
    return "".join(str(digit) for digit in digits) if digits and None not in digits else None


def _chinese(text: str) -> Decimal | None:
    if not text or len(text) > 24:
        return None
    if len(text) > 1 and all(char in DIGITS for char in text):
        return Decimal(digit_string(text) or 0)
    try:
        return _fold_myriads(text)
    except (InvalidOperation, KeyError):
        return None


def _fold_myriads(text: str) -> Decimal:
    for char, size in (("亿", 100_000_000), ("万", 10_000)):
        head, found, tail = text.rpartition(char)
        if found:
            front = _fold_myriads(head) if head else Decimal(1)
            back, skipped = (tail[1:], True) if tail[:1] in ("零", "〇") else (tail, False)
            if not back:
                return front * size
            rest = _fold_myriads(back)
            lone = len(back) == 1 and back in DIGITS and not skipped
            return front * size + (rest * size / 10 if lone else rest)
    return _below_myriad(text)


def _below_myriad(text: str) -> Decimal:
    total, pending, last_scale, skipped = Decimal(0), Decimal(0), 1, False
    seen_digit = False
    for piece in re.findall(r"[0-9]+(?:\.[0-9]+)?|.", text):
        if piece in _SCALES:
            last_scale = _SCALES[piece]
            total += (pending if seen_digit else 1) * last_scale
            pending, seen_digit, skipped = Decimal(0), False, False
        elif piece in ("零", "〇"):
            skipped, seen_digit = True, True
        else:
            pending = Decimal(piece) if piece[0].isascii() else Decimal(DIGITS[piece])
            seen_digit = True
    if seen_digit and pending and last_scale >= 100 and not skipped and pending < 10:
        return total + pending * last_scale / 10
    return total + pending


def _english(text: str) -> Decimal | None:
    words = [word for word in re.split(r"[ -]+", text.strip()) if word and word not in ("and", "of")]
    if not words or len(words) > 12:
        return None
    if len(words) > 1 and words[0] in ("a", "an") and words[1] in ("couple", "few", "dozen", "half"):
        words = words[1:]
    if words[0] == "half" and len(words) > 1:
        whole = _english(" ".join(words[1:]))
        return whole / 2 if whole is not None else None
    total, group = Decimal(0), Decimal(0)
    for word in words:
        if word in _EN_UNITS or word in _EN_TENS or word in _EN_LOOSE:
            value = _EN_UNITS.get(word, _EN_TENS.get(word, _EN_LOOSE.get(word, 0)))
            group = group * value if word == "dozen" and group else group + value
        elif word in _EN_SCALES:
            group = (group or Decimal(1)) * _EN_SCALES[word]
            if _EN_SCALES[word] >= 1000:
                total, group = total + group, Decimal(0)
        elif _PLAIN.fullmatch(word):
            group += Decimal(word)
        else:
            return None
    return total + group
