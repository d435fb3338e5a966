"""Canned replies and knowledge in a real browser: with the keyboard alone, and without script."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, expect

from actions.librarian import librarian_of
from casework.house import House
from tests.connectors.web.browser import axe_script
from tests.desk.served import Served
from tests.desk.test_browser import Somebody, browser, live, people, served

__all__ = ["browser", "live", "people", "served"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture(scope="module", autouse=True)
def searched(house: House) -> None:
    """The search is ready, so that no page waits for it."""
    librarian_of(house.knowledge)


@pytest.fixture
def page(served: Served, people: dict[str, Somebody]) -> Page:
    """An agent who reads English before the talk of somebody who writes Chinese."""
    talk = served.office.waits()
    people["agent"].open(f"/talks/{talk}")
    return people["agent"].page


def _text(page: Page) -> str:
    return page.locator("#text").input_value()


def _options(page: Page) -> Locator:
    return page.locator("#inserts [role=option]")


def test_a_reply_is_put_in_with_the_keyboard_alone(page: Page) -> None:
    number = page.locator(".card h2").inner_text()
    page.keyboard.press("r")
    page.keyboard.type("/")
    expect(_options(page)).to_have_count(27)
    page.keyboard.type("where it")
    expect(_options(page)).to_have_count(1)
    expect(page.locator("#inserts-said")).to_contain_text("1 to choose from")
    page.keyboard.press("Enter")
    expect(page.locator("#inserts")).to_be_hidden()
    assert _text(page).startswith(f"单号{number}现在是")
    expect(page.locator("#gaps")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages")).to_contain_text(f"单号{number}现在是")


def test_arrows_choose_escape_leaves_the_text_and_prose_stays_prose(page: Page) -> None:
    page.keyboard.press("r")
    page.keyboard.type("您好 /ask")
    first = _options(page).first
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "false")
    chosen = page.locator("#text").get_attribute("aria-activedescendant")
    assert page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    expect(page.locator("#inserts")).to_be_hidden()
    assert _text(page) == "您好 /ask"
    assert page.evaluate("document.activeElement.id") == "text"
    page.fill("#text", "")
    page.keyboard.type("at 5 km/h, see http://example.org/a or / b")
    expect(page.locator("#inserts")).to_be_hidden()


def test_the_key_of_a_chinese_keyboard_opens_the_list_too(page: Page) -> None:
    page.keyboard.press("r")
    page.keyboard.insert_text("、")
    expect(_options(page)).to_have_count(27)
    page.keyboard.insert_text("这里的人")
    expect(page.locator("#inserts")).to_be_hidden()  # nothing fits: it was meant as it stands


def test_a_variable_without_a_value_is_marked_and_keeps_the_answer_back(
    browser: Browser, served: Served
) -> None:
    talk = served.office.waits()
    served.office.later(days=90)  # the date of the answer has passed
    agent = Somebody(browser, served, "agent")
    agent.open(f"/talks/{talk}")
    page = agent.page
    page.keyboard.press("r")
    page.keyboard.type("/that is it")
    expect(page.locator("#inserts .lacks")).to_contain_text("date of the answer")
    page.keyboard.press("Enter")
    expect(page.locator("#gaps")).to_contain_text("date of the answer")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#undo")).to_be_hidden()
    page.keyboard.type("周五")  # what is missing was chosen
    expect(page.locator("#gaps")).to_be_hidden()
    assert "周五前答复" in _text(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#undo")).to_be_visible()
    assert agent.faults == []
    agent.context.close()


def test_a_note_for_colleagues_may_hold_braces(page: Page) -> None:
    page.keyboard.press("n")
    page.keyboard.type("{number} is filled in by itself")
    expect(page.locator("#gaps")).to_be_hidden()
    page.locator('[name="to"][value="person"]').check()
    expect(page.locator("#gaps")).to_be_visible()


def test_an_answer_of_the_knowledge_base_is_put_in_with_its_source(page: Page) -> None:
    page.keyboard.press("r")
    page.keyboard.type("/?投诉要收钱吗")
    expect(_options(page).first).to_contain_text("依据")
    page.keyboard.press("Enter")
    assert "（依据：" in _text(page)
    assert "/?" not in _text(page)


def test_the_buttons_open_the_lists_for_who_does_not_know_the_keys(page: Page) -> None:
    page.fill("#text", "您好。")
    page.locator('[data-insert="/"]').click()
    expect(_options(page)).to_have_count(27)
    page.keyboard.press("Escape")
    assert _text(page).strip() == "您好。"
    page.locator('[data-insert="/"]').click()
    _options(page).filter(has_text="Ask for a photo").click()
    assert _text(page).startswith("您好。 方便的话请拍一张")


def test_without_script_the_links_lead_to_pages_that_send(browser: Browser, served: Served) -> None:
    talk = served.office.waits()
    agent = Somebody(browser, served, "agent", java_script_enabled=False)
    agent.open(f"/talks/{talk}")
    agent.page.locator('[data-insert="/"]').click()
    agent.page.locator("details", has_text="Ask for a photo").locator("summary").click()
    agent.page.locator("details[open] button").click()
    expect(agent.page.locator("#messages")).to_contain_text("方便的话请拍一张")
    agent.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_to_complain_about(
    browser: Browser, served: Served, scheme: str, language: str
) -> None:
    talk = served.office.waits()
    somebody = Somebody(browser, served, "supervisor", color_scheme=scheme)
    somebody.open("/me")
    somebody.page.locator("select[name=language]").select_option(language)
    somebody.page.locator("form[action$='/me/language'] button").click()
    pages = {
        f"/talks/{talk}": "/", f"/talks/{talk}?": "/?没有这样的问题",
        f"/talks/{talk}/replies": "", f"/talks/{talk}/answers": "",
        "/setup/replies": "", "/setup/replies/new": "", "/setup/replies/late": "",
        "/setup/knowledge?ask=投诉要收钱吗": "", "/setup/knowledge/new": "", "/setup/knowledge/common/free": "",
    }  # fmt: skip
    for path, typed in pages.items():
        somebody.open(path)
        if typed:
            somebody.page.locator("#text").press_sequentially(typed)
            expect(somebody.page.locator("#inserts")).to_be_visible()
        with suppress(Error):
            somebody.page.evaluate(axe_script().read_text(encoding="utf-8"))
        found = somebody.page.evaluate(
            "axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})"
        )
        assert found["passes"], "the checks did not run"
        told = [(v["id"], [node["html"][:160] for node in v["nodes"]][:3]) for v in found["violations"]]
        assert told == [], path
    assert somebody.faults == []
    somebody.context.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_its_window(browser: Browser, served: Served, width: int) -> None:
    talk = served.office.waits()
    somebody = Somebody(browser, served, "supervisor")
    somebody.page.set_viewport_size({"width": width, "height": 800})
    for path in (
        f"/talks/{talk}/answers",
        "/setup/replies",
        "/setup/replies/late",
        "/setup/knowledge",
        "/setup/knowledge/new",
    ):
        somebody.open(path)
        wide = somebody.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, path
    somebody.context.close()
