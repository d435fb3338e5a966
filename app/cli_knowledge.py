"""`tingsu knowledge …`: what the bot answers by itself, and what it would say to a question."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

knowledge_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""What the bot answers by itself: see the entries, try a question, find mistakes.

[bold]Write one:[/bold]  packs/<pack>/knowledge/<name>.zh.md and .en.md (docs/knowledge.md) → [cyan]check[/cyan] → \
[cyan]ask "how long does a meter test take"[/cyan].""",
)
errors = Console(stderr=True)

#: Entries that end this soon are named, so that somebody compares them with their source. Source: product default.
SOON = timedelta(days=30)


@knowledge_app.command("list")
def knowledge_list(
    pack: Annotated[str, typer.Option(help="Only this pack; common is what all organisations share.")] = "",
    language: Annotated[str, typer.Option(help="zh or en; both without it.")] = "",
) -> None:
    """The entries this organisation can use, those published at the desk too, with source and last day."""
    from app.wiring import configure_logging, keep_house, open_store, read_settings, utc_now

    settings = read_settings()
    configure_logging(settings)
    today = utc_now().date()
    table = Table(Column("entry", no_wrap=True), "", "title", "source", "compared", "until")
    for entry in keep_house(settings, open_store(settings)).house.knowledge.entries:
        if pack in ("", entry.pack) and language in ("", entry.language):
            until = str(entry.valid_until)
            table.add_row(
                entry.key,
                entry.language,
                entry.title,
                entry.source,
                str(entry.as_of),
                until if entry.holds_on(today) else f"[red]{until} not shown[/]",
            )
    Console().print(table)


@knowledge_app.command("ask")
def knowledge_ask(
    question: Annotated[str, typer.Argument(help="As a person would write it.")],
    language: Annotated[str, typer.Option(help="zh or en; by the script of the question without it.")] = "",
) -> None:
    """What the bot would answer, how sure it is, and what it took for the next likeliest."""
    from actions.librarian import ANSWER_AT, OFFER_AT
    from app.wiring import configure_logging, keep_house, look_up, open_store, read_settings, utc_now
    from understanding.language import guess_language

    settings = read_settings()
    configure_logging(settings)
    house = keep_house(settings, open_store(settings)).house
    spoken = language or ("zh" if guess_language(question).language.startswith("zh") else "en")
    found = look_up(settings, house, question, spoken, utc_now().date())
    console = Console(highlight=False)
    if found.entry is not None:
        console.print(found.entry.answer, markup=False)
        console.print(f"({found.entry.cited}, {found.entry.as_of})", style="dim", markup=False)
    elif found.near:
        console.print("[yellow]Not sure enough to answer; it would offer:[/]")
        for entry in found.near:
            console.print(f"  • {entry.title}", markup=False)
    else:
        console.print("[yellow]It would say that it does not know, and offer staff or a case.[/]")
    table = Table("entry", "confidence", caption=f"answers from {ANSWER_AT:.2f}, offers from {OFFER_AT:.2f}")
    for match in found.ranked:
        table.add_row(match.key, f"{match.confidence:.2f}")
    console.print(table)


@knowledge_app.command("check")
def knowledge_check(
    names: Annotated[list[str] | None, typer.Argument(help="Packs; all of them without a name.")] = None,
) -> None:
    """Find every mistake in the files, and name the entries that are over or end soon.

    Fails on mistakes and on entries that are over: the bot no longer shows them.
    """
    from app.wiring import ROOT, utc_now
    from casework.knowledge import check_knowledge, last_days

    root = ROOT / "packs"
    problems = check_knowledge(root, names)
    today = utc_now().date()
    ends = last_days(root, names) if not problems else []
    over = [(place, day) for place, day in ends if day < today]
    for problem in problems:
        errors.print(f"• {problem}", markup=False, highlight=False)
    for place, day in over:
        errors.print(
            f"• {place}: ended on {day}. Compare it with its source, then move valid_until and as_of."
        )
    _say_soon([(place, day) for place, day in ends if today <= day <= today + SOON])
    if problems or over:
        errors.print(f"[bold red]{len(problems) + len(over)} to mend.[/]")
        raise typer.Exit(1)
    Console().print(f"[green]Nothing to mend[/] in {len(ends)} files.")


def _say_soon(ends: list[tuple[str, date]]) -> None:
    for place, day in ends:
        errors.print(f"[yellow]• {place} ends on {day}: compare it with its source.[/]", highlight=False)
