"""Figures for Prometheus, counted where things happen. Labels are words of ours: channel, stage, outcome, act.

Every process counts for itself and shows it on ``TINGSU_METRICS_PORT`` (`app.observing.serving`); the gateway
adds what the database tells of the whole house, and without such a port shows all at ``/metrics`` of its own. Under
``tingsu up`` the processes share a folder (``PROMETHEUS_MULTIPROC_DIR``) and the gateway shows the sum.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.observing import traces
from casework.storage.backlog import Backlog

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each of ours, of no use here
_registry = CollectorRegistry()
_STAGE_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)
_DELIVERY_S = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

RECEIVED = Counter(
    "tingsu_received",
    "Deliveries, by channel and what became of them: new, repeated, aside (flood), refused (could not be stored)",
    ["channel", "result"],
    registry=_registry,
)
MEDIA = Counter("tingsu_media", "Attachments taken in", ["channel", "kind"], registry=_registry)
FILES = Counter(
    "tingsu_files",
    "Attempts to keep a file, by channel and result: kept, retry, refused, gone, dropped (forgotten meanwhile)",
    ["channel", "result"],
    registry=_registry,
)
TURNS = Counter(
    "tingsu_turns",
    "Turns by outcome: done, failed, lease_lost (another engine took over), stale (a person took the chat)",
    ["outcome"],
    registry=_registry,
)
STAGE_S = Histogram(
    "tingsu_turn_stage_seconds",
    "Time of a turn by stage: understand, answer (policies and actions), commit",
    ["stage"],
    registry=_registry,
    buckets=_STAGE_S,
)
ACTS = Counter("tingsu_turn_acts", "Turns by what the person did", ["act"], registry=_registry)
FALLBACKS = Counter(
    "tingsu_fallbacks",
    "Turns in which the bot said that it had not understood, by what it said",
    ["response"],
    registry=_registry,
)
DELIVERIES = Counter(
    "tingsu_deliveries",
    "Attempts to deliver, by channel and result: sent, queued (will be tried again), held, failed",
    ["channel", "result"],
    registry=_registry,
)
DELIVERY_S = Histogram(
    "tingsu_delivery_seconds",
    "Time of one attempt to deliver",
    ["channel"],
    registry=_registry,
    buckets=_DELIVERY_S,
)

WEBHOOKS = Counter(
    "tingsu_webhook_deliveries",
    "Tries to tell another program of an event, by result: sent, waiting (will be tried again), dead (given up)",
    ["result"],
    registry=_registry,
)
REQUEST_S = Histogram(
    "tingsu_request_seconds",
    "Time until an answer of the gateway begins, by room (api, desk, …) and kind of status (2xx, …)",
    ["room", "status"],
    registry=_registry,
    buckets=_STAGE_S,
)

#: What the bot says when it has not understood.
FALLBACK_RESPONSES = frozenset(
    {"utter_unclear", "utter_unreadable", "utter_out_of_scope", "utter_ask_again", "utter_ask_category_again"}
)


class TurnWatch:
    """Times one turn, stage by stage; a span each when traces are on."""

    def __init__(self, conversation_id: int) -> None:
        self._trace = traces.begin("turn", conversation=conversation_id)
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """``stage`` ends here, the next one begins."""
        now = time.perf_counter()
        STAGE_S.labels(stage).observe(now - self._last)
        self._trace.lap(stage, seconds=now - self._last)
        self._last = now

    def over(self, outcome: str) -> None:
        TURNS.labels(outcome).inc()
        self._trace.end(outcome)


def count_answer(act: str, responses: Iterable[str]) -> None:
    """Count what the person did and whether the bot had to say that it did not understand."""
    ACTS.labels(act or "none").inc()
    for response in FALLBACK_RESPONSES.intersection(responses):
        FALLBACKS.labels(response).inc()


def count_received(channel: str, kinds: Sequence[str], *, duplicate: bool, aside: bool) -> None:
    RECEIVED.labels(channel, "repeated" if duplicate else "aside" if aside else "new").inc()
    if not duplicate:
        for kind in kinds:
            MEDIA.labels(channel, kind).inc()


class HouseFigures(Collector):
    """What the database knows of the whole house; the same on every gateway (take the maximum)."""

    def __init__(self, backlog: Backlog) -> None:
        self._backlog = backlog

    def collect(self) -> Iterable[GaugeMetricFamily]:
        backlog = self._backlog
        yield _gauge("tingsu_waiting_messages", "Inbound messages that wait for a turn", backlog.waiting)
        yield _gauge(
            "tingsu_waiting_oldest_seconds", "Age of the oldest of them: the queue age", backlog.waiting_s
        )
        yield _gauge(
            "tingsu_outbox_oldest_seconds", "Age of the oldest message not delivered", backlog.outbox_s
        )
        yield _gauge("tingsu_outbox_messages", "Outbound messages by state", backlog.outbox, label="state")
        yield _gauge(
            "tingsu_events_oldest_seconds",
            "Age of the oldest event of a ticket that nobody was told of",
            backlog.untold_s,
        )
        yield _gauge("tingsu_chats", "Chats a person has or waits for", backlog.chats, label="owner")
        yield _gauge(
            "tingsu_engines", "Engines that gave a sign of life lately", backlog.engines, label="state"
        )


def _gauge(name: str, about: str, value: float | Mapping[str, int], *, label: str = "") -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, about, labels=[label] if label else None)
    if isinstance(value, Mapping):
        for key, count in value.items():
            family.add_metric([key], count)
    else:
        family.add_metric([], value)
    return family


def are_shared() -> bool:
    """Whether the gateway shows the figures of all processes of this machine."""
    return "PROMETHEUS_MULTIPROC_DIR" in os.environ


def exposition(house: HouseFigures | None = None) -> bytes:
    """All figures in Prometheus' text format."""
    if are_shared():
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        parts = [registry]
    else:
        parts = [_registry]
    own = CollectorRegistry()
    ProcessCollector(registry=own)
    if house is not None:
        own.register(house)
    return b"".join(generate_latest(part) for part in (*parts, own))
