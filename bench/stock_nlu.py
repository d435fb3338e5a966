"""The default NLU pipeline of ``rasa init``, trained and asked in a process of its own.

    python -m bench.stock_nlu JOB.json

``JOB.json`` holds ``epochs``, ``train`` (pairs of text and intent) and ``test`` (texts); it is overwritten
with ``guesses``, ``train_seconds`` and ``milliseconds`` (a turn, mean).
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import yaml

#: Source: rasa/cli/initial_project/config.yml, whose pipeline is left to Rasa: these are its defaults.
PIPELINE = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "constrain_similarities": True},
    {"name": "EntitySynonymMapper"},
    {"name": "ResponseSelector", "constrain_similarities": True},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
]


def main() -> None:
    path = Path(sys.argv[1])
    job = json.loads(path.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        answer = asyncio.run(_run(Path(folder), job))
    path.write_text(json.dumps(answer), encoding="utf-8")


async def _run(folder: Path, job: dict[str, object]) -> dict[str, object]:
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    pipeline = [
        {**part, "epochs": job["epochs"]} if part["name"] in {"DIETClassifier", "ResponseSelector"} else part
        for part in PIPELINE
    ]
    config = {"recipe": "default.v1", "language": "en", "pipeline": pipeline, "policies": []}
    (folder / "config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (folder / "nlu.yml").write_text(nlu_file(job["train"]), encoding="utf-8")  # type: ignore[arg-type]
    start = time.perf_counter()
    model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
    trained = time.perf_counter() - start
    agent = Agent.load(model)
    start = time.perf_counter()
    texts: list[str] = job["test"]  # type: ignore[assignment]
    parsed = [await agent.parse_message(text) for text in texts]
    spent = time.perf_counter() - start
    return {
        # the fallback's own label hides the classifier's choice, which stands second
        "guesses": [
            next(i["name"] for i in p["intent_ranking"] if i["name"] != "nlu_fallback") for p in parsed
        ],
        "train_seconds": trained,
        "milliseconds": spent * 1000 / max(1, len(texts)),
    }


def nlu_file(pairs: Sequence[tuple[str, str]]) -> str:
    """Texts with their intents as a file of Rasa's training data."""
    by_intent: defaultdict[str, list[str]] = defaultdict(list)
    for text, intent in pairs:
        by_intent[intent].append(text)
    entries = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in by_intent.items()
    ]
    return yaml.safe_dump({"version": "3.1", "nlu": entries}, allow_unicode=True)


if __name__ == "__main__":
    main()
