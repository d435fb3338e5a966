"""`tingsu tickets …`: the daily acts with complaints, for people as tables and for programs as JSON."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import Enum
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from app.settings import Settings
    from casework.house import House
    from casework.storage.work import Store, Work
    from casework.tickets.listing import Line, Wanted
    from casework.tickets.model import Actor, Ticket

tickets_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""Filed complaints: list, show, act, history, export.

[bold]A round:[/bold]  [cyan]list --order due[/cyan] what is owed soonest → [cyan]show TS261121-482913[/cyan] → \
[cyan]act TS261121-482913 --as li.wei[/cyan] what may be done → [cyan]act TS261121-482913 sign --as li.wei[/cyan] → \
[cyan]act TS261121-482913 resolve --as li.wei --give finding="…" --give remedy="…" --give basis="…"[/cyan]

Whoever has this terminal acts under the name and role they give; the role's limits hold all the same.""",
)
errors = Console(stderr=True)


class Order(str, Enum):
    newest = "newest"
    changed = "changed"
    due = "due"


_Number = Annotated[str, typer.Argument(help="Such as TS261121-482913.")]
_Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
_State = Annotated[str, typer.Option(help="Only in this state, such as triage.")]
_Department = Annotated[str, typer.Option(help="Only of this department; see tingsu departments list.")]
_Handler = Annotated[str, typer.Option(help="Only those this member of staff has.")]
_Category = Annotated[str, typer.Option(help="Only of this category, such as GOV-ATT-03.")]
_Priority = Annotated[str, typer.Option(help="Only of this level: P0 to P4.")]


def _open() -> tuple[Settings, Store]:
    from app.wiring import configure_logging, open_store, read_settings

    settings = read_settings()
    configure_logging(settings)
    return settings, open_store(settings)


def _refuse(text: str, code: int = 2) -> typer.Exit:
    errors.print(text, markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(code)


def _wanted(state: str, department: str, handler: str, category: str, priority: str) -> Wanted:
    from casework.tickets.listing import Wanted
    from casework.tickets.states import State

    if state and state not in {s.value for s in State}:
        raise _refuse(f"There is no state {state!r}. Use one of: {', '.join(s.value for s in State)}")
    return Wanted(
        states=(State(state),) if state else (),
        department=department,
        handler=handler,
        categories=(category,) if category else (),
        priority=priority,
    )


def _found(work: Work, number: str) -> Ticket:
    from casework.tickets.acts import find_number

    ticket = work.tickets.by_number(find_number(number) or number)
    if ticket is None:
        raise _refuse(f"There is no complaint {number}. See: tingsu tickets list", 1)
    return ticket


def _moment(moment: datetime | None, house: House) -> str:
    from zoneinfo import ZoneInfo

    return f"{moment.astimezone(ZoneInfo(house.zone)):%Y-%m-%d %H:%M}" if moment else ""


# -- looking ----------------------------------------------------------------------------------------------------------


@tickets_app.command("list")
def tickets_list(
    *,
    json_out: Annotated[bool, typer.Option("--json", help="A JSON list of whole complaints.")] = False,
    identity: Annotated[
        str, typer.Option(help="Only of this person (name of `tingsu chat`, or channel:address).")
    ] = "",
    state: _State = "",
    department: _Department = "",
    handler: _Handler = "",
    category: _Category = "",
    priority: _Priority = "",
    order: Annotated[Order, typer.Option(help="newest, changed first, or due soonest.")] = Order.newest,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
) -> None:
    """List complaints, newest first."""
    from app.showing import ticket_json
    from app.wiring import keep_house

    wanted = _wanted(state, department, handler, category, priority)
    settings, store = _open()
    house = keep_house(settings, store).house
    with store.reading() as work:
        lines = work.listing.tickets(wanted, order=order.value, limit=limit)
        if identity:
            channel, _, address = identity.rpartition(":")
            own = work.tickets.newest(
                limit=limit, channel=channel or None, address=address, state=next(iter(wanted.states), None)
            )
            lines = [line for ticket in own for line in _lines(work, ticket.number)]
        if json_out:
            rows = [ticket_json(work, work.tickets.get(line.id), house) for line in lines]
            typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
            return
    if not lines:
        typer.echo("No complaints yet. File one with: tingsu chat")
        return
    table = Table("number", "state", "level", "category", "department", "handler", "filed", "due")
    for line in lines:
        table.add_row(
            line.number,
            line.state.value,
            line.priority,
            line.category,
            line.department,
            line.handler,
            _moment(line.submitted_at, house),
            _moment(line.due_at, house),
        )
    Console(highlight=False).print(table)


def _lines(work: Work, number: str) -> Sequence[Line]:
    from casework.tickets.listing import Wanted

    return work.listing.tickets(Wanted(numbers=(number,)), limit=1)


@tickets_app.command("show")
def tickets_show(number: _Number, json_out: _Json = False) -> None:
    """Show one complaint whole; of one that waits to be sorted, who would get it now."""
    from app.showing import suggestion_json, ticket_json
    from app.wiring import keep_house, utc_now

    settings, store = _open()
    house = keep_house(settings, store).house
    with store.reading() as work:
        ticket = _found(work, number)
        row: dict[str, Any] = ticket_json(work, ticket, house)
        if (suggestion := suggestion_json(work, ticket, house, now=utc_now())) is not None:
            row["suggestion"] = suggestion
    if json_out:
        typer.echo(json.dumps(row, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    for key, value in row.items():
        console.print(f"[bold]{key}[/]")
        console.print(
            json.dumps(value, ensure_ascii=False, indent=2) if isinstance(value, dict | list) else str(value),
            markup=False,
        )


@tickets_app.command("history")
def tickets_history(number: _Number, json_out: _Json = False) -> None:
    """Everything that was done to a complaint: when, by whom, from which state to which, and what was said."""
    from app.wiring import keep_house

    settings, store = _open()
    house = keep_house(settings, store).house
    with store.reading() as work:
        events = work.tickets.history(_found(work, number).id)
    if json_out:
        rows = [{**vars(event), "at": event.at.isoformat(), "data": dict(event.data)} for event in events]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("when", "by", "action", "state", "with")
    for event in events:
        said = "; ".join(f"{key}: {value}" for key, value in event.data.items())
        state = f"{event.from_state} → {event.to_state}" if event.to_state else ""
        table.add_row(_moment(event.at, house), event.actor_name or event.actor, event.action, state, said)
    Console(highlight=False, markup=False).print(table)


# -- acting -----------------------------------------------------------------------------------------------------------


@tickets_app.command("act")
def tickets_act(
    number: _Number,
    action: Annotated[str, typer.Argument(help="Such as sign; without it, what may be done is listed.")] = "",
    *,
    name: Annotated[str, typer.Option("--as", help="Who acts: your login.")] = "",
    role: Annotated[str, typer.Option(help="agent, lead, supervisor or admin.")] = "agent",
    give: Annotated[
        list[str] | None, typer.Option(help='What the action needs, as NAME=VALUE, such as reason="…".')
    ] = None,
    seen: Annotated[int, typer.Option(help="Version you saw; refused when somebody changed it since.")] = 0,
    json_out: _Json = False,
) -> None:
    """Take a step with a complaint, or see which steps there are."""
    from app.bus import EVENT, Bus
    from app.wiring import keep_house, utc_now
    from casework.storage.tickets import ChangedMeanwhile
    from casework.tickets.handling import Desk, Incomplete, act
    from casework.tickets.states import Refused
    from casework.tickets.steps import Rules

    by, given = _actor(name, role), _given(give or [])
    settings, store = _open()
    house = keep_house(settings, store).house
    try:
        with store.writing() as work:
            ticket, desk = _found(work, number), Desk(work, Rules(house.packs, house.calendar), by, utc_now())
            if action:
                ticket = act(desk, ticket, action, given, seen=seen or None)
            told = _legal(desk, ticket)
    except (Refused, Incomplete, ChangedMeanwhile) as refused:
        raise _refuse(str(refused), 1) from None
    if action:
        Bus(settings.redis_url).publish(EVENT)
    if json_out:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    typer.echo(
        f"{told['number']} is {told['state']} (version {told['version']}). {by.name or 'You'} may now:"
    )
    for each, needs in told["actions"].items():
        typer.echo(f"  {each}" + (f"  needs {', '.join(needs)}" if needs else ""))


def _legal(desk: Any, ticket: Ticket) -> dict[str, Any]:
    from casework.tickets.handling import NEEDS
    from casework.tickets.steps import legal_actions

    actions = legal_actions(desk.work, ticket, by=desk.by, now=desk.now)
    return {
        "number": ticket.number,
        "state": ticket.state.value,
        "department": ticket.department,
        "handler": ticket.handler,
        "version": ticket.version,
        "actions": {action: list(NEEDS.get(action, ())) for action in actions},
    }


def _actor(name: str, role: str) -> Actor:
    from casework.staff.model import STAFF_ROLES
    from casework.tickets.model import Actor

    roles = {each.value: each for each in STAFF_ROLES}
    if role not in roles:
        raise _refuse(f"There is no role {role!r}. Use one of: {', '.join(roles)}")
    if not name:
        raise _refuse("Say who acts: --as li.wei. It stands in the complaint's history.")
    return Actor(roles[role], name)


def _given(pairs: Sequence[str]) -> dict[str, str]:
    given = {}
    for pair in pairs:
        name, found, value = pair.partition("=")
        if not found or not name:
            raise _refuse(f'--give {pair!r}: write it as NAME=VALUE, such as --give reason="…"')
        given[name] = value
    return given


# -- exporting --------------------------------------------------------------------------------------------------------

_COLUMNS = (
    "number", "state", "category", "department", "handler", "nature", "priority", "severity", "language", "anonymous",
    "cycle", "submitted_at", "changed_at", "due_at",
)  # fmt: skip
#: A spreadsheet takes a cell that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@tickets_app.command("export")
def tickets_export(
    *,
    to: Annotated[str, typer.Option(help="File to write; standard output without it.")] = "",
    json_out: Annotated[bool, typer.Option("--json", help="One JSON object a line instead of CSV.")] = False,
    words: Annotated[bool, typer.Option("--words", help="Also what people wrote. Personal data!")] = False,
    state: _State = "",
    department: _Department = "",
    handler: _Handler = "",
    category: _Category = "",
    priority: _Priority = "",
) -> None:
    """Write all complaints that fit, newest first: codes, numbers and dates, times in UTC."""
    wanted = _wanted(state, department, handler, category, priority)
    _, store = _open()
    columns = (*_COLUMNS, "description") if words else _COLUMNS
    out: IO[str] = open(to, "w", encoding="utf-8-sig", newline="") if to else sys.stdout  # noqa: SIM115, PTH123
    try:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        if not json_out:
            writer.writeheader()
        for row in _rows(store, wanted, columns):
            if json_out:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
            else:
                writer.writerow({key: _cell(value) for key, value in row.items()})
    finally:
        if to:
            out.close()


def _rows(store: Store, wanted: Wanted, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    after = None
    while True:
        with store.reading() as work:
            lines = work.listing.tickets(wanted, after=after, limit=500)
            told = (
                {t.id: t.description for t in work.tickets.many([line.id for line in lines])}
                if "description" in columns
                else {}
            )
        for line in lines:
            row = {name: getattr(line, name, told.get(line.id)) for name in columns}
            yield {
                name: value.isoformat() if isinstance(value, datetime) else value
                for name, value in row.items()
            }
        if len(lines) < 500:
            return
        after = lines[-1].place("newest")


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
