"""One unit of work: the repositories that share a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from casework.storage.access import AccessRepository
from casework.storage.board import BoardRepository
from casework.storage.clients import ClientRepository
from casework.storage.clocks import ClockRepository
from casework.storage.conversations import ConversationRepository
from casework.storage.database import Database
from casework.storage.edits import EditRepository
from casework.storage.engines import EngineRepository
from casework.storage.listing import ListingRepository
from casework.storage.mails import MailRepository
from casework.storage.matching import MatchingRepository
from casework.storage.media import MediaRepository
from casework.storage.messages import MessageRepository
from casework.storage.notices import NoticeRepository
from casework.storage.people import PeopleRepository
from casework.storage.sending import SendingRepository
from casework.storage.spreading import SpreadingRepository
from casework.storage.staff import StaffRepository
from casework.storage.tags import TagRepository
from casework.storage.tickets import TicketRepository
from casework.storage.trackers import TrackerRepository
from casework.storage.webhooks import WebhookRepository


@dataclass(frozen=True)
class Work:
    """Everything written through one ``Work`` is committed together or not at all."""

    conversations: ConversationRepository
    messages: MessageRepository
    trackers: TrackerRepository
    sending: SendingRepository
    tickets: TicketRepository
    clocks: ClockRepository
    people: PeopleRepository
    media: MediaRepository
    engines: EngineRepository
    spreading: SpreadingRepository
    notices: NoticeRepository
    mails: MailRepository
    matching: MatchingRepository
    staff: StaffRepository
    access: AccessRepository
    board: BoardRepository
    listing: ListingRepository
    clients: ClientRepository
    webhooks: WebhookRepository
    edits: EditRepository
    tags: TagRepository


def _work(connection: Connection) -> Work:
    talks, filed = ConversationRepository(connection), TicketRepository(connection)
    said = MessageRepository(connection, talks)
    return Work(
        talks,
        said,
        TrackerRepository(connection),
        SendingRepository(connection, talks, said),
        filed,
        ClockRepository(connection),
        PeopleRepository(connection, talks, filed),
        MediaRepository(connection),
        EngineRepository(connection),
        SpreadingRepository(connection),
        NoticeRepository(connection),
        MailRepository(connection),
        MatchingRepository(connection),
        StaffRepository(connection),
        AccessRepository(connection),
        BoardRepository(connection, talks, filed, said),
        ListingRepository(connection),
        ClientRepository(connection),
        WebhookRepository(connection),
        EditRepository(connection),
        TagRepository(connection),
    )


class Store:
    """Hands out units of work."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @contextmanager
    def writing(self) -> Iterator[Work]:
        """Raises: DatabaseUnavailable."""
        with self.database.transaction() as connection:
            yield _work(connection)

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """Raises: DatabaseUnavailable."""
        with self.database.reading() as connection:
            yield _work(connection)
