"""What conversations reached of the dialogue: rules, actions, responses, questions of the packs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from casework.house import House
from tests.e2e.runner import ROOT, Exchange, Heard

#: What is reached only when something breaks: no rule for a turn, an action that fails.
_IN_NEED = ("action_unclear", "utter_internal_error")


@dataclass
class Coverage:
    """Counts what was reached. ``questions`` are keyed ``pack.field``, ``acts`` ``intent -> first action``."""

    acts: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    responses: Counter[str] = field(default_factory=Counter)
    questions: Counter[str] = field(default_factory=Counter)

    def add(self, heard: Heard) -> None:
        """Count one turn."""
        for action in (*heard.actions, *heard.responses):
            self.acts[f"{heard.intent} -> {action}"] += 1
        self.actions.update(heard.actions)
        self.responses.update(heard.responses)

    def add_questions(self, exchanges: Iterable[Exchange], house: House) -> None:
        """Count the questions asked in transcripts."""
        for exchange in exchanges:
            draft, key = exchange.draft, exchange.answer.asked
            if draft is not None and draft.category and key:
                self.questions[f"{house.packs.category(draft.category).pack}.{key}"] += 1

    def missing(self, house: House) -> dict[str, list[str]]:
        """What was never reached, by kind."""
        domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
        return {
            "rules": [name for name, steps in _rules() if not any(self.acts[step] for step in steps)],
            "actions": [
                name for name in domain["actions"] if not self.actions[name] and name not in _IN_NEED
            ],
            "responses": [n for n in domain["responses"] if not self.responses[n] and n not in _IN_NEED],
            "questions": sorted(key for key in set(_asked_fields(house)) if not self.questions[key]),
        }

    def report(self, house: House) -> str:
        """What was never reached, as text for people."""
        lines = []
        total = {
            "rules": len(list(_rules())),
            "questions": len(set(_asked_fields(house))),
        }
        for kind, names in self.missing(house).items():
            of = f" of {total[kind]}" if kind in total else ""
            lines.append(f"{kind} never reached: {len(names)}{of}")
            lines += [f"    {line}" for line in (_by_pack(names) if kind == "questions" else names)]
        return "\n".join(lines)


def _by_pack(names: list[str]) -> list[str]:
    packs = sorted({name.partition(".")[0] for name in names})
    return [
        f"{pack}: {', '.join(name.partition('.')[2] for name in names if name.startswith(f'{pack}.'))}"
        for pack in packs
    ]


def _asked_fields(house: House) -> Iterator[str]:
    for code in house.packs.codes:
        category = house.packs.category(code)
        yield from (f"{category.pack}.{asked.key}" for asked in category.required if asked.key != "what")


def _rules() -> Iterator[tuple[str, list[str]]]:
    """Name of each rule and the pairs ``intent -> action`` that show that it was used."""
    for path in sorted((ROOT / "data" / "rules").glob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8")).get("rules") or []:
            yield rule["rule"], [*_pairs(rule["steps"])]


def _pairs(steps: list[Mapping[str, Any]]) -> Iterator[str]:
    intents: list[str] = []
    for step in steps:
        if "intent" in step:
            intents = [step["intent"]]
        elif "or" in step:
            intents = [item["intent"] for item in step["or"] if "intent" in item]
        elif "action" in step:
            # A form shows itself by its validation; a rule about its end by what follows it.
            action = "validate_intake_form" if step["action"] == "intake_form" else step["action"]
            if intents:
                yield from (f"{intent} -> {action}" for intent in intents)
                return
            if step["action"] != "intake_form":
                yield from (f"{intent} -> {action}" for intent in _every_intent())
                return


def _every_intent() -> list[str]:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return [str(intent) for intent in domain["intents"]]
