"""What staff do with a case: every step of its life, a look at a hidden value, a finished task.

What is refused comes back on the card, with the reason above the form and all that was typed still in it.
"""

from __future__ import annotations

from collections.abc import Callable

from anyio import from_thread
from starlette.responses import Response

from casework.access.model import Audit
from casework.storage.work import Work
from casework.tickets import handling
from casework.tickets.alarms import alarm_seen, open_alarms
from casework.tickets.desk import note
from casework.tickets.handling import Incomplete
from casework.tickets.model import Ticket
from desk import doing, forms
from desk.board import Board, case_in_sight, talk_in_sight
from desk.desk import Desk
from desk.lists import look_of, next_after
from desk.visits import PART, NotFound, Visit, Wrong

#: The wake-up for whoever is told of what happens to cases. Source: app.bus.
EVENT = "event"
#: Shortest reason for a look at personal data, in characters.
MIN_REASON = 4


class Acting:
    """``POST /desk/cases/{number}/…``"""

    def __init__(self, desk: Desk, board: Board) -> None:
        self._desk, self._board = desk, board

    def act(self, visit: Visit) -> Response:
        """One step; of a follow-up call the step that it came to."""
        return self._kept(
            visit, f"act-{visit.path('action')}", lambda: self._act(visit, visit.path("action"))
        )

    def _act(self, visit: Visit, action: str) -> Response:
        seen, look = visit.form.get("seen", ""), look_of(self._desk, visit)
        with self._desk.store.writing() as work:
            ticket = case_in_sight(work, visit)
            if action == "call":
                action, given = forms.read_call(visit, ticket)
            else:
                given = forms.read(visit, ticket, action)
            following = next_after(work, visit, look, ticket.number) if visit.form.get("next") == "1" else ""
            version = int(seen) if seen.isdecimal() else None
            changed = doing.act(work, visit, ticket, action, given, seen=version)
        from_thread.run(self._desk.live.publish, EVENT, "")
        if following:
            return visit.go(f"/cases/{following}?{look.page}", said="done_next")
        if visit.form.get("next") == "1" or not visit.scope.holds(changed):  # it went to another department
            return visit.go(f"/cases?{look.address()}", said=f"did_{action}")
        return visit.go(f"/cases/{ticket.number}?{look.page}", said=f"did_{action}")

    def finish_task(self, visit: Visit) -> Response:
        return self._kept(visit, f"task-{visit.path('task')}", lambda: self._finish(visit))

    def _finish(self, visit: Visit) -> Response:
        with self._desk.store.writing() as work:
            ticket = case_in_sight(work, visit)
            task = next((t for t in work.clocks.tasks(ticket.id) if t.id == visit.number("task")), None)
            if task is None:
                raise NotFound
            at = doing.where(work, visit, doing.strongest(visit, ticket, task.department))
            try:
                if not handling.finish_task(at, task, result=visit.form.get("result", "")):
                    raise Wrong("task_over")
            except Incomplete as incomplete:
                raise Wrong("needs_result") from incomplete
        return visit.go(self._here(visit), said="task_done")

    def set_tags(self, visit: Visit) -> Response:
        """The marks of the house's list that this case bears."""
        tags = [tag for tag in visit.many.get("tag", ()) if tag in self._desk.house.tags]
        with self._desk.store.writing() as work:
            ticket = case_in_sight(work, visit)
            at = doing.where(work, visit, doing.strongest(visit, ticket))
            if work.tags.set(ticket.id, tags, now=visit.now):
                note(at, ticket, "tagged", {"tags": tags})
        return visit.go(self._here(visit), said="saved")

    def reveal(self, visit: Visit) -> Response:
        """Show one hidden value, once, for a reason that is logged before the value is given."""
        return self._kept(visit, f"reveal-{visit.path('field')}", lambda: self._reveal(visit))

    def _reveal(self, visit: Visit) -> Response:
        reason, key = visit.form.get("reason", ""), visit.path("field")
        if len(reason) < MIN_REASON:
            raise Wrong("reason_short", n=MIN_REASON)
        with self._desk.store.writing() as work:
            ticket = case_in_sight(work, visit)
            value = _hidden_value(ticket, key)
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

    def _kept(self, visit: Visit, form: str, do: Callable[[], Response]) -> Response:
        """What is refused comes back with what was typed; for script it is the reason alone."""
        try:
            return do()
        except Wrong as wrong:
            if PART in visit.request.headers:
                raise
            return self._board.again(visit, form, wrong)

    def _here(self, visit: Visit) -> str:
        return f"/cases/{visit.path('number')}?{look_of(self._desk, visit).page}"


def _hidden_value(ticket: Ticket, key: str) -> str:
    if key == "description":
        return ticket.description
    held = ticket.details.get(key)
    return (held.display or held.text) if held else ""


def ticket_of(work: Work, visit: Visit, number: str) -> Ticket | None:
    """Another case that is named on a form, where this visitor sees it."""
    found = work.tickets.by_number(number.upper().replace(" ", ""))
    return found if found is not None and visit.scope.holds(found) else None
