"""A turn that is known to correct a value: which of its pieces are right, which are taken back, and where they belong.

"我说三次其实是四次", "it finished at 1pm not noon", "门牌是203": no pattern of words is needed where the former value is
at hand. Pieces of the former value that are said again, or denied, are the wrong ones; the others take their place.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timezone

from understanding.details.mending import mend
from understanding.details.naming import name_changed
from understanding.details.numbers import digit_string
from understanding.details.shapes import DAY, Piece, counterpart, in_shape, key_of, pieces_of
from understanding.fold import fold
from understanding.model import Detail

#: What says that the words behind it, before it, are wrong.
_DENIES = re.compile(
    r"(?:不是|不系|不在|不姓|不叫|不到|不止|并非|而非|没有|[说写打填记输报弄选]成了?|[说写打填记输报][的是]*|之前(?:是|说)?|多(?:打|写)?了?)(?:我?(?:说|写)的)?$"
    r"|(?:(?<![a-z])(?:not|never|no longer|instead of|rather than|said|say|typed|wrote|put|gave|entered|meant to say|was)|n't)(?:,? (?:the|a|an|at|on|in|it was|it's|down|from|my|flat|number|no))* ?(?:£|\$)?$"
)
#: "was" and "said" deny only where something else is right.
_WEAKLY = re.compile(
    r"(?:was|is|say|said|put|gave|wrote|typed|entered|[说写打填记输报][的是]*|之前(?:是|说)?)(?: .*)?$"
)
_DENIED = re.compile(
    r"(?:了|号|的|这个)?(?:不对|有误|错了?|[说写打填记输报弄选搞](?:错|反|混)|划掉|作废|不算|去掉|不用了|停机)|,? ?(?:is|was|'s|are) (?:wrong|incorrect|off|a typo|not right|no good|old)(?![a-z])|(?:改成|改为|换成|->|→)| (?:should|must|ought to) (?:be|have been|read)(?![a-z])"
)
#: Words that count or place single signs and are no piece of a value.
_ABOUT_SIGNS = re.compile(
    r"(?:最后|末尾|后面?|前面?|倒数第?|第|中间)[0-9一二两三四五六七八九十]{1,2}(?:位|个数字?|个字母?|个号码?)|[少漏多](?:打|写|填|输|说|算)?了?(?:一?个?)?[0-9零一]?(?:个(?:[0-9零一]|字|数字?)?|位)|(?<![十百千几零])一[下点些]|两下|(?:其他|别的|其余)[^,。]*|[一两]个字"
    r"|(?<![a-z])(?:(?:first|second|third|last|final|next) (?:(?:one|two|three|four) )?(?:digits?|numbers?|letters?|ones?)|(?:missed|dropped|forgot|added|left (?:out|off)) (?:a|an|one|the) [a-z0-9]+|(?:one|a) (?:digit|number|letter)|(?:the )?(?:other|right|wrong|correct|first|old) one|one (?:of|on|in|at)|no one|a (?:bit|mistake|typo))(?![a-z])"
)
#: A word for a part of a value, and the shapes of that part.
_PARTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"几号|号数|日子"), ("monthday", "relday", "weekday")),
    (re.compile(r"月份|(?<![a-z])month"), ("month",)),
    (re.compile(r"年份|(?<![a-z])year"), ("year",)),
    (re.compile(r"星期几|周几|礼拜几"), ("weekday",)),
    (re.compile(r"几点|钟点|(?<![a-z])time(?![a-z])"), ("clock",)),
    (re.compile(r"楼号|楼栋|栋|幢|(?<=^)楼是"), ("building",)),
    (re.compile(r"单元"), ("unit_zh",)),
    (re.compile(r"房号|房间|室|门牌|户"), ("flat", "number_zh", "number")),
    (re.compile(r"楼层|几楼|层"), ("floor",)),
    (re.compile(r"窗口|柜台"), ("window_zh",)),
    (re.compile(r"路名|街名"), ("road_zh",)),
    (re.compile(r"号(?=不对|错|是)"), ("number_zh",)),
    (re.compile(r"(?<![a-z])(flat|apartment|apt|unit|room|suite|block|building|tower|platform|gate|terminal|line|window|counter|desk|plot|level|bus|order|house)(?:'s|s)?(?![a-z])"), ("keyed",)),
    (re.compile(r"(?<![a-z])(?:street|road) (?:is|was|name)"), ("street",)),
)  # fmt: skip
_BEGINS = re.compile(r"开始|起(?=是|点)|从|(?<![a-z])(?:began|begins?|started|starts?|from)(?![a-z])")
_ENDS = re.compile(r"结束|截止|[到至]|(?<![a-z])(?:ended|ends?|finish(?:ed|es)?|until|till|to)(?![a-z])")
#: Units of time and money said alone: "I said minutes, I meant hours".
_UNITS_ALONE = re.compile(
    r"分钟|小时|(?<!今|昨|前|明)天|周|星期|个?月|年|(?<![a-z])(?:minutes?|hours?|days?|weeks?|months?|years?|pounds|dollars|pence)(?![a-z])"
)
_COUNTED = re.compile(r"(?:[0-9一二两俩三四五六七八九十半几]个?(?:多|来)?| )$")
#: "前晚" of a former "昨天晚上": one word for day and part.
_EVENINGS = {"琴晚": "昨天晚上", "寻晚": "昨天晚上", "昨晚": "昨天晚上", "前晚": "前天晚上", "今晚": "今天晚上", "今早": "今天早上", "今朝": "今天早上", "琴日": "昨天", "寻日": "昨天", "前日": "前天", "今日": "今天"}  # fmt: skip
#: "不要退款了，要换货", "forget the refund, I want a replacement"
_INSTEAD = (
    re.compile(r"(?:不要|不用|不想要|别|算了)(?:再)?[^,。]{1,8}了?[,。 ]+(?:我)?(?:还是|就|改|只)?(?P<new>(?:要|换|给)?[^,。]{1,16}?)(?:就行|就好|就可以|也行|吧|得了)*[。!]?$"),
    re.compile(r"(?:改成|改为|换成|还是)(?:要)?(?P<new>[^,。]{1,16}?)(?:吧|好了|得了|就行)?[。!]?$"),
    re.compile(r"(?:forget|scrap|never mind|scratch|drop|not|no) (?:the |a |an |about the )?[a-z ]{2,24}?, ?(?:i(?:'d| would)? (?:rather have|prefer|want|like|need)|just|make it|but|give me)? ?(?P<new>[a-z ]{3,40})$"),
    re.compile(r"^(?:no[,.]? )?(?:actually,? |sorry,? )?(?:i(?:'d| would) (?:rather(?: have)?|prefer|like)|i want) (?P<new>[a-z ]{3,40}?)(?: instead| now| rather)?$"),
    re.compile(r"^(?:actually[,]? )?(?P<new>[a-z ]{3,40}?) (?:would do|will do|would be fine|is fine|is enough)(?: instead| for me)?$"),
)  # fmt: skip
_ROUGHLY = re.compile(r"(?:大概|大约|差不多|将近|about|around|roughly|nearly|almost) ?$", re.IGNORECASE)
_EXPLAINED_AFTER = re.compile(r"[,，] ?[一-鿿]{1,4}的(?P<sign>[一-鿿])[。!！]?$")
#: Shapes of a bare number, whose part has to be named.
_NUMBERED = ("number", "clock", "code", "number_zh", "year")
_TYPED = ("phone", "email", "plate", "id_number", "duration", "count", "amount")
_DIGITS_AFTER = re.compile(
    r"(?<![0-9])(?P<head>[0-9]{2,4})(?:的)?后面(?:那)?(?:[两三四]位)?(?:应该)?是(?P<new>[0-9]{2,5})"
)
_NOT_THE_DOMAIN = re.compile(r"(?P<new>\.?[a-z0-9][a-z0-9.-]*)[,， ]*(?:not|不是) ?(?P<old>\.?[a-z0-9.-]+)")
#: "社保局，不是民政局", "a 5 instead of the 1", "I said Thames Water but my supplier is Affinity Water"
_DENIED_LAST = re.compile(
    r"^(?:我?(?:说|去|住|写)的)?(?:应该)?是?(?P<new>[^,，不是]{1,16}?)[,， ]*而?不[是系](?P<old>[^,，]{1,16}?)(?:的|啊|哦|了)?[。!]?$"
)
_WRONG_AND_RIGHT = (
    re.compile(r"(?<![A-Za-z0-9])(?P<old>[A-Za-z0-9]{1,4})(?:字母?)?(?:应该|其实|应当)是(?P<new>[A-Za-z0-9]{1,4})(?![A-Za-z0-9])"),
    re.compile(r"(?<![\w])an? (?P<new>[A-Za-z0-9]) instead of (?:the |an? )?(?P<old>[A-Za-z0-9])(?!\w)"),
    re.compile(r"(?:[Ss]aid|[Pp]ut|[Ww]rote|[Tt]yped) (?P<old>[A-Z][\w' -]{2,30}?),? but (?:my |the )?[a-z ]{0,24}(?:is|was|should be) (?P<new>[A-Z][\w' -]{2,30})\W*$"),
)  # fmt: skip
#: What only tells which words were wrong ("刚才说成民政局了").
_SAID_AS = re.compile(
    r"[,，。 ](?:我)?(?:刚才|刚刚|之前|前面|上次)?(?:给)?(?:说|写|填|打|记|输)成了?[^,，。]{1,12}了[。!]?$"
)
#: "最后一位是8不对，应该是9": the sign that was wrong is not needed.
_TAIL_DENIED = re.compile(
    r"(?P<place>最后(?:[一二两三四]?位)?|尾号|尾数)(?:数字?)?(?:是|写成了?|说成了?)?[0-9a-zA-Z]{1,4}(?:不对|错了?|有误)[,， ]*(?:应该|其实)*是"
)
_SHORT_OF_A_ZERO = re.compile(
    r"^[少漏多](?:写|打|说|报|填)?了?一?个零[,， ]+(?=(?:应该)?是?[0-9一二两三四五六七八九十百千万]+)"
)
_ANY_DAY = datetime(2026, 1, 1, tzinfo=timezone.utc)


def restated(former: str, text: str) -> str | None:
    """``former`` as the pieces of ``text`` put it right; ``None`` where they do not tell."""
    said = fold(text).cased
    if len(said) > 120:
        return None
    return _by_pieces(former, said) or _denied_last(former, said)


def exchanged(former: str, text: str) -> str | None:
    """``former`` with a whole value of its kind, single digits or one sign of a name exchanged."""
    said = fold(text).cased
    if len(said) > 120:
        return None
    return (
        name_changed(former, said)
        or _iso_day(former, said)
        or _email(former, said)
        or _one_for_another(former, said)
        or _typed(former, said)
        or _digits_exchanged(former, said)
        or _one_run(former, said)
        or _unit(former, said)
    )


def in_their_words(former: str, text: str) -> str:
    """``text`` with "前晚" as "前天晚上" where ``former`` tells the day so, without "花苑的苑" behind 桂花苑."""
    explained = _EXPLAINED_AFTER.search(text)
    if explained and explained["sign"] in text[: explained.start()]:
        text = text[: explained.start()]
    if "天" in former:
        for word, whole in _EVENINGS.items():
            text = text.replace(word, whole)
    text = _TAIL_DENIED.sub(r"\g<place>应该是", _SHORT_OF_A_ZERO.sub("", text))
    return _SAID_AS.sub("", text)


def names_a_part(text: str) -> bool:
    """Whether ``text`` says which part of a value is meant ("门牌", "the room")."""
    said = fold(text).text
    return bool(_named_shapes(said)) and any(piece.shape in _NUMBERED for piece in pieces_of(said))


def chosen_instead(former: str, text: str) -> str | None:
    """What is wanted in place of ``former``, for values in words."""
    if any(char.isdigit() for char in former):
        return None
    folded = fold(text)
    for pattern in _INSTEAD:
        match = pattern.search(folded.text.strip(" ."))
        if match and any("一" <= sign <= "鿿" for sign in former) != folded.text.isascii():
            return match["new"].strip()
    return None


def _typed(former: str, said: str) -> str | None:
    """A value of one kind for another of that kind ("more like a month" for "two weeks")."""
    from understanding.details import extract_details

    ours = [d for d in extract_details(former, now=_ANY_DAY) if d.kind in _TYPED]
    if len(ours) != 1 or len(ours[0].text) < 0.5 * len(former.strip()):
        return None
    old = ours[0]
    theirs = [d for d in extract_details(said, now=_ANY_DAY) if d.kind == old.kind and d.text != old.text]
    right = [d for d in theirs if not _is_denied(said, d.start, d.end, alone=len(theirs) == 1)]
    if not right:
        return None
    new = right[-1]
    if old.kind in ("amount", "count") and not _same_dress(old, new):
        return None
    rough = isinstance(new.value, dict) and new.value.get("approximate")
    before = former[: old.start] if rough else _ROUGHLY.sub("", former[: old.start])
    said_now = (digit_string(new.text) or new.text) if old.kind == "phone" else new.text
    return before + said_now + former[old.end :]


def _same_dress(old: Detail, new: Detail) -> bool:
    """Whether both say their unit ("150元", "250块"), so that one can stand for the other."""
    return (
        new.text[-1:].isdigit() == old.text[-1:].isdigit()
        and new.text[:1].isdigit() == old.text[:1].isdigit()
    )


def _digits_exchanged(former: str, said: str) -> str | None:
    """ "136改成138", "不是3456是3465" inside a long number; a whole number for a whole number."""
    runs: list[str] = re.findall(r"(?<![0-9])[0-9]{2,}(?![0-9])", said)
    bare = re.sub("[^0-9]", "", former)
    if len(bare) < 6 or not re.fullmatch(r"[+0-9a-zA-Z() -]+", former):
        return None
    whole: list[str] = [
        run for run in re.findall(r"\+?[0-9][0-9 -]{5,}[0-9]", said) if len(re.sub("[^0-9]", "", run)) >= 7
    ]
    if whole and re.sub("[^0-9]", "", whole[-1]) != bare:
        before = re.match(r"[A-Za-z]{1,6}[-/ ]?(?=[0-9]+$)", former)
        return (before[0] if before else "") + whole[-1].strip()
    if len(runs) == 2 and len(runs[0]) == len(runs[1]) and runs[0] != runs[1]:
        old, new = (runs[1], runs[0]) if runs[1] in bare and runs[0] not in bare else (runs[0], runs[1])
        if former.count(old) == 1:
            return former.replace(old, new)
    return None


def _one_run(former: str, said: str) -> str | None:
    """ "218改成281": of two numbers the one that stands in ``former`` gives way to the other."""
    runs = list(dict.fromkeys(re.findall(r"(?<![0-9.])[0-9]{2,}(?![0-9.])", said)))
    known = [run for run in runs if re.findall(r"(?<![0-9.])[0-9]+(?![0-9.])", former).count(run) == 1]
    if len(runs) != 2 or len(known) != 1:
        return None
    return former.replace(known[0], next(run for run in runs if run != known[0]))


def _email(former: str, said: str) -> str | None:
    """ ".net not .com", "是example.net不是com" """
    match = _NOT_THE_DOMAIN.search(said.lower())
    if match is None or "@" not in former or not former.lower().endswith(match["old"]):
        return None
    new = match["new"]
    whole = "." in new.strip(".")
    return former[: former.index("@") + 1] + new if whole else former[: -len(match["old"])] + new


def _one_for_another(former: str, said: str) -> str | None:
    """What the words give as wrong stands in ``former`` and gives way to what they give as right."""
    for pattern in _WRONG_AND_RIGHT:
        match = pattern.search(said)
        if match and former.count(match["old"]) == 1:
            return former.replace(match["old"], match["new"].strip())
    return None


def _denied_last(former: str, said: str) -> str | None:
    match = _DENIED_LAST.match(said)
    return mend(former, match["new"], match["old"]) if match and match["old"] in former else None


def _iso_day(former: str, said: str) -> str | None:
    """Day or month of a date in figures ("2026-11-18")."""
    date = re.fullmatch(r"([0-9]{4}-)([0-9]{2})(-)([0-9]{2})(.*)", former)
    day = re.search(r"(?<![0-9])([0-9]{1,2})(?:号|日|st|nd|rd|th)", said) if date else None
    month = re.search(r"(?<![0-9])([0-9]{1,2})月", said) if date else None
    if not date or not (day or month):
        return None
    months, days = int(month[1]) if month else int(date[2]), int(day[1]) if day else int(date[4])
    return f"{date[1]}{months:02}-{days:02}{date[5]}"


def digits_after(former: str, text: str) -> str | None:
    """ "138后面是1243": the digits behind others."""
    match = _DIGITS_AFTER.search(fold(text).text)
    if match is None or former.count(match["head"]) != 1:
        return None
    start = former.index(match["head"]) + len(match["head"])
    end = start + len(match["new"])
    return former[:start] + match["new"] + former[end:] if end <= len(former) else None


def loses_the_day(former: str, right: str) -> bool:
    """Whether ``former`` tells a day and ``right`` only an hour."""
    days = any(piece.shape in DAY for piece in pieces_of(former))
    pieces = pieces_of(right)
    hours = any(piece.shape in ("clock", "daypart") for piece in pieces)
    return days and hours and not any(piece.shape in DAY for piece in pieces)


def ends_a_range(former: str, text: str) -> bool:
    """Whether ``text`` tells one end of the hours in ``former``."""
    said = text.lower()
    hours = [piece for piece in pieces_of(former) if piece.shape == "clock"]
    return len(hours) == 2 and bool(_ENDS.search(said) or _BEGINS.search(said)) and len(_hours(text)) == 1


def _hours(text: str) -> list[Piece]:
    return [piece for piece in pieces_of(text) if piece.shape in ("clock", "number")]


def _is_denied(said: str, start: int, end: int, *, alone: bool) -> bool:
    low = said.lower()
    before = low[max(0, start - 24) : start]
    denies = _DENIES.search(before)
    if denies and not (alone and _WEAKLY.search(denies[0])):
        return True
    return _DENIED.match(low, end) is not None


def _by_pieces(former: str, said: str) -> str | None:
    ours = pieces_of(former)
    theirs = [piece for piece in pieces_of(_blotted(said)) if piece.text.strip()]
    if not ours or not theirs:
        return None
    right = list(_right(theirs, ours, said))
    if not right:
        return None
    shapes = _named_shapes(said)
    changes: dict[Piece, str] = {}
    for piece in right:
        free = [each for each in ours if each not in changes]
        if piece.shape == "clock" and (longer := _with_clock(former, ours, piece)):
            return longer
        target = (
            _named_target(piece, free, shapes)
            or _end_of_range(piece, free, said)
            or counterpart(piece, free, right)
        )
        if target is None:
            return None
        new = in_shape(piece, target)
        if target.shape == "year" and target.text.endswith("年") and new.isdigit():
            new += "年"
        changes[target] = new
    mended = former
    for target in sorted(changes, key=lambda each: -each.start):
        mended = mended[: target.start] + changes[target] + mended[target.end :]
    return mended.strip() if mended != former else None


def _with_clock(former: str, ours: list[Piece], clock: Piece) -> str | None:
    """ "下午三点" for "上周五下午": the day stays, the hour is new."""
    if not any(piece.shape in DAY for piece in ours) or any(piece.shape == "clock" for piece in ours):
        return None
    joint = "" if re.search("[一-鿿]$", former) else " at "
    return former + joint + clock.text


def _blotted(said: str) -> str:
    return _ABOUT_SIGNS.sub(lambda match: " " * len(match[0]), said.lower()) if said else said


def _right(theirs: list[Piece], ours: list[Piece], said: str) -> Iterable[Piece]:
    """The pieces that are said to be right: not denied, and not those that the former value has already."""
    held = {(key_of(piece), piece.text.lower()) for piece in ours}
    new = [
        Piece(piece.shape, piece.start, piece.end, said[piece.start : piece.end])
        for piece in theirs
        if (key_of(piece), piece.text.lower()) not in held
    ]
    kept = [piece for piece in new if not _is_denied(said, piece.start, piece.end, alone=len(new) == 1)]
    last = {_family(piece): piece for piece in kept}
    return [piece for piece in kept if last[_family(piece)] is piece]


def _family(piece: Piece) -> str:
    return "day" if piece.shape in ("weekday", "relday", "monthday") else key_of(piece)


def _named_shapes(said: str) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    for pattern, shapes in _PARTS:
        match = pattern.search(said.lower())
        if match:
            found += tuple(f"keyed {match[1]}" if shape == "keyed" else shape for shape in shapes)
    return found


def _named_target(piece: Piece, ours: list[Piece], shapes: tuple[str, ...]) -> Piece | None:
    """The part of the former value that the turn names ("门牌是203", "the room's 201"), for a bare number."""
    if piece.shape not in _NUMBERED:
        return None
    return next((each for shape in shapes for each in ours if key_of(each) == shape), None)


def _end_of_range(piece: Piece, ours: list[Piece], said: str) -> Piece | None:
    clocks = [each for each in ours if each.shape in ("clock", "daypart")]
    if piece.shape not in ("clock", "number") or len(clocks) < 2:
        return None
    if _BEGINS.search(said.lower()):
        return clocks[0]
    return clocks[-1] if _ENDS.search(said.lower()) else None


def _unit(former: str, said: str) -> str | None:
    old = _UNITS_ALONE.search(former)
    if old is None or not _COUNTED.search(former, 0, old.start()):
        return None
    units = [match[0] for match in _UNITS_ALONE.finditer(said.lower())]
    new = [unit for unit in units if unit != old[0]]
    return (
        former[: old.start()] + new[-1] + former[old.end() :] if len(new) == 1 and old[0] in units else None
    )
