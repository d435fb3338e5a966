"""Pieces of a value and their shapes: a house number, a weekday, a clock time. Pieces of one shape stand for each other."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from understanding.details.numbers import parse_number

_C = r"(?:[0-9]{1,5}|[零〇一二两三四五六七八九十百千]{1,5})"
_H = r"[一-鿿]"
_WORDS_EN = r"(?:street|road|avenue|lane|drive|close|court|way|terrace|square|crescent|gardens?|grove|place|hill|mews|house|park|st|rd|ave|ln)"
_MONTHS = r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
DAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tues?|weds?|thurs?|fri|sat|sun)(?![a-z])"
_EN_N = (
    r"(?:[0-9]{1,4}[a-z]?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-h])(?![a-z0-9])"
)
_EN_CLOCK_N = r"(?:[0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?![a-z0-9])"
_NTH = r"(?:ground|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|top|[0-9]{1,2}(?:st|nd|rd|th))"
_UNIT = r"flat|apartment|apt|unit|room|suite|block|blk|building|tower|platform|gate|terminal|line|window|counter|desk|ward|exit|plot|level|bus|order|till|house"

#: Shapes, the most telling first. Pieces of one name stand for each other.
_SHAPES: tuple[tuple[str, str], ...] = (
    ("year", r"(?:20)?[0-9]{2}年|[去今前明]年|(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])"),
    ("month", rf"(?:上上|上|这|本|下)个?月|{_C}月份?|(?<![a-z]){_MONTHS}(?![a-z])"),
    ("date", r"(?<![0-9])[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?(?![0-9])"),
    ("from_week", r"(?:上上|上|下下|下|这|本)个?(?=周|星期|礼拜)|(?<![a-z])(?:last|next|this)(?= (?:mon|tues|wednes|thurs|fri|satur|sun)day)"),
    ("weekday", rf"(?:周|星期|礼拜)[一二三四五六日天末]|(?<![a-z])(?:{DAYS})(?: before last)?"),
    ("relday", r"大?[昨今前明后]天|昨日|今日|(?<![a-z])(?:the )?day before yesterday|(?<![a-z])(?:yesterday|today|tomorrow)"),
    ("clock", rf"{_C}点(?:半|钟|[一三]刻|{_C}分?)?|(?<![0-9])[0-9]{{1,2}}[:][0-9]{{2}}(?: ?[ap]m)?|(?<![0-9])[0-9]{{1,2}}(?:\.[0-9]{{2}})? ?[ap]m(?![a-z])|(?<![a-z])(?:half(?: past)?|quarter (?:past|to)|(?:five|ten|twenty) (?:past|to)) {_EN_CLOCK_N}|{_EN_CLOCK_N} o'?clock|(?:(?<=at )|(?<=around )|(?<=about )){_EN_CLOCK_N}|(?<=at )[0-9]{{1,2}}\.[0-9]{{2}}"),
    ("daypart", r"清晨|早上|早晨|今早|上午|中午|下午|傍晚|晚上|夜里|半夜|凌晨|(?<![a-z])(?:morning|afternoon|evening|night|noon|lunchtime|midnight)(?![a-z])"),
    ("festive", r"[前后]一天"),
    ("monthday", rf"(?<=月){_C}[号日]?|{_C}日|(?<![0-9a-z])[0-9]{{1,2}}(?:st|nd|rd|th)(?! floor)|(?<![0-9a-z/])[0-9]{{1,2}}(?= {_MONTHS}(?![a-z]))"),
    ("building", rf"(?:{_C}|[a-z])\s?(?:号楼|[栋幢座])"),
    ("flat", rf"{_C}\s?(?:室|号房|房)(?!间)|(?<=[栋幢座楼元])[0-9]{{3,4}}(?![0-9])"),
    ("unit_zh", rf"{_C}\s?单元"),
    ("line", rf"{_C}号线"),
    ("bus_zh", rf"{_C}路(?=公交|车|$)"),
    ("alley", rf"{_C}弄"),
    ("phase", rf"{_C}期"),
    ("floor", rf"(?:负|地下)?{_C}[楼层]|(?<![a-z0-9]){_NTH} floor"),
    ("window_zh", rf"(?:第{_C}个|[a-z]?{_C}\s?号?|[a-z]\s?号?|[东西南北]侧(?:的)?|(?![不是在应去的]){_H}{{2,3}})(?:窗口|柜台|窗)"),
    ("number_zh", rf"{_C}号(?!楼|线)"),
    ("road_zh", r"(?![不是应该在系和与])[^\W\d_a-z我你他她错走问修堵写填说的了]{1,4}?(?:大道|大街|路|街|巷|胡同)(?!名|口|公交|车|边)"),
    ("side", r"[东西南北](?=[门广进出站院区口侧]|$)[门侧口]?|(?<=城)[东西南北]|(?<![a-z])(?:north|south|east|west)(?:ern)?(?![a-z])"),
    ("title", r"(?:先生|女士|小姐|太太|阿姨|师傅|老师)|(?<![a-z])(?:mrs|mr|ms|miss|dr|professor|prof)(?![a-z])\.?"),
    ("currency", r"美元|美金|港币|欧元|英镑|块钱?|元(?!月|旦)|[¥$£€]|(?<![a-z])(?:pounds?|dollars?|euros?|quid|bucks|yuan|rmb|rupees)(?![a-z])"),
    ("keyed", rf"(?<![a-z])(?:{_UNIT})(?: (?:number|no\.?))? ?#?{_EN_N}"),
    ("busline", r"(?<![a-z0-9])(?:the )?[0-9]{1,3}(?= bus)"),
    ("street", rf"(?<![a-z'])(?!(?:and|the|of|one|on|at|in|not|it's|its|is|was|be|read|mean|meant|say|said|actually|i) )[a-z'-]+(?: (?!and |of |on |at |not )[a-z'-]+)? {_WORDS_EN}(?![a-z])"),
    ("code", r"(?<![a-z0-9])(?=[a-z0-9-]*[0-9])(?=[a-z0-9-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*(?![a-z0-9])"),
    ("number", r"[0-9]+(?:[.,][0-9]+)*|[零〇一二两三四五六七八九十百千万]{1,9}(?<!一(?=[些下共样起点句件份家个切]))|(?<![a-z])(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|a|hundred|thousand)(?:[ -]and)?[ -]?)+(?<=[a-z])(?<!(?<![a-z])a)(?![a-z])"),
)  # fmt: skip
SHAPE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _SHAPES))
#: Shapes that all say which day it was.
DAY = frozenset(["weekday", "relday", "monthday", "date", "month", "from_week", "year"])
#: Shapes whose unit may be left out in the new words ("350" for 300元): their number alone is exchanged.
COUNTING = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[零〇一二两三四五六七八九十百千万]+")
_SIGN_OF = {
    "pound": "£",
    "quid": "£",
    "dollar": "$",
    "buck": "$",
    "euro": "€",
    "yuan": "¥",
    "rmb": "¥",
    "英镑": "£",
    "欧元": "€",
    "美元": "$",
    "元": "¥",
}
_HALF_DAY = re.compile(r"(?<=[0-9]) ?[ap]m$")
_NUMBER = re.compile(rf"[a-z]?[0-9]+(?:[.:,][0-9]+)*[a-z]?|[零〇一二两三四五六七八九十百千万]+|(?<= ){_EN_N}")


@dataclass(frozen=True)
class Piece:
    shape: str
    start: int
    end: int
    text: str


def same_shape(one: str, other: str) -> bool:
    """Whether both are one piece of a shape each ("3号窗口", "综合窗口")."""
    first, second = SHAPE.fullmatch(one.lower()), SHAPE.fullmatch(other.lower())
    return bool(first and second and first.lastgroup == second.lastgroup)


def cased_like(new: str, former: str) -> str:
    if new.islower() and former[:1].isupper() and former[:1].isascii():
        return new[:1].upper() + new[1:]
    return new


def pieces_of(text: str) -> list[Piece]:
    found = []
    for match in SHAPE.finditer(text.lower()):
        found.append(
            Piece(str(match.lastgroup), match.start(), match.end(), text[match.start() : match.end()])
        )
    return found


def key_of(piece: Piece) -> str:
    """The shape, for keyed numbers with their key ("flat", "room")."""
    if piece.shape == "keyed":
        return "keyed " + re.split("[ #]", piece.text.lower())[0]
    return piece.shape


def counterpart(piece: Piece, ours: list[Piece], theirs: list[Piece]) -> Piece | None:
    alike = [each for each in ours if key_of(each) == key_of(piece)]
    if not alike and piece.shape in DAY:
        alike = [each for each in ours if each.shape in DAY]
        if len(alike) > 1 and len([each for each in theirs if each.shape in DAY]) == 1:
            return None
    if not alike and piece.shape == "number_zh":
        alike = [each for each in ours if each.shape in ("monthday", "window_zh", "number")]
    if not alike and piece.shape == "bus_zh":
        alike = [each for each in ours if each.shape == "bus_zh"]
    if not alike and piece.shape in ("number", "clock"):
        alike = [
            each
            for each in ours
            if (COUNTING.search(each.text) or (each.shape in ("clock", "keyed", "number")))
            and not (piece.shape == "clock" and each.shape in DAY)
        ]
    if not alike and piece.shape == "code":
        alike = [
            each
            for each in ours
            if each.shape in ("keyed", "number", "window_zh", "busline")
            and any(c.isdigit() for c in each.text)
        ]
    if not alike and piece.shape == "flat":
        alike = [each for each in ours if each.shape == "number" and len(each.text) in (3, 4)]
    if not alike:
        return None
    return max(alike, key=lambda each: (likeness(piece.text, each.text), -each.start))


def in_shape(piece: Piece, target: Piece) -> str:
    """The new piece in the dress of the old one: "350" for 300元, "5号" for 3号窗口."""
    said = piece.text
    if piece.shape == "currency" and target.text in "¥$£€":
        return _SIGN_OF.get(said.lower().rstrip("s"), said)
    if (said_half := _in_half_day(said, target)) is not None:
        return said_half
    if piece.shape == target.shape:
        if piece.shape == "monthday" and not re.search("[a-z]", target.text) and re.search("[a-z]", said):
            return re.sub("[a-z]", "", said)
        if piece.shape == "number" and len(target.text) > 1:
            return said
        return (
            cased_like(said, target.text)
            if piece.shape in ("keyed", "street", "weekday", "month", "relday")
            else said
        )
    if piece.shape == "number_zh" and target.shape == "window_zh":
        return re.sub(r"^[^窗柜]*", said, target.text, count=1)
    if piece.shape == "number_zh" and target.shape == "monthday" and target.text.endswith("日"):
        return said.rstrip("号") + "日"
    if piece.shape == "number_zh" and target.shape == "number":
        return said.rstrip("号")
    if piece.shape in ("number", "code", "clock") and target.shape not in ("number",):
        number = _NUMBER.search(target.text.lower())
        if number and target.shape != "clock":
            return target.text[: number.start()] + said + target.text[number.end() :]
    return said


def _in_half_day(said: str, target: Piece) -> str | None:
    """ "four" for 3pm is 4pm."""
    half = _HALF_DAY.search(target.text.lower())
    number = parse_number(said.lower()) if half else None
    return f"{number}{half[0]}" if half and number is not None else None


def likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio()
