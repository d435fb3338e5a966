"""The desk in a real browser: two members of staff at once, keys, a lost connection, accessibility."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from casework.conversations import outbox
from casework.conversations.inbox import TurnRules, receive
from casework.conversations.model import InboundMessage, Reply, StaleReply
from tests.connectors.web.browser import ARGUMENTS, chromium
from tests.desk.conftest import PASSWORD, Office
from tests.desk.served import Served, Wires

# What a browser shows does not depend on the database.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def live() -> Wires:
    return Wires()


@pytest.fixture
def served(office: Office) -> Iterator[Served]:
    served = Served(office)
    yield served
    served.stop()


class Somebody:
    """A member of staff at a browser of their own."""

    def __init__(self, browser: Browser, served: Served, login: str, **options: object) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 1280, "height": 800},
            reduced_motion="reduce",
            **options,  # type: ignore[arg-type]
        )
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.served = served
        self.page.goto(f"{served.url}/sign-in?lang=en")
        self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.page.press("#password", "Enter")
        self.page.wait_for_url("**/desk/**")

    def open(self, path: str) -> None:
        self.page.goto(f"{self.served.url}{path}")

    def send(self, text: str) -> None:
        self.page.fill("#text", text)
        self.page.locator(".write button.main").click()


@pytest.fixture
def people(browser: Browser, served: Served) -> Iterator[dict[str, Somebody]]:
    found = {login: Somebody(browser, served, login) for login in ("agent", "lead")}
    yield found
    for somebody in found.values():
        assert somebody.faults == []
        somebody.context.close()


def test_two_browsers_fight_for_one_talk(served: Served, people: dict[str, Somebody]) -> None:
    talk = served.office.waits()
    for somebody in people.values():
        somebody.open(f"/talks/{talk}")
    people["agent"].page.locator('[data-act="claim"]').click()
    expect(people["agent"].page.locator(".owner")).to_have_text("Agent has it")
    expect(people["lead"].page.locator(".composer .hint")).to_contain_text("Agent has it")  # by itself


def test_who_looks_too_is_shown(served: Served, people: dict[str, Somebody]) -> None:
    talk = served.office.waits()
    people["agent"].open(f"/talks/{talk}")
    people["lead"].open(f"/talks/{talk}")
    expect(people["agent"].page.locator("#present")).to_have_text("Lead looks at this too")


def test_taken_over_while_the_bot_answers_nothing_of_the_bot_lands(
    served: Served, people: dict[str, Somebody]
) -> None:
    ticket = served.office.told()
    with served.office.store.reading() as work:
        as_the_bot_saw_it = work.conversations.get(ticket.conversation_id)
    agent = people["agent"]
    agent.open(f"/talks/{ticket.conversation_id}")
    agent.page.locator('[data-act="claim"]').click()
    expect(agent.page.locator(".owner")).to_have_text("Agent has it")
    with served.office.store.writing() as work, pytest.raises(StaleReply):
        outbox.post_bot_reply(
            work, as_the_bot_saw_it, [Reply("too late")], reply_to_id=None, now=served.office.now
        )


def test_an_answer_waits_five_seconds_and_can_be_taken_back(
    served: Served, people: dict[str, Somebody]
) -> None:
    talk, agent = served.office.waits(), people["agent"]
    agent.open(f"/talks/{talk}")
    agent.send("我是小李")
    agent.page.locator("#undo button").click()
    expect(agent.page.locator("#undo")).to_be_hidden()
    agent.page.wait_for_timeout(5500)
    assert "我是小李" not in agent.page.locator("#messages").inner_text()
    agent.page.fill("#text", "我是小李，请讲")
    agent.page.locator(".write button.main").click()
    expect(agent.page.locator("#messages")).to_contain_text("我是小李，请讲")
    with served.office.store.reading() as work:
        said = [m.text for m in work.messages.transcript(talk)]
    assert said.count("我是小李，请讲") == 1
    assert "我是小李" not in said


def test_a_new_message_comes_by_itself_also_after_the_connection_was_lost(
    served: Served, people: dict[str, Somebody], live: Wires
) -> None:
    talk, agent = served.office.waits(), people["agent"]
    agent.open(f"/talks/{talk}")
    _says(served, live, talk, "还在吗？")
    expect(agent.page.locator("#messages")).to_contain_text("还在吗？")
    served.stop()
    expect(agent.page.locator("#live")).to_contain_text("Connection lost")
    _says(served, live, talk, "我先去接孩子")
    served.start()
    expect(agent.page.locator("#messages")).to_contain_text("我先去接孩子")
    expect(agent.page.locator("#live")).to_have_text("")
    assert agent.page.locator("#messages").inner_text().count("我先去接孩子") == 1


def _says(served: Served, live: Wires, talk: int, text: str) -> None:
    office = served.office
    with office.store.writing() as work:
        address = work.conversations.get(talk).address
        message = InboundMessage("web", f"later-{text}", address, text, sent_at=office.now)
        receive(work, message, now=office.now, rules=TurnRules())
    live.ring("chat", str(talk))


def test_a_case_is_worked_with_the_keyboard_alone(served: Served, people: dict[str, Somebody]) -> None:
    first, _ = served.office.told("ann"), served.office.told("bob")
    page = people["agent"].page
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/desk/cases")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/TS*")
    number = page.url.rsplit("/", 1)[1]
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.locator("#act form")).to_be_visible()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#act form button.main')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".card .state")).to_have_text("assigned")
    page.keyboard.press("/")
    page.keyboard.type(first.number)
    page.keyboard.press("Enter")
    expect(page.locator(".row b")).to_have_text([first.number])
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert number.startswith("TS")


def test_a_hidden_value_is_shown_in_its_place(served: Served, people: dict[str, Somebody]) -> None:
    ticket = served.office.told(contact="13912345678")
    page = people["agent"].page
    people["agent"].open(f"/cases/{ticket.number}")
    assert "13912345678" not in page.content()
    page.locator(".details .reveal summary").click()
    page.fill(".details .reveal input[name=reason]", "回电核实时间")
    page.locator(".details .reveal button").click()
    expect(page.locator(".revealed")).to_have_text("13912345678")
