"""Dangers in many voices, and the figures of speech that only sound like them."""

# ruff: noqa: E501 -- one example, one line
from __future__ import annotations

from pathlib import Path

import pytest

from understanding import emergency
from understanding.corpus import LANGUAGES, read_emergencies
from understanding.emergency import LEVELS, detect_emergency
from understanding.model import Language

RECALL: dict[str, list[str]] = {
    "live_wire": [
        "电线掉下来冒火花", "門口電線跌咗落地", "变压器在冒烟还噼里啪啦响", "洗澡的时候水龙头麻手", "高压线被风刮断了，就搭在路上", "路灯杆漏电，狗都被电死了", "俺家墙上的插座老往外蹦火星子冒火花", "我摸冰箱被电了一下", "电线杆歪了快倒了",
        "小区积水里有电，有人被电到", "电线耷拉下来离地就一米", "配电箱滋滋响还冒烟", "热水器带电，一碰就麻", "sparks coming out of the meter", "there's a power line down across the road", "a live wire is hanging by the bus stop", "got a shock off the shower tap",
        "the pole fell and wires are lying on the pavement", "my socket is sparking like mad", "electric shock when i touch washing machine", "cable snapped in the storm its dangling over the school gate", "transformer blew with a loud bang", "bare wires sticking out the lamp post",
        "昨天电线掉下来到现在没人管", "the fence gives you a shock when you touch it", "電錶箱冒火花", "地上有根断了的电线", "空调外机漏电", "电线断了",
    ],
    "gas_leak": [
        "屋里有股臭鸡蛋味", "家里煤气味很大", "闻到燃气味了怎么办", "屋企好大煤氣味", "灶台边上嘶嘶响像漏气", "楼道里天然气味呛人", "液化气罐漏了", "挖掘机把燃气管挖断了", "smell of gas in the hallway", "I can smell gas", "gas leak!!", "rotten egg smell in my kitchen",
        "my CO alarm keeps going off", "there is hissing from the gas pipe", "stinks of gas in here", "workers hit a gas main outside", "用热水器的时候头晕恶心，一股煤气味", "燃气报警器一直叫", "think theres gas leaking from the cooker", "厨房有煤气味",
    ],
    "fire": [
        "着火了", "我家着火了快来人", "楼下电瓶车烧起来了", "对面楼冒浓烟", "充电的时候电动车起火", "厨房火苗窜到天花板了", "隔離屋火燭呀", "垃圾站着火没人管", "商场里全是烟", "my kitchen is on fire", "there are flames coming from the flat upstairs", "smoke pouring out of the roof",
        "the bins caught fire", "theres a fire in the building help", "house next door is burning", "car on fire outside number 9", "仓库起火了", "车库里头有明火，火光很大", "着火啦着火啦", "smoke everywhere cant see",
    ],
    "medical": [
        "我妈晕倒了叫不醒", "有人昏迷在大厅", "我喘不上气", "老头流了好多血", "孩子被热水烫伤", "家里老人靠制氧机，现在停电了", "呼吸机快没电了", "奶奶吸氧停电了咋整", "我爸胸口疼得厉害", "有人从楼上摔下来了", "我唔透到氣，唔到气", "他抽搐口吐白沫",
        "my nan is on oxygen and the power's off", "he's unconscious", "i cant breathe", "she is bleeding badly", "my ventilator battery is running out", "dad has chest pain", "my son burned his hand on your urn, burned his arm badly, scalded", "someone collapsed in the queue",
        "the feeding pump stopped because of the outage", "baby is turning blue", "man hit by a car outside", "we need an ambulance", "power cut and my husband's dialysis machine is off", "nebuliser wont work no electricity", "救命啊", "快没气了", "工人砸伤了腿", "grandpa fell down the stairs of the station", "心梗犯了", "停電，阿嫲部氧氣機停咗",
    ],
    "food_poisoning": [
        "吃完你们的外卖上吐下泻", "一桌人吃完都拉肚子", "在食堂吃了饭好几个同学呕吐", "食物中毒了", "吃完住院了", "food poisoning from your buffet", "we ate there and several of us are ill", "I've been vomiting after eating the prawns", "吃完蛋糕肚子疼得送急诊", "whole family threw up after the takeaway",
        "食咗海鮮屋企人全部肚屙", "my kids got sick after the school lunch, both throwing up", "三个人吃了凉菜都进了医院", "all guests had diarrhoea after the wedding dinner",
    ],
    "allergy": [
        "吃完嘴唇肿了", "喉咙发紧说不出话", "身上起满疹子", "我花生过敏，菜里有花生", "my lips are swelling", "throat is closing up", "anaphylaxis", "I need my epipen", "脸肿得睁不开眼", "I'm allergic to nuts and they served me nuts", "全身起红疹喘", "過敏反應，塊面腫咗",
    ],
    "self_harm": [
        "我不想活了", "活着没意思", "真的活不下去了", "我从楼上跳下去算了", "我要割腕", "我买了农药准备喝农药", "遗书都写好了", "这是我最后一次找你们了", "死了算了", "我想自杀", "I want to kill myself", "I want to end it all", "there's no point in being here", "thinking of taking an overdose",
        "this is my goodbye message", "i dont want to live anymore", "better off dead", "i will jump off your roof", "你们再不解决我就从楼上跳下去", "我唔想活", "一头撞死在你们门口，死给你们看", "I'm going to hang myself", "不如死了", "nothing to live for", "活够了", "吃了一瓶安眠药", "想死", "wish i was dead",
    ],
    "violence_threat": [
        "我弄死你们经理", "信不信我砍了你", "我提着刀去你们大厅", "一把火烧了你们营业厅", "我要报复社会", "大不了同归于尽", "打断他的腿", "I will kill you", "I'll burn it down, burn your office", "I'm waiting outside for him with a bat", "I've got a gun and I'm coming", "gonna bomb your branch",
        "i know where you live", "if you don't fix it I will kill you", "斩死你", "浇汽油点了你们", "我开车撞死他", "I swear I'll break his legs", "下次带刀来", "I will stab the clerk", "捅死你信不信",
    ],
    "trapped": [
        "困在电梯里了", "电梯卡住出不来", "被困在电梯里半小时了", "孩子反锁在屋里", "电梯突然不动了里面有人", "stuck in the lift", "I'm trapped in the elevator", "we're locked in the building", "can't get out of the car park lift", "两个人关在电梯里", "困喺𨋢度", "my toddler is locked in the car", "门打不开，人在里面出不来", "lift stopped between floors with people inside", "老人被锁在里面",
    ],
    "crime_privacy": [
        "房间里发现针孔摄像头", "酒店插座里有摄像头", "有人偷拍我", "他猥亵我女儿", "司机一直骚扰我", "我老公打我", "保安动手打人", "他摸我大腿", "hidden camera in my room", "he hit me", "the driver harassed me", "I was assaulted by the guard", "my husband is beating me", "he touched me", "厕所里有人偷拍", "found a camera in the bathroom", "a man followed me home", "畀人非禮", "医生摸了我",
    ],
    "fraud_in_progress": [
        "钱被转走了", "我的卡被盗刷了", "正在让我转账到安全账户", "他让我共享屏幕", "卡里的钱没了", "不是我本人操作，转走了八千", "验证码告诉他了", "my account is being emptied", "unauthorised transfer", "I've been scammed", "he's sharing my screen right now, I'm sharing my screen", "someone hacked my bank account", "there are transactions I didn't make",
        "they are telling me to transfer money to a safe account", "我被骗了三万", "畀人呃咗錢", "money is disappearing from my account", "给骗子打钱了",
    ],
    "manhole": [
        "井盖没了", "路中间井盖不见了，天黑会掉下去", "路塌了一个大洞", "围墙要倒了", "高空掉东西差点砸到人", "楼上掉下一块玻璃", "manhole cover missing", "a sinkhole opened in our street", "the wall is about to fall", "bricks falling from the building", "渠蓋冇咗", "外墙瓷砖往下掉", "大树要倒了压着线", "open drain with no cover near the school", "路面塌陷", "scaffolding about to collapse",
    ],
    "group_event": ["我们几十号人一起去市里", "全体业主联名投诉", "我们要拉横幅", "堵路", "all of us are going to protest", "we have a petition with 200 names", "we'll block the road", "class action is coming", "准备集体上访"],
    "media_exposure": ["我要找记者曝光你们", "我粉丝三十万", "我现在就开直播", "让你们上热搜", "I'm calling a journalist", "I'm going live now", "I have 80k followers", "this will go viral", "发抖音曝光"],
    "data_leak": ["你们泄露我的信息", "把我电话卖给中介了，信息卖了", "别人的资料寄给我了", "data leak", "you sent me another customer's statement", "my data was leaked", "我的手机号被泄露了"],
    "product_hazard": ["充电宝炸了", "手机充电的时候自燃", "杯子突然爆裂割伤手", "the kettle burst", "charger melted", "the glass shattered and cut me", "热水器漏电", "my e-scooter battery exploded"],
    "lifeline_down": ["老人的报警器坏了", "独居老人家停电一天", "新生儿家里没暖气", "my mum's fall alarm is dead", "she lives alone with no heating", "newborn baby and no heat", "her pendant alarm has no signal", "停水三天，家里有刚出生的宝宝"],
    "hardship": ["没钱吃饭了", "明天就被赶出去", "低保停发了", "I can't feed my kids", "we're being evicted Friday", "my benefit stopped", "饿了两天了", "nowhere to sleep tonight"],
    "discrimination": ["因为我是外地人就不给办", "歧视残疾人", "because we're two men they cancelled", "the clerk was racist", "嫌我是农村的", "they refused me because I'm disabled"],
    "child_health": ["孩子住院了因为教室甲醛", "宝宝房间全是霉菌", "baby hospitalised because of the damp", "mould in the nursery", "学校食堂饭菜发臭"],
    "theft": ["我的包被偷了", "保险箱里的钱没了", "my watch was stolen", "cash gone from the safe", "电动车被偷", "my laptop disappeared from my room"],
}  # fmt: skip

FIGURES = [
    "气死我了", "笑死", "笑死我了", "往事像过电影一样", "我火大得很", "this is killing me", "my phone blew up", "I bombed the exam", "停电了急死人", "热死人了", "累死了", "急死我了", "困死了想睡觉", "排队排到想吐", "贵死了", "你们收费跟抢钱一样", "坑爹啊", "脑洞大开", "我来电咨询一下", "煤气费怎么这么贵",
    "燃气账单不对", "这个价格炸了", "系统炸了吧", "app又炸了", "写不下去了", "听不下去了", "对加班过敏", "甜到中毒", "我上火了", "他冲我发火", "生意火了", "嗓子冒烟了", "等得我快晕过去了吧，笑晕", "这服务真是有毒", "跳楼价甩卖", "双十一秒杀失败", "砍价砍不下来", "时间都去哪了", "办事困难", "贫困户怎么申请",
    "打我电话没接到", "他给我打电话", "不打我电话", "拍照好看", "给你们点赞", "你们太火爆了排不上队", "忙得喘不过气", "被电话轰炸", "心态炸了", "肺都气炸了", "气得我七窍生烟", "急得火烧眉毛也没用",
    "I'm dying to know", "I nearly died laughing", "it's to die for", "my feet are killing me", "deadline is tomorrow", "stuck on hold for an hour", "stuck in traffic", "locked into a contract", "the hotline is on fire today", "fire sale", "you should be fired", "press 1 for English", "I was shocked at the bill", "gas bill is too high",
    "burning a hole in my pocket", "bloody ridiculous", "daylight robbery, these fees", "it's a steal", "your website crashed", "I can't believe it", "heart attack when I saw the price", "my phone is blowing up with texts", "what a bombshell", "shoot me an email", "I'm starving", "scared to death of forms", "I could kill for a coffee",
    "gave me a heart attack opening that bill", "the queue was murder", "dead slow internet", "he burst into tears", "cut me some slack", "trapped in a loop of menus", "fired up about this", "she was beaming", "the battery in the remote is dead",
]  # fmt: skip

NOT_NOW = [
    "万一着火怎么办", "去年着火那次", "如果漏气了该打哪个电话", "没有着火", "没有人受伤", "电线已经修好了没有冒火花", "消防演习时说的着火怎么跑", "小时候家里着过火", "what should I do if there is a gas leak", "the fire was put out last year", "there is no fire", "nobody was hurt", "we had a fire drill", "in case of fire who do I call",
    "今天没闻到煤气味", "幸好没着火", "怕漏电所以想换电表", "容易着火的东西堆在楼道", "I'm worried it could catch fire one day", "上次电梯困人后来救出来了",
]  # fmt: skip

PLAIN = [
    "你好", "我要投诉", "水费多收了", "路灯不亮", "晚上施工太吵", "办证跑了三趟", "停电了什么时候来电", "暖气不热", "垃圾没人收", "公交车不来", "hello", "my bill is wrong", "the street light is out", "the bus never came", "noise at night", "I want a refund", "where is my parcel", "the wifi is slow", "排队两小时", "快递丢件",
    "服务员态度差", "退款不到账", "物业费涨了", "the clerk was rude", "楼上漏水", "网速慢", "谢谢", "thanks a lot", "13812345678", "好的", "ok", "停车费乱收", "发票开不出来", "房间隔音差", "早餐难吃", "头发里有虫", "my room was dirty", "the lift is slow",
]  # fmt: skip


def _alarms(text: str) -> bool:
    found = detect_emergency(text)
    return found is not None and not found.check


def _code(text: str) -> str | None:
    found = detect_emergency(text)
    return None if found is None else found.code


VOICES = [(code, text) for code, texts in RECALL.items() for text in texts]


@pytest.mark.parametrize(("code", "text"), VOICES)
def test_a_danger_is_heard_however_it_is_said(code: str, text: str) -> None:
    found = detect_emergency(text)
    assert found is not None
    assert found.evidence in text


def test_a_danger_is_named_rightly() -> None:
    wrong = [text for code, text in VOICES if (found := detect_emergency(text)) and found.code != code]
    assert len(wrong) <= 0.05 * len(VOICES), wrong


@pytest.mark.parametrize("text", FIGURES)
def test_a_figure_of_speech_is_not_even_asked_about(text: str) -> None:
    assert detect_emergency(text) is None


@pytest.mark.parametrize("text", NOT_NOW)
def test_denied_supposed_and_past_dangers_are_no_emergency_now(text: str) -> None:
    assert not _alarms(text)


@pytest.mark.parametrize("text", PLAIN)
def test_plain_complaints_are_no_emergency(text: str) -> None:
    assert detect_emergency(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("我受够了撑不下去了", "self_harm"), ("I can't go on", "self_harm"), ("I don't want to kill myself", "self_harm"), ("我头晕站不稳", "medical"), ("奶奶摔了一跤", "medical"), ("屋里有股焦糊味", "fire"), ("there's a burning smell", "fire"), ("I think something is on fire maybe", "fire"), ("想死的心都有", "self_harm")],
)  # fmt: skip
def test_an_unsure_danger_is_not_passed_over(text: str, code: str) -> None:
    assert _code(text) == code


@pytest.mark.parametrize(
    ("chances", "code", "check"),
    [
        ({"fire": 0.8}, "fire", False), ({"fire": 0.6}, "fire", True), ({"gas_leak": 0.65}, "gas_leak", False),
        ({"gas_leak": 0.2}, "gas_leak", True), ({"gas_leak": 0.1}, None, False), ({"theft": 0.45}, "theft", False),
        ({"theft": 0.3}, None, False), ({"theft": 0.6, "trapped": 0.3}, "trapped", False), ({"theft": 0.8, "trapped": 0.1}, "theft", False),
    ],
)  # fmt: skip
def test_it_alarms_when_likely_and_asks_about_life_before(
    monkeypatch: pytest.MonkeyPatch, chances: dict[str, float], code: str | None, check: bool
) -> None:
    class Model:
        def chances(self, text: str) -> dict[str, float]:
            return dict.fromkeys(LEVELS, 0.0) | chances

    monkeypatch.setattr(emergency, "shipped", Model)
    found = detect_emergency("what is said")
    assert (found and found.code, found is not None and found.check) == (code, check)


@pytest.mark.parametrize("text", ["你们不管我就找记者曝光，我妈晕倒了叫不醒", "房子着火了，我要找记者"])
def test_a_danger_to_life_comes_before_what_is_urgent_only(text: str) -> None:
    found = detect_emergency(text)
    assert found is not None
    assert (found.level, found.check) == ("P0", False)


def test_breath_comes_before_the_lift_and_a_sparking_wire_before_fire() -> None:
    assert _code("Dad stopped breathing when the lift jammed") == "medical"
    for text in ("the socket is sparking", "插座冒火花", "电线在打火花"):
        assert _code(text) == "live_wire"


@pytest.mark.parametrize(
    "text", ["I'd jump off a bridge before I use you again", "我宁可喝农药也不买你们家的"]
)
def test_a_way_to_say_no_is_not_passed_over(text: str) -> None:
    assert _code(text) == "self_harm"


@pytest.mark.parametrize(
    "text",
    [
        "我们小区从昨晚八点停电到现在，打了好几次电话都说在处理，希望尽快恢复供电", "小区停电了，从早上到现在，请问什么时候来电",
        "the room smelled of mould", "今晚给我安排住处", "you can stand on the roof and see the fireworks",
    ],
)  # fmt: skip
def test_a_calm_complaint_about_a_power_cut_or_a_room_is_no_danger(text: str) -> None:
    assert detect_emergency(text) is None


def test_evidence_is_the_persons_own_words() -> None:
    found = detect_emergency("排咗好耐隊，屋企好大煤氣味，唔知點算")
    assert found is not None
    assert found.evidence == "屋企好大煤氣味"


def test_a_threat_with_an_if_is_still_a_threat() -> None:
    assert _code("要是再不退钱我就砍死你们经理") == "violence_threat"


@pytest.mark.parametrize(
    ("text", "code"),
    [("麻了一下，我刚碰那个铁架子，带着电呢", "live_wire"), ("in the canal! there's a lad, he's gone under", "medical"), ("有坚果，我喘不上来气", "allergy"), ("my boy, from the balcony he fell, he isn't moving", "medical"), ("他们控制了我的电脑", "fraud_in_progress"), ("we've all been poorly, it was the prawns", "food_poisoning"), ("没有暖气，我妈八十九一个人在家", "lifeline_down"), ("slit her wrists, please hurry", "self_harm")],
)  # fmt: skip
def test_a_danger_is_heard_from_what_stands_near_in_any_order(text: str, code: str) -> None:
    assert _code(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "前年我们楼着过火，理赔还没下来", "电影里有个人被困在电梯里", "“自燃”香薰蜡烛没有香味", "触电急救培训怎么报名", "漏气的管子已经修好了，谢谢", "哈哈他说要弄死我", "骑手把汤洒了",
        "there was a fire here in 2019", "we got stuck in the lift years ago, lovely staff", "in the film a bomb goes off", "does my policy cover burns and scalds, what's the premium", "the gas leak was fixed on Monday, thanks", "the wall that fell down has been put back up", 'the "Death by Fire" burger was cold',
    ],
)  # fmt: skip
def test_what_is_told_asked_or_over_is_no_danger_now(text: str) -> None:
    assert not _alarms(text)


@pytest.mark.parametrize("text", ["漏电还没修好", "the leaking gas pipe hasn't been fixed", "上次修好了，现在又冒火花", "it was fixed last week but the socket is sparking again"])  # fmt: skip
def test_what_is_not_mended_or_back_again_is_a_danger(text: str) -> None:
    assert detect_emergency(text) is not None


def test_a_longer_expression_wins_over_a_figure_of_speech_within_it() -> None:
    assert _code("我老公呼吸困难") == "medical"
    assert detect_emergency("办事困难") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_the_projects_own_sentences_most_dangers_are_heard_and_few_look_alikes(language: Language) -> None:
    rows = read_emergencies(Path(__file__).parents[2] / "data")
    heard = {True: [0, 0], False: [0, 0]}
    for spoken, text, trigger in rows:
        if spoken == language:
            found = detect_emergency(text)
            alarmed = found is not None and (trigger is not None or not found.check)
            heard[trigger is not None][0] += alarmed
            heard[trigger is not None][1] += 1
    assert heard[True][0] > 0.88 * heard[True][1]
    assert heard[False][0] < 0.05 * heard[False][1]


def test_every_danger_of_the_handbook_has_a_level() -> None:
    assert set(LEVELS) == set(RECALL)
