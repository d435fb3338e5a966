"""``tingsu parse``: what the language side makes of a text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from app.settings import Settings
from app.training import model_for, train_with_progress
from app.wiring import load_house, utc_now
from bot.engine import Engine
from casework.house import House


class Parsing:
    """A loaded engine used for understanding alone."""

    def __init__(self, settings: Settings, *, quiet: bool) -> None:
        model = model_for(settings) or train_with_progress(settings, quiet=quiet)
        self._house: House = load_house(settings)
        self._engine = Engine.load(model)

    def parse(self, text: str, *, context: str | None, now: datetime) -> dict[str, Any]:
        """One text in the shape of the documentation (docs/understanding.md)."""
        found = self._engine.understand(
            text,
            context=context,
            now=now,
            timezone=self._house.zone,
            region=self._house.country,
            categories=self._house.packs.codes,
        )
        details: dict[str, list[dict[str, Any]]] = {}
        for detail in found.get("details") or []:
            details.setdefault(detail["kind"], []).append({k: v for k, v in detail.items() if k != "kind"})
        emergency = found.get("emergency")
        language = found.get("language") or {}
        return {
            "language": language.get("language"),
            "script": language.get("script"),
            "intent": found.get("intent"),
            "intent_ranking": found.get("intent_ranking"),
            "margin": found.get("margin"),
            "emotion": found.get("emotion"),
            "emergency": emergency or None,
            "categories": found.get("categories") or [],
            "complaints": found.get("complaints") or [],
            "ours": found.get("ours", 1.0),
            "details": details,
        }


def _moment(given: str) -> datetime:
    if not given:
        return utc_now()
    moment = datetime.fromisoformat(given.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.astimezone()


def parse_lines(settings: Settings, lines: Iterable[str], out: TextIO, *, now: str) -> None:
    """JSON lines {"id", "text", "context"} in, results out, in order. A bad line gives {"error": …}."""
    parsing = Parsing(settings, quiet=True)
    for line in lines:
        if not line.strip():
            continue
        result: dict[str, Any]
        try:
            data = json.loads(line)
            text, context = str(data["text"]), data.get("context") or None
            result = {
                "id": data.get("id"),
                **parsing.parse(text, context=context, now=_moment(data.get("now") or now)),
            }
        except (ValueError, KeyError, TypeError) as error:
            result = {"error": f'expected an object with a "text": {error}'}
        out.write(json.dumps(result, ensure_ascii=False) + "\n")
        out.flush()


def show_parsed(settings: Settings, text: str, *, now: str, context: str) -> None:
    """For people."""
    result = Parsing(settings, quiet=False).parse(text.strip(), context=context or None, now=_moment(now))
    console = Console(highlight=False)
    table = Table(show_header=False, box=None, pad_edge=False)
    intent: Mapping[str, Any] = result["intent"] or {}
    emotion: Mapping[str, Any] = result["emotion"] or {}
    table.add_row("language", f"{result['language']} ({result['script']})")
    table.add_row("act", f"[bold]{intent.get('name')}[/]  {float(intent.get('confidence') or 0):.2f}")
    table.add_row(
        "emotion",
        f"{emotion.get('label')} {emotion.get('intensity')}  {' '.join(emotion.get('evidence') or [])}",
    )
    if result["emergency"]:
        table.add_row(
            "[bold red]emergency[/]",
            f"[bold red]{result['emergency']['code']} {result['emergency']['level']}[/]"
            + ("  (ask to be sure)" if result["emergency"].get("check") else ""),
        )
    for category in result["categories"][:3]:
        table.add_row("category", f"{category['code']}  {category['confidence']:.2f}")
    if result["ours"] < 0.5:
        table.add_row(
            "[bold]not ours[/]", f"likelier of a sector that is not run here  {1 - result['ours']:.2f}"
        )
    for complaint in result["complaints"]:
        best = complaint["categories"][0]["code"] if complaint["categories"] else "?"
        table.add_row("[bold]one of several[/]", f"{best}  [cyan]{complaint['text']}[/]")
    for kind, found in result["details"].items():
        for detail in found:
            table.add_row(
                kind, f"[cyan]{detail['text']}[/]  {json.dumps(detail['value'], ensure_ascii=False)}"
            )
    console.print(table)
