"""Every list of the storage layer on a filled PostgreSQL: by an index, and never without an end."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, event, text

from bench.lifecycle_fill import Samples, fill, make_samples
from bench.lifecycle_work import load_house
from casework.conversations.model import Owner
from casework.storage.backlog import read_backlog
from casework.storage.cases import ORDERS, Place
from casework.storage.cases import Wanted as BoardWanted
from casework.storage.database import Database
from casework.storage.work import Store, Work
from casework.tickets.listing import Wanted
from casework.tickets.marks import Mark
from casework.tickets.states import State

#: Tables that grow with every complaint; the others are of the organisation, or are emptied. Of the second kind the
#: sample holds too little for the planner to care: there an index must be possible.
FULL = frozenset(["complainants", "conversations", "messages", "tickets", "clocks", "events", "ticket_keys"])
SPARSE = frozenset(["alarms", "cluster_members", "notices", "tasks", "ticket_links", "ticket_tags"])
TICKETS = 10_000
SOON = datetime.now(timezone.utc) + timedelta(hours=1)
OF_A_DEPARTMENT = SimpleNamespace(login="Li", departments=frozenset({"nowhere"}))
EVERYWHERE = SimpleNamespace(login="Li", departments=None)
#: What a list is asked for, by the name of the parameter.
GIVEN: dict[str, Any] = {
    "actions": ("sign",),
    "address": "sample-7",
    "channel": "web",
    "channels": ("web", "telegram"),
    "limit": 50,
    "login": "Li",
    "logins": ["Li", "Wang"],
    "marks": [Mark("area", "URB-WST 翠湖小区"), Mark("object", "0123456789")],
    "number": "TS261121-482913",
    "owner": Owner.QUEUE,
    "raised": "alarm",
    "rows": [
        {
            "ticket_id": 7,
            "cycle": 9,
            "kind": "triage",
            "run": 1,
            "level": 50,
            "at": SOON,
            "given_at": SOON,
            "told": [],
        }
    ],
    "seen": "alarm_seen",
    "scope": EVERYWHERE,
    "since": SOON - timedelta(days=90),
}
#: And by its type, where the name says nothing.
USUAL: dict[Any, Any] = {datetime: SOON, int: 7, str: "something"}
#: Further ways to ask: what lists leave open.
ALSO: list[tuple[str, str, dict[str, Any]]] = [
    ("tickets", "newest", {"limit": 50, "state": State.TRIAGE}),
    ("tickets", "newest", {"limit": 50, "state": State.CLOSED, "before_id": 10**8}),
    ("tickets", "newest", {"limit": 50, "state": State.REFERRED}),
    ("tickets", "newest", {"limit": 50, "address": "sample-7"}),
    ("matching", "clusters", {"limit": 50, "ended": True, "before_id": 10**8}),
    ("listing", "tickets", {"limit": 50, "wanted": Wanted(), "order": "due"}),
    ("listing", "tickets", {"limit": 50, "wanted": Wanted(), "order": "changed", "after": (SOON, 7)}),
    ("listing", "tickets", {"limit": 50, "wanted": Wanted(states=(State.TRIAGE, State.FOLLOWUP))}),
    ("listing", "tickets", {"limit": 50, "wanted": Wanted(department="nowhere")}),
    ("listing", "tickets", {"limit": 50, "wanted": Wanted(handler="Li", states=(State.CLOSED,))}),
    ("listing", "tickets", {"limit": 50, "wanted": Wanted(categories=("URB-ROD-01",), priority="P0")}),
    ("listing", "tickets", {"limit": 50, "wanted": Wanted(due_before=SOON, department="nowhere")}),
    ("listing", "tasks", {"limit": 50, "department": "nowhere", "kind": "task_force"}),
    ("listing", "clock_alarms", {"limit": 50, "department": "nowhere", "before": 10**8}),
    ("board", "cases", {"wanted": BoardWanted(handler="-"), "scope": OF_A_DEPARTMENT, "limit": 50}),
    ("board", "cases", {"wanted": BoardWanted(number="TS2611"), "scope": OF_A_DEPARTMENT, "limit": 50}),
    *(
        ("board", "cases", {"wanted": wanted, "scope": EVERYWHERE, "order": order, "limit": 50})
        for order in ORDERS
        for wanted in (
            BoardWanted(),
            BoardWanted(due_before=SOON, handler="Li"),
            BoardWanted(categories=("URB-ROD-01", "URB-ROD-02"), priority="P1"),
            BoardWanted(states=frozenset({State.CLOSED, State.REJECTED}), department="nowhere"),
            BoardWanted(danger="unseen", states=frozenset({State.CLOSED})),
            BoardWanted(tag="media"),
            BoardWanted(ids=(7, 8, 9)),
        )
    ),
    ("board", "cases", {"wanted": BoardWanted(), "scope": EVERYWHERE, "after": Place(SOON.isoformat(), 7)}),
    (
        "board",
        "cases",
        {"wanted": BoardWanted(), "scope": EVERYWHERE, "after": Place(f"~{SOON.isoformat()}", 7)},
    ),
]
#: Lists that end with what they are asked about: one ticket, one chat, what was just read.
_OF_ONE = re.compile(r"_ids?$|^(?:number|login|logins|address|mark|marks)$")


@pytest.fixture(scope="module")
def filled(postgres_server: str) -> Iterator[Store]:
    base = postgres_server.replace("postgresql://", "postgresql+psycopg2://", 1)
    admin = create_engine(base, isolation_level="AUTOCOMMIT", future=True)
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE plans"))
    head, _, query = base.partition("?")
    url = f"{head.rsplit('/', 1)[0]}/plans?{query}"
    database = Database(url, keys=(Fernet.generate_key().decode(),))
    database.migrate()
    samples = Samples(over=25, open=6, open_copies=10)
    make_samples(Store(database), load_house(), samples, lambda: None)
    fill(url, samples, TICKETS, 0, lambda made: None)
    yield Store(database)
    database.dispose()


def lists() -> list[tuple[str, str, dict[str, Any] | None]]:
    """Every public method of every repository that gives several of something."""
    found: list[tuple[str, str, dict[str, Any] | None]] = []
    for repository, kind in inspect.get_annotations(Work, eval_str=True).items():
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            gives = str(inspect.signature(method, eval_str=True).return_annotation)
            if not name.startswith("_") and re.match(r"(?:list|dict)\b", gives):
                found.append((repository, name, None))
    return [*found, *ALSO]


def asked(repository: str, name: str) -> dict[str, Any]:
    """What a list is asked with where nothing is left out that it needs."""
    method = getattr(inspect.get_annotations(Work, eval_str=True)[repository], name)
    wanted = list(inspect.signature(method, eval_str=True).parameters.values())[1:]
    return {p.name: _given(p) for p in wanted if p.default is p.empty or p.name == "limit"}


def _given(parameter: inspect.Parameter) -> Any:
    name, kind = parameter.name, parameter.annotation
    if name in GIVEN:
        return GIVEN[name]
    if name.endswith("_ids"):
        return [7, 8, 9]
    if dataclasses.is_dataclass(kind):  # a filter that lets everything through
        return kind()  # type: ignore[operator]
    assert kind in USUAL, f"say in GIVEN what a list is asked with for {name!r}"
    return USUAL[kind]


def plans(store: Store, repository: str, name: str, given: dict[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """The reading statements of a call, each with the tables that it reads whole."""
    said: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        said.append((statement, parameters))

    engine = store.database._engine
    with store.database.reading() as connection:
        event.listen(engine, "before_cursor_execute", note)
        try:
            if repository == "backlog":
                read_backlog(store.database, now=SOON)
            else:
                with store.reading() as work:
                    getattr(getattr(work, repository), name)(**given)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        for statement, parameters in said:
            if statement.startswith("SELECT"):
                whole = scanned(explained(connection, statement, parameters)) & FULL
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
                whole |= scanned(explained(connection, statement, parameters)) & SPARSE
                connection.exec_driver_sql("SET LOCAL enable_seqscan = on")
                yield statement, whole


def explained(connection: Any, statement: str, parameters: Any = ()) -> dict[str, Any]:
    (found,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    return dict(found["Plan"])


def scanned(plan: dict[str, Any]) -> set[str]:
    """Tables that are read from one end to the other."""
    own = {plan["Relation Name"]} if plan["Node Type"] == "Seq Scan" else set()
    return own.union(*(scanned(below) for below in plan.get("Plans", ())))


@pytest.mark.parametrize(
    ("repository", "name", "given"),
    [*lists(), ("backlog", "read", {})],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_list_is_read_by_an_index_and_has_an_end(
    filled: Store, repository: str, name: str, given: dict[str, Any] | None
) -> None:
    given = asked(repository, name) if given is None else given
    for statement, whole in plans(filled, repository, name, given):
        assert not whole, f"{repository}.{name} reads all of {whole}:\n{statement}"
        big = any(re.search(rf"(?:FROM|JOIN) {table}\b", statement) for table in FULL | SPARSE)
        of_one = any(_OF_ONE.search(parameter) for parameter in given)
        of_some = re.search(r"\b\w*id IN \(", statement)
        figure = re.search(r"\b(?:count|min|max)\(", statement)
        ends = "LIMIT" in statement or figure or of_some or of_one or not big
        assert ends, f"{repository}.{name} has no LIMIT:\n{statement}"


def test_a_whole_scan_is_noticed(filled: Store) -> None:
    with filled.database.reading() as connection:
        query = "SELECT id FROM tickets WHERE nature = 'report' ORDER BY severity LIMIT 5"
        assert scanned(explained(connection, query)) == {"tickets"}
