"""The pages of cases: lists, cards, what is done there, what leaves the house."""

from __future__ import annotations

from casework.access.rights import Right
from desk.acting import Acting
from desk.batch import Batch
from desk.board import Board
from desk.desk import Desk
from desk.exporting import Exporting
from desk.merging import Merging
from desk.visits import DeskRoute, Door


def case_routes(desk: Desk, door: Door, board: Board, acting: Acting) -> list[DeskRoute]:
    """A name that stands where a number may stand comes first."""
    batch, merging, exporting = Batch(desk, board), Merging(desk, board), Exporting(desk)
    return [
        door.get("/cases", board.cases, right=Right.CASES),
        door.get("/cases/filters", board.filters, right=Right.CASES),
        door.get("/cases/batch", board.giving, right=Right.BATCH),
        door.post("/cases/batch", batch.assign, right=Right.BATCH),
        door.get("/cases/export", exporting.show, right=Right.EXPORT),
        door.post("/cases/export", exporting.send, right=Right.EXPORT),
        door.get("/cases/{number}", board.case, right=Right.CASES),
        door.get("/cases/{number}/print", board.printed, right=Right.CASES),
        door.get("/cases/{number}/acts/{action}", board.step, right=Right.WORK),
        door.post("/cases/{number}/acts/{action}", acting.act, right=Right.WORK),
        door.get("/cases/{number}/merge", merging.preview, right=Right.WORK),
        door.post("/cases/{number}/merge", merging.confirm, right=Right.WORK),
        door.post("/cases/{number}/links/{other}", merging.judge, right=Right.WORK),
        door.post("/cases/{number}/tasks/{task}", acting.finish_task, right=Right.WORK),
        door.post("/cases/{number}/tags", acting.set_tags, right=Right.WORK),
        door.post("/cases/{number}/reveal/{field}", acting.reveal, right=Right.REVEAL),
        door.get("/clusters/{cluster}", merging.cluster, right=Right.CASES),
        door.post("/clusters/{cluster}", merging.change_cluster, right=Right.BATCH),
    ]
