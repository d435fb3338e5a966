"""All endpoints of our own API, and the routes that serve them."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from api import acting, beside, chats, house, shapes, tickets
from api.layer import Endpoint, Server, Services, problem
from api.openapi import document
from api.problems import Refusal
from casework.clients.model import Scope

PREFIX = "/api/v1"
_READ, _ACT, _CHAT = (Scope.READ,), (Scope.ACT,), (Scope.CHAT,)
_TICKET = "/tickets/{number}"
_CHAT_PATH = "/conversations/{id}"


def endpoints() -> tuple[Endpoint, ...]:
    unknown, taken = ("unknown",), ("unknown", "taken")
    return (
        Endpoint("GET", "/me", "Who the token acts as", "house", (), house.show_self, house.Self),
        Endpoint(
            "GET", "/departments", "Departments", "house", _READ, house.list_departments, house.Departments,
            house.LanguageQuery,
        ),
        Endpoint(
            "GET", "/staff", "Who works here", "house", _READ, house.list_staff, house.StaffPage,
            house.StaffQuery,
        ),
        Endpoint(
            "GET", "/categories", "Categories and what each asks for", "house", _READ, house.list_categories,
            house.Categories, house.LanguageQuery,
        ),
        Endpoint(
            "GET", "/tickets", "List tickets", "tickets", _READ, tickets.list_tickets, shapes.TicketPage,
            shapes.TicketQuery, codes=unknown,
        ),
        Endpoint(
            "POST", "/tickets", "File a ticket for somebody who called or came", "tickets", (Scope.FILE,),
            tickets.file_for_somebody, shapes.Filed, body=shapes.NewTicket, status=201,
        ),
        Endpoint("GET", _TICKET, "One ticket", "tickets", _READ, tickets.show_ticket, shapes.Ticket, codes=unknown),
        Endpoint(
            "GET", f"{_TICKET}/history", "Its history", "tickets", _READ, tickets.show_history, shapes.History,
            codes=unknown,
        ),
        Endpoint(
            "GET", f"{_TICKET}/clocks", "Its clocks", "tickets", _READ, tickets.show_clocks, shapes.Clocks,
            codes=unknown,
        ),
        Endpoint(
            "GET", f"{_TICKET}/actions", "What the token's role may do now", "actions", _READ,
            tickets.show_actions, shapes.Actions, codes=unknown,
        ),
        *acting.endpoints(),
        Endpoint(
            "GET", "/tasks", "List tasks", "tasks", _READ, beside.list_tasks, beside.TaskPage, beside.TaskQuery,
            codes=unknown,
        ),
        Endpoint(
            "POST", "/tasks/{id}/finish", "Finish a task", "tasks", _ACT, beside.finish, beside.Finished,
            body=beside.Result, codes=unknown,
        ),
        Endpoint(
            "GET", "/alarms/danger", "People in danger whom nobody looked at", "alarms", _READ,
            beside.list_dangers, beside.DangerPage, beside.PageQuery,
        ),
        Endpoint(
            "POST", "/alarms/danger/{id}/seen", "Say that somebody sees to it", "alarms", _ACT,
            beside.see_danger, beside.Seen, codes=unknown,
        ),
        Endpoint(
            "GET", "/alarms/clocks", "Alarms of clocks", "alarms", _READ, beside.list_clock_alarms,
            beside.ClockAlarmPage, beside.PageQuery,
        ),
        Endpoint(
            "GET", "/conversations", "List conversations with or before a person", "conversations", _CHAT,
            chats.list_chats, chats.ChatPage, chats.ChatQuery,
        ),
        Endpoint(
            "GET", _CHAT_PATH, "What was said", "conversations", _CHAT, chats.show_chat, chats.Transcript,
            chats.TranscriptQuery, codes=unknown,
        ),
        Endpoint(
            "GET", f"{_CHAT_PATH}/reach", "Whether an answer would arrive", "conversations", _CHAT,
            chats.show_reach, chats.Reached, codes=unknown,
        ),
        Endpoint(
            "POST", f"{_CHAT_PATH}/claim", "Take it over", "conversations", _CHAT, chats.claim, chats.Chat,
            codes=taken,
        ),
        Endpoint(
            "POST", f"{_CHAT_PATH}/say", "Answer the person", "conversations", _CHAT, chats.say, chats.Said,
            body=chats.Say, codes=taken,
        ),
        Endpoint(
            "POST", f"{_CHAT_PATH}/transfer", "Pass it on", "conversations", _CHAT, chats.transfer, chats.Chat,
            body=chats.Colleague, codes=taken,
        ),
        Endpoint(
            "POST", f"{_CHAT_PATH}/release", "Give it back to the bot", "conversations", _CHAT, chats.release,
            chats.Chat, body=chats.Closing, codes=(*taken, "engine-away"),
        ),
        Endpoint(
            "GET", "/media/{id}", "A file of a ticket", "tickets", (Scope.READ, Scope.PERSONAL),
            beside.fetch_file, bytes, codes=unknown,
        ),
    )  # fmt: skip


def routes(services: Services) -> list[BaseRoute]:
    """The whole API below ``/api/v1``, with its document at ``/api/v1/openapi.json``."""
    server, made = Server(services), endpoints()
    described = json.dumps(document(made, title=f"{services.house.organisation}: Tingsu API", prefix=PREFIX))

    async def openapi(_request: Request) -> Response:
        return Response(described, media_type="application/vnd.oai.openapi+json;version=3.1")

    async def elsewhere(scope: AsgiScope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        path = request.url.path.removeprefix(PREFIX)
        allowed = sorted({e.method for e in made if _matches(e.path, path)})
        if allowed:
            refusal = Refusal(
                "wrong-method", f"use {', '.join(allowed)}", headers={"Allow": ", ".join(allowed)}
            )
        else:
            refusal = Refusal("unknown", f"there is nothing at this path; see {PREFIX}/openapi.json")
        await problem(refusal, request)(scope, receive, send)

    own: list[BaseRoute] = [Route("/openapi.json", openapi, methods=["GET"])]
    own += [Route(e.path, server.handler(e), methods=[e.method], name=e.name) for e in made]
    own.append(Mount("/", app=elsewhere))
    return [Mount(PREFIX, routes=own)]


def _matches(path: str, asked: str) -> bool:
    own, other = path.strip("/").split("/"), asked.strip("/").split("/")
    return len(own) == len(other) and all(
        a.startswith("{") or a == b for a, b in zip(own, other, strict=True)
    )
