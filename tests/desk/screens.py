"""Pictures of the desk for the documentation, with a month of ``tingsu demo``.

python -m tests.desk.screens docs/desk [part of a name]
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import ROOT
from tests.connectors.web.browser import ARGUMENTS, chromium

#: Each picture is taken at both sizes; the second has ``-phone`` in its name.
SIZES = {"": (1360, 850), "-phone": (390, 844)}
Steps = Callable[[Page], None]


def _opened(selector: str, nth: int = 0) -> Steps:
    """The page behind a link of the page."""

    def steps(page: Page) -> None:
        page.goto(urljoin(page.url, page.locator(selector).nth(nth).get_attribute("href") or ""))

    return steps


_WORKED_ON = "a.row:is(:has-text('办理中'), :has-text('being worked on'))"
_talk, _case, _entry = _opened(".row"), _opened(_WORKED_ON, 1), _opened("main table a")


def _merge(page: Page) -> None:
    numbers = page.locator(f"{_WORKED_ON} b").all_inner_texts()
    page.goto(f"{page.url.partition('?')[0]}/{numbers[1]}/merge?into={numbers[0]}")


def _printed(page: Page) -> None:
    _case(page)
    page.goto(f"{page.url.partition('?')[0]}/print")


def _form(page: Page) -> None:
    """A step of the case, with its form."""
    _case(page)
    _opened(".acts a")(page)
    page.locator("#act").scroll_into_view_if_needed()


def _typed_slash(page: Page) -> None:
    _talk(page)
    if page.locator('[data-act="claim"]').count():
        page.locator('[data-act="claim"]').click()
        page.wait_for_load_state()
    page.locator("#text").press_sequentially("/", delay=30)
    page.locator("#inserts li").first.wait_for()


def _given(page: Page) -> None:
    """What became of cases that were given to somebody."""
    page.goto(f"{page.url.partition('?')[0]}/batch")
    for box in page.locator(".pick input").all()[:3]:
        box.check()
    page.locator('#batch [name="handler"]').select_option(index=1)
    page.locator("#batch button").click()
    page.locator(".results").wait_for()


def _refused(page: Page) -> None:
    page.locator("textarea").first.fill("{")
    page.locator("form button.main").click()
    page.locator('[role="alert"]').wait_for()


def _tried(page: Page) -> None:
    page.locator('[name="category"]').select_option(index=3)
    page.locator("#try button").click()
    page.locator(".tried").wait_for()


def _press(keys: str) -> Steps:
    return lambda page: page.keyboard.press(keys)


def _asked(page: Page) -> None:
    page.locator('[name="ask"]').fill("停电了多久能来电？")
    page.keyboard.press("Enter")
    page.wait_for_load_state()


@dataclass(frozen=True)
class Shot:
    """One picture. ``login``: empty for somebody who has not signed in. ``path``: below the desk; ``steps``: what is
    done there first. ``dark``: in dark colours, and wide alone."""

    name: str
    login: str
    path: str
    steps: Steps | None = None
    dark: bool = False


SHOTS = (
    Shot("sign-in", "", "/sign-in"),
    Shot("talks", "li.wei", "/talks"),
    Shot("talk", "li.wei", "/talks", _talk),
    Shot("talk-dark-en", "tom.reed", "/talks", _talk, dark=True),
    Shot("cases", "zhao.lead", "/cases"),
    Shot("cases-dark-en", "tom.reed", "/cases", dark=True),
    Shot("cases-empty", "zhao.lead", "/cases?view=mine&overdue=1&danger=1"),
    Shot("cases-filters", "zhao.lead", "/cases/filters?department=government.hall&overdue=1"),
    Shot("case", "zhao.lead", "/cases", _case),
    Shot("case-dark-en", "tom.reed", "/cases", _case, dark=True),
    Shot("case-form", "zhao.lead", "/cases", _form),
    Shot("case-printed", "zhao.lead", "/cases", _printed),
    Shot("cluster", "zhao.lead", "/clusters/1"),
    Shot("merge", "zhao.lead", "/cases", _merge),
    Shot("palette", "zhao.lead", "/cases", _press("Control+k")),
    Shot("keys", "zhao.lead", "/cases", _press("?")),
    Shot("export", "zhao.lead", "/cases/export"),
    Shot("batch", "zhao.lead", "/cases", _given),
    Shot("people", "admin", "/people"),
    Shot("person", "admin", "/people/li.wei"),
    Shot("setup", "admin", "/setup"),
    Shot("setup-departments", "admin", "/setup/departments", _tried),
    Shot("setup-department", "admin", "/setup/departments/government.hall"),
    Shot("setup-hours", "admin", "/setup/hours"),
    Shot("setup-packs", "admin", "/setup/packs"),
    Shot("setup-pack", "admin", "/setup/packs/government"),
    Shot("setup-wording", "admin", "/setup/packs/power/edit?at=fields.scope", _refused),
    Shot("setup-replies", "sun.supervisor", "/setup/replies"),
    Shot("setup-reply", "sun.supervisor", "/setup/replies/second-call"),
    Shot("setup-knowledge", "sun.supervisor", "/setup/knowledge", _asked),
    Shot("setup-entry", "sun.supervisor", "/setup/knowledge", _entry),
    Shot("health", "sun.supervisor", "/health"),
    Shot("audit", "audit", "/audit"),
    Shot("me", "li.wei", "/me"),
    Shot("codes", "li.wei", "/me/codes"),
    Shot("not-allowed", "li.wei", "/health"),
    Shot("talk-writing", "wang.min", "/talks", _typed_slash),
)


@contextmanager
def _house(folder: Path) -> Iterator[tuple[str, str]]:
    """A gateway over a month of its own. Gives its address and everybody's password."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"TINGSU_DATA_DIR": str(folder), "TINGSU_PORT": str(port), "TINGSU_HOST": "127.0.0.1"}
    environment = {**{k: v for k, v in os.environ.items() if not k.startswith("TINGSU_")}, **own}
    tingsu = [sys.executable, "-m", "app.cli"]
    filled = subprocess.run(
        [*tingsu, "demo"], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    password = re.search(r"password (\S+)", filled.stdout)
    assert password, filled.stdout
    gateway = subprocess.Popen([*tingsu, "gateway"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url)
        yield url, password[1]
    finally:
        gateway.terminate()
        gateway.wait(20)


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(url)


class Camera:
    """Takes pictures of one gateway, each member of staff at a browser of their own for each size and colour."""

    def __init__(self, browser: Browser, url: str, password: str, directory: Path) -> None:
        self._browser, self._url, self._password, self._directory = browser, url, password, directory
        self._pages: dict[tuple[str, str, bool], Page] = {}

    def take(self, shot: Shot, suffix: str) -> None:
        page = self._page(shot.login, suffix, shot.dark)
        page.goto(f"{self._url}/desk{shot.path}")
        if shot.steps:
            shot.steps(page)
        page.wait_for_timeout(400)
        path = self._directory / f"{shot.name}{suffix}.png"
        page.screenshot(path=path)
        # Flat colours: a palette is a quarter of the bytes, and looks the same.
        Image.open(path).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)

    def _page(self, login: str, suffix: str, dark: bool) -> Page:
        if (login, suffix, dark) not in self._pages:
            width, height = SIZES[suffix]
            page = self._browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
                timezone_id="Asia/Shanghai",
                locale="zh-CN",
                reduced_motion="reduce",
            ).new_page()
            if login:
                page.goto(f"{self._url}/desk/sign-in")
                page.fill("#login", login)
                page.fill("#password", self._password)
                page.press("#password", "Enter")
                page.wait_for_url(re.compile("/desk/(talks|cases|people)"))
            self._pages[login, suffix, dark] = page
        return self._pages[login, suffix, dark]


def main(directory: Path, wanted: str = "") -> None:
    """Write all pictures, or those whose name holds ``wanted``."""
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _house(Path(folder)) as (url, password):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
            camera = Camera(browser, url, password, directory)
            for suffix in SIZES:
                for shot in SHOTS:
                    if wanted in shot.name + suffix and not (shot.dark and suffix):
                        camera.take(shot, suffix)
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
