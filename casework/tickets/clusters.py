"""Several people who tell of one thing within a few days: one cluster, with a ticket that leads it, the others linked
to it, and one task for each department.

Nothing is merged: every member keeps its person, number, clocks and state. ``gather`` runs while a ticket is filed
and keeps all others who file something that names the same waiting; a unique row makes sure that one thing has one
cluster at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.storage.matching import Sharing
from casework.storage.work import Work
from casework.text import Reason
from casework.tickets.marks import Kind, Mark
from casework.tickets.model import Actor, Cluster, Ticket
from casework.tickets.priority import level_of, with_modifier
from casework.tickets.states import OPEN, Role

TASK = "task_force"
#: Members that are looked at for a new lead, the oldest.
_MOST = 100
_SYSTEM = Actor(Role.SYSTEM)


class NotPossible(ValueError):
    """A change of a cluster that cannot be made; the message says why and what can."""


@dataclass(frozen=True)
class ClusterRule:
    """``members``: people who make a cluster when they tell of one thing within ``days``, 90 at most; ``kinds`` of
    marks that count, the most telling first. Source: handling model, section 2, and handbook, section 4."""

    members: int = 3
    days: int = 7
    kinds: tuple[Kind, ...] = ("object", "place", "area")


@dataclass(frozen=True)
class Gathered:
    """What a ticket that is being filed belongs to: an open cluster, or the tickets it makes a new one with."""

    mark: Mark
    cluster: Cluster | None
    ticket_ids: tuple[int, ...] = ()


def counted(marks: Sequence[Mark], rule: ClusterRule) -> list[Mark]:
    """The marks that can make a cluster, the most telling first."""
    return sorted((m for m in marks if m.kind in rule.kinds), key=lambda m: rule.kinds.index(m.kind))


def gather(
    work: Work,
    marks: Sequence[Mark],
    alike: Sequence[Sharing],
    *,
    complainant_id: int,
    rule: ClusterRule,
    now: datetime,
) -> Gathered | None:
    """Whether what is being filed is of a cluster. ``marks``: those that count, with which the transaction is alone;
    ``alike``: the tickets that share one, looked up since."""
    if not marks:
        return None
    there = work.matching.open_clusters(marks)
    for mark in marks:
        if mark in there and (led := _led(work, there[mark], now=now)) is not None:
            return Gathered(mark, led)
    found = [other for other in alike if now - other.at <= timedelta(days=rule.days)]
    if len(found) + 1 < rule.members:
        return None
    taken = work.matching.membership([other.ticket_id for other in found], left=True)
    for mark in marks:
        others = [other for other in found if other.mark == mark and other.ticket_id not in taken]
        if len({complainant_id, *(other.complainant_id for other in others)}) >= rule.members:
            return Gathered(mark, None, tuple(sorted(other.ticket_id for other in others)))
    return None


def enter(work: Work, ticket: Ticket, gathered: Gathered, *, now: datetime) -> None:
    """The filed ticket joins the cluster, or makes one with the tickets that were there before."""
    if gathered.cluster is not None:
        _join(work, gathered.cluster, ticket, by=_SYSTEM, now=now)
        return
    members = [*work.tickets.locked(gathered.ticket_ids), ticket]
    lead = next(member for member in members if member.state in OPEN)  # the new one is open at least
    cluster = work.matching.add_cluster(gathered.mark, lead_id=lead.id, now=now)
    if cluster is None:  # made meanwhile by a process that holds another data key to be the newest
        return
    _note(work, lead, "cluster", {"cluster": cluster.id, "kind": cluster.kind}, now=now)
    for member in members:
        _join(work, cluster, _raised(work, member, now=now), by=_SYSTEM, now=now, lead=lead)


def _join(
    work: Work, cluster: Cluster, ticket: Ticket, *, by: Actor, now: datetime, lead: Ticket | None = None
) -> None:
    lead = lead or work.tickets.get(cluster.lead_id)
    work.matching.join(cluster, ticket.id, now=now)
    data = {"cluster": cluster.id, "lead": lead.number, "number": ticket.number}
    _note(work, ticket, "cluster_joined", data, by=by, now=now)
    if ticket.state in OPEN:
        _task(work, cluster, lead, ticket.department, now=now)


def _task(work: Work, cluster: Cluster, lead: Ticket, department: str, *, now: datetime) -> None:
    """One task a department, however many of its tickets there are."""
    held = work.clocks.tasks(lead.id, kind=TASK)
    if any(task.department == department for task in held if task.data.get("cluster") == cluster.id):
        return
    work.clocks.add_task(
        ticket_id=lead.id,
        cycle=lead.cycle,
        kind=TASK,
        department=department or None,
        created_at=now,
        data={"cluster": cluster.id},
    )


def _raised(work: Work, ticket: Ticket, *, now: datetime) -> Ticket:
    """With the points for a thing that several people told of."""
    score = with_modifier(ticket.score, "several")
    if ticket.state not in OPEN or score == ticket.score:
        return ticket
    level = level_of(score) or ticket.priority
    raised = work.tickets.rescore(ticket, score=score, priority=level, now=now)
    if level != ticket.priority:
        _note(work, raised, "priority_raised", {"level": level, "was": ticket.priority}, now=now)
    return raised


def _led(work: Work, cluster: Cluster, *, now: datetime) -> Cluster | None:
    """With a lead that is open. One whose tickets are all over is ended."""
    if work.tickets.get(cluster.lead_id).state in OPEN:
        return cluster
    members = work.tickets.locked([m.ticket_id for m in work.matching.members(cluster.id, limit=_MOST)])
    following = next((member for member in members if member.state in OPEN), None)
    if following is None:
        work.matching.change_cluster(cluster, ended_at=now)
        return None
    return _lead(work, cluster, following, by=_SYSTEM, now=now)


def _lead(work: Work, cluster: Cluster, ticket: Ticket, *, by: Actor, now: datetime) -> Cluster:
    """The tasks that are still open go to the ticket that leads from now on."""
    for task in work.clocks.tasks(cluster.lead_id, kind=TASK, state="open"):
        if task.data.get("cluster") == cluster.id:
            work.clocks.end_task(task, state="dropped", by=by.name, now=now)
            _task(work, cluster, ticket, task.department, now=now)
    work.matching.change_cluster(cluster, lead_id=ticket.id)
    was = work.tickets.get(cluster.lead_id).number
    _note(work, ticket, "cluster_lead", {"cluster": cluster.id, "was": was}, by=by, now=now)
    changed = work.matching.cluster(cluster.id)
    assert changed is not None
    return changed


def _note(
    work: Work,
    ticket: Ticket,
    action: str,
    data: Mapping[str, Any],
    *,
    now: datetime,
    by: Actor = _SYSTEM,
) -> None:
    work.tickets.add_event(ticket, action=action, actor=by.role.value, actor_name=by.name, now=now, data=data)


# -- what staff do ------------------------------------------------------------------------------------------------


def add(work: Work, cluster: Cluster, ticket: Ticket, *, by: Actor, now: datetime) -> None:
    """Raises: NotPossible."""
    held = work.matching.membership([ticket.id]).get(ticket.id)
    if held is not None:
        raise NotPossible(
            Reason(
                "in_cluster",
                "{number} is in cluster {cluster}; take it out of that one first (--leave)",
                number=ticket.number,
                cluster=held,
            )
        )
    _unended(cluster)
    if ticket.state not in OPEN:
        raise NotPossible(
            Reason(
                "cluster_only_open",
                "{number} is {state}; only an open ticket can be added",
                number=ticket.number,
                state=ticket.state.value,
            )
        )
    _join(work, cluster, _raised(work, ticket, now=now), by=by, now=now)


def take_out(work: Work, cluster: Cluster, ticket: Ticket, *, by: Actor, now: datetime) -> None:
    """Out of the cluster, and not drawn into another by itself. Raises: NotPossible."""
    _member(work, cluster, ticket)
    if ticket.id == cluster.lead_id:
        raise NotPossible(
            Reason(
                "leads_cluster",
                "{number} leads the cluster; give another one the lead first (--lead)",
                number=ticket.number,
            )
        )
    work.matching.leave(ticket.id, now=now)
    _note(work, ticket, "cluster_left", {"cluster": cluster.id}, by=by, now=now)


def give_lead(work: Work, cluster: Cluster, ticket: Ticket, *, by: Actor, now: datetime) -> Cluster:
    """Raises: NotPossible."""
    _unended(cluster)
    _member(work, cluster, ticket)
    if ticket.state not in OPEN:
        raise NotPossible(
            Reason(
                "cluster_lead_open",
                "{number} is {state}; an open ticket leads",
                number=ticket.number,
                state=ticket.state.value,
            )
        )
    return cluster if ticket.id == cluster.lead_id else _lead(work, cluster, ticket, by=by, now=now)


def end(work: Work, cluster: Cluster, *, by: Actor, now: datetime) -> None:
    """Nothing joins it any more; its tickets go on, each for itself. Raises: NotPossible."""
    _unended(cluster)
    work.matching.change_cluster(cluster, ended_at=now)
    lead = work.tickets.get(cluster.lead_id)
    _note(work, lead, "cluster_ended", {"cluster": cluster.id}, by=by, now=now)


def _unended(cluster: Cluster) -> None:
    if cluster.ended_at is not None:
        raise NotPossible(
            Reason(
                "cluster_ended",
                "cluster {cluster} ended on {at:%Y-%m-%d}; it takes nothing more",
                cluster=cluster.id,
                at=cluster.ended_at,
            )
        )


def _member(work: Work, cluster: Cluster, ticket: Ticket) -> None:
    if work.matching.membership([ticket.id]).get(ticket.id) != cluster.id:
        raise NotPossible(
            Reason(
                "not_in_cluster",
                "{number} is not in cluster {cluster}; see: tingsu clusters show",
                number=ticket.number,
                cluster=cluster.id,
            )
        )
