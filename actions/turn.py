"""What an action may use in a turn: the open transaction, the conversation, the time, the organisation.

In the engine worker the application opens the turn; every write of every action of the turn is committed with
the answer, or not at all. Under ``rasa run actions`` (bot builders) each action opens a turn of its own, by the
factory that ``TINGSU_ACTION_TURNS`` names (``module:function``).
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from casework.conversations.model import Conversation, StoredMessage
from casework.house import House
from casework.storage.work import Work
from casework.words import Memory

#: Source: only the application may know how to open a database, so it is named, not imported.
DEFAULT_FACTORY = "app.wiring:turn_for_action_server"


@dataclass
class Turn:
    """One turn of one conversation. Not frozen: actions leave word of what happened here.

    ``language`` is the one to answer in. ``ticket``: number filed or spoken of. ``owner_changed``: a person was
    asked to take over, so that what is said in this turn is the house's word, not the bot's. ``failed``: an
    action raised; the whole turn must be thrown away. ``listened``: message id the intake has dealt with. ``memory``:
    what was said to the person in earlier turns, once somebody has looked.
    ``forget``: the person had everything deleted; nothing of this turn may be kept either.
    ``asked``: a question was put that must be answered first; the intake puts none of its own.
    ``read_back``: what would be read back stands above already, word for word.
    """

    work: Work
    conversation: Conversation
    messages: tuple[StoredMessage, ...]
    house: House
    now: datetime
    language: str
    ticket: str = ""
    owner_changed: bool = False
    failed: Exception | None = None
    forget: bool = False
    asked: bool = False
    read_back: bool = False
    listened: set[str] = field(default_factory=set)
    memory: Memory | None = None


_current: ContextVar[Turn | None] = ContextVar("tingsu_turn", default=None)


@contextmanager
def turn_open(turn: Turn) -> Iterator[Turn]:
    """Make ``turn`` the one that actions called from here see."""
    token = _current.set(turn)
    try:
        yield turn
    finally:
        _current.reset(token)


@contextmanager
def turn_of(conversation_key: str, *, text: str) -> Iterator[Turn]:
    """The open turn, or one opened for this single action."""
    turn = _current.get()
    if turn is not None:
        yield turn
        return
    module, _, name = os.environ.get("TINGSU_ACTION_TURNS", DEFAULT_FACTORY).partition(":")
    factory: Callable[..., AbstractContextManager[Turn]] = getattr(importlib.import_module(module), name)
    with factory(conversation_key, text=text) as opened:
        yield opened
