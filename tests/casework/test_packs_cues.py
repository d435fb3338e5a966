"""What the cues of five packs find in a sentence: a stretch of it, or the choice that it means."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casework.packs import Field, Packs

ROOT = Path(__file__).resolve().parents[2] / "packs"
_HAN = re.compile(r"[\u3400-\u9fff]")

#: Pack -> (code or start of a code, field, sentence, what is found in it or which choice it leads to).
SAID: dict[str, list[tuple[str, str, str, str]]] = {
    "ecommerce": [
        ("ECM", "order_no", "订单号是JD20261108，还没发货", "JD20261108"),
        ("ECM", "order_no", "my order number is 4471-0092 and it never left", "4471-0092"),
        ("ECM", "item", "昨天到的那台电饭煲插上就跳闸", "电饭煲"),
        ("ECM", "item", "the kettle leaks all over the worktop", "kettle"),
        ("ECM", "defect", "用了两天就开不了机", "开不了机"),
        ("ECM", "defect", "it won't turn on at all", "won't turn on"),
        ("ECM", "photo", "我拍了照片，可以发", "拍了照片"),
        ("ECM", "photo", "I took two photos of the box", "took two photos"),
        ("ECM", "tracking", "快递单号SF1234567890，三天没动", "SF1234567890"),
        ("ECM", "tracking", "tracking number is QX778812345 and it hasn't moved", "QX778812345"),
        ("ECM", "status_shown", "物流显示已签收，我没拿到", "已签收"),
        ("ECM", "status_shown", "it says delivered but there's nothing here", "delivered"),
        ("ECM", "address_ok", "地址没错，我核过", "yes"),
        ("ECM", "address_ok", "it went to my old address", "no"),
        ("ECM", "reason_given", "商家以拆封为由拒绝", "拆封"),
        ("ECM", "reason_given", "they say opened goods can't go back", "they say opened goods can't go back"),
        ("ECM", "price_seen", "第二天直播间649", "649"),
        ("ECM", "price_seen", "I paid 899 and now only £649", "£649"),
        ("ECM", "seller", "在优品旗舰店下的单", "优品旗舰店"),
        ("ECM", "seller", "the seller is called Prime Select", "Prime Select"),
        ("ECM", "claim", "详情页写头层牛皮", "详情页写头层牛皮"),
        ("ECM", "claim", "the listing said solid oak", "listing said solid oak"),
        ("ECM", "proof", "专柜验了是假的", "专柜验了是假的"),
        ("ECM", "proof", "I have the receipt here", "have the receipt"),
        ("ECM", "channel", "打客服电话没人接", "phone"),
        ("ECM", "channel", "the chatbot keeps sending me in circles", "chat"),
        ("ECM", "words", "她回“就这价，爱要不要”", "回“就这价，爱要不要”"),
        ("ECM", "words", 'the man said "take it or leave it" and left', 'said "take it or leave it"'),
        ("ECM", "earlier_no", "上次的工单号是GD88123", "GD88123"),
        ("ECM", "earlier_no", "my last case number was C-20931", "C-20931"),
        ("ECM", "still_happening", "现在还在扣钱", "yes"),
        ("ECM", "still_happening", "they changed my password and I am locked out", "yes"),
        ("ECM", "still_happening", "I've changed my password already", "no"),
        ("ECM", "account", "用户名是山间小鹿", "山间小鹿"),
        ("ECM", "account", "my username is bluefox7", "bluefox7"),
        ("ECM-ACC-01", "what_changed", "手机号被人换了", "手机号被人换了"),
        ("ECM-ACC-01", "what_changed", "they swapped my phone number", "swapped my phone number"),
        ("ECM-ACC-02", "what_changed", "对方报出我的姓名、电话和地址", "姓名、电话和地址"),
        ("ECM-ACC-02", "what_changed", "he knew my name, address and order", "my name, address and order"),
        ("ECM-SAF-02", "injury", "还好没人受伤", "no"),
        ("ECM-SAF-02", "injury", "it burned my hand", "yes"),
        ("ECM-SAF-01", "injury", "孩子在医院挂水", "yes"),
        ("ECM-SAF-01", "injury", "he is in hospital on a drip", "yes"),
        ("ECM", "symptoms", "全家上吐下泻", "上吐下泻"),
        ("ECM", "symptoms", "vomiting and fever since last night", "vomiting and fever"),
        ("ECM", "keep_item", "包装都留着", "yes"),
        ("ECM", "keep_item", "we threw it away", "no"),
    ],
    "hospitality": [
        ("HSP", "room_or_table", "我住1208房，床单没换", "1208房"),
        ("HSP", "room_or_table", "we were at table 14 by the door", "table 14"),
        ("HSP", "room", "608房间没有热水", "608房间"),
        ("HSP", "room", "no hot water in room 608", "room 608"),
        ("HSP", "what_seen", "枕头上有头发", "枕头上有头发"),
        ("HSP", "what_seen", "there was hair on the pillow", "hair on the pillow"),
        ("HSP", "in_house_now", "我们还没退房", "yes"),
        ("HSP", "in_house_now", "we have already checked out", "no"),
        ("HSP", "venue", "昨晚在二楼自助餐厅吃的", "二楼自助餐厅"),
        ("HSP", "venue", "it was the hotel restaurant last night", "the hotel restaurant"),
        ("HSP", "dish", "点了白灼虾", "白灼虾"),
        ("HSP", "dish", "I only had the prawns", "prawns"),
        ("HSP", "people_ill", "我们桌七个人都吐了", "七个人"),
        ("HSP", "people_ill", "four of us are ill", "four of us"),
        ("HSP", "symptoms", "吃完嘴唇肿了", "嘴唇肿了"),
        ("HSP", "symptoms", "a rash and trouble breathing", "rash"),
        ("HSP", "treated", "老人送去医院了", "yes"),
        ("HSP", "treated", "the ambulance is here", "yes"),
        ("HSP", "leftovers", "打包的还在", "yes"),
        ("HSP", "leftovers", "they cleared it away at once", "no"),
        ("HSP", "facility", "空调根本不制冷", "空调"),
        ("HSP", "facility", "the shower is ice cold", "shower"),
        ("HSP", "booking_no", "订单号HT889021，今晚入住", "HT889021"),
        ("HSP", "booking_no", "booking ref AX7721 for tonight", "AX7721"),
        ("HSP", "channel", "在携程订的", "platform"),
        ("HSP", "channel", "I booked directly with you", "direct"),
        ("HSP", "rule_shown", "页面写着免费取消", "写着免费取消"),
        ("HSP", "rule_shown", "it said free cancellation", "free cancellation"),
        ("HSP", "reason", "前台说满房了", "前台说满房了"),
        ("HSP", "reason", "the desk said it was sold twice", "the desk said it was sold twice"),
        ("HSP", "bill_no", "账单号是ZD5521", "ZD5521"),
        ("HSP", "bill_no", "bill number 88213, two extra lines", "88213"),
        ("HSP-BIL", "item", "多收了一笔清洁费", "清洁费"),
        ("HSP-BIL", "item", "a resort fee I never heard of", "resort fee"),
        ("HSP", "shown_before", "事先没人告诉我", "no"),
        ("HSP", "shown_before", "I only saw it on the bill", "no"),
        ("HSP", "place", "在大堂前面的台阶", "大堂"),
        ("HSP", "place", "by the pool this morning", "pool"),
        ("HSP", "staff", "值班经理一直不来", "值班经理"),
        ("HSP", "staff", "the receptionist rolled her eyes", "receptionist"),
        ("HSP", "words_or_act", "他说“爱住不住”", "说“爱住不住”"),
        ("HSP", "words_or_act", 'he shouted "stay somewhere else"', 'shouted "stay somewhere else"'),
        ("HSP", "injury", "手腕骨折了", "doctor"),
        ("HSP", "injury", "only bruised, thank goodness", "minor"),
        ("HSP", "police_called", "我已经报警了", "yes"),
        ("HSP", "police_called", "we haven't called the police", "no"),
        ("HSP", "still_happening", "那人还在门口", "yes"),
        ("HSP", "still_happening", "he is still outside", "yes"),
        ("HSP", "loss", "抽屉里的手表不见了", "手表不见了"),
        ("HSP", "loss", "my watch is gone", "watch is gone"),
        ("HSP", "source", "隔壁一直在唱", "隔壁一直在唱"),
        ("HSP", "source", "the drilling never stops", "drilling never stops"),
        ("HSP", "time_now", "昨晚十一点吵到两点", "昨晚十一点吵到两点"),
        ("HSP", "time_now", "it has gone on since midnight", "since midnight"),
    ],
    "finance": [
        ("FIN", "claim_no", "报案号是BA2026-3391", "BA2026-3391"),
        ("FIN", "claim_no", "claim number CL-88213, no answer", "CL-88213"),
        ("FIN", "stage", "一直审核中", "review"),
        ("FIN", "stage", "the claim was refused", "refused"),
        ("FIN", "papers_given", "我交了病历和发票", "病历和发票"),
        ("FIN", "papers_given", "I sent the medical records, the receipts", "the medical records, the receipts"),
        ("FIN", "reason_given", "以未如实告知为由拒赔", "未如实告知"),
        ("FIN", "reason_given", "they say it is not covered", "they say it is not covered"),
        ("FIN", "policy_or_product", "说是存款其实是增额寿", "增额寿"),
        ("FIN", "policy_or_product", "it turned out an annuity", "out an annuity"),
        ("FIN", "seller", "客户经理小陈让我签的", "客户经理小陈"),
        ("FIN", "seller", "the adviser pushed it on her", "the adviser"),
        ("FIN", "what_was_said", "她说这个保本", "说这个保本"),
        ("FIN", "what_was_said", "he promised no risk", "promised no risk"),
        ("FIN", "age", "我妈七十二岁了", "我妈七十二岁"),
        ("FIN", "age", "my mother is 72", "72"),
        ("FIN", "policy_no", "保单号P99812", "P99812"),
        ("FIN", "policy_no", "policy number LP-77120", "LP-77120"),
        ("FIN", "clause", "合同第18条没说清", "第18条"),
        ("FIN", "clause", "clause 12 is unclear", "clause 12"),
        ("FIN", "account", "账户尾号3380", "3380"),
        ("FIN", "account", "account ending 3380", "3380"),
        ("FIN", "fee", "扣了短信服务费", "短信服务费"),
        ("FIN", "fee", "a late payment fee again", "late payment fee"),
        ("FIN", "card_tail", "信用卡尾号5203", "5203"),
        ("FIN", "card_tail", "card ending 5203", "5203"),
        ("FIN", "merchant", "商户名是海淘优选", "海淘优选"),
        ("FIN", "merchant", "I was charged by Blue Harbour twice", "Blue Harbour"),
        ("FIN", "loan_no", "借款编号JK22019", "JK22019"),
        ("FIN", "loan_no", "loan number LN-5521", "LN-5521"),
        ("FIN-LON-02", "who_called", "对方自称某某律师", "某某律师"),
        ("FIN-LON-02", "who_called", "calls from a collection agency", "a collection agency"),
        ("FIN", "times", "一天打了四十个", "一天打了四十个"),
        ("FIN", "times", "I get twenty calls a day", "twenty calls a day"),
        ("FIN", "words", "他威胁我“让你单位都知道”", "威胁我“让你单位都知道”"),
        ("FIN", "words", 'he threatened "your boss will hear"', 'threatened "your boss will hear"'),
        ("FIN", "hardship", "我失业三个月", "失业三个月"),
        ("FIN", "hardship", "I lost my job in May", "lost my job"),
        ("FIN", "account_tail", "银行卡尾号0096", "0096"),
        ("FIN", "account_tail", "the account ending in 0096", "0096"),
        ("FIN-FRD-01", "still_happening", "钱还在往外走", "yes"),
        ("FIN-FRD-01", "still_happening", "the card is blocked", "no"),
        ("FIN", "code_shared", "我念了验证码给他", "yes"),
        ("FIN", "code_shared", "I gave them the code", "yes"),
        ("FIN", "record", "报告上有一条逾期", "一条逾期"),
        ("FIN", "record", "a missed payment in May 2024", "missed payment in May 2024"),
        ("FIN", "lender", "是建设银行报的", "建设银行"),
        ("FIN", "lender", "an entry from Northern Finance", "Northern Finance"),
        ("FIN", "deadline", "房贷下周就要签", "房贷下周就要"),
        ("FIN", "deadline", "the mortgage falls through by Friday", "mortgage falls through by Friday"),
        ("FIN", "proof", "我有还款回单", "有还款回单"),
        ("FIN", "proof", "I have the settlement letter", "have the settlement letter"),
        ("FIN", "what_leaked", "手机号和余额都漏了", "手机号和余额"),
        ("FIN", "what_leaked", "they knew my balance and address", "balance and address"),
        ("FIN", "how_found", "中介打来报出我的存款", "中介打来报出我的存款"),
        ("FIN", "how_found", "I got a call quoting my balance", "got a call quoting my balance"),
        ("FIN", "branch_or_channel", "去解放路支行排队", "解放路支行"),
        ("FIN", "branch_or_channel", "at the Park Street branch", "Park Street branch"),
        ("FIN", "earlier_no", "投诉编号是TS9912", "TS9912"),
        ("FIN", "earlier_no", "complaint number C-8812", "C-8812"),
    ],
    "telecom": [
        ("TEL", "number_tail", "尾号6688的号被扣钱", "6688"),
        ("TEL", "number_tail", "the number ending 6688", "6688"),
        ("TEL", "item", "多了个视频会员", "会员"),
        ("TEL", "item", "a data pack I don't know", "data pack"),
        ("TEL-FEE", "since", "从六月起就扣", "从六月起就扣"),
        ("TEL-FEE", "since", "since June at least", "since June"),
        ("TEL", "consent", "我没订过这个", "no"),
        ("TEL", "consent", "I never subscribed to it", "no"),
        ("TEL", "number_or_account", "宽带账号kd0571-8812", "kd0571-8812"),
        ("TEL", "number_or_account", "account number BB-88213", "BB-88213"),
        ("TEL", "symptom", "晚上一直掉线", "一直掉线"),
        ("TEL", "symptom", "no signal upstairs", "no signal upstairs"),
        ("TEL", "times", "今天断了八次", "今天断了八次"),
        ("TEL", "times", "three times this week", "three times"),
        ("TEL", "contract", "说我有靓号协议", "靓号协议"),
        ("TEL", "contract", "a 24-month contract", "24-month contract"),
        ("TEL", "reason_given", "理由是合约没到期", "合约没到期"),
        ("TEL", "reason_given", "they say my number is not eligible", "they say my number is not eligible"),
        ("TEL", "channel", "在营业厅被骂", "shop"),
        ("TEL", "channel", "I rang the helpline twice", "hotline"),
        ("TEL", "words", "她说“这你都不会”", "说“这你都不会”"),
        ("TEL", "words", "he said \"ask somebody else\"", "said \"ask somebody else\""),
        ("TEL", "sender", "自称贷款公司", "自称贷款公司"),
        ("TEL", "sender", "claiming to be customs", "claiming to be customs"),
        ("TEL", "frequency", "一天七八个", "一天七八个"),
        ("TEL", "frequency", "ten calls a day", "ten calls a day"),
        ("TEL", "sample", "短信说包裹扣了", "短信说包裹扣了"),
        ("TEL", "sample", "the text says my parcel is held", "text says my parcel is held"),
        ("TEL", "still_happening", "我挂了电话", "no"),
        ("TEL", "still_happening", "she is still on the phone with them", "yes"),
        ("TEL", "engineer", "马师傅没来", "马师傅"),
        ("TEL", "engineer", "the engineer called Marco never came", "engineer called Marco"),
        ("TEL", "vulnerable_person", "她一个人住", "alone"),
        ("TEL", "vulnerable_person", "my father lives alone", "alone"),
    ],
    "urban": [
        ("URB", "building", "3号楼没人扫", "3号楼"),
        ("URB", "building", "the lobby is filthy", "lobby"),
        ("URB-PRM-01", "service", "保洁半个月没来", "保洁"),
        ("URB-PRM-01", "service", "the cleaning is never done", "cleaning"),
        ("URB", "building_unit", "7号楼2单元电梯停了", "7号楼2单元"),
        ("URB", "building_unit", "it is block 7, flat 602", "block 7, flat 602"),
        ("URB", "facility", "门禁坏了", "门禁"),
        ("URB", "facility", "the intercom is dead", "intercom"),
        ("URB-PRM-01", "since", "坏了两个月没人修", "坏了两个月"),
        ("URB-PRM-01", "since", "like this since July", "since July"),
        ("URB-FAC-01", "people_affected", "孩子困在电梯里", "yes"),
        ("URB-FAC-01", "people_affected", "I'm trapped in the lift", "yes"),
        ("URB-FAC-02", "people_affected", "整栋八十户都这样", "八十户"),
        ("URB-FAC-02", "people_affected", "about twenty flats have it", "twenty flats"),
        ("URB", "fee", "乱收装修押金", "装修押金"),
        ("URB", "fee", "the maintenance charge went up", "maintenance charge"),
        ("URB", "notice", "没开过会就涨", "no"),
        ("URB", "notice", "raised without notice", "no"),
        ("URB", "vehicle", "一辆白色面包车堵着", "一辆白色面包车"),
        ("URB", "vehicle", "a white van blocks it", "white van"),
        ("URB", "time_of_day", "每天早上七点就敲", "每天早上七点就敲"),
        ("URB", "time_of_day", "every evening after work", "every evening"),
        ("URB", "repeat", "反映过三次了", "yes"),
        ("URB", "repeat", "I reported it twice", "yes"),
        ("URB", "source", "楼上的狗整夜叫", "楼上的狗"),
        ("URB", "source", "the neighbour's dog again", "neighbour's dog"),
        ("URB", "hazard", "井盖没了", "井盖没了"),
        ("URB", "hazard", "there is a sinkhole", "sinkhole"),
        ("URB", "size", "坑深约两米", "深约两米"),
        ("URB", "size", "it is knee-deep", "knee-deep"),
        ("URB-ROD-01", "accident", "昨天有人摔了", "yes"),
        ("URB-ROD-01", "accident", "nobody hurt so far", "no"),
        ("URB-ROD-04", "accident", "车熄火在水里", "yes"),
        ("URB-ROD-04", "accident", "a car stuck in the water", "yes"),
        ("URB", "evidence", "我拍了视频", "拍了视频"),
        ("URB", "evidence", "I have a video", "have a video"),
        ("URB", "vulnerable_person", "家里有孕妇", "ill"),
        ("URB", "vulnerable_person", "my baby coughs all night", "baby"),
    ],
}  # fmt: skip
ROWS = [(pack, *row) for pack, rows in SAID.items() for row in rows]


@pytest.fixture(scope="module")
def packs() -> Packs:
    return Packs.load(ROOT, list(SAID))


def _field(packs: Packs, code: str, key: str) -> Field:
    """The field ``key`` of the first category that begins with ``code`` and has it."""
    found = (packs.category(known).field(key) for known in packs.codes if known.startswith(code))
    return next(field for field in found if field is not None)


@pytest.mark.parametrize(("pack", "code", "key", "said", "wanted"), ROWS)
def test_a_cue_finds_what_was_volunteered(
    packs: Packs, pack: str, code: str, key: str, said: str, wanted: str
) -> None:
    field = _field(packs, code, key)
    found = field.cued(said)
    assert found is not None
    if field.choices:
        choice = field.choice_for(found.text)
        assert choice is not None
        assert choice.value == wanted
    else:
        assert found.text == wanted
        assert said[found.start : found.end].strip() == wanted


def test_every_field_with_cues_is_tried_in_both_languages(packs: Packs) -> None:
    """Every wording of the cues, for a category may have its own."""
    tried = {(_field(packs, code, key).cues, _HAN.search(said) is None) for _, code, key, said, _ in ROWS}
    shared = {"want"}
    missing = {
        (code, field.key, "en" if english else "zh")
        for code in packs.codes
        for field in (*packs.category(code).required, *packs.category(code).noted)
        for english in (True, False)
        if field.cues and field.key not in shared and (field.cues, english) not in tried
    }
    assert missing == set()


@pytest.mark.parametrize(
    ("code", "key", "said"),
    [
        ("ECM-SVC", "channel", "我在你们平台买东西十年了"),
        ("ECM-ACC-01", "account", "my account is hacked"),
        ("ECM-REF-02", "reason_given", "以前买过很多次，都没事"),
        ("ECM-SAF-02", "injury", "the charger burned my desk"),
        ("HSP-SAF-02", "police_called", "I don't know what to do"),
        ("FIN-CRE-01", "lender", "我去银行打的报告"),
        ("FIN-CRE-01", "deadline", "a loan on my card that I never took"),
        ("FIN-CRD-01", "merchant", "i order from this merchant every week"),
        ("TEL-INS-01", "engineer", "安装师傅又没来"),
        ("TEL-INS-01", "engineer", "the engineer never showed up"),
        ("URB-FAC-02", "building_unit", "the lift is dead again"),
        ("URB-ROD-01", "accident", "骑电动车差点摔倒"),
    ],
)  # fmt: skip
def test_a_cue_stays_silent_where_nothing_was_said(packs: Packs, code: str, key: str, said: str) -> None:
    assert _field(packs, code, key).cued(said) is None
