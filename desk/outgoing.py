"""What goes out beside words: a file, a sign that somebody writes; and whether it would arrive."""

from __future__ import annotations

from anyio import from_thread
from starlette.responses import Response

from casework.conversations.model import Media
from casework.conversations.reaching import may_show_typing
from casework.media.model import Refused, ScannerAway
from casework.media.taking_in import Judged
from casework.media.types import kind_of
from casework.storage.work import Work
from desk.board import talk_in_sight
from desk.desk import Desk
from desk.reaching import line_of
from desk.visits import SAFE_HEADERS, Visit, Wrong

#: Longest text that goes with a file, in characters: every channel can send it as one message.
MAX_WITH_FILE = 1000


class Outgoing:
    """``/desk/talks/{talk}/reach`` and ``…/typing``, and the files of ``…/say``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def reach(self, visit: Visit) -> Response:
        """The line over the text, put in by script."""
        with self._desk.store.reading() as work:
            line = line_of(work, visit, talk_in_sight(work, visit))
        return visit.page("_reach.html", line=line)

    def typing(self, visit: Visit) -> Response:
        """Somebody writes: colleagues see it, and of who has the conversation the person. Nothing depends on it."""
        with self._desk.store.reading() as work:
            talk = talk_in_sight(work, visit)
            to_person = visit.form.get("to") != "colleagues"
            shown = to_person and may_show_typing(work, talk, name=visit.member.login)
        self._desk.presence.writes(talk.id, visit.member.name)
        if shown:
            from_thread.run(self._desk.ways.typing, talk.channel, talk.address)
        return Response(status_code=204, headers=SAFE_HEADERS)

    def taken_in(self, visit: Visit) -> Judged | None:
        """The file of the form, judged and on the shelf. Raises: Wrong, NotFound."""
        if visit.file is None:
            return None
        if visit.form.get("to") == "colleagues":
            raise Wrong("file_in_note")
        if len(visit.form.get("text", "")) > MAX_WITH_FILE:
            raise Wrong("too_long_with_file", n=MAX_WITH_FILE)
        shelf = self._desk.ways.shelf
        try:
            judged = shelf.judge(visit.file.content)
            self._must_carry(visit, judged.mime)
            shelf.put(judged)
        except Refused as refused:
            raise Wrong(f"file_{refused.code}", n=shelf.max_bytes // 1024**2) from refused
        except (ScannerAway, OSError) as error:
            raise Wrong("file_not_taken") from error
        return judged

    def named(self, work: Work, visit: Visit, judged: Judged | None) -> tuple[Media, ...]:
        """The same, as part of a message that is written in this transaction."""
        if judged is None or visit.file is None:
            return ()
        work.media.alone_with_bytes()
        self._desk.ways.shelf.put(judged)
        kept = judged.kept
        return (
            Media(
                kind_of(kept.mime, recorded=False),
                mime=kept.mime,
                name=visit.file.name,
                size_bytes=kept.size_bytes,
                sha=kept.sha,
                thumb=kept.thumb,
            ),
        )

    def _must_carry(self, visit: Visit, mime: str) -> None:
        with self._desk.store.reading() as work:
            talk = talk_in_sight(work, visit)
            heard = work.sending.heard(talk.id)
        if not from_thread.run(self._desk.ways.window, talk.channel, heard).takes(mime):
            raise Wrong("file_not_carried")
