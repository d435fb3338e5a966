"""The account's access token: one for all processes, renewed under a lock.

``stable_token`` gives the same token to all who ask; ``/cgi-bin/token`` makes processes fight over it.
Source: Tencent, "获取稳定版接口调用凭据".
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

log = logging.getLogger(__name__)

#: The platform makes a new token 5 minutes before the old one ends; both work meanwhile.
_OVERLAP_S = 300.0
_SHORTEST_S = 60.0

#: A forced renewal is allowed every 30 s, 20 times a day. Source: Tencent, same page.
_FORCE_PAUSE_S = 300.0


class TokenStore(Protocol):
    """Small values with an end, shared by all processes of the application (Redis, or this process alone)."""

    async def get(self, key: str) -> str | None: ...

    async def set(self, key: str, value: str, *, ttl_s: float) -> None: ...

    def lock(self, key: str) -> AbstractAsyncContextManager[object]:
        """A lock that ends by itself after a minute or so, should its holder die."""
        ...


class MemoryTokenStore:
    """A :class:`TokenStore` for one process and for tests. ``clock``: seconds, never going back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._values: dict[str, tuple[str, float]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def get(self, key: str) -> str | None:
        value, end = self._values.get(key, ("", 0.0))
        return value if end > self._clock() else None

    async def set(self, key: str, value: str, *, ttl_s: float) -> None:
        now = self._clock()
        self._values = {name: kept for name, kept in self._values.items() if kept[1] > now}
        self._values[key] = (value, now + ttl_s)

    def lock(self, key: str) -> AbstractAsyncContextManager[object]:
        return self._locks.setdefault(key, asyncio.Lock())


class ShelteredStore:
    """A :class:`TokenStore` that goes on in this process's memory while the shared one fails."""

    def __init__(self, shared: TokenStore) -> None:
        self._shared = shared
        self._own = MemoryTokenStore()

    async def get(self, key: str) -> str | None:
        try:
            return await self._shared.get(key)
        except Exception as error:
            log.warning("wechat token store: %s", type(error).__name__)
            return await self._own.get(key)

    async def set(self, key: str, value: str, *, ttl_s: float) -> None:
        await self._own.set(key, value, ttl_s=ttl_s)
        try:
            await self._shared.set(key, value, ttl_s=ttl_s)
        except Exception as error:
            log.warning("wechat token store: %s", type(error).__name__)

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncIterator[None]:
        async with self._own.lock(key):
            shared = self._shared.lock(key)
            try:
                await shared.__aenter__()
                held = True
            except Exception as error:
                log.warning("wechat token lock: %s", type(error).__name__)
                held = False
            try:
                yield
            finally:
                if held:
                    try:
                        await shared.__aexit__(None, None, None)
                    except Exception as error:  # it ended by itself meanwhile
                        log.warning("wechat token lock: %s", type(error).__name__)


@dataclass(frozen=True)
class IssuedToken:
    """A token as the platform gave it; ``expires_in_s`` seconds from then."""

    value: str
    expires_in_s: float


#: Asks the platform; the argument is ``force_refresh``. Raises: DeliveryError.
Issue = Callable[[bool], Awaitable[IssuedToken]]


class AccessTokens:
    """Hands out the current token of one account."""

    def __init__(self, store: TokenStore, *, app_id: str, issue: Issue) -> None:
        self._store = store
        self._issue = issue
        self._key = f"wechat:token:{app_id}"
        self._forced_key = f"wechat:token-forced:{app_id}"

    async def current(self) -> str:
        """Raises: DeliveryError."""
        if token := await self._store.get(self._key):
            return token
        async with self._store.lock(self._key):
            return await self._store.get(self._key) or await self._renew(force=False)

    async def replace(self, rejected: str) -> str:
        """A token other than ``rejected``, if the platform has one.

        First what a colleague may have fetched meanwhile, then what the platform holds for current, then a
        forced renewal, once in five minutes at most.

        Raises: DeliveryError.
        """
        async with self._store.lock(self._key):
            known = await self._store.get(self._key)
            if known and known != rejected:
                return known
            token = await self._renew(force=False)
            if token == rejected and not await self._store.get(self._forced_key):
                await self._store.set(self._forced_key, "1", ttl_s=_FORCE_PAUSE_S)
                token = await self._renew(force=True)
            return token

    async def _renew(self, *, force: bool) -> str:
        issued = await self._issue(force)
        ttl_s = max(_SHORTEST_S, issued.expires_in_s - _OVERLAP_S)
        await self._store.set(self._key, issued.value, ttl_s=ttl_s)
        return issued.value
