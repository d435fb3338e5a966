"""Whom it is about: authorities, companies, banks, property managers. Value: the words as said."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.chunks import left_edge
from understanding.details.context import Context
from understanding.fold import Folded
from understanding.model import Detail

_SUFFIX = re.compile(
    "(?<![一-鿿])(?:移动|联通|电信|平安|人寿|人保|太保)(?=给我|那[个边位]|的人|客服|说|业务员|把我|又|乱|偷偷|老是|$|,)|物业服务公司|物业管理公司|物业公司|物业(?!费|管理费|服务费|用房|纠纷|合同|服务(?!公司|中心))|自来水公司|燃气公司|煤气公司|热力公司|供热公司|电力公司|供电公司|供电局|供电所|电力局|电业局|水务局|水务公司|保险公司|快递公司|装修公司|房产公司|地产公司|公交公司|旅游公司|旅行社|有限公司|(?:水务|燃气|公交|热力|供水|供热|电力|建工|城投|地产|物业|旅游|交运|环卫|地铁|铁路|航空|医疗|教育|置业|置地|控股)集团(?:公司)?|公司"
    "|派出所|公安分局|公安局|税务局|教育局|民政局|人社局|社保局|医保局|卫健局|卫健委|住建局|房管局|规划局|交通局|环保局|生态环境局|市场监督管理局|市场监管局|工商局|城管局|执法局|执法队|应急局|消防队|信访局|司法局|劳动局|林业局|农业局|水利局|文旅局|气象局|邮局|邮政局|海关|监督局|管理局|税务所|工商所|房管所|分局|某局|委员会|街道办事处|街道办|办事处|居委会|村委会|业委会|管委会|教委|发改委|住建委|消保委|国资委|农委|安委会|残工委|自然资源局|退役军人(?:事务)?局|医保中心|市政(?:公司|处)|环卫(?:所|处|公司)|园林局|粮食局|审计局|统计局|烟草局|铁路局|房管中心|工信局"
    "|人民政府|区政府|市政府|镇政府|县政府|乡政府|法院|检察院|仲裁委|公证处|社保中心|医保中心|公积金中心|不动产登记中心|登记中心|人才中心|客服中心|呼叫中心|调解中心|急救中心|疾控中心|监管中心|交警队|交警大队|交警支队|交警(?![察官])|城管(?!局|队)|城管队|银行(?!卡|账|流水|柜|网|app|的?工作人员|贷)|农商行|信用社|(?<![施手分职员务])工行(?!不行|[驶动走])|农行|建行|中行|交行|招行|邮储|中介(?!费)|开发商|施工队|施工方|中国移动|中国联通|中国电信|移动公司|联通公司|电信公司|国家电网|南方电网|国网|美团|饿了么|淘宝|拼多多|抖音|滴滴|(?:顺丰|圆通|中通|申通|韵达|极兔|京东)(?:快递|速递|速运|物流)?|携程|支付宝|微信支付|(?:中国)?(?:平安|太平洋|人寿|太平|泰康|新华|阳光|大地|众安)(?:保险|人寿|财险|产险)|人保财险|中国人保|(?:星巴克|肯德基|麦当劳|瑞幸|海底捞|必胜客|盒马|永辉|沃尔玛|山姆|苏宁|国美|唯品会|天猫|闲鱼|小红书|快手|高德|哈啰|曹操出行|t3出行|去哪儿(?=网|平台|客服|旅行)|飞猪|链家|贝壳|自如|顺电|格力|海尔|美的|华为|小米|邮政(?!储蓄|编码))(?:公司|客服|售后|平台)?|中国邮政|医保办|教务处|招生办|信访办|拆迁办|残联|妇联|工会|红十字会|消协|消费者协会|殡葬所|供销社"
)
_ENOUGH = re.compile(
    "移动|联通|电信|平安|人寿|人保|太保|.*集团(?:公司)?|住建委|消保委|国资委|农委|自然资源局|退役军人.*|市政.*|环卫.*|园林局|烟草局|铁路局|(?:中国)?(?:平安|太平洋|人寿|太平|泰康|新华|阳光|大地|众安)(?:保险|人寿|财险|产险)|人保财险|(?:星巴克|肯德基|麦当劳|瑞幸|海底捞|必胜客|盒马|永辉|沃尔玛|山姆|苏宁|国美|唯品会|天猫|闲鱼|小红书|快手|高德|哈啰|曹操出行|t3出行|去哪儿|飞猪|链家|贝壳|自如|顺电|格力|海尔|美的|华为|小米|邮政).*|医保办|教务处|招生办|信访办|拆迁办|残联|妇联|工会|红十字会|消协|消费者协会|供销社|(?:顺丰|圆通|中通|申通|韵达|极兔|京东).*|物业(?:服务|管理)?(?:公司)?|自来水公司|燃气公司|煤气公司|热力公司|供热公司|电力公司|供电.*|电力局|电业局|水务.*|保险公司|快递公司|装修公司|公交公司|旅行社|派出所|公安局|税务局|教育局|民政局|人社局|社保局|医保局|卫健.*|住建局|房管.*|规划局|交通局|环保局|生态环境局|市场监督管理局|市场监管局|工商.*|城管.*|执法.*|信访局|司法局|邮局|海关|街道办.*|居委会|村委会|业委会|管委会|人民政府|.政府|法院|检察院|公证处|.*中心|交警.*|消防队|农商行|信用社|[工农建中交招]行|邮储|中介(?!费)|开发商|施工队|施工方|中国.*|.*电网|国网|移动公司|联通公司|电信公司|美团|饿了么|淘宝|京东|拼多多|抖音|滴滴|顺丰|圆通|中通|申通|韵达|极兔|携程|支付宝|微信支付"
)
_WHOLE = re.compile(
    "(?:中国)?(?:平安|太平洋|人寿|太平|泰康|新华|阳光|大地|众安)(?:保险|人寿|财险|产险)|人保财险|(?:星巴克|肯德基|麦当劳|瑞幸|海底捞|必胜客|盒马|永辉|沃尔玛|山姆|苏宁|国美|唯品会|天猫|闲鱼|小红书|快手|高德|哈啰|曹操出行|t3出行|去哪儿|飞猪|链家|贝壳|自如|顺电|格力|海尔|美的|华为|小米|邮政).*|残联|妇联|消协|消费者协会|红十字会|.*办|工会|教务处|(?:顺丰|圆通|中通|申通|韵达|极兔|京东).*|中国.*|.*电网|国网|[工农建中交招]行|邮储|美团|饿了么|淘宝|京东|拼多多|抖音|滴滴|顺丰|圆通|中通|申通|韵达|极兔|携程|支付宝|微信支付|开发商|中介|施工."
)
_NOT = re.compile(
    r"贵物业|且物业|次物业|(?:分|总|子|母|本|贵|大|小|皮包|黑|家|同|外|私|国有|你们?)?公司|(?:手机|网上|中国的?|各大|血|电子)?银行|(?:某|有关)局|(?:结|当|时|定|全|残|僵|布|饭|骗)局"
)
_EN_TYPES = r"Bank|Council|Ltd|Limited|Inc|LLC|Company|Corporation|Energy|Water|Gas|Electric|Power|Airlines|Airways|Insurance|Telecom|Mobile|Broadband|Department|Office|Agency|Authority|Police|Association|Society|Group|Services|Ministry|(?<=Crown )Court|(?<=County )Court|(?<=High )Court|(?<=Magistrates )Court|(?<=Supreme )Court|(?<=District )Court|(?<=Family )Court|Trust|Housing|Properties|Management|Couriers|Logistics|Express|Bureau|Commission|Rail|Railways|Trains|Utilities|Mail|Post|Parcelforce"
_EN = re.compile(
    rf"(?<![A-Za-z])(?:[A-Z][A-Za-z&'-]{{1,20}} (?:(?:of|and|&|the) )?){{1,4}}(?:{_EN_TYPES})(?: of (?:the )?[A-Z][A-Za-z]+)?(?![A-Za-z])|(?<![A-Za-z])(?:Ministry|Department|Office|Bank|Bureau|Board) of (?:the )?[A-Z][A-Za-z]+(?: (?:and |& )?[A-Z][A-Za-z]+){{0,3}}"
)
_EN_PLAIN = re.compile(
    r"(?<![a-z])(?:(?:the |our |my |your )|(?=electricity board|water board|gas agency|municipal corporation|municipality|(?:city|town|county|district|local) council))(?:(?:local|city|district|county|town|borough) )?(?:council|water company|gas company|power company|electric(?:ity)? company|electricity board|water board|gas agency|municipal corporation|municipality|energy supplier|energy company|housing association|property management(?: company)?|management company|managing agents?|letting agents?|estate agents?|landlord|insurance company|insurers?|phone company|internet provider|courier(?: company)?|delivery company|bus company|train company|rail company|airline|bank|police|tax office|passport office|immigration (?:office|bureau)|registry office|job ?centre|post office|social security office|school board|travel agency|university|hotel chain|developer|contractors?|building society|(?:energy|gas|water|power|electricity|electric|heating|broadband|internet|wi-?fi|phone|mobile|tv|cable|parking|cab|taxi|bus|coach|train|rail|tram|ferry|delivery|parcel|courier|insurance|removals?|cleaning|security|letting|lettings|leisure|waste|refuse|recycling|bin|repairs?|maintenance|mortgage|loan|credit card|finance|holiday|travel|housing|health|care|removal|building|roofing|scaffolding|storage|catering|water and sewage) (?:provider|company|supplier|operator|firm|board|agency|authority|trust|contractor|network|department|office(?<!housing office))|(?:nhs|hospital|school|academy|leisure|housing) trust|broadband people|gas board|utility(?: company|(?! pole| phone| office| room| bill))|health board|trading standards|city hall(?= (?:said|told|wo|does|never|is))|department store|supermarket chain|gym chain)(?![a-z])"
)
#: Names that need no suffix. Short ones only in capitals.
_EN_BRANDS = re.compile(
    r"(?<![A-Za-z0-9@.])(?:DVLA|HMRC|DWP|NHS(?! [Nn](?:umber|o\b))|TfL|TFL|BT|EE|O2|HSBC|RBS|TSB|UPS|USPS|DHL|DPD|DMV(?! on)|IRS|FBI|AT&T|SBI|HDFC|ICICI|IRCTC|BSNL|BESCOM|LIC|EPFO|RTO|MTA|PG&E|SSE|EDF|E\.ON|KFC|MTR|HKBN|NEA|HDB|LTA|SP Group|ICBC|CCB|ABC Bank)(?![A-Za-z0-9@])"
)
_EN_BRANDS_ANY = re.compile(
    r"(?<![a-z0-9@.])(?:amazon|ebay|vodafone|virgin media|talktalk|british gas|british airways|thames water|scottish power|octopus energy|ovo energy|severn trent|yorkshire water|royal mail|evri|hermes|parcelforce|fedex|uber(?: eats)?|lyft|deliveroo|just eat|airbnb|booking\.com|expedia|ryanair|easyjet|jet2|tesco|asda|sainsbury'?s|morrisons|aldi|lidl|argos|currys|ikea|john lewis|barclays(?: bank)?|lloyds(?: bank)?|natwest|santander|nationwide|halifax|monzo|revolut|paypal|comcast|xfinity|verizon|t-mobile|walmart|home depot|best buy|airtel|jio|flipkart|swiggy|zomato|ola cabs|paytm|phonepe|indigo|air india|grab|singtel|foodpanda|taobao|jd\.com|meituan|didi|alipay|wechat pay|china (?:mobile|unicom|telecom)|state grid|mcdonald'?s|starbucks|greggs|costa coffee)(?![a-z0-9])"
)
_EN_LEAD = re.compile(
    r"^(?:The|At|In|On|From|To|My|Our|Your|When|And|But|I|We|Dear|Hello|Hi|Both|Is|Are|Why|Since|After) "
)


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Organisations in order of appearance, Chinese first."""
    text, floor = folded.text, 0
    for match in _SUFFIX.finditer(text) if folded.chinese else ():
        whole = _WHOLE.fullmatch(match[0])
        start = match.start() if whole else left_edge(text, match.start(), floor)
        start += 2 if re.match("[一二两三四五六七八九十几]家", text[start : match.start()]) else 0
        said = text[start : match.end()]
        if (start == match.start() and not _ENOUGH.fullmatch(match[0])) or _NOT.fullmatch(said):
            continue
        floor = match.end()
        yield _organisation(folded, start, match.end())
    for match in _EN.finditer(folded.cased):
        lead = _EN_LEAD.match(match[0])
        start = match.start() + (lead.end() if lead else 0)
        if " " in folded.cased[start : match.end()]:
            yield _organisation(folded, start, match.end())
    for match in (*_EN_BRANDS.finditer(folded.cased), *_EN_BRANDS_ANY.finditer(text)):
        yield _organisation(folded, match.start(), match.end())
    for match in _EN_PLAIN.finditer(text):
        article = re.match(r"(?:the|our|my|your) ", match[0])
        start = match.start() + (article.end() if article else 0)
        yield folded.detail("organisation", folded.said(start, match.end()), start, match.end(), 0.7)


def _organisation(folded: Folded, start: int, end: int) -> Detail:
    return folded.detail("organisation", folded.said(start, end), start, end, 0.9)
