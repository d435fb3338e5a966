"""Everything but times: who, where, how much, how often, which number, what for."""

# ruff: noqa: E501 -- one example, one line
from __future__ import annotations

from datetime import datetime, timezone
from itertools import pairwise
from typing import Any

import pytest

from understanding.details import extract_details
from understanding.details.id_number import is_id_number
from understanding.model import Detail

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=timezone.utc)


def _details(text: str, kind: str, **more: Any) -> list[Detail]:
    return [detail for detail in extract_details(text, **({"now": NOW} | more)) if detail.kind == kind]


def _values(text: str, kind: str, **more: Any) -> list[Any]:
    return [detail.value for detail in _details(text, kind, **more)]


@pytest.mark.parametrize(
    ("text", "region", "value"),
    [
        ("我电话13812345678", "CN", "+8613812345678"),
        ("手机号是138 1234 5678", "CN", "+8613812345678"),
        ("打我手机 138-1234-5678", "CN", "+8613812345678"),
        ("+86 138 1234 5678 找我", "CN", "+8613812345678"),
        ("１３８１２３４５６７８", "CN", "+8613812345678"),
        ("幺三八零零一三八零零零", "CN", "+8613800138000"),
        ("我的号码是一三九 一二三四 五六七八", "CN", "+8613912345678"),
        ("座机0571-88886666", "CN", "+8657188886666"),
        ("座机0571 8888 6666", "CN", "+8657188886666"),
        ("(010) 6552 9988", "CN", "+861065529988"),
        ("办公室电话010-65529988转802", "CN", "+861065529988;ext=802"),
        ("call me on 07911 123456", "GB", "+447911123456"),
        ("my number is 020 7946 0958", "GB", "+442079460958"),
        ("ring +44 20 7946 0958 please", "CN", "+442079460958"),
        ("call (415) 555-2671", "US", "+14155552671"),
        ("my cell is 415-555-2671", "US", "+14155552671"),
        ("+1 415 555 2671", "CN", "+14155552671"),
        ("我電話 9123 4567", "HK", "+85291234567"),
        ("oh seven nine double one one two three four five six", "GB", "+447911123456"),
        ("my number's zero seven nine one one, one two three, four five six", "GB", "+447911123456"),
    ],
)
def test_phones_come_out_diallable(text: str, region: str, value: str) -> None:
    assert _values(text, "phone", region=region) == [value]


@pytest.mark.parametrize(
    "text",
    ["打了110也没用", "12345没人接", "95598打不通", "2026年的事", "订单号13812345678901", "金额13812元", "工单TS261121-482913", "身份证11010519491231002X", "20261103", "2026-11-03 10:30", "400-820-8820打不进去", "从2019到2026", "单元502室"],
)  # fmt: skip
def test_other_numbers_are_no_phones(text: str) -> None:
    assert _values(text, "phone") == []


def test_a_phone_with_a_digit_missing_is_given_for_confirmation() -> None:
    (found,) = _details("我手机号是1381234567", "phone")
    assert found.confidence < 0.5


def test_a_number_that_the_person_rang_is_not_taken_silently() -> None:
    (found,) = _details("我打了0571-88886666没人接", "phone")
    assert found.confidence < 0.5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("邮箱 Wang.Lei@Example.COM", "Wang.Lei@example.com"), ("发到a_b-c@mail.example.cn吧", "a_b-c@mail.example.cn"),
        ("priya at example dot com", "priya@example.com"), ("我的邮箱是abc123@example.com，谢谢", "abc123@example.com"),
        ("ｗａｎｇ＠example.com", "wang@example.com"),
    ],
)  # fmt: skip
def test_emails(text: str, value: str) -> None:
    assert _values(text, "email") == [value]


@pytest.mark.parametrize("text", ["look at the dot on the map", "@everyone hello", "meet me at 5"])
def test_no_emails(text: str) -> None:
    assert _values(text, "email") == []


@pytest.mark.parametrize(
    ("text", "amount", "approximate"),
    [
        ("收了一百二十块五", "120.50", False), ("120.5元", "120.50", False), ("花了两千多", "2000.00", True), ("¥3,500.00", "3500.00", False), ("3.5k块", "3500.00", False), ("1.2万元", "12000.00", False),
        ("三万五千块钱", "35000.00", False), ("三万五的押金，一共三万五元", "35000.00", False), ("八毛钱", "0.80", False), ("五块八毛", "5.80", False), ("三百来块", "300.00", True), ("大概200元", "200.00", True),
        ("扣了我两百五十块", "250.00", False), ("人民币1200元", "1200.00", False), ("一千零五十元", "1050.00", False), ("十二块钱", "12.00", False), ("每月多收30块", "30.00", False), ("交了5000押金", "5000.00", False),
        ("１００元", "100.00", False), ("要价八千多块", "8000.00", True), ("赔我3000", "3000.00", False), ("罚款200块", "200.00", False), ("二十块零五毛", "20.50", False), ("两块五", "2.50", False),
    ],
)  # fmt: skip
def test_sums_in_yuan(text: str, amount: str, approximate: bool) -> None:
    values = _values(text, "amount")
    assert {"amount": amount, "currency": "CNY"} | ({"approximate": True} if approximate else {}) in values


@pytest.mark.parametrize(
    ("text", "region", "amount", "currency"),
    [
        ("I was charged £45.50 twice", "GB", "45.50", "GBP"), ("$3.5k", "US", "3500.00", "USD"), ("1,200 dollars", "US", "1200.00", "USD"), ("20 quid", "GB", "20.00", "GBP"), ("€99", "GB", "99.00", "EUR"),
        ("fifty pounds", "GB", "50.00", "GBP"), ("HK$500", "HK", "500.00", "HKD"), ("三千蚊", "HK", "3000.00", "HKD"), ("500港币", "CN", "500.00", "HKD"), ("100美元", "CN", "100.00", "USD"), ("$200", "HK", "200.00", "HKD"),
        ("they charged me 300", "GB", "300.00", "GBP"), ("a hundred pounds", "GB", "100.00", "GBP"), ("200 yuan", "GB", "200.00", "CNY"), ("50p", "GB", "0.50", "GBP"), ("two thousand dollars", "US", "2000.00", "USD"),
        ("NT$1500", "TW", "1500.00", "TWD"), ("1500元", "TW", "1500.00", "TWD"), ("USD 40", "CN", "40.00", "USD"),
    ],
)  # fmt: skip
def test_sums_in_other_money(text: str, region: str, amount: str, currency: str) -> None:
    assert {"amount": amount, "currency": currency} in _values(text, "amount", region=region)


@pytest.mark.parametrize(
    "text",
    ["单元502室", "5 stars", "一块儿去", "我们一块去的", "两块地砖坏了", "一块玻璃掉下来", "3号楼", "第三次", "一刀切", "三个月", "交了三次材料", "等了200分钟", "花了3天", "花了两个小时", "退了两次货", "I paid 3 visits", "five minutes", "a pound of apples", "收了3个快递", "交了2份材料", "百元店", "罚了我一次"],
)  # fmt: skip
def test_what_only_looks_like_money_is_none(text: str) -> None:
    assert _values(text, "amount") == []


@pytest.mark.parametrize(
    ("text", "number", "label"),
    [
        ("工单号TS261121-482913怎么样了", "TS261121-482913", "ticket"), ("ts261121-482913", "TS261121-482913", "ticket"), ("订单号20261103456789", "20261103456789", "order"), ("订单编号：JD-88231045", "JD-88231045", "order"),
        ("户号1203456789", "1203456789", "account"), ("电表号 00123456", "00123456", "account"), ("保单号是PICC2026001234", "PICC2026001234", "policy"), ("快递单号SF1234567890123", "SF1234567890123", "tracking"),
        ("我的卡号尾号是8832", "8832", "card"), ("受理编号2026110300123", "2026110300123", "ticket"), ("申请编号A20261103", "A20261103", "application"), ("order number AB-20391", "AB-20391", "order"),
        ("my order #48213", "48213", "order"), ("policy no. HX/2231/09", "HX/2231/09", "policy"), ("account number 00412233", "00412233", "account"), ("tracking number 1Z999AA10123456784", "1Z999AA10123456784", "tracking"),
        ("booking reference QX7P2L9", "QX7P2L9", "order"), ("card ending in 4412", "4412", "card"), ("ticket no 553812", "553812", "ticket"), ("claim number CL-90211", "CL-90211", "policy"), ("application 2026-00412", "2026-00412", "application"),
        ("投诉单号 T20261103", "T20261103", "ticket"), ("合同编号HT-2026-018", "HT-2026-018", "order"), ("预约号 A0231", "A0231", "application"), ("单号 1234 5678 9012", "123456789012", "order"),
    ],
)  # fmt: skip
def test_references_carry_their_label(text: str, number: str, label: str) -> None:
    assert {"number": number, "label": label} in _values(text, "reference")


@pytest.mark.parametrize(
    "text",
    ["打了110", "12345也打了两遍", "拨打95598没人接", "13812345678", "2026年11月3日", "3号窗口", "502室", "called 999", "I order food 3 times", "身份证11010519491231002X", "in order 2 go", "case of 5 years", "12315投诉过了", "window 6", "the number 12 bus", "no. 5 Mill Lane"],
)  # fmt: skip
def test_other_numbers_are_no_references(text: str) -> None:
    assert _values(text, "reference") == []


def test_identity_numbers_need_their_check_character() -> None:
    assert _values("身份证11010519491231002X", "id_number") == ["11010519491231002X"]
    assert _values("身份证号 110105 19491231 002x", "id_number") == ["11010519491231002X"]
    assert not is_id_number("110105194912310021")
    (doubtful,) = _details("身份证号是110105194912310021", "id_number")
    assert doubtful.confidence < 0.5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("浙A12345堵住了", "浙A12345"), ("车牌粤B·D12345", "粤BD12345"), ("京AF0236学", "京AF0236"), ("沪a 8k901", "沪A8K901"), ("新能源车浙AD12345", "浙AD12345"), ("AB12 CDE is parked on my drive", "AB12CDE"),
        ("a white van, reg AB12CDE", "AB12CDE"), ("车牌号 ABC-1234", "ABC1234"), ("車牌 HK 1234", "HK1234"), ("苏E999挂", ""), ("license plate 7ABC123", "7ABC123"),
    ],
)  # fmt: skip
def test_plates(text: str, value: str) -> None:
    assert _values(text, "plate") == ([value] if value else [])


@pytest.mark.parametrize(
    ("text", "number", "unit", "minutes"),
    [
        ("等了三个小时", "3", "hour", 180), ("停了两天", "2", "day", 2880), ("半个月没解决", "0.5", "month", 21600), ("两个半小时", "2.5", "hour", 150), ("四十分钟", "40", "minute", 40), ("整整一个星期", "1", "week", 10080),
        ("三年多了", "3", "year", 1576800), ("一刻钟", "15", "minute", 15), ("waited three hours", "3", "hour", 180), ("for two weeks", "2", "week", 20160), ("an hour and a half", "1.5", "hour", 90), ("half an hour", "0.5", "hour", 30),
        ("45 mins on hold", "45", "minute", 45), ("a fortnight", "2", "week", 20160), ("over 6 months", "6", "month", 259200), ("5个钟", "5", "hour", 300), ("两个礼拜", "2", "week", 20160), ("3天3夜", "3", "day", 4320),
    ],
)  # fmt: skip
def test_durations(text: str, number: str, unit: str, minutes: int) -> None:
    first = _values(text, "duration")[0]
    assert (first["number"], first["unit"], first["minutes"]) == (number, unit, minutes)


@pytest.mark.parametrize(
    "text", ["三天前", "two weeks ago", "2026年", "第三天", "11月3日", "三年级", "10月份"]
)
def test_points_in_time_are_no_durations(text: str) -> None:
    assert _values(text, "duration") == []


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("打了三次电话", 3, "times"), ("跑了五六趟", 6, "times"), ("说了两遍", 2, "times"), ("好几个人拉肚子", None, "people"), ("一家三口人", 3, "people"), ("三百多户没水", 300, "households"), ("十几个业主", 10, "people"),
        ("called four times", 4, "times"), ("twice", 2, "times"), ("six people got ill", 6, "people"), ("40 households", 40, "households"), ("three different occasions", 3, "times"), ("二十来个人", 20, "people"), ("五辆车", 5, "vehicles"),
        ("打了12345两次", 2, "times"), ("about 20 residents", 20, "people"), ("前后找了不下10次", 10, "times"),
    ],
)  # fmt: skip
def test_counts(text: str, number: int | None, unit: str) -> None:
    assert (number, unit) in [(value["number"], value["unit"]) for value in _values(text, "count")]


@pytest.mark.parametrize(
    "text",
    [
        "一次性餐具",
        "502室",
        "3号窗口",
        "三个月",
        "下次",
        "这次",
        "上次",
        "本人",
        "一个人都没有来过吗，人呢",
    ],
)
def test_rooms_and_vague_turns_are_no_counts(text: str) -> None:
    assert [value for value in _values(text, "count") if value["number"] not in (1,)] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3号窗口的人不理我", "3号窗口"), ("在二楼5号柜台", "二楼5号柜台"), ("window 6 closed", "window 6"), ("at counter 12", "counter 12"), ("七号窗口", "七号窗口"), ("窗口12", "窗口12"), ("社保窗口没人", "社保窗口"), ("A12窗口", "A12窗口"),
        ("counter no. 4", "counter no. 4"), ("咨询台", ""), ("第三窗口", "三窗口"),
    ],
)  # fmt: skip
def test_windows(text: str, said: str) -> None:
    assert _values(text, "window") == ([said] if said else [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("姓王的那个态度差", "姓王的那个"), ("工号3321的", "工号3321"), ("戴眼镜的男的骂人", "戴眼镜的男的"), ("a lady named Priya was rude", "a lady named Priya"), ("badge number 4471", "badge number 4471"), ("张经理说不行", "张经理"),
        ("穿蓝色制服的保安推我", "穿蓝色制服的保安"), ("a tall man with glasses shouted", "a tall man with glasses"), ("找李科长签字", "李科长"), ("Mr Thompson at the desk", "Mr Thompson"), ("客服工号 A1024", "工号 A1024"),
        ("一个戴口罩的女的", "一个戴口罩的女的"), ("I spoke to Marcus about it", "Marcus"), ("警号012345", "警号012345"),
    ],
)  # fmt: skip
def test_staff(text: str, said: str) -> None:
    assert said in _values(text, "staff")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我叫李小红", "李小红"), ("我是王建国，住在三楼", "王建国"), ("本人姓名：欧阳娜娜", "欧阳娜娜"), ("My name is Priya Sharma", "Priya Sharma"), ("my name's tom", "tom"), ("Hi, I'm Daniel, I bought a fridge", "Daniel"), ("免贵姓陈", "陈"),
        ("姓名：赵敏 电话13812345678", "赵敏"), ("This is Karen Oduya calling", "Karen Oduya"),
    ],
)  # fmt: skip
def test_own_names(text: str, said: str) -> None:
    assert _values(text, "name") == [said]


@pytest.mark.parametrize(
    "text",
    [
        "我是业主",
        "我叫了救护车",
        "I'm angry",
        "I am so tired of this",
        "我是来办事的",
        "我叫他过来他不来",
        "my name is not important",
        "他叫张三",
    ],
)
def test_nobody_introduced(text: str) -> None:
    assert _values(text, "name") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我在鼓楼区政务大厅排队", "鼓楼区政务大厅"), ("中山北路12号门口积水", "中山北路12号门口"), ("住在阳光花园3栋2单元502室", "阳光花园3栋2单元502室"), ("7号楼2单元停电", "7号楼2单元"), ("幸福小区7号楼", "幸福小区7号楼"),
        ("人民医院急诊", "人民医院急诊"), ("市民中心", "市民中心"), ("昨天在万达广场吃饭", "万达广场"), ("李家村的路灯坏了", "李家村"), ("第二实验小学门口", "第二实验小学门口"), ("at 12 Baker Street", "12 Baker Street"),
        ("Flat 3, 24 Mill Lane", "Flat 3, 24 Mill Lane"), ("room 502 has no water", "room 502"), ("at Leeds Town Hall", "Leeds Town Hall"), ("near St Mary's Hospital", "St Mary's Hospital"), ("the lift in Block B", "Block B"),
        ("杭州市西湖区文三路259号", "杭州市西湖区文三路259号"), ("火车站的电梯", "火车站"), ("喺旺角彌敦道100號", "彌敦道100號"), ("B1层地下车库", "B1层地下车库"), ("outside Tesco on High Street", "High Street"),
        ("建设路和解放路交叉口", "解放路交叉口"), ("滨江花园12-3-502", "滨江花园12-3-502"), ("三楼漏水", "三楼"),
    ],
)  # fmt: skip
def test_places(text: str, said: str) -> None:
    assert any(said in value for value in _values(text, "place")), _values(text, "place")


@pytest.mark.parametrize(
    "text", ["走路过去", "这条路没法走", "我们小区", "一路上", "没有出路", "社区不管", "思路不清", "5号柜台", "网路不通", "逛街", "3号去的", "超市里", "本市", "上门维修", "多少次了", "on the way", "it is hard to park"]
)  # fmt: skip
def test_no_places(text: str) -> None:
    assert _values(text, "place") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("鼓楼区市场监管局不管", "鼓楼区市场监管局"), ("物业不理我", "物业"), ("供电局说查不到", "供电局"), ("找了街道办两次", "街道办"), ("城北派出所", "城北派出所"), ("绿城物业公司", "绿城物业公司"), ("中国移动乱扣费", "中国移动"),
        ("Leeds City Council ignores me", "Leeds City Council"), ("Northern Gas took ages", "Northern Gas"), ("the council does nothing", "council"), ("my landlord refuses", "landlord"), ("Department of Health", "Department of Health"), ("居委会", "居委会"),
    ],
)  # fmt: skip
def test_organisations(text: str, said: str) -> None:
    assert said in _values(text, "organisation"), _values(text, "organisation")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("希望尽快修好", "希望尽快修好"), ("我要求退款", "我要求退款"), ("必须道歉", "必须道歉"), ("赔偿我的损失", "赔偿我的损失"), ("停电三天了，请马上派人来修", "请马上派人来修"), ("I want a refund", "I want a refund"), ("an apology would do", "an apology would do"),
        ("please fix the lift", "please fix the lift"), ("I'd like my money back", "I'd like my money back"), ("退钱", "退钱"), ("能不能给个说法", "能不能给个说法"), ("just get it fixed", "just get it fixed"), ("把钱退给我", "把钱退给我"), ("Can someone come and repair the boiler?", "Can someone come and repair the boiler"),
        ("麻烦帮我把路灯修一下", "麻烦帮我把路灯修一下"), ("公开道歉", "公开道歉"), ("I expect full compensation", "I expect full compensation"),
    ],
)  # fmt: skip
def test_remedies(text: str, said: str) -> None:
    assert said in _values(text, "remedy"), _values(text, "remedy")


@pytest.mark.parametrize(
    "text", ["他们说尽快处理", "一直不退款", "拒绝道歉", "答应赔偿却没赔", "they refused a refund", "they promised to fix it", "昨天停电了", "没人来修", "修了三次", "处理态度差", "我要投诉", "I want to complain", "客服让我等结果"]
)  # fmt: skip
def test_no_remedies(text: str) -> None:
    assert _values(text, "remedy") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("去办身份证", "办身份证"), ("给孩子上户口", "上户口"), ("办营业执照年检被退回", "办营业执照年检"), ("房产过户跑了三趟", "房产过户"), ("I went to renew my passport", "renew my passport"), ("to register a birth", "register a birth"), ("补办社保卡", "补办社保卡"),
        ("提取公积金", "提取公积金"), ("trying to open a bank account", "open a bank account"), ("申请低保", "申请低保"), ("办理异地就医备案", "办理异地就医备案"), ("换驾照", "换驾照"),
    ],
)  # fmt: skip
def test_matters(text: str, said: str) -> None:
    assert said in _values(text, "matter"), _values(text, "matter")


def test_one_message_gives_all_its_details_once() -> None:
    text = "上周三下午三点多在鼓楼区政务大厅3号窗口办身份证，姓王的那个让我跑了三趟，收了120块，希望退款，电话138 1234 5678"
    kinds = [detail.kind for detail in extract_details(text, now=NOW)]
    assert kinds == ["when", "place", "window", "matter", "staff", "count", "amount", "remedy", "phone"]


def test_details_stand_in_order_and_claiming_kinds_do_not_overlap() -> None:
    text = "订单20261103456789，3号楼2单元502室，11月3号下午花了120元，等了3个小时"
    claiming = [
        detail
        for detail in extract_details(text, now=NOW)
        if detail.kind not in ("organisation", "staff", "name", "remedy", "matter")
    ]
    assert all(first.end <= second.start for first, second in pairwise(claiming))
