"""Every page there is, found by its route: no barrier for anybody, and as wide as its window.

A new page is looked at without a word here; a new name in an address is filled in once, below.
"""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from casework.access.rights import RIGHTS, Right
from desk.desk import PREFIX
from desk.visits import DeskRoute
from tests.connectors.web.browser import axe_script
from tests.desk.conftest import OFFICE, PEOPLE, Office
from tests.desk.served import Served
from tests.desk.test_browser import Somebody, browser, live, served

__all__ = ["browser", "live", "served"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

#: Parts that script puts in, files, streams and ways elsewhere: no whole pages.
NO_PAGES = frozenset(
    {"/", "/live", "/sign-on", "/sign-on/back", "/files/{file}", "/files/{file}/small", "/talks/{talk}/messages",
     "/talks/{talk}/reach", "/talks/{talk}/replies", "/talks/{talk}/answers"}
)  # fmt: skip
WIDTHS = (390, 820, 1440)
RULES = "['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']"


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


def _addresses(office: Office) -> dict[str, Right | None]:
    """The address of every whole page, with the right it asks for."""
    names, found = _names(office), {}
    for route in office.app.routes:
        if not isinstance(route, DeskRoute) or "GET" not in (route.methods or ()):
            continue
        path = route.path.removeprefix(PREFIX)
        if path in NO_PAGES:
            continue
        filled = re.sub(r"\{(\w+)\}", lambda match: names[match[1]], path)
        extra = {"/cases/{number}/merge": f"?into={names['other']}", "/setup/packs/{pack}/edit": "?at=name"}
        found[filled.replace("/knowledge/government/", "/knowledge/common/") + extra.get(path, "")] = (
            route.right
        )
    return found


def _look(page: Page, address: str, script: str, rules: str) -> list[object]:
    with suppress(Error):
        page.evaluate(script)
    found = page.evaluate(f"axe.run(document, {{resultTypes: ['violations'], runOnly: {rules}}})")
    assert found["passes"], f"the checks did not run at {address}"
    return [(address, v["id"], [node["html"][:160] for node in v["nodes"]][:3]) for v in found["violations"]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_open_to_everybody_and_fits_its_window(
    browser: Browser, served: Served, language: str
) -> None:
    office, script = served.office, axe_script().read_text(encoding="utf-8")
    addresses = _addresses(office)
    assert len(addresses) > 20
    with office.store.writing() as work:
        for login in PEOPLE:
            work.staff.set_language(login, language)
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
            for act in somebody.page.locator(".acts > a[aria-expanded=false]").all()[:1]:
                act.click()
                expect(somebody.page.locator("form.act")).to_be_visible()
            told += _look(somebody.page, address, script, RULES)
            somebody.page.emulate_media(color_scheme="dark")  # other colours, and nothing else
            told += _look(somebody.page, f"{address}, dark", script, "['color-contrast']")
            somebody.page.emulate_media(color_scheme="light")
            for width in WIDTHS:
                somebody.page.set_viewport_size({"width": width, "height": 800})
                too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                if somebody.page.evaluate(too_wide) > 0:
                    told.append((address, f"wider than {width}"))
            somebody.page.set_viewport_size({"width": 1280, "height": 800})
        assert somebody.faults == []
        somebody.context.close()
    assert left == {}
    assert told == []
