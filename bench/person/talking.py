"""One simulated person in one conversation: opens, answers by the open question, reads the read-back, files."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.person.facts import Fact, another, values
from casework.packs import Category
from casework.tickets.model import Intake, Ticket
from tests.e2e.promises import broken
from tests.e2e.runner import Answer, Person, TurnBroke, World

#: A person who is still not through after so many turns gives up.
MAX_TURNS = 24
#: Wrong fields a person puts right at the read-back before letting it be.
MAX_CORRECTIONS = 3
TEMPERS = (
    "cooperative", "terse", "talkative", "corrects late", "digresses", "refuses contact", "anonymous", "angry",
    "changes language", "two facts at once", "puzzled once", "gibberish once",
)  # fmt: skip


@dataclass
class Dialogue:
    """What became of one person. ``wrong``: fields of the ticket that are not the fact, with what they hold."""

    code: str
    language: str
    temper: str
    outcome: str = "gave up"
    filed_as: str = ""
    turns: int = 0
    asked: tuple[str, ...] = ()
    repeated: list[str] = field(default_factory=list)
    asked_although_told: list[str] = field(default_factory=list)
    checked: int = 0
    said: int = 0  # facts that were told
    wrong_at_once: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    from_opening: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)

    @property
    def filed(self) -> bool:
        """Filed with the right category."""
        return self.outcome == "filed" and self.filed_as == self.code

    @property
    def failed(self) -> bool:
        return not self.filed or bool(self.wrong or self.repeated or self.problems)


class Talk:
    """A person of one temper with one complaint."""

    def __init__(
        self,
        world: World,
        category: Category,
        openings: Sequence[str],
        *,
        language: str,
        temper: str,
        facts: Mapping[str, Fact],
        chance: random.Random,
    ) -> None:
        self._person: Person = world.person("ann")
        self._world, self._category, self._openings = world, category, list(openings)
        self._language, self._temper, self._chance = language, temper, chance
        self._facts = dict(facts)
        self._told: dict[str, Fact] = {}  # what was really said
        self._mistaken: str = ""
        self._done_once = False
        self._corrections: dict[str, int] = {}
        self._plainly = ""  # the question that was answered in plain words just now
        self._refused_contact = False
        self._others_refused = 0
        self._written: list[str] = []
        self._heard: list[str] = []
        self._dialogue = Dialogue(category.code, language, temper)

    def run(self) -> Dialogue:
        """Talk until it is filed, somebody else takes over, or patience ends."""
        told = self._dialogue
        try:
            self._say(self._opening())
            for _ in range(MAX_TURNS):
                if self._person.tickets:
                    told.outcome = "filed"
                    break
                if self._person.last.state.get("owner", "bot") != "bot":
                    told.outcome = "handed over"
                    break
                self._turn(self._person.last)
        except TurnBroke as error:
            told.outcome = "broke"
            told.problems.append(str(error))
        if self._person.tickets:
            self._judge(self._person.tickets[0])
        return told

    # -- what is said ---------------------------------------------------------------------------------------

    def _opening(self) -> str:
        opening = self._openings.pop(0)
        if self._temper != "talkative":
            return opening
        told = [self._tell(key) for key in [*list(self._facts)[:3], "contact"]]
        stop = "。" if self._language == "zh" else ". "
        return stop.join([opening.rstrip("。. "), *dict.fromkeys(piece for piece in told if piece)])

    def _turn(self, answer: Answer) -> None:
        asked, question = answer.asked, answer.question
        self._note_repeats(asked)
        if question == "change":
            self._name_the_wrong_one()
        elif asked == "confirmation":
            self._read(answer)
        elif asked == "category":
            self._choose_category(answer)
        elif asked == "check":
            self._dialogue.checked += 1
            self._say(self._words("safe"))
        elif asked == "another":
            self._press("drop")
        elif asked in self._facts:
            self._answer(asked)
        else:
            self._say(self._openings.pop(0) if self._openings else self._category.name.in_(self._language))

    def _answer(self, key: str) -> None:
        if not self._done_once and self._interrupted(key):
            return
        if key == "contact" and self._temper in ("anonymous", "refuses contact"):
            self._without_contact()
            return
        fact = self._facts[key]
        if self._temper == "corrects late" and not self._mistaken:
            mistake = another(fact, self._chance)
            if mistake is not None:
                self._mistaken, fact = key, mistake
        words = self._worded(fact)
        if self._temper == "two facts at once" and (second := self._untold(besides=key)):
            words += ("，" if self._language == "zh" else ", and ") + self._tell(second)
        self._told[key] = fact
        self._plainly = key
        self._say(words)

    def _interrupted(self, key: str) -> bool:
        """Whatever the person does once instead of answering."""
        said = {
            "digresses": "digressions",
            "puzzled once": "puzzled",
            "gibberish once": "gibberish",
        }.get(self._temper)
        if said:
            self._done_once = True
            self._say(self._words(said))
            return True
        if self._temper == "changes language" and self._told:
            self._done_once = True
            self._language = "en" if self._language == "zh" else "zh"
            self._say(self._words("speak"))
            return True
        if self._temper == "corrects late" and self._mistaken and self._chance.random() < 0.5:
            self._done_once = True
            self._correct(self._mistaken)
            return True
        return False

    def _without_contact(self) -> None:
        if self._temper == "anonymous":
            self._say(self._words("anonymous"))
        elif not self._refused_contact:
            self._refused_contact = True
            self._say(self._words("refuses_contact"))
        else:
            self._say(self._words("then_here"))

    def _read(self, answer: Answer) -> None:
        """Read what would be filed, as the person sees it; put right what is wrong."""
        draft = self._person.draft
        assert draft is not None
        wrong = self._wrong(draft.details)
        if not self._corrections:
            self._dialogue.wrong_at_once = {key: wrong[key] for key in wrong if key != self._mistaken}
        if draft.category != self._category.code and not self._corrections.get("category"):
            self._corrections["category"] = 1
            self._say(self._words("wrong_category"))
            return
        for key in wrong:
            if self._corrections.get(key, 0) < 2 and len(self._corrections) <= MAX_CORRECTIONS:
                self._corrections[key] = self._corrections.get(key, 0) + 1
                if self._temper == "terse":
                    self._press("deny")
                else:
                    self._correct(key)
                return
        if self._temper == "terse":
            self._press("affirm")
        else:
            self._say(self._words("agrees"))

    def _name_the_wrong_one(self) -> None:
        draft = self._person.draft
        wrong = list(self._wrong(draft.details)) if draft else []
        key = next(iter(wrong), "want")
        if self._temper == "terse" and self._person.last.button(f"change:{key}"):
            self._press(f"change:{key}")
        else:
            self._correct(key)

    def _correct(self, key: str) -> None:
        fact = self._facts[key]
        self._told[key] = fact
        if self._mistaken == key:
            self._mistaken = ""
        words = self._words("corrections")
        self._say(words.format(label=fact.field.label.in_(self._language), v=fact.words.in_(self._language)))

    def _choose_category(self, answer: Answer) -> None:
        if answer.button(f"category:{self._category.code}"):
            self._press(f"category:{self._category.code}")
        elif answer.button("category:other") and self._others_refused == 0:
            self._others_refused += 1
            self._press("category:other")
        elif self._openings:
            self._say(self._openings.pop(0))
        else:
            self._say(self._category.name.in_(self._language))

    def _words(self, name: str) -> str:
        said: Any = values()[name][self._language]
        return str(said if isinstance(said, str) else self._chance.choice(said))

    def _worded(self, fact: Fact) -> str:
        words = fact.words.in_(self._language)
        if self._temper == "terse":
            return words
        manner = {"talkative": "chatty", "angry": "angry"}.get(self._temper, "answers")
        return self._words(manner).format(v=words)

    def _tell(self, key: str) -> str:
        """A fact told of one's own accord; empty where nobody would."""
        fact = self._facts.get(key)
        if fact is None:
            return ""
        pattern = values()["told"].get(key) or values()["told"].get(fact.field.type)
        if pattern is None:
            return ""
        self._told[key] = fact
        label = fact.field.label.in_(self._language)
        return str(pattern[self._language]).format(label=label, v=fact.words.in_(self._language))

    def _untold(self, *, besides: str) -> str:
        told_by_itself = (*values()["told"],)
        draft = self._person.draft or Intake()
        for key, fact in self._facts.items():
            open_still = key not in self._told and key != besides and key not in draft.details
            if open_still and (key in told_by_itself or fact.field.type in told_by_itself):
                return key
        return ""

    # -- how it went ----------------------------------------------------------------------------------------

    def _note_repeats(self, asked: str) -> None:
        if asked == self._plainly and asked:
            self._dialogue.repeated.append(asked)
        elif asked in self._told and asked in self._facts and asked != self._mistaken:
            self._dialogue.asked_although_told.append(asked)
        self._plainly = ""

    def _wrong(self, details: Mapping[str, Any]) -> dict[str, str]:
        """Facts that were said and are not stored so, with what is stored."""
        found = {}
        for key, fact in self._facts.items():
            said = key in self._told
            mistaken = self._mistaken == key
            if key == "contact" and self._temper in ("anonymous", "refuses contact"):
                said = False
            if said and (mistaken or not fact.right(details.get(key))):
                stored = details.get(key)
                found[key] = f"{fact.words.in_(self._language)} -> {stored.text if stored else 'nothing'}"
        return found

    def _judge(self, ticket: Ticket) -> None:
        told = self._dialogue
        told.filed_as = ticket.category
        told.said = len(self._told)
        told.wrong = self._wrong(ticket.details)
        if self._temper in ("anonymous", "refuses contact") and "contact" in ticket.details:
            told.wrong["contact"] = f"none -> {ticket.details['contact'].text}"
        if self._temper == "anonymous" and not ticket.anonymous:
            told.wrong["anonymous"] = "anonymous -> named"
        told.from_opening = {
            key: ticket.details[key].text
            for key in self._facts
            if key in ticket.details and key not in self._told
        }

    def _press(self, payload: str) -> None:
        button = self._person.last.button(payload)
        if button is None:
            self._say(self._words("agrees") if payload == "affirm" else payload)
            return
        self._say(button.title, payload=button.payload)

    def _say(self, words: str, *, payload: str = "") -> None:
        dialogue, person = self._dialogue, self._person
        was_bot = person.last.state.get("owner", "bot") == "bot"
        self._written.append(words)
        answer = person.say(payload=payload) if payload else person.say(words)
        dialogue.turns += 1
        dialogue.transcript += [f"> {words}", *(f"  | {line}" for line in answer.text.splitlines())]
        buttons = " ".join(f"[{button.title}]" for button in answer.buttons)
        dialogue.transcript.append(f"    ({answer.heard.intent}; asks {answer.question or '-'}) {buttons}")
        draft = person.draft
        if draft is not None:
            dialogue.asked = tuple(key for key in draft.asked if key != "confirmation")
        dialogue.problems += broken(
            answer, said=words, told=self._written, draft=draft, house=self._world.house,
            before=self._heard, was_bot=was_bot,
        )  # fmt: skip
        self._heard += answer.texts
