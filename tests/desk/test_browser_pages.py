"""Every page there is, found by its route: no barrier for anybody, and as wide as its window.

A new page is looked at without a word here; a new name in an address is filled in once, below.
"""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Error, Page

from casework.access.rights import RIGHTS, Right
from desk.desk import PREFIX
from desk.visits import DeskRoute
from tests.connectors.web.browser import axe_script
from tests.desk.cases import does, in_progress
from tests.desk.conftest import OFFICE, PEOPLE, Office
from tests.desk.served import Served
from tests.desk.test_browser import Somebody, browser, live, served

__all__ = ["browser", "live", "served"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

#: Parts that script puts in, files, streams and ways elsewhere: no whole pages.
NO_PAGES = frozenset(
    {"/", "/live", "/sign-on", "/sign-on/back", "/files/{file}", "/files/{file}/small", "/talks/{talk}/messages",
     "/talks/{talk}/reach"}
)  # fmt: skip
WIDTHS = (390, 820, 1440)
RULES = "['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']"
#: What scrolls sideways though it should not: the page, its main part, a pane. Tables may, in a frame of their own.
TOO_WIDE = """[document.documentElement, ...document.querySelectorAll('#main, .pane, dialog[open]')]
    .filter((part) => part.scrollWidth > part.clientWidth).map((part) => part.id || part.className || 'page')"""


def _names(office: Office) -> dict[str, str]:
    """What the names in addresses stand for: three cases of one thing, the first with a chat that waits."""
    told = [office.told(name, hall="翠湖路政务大厅", contact="13912345678") for name in ("ann", "bob", "eve")]
    with office.store.reading() as work:
        (cluster,) = work.matching.clusters(limit=1)
    return {
        "number": told[2].number, "other": told[0].number, "cluster": str(cluster.id), "talk": str(office.waits("mia")),
        "login": "agent", "code": OFFICE, "pack": "government", "ref": "late", "name": "free",
        "action": "accept",
    }  # fmt: skip


def _addresses(office: Office, language: str) -> dict[str, Right | None]:
    """The address of every whole page, with the right it asks for."""
    names, found = _names(office), {}
    for route in office.app.routes:
        if not isinstance(route, DeskRoute) or "GET" not in (route.methods or ()):
            continue
        path = route.path.removeprefix(PREFIX)
        if path in NO_PAGES:
            continue
        filled = re.sub(r"\{(\w+)\}", lambda match: names[match[1]], path)
        extra = {
            "/cases/{number}/merge": f"?into={names['other']}",
            "/setup/packs/{pack}/edit": "?at=name",
            "/sign-in": f"?lang={language}",
        }
        found[filled.replace("/knowledge/government/", "/knowledge/common/") + extra.get(path, "")] = (
            route.right
        )
    return found


def _read_in(office: Office, language: str) -> None:
    with office.store.writing() as work:
        for login in PEOPLE:
            work.staff.set_language(login, language)


def _looked_at(page: Page, where: str) -> list[object]:
    """What is wrong with the page as it stands: barriers in light and dark, and its width in each window."""
    with suppress(Error):
        page.evaluate(axe_script().read_text(encoding="utf-8"))
    told = _barriers(page, where, RULES)
    page.emulate_media(color_scheme="dark")  # other colours, and nothing else
    told += _barriers(page, f"{where}, dark", "['color-contrast']")
    page.emulate_media(color_scheme="light")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        told += [(where, f"{part} is wider than {width}") for part in page.evaluate(TOO_WIDE)]
    page.set_viewport_size({"width": 1280, "height": 800})
    return told


def _barriers(page: Page, where: str, rules: str) -> list[object]:
    found = page.evaluate(f"axe.run(document, {{resultTypes: ['violations'], runOnly: {rules}}})")
    assert found["passes"], f"the checks did not run at {where}"
    return [(where, v["id"], [node["html"][:160] for node in v["nodes"]][:3]) for v in found["violations"]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_open_to_everybody_and_fits_its_window(
    browser: Browser, served: Served, language: str
) -> None:
    addresses = _addresses(served.office, language)
    assert len(addresses) > 20
    _read_in(served.office, language)
    told: list[object] = []
    left = dict(addresses)
    for login in ("supervisor", "admin"):
        rights = {right for roles in PEOPLE[login].values() for role in roles for right in RIGHTS[role]}
        somebody = Somebody(browser, served, login)
        for address in [address for address, right in left.items() if right is None or right in rights]:
            del left[address]
            answer = somebody.page.goto(f"{served.url}{address}")
            assert answer is not None
            assert answer.status == 200, address
            told += _looked_at(somebody.page, address)
        assert somebody.faults == []
        somebody.context.close()
    assert left == {}
    assert told == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_are_as_open_when_they_are_empty_refuse_or_show_a_form(
    browser: Browser, served: Served, language: str
) -> None:
    office = served.office
    asked = does(
        office, in_progress(office), "extend_request", until="2026-12-04T18:00:00+00:00", reason="等专家意见"
    )
    talk = office.waits("mia")
    _read_in(office, language)
    told: list[object] = []
    agent, lead, admin = (Somebody(browser, served, login) for login in ("agent", "lead", "admin"))

    def look(somebody: Somebody, path: str) -> None:
        told.extend(_looked_at(somebody.page, path))

    for path in (
        "/cases?view=over",
        "/cases?overdue=1&danger=1&handler=me",
        "/cases/none",
        "/health",
        "/talks",
    ):
        agent.open(path)
        look(agent, path)
    agent.open("/cases")
    for keys in ("?", "Control+k"):
        agent.page.keyboard.press(keys)
        look(agent, keys)
        agent.page.keyboard.press("Escape")
    agent.open(f"/talks/{talk}")
    agent.page.locator('[data-act="claim"]').click()
    agent.page.locator(".give").wait_for()
    agent.page.locator(".give summary").click()
    agent.page.locator('[value="colleagues"]').check()
    agent.page.fill("#text", "{number}")
    look(agent, "writing")
    lead.open(f"/cases/{asked.number}")
    steps = [link.get_attribute("href") or "" for link in lead.page.locator(".acts a[href]").all()]
    assert len(steps) > 2
    for step in steps:
        lead.page.goto(urljoin(lead.page.url, step))
        look(lead, step)
    admin.open("/setup/packs/government/edit?at=name")
    admin.page.locator("textarea").first.fill("{")
    admin.page.locator("form button.main").click()
    admin.page.locator('[role="alert"]').wait_for()
    look(admin, "refused")
    for somebody in (agent, lead, admin):
        assert somebody.faults == []
        somebody.context.close()
    assert told == []
