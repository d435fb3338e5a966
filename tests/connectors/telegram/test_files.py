"""Getting what people sent from Telegram."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from casework.conversations.model import Media
from casework.media.model import FetchFailed, Refused
from connectors.fetching import Guard
from connectors.telegram.files import MAX_FILE_BYTES, TelegramFiles
from tests.connectors.telegram.fakes import TOKEN, BotApi, ok, refusal, sender_for, settings

PHOTO = Media(kind="photo", ref="AgACAgQ")
LIMIT = 50 * 1024 * 1024


def files(api: BotApi, served: dict[str, bytes] | None = None) -> TelegramFiles:
    def download(request: httpx.Request) -> httpx.Response:
        content = (served or {}).get(request.url.raw_path.decode())
        return httpx.Response(200, content=content) if content is not None else httpx.Response(404)

    chosen = settings()
    guard = Guard(trusted=(chosen.api_base,), transport=httpx.MockTransport(download))
    return TelegramFiles(chosen, sender_for(api), guard)


def described(**file: Any) -> httpx.Response:
    return ok({"file_id": "AgACAgQ", "file_unique_id": "U", **file})


async def test_the_file_is_asked_for_and_downloaded_from_the_same_server() -> None:
    api = BotApi()
    api.script["getFile"] = [described(file_path="photos/file 1.jpg", file_size=4)]
    content = await files(api, {f"/file/bot{TOKEN}/photos/file%201.jpg": b"JPEG"}).fetch(
        PHOTO, max_bytes=LIMIT
    )
    assert content == b"JPEG"
    assert api.of("getFile") == [{"file_id": "AgACAgQ"}]


async def test_what_is_known_to_be_too_large_is_not_asked_for() -> None:
    api = BotApi()
    large = Media(kind="video", ref="BAACAgQ", size_bytes=MAX_FILE_BYTES + 1)
    with pytest.raises(Refused, match="too_large"):
        await files(api).fetch(large, max_bytes=LIMIT)
    assert api.calls == []


@pytest.mark.parametrize(
    "answer",
    [
        described(file_path="a", file_size=MAX_FILE_BYTES + 1),
        refusal(400, "Bad Request: file is too big"),
    ],
)
async def test_what_turns_out_too_large_is_refused(answer: httpx.Response) -> None:
    api = BotApi()
    api.script["getFile"] = [answer]
    with pytest.raises(Refused, match="too_large"):
        await files(api).fetch(PHOTO, max_bytes=LIMIT)


@pytest.mark.parametrize(
    ("answer", "gone", "retry_after_s"),
    [
        (refusal(400, "Bad Request: wrong file_id"), True, None),
        (refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable"), False, None),
        (refusal(429, "Too Many Requests: retry after 7", retry_after=7), False, 7.0),
        (refusal(502, "Bad Gateway"), False, None),
        (httpx.ConnectError("no"), False, None),
        (described(), True, None),
        (described(file_path="/var/lib/telegram-bot-api/file"), True, None),
        (described(file_path="../../etc/passwd"), True, None),
    ],
)
async def test_a_failure_says_whether_to_come_again_and_holds_no_token(
    answer: httpx.Response | Exception, gone: bool, retry_after_s: float | None
) -> None:
    api = BotApi()
    api.script["getFile"] = [answer]
    with pytest.raises(FetchFailed) as failed:
        await files(api).fetch(PHOTO, max_bytes=LIMIT)
    assert (failed.value.gone, failed.value.retry_after_s) == (gone, retry_after_s)
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None
    assert TOKEN not in repr(failed.value)
