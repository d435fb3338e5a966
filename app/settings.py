"""All settings, read once from the environment, a ``.env`` file and ``NAME_FILE`` files.

Every problem (missing, wrong, unknown name) is reported together, each with its cure. Nothing is read at import.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dotenv import dotenv_values

from app import setting_values as read

PREFIX = "TINGSU_"


class SettingsError(Exception):
    """The settings cannot be used. ``problems``: all of them, each naming its cure."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def _setting(
    reader: Callable[[str], Any],
    about: str,
    *,
    default: Any = MISSING,
    secret: bool = False,
    example: str = "",
) -> Any:
    meta = {"read": reader, "about": about, "example": example}
    if default is MISSING:
        return field(repr=not secret, metadata=meta)
    return field(default=default, repr=not secret, metadata=meta)


_DATA_DIR = Path("var")


@dataclass(frozen=True)
class Settings:
    """One frozen value. Secrets do not show in ``repr``."""

    database_url: str = _setting(
        read.database_url,
        "Where everything is kept: SQLite file or PostgreSQL",
        default="",
        secret=True,
        example="postgresql://tingsu:secret@localhost/tingsu",
    )
    redis_url: str = _setting(
        read.url("redis", "rediss", "unix"),
        "Redis or Valkey for wake-ups; empty starts an embedded Valkey",
        default="",
        secret=True,
        example="redis://localhost:6379/0",
    )
    data_dir: Path = _setting(  # noqa: RUF009
        Path, "Folder for files Tingsu keeps (database, key, models)", default=_DATA_DIR
    )
    data_key: tuple[str, ...] = _setting(
        read.fernet_keys,
        "Key that encrypts personal fields; empty makes one in DATA_DIR/data.key",
        default=(),
        secret=True,
    )
    host: str = _setting(read.text, "Address the gateway listens on", default="127.0.0.1")
    port: int = _setting(read.port, "Port the gateway listens on", default=8321)
    packs: tuple[str, ...] = _setting(
        read.pack_names, "Sector packs this organisation runs", default=("government", "power")
    )
    organisation: str = _setting(read.text, "Name shown to complainants", default="Tingsu 听诉")
    timezone: str = _setting(read.zone, "Time zone of the organisation", default="Asia/Shanghai")
    country: str = _setting(
        read.choice("CN", "GB", "US", "HK", "TW", "SG"),
        "Country: working days, emergency numbers, phone numbers",
        default="CN",
    )
    languages: tuple[str, ...] = _setting(
        read.many(("zh", "en")), "Languages offered, the first is the default", default=("zh", "en")
    )
    public_url: str = _setting(
        read.url("https", "http"), "Address under which the gateway is reached from outside", default=""
    )
    log_level: str = _setting(
        read.choice("debug", "info", "warning", "error"), "How much is logged", default="info"
    )
    log_format: str = _setting(
        read.choice("text", "json"), "text for people, json (one object a line) for programs", default="text"
    )
    metrics_port: int = _setting(
        read.port,
        "Port on which each process shows /metrics and /healthz; without it the gateway shows them on its own",
        default=0,
        example="9321",
    )
    traces_url: str = _setting(
        read.url("https", "http"),
        "Where OpenTelemetry traces are sent (OTLP over HTTP); empty sends none",
        default="",
        secret=True,  # such addresses often carry a key
        example="http://localhost:4318/v1/traces",
    )
    handover_minutes: int = _setting(
        read.whole(1, 1440),
        "Office minutes within which staff take a waiting chat; then the person is told",
        default=10,
    )
    staff_grace_minutes: int = _setting(
        read.whole(1, 1440),
        "Minutes without a sign of staff, while the person waits, after which a chat goes back to the queue",
        default=15,
    )
    flood_per_person: int = _setting(
        read.whole(5, 10_000),
        "Messages a minute of one person that are answered; more are set aside",
        default=30,
    )
    flood_per_channel: int = _setting(
        read.whole(10, 1_000_000),
        "Messages a minute of one channel and gateway; above it, people who only come now are asked to come again",
        default=3000,
    )
    api_per_minute: int = _setting(
        read.whole(10, 100_000),
        "Requests a minute of one API token and gateway; more are answered with 429",
        default=600,
    )
    open311: str = _setting(
        read.choice("keyed", "public", "words"),
        "What Open311 shows of cases: keyed to holders of a token, public to all but never what people wrote, "
        "words that too",
        default="keyed",
    )
    open311_jurisdiction: str = _setting(
        read.text,
        "The jurisdiction_id that Open311 answers to; any without it",
        default="",
        example="town.example",
    )
    trusted_origins: tuple[str, ...] = _setting(
        read.origins,
        "Addresses inside your own network that webhooks may be sent to; all others must be public",
        default=(),
        example="http://10.0.0.5:8080",
    )
    telegram_token: str = _setting(read.telegram_token, "Bot token from @BotFather", default="", secret=True)
    telegram_mode: str = _setting(
        read.choice("webhook", "polling"), "polling needs no public address", default="polling"
    )
    telegram_api_base: str = _setting(
        read.url("https", "http"), "Telegram's API server", default="https://api.telegram.org"
    )
    telegram_secret_token: str = _setting(
        read.secret_token, "Secret of the webhook; empty derives one from the token", default="", secret=True
    )
    wechat_app_id: str = _setting(read.text, "AppID of the official account", default="")
    wechat_app_secret: str = _setting(read.text, "AppSecret of the official account", default="", secret=True)
    wechat_token: str = _setting(read.text, "Token of the message push", default="", secret=True)
    wechat_aes_key: str = _setting(
        read.aes_key, "EncodingAESKey; empty for plain mode", default="", secret=True
    )
    wechat_previous_aes_key: str = _setting(
        read.aes_key, "EncodingAESKey before the last change", default="", secret=True
    )
    wechat_mode: str = _setting(
        read.choice("auto", "active", "passive"),
        "auto: answer in the call and by customer service; passive: in the call only",
        default="auto",
    )
    wechat_api_base: str = _setting(
        read.url("https", "http"), "WeChat's API server", default="https://api.weixin.qq.com"
    )

    wechat_subscription_id: str = _setting(
        read.text, "Subscription notice (订阅通知) that says beyond 48 hours that there is news", default=""
    )
    wechat_template_id: str = _setting(
        read.text, "Template message (模板消息) for the same, where the account has one", default=""
    )
    wechat_notice_fields: Mapping[str, str] = _setting(
        read.fields_as_json,
        "Fields of that template as JSON; {organisation} and {time} are filled in",
        default=MappingProxyType({}),
        example='{"thing1": "{organisation}", "time2": "{time}", "thing3": "您的事项有回复，请点开查看"}',
    )
    smtp_host: str = _setting(read.text, "Mail server for notes to staff; empty: no mail", default="")
    smtp_port: int = _setting(read.whole(1, 65_535), "Its port: 587 for starttls, 465 for tls", default=587)
    smtp_security: str = _setting(
        read.choice("starttls", "tls", "none"),
        "tls from the first byte; none only inside one machine or network",
        default="starttls",
    )
    smtp_user: str = _setting(read.text, "Account at the mail server; empty for none", default="")
    smtp_password: str = _setting(read.text, "Password of that account", default="", secret=True)
    smtp_from: str = _setting(
        read.address, "Who the mails are from", default="", example="Tingsu <tingsu@example.org>"
    )
    oidc_issuer: str = _setting(
        read.url("https", "http"),
        "OpenID provider by which staff come in; empty: by password",
        default="",
        example="https://login.example.org/realms/house",
    )
    oidc_client_id: str = _setting(read.text, "The name of the desk at that provider", default="")
    oidc_client_secret: str = _setting(
        read.text, "Its secret there; empty for a public client", default="", secret=True
    )
    oidc_claims: tuple[str, ...] = _setting(
        read.words,
        "Claims that name the login, the first that is there counts; an address is a member's e-mail",
        default=("preferred_username", "email"),
    )
    emergency_login: str = _setting(
        read.text,
        "The one administrator who may still come in by password beside the OpenID provider; empty: everybody",
        default="",
        example="root",
    )
    media_max_mb: int = _setting(read.whole(1, 200), "Largest file that is kept, in MB", default=20)
    media_scanner: str = _setting(
        read.scanner,
        "Virus scanner: clamd:///path/to/socket, clamd://host:3310 or command:program; empty for none",
        default="",
        example="clamd:///run/clamav/clamd.ctl",
    )

    media_store: str = _setting(
        read.media_store,
        "Where files are kept: empty for DATA_DIR/media, or a bucket of an S3-compatible store",
        default="",
        example="s3://tingsu-files/media",
    )
    media_s3_endpoint: str = _setting(
        read.url("https", "http"),
        "Address of the S3-compatible store; empty for Amazon S3",
        default="",
        example="https://minio.example.org:9000",
    )
    media_s3_region: str = _setting(
        read.text, "Region of the bucket, where the store has regions", default=""
    )
    media_s3_key_id: str = _setting(
        read.text, "Access key of the store; empty takes what the machine is given (a role)", default=""
    )
    media_s3_secret: str = _setting(read.text, "Secret of that access key", default="", secret=True)
    media_s3_addressing: str = _setting(
        read.choice("auto", "path", "virtual"),
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
    def address(self) -> str:
        """Where people find the gateway."""
        return self.public_url or self.url

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
    if values.get("oidc_issuer") and not values.get("oidc_client_id"):
        problems.append(
            f"{PREFIX}OIDC_CLIENT_ID is missing: OIDC_ISSUER is set; copy it from the provider, where the desk is known"
        )
    for name in ("oidc_client_id", "emergency_login"):
        if values.get(name) and not values.get("oidc_issuer"):
            problems.append(
                f"{PREFIX}OIDC_ISSUER is missing: {name.upper()} is set; add the provider's address or remove it"
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
