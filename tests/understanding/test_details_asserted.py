"""What corrections give as right without a former value; orders of any verb; times and values that say nothing of when or how much."""

# ruff: noqa: E501 -- one example, one line
from __future__ import annotations

from datetime import datetime, timezone

import pytest

from understanding.details import extract_details
from understanding.details.asserted import asserted
from understanding.details.corrections import corrected

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=timezone.utc)


def _said(text: str, kind: str) -> list[str]:
    region = "GB" if text.isascii() else "CN"
    return [detail.text for detail in extract_details(text, now=NOW, region=region) if detail.kind == kind]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我问了我爱人，那天是周五", "周五"), ("11号楼是我姐家，我住12号楼", "12号楼"), ("她不叫马兰，证上是马玉兰", "马玉兰"), ("邮箱漏了一截，是li.na8@mail.test", "li.na8@mail.test"), ("前台那位姓祁，祁连山的祁", "祁"), ("周三没错，钟点是晚上八点", "晚上八点"), ("西门？我说的是南门", "南门"), ("事情发生在前天中午，我今天才来反映", "前天中午"), ("不退了就算了，给我换个新的", "给我换个新的"),
        ("I checked my diary, it happened on Thursday", "Thursday"), ("13th? No, the 15th.", "the 15th"), ("it's Jo without the e", "Jo"), ("oh it's been longer, six weeks", "six weeks"), ("You wrote Station Court. It's Station Close.", "Station Close"), ("flat's 4C, C for cat", "4C"), ("house number's 19, I've got it back to front", "19"),
    ],
)  # fmt: skip
def test_the_clause_that_asserts_gives_the_right_words(text: str, words: str) -> None:
    assert (asserted(text) or "").removeprefix("the ") == words.removeprefix("the ")
    assert (corrected("", text) or "").removeprefix("the ") == words.removeprefix("the ")


@pytest.mark.parametrize("text", ["错了", "不对不对", "that's wrong", "sorry, I mixed it up"])
def test_who_only_admits_a_mistake_asserts_nothing(text: str) -> None:
    assert asserted(text) is None


@pytest.mark.parametrize(
    ("former", "text", "whole"),
    [
        ("10月3日", "日期有出入，应为10月13日", "10月13日"), ("胡师傅", "那位师傅姓祁，祁连山的祁", "祁师傅"), ("去年11月", "是今年2月份的事，去年11月还好好的", "今年2月份"), ("lin_yue@mail.test", "中间不是下划线是减号", "lin-yue@mail.test"), ("西门", "西门？我说的是南门", "南门"),
        ("20 October", "It wasn't October, it was 20 August", "20 August"), ("16 Kestrel Way, Corby", "the town is Oakham", "16 Kestrel Way, Oakham"), ("Paula at reception", "her name's Petra", "Petra at reception"), ("the blue gate", "blue should be red", "the red gate"), ("Monday", "I was wrong about the day, it was Friday", "Friday"), ("yesterday morning", "not yesterday, the day before", "the day before yesterday morning"),
    ],
)  # fmt: skip
def test_what_is_asserted_takes_its_place_in_the_former_value(former: str, text: str, whole: str) -> None:
    assert corrected(former, text) == whole


def test_a_part_of_the_day_alone_loses_no_day() -> None:
    assert corrected("Tuesday at 3pm", "morning. 3 in the morning") is None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("换个师傅行不", "换个师傅行不"), ("装个护栏不可以吗", "装个护栏不可以吗"), ("给旧小区加个门禁", "给旧小区加个门禁"), ("你让他把押金退回来", "让他把押金退回来"), ("按约定返还学费，店都关了", "按约定返还学费"), ("护理费你们承担，一共三百", "护理费你们承担"), ("我只求一个明白", "只求一个明白"), ("麻烦测一下水质", "麻烦测一下水质"),
        ("Rewire the socket please", "Rewire the socket please"), ("please rectify the date of birth on my licence", "please rectify the date of birth on my licence"), ("don't let that plumber near my kitchen again", "don't let that plumber near my kitchen again"), ("I'd settle for half", "I'd settle for half"), ("there ought to be a ramp at the back", "there ought to be a ramp at the back"), ("stop sending my mum bills", "stop sending my mum bills"),
    ],
)  # fmt: skip
def test_an_order_needs_no_verb_of_a_list(text: str, wish: str) -> None:
    assert _said(text, "remedy") == [wish]


@pytest.mark.parametrize(
    "text",
    ["退款一直没到账", "这么麻烦的事", "要么不接要么说忙", "hide my identity", "forget it", "the driver shut the door", "outside the shop a man fell", "lost my bag", "yep that one"],
)  # fmt: skip
def test_who_tells_or_wants_something_of_us_wishes_nothing(text: str) -> None:
    assert _said(text, "remedy") == []


@pytest.mark.parametrize("text", ["please come today", "please send a boiler this week", "请在月底之前给我修好", "I want it fixed before Christmas", "到今天还没装", "说三天，今天第九天了"])  # fmt: skip
def test_until_when_something_is_wanted_is_not_when_it_happened(text: str) -> None:
    assert _said(text, "when") == []


def test_when_it_happened_stays_in_a_wish() -> None:
    assert _said("please refund what I paid on 3 November", "when") == ["3 November"]


@pytest.mark.parametrize(("text", "sums"), [("£220, no wait, it was £240", ["£240"]), ("£20 and then £30", ["£20", "£30"])])  # fmt: skip
def test_a_value_replaced_in_the_same_breath_is_left_out(text: str, sums: list[str]) -> None:
    assert _said(text, "amount") == sums


def test_a_value_that_is_taken_back_is_in_doubt() -> None:
    (amount,) = [d for d in extract_details("扣了300，不对，是350", now=NOW) if d.kind == "amount"]
    assert amount.confidence < 0.5


def test_a_date_that_is_soon_to_come_is_not_sure_to_be_last_years() -> None:
    (when,) = [d for d in extract_details("12月5号交的钱", now=NOW) if d.kind == "when"]
    assert when.confidence < 0.5
    (ahead,) = [d for d in extract_details("12月5号就要开庭了", now=NOW) if d.kind == "when"]
    assert ahead.value["start"].startswith("2026-12-05")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("网点工作人员肖姐很耐心", "工作人员肖姐"), ("理赔部的陈晓东说再等", "理赔部的陈晓东"), ("大堂经理Kevin不退押金", "大堂经理Kevin"), ("是个保安姓危", "保安姓危"), ("抢修师傅骂人", "抢修师傅"), ("客房部的实习生小姑娘挺好", "客房部的实习生小姑娘"),
        ("the woman in HR, Lorna Dace, lost my form", "the woman in HR, Lorna Dace"), ("I asked and Linda in admissions said no", "Linda"), ("the pharmacist on duty shouted", "the pharmacist on duty"), ("the sub-postmaster at Llanwern shut early", "the sub-postmaster at llanwern"), ("Officer Brandt, badge 2207, was kind", "Officer Brandt, badge 2207"),
    ],
)  # fmt: skip
def test_staff_of_more_posts_and_rarer_surnames(text: str, who: str) -> None:
    assert any(who.lower() in said.lower() for said in _said(text, "staff"))


@pytest.mark.parametrize(
    "text", ["Drainage on the estate is poor", "两个师傅都没来", "谢谢师傅", "今年物业费多收了"]
)
def test_things_and_thanks_are_nobody_of_the_staff(text: str) -> None:
    assert _said(text, "staff") == []


@pytest.mark.parametrize(
    ("text", "place"),
    [("二桥引桥那里有个坑", "二桥引桥那里"), ("停在长沙转运中心不动", "长沙转运中心"), ("城际公交5路甩客", "城际公交5路"), ("老城根那片到处是坑", "老城根那片"), ("she fell at St Brannock's", "St Brannock's"), ("the hospital shop is shut", "the hospital shop")],
)  # fmt: skip
def test_places_without_a_street(text: str, place: str) -> None:
    assert place in _said(text, "place")


@pytest.mark.parametrize(("text", "value"), [("seventeen pounds fifty", "17.50"), ("吞了我五百", "500.00"), ("charged €89,90", "89.90"), ("一个车位五十，没票", "50.00")])  # fmt: skip
def test_sums_as_people_say_them(text: str, value: str) -> None:
    found = [d for d in extract_details(text, now=NOW, region="GB") if d.kind == "amount"]
    assert [detail.value["amount"] for detail in found] == [value]


@pytest.mark.parametrize(("text", "minutes"), [("hour and a half on hold", 90), ("week and a half", 15_120), ("three-quarters of an hour", 45), ("an hour and three quarters", 105)])  # fmt: skip
def test_parts_of_hours_and_weeks(text: str, minutes: int) -> None:
    (found,) = [d for d in extract_details(text, now=NOW) if d.kind == "duration"]
    assert found.value["minutes"] == minutes


@pytest.mark.parametrize(("text", "who"), [("替我婆婆投诉的，她叫刘桂香，七十了", "刘桂香"), ("on behalf of my son Jake", "Jake"), ("it's me, Darren Pike", "Darren Pike"), ("Gwendolyn Park-Smythe. G-W-E-N", "Gwendolyn Park-Smythe"), ("Siobhan Dunne, I know, odd spelling", "Siobhan Dunne"), ("Mrs Adeyinka Bello, policy number LF-2290", "Mrs Adeyinka Bello")])  # fmt: skip
def test_names_with_words_behind_them(text: str, who: str) -> None:
    assert _said(text, "name") == [who]


@pytest.mark.parametrize("text", ["电话：010-88012233", "我的电话，0571-88062213", "phone:07700 900123"])
def test_a_phone_may_stand_right_behind_its_colon(text: str) -> None:
    assert len(_said(text, "phone")) == 1


@pytest.mark.parametrize(("text", "day"), [("周六一早就去排队", "2026-11-21T05"), ("周五一大早没水", "2026-11-20T05"), ("周三一直停电", "2026-11-18T00")])  # fmt: skip
def test_a_weekday_before_one_is_no_festival(text: str, day: str) -> None:
    (when,) = [d for d in extract_details(text, now=NOW) if d.kind == "when"]
    assert when.value["start"].startswith(day[:10])


def test_two_and_a_quarter_hours_and_ninety_seconds() -> None:
    found = extract_details("two and a quarter hours, then ninety seconds", now=NOW)
    assert [d.value["minutes"] for d in found if d.kind == "duration"] == [135, 2]


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("locked in by his teacher Mrs Norris", "staff", ["Mrs Norris"]), ("Mr Iqbal hung up", "staff", ["Mr Iqbal"]), ("Spoke to Shanice, then Rob, then nobody", "staff", ["Shanice", "Rob"]), ("the handyman (Pete) puts tape on it", "staff", ["the handyman (Pete)"]), ("Driver #4471 skipped our stop", "reference", []), ("K1158次列车", "count", []),
        ("我们要求报销医药费", "remedy", ["我们要求报销医药费"]), ("他们要求我们退房", "remedy", []), ("我是柳林镇居民孙立军，没水", "name", ["孙立军"]), ("我表姐陈思涵10月做的手术", "name", ["陈思涵"]),
    ],
)  # fmt: skip
def test_names_and_wishes_that_began_like_other_words(text: str, kind: str, said: list[str]) -> None:
    assert _said(text, kind) == said


def test_a_form_in_lines_gives_each_of_its_values() -> None:
    text = "姓名：王芳\n电话：0755-26881234\n地址：南山区科苑路12号\n时间：11月5日晚8点\n金额：￥380.50\n诉求：退款并道歉"
    found = {detail.kind: detail.text for detail in extract_details(text, now=NOW)}
    assert found == {
        "name": "王芳",
        "phone": "0755-26881234",
        "place": "南山区科苑路12号",
        "when": "11月5日晚8点",
        "amount": "￥380.50",
        "remedy": "退款并道歉",
    }


def test_an_evening_hour_without_its_second_sign_is_no_morning() -> None:
    (when,) = [d for d in extract_details("晚8点多到的", now=NOW) if d.kind == "when"]
    assert "T20:00" in when.value["start"]


def test_noise_until_two_every_night_ends_at_night() -> None:
    ends = [d.value["start"] for d in extract_details("楼下每晚吵到2点", now=NOW) if d.kind == "when"]
    assert any("T02:00" in end for end in ends)
    assert not any("T14:00" in end for end in ends)


def test_two_ways_of_telling_one_person_are_one() -> None:
    assert _said("the security guard, a big man named Troy, grabbed me", "staff") == [
        "the security guard, a big man named Troy"
    ]
