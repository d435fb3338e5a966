"""Readers of single settings: text in, value out. Each raises ValueError with the cure."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

#: Sector packs that come with the house; an organisation may add its own folder to ``packs/``.
PACK_NAMES = ("government", "power", "ecommerce", "hospitality", "finance", "telecom", "urban")


def text(value: str) -> str:
    return value


def choice(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"use one of: {', '.join(allowed)}")
        return value

    return read


def port(value: str) -> int:
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise ValueError("use a port number from 1 to 65535")
    return int(value)


def whole(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isdecimal() or not least <= int(value) <= most:
            raise ValueError(f"use a whole number from {least} to {most}")
        return int(value)

    return read


def fields_as_json(value: str) -> Mapping[str, str]:
    try:
        fields = json.loads(value)
    except ValueError:
        fields = None
    if not isinstance(fields, dict) or not all(isinstance(text, str) for text in fields.values()):
        raise ValueError('use JSON such as {"thing1": "{organisation}", "time2": "{time}"}')
    return fields


def scanner(value: str) -> str:
    from casework.media.scanning import scanner_of

    scanner_of(value)
    return value


def media_store(value: str) -> str:
    from casework.media.shelves import bucket_of

    bucket_of(value)
    return value.rstrip("/")


def many(allowed: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    def read(value: str) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
        wrong = [name for name in names if name not in allowed]
        if wrong or not names:
            raise ValueError(f"use a comma-separated list of: {', '.join(allowed)}")
        return names

    return read


def words(value: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    if not found:
        raise ValueError("use one name, or several with commas")
    return found


def pack_names(value: str) -> tuple[str, ...]:
    """Names of folders in ``packs/``; whether they are there is for the loader to say."""
    names = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    if not names or not all(re.fullmatch(r"[a-z][a-z0-9_-]*", name) for name in names):
        raise ValueError(f"use a comma-separated list of folders in packs/, such as: {', '.join(PACK_NAMES)}")
    return names


def zone(value: str) -> str:
    if value not in available_timezones():
        near = difflib.get_close_matches(value, available_timezones(), n=1)
        raise ValueError(
            "use an IANA name such as Asia/Shanghai" + (f"; did you mean {near[0]}?" if near else "")
        )
    ZoneInfo(value)
    return value


def url(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not (parts.netloc or parts.scheme.startswith("sqlite")):
            raise ValueError(f"use a full address beginning with {' or '.join(s + '://' for s in schemes)}")
        return value.rstrip("/")

    return read


def origins(value: str) -> tuple[str, ...]:
    read = url("https", "http")
    found = tuple(read(part.strip()) for part in value.split(",") if part.strip())
    if any(urlsplit(origin).path for origin in found):
        raise ValueError("use scheme, host and port alone, such as http://10.0.0.5:8080; several with commas")
    return found


def database_url(value: str) -> str:
    value = re.sub(r"^postgres(ql)?://", "postgresql+psycopg2://", value)
    if not value.startswith(("sqlite:///", "postgresql+psycopg2://")):
        raise ValueError("use sqlite:///path/to/file.db or postgresql://user:password@host/name")
    return value


def aes_key(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9+/]{43}", value):
        raise ValueError("copy the 43 characters of EncodingAESKey from the WeChat console")
    return value


def telegram_token(value: str) -> str:
    if not re.fullmatch(r"\d{3,20}:[A-Za-z0-9_-]{10,100}", value):
        raise ValueError("copy the token that @BotFather gave you, such as 123456:ABC-DEF…")
    return value


def secret_token(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        raise ValueError("use 1 to 256 of the characters A-Z a-z 0-9 _ -")
    return value


def address(value: str) -> str:
    if not re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)*", parseaddr(value)[1]):
        raise ValueError("use an address such as Tingsu <tingsu@example.org>")
    return value


def fernet_keys(value: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in value.split(",") if key.strip())
    if not keys or any(not re.fullmatch(r"[A-Za-z0-9_-]{43}=", key) for key in keys):
        raise ValueError(
            "use the key that `tingsu doctor --new-key` prints; several, newest first, with commas"
        )
    return keys
