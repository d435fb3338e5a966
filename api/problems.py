"""Errors as ``application/problem+json`` (RFC 9457): what is wrong, and how to cure it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from casework.clients.tokens import KeyReused
from casework.conversations.handover import EngineAway, TakenBy
from casework.storage.database import DatabaseUnavailable
from casework.storage.tickets import ChangedMeanwhile
from casework.text import Text
from casework.tickets.handling import Incomplete
from casework.tickets.states import Refused

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:tingsu:problem:"


class Problem(Struct, omit_defaults=True):
    """Why a request was not done, and what to do about it."""

    type: Annotated[str, Meta(description="`urn:tingsu:problem:` and the code; see docs/api.md")]
    title: Annotated[str, Meta(description="The same for every problem of this type")]
    status: int
    detail: Annotated[str, Meta(description="What is wrong with this very request")]
    cure: Annotated[str, Meta(description="What to do, in the language of Accept-Language (zh, en)")]
    allowed: Annotated[list[str], Meta(description="Actions that are legal instead")] = []
    state: Annotated[str, Meta(description="State the ticket is in")] = ""


class Refusal(Exception):
    """A request that is not done. ``code``: one of ``KINDS``."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        allowed: tuple[str, ...] = (),
        state: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code, self.detail, self.allowed, self.state = code, detail, allowed, state
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        return KINDS[self.code][0]

    def as_problem(self, language: str) -> Problem:
        status, title, cure = KINDS[self.code]
        return Problem(
            type=TYPE_PREFIX + self.code,
            title=title.in_(language),
            status=status,
            detail=self.detail,
            cure=cure.in_(language),
            allowed=list(self.allowed),
            state=self.state,
        )


#: Code -> HTTP status, title, cure.
KINDS: Mapping[str, tuple[int, Text, Text]] = {
    "malformed": (
        400,
        Text("读不懂这个请求", "The request cannot be read"),
        Text("正文须为 UTF-8 编码的 JSON 对象", "Send one JSON object in UTF-8 as the body"),
    ),
    "no-token": (
        401,
        Text("没有令牌，或令牌无效", "No token, or one that is not valid"),
        Text(
            "在请求头写 Authorization: Bearer 令牌；新令牌用 tingsu tokens add 生成",
            "Send Authorization: Bearer <token>; tingsu tokens add makes a new one",
        ),
    ),
    "not-in-scope": (
        403,
        Text("令牌没有这项权限", "The token may not do this"),
        Text("生成带有所需 scope 的令牌", "Make a token with the scope that is named"),
    ),
    "unknown": (
        404,
        Text("没有这个对象", "There is no such thing"),
        Text(
            "核对编号；限定部门的令牌只看得到本部门的工单",
            "Check the number; a token of one department sees that department's tickets only",
        ),
    ),
    "wrong-method": (
        405,
        Text("此地址不接受这种方法", "This address does not take this method"),
        Text("见 Allow 响应头与 openapi.json", "See the Allow header, and openapi.json"),
    ),
    "not-now": (
        409,
        Text("工单现在的状态不允许这一步", "This step is not allowed in the ticket's state"),
        Text("只做 allowed 中列出的动作", "Take one of the actions named in allowed"),
    ),
    "changed": (
        409,
        Text("工单刚被别人改过", "Somebody changed the ticket meanwhile"),
        Text("重新读取工单，再决定", "Read the ticket again, then decide"),
    ),
    "taken": (
        409,
        Text("会话在别人手里", "Somebody else has the conversation"),
        Text("先认领，或请持有人转交", "Claim it first, or ask who has it to pass it on"),
    ),
    "engine-away": (
        409,
        Text("机器人现在不在", "The bot is away now"),
        Text("保留会话，待引擎恢复后再交还", "Keep the conversation until an engine answers again"),
    ),
    "not-this-version": (
        412,
        Text("您看到的不是最新版本", "What you saw is not the newest version"),
        Text("重新读取工单，用新的 ETag 再试", "Read the ticket again and use its new ETag"),
    ),
    "too-large": (
        413,
        Text("请求太大", "The request is too large"),
        Text("缩短正文", "Shorten the body"),
    ),
    "not-json": (
        415,
        Text("正文不是 JSON", "The body is not JSON"),
        Text("写 Content-Type: application/json", "Send Content-Type: application/json"),
    ),
    "wrong-values": (
        422,
        Text("请求里的值不对", "A value in the request cannot be used"),
        Text(
            "按 detail 指出的位置修改；格式见 openapi.json",
            "Mend what detail names; openapi.json has the format",
        ),
    ),
    "key-reused": (
        422,
        Text("这个 Idempotency-Key 用过了", "This Idempotency-Key was used before"),
        Text("新的请求用新的 key", "Use a new key for a new request"),
    ),
    "too-many": (
        429,
        Text("请求太多", "Too many requests"),
        Text("等 Retry-After 秒后再试", "Wait for the seconds in Retry-After"),
    ),
    "away": (
        503,
        Text("数据库暂时不可用", "The database is away"),
        Text("稍后用同一个 Idempotency-Key 重试", "Try again soon, with the same Idempotency-Key"),
    ),
}


def refusal_of(error: Exception, *, if_match: bool = False) -> Refusal | None:
    """What an error of the core or of reading means to the client; ``None`` for one that is our own mistake."""
    match error:
        case Refusal():
            return error
        case Refused():
            return Refusal("not-now", str(error), allowed=error.allowed, state=error.state.value)
        case ChangedMeanwhile():
            return Refusal("not-this-version" if if_match else "changed", str(error))
        case TakenBy():
            return Refusal("taken", f"{error.name} has it" if error.name else "nobody of staff has it")
        case EngineAway():
            return Refusal("engine-away", "no engine answers now, the person would meet silence")
        case KeyReused():
            return Refusal("key-reused", "the key came with another request within the last 24 hours")
        case DatabaseUnavailable():
            return Refusal("away", "the request was not done", headers={"Retry-After": "2"})
        case Incomplete() | msgspec.ValidationError():
            return Refusal("wrong-values", str(error))
        case msgspec.DecodeError():
            return Refusal("malformed", str(error))
    return None
