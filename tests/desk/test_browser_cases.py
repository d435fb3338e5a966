"""Cases in a real browser: every action by its form, choosing rows, merging, paper."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.connectors.web.browser import axe_script
from tests.desk.cases import WALK, clustered, history, in_follow_up, in_progress
from tests.desk.served import Served
from tests.desk.test_browser import Somebody, browser, live, served

__all__ = ["browser", "live", "served"]  # fixtures

# What a browser shows does not depend on the database.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def test_every_action_is_done_by_its_form(browser: Browser, served: Served) -> None:
    office = served.office
    people = {login: Somebody(browser, served, login) for login in ("agent", "lead", "supervisor")}
    for action, (prepare, login, given) in WALK.items():
        ticket, page = prepare(office), people[login].page
        people[login].open(f"/cases/{ticket.number}")
        if action == "merge":
            fill(page, "merge", {"into": office.told("zoe").number})
            page.wait_for_url("**/merge?**")
            page.fill("textarea[name=reason]", "同一件事")
            page.locator("main form button.main").click()
        else:
            fill(page, "call" if "outcome" in given else action, given)
        expect(page.locator("#said"), action).not_to_be_empty()
        expect(page.locator(".card [role=alert]"), action).to_have_count(0)
        assert action in history(office, ticket)
    for somebody in people.values():
        assert somebody.faults == []
        somebody.context.close()


def fill(page: Page, form: str, given: Mapping[str, str]) -> None:
    """Open a form, fill every field that is given, send it."""
    link = page.locator(f".acts a[href*='/acts/{form}?']")
    if not link.is_visible():
        page.locator(".further > summary").click()
    link.click()
    place = page.locator("form.act")
    for name, value in given.items():
        field = place.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    place.locator("button.main").click()


def test_what_is_refused_stands_in_the_open_form_and_reloading_shows_the_case(
    browser: Browser, served: Served
) -> None:
    ticket = in_progress(served.office)
    agent = Somebody(browser, served, "agent")
    agent.open(f"/cases/{ticket.number}?view=mine")
    page = agent.page
    page.add_init_script("")  # nothing of ours: browsers check min and max themselves
    page.evaluate(
        "document.addEventListener('focusin', () => "
        "document.querySelectorAll('form').forEach(f => { f.noValidate = true }))"
    )
    fill(page, "extend_request", {"until": "2030-01-01T10:00", "code": "others", "reason": "等供电公司"})
    expect(page.locator(".act .error")).to_contain_text("the date is out of range")
    expect(page.locator(".act textarea[name=reason]")).to_have_value("等供电公司")
    expect(page.locator(".act select[name=code]")).to_have_value("others")
    assert page.url.endswith(f"/cases/{ticket.number}?view=mine")
    page.reload()
    expect(page.locator(".card .state")).to_have_text("being worked on")
    agent.context.close()


def test_rows_are_chosen_with_x_and_shift_and_given_to_who_has_least(
    browser: Browser, served: Served
) -> None:
    office = served.office
    numbers = {office.told(name).number for name in ("ann", "bob", "eve", "zoe")}
    lead = Somebody(browser, served, "lead")
    lead.open("/cases")
    page = lead.page
    expect(page.locator(".batch")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".pick :checked")).to_have_count(1)
    page.locator(".pick input").nth(3).click(modifiers=["Shift"])
    expect(page.locator(".pick :checked")).to_have_count(4)
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator(".pick :checked")).to_have_count(3)
    page.locator(".batch select").select_option(label="Agent (load 0)")
    page.locator(".batch button").click()
    expect(page.locator(".results")).to_contain_text("3 assigned")
    lead.open("/cases?view=unassigned")
    expect(page.locator(".row b")).to_have_count(1)
    assert page.locator(".row b").inner_text() in numbers
    lead.context.close()


def test_down_and_up_the_list_keeps_view_and_filters(browser: Browser, served: Served) -> None:
    for name in ("ann", "bob", "eve"):
        served.office.told(name)
    agent = Somebody(browser, served, "agent")
    agent.open("/cases?view=unassigned&sort=newest&category=government")
    page = agent.page
    order = page.locator(".row b").all_inner_texts()
    for number in (order[0], order[1], order[2], order[1]):
        page.keyboard.press(
            "k" if page.url.endswith(f"{order[2]}?view=unassigned&category=government&sort=newest") else "j"
        )
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/cases/{number}?view=unassigned&category=government&sort=newest")
    assert page.locator(".chips a").count() == 1
    page.go_back()
    page.wait_for_url(f"**/cases/{order[2]}?**")
    agent.context.close()


def test_a_case_goes_on_paper_as_it_is_and_masked(browser: Browser, served: Served, tmp_path: Path) -> None:
    ticket = in_progress(served.office, contact="13912345678")
    agent = Somebody(browser, served, "agent")
    agent.open(f"/cases/{ticket.number}/print")
    agent.page.emulate_media(media="print")
    made = agent.page.pdf(path=tmp_path / "case.pdf", prefer_css_page_size=True)
    assert made.startswith(b"%PDF-")
    assert made.count(b"/Type /Page\n") + made.count(b"/Type /Page ") + made.count(b"/Type/Page") >= 1
    assert "13912345678" not in agent.page.inner_text("body")
    assert agent.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    agent.context.close()


def _pages(served: Served) -> list[str]:
    """Of this part, each with something on it."""
    first, second, _ = clustered(served.office)
    called = in_follow_up(served.office, "zoe")
    with served.office.store.reading() as work:
        cluster = work.matching.membership([first.id])[first.id]
    return [
        "/cases?category=government&handler=-&sort=newest",
        f"/cases/{second.number}",
        f"/cases/{called.number}",
        f"/cases/{second.number}/merge?into={first.number}",
        f"/clusters/{cluster}",
        "/cases/export",
        f"/cases/{second.number}/print",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_complain_about(browser: Browser, served: Served, scheme: str) -> None:
    script = axe_script().read_text(encoding="utf-8")
    supervisor = Somebody(browser, served, "supervisor", color_scheme=scheme)
    for path in _pages(served):
        supervisor.open(path)
        page = supervisor.page
        for opener in page.locator(".filters > a, .further > summary, .tags summary").all():
            opener.click()
        for box in page.locator(".pick input").all()[:1]:
            box.check()
        for act in page.locator(".acts a").all()[-1:]:
            act.click()
            expect(page.locator("form.act")).to_be_visible()
        with suppress(Error):
            page.evaluate(script)
        found = page.evaluate(
            "axe.run(document, {resultTypes: ['violations'], "
            "runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})"
        )
        assert found["passes"], "the checks did not run"
        told = [(v["id"], [node["html"][:160] for node in v["nodes"]][:3]) for v in found["violations"]]
        assert told == [], path
    supervisor.context.close()


def test_no_page_of_cases_is_wider_than_its_window(browser: Browser, served: Served) -> None:
    supervisor, pages = Somebody(browser, served, "supervisor"), _pages(served)
    for width in (390, 820):
        supervisor.page.set_viewport_size({"width": width, "height": 800})
        for path in pages:
            supervisor.open(path)
            wide = supervisor.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, (path, width)
    supervisor.context.close()
