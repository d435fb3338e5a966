"""`tingsu staff password` and `tingsu demo`: the first way into the desk, and a desk with something on it."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer
from rich.console import Console

from app.cli_staff import acting, staff_app

errors = Console(stderr=True)


@staff_app.command("password")
def staff_password(
    login: Annotated[str, typer.Argument(help="Whose.")],
    ask: Annotated[
        bool, typer.Option("--ask", help="Type it here instead of being given one to change at first use.")
    ] = False,
) -> None:
    """Let somebody sign in at the desk: gives a password that they change when they first come in.

    All their sessions end, and so does a lock after wrong passwords.
    """
    from casework.access import passwords, sessions
    from casework.access.passwords import WeakPassword
    from casework.staff.organising import known_member

    given = "" if ask else secrets.token_urlsafe(12)
    if ask:
        given = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        passwords.check(given, login=login)
    except WeakPassword as weak:
        errors.print(_WEAK[weak.reason].format(n=passwords.SHORTEST))
        raise typer.Exit(1) from weak
    hashed = passwords.hashed(given)
    with acting() as at:
        known_member(at.work, login)
        sessions.set_password(at.work, login, hashed, by="", must_change=not ask, now=at.now)
    typer.echo(f"{login} can sign in at the desk now." if ask else f"First password of {login}: {given}")


_WEAK = {
    "short": "Too short: {n} characters at least.",
    "long": "Too long.",
    "login": "A password must not hold the login.",
    "monotone": "Too easy to guess: choose another one.",
}


def demo(
    tickets: Annotated[int, typer.Option(min=5, max=5000, help="How many complaints.")] = 140,
) -> None:
    """Fill an EMPTY database with a believable month, to see the desk at work.

    Invented people complain in both languages, staff handle it, clocks run. Refused where there is anything yet;
    to look without touching your own data: TINGSU_DATA_DIR=/tmp/look tingsu demo, then the same with tingsu up.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from app.demo import NotEmpty, fill
    from app.wiring import ROOT, configure_logging, load_house, open_store, read_settings, utc_now

    settings = read_settings()
    configure_logging(settings)
    store, house = open_store(settings), load_house(settings)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    password = secrets.token_urlsafe(9)
    try:
        with Progress(*columns, console=errors) as progress:
            bar = progress.add_task("A month of complaints", total=tickets)
            filled = fill(
                store,
                house,
                ROOT / "packs",
                tickets=tickets,
                now=utc_now(),
                password=password,
                progress=lambda done: progress.update(bar, completed=done),
            )
    except NotEmpty as error:
        errors.print(
            "This database is not empty, and nothing was changed. Look at a month of its own instead: "
            "TINGSU_DATA_DIR=/tmp/look tingsu demo"
        )
        raise typer.Exit(1) from error
    typer.echo(f"{filled.tickets} complaints of the last month are there.")
    typer.echo(f"Sign in at {settings.url}/desk as {', '.join(filled.logins)}")
    typer.echo(f"with the password {filled.password}")
