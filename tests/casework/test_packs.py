"""Sector packs: what ships is complete, and every mistake in a pack file is named with its file and line."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from casework.packs import (
    Category,
    Choice,
    Field,
    Found,
    PackError,
    Packs,
    Span,
    Text,
    UnknownCategory,
    check,
)
from casework.packs.wording import Rule, faults

ROOT = Path(__file__).resolve().parents[2] / "packs"
#: Pack -> the taxonomy's name of the sector, and how many level-2 categories it has.
SECTORS = {
    "government": ("gov", 37), "power": ("power", 27), "ecommerce": ("ecom", 22), "hospitality": ("hospitality", 24),
    "finance": ("finance", 23), "telecom": ("telecom", 14), "urban": ("urban", 22),
}  # fmt: skip
NAMES = tuple(SECTORS)
TAXONOMY = Path(__file__).resolve().parents[3] / "shared" / "domain" / "taxonomy.json"
#: The one question about time that a category keeps out of the taxonomy's several.
WHEN_LIKE = {
    "when", "start_time", "decision_date", "apply_date", "period", "month", "since", "time_of_day",
    "time_pattern", "date", "time", "event_date", "return_date", "dates", "end_date", "meal_time", "missed_since",
    "time_now", "appointment",
}  # fmt: skip


@pytest.fixture(scope="module")
def packs() -> Packs:
    return Packs.load(ROOT, NAMES)


def _categories(packs: Packs) -> Iterator[Category]:
    for code in packs.codes:
        yield packs.category(code)


def _fields(packs: Packs) -> Iterator[tuple[str, Field]]:
    for category in _categories(packs):
        for field in (*category.required, *category.noted):
            yield f"{category.code} {field.key}", field


# What ships


def test_the_shipped_packs_have_no_problem() -> None:
    assert check(ROOT) == []


def test_all_seven_packs_are_complete(packs: Packs) -> None:
    assert {pack.key: len(pack.categories) for pack in packs.packs} == {
        name: count for name, (_, count) in SECTORS.items()
    }
    assert len(packs.codes) == 169


@pytest.mark.parametrize("name", NAMES)
def test_a_pack_loads_alone_and_holds_the_same_as_among_all(packs: Packs, name: str) -> None:
    alone = Packs.load(ROOT, [name])
    assert len(alone.codes) == SECTORS[name][1]
    assert [alone.category(code) for code in alone.codes] == [packs.category(code) for code in alone.codes]


@pytest.mark.skipif(not TAXONOMY.exists(), reason="the domain folder is not on this machine")
def test_every_category_of_the_taxonomy_is_there_with_its_names_department_severity_and_profile(
    packs: Packs,
) -> None:
    taxonomy = json.loads(TAXONOMY.read_text("utf-8"))
    rows, profiles = taxonomy["categories"], taxonomy["sla"]
    sectors = {sector: name for name, (sector, _) in SECTORS.items()}
    assert {row["code"] for row in rows} == set(packs.codes)
    for row in rows:
        category = packs.category(row["code"])
        assert category.name == Text(row["zh"], row["en"])
        assert category.parent_name == Text(row["l1_zh"], row["l1_en"])
        assert category.department.name == Text(row["dept_zh"], row["dept_en"])
        assert (category.severity, category.sla.code) == (row["severity"], row["sla"]), row["code"]
        keys = {field.key for field in (*category.required, *category.noted)}
        assert set(row["slots"]) - keys <= WHEN_LIKE, row["code"]
        assert category.pack == sectors[row["sector"]]
        assert category.sla.mark == profiles[row["sla"]]["status"], row["code"]


def test_every_category_asks_what_happened_first_and_the_contact_last(packs: Packs) -> None:
    for category in _categories(packs):
        assert category.required[0].key == "what"
        assert category.required[-1].key == "contact"
        assert 2 <= len(category.required) - 1 <= 5, category.code


def test_no_category_asks_for_the_time_twice(packs: Packs) -> None:
    for category in _categories(packs):
        times = [field.key for field in (*category.required, *category.noted) if field.key in WHEN_LIKE]
        assert len(times) == 1, (category.code, times)


def test_danger_asks_where_or_how_bad_it_is_before_anything_else_but_what(packs: Packs) -> None:
    """Somebody has to go there; where nobody can (stolen money, bad food at home): is it still going on?"""
    for category in _categories(packs):
        if category.severity == 5:
            first = category.required[1]
            assert first.type == "place" or first.key in ("still_happening", "injury"), category.code


def test_nobody_is_asked_for_a_whole_card_number_or_a_secret(packs: Packs) -> None:
    for where, field in _fields(packs):
        for said in (field.ask.zh, field.ask.en):
            assert not re.search("密码|安全码|cvv|password|\\bpin\\b", said, re.IGNORECASE), where
            if re.search("卡号|账户|card|digits", said, re.IGNORECASE) and where.startswith("FIN"):
                assert re.search("四位|four", said, re.IGNORECASE), where


@pytest.mark.parametrize("code", ["FIN-LON-02", "FIN-FRD-01", "FIN-FRD-02", "TEL-SPM-01", "TEL-SPM-02"])
def test_the_number_of_a_caller_is_not_taken_for_the_persons_own(packs: Packs, code: str) -> None:
    contact = packs.category(code).field("contact")
    assert contact is not None
    assert "phone" not in contact.kinds


def test_every_question_asks_one_thing_and_is_a_question_or_a_request(packs: Packs) -> None:
    for where, field in _fields(packs):
        assert sum(field.ask.zh.count(mark) for mark in "？?") == 1, (where, field.ask.zh)
        assert field.ask.en.count("?") == 1, (where, field.ask.en)


def test_every_field_has_its_texts_in_both_languages(packs: Packs) -> None:
    for where, field in _fields(packs):
        for text in (field.label, field.ask, field.why, field.example):
            assert text.zh, where
            assert text.en, where


def test_every_choice_is_found_by_its_own_title_and_words(packs: Packs) -> None:
    for where, field in _fields(packs):
        for choice in field.choices:
            for said in (choice.title.zh, choice.title.en, *choice.words):
                assert field.choice_for(said) == choice, (where, said)


def test_outage_asks_for_the_hour_in_its_own_words(packs: Packs) -> None:
    field = packs.category("PWR-OUT-03").field("start_time")
    assert field is not None
    assert field.ask == Text("几点开始停电的？", "When did the power go off?")


def test_figures_of_the_profiles(packs: Packs) -> None:
    normal = packs.category("GOV-ATT-01").sla
    assert (normal.first_response, normal.resolution) == (Span(1, "working_days"), Span(5, "working_days"))
    assert normal.extension == Span(10, "working_days")
    repair = packs.category("PWR-OUT-03").sla
    assert (repair.first_response, repair.resolution) == (Span(45, "minutes"), Span(4, "hours"))
    assert repair.extension is None


def test_steps_of_every_category_can_be_filled_in(packs: Packs) -> None:
    for category in _categories(packs):
        for language in ("zh", "en"):
            said = " ".join(
                step.in_(language).format(department="DEPARTMENT", first="FIRST", due="DUE")
                for step in category.sla.steps
            )
            assert {"DEPARTMENT", "FIRST", "DUE"} <= set(re.findall("[A-Z]{3,}", said)), category.code


def test_labels_name_both_levels(packs: Packs) -> None:
    assert packs.label("GOV-ATT-01", "zh") == "窗口服务态度 · 冷漠推诿"
    assert packs.label("GOV-ATT-01", "en-GB") == "Window attitude · Indifferent / passing the buck"


def test_an_unknown_code_is_refused(packs: Packs) -> None:
    with pytest.raises(UnknownCategory):
        packs.category("GOV-XXX-01")


def test_a_pack_alone_holds_only_its_own_codes() -> None:
    assert all(code.startswith("PWR-") for code in Packs.load(ROOT, ["power"]).codes)


@pytest.mark.parametrize(
    ("code", "key", "said", "found"),
    [
        ("GOV-ATT-01", "hall", "我昨天去区政务服务中心办事", "区政务服务中心"),
        ("GOV-ATT-01", "matter", "换营业执照的时候被退回", "换营业执照"),
        ("GOV-PRC-02", "times_visited", "为这点事我来回跑了四趟", "四"),
        ("GOV-PRC-02", "times_visited", "this was my fourth trip", "fourth"),
        ("GOV-WAI-01", "queue_no", "我取的号是A086号", "A086"),
        ("GOV-WAI-01", "wait_length", "排队等了两个多小时", "两个多小时"),
        ("PWR-BIL-01", "usual_amount", "这个月862，平时才两百左右", "两百左右"),
        ("PWR-BIL-01", "usual_amount", "it is $487 and normally about $112.", "$112"),
        ("PWR-BIL-02", "meter_reading", "表上现在是5873", "5873"),
        ("PWR-PRG-01", "what_was_promised", "说好三天内换表，人没来", "说好三天内换表"),
        ("PWR-QUA-01", "account_or_address", "my account number is 8837-2211", "8837-2211"),
    ],
)
def test_cues_find_what_people_volunteer(packs: Packs, code: str, key: str, said: str, found: str) -> None:
    field = packs.category(code).field(key)
    assert field is not None
    mined = field.cued(said)
    assert mined is not None
    assert mined.text == found
    assert said[mined.start : mined.end] == found


@pytest.mark.parametrize(
    ("code", "key", "said", "value"),
    [
        ("GOV-UTL-01", "scope", "我们整个小区都没水", "area"),
        ("GOV-UTL-01", "scope", "only my flat is dry", "home"),
        ("GOV-UTL-02", "vulnerable_person", "家里有个刚满月的", "baby"),
        ("GOV-UTL-02", "vulnerable_person", "my 80-year-old mother is freezing", "elder"),
        ("PWR-OUT-01", "notice_given", "我没收到通知", "no"),
        ("PWR-OUT-01", "notice_given", "they cut us off without any warning", "no"),
        ("PWR-OUT-03", "medical_device", "我爸用着制氧机", "yes"),
        ("PWR-OUT-03", "medical_device", "mum is on an oxygen concentrator", "yes"),
        ("PWR-SAF-01", "still_live", "线头还在冒火花", "yes"),
        ("GOV-INT-01", "receipt", "收了钱不给收据", "no"),
        ("GOV-INT-02", "anonymous_or_named", "please keep my name out of it", "anonymous"),
        ("PWR-GRD-02", "agreement", "从来没签过协议", "no"),
    ],
)
def test_cues_of_choices_lead_to_the_choice_that_was_meant(
    packs: Packs, code: str, key: str, said: str, value: str
) -> None:
    field = packs.category(code).field(key)
    assert field is not None
    mined = field.cued(said)
    assert mined is not None
    choice = field.choice_for(mined.text)
    assert choice is not None
    assert choice.value == value


@pytest.mark.parametrize(
    ("code", "key", "said", "value"),
    [
        ("PWR-OUT-01", "notice_given", "没收到通知啊", "no"),
        ("PWR-OUT-01", "notice_given", "I never got a text", "no"),
        ("PWR-OUT-01", "notice_given", "收到短信了，说是检修", "yes"),
        ("PWR-OUT-03", "medical_device", "没有人用呼吸机", "no"),
        ("PWR-OUT-03", "medical_device", "no, nobody is on a ventilator", "no"),
        ("PWR-OUT-03", "medical_device", "家里没电，老爷子靠制氧机", "yes"),
        ("PWR-SAF-02", "injury", "还好没有人受伤", "no"),
        ("PWR-SAF-02", "injury", "不知道有没有人受伤", "unsure"),
        ("PWR-SAF-02", "injury", "my brother got a shock", "yes"),
        ("PWR-SAF-01", "people_near", "这会儿没什么人经过", "no"),
        ("PWR-SAF-03", "still_live", "it is no longer smoking", "no"),
        ("GOV-UTL-01", "vulnerable_person", "没有老人", "none"),
        ("GOV-UTL-01", "scope", "不止我家，楼上楼下都没有", "building"),
        ("GOV-INT-01", "receipt", "没给收据", "no"),
    ],
)
def test_an_answer_in_ones_own_words_finds_its_button(
    packs: Packs, code: str, key: str, said: str, value: str
) -> None:
    field = packs.category(code).field(key)
    assert field is not None
    choice = field.choice_for(said)
    assert choice is not None
    assert choice.value == value


def test_the_longest_word_and_the_earliest_cue_win() -> None:
    text = Text("门", "door")
    shut, ajar = Choice("shut", text, ("shut",)), Choice("ajar", text, ("not quite shut",))
    field = Field("door", "choice", text, text, text, text, (shut, ajar), cues=("later", "earlier"))
    assert field.choice_for("it is not quite shut, I think") == ajar
    assert field.cued("earlier, not later") == Found("earlier", 0, 7)
    assert field.choice_for("wide open") is None


def test_cues_stay_silent_where_nothing_was_volunteered(packs: Packs) -> None:
    for where, field in _fields(packs):
        for said in ("我要投诉", "你好在吗", "I want to complain", "hello, anyone there?"):
            assert field.cued(said) is None, (where, said)


def test_no_medical_device_is_not_taken_for_one(packs: Packs) -> None:
    field = packs.category("PWR-OUT-03").field("medical_device")
    assert field is not None
    assert field.cued("家里没有呼吸机") is None


# Never-say phrases


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "请您先冷静一下"), ("zh", "这不归我管"), ("zh", "规定就是这样的"), ("zh", "我们会处理的"),
        ("zh", "尽快给您答复"), ("zh", "亲，请稍等"), ("zh", "非常理解您的心情"), ("zh", "领导高度重视"),
        ("zh", "给您带来不便，敬请谅解"), ("zh", "您应该早点来"), ("zh", "我们保证解决"),
        ("en", "Please calm down"), ("en", "It's our policy"), ("en", "We will reply ASAP"),
        ("en", "Unfortunately the office is closed"), ("en", "We are sorry you feel that way"),
        ("en", "I totally understand"), ("en", "Your call is important to us"), ("en", "Nothing we can do"),
    ],
)  # fmt: skip
def test_phrases_that_make_things_worse_are_recognised(packs: Packs, language: str, said: str) -> None:
    assert list(faults(said, language, Rule(), packs.never_say))


def test_relatives_are_not_taken_for_the_word_dear(packs: Packs) -> None:
    assert list(faults("父亲和亲属都可以", "zh", Rule(), packs.never_say)) == []


# What is wrong with a pack file


SMALL = """\
key: small
name: {zh: "小包", en: "Small pack"}
greeting_examples:
  - {zh: "门坏了", en: "The door is broken"}
  - {zh: "灯不亮", en: "The lamp is out"}
departments:
  desk: {zh: "受理台", en: "Front desk"}
sla:
  S:
    first_response: 1 working_days
    resolution: 5 working_days
    source: "made up for this test"
    mark: D
    steps:
      - {zh: "{department}在{first}前联系您。", en: "{department} contacts you by {first}."}
      - {zh: "{due}前答复您。", en: "You get an answer by {due}."}
fields:
  door:
    type: place
    label: {zh: "门", en: "Door"}
    ask: {zh: "是哪扇门？", en: "Which door is it?"}
    why: {zh: "好去修。", en: "So that it can be repaired."}
    example: {zh: "北门", en: "the north door"}
    kinds: [place]
    cues: ["(.门)"]
  open:
    type: yes_no
    label: {zh: "开着", en: "Open"}
    ask: {zh: "门开着吗？", en: "Is it open?"}
    why: {zh: "怕有人进去。", en: "Someone might walk in."}
    example: {zh: "开着", en: "yes"}
    choices:
      yes: {zh: "开着", en: "Open", words: ["开着", "yes"]}
      no: {zh: "关着", en: "Shut", words: ["关着", "no"]}
categories:
  SML-DOR:
    name: {zh: "门", en: "Doors"}
    department: desk
    sla: S
    severity: 2
    required: [what, door, contact]
    noted: [open]
    categories:
      SML-DOR-01:
        name: {zh: "门坏了", en: "Broken door"}
"""


def write_examples(pack: Path, *codes: str) -> None:
    """Fifteen openings in both languages for each of ``codes``."""
    for language, opening in (("zh", "第{}扇门坏了"), ("en", "door number {} is broken")):
        openings = {
            code: [f"{code} {opening.format(number)}" for number in range(15)]
            for code in codes or ("SML-DOR-01",)
        }
        text = yaml.safe_dump(openings, allow_unicode=True)
        (pack / f"examples.{language}.yml").write_text(text, "utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "packs"
    (root / "small").mkdir(parents=True)
    shutil.copy(ROOT / "common.yml", root / "common.yml")
    (root / "small" / "pack.yml").write_text(SMALL, "utf-8")
    write_examples(root / "small")
    return root


def test_the_small_pack_is_right_before_it_is_broken(root: Path) -> None:
    assert check(root, ["small"]) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "expected", "found"),
    [
        ("severity: 2", "severty: 2", 40, "one of the keys", "'severty' (meant 'severity'?)"),
        ("key: small", "key: large", 1, "key: small", "'large'"),
        ('name: {zh: "小包", en: "Small pack"}', 'name: {zh: "小包"}', 2, "a name in en", "none"),
        ('en: "Small pack"}', 'en: "小包"}', 2, "English", "Chinese characters"),
        ('name: {zh: "小包", en: "Small pack"}', 'name: {zh: "Small", en: "Small"}', 2, "Chinese", "'Small'"),
        ('name: {zh: "小包", en: "Small pack"}', 'name: {zh: , en: "Small"}', 2, "a name in zh", "nothing"),
        ('  - {zh: "灯不亮", en: "The lamp is out"}\n', "", 4, "2 or 3 greeting_examples", "1"),
        ("department: desk", "department: dask", 38, "of this pack: desk", "'dask' (meant 'desk'?)"),
        ("    department: desk\n", "", 44, "a department", "none"),
        ("    sla: S\n", "    sla: Z\n", 39, "an SLA profile: DF, S", "'Z'"),
        ("severity: 2", "severity: 6", 40, "a severity", "'6'"),
        ("severity: 2", "severity: 5", 39, "the profile P0 for severity 5", "S"),
        ("severity: 2", "severity: 2\n    nature: rumour", 41, "a nature: complaint, report", "'rumour'"),
        ("[what, door, contact]", "[what, dor, contact]", 41, "a field of this pack", "'dor'"),
        ("[what, door, contact]", "[what, contact, door]", 41, "contact as the last", "'door'"),
        ("[what, door, contact]", "[what, door, door, contact]", 41, "each field once", "'door' again"),
        ("[what, door, contact]", "[what, open, contact]", 42, "either required or noted", "'open' in both"),
        ("noted: [open]", "noted: door", 42, "a list of fields", "'door'"),
        ("required: [what, door, contact]", "required: []", 41, "required fields", "none"),
        ("first_response: 1 working_days", "first_response: 1 year", 10, "a number above 0", "'1 year'"),
        ("resolution: 5 working_days", "resolution: 0 days", 11, "a number above 0", "'0 days'"),
        ("    resolution: 5 working_days\n", "", 10, "a resolution", "none"),
        ("mark: D", "mark: Q", 13, "a mark: V, V2, O, D", "'Q'"),
        ('    source: "made up for this test"\n', "", 10, "the source of the figures", "none"),
        ("by {first}.", "by {soon}.", 15, "only the placeholders", "{soon}"),
        ("by {first}.", "by {first.", 15, "closed placeholders", "expected '}'"),
        ("an answer by {due}", "an answer", 15, "the steps to say {due} in en", "none that does"),
        ('      - {zh: "{due}前答复您。", en: "You get an answer by {due}."}\n', "", 15, "two steps", "1"),
        ("type: place", "type: spot", 19, "a field type", "'spot'"),
        ("    type: place\n", "", 19, "a type for the field 'door'", "none"),
        ('    ask: {zh: "是哪扇门？", en: "Which door is it?"}\n', "", 19, "a question for 'door'", "none"),
        ('ask: {zh: "是哪扇门？", en: "Which door is it?"}', 'ask: {zh: "是哪扇门？"}', 21, "in en", "none"),
        ("是哪扇门？", "是哪扇门？开着吗？", 21, "one question", "是哪扇门？开着吗？"),
        ("是哪扇门？", "再" * 31 + "说一遍？", 21, "30 characters", "35"),
        ("Which door is it?", "Which " + "very " * 17 + "old door?", 21, "at most 18 words", "20"),
        ("是哪扇门？", "是{hall}的门吗？", 21, "no placeholder", "{hall}"),
        ("好去修。", "我们会处理的。", 22, "nothing we never say", "我们会处理的"),
        ("So that it can be repaired.", "We will fix it ASAP.", 22, "nothing we never say", "ASAP"),
        ("kinds: [place]", "kinds: [plaice]", 24, "a detail kind", "'plaice' (meant 'place'?)"),
        ('cues: ["(.门)"]', 'cues: ["(.门"]', 25, "a regular expression", "unterminated"),
        ('cues: ["(.门)"]', 'cues: ["门*"]', 25, "does not match nothing", "门*"),
        ('cues: ["(.门)"]', 'cues: ["(.)(门)"]', 25, "one group at most", "2 in"),
        ("kinds: [place]", "sensitive: maybe", 24, "a claim", "'maybe'"),
        ("kinds: [place]", "choices: {a: {zh: 一, en: A, words: [a]}, b: {zh: 二, en: B, words: [b]}}", 24,
         "choices only for", "'place'"),
        ("    choices:\n      yes:", "    kinds: []\n    chioces:\n      yes:", 34, "keys", "'chioces'"),
        ("      yes: ", "      ja: ", 33, "the choices yes, no and perhaps unsure", "ja, no"),
        ('words: ["关着", "no"]', 'words: ["开着", "no"]', 33, "'开着' under one choice", "yes and no"),
        ('en: "Shut", words: ["关着", "no"]', 'en: "Shut"', 34, "words people say for 'no'", "none"),
        ('en: "Shut"', 'en: "Shut and very firmly locked"', 34, "at most 20 characters", "27"),
        ('      no: {zh: "关着", en: "Shut", words: ["关着", "no"]}\n', "", 33, "2 to 6 choices", "1"),
        ("SML-DOR:", "SMALL-DOR:", 37, "a level-1 code", "'SMALL-DOR'"),
        ("SML-DOR-01:", "SML-GAT-01:", 45, "a code such as SML-DOR-01 below SML-DOR", "'SML-GAT-01'"),
        ("SML-DOR-01:", "SML-DOR-1:", 45, "a code such as", "'SML-DOR-1'"),
        ('        name: {zh: "门坏了", en: "Broken door"}\n', "", 44, "a category", "nothing"),
        ("  open:\n", "  door:\n", 26, "each key once", "'door' again"),
        ("[what, door, contact]", "[what, door, contact", 42, "well-formed YAML", "did not find"),
        ("  open:\n", "  Open:\n", 27, "a field name in small letters", "'Open'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_line_expectation_and_finding(
    root: Path, old: str, new: str, line: int, expected: str, found: str
) -> None:
    assert SMALL.count(old) >= 1
    (root / "small" / "pack.yml").write_text(SMALL.replace(old, new, 1), "utf-8")
    problems = check(root, ["small"])
    place = re.compile(rf"packs/small/pack\.yml:{line}: (?:[\w.\[\]-]+: )?expected ")
    named = [problem for problem in problems if place.match(problem)]
    parts = [problem.rpartition(", found ") for problem in named]
    assert any(expected in before and found in after for before, _, after in parts), problems


def test_more_than_five_questions_besides_the_contact_are_refused(root: Path) -> None:
    extra = "".join(
        f"""\
  more{number}:
    type: text
    label: {{zh: "问", en: "More"}}
    ask: {{zh: "还有呢？", en: "What else?"}}
    why: {{zh: "想知道。", en: "It helps."}}
    example: {{zh: "无", en: "none"}}
"""
        for number in range(4)
    )
    text = SMALL.replace("fields:\n", f"fields:\n{extra}", 1).replace(
        "[what, door, contact]", "[what, door, more0, more1, more2, more3, contact]"
    )
    (root / "small" / "pack.yml").write_text(text, "utf-8")
    (problem,) = check(root, ["small"])
    assert "at most 5 required fields besides contact, found 6" in problem


def test_two_fields_may_not_take_the_same_kind_of_detail(root: Path) -> None:
    text = SMALL.replace("    choices:\n", "    kinds: [place]\n    choices:\n", 1)
    (root / "small" / "pack.yml").write_text(text, "utf-8")
    (problem,) = check(root, ["small"])
    assert problem.startswith(
        "packs/small/pack.yml:46: categories.SML-DOR.categories.SML-DOR-01: "
        "expected one field of SML-DOR-01 that takes 'place'"
    )


def test_all_problems_of_all_files_come_at_once(root: Path) -> None:
    broken = SMALL.replace("severity: 2", "severity: 9").replace("mark: D", "mark: X")
    (root / "small" / "pack.yml").write_text(broken, "utf-8")
    with pytest.raises(PackError) as caught:
        Packs.load(root, ["small", "absent"])
    assert [problem.partition(": ")[0] for problem in caught.value.problems] == [
        "packs/small/pack.yml:13",
        "packs/small/pack.yml:40",
        "packs/absent/pack.yml:1",
    ]


def test_a_missing_common_file_is_a_problem(root: Path) -> None:
    (root / "common.yml").unlink()
    assert "packs/common.yml:1: expected this file, found none" in check(root, ["small"])


def test_an_empty_file_and_a_file_that_is_not_text_are_problems(root: Path) -> None:
    (root / "small" / "pack.yml").write_bytes(b"")
    assert check(root, ["small"]) == ["packs/small/pack.yml:1: expected a mapping, found an empty file"]
    (root / "small" / "pack.yml").write_bytes(b"\xff\xfe\x00key")
    assert check(root, ["small"])[0].startswith("packs/small/pack.yml:1: expected a readable file in UTF-8")


def test_the_same_code_in_two_packs_is_refused(root: Path) -> None:
    (root / "twin").mkdir()
    (root / "twin" / "pack.yml").write_text(SMALL.replace("key: small", "key: twin"), "utf-8")
    write_examples(root / "twin")
    (problem,) = check(root, ["small", "twin"])
    assert "codes no other pack has, found SML-DOR-01, also in small" in problem


def test_a_mistake_in_a_field_that_many_categories_share_is_reported_once(root: Path) -> None:
    text = (
        SMALL.replace("好去修。", "我们会处理的。")
        + '      SML-DOR-02:\n        name: {zh: "门响", en: "Squeaky door"}\n'
    )
    (root / "small" / "pack.yml").write_text(text, "utf-8")
    write_examples(root / "small", "SML-DOR-01", "SML-DOR-02")
    assert len(check(root, ["small"])) == 1


def test_what_stands_nearer_to_the_category_wins_key_by_key(root: Path) -> None:
    text = SMALL + (
        "        severity: 4\n"
        "        fields:\n"
        '          door: {ask: {zh: "哪扇门坏了？", en: "Which door broke?"}}\n'
        "      SML-DOR-02:\n"
        '        name: {zh: "门响", en: "Squeaky door"}\n'
        "        required: [what, door, open, contact]\n"
    )
    (root / "small" / "pack.yml").write_text(text, "utf-8")
    packs = Packs.load(root, ["small"])
    first, second = (packs.category(code) for code in packs.codes)
    assert (first.severity, second.severity) == (4, 2)
    asked = [category.field("door") for category in (first, second)]
    assert [field.ask.en for field in asked if field] == ["Which door broke?", "Which door is it?"]
    assert [field.why.en for field in asked if field] == ["So that it can be repaired."] * 2
    assert [field.key for field in second.required] == ["what", "door", "open", "contact"]
    assert [field.key for field in first.noted] == ["open"]
    assert second.noted == ()


def test_steps_of_a_category_replace_those_of_its_profile(root: Path) -> None:
    text = SMALL + (
        "        steps:\n"
        '          - {zh: "{department}在{first}前上门。", en: "{department} comes by {first}."}\n'
        '          - {zh: "{due}前修好。", en: "It is repaired by {due}."}\n'
    )
    (root / "small" / "pack.yml").write_text(text, "utf-8")
    profile = Packs.load(root, ["small"]).category("SML-DOR-01").sla
    assert profile.code == "S"
    assert profile.steps[1] == Text("{due}前修好。", "It is repaired by {due}.")


# Openings people write


def _examples(name: str, language: str) -> Mapping[str, Any]:
    loaded = yaml.safe_load((ROOT / name / f"examples.{language}.yml").read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_examples_cover_every_category_with_fifteen_different_openings(
    packs: Packs, name: str, language: str
) -> None:
    examples = _examples(name, language)
    (pack,) = (pack for pack in packs.packs if pack.key == name)
    assert list(examples) == list(pack.categories)
    for code, openings in examples.items():
        assert all(isinstance(opening, str) and opening.strip() == opening for opening in openings), code
        assert len({re.sub(r"\W", "", opening).lower() for opening in openings}) == len(openings) >= 15, code


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_no_opening_stands_under_two_categories_of_a_pack(name: str, language: str) -> None:
    """Across sectors a short one ("乱收费") may: an organisation that runs both asks which is meant."""
    owners: dict[str, str] = {}
    for code, openings in _examples(name, language).items():
        for opening in openings:
            assert owners.setdefault(opening, code) == code, opening


@pytest.mark.parametrize("name", NAMES)
def test_what_a_cue_finds_in_an_opening_leads_to_one_of_the_choices(packs: Packs, name: str) -> None:
    for language in ("zh", "en"):
        for code, openings in _examples(name, language).items():
            category = packs.category(code)
            for field in (f for f in (*category.required, *category.noted) if f.choices):
                for opening in openings:
                    found = field.cued(opening)
                    assert found is None or field.choice_for(found.text), (code, field.key, found)


def test_openings_are_in_the_language_of_their_file() -> None:
    for name in NAMES:
        for code, openings in _examples(name, "zh").items():
            assert all(re.search(r"[\u3400-\u9fff]", opening) for opening in openings), code
        for code, openings in _examples(name, "en").items():
            assert not any(re.search(r"[\u3400-\u9fff]", opening) for opening in openings), code


@pytest.mark.parametrize("said", ["没错，提交", "没错没错", "不错，就这样", "没问题"])
def test_a_yes_that_is_written_like_a_no_is_none(packs: Packs, said: str) -> None:
    field = packs.category("PWR-OUT-03").field("medical_device")
    assert field is not None
    assert field.choice_for(said) is None
    no = field.choice_for("没有，没错")
    assert no is not None
    assert no.value == "no"
