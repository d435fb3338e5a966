"""What the parts of the intake hand to each other: the setting of a turn, lines to say, what became of a turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actions.heard import Heard
from actions.intake.display import shown
from casework.house import House
from casework.packs import Category, Field
from casework.text import Text
from casework.tickets.model import DetailValue, Intake

#: Keys of what may be asked besides the fields of a category.
CATEGORY = "category"
CONFIRMATION = "confirmation"
CONTACT = "contact"
WANT = "want"
WHAT = "what"
CHANGE = "change"  # which part is to be changed; ``change:<field>`` once that is known
CHECK = "check"  # ``check:<danger>``: is somebody in danger?
ANOTHER = "another"  # shall the further complaint be filed, too?

#: Confidence from which a dialogue act may interrupt a question. Below, the words are taken as the answer.
SURE = 0.55

NO_FIELD = Field("", "text", Text("", ""), Text("", ""), Text("", ""), Text("", ""))


@dataclass(frozen=True)
class Line:
    """A response to say, with the values of its placeholders."""

    response: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Listened:
    """``outcome``: empty while the intake goes on, else ``file``, ``cancelled``, ``person``, ``safety``.

    ``passing``: nothing was said of the matter itself, so that no word of the turn may fill a field.
    ``told``: the part of the turn that was taken as the story, where it held several.
    """

    intake: Intake
    lines: tuple[Line, ...] = ()
    outcome: str = ""
    passing: bool = False
    told: Heard | None = None


@dataclass(frozen=True)
class Setting:
    """Where and when a turn is heard."""

    house: House
    now: datetime
    language: str

    def category(self, intake: Intake) -> Category | None:
        return self.house.packs.category(intake.category) if intake.category else None

    def fields(self, intake: Intake) -> tuple[Field, ...]:
        """Every field of the category, in asking order; none while it is not known."""
        category = self.category(intake)
        return (*category.required, *category.noted) if category else ()

    def field(self, intake: Intake, key: str) -> Field | None:
        category = self.category(intake)
        return category.field(key) if category and key else None

    def asked(self, intake: Intake) -> Field | None:
        """The field whose question is open; ``None`` for the category, the read-back and other questions."""
        key = intake.pending.removeprefix(f"{CHANGE}:")
        return None if key in ("", CATEGORY, CONFIRMATION, CHANGE) else self.field(intake, key)

    def detail(self, of: Field, value: Any, text: str, heard: Heard) -> DetailValue:
        """A detail as it is kept, with where it came from."""
        return DetailValue(
            value=value,
            text=text,
            display=shown(of, value, text, language=self.language, zone=self.house.zone),
            source=heard.text,
            message_id=heard.message_ids[-1] if heard.message_ids else None,
        )
