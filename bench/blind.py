"""The blind test set in ``held_out/``: reading it, and the figures of models that never saw it.

Only totals leave this module, never a sentence, so that nobody tunes to single lines by reading a report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.metrics import f1_score

from understanding.category import CategoryModel, sector
from understanding.details import extract_details
from understanding.details.corrections import corrected
from understanding.emergency import detect_emergency
from understanding.emotion import EmotionModel
from understanding.intent import IntentModel
from understanding.model import Detail, Emergency

FOLDER = Path(__file__).resolve().parent / "held_out"
LANGUAGES = ("zh", "en")

#: Takes what was measured, the figure's name and its value.
Add = Callable[[str, str, float], None]


def rows(name: str, language: str) -> list[dict[str, Any]]:
    """One list of the set, empty if the file is not there."""
    path = FOLDER / f"{name}.{language}.yml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) if path.is_file() else []


def _each(name: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for language in LANGUAGES:
        found = rows(name, language)
        if found:
            yield language, found


def score_turns(model: IntentModel, add: Add) -> list[str]:
    """Figures of the dialogue acts; the answer names the weakest ones."""
    notes = []
    for language, turns in _each("turns"):
        decided = [model.decide(turn["text"], context=turn["asked"]) for turn in turns]
        truth = np.array([turn["act"] for turn in turns])
        guess = np.array([best.name for best, _ in decided])
        near = [
            turn["act"] in [r.name for r in ranking[:2]]
            for turn, (_, ranking) in zip(turns, decided, strict=True)
        ]
        what = f"{language}, {len(turns)} turns"
        names = sorted(set(truth))
        each = f1_score(truth, guess, average=None, labels=names, zero_division=0)
        add(what, "macro-F1", float(np.mean(each)))
        add(what, "accuracy", float((truth == guess).mean()))
        add(what, "among the first two", float(np.mean(near)))
        order = np.argsort(each)[:6]
        notes.append(f"weakest acts, {language}: " + ", ".join(f"{names[i]} {each[i]:.2f}" for i in order))
    return notes


def score_emotions(model: EmotionModel, add: Add) -> None:
    for language, texts in _each("emotions"):
        found = [model.predict(row["text"]) for row in texts]
        truth, guess = [row["label"] for row in texts], [emotion.label for emotion in found]
        fine = [g == row["label"] or g in row["also"] for g, row in zip(guess, texts, strict=True)]
        what = f"{language}, {len(texts)} texts"
        add(what, "macro-F1", float(f1_score(truth, guess, average="macro", zero_division=0)))
        add(what, "acceptable label", float(np.mean(fine)))
        levels = np.array([row["intensity"] for row in texts])
        given = np.array([emotion.intensity for emotion in found])
        add(what, "intensity exact", float((levels == given).mean()))
        add(what, "intensity within 1", float((abs(levels - given) <= 1).mean()))
        felt = [emotion for emotion, row in zip(found, texts, strict=True) if row["label"] != "neutral"]
        add(what, "evidence shown", float(np.mean([bool(emotion.evidence) for emotion in felt])))


def score_emergencies(add: Add) -> None:
    """What the gateway and the engine both find. A check question counts as found: nobody in danger is passed
    over by it."""
    for language, texts in _each("emergencies"):
        heard = [(detect_emergency(row["text"]), row["trigger"]) for row in texts]
        real = [(emergency, code) for emergency, code in heard if code]
        harmless = [emergency for emergency, code in heard if not code]
        add(f"{language}, {len(real)} emergencies", "found", float(np.mean([e is not None for e, _ in real])))
        named = [e is not None and e.code == code for e, code in real]
        add(f"{language}, {len(real)} emergencies", "right trigger", float(np.mean(named)))
        _add_alarms(f"{language}, {len(harmless)} look-alikes", harmless, add)


def score_ordinary(add: Add) -> None:
    """How often ordinary turns alarm or ask: all blind turns that are no emergencies."""
    for language, turns in _each("turns"):
        texts = [
            turn["text"] for turn in turns if turn["act"] not in ("report_emergency", "report_violation")
        ]
        _add_alarms(
            f"{language}, {len(texts)} ordinary turns", [detect_emergency(text) for text in texts], add
        )


def _add_alarms(what: str, found: Sequence[Emergency | None], add: Add) -> None:
    add(what, "false alarms", float(np.mean([e is not None and not e.check for e in found])))
    add(what, "asked to check", float(np.mean([e is not None and e.check for e in found])))


# --- openings ----------------------------------------------------------------------------------------------


def score_openings(model: CategoryModel, add: Add) -> None:
    """An organisation of one sector ranks its own codes; ``also`` of an opening counts as right."""
    for language, openings in _each("openings"):
        places, anywhere = [], []
        for row in openings:
            right = {row["code"], *row["also"]}
            own = [code for code in model.codes if sector(code) == sector(row["code"])]
            ranked = [found.name for found in model.rank(row["text"], among=own, top=3)]
            places.append(next((i for i, code in enumerate(ranked) if code in right), 3))
            anywhere.append(model.rank(row["text"], top=1)[0].name in right)
        what = f"{language}, {len(openings)} openings"
        add(what, "category top-1 within its sector", float(np.mean([place == 0 for place in places])))
        add(what, "category top-3 within its sector", float(np.mean([place < 3 for place in places])))
        add(what, "category top-1 of all seven packs", float(np.mean(anywhere)))
    for language, pairs in _each("pairs"):
        found = [[one.ranking[0].name for one in model.complaints(row["text"])] for row in pairs]
        what = f"{language}, {len(pairs)} double complaints"
        add(what, "cut in two", float(np.mean([len(codes) == 2 for codes in found])))
        both = [set(codes) == set(row["codes"]) for codes, row in zip(found, pairs, strict=True)]
        add(what, "both codes first", float(np.mean(both)))
    for language, openings in _each("openings"):
        cut = []
        for row in openings:
            own = [code for code in model.codes if sector(code) == sector(row["code"])]
            cut.append(len(model.complaints(row["text"], among=own)) > 1)
        add(f"{language}, {len(openings)} openings", "one complaint cut in two", float(np.mean(cut)))


# --- details -----------------------------------------------------------------------------------------------

#: Kinds that are words rather than values: half of the span is enough.
_WORDY = frozenset(("place", "remedy", "staff", "name", "window", "when", "duration", "count"))


def _same_span(found: Detail, start: int, end: int) -> bool:
    shared = min(found.end, end) - max(found.start, start)
    return shared > 0.5 * max(1, min(found.end - found.start, end - start))


def _plain(value: Any) -> str:
    return "".join(char for char in str(value).upper() if char.isalnum() or char in "+@.")


def _same_value(found: Detail, row: dict[Any, Any]) -> bool:
    """Whether the value is the labelled one; a label without a value takes any."""
    if found.kind == "when":
        # YAML reads the key ``on`` as true
        day, clock = row.get("on", row.get(True)), row.get("at")
        start = str(found.value["start"])
        return (not day or start.startswith(str(day))) and (not clock or start[11:].startswith(str(clock)))
    wanted = row.get("value")
    if wanted is None:
        return True
    if isinstance(wanted, dict) and isinstance(found.value, dict):
        shared = [key for key in wanted if key in found.value and key != "label"]
        return all(_alike(wanted[key], found.value[key]) for key in shared)
    given = found.value.get("number") if isinstance(found.value, dict) else found.value
    return _alike(wanted, given)


def _alike(wanted: Any, given: Any) -> bool:
    try:
        return float(wanted) == float(given)
    except (TypeError, ValueError):
        return _plain(wanted) == _plain(given)


def score_details(add: Add) -> None:
    """Found with the right kind, overlapping words and the labelled value. Right words with a wrong value are a
    *silent wrong value* unless the detail says by its confidence that it wants to be confirmed."""
    for language, texts in _each("details"):
        hits: Counter[str] = Counter()
        wanted: Counter[str] = Counter()
        given: Counter[str] = Counter()
        wrong = 0
        for row in texts:
            now = datetime.fromisoformat(str(row["now"]))
            found = extract_details(row["text"], now=now, timezone=row["timezone"], region=row["region"])
            free = [detail for detail in found if detail.kind not in ("organisation", "matter")]
            given.update(detail.kind for detail in free)
            for label in row["details"]:
                wanted[label["kind"]] += 1
                start = row["text"].index(label["text"])
                near = [
                    d
                    for d in free
                    if d.kind == label["kind"] and _same_span(d, start, start + len(label["text"]))
                ]
                # where an institution is the place, the program calls it an organisation
                house = label["kind"] == "place" and any(
                    d.kind == "organisation" and _same_span(d, start, start + len(label["text"]))
                    for d in found
                )
                right = [d for d in near if _same_value(d, label)]
                if right or (house and not near):
                    hits[label["kind"]] += 1
                    if not right:
                        given["place"] += 1
                wrong += bool(near and not right and near[0].confidence >= 0.5)
        what = f"{language}, {sum(wanted.values())} details"
        add(what, "F1", 2 * sum(hits.values()) / (sum(wanted.values()) + sum(given.values())))
        for kind in sorted(wanted):
            add(what, f"F1 {kind} ({wanted[kind]})", 2 * hits[kind] / (wanted[kind] + given[kind]))
        add(what, "wrong value, not in doubt", wrong / sum(wanted.values()))


def score_corrections(add: Add) -> None:
    """The named field gets the right words (compared without blanks and marks); choosing the field is the
    dialogue's part and not measured here."""
    for language, texts in _each("corrections"):
        right = []
        for row in texts:
            after = corrected(str(row["before"].get(row["field"], "")), row["text"])
            right.append(_plain(after) == _plain(row["new"]))
        add(f"{language}, {len(texts)} corrections", "understood from the words alone", float(np.mean(right)))
