"""Conversations by the API: one who takes it, answers that wake the courier, and giving it back."""

from __future__ import annotations

from datetime import timedelta

from casework.conversations.handover import request_person
from casework.conversations.ports import Window
from tests.api.conftest import Api
from tests.casework.test_filing import talk


def _waiting(api: Api, address: str) -> int:
    with api.store.writing() as work:
        return request_person(work, talk(work, address), now=api.now).id


def test_a_chat_is_taken_answered_and_passed_on(api: Api) -> None:
    li, wang = api.token("Li"), api.token("Wang")
    chat = _waiting(api, "ann")
    assert [c["id"] for c in api.get("/conversations", li).json()["items"]] == [chat]
    assert api.post(f"/conversations/{chat}/claim", li).json()["owner_name"] == "Li"
    late = api.post(f"/conversations/{chat}/claim", wang)
    assert (late.status_code, late.json()["detail"]) == (409, "Li has it")
    assert api.post(f"/conversations/{chat}/say", li, {"text": "您好，我是小李"}).status_code == 200
    assert api.said == [chat, chat]
    shown = api.get(f"/conversations/{chat}", li).json()
    assert [(m["author"], m["text"], m["state"]) for m in shown["items"]] == [
        ("staff", "您好，我是小李", "queued"),
    ]  # fmt: skip
    assert api.post(f"/conversations/{chat}/transfer", li, {"to": "Wang"}).json()["owner_name"] == "Wang"
    assert api.get("/conversations", li).json()["items"] == []
    assert [c["id"] for c in api.get("/conversations?owner=staff", li).json()["items"]] == [chat]


def test_before_answering_it_is_told_whether_that_would_arrive(api: Api) -> None:
    token, chat = api.token(), _waiting(api, "ann")
    api.window = Window(2, api.now + timedelta(hours=3))
    api.post(f"/conversations/{chat}/say", token, {"text": "您好"})
    found = api.get(f"/conversations/{chat}/reach", token).json()
    ends = (api.now + timedelta(hours=3)).isoformat().replace("+00:00", "Z")
    assert (found["state"], found["left"], found["until"]) == ("open", 1, ends)
    api.window = Window(0, api.now, announces=True)
    found = api.get(f"/conversations/{chat}/reach", token).json()
    assert (found["state"], found["announced"]) == ("over", True)
    assert api.get("/conversations/99/reach", token).status_code == 404


def test_a_chat_goes_back_when_an_engine_is_there(api: Api) -> None:
    token, chat = api.token(), _waiting(api, "ann")
    api.post(f"/conversations/{chat}/claim", token)
    away = api.post(f"/conversations/{chat}/release", token, {"agreed": "周五回电"})
    assert (away.status_code, away.json()["type"]) == (409, "urn:tingsu:problem:engine-away")
    with api.store.writing() as work:
        work.engines.sign("e", state="ready", model="m", now=api.now)
    back = api.post(f"/conversations/{chat}/release", token, {"agreed": "周五回电"})
    assert (back.status_code, back.json()["owner"]) == (200, "bot")
    told = [m["text"] for m in api.get(f"/conversations/{chat}", token).json()["items"] if not m["internal"]]
    assert told[-1].startswith("周五回电")


def test_the_queue_is_paged_by_who_waited_longest(api: Api) -> None:
    token, chats = api.token(), []
    for name in ("a", "b", "c"):
        api.now += timedelta(minutes=1)
        chats.append(_waiting(api, name))
    first = api.get("/conversations?limit=2", token).json()
    rest = api.get("/conversations", token, params={"limit": 2, "cursor": first["next"]}).json()
    assert [c["id"] for c in first["items"] + rest["items"]] == chats
    assert rest["next"] is None
    assert api.get("/conversations/999", token).status_code == 404
