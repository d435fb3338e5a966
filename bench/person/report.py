"""Figures of many dialogues, per language and temper, as tables and as a file to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.person.talking import Dialogue
from tests.e2e.promises import MAX_QUESTIONS

Figures = Mapping[str, Any]
_SHARES = ("filed", "filed at all", "facts right", "facts right at once")


def figures(dialogues: Sequence[Dialogue], *, seconds: float) -> dict[str, Any]:
    """Shares and counts of all, of each language and of each temper."""
    groups: dict[str, list[Dialogue]] = {"all": list(dialogues)}
    for dialogue in dialogues:
        groups.setdefault(dialogue.language, []).append(dialogue)
    for dialogue in sorted(dialogues, key=lambda d: d.temper):
        groups.setdefault(dialogue.temper, []).append(dialogue)
    measured: dict[str, Any] = {name: _of(group) for name, group in groups.items()}
    turns = sum(dialogue.turns for dialogue in dialogues)
    measured["took"] = {"seconds": round(seconds), "ms a turn": round(1000 * seconds / max(1, turns))}
    return measured


def _of(group: Sequence[Dialogue]) -> dict[str, Any]:
    count = max(1, len(group))
    filed = [d for d in group if d.outcome == "filed"]
    facts = sum(d.said for d in filed)
    return {
        "people": len(group),
        "filed": round(sum(d.filed for d in group) / count, 4),
        "filed at all": round(len(filed) / count, 4),
        "turns": round(sum(d.turns for d in group) / count, 2),
        "questions": round(sum(len(d.asked) for d in group) / count, 2),
        "too many questions": sum(len(d.asked) > MAX_QUESTIONS for d in group),
        "repeated": sum(len(d.repeated) for d in group),
        "asked although told": sum(len(d.asked_although_told) for d in group),
        "facts": facts,
        "facts right": round(1 - sum(len(d.wrong) for d in filed) / max(1, facts), 4),
        "facts right at once": round(1 - sum(len(d.wrong_at_once) for d in filed) / max(1, facts), 4),
        "danger checks": sum(d.checked for d in group),
        "broken promises": sum(len(d.problems) for d in group),
    }


def print_report(dialogues: Sequence[Dialogue], measured: Figures, console: Console) -> None:
    """The table, then what went wrong, by kind."""
    names = [name for name in measured if name != "took"]
    table = Table(title=f"{len(dialogues)} people, {measured['took']['ms a turn']} ms a turn")
    table.add_column("")
    for column in measured["all"]:
        table.add_column(column, justify="right")
    for name in names:
        figures_of = measured[name].items()
        table.add_row(name, *(_shown(value, share=column in _SHARES) for column, value in figures_of))
    console.print(table)
    outcomes = Counter(d.outcome if d.outcome != "filed" or d.filed else "filed elsewhere" for d in dialogues)
    console.print("outcomes: " + ", ".join(f"{name} {number}" for name, number in outcomes.most_common()))
    for title, counted in (
        ("wrong", Counter(key for d in dialogues for key in d.wrong)),
        ("repeated", Counter(key for d in dialogues for key in d.repeated)),
        ("broken promises", Counter(problem for d in dialogues for problem in d.problems)),
    ):
        for name, number in counted.most_common(12):
            console.print(f"{title}: {name} {number}", markup=False)


def _shown(value: float, *, share: bool) -> str:
    return f"{100 * value:.1f} %" if share else f"{value:g}"


def write_transcripts(dialogues: Sequence[Dialogue], path: Path) -> None:
    """What went wrong in each dialogue, and the dialogue."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(_written(dialogue) for dialogue in dialogues), encoding="utf-8")


def _written(dialogue: Dialogue) -> str:
    what = [
        f"# {dialogue.code} {dialogue.language}, {dialogue.temper}: {dialogue.outcome} {dialogue.filed_as}"
    ]
    for title, found in (
        ("wrong at once", dialogue.wrong_at_once),
        ("wrong", dialogue.wrong),
        ("from the opening", dialogue.from_opening),
    ):
        what += [f"#   {title}: {key}: {text}" for key, text in found.items()]
    what += [f"#   repeated: {key}" for key in dialogue.repeated]
    what += [f"#   asked although told: {key}" for key in dialogue.asked_although_told]
    what += [f"#   broken: {problem}" for problem in dialogue.problems]
    return "\n".join([*what, *dialogue.transcript, ""])
