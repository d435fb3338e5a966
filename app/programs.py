"""What the gateway gives to other programs: our own API, Open311, and webhooks."""

from __future__ import annotations

from functools import partial

from starlette.routing import BaseRoute

from api.layer import Services
from api.open311 import routes as open311
from api.open311.routes import Openness
from api.routes import routes
from app.bus import CHAT, SEND, Hub
from app.channels import Channels
from app.files import vault_of
from app.settings import Settings
from app.ways_out import window_of
from app.webhooks import WebhookCourier
from app.wiring import utc_now
from casework.conversations.model import Media
from casework.house import House
from casework.media.model import Opened
from casework.media.types import sniff
from casework.storage.work import Store
from connectors.fetching import Guard


def program_routes(
    settings: Settings, *, store: Store, hub: Hub, house: House, channels: Channels
) -> list[BaseRoute]:
    """Routes for programs with a token."""
    vault = vault_of(settings)

    def opened(file_id: int) -> Opened | None:
        with store.reading() as work:
            row = work.media.get(file_id)
        if row is None or row.kept is None or (content := vault.get(row.kept.sha)) is None:
            return None
        return Opened(content, row.kept.mime or sniff(content), row.media.name)

    async def said(conversation_id: int) -> None:
        await hub.publish(SEND)
        await hub.publish(CHAT, str(conversation_id))

    services = Services(
        store=store,
        house=house,
        clock=utc_now,
        opened=opened,
        said=said,
        window=partial(window_of, channels),
        per_minute=settings.api_per_minute,
    )
    openness = Openness(
        show=settings.open311,  # type: ignore[arg-type]  # read by _choice
        jurisdiction=settings.open311_jurisdiction,
        url=settings.public_url or settings.url,
    )
    return [*routes(services), *open311.routes(services, openness)]


class Named:
    """Files that a request of another program names by address (``casework.media.model.FileSource``)."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def fetch(self, media: Media, *, max_bytes: int) -> bytes:
        content, _ = await self._guard.get(media.url, max_bytes=max_bytes)
        return content


def webhook_courier(settings: Settings, store: Store) -> WebhookCourier:
    return WebhookCourier(store, Guard(trusted=settings.trusted_origins), clock=utc_now)
