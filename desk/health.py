"""How the house runs, for whoever is called at three in the morning: what is wrong first, each with its cure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from anyio import from_thread
from starlette.responses import Response

from casework.conversations.ports import ChannelHealth
from casework.storage.backlog import Backlog, read_backlog
from casework.storage.engines import EngineSign
from casework.storage.troubles import Outbox, Troubles, read_troubles
from casework.text import Reason
from desk.desk import Desk
from desk.refusals import lines
from desk.show import length
from desk.visits import Visit

#: From when on something that waits is wrong, in seconds. What sees to it looks every second, the timekeeper and the
#: postman every 15 s. Source: product default.
ANSWERS_S, OUTBOX_S, ALARMS_S, NEWS_S, MAILS_S = 30, 60, 90, 60, 300
_RANK = {"bad": 0, "note": 1, "ok": 2}


@dataclass(frozen=True)
class Check:
    """One part of the house. Its words are ``check_<part>``, ``check_<part>_<level>`` and ``check_<part>_cure``."""

    part: str
    level: str = "ok"
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Channel:
    """What its provider says of it, and what waits for it."""

    name: str
    ok: bool
    said: str
    cure: str
    outbox: Outbox


class Health:
    """``/desk/health``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, visit: Visit) -> Response:
        providers = from_thread.run(self._desk.channels)
        database = self._desk.store.database
        backlog = read_backlog(database, now=visit.now)
        troubles = read_troubles(database, now=visit.now)
        with self._desk.store.reading() as work:
            engines = work.engines.all()
            ready = work.engines.ready(now=visit.now)
            set_aside = len(work.spreading.set_aside(limit=20))
        checks = [
            *_engines(visit, ready, engines, backlog),
            *_couriers(visit, backlog, troubles),
            *_background(visit, backlog, troubles, set_aside),
            *_set_up(visit, database.tables_are()),
        ]
        return visit.page(
            "health.html",
            checks=sorted(checks, key=lambda check: _RANK[check.level]),
            channels=_channels(visit, providers, troubles),
            engines=engines,
            fitting=self._desk.model().name.removesuffix(".tar.gz"),
            backlog=backlog,
        )


def _span(visit: Visit, seconds: float) -> str:
    return length(timedelta(seconds=seconds), visit)


def _late(visit: Visit, part: str, count: int, seconds: float, limit_s: float, **more: str) -> Check:
    """Wrong as soon as the oldest has waited for longer than ``limit_s``."""
    values = {"n": count, "span": _span(visit, seconds), **more}
    return Check(part, "bad" if count and seconds > limit_s else "ok", values)


def _engines(visit: Visit, ready: int, engines: list[EngineSign], backlog: Backlog) -> Iterator[Check]:
    starting = any(e.state in ("starting", "renewing") for e in engines)
    yield Check("engines", "ok" if ready else "note" if starting else "bad", {"n": ready})
    if ready:
        yield _late(visit, "answers", backlog.waiting, backlog.waiting_s, ANSWERS_S)
    fitting = visit.desk.model()
    name = fitting.name.removesuffix(".tar.gz")
    older = sum(e.model != name for e in engines)
    if not fitting.is_file() and (older or not engines):
        yield Check("model", "note")
    elif older:
        yield Check("model_older", "note", {"n": older})
    else:
        yield Check("model")


def _couriers(visit: Visit, backlog: Backlog, troubles: Troubles) -> Iterator[Check]:
    waiting = backlog.outbox["queued"] + backlog.outbox["sending"]
    yield _late(visit, "outbox", waiting, backlog.outbox_s, OUTBOX_S)
    if troubles.webhooks_dead or troubles.webhooks:
        level = "note" if troubles.webhooks_dead else "ok"
        yield Check("webhooks", level, {"n": troubles.webhooks, "dead": troubles.webhooks_dead})


def _background(visit: Visit, backlog: Backlog, troubles: Troubles, set_aside: int) -> Iterator[Check]:
    """The parts that no one talks to: clocks, news of cases, mails."""
    yield _late(visit, "clocks", troubles.alarms, troubles.alarms_s, ALARMS_S)
    untold = int(backlog.untold_s > 0)
    yield _late(visit, "news", untold, backlog.untold_s, NEWS_S)
    if set_aside:
        yield Check("set_aside", "note", {"n": set_aside})
    error = troubles.mail_error or "–"
    mails = _late(visit, "mails", troubles.mails, troubles.mails_s, MAILS_S, error=error)
    yield Check("mails", "bad", mails.values) if troubles.mail_error else mails


def _set_up(visit: Visit, tables: str) -> Iterator[Check]:
    yield Check("database", "ok" if tables == "current" else "note")
    for line in lines(visit, visit.desk.keeper.unfit[:1]):
        yield Check("edits", "bad", {"first": f"{line.place}: {line.key}: {line.said}"})


def _channels(visit: Visit, providers: Mapping[str, ChannelHealth], troubles: Troubles) -> list[Channel]:
    """Those that run, and those that do not and still have something to deliver; what is wrong first."""
    names = [*providers, *(name for name in troubles.outboxes if name not in providers)]
    gone = ChannelHealth(False, Reason("not_running", "not running"), Reason("not_running_cure", ""))
    found = []
    for name in names:
        health = providers.get(name, gone)
        said, cure = (_said(visit, text) for text in (health.summary, health.cure))
        found.append(Channel(name, health.ok, said, cure, troubles.outboxes.get(name, Outbox())))
    return sorted(found, key=lambda channel: channel.ok)


def _said(visit: Visit, text: str) -> str:
    """In the language of who reads it, where the channel gives a reason."""
    if isinstance(text, Reason):
        return visit.words(f"health_{text.code}", **text.values)
    return text
