"""What business the person was doing ("办身份证", "renew my passport"). Value: the phrase as said."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.context import Context
from understanding.fold import Folded
from understanding.model import Detail

_OBJECT = "身份证|临时身份证|护照|户口本|户口|户籍|落户|居住证|暂住证|社保卡|社保|医保卡|医保|公积金|营业执照|食品经营许可证|经营许可证|许可证|执照|驾驶证|驾照|行驶证|房产证|不动产权证|不动产证|房本|土地证|结婚证|结婚登记|离婚证|离婚|准生证|生育登记|生育津贴|出生证明|出生证|出生登记|死亡证明|残疾证|老年证|老年卡|优待证|退休手续|退休|低保|签证|港澳通行证|通行证|回乡证|无犯罪证明|无犯罪记录证明|居住证明|收入证明|证明|公证书?|学籍|转学|入学|入园|报名|学位|发票|税务登记|个税|房贷|贷款|按揭|信用卡|银行卡|储蓄卡|宽带|套餐|手机卡|电话卡|号码|养老保险|养老金|失业金|失业保险|工伤认定|工伤|医疗报销|异地备案|异地就医|电表|水表|燃气|用电|报装|增容|车牌|牌照|年审|过户手续|手续|档案|职称|廉租房|公租房|公积金贷款|社保转移|积分|会员卡|保险|保单|退保|理赔|停车卡|门禁卡|证件|医药费|医疗费|生育险|丧葬费|高龄补贴|高龄津贴|养老认证|户籍证明|学区|选号|暂停报停|税控|税票|林权证|宅基地|建房审批|规划许可|施工许可|残疾补贴|救助金|助学金|奖学金|证"
_VERB = r"(?:补办|新办|代办|办理|办了?|申办|申请|申领|补领|换领|换|补|领取?|领|拿|打印|打|开具|开|注销|变更|更改|修改|迁移?|迁|转|续签|续办|续|签|交|缴纳?|缴|提取|取|挂失|激活|上|登记|注册|审批|备案|报销|年检|年审|考)"
_DEED = "年检|年审|过户|变更|注销|挂失|登记|备案|提取|转移|补缴|报销|激活|迁移|续签|换证|补办|审批|认证|公证|报装|开户|销户|增容|落户|缴费|签注|手续|贷款|申请|转入|转出|预约"
_ZH = re.compile(
    rf"(?<!不)(?:{_VERB})(?:理|个|一下|一个|一张|一份|张|份|我的?|孩子的?|小孩的?|宝宝的?|老人的?|我妈的?|我爸的?|新的?|的|孩子|小孩|房子的?|车子的?|公司的?|店里的?|二手房|二手车|新生儿|异地|电子|个体户?|个人|临时|企业|住房|商铺)*(?:{_OBJECT})(?:的?(?:{_DEED})){{0,2}}"
    rf"|(?:办理|办了?|做|申请)?(?:{_OBJECT}|房产|房子|二手房|车辆|二手车|汽车|公司|店铺|户头|银行账户|存折|抚养权)(?:的)?(?:{_DEED}){{1,2}}"
    r"|(?:上|迁|落|转|分|销)户口|(?:办|做|去|弄|来|想|要|没|能)(?:理|了|个|一下)?(?P<lone>过户|年检|年审|落户|公证|开户|销户|挂失|退休|退税|转学|入学报名|结婚登记|离婚登记|贷款|签证)"
)
_NOT_ZH = re.compile(
    r"^(?:打电话|开证据|换号码|打号码|查号码|取号码|领证据|拿证据|交保险|上证|打证|取证(?!明)|考证|查证|签证|开发票(?=[一-鿿]?不))$"
)
_EN_VERB = r"(?:renew(?:ing|ed)?|apply(?:ing)? for|applied for|register(?:ing|ed)?|get(?:ting)?|collect(?:ing|ed)?|pick(?:ing)? up|replac(?:e|ing)|chang(?:e|ing)|updat(?:e|ing)|transfer(?:ring)?|open(?:ing)?|clos(?:e|ing)|cancel(?:ling)?|pay(?:ing)?|claim(?:ing)?|extend(?:ing)?|fil(?:e|ing)|port(?:ing)?|switch(?:ing)?|sort(?:ing)? out|hand(?:ing)? in|report(?:ing)?|set(?:ting)? up|book(?:ing)?|activat(?:e|ing)|submit(?:ting)?|certif(?:y|ying)|notaris(?:e|ing)|exchang(?:e|ing)|return(?:ing)?)"
_EN_OBJECT = r"passports?|driving licen[cs]e|driver'?s licen[cs]e|licen[cs]e|birth(?: certificate)?|births?|marriage(?: certificate)?|death(?: certificate)?|visa|residence permit|work permit|permit|id card|identity card|national insurance number|social security(?: card)?|council tax(?! (?:reduction|rebate|discount))|tax return|tax disc|taxes|business licen[cs]e|company|bank account|account|mortgage|loan|credit card|debit card|sim(?: card)?|number|broadband|contract|tariff|blue badge|bus pass|parking permit|planning application|benefits?|universal credit|pension|housing benefit|school place|prescription|medical records|insurance claim|claim|policy|deed|deeds|ownership|title|vehicle|car registration|electoral roll|residency|citizenship|certificate|refund form|change of address|name change|address|boarding pass|check-?in|meter|ration card|voter id(?: card)?|pan card|aadhaar(?: card)?|(?:gas|electricity|water|power|new) connection|(?:disability|attendance|carer's|jobseeker's|housing) allowance|pip|council tax (?:reduction|rebate|discount)|tax (?:refund|code|credit)|green card|work visa|school admission|admission|allotment|probate|will|lease|tenancy|deposit scheme|season ticket|railcard|library card|vaccination|vaccine|appointment"
_EN = re.compile(
    rf"(?<![a-z]){_EN_VERB} (?:(?:my|our|a|an|the|his|her|their|for|new|baby's|daughter's|son's|mother's|father's|mum's|dad's|wife's|husband's|child's|late|lost|old|first|small|year's|this) ?){{0,4}}(?:{_EN_OBJECT})(?![a-z])(?: (?:renewal|registration|application|transfer|over|online))?"
)
_DOING = re.compile(
    r"(?:to|was|for|been|went|trying|tried|come|came|want(?:ed)?|about|while|when|after|and|i|we|just|am|need(?:ed)?|help|of|in|at|by|with|couldn't|can't|could not|cannot)[ ]$"
)


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Matters in order of appearance, Chinese first."""
    for match in _ZH.finditer(folded.text):
        start = match.start("lone") if match["lone"] else match.start()
        if not _NOT_ZH.fullmatch(folded.text[start : match.end()]):
            yield folded.detail("matter", folded.said(start, match.end()), start, match.end(), 0.8)
    for match in _EN.finditer(folded.text):
        if match[0] == "claim number":
            continue
        if match.start() == 0 or _DOING.search(folded.text, max(0, match.start() - 9), match.start()):
            yield folded.detail(
                "matter", folded.said(match.start(), match.end()), match.start(), match.end(), 0.8
            )
