"""What people sent, shown to staff: the file as it is kept, or its small picture."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from desk.board import talk_seen
from desk.desk import Desk
from desk.visits import SAFE_HEADERS, NotFound, Visit

#: Kinds a browser may show in its place; anything else is saved.
_SHOWN = ("image/jpeg", "image/png", "image/webp", "image/gif", "audio/", "video/")


class Evidence:
    """``/desk/files/{file}``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def whole(self, visit: Visit) -> Response:
        return self._give(visit, small=False)

    def small(self, visit: Visit) -> Response:
        return self._give(visit, small=True)

    def _give(self, visit: Visit, *, small: bool) -> Response:
        with self._desk.store.reading() as work:
            row = work.media.get(visit.number("file"))
            if row is None or row.kept is None:
                raise NotFound
            talk_seen(work, visit, row.conversation_id)
        name = row.kept.thumb if small and row.kept.thumb else row.kept.sha
        content = self._desk.stored(name)
        if content is None:
            raise NotFound
        mime = "image/jpeg" if small and row.kept.thumb else row.kept.mime
        how = "inline" if mime.startswith(_SHOWN) else "attachment"
        shown = quote(row.media.name or f"{row.media.kind}-{row.id}", safe="")
        headers = {
            **SAFE_HEADERS,
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Content-Disposition": f"{how}; filename*=UTF-8''{shown}",
            "Cache-Control": "private, max-age=600",
            "Vary": "Cookie",  # a copy in the browser is for this session alone
        }
        return Response(content, media_type=mime, headers=headers)
