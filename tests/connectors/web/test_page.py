"""The page and its files as they leave the server."""

from __future__ import annotations

import re

import httpx
import pytest


@pytest.mark.parametrize(
    ("url", "headers", "language"),
    [
        ("/", {}, "zh-CN"),
        ("/", {"accept-language": "en-GB,en;q=0.9"}, "en"),
        ("/", {"accept-language": "fr, en;q=0.4, zh;q=0.8"}, "zh-CN"),
        ("/", {"accept-language": "en;q=0"}, "zh-CN"),
        ("/", {"accept-language": ";;;q=x,,"}, "zh-CN"),
        ("/?lang=en", {}, "en"),
        ("/?lang=zh", {"accept-language": "en"}, "zh-CN"),
        ("/?lang=<b>", {}, "zh-CN"),
        ("/", {"cookie": "tingsu_lang=en"}, "en"),
    ],
)
async def test_the_page_speaks_the_visitors_language(
    client: httpx.AsyncClient, url: str, headers: dict[str, str], language: str
) -> None:
    answer = await client.get(url, headers=headers)
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text


async def test_the_choice_of_language_is_remembered(client: httpx.AsyncClient) -> None:
    await client.get("/?lang=en")
    assert '<html lang="en">' in (await client.get("/")).text
    answer = await client.post("/web/messages", json={})
    assert "could not be read" in answer.json()["message"]


async def test_nothing_foreign_and_nothing_inline_runs(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?://", answer.text)


async def test_the_organisations_name_cannot_bring_markup(client: httpx.AsyncClient) -> None:
    text = (await client.get("/")).text
    assert "滨江区 &lt;政务&gt; 中心" in text
    assert "<政务>" not in text


async def test_every_file_the_page_asks_for_exists_and_may_be_kept(client: httpx.AsyncClient) -> None:
    files = set(re.findall(r'(?:src|href)="(/static/web/[^"]+)"', (await client.get("/")).text))
    assert len(files) == 3
    for file in files:
        answer = await client.get(file)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        again = await client.get(file, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        plain = await client.get(file, headers={"accept-encoding": "identity"})
        assert plain.content == answer.content
        assert "content-encoding" not in plain.headers


@pytest.mark.parametrize("name", ["none.js", "..%2frouting.py", "%2e%2e/page.py"])
async def test_other_files_do_not_exist(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/static/web/{name}", follow_redirects=True)).status_code == 404


async def test_there_is_a_word_for_browsers_without_script(client: httpx.AsyncClient) -> None:
    assert "JavaScript" in (await client.get("/")).text.partition("<noscript>")[2].partition("</noscript>")[0]
