"""Complaints that are alike, in the database: what they name, links between them, clusters. One object for one
transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from casework.storage.fields import keyed_hashes
from casework.storage.tables import tickets
from casework.storage.tables_matching import cluster_members, clusters, ticket_keys, ticket_links
from casework.tickets.marks import Mark
from casework.tickets.model import Cluster, Link, Member
from casework.tickets.states import State

_LOCK = text("SELECT count(pg_advisory_xact_lock(number)) FROM unnest(:numbers) AS number")
#: States of tickets that no longer speak of anything.
_TAKEN_BACK = (State.DRAFT.value, State.WITHDRAWN.value)


@dataclass(frozen=True)
class Sharing:
    """A ticket that names the same, filed ``at``."""

    ticket_id: int
    complainant_id: int
    mark: Mark
    at: datetime


class MatchingRepository:
    """Rows in, values out; rules live in ``casework.tickets``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = postgresql if connection.dialect.name == "postgresql" else sqlite

    # -- what tickets name --------------------------------------------------------------------------------------

    def add_marks(self, ticket_id: int, marks: Sequence[Mark], *, at: datetime) -> None:
        rows = {hashed(mark)[0]: mark.kind for mark in reversed(marks)}
        if rows:
            values = [{"ticket_id": ticket_id, "key": k, "kind": kind, "at": at} for k, kind in rows.items()]
            self._connection.execute(insert(ticket_keys), values)

    def sharing(self, marks: Sequence[Mark], *, since: datetime, limit: int) -> list[Sharing]:
        """Filed tickets, the newest first, that name one of ``marks``; each once a mark."""
        if not marks:
            return []
        by_key = {key: mark for mark in marks for key in hashed(mark)}
        rows = self._connection.execute(
            select(ticket_keys, tickets.c.complainant_id)
            .join(tickets, tickets.c.id == ticket_keys.c.ticket_id)
            .where(
                ticket_keys.c.key.in_(list(by_key)),
                ticket_keys.c.at > since,
                tickets.c.state.not_in(_TAKEN_BACK),
            )
            .order_by(ticket_keys.c.at.desc())
            .limit(limit)
        )
        return [Sharing(row.ticket_id, row.complainant_id, by_key[row.key], row.at) for row in rows]

    def alone(self, marks: Iterable[Mark]) -> None:
        """Nobody else files anything that names one of ``marks`` before this transaction ends."""
        numbers = sorted(_lock_number(mark) for mark in marks)  # in one order: nobody waits for who waits
        if numbers and self._dialect is postgresql:  # SQLite has one writer
            self._connection.execute(_LOCK, {"numbers": numbers})

    # -- links --------------------------------------------------------------------------------------------------

    def add_links(self, ticket_id: int, links: Sequence[Link]) -> None:
        values = [
            {
                "ticket_id": ticket_id,
                "earlier_id": link.earlier_id,
                "kind": link.kind,
                "likeness": link.likeness,
                "reasons": list(link.reasons),
            }
            for link in links
        ]
        if values:
            self._connection.execute(insert(ticket_links), values)

    def links_of(self, ticket_ids: Collection[int]) -> dict[int, list[Link]]:
        """What each of these tickets is like, the likest first; tickets without a link are left out."""
        rows = self._connection.execute(
            select(ticket_links)
            .where(ticket_links.c.ticket_id.in_(list(ticket_ids)))
            .order_by(ticket_links.c.likeness.desc(), ticket_links.c.earlier_id.desc())
        )
        found: dict[int, list[Link]] = {}
        for row in rows:
            found.setdefault(row.ticket_id, []).append(_link(row))
        return found

    def links_to(self, ticket_id: int, *, limit: int) -> list[tuple[int, Link]]:
        """Later tickets that are like this one, the latest first."""
        rows = self._connection.execute(
            select(ticket_links)
            .where(ticket_links.c.earlier_id == ticket_id)
            .order_by(ticket_links.c.ticket_id.desc())
            .limit(limit)
        )
        return [(int(row.ticket_id), _link(row)) for row in rows]

    def judge(self, ticket_id: int, earlier_id: int, *, verdict: str, by: str) -> bool:
        """What staff made of a link. ``False``: there is no such link."""
        link = (ticket_links.c.ticket_id == ticket_id) & (ticket_links.c.earlier_id == earlier_id)
        values = {"verdict": verdict, "judged_by": by}
        return bool(self._connection.execute(update(ticket_links).where(link).values(**values)).rowcount)

    # -- clusters -----------------------------------------------------------------------------------------------

    def open_clusters(self, marks: Sequence[Mark]) -> dict[Mark, Cluster]:
        """Those of these marks, kept from others until the transaction ends."""
        by_key = {key: mark for mark in marks for key in hashed(mark)}
        query = select(clusters).where(clusters.c.key.in_(list(by_key)), clusters.c.ended_at.is_(None))
        rows = self._connection.execute(query.order_by(clusters.c.id).with_for_update()).mappings()
        return {by_key[row["key"]]: _cluster(row) for row in rows}

    def add_cluster(self, mark: Mark, *, lead_id: int, now: datetime) -> Cluster | None:
        """``None``: there is an open one of this mark already."""
        values = {"key": hashed(mark)[0], "kind": mark.kind, "lead_id": lead_id}
        self._connection.execute(
            self._dialect.insert(clusters)
            .values(**values, created_at=now, joined_at=now)
            .on_conflict_do_nothing(index_elements=["key"], index_where=clusters.c.ended_at.is_(None))
        )
        found = self.open_clusters([mark]).get(mark)
        return found if found is not None and found.lead_id == lead_id and found.created_at == now else None

    def cluster(self, cluster_id: int, *, lock: bool = False) -> Cluster | None:
        query = select(clusters).where(clusters.c.id == cluster_id)
        row = self._connection.execute(query.with_for_update() if lock else query).mappings().first()
        return _cluster(row) if row else None

    def clusters(self, *, limit: int, before_id: int | None = None, ended: bool = False) -> list[Cluster]:
        """The newest first; ``before_id`` continues a list."""
        query = select(clusters).order_by(clusters.c.id.desc()).limit(limit)
        if not ended:
            query = query.where(clusters.c.ended_at.is_(None))
        if before_id is not None:
            query = query.where(clusters.c.id < before_id)
        return [_cluster(row) for row in self._connection.execute(query).mappings()]

    def change_cluster(self, cluster: Cluster, **values: Any) -> None:
        self._connection.execute(update(clusters).where(clusters.c.id == cluster.id).values(**values))

    def members(self, cluster_id: int, *, limit: int, after_id: int = 0) -> list[Member]:
        """Tickets of a cluster, the oldest first, without those that were taken out; ``after_id`` continues."""
        rows = self._connection.execute(
            select(cluster_members)
            .where(
                cluster_members.c.cluster_id == cluster_id,
                cluster_members.c.left_at.is_(None),
                cluster_members.c.ticket_id > after_id,
            )
            .order_by(cluster_members.c.ticket_id)
            .limit(limit)
        )
        return [Member(row.ticket_id, row.cluster_id, row.joined_at) for row in rows]

    def count_members(self, cluster_ids: Collection[int]) -> dict[int, int]:
        rows = self._connection.execute(
            select(cluster_members.c.cluster_id, func.count().label("number"))
            .where(cluster_members.c.cluster_id.in_(list(cluster_ids)), cluster_members.c.left_at.is_(None))
            .group_by(cluster_members.c.cluster_id)
        )
        return {row.cluster_id: int(row.number) for row in rows}

    def membership(self, ticket_ids: Collection[int], *, left: bool = False) -> dict[int, int]:
        """Ticket to cluster. ``left``: also those that were taken out of it."""
        query = select(cluster_members).where(cluster_members.c.ticket_id.in_(list(ticket_ids)))
        if not left:
            query = query.where(cluster_members.c.left_at.is_(None))
        return {row.ticket_id: row.cluster_id for row in self._connection.execute(query)}

    def join(self, cluster: Cluster, ticket_id: int, *, now: datetime) -> None:
        values = {"cluster_id": cluster.id, "joined_at": now, "left_at": None}
        statement = self._dialect.insert(cluster_members).values(ticket_id=ticket_id, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["ticket_id"], set_=values))
        self.change_cluster(cluster, joined_at=now)

    def leave(self, ticket_id: int, *, now: datetime) -> None:
        row = cluster_members.c.ticket_id == ticket_id
        self._connection.execute(update(cluster_members).where(row).values(left_at=now))


def hashed(mark: Mark) -> tuple[str, ...]:
    """As the database holds it, by each data key; the newest first."""
    return keyed_hashes(f"{mark.kind} {mark.text}")


def _lock_number(mark: Mark) -> int:
    """A signed 64-bit number of the mark, the same in every process."""
    return int.from_bytes(hashlib.sha256(hashed(mark)[0].encode()).digest()[:8], "big", signed=True)


def _link(row: Any) -> Link:
    reasons = tuple(row.reasons)
    return Link(row.earlier_id, row.kind, row.likeness, reasons, row.verdict or "", row.judged_by or "")


def _cluster(row: Mapping[str, Any]) -> Cluster:
    return Cluster(
        id=int(row["id"]),
        kind=row["kind"],
        lead_id=int(row["lead_id"]),
        created_at=row["created_at"],
        joined_at=row["joined_at"],
        ended_at=row["ended_at"],
    )
