"""The set-up pages in a real browser: accessible in both languages and themes, narrow too, and by keyboard alone."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.connectors.web.browser import axe_script
from tests.desk.served import Served
from tests.desk.test_browser import Somebody, browser, live, served

__all__ = ["browser", "live", "served"]

# What a browser shows does not depend on the database.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

PAGES = (
    "/setup",
    "/setup/departments?category=GOV-ATT-03",
    "/setup/departments/government.supervision",
    "/setup/hours",
    "/setup/packs",
    "/setup/packs/power",
    "/setup/packs/power/edit?at=fields.scope",
    "/setup/packs/power/edit?at=sla.PW-F",
    "/people",
    "/people/agent",
    "/health",
)


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("zh", "light", 1280), ("en", "dark", 1280), ("zh", "dark", 390)]
)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(
    browser: Browser, served: Served, language: str, scheme: str, width: int
) -> None:
    script = axe_script().read_text(encoding="utf-8")
    admin = Somebody(browser, served, "admin", color_scheme=scheme)
    admin.page.set_viewport_size({"width": width, "height": 800})
    admin.open("/me")
    admin.page.locator("select[name=language]").select_option(language)
    admin.page.locator("form[action$='/me/language'] button").click()
    for path in PAGES:
        admin.open(path)
        for summary in admin.page.locator("main details > summary").all():
            with suppress(Error):
                summary.click(timeout=300)
        with suppress(Error):
            admin.page.evaluate(script)
        found = admin.page.evaluate(
            "axe.run(document, {resultTypes: ['violations'], "
            "runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})"
        )
        assert found["passes"], "the checks did not run"
        told = [(v["id"], [node["html"][:160] for node in v["nodes"]][:3]) for v in found["violations"]]
        assert told == [], path
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert admin.page.evaluate(wide) <= 0, path
    assert admin.faults == []


def test_a_question_is_reworded_by_keyboard_alone(browser: Browser, served: Served) -> None:
    admin = Somebody(browser, served, "admin")
    page = admin.page
    admin.open("/cases")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/setup")
    page.get_by_role("link", name="Packs").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/setup/packs")
    page.get_by_role("link", name="Power utility").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="scope", exact=True).focus()
    page.keyboard.press("Enter")
    question = page.locator("[name='fields.scope.ask.en']")
    question.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Only {you}?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Question (English) “Only {you}?”: no braces here")
    expect(question).to_have_value("Only {you}?")
    question.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Only your home?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#history ins").first).to_have_text("Only your home?")
    field = served.office.house.packs.category("PWR-OUT-01").field("scope")
    assert field is not None
    assert field.ask.en == "Only your home?"
