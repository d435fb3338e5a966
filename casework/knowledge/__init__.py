"""What the organisation can answer by itself: how things work, from Markdown files beside the packs.

The files are read, checked and kept here. Finding the entry that a question means is not done here: that takes
language code, see ``understanding.retrieval``.
"""

from casework.knowledge.files import (
    SHARED,
    KnowledgeError,
    check_knowledge,
    last_days,
    load_knowledge,
    written,
)
from casework.knowledge.model import Entry, Knowledge

__all__ = [
    "SHARED",
    "Entry",
    "Knowledge",
    "KnowledgeError",
    "check_knowledge",
    "last_days",
    "load_knowledge",
    "written",
]
