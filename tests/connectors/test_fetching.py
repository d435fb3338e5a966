"""What is fetched by address: never from inside our own network, never more than wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.media.model import FetchFailed, Refused
from connectors.fetching import Guard, is_public

SECRET = "bot123:SECRET"


def guard(
    answer: Callable[[httpx.Request], httpx.Response],
    names: dict[str, list[str]],
    *,
    trusted: Sequence[str] = (),
) -> Guard:
    async def resolve(host: str, _port: int) -> Sequence[str]:
        if host not in names:
            raise OSError("no such host")
        return names[host]

    return Guard(trusted=trusted, resolve=resolve, transport=httpx.MockTransport(answer))


def found(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=f"{request.url.host} {request.headers['host']}".encode())


async def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return found(request)

    content, _ = await guard(answer, {"files.example.org": ["93.184.216.34"]}).get(
        "https://files.example.org/a?x=1", max_bytes=100
    )
    assert content == b"93.184.216.34 files.example.org"
    assert seen[0].extensions["sni_hostname"] == "files.example.org"


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.8"],
        ["169.254.169.254"],
        ["100.100.100.200"],
        ["::1"],
        ["fd00:ec2::254"],
        ["fe80::1%eth0"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["0.0.0.0"],
        ["224.0.0.1"],
        ["93.184.216.34", "192.168.1.1"],
        [],
    ],
)
async def test_a_name_that_leads_inside_is_never_called(addresses: list[str]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"called {request.url.host}")

    with pytest.raises(FetchFailed) as failed:
        await guard(answer, {"evil.example.org": addresses}).get("http://evil.example.org/", max_bytes=10)
    assert failed.value.gone


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://example.org/",
        "http://user:word@example.org/",
        "http://example.org:6379/",
        "https://example.org:8443/",
        "http://",
        "http://[::1",
        "",
        "javascript:alert(1)",
    ],
)
async def test_an_address_nobody_serves_files_at_is_refused(url: str) -> None:
    with pytest.raises(FetchFailed) as failed:
        await guard(found, {"example.org": ["93.184.216.34"]}).get(url, max_bytes=10)
    assert failed.value.gone


@pytest.mark.parametrize(
    "url", ["http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://localhost/"]
)
async def test_odd_spellings_of_this_machine_are_judged_by_what_they_resolve_to(url: str) -> None:
    real = Guard(transport=httpx.MockTransport(found))
    with pytest.raises(FetchFailed):
        await real.get(url, max_bytes=10)


async def test_a_redirect_is_judged_like_the_first_address() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers["host"] == "a.example.org":
            return httpx.Response(302, headers={"location": "http://b.example.org/secret"})
        raise AssertionError("called inside")

    names = {"a.example.org": ["93.184.216.34"], "b.example.org": ["10.1.1.1"]}
    with pytest.raises(FetchFailed) as failed:
        await guard(answer, names).get("http://a.example.org/", max_bytes=10)
    assert failed.value.gone


async def test_redirects_come_to_an_end() -> None:
    calls = 0

    def answer(_request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return httpx.Response(301, headers={"location": "/again"})

    with pytest.raises(FetchFailed, match="redirects"):
        await guard(answer, {"a.example.org": ["93.184.216.34"]}).get("http://a.example.org/", max_bytes=10)
    assert calls == 4


async def test_an_api_server_of_the_operator_may_be_inside_but_a_redirect_from_it_may_not_lead_elsewhere() -> (
    None
):
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/file":
            return httpx.Response(200, content=b"x")
        return httpx.Response(302, headers={"location": "http://127.0.0.1:9999/admin"})

    trusting = guard(answer, {}, trusted=("http://127.0.0.1:8081",))
    assert (await trusting.get("http://127.0.0.1:8081/file", max_bytes=10))[0] == b"x"
    with pytest.raises(FetchFailed):
        await trusting.get("http://127.0.0.1:8081/away", max_bytes=10)


async def test_more_than_is_wanted_is_cut_off_announced_or_not() -> None:
    async def endless() -> object:
        while True:
            yield b"x" * 1000

    names = {"a.example.org": ["93.184.216.34"]}
    for response in (httpx.Response(200, content=b"x" * 5001), httpx.Response(200, content=endless())):  # type: ignore[arg-type]
        with pytest.raises(Refused, match="too_large"):
            await guard(lambda _r, response=response: response, names).get(  # type: ignore[misc]
                "http://a.example.org/", max_bytes=5000
            )


@pytest.mark.parametrize(
    ("status", "gone"), [(404, True), (403, True), (410, True), (429, False), (502, False)]
)
async def test_a_refusal_says_whether_to_come_again_and_names_no_address(status: int, gone: bool) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers={"retry-after": "7"})

    with pytest.raises(FetchFailed) as failed:
        await guard(answer, {"a.example.org": ["93.184.216.34"]}).get(
            f"http://a.example.org/{SECRET}", max_bytes=10
        )
    assert (failed.value.gone, failed.value.retry_after_s) == (gone, 7.0)
    assert SECRET not in str(failed.value)


async def test_a_broken_connection_is_tried_again_later_and_names_no_address() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"cannot reach {request.url}")

    with pytest.raises(FetchFailed) as failed:
        await guard(answer, {"a.example.org": ["93.184.216.34"]}).get(
            f"http://a.example.org/{SECRET}", max_bytes=10
        )
    assert not failed.value.gone
    assert failed.value.__cause__ is None
    assert SECRET not in str(failed.value)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_every_dress(address: object) -> None:
    packed = int(address)  # type: ignore[call-overload]
    high, low = packed >> 16, packed & 0xFFFF
    plain = is_public(str(address))
    assert is_public(f"::ffff:{address}") == plain
    if not plain:
        assert not is_public(f"64:ff9b::{high:x}:{low:x}")
        assert not is_public(f"2002:{high:x}:{low:x}::1")
