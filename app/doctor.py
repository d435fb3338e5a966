"""``tingsu doctor``: looks at every part and says how to cure what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from rich.console import Console

from app.bus import Bus, Hub
from app.settings import Settings, SettingsError
from app.wiring import keep_house, load_house, open_store, read_settings
from casework.house import HouseError
from casework.packs import PackError
from casework.storage.database import DatabaseUnavailable
from casework.storage.fields import FieldKeyError


@dataclass(frozen=True)
class Finding:
    """``level``: ``ok``, ``note`` (works, but) or ``bad``."""

    part: str
    level: str
    text: str
    cure: str = ""


#: Files that wait for longer than this are told.
_FILES_PATIENCE = timedelta(hours=1)
_MARKS = {"ok": "[green]✓[/]", "note": "[yellow]![/]", "bad": "[bold red]✗[/]"}


def examine() -> int:
    """Print all findings; 0 when nothing is bad."""
    console = Console(highlight=False)
    bad = 0
    for finding in _findings():
        console.print(f"{_MARKS[finding.level]} {finding.part:<10} {finding.text}")
        if finding.cure:
            console.print(f"             → {finding.cure}", style="dim")
        bad += finding.level == "bad"
    console.print("\nAll is well." if not bad else f"\n{bad} thing(s) to cure.")
    return 1 if bad else 0


def _findings() -> Iterator[Finding]:
    try:
        settings = read_settings()
    except SettingsError as error:
        for problem in error.problems:
            yield Finding("settings", "bad", problem)
        return
    yield Finding(
        "settings", "ok", f"{settings.organisation}; packs {', '.join(settings.packs)}; {settings.timezone}"
    )
    yield _packs(settings)
    yield _database(settings)
    yield from _edits(settings)
    yield _redis(settings)
    yield _model(settings)
    yield _files(settings)
    yield from _sign_on(settings)
    yield from _channels(settings)


def _packs(settings: Settings) -> Finding:
    try:
        house = load_house(settings)
    except PackError as error:
        return Finding("packs", "bad", "; ".join(error.problems[:3]), "Mend the lines named above.")
    except HouseError as error:
        return Finding("packs", "bad", str(error), "Restore packs/house.yml.")
    return Finding("packs", "ok", f"{len(house.packs.codes)} categories")


def _database(settings: Settings) -> Finding:
    kind = "SQLite" if settings.database_url.startswith("sqlite") else "PostgreSQL"
    try:
        store = open_store(settings)
        found, wanted = store.database.version()
        with store.reading() as work:
            waiting = work.messages.waiting_count()
            newest = work.tickets.newest(limit=1)
    except FieldKeyError as error:
        return Finding("database", "bad", str(error), "Restore DATA_DIR/data.key or set TINGSU_DATA_KEY.")
    except DatabaseUnavailable as error:
        return Finding("database", "bad", str(error), "Check TINGSU_DATABASE_URL, and that the server runs.")
    last = f", newest complaint {newest[0].number}" if newest else ", no complaints yet"
    level = "ok" if found == wanted else "note"
    return Finding("database", level, f"{kind}, version {found}, {waiting} message(s) waiting{last}")


def _edits(settings: Settings) -> Iterator[Finding]:
    """What was edited at the desk; nothing where files or database are at fault, which is told already."""
    try:
        store = open_store(settings)
        unfit = keep_house(settings, store).unfit
        with store.reading() as work:
            edits = work.edits.current()
    except (PackError, HouseError, FieldKeyError, DatabaseUnavailable):
        return
    if unfit:
        cure = "Mend them at the desk under Set-up, Packs, or go back to the file there. Until then the files count."
        yield Finding("edits", "bad", f"do not fit the files: {'; '.join(unfit[:3])}", cure)
    elif edits:
        yield Finding("edits", "ok", f"{sum(map(len, edits.values()))} of the desk count")


def _redis(settings: Settings) -> Finding:
    if not settings.redis_url:
        return Finding("redis", "ok", "embedded Valkey, started by `tingsu up`")
    if Bus(settings.redis_url).ping():
        return Finding("redis", "ok", "answers")
    return Finding(
        "redis",
        "note",
        "does not answer: messages still flow, a little slower",
        "Start it or check TINGSU_REDIS_URL; empty starts an embedded one.",
    )


def _model(settings: Settings) -> Finding:
    from app.training import model_for

    model = model_for(settings)
    if model is None:
        return Finding("model", "bad", "none for the files as they are now", "Train it: tingsu train")
    return Finding("model", "ok", f"{model.name}, {model.stat().st_size / 1e6:.1f} MB")


def _files(settings: Settings) -> Finding:
    """Whether what people send can be kept: the scanner answers, and nothing has waited for long."""
    from app.files import vault_of
    from app.wiring import utc_now
    from casework.media.model import ScannerAway
    from casework.media.scanning import scanner_of

    scanner = scanner_of(settings.media_scanner)
    try:
        vault_of(settings).check()
    except OSError as error:
        return Finding(
            "files",
            "bad",
            f"cannot be kept ({error}); they wait",
            "Check TINGSU_MEDIA_STORE and TINGSU_MEDIA_S3_…"
            if settings.media_store
            else "Check the rights of DATA_DIR/media, and the room on its disk.",
        )
    try:
        if scanner is not None:
            scanner.is_clean(b"tingsu doctor")
        with open_store(settings).reading() as work:
            channels = [
                name
                for name, runs in (("telegram", settings.has_telegram), ("wechat", settings.has_wechat))
                if runs
            ]
            overdue = work.media.count_waiting(channels=channels, since=utc_now() - _FILES_PATIENCE)
    except ScannerAway as error:
        return Finding(
            "files",
            "bad",
            f"the virus scanner gives no verdict ({error}); files wait",
            "Check TINGSU_MEDIA_SCANNER.",
        )
    except (DatabaseUnavailable, FieldKeyError):
        return Finding("files", "bad", "not looked at: the database cannot be opened")
    if overdue:
        return Finding(
            "files",
            "note",
            f"{overdue} wait for more than an hour",
            "See why: tingsu media list, and the gateway's log.",
        )
    return Finding(
        "files", "ok", "scanned before they are kept" if scanner else "kept; no virus scanner is set"
    )


def _sign_on(settings: Settings) -> Iterator[Finding]:
    """Whether staff can come in by the OpenID provider."""
    from app.openid import provider_of, trouble

    provider = provider_of(settings)
    if provider is None:
        return
    try:
        with open_store(settings).reading() as work:
            found = trouble(settings, work)
    except (DatabaseUnavailable, FieldKeyError):
        yield Finding("sign-on", "bad", "not looked at: the database cannot be opened")
        return
    if found is not None:
        yield Finding("sign-on", "bad", *found)
    elif settings.oidc_issuer.startswith("http://") or settings.address.startswith("http://"):
        cure = "Use https for TINGSU_OIDC_ISSUER and TINGSU_PUBLIC_URL outside of this machine."
        yield Finding("sign-on", "note", f"{settings.oidc_issuer} answers, without encryption", cure)
    else:
        yield Finding("sign-on", "ok", f"{settings.oidc_issuer}; known there: {provider.registration.back}")


def _channels(settings: Settings) -> Iterator[Finding]:
    yield Finding("web", "ok", f"{settings.url}/")
    if not settings.has_telegram:
        yield Finding("telegram", "note", "not set up", "Set TINGSU_TELEGRAM_TOKEN (from @BotFather).")
    if not settings.has_wechat:
        yield Finding(
            "wechat",
            "note",
            "not set up",
            "Set TINGSU_WECHAT_APP_ID, TINGSU_WECHAT_APP_SECRET, TINGSU_WECHAT_TOKEN.",
        )
    elif not settings.public_url:
        yield Finding(
            "wechat",
            "note",
            "staff can send pictures there and no other files, which WeChat carries as links only",
            "Set TINGSU_PUBLIC_URL to the address under which the gateway is reached from outside.",
        )
    yield from asyncio.run(_ask_providers(settings))


async def _ask_providers(settings: Settings) -> list[Finding]:
    """Each provider's own view: webhook state, last error."""
    from app.channels import make_channels
    from app.doors import StoredInbox, StoredPassiveReplies, StoredTranscripts
    from app.files import StoredFiles, vault_of
    from app.wiring import utc_now
    from casework.conversations.inbox import TurnRules

    if not (settings.has_telegram or settings.has_wechat):
        return []
    try:
        store = open_store(settings)
    except (DatabaseUnavailable, FieldKeyError):
        return [Finding("channels", "bad", "not looked at: the database cannot be opened")]
    hub = Hub("")
    channels = make_channels(
        settings,
        inbox=StoredInbox(store, hub, rules=TurnRules(), most=settings.flood_per_channel, clock=utc_now),
        passive=StoredPassiveReplies(store, hub, clock=utc_now),
        transcripts=StoredTranscripts(store, hub, clock=utc_now),
        files=StoredFiles(store, vault_of(settings)),
    )
    findings = []
    for name, sender in channels.senders.items():
        if name == "web":
            continue
        health = await sender.health()
        findings.append(Finding(name, "ok" if health.ok else "bad", health.summary, health.cure))
        await sender.stop()
    return findings
