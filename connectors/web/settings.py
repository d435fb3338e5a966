"""What the web chat needs to know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WebSettings:
    """``languages``: those offered (``zh``, ``en``), the first is the default.

    ``secure_cookie``: the page is served over https. Limits are in bytes; ``max_upload_bytes`` is for one file.
    Source of both limits: product defaults; a phone's photo is 3 to 8 MB, the longest message kept 20,000
    characters.
    """

    organisation: str
    languages: tuple[str, ...]
    secure_cookie: bool
    max_body_bytes: int = 64 * 1024
    max_upload_bytes: int = 10 * 1024 * 1024
