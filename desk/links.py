"""What a case has to do with others: merged ones, earlier and later ones like it, the cluster it is of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casework.storage.work import Work
from casework.tickets.model import Cluster, Link, Ticket
from desk.visits import Visit

#: Later cases that are like one, as shown.
_LATER = 20


@dataclass(frozen=True)
class Linked:
    """Another case that this one is like. ``later``: it came after this one, and holds the link."""

    ticket: Ticket
    link: Link
    later: bool = False

    @property
    def percent(self) -> int:
        return round(self.link.likeness * 100)


@dataclass(frozen=True)
class Group:
    """The cluster a case is of. ``leads``: this case leads it; ``lead``: the number of the one that does."""

    cluster: Cluster
    size: int
    lead: str
    leads: bool


@dataclass(frozen=True)
class Links:
    """``into``: the case this one was merged into; ``merged``: those merged into it; ``own``: the person's other cases
    that nothing likens to this one. Cases out of the visitor's sight are left out."""

    into: Ticket | None
    merged: Sequence[Ticket]
    alike: Sequence[Linked]
    group: Group | None
    own: Sequence[Ticket]

    @property
    def targets(self) -> Sequence[str]:
        """Numbers of cases that this one may be merged into, the likest first."""
        likest = [linked.ticket.number for linked in self.alike if linked.link.verdict != "other"]
        return list(dict.fromkeys([*likest, *(ticket.number for ticket in self.own)]))


def links_of(work: Work, visit: Visit, ticket: Ticket, others: Sequence[Ticket]) -> Links:
    """``others``: cases of the same person."""
    into = work.tickets.find(ticket.merged_into) if ticket.merged_into is not None else None
    alike = _alike(work, visit, ticket)
    known = {ticket.id, *(linked.ticket.id for linked in alike)}
    return Links(
        into=into if into is not None and visit.scope.holds(into) else None,
        merged=[other for other in work.tickets.merged_into(ticket.id) if visit.scope.holds(other)],
        alike=alike,
        group=_group(work, ticket),
        own=[other for other in others if other.id not in known],
    )


def _alike(work: Work, visit: Visit, ticket: Ticket) -> list[Linked]:
    earlier = {link.earlier_id: link for link in work.matching.links_of([ticket.id]).get(ticket.id, ())}
    later = dict(work.matching.links_to(ticket.id, limit=_LATER))
    found = {other.id: other for other in work.tickets.many([*earlier, *later]) if visit.scope.holds(other)}
    return [
        *(Linked(found[key], link) for key, link in earlier.items() if key in found),
        *(Linked(found[key], link, later=True) for key, link in later.items() if key in found),
    ]


def _group(work: Work, ticket: Ticket) -> Group | None:
    cluster_id = work.matching.membership([ticket.id]).get(ticket.id)
    cluster = work.matching.cluster(cluster_id) if cluster_id is not None else None
    if cluster is None:
        return None
    size = work.matching.count_members([cluster.id]).get(cluster.id, 0)
    lead = work.tickets.get(cluster.lead_id)
    return Group(cluster, size, lead.number, lead.id == ticket.id)
