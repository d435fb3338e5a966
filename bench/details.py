"""How many of the details that people say are found, with the right value and span, and how fast.

    uv run python -m bench.details                       our own sentences
    uv run python -m bench.details FILE.yml --errors     another file, with what was missed and invented
    uv run python -m bench.details FILE.yml --half odd   every other line, so that the rest stays unseen

A file holds blocks of lines under ``zh``, ``en`` and ``corrections``. In a line a detail is marked as
``{words|kind value}``; kinds are abbreviated (:data:`KINDS`), marks may nest, ``{words|?}`` is a matter of taste and
counts neither way. A line may begin with the region it was said in (``US> …``). Values: ``w 11-20T18:00..11-21 *``
(local time; year 2026 if none; ``*`` recurring, ``+`` ongoing), ``d 90n`` (minutes, hours, …), ``$ 12.50 GBP``,
``c 3 times`` or ``c 3``, alternatives with ``/``; a kind without a value asks for the span only; ``ao`` is a place that
may be told as an organisation. The clock stands at 21 November 2026, 14:00 in Shanghai. Kinds in the list ``unmarked``
of a file are not marked there and do not count.
A correction is ``text => old | new | field | tail``, ``-`` for what is not said, ``none`` where nothing is corrected.
Under ``mended_zh`` and ``mended_en`` stands ``former value | text => the whole value after it``, ``?`` where it has to
be asked for; the field is known. Under ``both_zh`` and ``both_en`` follows `` || what the words alone give``, without
a former value. ``counted: half`` counts as the blind set does: half of the shorter span is enough for words,
organisations are left out. Under ``turned_zh`` and ``turned_en`` stand all fields that are filled, the turn, and
the field that changes (``key=…; key=… | text => key=…``, ``none``), as the intake decides it.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from understanding.details import extract_details
from understanding.details.corrections import corrected, find_correction
from understanding.model import Detail

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=timezone.utc)
ROOT = Path(__file__).resolve().parent.parent
KINDS = {
    "w": "when", "d": "duration", "ph": "phone", "em": "email", "r": "reference", "id": "id_number", "$": "amount",
    "pl": "plate", "a": "place", "o": "organisation", "st": "staff", "win": "window", "nm": "name", "c": "count",
    "rm": "remedy", "mt": "matter", "ao": "place", "?": "?",
}  # fmt: skip
#: Kinds whose value is the words as said: a span counts that shares more than half with the marked one.
WORDS = ("place", "organisation", "staff", "window", "name", "remedy", "matter")
_UNITS = {"n": 1, "h": 60, "d": 1440, "w": 10_080, "m": 43_200, "y": 525_600}
_HOME = {"zh": "CN", "en": "GB"}


@dataclass(frozen=True)
class Mark:
    kind: str
    value: str
    start: int
    end: int
    either: bool = False  #: a place that may be told as an organisation


@dataclass
class Score:
    """Of one kind: ``wrong`` was found at its place with another value; it counts as missed and as invented."""

    right: int = 0
    exact: int = 0
    wrong: int = 0
    missed: int = 0
    invented: int = 0
    sure: int = 0  #: of ``wrong`` those that are not marked as doubtful

    @property
    def f1(self) -> float:
        total = 2 * self.right + 2 * self.wrong + self.missed + self.invented
        return 2 * self.right / total if total else 1.0

    def plus(self, other: Score) -> Score:
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass
class Report:
    scores: dict[str, Score] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def of(self, kind: str) -> Score:
        return self.scores.setdefault(kind, Score())

    @property
    def total(self) -> Score:
        total = Score()
        for score in self.scores.values():
            total = total.plus(score)
        return total


def read_marks(line: str) -> tuple[str, list[Mark]]:
    """The plain text and its marks."""
    text, marks, opened = "", [], []
    for piece in re.split(r"(\{|\|[^|{}]*\})", line):
        if piece == "{":
            opened.append(len(text))
        elif piece.startswith("|"):
            kind, _, value = piece[1:-1].partition(" ")
            marks.append(Mark(KINDS[kind], value, opened.pop(), len(text), either=kind == "ao"))
        else:
            text += piece
    return text, marks


def lines(block: str, region: str) -> Iterator[tuple[str, str, list[Mark]]]:
    """Region, text and marks of each line."""
    for line in block.splitlines():
        if line.strip() and not line.startswith("#"):
            said = re.match(r"([A-Z]{2})> ", line)
            yield (said[1] if said else region), *read_marks(line[said.end() :] if said else line)


def fits(mark: Mark, detail: Detail) -> bool:
    """Whether ``detail`` has the value of ``mark``."""
    if mark.kind in WORDS or not mark.value:
        return True
    return any(_fits(mark.kind, said, detail.value) for said in _alternatives(mark))


def _alternatives(mark: Mark) -> list[str]:
    return mark.value.split("/") if mark.kind in ("duration", "amount", "count") else [mark.value]


def _fits(kind: str, said: str, value: Any) -> bool:
    if kind == "when":
        return _fits_when(said, value)
    if kind == "duration":
        return abs(int(Decimal(said[:-1]) * _UNITS[said[-1]]) - int(value["minutes"])) < 1
    if kind == "amount":
        amount, _, currency = said.partition(" ")
        return Decimal(amount) == Decimal(value["amount"]) and currency in ("", value["currency"])
    if kind == "count":
        number, _, unit = said.partition(" ") if said[0].isdigit() else ("", "", said)
        return unit in ("", value["unit"]) and number in ("", str(value["number"]))
    if kind == "reference":
        return bool(value["number"] == said)
    return _bare(str(value)) == _bare(said) if kind == "id_number" else value == said


def _bare(number: str) -> str:
    return re.sub("[^0-9A-Z]", "", number)


def _fits_when(said: str, value: dict[str, Any]) -> bool:
    span, _, flags = said.partition(" ")
    if span in ("*", "+"):
        span, flags = "", span
    if ("*" in flags and not value["recurring"]) or ("+" in flags and not value["ongoing"]):
        return False
    start, _, end = span.partition("..")
    return _is_time(start, value["start"]) and (not end or _is_time(end, value["end"] or ""))


def _is_time(said: str, iso: str) -> bool:
    if not said:
        return True
    full = said if re.match("[0-9]{4}-", said) else f"2026-{said}"
    return iso.startswith(full if "T" in full else f"{full}T00:00")


def _share(mark: Mark, detail: Detail, *, shorter: bool = False) -> float:
    """The part of both spans together, or of the shorter one, that both have."""
    common = min(mark.end, detail.end) - max(mark.start, detail.start)
    both = max(mark.end, detail.end) - min(mark.start, detail.start)
    return max(0, common) / (min(mark.end - mark.start, detail.end - detail.start) if shorter else both)


def _at(mark: Mark, text: str, region: str) -> list[Detail]:
    return [d for d in extract_details(text, now=NOW, region=region) if _share(mark, d) > 0]


def score(
    report: Report,
    region: str,
    text: str,
    marks: list[Mark],
    *,
    unmarked: frozenset[str] = frozenset(),
    shorter: bool = False,
) -> None:
    found = [
        d
        for d in extract_details(text, now=NOW, region=region)
        if (d.confidence >= 0.5 or d.kind != "phone") and d.kind not in unmarked
    ]
    free = list(found)
    for mark in (mark for mark in marks if mark.kind != "?" and mark.kind not in unmarked):
        of_kind = report.of(mark.kind)
        near = [d for d in free if d.kind == mark.kind and _share(mark, d) > 0]
        if not near and mark.either and any(d.kind == "organisation" for d in _at(mark, text, region)):
            continue
        best = max(near, key=lambda d: (fits(mark, d), _share(mark, d)), default=None)
        if best is None:
            of_kind.missed += 1
            report.errors.append(
                f"missed   {mark.kind:12} {text[mark.start : mark.end]!r} {mark.value} in {text!r}"
            )
            continue
        free.remove(best)
        if fits(mark, best) and (mark.kind not in WORDS or _share(mark, best, shorter=shorter) > 0.5):
            of_kind.right += 1
            of_kind.exact += (best.start, best.end) == (mark.start, mark.end)
            if (best.start, best.end) != (mark.start, mark.end):
                report.errors.append(
                    f"span     {mark.kind:12} {best.text!r} for {text[mark.start : mark.end]!r}"
                )
        else:
            of_kind.wrong += 1
            of_kind.sure += not fits(mark, best) and best.confidence >= 0.5
            report.errors.append(
                f"wrong    {mark.kind:12} {best.text!r} {best.value} for {mark.value!r} in {text!r}"
            )
    for detail in free:
        if not any(mark.kind == "?" and _share(mark, detail) > 0 for mark in marks):
            report.of(detail.kind).invented += 1
            report.errors.append(f"invented {detail.kind:12} {detail.text!r} {detail.value} in {text!r}")


def score_corrections(report: Report, block: str) -> None:
    for line in block.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        text, _, rest = line.partition(" => ")
        wanted = (
            None if rest == "none" else [None if p == "-" else p for p in (*rest.split(" | "), *"---")][:4]
        )
        found = find_correction(text)
        said = found and [found.old, found.new or None, found.hint, "tail" if found.tail else None]
        of_kind = report.of("correction")
        same = said and wanted and said[:2] == wanted[:2] and (not wanted[2] or said[2] == wanted[2])
        if wanted is None:
            of_kind.invented += found is not None
        elif same and said and said[3] == wanted[3]:
            of_kind.right += 1
            of_kind.exact += 1
        elif found is None:
            of_kind.missed += 1
        else:
            of_kind.wrong += 1
        if bool(found) != bool(wanted) or (wanted and not (same and said and said[3] == wanted[3])):
            report.errors.append(f"correction   {text!r}: {said} for {wanted}")


def score_mended(report: Report, name: str, block: str, half: slice = slice(None)) -> None:
    """Whether a former value has the right piece changed; ``?`` asks for a correction without a value."""
    for line in [line for line in block.splitlines() if line.strip() and not line.startswith("#")][half]:
        said, _, wanted = line.partition(" => ")
        former, _, text = said.partition(" | ")
        whole, _, alone = wanted.partition(" || ")
        score_right(report, name, former, text, whole)
        if alone:
            score_right(report, f"{name}, words alone", "", text, alone)


def score_right(report: Report, name: str, former: str, text: str, wanted: str) -> None:
    of_kind = report.of(name)
    got = corrected(former, text)
    got = "?" if got is None and wanted == "?" else got
    if got is None:
        of_kind.missed += 1
    elif _plain(got) == _plain(wanted):
        of_kind.right += 1
        of_kind.exact += 1
    else:
        of_kind.wrong += 1
    if got is None or _plain(got) != _plain(wanted):
        report.errors.append(f"correction   {former!r} + {text!r}: {got!r} for {wanted!r}")


#: Keys of ``turned_*`` and the fields of the category in which they are tried.
_TRIED = {
    "when": "when",
    "where": "school_or_hospital",
    "contact": "contact",
    "amount": "amount",
    "who": "person",
}


def score_turned(report: Report, name: str, block: str) -> None:
    """Which of the filled fields the intake changes, and to what, at the read-back."""
    from actions.heard import Heard, HeardDetail
    from actions.intake.correcting import corrected as in_the_intake
    from actions.intake.parts import CONFIRMATION, Setting
    from casework.house import House
    from casework.tickets.calendar import WorkingCalendar
    from casework.tickets.model import DetailValue, Intake

    calendar = WorkingCalendar(zone="Asia/Shanghai", country="CN")
    country = _HOME[name[-2:]]
    house = House.load(
        ROOT / "packs",
        organisation="",
        packs=("government",),
        calendar=calendar,
        country=country,
        languages=("zh", "en"),
    )
    at = Setting(house, NOW, name[-2:])
    for line in block.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        said, _, wanted = line.partition(" => ")
        filled, _, text = said.rpartition(" | ")
        before = {
            _TRIED[key]: value for key, _, value in (pair.partition("=") for pair in filled.split("; "))
        }
        details = {key: DetailValue(value, value, value) for key, value in before.items()}
        intake = Intake(category="GOV-EDU-02", pending=CONFIRMATION, details=details)
        found = tuple(
            HeardDetail(d.kind, d.value, d.text, d.start, d.end, d.confidence)
            for d in extract_details(text, now=NOW, region=country)
        )
        turn = in_the_intake(
            at, intake, Heard("1", text, intent="correct_detail", confidence=0.9, details=found)
        )
        after = turn.intake.details if turn else details
        got = "; ".join(
            f"{key}={after[_TRIED[key]].text if _TRIED[key] in after else '?'}"
            for key in _TRIED
            if (_TRIED[key] in before) and after.get(_TRIED[key]) != details[_TRIED[key]]
        )
        of_kind = report.of(name)
        right = _plain(got or "none") == _plain(wanted)
        of_kind.right += right
        of_kind.exact += right
        of_kind.wrong += not right and bool(got)
        of_kind.missed += not right and not got
        if not right:
            report.errors.append(f"correction   {said!r}: {got or 'none'!r} for {wanted!r}")


def _plain(value: str) -> str:
    return re.sub(r"[\s,.]", "", value).lower()


def milliseconds(text: str, rounds: int = 50) -> float:
    """Wall time of one extraction, the best of five series."""
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(rounds):
            extract_details(text, now=NOW)
        best = min(best, (time.perf_counter() - began) / rounds)
    return best * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the typed details.")
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "bench" / "details_own.yml")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--kind", default="", help="show errors of this kind only")
    parser.add_argument(
        "--half", choices=("odd", "even"), help="score the 1st, 3rd … or the 2nd, 4th … lines"
    )
    options = parser.parse_args()
    console = Console(width=200, soft_wrap=True)
    blocks = yaml.safe_load(options.file.read_text(encoding="utf-8"))
    table = Table("kind", *(f"{name} {what}" for name in _HOME for what in ("n", "F1", "exact span")))
    reports = {name: Report() for name in _HOME}
    shorter = blocks.get("counted") == "half"
    unmarked = frozenset([*blocks.get("unmarked", ()), *(["organisation"] if shorter else [])])
    half = {"odd": slice(0, None, 2), "even": slice(1, None, 2)}.get(options.half, slice(None))
    for name, report in reports.items():
        marked = list(lines(blocks.get(name, ""), _HOME[name]))
        for region, text, marks in marked[half]:
            score(report, region, text, marks, unmarked=unmarked, shorter=shorter)
    corrections = Report()
    score_corrections(corrections, blocks.get("corrections", ""))
    for name in reports:
        for block in ("mended", "both"):
            score_mended(corrections, f"{block} {name}", blocks.get(f"{block}_{name}", ""), half)
        if f"turned_{name}" in blocks:
            score_turned(corrections, f"turned {name}", blocks[f"turned_{name}"])
    kinds = [kind for kind in dict.fromkeys(KINDS.values()) if kind != "?"]
    for kind in (*kinds, "all"):
        row = [kind]
        for report in reports.values():
            of_kind = report.total if kind == "all" else report.of(kind)
            said = of_kind.right + of_kind.wrong + of_kind.missed
            row += [
                str(said),
                f"{of_kind.f1:.3f}",
                f"{of_kind.exact / of_kind.right:.2f}" if of_kind.right else "",
            ]
        table.add_row(*row)
    console.print(table)
    for name, report in reports.items():
        total = report.total
        said = max(1, total.right + total.wrong + total.missed)
        console.print(f"{name}: wrong value, not in doubt {total.sure / said:.3f}")
    for name, of_kind in corrections.scores.items():
        console.print(f"{name}: F1 {of_kind.f1:.3f}", Counter(of_kind.__dict__))
    short = (
        "上周三下午三点多我去鼓楼区政务大厅3号窗口办身份证，"
        "姓王的让我跑了三趟，收了120块，希望退款，电话13812345678"
    )
    console.print(
        f"{len(short)} characters: {milliseconds(short):.2f} ms; 5,000: {milliseconds(short * 85, 2):.1f} ms"
    )
    if options.errors:
        for name, report in (*reports.items(), ("corrections", corrections)):
            for error in report.errors:
                if options.kind in error[:22]:
                    console.print(name, error, markup=False, highlight=False)


if __name__ == "__main__":
    main()
