"""What the page posts and what it reads back, without a browser."""

from __future__ import annotations

import json
import logging
import uuid
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from casework.conversations.model import Author, Button, Event, Media
from connectors.web.routes import routes
from connectors.web.send import WebSender
from connectors.web.settings import WebSettings
from tests.connectors.web.core import MemoryCore, MemoryFiles

A, B = str(uuid.UUID(int=0xA)), str(uuid.UUID(int=0xB))


async def say(client: httpx.AsyncClient, fields: dict[str, Any], **headers: str) -> httpx.Response:
    return await client.post("/web/messages", json=fields, headers=headers)


async def read(client: httpx.AsyncClient, after: int = 0) -> list[dict[str, Any]]:
    answer = await client.get("/web/messages", params={"after": after})
    messages: list[dict[str, Any]] = answer.json()["messages"]
    return messages


async def test_a_text_is_stored_before_it_is_accepted(client: httpx.AsyncClient, core: MemoryCore) -> None:
    answer = await say(client, {"id": A, "text": "停电了"})
    assert answer.status_code == 202
    (message,) = core.received
    assert (message.channel, message.text, message.event) == ("web", "停电了", Event.MESSAGE)
    assert message.provider_id == f"{message.address}:{A}"
    assert message.profile == {"language": "zh"}
    assert (await read(client))[0]["ref"] == answer.json()["ref"]


async def test_the_first_message_makes_an_address_that_scripts_cannot_read(client: httpx.AsyncClient) -> None:
    assert "set-cookie" not in (await client.get("/")).headers
    cookie = (await say(client, {"id": A, "text": "你好"})).headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    assert name == "tingsu_chat"
    assert len(rest.partition(";")[0]) == 22
    assert {"HttpOnly", "SameSite=lax", "Max-Age=31536000", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


async def test_over_https_the_cookie_is_secure_and_bound_to_the_host(core: MemoryCore) -> None:
    app = Starlette(routes=routes(WebSettings("x", ("zh",), True), core, core, MemoryFiles(core)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://chat.test") as browser:
        cookie = (await say(browser, {"id": A, "text": "你好"})).headers["set-cookie"]
        assert cookie.startswith("__Host-tingsu_chat=")
        assert "; Secure" in cookie
        await say(browser, {"id": B, "text": "还在"})
        assert len(await read(browser)) == 2


async def test_one_browser_stays_in_one_conversation_and_strangers_see_nothing(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, core: MemoryCore
) -> None:
    await say(client, {"id": A, "text": "一"})
    await say(client, {"id": B, "text": "二"})
    assert len(core.addresses) == 1
    assert [message["text"] for message in await read(client)] == ["一", "二"]
    assert await read(stranger) == []
    await say(stranger, {"id": A, "text": "三"})
    assert [message["text"] for message in await read(stranger)] == ["三"]


async def test_the_same_id_twice_is_one_message(client: httpx.AsyncClient, core: MemoryCore) -> None:
    first = await say(client, {"id": A, "text": "漏水"})
    again = await say(client, {"id": A.upper(), "text": "漏水"})
    assert (first.json()["duplicate"], again.json()["duplicate"]) == (False, True)
    assert first.json()["ref"] == again.json()["ref"]
    assert len(core.received) == 1


async def test_a_button_is_pressed_by_its_token(client: httpx.AsyncClient, core: MemoryCore) -> None:
    await say(client, {"id": A, "text": "你好"})
    core.add(core.addresses[0], "对吗？", buttons=(Button("对", payload="affirm", token="abcDEF-_1234"),))
    shown = (await read(client))[-1]["buttons"]
    assert shown == [{"title": "对", "token": "abcDEF-_1234", "url": ""}]
    assert (await say(client, {"id": B, "token": shown[0]["token"]})).status_code == 202
    assert core.received[-1].token == "abcDEF-_1234"
    assert "affirm" not in (await client.get("/web/messages")).text


async def test_a_place_is_taken(client: httpx.AsyncClient, core: MemoryCore) -> None:
    place = {"latitude": 30.25, "longitude": -120, "label": "东门"}
    assert (await say(client, {"id": A, "location": place})).status_code == 202
    assert core.received[0].media == (Media(kind="location", text="东门", latitude=30.25, longitude=-120.0),)


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "no id"},
        {"id": "1", "text": "short id"},
        {"id": 7, "text": "x"},
        {"id": A},
        {"id": A, "text": 5},
        {"id": A, "text": None},
        {"id": A, "text": ["x"]},
        {"id": A, "text": "x", "token": "y"},
        {"id": A, "token": ""},
        {"id": A, "token": "a b"},
        {"id": A, "token": "x" * 65},
        {"id": A, "location": "here"},
        {"id": A, "location": {}},
        {"id": A, "location": {"latitude": 91, "longitude": 0}},
        {"id": A, "location": {"latitude": True, "longitude": 0}},
        {"id": A, "location": {"latitude": "1", "longitude": 0}},
        {"id": A, "location": {"latitude": 10**400, "longitude": 0}},
        {"id": A, "location": {"latitude": 1, "longitude": 1, "label": 3}},
        [],
        "text",
    ],
)
async def test_what_cannot_be_read_is_refused_in_words_and_not_stored(
    client: httpx.AsyncClient, core: MemoryCore, fields: Any
) -> None:
    answer = await client.post("/web/messages", json=fields, headers={"accept-language": "en"})
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "malformed",
        "message": "This message could not be read. Please reload the page and send it again.",
    }
    assert core.received == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe\x00", b"[" * 60_000, b'{"id": NaN}', b'{"a":1}{"b":2}', b"\x00" * 100],
)
async def test_broken_bytes_are_refused(client: httpx.AsyncClient, core: MemoryCore, body: bytes) -> None:
    answer = await client.post("/web/messages", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert core.received == []


async def test_not_a_number_as_a_place_is_refused(client: httpx.AsyncClient, core: MemoryCore) -> None:
    body = json.dumps({"id": A, "location": {"latitude": float("nan"), "longitude": 0}})
    answer = await client.post("/web/messages", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400


async def test_an_empty_text_is_told_as_such(client: httpx.AsyncClient, core: MemoryCore) -> None:
    answer = await say(client, {"id": A, "text": " \n\t"})
    assert (answer.status_code, answer.json()["error"]) == (400, "empty")
    assert core.received == []


@pytest.mark.parametrize(
    "text", ["0[", "]]>", "/lodge_complaint{}", "😡😡", "a\x00b\x07", "\ud800", "长" * 5000]
)
async def test_odd_texts_go_through_untouched(client: httpx.AsyncClient, core: MemoryCore, text: str) -> None:
    body = json.dumps({"id": A, "text": text})
    answer = await client.post("/web/messages", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 202
    assert core.received[0].text == text


async def test_a_body_that_is_too_large_is_refused_announced_or_not(
    client: httpx.AsyncClient, core: MemoryCore
) -> None:
    async def pieces() -> Any:
        for _ in range(70):
            yield b" " * 1024

    large = json.dumps({"id": A, "text": "x" * 66_000}).encode()
    for content in (large, pieces()):
        answer = await client.post(
            "/web/messages", content=content, headers={"content-type": "application/json"}
        )
        assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    assert core.received == []


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"origin": "http://chat.test.evil.test"},
        {"origin": "http://chat.test:8080"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://chat.test"},
    ],
)
async def test_a_post_from_another_site_is_refused(
    client: httpx.AsyncClient, core: MemoryCore, headers: dict[str, str]
) -> None:
    await say(client, {"id": A, "text": "我"})
    assert (await say(client, {"id": B, "text": "x"}, **headers)).status_code == 403
    form = {"files": {"file": ("a.png", b"\x89PNG\r\n\x1a\n")}, "data": {"id": B}}
    assert (await client.post("/web/uploads", headers=headers, **form)).status_code == 403  # type: ignore[arg-type]
    forget = await client.post("/web/forget", headers=headers)
    assert forget.status_code == 403
    assert "set-cookie" not in forget.headers
    assert len(core.received) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://chat.test"},
        {"origin": "https://chat.test", "sec-fetch-site": "same-origin"},
        {"origin": "http://CHAT.test"},
    ],
)
async def test_a_post_from_the_page_itself_is_taken(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await say(client, {"id": A, "text": "x"}, **headers)).status_code == 202


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
async def test_a_form_of_another_site_cannot_pass_for_json(client: httpx.AsyncClient, kind: str) -> None:
    body = json.dumps({"id": A, "text": "x"})
    answer = await client.post("/web/messages", content=body, headers={"content-type": kind})
    assert answer.status_code == 415


async def test_a_forged_cookie_counts_as_none(client: httpx.AsyncClient, core: MemoryCore) -> None:
    await say(client, {"id": A, "text": "x"}, cookie="tingsu_chat=../../etc")
    assert len(core.addresses[0]) == 22


async def test_when_nothing_was_stored_the_page_is_told_and_the_log_keeps_quiet(
    client: httpx.AsyncClient, core: MemoryCore, caplog: pytest.LogCaptureFixture
) -> None:
    core.fails = True
    with caplog.at_level(logging.DEBUG, logger="connectors.web"):
        answer = await say(client, {"id": A, "text": "我的电话是13800000000"})
    assert (answer.status_code, answer.json()["error"]) == (503, "not_stored")
    assert "set-cookie" not in answer.headers
    assert "web.not_stored: RuntimeError" in caplog.text
    assert "13800000000" not in caplog.text


async def test_the_list_starts_after_the_message_the_page_has(
    client: httpx.AsyncClient, core: MemoryCore
) -> None:
    await say(client, {"id": A, "text": "一"})
    for text in ("二", "三"):
        core.add(core.addresses[0], text)
    assert [message["seq"] for message in await read(client, after=1)] == [2, 3]
    for odd in ("-1", "x", "², ", "9" * 400):
        assert (await client.get("/web/messages", params={"after": odd})).status_code == 200


async def test_staff_are_named_and_dangerous_button_links_are_dropped(
    client: httpx.AsyncClient, core: MemoryCore
) -> None:
    await say(client, {"id": A, "text": "一"})
    buttons = (Button("开", url="javascript:alert(1)"), Button("看", url="https://example.org"))
    core.add(core.addresses[0], "我来", author=Author.STAFF, name="李芳", buttons=buttons)
    shown = (await read(client))[-1]
    assert (shown["author"], shown["name"]) == ("staff", "李芳")
    assert [button["url"] for button in shown["buttons"]] == ["", "https://example.org"]


async def test_the_page_shows_that_an_answer_is_being_made(
    client: httpx.AsyncClient, core: MemoryCore
) -> None:
    core.held = True
    await say(client, {"id": A, "text": "一"})
    assert (await client.get("/web/messages")).json()["typing"] is True
    core.release(core.addresses[0])
    assert (await client.get("/web/messages")).json()["typing"] is False


async def test_a_new_chat_drops_the_cookie_and_keeps_the_old_conversation(
    client: httpx.AsyncClient, core: MemoryCore
) -> None:
    await say(client, {"id": A, "text": "一"})
    assert (await client.post("/web/forget")).status_code == 204
    assert await read(client) == []
    await say(client, {"id": B, "text": "二"})
    assert len(core.addresses) == 2


async def test_sending_needs_nothing_because_the_page_reads_the_transcript() -> None:
    health = await WebSender(MemoryCore()).health()
    assert health.ok
