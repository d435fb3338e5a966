"""A former value with one piece of it put right: "人民路32号" and "23号", "Tuesday half three" and "half four".

Pieces of one shape stand for each other: a house number for a house number, a weekday for a day, a surname for a
surname. What the new words do not speak of stays as it was. Nothing here knows fields or finds corrections.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re

from understanding.details.naming import name_mended
from understanding.details.numbers import digit_string
from understanding.details.shapes import (
    COUNTING,
    DAY,
    SHAPE,
    Piece,
    cased_like,
    counterpart,
    in_shape,
    likeness,
    pieces_of,
)

_FILL_ZH = re.compile(
    r"^(?:我?(?:其实|应该)?(?:说|去|住|讲|指|要|坐|乘)?的?是|我?(?:在|住在|姓)|是|应?为|叫|系|到|第|当时|那时)+|(?:那个(?:大厅|地方|窗口)?|那边|那家|那里|的|才对|那天|才是|来着|的事(?:情|儿)?|那边(?:办|买|看|弄|去|修)的?)+$"
)
_FILL_EN = re.compile(
    r"^(?:(?:(?:the )?(?:one|other one|branch|office)(?: (?:on|in|at|next to it))?|it's|it was|i'm (?:in|at)|i (?:live|was) (?:in|at)|started at|starts at|from|till|until|in|at|on|to|a|an|the(?! (?:day|week|month|year) before)|exactly|closer to|more like|about|around|maybe),? )+"
)
_LIGHT = re.compile(
    r"(?<![a-z])(?:the|a|an|at|on|in|of|to|it|was|is|from|till|until|my|and|about|around)(?![a-z])|[\s,.的]+|在|到|了|(?<=[0-9])[号]"
)
#: "the Derby branch": of which only the name is put right.
_NAMED_BRANCH = re.compile(
    r"(?:[Tt]he |[Yy]our )?(?P<name>(?!The |Your )[A-Z][\w'-]+(?: [A-Z][\w'-]+)*) (?:branch|office|store|shop|depot|site|campus|clinic|surgery|hotel|hospital|garage|centre|center|station|one|pharmacy|restaurant|gym|school)"
)
_CAPITALS = re.compile(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)?")
_ARTICLE = re.compile(r"^(?:the|a|an|my|our|at|on|in) ")
_WEEK_ZH = "一二三四五六日"
_WEEK_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHIFTS = (
    (1, re.compile(r"^(?:是|应该是)?(?:第二天|次日|隔天|后一天|晚一天|翌日|转天)$|^(?:it was )?(?:the )?(?:next|following) day$|^(?:it was )?(?:(?:a|one) )?day (?:later|after)$|^the day after$")),
    (-1, re.compile(r"^(?:是|应该是)?(?:前一天|早一天|头一天|头天)$|^(?:it was )?(?:the )?(?:previous day|day before)$|^(?:it was )?(?:(?:a|one) )?day (?:earlier|before)$")),
    (7, re.compile(r"^(?:it was )?(?:a|one) week (?:later|after)$|^(?:the )?(?:next|following) week$")),
)  # fmt: skip
_SHIFTDAYS = ("大前天", "前天", "昨天", "今天", "明天", "后天", "大后天")


def is_shift(said: str) -> bool:
    """Whether ``said`` moves a day ("the next day", "晚一天")."""
    return any(pattern.search(said.strip().lower()) for _, pattern in _SHIFTS)


def mend(former: str, new: str, old: str | None = None, hint: str | None = None) -> str:
    """``former`` with ``new`` in the place of ``old``, or of the piece that looks like ``new``.

    ``hint``: a word for the field or its part ("surname"). ``new`` alone if it has no place in ``former``.
    """
    shifted = _shifted(former, new)
    if shifted:
        return shifted
    core = core_of(new)
    spoken = digit_string(core)
    if spoken and len(spoken) >= 7:
        return spoken
    named = name_mended(former, core, old, hint)
    if named:
        return named
    if old and (mended := _put_in_place(former, core_of(old), core)):
        return mended
    if _told_anew(former, core):
        return core
    there = _NAMED_BRANCH.fullmatch(former)
    if there and _CAPITALS.fullmatch(core):
        return former[: there.start("name")] + core + former[there.end("name") :]
    mended = (
        _by_shape(former, core, old)
        or _letters_changed(former, core)
        or _by_head(former, core)
        or _by_likeness(former, core)
        or core
    )
    # a sum in words has no sign before it
    return re.sub(r"^[£$¥€](?=[a-z])", "", mended)


def _told_anew(former: str, new: str) -> bool:
    """Whether ``new`` tells day and part of the day, another part, so that the hour of ``former`` is gone, too."""
    ours, theirs = pieces_of(former), pieces_of(new)
    parts = [
        {piece.text.lower() for piece in pieces if piece.shape == "daypart"} for pieces in (ours, theirs)
    ]
    days = any(piece.shape in DAY for piece in theirs)
    hours = [any(piece.shape == "clock" for piece in pieces) for pieces in (ours, theirs)]
    return days and bool(parts[1]) and parts[0] != parts[1] and hours == [True, False]


def core_of(said: str) -> str:
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
    days_en = ("the day before yesterday", "yesterday", "today", "tomorrow", "the day after tomorrow")
    match = re.search("|".join(days_en), former.lower())
    if match and 0 <= (row := days_en.index(match[0]) + days) < len(days_en):
        return former[: match.start()] + days_en[row] + former[match.end() :]
    match = re.search("大?[前昨今明后]天", former)
    if match and 0 <= (row := _SHIFTDAYS.index(match[0]) + days) < len(_SHIFTDAYS):
        return former[: match.start()] + _SHIFTDAYS[row] + former[match.end() :]
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
    new = new[_overlap(before.lower(), new.lower()) :]
    first = new.split(" ", 1)[0].lower()
    if " " in new and before.lower().split()[-1:] == [first]:
        new = new[len(first) + 1 :]
    return before + cased_like(new, former[start:end]) + after if new.strip() else None


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
    alike = [piece for piece in pieces_of(new) if piece.shape == shape.lastgroup]
    if len(alike) == 1 and not COUNTING.fullmatch(new) and alike[0].text[:1].isdigit():
        return alike[0].text
    numbers = re.findall("[0-9]+", new)
    return numbers[0] if len(numbers) == 1 and len(new) > len(numbers[0]) else new


def _overlap(left: str, right: str) -> int:
    """How many signs at the end of ``left`` are also the beginning of ``right``; digits alone do not count."""
    for size in range(min(len(left), len(right)), 0, -1):
        if left.endswith(right[:size]):
            return 0 if right[:size].strip().isdigit() or (size == 1 and right[0].isascii()) else size
    return 0


def _by_shape(former: str, new: str, old: str | None) -> str | None:
    ours, theirs = pieces_of(former), pieces_of(new)
    if not theirs or not ours:
        return None
    if "from_week" not in {piece.shape for piece in ours}:
        theirs = _weeks_joined(theirs, new)
    rest = _LIGHT.sub("", _without(new, theirs).lower())
    changes: dict[Piece, str] = {}
    for piece in theirs:
        target = counterpart(piece, [each for each in ours if each not in changes], theirs)
        if target is None:
            if changes and piece.shape in ("number", "code"):
                continue
            return None
        changes[target] = in_shape(piece, target)
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


def _alike(one: str, other: str) -> tuple[float, int]:
    """Likeness, then how many signs stand at the same place."""
    return likeness(one, other), sum(mine == theirs for mine, theirs in zip(one, other, strict=False))


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
    best = max(runs, key=lambda run: (*_alike(former[run[0] : run[1]], new), run[0]))
    if likeness(former[best[0] : best[1]], new) < 0.5:
        return None
    return former[: best[0]] + new + former[best[1] :]
