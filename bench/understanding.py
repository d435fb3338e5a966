"""How well, how fast and how large: the learned half of ``understanding/``, measured in one run.

    uv run python -m bench.understanding                 everything but the stock pipeline
    uv run python -m bench.understanding --only blind    one job: blind, intent, emotion, category, public, speed
    uv run python -m bench.understanding --stock         the stock Rasa NLU pipeline (DIET) beside ours, both
                                                         on the same share of our sentences (about 15 minutes)

Prints tables and writes ``results/understanding.json``. ``public`` needs the folder of research data that is
not part of the project (``--data``); without it the job is skipped and says so. Those figures come from a
part of each training file, scored on the rest of the same file: they tell how well the method learns, and
are not the published test scores.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sklearn.metrics import f1_score, matthews_corrcoef

from bench import blind
from understanding import features
from understanding.category import CategoryModel
from understanding.corpus import read_categories, read_emotions, read_intents
from understanding.emotion import EmotionExample, EmotionModel
from understanding.intent import RECIPE, IntentExample, IntentModel, margin
from understanding.learning import LEARN, pack_folders
from understanding.linear import LinearModel

ROOT = Path(__file__).resolve().parent.parent
JOBS = ("blind", "intent", "emotion", "category", "public", "speed")
FOLDS = 4


@dataclass
class Report:
    """Rows of ``job, what, figure, value``; ``note`` is printed under the tables."""

    rows: list[tuple[str, str, str, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, job: str, what: str, figure: str, value: float) -> None:
        self.rows.append((job, what, figure, round(float(value), 4)))


@dataclass(frozen=True)
class Options:
    data: Path
    stock: bool
    stock_minutes: float
    stock_epochs: int
    stock_examples: int


# --- texts written by others, never trained on -----------------------------------------------------------


def blind_job(report: Report, tick: Callable[[str], None], options: Options) -> None:
    """The shipped product, trained on everything that ships, on the set in ``held_out/``."""

    def add(what: str, figure: str, value: float) -> None:
        report.add("blind", what, figure, value)

    models: dict[str, Any] = {}
    for name, learn in LEARN.items():
        tick(f"blind, learning {name}")
        models[name] = learn(ROOT)
    tick("blind, scoring")
    report.notes += blind.score_turns(models["intent"], add)
    blind.score_emotions(models["emotion"], add)
    blind.score_emergencies(add)
    blind.score_ordinary(add)
    blind.score_openings(models["category"], add)
    blind.score_details(add)
    blind.score_corrections(add)


# --- own data, cross-validated ---------------------------------------------------------------------------


def block_folds(keys: Sequence[Any]) -> np.ndarray:
    """Fold of each example: the first quarter of each key's examples is fold 0, the next fold 1, …

    Neighbours in a file resemble each other, so that blocks are harder, and more honest, than dealing.
    """
    total, seen = Counter(keys), Counter()
    folds = []
    for key in keys:
        folds.append(seen[key] * FOLDS // total[key])
        seen[key] += 1
    return np.array(folds)


def intent_job(report: Report, tick: Callable[[str], None], options: Options) -> None:
    examples = read_intents(ROOT / "data")
    if not examples:
        report.notes.append("intent: no training sentences under data/nlu")
        return
    folds = block_folds([(e.language, e.act, e.context is None) for e in examples])
    decided, sure = [""] * len(examples), np.zeros(len(examples))
    for fold in range(FOLDS):
        tick(f"intent, fold {fold + 1} of {FOLDS}")
        model = IntentModel.train([e for e, f in zip(examples, folds, strict=True) if f != fold])
        for i in np.flatnonzero(folds == fold):
            best, ranking = model.decide(examples[i].text, context=examples[i].context)
            decided[i], sure[i] = best.name, margin(ranking)
    truth, guess = np.array([e.act for e in examples]), np.array(decided)
    language = np.array([e.language for e in examples])
    in_context = np.array([e.context is not None for e in examples])
    for name in ("zh", "en"):
        mine = language == name
        report.add("intent", f"{name}, {mine.sum()} turns", "macro-F1", macro_f1(truth[mine], guess[mine]))
        report.add("intent", f"{name}, {mine.sum()} turns", "accuracy", (truth[mine] == guess[mine]).mean())
        asked = mine & in_context
        if asked.any():
            right = (truth[asked] == guess[asked]).mean()
            report.add("intent", f"{name}, {asked.sum()} answers to a question", "accuracy", right)
        outside = mine & (truth == "out_of_scope")
        report.add("intent", f"{name}, out of scope", "recall", (guess[outside] == "out_of_scope").mean())
    clear = sure > 0.5
    report.add(
        "intent", f"margin above .5 ({clear.mean():.0%} of turns)", "accuracy", (truth == guess)[clear].mean()
    )
    pairs = Counter((t, g) for t, g in zip(truth, guess, strict=True) if t != g)
    worst = ", ".join(f"{t} -> {g} {count}" for (t, g), count in pairs.most_common(8))
    report.notes.append(f"intent, most confused: {worst}")
    if options.stock:
        stock_job(report, tick, options, examples, folds)


def stock_job(
    report: Report,
    tick: Callable[[str], None],
    options: Options,
    examples: Sequence[IntentExample],
    folds: np.ndarray,
) -> None:
    """The default pipeline of ``rasa init`` beside ours: the same turns without context to learn from, an even
    share of each act (DIET needs hours for all of them), and the same turns of fold 0 to be asked."""
    plain = [(e, f) for e, f in zip(examples, folds, strict=True) if e.context is None]
    train = even_share([e for e, f in plain if f != 0], options.stock_examples)
    test = [e for e, f in plain if f == 0]
    tick("intent, ours on the stock pipeline's data")
    start = time.perf_counter()
    ours = IntentModel.train(train)
    report.add("intent", f"ours, {len(train)} sentences", "seconds to train", time.perf_counter() - start)
    features.forget_vectors()
    start = time.perf_counter()
    guesses = {"ours": [ours.decide(e.text, context=None)[0].name for e in test]}
    report.add("intent", "ours", "ms a turn", (time.perf_counter() - start) * 1000 / max(1, len(test)))
    tick(
        f"intent, stock Rasa pipeline ({options.stock_epochs} epochs, {options.stock_minutes:g} min at most)"
    )
    with tempfile.TemporaryDirectory() as folder:
        job = Path(folder) / "job.json"
        job.write_text(
            json.dumps(
                {
                    "epochs": options.stock_epochs,
                    "train": [[e.text, e.act] for e in train],
                    "test": [e.text for e in test],
                }
            ),
            encoding="utf-8",
        )
        try:
            subprocess.run(
                [sys.executable, "-m", "bench.stock_nlu", str(job)],
                cwd=ROOT,
                check=True,
                capture_output=True,
                timeout=options.stock_minutes * 60,
            )
        except subprocess.TimeoutExpired:
            report.notes.append("stock pipeline: not done in time (--stock-minutes)")
        except subprocess.CalledProcessError as error:
            last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
            report.notes.append(f"stock pipeline: failed, {' '.join(last)}")
        else:
            answer = json.loads(job.read_text(encoding="utf-8"))
            guesses["stock Rasa"] = answer["guesses"]
            what = f"stock Rasa, {len(train)} sentences"
            report.add("intent", what, "seconds to train", answer["train_seconds"])
            report.add("intent", "stock Rasa", "ms a turn", answer["milliseconds"])
    for name, guess in guesses.items():
        for language in ("zh", "en"):
            mine = [i for i, e in enumerate(test) if e.language == language]
            truth = np.array([test[i].act for i in mine])
            said = np.array([guess[i] for i in mine])
            report.add("intent", f"{name}, {language}, no context, fold 0", "macro-F1", macro_f1(truth, said))


def even_share(examples: Sequence[IntentExample], most: int) -> list[IntentExample]:
    """At most ``most`` examples of each act and language, spread evenly over each one's file."""
    groups: defaultdict[tuple[str, str], list[IntentExample]] = defaultdict(list)
    for example in examples:
        groups[(example.language, example.act)].append(example)
    return [
        group[i * len(group) // min(most, len(group))]
        for group in groups.values()
        for i in range(min(most, len(group)))
    ]


def emotion_job(report: Report, tick: Callable[[str], None], options: Options) -> None:
    pairs = read_emotions(ROOT / "data")
    if not pairs:
        report.notes.append("emotion: no training sentences under data/emotion")
        return
    folds = block_folds([(language, e.label, e.intensity) for language, e in pairs])
    found: list[Any] = [None] * len(pairs)
    for fold in range(FOLDS):
        tick(f"emotion, fold {fold + 1} of {FOLDS}")
        model = EmotionModel.train([e for (_, e), f in zip(pairs, folds, strict=True) if f != fold], folds=0)
        for i in np.flatnonzero(folds == fold):
            found[i] = model.predict(pairs[i][1].text)
    for name in ("zh", "en"):
        mine = [i for i, (language, _) in enumerate(pairs) if language == name]
        labels = np.array([pairs[i][1].label for i in mine])
        levels = np.array([pairs[i][1].intensity for i in mine])
        guess = np.array([found[i].label for i in mine])
        strength = np.array([found[i].intensity for i in mine])
        shown = np.mean([bool(found[i].evidence) for i in mine if found[i].label != "neutral"])
        report.add("emotion", f"{name}, {len(mine)} turns", "macro-F1", macro_f1(labels, guess))
        report.add("emotion", f"{name}, {len(mine)} turns", "intensity exact", (levels == strength).mean())
        report.add(
            "emotion",
            f"{name}, {len(mine)} turns",
            "intensity within 1",
            (abs(levels - strength) <= 1).mean(),
        )
        report.add("emotion", f"{name}, {len(mine)} turns", "evidence shown", shown)


def category_job(report: Report, tick: Callable[[str], None], options: Options) -> None:
    categories = read_categories(pack_folders(ROOT))
    rows = [(code, language, text) for code, pairs in categories.items() for language, text in pairs]
    if not rows:
        report.notes.append("category: no examples under packs/")
        return
    folds = block_folds([(code, language) for code, language, _ in rows])
    ranks = np.zeros(len(rows), dtype=int)
    for fold in range(FOLDS):
        tick(f"category, fold {fold + 1} of {FOLDS}")
        train: defaultdict[str, list[str]] = defaultdict(list)
        for (code, _, text), f in zip(rows, folds, strict=True):
            if f != fold:
                train[code].append(text)
        model = CategoryModel.train(train, folds=0)
        for i in np.flatnonzero(folds == fold):
            code, _, text = rows[i]
            # an organisation runs its own sector's packs: only those codes stand to choice
            sector = [other for other in categories if other.split("-")[0] == code.split("-")[0]]
            names = [ranked.name for ranked in model.rank(text, among=sector, top=len(sector))]
            ranks[i] = names.index(code) if code in names else len(names)
    for name in ("zh", "en"):
        mine = np.array([language == name for _, language, _ in rows])
        what = f"{name}, {mine.sum()} openings, {len(categories)} codes, own sector"
        report.add("category", what, "top-1", (ranks[mine] == 0).mean())
        report.add("category", what, "top-3", (ranks[mine] < 3).mean())


# --- public research data --------------------------------------------------------------------------------


def public_job(report: Report, tick: Callable[[str], None], options: Options) -> None:
    if not options.data.is_dir():
        report.notes.append(
            f"public: SKIPPED, there is no folder {options.data} (research data, not ours to ship)"
        )
        return
    for name, measure in _PUBLIC.items():
        path = options.data / f"{name}.train.jsonl"
        if path.is_file():
            tick(f"public, {name}")
            measure(report, name, *_read_public(path))
        else:
            report.notes.append(f"public: {name} skipped, no {path.name}")


def _read_public(path: Path) -> tuple[list[str], list[str]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row["text"] for row in rows], [str(row["label"]) for row in rows]


def _deal(labels: Sequence[str], *, train: int | None = None) -> tuple[list[int], list[int]]:
    """Every fourth example of a label is for scoring; ``train`` limits the others, per label."""
    order = np.random.default_rng(7).permutation(len(labels))
    seen: Counter[str] = Counter()
    inside, outside = [], []
    for i in order:
        seen[labels[i]] += 1
        if seen[labels[i]] % 4 == 0:
            outside.append(int(i))
        elif train is None or seen[labels[i]] * 3 // 4 < train:
            inside.append(int(i))
    return inside, outside


def _learn_turns(
    texts: Sequence[str], labels: Sequence[str], train: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    inside, outside = _deal(labels, train=train)
    model = LinearModel.train([texts[i] for i in inside], [labels[i] for i in inside], recipe=RECIPE, folds=0)
    guesses = [model.labels[int(model.scores(texts[i]).argmax())] for i in outside]
    return np.array([labels[i] for i in outside]), np.array(guesses)


def _turns(report: Report, name: str, texts: list[str], labels: list[str]) -> None:
    truth, guess = _learn_turns(texts, labels)
    report.add("public", name, "accuracy", (truth == guess).mean())
    report.add("public", name, "MCC", matthews_corrcoef(truth, guess))


def _few_and_many_turns(report: Report, name: str, texts: list[str], labels: list[str]) -> None:
    _turns(report, f"{name}, full", texts, labels)
    truth, guess = _learn_turns(texts, labels, train=10)
    report.add("public", f"{name}, 10-shot", "accuracy", (truth == guess).mean())


def _emotions(report: Report, name: str, texts: list[str], labels: list[str]) -> None:
    inside, outside = _deal(labels, train=1500)
    # the model wants intensities, too; this set has none, so that a constant pair stands in
    examples = [EmotionExample(texts[i], labels[i], number % 2) for number, i in enumerate(inside)]
    model = EmotionModel.train(examples, folds=0)
    chances = [model.probabilities(texts[i]) for i in outside[:5000]]
    truth = np.array([labels[i] for i in outside[:5000]])
    guess = np.array([max(row, key=lambda label: row[label]) for row in chances])
    report.add("public", name, "macro-F1", macro_f1(truth, guess))
    if "angry" in set(labels):
        anger = np.array([row["angry"] for row in chances])
        report.add(
            "public", name, "anger precision at recall .90", precision_at(truth == "angry", anger, 0.9)
        )


def _intensity(report: Report, name: str, texts: list[str], labels: list[str]) -> None:
    """Learned as eleven steps between -1 and 1; the guess is their mean."""
    steps = [f"{round(float(label) * 5) / 5 + 0.0:+.1f}" for label in labels]
    inside, outside = _deal(steps)
    model = LinearModel.train([texts[i] for i in inside], [steps[i] for i in inside], recipe=RECIPE, folds=3)
    values = np.array([float(step) for step in model.labels])
    guess = np.array([model.probabilities(texts[i]) @ values for i in outside])
    truth = np.array([float(labels[i]) for i in outside])
    report.add("public", name, "MSE", ((guess - truth) ** 2).mean())
    report.add("public", name, "r", np.corrcoef(guess, truth)[0, 1])


def _departments(report: Report, name: str, texts: list[str], labels: list[str]) -> None:
    inside, outside = _deal(labels)
    examples: defaultdict[str, list[str]] = defaultdict(list)
    for i in inside:
        examples[labels[i]].append(texts[i])
    model = CategoryModel.train(examples, folds=0)
    guess = np.array([model.rank(texts[i], among=None, top=1)[0].name for i in outside])
    report.add("public", name, "macro-F1", macro_f1(np.array([labels[i] for i in outside]), guess))


def _complaint_or_not(report: Report, name: str, texts: list[str], labels: list[str]) -> None:
    truth, guess = _learn_turns(texts, labels)
    report.add("public", name, "macro-F1", macro_f1(truth, guess))


_PUBLIC: dict[str, Callable[[Report, str, list[str], list[str]], None]] = {
    "smp2017": _turns,
    "banking77": _few_and_many_turns,
    "hint3_curekart": _turns,
    "hint3_powerplay11": _turns,
    "hint3_sofmattress": _turns,
    "smp_usual": _emotions,
    "complaint_intensity_zh": _intensity,
    "taidi_raw": _departments,
    "complaints_tw": _complaint_or_not,
}


# --- speed and memory ------------------------------------------------------------------------------------


def speed_job(report: Report, tick: Callable[[str], None], options: Options) -> None:
    intents, emotions = read_intents(ROOT / "data"), read_emotions(ROOT / "data")
    categories = read_categories(pack_folders(ROOT))
    if not (intents and emotions and categories):
        report.notes.append("speed: skipped, needs data/nlu, data/emotion and packs/*/examples")
        return
    features.warm_up()
    tick("speed, training intent")
    seconds, intent = timed(lambda: IntentModel.train(intents))
    report.add("speed", "intent", "CPU s to train", seconds)
    tick("speed, training category")
    sentences = {code: [text for _, text in pairs] for code, pairs in categories.items()}
    seconds, category = timed(lambda: CategoryModel.train(sentences))
    report.add("speed", "category", "CPU s to train", seconds)
    tick("speed, training emotion")
    seconds, emotion = timed(lambda: EmotionModel.train([e for _, e in emotions]))
    report.add("speed", "emotion", "CPU s to train", seconds)
    tick("speed, single turns")
    turns = [e.text for e in intents[:: max(1, len(intents) // 200)]]
    jobs: dict[str, Callable[[str], Any]] = {
        "sentence vector alone": lambda text: features.sentence_vectors([text]),
        "intent": lambda text: intent.decide(text, context=None),
        "category": lambda text: category.rank(text, among=None, top=3),
        "emotion": emotion.predict,
        "all three": lambda text: (
            intent.decide(text, context=None),
            category.rank(text),
            emotion.predict(text),
        ),
    }
    for name, job in jobs.items():
        for what, texts in (
            ("short turns", turns),
            ("400 characters", [(t * 400)[:400] for t in turns[:40]]),
        ):
            features.forget_vectors()
            times = [timed(lambda job=job, text=text: job(text))[0] * 1000 for text in texts]  # type: ignore[misc]
            report.add("speed", f"{name}, {what}", "CPU ms, median", np.median(times))
            report.add("speed", f"{name}, {what}", "CPU ms, 95 %", np.percentile(times, 95))
    tick("speed, memory and loading")
    with tempfile.TemporaryDirectory() as folder:
        for model in (intent, category, emotion):
            model.save(Path(folder))
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        report.add("speed", "model files", "MB", size / 1e6)
        done = subprocess.run(
            [sys.executable, "-c", _LOADING, folder], cwd=ROOT, check=True, capture_output=True, text=True
        )
        for what, (seconds, megabytes) in json.loads(done.stdout).items():
            report.add("speed", f"loading {what}", "s", seconds)
            report.add("speed", f"loading {what}", "MB", megabytes)


#: Runs in a fresh process, because memory that a process once had does not shrink.
_LOADING = """
import json, sys, time
from pathlib import Path
def resident(): return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
from bench import blind
from understanding import features
from understanding.category import CategoryModel
from understanding.emotion import EmotionModel, lexicon_columns
from understanding.intent import IntentModel
steps = {"encoder": features.warm_up, "lexicon": lambda: lexicon_columns(["ok"])}
folder = Path(sys.argv[1])
models = []
for model in (IntentModel, CategoryModel, EmotionModel):
    steps[model.__name__] = lambda model=model: models.append(model.load(folder))
found = {}
for name, step in steps.items():
    before, start = resident(), time.perf_counter()
    step()
    found[name] = (time.perf_counter() - start, resident() - before)
print(json.dumps(found))
"""


# --- figures ---------------------------------------------------------------------------------------------


def timed(job: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process, and the result."""
    start = time.process_time()
    result = job()
    return time.process_time() - start, result


def macro_f1(truth: np.ndarray, guess: np.ndarray) -> float:
    """Over the labels that occur in ``truth``."""
    return float(f1_score(truth, guess, average="macro", labels=sorted(set(truth)), zero_division=0))


def precision_at(truth: np.ndarray, scores: np.ndarray, recall: float) -> float:
    """Precision of the shortest list by ``scores`` that holds ``recall`` of the true ones."""
    hits = np.cumsum(truth[np.argsort(-scores)])
    needed = int(np.searchsorted(hits, recall * hits[-1]))
    return float(hits[needed] / (needed + 1))


# --- the command -----------------------------------------------------------------------------------------

_RUN: dict[str, Callable[[Report, Callable[[str], None], Options], None]] = {
    "blind": blind_job,
    "intent": intent_job,
    "emotion": emotion_job,
    "category": category_job,
    "public": public_job,
    "speed": speed_job,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=JOBS, help="run one job")
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="public research data"
    )
    parser.add_argument(
        "--stock", action="store_true", help="train the stock Rasa pipeline as well (minutes)"
    )
    parser.add_argument(
        "--stock-minutes", type=float, default=20, help="give the stock pipeline up after this"
    )
    parser.add_argument("--stock-epochs", type=int, default=100, help="epochs of DIET; 100 is Rasa's default")
    parser.add_argument(
        "--stock-examples", type=int, default=60, help="sentences of an act and language both learn from"
    )
    args = parser.parse_args()
    options = Options(args.data, args.stock, args.stock_minutes, args.stock_epochs, args.stock_examples)
    jobs = [args.only] if args.only else list(JOBS)
    console, report = Console(), Report()
    columns = (TextColumn("{task.description}", justify="left"), BarColumn(), TimeElapsedColumn())
    # cross-validation reads each text many times
    with features.keep_vectors(), Progress(*columns, console=console) as progress:
        task = progress.add_task("starting", total=len(jobs))
        for number, job in enumerate(jobs):
            progress.update(task, completed=number, description=job)
            _RUN[job](report, lambda text: progress.update(task, description=text), options)
        progress.update(task, completed=len(jobs), description="done")
    for job in jobs:
        _show(console, job, report)
    for note in report.notes:
        console.print(f"[yellow]{note}[/yellow]", highlight=False)
    path = ROOT / "results" / "understanding.json"
    path.parent.mkdir(exist_ok=True)
    stored = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for job in jobs:
        stored[job] = [row[1:] for row in report.rows if row[0] == job]
    path.write_text(json.dumps(stored, ensure_ascii=False, indent=1), encoding="utf-8")
    console.print(f"saved in {path.relative_to(ROOT)}")


def _show(console: Console, job: str, report: Report) -> None:
    rows = [row for row in report.rows if row[0] == job]
    if not rows:
        return
    table = Table("what", "figure", "value", title=job, title_justify="left")
    table.columns[2].justify = "right"
    for _, what, figure, value in rows:
        table.add_row(what, figure, f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}")
    console.print(table)


if __name__ == "__main__":
    main()
