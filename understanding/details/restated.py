"""A turn that is known to correct a value: which of its pieces are right, which are taken back, and where they belong.

"我说三次其实是四次", "it finished at 1pm not noon", "门牌是203": no pattern of words is needed where the former value is
at hand. Pieces of the former value that are said again, or denied, are the wrong ones; the others take their place.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from understanding.details.denied import is_denied
from understanding.details.mending import mend
from understanding.details.shapes import DAY, Piece, counterpart, in_shape, key_of, pieces_of
from understanding.fold import fold

#: Words that count or place single signs and are no piece of a value.
_ABOUT_SIGNS = re.compile(
    r"(?:最后|末尾|后面?|前面?|倒数第?|第|中间)[0-9一二两三四五六七八九十]{1,2}(?:位|个数字?|个字母?|个号码?)|[少漏多](?:打|写|填|输|说|算)?了?(?:一?个?)?[0-9零一]?(?:个(?:[0-9零一]|字|数字?)?|位)|(?<![十百千几零,，是到])一点|(?<![十百千几零])一[下些]|两下|(?:其他|别的|其余)[^,。]*|[一两]个字"
    r"|(?<![a-z])(?:(?:first|second|third|last|final|next) (?:(?:one|two|three|four) )?(?:digits?|numbers?|letters?|ones?)|(?:missed|dropped|forgot|added|left (?:out|off)) (?:a|an|one|the) [a-z0-9]+|(?:one|a) (?:digit|number|letter)|(?:the )?(?:other|right|wrong|correct|first|old) one|one (?:of|on|in|at)|no one|a (?:bit|mistake|typo))(?![a-z])"
)
#: A word for a part of a value, and the shapes of that part.
_PARTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"几号|号数|日子"), ("monthday", "relday", "weekday")),
    (re.compile(r"(?<![0-9一二三四五六七八九十这上下本])月份|(?<![a-z])month"), ("month",)),
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
#: Shapes of a bare number, whose part has to be named.
_NUMBERED = ("number", "clock", "code", "number_zh", "year")
#: "社保局，不是民政局", "a 5 instead of the 1", "I said Thames Water but my supplier is Affinity Water"
_DENIED_LAST = re.compile(
    r"^(?:我?(?:说|去|住|写)的)?(?:应该)?是?(?P<new>[^,，不是]{1,16}?)[,， ]*而?不[是系](?P<old>[^,，]{1,16}?)(?:的|啊|哦|了)?[。!]?$"
)


def restated(former: str, text: str) -> str | None:
    """``former`` as the pieces of ``text`` put it right; ``None`` where they do not tell."""
    said = fold(text).cased
    if len(said) > 120:
        return None
    return _by_pieces(former, said) or _denied_last(former, said)


def names_a_part(text: str) -> bool:
    """Whether ``text`` says which part of a value is meant ("门牌", "the room")."""
    said = fold(text).text
    return bool(_named_shapes(said)) and any(piece.shape in _NUMBERED for piece in pieces_of(said))


def _denied_last(former: str, said: str) -> str | None:
    match = _DENIED_LAST.match(said)
    return mend(former, match["new"], match["old"]) if match and match["old"] in former else None


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
    return mended.strip() if mended.strip() not in former else None


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
    kept = [piece for piece in new if not is_denied(said, piece.start, piece.end, alone=len(new) == 1)]
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
    for part, clock in pairwise(clocks):
        if part.shape == "daypart" and clock.shape == "clock" and part.text.lower() in said.lower():
            return clock
    if _BEGINS.search(said.lower()):
        return clocks[0]
    return clocks[-1] if _ENDS.search(said.lower()) else None
