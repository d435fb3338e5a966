"""The parts of the intake by themselves: several complaints at once, being unnamed, numbers by name, alarms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.heard import Heard, HeardDetail
from actions.intake import alarms, further
from actions.intake.changing import BLOT, go_anonymous, put, take_back
from actions.intake.filling import remember, takes_label
from actions.intake.media import takes_pictures
from actions.intake.parts import Setting
from casework.house import House
from casework.tickets.model import DetailValue, Intake
from tests.conftest import NOW

BILL, NOISE = "电费这个月突然涨到八百多", "楼下烧烤店半夜吵得睡不着"


def told(text: str, **more: object) -> Heard:
    heard = Heard("1", text, intent="lodge_complaint", confidence=0.9, message_ids=(1,))
    return replace(heard, **more)  # type: ignore[arg-type]


def both(first: str, second: str) -> Heard:
    text = f"{BILL}。{NOISE}"
    when = HeardDetail("when", {"grain": "hour"}, "半夜", text.index("半夜"), text.index("半夜") + 2)
    pieces = [
        {"text": BILL, "start": 0, "end": len(BILL), "categories": [{"code": first, "confidence": 0.9}]},
        {
            "text": NOISE,
            "start": len(BILL) + 1,
            "end": len(text),
            "categories": [{"code": second, "confidence": 0.9}],
        },
    ]
    return told(text, complaints=tuple(pieces), details=(when,))


def test_each_of_two_complaints_keeps_its_own_details_and_category() -> None:
    first, [other] = further.parted(both("PWR-BIL-01", "URB-NOI-02"))
    assert (first.text, first.details, first.categories) == (BILL, (), (("PWR-BIL-01", 0.9),))
    assert other.text == NOISE
    assert other.text[other.details[0].start : other.details[0].end] == "半夜"


def test_two_halves_of_one_kind_of_matter_are_one_complaint() -> None:
    first, others = further.parted(both("PWR-BIL-01", "PWR-BIL-02"))
    assert others == ()
    assert BILL in first.text
    assert NOISE in first.text


def test_where_somebody_looked_and_found_one_nothing_is_split() -> None:
    text = "1. 电费突然涨到八百多 2. 楼下烧烤店半夜吵得睡不着"
    assert len(further.parted(told(text))[1]) == 1
    assert further.parted(told(text, complaints=()))[1] == ()


def test_the_further_complaint_survives_storing_and_knows_how_the_person_is_reached() -> None:
    _, others = further.parted(both("PWR-BIL-01", "URB-NOI-02"))
    contact = {"contact": DetailValue("+8613800001111", "13800001111", "13800001111")}
    filed = further.kept(Intake(category="PWR-BIL-01", details=contact), others, own_categories=True)
    following = further.next_draft(Intake.from_json(filed.as_json()))
    assert following is not None
    assert following.details == contact
    intake, heard = further.taken_up(following)
    assert (intake.also, heard.text, heard.categories) == ((), NOISE, (("URB-NOI-02", 0.9),))


@pytest.fixture
def setting(house: House) -> Setting:
    return Setting(house, NOW, "zh")


def test_who_stays_unnamed_leaves_no_number_anywhere_in_the_draft(setting: Setting) -> None:
    phone = HeardDetail("phone", "+8613800001111", "13800001111", 8, 19)
    heard = told("窗口的人骂我，电话13800001111", details=(phone,))
    intake = remember(Intake(description=(heard.text,), category="GOV-ATT-02"), heard)
    contact = setting.field(intake, "contact")
    assert contact is not None
    intake = put(setting, intake, contact, setting.detail(contact, phone.value, phone.text, heard))
    assert "13800001111" in str(intake.as_json())
    unnamed = go_anonymous(setting, intake)
    assert "13800001111" not in str(unnamed.as_json())
    assert BLOT in unnamed.description[0]


def test_a_change_can_be_taken_back(setting: Setting) -> None:
    intake = Intake(description=("x",), category="GOV-ATT-02", category_certain=True)
    when = setting.field(intake, "when")
    assert when is not None
    values = [setting.detail(when, {}, text, told(text)) for text in ("昨天", "前天")]
    for value in values:
        intake = put(setting, intake, when, value)
    assert intake.details["when"].text == "前天"
    assert take_back(setting, intake, "when").details["when"].text == "昨天"


@pytest.mark.parametrize(
    ("key", "label", "takes"),
    [
        ("account", "account", True),
        ("account", "tracking", False),
        ("account", "", True),
        ("application_no", "application", True),
        ("application_no", "order", False),
    ],
)
def test_a_number_fills_only_a_field_of_its_name(house: House, key: str, label: str, takes: bool) -> None:
    assert takes_label(house.packs.fields()[key], {"number": "1", "label": label}) is takes


def test_pictures_fill_fields_that_ask_for_proof_and_no_other(house: House) -> None:
    fields = house.packs.fields()
    assert takes_pictures(fields["evidence"])
    assert not takes_pictures(fields["want"])
    assert not takes_pictures(fields["contract_or_proof"])  # a yes-or-no question


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        ("没有，就是气的", False),
        ("no, I'm just angry", False),
        ("是的", True),
        ("yes", True),
        ("……不知道", True),
        ("我就是想把补贴要回来，你们到底什么时候发，我都等了三个月了，一次都没人回我电话", False),
    ],
)
def test_only_a_clear_denial_or_a_story_ends_the_check_for_self_harm(answer: str, raised: bool) -> None:
    intake = Intake(description=("x",), pending="check:self_harm", checked=("self_harm",))
    found = alarms.alarmed(intake, replace(told(answer), intent="inform"))
    assert (found.outcome == "safety") is raised


def test_an_answer_that_nobody_breathes_is_not_taken_for_all_is_well() -> None:
    intake = Intake(description=("x",), pending="check:medical", checked=("medical",))
    found = alarms.alarmed(intake, replace(told("有，没呼吸了"), intent="inform"))
    assert found.intake.emergency == "medical"
