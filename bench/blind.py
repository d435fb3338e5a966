"""The blind test set in ``held_out/``: reading it, and the figures of models that never saw it.

Only totals leave this module, never a sentence, so that nobody tunes to single lines by reading a report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.metrics import f1_score

from understanding.emergency import detect_emergency
from understanding.emotion import EmotionModel
from understanding.intent import IntentModel

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
    """A check question counts as found: nobody in danger is passed over by it."""
    for language, texts in _each("emergencies"):
        found = [detect_emergency(row["text"]) for row in texts]
        real = [emergency for emergency, row in zip(found, texts, strict=True) if row["trigger"]]
        codes = [row["trigger"] for row in texts if row["trigger"]]
        harmless = [emergency for emergency, row in zip(found, texts, strict=True) if not row["trigger"]]
        add(f"{language}, {len(real)} emergencies", "found", float(np.mean([e is not None for e in real])))
        right = [e is not None and e.code == code for e, code in zip(real, codes, strict=True)]
        add(f"{language}, {len(real)} emergencies", "right trigger", float(np.mean(right)))
        alarms = [e is not None and not e.check for e in harmless]
        add(f"{language}, {len(harmless)} look-alikes", "false alarms", float(np.mean(alarms)))
        checks = [e is not None and e.check for e in harmless]
        add(f"{language}, {len(harmless)} look-alikes", "asked to check", float(np.mean(checks)))
