"""One complaint after another through the real use cases, each measured: what a worker of ``bench.lifecycle`` does."""

from __future__ import annotations

import random
import resource
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path

from casework.conversations import inbox, outbox
from casework.conversations.inbox import TurnRules
from casework.conversations.model import Conversation, InboundMessage, Reply
from casework.house import House
from casework.packs.loading import names_below
from casework.staff.model import Department, Member
from casework.storage.database import Database
from casework.storage.work import Store, Work
from casework.tickets import acts, handling
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.filing import Filing, file_ticket
from casework.tickets.handling import Desk
from casework.tickets.model import Actor, DetailValue, Intake, Ticket
from casework.tickets.states import Role
from casework.tickets.steps import Rules

ROOT = Path(__file__).resolve().parent.parent
CALLS = ("file", "assign", "sign", "resolve", "rate")

_ESTATES = (
    "翠湖",
    "金桂",
    "东风",
    "和平",
    "望江",
    "杏林",
    "长乐",
    "松涛",
    "银河",
    "南苑",
    "北辰",
    "清河",
    "锦绣",
    "明德",
    "丰台",
    "海棠",
)
_KINDS = ("小区", "花园", "新村", "家园", "公寓")
_TROUBLE = {
    "zh": (
        "连着{days}天没人来处理，打电话总说登记了",
        "已经第{days}次了，每次都说下周，问谁都不清楚",
        "夜里一直这样，家里老人睡不好，物业推给厂家，厂家推给物业",
    ),
    "en": (
        "nobody has come for {days} days and every call ends with 'it is logged'",
        "this is the {days}th time, always next week",
        "it goes on all night, and each office sends me to the other one",
    ),
}
RESULT = {
    "finding": "现场核实，情况属实",
    "remedy": "已经修复并向来电人道歉，一周后复查",
    "basis": "服务承诺第三条",
}


@lru_cache(maxsize=1)
def load_house() -> House:
    return House.load(
        ROOT / "packs",
        organisation="Bench town",
        packs=names_below(ROOT / "packs"),
        calendar=WorkingCalendar(zone="Asia/Shanghai", country="CN"),
        country="CN",
        languages=("zh", "en"),
    )


class Teller:
    """Tells believable complaints: any category, a place in a town of some thousand houses, two languages.

    ``apart``: every complaint in a place of its own, so that its copies do not flock.
    """

    def __init__(self, house: House, *, seed: str, apart: bool = False) -> None:
        self._house, self._chance, self._apart, self._told = house, random.Random(seed), apart, 0
        self._codes = sorted(house.packs.codes)

    def intake(self) -> tuple[Intake, str]:
        chance, language = self._chance, self._chance.choice(("zh", "zh", "zh", "en"))
        self._told += 1
        category = self._house.packs.category(chance.choice(self._codes))
        said = chance.choice(_TROUBLE[language]).format(days=chance.randint(2, 9))
        place = f"{chance.choice(_ESTATES)}{chance.choice(_KINDS)}{chance.randint(1, 30)}号楼"
        if self._apart:
            place = (
                f"{chance.choice(_ESTATES)}{self._told}区{chance.choice(_KINDS)}{chance.randint(1, 30)}号楼"
            )
        details = {"contact": DetailValue("+8613812345678", "13812345678", "13812345678", said)}
        for field_ in category.required:
            if field_.type == "place":
                details[field_.key] = DetailValue(place, place, place, said)
            elif field_.type == "text":
                details[field_.key] = DetailValue(said, said, said, said)
        emotions = ((chance.choice(("angry", "anxious", "neutral")), chance.randint(0, 3)),)
        intake = Intake(
            description=(f"{category.name.in_(language)}，{place}：{said}",),
            category=category.code,
            category_certain=True,
            details=details,
            emotions=emotions,
        )
        return intake, language


@dataclass
class Measured:
    """Seconds of each call and of whole lives; ``errors`` by kind; ``cpu_s`` of this process."""

    calls: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in CALLS})
    lives: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    cpu_s: float = 0.0


class Life:
    """The calls of one complaint, each a transaction of its own. ``times``: when each call is made; without it, now."""

    def __init__(
        self, store: Store, house: House, teller: Teller, *, times: Callable[[int], datetime] | None = None
    ):
        self._store, self._house, self._teller = store, house, teller
        self._rules = Rules(house.packs, house.calendar)
        self._now = times or (lambda _: datetime.now(timezone.utc))
        self._lead = Actor(Role.LEAD, "Zhao")

    def file(self, address: str) -> int:
        intake, language = self._teller.intake()
        now = self._now(0)
        with self._store.writing() as work:
            chat = self._told(work, address, intake, now)
            draft = work.tickets.add_draft(
                conversation_id=chat.id,
                complainant_id=chat.complainant_id,
                language=language,
                intake=intake,
                now=now,
            )
            filing = Filing(
                calendar=self._house.calendar, packs=self._house.packs, clusters=self._house.clusters
            )
            category = self._house.packs.category(intake.category)
            ticket = file_ticket(work, draft, category, filing=filing, now=now)
            steps = "\n".join(ticket.promise.steps) if ticket.promise else ""
            outbox.post_bot_reply(work, chat, [Reply(f"{ticket.number}\n{steps}")], reply_to_id=None, now=now)
        return ticket.id

    def _told(self, work: Work, address: str, intake: Intake, now: datetime) -> Conversation:
        message = InboundMessage("web", f"{address}-1", address, text=intake.description[0])
        received = inbox.receive(work, message, now=now, rules=TurnRules())
        return work.conversations.get(received.conversation_id)

    def assign(self, ticket_id: int) -> None:
        self._act(1, ticket_id, "accept", {}, by=self._lead)

    def sign(self, ticket_id: int) -> None:
        self._act(2, ticket_id, "sign", {}, by=None)

    def resolve(self, ticket_id: int) -> None:
        self._act(3, ticket_id, "resolve", RESULT, by=None)

    def rate(self, ticket_id: int) -> None:
        with self._store.writing() as work:
            ticket = work.tickets.get(ticket_id)
            acts.rate(work, ticket, level=4, text="", now=self._now(4), calendar=self._house.calendar)

    def _act(
        self, call: int, ticket_id: int, action: str, given: dict[str, str], *, by: Actor | None
    ) -> None:
        with self._store.writing() as work:
            ticket: Ticket = work.tickets.get(ticket_id)
            actor = by or Actor(Role.AGENT, ticket.handler or "Li")
            handling.act(Desk(work, self._rules, actor, self._now(call)), ticket, action, given)

    def run(self, address: str, measured: Measured) -> None:
        began = time.perf_counter()
        ticket_id = 0
        for name in CALLS:
            start = time.perf_counter()
            try:
                ticket_id = (
                    self.file(address) if name == "file" else getattr(self, name)(ticket_id) or ticket_id
                )
            except Exception as error:  # counted: that is what is measured
                measured.errors[f"{name}: {type(error).__name__}: {str(error)[:120]}"] += 1
                return
            measured.calls[name].append(time.perf_counter() - start)
        measured.lives.append(time.perf_counter() - began)


def be_ready(_number: int) -> None:
    """Start a process with what every worker reads first, long enough for each process to get one."""
    load_house()
    time.sleep(1.0)


def work_for(url: str, key: str, *, who: str, until: float, threads: int) -> Measured:
    """Live one complaint after another until ``until`` (of ``time.time``), in a process of its own."""
    database, house, measured = Database(url, keys=(key,), pool_size=threads), load_house(), Measured()
    store = Store(database)
    before = resource.getrusage(resource.RUSAGE_SELF)

    def one(thread: int) -> None:
        life, number = Life(store, house, Teller(house, seed=f"{who}-{thread}")), 0
        while time.time() < until:
            number += 1
            life.run(f"{who}-{thread}-{number}", measured)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, range(threads)))
    after = resource.getrusage(resource.RUSAGE_SELF)
    measured.cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    database.dispose()
    return measured


def add_staff(store: Store, house: House, *, now: datetime) -> None:
    """Five people in every department."""
    with store.writing() as work:
        categories = [house.packs.category(code) for code in house.packs.codes]
        found = {c.department.key: Department(c.department.key, c.department.name) for c in categories}
        work.staff.seed_departments(found.values())
        for code in found:
            roles = {code: frozenset({Role.AGENT})}
            for number in range(5):
                login = f"{code}-{number}"
                work.staff.add_member(Member(login=login, name=login, roles=roles), now=now)
