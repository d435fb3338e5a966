"""`tingsu notices …`: what people were told of their cases and will be, in which words, and what could not be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

if TYPE_CHECKING:
    from app.settings import Settings
    from casework.house import House
    from casework.notices.model import Notice
    from casework.storage.work import Store, Work

notices_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""What people are told of their cases unasked, and staff by mail.

[bold]Another wording:[/bold]  copy a kind from packs/_words/notices.zh.yml into DATA_DIR/notices.zh.yml (and .en), \
change it, look at it with [cyan]preview resolved[/cyan], start the gateway again. A kind with [] is not sent.
[bold]Quiet hours:[/bold]  quiet_hours in packs/house.yml.""",
)
errors = Console(stderr=True)


def _open() -> tuple[Settings, Store, House]:
    from app.wiring import configure_logging, keep_house, open_store, read_settings

    settings = read_settings()
    configure_logging(settings)
    store = open_store(settings)
    return settings, store, keep_house(settings, store).house


def _shown(moment: datetime, house: House) -> str:
    from casework.tickets.filing import format_moment

    return format_moment(moment, zone=house.zone, language="en")


@notices_app.command("list")
def notices_list(limit: Annotated[int, typer.Option(help="At most so many of each.")] = 30) -> None:
    """What waits for its time or for a quiet moment, mails to staff, and events that somebody could not be told of."""
    _, store, house = _open()
    with store.reading() as work:
        Console().print(_waiting(work, work.notices.waiting(limit=limit), house))
        mails = Table(Column("mail", no_wrap=True), "to", "state", "tries", "error", title="Mails to staff")
        for mail in work.mails.newest(limit=limit):
            mails.add_row(mail.kind, mail.login, mail.state, str(mail.tries), mail.error)
        Console().print(mails)
        aside = work.spreading.set_aside(limit=limit)
    for event in aside:
        errors.print(
            f"event {event.event_id} ({event.action}, {_shown(event.at, house)}) was not told to: {event.error}",
            markup=False,
        )


def _waiting(work: Work, notices: Sequence[Notice], house: House) -> Table:
    table = Table(
        Column("case", no_wrap=True), "notice", "not before", "why it waits", title="Notices that wait"
    )
    for notice in notices:
        number = work.tickets.get(notice.ticket_id).number
        table.add_row(number, notice.kind, _shown(notice.due_at, house), notice.reason)
    return table


@notices_app.command("show")
def notices_show(
    number: Annotated[str, typer.Argument(help="Number of a case, such as TS261120-000001.")],
) -> None:
    """Everything the person of a case was told or will be: when, in which words, whether it arrived."""
    _, store, house = _open()
    with store.reading() as work:
        ticket = work.tickets.by_number(number)
        if ticket is None:
            errors.print(f"There is no case {number}. See: tingsu tickets list", markup=False)
            raise typer.Exit(1)
        table = Table(Column("notice", no_wrap=True), "when", "state", "words")
        for notice in work.notices.of_ticket(ticket.id):
            state, text = _fate(work, notice)
            table.add_row(notice.kind, _shown(notice.due_at, house), state, text)
    Console().print(table)


def _fate(work: Work, notice: Notice) -> tuple[str, str]:
    """(what became of it, its words)."""
    if notice.message_id is None:
        return " ".join(filter(None, (notice.state, notice.reason and f"({notice.reason})"))), ""
    (message,) = work.messages.by_ids([notice.message_id])
    return message.state, message.text


@notices_app.command("preview")
def notices_preview(
    kind: Annotated[str, typer.Argument(help="Such as resolved; without it all of them.")] = "",
    language: Annotated[str, typer.Option(help="zh or en; both without it.")] = "",
    without: Annotated[str, typer.Option(help="Slots that are not known, with commas: due,first")] = "",
) -> None:
    """The words of a notice with made-up values; with --without as it reads when something is not known."""
    from app.wiring import load_notice_words
    from casework.notices.kinds import KINDS

    settings, _, house = _open()
    if kind and kind not in KINDS:
        errors.print(f"There is no notice {kind}. There are: {', '.join(KINDS)}", markup=False)
        raise typer.Exit(1)
    words = load_notice_words(settings, house).words
    console = Console(soft_wrap=True)
    for name in (kind,) if kind else KINDS:
        for spoken in (language,) if language else ("zh", "en"):
            known = {k: v for k, v in words.examples[spoken].items() if k not in without.split(",")}
            console.print(f"{name} {spoken}", style="bold")
            console.print(words.fill(name, spoken, known) or "(not sent)", markup=False)
