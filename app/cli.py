"""The command line ``tingsu``. Heavy parts are imported by the command that needs them, not before."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli_channels import media_app, wechat_app
from app.cli_clusters import clusters_app
from app.cli_departments import departments_app, routes_app
from app.cli_desk import demo
from app.cli_handover import handover_app, outbox_app
from app.cli_knowledge import knowledge_app
from app.cli_notices import notices_app
from app.cli_programs import tokens_app, webhooks_app
from app.cli_staff import staff_app
from app.cli_tickets import tickets_app
from app.settings import Settings, SettingsError

if TYPE_CHECKING:
    pass

app = typer.Typer(
    name="tingsu",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="""Tingsu 听诉 takes complaints on WeChat, Telegram and the web, in Chinese and English.

[bold]First time?[/bold]  [cyan]tingsu up[/cyan] starts everything and prints the address to open.
[bold]Only looking?[/bold]  [cyan]tingsu chat[/cyan] talks with the bot in this terminal.
[bold]Something wrong?[/bold]  [cyan]tingsu doctor[/cyan] says what, and how to cure it.

Settings come from the environment and from a file .env; see .env.example.""",
)
app.add_typer(tickets_app, name="tickets")
app.add_typer(handover_app, name="handover")
app.add_typer(outbox_app, name="outbox")
app.add_typer(notices_app, name="notices")
app.add_typer(media_app, name="media")
app.add_typer(tokens_app, name="tokens")
app.add_typer(webhooks_app, name="webhooks")
app.add_typer(wechat_app, name="wechat")
packs_app = typer.Typer(no_args_is_help=True, help="Sector packs: what there is, and whether it can be used.")
app.add_typer(packs_app, name="packs")
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(clusters_app, name="clusters")
app.add_typer(staff_app, name="staff")
app.add_typer(departments_app, name="departments")
app.add_typer(routes_app, name="routes")
app.command("demo")(demo)
errors = Console(stderr=True)


def main() -> None:
    """Run the command line; expected failures end with one clear message and exit code 2."""
    from app.observing.traces import TracesUnavailable
    from casework.house import HouseError
    from casework.packs import PackError
    from casework.storage.database import DatabaseUnavailable
    from casework.storage.fields import FieldKeyError

    # Rasa's own tables trigger SQLAlchemy's advice on version 2, which no user can act upon.
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    try:
        app()
    except SettingsError as error:
        errors.print("[bold red]The settings cannot be used:[/]")
        for problem in error.problems:
            errors.print(f"  • {problem}", markup=False, highlight=False)
        sys.exit(2)
    except PackError as error:
        errors.print("[bold red]The packs cannot be used:[/]")
        for problem in error.problems:
            errors.print(f"  • {problem}", markup=False, highlight=False)
        sys.exit(2)
    except (DatabaseUnavailable, FieldKeyError, HouseError) as error:
        errors.print(f"[bold red]{type(error).__name__}:[/] {error}", highlight=False)
        errors.print("Run [cyan]tingsu doctor[/] to see what is wrong.")
        sys.exit(2)
    except TracesUnavailable as error:
        errors.print(f"[bold red]Traces cannot be sent:[/] {error}", highlight=False)
        sys.exit(2)
    except Exception as error:
        if type(error).__name__ != "EngineUnavailable":
            raise
        errors.print(f"[bold red]The engine cannot start:[/] {error}", highlight=False)
        sys.exit(2)


def _settings() -> Settings:
    from app.wiring import configure_logging, read_settings

    settings = read_settings()
    configure_logging(settings)
    return settings


@app.command()
def up(
    host: Annotated[str, typer.Option(help="Address to listen on; overrides TINGSU_HOST.")] = "",
    port: Annotated[int, typer.Option(help="Port to listen on; overrides TINGSU_PORT.")] = 0,
) -> None:
    """Start everything: Valkey, gateway, courier and engine, supervised, with one address.

    Trains the model first if there is none for these files. Ctrl-C stops all of it.
    """
    from app.supervisor import run_all

    if host:
        os.environ["TINGSU_HOST"] = host
    if port:
        os.environ["TINGSU_PORT"] = str(port)
    raise typer.Exit(run_all(_settings()))


@app.command()
def gateway() -> None:
    """Start the web side alone: webhooks, web chat, courier. Needs no model and starts in a second."""
    from app.gateway import serve
    from app.observing import traces

    settings = _settings()
    with traces.sent_to(settings.traces_url, part="gateway"):
        serve(settings)


@app.command()
def courier() -> None:
    """Start a courier alone: sends what waits in the outbox. Several may run."""
    from app.gateway import run_courier
    from app.observing import traces

    settings = _settings()
    with traces.sent_to(settings.traces_url, part="courier"):
        run_courier(settings)


@app.command()
def engine() -> None:
    """Start an engine worker alone: answers what waits in the inbox. Several may run."""
    from app.observing import traces
    from app.worker import run_worker

    settings = _settings()
    with traces.sent_to(settings.traces_url, part="engine"):
        code = run_worker(settings)
    raise typer.Exit(code)


@app.command()
def train(
    force: Annotated[bool, typer.Option("--force", help="Train even if nothing has changed.")] = False,
) -> None:
    """Train the model from config.yml, domain.yml, data/ and packs/. Unchanged files are not trained again."""
    from app.training import train_with_progress

    train_with_progress(_settings(), force=force)


@app.command()
def chat(
    identity: Annotated[str, typer.Option(help="Continue an earlier talk under this name.")] = "",
    json_lines: Annotated[
        bool, typer.Option("--json", help='JSON lines in ({"text"|"payload"|"media", …}), JSON lines out.')
    ] = False,
) -> None:
    """Talk with the bot in this terminal, the real way: inbox, engine, outbox.

    With [cyan]--json[/], each input line is one message: {"text": …}, {"payload": …} or {"media": …};
    "identity" lets one process play many people, "more": true says that another message follows at once.
    """
    from app.chat import stdin_lines, talk, talk_json
    from app.wiring import configure_logging, read_settings
    from app.worker import open_chat

    settings = read_settings()
    configure_logging(settings)
    if not json_lines:
        errors.print("[dim]Loading the model …[/]")
    with open_chat(settings, identity=identity, quiet=json_lines) as session:
        if json_lines:
            talk_json(session, stdin_lines(), sys.stdout)
            return
        console = Console(highlight=False)
        console.print("[dim]Write to the bot. A number picks a button, an empty line ends the talk.[/]")

        def ask() -> str | None:
            try:
                line = console.input("[bold cyan]› [/]")
            except (EOFError, KeyboardInterrupt):
                return None
            return line or None

        talk(session, show=lambda text: console.print(text, markup=False), ask=ask)


@app.command()
def parse(
    text: Annotated[
        list[str] | None, typer.Argument(help="Text to understand; standard input without it.")
    ] = None,
    json_lines: Annotated[bool, typer.Option("--json", help="JSON lines in and out.")] = False,
    now: Annotated[str, typer.Option(help="Moment to reckon from, ISO 8601; the present without it.")] = "",
    context: Annotated[
        str, typer.Option(help="Key of the question asked last, such as when or contact.")
    ] = "",
) -> None:
    """Show what the language side understands of a text: act, emotion, emergency, category, details.

    With [cyan]--json[/], lines {"id", "text", "context"} in, one result a line out.
    """
    from app.parsing import parse_lines, show_parsed

    settings = _settings()
    if json_lines:
        from app.chat import stdin_lines

        parse_lines(settings, stdin_lines(), sys.stdout, now=now)
    else:
        show_parsed(settings, " ".join(text or []) or sys.stdin.read(), now=now, context=context)


@app.command()
def doctor(
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Print a fresh key for TINGSU_DATA_KEY and stop.")
    ] = False,
) -> None:
    """Check settings, database, Redis, model, packs and channels; say how to cure what is wrong."""
    from app.doctor import examine

    if new_key:
        from cryptography.fernet import Fernet

        typer.echo(Fernet.generate_key().decode())
        return
    raise typer.Exit(examine())


@packs_app.command("list")
def packs_list() -> None:
    """The packs in packs/, with their categories, and which of them this organisation runs."""
    from app.wiring import ROOT
    from casework.packs import Packs
    from casework.packs.loading import names_below

    running = _settings().packs
    table = Table("pack", "中文", "English", "categories", "runs here")
    for name in names_below(ROOT / "packs"):
        pack = Packs.load(ROOT / "packs", [name]).packs[0]
        count = str(len(Packs.load(ROOT / "packs", [name]).codes))
        table.add_row(name, pack.name.in_("zh"), pack.name.in_("en"), count, "yes" if name in running else "")
    Console().print(table)


@packs_app.command("check")
def packs_check(
    names: Annotated[
        list[str] | None, typer.Argument(help="Folders in packs/; all of them without a name.")
    ] = None,
) -> None:
    """Find every mistake in the packs: file, line, key, what is wrong and how to mend it.

    Try: [cyan]tingsu packs check library[/cyan] after writing packs/library/ by docs/packs.md.
    """
    from app.wiring import ROOT
    from casework.packs import check
    from casework.packs.loading import names_below

    wanted = names or list(names_below(ROOT / "packs"))
    problems = check(ROOT / "packs", wanted)
    for problem in problems:
        errors.print(f"• {problem}", markup=False, highlight=False)
    if problems:
        errors.print(f"[bold red]{len(problems)} to mend[/] in {', '.join(wanted)}.")
        raise typer.Exit(1)
    Console().print(f"[green]Nothing to mend[/] in {', '.join(wanted)}.")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
