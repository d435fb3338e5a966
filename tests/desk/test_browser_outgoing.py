"""What staff send, in real browsers: the desk on one side, the chat page of the person on the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.bus import Hub
from app.doors import StoredInbox, StoredTranscripts
from app.files import StoredFiles
from casework.conversations import handover
from casework.conversations.inbox import TurnRules
from casework.conversations.ports import Window
from connectors.web.routes import routes
from connectors.web.send import WebSender
from connectors.web.settings import WebSettings
from tests.casework.media.test_pictures import photo
from tests.connectors.web.browser import axe_script
from tests.desk.conftest import Office
from tests.desk.served import Served, Wires
from tests.desk.test_browser import Somebody, browser, live, people, served

__all__ = ["browser", "live", "people", "served"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def person(browser: Browser, served: Served, office: Office) -> Iterator[Page]:
    """Somebody at the chat page, served beside the desk from the same database."""
    hub = Hub("")
    transcripts = StoredTranscripts(office.store, hub, clock=lambda: office.now)
    sender = WebSender(transcripts)
    office.ways.typing, office.ways.window = sender.typing, Window(is_page=True)
    office.app.router.routes.extend(
        routes(
            WebSettings(organisation="听诉", languages=("zh", "en"), secure_cookie=False),
            StoredInbox(office.store, hub, rules=TurnRules(), most=1000, clock=lambda: office.now),
            transcripts,
            StoredFiles(office.store, office.ways.vault),
        )
    )
    context = browser.new_context(viewport={"width": 390, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(served.url.removesuffix("/desk") + "/?lang=zh")
    page.fill("#text", "我想找工作人员")
    page.press("#text", "Enter")
    expect(page.locator(".row.me")).to_have_count(1)
    expect(page.locator(".state.sent")).to_have_count(1)
    yield page
    context.close()


def claimed_by(office: Office, login: str) -> int:
    """The one talk there is, with this member of staff."""
    with office.store.writing() as work:
        return handover.claim(work, 1, name=login, now=office.now).id


def test_a_photo_from_the_desk_is_seen_by_the_person_in_the_chat(
    served: Served, people: dict[str, Somebody], person: Page, tmp_path: Path
) -> None:
    agent, talk = people["agent"], claimed_by(served.office, "agent")
    (tmp_path / "回执.jpg").write_bytes(photo("JPEG"))
    person.reload()  # the page looks again, as it does when it hears of the claim
    expect(person.locator(".row.me")).to_have_count(1)
    agent.open(f"/talks/{talk}")
    expect(agent.page.locator("#reach")).to_have_text("Has the page open now.")
    agent.page.set_input_files("#file", tmp_path / "回执.jpg")
    expect(agent.page.locator("#attached")).to_contain_text("回执.jpg")
    expect(agent.page.locator("#attached img")).to_be_visible()
    agent.page.locator(".write button.main").click()  # without a word
    shown = person.locator(".row.staff img")
    expect(shown).to_be_visible()
    assert shown.evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
    expect(agent.page.locator("#messages .file img")).to_be_visible()
    assert (agent.faults, served.office.ways.shown) == ([], [])


def test_a_pdf_pasted_or_dropped_arrives_as_a_file_to_save(
    served: Served, people: dict[str, Somebody], person: Page
) -> None:
    agent, talk = people["agent"], claimed_by(served.office, "agent")
    agent.open(f"/talks/{talk}")
    agent.page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["%PDF-1.7 notice"], "通知书.pdf", { type: "application/pdf" }));
          document.querySelector("#write").dispatchEvent(
            new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(agent.page.locator("#attached")).to_contain_text("通知书.pdf")
    agent.send("请查收")
    link = person.locator(".row.staff a.file")
    expect(link).to_contain_text("通知书.pdf")
    with person.expect_download() as saving:
        link.evaluate("a => { a.target = ''; a.click(); }")
    assert Path(saving.value.path()).read_bytes() == b"%PDF-1.7 notice"


def test_a_file_can_be_left_out_again_and_one_too_large_is_not_sent(
    served: Served, people: dict[str, Somebody], person: Page
) -> None:
    agent, talk = people["agent"], claimed_by(served.office, "agent")
    agent.open(f"/talks/{talk}")
    big = {"name": "大.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7" + bytes(2 * 1024 * 1024)}
    agent.page.set_input_files("#file", big)  # type: ignore[arg-type]
    expect(agent.page.locator("#attached")).to_have_class("attached error")
    agent.page.locator(".write button.main").click()
    expect(agent.page.locator("#undo")).to_be_hidden()  # the browser itself says no
    agent.page.locator("#attached button").click()
    expect(agent.page.locator("#attached")).to_be_hidden()
    agent.page.locator('[name="to"][value="colleagues"]').check()
    expect(agent.page.locator(".attach")).to_be_hidden()
    agent.page.fill("#text", "只给同事看")
    agent.page.locator(".write button.main").click()
    expect(agent.page.locator(".message.note")).to_contain_text("只给同事看")
    expect(person.locator(".row.staff")).to_have_count(0)


def test_the_person_sees_that_staff_write_and_staff_see_that_the_person_left(
    served: Served, people: dict[str, Somebody], person: Page
) -> None:
    agent, talk = people["agent"], claimed_by(served.office, "agent")
    agent.open(f"/talks/{talk}")
    agent.page.locator("#text").press_sequentially("您好，我")
    expect(person.locator("#typing")).to_be_visible()
    assert served.office.ways.shown == [("web", served.office.ways.shown[0][1])]
    person.close()
    served.office.later(minutes=3)
    agent.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(agent.page.locator("#reach")).to_have_text("Left the page 3 min ago: seen when they open it.")


def test_without_script_a_file_is_chosen_and_sent_in_the_plain_field(
    browser: Browser, served: Served, person: Page
) -> None:
    talk = claimed_by(served.office, "agent")
    agent = Somebody(browser, served, "agent", java_script_enabled=False)
    agent.open(f"/talks/{talk}")
    expect(agent.page.locator("#file")).to_be_visible()
    agent.page.set_input_files("#file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo("JPEG")})
    agent.send("请看")
    expect(person.locator(".row.staff img")).to_be_visible()
    agent.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_composer_with_a_file_is_accessible_and_fits(
    browser: Browser, served: Served, live: Wires, scheme: str, width: int
) -> None:
    talk = served.office.waits()
    with served.office.store.writing() as work:
        handover.claim(work, talk, name="agent", now=served.office.now)
    served.office.ways.window = Window(2, served.office.now)
    agent = Somebody(browser, served, "agent", color_scheme=scheme)
    agent.page.set_viewport_size({"width": width, "height": 800})
    agent.open(f"/talks/{talk}")
    agent.page.set_input_files("#file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo("JPEG")})
    expect(agent.page.locator("#attached img")).to_be_visible()
    found = agent.page.evaluate(
        axe_script().read_text(encoding="utf-8") + ";axe.run(document, {resultTypes: ['violations'], "
        "runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})"
    )
    assert [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in found["violations"]] == []
    assert (
        agent.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        <= 0
    )
    agent.context.close()
