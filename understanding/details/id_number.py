"""Numbers that name a person: identity cards, passports, social insurance, permits.

Value: capitals and digits without blanks or dashes; Hong Kong cards keep their brackets ("A123456(3)"). Shapes with
a check character count alone; shapes that an order could have, too, count only behind the word for the paper. A
Chinese number that fails its check is given behind that word with a confidence below one half.

Source: GB 11643-1999 with ISO 7064 MOD 11-2 (China); Immigration Department, Hong Kong (weights 9 to 2, modulo 11);
HMRC NIM39110 (prefixes of National Insurance numbers); NRIC modulo 11 (Singapore); modulo 10 (Taiwan).
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from understanding.details.context import Context
from understanding.details.numbers import digit_string
from understanding.fold import Folded
from understanding.model import Detail

_NUMBER = re.compile(
    r"(?<![0-9a-z])([1-9][0-9]{5}[ -]?(?:18|19|20)[0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{3}[0-9x])(?![0-9a-z])"
)
_CHINA = r"身份证|证件号|id card|id number|identity card|id no"
_CUED = re.compile(rf"(?:{_CHINA})[^0-9。!?]{{0,10}}([0-9]{{14,18}}x?)(?![0-9a-z])")
_SPOKEN = re.compile(
    r"(?<![零〇一二三四五六七八九幺])[零〇一二三四五六七八九幺两](?:[ ,、]?[零〇一二三四五六七八九幺两0-9]){16} ?(?:[零〇一二三四五六七八九幺两0-9]|x|叉|艾克斯)(?![零〇一二三四五六七八九幺])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"

_HONG_KONG = re.compile(r"(?<![a-z0-9])([a-z]{1,2}[0-9]{6}) ?\(([0-9a])\)(?![a-z0-9])")
_INSURANCE = re.compile(
    r"(?<![a-z0-9-])[a-ceghj-prstw-z][a-ceghj-nprstw-z](?:[ -]?[0-9]{2}){3}[ -]?[a-d](?![a-z0-9-])"
)
_SOCIAL = re.compile(r"(?<![0-9-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![0-9-])")
_PAN = re.compile(r"(?<![a-z0-9])[a-z]{3}[abcfghljpt][a-z][0-9]{4}[a-z](?![a-z0-9])")
_SINGAPORE = re.compile(r"(?<![a-z0-9])[stfgm][0-9]{7}[a-z](?![a-z0-9])")
_TAIWAN = re.compile(r"(?<![a-z0-9])[a-z][1289][0-9]{8}(?![a-z0-9])")

#: What may stand between the word for a paper and its number; English words only after a blank.
_BETWEEN = r"(?:的?号码?|编号|证号)?(?:'s)?(?: ?(?:number|no\.?|num|nr|id|card))*[ :#=,]{0,3}(?:是|为|就是|系|写着)?(?: ?(?:is|was|it's|its|as|under))?[ :]{0,2}"
#: The word for a paper, and the shape of its number.
_PAPER_SHAPES = {
    r"护照|(?<![a-z])passport": r"[a-z]{0,2}[0-9]{6,9}[a-z]?",
    r"通行证|回乡证|台胞证|往来证|旅行证": r"[a-z]{0,2}[0-9]{8,10}",
    r"(?<![a-z])(?:ni|nino|national insurance|n\.i\.)": r"[a-z]{2}(?:[ -]?[0-9]{2}){3}[ -]?[a-d]?(?![a-z])",
    r"(?<![a-z])nhs": r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}",
    r"(?<![a-z])(?:ssn|social security|my social|social|sin)": r"[0-9]{3}[ -]?[0-9]{2,3}[ -]?[0-9]{3,4}",
    r"(?<![a-z])(?:aadh?aa?r|uidai|uid)": r"[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}",
    r"(?<![a-z])pan": r"[a-z]{5}[0-9]{4}[a-z]",
    r"身份证|身份證|证件|(?<![a-z])(?:hkid|hk ?id|hk ?identity|identity card|id card)": r"[a-z]{1,2}[0-9]{6} ?\(?[0-9a]\)?|[a-z][1289][0-9]{8}",
    r"(?<![a-z])(?:nric|fin|ic)": r"[stfgm][0-9]{7}[a-z]|[0-9]{6}-?[0-9]{2}-?[0-9]{4}",
    r"驾驶证|驾照|(?<![a-z])(?:driving|driver'?s?|drivers') licen[cs]e": r"[a-z]{2,5}[0-9]{6,7}[a-z0-9]{3,6}|[a-z]{0,2}[0-9]{7,14}",
    r"军官证|士兵证|残疾证|居住证|社保号|社会保障号": r"[a-z]{0,2}[0-9]{7,20}[a-z]?",
    r"(?<![a-z])(?:residence permit|brp|green card|alien|identity|tax file|tfn|medicare|tax id|id)": r"(?=[a-z0-9 -]*[0-9]{4})[a-z]{0,3}[0-9]{2,3}(?:[ -]?[0-9]{2,4}){1,3}[a-z]?",
}  # fmt: skip
_PAPERS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?:{words}){_BETWEEN}(?P<number>{shape})(?![a-z0-9])"), words)
    for words, shape in _PAPER_SHAPES.items()
)
#: These words make the same shapes something else.
_OTHER = re.compile(
    r"(?:订单|单号|工单|保单|户号|账号|编号|line|wechat|微信|user|login|apple|game|qq|email|device|app|steam|order|ticket|account|policy|ref|reference|case|invoice|tracking|claim|booking|customer|membership|serial|staff|agent|operator|officer|driver|clerk|advis[eo]r|badge|employee|student|card|receipt|photo|caller|transaction)[^0-9。!?;,]{0,12}$"
)


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Numbers of persons in order of appearance within each kind of paper."""
    text = folded.text
    for start, end, value, sure in _candidates(text):
        yield folded.detail("id_number", value, start, end, sure)


def _candidates(text: str) -> Iterator[tuple[int, int, str, float]]:
    for match in _SPOKEN.finditer(text):
        last = match[0][-1]
        digits = digit_string(match[0].removesuffix("艾克斯").rstrip("x叉")) or ""
        number = digits + ("X" if last in "x叉斯" else "")
        if is_id_number(number):
            yield *match.span(), number, 0.9
    if not any(char in text for char in "0123456789"):
        return
    for match in _NUMBER.finditer(text):
        number = _plain(match[1])
        if is_id_number(number):
            yield *match.span(1), number, 1.0
    for match in _CUED.finditer(text):
        if not is_id_number(_plain(match[1])):
            yield *match.span(1), _plain(match[1]), 0.3
    for match in _HONG_KONG.finditer(text):
        yield (
            *match.span(),
            f"{match[1]}({match[2]})".upper(),
            1.0 if _is_hong_kong(match[1], match[2]) else 0.6,
        )
    yield from _by_shape(text)
    for pattern, words in _PAPERS:
        for match in pattern.finditer(text):
            number = _plain(match["number"])
            before = text[max(0, match.start() - 14) : match.start()]
            if is_id_number(number) or (words.endswith("|id)") and _OTHER.search(before)):
                continue
            yield *match.span("number"), _hong_kong_form(number, words), 0.9


def _by_shape(text: str) -> Iterator[tuple[int, int, str, float]]:
    for pattern, fits in _SHAPES:
        for match in pattern.finditer(text):
            number = _plain(match[0])
            if fits(number) and not _OTHER.search(text, max(0, match.start() - 24), match.start()):
                yield *match.span(), number, 0.9


def _plain(said: str) -> str:
    return re.sub("[ -]", "", said).upper()


def _hong_kong_form(number: str, words: str) -> str:
    bare = number.replace("(", "").replace(")", "")
    if "hkid" in words and re.fullmatch(r"[A-Z]{1,2}[0-9]{6}[0-9A]", bare):
        return f"{bare[:-1]}({bare[-1]})"
    return bare


def is_id_number(number: str) -> bool:
    """Whether it is a Chinese number whose date of birth exists and whose check character is right."""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return _CHECKS[sum(w * int(d) for w, d in zip(_WEIGHTS, number, strict=False)) % 11] == number[17]


def _is_hong_kong(body: str, check: str) -> bool:
    letters = [36] if len(body) == 7 else []
    values = letters + [ord(char) - 87 if char.isalpha() else int(char) for char in body]
    total = sum(weight * value for weight, value in zip(range(9, 1, -1), values, strict=True))
    return (total + (10 if check == "a" else int(check))) % 11 == 0


def _is_singaporean(number: str) -> bool:
    total = sum(w * int(d) for w, d in zip((2, 7, 6, 5, 4, 3, 2), number[1:8], strict=True))
    total += {"T": 4, "G": 4, "M": 3}.get(number[0], 0)
    checks = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "KLJNPQRTUWX"}.get(number[0], "XWUTRQPNMLK")
    rest = total % 11
    return (checks[10 - rest] if number[0] == "M" else checks[rest]) == number[8]


def _is_taiwanese(number: str) -> bool:
    area = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(number[0]) + 10
    digits = [area // 10, area % 10, *map(int, number[1:])]
    return sum(w * d for w, d in zip((1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), digits, strict=True)) % 10 == 0


def _always(number: str) -> bool:
    return True


_SHAPES: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (_INSURANCE, _always),
    (_SOCIAL, _always),
    (_PAN, _always),
    (_SINGAPORE, _is_singaporean),
    (_TAIWAN, _is_taiwanese),
)
