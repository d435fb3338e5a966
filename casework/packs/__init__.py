"""Sector packs: what can be complained about, what is asked, who handles it and by when.

The rules are data (``packs/common.yml``, ``packs/<name>/pack.yml``); this package reads them strictly and
gives them out as frozen values. It holds no wording and no dialogue.
"""

from __future__ import annotations

from casework.packs.loading import PackError, check
from casework.packs.model import (
    Category,
    Choice,
    Department,
    Field,
    Found,
    Pack,
    Packs,
    SlaProfile,
    Span,
    UnknownCategory,
)
from casework.text import Text

__all__ = [
    "Category",
    "Choice",
    "Department",
    "Field",
    "Found",
    "Pack",
    "PackError",
    "Packs",
    "SlaProfile",
    "Span",
    "Text",
    "UnknownCategory",
    "check",
]
