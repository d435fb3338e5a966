"""Pushes as the platform would make them, by our own code; ``test_peers`` has the second opinion."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from connectors.wechat.crypto import cdata, encrypt, signature
from connectors.wechat.settings import WeChatSettings

ACCOUNT = "gh_account"
PERSON = "oPerson-1"

Security = Literal["plain", "compatible", "safe"]


def text_push(content: str = "楼上漏水", *, msg_id: int = 7001, person: str = PERSON) -> dict[str, str | int]:
    """The fields of a text message."""
    return {
        "ToUserName": ACCOUNT,
        "FromUserName": person,
        "CreateTime": 1_700_000_000,
        "MsgType": "text",
        "Content": content,
        "MsgId": msg_id,
    }


def event_push(event: str, key: str = "", *, person: str = PERSON, **more: str | int) -> dict[str, str | int]:
    """The fields of an event."""
    fields: dict[str, str | int] = {
        "ToUserName": ACCOUNT,
        "FromUserName": person,
        "CreateTime": 1_700_000_000,
        "MsgType": "event",
        "Event": event,
    }
    return fields | ({"EventKey": key} if key else {}) | more


def as_xml(fields: Mapping[str, str | int]) -> str:
    parts = (f"<{name}>{cdata(v) if isinstance(v, str) else v}</{name}>" for name, v in fields.items())
    return f"<xml>{''.join(parts)}</xml>"


def pushed(
    fields: Mapping[str, str | int],
    settings: WeChatSettings,
    *,
    security: Security = "plain",
    form: Literal["xml", "json"] = "xml",
    aes_key: str = "",
) -> tuple[dict[str, str], bytes]:
    """Query and body of one push. In compatible mode the plain fields outside are told apart by a lie."""
    write = as_xml if form == "xml" else lambda part: json.dumps(part, ensure_ascii=False)
    query = {"timestamp": "1700000000", "nonce": "4711", "openid": str(fields.get("FromUserName", ""))}
    query["signature"] = signature(settings.token, query["timestamp"], query["nonce"])
    if security == "plain":
        return query, write(fields).encode()
    random = b"0123456789abcdef"
    key = aes_key or settings.aes_key
    encrypted = encrypt(write(fields), aes_key=key, app_id=settings.app_id, random=random)
    query["encrypt_type"] = "aes"
    query["msg_signature"] = signature(settings.token, query["timestamp"], query["nonce"], encrypted)
    outer: dict[str, str | int] = {"ToUserName": ACCOUNT, "Encrypt": encrypted}
    if security == "compatible":
        outer = {**fields, "Content": "not what was signed", "Encrypt": encrypted}
    return query, write(outer).encode()
