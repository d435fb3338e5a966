"""What people say in ways of their own: papers, spoken prices, days counted from another, fields that are wrong."""

# ruff: noqa: E501 -- one example, one line
from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.details import Report, lines, score, score_corrections, score_mended
from understanding.details import extract_details
from understanding.details.corrections import Correction, corrected, find_correction

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=timezone.utc)
OWN = Path(__file__).resolve().parents[2] / "bench" / "details_own.yml"
LATER = [OWN.with_name(f"details_{name}.yml") for name in ("fresh", "new", "last")]


def _values(text: str, kind: str, **more: Any) -> list[Any]:
    found = extract_details(text, **({"now": NOW} | more))
    return [detail.value for detail in found if detail.kind == kind and detail.confidence >= 0.5]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("my NI number is AB 12 34 56 C", "AB123456C"), ("national insurance jg103759a", "JG103759A"), ("NHS number 943 476 5919", "9434765919"), ("passport number 533401372", "533401372"), ("my social is 219-09-9999", "219099999"),
        ("aadhaar 2345 6789 0123", "234567890123"), ("PAN ABCPK1234F", "ABCPK1234F"), ("HKID A123456(3)", "A123456(3)"), ("my NRIC is S1234567D", "S1234567D"), ("护照号E88123456", "E88123456"), ("港澳通行证号码C12345678", "C12345678"),
    ],
)  # fmt: skip
def test_papers_of_many_countries(text: str, value: str) -> None:
    assert _values(text, "id_number") == [value]
    assert _values(text, "reference") == []


@pytest.mark.parametrize("text", ["order id 20391123", "line id 是 cat0420", "订单号AB123456C", "staff id 4471", "护照丢了3次"])  # fmt: skip
def test_other_ids_name_nobody(text: str) -> None:
    assert _values(text, "id_number") == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("打车三十多", "30.00"), ("换锁要我六百二", "620.00"), ("收了一百八", "180.00"), ("花了两千多", "2000.00"), ("差了三万六千七", "36700.00"), ("充了1w2", "12000.00"), ("从四十几涨到一百零五块三", "40.00"), ("百八十块钱的事", "100.00"),
        ("paid 40 for a taxi", "40.00"), ("it cost me sixty quid", "60.00"), ("a tenner for parking", "10.00"), ("overcharged me by 7 pounds 50", "7.50"), ("1.5 lakhs stuck", "150000.00"), ("went from 30 to 95 quid", "30.00"), ("the bill came to 80 thousand", "80000.00"),
    ],
)  # fmt: skip
def test_prices_without_their_unit(text: str, amount: str) -> None:
    assert amount in [value["amount"] for value in _values(text, "amount", region="GB")]


@pytest.mark.parametrize(
    "text",
    ["一分钱没给", "这东西一毛钱都不值", "没收一分钱", "not a single penny", "my two cents", "打车三次", "转了二十分钟人工", "要12345处理", "测了电压三百八十伏", "补：99021833", "少给我一百积分", "I pay for 500 Mbps", "只能看 240p"],
)  # fmt: skip
def test_nothing_and_other_numbers_are_no_money(text: str) -> None:
    assert _values(text, "amount") == []


@pytest.mark.parametrize(
    ("text", "said", "start"),
    [
        ("11月3号报修，第二天来了人", "第二天", "2026-11-04T00:00"), ("11月8号交的，当天就退回", "当天", "2026-11-08T00:00"), ("昨天吵完，当晚断网", "当晚", "2026-11-20T18:00"), ("9月1号报名，一个星期后才说满了", "一个星期后", "2026-09-08T00:00"), ("昨天晚上打桩到三点", "三点", "2026-11-21T03:00"),
        ("昨天上午九点去的，十一点半才叫到", "十一点半", "2026-11-20T11:30"), ("on the 9th I rang and the next day he came", "the next day", "2026-11-10T00:00"), ("Reported on 3 November. That same evening it flooded", "That same evening", "2026-11-03T18:00"),
        ("last Monday they agreed, two days later they denied it", "two days later", "2026-11-18T00:00"), ("春节前三天就停了", "春节前三天", "2026-02-14T00:00"), ("国庆后第三天发货", "国庆后第三天", "2026-10-04T00:00"), ("去年腊月交的", "去年腊月", "2026-01-19T00:00"),
    ],
)  # fmt: skip
def test_days_counted_from_another(text: str, said: str, start: str) -> None:
    assert (said, start) in [(value["said"], value["start"][:16]) for value in _values(text, "when")]


@pytest.mark.parametrize("text", ["当天没人管", "第二天再说", "the next day is always the same", "我妈今年七十九了", "老头今年八十有二，走不动", "今年七十六心脏不好", "两点意见", "24/7 helpline", "merry christmas"])  # fmt: skip
def test_ages_and_days_without_an_anchor_are_no_times(text: str) -> None:
    assert _values(text, "when") == []
    assert _values(text, "duration") == []


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("2小时40分", 160), ("一个钟头零十分", 70), ("四个半小时", 270), ("八九天", 12_960), ("成个钟", 60), ("4 hours 20 minutes", 260), ("an hour and a quarter", 75), ("1h20", 80), ("one and half hour", 90), ("2-3 months", 129_600)],
)  # fmt: skip
def test_lengths_of_several_parts(text: str, minutes: int) -> None:
    assert [value["minutes"] for value in _values(text, "duration")] == [minutes]


@pytest.mark.parametrize(
    ("text", "region", "value"),
    [
        ("my number is 07700 900123", "GB", "+447700900123"), ("my number is 07700 900123", "CN", "+447700900123"), ("landline 01632 960 555", "GB", "+441632960555"), ("my mobile no is 98200 12345", "GB", "+919820012345"), ("call 1-312-555-0147", "US", "+13125550147"),
        ("打我+86 135 8765 4321", "CN", "+8613587654321"), ("办公室0571-88886666-806", "CN", "+8657188886666;ext=806"), ("手機0955-000-111", "CN", "+886955000111"),
    ],
)  # fmt: skip
def test_a_number_is_read_in_its_own_country(text: str, region: str, value: str) -> None:
    assert _values(text, "phone", region=region) == [value]


@pytest.mark.parametrize("text", ["my phone is 555-0173", "whatsapp 0803 555 0119"])
def test_a_number_of_unknown_country_is_never_completed_silently(text: str) -> None:
    assert _values(text, "phone", region="GB") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pothole at the corner of mill lane and church st", "the corner of mill lane and church st"), ("flat 3b is flooded", "flat 3b"), ("滨江区江南大道和闻涛路交叉口红绿灯坏了", "滨江区江南大道和闻涛路交叉口"), ("住台北市大安區和平東路一段20號", "台北市大安區和平東路一段"),
        ("我家15-2-1104漏水", "15-2-1104"), ("我家住金色蓝庭4幢1单元1102", "金色蓝庭4幢1单元1102"), ("东站出口没有指示牌", "东站出口"), ("house no 24/B, Gandhi Nagar, Jaipur", "house no 24/B, Gandhi Nagar, Jaipur"),
    ],
)  # fmt: skip
def test_addresses_as_they_are_said(text: str, said: str) -> None:
    assert any(value.startswith(said) for value in _values(text, "place")), _values(text, "place")


@pytest.mark.parametrize("text", ["她就不给我办了", "退款到现在没到", "修路不设便道", "修好了", "补办身份证要本人来", "he told me they refused a refund"])  # fmt: skip
def test_refusals_and_reports_are_no_wishes(text: str) -> None:
    assert _values(text, "remedy") == []


@pytest.mark.parametrize("text", ["退钱就行", "道个歉就行", "别再打电话给我", "补我六十块差价", "need this sorted asap", "sack him"])  # fmt: skip
def test_short_wishes(text: str) -> None:
    assert _values(text, "remedy") == [text]


@pytest.mark.parametrize(
    ("text", "hint"),
    [("时间错了", "时间"), ("电话不对", "电话"), ("邮箱写错了一个字母", "邮箱"), ("the phone is wrong", "phone"), ("you got my name wrong", "name"), ("that's the wrong date", "date"), ("the email has a typo", "email")],
)  # fmt: skip
def test_a_field_that_is_wrong_is_named_without_a_value(text: str, hint: str) -> None:
    assert find_correction(text) == Correction(None, "", hint)


def test_a_correction_without_a_value_changes_nothing() -> None:
    assert Correction(None, "", "时间").apply("昨天") == "昨天"


@pytest.mark.parametrize("text", ["the bill is wrong, you charged me twice", "he was rude, not helpful", "it wasn't me it was him", "时间太长了等不起", "not only late but rude"])  # fmt: skip
def test_contrasts_correct_nothing(text: str) -> None:
    assert find_correction(text) is None


@pytest.mark.parametrize(("language", "region"), [("zh", "CN"), ("en", "GB")])
def test_our_own_sentences_stay_understood(language: str, region: str) -> None:
    blocks = yaml.safe_load(OWN.read_text(encoding="utf-8"))
    report = Report()
    for said_in, text, marks in lines(blocks[language], region):
        score(report, said_in, text, marks)
    assert report.total.f1 >= 0.97, report.errors
    assert min(of_kind.f1 for of_kind in report.scores.values()) >= 0.93, report.errors


def test_our_own_corrections_stay_understood() -> None:
    report = Report()
    score_corrections(report, yaml.safe_load(OWN.read_text(encoding="utf-8"))["corrections"])
    assert report.of("correction").f1 >= 0.95, report.errors


@pytest.mark.parametrize(
    ("former", "text", "whole"),
    [("41 Copse Road", "it's 14 Copse Road, not 41", "14 Copse Road"), ("Flat 6, Marlow Court", "wrong flat, I'm in flat 9", "Flat 9, Marlow Court"), ("Hall Street Civic Centre", "I meant the one on Bridge Street", "Bridge Street Civic Centre"), ("Tower B, Jinke Road 88", "It's Tower C actually", "Tower C, Jinke Road 88"), ("人民路32号", "门牌错了，应该23号", "人民路23号"), ("城东政务大厅", "我去的是城西那个大厅，不是城东", "城西政务大厅"), ("Tuesday half three", "no, half four", "Tuesday half four"), ("Tuesday half three", "the next day, I meant", "Wednesday half three"), ("3 November", "sorry, 8th", "8 November"), ("孙小明", "打错了，是赵", "赵小明"), ("13857123456", "最后两位写反了", "13857123465"), ("07700 900123", "the third digit is 8", "07800 900123"), ("Jon Smith", "it's spelled S M Y T H", "Jon Smyth"), ("300元", "应该是350", "350元"), ("3号窗口", "不对，5号", "5号窗口")],
)  # fmt: skip
def test_a_correction_changes_its_piece_and_keeps_the_rest(former: str, text: str, whole: str) -> None:
    correction = find_correction(text)
    assert correction is not None
    assert correction.apply(former) == whole


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("file", LATER, ids=lambda file: file.stem)
def test_our_own_former_values_stay_mended(file: Path, language: str) -> None:
    blocks = yaml.safe_load(file.read_text(encoding="utf-8"))
    report = Report()
    score_mended(report, "mended", blocks[f"mended_{language}"])
    assert report.of("mended").f1 >= 0.95, report.errors


@pytest.mark.parametrize(
    ("former", "text", "whole"),
    [("Building 6, Unit 2, Room 501", "room 502", "Building 6, Unit 2, Room 502"), ("二楼3号窗口", "三楼的", "三楼3号窗口"), ("8号窗口", "9号", "9号窗口"), ("Marta Kowalska", "Kowalski", "Marta Kowalski"), ("41 Copse Road", "no idea", None), ("人民路32号", "我再想想", None)],
)  # fmt: skip
def test_a_bare_piece_corrects_a_value_that_is_known_to_be_wrong(
    former: str, text: str, whole: str | None
) -> None:
    assert corrected(former, text) == whole


@pytest.mark.parametrize(
    ("text", "number"),
    [("这是第三次报修", 3), ("第五回了啊", 5), ("my fourth visit", 4), ("it is the 5th call", 5), ("我们一家五口都吐了", 5), ("现场三十来号人", 30), ("half a dozen calls", 6), ("two lightbulbs are out", 2), ("a family of four", 4), ("double charged, 2x", 2)],
)  # fmt: skip
def test_visits_people_and_things_are_counted(text: str, number: int) -> None:
    assert [value["number"] for value in _values(text, "count")] == [number]


@pytest.mark.parametrize("text", ["第一次来", "页码3", "page 3 of the form", "the no 42 bus never stops", "二楼那个大厅", "手机号最后两位"])  # fmt: skip
def test_first_times_pages_and_lines_count_nothing(text: str) -> None:
    assert _values(text, "count") == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [("两三百的罚单", "300.00"), ("港币三百八", "380.00"), ("九毛九", "0.99"), ("a couple of hundred quid", "200.00"), ("half a million pounds", "500000.00"), ("花了2.3万", "23000.00"), ("ten dollars and fifty cents", "10.50"), ("two thousand three hundred pounds", "2300.00")],
)  # fmt: skip
def test_spoken_sums_are_one_amount(text: str, amount: str) -> None:
    assert [value["amount"] for value in _values(text, "amount")] == [amount]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("等了快俩月", 86_400), ("半个来月了", 21_600), ("七到十天", 14_400), ("一年零三个月", 648_000), ("three quarters of an hour", 45), ("quarter of an hour", 15), ("twenty-odd minutes", 20), ("排了个把小时", 60)],
)  # fmt: skip
def test_loose_lengths_of_time(text: str, minutes: int) -> None:
    assert [value["minutes"] for value in _values(text, "duration")] == [minutes]


@pytest.mark.parametrize(
    ("text", "name"),
    [("Anna Berg here, again", "Anna Berg"), ("it's Dean Foster from flat 3", "Dean Foster"), ("Marta Kowalska", "Marta Kowalska"), ("Regards, Stephen Walsh", "Stephen Walsh"), ("my name's aisha khan", "aisha khan"), ("马建国", "马建国"), ("我叫买买提江", "买买提江"), ("联系人冯阿姨，住楼上", "冯阿姨"), ("落款：毛永昌", "毛永昌"), ("敝姓柳", "柳")],
)  # fmt: skip
def test_names_are_heard_as_people_give_them(text: str, name: str) -> None:
    assert _values(text, "name") == [name]


@pytest.mark.parametrize("text", ["I'm Polish", "Hill Street", "British Gas", "Thank You", "It's London", "this is Ridiculous", "谢谢你", "我叫你们来修你们不来", "马上", "方便的话", "我是业主", "Broken Lift"])  # fmt: skip
def test_places_companies_and_turns_are_no_names(text: str) -> None:
    assert _values(text, "name") == []


@pytest.mark.parametrize("text", ["编号A15的客服", "穿白大褂的", "快递员老赵", "nurse Comfort", "the bloke in the hi-vis", "conductor 417", "a colleague of yours called Tim"])  # fmt: skip
def test_staff_by_post_and_looks(text: str) -> None:
    assert _values(text, "staff") == [text]


@pytest.mark.parametrize("text", ["102路公交", "国道318", "派出所门口", "福田口岸", "万象城四楼", "the A34", "the 43 bus", "the Jobcentre on Duke Street", "3rd floor of the library", "manor road swimming pool", "Marlow Court", "ward 6"])  # fmt: skip
def test_lines_halls_and_spots_are_places(text: str) -> None:
    assert _values(text, "place") == [text]


@pytest.mark.parametrize("text", ["走错路了", "close my case", "park here every day", "it is written in Russian", "建议你们改一下"])  # fmt: skip
def test_ways_and_languages_are_no_places(text: str) -> None:
    assert _values(text, "place") == []


@pytest.mark.parametrize(
    "text",
    ["能不能给我换一个", "all I ask is a straight answer", "any chance of a replacement", "turn the water back on", "要个公道", "把狗牵走", "别再乱扣费了", "could the bus stop be moved back", "I want my £38 back", "my deposit returned in full", "让那个导游向我妈道歉"],
)  # fmt: skip
def test_wishes_in_many_forms(text: str) -> None:
    assert _values(text, "remedy") == [text]


@pytest.mark.parametrize("text", ["can you tell me the status", "I want to speak to a human", "give me a person", "他们让我自己修", "说好给退的", "能不能说英文", "把我骂了一顿", "let me rephrase"])  # fmt: skip
def test_talk_about_the_talk_is_no_wish(text: str) -> None:
    assert _values(text, "remedy") == []


@pytest.mark.parametrize("text", ["每天都吵", "每月多扣38", "every day the same", "天天这样"])  # fmt: skip
def test_how_often_is_not_when(text: str) -> None:
    assert _values(text, "when") == []


@pytest.mark.parametrize(("language", "region"), [("zh", "CN"), ("en", "GB")])
@pytest.mark.parametrize("file", LATER, ids=lambda file: file.stem)
def test_our_later_sentences_stay_understood(file: Path, language: str, region: str) -> None:
    blocks = yaml.safe_load(file.read_text(encoding="utf-8"))
    report = Report()
    for said_in, text, marks in lines(blocks[language], region):
        score(report, said_in, text, marks, unmarked=frozenset(blocks["unmarked"]))
    assert report.total.f1 >= 0.95, report.errors


def test_a_sum_read_like_a_year_is_only_offered() -> None:
    (found,) = extract_details("it cost nineteen ninety-nine", now=NOW, region="GB")
    assert (found.kind, found.value["amount"]) == ("amount", "19.99")
    assert found.confidence < 0.5


@pytest.mark.parametrize(
    ("former", "text", "whole"),
    [
        ("五次", "我说五次其实是六次", "六次"), ("银杏苑2号楼1单元", "楼是3号楼，其他没错", "银杏苑3号楼1单元"), ("上周二下午四点", "那天是上周三才对", "上周三下午四点"), ("上周二下午", "准确说是下午两点", "上周二下午两点"), ("两点到五点", "结束是六点", "两点到六点"),
        ("13712349876", "后三位应为877", "13712349877"), ("13712349876", "137后面是4321", "13743219876"), ("13712349876", "一三七一二三四九八七七", "13712349877"), ("2026-11-18", "应该是19号", "2026-11-19"), ("吴晓", "晓是大小的小", "吴小"), ("城关税务局", "民政局，不是税务局", "城关民政局"), ("退货", "不要退货了，要换新的", "要换新的"),
        ("Monday at 2pm", "around three, not two", "Monday at 3pm"), ("8am to noon", "it finished at 2pm not noon", "8am to 2pm"), ("two weeks", "more like a month", "a month"), ("30 minutes", "I said minutes, I meant hours", "30 hours"), ("Anne Reed", "no e in Anne", "Ann Reed"), ("Ian Read", "surname's Reid", "Ian Reid"), ("al@example.com", "it's .net not .com", "al@example.net"), ("£60", "40 was the fare, no: 75", "£75"), ("a refund", "no refund, just an apology", "an apology"), ("yesterday at 5", "the day before yesterday actually", "the day before yesterday at 5"),
        ("13712349876", "单号最后一位打漏了，是207", None), ("20261109000731", "最后写漏了", None), ("Monday at 2pm", "the time's wrong", None),
    ],
)  # fmt: skip
def test_a_turn_known_to_correct_a_value_is_read_by_its_pieces(
    former: str, text: str, whole: str | None
) -> None:
    assert corrected(former, text) == whole


@pytest.mark.parametrize(
    "place", ["Mill Road civic centre", "Park Lane community center", "High Street post office"]
)
def test_a_house_that_is_named_after_its_street_is_no_street(place: str) -> None:
    found = extract_details(f"I queued at the {place} yesterday", now=NOW, region="GB")
    assert [detail.text for detail in found if detail.kind == "place"] == [f"the {place}"]
