"""The form of every action: its fields, what can be chosen in them, what comes of it. The core decides it anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from casework.house import House
from casework.notices.planning import tells_of
from casework.staff.model import HOUSE
from casework.text import Text
from casework.tickets.model import Ticket
from desk.colleagues import Colleague
from desk.visits import Visit, Wrong
from desk.wording import Words

#: Fields of each action in their order; ``?``: may stay empty. Actions that are not here ask for nothing.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "accept": ("department?", "handler?"),
    "force_assign": ("department", "handler?", "reason"),
    "reassign": ("handler", "reason?"),
    "reject": ("code", "reason?", "basis", "outside_remedy"),
    "return": ("code", "reason?"),
    "refer": ("to", "reason"),
    "merge": ("into",),  # its reason is asked where both are seen
    "unmerge": ("reason",),
    "ask": ("question",),
    "contact": ("channel?", "note"),
    "reply": ("text",),
    "supplement": ("text",),
    "urge": ("text?",),
    "resolve": ("finding", "remedy", "remedy_date?", "basis"),
    "resolve_no_information": ("note?",),
    "escalate": ("reason",),
    "extend_request": ("until", "code", "reason?"),
    "extend_approve": ("note?",),
    "extend_refuse": ("reason",),
    "co_handle": ("department", "assignee?", "due_at?", "wanted"),
    "supervise": ("assignee?", "due_at?", "reason"),
    "reclassify": ("category", "reason"),
    "set_priority": ("level", "reason"),
    "call": ("outcome", "channel", "note"),
    "call_tried": ("channel", "note?"),
    "close_explained": ("note",),
    "close_unreached": ("note",),
    "dispute": ("text",),
    "restore": ("reason?",),
}
#: What a follow-up call can come to, and the action that it is.
OUTCOMES: Mapping[str, str] = {
    "explained": "close_explained",
    "contested": "dispute",
    "not_reached": "call_tried",
    "given_up": "close_unreached",
}
CHANNELS = ("phone", "chat", "email", "visit")
LEVELS = ("P0", "P1", "P2", "P3", "P4")
#: Whose reasons are chosen from the house's list.
_REASONS = {"reject": "reject", "return": "return", "extend_request": "extend"}
#: Actions after which the case is somebody else's, or nobody's: the next one may be wanted at once.
_LEAVES = frozenset(
    {
        "accept",
        "reject",
        "return",
        "refer",
        "ask",
        "resolve",
        "resolve_no_information",
        "force_assign",
        "reassign",
        "call",
    }
)
_LINES = frozenset({"to", "into"})
_MOMENTS = frozenset({"until", "due_at", "remedy_date"})
#: Longest text of one field, in characters.
LONGEST = 2000


@dataclass(frozen=True)
class Choice:
    """``group``: choices of one group stand together under its name."""

    value: str
    text: str
    group: str = ""


@dataclass(frozen=True)
class Field:
    """``choices``: of a line only suggested. ``least`` and ``most``: of a moment, local time as a browser writes it.
    ``value``: what stands in it first. ``empty``: what an empty choice means."""

    name: str
    label: str
    kind: Literal["text", "line", "moment", "choice"]
    required: bool
    choices: Sequence[Choice] = ()
    value: str = ""
    least: str = ""
    most: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Form:
    """``effects``: what will come of it, as sentences. ``refusal``: why it was not taken as it was sent."""

    action: str
    fields: Sequence[Field]
    effects: Sequence[str]
    leaves: bool
    refusal: str = ""

    def again(self, refusal: str, typed: Mapping[str, str]) -> Form:
        """The same form, with what was typed in it when it was refused."""
        fields = [replace(field, value=typed.get(field.name, field.value)) for field in self.fields]
        return replace(self, fields=fields, refusal=refusal)


@dataclass(frozen=True)
class Offered:
    """What the form of a step can offer on one case. ``departments``: code to name; ``extendable``: the moments between
    which an extension must lie; ``outcomes``: of a follow-up call, now; ``suggested``: who would get the case;
    ``targets``: numbers of cases that it may be merged into."""

    departments: Mapping[str, str] = field(default_factory=dict)
    colleagues: Sequence[Colleague] = ()
    extendable: tuple[datetime, datetime] | None = None
    outcomes: Sequence[str] = ()
    suggested: str = ""
    targets: Sequence[str] = ()


def asks_for(action: str, *names: str) -> bool:
    """Whether the form of an action has one of these fields."""
    return any(asked.rstrip("?") in names for asked in FIELDS.get(action, ()))


def form_of(visit: Visit, ticket: Ticket, action: str, offered: Offered, effects: Iterable[str] = ()) -> Form:
    """The form of an action on this case."""
    maker = _Maker(visit, ticket, action, offered)
    fields = [maker.field(name.rstrip("?"), not name.endswith("?")) for name in FIELDS.get(action, ())]
    said = [*effects]
    if effect := visit.words.get(f"effect_{action}"):
        said.append(effect)
    if tells_of(action):
        said.append(visit.words.person_is_told)
    return Form(action, fields, said, action in _LEAVES)


class _Maker:
    def __init__(self, visit: Visit, ticket: Ticket, action: str, offered: Offered) -> None:
        self._visit, self._ticket, self._action, self._offered = visit, ticket, action, offered
        self._words, self._house = visit.words, visit.desk.house

    def field(self, name: str, required: bool) -> Field:
        label = label_of(self._words, self._action, name)
        if name in _MOMENTS:
            least, most = self._between(name)
            return Field(name, label, "moment", required, least=least, most=most)
        if name in _LINES:
            known = self._offered.targets if name == "into" else ()
            return Field(name, label, "line", required, [Choice(number, number) for number in known])
        choices = self._choices(name)
        if choices is None:
            return Field(name, label, "text", required)
        value = {"category": self._ticket.category, "level": self._ticket.priority, "assignee": ""}.get(
            name, ""
        )
        if name in ("department", "handler") and self._action != "accept":
            value = getattr(self._ticket, name)
        empty = self._offered.suggested if self._action == "accept" and name == "handler" else ""
        if self._action == "accept" and name == "department":
            empty = self._words.by_the_routing_table
        return Field(name, label, "choice", required, choices, value, empty=empty)

    def _between(self, name: str) -> tuple[str, str]:
        first, last = self._visit.now, None
        if name == "until" and self._offered.extendable:
            first, last = self._offered.extendable
        zone = ZoneInfo(self._house.zone)
        return _written(first + timedelta(minutes=1), zone), _written(last, zone) if last else ""

    def _choices(self, name: str) -> Sequence[Choice] | None:
        words, language = self._words, self._words.language
        if name == "department":
            return [Choice(code, text) for code, text in self._offered.departments.items()]
        if name in ("handler", "assignee"):
            return list(self._colleagues())
        if name == "category":
            return [
                Choice(c.code, c.name.in_(language), c.parent_name.in_(language))
                for pack in self._house.packs.packs
                for c in pack.categories.values()
            ]
        if name == "level":
            return [Choice(level, level) for level in LEVELS]
        if name == "channel":
            return [Choice(way, words(f"way_{way}")) for way in CHANNELS]
        if name == "outcome":
            return [Choice(found, words(f"outcome_{found}")) for found in self._offered.outcomes]
        if name == "code":
            reasons = reasons_of(self._house, self._action)
            return [Choice(code, text.in_(language)) for code, text in reasons.items()]
        return None

    def _colleagues(self) -> Iterable[Choice]:
        """Under the department they are of, the case's own first; those of the whole house under no name."""
        names, own = self._offered.departments, self._ticket.department
        places = [own, HOUSE, *(code for code in names if code != own)]
        for place in places:
            for colleague in self._offered.colleagues:
                if place in colleague.departments:
                    text = self._words("load_of", name=colleague.name, n=colleague.load)
                    away = f" · {self._words.is_away}" if colleague.away else ""
                    yield Choice(colleague.login, text + away, names.get(place, ""))


def _written(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def label_of(words: Words, action: str, name: str) -> str:
    return words.get(f"need_{action}_{name}") or words(f"need_{name}")


def reasons_of(house: House, action: str) -> Mapping[str, Text]:
    return house.reasons.get(_REASONS.get(action, ""), {})


def read(visit: Visit, ticket: Ticket, action: str) -> dict[str, object]:
    """What was filled in, as the core wants it: moments with their zone, a chosen reason in the person's language
    before what was added to it. Raises: Wrong, which names the fields."""
    given: dict[str, object] = {}
    empty = []
    for asked in FIELDS.get(action, ()):
        name, value = asked.rstrip("?"), visit.form.get(asked.rstrip("?"), "")
        if len(value) > LONGEST:
            raise Wrong("too_long", n=LONGEST)
        if value:
            given[name] = _moment(visit, value) if name in _MOMENTS else value
        elif not asked.endswith("?"):
            empty.append(label_of(visit.words, action, name))
    if empty:
        raise Wrong("left_empty", names=", ".join(empty))
    if "code" in given:
        reasons = reasons_of(visit.desk.house, action)
        if given["code"] not in reasons:
            raise Wrong("no_such_choice", name=label_of(visit.words, action, "code"))
        said = reasons[str(given["code"])].in_(ticket.language)
        added = str(given.get("reason", ""))
        between = "：" if ticket.language.startswith("zh") else ": "
        if given["code"] == "other" and not added:
            raise Wrong("left_empty", names=label_of(visit.words, action, "reason"))
        given["reason"] = added if given["code"] == "other" else f"{said}{between}{added}" if added else said
    if given.get("channel", CHANNELS[0]) not in CHANNELS:
        raise Wrong("no_such_choice", name=label_of(visit.words, action, "channel"))
    return given


def read_call(visit: Visit, ticket: Ticket) -> tuple[str, dict[str, object]]:
    """The action that a follow-up call came to, and what it is given. Raises: Wrong."""
    action = OUTCOMES.get(visit.form.get("outcome", ""), "")
    if not action:
        raise Wrong("left_empty", names=label_of(visit.words, "call", "outcome"))
    if action != "dispute":
        return action, read(visit, ticket, action)
    note = visit.form.get("note", "")
    if not note:
        raise Wrong("left_empty", names=label_of(visit.words, "call", "note"))
    return action, {"text": note}


def _moment(visit: Visit, text: str) -> str:
    """A local date and time of the form, as ISO 8601 with its zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Wrong("date_unread") from error
    zone = ZoneInfo(visit.desk.house.zone)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()
