"""A correction that names a whole value of the kind, single digits, a word of a code or one sign of a name.

The value it corrects is at hand; what the words give as right stands for what they give as wrong.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from datetime import datetime, timezone

from understanding.details.denied import is_denied
from understanding.details.naming import name_changed
from understanding.details.numbers import digit_string
from understanding.details.shapes import likeness
from understanding.fold import fold
from understanding.model import Detail

#: Units of time and money said alone: "I said minutes, I meant hours".
_UNITS_ALONE = re.compile(
    r"分钟|小时|(?<!今|昨|前|明)天|周|星期|个?月|年|(?<![a-z])(?:minutes?|hours?|days?|weeks?|months?|years?|pounds|dollars|pence)(?![a-z])"
)
_COUNTED = re.compile(r"(?:[0-9一二两俩三四五六七八九十半几]个?(?:多|来)?| )$")
_ROUGHLY = re.compile(r"(?:大概|大约|差不多|将近|about|around|roughly|nearly|almost) ?$", re.IGNORECASE)
_TYPED = ("phone", "email", "plate", "id_number", "duration", "count", "amount")
_DIGITS_AFTER = re.compile(
    r"(?<![0-9])(?P<head>[0-9]{2,4})(?:的)?后面(?:那)?(?:[两三四]位)?(?:应该)?是(?P<new>[0-9]{2,5})"
)
_NOT_THE_DOMAIN = re.compile(r"(?P<new>\.?[a-z0-9][a-z0-9.-]*)[,， ]*(?:not|不是) ?(?P<old>\.?[a-z0-9.-]+)")
_TOWN = re.compile(
    r"(?:[Tt]own|[Cc]ity|[Vv]illage|[Ss]uburb|[Bb]orough|[Dd]istrict|[Cc]ounty|[Aa]rea)(?:'s| is| was| should be) (?P<new>[A-Z][\w'-]+(?: [A-Z][\w'-]+)*)"
)
_SIGNS = {"下划线": "_", "减号": "-", "横杠": "-", "短横": "-", "横线": "-", "小数点": ".", "underscore": "_", "dash": "-", "hyphen": "-", "full stop": "."}  # fmt: skip
_SIGN_NAME = re.compile("|".join(sorted(_SIGNS, key=len, reverse=True)))
_WRONG_AND_RIGHT = (
    re.compile(r"(?<![A-Za-z0-9])(?P<old>[A-Za-z0-9]{1,4})(?:字母?)?(?:应该|其实|应当)是(?P<new>[A-Za-z0-9]{1,4})(?![A-Za-z0-9])"),
    re.compile(r"(?:里|中间?)的?(?P<old>[A-Za-z0-9])(?:应该)?(?:改成|改为|换成|是)(?P<new>[A-Za-z0-9])(?![A-Za-z0-9])"),
    re.compile(r"(?<!\w)[Tt]he (?P<old>[A-Za-z0-9]) (?:is|should be|was) (?:an? |the (?:letter|number) )?(?P<new>[A-Za-z0-9])(?!\w)"),
    re.compile(r"(?<![\w])an? (?P<new>[A-Za-z0-9]) instead of (?:the |an? )?(?P<old>[A-Za-z0-9])(?!\w)"),
    re.compile(r"^(?P<old>[A-Za-z][\w'-]{1,20}) should (?:be|read|have been) (?P<new>[\w'-]{2,20})\W*$"),
    re.compile(r"(?:[Ss]aid|[Pp]ut|[Ww]rote|[Tt]yped) (?P<old>[A-Z][\w' -]{2,30}?),? but (?:my |the )?[a-z ]{0,24}(?:is|was|should be) (?P<new>[A-Z][\w' -]{2,30})\W*$"),
)  # fmt: skip
_ANY_DAY = datetime(2026, 1, 1, tzinfo=timezone.utc)


def exchanged(former: str, text: str) -> str | None:
    """``former`` with a whole value of its kind, single digits or one sign of a name exchanged."""
    said = fold(text).cased
    if len(said) > 120:
        return None
    return (
        name_changed(former, said)
        or _iso_day(former, said)
        or _half_of_day(former, said)
        or _email(former, said)
        or _sign_exchanged(former, said)
        or _one_for_another(former, said)
        or _typed(former, said)
        or _digits_exchanged(former, said)
        or _one_run(former, said)
        or _one_word(former, said)
        or _town(former, said)
        or _unit(former, said)
    )


def _typed(former: str, said: str) -> str | None:
    """A value of one kind for another of that kind ("more like a month" for "two weeks")."""
    from understanding.details import extract_details

    ours = [d for d in extract_details(former, now=_ANY_DAY) if d.kind in _TYPED]
    if len(ours) != 1 or len(ours[0].text) < 0.5 * len(former.strip()):
        return None
    old = ours[0]
    theirs = [d for d in extract_details(said, now=_ANY_DAY) if d.kind == old.kind and d.text != old.text]
    right = [d for d in theirs if not is_denied(said, d.start, d.end, alone=len(theirs) == 1)]
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


def _one_word(former: str, said: str) -> str | None:
    """A word of a code for the one of its length that it resembles ("PL0" in "EK70 PLO")."""
    if not re.fullmatch(r"[A-Z0-9]+(?:[ -][A-Z0-9]+)+", former):
        return None
    held = re.findall("[A-Z0-9]+", former)
    new = [word for word in re.findall(r"(?<![\w])[A-Z0-9]{2,}(?!\w)", said) if word not in held]
    like = [
        (old, word) for word in new for old in held if len(old) == len(word) and likeness(old, word) >= 0.6
    ]
    return former.replace(like[0][0], like[0][1]) if len(like) == 1 and len(new) == 1 else None


def _one_run(former: str, said: str) -> str | None:
    """ "218改成281": of two numbers the one that stands in ``former`` gives way to the other."""
    runs = list(dict.fromkeys(re.findall(r"(?<![0-9.])[0-9]{2,}(?![0-9.])", said)))
    known = [run for run in runs if re.findall(r"(?<![0-9.])[0-9]+(?![0-9.])", former).count(run) == 1]
    if len(runs) != 2 or len(known) != 1 or _kept(former, said, known[0]):
        return None
    return former.replace(known[0], next(run for run in runs if run != known[0]))


def _town(former: str, said: str) -> str | None:
    """ "the town is Kettering": the last part of an address."""
    match = _TOWN.search(said)
    head, comma, _ = former.rpartition(", ")
    return head + comma + match["new"] if match and comma else None


def _kept(former: str, said: str, run: str) -> bool:
    """Whether ``run`` is said again with its unit, as a piece that stays ("11月" of 11月3日 in "应为11月13日")."""
    start = former.index(run)
    unit = former[start : start + len(run) + 1]
    return (
        "一" <= unit[-1] <= "鿿"
        and unit in said
        and not is_denied(said, said.index(unit), said.index(unit) + len(unit), alone=False)
    )


def _email(former: str, said: str) -> str | None:
    """ ".net not .com", "是example.net不是com" """
    match = _NOT_THE_DOMAIN.search(said.lower())
    if "@" in former and "@" not in said and match is None:
        return _local_part(former, said)
    if match is None or "@" not in former or not former.lower().endswith(match["old"]):
        return None
    new = match["new"]
    whole = "." in new.strip(".")
    return former[: former.index("@") + 1] + new if whole else former[: -len(match["old"])] + new


def _local_part(former: str, said: str) -> str | None:
    """ "it should be j.coles" for what stands before the @."""
    local, _, domain = former.partition("@")
    words = [word.strip(".") for word in re.findall(r"[a-z0-9][a-z0-9._-]*[a-z0-9]", said.lower())]
    alike = [word for word in words if word != local.lower() and likeness(word, local.lower()) >= 0.7]
    return f"{alike[-1]}@{domain}" if len(alike) == 1 else None


def _half_of_day(former: str, said: str) -> str | None:
    """ "it was p.m." for "10am"."""
    ours = re.findall(r"(?<=[0-9]) ?([ap])\.?m\b", former.lower())
    theirs = re.findall(r"(?<![0-9a-z])([ap])\.?m\b", said.lower())
    if len(ours) != 1 or not theirs or theirs[-1] == ours[0] or re.search(r"[0-9] ?[ap]\.?m", said.lower()):
        return None
    return re.sub(r"(?i)(?<=[0-9])( ?)[ap](\.?m\b)", rf"\g<1>{theirs[-1]}\g<2>", former)


def _one_for_another(former: str, said: str) -> str | None:
    """What the words give as wrong stands in ``former`` and gives way to what they give as right."""
    for pattern in _WRONG_AND_RIGHT:
        match = pattern.search(said)
        if match and former.count(match["old"]) == 1:
            return former.replace(match["old"], match["new"].strip())
    return None


def _sign_exchanged(former: str, said: str) -> str | None:
    """ "中间不是下划线是减号", "a dash not an underscore": of two signs by their names."""
    named = [(match.start(), match.end(), _SIGNS[match[0]]) for match in _SIGN_NAME.finditer(said.lower())]
    old = [sign for start, end, sign in named if is_denied(said, start, end, alone=False)]
    new = [sign for start, end, sign in named if not is_denied(said, start, end, alone=False)]
    fits = len(old) == len(new) == 1 and old != new and former.count(old[0]) == 1
    return former.replace(old[0], new[0]) if fits else None


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


def _unit(former: str, said: str) -> str | None:
    old = _UNITS_ALONE.search(former)
    if old is None or not _COUNTED.search(former, 0, old.start()):
        return None
    units = [match[0] for match in _UNITS_ALONE.finditer(said.lower())]
    new = [unit for unit in units if unit != old[0]]
    return (
        former[: old.start()] + new[-1] + former[old.end() :] if len(new) == 1 and old[0] in units else None
    )
