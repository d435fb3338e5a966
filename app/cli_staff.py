"""`tingsu staff …`, `tingsu departments …` and `tingsu routes …`: who handles what. Whoever has this terminal acts as
the administrator."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from casework.house import House
    from casework.staff.model import Hours, Member
    from casework.storage.work import Work
    from casework.tickets.model import Actor
    from casework.tickets.states import Role

staff_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""The people who handle complaints: who they are, what they can, when they are away.

[bold]First:[/bold]  [cyan]tingsu staff add root --name "Chen Yu" --role admin[/cyan], the administrator.
[bold]Then:[/bold]   [cyan]tingsu staff add li.wei --name "Li Wei" --role agent@power.billing --speaks zh[/cyan]
[bold]Leads:[/bold]  [cyan]--role lead@power.billing[/cyan] leads that department; [cyan]--role lead[/cyan] leads the \
sorting of new cases.
[bold]Away:[/bold]   [cyan]tingsu staff absent li.wei --from 2026-12-01 --to 2026-12-05 --stand-in wang.min[/cyan]

A role is [cyan]agent, lead, supervisor, admin[/cyan] or [cyan]auditor[/cyan]; with [cyan]@department[/cyan] an agent \
or a lead has it there only, without it everywhere. Departments: [cyan]tingsu departments list[/cyan].""",
)
errors = Console(stderr=True)

_Login = Annotated[str, typer.Argument(help="The short name a person signs in with, such as li.wei.")]
_Roles = Annotated[
    list[str] | None, typer.Option("--role", help="ROLE or ROLE@DEPARTMENT; give it once for each.")
]
_Skills = Annotated[
    list[str] | None,
    typer.Option("--skill", help="A category or its beginning, such as PWR-OUT; none: all."),
]
_Speaks = Annotated[
    list[str] | None,
    typer.Option("--speaks", help="A language of complainants, such as zh; none: all."),
]
_Email = Annotated[str | None, typer.Option(help="For notices to staff; kept encrypted.")]
_Language = Annotated[str | None, typer.Option(help="The language they read: zh or en.")]
HoursText = Annotated[
    str | None,
    typer.Option(
        "--hours",
        help='"08:30-12:00,13:30-18:00", "mon,wed,sat 22:00-06:00" or "daily 00:00-00:00"; "" for the usual ones.',
    ),
]
JsonOut = Annotated[bool, typer.Option("--json", help="As JSON.")]


@dataclass(frozen=True)
class AtConsole:
    work: Work
    house: House
    now: datetime

    @property
    def by(self) -> Actor:
        from casework.tickets.model import Actor
        from casework.tickets.states import Role

        return Actor(Role.ADMINISTRATOR)


@contextmanager
def acting() -> Iterator[AtConsole]:
    """One transaction; what cannot be is said in words."""
    from app.wiring import configure_logging, keep_house, open_store, read_settings, utc_now
    from casework.staff.organising import NotAllowed, seed_departments

    settings = read_settings()
    configure_logging(settings)
    store = open_store(settings)
    house = keep_house(settings, store).house
    try:
        with store.writing() as work:
            seed_departments(work, house.packs)
            yield AtConsole(work, house, utc_now())
    except (NotAllowed, ValueError) as error:
        errors.print(f"[bold red]Not done:[/] {error}", highlight=False)
        raise typer.Exit(1) from error


# -- staff --------------------------------------------------------------------------------------------------


@staff_app.command("add")
def staff_add(
    login: _Login,
    *,
    name: Annotated[str, typer.Option(help="As colleagues know them.")],
    role: _Roles = None,
    skill: _Skills = None,
    speaks: _Speaks = None,
    email: _Email = None,
    language: _Language = None,
    hours: HoursText = None,
) -> None:
    """Add a member of staff. The first one is the administrator: --role admin."""
    from casework.staff.model import Member
    from casework.staff.organising import add_member

    with acting() as at:
        values = _values(role=role, skill=skill, speaks=speaks, email=email, language=language, hours=hours)
        added = add_member(at.work, Member(login, name, **values), by=at.by, now=at.now)
    typer.echo(f"{added.login} is there: {roles_of(added) or 'no role yet'}.")
    if not added.roles:
        typer.echo(f"Give them one: tingsu staff set {login} --role agent@DEPARTMENT")


@staff_app.command("list")
def staff_list(
    department: Annotated[str, typer.Option(help="Only of this department.")] = "",
    everybody: Annotated[bool, typer.Option("--all", help="Those who left, too.")] = False,
    json_out: JsonOut = False,
) -> None:
    """List members of staff, what they are, and who is away."""
    with acting() as at:
        found = at.work.staff.members(
            departments_in=(department,) if department else None, active=None if everybody else True
        )
        away = {absence.login: absence for absence in at.work.staff.absences(at=at.now)}
        zone = at.house.zone
    if json_out:
        typer.echo(json.dumps([_member_json(m) for m in found], ensure_ascii=False, indent=2))
        return
    if not found:
        typer.echo('Nobody yet. Add the administrator: tingsu staff add root --name "…" --role admin')
        return
    table = Table("login", "name", "roles", "skills", "speaks", "away until")
    for member in found:
        absent = away.get(member.login)
        until = _local(absent.end, zone) if absent else ("" if member.active else "left")
        table.add_row(
            member.login,
            member.name,
            roles_of(member),
            " ".join(member.skills),
            " ".join(member.languages),
            until,
        )
    Console(highlight=False).print(table)


@staff_app.command("show")
def staff_show(login: _Login, json_out: JsonOut = False) -> None:
    """Show one member of staff: roles, hours, absences, open cases."""
    from casework.staff.organising import known_member

    with acting() as at:
        member = known_member(at.work, login)
        cases = at.work.staff.open_cases([login])[login]
        absences = [
            f"{_local(a.start, at.house.zone)} to {_local(a.end, at.house.zone)}"
            + (f", {a.stand_in} stands in" if a.stand_in else "")
            for a in at.work.staff.absences(login=login)
            if a.end > at.now
        ]
    shown = {**_member_json(member), "open_cases": cases, "absences": absences}
    if json_out:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for key, value in shown.items():
        Console(highlight=False).print(f"[bold]{key}[/]  {value if value not in ('', [], {}, None) else '–'}")


@staff_app.command("set")
def staff_set(
    login: _Login,
    *,
    name: Annotated[str | None, typer.Option(help="As colleagues know them.")] = None,
    role: _Roles = None,
    skill: _Skills = None,
    speaks: _Speaks = None,
    email: _Email = None,
    language: _Language = None,
    hours: HoursText = None,
    back: Annotated[bool, typer.Option("--returned", help="Works here again after `remove`.")] = False,
) -> None:
    """Change a member of staff. Roles, skills or languages that are given replace all there were; "" empties them."""
    from casework.staff.organising import change_member

    with acting() as at:
        changes = _values(role=role, skill=skill, speaks=speaks, email=email, language=language, hours=hours)
        if name is not None:
            changes["name"] = name
        if back:
            changes["active"] = True
        changed = change_member(at.work, login, changes, by=at.by)
    typer.echo(f"{changed.login}: {roles_of(changed) or 'no role'}.")


@staff_app.command("absent")
def staff_absent(
    login: _Login,
    start: Annotated[
        str, typer.Option("--from", help="2026-12-01 or 2026-12-01T13:00; now without it.")
    ] = "",
    end: Annotated[
        str, typer.Option("--to", help="Last day, 2026-12-05, or a moment, 2026-12-05T13:00.")
    ] = "",
    stand_in: Annotated[str, typer.Option(help="Who gets the cases that cannot wait.")] = "",
    back: Annotated[bool, typer.Option("--back", help="They are back: ends the absence.")] = False,
) -> None:
    """Note that somebody is away, or back.

    While they are away they get no new case. Those of theirs that would run out before they are back go to the
    stand-in, or without one back to the lead of the department.
    """
    from casework.staff.model import Absence
    from casework.staff.organising import add_absence, end_absences

    with acting() as at:
        if back:
            count = end_absences(at.work, login, by=at.by, now=at.now)
            typer.echo(f"{login} is back." if count else f"{login} was not away.")
            return
        if not end:
            raise ValueError("until when? --to 2026-12-05 (the last day away), or --back")
        away = Absence(
            login,
            _moment(start, at.house.zone) if start else at.now,
            _moment(end, at.house.zone, last=True),
            stand_in,
        )
        add_absence(at.work, away, by=at.by)
        until = _local(away.end, at.house.zone)
    typer.echo(f"{login} is away until {until}" + (f"; {stand_in} stands in." if stand_in else "."))


@staff_app.command("remove")
def staff_remove(login: _Login) -> None:
    """Somebody no longer works here: no new cases, theirs go to the lead. Histories keep their name."""
    from casework.staff.organising import remove_member

    with acting() as at:
        remove_member(at.work, login, by=at.by)
    typer.echo(f"{login} no longer works here. Undo: tingsu staff set {login} --returned")


# -- reading and writing values -------------------------------------------------------------------------------


def _values(
    *,
    role: Sequence[str] | None,
    skill: Sequence[str] | None,
    speaks: Sequence[str] | None,
    email: str | None,
    language: str | None,
    hours: str | None,
) -> dict[str, Any]:
    """Fields of a member, of the options that were given."""
    values: dict[str, Any] = {}
    if role is not None:
        values["roles"] = _grants(role)
    if skill is not None:
        values["skills"] = tuple(s.upper() for s in skill if s)
    if speaks is not None:
        values["languages"] = tuple(s for s in speaks if s)
    if email is not None:
        values["email"] = email
    if language is not None:
        values["language"] = language
    if hours is not None:
        values["hours"] = hours_of(hours)
    return values


def _grants(given: Sequence[str]) -> dict[str, frozenset[Role]]:
    from casework.staff.model import STAFF_ROLES
    from casework.tickets.states import Role

    grants: dict[str, set[Role]] = {}
    for text in filter(None, given):
        name, _, department = text.partition("@")
        if name not in {r.value for r in STAFF_ROLES}:
            raise ValueError(f"role {name!r}: one of {', '.join(r.value for r in STAFF_ROLES)}")
        grants.setdefault(department, set()).add(Role(name))
    return {department: frozenset(held) for department, held in grants.items()}


def roles_of(member: Member) -> str:
    return " ".join(
        f"{role.value}@{department}" if department else role.value
        for department, held in member.roles.items()
        for role in sorted(held)
    )


def hours_of(text: str) -> Hours | None:
    from casework.staff.model import Hours

    return Hours.parse(text) if text.strip() else None


def _moment(text: str, zone: str, *, last: bool = False) -> datetime:
    """A local moment; of a day its beginning, or, as the ``last`` one, its end."""
    try:
        if len(text) == len("2026-12-01"):
            day = date.fromisoformat(text) + timedelta(days=last)
            moment = datetime.combine(day, time())
        else:
            moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no moment; write 2026-12-01 or 2026-12-01T13:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _local(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _member_json(member: Member) -> dict[str, Any]:
    return {
        "login": member.login,
        "name": member.name,
        "roles": roles_of(member).split(),
        "skills": list(member.skills),
        "speaks": list(member.languages),
        "email": member.email,
        "language": member.language,
        "hours": str(member.hours or ""),
        "active": member.active,
    }
