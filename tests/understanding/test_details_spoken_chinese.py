"""Lengths of time, wishes and places as people say them: loose numbers, dialect, orders without a word for a wish."""

# ruff: noqa: E501 -- one example, one line
from __future__ import annotations

from datetime import datetime, timezone

import pytest

from understanding.details import extract_details

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=timezone.utc)
_HOUR, _DAY, _MONTH, _YEAR = 60, 1440, 43_200, 525_600


def _said(text: str, kind: str) -> list[str]:
    return [detail.text for detail in extract_details(text, now=NOW) if detail.kind == kind]


@pytest.mark.parametrize(
    ("text", "words", "minutes"),
    [
        ("十天半月没人管", "十天半月", _MONTH // 2), ("一拖就是一年半载", "一年半载", _YEAR), ("等了半拉钟头", "半拉钟头", 30), ("月把了还没消息", "月把", _MONTH), ("坏了三十好几天", "三十好几天", 30 * _DAY), ("晚点六个多钟", "六个多钟", 6 * _HOUR), ("等了一刻来钟", "一刻来钟", 15), ("排了十几二十分钟", "十几二十分钟", 20), ("拖了俩仨月", "俩仨月", 3 * _MONTH), ("接连五个晚上断网", "五个晚上", 5 * _DAY), ("等咗两粒钟", "两粒钟", 2 * _HOUR), ("漏了两个号头", "两个号头", 2 * _MONTH), ("反映数月未果", "数月", 3 * _MONTH), ("路灯坏了多日无人修", "多日", 3 * _DAY),
    ],
)  # fmt: skip
def test_a_loose_length_of_time_has_its_size(text: str, words: str, minutes: int) -> None:
    (found,) = [detail for detail in extract_details(text, now=NOW) if detail.kind == "duration"]
    assert (found.text, found.value["minutes"]) == (words, minutes)


@pytest.mark.parametrize(
    "text", ["一个晚上三百八", "我是这么多年的老客户", "住了二十多年的老房子", "差不多年底"]
)
def test_a_price_for_a_night_and_old_acquaintance_are_no_loose_length(text: str) -> None:
    assert not {"这么多年", "一个晚上", "多年"} & set(_said(text, "duration"))


@pytest.mark.parametrize(
    "text", ["停车一小时八块", "推销的一天打七八个电话", "以后提前一天说", "电话要二十四小时有人接"]
)
def test_so_much_or_so_often_in_a_while_is_no_length_of_time(text: str) -> None:
    assert _said(text, "duration") == []


def test_a_promised_length_of_time_counts_and_a_time_limit_does_not() -> None:
    assert _said("客服说48小时内回电", "duration") == ["48小时"]
    assert _said("请在三天内解决", "duration") == []


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("找不到就按原价赔", ["找不到就按原价赔"]), ("站方得报销", ["站方得报销"]), ("园方承担医药费，开除当班老师", ["园方承担医药费", "开除当班老师"]), ("运费退我", ["运费退我"]), ("换回八块钱那个，之前多扣的补回来", ["换回八块钱那个", "之前多扣的补回来"]), ("余额要么退要么转到别的馆", ["余额要么退要么转到别的馆"]), ("喊人来搬一哈嘛", ["喊人来搬一哈嘛"]), ("派人上门查查是不是漏水", ["派人上门查查是不是漏水"]), ("你们给送点水来也行啊", ["你们给送点水来也行啊"]), ("再给我换块好的不过分吧", ["再给我换块好的不过分吧"]), ("加多兩班啦", ["加多兩班啦"]), ("啥时候来气给个话", ["啥时候来气给个话"]), ("别光打电话", ["别光打电话"]), ("换房换到凌晨两点，希望免了这晚房费", ["希望免了这晚房费"]), ("表转得太快了你们来校一下表行不行", ["你们来校一下表行不行"]), ("能不能线下也放点名额，我们抢不过", ["能不能线下也放点名额"]), ("把我的号码从你们推销名单里删掉", ["把我的号码从你们推销名单里删掉"]),
        ("票钱得给我们退一半", ["票钱得给我们退一半"]), ("司机要上门道歉", ["司机要上门道歉"]), ("老旧电梯该大修大修", ["老旧电梯该大修大修"]), ("抓紧铺平", ["抓紧铺平"]), ("另外赔我延误的", ["另外赔我延误的"]), ("挪到里边空地去不就行了", ["挪到里边空地去不就行了"]), ("叫那个骂我妈的护士来赔个不是", ["叫那个骂我妈的护士来赔个不是"]), ("把手续费免了", ["把手续费免了"]), ("没收了吧，老板也得罚", ["没收了吧", "老板也得罚"]), ("这个嘛天天放门卫不打电话我腿脚不好才能拿让他送上楼行不行", ["让他送上楼行不行"]), ("快啲搵人整返好佢", ["快啲搵人整返好佢"]), ("赶紧洗一洗", ["赶紧洗一洗"]), ("管理处应该天天抽查", ["管理处应该天天抽查"]), ("把时间调长一些", ["把时间调长一些"]),
    ],
)  # fmt: skip
def test_who_orders_in_spoken_words_wants_something(text: str, wishes: list[str]) -> None:
    assert _said(text, "remedy") == wishes


@pytest.mark.parametrize(
    "text",
    [
        "检测不准，气人", "保安说押金退我，到现在没影", "别拖了", "能不能讲广东话", "能不能快一点", "失业金申请被退回来", "怎么返回", "孩子发烧，赶紧送医院", "能不能不留名", "你们给我等着", "写少了，再补几句", "他们来过，也修好了", "先停了吧", "把时间往前改一天", "一周多没收垃圾", "好心人捡到还我",
    ],
)  # fmt: skip
def test_what_is_told_or_asked_of_the_chat_is_no_wish(text: str) -> None:
    assert _said(text, "remedy") == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("咱村口那座小桥护栏断了", ["咱村口那座小桥"]), ("电影院隔壁那家手机店换屏坑人", ["电影院隔壁那家手机店"]), ("垃圾车没进过我们后楼那条巷子", ["我们后楼那条巷子"]), ("司机在体育馆站甩站", ["体育馆站"]), ("在兴隆集上摆摊被收车", ["兴隆集"]), ("在你们二店染的头发", ["你们二店"]), ("从立交桥到菜场那一段没灯", ["立交桥到菜场那一段"]), ("城北派出所户籍大厅没人", ["城北派出所户籍大厅"]), ("府前街38号漏水", ["府前街38号"]), ("张庄三组断水", ["张庄三组"]), ("县医院住院部8楼12床没人换药", ["县医院住院部8楼12床"]), ("首都机场3号航站楼", ["首都机场3号航站楼"]), ("建国路88号那个井盖响", ["建国路88号那个井盖"]),
        ("小学旁边的建筑工地扬尘", ["小学旁边的建筑工地"]), ("我在西单那家苹果店隔壁买的", ["西单那家苹果店"]), ("一号楼到五号楼全停水", ["一号楼到五号楼"]), ("春江花月11幢，我们七户", ["春江花月11幢"]), ("现在在创意园C栋二楼", ["创意园C栋二楼"]), ("东风菜市场二十六号摊", ["东风菜市场二十六号摊"]), ("村头老槐树底下那口井盖子没了", ["村头老槐树底下那口井"]), ("每逢下雨翠屏路就积水", ["翠屏路"]), ("古镇游客中心的人说规定", ["古镇游客中心"]), ("环球港P3层出口", ["环球港P3层出口"]), ("俺村刘家疃的自来水", ["刘家疃"]),
    ],
)  # fmt: skip
def test_a_place_told_by_what_stands_beside_it_is_whole(text: str, places: list[str]) -> None:
    assert _said(text, "place") == places


@pytest.mark.parametrize(
    "text",
    [
        "你们联系上那家店了没",
        "呢間茶餐廳有蟑螂",
        "换了一床还有头发",
        "停在路边",
        "不然报市监局",
        "这损失加油站要赔",
        "拜托市府直接派人",
        "恢复我们小区的公交线路",
        "他站在门口骂人",
    ],
)
def test_a_shop_without_a_spot_and_a_thing_are_no_place(text: str) -> None:
    assert _said(text, "place") == []


@pytest.mark.parametrize(
    ("text", "wish"),
    [("这件事一周内给我结果", "给我结果"), ("一周内给我结果", "一周内给我结果"), ("你们必须把钱退了", "你们必须把钱退了"), ("今天必须来人", "今天必须来人"), ("今晚之前务必送回来", "今晚之前务必送回来")],
)  # fmt: skip
def test_a_wish_begins_with_its_time_limit_and_who_owes_it(text: str, wish: str) -> None:
    assert _said(text, "remedy") == [wish]
    assert _said(text, "when") == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("涨到三块二一平", "3.20"), ("一笔三十七块二一笔没扣", "37.20"), ("会员费每次二十五", "25.00"), ("羽绒服一件三百六十九", "369.00"), ("换个屏380，又坏", "380.00"), ("套餐128一个月", "128.00"), ("加了300的油", "300.00"), ("第二天降了四百", "400.00"), ("结账1280", "1280.00"), ("辅导书一百六十五一套", "165.00"), ("电费一下蹦到六百七十三", "673.00"), ("只剩下两万七一直拖着", "27000.00"),
    ],
)  # fmt: skip
def test_a_price_by_the_piece_and_by_what_it_is_for(text: str, amount: str) -> None:
    found = [detail for detail in extract_details(text, now=NOW) if detail.kind == "amount"]
    assert [detail.value["amount"] for detail in found] == [amount]


@pytest.mark.parametrize("text", ["换了12号楼1301", "一节二十分钟", "每次二十分钟", "住了15一个人住"])
def test_a_room_and_minutes_are_no_price(text: str) -> None:
    assert _said(text, "amount") == []
