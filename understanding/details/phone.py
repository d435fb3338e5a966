"""Phone numbers, written or read out. Value: E.164 ("+8613812345678", an extension as ";ext=802").

A number that cannot be dialled but stands behind "my phone is" comes with its bare digits and a confidence
below one half. Short public numbers (110, 12345, 95598) and 400/800 hotlines are nobody's own phone.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from understanding.details.context import Context
from understanding.details.numbers import digit_string
from understanding.fold import Folded
from understanding.model import Detail

_MOBILE = re.compile(
    r"(?<![0-9])(?<![a-z][0-9-])(?:\(?\+?86\)?[ -]?|0086[ -]?)?(1[3-9][0-9](?:[ .·-]{0,2}[0-9]){8})(?![0-9])(?!-?[a-z0-9]{3})"
)
_WRITTEN = re.compile(
    r"(?<![0-9a-z-])(?<![0-9][.,/:])(?:\+|00)?(?:\([0-9]{1,5}\)|[0-9]{1,5})(?:[ .-]{0,2}\(?[0-9]{1,8}\)?){1,6}(?![0-9])"
    r"(?:,?\s?(?:转分机|转|分机号?|ext\.?|extn\.?|extension|x)\s?([0-9]{1,6})(?![0-9]))?"
)
_SPOKEN = re.compile(
    r"(?<![零〇一二三四五六七八九幺两百千万十])[一幺1](?:[ ,、-]?[0-9零〇一二三四五六七八九幺两洞拐勾]){10}(?![0-9零〇一二三四五六七八九十百千万])"
)
_SPOKEN_LAND = re.compile(
    r"(?<![一二三四五六七八九幺十])[零〇洞](?:[ ,、-]?[零〇一二三四五六七八九幺两洞拐勾]){9,11}(?![零〇一二三四五六七八九十百千万])"
)
_EN_DIGIT = r"(?:zero|nought|naught|oh|o|one|two|three|four|five|six|seven|eight|nine|[0-9])"
_SPOKEN_EN = re.compile(
    rf"(?<![a-z0-9])(?:plus )?(?:(?:double|triple|treble) )?{_EN_DIGIT}(?:[ ,-]{{1,2}}(?:(?:double|triple|treble) )?{_EN_DIGIT}){{6,14}}(?![a-z0-9])"
)
_EN_VALUES = {
    word: str(value)
    for value, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    )
} | {"oh": "0", "o": "0", "nought": "0", "naught": "0"}

#: The digits that follow are a phone …
_CUE = re.compile(
    r"(?:手机|电话|联系方式|联系我|打给我|号码|座机|致电|微信同号|phone|mobile|cell|tel|number|call me|reach me|text me|whatsapp|contact)[^0-9。!?;]{0,12}$"
)
#: … somebody else's, because the person rang it …
_RANG = re.compile(
    r"(?:打了?(?![我这那给])|拨打?了?|打过|打去|热线|客服电话|called|rang|dialled|dialed|hotline|helpline)[^0-9。!?;+]{0,8}$"
)
#: … or something else.
_OTHER = re.compile(
    r"(?:订单|单号|工单|编号|户号|账号|帐号|卡号|保单|身份证|快递|运单|尾号|流水|发票|编码|order|ticket|account|policy|ref|reference|case|invoice|tracking"
    r"|claim|booking|card|licen[cs]e|cheque|check|page|passport|qq|id|no\.?)[^0-9。!?;,，]{0,8}$"
)
#: "my mobile no. is": the word for the number does not make it something else.
_PHONE_NO = re.compile(
    r"(?:手机|电话|座机|phone|mobile|cell|tel|telephone|whatsapp|contact|landline)[ 's]*(?:no\.?|number|num|编号|号码?|尾号)[^0-9]{0,8}$"
)
#: Area codes of China are followed by numbers that begin with 2 to 8. Source: numbering plan of the MIIT.
_NORTH_AMERICA = ("US", "CA")
#: One or two digits more than a number has: somebody mistyped it.
_MORE_DIGITS = re.compile(r"[ -][0-9]{1,2}(?![0-9:.年月日点号])|[零〇一二三四五六七八九幺]")
_REGIONS = {"CN": "CN", "GB": "GB", "UK": "GB"}


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Numbers in order of appearance within each way of writing."""
    taken: list[tuple[int, int]] = []
    for detail, start, end in _candidates(folded, context):
        if all(end <= first or last <= start for first, last in taken):
            taken.append((start, end))
            yield detail


def _candidates(folded: Folded, context: Context) -> Iterator[tuple[Detail, int, int]]:
    text = folded.text
    for match in _MOBILE.finditer(text):
        if _is_other(text, match.start()) or _is_north_american(match, context.region):
            continue
        digits = re.sub("[^0-9]", "", match[1])
        yield _detail(folded, "+86" + digits, match.start(), match.end()), match.start(), match.end()
    for match in _WRITTEN.finditer(text):
        yield from _written(folded, match, context)
    for match in (*_SPOKEN.finditer(text), *_SPOKEN_LAND.finditer(text)):
        digits = digit_string(match[0]) or ""
        value = dialled(digits, "CN")
        if value and not _is_other(text, match.start()):
            yield _detail(folded, value, match.start(), match.end()), match.start(), match.end()
    if _has_english_digit(text):
        for match in _SPOKEN_EN.finditer(text):
            digits = _english_digits(match[0])
            value = dialled(digits, context.region) or (dialled(digits, "GB") if digits[:1] == "0" else None)
            if value and not _is_other(text, match.start()):
                yield _detail(folded, value, match.start(), match.end()), match.start(), match.end()


def _is_other(text: str, start: int) -> bool:
    """Whether the words before ``start`` make the digits an order, an account …"""
    before = max(0, start - 24)
    return bool(_OTHER.search(text, before, start)) and not _PHONE_NO.search(text, before, start)


def _is_north_american(match: re.Match[str], region: str) -> bool:
    """1-312-555-0147 is no Chinese mobile where 1 is the trunk prefix."""
    return region in _NORTH_AMERICA and "86" not in match[0][:5]


def _written(folded: Folded, match: re.Match[str], context: Context) -> Iterator[tuple[Detail, int, int]]:
    text, start = folded.text, match.start()
    end = match.end() if match[1] else _without_tail(text, start, match.end())
    body = text[start : match.start(1)] if match[1] else text[start:end]
    body = body.rstrip("转分机extnsio. ")
    if body.count("(") != body.count(")"):
        return
    digits = re.sub("[^0-9]", "", body)
    before = max(0, start - 24)
    if not 6 <= len(digits) <= 15 or _is_other(text, start) or _looks_like_date(body, digits):
        return
    cued = bool(_CUE.search(text, before, start))
    if digits[:3] in ("400", "800") and len(digits) == 10:
        return
    if not cued and not body.startswith(("+", "00", "0", "(0")) and not _grouped_like_phone(body, context):
        return
    if not cued and len(digits) < 9 and not (context.region in ("HK", "MO", "SG") and len(digits) == 8):
        return
    extension = match[1] or ""
    tail = re.fullmatch(r"(0[0-9]{2,3}-?[2-8][0-9]{6,7})-([0-9]{1,5})", body)
    if tail and not extension:
        digits, extension = re.sub("[^0-9]", "", tail[1]), tail[2]
    value = _by_grouping(body) or dialled(("+" if body.startswith("+") else "") + digits, context.region)
    if value:
        yield _detail(folded, value + (f";ext={extension}" if extension else ""), start, end), start, end
    elif body.startswith("+") and len(digits) >= 8:
        yield folded.detail("phone", "+" + digits, start, end, 0.4), start, end
    elif cued and 6 <= len(digits) <= 13:
        yield folded.detail("phone", digits, start, end, 0.3), start, end


def _grouped_like_phone(body: str, context: Context) -> bool:
    """A bare number without a leading zero is a phone only where phones are written so."""
    if context.region in ("US", "CA"):
        return bool(re.fullmatch(r"(?:1[ .-])?\(?[2-9][0-9]{2}\)?[ .-][0-9]{3}[ .-][0-9]{4}", body))
    if context.region in ("HK", "MO", "SG"):
        return bool(re.fullmatch(r"[2-9][0-9]{3}[ -]?[0-9]{4}", body))
    return bool(re.fullmatch(r"\([2-9][0-9]{2}\) ?[0-9]{3}-[0-9]{4}", body))


def _looks_like_date(body: str, digits: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)[0-9]{2}[ .-][0-9]{1,2}[ .-][0-9]{1,2}(?: .*)?", body)) or (
        len(digits) == 8 and digits.startswith(("19", "20")) and "-" not in body and " " not in body
    )


def _without_tail(text: str, start: int, end: int) -> int:
    while end > start and not (text[end - 1].isdigit() or text[end - 1] == ")"):
        end -= 1
    return end


def _detail(folded: Folded, value: str, start: int, end: int) -> Detail:
    rang = _RANG.search(folded.text, max(0, start - 14), start)
    more = _MORE_DIGITS.match(folded.text, end)
    return folded.detail("phone", value, start, end, 0.4 if more else 0.45 if rang else 1.0)


def _has_english_digit(text: str) -> bool:
    return any(word in text for word in ("zero", "oh ", "one ", "double", "seven"))


def _english_digits(said: str) -> str:
    digits, times = "", 1
    for word in re.findall(r"[a-z]+|[0-9]", said):
        if word in ("double", "triple", "treble"):
            times = 2 if word == "double" else 3
        elif word != "plus":
            digits, times = digits + _EN_VALUES.get(word, word) * times, 1
    return ("+" if said.startswith("plus") else "") + digits


#: Mobiles that one country alone groups so: British, Indian, Taiwanese, Australian.
_GROUPED = (
    ("+44", re.compile(r"0(7[0-9]{3})[ -]?([0-9]{3})[ -]([0-9]{3})|0(7[0-9]{3})[ -]([0-9]{6})")),
    ("+91", re.compile(r"([6-9][0-9]{4})[ -]([0-9]{5})")),
    ("+886", re.compile(r"0(9[0-9]{2})[ -]([0-9]{3})[ -]([0-9]{3})")),
    ("+61", re.compile(r"0(4[0-9]{2}) ([0-9]{3}) ([0-9]{3})")),
)


def _by_grouping(body: str) -> str | None:
    for country, pattern in _GROUPED:
        grouped = pattern.fullmatch(body)
        if grouped:
            return country + "".join(piece for piece in grouped.groups() if piece)
    return None


def dialled(number: str, region: str) -> str | None:
    """E.164 of ``number`` (digits, perhaps with + or 00) or ``None`` if no phone can have it.

    It is read in ``region`` first: a number of the right length there is never given to another country.
    """
    digits = number.lstrip("+")
    if re.fullmatch(r"1[3-9][0-9]{9}", number) and region not in _NORTH_AMERICA:
        return "+86" + number
    if re.fullmatch(r"(?:86|0086)1[3-9][0-9]{9}", digits):
        return "+" + digits[-13:]
    if number.startswith("00"):
        number = "+" + number[2:]
    home = _REGIONS.get(region, region)
    abroad = (
        ("CN", "GB") if number.startswith("0") else ("CN",) if re.fullmatch(r"1[3-9][0-9]{9}", number) else ()
    )
    for where in dict.fromkeys((home, *abroad)):
        if value := _read(number, where, at_home=where == home):
            return value
    return None


def _read(number: str, region: str, *, at_home: bool) -> str | None:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if parsed.country_code == 86 and not _is_chinese_landline(
        phonenumbers.national_significant_number(parsed)
    ):
        return None
    likely = number.startswith("+") or (at_home and bool(_LIKELY[region].fullmatch(number)))
    possible = (
        phonenumbers.is_possible_number_with_reason(parsed) == phonenumbers.ValidationResult.IS_POSSIBLE
    )
    if phonenumbers.is_valid_number(parsed) or (likely and possible):
        return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return None


#: Numbers of the right form that the tables of ``phonenumbers`` may not know to be in use. Elsewhere: none.
_LIKELY = defaultdict(
    lambda: re.compile(r"(?!)"),
    {"GB": re.compile(r"0[123][0-9]{8,9}|07[0-9]{9}"), "US": re.compile(r"1?[2-9][0-9]{9}"), "CA": re.compile(r"1?[2-9][0-9]{9}"),
     "IN": re.compile(r"0?[6-9][0-9]{9}"), "HK": re.compile(r"[2-9][0-9]{7}"), "SG": re.compile(r"[3689][0-9]{7}"),
     "AU": re.compile(r"0[23478][0-9]{8}"), "TW": re.compile(r"09[0-9]{8}"), "IE": re.compile(r"08[0-9]{8}")},
)  # fmt: skip


def _is_chinese_landline(number: str) -> bool:
    """Numbers behind an area code begin with 2 to 8."""
    return bool(
        re.fullmatch(r"(?:10|2[0-9])[2-8][0-9]{7}|[3-9][0-9]{2}[2-8][0-9]{6,7}|1[3-9][0-9]{9}", number)
    )
