"""What the desk is given to reach people with."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from casework.conversations.model import Heard
from casework.conversations.ports import Window
from casework.media.taking_in import TakingIn


@dataclass(frozen=True)
class WaysOut:
    """``shelf``: takes in what staff send. ``window``: what a channel lets through to the person who was last heard so
    and so. ``typing``: shows the person at an address of a channel that somebody writes; comes back at once."""

    shelf: TakingIn
    window: Callable[[str, Heard | None], Coroutine[Any, Any, Window]]
    typing: Callable[[str, str], Coroutine[Any, Any, None]]
