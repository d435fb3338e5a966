"""Conversations as YAML: what people say, and what must come of it.

    heading: corrections
    cases:
      - name: the time is put right in the next turn
        packs: [government]            # all packs without it
        turns:
          - say: 窗口的人骂我
            asks: hall                 # the open question: one key, or several that will do; "" for none
          - answer: {until: confirmation, hall: 区大厅, want: 道歉, contact: 13812345678, category: GOV-ATT}
          - say: 时间不对，是前天上午
            has: 前天上午               # or a list; "re:" starts a pattern
            lacks: 昨天
            said: utter_corrected       # responses of domain.yml
            draft: {when: 前天上午, category: GOV-ATT-02, amount: null}
          - press: 没错，提交            # title or payload of a button
            tickets: [{category: GOV-ATT-02, department: supervision, state: triage, when: 前天}]

A turn has one of ``say``, ``burst`` (messages in quick succession), ``press``, ``payload``, ``media``, ``command``,
``answer``, ``staff`` (a step of staff: ``{resolve: what was found}``, ``{accept: ""}``; on the newest ticket);
and may have ``as`` (who), ``later`` (time that passes before), and expectations: ``has lacks said
unsaid asks buttons draft tickets owner language messages events`` (steps in the history of the person's tickets).
``{ann.1}`` in what is said stands for the number of ann's first ticket.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from casework.tickets.model import DetailValue, Intake, Ticket
from tests.e2e.promises import broken
from tests.e2e.runner import Answer, Person, TurnBroke, World

FOLDER = Path(__file__).parent / "cases"
_DOING = ("say", "burst", "press", "payload", "media", "command", "answer", "staff")
_EXPECTING = (
    "has", "lacks", "said", "unsaid", "asks", "buttons", "draft", "tickets", "owner", "language", "messages",
    "events",
)  # fmt: skip
_TURN_KEYS = {*_DOING, *_EXPECTING, "as", "later", "breaks"}
#: Keys of a draft or ticket that are not details.
_OWN = (
    "category",
    "department",
    "description",
    "anonymous",
    "state",
    "priority",
    "declined",
    "emergency",
    "also",
)
MAX_ANSWERS = 14


class BadCase(Exception):
    """A case cannot be read. The text names the file, the case and what is expected."""


@dataclass(frozen=True)
class Case:
    """``language``: of the folder it lies in. ``packs``: empty for all."""

    language: str
    heading: str
    name: str
    turns: tuple[Mapping[str, Any], ...]
    packs: tuple[str, ...] = ()
    country: str = "CN"

    @property
    def id(self) -> str:
        return f"{self.language}/{self.heading}: {self.name}"


@dataclass
class Result:
    """How a case went. ``problems`` is empty when all was as expected."""

    case: Case
    problems: list[str] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    turns: int = 0


def load_cases(folder: Path = FOLDER) -> list[Case]:
    """Every case, file by file. Raises: BadCase."""
    return [case for path in sorted(folder.glob("*/*.yml")) for case in _load(path)]


def _load(path: Path) -> Iterator[Case]:
    where = f"{path.parent.name}/{path.name}"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise BadCase(f"{where}: {error}") from error
    for item in data["cases"]:
        turns = tuple(item["turns"])
        for number, turn in enumerate(turns, start=1):
            unknown = set(turn) - _TURN_KEYS
            doing = [key for key in _DOING if key in turn]
            if unknown or len(doing) > 1 or not (doing or "later" in turn or "tickets" in turn):
                raise BadCase(
                    f"{where}, {item['name']!r}, turn {number}: one of {_DOING} is expected, and no {unknown}"
                )
        yield Case(
            language=path.parent.name,
            heading=str(data["heading"]),
            name=str(item["name"]),
            turns=turns,
            packs=tuple(item.get("packs") or data.get("packs") or ()),
            country=str(item.get("country") or data.get("country") or "CN"),
        )


class CaseRun:
    """Runs one case in a world of its own."""

    def __init__(self, case: Case, world: World) -> None:
        self._case, self._world = case, world
        self._told: dict[str, list[str]] = {}
        self._heard: dict[str, list[str]] = {}
        self.result = Result(case)

    def run(self) -> Result:
        for number, turn in enumerate(self._case.turns, start=1):
            try:
                self._turn(turn, number)
            except (TurnBroke, KeyError) as error:
                self.result.problems.append(f"turn {number}: {error}")
                break
            if len(self.result.problems) > 8:
                break
        return self.result

    def _turn(self, turn: Mapping[str, Any], number: int) -> None:
        if "later" in turn:
            self._world.later(str(turn["later"]))
        person = self._world.person(str(turn.get("as", "ann")))
        answer = self._do(person, turn, number) if any(key in turn for key in _DOING) else person.last
        for problem in expectations(turn, answer, person):
            self.result.problems.append(f"turn {number}: {problem}")

    def _do(self, person: Person, turn: Mapping[str, Any], number: int) -> Answer:
        if "staff" in turn:
            for action, said in dict(turn["staff"]).items():
                person.staff(str(action), str(said))
            return person.last
        if "answer" in turn:
            return self._answer_until(person, dict(turn["answer"]), number)
        if "burst" in turn:
            *first, last = [str(text) for text in turn["burst"]]
            for text in first:
                self._note(person, text)
                person.say(text, more=True)
            return self._say(person, turn, number, text=last)
        if "press" in turn:
            button = person.last.button(str(turn["press"]))
            if button is None:
                raise KeyError(f"no button {turn['press']!r} among {[b.title for b in person.last.buttons]}")
            self._note(person, button.title)
            return self._say(person, turn, number, payload=button.payload)
        media = turn.get("media") or ()
        return self._say(
            person,
            turn,
            number,
            text=_spelled_out(self._filled(str(turn.get("say", ""))), person),
            payload=str(turn.get("payload", "")),
            media=[media] if isinstance(media, str | Mapping) else list(media),
            command=str(turn.get("command", "")),
        )

    def _filled(self, text: str) -> str:
        """``text`` with the numbers of tickets in it."""
        return re.sub(
            r"\{(\w+)\.(\d)\}",
            lambda match: self._world.person(match[1]).tickets[int(match[2]) - 1].number,
            text,
        )

    def _say(self, person: Person, turn: Mapping[str, Any], number: int, **sent: Any) -> Answer:
        was_bot = person.last.state.get("owner", "bot") == "bot"
        text = str(sent.get("text", ""))
        self._note(person, text)
        answer = person.say(**sent)
        self.result.turns += 1
        shown = (
            text[:200] or sent.get("payload") or str(sent.get("media") or sent.get("command") or "(nothing)")
        )
        self.result.transcript.append(f"  {person.name}> {shown}")
        self.result.transcript += [f"     | {line}" for line in answer.text.splitlines()]
        buttons = " ".join(f"[{b.title}]" for b in answer.buttons)
        heard = f"({answer.heard.intent} → {answer.question or '–'}) {buttons}"
        self.result.transcript.append(f"     {heard}")
        allowed = turn.get("breaks") or ()
        for problem in broken(
            answer,
            said=text,
            told=self._told.get(person.name, []),
            draft=person.draft,
            house=self._world.house,
            before=self._heard.get(person.name, []),
            was_bot=was_bot,
        ):
            if not any(str(part) in problem for part in ([allowed] if isinstance(allowed, str) else allowed)):
                self.result.problems.append(f"turn {number}: {problem}")
        self._heard.setdefault(person.name, []).extend(answer.texts)
        return answer

    def _note(self, person: Person, text: str) -> None:
        self._told.setdefault(person.name, []).append(text)

    def _answer_until(self, person: Person, answers: dict[str, Any], number: int) -> Answer:
        """Answer whatever is asked, skipping what has no answer here, until ``until`` is the question."""
        until = str(answers.pop("until", "confirmation"))
        for _ in range(MAX_ANSWERS):
            asked = person.last.asked
            if asked == until or not asked:
                break
            if asked in answers and asked != "category":
                value = answers[asked]
                button = person.last.button(str(value))
                if button is not None:
                    self._note(person, button.title)
                    self._say(person, {}, number, payload=button.payload)
                else:
                    self._say(person, {}, number, text=str(value))
                continue
            wished = f"category:{answers.get('category', '')}" if asked == "category" else "skip"
            button = person.last.button(wished) or person.last.button("here")
            payload = button.payload if button else "category:other" if asked == "category" else "skip"
            if button is None and asked == "category" and person.last.buttons:
                code = str(answers.get("category", "other"))
                payload = (
                    f"category:{code}" if code[-1:].isdigit() or code == "other" else f"category:{code}-01"
                )
            self._say(person, {}, number, payload=payload)
        if person.last.asked != until:
            raise KeyError(f"{until} was never asked; the open question is {person.last.asked!r}")
        return person.last


#: ``LONG:words`` in a case stands for the words over and over, up to this many characters.
LONG_CHARS = 5000


def _spelled_out(text: str, person: Person) -> str:
    """``LONG:…`` at its length, ``TITLE:n`` as the title of the n-th button, counted from 1."""
    if text.startswith("TITLE:"):
        return person.last.buttons[int(text.removeprefix("TITLE:")) - 1].title
    if not text.startswith("LONG:"):
        return text
    words = text.removeprefix("LONG:")
    return (words * (LONG_CHARS // len(words) + 1))[:LONG_CHARS]


def run_case(case: Case, world: World) -> Result:
    """Run ``case`` in ``world``, which must be used for nothing else."""
    return CaseRun(case, world).run()


# -- expectations -------------------------------------------------------------------------------------------


def expectations(turn: Mapping[str, Any], answer: Answer, person: Person) -> Iterator[str]:
    """What of a turn's expectations does not hold."""
    for wanted in _many(turn.get("has")):
        if not _within(wanted, answer.text):
            yield f"{wanted!r} is not in: {answer.text!r}"
    for unwanted in _many(turn.get("lacks")):
        if _within(unwanted, answer.text):
            yield f"{unwanted!r} is in: {answer.text!r}"
    for response in _many(turn.get("said")):
        if not any(re.fullmatch(name, said) for name in response.split("|") for said in answer.responses):
            yield f"{response} was not said, but {', '.join(answer.responses) or 'nothing'}"
    for response in _many(turn.get("unsaid")):
        if any(re.fullmatch(response, said) for said in answer.responses):
            yield f"{response} was said"
    if "asks" in turn and answer.asked not in [str(key) for key in _listed(turn["asks"])]:
        yield f"asks {answer.asked or 'nothing'} instead of {turn['asks'] or 'nothing'}"
    for title in _many(turn.get("buttons")):
        if answer.button(title) is None:
            yield f"no button {title!r} among {[b.title for b in answer.buttons]}"
    for key in ("owner", "language"):
        if key in turn and answer.state.get(key) not in _listed(turn[key]):
            yield f"{key} is {answer.state.get(key)!r} instead of {turn[key]!r}"
    if "messages" in turn and len(answer.texts) != turn["messages"]:
        yield f"{len(answer.texts)} messages instead of {turn['messages']}"
    if "events" in turn:
        done = person.events
        for action in _many(turn["events"]):
            if action not in done:
                yield f"no step {action!r} among {done}"
    if "draft" in turn:
        yield from _draft(turn["draft"], person.draft)
    if "tickets" in turn:
        yield from _tickets(turn["tickets"], person.tickets)


def _draft(wanted: Mapping[str, Any] | None, draft: Intake | None) -> Iterator[str]:
    if wanted is None:
        if draft is not None:
            yield f"there is a draft: {draft.description}"
    elif draft is None:
        yield "there is no draft"
    else:
        known = {
            "category": draft.category,
            "description": "\n".join(draft.description),
            "anonymous": draft.anonymous,
            "declined": draft.declined,
            "emergency": draft.emergency,
            "also": draft.also,
        }
        yield from _things("the draft", wanted, known, draft.details)


def _tickets(wanted: list[Mapping[str, Any]], tickets: list[Ticket]) -> Iterator[str]:
    if len(wanted) != len(tickets):
        yield f"{len(tickets)} tickets instead of {len(wanted)}"
        return
    for number, (want, ticket) in enumerate(zip(wanted, tickets, strict=True), start=1):
        known = {
            "category": ticket.category,
            "department": ticket.department,
            "description": ticket.description,
            "anonymous": ticket.anonymous,
            "state": ticket.state.value,
            "priority": ticket.priority,
        }
        yield from _things(f"ticket {number}", want, known, ticket.details)


def _things(
    what: str, wanted: Mapping[str, Any], known: Mapping[str, Any], details: Mapping[str, DetailValue]
) -> Iterator[str]:
    for key, expected in wanted.items():
        if key in _OWN:
            if not _matches(expected, known.get(key)):
                yield f"{what}: {key} is {known.get(key)!r} instead of {expected!r}"
            continue
        detail = details.get(key)
        if expected is None:
            if detail is not None:
                yield f"{what}: {key} is {detail.display!r} instead of nothing"
        elif detail is None:
            yield f"{what}: {key} is missing (there are {', '.join(details)})"
        elif isinstance(expected, Mapping):
            for part, value in expected.items():
                if not _matches(value, getattr(detail, part)):
                    yield f"{what}: {part} of {key} is {getattr(detail, part)!r} instead of {value!r}"
        elif not any(
            _within(str(e), f"{detail.text}\n{detail.display}\n{detail.value}") for e in _listed(expected)
        ):
            yield f"{what}: {key} is {detail.text!r} ({detail.display!r}) instead of {expected!r}"


def _matches(expected: Any, value: Any) -> bool:
    if isinstance(expected, list):
        return any(_matches(item, value) for item in expected)
    if isinstance(expected, str) and isinstance(value, str):
        return value.startswith(expected) or _within(expected, value)
    if isinstance(value, list | tuple):
        if isinstance(expected, int):
            return len(value) == expected
        return any(_within(str(expected), str(item)) for item in value)
    return bool(expected == value)


def _within(wanted: str, text: str) -> bool:
    if wanted.startswith("re:"):
        return re.search(wanted[3:], text, re.IGNORECASE) is not None
    return "".join(wanted.split()).lower() in "".join(text.split()).lower()


def _many(value: Any) -> list[str]:
    return [str(item) for item in _listed(value)] if value is not None else []


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
