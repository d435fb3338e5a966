"""`tingsu wechat …` and `tingsu media …`: the account's menu, and what people sent along."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

wechat_app = typer.Typer(no_args_is_help=True, help="The WeChat account.")
media_app = typer.Typer(no_args_is_help=True, help="Photos, recordings and files that people sent.")
errors = Console(stderr=True)


@wechat_app.callback()
def _wechat() -> None:
    """Keeps `menu` a command of its own although it is the only one."""


@wechat_app.command("menu")
def wechat_menu(
    show: Annotated[bool, typer.Option("--show", help="Only print it; nothing is sent to WeChat.")] = False,
) -> None:
    """Put the bot's menu below the account's chat, in the first of TINGSU_LANGUAGES.

    It replaces the menu that is there. Phones show it after about five minutes, or at once after following anew.
    """
    from app.channels import wechat_api
    from app.wiring import configure_logging, read_settings
    from casework.conversations.model import DeliveryError
    from connectors.wechat.menu import menu

    settings = read_settings()
    configure_logging(settings)
    entries = menu(settings.languages[0])
    typer.echo(json.dumps(entries, ensure_ascii=False, indent=2))
    if show:
        return
    if not settings.has_wechat:
        errors.print(
            "WeChat is not set up. Set TINGSU_WECHAT_APP_ID and the settings beside it; see docs/channels.md."
        )
        raise typer.Exit(2)

    async def create() -> None:
        async with wechat_api(settings) as api:
            await api.create_menu(entries)

    try:
        asyncio.run(create())
    except DeliveryError as error:
        errors.print(f"WeChat refused the menu: {error.code} {error.__cause__ or ''}", markup=False)
        errors.print("What the codes mean: docs/channels.md. Is the account itself well? tingsu doctor")
        raise typer.Exit(1) from error
    typer.echo("The menu is in place.")


@media_app.command("list")
def media_list(
    ticket: Annotated[str, typer.Option(help="Only of this complaint, such as TS261121-482913.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 50,
) -> None:
    """List what people sent, and what became of it: pending, kept, refused (why) or gone."""
    from app.wiring import configure_logging, open_store, read_settings
    from casework.tickets.acts import find_number

    settings = read_settings()
    configure_logging(settings)
    with open_store(settings).reading() as work:
        if ticket:
            found = work.tickets.by_number(find_number(ticket) or ticket)
            if found is None:
                errors.print(f"There is no complaint {ticket}. See: tingsu tickets list", markup=False)
                raise typer.Exit(1)
            files = work.media.of_ticket(found.id)[:limit]
        else:
            files = work.media.newest(limit=limit)
    if not files:
        typer.echo("No files yet.")
        return
    table = Table("file", "chat", "kind", "state", "type", "size", "name")
    for file in files:
        state = f"{file.state.value} ({file.reason})" if file.reason else file.state.value
        kept = file.kept if file.kept and file.kept.mime else None
        size = f"{kept.size_bytes / 1024:.0f} kB" if kept else ""
        table.add_row(
            str(file.id),
            str(file.conversation_id),
            file.media.kind,
            state,
            kept.mime if kept else "",
            size,
            file.media.name,
        )
    Console().print(table)


@media_app.command("save")
def media_save(
    file: Annotated[int, typer.Argument(help="Number from `tingsu media list`.")],
    to: Annotated[
        Path | None, typer.Argument(help="Where to; without it a name made of number and type.")
    ] = None,
) -> None:
    """Write one file, decrypted, to look at it. It is not deleted with the person: delete it yourself."""
    from app.files import vault_of
    from app.wiring import configure_logging, open_store, read_settings
    from casework.media.types import extension_of

    settings = read_settings()
    configure_logging(settings)
    with open_store(settings).reading() as work:
        row = work.media.get(file)
    try:
        content = vault_of(settings).get(row.kept.sha) if row and row.kept and row.kept.mime else None
    except OSError as error:
        errors.print(f"The file store does not answer ({error}). See: tingsu doctor", markup=False)
        raise typer.Exit(1) from error
    if row is None or row.kept is None or content is None:
        why = f"is {row.state.value}" if row else "does not exist"
        errors.print(f"File {file} {why}. See: tingsu media list", markup=False)
        raise typer.Exit(1)
    target = to or Path(f"tingsu-{file}.{extension_of(row.kept.mime)}")
    try:
        with target.open("xb") as out:
            out.write(content)
    except FileExistsError as error:
        errors.print(f"{target} exists already: give another name.", markup=False)
        raise typer.Exit(1) from error
    typer.echo(str(target))
