"""Many cases for one colleague, each by itself: what cannot be does not hold up the others."""

from __future__ import annotations

from anyio import from_thread
from starlette.responses import Response

from casework.tickets.states import State
from desk import doing
from desk.acting import EVENT, ticket_of
from desk.board import Board, Result
from desk.desk import Desk
from desk.visits import Visit, Wrong

#: Cases of one batch.
MOST = 200


class Batch:
    """``/desk/cases/batch``"""

    def __init__(self, desk: Desk, board: Board) -> None:
        self._desk, self._board = desk, board

    def assign(self, visit: Visit) -> Response:
        handler = visit.form.get("handler", "")
        numbers = visit.many.get("number", ())[:MOST]
        if not numbers:
            raise Wrong("nothing_chosen")
        if not handler:
            raise Wrong("batch_handler")
        results = [self._assign(visit, number, handler) for number in dict.fromkeys(numbers)]
        if any(result.given for result in results):
            from_thread.run(self._desk.live.publish, EVENT, "")
        return self._board.listed(visit, results=results)

    def _assign(self, visit: Visit, number: str, handler: str) -> Result:
        words = visit.words
        try:
            with self._desk.store.writing() as work:
                ticket = ticket_of(work, visit, number)
                if ticket is None:
                    return Result(number, False, words.problem_not_found)
                action = "accept" if ticket.state is State.TRIAGE else "reassign"
                given = {"handler": handler, "department": ticket.department}
                doing.act(work, visit, ticket, action, given)
                name = work.staff.names().get(handler, handler)
        except Wrong as wrong:
            return Result(number, False, words(f"problem_{wrong.key}", **wrong.values))
        return Result(number, True, words("batch_given", name=name))
