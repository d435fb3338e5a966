"""What has to be found out about a turn before it is listened to: most answers of a form need less than a story."""

from __future__ import annotations

import re

from actions.intake.parts import ANOTHER, CATEGORY, CHANGE, CHECK, CONFIRMATION, WHAT
from actions.intake.phrases import FURTHER
from casework.tickets.model import Intake
from understanding.question import asks

_FIGURES = re.compile(r"(?:[\W_]*\d){4,}[\W_]*")
_NO_FIELDS = (ANOTHER, CATEGORY, CHANGE, CHECK, CONFIRMATION, WHAT)


def is_figures(intake: Intake, text: str) -> bool:
    """Whether figures alone answer the question of a field: a phone number, an account, a date."""
    asked = intake.pending and intake.pending.partition(":")[0] not in _NO_FIELDS
    return bool(asked) and _FIGURES.fullmatch(text) is not None


def is_sorted(intake: Intake, text: str) -> bool:
    """Whether an answer with these words leaves the kind of complaint as it is, so that nobody need look for one."""
    certain = bool(intake.description) and intake.category_certain and intake.pending != ANOTHER
    return certain and not asks(text) and FURTHER.search(text) is None
