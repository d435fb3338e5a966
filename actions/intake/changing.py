"""What a turn can do to the draft: put a value in, leave a field out, open it again, take a change back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.intake.parts import CHANGE, CONTACT, NO_FIELD, WHAT, Setting
from casework.packs import Field
from casework.tickets.model import DetailValue, Intake

_NAMED = "anonymous_or_named"
#: Kinds of details that tell who somebody is, and what stands in their place once the person is anonymous.
_TELLING = ("phone", "email", "name", "id_number")
BLOT = "***"


def put(setting: Setting, intake: Intake, target: Field, value: DetailValue) -> Intake:
    """The draft with ``value`` in ``target``. What stood there is kept, should the change be taken back."""
    declined = tuple(key for key in intake.declined if key != target.key)
    before = intake.details.get(target.key)
    changed = replace(
        intake,
        details={**intake.details, target.key: value},
        previous={**intake.previous, target.key: before} if before else intake.previous,
        declined=declined,
        failures=0,
    )
    if target.key == _NAMED and str(value.value).startswith("anon"):
        changed = go_anonymous(setting, changed)
    if target.key == CONTACT:
        changed = replace(changed, anonymous=False)
    return replace(changed, pending="") if intake.pending.startswith(CHANGE) else changed


def decline(intake: Intake) -> Intake:
    """Leave out what is asked."""
    key = intake.pending.removeprefix(f"{CHANGE}:")
    return replace(intake, declined=(*intake.declined, key), pending="", failures=0)


def go_anonymous(setting: Setting, intake: Intake) -> Intake:
    """No name and no number, also none that was said before."""
    details = {key: value for key, value in intake.details.items() if key != CONTACT}
    named = setting.field(intake, _NAMED)
    if named is not None:
        choice = next((c for c in named.choices if c.value.startswith("anon")), None)
        value, title = (choice.value, choice.title.in_(setting.language)) if choice else ("anonymous", "")
        details[named.key] = DetailValue(value, title, title)
    telling = [str(item[2]) for item in intake.pool if item[0] in _TELLING]
    previous = {key: value for key, value in intake.previous.items() if key != CONTACT}
    return replace(
        intake,
        anonymous=True,
        details={key: _without(value, telling) for key, value in details.items()},
        description=tuple(_blotted(piece, telling) for piece in intake.description),
        pool=tuple(
            (*item[:3], _blotted(str(item[3]), telling), *item[4:])
            for item in intake.pool
            if item[0] not in _TELLING
        ),
        previous={key: _without(value, telling) for key, value in previous.items()},
        failures=0,
    )


def _without(value: DetailValue, telling: Sequence[str]) -> DetailValue:
    return replace(
        value,
        value=_blotted(value.value, telling) if isinstance(value.value, str) else value.value,
        text=_blotted(value.text, telling),
        display=_blotted(value.display, telling),
        source=_blotted(value.source, telling),
    )


def _blotted(text: str, telling: Sequence[str]) -> str:
    for words in telling:
        text = text.replace(words, BLOT)
    return text


def choose_value(setting: Setting, intake: Intake, key: str, value: str) -> Intake:
    """A button with a value was pressed."""
    asked = setting.field(intake, key)
    choice = next((c for c in asked.choices if c.value == value), None) if asked else None
    if asked is None or choice is None:
        return intake
    title = choice.title.in_(setting.language)
    return put(setting, intake, asked, DetailValue(value, title, title, source=title))


def reopen(setting: Setting, intake: Intake, key: str) -> Intake:
    """Ask for ``key`` again."""
    before = intake.details.get(key)
    details = {k: v for k, v in intake.details.items() if k != key}
    previous = {**intake.previous, key: before} if before else intake.previous
    # What was heard before must not fill the field again with the value that is being changed.
    kinds = set((setting.field(intake, key) or NO_FIELD).kinds)
    pool = tuple(item for item in intake.pool if item[0] not in kinds)
    intake = replace(
        intake,
        details=details,
        previous=previous,
        declined=tuple(k for k in intake.declined if k != key),
        pool=pool,
        failures=0,
    )
    if key == WHAT:
        return replace(intake, description=(), pending=WHAT)
    if key == CONTACT:
        intake = replace(intake, anonymous=False)
    return replace(intake, pending=f"{CHANGE}:{key}")


def take_back(setting: Setting, intake: Intake, key: str) -> Intake:
    """Put the value back that ``key`` had before it was changed or opened again."""
    before = intake.previous[key]
    previous = {k: v for k, v in intake.previous.items() if k != key}
    description = intake.description
    if key == WHAT:
        description = tuple(str(before.value).splitlines())
    pending = "" if intake.pending in (CHANGE, WHAT, f"{CHANGE}:{key}") else intake.pending
    return replace(
        intake,
        details={**intake.details, key: before},
        previous=previous,
        description=description,
        pending=pending,
        failures=0,
    )
