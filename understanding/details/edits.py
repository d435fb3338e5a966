"""Edits of single signs of a number or name: "最后两位写反了", "the third digit is 8", "多打了一个零", "S-M-Y-T-H".

:func:`find_edit` reads them, :func:`apply_edit` carries them out on a value as said. Nothing here knows fields.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from dataclasses import dataclass

from understanding.details.numbers import DIGITS, digit_string, parse_whole

_D = r"(?P<new>oh|zero|one|two|three|four|five|six|seven|eight|nine|[0-9](?:[ -]?[0-9]){0,10}|[零〇幺一二三四五六七八九]{1,8}|(?!am|pm|at|on|in|to|of|it|is|up|an?(?: |$)|i |no|so|my|as|by|or|we|me)[a-z0-9]{1,3}|[a-z]{1,2}[0-9]{1,6})(?![0-9a-z零〇一二三四五六七八九号点月年天个])"
_N = r"(?P<count>[0-9]{1,2}|[一二两俩三四五六七八九十]{1,2})"
_NTH_EN = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh"
_NTH = {word: place for place, word in enumerate(_NTH_EN.split("|"))}
_EN_COUNT = r"(?P<count>one|two|three|four|five|six|[1-6])"
_EN_NUMBERS = {
    word: value
    for value, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    )
}
_IS = r"(?:应该|其实|写错了?|错了|不对|打错了?|要|,|\s)*(?:是|应?为|改成|改为|换成|(?<=应该)(?=[0-9]))"
_IS_EN = r"(?: (?:actually|really))?(?: is|'s| are| was| were| should be| should have been|:|,)+ (?:actually )?(?:an? |the (?:letter|number) )?"
_NOT_OLD = r"(?:不是(?P<old>[0-9a-z零〇幺一二三四五六七八九]{1,8})[,\s]?而?)?"
_NOT_EN = r"(?:not (?:an? )?[0-9a-z]{1,8},? (?:but|it's|it is)? ?)?"
_SWAPPED_ZH = r"(?:[,我]|好像|应该|都|数字|数)*(?:写|打|说|填|弄|搞|记|输|报)?(?:反|颠倒|倒)(?:过来)?了?"
_SWAPPED_EN = r"(?:swapped|reversed|transposed|flipped|switched|back to front|the wrong way (?:round|around)|the other way (?:round|around)|mixed up|in the wrong order)"

#: Name of the edit, what says so. ``new``: the right signs; ``count``: how many or which.
_ZH: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("swap_head", re.compile(rf"(?:前面?|开头|头)(?:两|2|俩)(?:位|个数字?|个)?{_SWAPPED_ZH}")),
    ("swap_tail", re.compile(rf"(?:最后|末尾?|后面?|尾号|尾数)的?(?:两|2|俩)(?:位|个数字?|个)?(?:数字?|号码?)?{_SWAPPED_ZH}")),
    ("swap_tail", re.compile(r"(?:最后|末尾?|后面?)的?(?:两|2|俩)(?:位|个数字?|个)?(?:数字?)?(?:要|应该|得)?(?:对调|互换|调换|换一?下|调过来|换过来|倒过来)")),
    ("nth_last", re.compile(rf"倒数第?{_N}(?:位|个数字?|个号码?|个字母)(?:数字?)?{_IS}{_D}")),
    ("nth", re.compile(rf"第{_N}(?:位|个数字?|个号码?|个字母)(?:数字?)?{_IS}{_D}")),
    ("middle", re.compile(rf"中间(?:那)?(?:[一二两三四五3456]?(?:位|个数字?|段|几位))?{_IS}{_D}")),
    ("area", re.compile(rf"区号{_IS}{_D}")),
    ("extension", re.compile(rf"(?:分机号?|内线){_IS}{_D}")),
    ("head", re.compile(rf"(?:开头|前面|打头|头|前)(?:的)?(?:[一二两三四五2345]?(?:位|个数字?|个字母|几位))?(?:数字?)?{_IS}{_D}")),
    ("head", re.compile(r"(?:是|应该)(?P<new>[0-9a-z]{1,6})(?:开头|打头)")),
    ("append", re.compile(rf"(?:后面|最后|末尾)(?:还有|还要加|要加|再加|漏了|少了|加)(?:上)?(?:一?个|一位)?{_D}")),
    ("tail", re.compile(rf"(?:最后|末尾|末|后面|后|尾号|尾数|尾)(?:的)?(?:[一二两三四五六12345]?(?:位|个数字?|个号码?|个字母|几位))?(?:数字?|号码?)?(?:[0-9a-z](?=应该|不对|错))?{_IS}{_NOT_OLD}{_D}")),
    ("tail", re.compile(r"(?:尾号|尾数|最后[两三四]位|后[两三四]位)(?P<new>[0-9]{2,6})(?![0-9])")),
    ("zero_head", re.compile(r"(?:前面|最前面|开头|头上)[^,。]{0,6}(?:少|漏|缺|还有)了?(?:打|写|填|输|掉)?了?一?个(?:0|零)|(?:少|漏|缺)(?:打|写|填|输|掉)?了?一?个(?:0|零)[,， ]?(?:在|是)?(?:最前面|前面|开头)")),
    ("zero_more", re.compile(r"(?:少|漏|缺)(?:打|写|填|输|说|掉)?了?一?个(?:0|零)")),
    ("zero_less", re.compile(r"多(?:打|写|填|输|说|加)?了?一?个(?:0|零)")),
)  # fmt: skip
_EN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("swap_head", re.compile(rf"(?<![a-z])(?:first|leading) two(?: digits| numbers| letters)?(?: are| were| got)?(?: the)? {_SWAPPED_EN}")),
    ("swap_tail", re.compile(rf"(?<![a-z])(?:last|final) two(?: digits| numbers| letters)?(?: are| were| got| should be)? {_SWAPPED_EN}")),
    ("swap_tail", re.compile(r"(?<![a-z])(?:swap|switch|reverse|flip|transpose)(?:p?ed|d)?(?: round)? the (?:last|final) two")),
    ("swap_head", re.compile(r"(?<![a-z])(?:swap|switch|reverse|flip|transpose)(?: round)? the first two")),
    ("nth_last", re.compile(rf"(?<![a-z])(?P<nth>second|third|fourth)(?:[ -]to)?[ -]last (?:digit|number|letter|one|character){_IS_EN}{_NOT_EN}{_D}")),
    ("nth_last", re.compile(rf"(?<![a-z])(?:(?P<nth>penultimate|last but one)) (?:digit|number|letter){_IS_EN}{_NOT_EN}{_D}")),
    ("nth", re.compile(rf"(?<![a-z])(?P<nth>{_NTH_EN}) (?:digit|number|letter|character){_IS_EN}{_NOT_EN}{_D}")),
    ("nth", re.compile(rf"(?<![a-z])(?P<nth>first|1st) {_EN_COUNT} (?:digits?|numbers?|letters?)?{_IS_EN}{_NOT_EN}{_D}")),
    ("middle", re.compile(rf"(?<![a-z])(?:the )?middle (?:bit|part|digits?|numbers?|three|four){_IS_EN}{_NOT_EN}{_D}")),
    ("area", re.compile(rf"(?<![a-z])(?:area|dialling|dialing|std) code{_IS_EN}{_NOT_EN}{_D}")),
    ("extension", re.compile(rf"(?<![a-z])(?:extension|ext\.?)(?: number)?{_IS_EN}{_NOT_EN}{_D}")),
    ("head", re.compile(rf"(?<![a-z])(?:should )?(?:starts?|starting|begins?|beginning)(?: (?:with|in)(?: an?)? | (?=[0-9])| (?=[a-z]{{2,3}}(?:$| not |,))){_D}")),
    ("append", re.compile(rf"(?<![a-z])(?:add|missing|forgot|left off|there's|there is|needs?) (?:another |an? |the )?{_D} (?:at|on|off|from) the end")),
    ("tail", re.compile(rf"(?<![a-z])(?:last|final|end) (?:(?:one|two|three|four|five|six|[1-6]) ?)?(?:digits?|numbers?|letters?|characters?|ones?)?(?: of [a-z ]{{1,24}}?)?{_IS_EN}{_NOT_EN}{_D}")),
    ("tail", re.compile(rf"(?<![a-z])(?:(?:ends?|ending|finishes|finishing)(?: (?:in|with|on)(?: an?)? | (?=[0-9]|[a-z]{{2,3}}(?:$|[,.])))|(?:letter|digit|number|bit)s? (?:at|on) the end{_IS_EN}){_D}")),
    ("zero_head", re.compile(r"(?<![a-z])(?:a|one|another|missing|missed) (?:0|zero|nought|oh) (?:at the (?:front|start|beginning)|in front)")),
    ("zero_more", re.compile(r"(?<![a-z])(?:missed|missing|forgot|left (?:off|out)|dropped|need(?:s)?|one)(?: out)? (?:a|one|the last|another|more) ?(?:0|zero|nought)|(?:0|zero|nought) (?:too few|short|missing)")),
    ("zero_less", re.compile(r"(?<![a-z])(?:one|a|an extra|1) ?(?:extra )?(?:0|zero|nought)s? (?:too many|too much|extra|by mistake)|(?:added|typed|put|got) (?:an extra|one too many) (?:0|zero|nought)s?")),
)  # fmt: skip
#: Letters read out: "S M Y T H", "k-a-t-h-r-y-n".
_SPELLED = re.compile(r"(?<![a-z])(?P<new>[a-z](?:[ .-]{1,2}[a-z]){2,14})(?![a-z'])")
_SPELLED_CUE = re.compile(
    r"(?<![a-z])(?:spelled|spelt|spelling|spell|that's|it's|its|should be|as in|correct)(?![a-z])|^[a-z]([ .-][a-z]){2,}\s*$|拼写|拼作|是"
)


@dataclass(frozen=True)
class Edit:
    """``name``: one of the first words of the tables above; ``place``: of a single sign, from 0, or from the end."""

    name: str
    new: str = ""
    place: int = 0


def find_edit(text: str) -> tuple[Edit, tuple[int, int]] | None:
    """The edit that folded ``text`` asks for and where its words stand."""
    for name, pattern in (*_ZH, *_EN):
        match = pattern.search(text)
        if match:
            groups = match.groupdict()
            return Edit(name, _signs(groups.get("new") or ""), _place(groups)), match.span()
    spelled = _SPELLED.search(text)
    if spelled and (_SPELLED_CUE.search(text) or re.sub("[^a-z]", "", spelled["new"]) in text.split(",")):
        return Edit("spelled", re.sub("[^a-z]", "", spelled["new"]).capitalize()), spelled.span()
    return None


def _signs(said: str) -> str:
    if said in _EN_NUMBERS or said == "oh":
        return str(_EN_NUMBERS.get(said, 0))
    return digit_string(said) or re.sub("[ -]", "", said).upper()


def _place(groups: dict[str, str | None]) -> int:
    nth, count = groups.get("nth"), groups.get("count")
    if nth in ("penultimate", "last but one"):
        return 1
    if nth and not (count and nth in ("first", "1st")):
        return _NTH[nth]
    if count and not nth:
        return (DIGITS["2"] if count == "俩" else parse_whole(count) or 1) - 1
    return 0


def apply_edit(edit: Edit, former: str) -> str | None:
    """``former`` with the edit carried out; ``None`` where it does not fit."""
    if edit.name == "spelled":
        return None
    if edit.name == "append":
        return former + edit.new
    if edit.name == "zero_less":
        return _once(r"0((?:[.,]00)?(?=[^0-9,.]|$))", r"\1", former)
    if edit.name == "zero_more":
        return _once(r"([0-9])(?=[^0-9,.]|$)", r"\g<1>0", former)
    if edit.name == "zero_head":
        return _once(r"(?<![0-9])(?=[0-9])", "0", former)
    if edit.name == "area":
        return _once(r"^\(?[0-9]{3,5}\)?(?=[- ])", edit.new, former)
    if edit.name == "extension":
        bare = re.sub(r"(?:;ext=|转| ?ext\.? ?)[0-9]+$", "", former)
        joint = "转" if "-" in bare or not re.search("[ +]", bare) else " ext "
        return bare + joint + edit.new
    return _signs_changed(edit, former)


def _once(pattern: str, new: str, former: str) -> str | None:
    changed, times = re.subn(pattern, new, former, count=1)
    return changed if times else None


def _signs_changed(edit: Edit, former: str) -> str | None:
    places = [place for place, sign in enumerate(former) if sign.isascii() and sign.isalnum()]
    if edit.new.isdigit() and former.lstrip("+").replace(" ", "").isalnum() is False:
        places = places if any(former[place].isdigit() for place in places) else []
    if former.startswith("+86") and edit.name in ("nth", "head", "middle", "swap_head"):
        places = [place for place in places if place >= 3]
    if edit.name.startswith("swap"):
        if len(places) < 2:
            return None
        one, other = places[:2] if edit.name == "swap_head" else places[-2:]
        signs = list(former)
        signs[one], signs[other] = signs[other], signs[one]
        return "".join(signs)
    size = len(edit.new)
    if not size or size > len(places):
        return None
    first = _first(edit, len(places))
    if not 0 <= first <= len(places) - size:
        return None
    signs = list(former)
    for place, sign in zip(places[first : first + size], edit.new, strict=True):
        signs[place] = sign.lower() if former[place].islower() and not former[place].isdigit() else sign
    return "".join(signs)


def _first(edit: Edit, length: int) -> int:
    size = len(edit.new)
    if edit.name == "tail":
        return length - size
    if edit.name == "nth":
        return edit.place
    if edit.name == "nth_last":
        return length - 1 - edit.place
    if edit.name == "middle":
        return 3 if length == 11 else (length - size) // 2
    return 0
