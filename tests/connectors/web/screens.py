"""Pictures of the page for the documentation: ``python -m tests.connectors.web.screens docs/screens``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from casework.conversations.model import Button, InboundMessage
from tests.connectors.web.browser import ARGUMENTS, chromium
from tests.connectors.web.core import MemoryCore
from tests.connectors.web.served import Served, serving

Answer = Sequence[tuple[str, tuple[Button, ...]]]

_SCRIPT = {
    "zh": (
        (
            "昨天下午在滨江服务大厅3号窗口办居住证，等了两个小时，工作人员说材料不对就让我走，态度很差",
            "在3号窗口等了两个小时，又被一句“材料不对”打发走，换谁都会生气。这件事我来帮您登记。\n"
            "您希望怎么处理？",
            ("尽快办好居住证", "当事人道歉", "两样都要"),
        ),
        ("两样都要", "明白。有了结果怎么联系您？可以留手机号，也可以匿名。", ("匿名", "留手机号")),
        (
            "匿名",
            "请看一遍，对了我就登记：\n\n事情：3号窗口服务态度差，未说明缺什么材料\n时间：昨天 15:00 左右\n"
            "地点：滨江服务大厅 3 号窗口\n希望：尽快办好居住证，当事人道歉\n联系：匿名",
            ("对，请登记", "要改", "不登记了"),
        ),
    ),
    "en": (
        (
            "I waited two hours at counter 3 yesterday and the clerk sent me away over a form. So rude!",
            "Two hours at counter 3 and then sent away over a form: that would upset anyone. I will file "
            "this for you.\nWhat would you like to happen?",
            ("Get my permit done", "An apology", "Both"),
        ),
        (
            "Both",
            "Understood. How can we reach you with the result? A phone number, or stay anonymous.",
            ("Anonymous", "Leave a number"),
        ),
        (
            "Anonymous",
            "Please check, then I file it:\n\nWhat: rude service, no word on what was missing\n"
            "When: yesterday, about 15:00\nWhere: service hall, counter 3\nWish: permit and apology\n"
            "Contact: anonymous",
            ("Yes, file it", "Change something", "Do not file"),
        ),
    ),
}


def scripted(message: InboundMessage, text: str) -> Answer:
    """The bot of the pictures: each line has its answer."""
    for said, answer, titles in (*_SCRIPT["zh"], *_SCRIPT["en"]):
        if said == text:
            return [(answer, tuple(Button(title, token=f"{hash(title) & 0xFFFFFFF:x}") for title in titles))]
    return ()


def main(directory: Path) -> None:
    """Write all pictures."""
    directory.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        for language, dark, width, height in (
            ("zh", False, 390, 844),
            ("en", False, 390, 844),
            ("zh", True, 390, 844),
            ("en", False, 1280, 800),
        ):
            kind = "desktop" if width > 500 else "phone"
            name = f"chat-{kind}-{language}" + ("-dark" if dark else "")
            with serving(MemoryCore(scripted)) as served:
                page = _open(browser, served.url, language, dark=dark, size=(width, height))
                page.screenshot(path=directory / f"{name}-welcome.png")
                _talk(page, served, language)
                page.screenshot(path=directory / f"{name}.png")
                page.close()
        browser.close()


def _open(browser: Browser, url: str, language: str, *, dark: bool, size: tuple[int, int]) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        locale="zh-CN" if language == "zh" else "en-GB",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url)
    return page


def _talk(page: Page, served: Served, language: str) -> None:
    opening, first, _ = _SCRIPT[language][0]
    page.locator("#text").fill(opening)
    page.keyboard.press("Enter")
    page.get_by_text(first.split("\n")[0]).wait_for()
    for said, answer, _ in _SCRIPT[language][1:]:
        page.get_by_role("button", name=said, exact=True).click()
        page.get_by_text(answer.split("\n")[0]).wait_for()
    page.mouse.move(5, 5)
    page.wait_for_timeout(400)
    assert served.core.received[0].text == opening


if __name__ == "__main__":
    main(Path(sys.argv[1]))
