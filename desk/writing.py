"""The routes of what staff write with: canned replies, answers of the knowledge base, and their set-up pages."""

from __future__ import annotations

from starlette.routing import BaseRoute

from casework.access.rights import Right
from desk.answers import Answers
from desk.desk import Desk
from desk.inserting import Inserting
from desk.replies import Replies
from desk.visits import Door


def writing_routes(desk: Desk, door: Door) -> list[BaseRoute]:
    inserting, replies, answers = Inserting(desk), Replies(desk), Answers(desk)
    return [
        door.get("/talks/{talk}/replies", inserting.replies, right=Right.SPEAK),
        door.get("/talks/{talk}/answers", inserting.answers, right=Right.SPEAK),
        door.get("/setup/replies", replies.show, right=Right.REPLIES),
        door.get("/setup/replies/new", replies.new, right=Right.REPLIES),
        door.post("/setup/replies/new", replies.save, right=Right.REPLIES),
        door.get("/setup/replies/{ref}", replies.one, right=Right.REPLIES),
        door.post("/setup/replies/{ref}", replies.save, right=Right.REPLIES),
        door.post("/setup/replies/{ref}/retire", replies.retire, right=Right.REPLIES),
        door.get("/setup/knowledge", answers.show, right=Right.KNOWLEDGE),
        door.get("/setup/knowledge/new", answers.new, right=Right.KNOWLEDGE),
        door.post("/setup/knowledge/new", answers.save, right=Right.KNOWLEDGE),
        door.get("/setup/knowledge/{pack}/{name}", answers.one, right=Right.KNOWLEDGE),
        door.post("/setup/knowledge/{pack}/{name}", answers.save, right=Right.KNOWLEDGE),
        door.post("/setup/knowledge/{pack}/{name}/retire", answers.retire, right=Right.KNOWLEDGE),
    ]
