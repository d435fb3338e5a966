"""The set-up pages: what there is to set up, and the page that leads to it. Each page has a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casework.access.rights import Right

if TYPE_CHECKING:
    from starlette.responses import Response

    from desk.visits import Visit


class SetupPage(NamedTuple):
    """``path``: below the desk. ``right``: who sees it. ``word``: its name in ``words/``; ``word_hint`` says what it
    is for."""

    path: str
    right: Right
    word: str


#: In the order of the menu.
SETUP_PAGES: tuple[SetupPage, ...] = (
    SetupPage("/setup/departments", Right.SETUP, "departments"),
    SetupPage("/setup/hours", Right.SETUP, "hours_page"),
    SetupPage("/setup/packs", Right.SETUP, "packs"),
    SetupPage("/setup/replies", Right.REPLIES, "setup_replies"),
    SetupPage("/setup/knowledge", Right.KNOWLEDGE, "setup_knowledge"),
)


def show(visit: Visit) -> Response:
    """``/desk/setup``: what can be set up."""
    return visit.page("setup.html")
