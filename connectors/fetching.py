"""Downloads for all channels, and calls to addresses of others: bounded in size, never into our own network.

A host name is resolved once, judged, and the connection goes to that very address, so that a name which changes
its mind between look and call gains nothing. Redirects are followed a few steps, each judged anew.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import urljoin, urlsplit

import httpx

from casework.media.model import FetchFailed, Refused

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_REDIRECTS = 3
_PORTS = {"http": 80, "https": 443}
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
#: Ranges of IPv6 that carry an IPv4 address, and where in the 16 bytes it stands. Source: RFC 6052, 3056, 4291.
_CARRIERS = (
    (ipaddress.IPv6Network("64:ff9b::/96"), 12),
    (ipaddress.IPv6Network("2002::/16"), 2),
    (ipaddress.IPv6Network("::/96"), 12),
)


class Guard:
    """Fetches what a provider or a person named by an address. One object a process.

    ``trusted``: addresses (scheme, host, port) the operator set up, such as an API server on this machine.
    """

    def __init__(
        self,
        *,
        trusted: Sequence[str] = (),
        resolve: Resolve | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._trusted = frozenset(map(_origin, trusted))
        self._resolve = resolve or _resolve
        self._client = httpx.AsyncClient(
            timeout=_TIMEOUT, follow_redirects=False, trust_env=False, transport=transport
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def get(
        self, url: str, *, max_bytes: int, headers: Mapping[str, str] | None = None
    ) -> tuple[bytes, httpx.Headers]:
        """The body behind ``url`` and its headers.

        Raises: Refused (``too_large``), FetchFailed; neither names the address, which may hold a token.
        """
        for _ in range(_REDIRECTS + 1):
            request = await self._request(url, headers or {})
            try:
                response = await self._client.send(request, stream=True)
                try:
                    if response.is_redirect:
                        url = urljoin(url, response.headers.get("location", ""))
                        continue
                    _check_status(response)
                    return await _read(response, max_bytes), response.headers
                finally:
                    await response.aclose()
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise FetchFailed(type(error).__name__) from None
        raise FetchFailed("redirects", gone=True)

    async def post(self, url: str, *, content: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """Send ``content`` to ``url``, once; the answer's body is not read and a redirect is not followed.

        Raises: FetchFailed, which does not name the address.
        """
        request = await self._request(url, headers, method="POST", content=content)
        try:
            response = await self._client.send(request, stream=True)
            await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchFailed(type(error).__name__) from None
        return response

    async def _request(
        self, url: str, headers: Mapping[str, str], *, method: str = "GET", content: bytes | None = None
    ) -> httpx.Request:
        try:
            origin = _origin(url)
            target = httpx.URL(url)
        except (ValueError, httpx.InvalidURL):
            raise FetchFailed("address", gone=True) from None
        scheme, host, port = origin
        if origin in self._trusted:
            return self._client.build_request(method, target, headers=dict(headers), content=content)
        if port != _PORTS.get(scheme):
            raise FetchFailed("address", gone=True)
        address = await self._public_address(host, port)
        pinned = target.copy_with(host=address)
        return self._client.build_request(
            method,
            pinned,
            headers={**headers, "Host": host},
            content=content,
            extensions={"sni_hostname": host},
        )

    async def _public_address(self, host: str, port: int) -> str:
        try:
            found = await self._resolve(host, port)
        except OSError:
            raise FetchFailed("host") from None
        if not found or not all(map(is_public, found)):
            raise FetchFailed("address", gone=True)
        return found[0]


def is_public(address: str) -> bool:
    """Whether ``address`` belongs to the internet at large: not private, local, metadata, multicast or reserved."""
    try:
        parsed: _Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return is_public(str(parsed.ipv4_mapped))
        for network, start in _CARRIERS:
            if parsed in network:
                inner = ipaddress.IPv4Address(parsed.packed[start : start + 4])
                return parsed.is_global and is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def _origin(url: str) -> tuple[str, str, int]:
    """Raises: ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
        raise ValueError("not an address to fetch from")
    return parts.scheme, parts.hostname.lower(), parts.port or _PORTS[parts.scheme]


async def _resolve(host: str, port: int) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def _check_status(response: httpx.Response) -> None:
    status = response.status_code
    if status == 200:
        return
    wait = response.headers.get("retry-after", "")
    raise FetchFailed(
        f"http-{status}",
        gone=status in (403, 404, 410),
        retry_after_s=float(wait[:6]) if wait.isdecimal() else None,
    )


async def _read(response: httpx.Response, max_bytes: int) -> bytes:
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > max_bytes:
        raise Refused("too_large")
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > max_bytes:
            raise Refused("too_large")
    return bytes(body)
