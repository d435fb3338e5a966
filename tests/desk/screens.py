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

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import ROOT
from tests.connectors.web.browser import ARGUMENTS, chromium

_WIDE, _PHONE = (1360, 850), (390, 844)
Steps = Callable[[Page], None]


def _first_row(page: Page) -> None:
    page.locator(".row").first.click()
    page.wait_for_load_state()


def _case(page: Page) -> None:
    page.locator("a.row").nth(1).click()
    page.wait_for_load_state()


def _merge(page: Page) -> None:
    numbers = page.locator("a.row b").all_inner_texts()
    page.goto(f"{page.url.partition('?')[0]}/{numbers[1]}/merge?into={numbers[0]}")


def _typed_slash(page: Page) -> None:
    _first_row(page)
    page.locator('[data-act="claim"]').click()
    page.wait_for_load_state()
    page.locator("#text").press_sequentially("/", delay=30)


def _palette(page: Page) -> None:
    page.keyboard.press("Control+k")


@dataclass(frozen=True)
class Shot:
    """One picture. ``path``: below the desk; ``steps``: what is done there first."""

    name: str
    login: str
    path: str
    steps: Steps | None = None
    size: tuple[int, int] = _WIDE
    dark: bool = False


SHOTS = (
    Shot("talks", "li.wei", "/talks"),
    Shot("talk", "li.wei", "/talks", _first_row),
    Shot("talk-dark-en", "tom.reed", "/talks", _first_row, dark=True),
    Shot("talk-writing", "wang.min", "/talks", _typed_slash),
    Shot("talks-phone", "li.wei", "/talks", size=_PHONE),
    Shot("talk-phone", "li.wei", "/talks", _first_row, size=_PHONE),
    Shot("cases", "zhao.lead", "/cases"),
    Shot("case", "zhao.lead", "/cases", _case),
    Shot("case-dark-en", "tom.reed", "/cases", _case, dark=True),
    Shot("cases-phone", "zhao.lead", "/cases", size=_PHONE),
    Shot("case-phone", "zhao.lead", "/cases", _case, size=_PHONE),
    Shot("merge", "zhao.lead", "/cases", _merge),
    Shot("palette", "zhao.lead", "/cases", _palette),
    Shot("export", "zhao.lead", "/cases/export"),
    Shot("people", "admin", "/people"),
    Shot("person", "admin", "/people/li.wei"),
    Shot("setup", "admin", "/setup"),
    Shot("setup-departments", "admin", "/setup/departments"),
    Shot("setup-hours", "admin", "/setup/hours"),
    Shot("setup-packs", "admin", "/setup/packs"),
    Shot("setup-pack", "admin", "/setup/packs/government"),
    Shot("setup-replies", "sun.supervisor", "/setup/replies"),
    Shot("setup-knowledge", "sun.supervisor", "/setup/knowledge"),
    Shot("setup-phone", "admin", "/setup/departments", size=_PHONE),
    Shot("health", "sun.supervisor", "/health"),
    Shot("audit", "audit", "/audit"),
    Shot("me", "li.wei", "/me"),
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


def _take(browser: Browser, url: str, password: str, shot: Shot, directory: Path) -> None:
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]},
        color_scheme="dark" if shot.dark else "light",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{url}/desk/sign-in")
    page.fill("#login", shot.login)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_url(re.compile("/desk/(talks|cases|people)"))
    page.goto(f"{url}/desk{shot.path}")
    if shot.steps:
        shot.steps(page)
    page.wait_for_timeout(400)
    path = directory / f"{shot.name}.png"
    page.screenshot(path=path)
    context.close()
    # Flat colours: a palette is a quarter of the bytes, and looks the same.
    Image.open(path).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def main(directory: Path, wanted: str = "") -> None:
    """Write all pictures, or those whose name holds ``wanted``."""
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _house(Path(folder)) as (url, password):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
            for shot in SHOTS:
                if wanted in shot.name:
                    _take(browser, url, password, shot, directory)
                    print(shot.name)
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
