"""The ASGI application: webhooks, web chat, health; with the courier in the same process.

Imports neither Rasa nor TensorFlow: it starts in a second and keeps taking messages in while the engine trains,
restarts or crashes.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import uvicorn
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from api.open311.cases import CHANNEL
from app.bus import Hub
from app.channels import Channels, make_channels
from app.courier import Courier
from app.doors import StoredInbox, StoredPassiveReplies, StoredTranscripts, cancel
from app.files import SENT_MB, StoredFiles, taking_in, vault_of
from app.media import MediaKeeper
from app.observing import health
from app.observing.requests import CountedRequests
from app.observing.serving import figures_served
from app.openid import provider_of
from app.postman import MailServer, Postman
from app.programs import Named, program_routes, webhook_courier
from app.settings import Settings
from app.spreader import Spreader
from app.standby import Standby
from app.timekeeper import Timekeeper
from app.usher import Usher
from app.ways_out import TypingSigns, window_of
from app.wiring import (
    ROOT,
    followers,
    keep_house,
    load_notice_words,
    look_up,
    models_dir,
    open_store,
    utc_now,
)
from bot.models import model_path
from casework.conversations.inbox import TurnRules
from casework.conversations.ports import ChannelHealth, Sender
from casework.conversations.waiting import Patience
from casework.editing import HouseKeeper
from casework.house import House
from casework.notices.staff import MailWords
from casework.staff.organising import seed_departments
from casework.storage.work import Store
from casework.text import Reason, Text
from connectors.fetching import Guard
from desk.desk import Desk
from desk.routes import routes as desk_routes
from desk.ways_out import WaysOut

logger = logging.getLogger(__name__)

#: How often edits of the desk are looked for, in seconds.
_LOOK_S = 1.0


@dataclass(frozen=True)
class Parts:
    """What a gateway is made of."""

    store: Store
    hub: Hub
    files: StoredFiles
    channels: Channels
    keeper: HouseKeeper

    @property
    def house(self) -> House:
        return self.keeper.house


def build(settings: Settings, *, is_closing: Callable[[], bool] = lambda: False) -> Parts:
    """Everything that the application needs, nothing started yet. Raises: DatabaseUnavailable."""
    store = open_store(settings)
    hub = Hub(settings.redis_url)
    keeper = keep_house(settings, store)
    house = keeper.house
    with store.writing() as work:
        seed_departments(work, house.packs)
    inbox = StoredInbox(
        store, hub, rules=_rules(settings, house), most=settings.flood_per_channel, clock=utc_now
    )
    passive = StoredPassiveReplies(store, hub, clock=utc_now)
    transcripts = StoredTranscripts(store, hub, clock=utc_now)
    files = StoredFiles(store, vault_of(settings), base=settings.public_url)
    return Parts(
        store,
        hub,
        files,
        make_channels(
            settings,
            inbox=inbox,
            passive=passive,
            transcripts=transcripts,
            files=files,
            is_closing=is_closing,
        ),
        keeper,
    )


def _rules(settings: Settings, house: House) -> TurnRules:
    """The limits, and what somebody is told who is over them."""
    slow_down, crowded = (
        Text(*(house.word(key, language).format(**house.numbers) for language in ("zh", "en")))
        for key in ("slow_down", "crowded")
    )
    return TurnRules(per_minute=settings.flood_per_person, slow_down=slow_down, crowded=crowded)


def application(
    settings: Settings, *, with_courier: bool = True, is_closing: Callable[[], bool] = lambda: False
) -> Starlette:
    """The ASGI application. ``is_closing`` says when the server wants to stop: open streams end then."""
    parts = build(settings, is_closing=is_closing)
    routes: list[BaseRoute] = [
        *health.routes(parts.store, parts.hub, clock=utc_now, with_figures=not settings.metrics_port),
        *parts.channels.routes,
        *parts.files.routes(),
        *_desk(settings, parts, is_closing),
        *program_routes(
            settings, store=parts.store, hub=parts.hub, house=parts.house, channels=parts.channels
        ),
    ]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with _running(settings, parts, with_courier=with_courier):
            yield

    app = Starlette(routes=routes, lifespan=lifespan, middleware=[Middleware(CountedRequests)])
    app.state.parts = parts
    return app


@asynccontextmanager
async def _running(settings: Settings, parts: Parts, *, with_courier: bool) -> AsyncIterator[None]:
    """Bus, channels and courier, started in order and stopped in the opposite one."""
    tasks: list[asyncio.Task[None]] = []
    await parts.hub.start()
    await _start(parts.channels.senders)
    tasks += [asyncio.create_task(poller(), name="poller") for poller in parts.channels.pollers]
    tasks.append(asyncio.create_task(_renew(parts.keeper), name="house"))
    if with_courier:
        courier = Courier(parts.store, parts.hub, parts.channels.senders, clock=utc_now)
        tasks.append(asyncio.create_task(courier.run(), name="courier"))
        standby = Standby(parts.store, parts.hub, house=parts.house, clock=utc_now)
        tasks.append(asyncio.create_task(standby.run(), name="standby"))
        usher = Usher(parts.store, parts.hub, house=parts.house, patience=_patience(settings), clock=utc_now)
        tasks.append(asyncio.create_task(usher.run(), name="usher"))
        tasks.append(asyncio.create_task(_keeper(settings, parts).run(), name="media"))
        tasks.append(asyncio.create_task(_timekeeper(parts).run(), name="timekeeper"))
        tasks.append(asyncio.create_task(_spreader(settings, parts).run(), name="spreader"))
        if settings.has_mail:
            tasks.append(asyncio.create_task(_postman(settings, parts).run(), name="postman"))
        tasks.append(asyncio.create_task(webhook_courier(settings, parts.store).run(), name="webhooks"))
    try:
        yield
    finally:
        for task in reversed(tasks):
            await cancel(task)
        for sender in parts.channels.senders.values():
            await sender.stop()
        await parts.hub.stop()
        parts.store.database.dispose()


def _desk(settings: Settings, parts: Parts, is_closing: Callable[[], bool]) -> list[BaseRoute]:
    """The staff desk."""
    return desk_routes(
        Desk(
            store=parts.store,
            keeper=parts.keeper,
            live=parts.hub,
            stored=vault_of(settings).get,
            clock=utc_now,
            secure=settings.public_url.startswith("https://"),
            fresh_token=partial(secrets.token_urlsafe, 32),
            channels=partial(_health_of, parts.channels.senders),
            ways=WaysOut(
                taking_in(settings, vault_of(settings), max_mb=min(SENT_MB, settings.media_max_mb)),
                partial(window_of, parts.channels),
                TypingSigns(parts.channels.senders).show,
            ),
            model=partial(model_path, ROOT, models_dir(settings)),
            look_up=partial(look_up, settings, parts.house),
            is_closing=is_closing,
            provider=provider_of(settings),
            emergency=settings.emergency_login,
        )
    )


async def _health_of(senders: Mapping[str, Sender]) -> Mapping[str, ChannelHealth]:
    """All at once: none waits for another one's provider."""
    found = await asyncio.gather(*(sender.health() for sender in senders.values()), return_exceptions=True)
    return {name: _told(health) for name, health in zip(senders, found, strict=True)}


def _told(health: ChannelHealth | BaseException) -> ChannelHealth:
    if isinstance(health, ChannelHealth):
        return health
    logger.error("channel.health_unknown", exc_info=health)
    return ChannelHealth(
        False,
        Reason("unknown", "could not be asked: {error}", error=type(health).__name__),
        Reason("unknown_cure", "Look at the log of the gateway."),
    )


async def _renew(keeper: HouseKeeper) -> None:
    """Take up what was edited at the desk, here or in another process, within a second."""
    while True:
        await asyncio.sleep(_LOOK_S)
        try:
            await run_sync(keeper.look)
        except Exception:  # its door: the look is repeated
            logger.exception("house.look_failed")


def _patience(settings: Settings) -> Patience:
    return Patience(
        promise=timedelta(minutes=settings.handover_minutes),
        grace=timedelta(minutes=settings.staff_grace_minutes),
    )


def _keeper(settings: Settings, parts: Parts) -> MediaKeeper:
    sources = {**parts.channels.files, CHANNEL: Named(Guard(trusted=settings.trusted_origins))}
    return MediaKeeper(parts.store, parts.hub, sources, settings=settings, clock=utc_now)


def _timekeeper(parts: Parts) -> Timekeeper:
    return Timekeeper(parts.store, house=parts.house, clock=utc_now)


def _spreader(settings: Settings, parts: Parts) -> Spreader:
    return Spreader(
        parts.store,
        parts.hub,
        followers(settings, parts.house),
        notices=load_notice_words(settings, parts.house),
        clock=utc_now,
    )


def _postman(settings: Settings, parts: Parts) -> Postman:
    return Postman(
        parts.store,
        MailServer(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_user,
            settings.smtp_password,
            settings.smtp_from,
        ),
        house=parts.house,
        words=MailWords.load(ROOT / "packs" / "_words" / "mails.yml"),
        url=settings.public_url or settings.url,
        clock=utc_now,
    )


async def _start(senders: Mapping[str, Sender]) -> None:
    for name, sender in senders.items():
        try:
            await sender.start()
        except Exception:  # a provider that is down must not keep the others from working
            logger.exception("channel.not_started: %s", name)


def serve(settings: Settings) -> None:
    """Listen until stopped."""
    app = application(settings, is_closing=lambda: server.should_exit)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",  # Rasa pins an old websockets; live updates use server-sent events
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    parts: Parts = app.state.parts
    with figures_served(
        settings.host, settings.metrics_port, figures=lambda: health.house_figures(parts.store, utc_now())
    ):
        server.run()


def run_courier(settings: Settings) -> None:
    """A courier without web routes, until asked to stop; what is being sent then may end."""

    async def run() -> None:
        this = asyncio.current_task()
        assert this is not None
        for number in (signal.SIGTERM, signal.SIGINT):  # the first process of a container has no other end
            asyncio.get_running_loop().add_signal_handler(number, this.cancel)
        parts = build(settings)
        await parts.hub.start()
        await _start(parts.channels.senders)
        courier = Courier(parts.store, parts.hub, parts.channels.senders, clock=utc_now)
        with figures_served(settings.host, settings.metrics_port, courier.pulse):
            await asyncio.gather(
                courier.run(),
                _renew(parts.keeper),
                _keeper(settings, parts).run(),
                _timekeeper(parts).run(),
                _spreader(settings, parts).run(),
                *([_postman(settings, parts).run()] if settings.has_mail else []),
                webhook_courier(settings, parts.store).run(),
            )

    with suppress(asyncio.CancelledError):
        asyncio.run(run())
