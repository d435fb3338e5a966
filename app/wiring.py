"""The one place that builds real objects from settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timezone
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet

from app.observing import logs
from app.settings import Settings, load
from casework.editing import HouseKeeper
from casework.house import House
from casework.notices.planning import plan
from casework.notices.posting import Notices
from casework.notices.staff import plan_mails
from casework.notices.wording import load_notices
from casework.packs.overlay import Edits
from casework.storage.database import Database
from casework.storage.work import Store
from casework.tickets.apart import go_on_alone
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.spreading import Follower
from casework.webhooks.sending import Announcer

if TYPE_CHECKING:
    from actions.librarian import Found, Librarian
    from actions.turn import Turn

#: The project's folder: config.yml, domain.yml, data/, packs/.
ROOT = Path(__file__).resolve().parent.parent
PACKS = ROOT / "packs"


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


def read_settings() -> Settings:
    """From the process environment and ``.env``. Raises: SettingsError."""
    return load(os.environ, root=ROOT)


def models_dir(settings: Settings) -> Path:
    return settings.data_dir / "models"


def data_keys(settings: Settings) -> tuple[str, ...]:
    """The keys of the database; one is made at the first start and kept beside the data."""
    if settings.data_key:
        return settings.data_key
    path = settings.data_dir / "data.key"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of several processes that start at once, one makes the key.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return tuple(line for line in path.read_text(encoding="ascii").split() if line)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(Fernet.generate_key().decode() + "\n")
    return data_keys(settings)


def open_store(settings: Settings, *, migrate: bool = True) -> Store:
    """Raises: DatabaseUnavailable, FieldKeyError."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url, keys=data_keys(settings))
    if migrate:
        database.migrate()
    return Store(database)


def load_house(settings: Settings, edits: Edits = MappingProxyType({})) -> House:
    """The house of the files, with ``edits`` laid over them. What runs beside a database asks :func:`keep_house`.

    Raises: casework.house.HouseError, casework.packs.PackError.
    """
    return House.load(
        PACKS,
        organisation=settings.organisation,
        packs=settings.packs,
        calendar=WorkingCalendar(zone=settings.timezone, country=settings.country),
        country=settings.country,
        languages=settings.languages,
        edits=edits,
    )


def keep_house(
    settings: Settings, store: Store, *, load: Callable[[Settings, Edits], House] = load_house
) -> HouseKeeper:
    """The house with what was edited at the desk. Raises: as :func:`load_house`."""
    return HouseKeeper(store, PACKS, partial(load, settings))


def load_searched_house(settings: Settings, edits: Edits) -> House:
    """The house, its knowledge ready to be searched: no question waits for that."""
    house = load_house(settings, edits)
    _librarian(settings, house)
    return house


def look_up(settings: Settings, house: House, question: str, language: str, on: date) -> Found:
    """What the bot would answer. The search is made ready at the first question, in a second or two."""
    return _librarian(settings, house).look_up(question, language=language, on=on)


def _librarian(settings: Settings, house: House) -> Librarian:
    from actions.librarian import librarian_of  # not before it is needed: the search brings numpy and more

    return librarian_of(house.knowledge, cache=settings.data_dir / "cache" / "knowledge.npz")


def followers(settings: Settings, house: House) -> tuple[Follower, ...]:
    """Who is told of what happens to tickets, each of every event once."""
    mails: tuple[Follower, ...] = (partial(plan_mails, house=house),) if settings.has_mail else ()
    announcer = Announcer(f"{settings.public_url}/api/v1/tickets")
    return (partial(plan, house=house), partial(go_on_alone, house=house), *mails, announcer)


def load_notice_words(settings: Settings, house: House) -> Notices:
    """The words of notices, with the organisation's own from the data folder. Raises: casework.words.WordsError."""
    words = load_notices(
        PACKS / "_words",
        own=settings.data_dir,
        voice=house.voice,
        never_say=house.packs.never_say,
    )
    return Notices(house, words)


def configure_logging(settings: Settings) -> None:
    """Log lines to standard error, by the settings."""
    logs.configure(level=settings.log_level, form=settings.log_format)


@contextmanager
def turn_for_action_server(conversation_key: str, *, text: str) -> Iterator[Turn]:
    """A turn for one action under ``rasa run actions``, in the database of the settings.

    The name a bot builder's shell gives the chat becomes a conversation of the channel ``shell``.
    """
    from actions.turn import Turn
    from understanding.language import guess_language

    settings = read_settings()
    store, now = open_store(settings), utc_now()
    house = keep_house(settings, store).house
    with store.writing() as work:
        conversation = work.conversations.open("shell", conversation_key, now=now, profile={})
        guess = guess_language(text)
        language = guess.language if guess.certain else conversation.language or settings.languages[0]
        work.conversations.change(conversation.id, language=language)
        yield Turn(
            work=work,
            conversation=conversation,
            messages=(),
            house=house,
            now=now,
            language=language if language in settings.languages else settings.languages[0],
        )
