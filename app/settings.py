"""All settings, read once from the environment, a ``.env`` file and ``NAME_FILE`` files.

Every problem (missing, wrong, unknown name) is reported together, each with its cure. Nothing is read at import.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from dotenv import dotenv_values

PREFIX = "TINGSU_"

#: Sector packs that come with the house; an organisation may add its own folder to ``packs/``.
PACK_NAMES = ("government", "power", "ecommerce", "hospitality", "finance", "telecom", "urban")


class SettingsError(Exception):
    """The settings cannot be used. ``problems``: all of them, each naming its cure."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def _text(value: str) -> str:
    return value


def _choice(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"use one of: {', '.join(allowed)}")
        return value

    return read


def _port(value: str) -> int:
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise ValueError("use a port number from 1 to 65535")
    return int(value)


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isdecimal() or not least <= int(value) <= most:
            raise ValueError(f"use a whole number from {least} to {most}")
        return int(value)

    return read


def _fields_as_json(value: str) -> Mapping[str, str]:
    try:
        fields = json.loads(value)
    except ValueError:
        fields = None
    if not isinstance(fields, dict) or not all(isinstance(text, str) for text in fields.values()):
        raise ValueError('use JSON such as {"thing1": "{organisation}", "time2": "{time}"}')
    return fields


def _scanner(value: str) -> str:
    from casework.media.scanning import scanner_of

    scanner_of(value)
    return value


def _media_store(value: str) -> str:
    from casework.media.shelves import bucket_of

    bucket_of(value)
    return value.rstrip("/")


def _many(allowed: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    def read(value: str) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
        wrong = [name for name in names if name not in allowed]
        if wrong or not names:
            raise ValueError(f"use a comma-separated list of: {', '.join(allowed)}")
        return names

    return read


def _pack_names(value: str) -> tuple[str, ...]:
    """Names of folders in ``packs/``; whether they are there is for the loader to say."""
    names = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    if not names or not all(re.fullmatch(r"[a-z][a-z0-9_-]*", name) for name in names):
        raise ValueError(f"use a comma-separated list of folders in packs/, such as: {', '.join(PACK_NAMES)}")
    return names


def _zone(value: str) -> str:
    if value not in available_timezones():
        near = difflib.get_close_matches(value, available_timezones(), n=1)
        raise ValueError(
            "use an IANA name such as Asia/Shanghai" + (f"; did you mean {near[0]}?" if near else "")
        )
    ZoneInfo(value)
    return value


def _url(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not (parts.netloc or parts.scheme.startswith("sqlite")):
            raise ValueError(f"use a full address beginning with {' or '.join(s + '://' for s in schemes)}")
        return value.rstrip("/")

    return read


def _origins(value: str) -> tuple[str, ...]:
    read = _url("https", "http")
    found = tuple(read(part.strip()) for part in value.split(",") if part.strip())
    if any(urlsplit(origin).path for origin in found):
        raise ValueError("use scheme, host and port alone, such as http://10.0.0.5:8080; several with commas")
    return found


def _database_url(value: str) -> str:
    value = re.sub(r"^postgres(ql)?://", "postgresql+psycopg2://", value)
    if not value.startswith(("sqlite:///", "postgresql+psycopg2://")):
        raise ValueError("use sqlite:///path/to/file.db or postgresql://user:password@host/name")
    return value


def _aes_key(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9+/]{43}", value):
        raise ValueError("copy the 43 characters of EncodingAESKey from the WeChat console")
    return value


def _telegram_token(value: str) -> str:
    if not re.fullmatch(r"\d{3,20}:[A-Za-z0-9_-]{10,100}", value):
        raise ValueError("copy the token that @BotFather gave you, such as 123456:ABC-DEF…")
    return value


def _secret_token(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        raise ValueError("use 1 to 256 of the characters A-Z a-z 0-9 _ -")
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)*", parseaddr(value)[1]):
        raise ValueError("use an address such as Tingsu <tingsu@example.org>")
    return value


def _fernet_keys(value: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in value.split(",") if key.strip())
    if not keys or any(not re.fullmatch(r"[A-Za-z0-9_-]{43}=", key) for key in keys):
        raise ValueError(
            "use the key that `tingsu doctor --new-key` prints; several, newest first, with commas"
        )
    return keys


def _setting(
    read: Callable[[str], Any], about: str, *, default: Any = MISSING, secret: bool = False, example: str = ""
) -> Any:
    meta = {"read": read, "about": about, "example": example}
    if default is MISSING:
        return field(repr=not secret, metadata=meta)
    return field(default=default, repr=not secret, metadata=meta)


_DATA_DIR = Path("var")


@dataclass(frozen=True)
class Settings:
    """One frozen value. Secrets do not show in ``repr``."""

    database_url: str = _setting(
        _database_url,
        "Where everything is kept: SQLite file or PostgreSQL",
        default="",
        secret=True,
        example="postgresql://tingsu:secret@localhost/tingsu",
    )
    redis_url: str = _setting(
        _url("redis", "rediss", "unix"),
        "Redis or Valkey for wake-ups; empty starts an embedded Valkey",
        default="",
        secret=True,
        example="redis://localhost:6379/0",
    )
    data_dir: Path = _setting(  # noqa: RUF009
        Path, "Folder for files Tingsu keeps (database, key, models)", default=_DATA_DIR
    )
    data_key: tuple[str, ...] = _setting(
        _fernet_keys,
        "Key that encrypts personal fields; empty makes one in DATA_DIR/data.key",
        default=(),
        secret=True,
    )
    host: str = _setting(_text, "Address the gateway listens on", default="127.0.0.1")
    port: int = _setting(_port, "Port the gateway listens on", default=8321)
    packs: tuple[str, ...] = _setting(
        _pack_names, "Sector packs this organisation runs", default=("government", "power")
    )
    organisation: str = _setting(_text, "Name shown to complainants", default="Tingsu 听诉")
    timezone: str = _setting(_zone, "Time zone of the organisation", default="Asia/Shanghai")
    country: str = _setting(
        _choice("CN", "GB", "US", "HK", "TW", "SG"),
        "Country: working days, emergency numbers, phone numbers",
        default="CN",
    )
    languages: tuple[str, ...] = _setting(
        _many(("zh", "en")), "Languages offered, the first is the default", default=("zh", "en")
    )
    public_url: str = _setting(
        _url("https", "http"), "Address under which the gateway is reached from outside", default=""
    )
    log_level: str = _setting(
        _choice("debug", "info", "warning", "error"), "How much is logged", default="info"
    )
    log_format: str = _setting(
        _choice("text", "json"), "text for people, json (one object a line) for programs", default="text"
    )
    metrics_port: int = _setting(
        _port,
        "Port on which each process shows /metrics and /healthz; without it the gateway shows them on its own",
        default=0,
        example="9321",
    )
    traces_url: str = _setting(
        _url("https", "http"),
        "Where OpenTelemetry traces are sent (OTLP over HTTP); empty sends none",
        default="",
        secret=True,  # such addresses often carry a key
        example="http://localhost:4318/v1/traces",
    )
    handover_minutes: int = _setting(
        _whole(1, 1440),
        "Office minutes within which staff take a waiting chat; then the person is told",
        default=10,
    )
    staff_grace_minutes: int = _setting(
        _whole(1, 1440),
        "Minutes without a sign of staff, while the person waits, after which a chat goes back to the queue",
        default=15,
    )
    flood_per_person: int = _setting(
        _whole(5, 10_000), "Messages a minute of one person that are answered; more are set aside", default=30
    )
    flood_per_channel: int = _setting(
        _whole(10, 1_000_000),
        "Messages a minute of one channel and gateway; above it, people who only come now are asked to come again",
        default=3000,
    )
    api_per_minute: int = _setting(
        _whole(10, 100_000),
        "Requests a minute of one API token and gateway; more are answered with 429",
        default=600,
    )
    open311: str = _setting(
        _choice("keyed", "public", "words"),
        "What Open311 shows of cases: keyed to holders of a token, public to all but never what people wrote, "
        "words that too",
        default="keyed",
    )
    open311_jurisdiction: str = _setting(
        _text,
        "The jurisdiction_id that Open311 answers to; any without it",
        default="",
        example="town.example",
    )
    trusted_origins: tuple[str, ...] = _setting(
        _origins,
        "Addresses inside your own network that webhooks may be sent to; all others must be public",
        default=(),
        example="http://10.0.0.5:8080",
    )
    telegram_token: str = _setting(_telegram_token, "Bot token from @BotFather", default="", secret=True)
    telegram_mode: str = _setting(
        _choice("webhook", "polling"), "polling needs no public address", default="polling"
    )
    telegram_api_base: str = _setting(
        _url("https", "http"), "Telegram's API server", default="https://api.telegram.org"
    )
    telegram_secret_token: str = _setting(
        _secret_token, "Secret of the webhook; empty derives one from the token", default="", secret=True
    )
    wechat_app_id: str = _setting(_text, "AppID of the official account", default="")
    wechat_app_secret: str = _setting(_text, "AppSecret of the official account", default="", secret=True)
    wechat_token: str = _setting(_text, "Token of the message push", default="", secret=True)
    wechat_aes_key: str = _setting(_aes_key, "EncodingAESKey; empty for plain mode", default="", secret=True)
    wechat_previous_aes_key: str = _setting(
        _aes_key, "EncodingAESKey before the last change", default="", secret=True
    )
    wechat_mode: str = _setting(
        _choice("auto", "active", "passive"),
        "auto: answer in the call and by customer service; passive: in the call only",
        default="auto",
    )
    wechat_api_base: str = _setting(
        _url("https", "http"), "WeChat's API server", default="https://api.weixin.qq.com"
    )

    wechat_subscription_id: str = _setting(
        _text, "Subscription notice (订阅通知) that says beyond 48 hours that there is news", default=""
    )
    wechat_template_id: str = _setting(
        _text, "Template message (模板消息) for the same, where the account has one", default=""
    )
    wechat_notice_fields: Mapping[str, str] = _setting(
        _fields_as_json,
        "Fields of that template as JSON; {organisation} and {time} are filled in",
        default=MappingProxyType({}),
        example='{"thing1": "{organisation}", "time2": "{time}", "thing3": "您的事项有回复，请点开查看"}',
    )
    smtp_host: str = _setting(_text, "Mail server for notes to staff; empty: no mail", default="")
    smtp_port: int = _setting(_whole(1, 65_535), "Its port: 587 for starttls, 465 for tls", default=587)
    smtp_security: str = _setting(
        _choice("starttls", "tls", "none"),
        "tls from the first byte; none only inside one machine or network",
        default="starttls",
    )
    smtp_user: str = _setting(_text, "Account at the mail server; empty for none", default="")
    smtp_password: str = _setting(_text, "Password of that account", default="", secret=True)
    smtp_from: str = _setting(
        _address, "Who the mails are from", default="", example="Tingsu <tingsu@example.org>"
    )
    media_max_mb: int = _setting(_whole(1, 200), "Largest file that is kept, in MB", default=20)
    media_scanner: str = _setting(
        _scanner,
        "Virus scanner: clamd:///path/to/socket, clamd://host:3310 or command:program; empty for none",
        default="",
        example="clamd:///run/clamav/clamd.ctl",
    )

    media_store: str = _setting(
        _media_store,
        "Where files are kept: empty for DATA_DIR/media, or a bucket of an S3-compatible store",
        default="",
        example="s3://tingsu-files/media",
    )
    media_s3_endpoint: str = _setting(
        _url("https", "http"),
        "Address of the S3-compatible store; empty for Amazon S3",
        default="",
        example="https://minio.example.org:9000",
    )
    media_s3_region: str = _setting(_text, "Region of the bucket, where the store has regions", default="")
    media_s3_key_id: str = _setting(
        _text, "Access key of the store; empty takes what the machine is given (a role)", default=""
    )
    media_s3_secret: str = _setting(_text, "Secret of that access key", default="", secret=True)
    media_s3_addressing: str = _setting(
        _choice("auto", "path", "virtual"),
        "virtual: the bucket is part of the host name (Aliyun OSS, Tencent COS want that)",
        default="auto",
    )

    @property
    def has_telegram(self) -> bool:
        return bool(self.telegram_token)

    @property
    def has_wechat(self) -> bool:
        return bool(self.wechat_app_id)

    @property
    def has_mail(self) -> bool:
        return bool(self.smtp_host)

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the gateway."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 (compared, not bound)
        return f"http://{host}:{self.port}"


def names() -> dict[str, Field[Any]]:
    """Environment name -> field."""
    return {PREFIX + f.name.upper(): f for f in fields(Settings)}


def load(environ: Mapping[str, str], *, root: Path) -> Settings:
    """Settings from ``root/.env`` and ``environ`` (which wins). Raises: SettingsError."""
    problems: list[str] = []
    given: dict[str, str] = {}
    dotenv = root / ".env"
    sources = [({k: v or "" for k, v in dotenv_values(dotenv).items()}, ".env")] if dotenv.is_file() else []
    sources.append((dict(environ), "environment"))
    for source, where in sources:
        given |= _read_source(source, where, problems)
    values = _read_values(given, problems)
    if not problems:
        problems += _contradictions(values)
    if problems:
        raise SettingsError(problems)
    settings = Settings(**values)
    data_dir = settings.data_dir if settings.data_dir.is_absolute() else root / settings.data_dir
    filled: dict[str, Any] = {"data_dir": data_dir}
    if not settings.database_url:
        filled["database_url"] = f"sqlite:///{data_dir / 'tingsu.db'}"
    return Settings(**{**values, **filled})


def _read_source(source: Mapping[str, str], where: str, problems: list[str]) -> dict[str, str]:
    known = names()
    given: dict[str, str] = {}
    for name, value in source.items():
        if not name.startswith(PREFIX) or value == "":
            continue
        plain = name.removesuffix("_FILE")
        if name not in known and plain in known:
            if source.get(plain):
                problems.append(f"{name} and {plain} are both set in the {where}: keep one of them")
                continue
            try:
                given[plain] = Path(value).read_text(encoding="utf-8").strip()
            except OSError as error:
                problems.append(
                    f"{name}: cannot read {value} ({error.strerror}): check the path and its rights"
                )
        elif name in known:
            given[name] = value.strip()
        else:
            near = difflib.get_close_matches(name, known, n=1)
            cure = f"did you mean {near[0]}?" if near else "remove it, or see .env.example for the names"
            problems.append(f"{name} (in the {where}) is not a setting: {cure}")
    return given


def _read_values(given: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, setting in names().items():
        if name not in given:
            continue
        try:
            values[setting.name] = setting.metadata["read"](given[name])
        except ValueError as error:
            shown = "its value" if not setting.repr else repr(given[name])
            problems.append(f"{name}: {shown} cannot be used: {error}")
    return values


def _contradictions(values: Mapping[str, Any]) -> list[str]:
    """Settings that need one another."""
    problems: list[str] = []
    if values.get("wechat_app_id"):
        for needed in ("wechat_app_secret", "wechat_token"):
            if not values.get(needed):
                problems.append(
                    f"{PREFIX}{needed.upper()} is missing: WECHAT_APP_ID is set; copy it from the WeChat console"
                )
    elif any(values.get(name) for name in ("wechat_app_secret", "wechat_token", "wechat_aes_key")):
        problems.append(
            f"{PREFIX}WECHAT_APP_ID is missing: other WECHAT_ settings are set; add it or remove them"
        )
    if bool(values.get("media_s3_key_id")) != bool(values.get("media_s3_secret")):
        problems.append(
            f"{PREFIX}MEDIA_S3_KEY_ID and {PREFIX}MEDIA_S3_SECRET belong together: set both or none of them"
        )
    if values.get("media_s3_endpoint") and not values.get("media_store"):
        problems.append(
            f"{PREFIX}MEDIA_STORE is missing: MEDIA_S3_ENDPOINT is set; name the bucket, such as s3://tingsu-files"
        )
    if values.get("smtp_host") and not values.get("smtp_from"):
        problems.append(f"{PREFIX}SMTP_FROM is missing: SMTP_HOST is set; say who the mails are from")
    if bool(values.get("smtp_user")) != bool(values.get("smtp_password")):
        problems.append(
            f"{PREFIX}SMTP_USER and {PREFIX}SMTP_PASSWORD belong together: set both or none of them"
        )
    if (
        values.get("telegram_mode") == "webhook"
        and values.get("telegram_token")
        and not values.get("public_url")
    ):
        problems.append(
            f"{PREFIX}PUBLIC_URL is missing: TELEGRAM_MODE=webhook needs the https address Telegram can reach; "
            "set it, or use TELEGRAM_MODE=polling"
        )
    return problems


def example() -> str:
    """The text of ``.env.example``."""
    lines = [
        "# Settings of Tingsu. Copy to .env and change what you need; every line is optional.",
        "# NAME_FILE=/path reads the value from a file (for secrets).",
    ]
    for name, setting in names().items():
        default = setting.default
        shown = setting.metadata["example"] or (
            ",".join(default) if isinstance(default, tuple) else str(default)
        )
        lines += ["", f"# {setting.metadata['about']}", f"#{name}={shown}"]
    return "\n".join(lines) + "\n"
