"""The envelope of WeChat's calls: signatures, AES, XML and JSON. What the fields mean is read in ``receive``.

AES and the signature's hash are wechatpy's; the comparison, the framing and the XML reader are ours, because
wechatpy compares with ``!=``, loses a message with one broken byte, does not read JSON, and reads XML of any
depth. Source of the protocol: Tencent, "消息推送" and "消息加解密说明".
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from xml.parsers import expat

from wechatpy.crypto import PrpCrypto
from wechatpy.crypto.base import WeChatCipher
from wechatpy.utils import WeChatSigner

from connectors.wechat.settings import WeChatSettings

Format = Literal["xml", "json"]

#: Deepest nesting that is read; real pushes use 4.
MAX_DEPTH = 12

#: Characters that XML 1.0 forbids, and halves of surrogate pairs (JSON can smuggle them in).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_BLOCK_BYTES = 32  # PKCS#7 as WeChat uses it, twice the AES block
_RANDOM_BYTES = 16


class Refused(Exception):
    """The call is not proven to come from WeChat; the argument says why, without content. Answer: 403."""


class Unreadable(Exception):
    """The call is authentic, or cannot be judged, but its body makes no sense. Answer: ``success``."""


@dataclass(frozen=True)
class Push:
    """One opened call: cleaned scalar fields, and how a reply must look; no ``aes_key`` means plain text."""

    fields: Mapping[str, str]
    format: Format
    aes_key: str = ""


@dataclass(frozen=True)
class Reply:
    """Bytes for the body of our answer."""

    body: bytes
    media_type: str


def clean(text: str) -> str:
    """``text`` without the characters that would break XML or the database."""
    return _FORBIDDEN.sub("", text)


def cdata(text: str) -> str:
    """``text`` as a CDATA section that cannot be left from inside."""
    return f"<![CDATA[{clean(text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts, in hexadecimal."""
    signer = WeChatSigner()
    signer.add_data(*(part.encode("utf-8", "replace") for part in parts))
    return str(signer.signature)


class Envelope:
    """Opens the platform's calls and closes our answers for one account."""

    def __init__(self, settings: WeChatSettings) -> None:
        self._settings = settings

    def is_authentic(self, query: Mapping[str, str]) -> bool:
        """Whether ``signature`` covers ``timestamp`` and ``nonce``; this is all that a plain call carries."""
        return _same(query.get("signature", ""), self._signature_of(query))

    def open(self, body: bytes, query: Mapping[str, str]) -> Push:
        """Verify, decrypt and read one call.

        Raises: Refused, Unreadable.
        """
        if self._is_encrypted(query):
            return self._open_encrypted(body, query)
        if self._settings.require_encryption:
            raise Refused("not encrypted")
        if not self.is_authentic(query):
            raise Refused("signature")
        fields, form = read(_text(body))
        return Push(fields=fields, format=form)

    def seal(
        self, content: Mapping[str, str | int], push: Push, *, nonce: str, timestamp: int, random: bytes
    ) -> Reply:
        """The answer to ``push``, in its format and under its key.

        ``random``: 16 unpredictable bytes without NUL; ``nonce``: digits or letters.
        """
        text = _write(content, push.format)
        if push.aes_key:
            encrypted = encrypt(text, aes_key=push.aes_key, app_id=self._settings.app_id, random=random)
            text = _write(
                {
                    "Encrypt": encrypted,
                    "MsgSignature": signature(self._settings.token, str(timestamp), nonce, encrypted),
                    "TimeStamp": timestamp,
                    "Nonce": nonce,
                },
                push.format,
            )
        kind = "text/xml" if push.format == "xml" else "application/json"
        return Reply(body=text.encode("utf-8"), media_type=kind)

    def _is_encrypted(self, query: Mapping[str, str]) -> bool:
        return bool(self._settings.aes_keys) and (
            query.get("encrypt_type") == "aes" or "msg_signature" in query
        )

    def _open_encrypted(self, body: bytes, query: Mapping[str, str]) -> Push:
        try:
            outer, form = read(_text(body))
        except Unreadable:
            raise Refused("no readable envelope") from None
        encrypted = outer.get("Encrypt", "")
        if not _same(query.get("msg_signature", ""), self._signature_of(query, encrypted)):
            raise Refused("msg_signature")
        for key in self._settings.aes_keys:
            text = decrypt(encrypted, aes_key=key, app_id=self._settings.app_id)
            if text is not None:
                # In compatible mode the same fields also stand outside in plain text; those are not signed.
                fields, inner = read(text)
                return Push(fields=fields, format=inner, aes_key=key)
        raise Unreadable(f"no key opens this {form} envelope; check EncodingAESKey and the app id")

    def _signature_of(self, query: Mapping[str, str], *more: str) -> str:
        return signature(self._settings.token, query.get("timestamp", ""), query.get("nonce", ""), *more)


def decrypt(encrypted: str, *, aes_key: str, app_id: str) -> str | None:
    """Plain text of base64 ``encrypted``; ``None`` if key or app id do not fit or it is malformed."""
    key = base64.b64decode(aes_key + "=")
    try:
        padded: bytes = WeChatCipher(key).decrypt(base64.b64decode(encrypted))
        plain = padded[_RANDOM_BYTES : -padded[-1]] if 1 <= padded[-1] <= _BLOCK_BYTES else b""
        (size,) = struct.unpack(">I", plain[:4])
    except (ValueError, IndexError, struct.error):
        return None
    content, owner = plain[4 : 4 + size], plain[4 + size :]
    if len(content) != size or not hmac.compare_digest(owner, app_id.encode()):
        return None
    return _text(content)


def encrypt(text: str, *, aes_key: str, app_id: str, random: bytes) -> str:
    """``text`` for the platform, in base64. ``random``: 16 bytes."""
    cipher = PrpCrypto(base64.b64decode(aes_key + "="))
    cipher.get_random_string = lambda: random  # wechatpy's own is neither secret nor an argument
    encrypted: bytes = cipher.encrypt(text, app_id)
    return encrypted.decode("ascii")


def read(text: str) -> tuple[dict[str, str], Format]:
    """The top-level scalar fields of an XML or JSON push, cleaned; nested parts are left out.

    Raises: Unreadable.
    """
    text = clean(text).lstrip("\ufeff \t\r\n")
    return (_read_json(text), "json") if text.startswith("{") else (_read_xml(text), "xml")


def _read_json(text: str) -> dict[str, str]:
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("JSON") from None
    if not isinstance(data, dict):
        raise Unreadable("JSON without an object")
    return {
        clean(name): clean(str(value))
        for name, value in data.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }


def _read_xml(text: str) -> dict[str, str]:
    fields: dict[str, list[str]] = {}
    path: list[str] = []
    closed: set[str] = set()

    def start(name: str, _attributes: Mapping[str, str]) -> None:
        path.append(name)
        if len(path) > MAX_DEPTH:
            raise Unreadable("XML nested too deeply")
        if len(path) == 2:
            fields.setdefault(name, [])

    def end(name: str) -> None:
        if len(path) == 2:
            closed.add(name)  # the first of two fields of one name counts
        path.pop()

    def characters(chunk: str) -> None:
        if len(path) == 2 and path[1] not in closed:
            fields[path[1]].append(chunk)

    def doctype(*_about: object) -> None:
        raise Unreadable("XML with a DOCTYPE")

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError:
        raise Unreadable("XML") from None
    return {name: clean("".join(chunks)) for name, chunks in fields.items()}


def _write(content: Mapping[str, str | int], form: Format) -> str:
    if form == "json":
        cleaned = {name: clean(value) if isinstance(value, str) else value for name, value in content.items()}
        return json.dumps(cleaned, ensure_ascii=False, separators=(",", ":"))
    parts = (
        f"<{name}>{cdata(value) if isinstance(value, str) else value}</{name}>"
        for name, value in content.items()
    )
    return f"<xml>{''.join(parts)}</xml>"


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("ascii"))
