"""Against programs we did not write, all on this machine.

Two npm packages as the platform, a WeChat client on the command line, another API client, and the recorded
payloads of another framework.
"""

from __future__ import annotations

import ast
import asyncio
import base64
import json
import os
import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from wechatpy import WeChatClient, parse_message
from wechatpy.session.memorystorage import MemoryStorage

from casework.conversations.model import Event, InboundMessage, Media, OutboundMessage
from connectors.wechat import webhook
from connectors.wechat.api import WeChatApi
from connectors.wechat.crypto import read
from connectors.wechat.receive import parse_push
from connectors.wechat.send import WeChatSender
from connectors.wechat.settings import WeChatSettings
from connectors.wechat.token import MemoryTokenStore
from tests.connectors.shelf import PNG, Shelf
from tests.connectors.wechat.conftest import AES_KEY, OLD_AES_KEY, SmallCore, serving
from tests.connectors.wechat.fake_api import FakeWeChat
from tests.connectors.wechat.peers.install import PeersMissing, install

pytestmark = pytest.mark.peer

PROGRAMS = Path(__file__).parent / "peers"
ALPHABET = "水电路灯漏坏了三天 abcXYZ019,.!?，。！？\n<>&\"'/\\{}[]]>😀👨‍👩‍👧🇨🇳é"


@pytest.fixture(scope="module")
def peers() -> Path:
    """Where the peers are installed. Missing ones skip the tests, except where CI is true."""
    try:
        return install()
    except PeersMissing as missing:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"peers are missing: {missing}")
        pytest.skip(f"peers are missing: {missing}")


async def node(peers: Path, script: Path, *arguments: str, told: object = None) -> str:
    """Standard output of a Node program; fails with its standard error."""
    process = await asyncio.create_subprocess_exec(
        "node",
        "--no-deprecation",
        str(script),
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "NODE_PATH": str(peers / "node_modules")},
    )
    given = b"" if told is None else json.dumps(told).encode()
    out, err = await asyncio.wait_for(process.communicate(given), 30)
    assert process.returncode == 0, err.decode()[-2000:]
    return out.decode()


def echoing(message: InboundMessage) -> OutboundMessage:
    return OutboundMessage(
        id=int(message.provider_id) if message.provider_id.isdecimal() else 1,
        conversation_id=1,
        channel="wechat",
        address=message.address,
        text=f"[{message.text}]",
    )


def served_app(settings: WeChatSettings, core: SmallCore) -> Starlette:
    return Starlette(routes=webhook.routes(settings, core, core, WeChatSender(settings, MemoryTokenStore())))


@pytest.mark.parametrize("aes_key", [AES_KEY, OLD_AES_KEY])
@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("library", ["wechat-crypto", "@wecom/crypto"])
async def test_other_peoples_cryptography_is_understood_and_understands_us(
    peers: Path, safe_settings: WeChatSettings, core: SmallCore, library: str, form: str, aes_key: str
) -> None:
    chance = random.Random(f"{library}{form}")
    contents = ["]]>x", *("".join(chance.choices(ALPHABET, k=chance.randint(1, 90))) for _ in range(12))]
    contents = [text.strip().lstrip("/ \n") or "空" for text in contents]
    core.engine = echoing
    async with serving(served_app(safe_settings, core)) as base:
        told = {
            "url": base + webhook.PATH,
            "token": safe_settings.token,
            "aesKey": aes_key,
            "appId": safe_settings.app_id,
            "lib": library,
            "form": form,
            "contents": contents,
        }
        found = json.loads(await node(peers, PROGRAMS / "platform.js", told=told))
    assert found["echo"] == "echo-1"
    assert [message.text for message in core.messages] == contents
    assert found["answers"] == [f"[{text}]" for text in contents]
    assert set(found["ids"]) == {safe_settings.app_id}
    assert set(found["signed"]) == {True}
    assert set(found["tampered"]) == {403}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("t", "楼上漏水"), ("楼上漏水", (), Event.MESSAGE)),
        (
            ("i", "http://127.0.0.1/a.jpg"),
            ("", (Media("photo", url="http://127.0.0.1/a.jpg"),), Event.MESSAGE),
        ),
        (("e", "subscribe"), ("", (), Event.START)),
        (("e", "CLICK", "我要投诉"), ("我要投诉", (), Event.MESSAGE)),
    ],
)
async def test_a_command_line_client_talks_to_us_in_plain_mode(
    peers: Path, settings: WeChatSettings, core: SmallCore, said: tuple[str, ...], expected: tuple[Any, ...]
) -> None:
    core.engine = lambda message: OutboundMessage(
        id=1, conversation_id=1, channel="wechat", address=message.address, text="您好，已收到 ]]> <b>"
    )
    webot = peers / "node_modules/webot-cli/bin/webot"
    async with serving(served_app(settings, core)) as base:
        port = base.rpartition(":")[2]
        where = ("--host", "127.0.0.1", "--port", port, "--route", webhook.PATH)
        shown = await node(peers, webot, "send", *said, "--token", settings.token, *where)
        await node(peers, webot, "send", *said, "--token", "not the token", *where)
    (message,) = core.messages
    assert (message.text, message.media, message.event) == expected
    assert "您好，已收到 ]]> <b>" in shown


async def test_our_bodies_are_those_of_another_client(
    peers: Path, settings: WeChatSettings, sender: WeChatSender, platform: FakeWeChat, tmp_path: Path
) -> None:
    """Also anchors the fake platform: the other client reads its answers and its errors."""
    store = MemoryTokenStore()
    api = WeChatApi(settings, store)
    token = (await api.issue_token()).value
    menu: list[Mapping[str, object]] = [
        {"type": "click", "name": "我要投诉", "key": "lodge"},
        {"name": "更多", "sub_button": []},
    ]
    picture = base64.b64decode("iVBORw0KGgo=")
    said = OutboundMessage(
        id=1, conversation_id=1, channel="wechat", address="oP", text='您好 👋 "<&>"\n第二行'
    )
    (tmp_path / "a.png").write_bytes(picture)

    platform.calls.clear()
    await sender.send(said)
    await sender.send(OutboundMessage(2, 1, "wechat", "oP", "", media=(Media("photo", ref="media-1"),)))
    await api.create_menu(menu)
    ref = await api.upload_image(picture, name="a.png", mime="image/png")
    fetched = await api.download(ref)
    await api.close()
    ours = [call for call in platform.calls if "stable_token" not in call.path]

    platform.calls.clear()
    steps = [
        ["sendText", "oP", said.text],
        ["sendImage", "oP", "media-1"],
        ["createMenu", {"button": menu}],
        ["uploadImageMedia", str(tmp_path / "a.png")],
        ["getMedia", ref],
    ]
    told = {"base": settings.api_base, "token": token, "steps": steps}
    results = json.loads(await node(peers, PROGRAMS / "client.js", told=told))
    theirs = list(platform.calls)

    assert [call.path for call in ours] == [call.path for call in theirs]
    assert [call.query for call in ours] == [call.query for call in theirs]
    assert [call.body for call in ours[:3]] == [call.body for call in theirs[:3]]
    assert platform.media["media-1"] == platform.media["media-2"] == (picture, "image/png")
    assert [result.get("errcode") for result in results[:3]] == [0, 0, 0]
    assert results[3]["media_id"] == "media-2"
    assert base64.b64decode(results[4]["bytes"]) == fetched.content == picture


async def test_a_picture_of_staff_goes_out_as_by_the_other_client(
    peers: Path, settings: WeChatSettings, platform: FakeWeChat, tmp_path: Path
) -> None:
    picture = Media("photo", mime="image/png", name="a.png", sha="a" * 64)
    store, shelf = MemoryTokenStore(), Shelf(kept={picture.sha: PNG})
    ours = WeChatSender(settings, store, files=shelf)
    await ours.send(OutboundMessage(1, 1, "wechat", "oP", "", media=(picture,)))
    await ours.stop()
    by_us = [call for call in platform.calls if "stable_token" not in call.path]

    (tmp_path / "a.png").write_bytes(PNG)
    platform.calls.clear()
    steps = [["uploadImageMedia", str(tmp_path / "a.png")], ["sendImage", "oP", "media-1"]]
    told = {"base": settings.api_base, "token": platform.valid_token, "steps": steps}
    results = json.loads(await node(peers, PROGRAMS / "client.js", told=told))
    assert [(call.path, call.query) for call in by_us] == [(call.path, call.query) for call in platform.calls]
    assert by_us[1].body == platform.calls[1].body
    assert platform.media["media-1"] == platform.media["media-2"] == (PNG, "image/png")
    assert results[1]["errcode"] == 0


async def test_our_notices_beyond_48_hours_are_those_of_two_other_clients(
    peers: Path, settings: WeChatSettings, platform: FakeWeChat
) -> None:
    api = WeChatApi(settings, MemoryTokenStore())
    token = (await api.issue_token()).value
    fields = {"thing1": "滨江区政务服务中心", "time2": "2026-11-20 12:00"}
    await api.send_template("oP", "tpl", fields)
    await api.send_subscription("oP", "sub", fields)
    await api.close()
    ours = [(call.path, call.body) for call in platform.calls[-2:]]

    data = {name: {"value": value} for name, value in fields.items()}
    told = {
        "base": settings.api_base,
        "token": token,
        "steps": [["sendTemplate", "oP", "tpl", None, None, data]],
    }
    await node(peers, PROGRAMS / "client.js", told=told)
    client = WeChatClient("app", "secret", session=MemoryStorage())
    client.API_BASE_URL = f"{settings.api_base}/cgi-bin/"
    client.session.set(client.access_token_key, token)
    await asyncio.to_thread(client.message.send_subscribe_message, "oP", "sub", data)
    theirs = [(call.path, call.body) for call in platform.calls[-2:]]
    for (our_path, our_body), (their_path, their_body) in zip(ours, theirs, strict=True):
        assert our_path == their_path
        assert our_body == {name: value for name, value in their_body.items() if value is not None}


async def test_another_client_reads_the_fake_platforms_errors(
    peers: Path, settings: WeChatSettings, platform: FakeWeChat
) -> None:
    api = WeChatApi(settings, MemoryTokenStore())
    token = (await api.issue_token()).value
    await api.close()
    platform.count_quotas = True
    platform.person_wrote("oP")
    steps = [["sendText", "oP", "您好"]] * 6 + [
        ["sendText", "oOther", "您好"],
        ["sendText", "oP", "水" * 700],
    ]
    told = {"base": settings.api_base, "token": token, "steps": steps}
    results = json.loads(await node(peers, PROGRAMS / "client.js", told=told))
    assert [result.get("code", 0) for result in results] == [0] * 5 + [45047, 45015, 45002]


def recorded_pushes(peers: Path) -> list[str]:
    """The XML payloads in the other framework's own tests."""
    (root,) = (path for path in peers.glob("WeRoBot-*") if path.is_dir())
    found: list[str] = []
    for path in sorted((root / "tests").glob("test_*.py")):
        for item in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(item, ast.Constant) and isinstance(item.value, str):
                text = item.value.strip()
                if re.search(r"^<xml>.*<CreateTime>\d+</CreateTime>.*<MsgType>", text, re.DOTALL):
                    found.append(text)
    return found


def test_recorded_pushes_are_read_as_another_parser_reads_them(peers: Path) -> None:
    pushes = recorded_pushes(peers)
    kinds = set()
    for xml in pushes:
        fields, _ = read(xml)
        message = parse_push(fields)
        other = parse_message(xml)
        assert message is not None
        assert message.address == other.source
        assert message.sent_at is not None
        assert int(message.sent_at.timestamp()) == other.time
        kinds.add((other.type, getattr(other, "event", "")))
        if other.type != "event" and other.id:
            assert message.provider_id == str(other.id)
        _compare(message, other)
    assert len(pushes) >= 80
    assert len(kinds) >= 35


def _compare(message: InboundMessage, other: Any) -> None:
    """Hold ``other``, wechatpy's reading, against ours."""
    media = message.media[0] if message.media else Media("file")
    if other.type == "text":
        assert message.text == other.content.lstrip("/")
    elif other.type == "image":
        assert (media.kind, media.ref, media.url) == ("photo", other.media_id or "", other.image)
    elif other.type == "voice":
        assert (media.kind, media.ref, message.text) == ("voice", other.media_id, other.recognition or "")
    elif other.type in ("video", "shortvideo"):
        assert (media.kind, media.ref) == ("video", other.media_id)
    elif other.type == "location":
        assert (media.latitude, media.longitude) == (float(other.location_x), float(other.location_y))
        assert media.text == (other.label or "")
    elif other.type == "link":
        assert (media.name, media.text, media.url) == (other.title, other.description, other.url)
    elif other.type == "event":
        expected = {
            "subscribe": Event.START,
            "subscribe_scan": Event.START,
            "scan": Event.START,
            "unsubscribe": Event.UNREACHABLE,
            "click": Event.MESSAGE,
        }
        assert message.event is expected.get(other.event, Event.NOTE)
        if other.event in ("subscribe_scan", "scan"):
            assert message.profile["scene"] == other.scene_id
        if other.event == "click":
            assert message.text == other.key
    else:  # wechatpy knows neither the kind nor the event
        assert message.event is Event.NOTE or message.profile["unknown"]
