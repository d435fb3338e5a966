"""What the set-up pages refuse is said in the language of who reads it: what is wrong, where, and what to do."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import desk
from casework.packs import PackError, Packs
from casework.packs.overlay import texts
from casework.packs.source import IN_FILE, Findings, read
from casework.staff import organising
from desk.desk import PREFIX
from desk.setup_packs import can_be_edited
from desk.wording import load_words
from tests.conftest import ROOT
from tests.desk.conftest import OFFICE, Office

PACKS, WORDS = ROOT / "packs", Path(desk.__file__).parent / "words"
SETUP = f"{PREFIX}/setup"
EDIT = f"{SETUP}/packs/government/edit"
REPLY = {"name_zh": "甲", "name_en": "A", "text_zh": "您好。", "text_en": "Hello."}
DEPARTMENT = {"code": OFFICE, "zh": "甲", "en": "A"}
TIMES = {"office_opens": "08:30", "office_closes": "18:00", "quiet_from": "21:00", "quiet_to": "08:00"}
MEMBER = {"login": "new", "name": "New", "new_role": "agent", "new_department": OFFICE}
ENTRY = {
    "pack": "common", "as_of": "2026-11-01", "valid_from": "2026-11-01", "valid_until": "2027-11-01",
    "title_zh": "停车", "title_en": "Parking", "source_zh": "规定", "source_en": "Rules",
    "questions_zh": "停哪\n哪停\n停车吗", "questions_en": "Where\nParking\nA car",
    "answer_zh": "院内可停。", "answer_en": "In the yard.",
}  # fmt: skip


def _wording(key: str, said: str) -> dict[str, str]:
    return {"at": key.removesuffix(".zh").removesuffix(".en"), key: said}


#: Where, what is sent, and what each reader is told.
REFUSED: list[tuple[str, dict[str, str], str, str]] = [
    (EDIT, _wording("name.zh", ""), "缺中文，请补上。", "The Chinese wording is missing; add it."),
    (EDIT, _wording("name.en", "政务"), "这里要写英文：政务", "This has to be in English: 政务"),
    (EDIT, _wording("name.zh", "Hall"), "这里要写中文：Hall", "This has to be in Chinese: Hall"),
    (EDIT, _wording("name.en", "A {b}"), "“A {b}”：这里不能用花括号", "“A {b}”: no braces here"),
    (
        f"{SETUP}/packs/common/edit", _wording("fields.when.ask.zh", "什么时候？在哪？"),
        "一次只问一件事，“什么时候？在哪？”问了不止一件", "Ask one thing at a time; “什么时候？在哪？” asks more",
    ),
    (
        f"{SETUP}/packs/common/edit", _wording("fields.when.ask.zh", "问" * 31),
        "最多30个字，现在是31个，请缩短。", "At most 30 characters; these are 31. Shorten it.",
    ),
    (
        f"{SETUP}/packs/common/edit", _wording("fields.when.ask.en", "when " * 19),
        "英文最多18个词，现在是19个，请缩短。", "At most 18 words; these are 19. Shorten it.",
    ),
    (
        EDIT, {"at": "sla.P0", "sla.P0.resolution": "soon"},
        "“soon”读不懂。请写大于0的数字、空格和单位", "“soon” cannot be read. Write a number above 0",
    ),
    (
        EDIT, {"at": "sla.P0", "sla.P0.resolution": ""},
        "时限不能空着。请写数字、空格和单位", "The time cannot be empty. Write a number",
    ),
    (EDIT, {"at": "sla.P0", "sla.P0.source": ""}, "写明依据；没有规定的", "Name the rule behind the figures"),
    (EDIT, {"at": "sla.P0", "sla.P0.mark": ""}, "选一项：依据有多可靠。", "Choose how sure the source is."),
    (
        EDIT, {"at": "sla.P0", "sla.P0.mark": "X"},
        "不能写“X”，只能是：V, V2, O, D。", "“X” is none of these: V, V2, O, D. Choose one of them.",
    ),
    (
        f"{SETUP}/hours", {**TIMES, "working_hours": "13:00-18:00, 08:00-12:00"},
        "时段要按先后写，不能重叠", "Write the hours in order and apart from each other",
    ),
    (
        f"{SETUP}/hours", {**TIMES, "working_hours": "nine to five"},
        "时间“nine to five”读不懂，请写成", "The hours \"nine to five\" cannot be read; write",
    ),
    (f"{SETUP}/hours/days", {"day": "soon"}, "日期读不懂，请重新选择。", "The date cannot be read; choose it again."),
    (f"{SETUP}/departments", {**DEPARTMENT, "code": "A B"}, "代号“A B”不行", "The code “A B” will not do"),
    (
        f"{SETUP}/departments", {**DEPARTMENT, "en": ""},
        "要有中文名和英文名", "needs a name in Chinese and in English",
    ),
    (f"{SETUP}/departments", {**DEPARTMENT, "parent": OFFICE}, "会成为自己的上级", "would stand above itself"),
    (
        f"{SETUP}/departments", {**DEPARTMENT, "parent": "gone"},
        "没有“gone”这个部门", "There is no department gone",
    ),
    (
        f"{SETUP}/departments", {**DEPARTMENT, "hours": "nine"},
        "时间“nine”读不懂", "The hours “nine” cannot be read",
    ),
    (
        f"{SETUP}/departments", {**DEPARTMENT, "duty": "nobody"},
        "没有“nobody”这个人", "no member of staff nobody",
    ),
    (
        f"{SETUP}/routes", {"prefix": "XYZ", "department": OFFICE},
        "没有以“XYZ”开头的分类", "No category begins with XYZ",
    ),
    (f"{SETUP}/routes", {"prefix": "GOV", "department": "x"}, "没有“x”这个部门", "There is no department x"),
    (
        f"{SETUP}/routes", {"prefix": "GOV", "department": OFFICE, "area": "hill"},
        "没有“hill”这个片区", "There is no area hill",
    ),
    (
        f"{SETUP}/routes", {"prefix": "GOV", "department": OFFICE, "handler": "stranger"},
        f"“stranger”不在部门“{OFFICE}”", f"stranger is not of {OFFICE}",
    ),
    (f"{SETUP}/routes/remove", {"prefix": "GOV"}, "这条派单规则已经没有了", "There is no such route any more"),
    (f"{SETUP}/areas", {"area": ""}, "还没写内容。", "There is nothing written yet."),
    (
        f"{SETUP}/replies/new", {**REPLY, "text_en": ""},
        "短名和内容都要有中文和英文。", "Name and text are needed in Chinese",
    ),
    (
        f"{SETUP}/replies/new", {**REPLY, "text_zh": "{x}。"},
        "{x} 填不了。花括号里只能写：", "{x} cannot be filled. In braces:",
    ),
    (
        f"{SETUP}/replies/new", {**REPLY, "text_zh": "好" * 601},
        "太长：短名最多40字", "Too long: 40 characters for the name",
    ),
    (
        f"{SETUP}/knowledge/new", {**ENTRY, "answer_en": ""},
        "标题、答案和依据，中英文都要写。", "Title, answer and source are needed",
    ),
    (f"{SETUP}/knowledge/new", {**ENTRY, "questions_zh": "停哪"}, "每种语言至少3种问法。", "at least 3 ways of asking"),
    (
        f"{SETUP}/knowledge/new", {**ENTRY, "answer_zh": "{boss}。"},
        "{boss} 填不了。花括号里只能写：{organisation}", "{boss} cannot be filled. In braces: {organisation}",
    ),
    (
        f"{SETUP}/knowledge/new", {**ENTRY, "answer_zh": "{due:PWR-OUT-01}。"},
        "PWR-OUT-01 不是“common”这个行业包的分类", "PWR-OUT-01 is no category of the pack common",
    ),
    (f"{SETUP}/knowledge/new", {**ENTRY, "address": "x"}, "网页要写完整地址", "The page needs a full address"),
    (
        f"{SETUP}/knowledge/new", {**ENTRY, "valid_until": "2026-01-01"},
        "失效日期在生效日期之前", "It ends before it begins",
    ),
    (f"{PREFIX}/people", {**MEMBER, "login": "no!"}, "登录名“no!”不行", "The login “no!” will not do"),
    (f"{PREFIX}/people", {**MEMBER, "login": "agent"}, "已经有“agent”了", "agent is there already"),
    (
        f"{PREFIX}/people", {**MEMBER, "new_role": "auditor"},
        "部门里只有经办和部门负责人", "In a department there are agents and leads",
    ),
    (f"{PREFIX}/people", {**MEMBER, "hours": "late"}, "时间“late”读不懂", "The hours “late” cannot be read"),
    (
        f"{PREFIX}/people/admin", {"name": "Admin", "active": "0"},
        "“admin”是最后一个管理员", "admin is the last administrator",
    ),
    (f"{PREFIX}/people/agent", {"name": " "}, "请写“agent”的姓名", "agent needs a name that colleagues know"),
    (
        f"{PREFIX}/people/agent", {"email": "nowhere"},
        "邮箱“nowhere”里没有 @", "The e-mail address “nowhere” has no @",
    ),
    (
        f"{PREFIX}/people/agent/away", {"from": "2026-12-02", "until": "2026-12-01"},
        "结束要晚于开始", "An absence ends after it starts",
    ),
    (
        f"{PREFIX}/people/agent/away", {"from": "2026-12-01", "until": "2026-12-02", "stand_in": "agent"},
        "自己不能代自己的班", "agent cannot stand in for themselves",
    ),
]  # fmt: skip


def _refused(client: TestClient, path: str, form: dict[str, str]) -> str:
    """The text of the page that refuses, without its marks."""
    answer = client.post(path, data={"seen": "0", **form})
    assert answer.status_code in (200, 422), (path, answer.status_code)
    (alert,) = re.findall(r'role="alert".*?(?:</div>|</p>\s)', answer.text, re.DOTALL)[:1]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", alert)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everybody_reads_in_their_language_what_is_wrong(office: Office, language: str) -> None:
    client = office.come_in("admin", language=language)
    for path, form, *told in REFUSED:
        said = _refused(client, path, form)
        assert told[language == "en"] in said, (path, form, said)


def test_the_last_pack_in_use_stays_and_it_is_said_why(office: Office) -> None:
    office.come_in("admin").post(f"{SETUP}/packs", data={"seen": "0", "pack": "power", "on": "0"})
    for language, said in (("zh", "至少要启用一个行业包"), ("en", "One pack at least is in use")):
        client = office.come_in("admin", language=language)
        seen = re.findall(r'name="seen" value="(\d+)"', client.get(f"{SETUP}/packs").text)[0]
        assert said in _refused(client, f"{SETUP}/packs", {"seen": seen, "pack": "government", "on": "0"})


def test_a_second_absence_is_refused_with_the_days_of_the_first(office: Office) -> None:
    days = {"from": "2026-12-01", "until": "2026-12-03"}
    for language, said in (
        ("zh", "在 12-01 00:00 至 12-03 00:00 已经登记不在"),
        ("en", "from 12-01 00:00 to 12-03"),
    ):
        client = office.come_in("admin", language=language)
        client.post(f"{PREFIX}/people/agent/away", data=days)
        assert said in _refused(client, f"{PREFIX}/people/agent/away", days)


def test_where_it_is_wrong_is_named_by_file_and_key(office: Office) -> None:
    said = _refused(office.come_in("admin", language="zh"), EDIT, _wording("name.en", "政务"))
    assert re.search(r"packs/government/pack\.yml:\d+: name\.en", said)


#: What somebody may type into a field of wording or of a promise, all of it wrong somewhere.
TYPED = ("", "{", "{x}", "x" * 900, "字" * 900, "a? b? c?", "一？二？三？", "尽快", "0 days")


@pytest.mark.parametrize("document", ["government", "common"])
@pytest.mark.parametrize("typed", TYPED)
def test_whatever_is_typed_into_wording_is_refused_by_reasons_with_words(document: str, typed: str) -> None:
    path = PACKS / ("common.yml" if document == "common" else f"{document}/pack.yml")
    node = read(path, shown_as=path.name, findings=Findings())
    assert node is not None
    edits = {key: typed for key in texts(node) if can_be_edited(key)}
    with pytest.raises(PackError) as refused:
        Packs.load(PACKS, ["government"], edits={document: edits})
    codes = {problem.code for problem in refused.value.problems}
    assert IN_FILE not in codes
    for words in load_words(WORDS).values():
        assert [code for code in codes if not words.get(f"unfit_{code}")] == []


def test_every_refusal_about_staff_has_words() -> None:
    source = Path(organising.__file__).read_text(encoding="utf-8")
    codes = re.findall(r'StaffError\(\s*"(\w+)"', source)
    assert len(codes) == source.count("raise StaffError(")
    for code in codes:
        assert load_words(WORDS)["zh"].get(f"unfit_staff_{code}"), code
