"""`tingsu departments …` and `tingsu routes …`: where cases go. Whoever has this terminal acts as the administrator."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Column, Table

from app.cli_staff import AtConsole, HoursText, JsonOut, acting, hours_of, roles_of

if TYPE_CHECKING:
    from casework.staff.model import Department, Rota

departments_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""Departments: those of the packs, as this organisation names and orders them, and its own.

[cyan]tingsu departments set power.billing --zh 电费班 --en Billing --hours 09:00-17:00[/cyan]
[cyan]tingsu departments set roads.north --zh 北区养护 --en "Roads north" --parent urban.roads \
--duty li.wei --duty wang.min[/cyan]

Whoever is on duty gets the most urgent cases (P0, P1) when nobody else is there; they take turns by week.""",
)
routes_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""Which department, or person, gets which cases. Without a route a case goes where its pack says.

[cyan]tingsu routes area north 北苑 "North Street"[/cyan]          places that are called so lie in the area north
[cyan]tingsu routes set URB-ROD --area north --to roads.north[/cyan]  damaged roads there go to that department
[cyan]tingsu routes set URB-WST --to urban.waste --co urban.roads[/cyan]  with another one asked to help

Of several routes the longest prefix counts, and of these the one with the area. A place that no word names, or that
words of two areas name, has no area.""",
)


# -- departments --------------------------------------------------------------------------------------------


@departments_app.command("list")
def departments_list(json_out: JsonOut = False) -> None:
    """List the departments with their leads."""
    from casework.tickets.states import Role

    with acting() as at:
        found = at.work.staff.departments()
        leads: dict[str, list[str]] = {}
        for member in at.work.staff.members(role=Role.LEAD):
            for code, roles in member.roles.items():
                if Role.LEAD in roles:
                    leads.setdefault(code, []).append(member.login)
    rows = [{**_department_json(d), "leads": leads.get(d.code, [])} for d in found]
    if json_out:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table(Column("code", no_wrap=True), "中文", "English", "below", "leads")
    for row in rows:
        table.add_row(row["code"], row["zh"], row["en"], row["parent"], " ".join(row["leads"]))
    Console(highlight=False).print(table)


_Code = Annotated[str, typer.Argument(help="Code from `tingsu departments list`, such as power.billing.")]


@departments_app.command("show")
def departments_show(code: _Code, json_out: JsonOut = False) -> None:
    """Show one department: names, hours, who is on duty, who works there."""
    with acting() as at:
        department = at.work.staff.department(code)
        if department is None:
            raise ValueError(f"there is no department {code}; see: tingsu departments list")
        people = [f"{m.login} ({roles_of(m)})" for m in at.work.staff.members(departments_in=(code,))]
    shown = {**_department_json(department), "staff": people}
    if json_out:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for key, value in shown.items():
        Console(highlight=False).print(f"[bold]{key}[/]  {value if value not in ('', [], None) else '–'}")


@departments_app.command("set")
def departments_set(
    code: _Code,
    *,
    zh: Annotated[str, typer.Option(help="Its Chinese name.")] = "",
    en: Annotated[str, typer.Option(help="Its English name.")] = "",
    parent: Annotated[str | None, typer.Option(help='The department above it; "" for none.')] = None,
    hours: HoursText = None,
    duty: Annotated[
        list[str] | None,
        typer.Option("--duty", help="On duty outside hours, in order, by turns from this week on."),
    ] = None,
    every: Annotated[str, typer.Option(help="How long a turn is: day or week.")] = "week",
    closed: Annotated[bool, typer.Option("--closed", help="There is no such department any more.")] = False,
) -> None:
    """Change a department, or add one of your own."""
    from casework.staff.model import Department
    from casework.staff.organising import set_department
    from casework.text import Text

    with acting() as at:
        known = at.work.staff.department(code) or Department(code, Text("", ""))
        changed = replace(
            known,
            name=Text(zh or known.name.zh, en or known.name.en),
            parent=known.parent if parent is None else parent,
            hours=known.hours if hours is None else hours_of(hours),
            rota=known.rota if duty is None else _rota(duty, every, at),
            active=not closed,
        )
        set_department(at.work, changed, by=at.by)
    typer.echo(f"{code}: {changed.name.zh} / {changed.name.en}" + (" (closed)" if closed else ""))


# -- routes -------------------------------------------------------------------------------------------------


@routes_app.command("list")
def routes_list(json_out: JsonOut = False) -> None:
    """List routes in the order in which they are looked at, and the words of each area."""
    with acting() as at:
        found, words = at.work.staff.routes(), at.work.staff.area_words()
    areas = {area: sorted(w for w, a in words.items() if a == area) for area in sorted(set(words.values()))}
    if json_out:
        shown = {"routes": [{**vars(r), "co": list(r.co)} for r in found], "areas": areas}
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    if not found:
        typer.echo("No routes: every case goes to the department that its pack names.")
    else:
        table = Table("cases", "area", "department", "person", "asked to help")
        for route in found:
            table.add_row(
                route.prefix or "all",
                route.area,
                route.department,
                route.handler or "fair",
                " ".join(route.co),
            )
        Console(highlight=False).print(table)
    for area, named in areas.items():
        typer.echo(f"{area}: {', '.join(named)}")


_Prefix = Annotated[str, typer.Argument(help='A category or its beginning, such as PWR-OUT; "" for all.')]
_Area = Annotated[str, typer.Option(help="Only in this area; see `tingsu routes area`.")]


@routes_app.command("set")
def routes_set(
    prefix: _Prefix,
    to: Annotated[str, typer.Option(help="The department.")],
    area: _Area = "",
    person: Annotated[str, typer.Option(help="Always this one; without it whom it is fair.")] = "",
    co: Annotated[list[str] | None, typer.Option("--co", help="A department that is asked to help.")] = None,
) -> None:
    """Say where cases go."""
    from casework.staff.model import Route
    from casework.staff.organising import set_route

    with acting() as at:
        route = Route(prefix, to, area, person, tuple(co or ()))
        set_route(at.work, route, packs=at.house.packs, by=at.by)
    typer.echo(f"{prefix or 'All cases'}{f' in {area}' if area else ''} → {person or to}")


@routes_app.command("remove")
def routes_remove(prefix: _Prefix, area: _Area = "") -> None:
    """Remove a route."""
    from casework.staff.organising import remove_route

    with acting() as at:
        remove_route(at.work, prefix, area, by=at.by)
    typer.echo("Removed.")


@routes_app.command("area")
def routes_area(
    area: Annotated[str, typer.Argument(help="A short name of your own, such as north.")],
    words: Annotated[list[str] | None, typer.Argument(help="Places in it, as people write them.")] = None,
) -> None:
    """Write by which words a place is known to lie in an area. They replace those there were; none removes it."""
    from casework.staff.organising import set_area

    with acting() as at:
        set_area(at.work, area, words or (), by=at.by)
    typer.echo(f"{area}: {', '.join(words)}" if words else f"{area} is no area any more.")


def _rota(duty: Sequence[str], every: str, at: AtConsole) -> Rota | None:
    from casework.staff.model import Rota

    if every not in ("day", "week"):
        raise ValueError(f"every {every!r}: day or week")
    today = at.now.astimezone(ZoneInfo(at.house.zone)).date()
    order = tuple(login for login in duty if login)
    return Rota.beginning(order, cast('Literal["day", "week"]', every), today) if order else None


def _department_json(department: Department) -> dict[str, Any]:
    rota = department.rota
    return {
        "code": department.code,
        "zh": department.name.zh,
        "en": department.name.en,
        "parent": department.parent,
        "hours": str(department.hours or ""),
        "duty": list(rota.order) if rota else [],
    }
