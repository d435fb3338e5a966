"""A former value with one piece of it put right: "人民路32号" and "23号", "Tuesday half three" and "half four".

Pieces of one shape stand for each other: a house number for a house number, a weekday for a day, a surname for a
surname. What the new words do not speak of stays as it was. Nothing here knows fields or finds corrections.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from understanding.details.numbers import digit_string
from understanding.details.staff import SURNAMES

_C = r"(?:[0-9]{1,5}|[零〇一二两三四五六七八九十百千]{1,5})"
_H = r"[一-鿿]"
_WORDS_EN = r"(?:street|road|avenue|lane|drive|close|court|way|terrace|square|crescent|gardens?|grove|place|hill|mews|house|park|st|rd|ave|ln)"
_MONTHS = r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
_DAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tues?|weds?|thurs?|fri|sat|sun)(?![a-z])"
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
    ("weekday", rf"(?:周|星期|礼拜)[一二三四五六日天末]|(?<![a-z])(?:{_DAYS})(?: before last)?"),
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
    ("window_zh", rf"(?:第{_C}个|[a-z]?{_C}\s?号?|[a-z]\s?号?|[东西南北]侧(?:的)?|{_H}{{2,3}})(?:窗口|柜台|窗)"),
    ("number_zh", rf"{_C}号(?!楼|线)"),
    ("road_zh", rf"{_H}{{1,4}}?(?:大道|大街|路|街|巷|胡同)(?!口|公交|车|边)"),
    ("side", r"[东西南北](?=[门广进出站院区口侧]|$)[门侧口]?|(?<=城)[东西南北]|(?<![a-z])(?:north|south|east|west)(?:ern)?(?![a-z])"),
    ("title", r"(?:先生|女士|小姐|太太|阿姨|师傅|老师)|(?<![a-z])(?:mrs|mr|ms|miss|dr|professor|prof)(?![a-z])\.?"),
    ("currency", r"美元|美金|港币|欧元|英镑|块钱?|元(?!月|旦)|[¥$£€]|(?<![a-z])(?:pounds?|dollars?|euros?|quid|bucks|yuan|rmb|rupees)(?![a-z])"),
    ("keyed", rf"(?<![a-z])(?:{_UNIT})(?: (?:number|no\.?))? ?#?{_EN_N}"),
    ("busline", r"(?<![a-z0-9])(?:the )?[0-9]{1,3}(?= bus)"),
    ("street", rf"(?<![a-z])(?!(?:and|the|of|one|on|at|in) )[a-z'-]+(?: (?!and |of |on |at )[a-z'-]+)? {_WORDS_EN}(?![a-z])"),
    ("code", r"(?<![a-z0-9])(?=[a-z0-9-]*[0-9])(?=[a-z0-9-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*(?![a-z0-9])"),
    ("number", r"[0-9]+(?:[.,][0-9]+)*|[零〇一二两三四五六七八九十百千万]{1,9}(?<!一(?=[些下共样起点句件份家个切]))|(?<![a-z])(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|a|hundred|thousand)(?:[ -]and)?[ -]?)+(?<=[a-z])(?<!(?<![a-z])a)(?![a-z])"),
)  # fmt: skip
SHAPE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _SHAPES))
#: Shapes that all say which day it was.
_DAY = frozenset(["weekday", "relday", "monthday", "date", "month", "from_week", "year"])
#: Shapes whose unit may be left out in the new words ("350" for 300元): their number alone is exchanged.
_COUNTING = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[零〇一二两三四五六七八九十百千万]+")
_FILL_ZH = re.compile(
    r"^(?:我?(?:其实|应该)?(?:说|去|住|讲|指|要|坐|乘)?的?是|我?(?:在|住在|姓)|是|应?为|叫|系|到|第)+|(?:那个(?:大厅|地方|窗口)?|那边|那家|那里|的|才对|那天)+$"
)
_FILL_EN = re.compile(
    r"^(?:(?:(?:the )?(?:one|other one|branch|office)(?: (?:on|in|at|next to it))?|it's|it was|i'm (?:in|at)|i (?:live|was) (?:in|at)|started at|starts at|from|till|until|in|at|on|to|a|an|the|exactly|closer to|more like|about|around|maybe),? )+"
)
_LIGHT = re.compile(
    r"(?<![a-z])(?:the|a|an|at|on|in|of|to|it|was|is|from|till|until|my|and|about|around)(?![a-z])|[\s,.的]+|在|到|了|(?<=[0-9])[号]"
)
_ARTICLE = re.compile(r"^(?:the|a|an|my|our|at|on|in) ")
_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|慕容|令狐|司徒|端木|夏侯"
_NAME_ZH = re.compile(rf"(?:{_COMPOUND}|[{SURNAMES}])[一-鿿]{{1,2}}")
_NAME_EN = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Professor)\.? )?[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,3}")
#: How people explain a sign by its parts or by a word that holds it.
PARTS = {"耳东": "陈", "弓长": "张", "立早": "章", "木子": "李", "双木": "林", "口天": "吴", "言午": "许", "古月": "胡", "双人": "徐", "双口": "吕", "草头": "黄", "三横": "王", "木易": "杨", "卯金刀": "刘", "人可": "何", "水工": "江", "禾日": "香", "十八子": "李", "文武": "斌", "走肖": "赵"}  # fmt: skip
_EXPLAINED = re.compile(r"(?P<word>[一-鿿]{1,4})的(?P<sign>[一-鿿])$")
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
_NUMBER = re.compile(rf"[a-z]?[0-9]+(?:[.:,][0-9]+)*[a-z]?|[零〇一二两三四五六七八九十百千万]+|(?<= ){_EN_N}")
_WEEK_ZH = "一二三四五六日"
_WEEK_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHIFTS = (
    (1, re.compile(r"^(?:是|应该是)?(?:第二天|次日|隔天|后一天|晚一天|翌日|转天)$|^(?:it was )?(?:the )?(?:next|following) day$|^(?:it was )?(?:(?:a|one) )?day (?:later|after)$|^the day after$")),
    (-1, re.compile(r"^(?:是|应该是)?(?:前一天|早一天|头一天|头天)$|^(?:it was )?(?:the )?(?:previous day|day before)$|^(?:it was )?(?:(?:a|one) )?day (?:earlier|before)$")),
    (7, re.compile(r"^(?:it was )?(?:a|one) week (?:later|after)$|^(?:the )?(?:next|following) week$")),
)  # fmt: skip
_SHIFT_DAYS = ("大前天", "前天", "昨天", "今天", "明天", "后天", "大后天")


@dataclass(frozen=True)
class Piece:
    shape: str
    start: int
    end: int
    text: str


def is_shift(said: str) -> bool:
    """Whether ``said`` moves a day ("the next day", "晚一天")."""
    return any(pattern.search(said.strip().lower()) for _, pattern in _SHIFTS)


def same_shape(one: str, other: str) -> bool:
    """Whether both are one piece of a shape each ("3号窗口", "综合窗口")."""
    first, second = SHAPE.fullmatch(one.lower()), SHAPE.fullmatch(other.lower())
    return bool(first and second and first.lastgroup == second.lastgroup)


def mend(former: str, new: str, old: str | None = None, hint: str | None = None) -> str:
    """``former`` with ``new`` in the place of ``old``, or of the piece that looks like ``new``.

    ``hint``: a word for the field or its part ("surname"). ``new`` alone if it has no place in ``former``.
    """
    shifted = _shifted(former, new)
    if shifted:
        return shifted
    core = _core(new)
    spoken = digit_string(core)
    if spoken and len(spoken) >= 7:
        return spoken
    named = _name_mended(former, core, old, hint)
    if named:
        return named
    if old and (mended := _put_in_place(former, _core(old), core)):
        return mended
    return (
        _by_shape(former, core, old)
        or _letters_changed(former, core)
        or _by_head(former, core)
        or _by_likeness(former, core)
        or core
    )


def _core(said: str) -> str:
    """The words without what only leads to them ("the one on Bridge Street", "城西那个大厅")."""
    text = said.strip(" .,，。'\"")
    for pattern in (_FILL_ZH, _FILL_EN):
        match = pattern.search(text.lower())
        while match and match.end() > match.start() and match[0] != text.lower():
            text = text[match.end() :] if match.start() == 0 else text[: match.start()]
            match = pattern.search(text.lower()) if pattern is _FILL_ZH else None
    return text.strip() or said


def _shifted(former: str, new: str) -> str | None:
    days = next((days for days, pattern in _SHIFTS if pattern.search(new.strip().lower())), None)
    if days is None:
        return None
    match = re.search(r"(?<=周|期|拜)[一二三四五六日天]", former)
    if match:
        row = 6 if match[0] == "天" else _WEEK_ZH.index(match[0])
        return former[: match.start()] + _WEEK_ZH[(row + days) % 7] + former[match.end() :]
    match = re.search("|".join(_WEEK_EN), former.lower())
    if match:
        word = _WEEK_EN[(_WEEK_EN.index(match[0]) + days) % 7]
        word = word.capitalize() if former[match.start()].isupper() else word
        return former[: match.start()] + word + former[match.end() :]
    match = re.search("大?[前昨今明后]天", former)
    if match and 0 <= (row := _SHIFT_DAYS.index(match[0]) + days) < len(_SHIFT_DAYS):
        return former[: match.start()] + _SHIFT_DAYS[row] + former[match.end() :]
    match = re.search(r"(?<=月)[0-9]{1,2}(?=[号日])|(?<![0-9])[0-9]{1,2}(?= [A-Z][a-z])", former)
    if match and 1 <= int(match[0]) + days <= 28:
        return former[: match.start()] + str(int(match[0]) + days) + former[match.end() :]
    return None


def _put_in_place(former: str, old: str, new: str) -> str | None:
    """``new`` where ``old`` stood, without repeating what stands around it."""
    span = _find(former, old)
    if span is None:
        return None
    start, end = span
    before, after = former[:start], former[end:]
    new = _bare_like(former[start:end], new)
    overlap = _overlap(new.lower(), after.lower())
    if overlap and not former[start:end].lower().endswith(new[len(new) - overlap :].lower()):
        new = new[: len(new) - overlap]
    overlap = _overlap(before.lower(), new.lower())
    new = new[overlap:]
    return before + _cased(new, former[start:end]) + after if new.strip() else None


def _find(former: str, old: str) -> tuple[int, int] | None:
    low = former.lower()
    for said in (old.lower(), _ARTICLE.sub("", old.lower())):
        place = -1
        while (place := low.find(said, place + 1)) >= 0:
            end = place + len(said)
            cut = (
                said[:1].isalnum()
                and said[0].isascii()
                and low[place - 1 : place].isascii()
                and low[max(0, place - 1) : place].isalnum()
            )
            joined = (
                said[-1:].isalpha()
                and said[-1:].isascii()
                and low[end : end + 1].isascii()
                and low[end : end + 1].isalpha()
            )
            digits = said[-1:].isdigit() and low[end : end + 1].isdigit()
            if not (cut and place) and not joined and not digits:
                return place, end
    if len(old) > 2 or not old.isascii():
        place = low.rfind(old.lower())
        return (place, place + len(old)) if place >= 0 else None
    place = low.rfind(old.lower())
    in_code = any(sign.isdigit() for sign in former) and not re.search("[a-z]{2}", former)
    return (place, place + len(old)) if place >= 0 and (in_code or not old.isalpha()) else None


def _bare_like(said: str, new: str) -> str:
    """Of ``new`` only the piece that stands for ``said`` ("14" of "14 Copse Road" for "41")."""
    shape = SHAPE.fullmatch(said.lower())
    if not shape or shape.lastgroup not in ("number", "code") or not said[:1].isdigit():
        return new
    alike = [piece for piece in _pieces(new) if piece.shape == shape.lastgroup]
    if len(alike) == 1 and not _COUNTING.fullmatch(new) and alike[0].text[:1].isdigit():
        return alike[0].text
    numbers = re.findall("[0-9]+", new)
    return numbers[0] if len(numbers) == 1 and len(new) > len(numbers[0]) else new


def _overlap(left: str, right: str) -> int:
    """How many signs at the end of ``left`` are also the beginning of ``right``; digits alone do not count."""
    for size in range(min(len(left), len(right)), 0, -1):
        if left.endswith(right[:size]):
            return 0 if right[:size].strip().isdigit() or (size == 1 and right[0].isascii()) else size
    return 0


def _cased(new: str, former: str) -> str:
    if new.islower() and former[:1].isupper() and former[:1].isascii():
        return new[:1].upper() + new[1:]
    return new


def _pieces(text: str) -> list[Piece]:
    found = []
    for match in SHAPE.finditer(text.lower()):
        found.append(
            Piece(str(match.lastgroup), match.start(), match.end(), text[match.start() : match.end()])
        )
    return found


def _key(piece: Piece) -> str:
    """The shape, for keyed numbers with their key ("flat", "room")."""
    if piece.shape == "keyed":
        return "keyed " + re.split("[ #]", piece.text.lower())[0]
    return piece.shape


def _by_shape(former: str, new: str, old: str | None) -> str | None:
    ours, theirs = _pieces(former), _pieces(new)
    if not theirs or not ours:
        return None
    if "from_week" not in {piece.shape for piece in ours}:
        theirs = _weeks_joined(theirs, new)
    rest = _LIGHT.sub("", _without(new, theirs).lower())
    changes: dict[Piece, str] = {}
    for piece in theirs:
        target = _counterpart(piece, [each for each in ours if each not in changes], theirs)
        if target is None:
            if changes and piece.shape in ("number", "code"):
                continue
            return None
        changes[target] = _in_shape(piece, target)
    if rest and (len(rest) > 3 or not rest.isascii()) and not _known(rest, former):
        return None
    if any(piece.text.lower().endswith("before last") for piece in theirs):
        changes |= {piece: "" for piece in ours if piece.shape == "from_week"}
    mended = former
    for target in sorted(changes, key=lambda each: -each.start):
        mended = mended[: target.start] + changes[target] + mended[target.end :]
    return " ".join(mended.split(" ")).strip() if not old or mended != former else None


def _weeks_joined(pieces: list[Piece], text: str) -> list[Piece]:
    """ "上周五" as one piece, for a former value that says 周五 alone."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].shape == "from_week" and piece.shape == "weekday":
            start = joined.pop().start
            joined.append(Piece("weekday", start, piece.end, text[start : piece.end]))
        else:
            joined.append(piece)
    return joined


def _known(rest: str, former: str) -> bool:
    """Whether the signs of ``rest`` stand in ``former`` in this order."""
    signs = iter(former.lower())
    return all(sign in signs for sign in rest)


def _letters_changed(former: str, new: str) -> str | None:
    """ "DB" for the letters of DD20261103, "B" for those of window A."""
    if not re.fullmatch("[A-Za-z]{1,3}", new):
        return None
    runs = [
        m
        for m in re.finditer(r"(?<![A-Za-z])[A-Za-z]+(?![A-Za-z])", former)
        if len(m[0]) == len(new)
        and m[0].lower() not in ("a", "at", "in", "of", "on", "to", "the", "st", "rd")
    ]
    if len(runs) != 1:
        return None
    return (
        former[: runs[0].start()] + (new.upper() if runs[0][0].isupper() else new) + former[runs[0].end() :]
    )


def _by_head(former: str, new: str) -> str | None:
    """ "Euston station" for the station of "Kings Cross station": a name ends in the same word."""
    words = new.split()
    if len(words) < 2:
        return None
    match = re.search(
        rf"(?:(?:[A-Z][\w'-]*|of|and) )+{re.escape(words[-1])}(?![a-z])",
        former,
        re.IGNORECASE if former.islower() else 0,
    )
    return former[: match.start()] + new + former[match.end() :] if match else None


def _without(text: str, pieces: list[Piece]) -> str:
    kept = text
    for piece in reversed(pieces):
        kept = kept[: piece.start] + " " + kept[piece.end :]
    return kept


def _counterpart(piece: Piece, ours: list[Piece], theirs: list[Piece]) -> Piece | None:
    alike = [each for each in ours if _key(each) == _key(piece)]
    if not alike and piece.shape in _DAY:
        alike = [each for each in ours if each.shape in _DAY]
        if len(alike) > 1 and len([each for each in theirs if each.shape in _DAY]) == 1:
            return None
    if not alike and piece.shape == "number_zh":
        alike = [each for each in ours if each.shape in ("monthday", "window_zh", "number")]
    if not alike and piece.shape == "bus_zh":
        alike = [each for each in ours if each.shape == "bus_zh"]
    if not alike and piece.shape in ("number", "clock"):
        alike = [
            each
            for each in ours
            if _COUNTING.search(each.text) or (each.shape in ("clock", "keyed", "number"))
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
    return max(alike, key=lambda each: (_likeness(piece.text, each.text), -each.start))


def _in_shape(piece: Piece, target: Piece) -> str:
    """The new piece in the dress of the old one: "350" for 300元, "5号" for 3号窗口."""
    said = piece.text
    if piece.shape == "currency" and target.text in "¥$£€":
        return _SIGN_OF.get(said.lower().rstrip("s"), said)
    if piece.shape == target.shape:
        if piece.shape == "monthday" and not re.search("[a-z]", target.text) and re.search("[a-z]", said):
            return re.sub("[a-z]", "", said)
        if piece.shape == "number" and len(target.text) > 1:
            return said
        return (
            _cased(said, target.text)
            if piece.shape in ("keyed", "street", "weekday", "month", "relday")
            else said
        )
    if piece.shape == "number_zh" and target.shape == "window_zh":
        return re.sub(r"^[^窗柜]*", said, target.text, count=1)
    if piece.shape == "number_zh" and target.shape == "number":
        return said.rstrip("号")
    if piece.shape in ("number", "code", "clock") and target.shape not in ("number",):
        number = _NUMBER.search(target.text.lower())
        if number and target.shape != "clock":
            return target.text[: number.start()] + said + target.text[number.end() :]
    return said


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio()


def _by_likeness(former: str, new: str) -> str | None:
    """The word or run of signs most like ``new`` gives way to it."""
    if re.fullmatch(r"[\w' -]+", new) and new.isascii():
        words = list(re.finditer(r"[^\s,]+", former))
        count = len(new.split())
        if count >= len(words):
            return None
        runs = [(words[row].start(), words[row + count - 1].end()) for row in range(len(words) - count + 1)]
    else:
        size = len(new)
        if size >= len(former) or size < 2:
            return None
        runs = [(row, row + size) for row in range(len(former) - size + 1)]
    best = max(runs, key=lambda run: (_likeness(former[run[0] : run[1]], new), run[0]))
    if _likeness(former[best[0] : best[1]], new) < 0.5:
        return None
    return former[: best[0]] + new + former[best[1] :]


def _name_mended(former: str, new: str, old: str | None, hint: str | None) -> str | None:
    hint = (hint or "").lower()
    if _NAME_ZH.fullmatch(former) or (
        len(former) <= 4 and re.fullmatch(rf"[{SURNAMES}](?:先生|女士|小姐)", former)
    ):
        return _name_zh(former, new, old)
    if _NAME_EN.fullmatch(former) and re.fullmatch(r"[\w' .-]{1,30}", new):
        return _name_en(former, new, old, hint)
    return None


def _name_zh(former: str, new: str, old: str | None) -> str | None:
    said = re.sub(r"^(?:我?姓|我叫|叫|是)", "", new)
    explained = _EXPLAINED.search(said)
    sign = explained["sign"] if explained else PARTS.get(said[:-1], said[-1:]) if said[:-1] in PARTS else said
    surname = 2 if re.match(_COMPOUND, former) else 1
    if len(sign) == 1:
        gone = _EXPLAINED.search(old or "")
        wrong = gone["sign"] if gone else (old or "")[-1:]
        if wrong and wrong in former:
            return former.replace(wrong, sign, 1)
        first = sign in SURNAMES or said != sign
        return sign + former[surname:] if first and not explained else former[: len(former) - 1] + sign
    if said in ("先生", "女士", "小姐"):
        return former[:surname] + said
    if said in _COMPOUND.split("|"):
        return said + former[surname:]
    return None


def _name_en(former: str, new: str, old: str | None, hint: str) -> str | None:
    words, said = former.split(), new.strip(" .")
    if said.lower().rstrip(".") in ("mr", "mrs", "ms", "miss", "dr", "professor"):
        rest = (
            words[1:]
            if words[0].rstrip(".").lower() in ("mr", "mrs", "ms", "miss", "dr", "professor")
            else words
        )
        return " ".join([said[:1].upper() + said[1:], *rest])
    if " " in said or not re.fullmatch(r"[A-Za-z'’-]{2,20}", said):
        return None
    said = said[:1].upper() + said[1:]
    if old and old.lower() in (word.lower() for word in words):
        row = [word.lower() for word in words].index(old.lower())
    elif "first" in hint:
        row = 0
    elif "surname" in hint or "last" in hint:
        row = len(words) - 1
    else:
        row = max(range(len(words)), key=lambda each: _likeness(words[each], said))
        if _likeness(words[row], said) < 0.4:
            return None
    return " ".join([*words[:row], said, *words[row + 1 :]])
