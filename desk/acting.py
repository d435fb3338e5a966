"""What staff do with a case: every step of its life, a look at a hidden value, a finished task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from anyio import from_thread
from starlette.responses import Response

from casework.access.model import Audit
from casework.access.rights import Right, actors_of
from casework.storage.tickets import ChangedMeanwhile
from casework.storage.work import Work
from casework.text import Reason
from casework.tickets import handling
from casework.tickets.alarms import alarm_seen, open_alarms
from casework.tickets.handling import Incomplete
from casework.tickets.model import Actor, Ticket
from casework.tickets.states import Refused, State
from casework.tickets.steps import Rules, legal_actions
from desk.board import case_in_sight, talk_in_sight
from desk.desk import Desk
from desk.visits import NotFound, Visit, Wrong
from desk.wording import Words

#: The wake-up for whoever is told of what happens to cases. Source: app.bus.
EVENT = "event"
#: Shortest reason for a look at personal data, in characters.
MIN_REASON = 4
#: Entries of a form that say no more than where it stood.
_OF_THE_FORM = frozenset({"csrf", "seen", "case"})
#: Cases of one batch.
MAX_BATCH = 200


class Acting:
    """``POST /desk/cases/…``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def act(self, visit: Visit) -> Response:
        """One step. ``seen``: the version on the screen."""
        action = visit.path("action")
        given: dict[str, object] = {
            key: value for key, value in visit.form.items() if key not in _OF_THE_FORM and value
        }
        if "until" in given:
            given["until"] = self._moment(str(given["until"]))
        seen = visit.form.get("seen", "")
        with self._desk.store.writing() as work:
            ticket = case_in_sight(work, visit)
            changed = self._do(work, visit, ticket, action, given, seen=int(seen) if seen.isdigit() else None)
        from_thread.run(self._desk.live.publish, EVENT, "")
        if visit.form.get("next") == "1":
            return visit.go("/cases?view=mine", said="done_next")
        if not visit.scope.holds(changed):  # it went to another department
            return visit.go("/cases", said=f"did_{action}")
        return visit.go(f"/cases/{ticket.number}", said=f"did_{action}")

    def batch(self, visit: Visit) -> Response:
        """Give several cases to one colleague; those that cannot be are named."""
        handler = visit.form.get("handler", "")
        numbers = visit.many.get("number", ())[:MAX_BATCH]
        if not numbers:
            raise Wrong("nothing_chosen")
        refused = []
        for number in numbers:  # each by itself: one that cannot be does not hold up the others
            with self._desk.store.writing() as work:
                ticket = work.tickets.by_number(number)
                if ticket is None or not visit.scope.holds(ticket):
                    raise NotFound
                try:
                    action = "accept" if ticket.state is State.TRIAGE else "reassign"
                    given = {"handler": handler, "department": ticket.department}
                    self._do(work, visit, ticket, action, given, seen=None)
                except Wrong:
                    refused.append(number)
        if refused:
            raise Wrong("batch_refused", numbers=", ".join(refused), n=len(numbers) - len(refused))
        return visit.go("/cases", said="batch_done")

    def finish_task(self, visit: Visit) -> Response:
        result = visit.form.get("result", "")
        with self._desk.store.writing() as work:
            ticket = case_in_sight(work, visit)
            task = next((t for t in work.clocks.tasks(ticket.id) if t.id == visit.number("task")), None)
            if task is None:
                raise NotFound
            by = self._strongest(visit, ticket)
            desk = handling.Desk(work, self._rules, by, visit.now, scope=visit.scope)
            try:
                if not handling.finish_task(desk, task, result=result):
                    raise Wrong("task_over")
            except Incomplete as incomplete:
                raise Wrong("needs_result") from incomplete
        return visit.go(f"/cases/{ticket.number}", said="task_done")

    def reveal(self, visit: Visit) -> Response:
        """Show one hidden value, once, for a reason that is logged before the value is given."""
        reason, key = visit.form.get("reason", ""), visit.path("field")
        if len(reason) < MIN_REASON:
            raise Wrong("reason_short", n=MIN_REASON)
        with self._desk.store.writing() as work:
            ticket = case_in_sight(work, visit)
            held = ticket.details.get(key)
            value = (
                ticket.description if key == "description" else (held.display or held.text) if held else ""
            )
            if not value:
                raise NotFound
            work.access.log(
                Audit(visit.now, visit.member.login, "reveal", "ticket", ticket.number, key, reason[:500])
            )
        return visit.page("_revealed.html", value=value)

    def alarm_seen(self, visit: Visit) -> Response:
        """Somebody of staff sees to a person in danger; the alarm leaves all lists."""
        with self._desk.store.writing() as work:
            talk = talk_in_sight(work, visit)
            for ticket in open_alarms(work):
                if ticket.conversation_id == talk.id:
                    alarm_seen(work, ticket, name=visit.member.login, now=visit.now)
        return visit.go(f"/talks/{talk.id}", said="alarm_taken")

    # -- ----------------------------------------------------------------------------------------------

    @property
    def _rules(self) -> Rules:
        return Rules(self._desk.house.packs, self._desk.house.calendar)

    def _do(
        self,
        work: Work,
        visit: Visit,
        ticket: Ticket,
        action: str,
        given: Mapping[str, object],
        *,
        seen: int | None,
    ) -> Ticket:
        by = self._in_role(work, visit, ticket, action)
        try:
            return handling.act(
                handling.Desk(work, self._rules, by, visit.now, scope=visit.scope),
                ticket,
                action,
                given,
                seen=seen,
            )
        except Incomplete as incomplete:
            raise Wrong("incomplete", said=told_in(visit.words, incomplete.args[0])) from incomplete
        except ChangedMeanwhile as changed:
            last = changed.last
            who = (last.actor_name or last.actor) if last else ""
            what = visit.words.get(f"event_{last.action}", last.action) if last else ""
            raise Wrong("changed", who=who, what=what) from changed
        except Refused as refused:
            raise Wrong("refused", said=told_in(visit.words, refused.reason)) from refused

    def _in_role(self, work: Work, visit: Visit, ticket: Ticket, action: str) -> Actor:
        """The weakest of the member's roles that may do it; the strongest, to be refused with a reason, if none may."""
        roles = actors_of(visit.member, visit.scope, ticket.department)
        for by in roles:
            if action in legal_actions(work, ticket, by=by, now=visit.now):
                return by
        return self._strongest(visit, ticket)

    def _strongest(self, visit: Visit, ticket: Ticket) -> Actor:
        roles = actors_of(visit.member, visit.scope, ticket.department)
        if not roles or Right.WORK not in visit.rights:
            raise NotFound
        return roles[-1]

    def _moment(self, text: str) -> str:
        """A local date, or date and time, of the form, as ISO 8601 with its zone."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise Wrong("date_unread") from error
        zone = ZoneInfo(self._desk.house.calendar.zone)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()


def told_in(words: Words, reason: object) -> str:
    """A reason of the core in the language of who reads it."""
    if not isinstance(reason, Reason):
        return str(reason)
    return words(f"refused_{reason.code}", **reason.values)
