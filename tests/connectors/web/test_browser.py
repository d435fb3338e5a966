"""The page in a real browser, against a server on this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from casework.conversations.model import Author, Button, InboundMessage
from tests.connectors.web.browser import ARGUMENTS, axe_script, chromium
from tests.connectors.web.core import MemoryCore
from tests.connectors.web.served import Served, serving

pytestmark = pytest.mark.browser

YES = Button("对，请登记", token="tok-yes")
NO = Button("要改", token="tok-no")


def bot(message: InboundMessage, text: str) -> list[tuple[str, tuple[Button, ...]]]:
    """Offers two buttons for a text and confirms a press."""
    if message.token:
        return [(f"好的：{text}", ())]
    if message.media:
        return [("文件收到", ())]
    return [(f"听到了：{text}", (YES, NO))]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    expect.set_options(timeout=20_000)  # other work may share the machine
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def served() -> Iterator[Served]:
    with serving(MemoryCore(bot)) as served:
        yield served


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True, reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def complaints(context: BrowserContext) -> list[str]:
    """What the browser's console complained about."""
    found: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: found.append(str(error)))
        page.on(
            "console", lambda said: found.append(said.text) if said.type in ("error", "warning") else None
        )

    context.on("page", watch)
    return found


@pytest.fixture
def page(served: Served, context: BrowserContext, complaints: list[str]) -> Page:
    page = context.new_page()
    page.goto(served.url)
    return page


_AT_END = (
    "(s => s.scrollTop > 0 && s.scrollHeight - s.scrollTop - s.clientHeight < 2)"
    "(document.getElementById('scroll'))"
)


def _until(page: Page, expression: str) -> None:
    """Wait until ``expression`` is true; the page's own policy forbids Playwright's way of waiting."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {expression}")


def say(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


def rows(page: Page) -> list[str]:
    return page.locator("#log .row .bubble").all_inner_texts()


def has(page: Page, text: str) -> None:
    """Wait until ``text`` stands in the conversation, once."""
    expect(page.get_by_role("log").get_by_text(text, exact=True)).to_have_count(1)


def test_a_newcomer_is_welcomed_says_something_and_presses_a_button(
    page: Page, served: Served, complaints: list[str]
) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("滨江区政务服务中心")
    expect(page.locator("#welcome")).to_be_visible()
    example = page.locator(".chips button").nth(1)
    words = example.inner_text()
    example.click()
    expect(page.locator("#text")).to_have_value(words)
    assert served.core.received == []  # an example is only a proposal
    page.get_by_role("button", name="发送").click()
    has(page, f"听到了：{words}")
    expect(page.locator("#welcome")).to_be_hidden()
    page.get_by_role("button", name=YES.title).click()
    has(page, f"好的：{YES.title}")
    assert [message.token for message in served.core.received] == ["", YES.token]
    assert rows(page) == [words, f"听到了：{words}", YES.title, f"好的：{YES.title}"]
    assert complaints == []


def test_buttons_are_dead_once_another_message_follows(page: Page, served: Served) -> None:
    say(page, "停电")
    button = page.get_by_role("button", name=NO.title)
    expect(button).to_be_enabled()
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    served.bot_says("还有一件事")
    expect(button).to_be_disabled()


def test_text_from_outside_stays_text_and_links_open_elsewhere(page: Page, served: Served) -> None:
    evil = '<img src=x onerror="document.title=1"> <b>粗</b> javascript:alert(1)'
    say(page, evil)
    has(page, evil)
    served.bot_says(
        "看 https://example.org/a?b=1&c=<i>，或 http://example.org/b.", author=Author.STAFF, name="<u>李</u>"
    )
    links = page.locator("#log a")
    expect(links).to_have_count(2)
    assert links.evaluate_all("all => all.map(a => [a.href, a.target, a.rel])") == [
        ["https://example.org/a?b=1&c=", "_blank", "noopener noreferrer nofollow"],
        ["http://example.org/b", "_blank", "noopener noreferrer nofollow"],
    ]
    assert page.locator("#log :is(img, b, i, u)").count() == 0
    assert page.title() != "1"
    expect(page.locator(".row.staff .name")).to_have_text("工作人员 <u>李</u>")


def test_shift_and_enter_make_a_new_line(page: Page, served: Served) -> None:
    box = page.locator("#text")
    box.press_sequentially("第一行")
    box.press("Shift+Enter")
    box.press_sequentially("第二行")
    box.press("Enter")
    has(page, "听到了：第一行\n第二行")
    assert [message.text for message in served.core.received] == ["第一行\n第二行"]


def test_enter_that_ends_an_input_method_does_not_send(page: Page, served: Served) -> None:
    page.locator("#text").focus()
    tool = page.context.new_cdp_session(page)
    tool.send("Input.imeSetComposition", {"text": "ting dian", "selectionStart": 9, "selectionEnd": 9})
    for kind in ("rawKeyDown", "keyUp"):  # what an input method lets through while it is open
        tool.send(
            "Input.dispatchKeyEvent",
            {"type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229},
        )
    page.locator("#text").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    tool.send("Input.insertText", {"text": "停电"})
    expect(page.locator("#text")).to_have_value("停电")
    assert rows(page) == []
    page.locator("#text").press("Enter")
    has(page, "听到了：停电")
    assert [message.text for message in served.core.received] == ["停电"]


def test_everything_can_be_done_with_the_keyboard_alone(page: Page, served: Served) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到输入框")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("漏水")
    page.keyboard.press("Enter")
    has(page, "听到了：漏水")
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent") == YES.title:
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    has(page, f"好的：{YES.title}")
    page.locator("#attach").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="照片", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()
    expect(page.locator("#attach")).to_be_focused()


def test_what_was_missed_during_a_break_comes_once_and_in_order(page: Page, served: Served) -> None:
    say(page, "停电")
    has(page, "听到了：停电")
    served.line.cut()
    expect(page.get_by_role("status")).to_have_text("连接断开，正在重新连接…", timeout=15_000)
    say(page, "断线时写的")
    expect(page.locator(".state.failed")).to_contain_text("没有发出")
    served.line.mend()
    served.bot_says("断线时答的")
    has(page, "断线时答的")
    has(page, "听到了：断线时写的")  # went out by itself
    assert rows(page) == ["停电", "听到了：停电", "断线时答的", "断线时写的", "听到了：断线时写的"]
    expect(page.locator(".state.failed")).to_have_count(0)


def test_a_refused_message_can_be_sent_again_or_deleted(page: Page, served: Served) -> None:
    served.core.fails = True
    say(page, "一")
    expect(page.locator(".state.failed")).to_contain_text("请稍后再发一次")
    served.core.fails = False
    page.get_by_role("button", name="重新发送").click()
    has(page, "听到了：一")
    served.core.fails = True
    say(page, "二")
    page.get_by_role("button", name="删除").click()
    expect(page.get_by_text("二", exact=True)).to_have_count(0)


def test_unsent_words_and_drafts_survive_a_reload(page: Page, served: Served) -> None:
    served.core.fails = True
    say(page, "没发出的")
    expect(page.locator(".state.failed")).to_be_visible()
    page.locator("#text").fill("写到一半")
    served.core.fails = False
    page.reload()
    has(page, "听到了：没发出的")
    expect(page.locator("#text")).to_have_value("写到一半")
    page.reload()
    has(page, "听到了：没发出的")
    assert rows(page) == ["没发出的", "听到了：没发出的"]
    assert len(served.core.received) == 1


@pytest.mark.parametrize("stream", ["works", "broken"])
def test_an_answer_that_was_lost_does_not_double_the_message(page: Page, served: Served, stream: str) -> None:
    if stream == "broken":
        page.route("**/web/events*", lambda route: route.abort())
    say(page, "零")
    has(page, "听到了：零")

    lose = True

    def lost(route: object) -> None:
        nonlocal lose
        if lose and route.request.method == "POST":  # type: ignore[attr-defined]
            lose = False
            route.fetch()  # type: ignore[attr-defined]  # the server takes it, the browser never hears of it
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/web/messages", lost)
    say(page, "一")
    has(page, "听到了：一")
    retry = page.get_by_role("button", name="重新发送")
    if retry.count():
        with suppress(Error):  # the page may have sent it again by itself meanwhile
            retry.click(timeout=1000)
    expect(page.locator(".state.failed")).to_have_count(0)
    expect(page.locator(".row.me")).to_have_count(2)
    assert rows(page) == ["零", "听到了：零", "一", "听到了：一"]
    assert len(served.core.received) == 2


def test_a_browser_whose_stream_is_broken_asks_instead(page: Page, served: Served) -> None:
    page.route("**/web/events*", lambda route: route.abort())
    say(page, "停电")
    has(page, "听到了：停电")
    served.bot_says("再来一条")
    has(page, "再来一条")
    assert rows(page) == ["停电", "听到了：停电", "再来一条"]


def test_what_is_delivered_again_is_shown_once(page: Page, served: Served) -> None:
    page.route("**/web/events*", lambda route: route.abort())
    page.route(
        "**/web/messages?after=*", lambda route: route.continue_(url=f"{served.url}/web/messages?after=0")
    )
    say(page, "停电")
    has(page, "听到了：停电")
    served.bot_says("再来一条")
    has(page, "再来一条")
    assert rows(page) == ["停电", "听到了：停电", "再来一条"]


def test_the_reader_who_scrolled_up_is_not_pulled_down(page: Page, served: Served) -> None:
    say(page, "停电")
    for number in range(30):
        served.bot_says(f"第 {number} 条")
    has(page, "第 29 条")
    _until(page, _AT_END)
    page.evaluate("document.getElementById('scroll').scrollTop = 0")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    served.bot_says("新的一条")
    pill = page.get_by_role("button", name="1 条新消息")
    expect(pill).to_be_visible()
    assert page.evaluate("document.getElementById('scroll').scrollTop") == 0
    pill.click()
    _until(page, _AT_END)
    expect(pill).to_be_hidden()


def test_the_bot_is_named_once_for_each_turn(page: Page, served: Served) -> None:
    say(page, "停电")
    has(page, "听到了：停电")
    for text in ("第二", "第三"):
        served.bot_says(text)
    has(page, "第三")
    expect(page.locator(".row.bot .name:visible")).to_have_count(1)


def test_dots_move_while_an_answer_is_being_made(page: Page, served: Served) -> None:
    served.core.held = True
    say(page, "停电")
    expect(page.locator("#typing")).to_be_visible()
    served.release()
    has(page, "听到了：停电")
    expect(page.locator("#typing")).to_be_hidden()


def test_files_are_shown_before_they_are_sent_and_come_back_as_sent(
    page: Page, served: Served, tmp_path: Path, complaints: list[str]
) -> None:
    photo = tmp_path / "窗口.png"
    page.screenshot(path=photo)
    note = tmp_path / "记录.txt"
    note.write_text("十点到场", encoding="utf-8")
    page.set_input_files("#photo", photo)
    page.set_input_files("#file", note)
    expect(page.locator("#files li")).to_have_count(2)
    page.get_by_role("button", name="移除 记录.txt").click()
    page.locator("#text").fill("这是照片")
    page.locator("#text").press("Enter")
    has(page, "文件收到")
    page.reload()
    has(page, "文件收到")
    expect(page.locator("#log img")).to_have_js_property("naturalWidth", 390)
    assert [message.text for message in served.core.received] == ["这是照片"]
    assert complaints == []


def test_a_file_that_is_too_large_is_told_before_it_is_sent(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(10 * 1024 * 1024 + 1))
    page.set_input_files("#file", large)
    expect(page.get_by_role("status")).to_have_text("文件超过 10 MB，请换小一点的。")
    expect(page.locator("#files")).to_be_hidden()


def test_a_place_can_be_shared_or_refused(page: Page, served: Served, context: BrowserContext) -> None:
    page.locator("#attach").click()
    page.get_by_role("button", name="我的位置").click()
    expect(page.get_by_role("status")).to_contain_text("没有取得位置")
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 30.25, "longitude": 120.125})
    page.locator("#attach").click()
    page.get_by_role("button", name="我的位置").click()
    has(page, "位置 30.25000, 120.12500")
    expect(page.get_by_text("文件收到")).to_be_visible()
    assert served.core.received[0].media[0].latitude == 30.25


def test_a_new_chat_is_begun_only_after_asking(page: Page, served: Served) -> None:
    say(page, "旧的")
    has(page, "听到了：旧的")
    page.get_by_role("button", name="在本设备上开始新对话").click()
    page.get_by_role("button", name="继续现在的对话").click()
    has(page, "听到了：旧的")
    page.get_by_role("button", name="在本设备上开始新对话").click()
    page.get_by_role("button", name="开始新对话", exact=True).click()
    expect(page.locator("#welcome")).to_be_visible()
    say(page, "新的")
    has(page, "听到了：新的")
    assert rows(page) == ["新的", "听到了：新的"]
    assert len(served.core.addresses) == 2


def test_two_windows_of_one_browser_show_the_same(
    page: Page, served: Served, context: BrowserContext
) -> None:
    say(page, "停电")
    has(page, "听到了：停电")
    second = context.new_page()
    second.goto(served.url)
    has(second, "听到了：停电")
    say(second, "还在停")
    for window in (page, second):
        has(window, "听到了：还在停")
        assert rows(window) == ["停电", "听到了：停电", "还在停", "听到了：还在停"]


def test_the_language_can_be_changed_and_the_chat_stays(page: Page, served: Served) -> None:
    say(page, "停电")
    has(page, "听到了：停电")
    page.get_by_role("link", name="EN", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    has(page, "听到了：停电")
    expect(page.get_by_role("textbox", name="Write your message")).to_be_visible()


@pytest.mark.parametrize("width", [320, 360, 390, 430, 1280])
def test_nothing_hangs_over_the_edge(page: Page, served: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    for shown in (False, True):
        if shown:
            say(page, "长" * 120 + "https://example.org/" + "x" * 200)
            expect(page.get_by_role("button", name=YES.title)).to_be_visible()
        wide = page.evaluate(
            "[...document.querySelectorAll('body *:not(.quiet):not(.skip)')]"
            ".filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)"
            ".map(e => e.className || e.tagName)"
        )
        assert wide == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_to_complain_about(
    browser: Browser, served: Served, tmp_path: Path, language: str, scheme: str
) -> None:
    # The page's own policy would keep the checks out.
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(f"{served.url}/?lang={language}")
    assert _violations(page) == []
    photo = tmp_path / "p.png"
    page.screenshot(path=photo)
    page.locator("#attach").click()
    assert _violations(page) == []
    page.keyboard.press("Escape")
    page.set_input_files("#photo", photo)
    expect(page.locator("#files li")).to_have_count(1)
    assert _violations(page) == []
    page.locator("#text").press("Enter")
    expect(page.get_by_text("文件收到")).to_be_visible()
    served.bot_says("接手 https://example.org", author=Author.STAFF, name="李芳")
    served.bot_says("已转人工", author=Author.SYSTEM)
    served.bot_says("选一项", buttons=(YES, Button("看说明", url="https://example.org")))
    page.get_by_role("button", name=YES.title).click()
    expect(page.get_by_text(f"好的：{YES.title}")).to_be_visible()
    served.core.fails = True
    say(page, "没发出的")
    expect(page.locator(".state.failed")).to_be_visible()
    assert _violations(page) == []
    page.locator("#new").click()
    assert _violations(page) == []
    context.close()


def _violations(page: Page) -> list[str]:
    try:
        page.evaluate("axe.version")
    except Error:
        page.add_script_tag(path=axe_script())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"], "the checks did not run"
    return [
        f"{violation['id']}: {re.sub(chr(10), ' ', node['html'])[:120]} {node['failureSummary'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
