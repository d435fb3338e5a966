"""`tingsu handover …` and `tingsu outbox …`: chats with people, and what became of what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from app.settings import Settings
    from casework.house import House
    from casework.storage.work import Store, Work

handover_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""Chats that wait for a person: read, take, answer, pass on, give back.

[bold]A round:[/bold]  [cyan]list[/cyan] who waits → [cyan]claim --name Li[/cyan] the one who waited longest → \
[cyan]show 7[/cyan] what was said → [cyan]say 7 "…" --name Li[/cyan] → [cyan]release 7 --text "…" --name Li[/cyan].

From the claim on the bot is silent in that chat, until it is given back. Of two who claim one chat the first has it,
the other is told who. Each of these commands is a sign that you are there; somebody who gives none for
TINGSU_STAFF_GRACE_MINUTES while the person waits for an answer loses the chat to the queue.""",
)
outbox_app = typer.Typer(
    no_args_is_help=True, help="What waits to be sent, is held back or could not be sent, and why."
)
errors = Console(stderr=True)

_Chat = Annotated[int, typer.Argument(help="Number from `tingsu handover list`.")]
_Name = Annotated[str, typer.Option(help="Your name.")]


def _open() -> tuple[Settings, Store]:
    from app.wiring import configure_logging, open_store, read_settings

    settings = read_settings()
    configure_logging(settings)
    return settings, open_store(settings)


@contextmanager
def _acting() -> Iterator[tuple[Settings, Store]]:
    """Do something in a chat, wake the courier, and say in words what may stand against it."""
    from app.bus import CHAT, SEND, Bus
    from casework.conversations.handover import EngineAway, TakenBy

    settings, store = _open()
    try:
        yield settings, store
    except TakenBy as taken:
        cure = (
            f"{taken.name} has this chat." if taken.name else "Nobody of staff has this chat: claim it first."
        )
        errors.print(cure, markup=False)
        raise typer.Exit(1) from taken
    except EngineAway as away:
        errors.print(
            "No engine answers now, so the bot would be silent. Keep the chat, or start one: tingsu engine.",
            markup=False,
        )
        raise typer.Exit(1) from away
    except LookupError as error:
        errors.print("There is no such chat. See: tingsu handover list", markup=False)
        raise typer.Exit(1) from error
    bus = Bus(settings.redis_url)
    bus.publish(SEND)
    bus.publish(CHAT)


@handover_app.command("list")
def handover_list(
    name: Annotated[str, typer.Option(help="Your name, as a sign that you are there.")] = "",
) -> None:
    """List the chats that wait for a person, longest wait first, and those that are with one."""
    from app.wiring import utc_now
    from casework.conversations.handover import seen
    from casework.conversations.model import Owner

    _, store = _open()
    now = utc_now()
    with store.writing() as work:
        if name:
            seen(work, name=name, now=now)
        chats = [*work.conversations.owned_by(Owner.QUEUE), *work.conversations.owned_by(Owner.STAFF)]
        if not chats:
            typer.echo("No chat waits for a person.")
            return
        table = Table("chat", "channel", "with", "minutes", "last words")
        for chat in chats:
            last = work.messages.transcript(chat.id, limit=1)
            waited = f"{(now - chat.owner_since).total_seconds() / 60:.0f}" if chat.owner_since else ""
            table.add_row(
                str(chat.id),
                chat.channel,
                chat.owner_name or "waiting",
                waited,
                last[-1].text.replace("\n", " ")[:60] if last else "",
            )
    Console(highlight=False).print(table)


@handover_app.command("claim")
def handover_claim(
    name: _Name,
    chat: Annotated[int, typer.Argument(help="Number of the chat; the longest wait without it.")] = 0,
) -> None:
    """Take a chat: the one that has waited longest, or this one. The bot falls silent in it."""
    from app.wiring import utc_now
    from casework.conversations.handover import claim, claim_next

    with _acting() as (_, store), store.writing() as work:
        taken = (
            claim(work, chat, name=name, now=utc_now())
            if chat
            else claim_next(work, name=name, now=utc_now())
        )
    if taken is None:
        typer.echo("No chat waits for a person.")
        return
    typer.echo(f"Chat {taken.id} is yours. Read it: tingsu handover show {taken.id}")


@handover_app.command("show")
def handover_show(chat: _Chat) -> None:
    """Print the whole chat; what was not delivered says so."""
    _, store = _open()
    with store.reading() as work:
        for message in work.messages.transcript(chat):
            state = f" ({message.state})" if message.state in _WORTH_SAYING else ""
            note = " (note)" if message.internal else ""
            typer.echo(
                f"{message.created_at:%m-%d %H:%M}  {message.author.value}{note}{state}: {message.text}"
            )


_WORTH_SAYING = ("queued", "sending", "held", "failed", "waiting", "aside")


@handover_app.command("say")
def handover_say(
    chat: _Chat, text: Annotated[str, typer.Argument(help="What to tell the person.")], name: _Name
) -> None:
    """Answer a person. The first answer takes the chat; the bot stays silent from then on."""
    from app.wiring import utc_now
    from casework.conversations.handover import staff_says
    from casework.conversations.model import Reply

    with _acting() as (_, store), store.writing() as work:
        staff_says(work, chat, Reply(text), name=name, now=utc_now())


@handover_app.command("transfer")
def handover_transfer(
    chat: _Chat, to: Annotated[str, typer.Option(help="The colleague who carries on.")], name: _Name
) -> None:
    """Pass your chat on to a colleague. The person is told that another colleague carries on."""
    from app.wiring import load_house, utc_now
    from casework.conversations.handover import transfer
    from casework.conversations.model import Reply

    with _acting() as (settings, store):
        house = load_house(settings)
        with store.writing() as work:
            told = Reply(house.word("passed_on", _language(work, chat, house)))
            transfer(work, chat, name=name, to=to, told=told, now=utc_now())


@handover_app.command("release")
def handover_release(
    chat: _Chat,
    text: Annotated[str, typer.Option(help="What was agreed; told to the person first, and kept.")] = "",
    name: Annotated[str, typer.Option(help="Your name.")] = "",
) -> None:
    """Give a chat back to the bot, which starts afresh. Refused while no engine answers."""
    from app.wiring import load_house, utc_now
    from casework.conversations.handover import release
    from casework.conversations.model import Reply

    with _acting() as (settings, store):
        house = load_house(settings)
        with store.writing() as work:
            closing = house.word("back_to_bot", _language(work, chat, house))
            release(
                work,
                chat,
                closing=Reply(f"{text}\n{closing}" if text else closing),
                agreed=text,
                name=name,
                now=utc_now(),
            )


def _language(work: Work, chat: int, house: House) -> str:
    return work.conversations.get(chat).language or house.languages[0]


@outbox_app.command("list")
def outbox_list(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, oldest first.")] = 50,
) -> None:
    """List messages that have not reached their person: waiting, held back or given up, with the reason.

    [bold]queued[/bold] waits for a courier or its next try · [bold]sending[/bold] is under way ·
    [bold]held[/bold] waits for the person to write again (blocked, or the provider's quota is used up) ·
    [bold]failed[/bold] was given up. "in doubt": tries of which nobody knows whether they arrived.
    """
    _, store = _open()
    with store.reading() as work:
        found = work.sending.undelivered(limit=limit)
    if not found:
        typer.echo("Everything has been delivered.")
        return
    table = Table("message", "chat", "channel", "state", "tries", "in doubt", "next try", "reason")
    for row in found:
        table.add_row(
            str(row.message_id),
            str(row.conversation_id),
            row.channel,
            row.state,
            str(row.attempts),
            str(row.doubtful or ""),
            f"{row.next_try_at:%m-%d %H:%M}" if row.state == "queued" else "",
            row.error,
        )
    Console(highlight=False).print(table)


@outbox_app.command("retry")
def outbox_retry(
    message: Annotated[
        int, typer.Argument(help="Number from `tingsu outbox list`; all that failed without it.")
    ] = 0,
) -> None:
    """Send again what was given up, after its cause is mended."""
    from app.wiring import utc_now

    with _acting() as (_, store), store.writing() as work:
        count = work.sending.requeue_failed(message or None, now=utc_now())
    typer.echo(f"{count} queued again.")
