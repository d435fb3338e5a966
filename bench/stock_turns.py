"""The stock Rasa set-up, trained, served and asked: default pipeline and policies of ``rasa init``,
SQLTrackerStore, RedisLockStore, an action server over HTTP. In a process of its own.

    python -m bench.stock_turns JOB.json

``JOB.json`` holds ``folder`` (kept between databases: the model is trained once), ``database_url``, ``epochs``,
``people``, ``length``; it is overwritten with the figures. Few epochs are enough: a turn costs the same however
well the model has learned.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import yaml

from app.valkey import embedded_valkey
from bench.script import ANSWERS, BURST, OPENINGS, SUBMIT
from bench.stock_nlu import PIPELINE, nlu_file
from understanding.corpus import read_intents

ROOT = Path(__file__).resolve().parent.parent
#: Sentences of each intent that the stock model learns from; the cost of a turn hardly depends on it.
_EACH = 40
_SLOTS = ("description", "where", "want", "contact")
_POLICIES = [
    {"name": "MemoizationPolicy"},
    {"name": "RulePolicy"},
    {"name": "UnexpecTEDIntentPolicy", "max_history": 5},
    {"name": "TEDPolicy", "max_history": 5, "constrain_similarities": True},
]
_LEARNING = ("DIETClassifier", "ResponseSelector", "UnexpecTEDIntentPolicy", "TEDPolicy")
_ACTIONS = """
from typing import Any

from rasa_sdk import Action
from rasa_sdk.forms import FormValidationAction


class ValidateIntake(FormValidationAction):
    def name(self) -> str:
        return "validate_intake_form"

    def validate_contact(self, value: Any, dispatcher: Any, tracker: Any, domain: Any) -> dict:
        return {"contact": str(value)}


class Submit(Action):
    def name(self) -> str:
        return "action_submit"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list:
        from rasa_sdk.events import AllSlotsReset

        dispatcher.utter_message(text="Filed.")
        return [AllSlotsReset()]
"""


def main() -> None:
    path = Path(sys.argv[1])
    job = json.loads(path.read_text(encoding="utf-8"))
    folder = Path(job["folder"])
    if not (folder / "model.tar.gz").exists():
        job["train_s"] = train(folder, epochs=job["epochs"])
    with ExitStack() as running:
        redis_url = running.enter_context(embedded_valkey())
        port = running.enter_context(_servers(folder, job["database_url"], redis_url))
        answer = asyncio.run(_ask(port, job))
    path.write_text(json.dumps({"train_s": job.get("train_s", 0.0), **answer}), encoding="utf-8")


def train(folder: Path, *, epochs: int) -> float:
    """Write the project of a bot with one form and train it; seconds."""
    examples = _examples()
    policies = [{**part, "epochs": epochs} if part["name"] in _LEARNING else part for part in _POLICIES]
    pipeline = [{**part, "epochs": epochs} if part["name"] in _LEARNING else part for part in PIPELINE]
    form = {"action": "intake_form"}, {"active_loop": "intake_form"}
    files: dict[str, Any] = {
        "config.yml": {"recipe": "default.v1", "language": "en", "pipeline": pipeline, "policies": policies},
        "domain.yml": _domain(sorted({intent for _, intent in examples})),
        "data/rules.yml": {
            "version": "3.1",
            "rules": [
                {"rule": "begin", "steps": [{"intent": "lodge_complaint"}, *form]},
                {
                    "rule": "end",
                    "condition": [form[1]],
                    "steps": [form[0], {"active_loop": None}, {"action": "action_submit"}],
                },
                {"rule": "greet", "steps": [{"intent": "greet"}, {"action": "utter_hello"}]},
            ],
        },
        "data/stories.yml": {
            "version": "3.1",
            "stories": [
                {
                    "story": "a greeting, then thanks",
                    "steps": [
                        {"intent": "greet"},
                        {"action": "utter_hello"},
                        {"intent": "thank"},
                        {"action": "utter_hello"},
                    ],
                }
            ],
        },
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (folder / "data/nlu.yml").write_text(nlu_file(examples), encoding="utf-8")
    (folder / "actions.py").write_text(_ACTIONS, encoding="utf-8")
    began = time.perf_counter()
    if _rasa(folder, "train", "--fixed-model-name", "model", "--out", ".", "--skip-validation").wait(1200):
        raise RuntimeError(f"stock Rasa was not trained; see {folder}/rasa.log")
    return time.perf_counter() - began


def _examples() -> list[tuple[str, str]]:
    """Our own sentences with their intents, ``_EACH`` of each."""
    by_intent: defaultdict[str, list[str]] = defaultdict(list)
    for example in read_intents(ROOT / "data"):
        if example.context is None and "\n" not in example.text:
            by_intent[example.act].append(example.text)
    chance = random.Random(7)
    return [
        (text, intent)
        for intent, texts in by_intent.items()
        for text in chance.sample(texts, min(_EACH, len(texts)))
    ]


def _domain(intents: list[str]) -> dict[str, Any]:
    asked = {f"utter_ask_intake_form_{slot}": [{"text": f"Please tell me: {slot}"}] for slot in _SLOTS}
    inside = [{"active_loop": "intake_form", "requested_slot": slot} for slot in _SLOTS]
    return {
        "version": "3.1",
        "intents": intents,
        "slots": {
            slot: {
                "type": "text",
                "influence_conversation": False,
                "mappings": [{"type": "from_text", "conditions": [where]}],
            }
            for slot, where in zip(_SLOTS, inside, strict=True)
        },
        "forms": {"intake_form": {"required_slots": list(_SLOTS)}},
        "responses": {"utter_hello": [{"text": "Hello"}], **asked},
        "actions": ["validate_intake_form", "action_submit"],
    }


@contextmanager
def _servers(folder: Path, database_url: str, redis_url: str) -> Iterator[tuple[int, list[int]]]:
    """Rasa's server and its action server; gives the port and both process ids."""
    port, actions = _free_port(), _free_port()
    endpoints = {
        "action_endpoint": {"url": f"http://127.0.0.1:{actions}/webhook"},
        "tracker_store": {"type": "SQL", **_tracker_store(database_url)},
        "lock_store": {
            "type": "redis",
            "url": "127.0.0.1",
            "port": int(redis_url.rsplit(":", maxsplit=1)[-1].split("/", maxsplit=1)[0]),
        },
    }
    (folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    started = [
        _rasa(folder, "run", "actions", "--actions", "actions", "--port", str(actions)),
        _rasa(folder, "run", "--model", "model.tar.gz", "--endpoints", "endpoints.yml", "--port", str(port)),
    ]
    try:
        deadline = time.monotonic() + 300
        while not (_answers(port) and _answers(actions, "/health")):
            if time.monotonic() > deadline or any(process.poll() is not None for process in started):
                raise RuntimeError(f"stock Rasa did not start; see {folder}/rasa.log")
            time.sleep(0.5)
        yield port, [process.pid for process in started]
    finally:
        for process in started:
            process.terminate()
            process.wait(timeout=30)


def _tracker_store(database_url: str) -> dict[str, str]:
    if database_url.startswith("sqlite"):
        return {"dialect": "sqlite", "db": database_url.removeprefix("sqlite:///")}
    return {"dialect": "postgresql", "url": database_url}


def _rasa(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    log = (folder / "rasa.log").open("ab")
    environment = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "rasa", *arguments], cwd=folder, stdout=log, stderr=log, env=environment
    )


def _answers(port: int, path: str = "/") -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _ask(running: tuple[int, list[int]], job: dict[str, Any]) -> dict[str, Any]:
    port, pids = running
    processes = [psutil.Process(pid) for pid in pids]

    def cpu() -> float:
        return sum(sum(process.cpu_times()[:2]) for process in processes)

    complaint = [
        "/lodge_complaint",
        OPENINGS[0],
        ANSWERS["where"],
        ANSWERS["want"],
        ANSWERS["contact"],
        SUBMIT,
    ]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:

        async def say(sender: str, text: str) -> float:
            began = time.perf_counter()
            answer = await client.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
            answer.raise_for_status()
            return time.perf_counter() - began

        for text in complaint:
            await say("warm", text)
        before, wall = cpu(), []
        for number in range(job["people"]):
            wall += [await say(f"person-{number}", text) for text in complaint]
        spent = cpu() - before
        marks = []
        for turn in range(job["length"]):
            if turn in (0, 30, job["length"] - 30):
                marks.append(cpu())
            await say("long", complaint[turn % len(complaint)])
        marks.append(cpu())
        await say("burst", complaint[0])
        began = time.perf_counter()
        await asyncio.gather(*(say("burst", text) for text in BURST))
        burst = time.perf_counter() - began
    return {
        "cpu_ms": 1000 * spent / len(wall),
        "wall_ms": 1000 * sorted(wall)[len(wall) // 2],
        "first_ms": 1000 * (marks[1] - marks[0]) / 30,
        "last_ms": 1000 * (marks[-1] - marks[-2]) / 30,
        "memory_mb": sum(process.memory_info().rss for process in processes) / 2**20,
        "burst_s": burst,
    }


if __name__ == "__main__":
    main()
