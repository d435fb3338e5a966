"""`tingsu tokens …` and `tingsu webhooks …`: what other programs may do, and what they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from casework.storage.work import Store

tokens_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""Tokens of the HTTP API: who a program acts as, and what it may do.

[bold]Try:[/bold]  [cyan]tingsu tokens add erp --role agent --scope read --scope act[/cyan], then
[cyan]curl -H "Authorization: Bearer tingsu_…" http://127.0.0.1:8321/api/v1/tickets[/cyan]

Scopes: [bold]read[/bold] lists and tickets, details masked · [bold]personal[/bold] what people wrote, and files · \
[bold]act[/bold] steps with tickets · [bold]file[/bold] tickets for others · [bold]chat[/bold] conversations.
What the role may do with a ticket is decided as for staff. See docs/api.md.""",
)
webhooks_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""Webhooks: addresses that are told what happens to tickets, signed, as CloudEvents.

[bold]Try:[/bold]  [cyan]tingsu webhooks add https://erp.example/hook --events resolve,reject[/cyan]; it prints the \
secret that signatures are checked with. [cyan]log[/cyan] shows what was sent, [cyan]replay[/cyan] sends it again.""",
)
errors = Console(stderr=True)


def _store() -> Store:
    from app.wiring import configure_logging, open_store, read_settings

    settings = read_settings()
    configure_logging(settings)
    return open_store(settings)


def _refuse(text: str) -> typer.Exit:
    errors.print(text, markup=False, highlight=False)
    return typer.Exit(2)


# -- tokens ---------------------------------------------------------------------------------------------------------


@tokens_app.command("add")
def tokens_add(
    name: Annotated[str, typer.Argument(help="What tickets' histories call it, such as erp or li.wei.")],
    role: Annotated[str, typer.Option(help="agent, lead, supervisor, admin or auditor.")] = "agent",
    scope: Annotated[
        list[str] | None,
        typer.Option(help="read, personal, act, file or chat; once for each. read without it."),
    ] = None,
    department: Annotated[str, typer.Option(help="Only tickets of this department.")] = "",
) -> None:
    """Make a token and print it, once: only its hash is kept."""
    from app.wiring import utc_now
    from casework.clients.model import Scope
    from casework.clients.tokens import Unsuitable, add_token
    from casework.staff.model import STAFF_ROLES

    roles, scopes = {r.value: r for r in STAFF_ROLES}, {s.value: s for s in Scope}
    wanted = scope or [Scope.READ.value]
    if role not in roles:
        raise _refuse(f"There is no role {role!r}. Use one of: {', '.join(roles)}")
    if wrong := [each for each in wanted if each not in scopes]:
        raise _refuse(f"There is no scope {wrong[0]!r}. Use some of: {', '.join(scopes)}")
    with _store().writing() as work:
        if department and work.staff.department(department) is None:
            raise _refuse(f"There is no department {department!r}. See: tingsu departments list")
        try:
            _, secret = add_token(
                work,
                name=name,
                role=roles[role],
                scopes=[scopes[each] for each in wanted],
                department=department,
                now=utc_now(),
            )
        except Unsuitable as unsuitable:
            raise _refuse(str(unsuitable)) from None
    errors.print("Keep it now; it is shown this once:", markup=False)
    typer.echo(secret)


@tokens_app.command("list")
def tokens_list() -> None:
    """List tokens: who, what they may do, when they were used last."""
    with _store().reading() as work:
        found = work.clients.all()
    if not found:
        typer.echo("No tokens yet. Make one: tingsu tokens add NAME")
        return
    table = Table("name", "role", "scopes", "department", "made", "last used", "revoked")
    for client in found:
        moments = (client.created_at, client.used_at, client.revoked_at)
        scopes = " ".join(sorted(scope.value for scope in client.scopes))
        shown = [f"{moment:%Y-%m-%d %H:%M}" if moment else "" for moment in moments]
        table.add_row(client.name, client.role.value, scopes, client.department, *shown)
    Console(highlight=False).print(table)


@tokens_app.command("revoke")
def tokens_revoke(name: Annotated[str, typer.Argument(help="From `tingsu tokens list`.")]) -> None:
    """End a token at once."""
    from app.wiring import utc_now
    from casework.clients.tokens import revoke_token

    with _store().writing() as work:
        if not revoke_token(work, name, now=utc_now()):
            raise _refuse(f"Nobody called {name!r} has a token. See: tingsu tokens list")
    typer.echo(f"The token of {name} is revoked.")


# -- webhooks -------------------------------------------------------------------------------------------------------


@webhooks_app.command("add")
def webhooks_add(
    url: Annotated[str, typer.Argument(help="https address that takes POST; public, or in TRUSTED_ORIGINS.")],
    events: Annotated[
        str, typer.Option(help="Actions of tickets with commas, such as submit,resolve; all without it.")
    ] = "",
) -> None:
    """Tell an address what happens to tickets from now on. Prints the secret of its signatures."""
    from app.wiring import utc_now
    from casework.webhooks.sending import add_webhook

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _refuse(f"{url!r} is no address; write it as https://erp.example/hook")
    types = [each.strip() for each in events.split(",") if each.strip()]
    with _store().writing() as work:
        webhook = add_webhook(work, url=url, types=types, now=utc_now())
    errors.print(f"Webhook {webhook.id}. The receiver checks signatures with this secret:", markup=False)
    typer.echo(webhook.secret)


@webhooks_app.command("list")
def webhooks_list() -> None:
    """List webhooks. Of their addresses only the host is shown: the rest may hold a key."""
    with _store().reading() as work:
        found = work.webhooks.active()
    if not found:
        typer.echo("No webhooks yet. Add one: tingsu webhooks add https://…")
        return
    table = Table("webhook", "host", "events", "since")
    for webhook in found:
        host = urlsplit(webhook.url).netloc.rpartition("@")[2]
        table.add_row(
            str(webhook.id), host, ", ".join(webhook.types) or "all", f"{webhook.created_at:%Y-%m-%d %H:%M}"
        )
    Console(highlight=False).print(table)


_Webhook = Annotated[int, typer.Option("--webhook", help="Of this webhook only; number from the list.")]


@webhooks_app.command("log")
def webhooks_log(
    webhook: _Webhook = 0,
    state: Annotated[str, typer.Option(help="Only waiting, sent or dead.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 50,
) -> None:
    """What was sent, what waits for its next try, what was given up and why."""
    with _store().reading() as work:
        found = work.webhooks.log(webhook_id=webhook, state=state, limit=limit)
    table = Table("delivery", "webhook", "event", "state", "tries", "HTTP", "reason", "next try", "made")
    for each in found:
        table.add_row(
            str(each.id),
            str(each.webhook.id),
            each.type,
            each.state,
            str(each.attempts),
            str(each.status or ""),
            each.error,
            f"{each.next_try_at:%m-%d %H:%M}" if each.state == "waiting" else "",
            f"{each.created_at:%m-%d %H:%M}",
        )
    Console(highlight=False).print(table)


@webhooks_app.command("replay")
def webhooks_replay(
    delivery: Annotated[int, typer.Argument(help="Number from the log; all that are dead without it.")] = 0,
    webhook: _Webhook = 0,
) -> None:
    """Send again, with the same id: a receiver that has it can tell."""
    from app.wiring import utc_now
    from casework.webhooks.sending import replay

    with _store().writing() as work:
        count = replay(work, webhook_id=webhook, delivery_id=delivery, now=utc_now())
    typer.echo(f"{count} to be sent again.")


@webhooks_app.command("remove")
def webhooks_remove(webhook: Annotated[int, typer.Argument(help="Number from the list.")]) -> None:
    """Tell it nothing more, not even what waits."""
    from app.wiring import utc_now

    with _store().writing() as work:
        if not work.webhooks.remove(webhook, now=utc_now()):
            raise _refuse(f"There is no webhook {webhook}. See: tingsu webhooks list")
    typer.echo(f"Webhook {webhook} is removed.")
