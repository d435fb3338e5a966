"""What staff decide about a case and others: merging with a look at both first, suspected repeats, clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anyio import from_thread
from starlette.responses import Response

from casework.storage.work import Work
from casework.tickets import clusters, merging, repeats
from casework.tickets.clusters import NotPossible
from casework.tickets.handling import Incomplete
from casework.tickets.model import Cluster, Task, Ticket
from casework.tickets.states import Refused
from desk import doing
from desk.acting import EVENT, ticket_of
from desk.board import Board, case_in_sight
from desk.card import card_of
from desk.desk import Desk
from desk.lists import look_of
from desk.visits import NotFound, Visit, Wrong

#: Members of a cluster that are shown.
MOST = 200


@dataclass(frozen=True)
class Gathering:
    """A cluster as shown. ``members``: those in sight, ``hidden``: how many are not."""

    cluster: Cluster
    lead: Ticket
    members: Sequence[Ticket]
    hidden: int
    tasks: Sequence[Task]


class Merging:
    """``/desk/cases/{number}/merge``, ``…/links/{other}`` and ``/desk/clusters/{cluster}``"""

    def __init__(self, desk: Desk, board: Board) -> None:
        self._desk, self._board = desk, board

    # -- merging ------------------------------------------------------------------------------------

    def preview(self, visit: Visit) -> Response:
        """Both cases side by side, and what would come of it."""
        try:
            return self._preview(visit, visit.query("into"))
        except Wrong as wrong:
            return self._board.again(visit, "act-merge", wrong, {"into": visit.query("into")})

    def confirm(self, visit: Visit) -> Response:
        into, seen = visit.form.get("into", ""), visit.form.get("seen", "")
        try:
            with self._desk.store.writing() as work:
                ticket = case_in_sight(work, visit)
                given = {"into": into, "reason": visit.form.get("reason", "")}
                if not given["reason"]:
                    raise Wrong("left_empty", names=visit.words.need_reason)
                version = int(seen) if seen.isdecimal() else None
                doing.act(work, visit, ticket, "merge", given, seen=version)
        except Wrong as wrong:
            page = self._preview(visit, into, refused=visit.words(f"problem_{wrong.key}", **wrong.values))
            page.status_code = 422
            return page
        from_thread.run(self._desk.live.publish, EVENT, "")
        return visit.go(f"/cases/{into.upper()}", said="did_merge")

    def _preview(self, visit: Visit, number: str, *, refused: str = "") -> Response:
        with self._desk.store.reading() as work:
            ticket = case_in_sight(work, visit)
            at = doing.where(work, visit, doing.in_role(work, visit, ticket, "merge"))
            try:
                found = merging.preview(at, ticket, number)
            except Incomplete as incomplete:
                raise Wrong("incomplete", said=doing.told_in(visit, incomplete.args[0])) from incomplete
            except Refused as refusal:
                raise Wrong("refused", said=doing.told_in(visit, refusal.reason)) from refusal
            return visit.page(
                "merge.html",
                merging=found,
                cards=[card_of(work, visit, ticket), card_of(work, visit, found.into)],
                names=work.staff.names(),
                refused=refused,
                reason=visit.form.get("reason", ""),
            )

    # -- suspected repeats --------------------------------------------------------------------------

    def judge(self, visit: Visit) -> Response:
        """A suspected repeat is one, or is none."""
        verdict = visit.form.get("verdict", "")
        if verdict not in (repeats.SAME, repeats.OTHER):
            raise Wrong("nothing_chosen")
        with self._desk.store.writing() as work:
            ticket = case_in_sight(work, visit)
            earlier = ticket_of(work, visit, visit.path("other"))
            by = doing.strongest(visit, ticket)
            if earlier is None or not repeats.judge(
                work, ticket, earlier, verdict=verdict, by=by, now=visit.now
            ):
                raise NotFound
        return visit.go(f"/cases/{ticket.number}?{look_of(self._desk, visit).page}", said="saved")

    # -- clusters -----------------------------------------------------------------------------------

    def cluster(self, visit: Visit) -> Response:
        return self._cluster(visit)

    def change_cluster(self, visit: Visit) -> Response:
        """Another lead, one more, one less, or the end."""
        try:
            with self._desk.store.writing() as work:
                self._change(work, visit)
        except Wrong as wrong:
            page = self._cluster(visit, visit.words(f"problem_{wrong.key}", **wrong.values))
            page.status_code = 422
            return page
        from_thread.run(self._desk.live.publish, EVENT, "")
        return visit.go(f"/clusters/{visit.number('cluster')}", said="saved")

    def _change(self, work: Work, visit: Visit) -> None:
        gathering = self._gathering(work, visit, lock=True)
        cluster, do = gathering.cluster, visit.form.get("do", "")
        by = doing.strongest(visit, gathering.lead)
        try:
            if do == "end":
                return clusters.end(work, cluster, by=by, now=visit.now)
            ticket = ticket_of(work, visit, visit.form.get("number", ""))
            if ticket is None:
                raise Wrong("not_found")
            if do == "lead":
                clusters.give_lead(work, cluster, ticket, by=by, now=visit.now)
            elif do == "leave":
                clusters.take_out(work, cluster, ticket, by=by, now=visit.now)
            elif do == "add":
                clusters.add(work, cluster, ticket, by=by, now=visit.now)
            else:
                raise Wrong("nothing_chosen")
        except NotPossible as refused:
            raise Wrong("refused", said=doing.told_in(visit, refused.args[0])) from refused

    def _cluster(self, visit: Visit, refused: str = "") -> Response:
        with self._desk.store.reading() as work:
            return visit.page(
                "cluster.html",
                gathering=self._gathering(work, visit),
                departments={
                    d.code: d.name.in_(visit.member.language) for d in work.staff.departments(active=None)
                },
                names=work.staff.names(),
                refused=refused,
            )

    def _gathering(self, work: Work, visit: Visit, *, lock: bool = False) -> Gathering:
        """Raises: NotFound, also where none of the cases is in sight."""
        cluster = work.matching.cluster(visit.number("cluster"), lock=lock)
        if cluster is None:
            raise NotFound
        members = work.matching.members(cluster.id, limit=MOST)
        found = [t for t in work.tickets.many([m.ticket_id for m in members]) if visit.scope.holds(t)]
        if not found:
            raise NotFound
        size = work.matching.count_members([cluster.id]).get(cluster.id, 0)
        tasks = work.clocks.tasks(cluster.lead_id, kind=clusters.TASK)
        lead = work.tickets.get(cluster.lead_id)
        own = [task for task in tasks if task.data.get("cluster") == cluster.id]
        return Gathering(cluster, lead, found, size - len(found), own)
