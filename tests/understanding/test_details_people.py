"""Who said it, who of the staff it was, what is wanted of whom, and numbers that nobody is sure of."""

# ruff: noqa: E501 -- one example, one line
from __future__ import annotations

from datetime import datetime, timezone

import pytest

from understanding.details import extract_details
from understanding.model import Detail

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=timezone.utc)


def _found(text: str, kind: str) -> list[Detail]:
    region = "GB" if text.isascii() else "CN"
    return [detail for detail in extract_details(text, now=NOW, region=region) if detail.kind == kind]


def _said(text: str, kind: str) -> list[str]:
    return [detail.text for detail in _found(text, kind)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("本人冉小北，住三栋", "冉小北"), ("俺姓逄，种地的", "逄"), ("大家都叫我胖嫂就行", "胖嫂"), ("我老伴叫苏桂兰，户口本上是她", "苏桂兰"), ("联系人写骆老师就可以", "骆老师"),
        ("我是闫冰她妹妹", "闫冰"), ("耿直，这就是我的真名", "耿直"), ("中文名麦兆宇", "麦兆宇"), ("不用写我，写我儿子池景行的名字", "池景行"),
        ("the account is in my wife's name, Nadia Brook", "Nadia Brook"), ("my mates call me Sparky", "Sparky"), ("hiya Glenys here from next door", "Glenys"), ("I'm Ottilie and this is my second try", "Ottilie"), ("the bill is in Tom Hale's name", "Tom Hale"), ("you may address me as Dr Anand", "Dr Anand"), ("bronwen here, tap still dripping", "bronwen"), ("Wu Mei Fong, Block B", "Wu Mei Fong"),
    ],
)  # fmt: skip
def test_people_give_their_name_in_many_ways(text: str, name: str) -> None:
    assert name in _said(text, "name")


@pytest.mark.parametrize(
    "text",
    ["他喊我转我就转了", "叫我再等等就行了", "客服叫我重启", "女儿再也不会叫我妈了", "低保户名单贴出来了", "喊我报验证码", "麻烦主管追一下", "wrong email, it's lena.b@example.com", "I'm Furious and this is my third call"],
)  # fmt: skip
def test_told_to_do_something_is_no_name(text: str) -> None:
    assert _said(text, "name") == []


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("8号窗口那个大姐不理人", "8号窗口那个大姐"), ("警号100231的民警", "警号100231的民警"), ("物业的小顾说没钥匙", "物业的小顾"), ("自称姓夏的女客服冲我吼", "自称姓夏的女客服"), ("個男護士講電話", "個男護士"),
        ("the lady at counter 4 rolled her eyes", "the lady at counter 4"), ("PCSO 7714 said no", "PCSO 7714"), ("your driver on route 17 left early", "your driver on route 17"), ("rep told me his name was Curtis", "Curtis"), ("a clerk with a nose ring", "a clerk with a nose ring"), ("the plumber you sent broke it", "the plumber you sent"),
    ],
)  # fmt: skip
def test_staff_are_told_by_place_number_name_or_looks(text: str, who: str) -> None:
    assert who in _said(text, "staff")


@pytest.mark.parametrize("text", ["柜员态度很差", "your driver was rude", "希望换个靠谱的维修工", "等3号窗口的人回来", "胸牌上写着李什么"])  # fmt: skip
def test_a_bare_post_tells_nobody_who_it_was(text: str) -> None:
    assert _said(text, "staff") == []


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("想把违约金免掉", "想把违约金免掉"), ("叫那个司机给我妈赔礼", "叫那个司机给我妈赔礼"), ("退一半押金给我我也认了", "退一半押金给我我也认了"), ("帮我转告领导尽快退款", "尽快退款"), ("帮我把孩子转到别的班", "帮我把孩子转到别的班"),
        ("get rid of the rats", "get rid of the rats"), ("please have the drain unblocked", "please have the drain unblocked"), ("rehouse us", "rehouse us"),
    ],
)  # fmt: skip
def test_what_the_organisation_is_to_do_is_a_remedy(text: str, wish: str) -> None:
    assert any(wish in said for said in _said(text, "remedy"))


@pytest.mark.parametrize(
    "text",
    ["帮我登记一下", "告诉我这事归谁管", "给我个单号", "请帮我取消本次登记", "帮我查一下进度", "我想撤掉投诉", "重新填吧", "麻烦把联系人换成我女儿", "请删除本人信息", "给我办的是个小伙子", "停了整一个星期的水",
     "register it for me please", "tell me who handles this", "can you log this", "can you give me a reference", "please cancel my complaint", "can you explain how this works", "please change the phone number", "I need some help please", "can I pay by card", "put me through to the right team"],
)  # fmt: skip
def test_a_wish_to_the_one_who_takes_the_complaint_is_no_remedy(text: str) -> None:
    assert _said(text, "remedy") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("my number is 0770090012", "phone"), ("+86 138 1234 5678 9", "phone"), ("手机号1381234567", "phone"), ("车牌可能是粤B12345", "plate"), ("plate AB12 CD", "plate"),
        ("工单号大概是TS261101-771203", "reference"), ("运单号SF138820091726 5", "reference"), ("I think the ticket is 882913", "reference"), ("between 40 and 50 quid", "amount"), ("£40-£50 each", "amount"), ("几百块钱的事", "amount"),
    ],
)  # fmt: skip
def test_a_number_that_may_be_wrong_is_only_offered(text: str, kind: str) -> None:
    assert all(detail.confidence < 0.5 for detail in _found(text, kind))
    assert _found(text, kind)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("手机号尾号5678", "reference"), ("订单号8812开头", "reference"), ("case 2210-ish", "reference"), ("微信号abc1234567", "reference"), ("€1.200,50", "amount"), ("12,5 euros", "amount"), ("refund 3 x 19.99", "amount"), ("agent id 5521", "id_number")],
)  # fmt: skip
def test_a_part_of_a_number_is_no_number(text: str, kind: str) -> None:
    assert _found(text, kind) == []


@pytest.mark.parametrize(("text", "amount"), [("零点五元", "0.50"), ("2点5元", "2.50"), ("十二块零五分", "12.05"), ("误工费五百", "500.00"), ("好家伙，三百块", "300.00")])  # fmt: skip
def test_sums_with_a_spoken_point_or_behind_their_fee(text: str, amount: str) -> None:
    assert [detail.value["amount"] for detail in _found(text, "amount")] == [amount]


@pytest.mark.parametrize(
    ("text", "place"),
    [("国道G320往西", "国道G320"), ("解放大桥桥头堆满垃圾", "解放大桥桥头"), ("高铁南站出站口", "高铁南站出站口"), ("住喺彩虹邨", "彩虹邨"), ("junction of Mill Street and the A40", "junction of Mill Street and the A40"), ("the corner of 5th and Maple", "the corner of 5th and Maple"), ("lift at Blk 87 Bedok North", "Blk 87 Bedok North")],
)  # fmt: skip
def test_places_on_trunk_roads_corners_and_estates(text: str, place: str) -> None:
    assert place in _said(text, "place")


@pytest.mark.parametrize(("text", "name"), [("消保委不理", "消保委"), ("水务集团挖路", "水务集团"), ("my broadband provider is slow", "broadband provider"), ("the parking company fined me", "parking company")])  # fmt: skip
def test_organisations_by_their_trade(text: str, name: str) -> None:
    assert name in _said(text, "organisation")


@pytest.mark.parametrize(("text", "minutes"), [("几十分钟打不通", 30), ("好些天没水", 4_320), ("成個禮拜冇水", 10_080), ("十几天了", 14_400)])  # fmt: skip
def test_loose_lengths_of_time(text: str, minutes: int) -> None:
    assert [detail.value["minutes"] for detail in _found(text, "duration")] == [minutes]
