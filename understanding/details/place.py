"""Where it was: addresses, districts, roads, buildings, rooms, halls, shops, schools, hospitals.

Value: the words as said. Nothing is completed: 鼓楼区 does not become the Gulou of any city.
"""
# ruff: noqa: E501, SIM905 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.chunks import left_edge
from understanding.details.context import Context
from understanding.fold import Folded
from understanding.model import Detail

#: Suffixes that make a place of what stands before them.
_NAMED = (
    "候车大厅|办事处大厅|客运中心|换乘中心|体育中心|文化中心|活动中心|会展中心|物流中心|税务大厅|车管大厅|书店|菜场|口岸|绿道|步道|健身步道|城隍庙|文化宫|少年宫|展览馆|售楼部|美食街|物流园|快递点|自提点|卫生服务站|警务室|活动室|车棚|垃圾房|垃圾站|岗亭|传达室|游乐场|游乐园|儿童乐园|乐园|售票厅|售票大厅|取票处|检票厅|动物园|植物园|公墓|山庄|雅居|名城|新城(?!区)|豪庭|华府|嘉园|佳园|(?<=[一-鿿])(?<!桥)桥(?=下|上|头|洞|底)|寺(?!庙)|湾(?=$|[,。的站口]|大厅)|站(?=[a-d]?[0-9]?出?口)|市民中心|政务服务中心|行政服务中心|便民服务中心|政务中心|政务大厅|办事大厅|服务大厅|办证大厅|出入境大厅|办税厅|办税服务厅|营业厅|营业部|候车厅|候机楼|航站楼|服务区|售楼处|售票处"
    "|党群服务中心|社区服务中心|卫生服务中心|卫生院|卫生所|人民医院|中医院|医院|诊所|门诊部|门诊|急诊科?|门诊楼|住院楼|家属院|家属区|宿舍(?!楼|管)|大院(?=[0-9一二三四五六七八九十]|$|[,。])|住院部|急诊楼|教学楼|宿舍楼|幼儿园|小学|中学|高中|大学|学院|学校|分校|校区|图书馆|体育馆|体育场|游泳馆|博物馆|健身房|培训班"
    "|菜市场|农贸市场|批发市场|夜市|市场(?!监|价|局)|超市|商场|商城|购物中心|百货|大药房|药店|药房|便利店|奶茶店|火锅店|饭店|餐厅|餐馆|酒楼|酒店|宾馆|旅馆|民宿|客栈|酒吧|咖啡厅|网吧|理发店|4s店|专卖店|门店|分店|总店|驿站|菜鸟驿站"
    "|小区|花园(?!里)|家园|花苑|公寓|新村|别墅|大厦|大楼|写字楼|广场(?!舞)|公园|苑|科技园|产业园|工业园|园区|开发区|高新区|新区|景区|商业街|步行街|停车场|地下车库|车库|充电站|充电桩|加油站|变电站|配电房|垃圾站|工地|养老院|敬老院|福利院"
    "|银泰城?|万达|吾悦|天街|大悦城|万象城|印象城|购物城|世纪联华|大润发|永辉|沃尔玛|建材城|美食城|商贸城|奥特莱斯|邮政储蓄|储蓄所|公租房|安置房|地铁[0-9一二三四五六七八九十]{1,2}号线|火车东站|火车西站|火车南站|火车北站|[东西南北]站(?![着队])|地铁口|(?<=[路门桥街园道场湖山])站(?![着在了起点长队岗])|站(?=安检|候车|检票|售票|进站|出站|出口|入口|[东西南北]广场|工作人员)|里(?=[0-9一二三四五六七八九十]{1,3}(?:栋|幢|号|区|弄|单元))|火车站|高铁站|汽车站|客运站|地铁站|公交站|公交站台|车站|机场|码头|收费站|立交桥|天桥|大桥|高架桥?|隧道|支行|分行|网点|分理处|车管所|看守所|殡仪馆|自然村|行政村|城中村|水库|河道|河边|电影院|影城|棋牌室|ktv"
)
_ADMIN = "(?<=[一-鿿]{2})邨|大队(?![长部])|生产队|自治区|自治州|省|市(?![民场区面政里内值容井委])|区(?![别分块域间])|县|镇|乡(?![下亲])|街道(?!办|办事处)|社区|村(?![民委])|屯"
_ROAD = "大道|(?<![知管轨人街频渠味报说难走过通隧车水跑赛步绿河下地航公国省县铁厚门首])道(?=$|[,。!? 0-9]|口|上)|大街|中路|东路|西路|南路|北路|路(?![上过边灯费面由线径程人口况基障牌])|街(?![道坊上头边])|胡同|巷(?!子)|弄(?=[0-9])|高速公路|高速|(?<=路)[一二三四五六七八九]段|环线|国道|省道|路(?=[0-9一二三四五六七八九十])|路(?=路?口)|路(?=上)|巷子|街(?=上|口)|路(?=边)|路(?=灯)|路(?=面)|道(?=[0-9一二三四五六七八九]{1,4}号)"
_N = r"(?:[a-z]?[0-9]{1,4}[a-z]?|[零〇一二三四五六七八九十百甲乙丙丁]{1,4}|[a-z])"
_NUMBERED = re.compile(
    rf"(?<![0-9a-z第年月])(?:{_N}(?:-[0-9]{{1,4}}){{0,4}}\s?(?:号楼|号院|号门(?!口)|号线|号车厢|期|栋|幢|座|单元|室|房间|号房|房(?!子|价|产|东|管|租)|层(?!次|面|级|皮)|楼(?!梯|道|下|上|盘|市|房|板|宇|主)|门(?=[0-9])|弄|组(?!织|长|成)|排|队|号(?!码|窗|柜|线|召|称|台|诊|服|厅|员))[,-]?){{1,6}}(?:[0-9]{{2,4}}(?:室|房)?(?![0-9年月日点:]))?"
)
_BUILDING = re.compile("[栋幢座]|号楼|号院")
#: "建设局三楼": the floor of a house that is no place by its own name.
_HOUSED = re.compile("[局院所司馆店厅社处厂]$")
_BEFORE_NAME = re.compile(r"(?:住在?|家在|在|是|到|去|的|给|报修|位于)$")
_NO_ESTATE = re.compile(
    r"小区|我家|电梯|单元|投诉|业主|邻居|物业|我们|你们|地址|楼道|停水|停电|[0-9]|路$|街$|区$|村$|园$"
)
_BARE_ROOM = re.compile(
    r"[ -]?[0-9]{1,3}(?:-[0-9]{1,4}){1,3}(?:室|号)?|[0-9]{3,4}(?:室)?(?![0-9年月日点元块个:])"
)
_HOME_NUMBER = re.compile(
    r"(?:我家|家在|家住|住在?|住址是?|门牌号?是?|房号是?|地址是?)\s?:?(?P<place>[0-9]{1,3}(?:-[0-9]{1,4}){1,3})(?![0-9-]|号[线])"
)
#: Lines, buses and trunk roads by their number, where something happened on them.
_LINES = re.compile(
    r"(?:地铁|轨道交通|轻轨)?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})号线(?:地铁|列车|车厢|站台)?(?=上|里|车厢|$|[,。!?的]|司机|安检|扶梯|太|又|停运|晚点)|(?<!坐)(?<![0-9a-z])[0-9]{1,3}路(?:公交车?|巴士|大巴|车)(?!站)|(?:国道|省道|县道|乡道)[gsxy]?[0-9]{1,4}|(?<![a-z0-9])[gs][0-9]{1,4}(?:[一-鿿]{0,4}高速|国道|省道)"
)
#: "派出所门口": an unnamed house with the exact spot.
_SPOT = re.compile(
    r"(?:校|厂|院|店)门口(?:的十字路口)?|(?<![一-鿿])(?:[一二三四五六七八九十]{1,2}中|[一二三四五六七八九十]{1,2}小)(?:门口|对面|旁边|食堂|操场)|(?:[镇区市县乡]政府|派出所|学校|医院|银行|超市|工厂|幼儿园|小区|饭店|菜市场|车站|村委会|居委会|社区|商场|酒店|公园|药店|食堂|工地|单位|地铁站)(?:的)?(?:大?门口|正门|后门|大门口?|侧门|斜?对面|旁边|隔壁|楼下|院内|院子里|[东西南北]门|食堂|操场|大厅|[一二三四五六七八九]楼|[0-9]{1,2}楼)"
)
#: "朝晖路的世纪联华" is one place.
_ROADS_THERE = re.compile(r"(?:路|街|大道|镇|商场|广场)$")
_ONLY_NUMBER = re.compile(
    r"(?:[0-9a-z]{1,5}|[零〇一二三四五六七八九十百甲乙丙丁]{1,4})(?:号|组|排|队|期|座|房|号线|弄|号门)[,-]?"
)
_SUFFIX = re.compile(f"(?P<named>{_NAMED})|(?P<road>{_ROAD})|(?P<admin>{_ADMIN})")
#: Said alone, these are places enough.
_ENOUGH = re.compile(
    "市民中心|(?:政务|行政|便民|社区|党群).*中心|.*大厅|办税.*厅|营业厅|营业部|售楼处|急诊科?|卫生院|卫生所|[东西南北]站|地铁.*号线|火车[东西南北]?站|高铁站|汽车站|客运站|航站楼|候车厅|地下车库|停车场|菜市场|农贸市场|车管所|人民医院|中医院|.*步行街|银泰城?|万达(?:广场)?|吾悦(?:广场)?|大悦城|万象城|印象城|世纪联华|大润发|永辉(?:超市)?|沃尔玛|客运中心|税务大厅|城隍庙|菜场|火车站|体育中心|会展中心|动物园|植物园|少年宫|文化宫|菜鸟驿站"
)
#: Words that end like a place and are none.
_NOT_PLACES = re.compile(
    r"(?:.*(?:原|绕|错|岔|迷)路|.*段路|.*小区路|扑街|驻村|学区|[一两几]道|休息区|等?候区|一层一层|[一-鿿]{0,3}(?:夜|雪|坏|水泥|柏油|石子|岔|窄|烂|马)[路街巷]|[老新旧小弯土线][路街巷]子?|(?:老|写|旧|新|该|咱|俺|整个|一个|个|好|高档)小区|(?:俺|咱|各|个)(?:村|区|县|镇|市|小区)|.*(?:躺|送|住|跑|上)医院|催催街道|一?条[街路巷]|(?:[一-鿿]?(?:走|一|网|线|铁|公|马|道|修|让|思|电|带|问|领|半|后|赶|条|堵|退|出|销|陌|销|回|套|死|活|绕|上|下|顺|同)路|[一-鿿]?(?:逛|上|扫|沿)街|(?:超|城|门|上|股|楼|夜|全|本|我|外|地级|直辖)市|(?:地|市|城|郊|山|片|辖|本|小|全|灾|社|校|园|景|厂|库|各|误|禁|盲|外|农|老城)区|(?:农|全|本|我|外)村|全省|本省|外省|各省|全县|本县|家乡|老乡|城乡|回乡|下乡|节省|本社区|本小区"
    r"|[上大放学转读][上学](?:小学|中学|大学|幼儿园)?|(?:上|读|念|转|考)?(?:小学|中学|大学|高中|学校|幼儿园)|网上营业厅|(?:[一二三四五]|几)星级酒店))"
)
_CROSSING = re.compile(
    r"(?:和|与|跟|、|/)(?=[一-鿿]{1,8}?(?:路|街|道|巷)(?:的)?(?:交叉口|交口|路口|交汇处?|交界处?|十字路口|拐角))"
)
_AFTER = re.compile(
    r"(?:[东西南北](?:侧|面)?出口|[0-9一二三四五六a-d]号?口|交界处?|斜对面|正对面|对过|到达层|出发层|(?<=高速)[一-鿿]{2}段|(?<=[楼层])(?:(?![的那个半很都是])[一-鿿]){1,4}(?:室|处|厅|台)(?![一-鿿]?[里的]?[人]员)|大厅|下面|期门口|出站口|进站口|安检口|检票口|收费口|匝道口?|[丁三]字?(?:路|岔)口|十字(?:路口)?(?=那|[,。的]|$)|红绿灯(?=那|处|口)|楼前|楼后|楼顶|顶层|走廊|过道|里面(?=的)|门岗|(?<=[0-9一二三四五六七八九十]楼)(?:大厅|阅览室|卫生间|厕所|走廊|平台|食堂|会议室)|桥头|附近|旁边?的?|对面|门口|楼下|路口|交叉口|交口|北侧|南侧|东侧|西侧|[东南西北]门(?!口?卫)|大门口?|地下车库|地下室|楼道|天台|顶楼|电梯口|[东西南北]头|[东西南北]面|[东西南北]边|院内|门前|桥下|桥头|交汇处|十字路口|拐角|(?<=路)口|村口|小区门口|一带|出口|入口|[abcd][0-9]?口|广场(?!舞)|站台)+"
)
_GAP = re.compile(r"[ ,]?")

_EN_STREET = r"street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|way|terrace|square|crescent|gardens?|grove|villas?|heights|mansions?|boulevard|blvd|mews|highway|parade|quay|roundabout"
_EN_SITE = (
    r"hospital|surgery|clinic|pharmacy|school|college|university|nursery|library|station|mall|market|airport|terminal|supermarket|store|shop|restaurant|cafe|café|pub|hotel|inn|hostel|motel|bridge|estate|park|hall"
    r"|town hall|city hall|civic centre|civic center|community centre|community center|health centre|health center|leisure centre|leisure center|medical centre|medical center|shopping centre|shopping center|sports centre|sports center|service centre|service center|visitor centre|visitor center|tax centre|tax center|service hall|centre|center|tower|towers|house|building|village|district|borough|county|branch|plaza|garage|car park|parking lot|job centre|jobcentre|post office|apartments|residence|residences|compound|gym|stadium|church|bus stop|roundabout|underpass|junction|offices|playground|play area|pool|swimming pool|depot|recycling centre|crossing|subway|tunnel|canal|towpath|alley|cemetery|bus station|train station|tube station|allotments|marina|harbour|pier|beach|castle|cathedral|temple|mosque|museum|infirmary|academy|medical practice|primary school|high school|business centre|trading estate|theatre|cinema|food bank|cross"
)
_UNIT = r"(?:ward|stairwell|stairway|exit|entrance|bay|carriage|coach|stand|zone|aisle|wing|pitch|line|flat|apartment|apt|unit|room|rm|suite|block|blk|building|bldg|tower|floor|terminal|gate|platform|level|lot|house|plot|door)(?: no\.?| number)?(?:\.? ?#?(?:[a-z]?-?[0-9]{1,5}(?:[-/]?[a-z])?)|\.? [a-h])(?![a-z0-9])"
_FLOOR = r"(?:the )?(?:[0-9]{1,2}(?:st|nd|rd|th)|ground|first|second|third|fourth|fifth|sixth|top) floor"
_EN_NUMBERED = re.compile(
    rf"(?<![a-z0-9])(?:(?:{_UNIT}|{_FLOOR})(?:,? (?:of |in )?(?:the )?)?){{0,3}}[0-9]{{1,5}}[a-z]?(?:-[0-9]{{1,4}})?,? (?:[a-z'.]{{2,15}} ){{1,3}}?(?:{_EN_STREET})(?![a-z])\.?(?:,? (?:{_UNIT}))?"
)
_EN_UNIT = re.compile(rf"(?<![a-z0-9])(?:{_UNIT}|{_FLOOR})(?:,? (?:of |in )?(?:{_UNIT}|{_FLOOR})){{0,3}}")
_EN_NAMED = re.compile(
    rf"(?<![A-Za-z])(?:(?:[A-Z][a-zA-Z'’.]{{1,20}}|[0-9]{{1,3}}(?:st|nd|rd|th)|of|the|and|&|de|St\.?) ){{0,4}}(?:[A-Z][a-zA-Z'’.]{{1,20}}|[0-9]{{1,3}}(?:st|nd|rd|th)) (?:{'|'.join(w.title() for w in (_EN_STREET + '|' + _EN_SITE).split('|'))}|{_EN_STREET}|{_EN_SITE})(?![A-Za-z])(?! (?:of|manager|staff))"
)
_EN_AFTER_PREPOSITION = re.compile(
    rf"(?<![a-z])(?:at|in|on|near|outside|inside|opposite|behind|from|to|by) (?P<place>(?:the |your |our |my )?(?:[a-z0-9'&-]{{2,15}} ){{1,3}}?(?:{_EN_STREET}|{_EN_SITE}))(?![a-z])"
)
#: Lines, buses and roads by name or number.
_EN_LINES = re.compile(
    r"(?<![A-Za-z0-9一-鿿])(?:(?:the )?(?:[Nn]umber |[Nn]o\.? ?)?[0-9]{1,3}[A-Za-z]? (?:bus|tram)(?! stop)(?![A-Za-z])|(?:[Tt]he )?(?!(?:Phone|Help|Power|Water|Gas|Customer|Hot|Your|The|My|Our|This|That|Bottom|Dead|Direct|Care|Land|In|On|At) )[A-Z][a-z]+ (?:[Ll]ine|[Bb]ranch line)(?![A-Za-z])|(?:the )?[ABM][0-9]{1,4}(?:\(M\))?(?![A-Za-z0-9一-鿿-])|(?:Interstate|Route|Highway|I)[ -][0-9]{1,3}(?![0-9]))"
)
#: Houses that every town has one of.
_EN_TOWN = re.compile(
    r"(?<![a-z])the (?:high street|town centre|city centre|main road|main street|village hall|town hall|city hall|community centre|leisure centre|health centre|medical centre|council offices?|civic centre|bus station|train station|railway station|police station|post office|swimming pool|recycling centre|job ?centre|car park|ring road|seafront|market square|market place|town square|sports centre|retail park|industrial estate|shopping centre|walk-in centre|registry office|housing office|benefits office|tax office|passport office)(?![a-z])"
)
#: "in Little Marston", "near Newbury".
_EN_TOWNS = re.compile(
    r"(?<![A-Za-z])(?:in|near|outside|around|opposite|behind|at|top of|bottom of|foot of|end of|village of|town of|city of|via|through) (?P<place>[A-Z][a-z]{2,14}(?:(?: |-)(?:upon |on |under |le |the )?[A-Z][a-z]{2,14}){0,2})(?![A-Za-z'])(?! (?:[0-9]|at (?:the|[0-9])|[A-Z][a-z]+'s))"
)
_NO_TOWN = frozenset(
    "russian tamil japanese korean arabic portuguese italian turkish punjabi gujarati malay vietnamese thai dutch greek latin braille made pounds dollars monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december christmas easter english chinese welsh spanish french german polish hindi urdu bengali cantonese mandarin whatsapp facebook instagram twitter google teams zoom word excel pdf spring summer autumn winter diwali ramadan eid god person writing bank mum dad customer customers house hospital court".split()
)
#: What may stand in front of a street: "the Jobcentre on Duke Street", "church hall on Green Lane".
_EN_HEAD = re.compile(
    rf"(?:(?:[Tt]he |a )?(?:(?:[A-Z][\w'&-]+|bus|church|village|swimming|car|petrol|primary|secondary|medical|health|leisure|job|post|town|community|charity|corner|chip|betting) ){{0,2}}(?:[A-Z][\w'&-]+|{_EN_SITE}|shop|lights|flats|works|estate|surgery|stop|alley|lane|path|steps|stairs|bins|yard)) (?:on|in|at|off|of|by|behind|opposite|outside|beside|next to) (?:the )?$"
)
_EN_END_OF = re.compile(
    r"(?<![A-Za-z])(?:[Tt]he )?(?:end|top|bottom|foot|corner|entrance|back|front|side|middle) (?:of|to) (?:the )?$"
)
_EN_ALONE = re.compile(rf"(?:[a-z0-9'&-]+ ){{1,4}}(?:{_EN_STREET}|{_EN_SITE})\.?")
_EN_LEAD = re.compile(
    r"^(?:The|They|You|He|She|It|A|An|This|That|One|No|Every|Some|Many|Stop|At|In|On|From|To|Near|Outside|My|Our|Your|When|And|But|I|We|Then|Yesterday|Today|Hello|Hi|Dear)(?: the)? "
)
_DISTRICT = re.compile(
    r"(?:, ?(?!(?:I|We|You|He|She|They|It|The|My|Your|And|But|Please|Thanks|No|On|In|At|Is|There|Our|Mr|Mrs|Ms)\b)[A-Z][a-z]{2,15}(?: [A-Z][a-z]{2,15}){0,2}(?=[,.]|\s*$| [a-z])){1,4}"
)
#: "3rd floor of the library"
_OF_SITE = re.compile(rf" (?:of|in|at) (?:the )?(?:[a-z'&-]+ ){{0,2}}?(?:{_EN_SITE})(?![a-z])")
#: "38 didnt stop at Grove Lane" is no address.
_TELLING = frozenset(["so", "don't", "dont", "please", "kindly", "then", "but", "you", "i", "we", "they", "it", "not", "can", "will", "on", "at", "near", "by", "to", "from", "stop", "stopped", "didnt", "was", "is", "were", "went", "and", "off", "for"])  # fmt: skip
_ALSO_VERBS = (" close", " drive", " park", " way", " square", " hall", " pub", " shop", " store")
_IMPERATIVES = frozenset(["Kindly", "Please", "Don't", "Dont", "So", "Can", "Could", "You", "I", "Now"])
_PREPOSITIONS = frozenset(
    ["on", "in", "at", "near", "by", "behind", "opposite", "outside", "inside", "off", "from", "to", "along"]
)
_EN_VAGUE = frozenset(["for", "black", "so", "don't", "please", "kindly", "the", "your", "our", "my", "a", "an", "this", "that", "same", "whole", "first", "next", "last", "main", "new", "other", "any", "every", "each", "no", "some", "one", "it", "is", "was", "were", "are", "be", "there", "here", "and", "or", "then", "went", "go", "got", "called", "back", "long", "all", "his", "her", "their", "way", "hard", "old", "best", "front", "only", "far", "right", "left", "phone", "fire", "opening", "data", "contact", "service", "help", "customer", "support", "wrong", "right", "nearest", "local", "entire", "empty", "big", "small", "little", "same", "busy", "nice", "opposite", "another", "own", "both", "two", "three", "neighbours", "neighbour's", "until", "till", "last", "few", "such", "good", "bad", "second", "third", "bigger", "better"])  # fmt: skip
#: "corner of mill lane and church st", "the junction of Oak Road and London Road"
_STREET_NAME = rf"(?:the )?(?:(?:[a-z0-9'-]{{2,15}} ){{1,3}}?(?:{_EN_STREET})(?![a-z])|(?:[0-9]{{1,3}}(?:st|nd|rd|th)|main)(?![a-z])|[abm][0-9]{{1,4}}(?![a-z0-9]))"
_EN_CROSSING = re.compile(
    rf"(?<![a-z])(?:(?:the )?(?:corner|junction|intersection|crossing) (?:of|at|between|with) )(?:{_STREET_NAME})\.? (?:and|&|with) (?:{_STREET_NAME})\.?|(?<![a-z])(?:{_STREET_NAME}) (?:and|&) (?:{_STREET_NAME})(?= (?:junction|corner|intersection|crossing))|(?<![a-z])(?:the )?(?:corner|intersection) of [a-z0-9]+(?: (?:st|ave|street))? (?:and|&) [a-z0-9]+(?: (?:st|ave|street))?(?![a-z])"
)
#: Indian ways: "4th Cross, Indiranagar", "Sector 21", "Phase 2".
_EN_INDIA = re.compile(
    r"(?<![A-Za-z0-9])(?:[0-9]{1,2}(?:st|nd|rd|th) (?:[Cc]ross|[Mm]ain|[Bb]lock|[Ss]tage|[Pp]hase)(?: [Rr]oad)?(?:, ?(?!on\b|in\b)[A-Z][A-Za-z]+(?: [A-Z][a-z]+)?)*|[Ss]ector[ -]?[0-9]{1,3}[A-Za-z]?(?:,? ?(?:[Mm]etro [Ss]tation|[Mm]arket|[A-Z][a-z]+))?|[Pp]hase [0-9I]{1,3}(?:,? [A-Z][a-z]+)?)(?![A-Za-z])"
)
#: Singapore: "Blk 87 Bedok North St 2".
_EN_BLOCK = re.compile(
    r"(?<![A-Za-z])(?:[Bb]lk|[Bb]lock) [0-9]{1,4}[A-Z]?(?: [A-Z][a-z]+){1,3}(?: [0-9]{1,3}(?![0-9]))?"
)
_POSTCODE = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}(?![A-Za-z0-9])")


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Places in order of appearance, Chinese first; the parts of one address are one place."""
    for start, end in _chinese(folded.text):
        yield folded.detail("place", folded.said(start, end), start, end, 0.9)
    if any("a" <= char <= "z" for char in folded.text):
        for start, end, sure in _english(folded):
            yield folded.detail("place", folded.said(start, end), start, end, sure)


def _chinese(text: str) -> Iterator[tuple[int, int]]:
    pieces = sorted(
        _named_pieces(text)
        + _numbered_pieces(text)
        + [m.span("place") for m in _HOME_NUMBER.finditer(text)]
        + [m.span() for m in _LINES.finditer(text)]
        + [m.span() for m in _SPOT.finditer(text)]
    )
    place: tuple[int, int] | None = None
    for start, end in pieces:
        if place and start < place[1]:
            place = (place[0], max(end, place[1])) if end > place[1] else place
        elif place and _goes_on(text, place, start):
            place = (place[0], end)
        else:
            if place:
                yield from _finished(text, place)
            place = (start, end)
    if place:
        yield from _finished(text, place)


def _goes_on(text: str, place: tuple[int, int], start: int) -> bool:
    """Whether a piece at ``start`` belongs to the place before it: a room, a crossing road, a shop on that road."""
    between = text[place[1] : start]
    if between == "的":
        return not text[start].isdigit() and _ROADS_THERE.search(text, place[0], place[1]) is not None
    crossing = _CROSSING.match(text, place[1])
    return bool((crossing and start <= crossing.end()) or (len(between) <= 1 and _GAP.fullmatch(between)))


def _named_pieces(text: str) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    floor = 0
    for match in _SUFFIX.finditer(text):
        start = left_edge(text, match.start(), floor, reach=6 if match["admin"] else 10)
        said = text[start : match.end()]
        bare = start == match.start()
        joined = bool(pieces) and pieces[-1][1] == start
        if _NOT_PLACES.fullmatch(said) or (
            bare
            and not _ENOUGH.fullmatch(said)
            and not (joined and (match["named"] or match[0].endswith("段")))
        ):
            continue
        if start < match.start() and said[0].isdigit() and not re.search("[一-鿿]{2}", said):
            continue
        if match["road"] and bare and not joined:
            continue
        floor = match.end()
        pieces.append((start, match.end()))
    return pieces


def _numbered_pieces(text: str) -> list[tuple[int, int]]:
    return [(_estate(text, match), match.end()) for match in _NUMBERED.finditer(text)]


def _estate(text: str, match: re.Match[str]) -> int:
    """Where the name before a building begins: 金色蓝庭 in "住金色蓝庭4幢", nothing in "电梯坏了4幢"."""
    start = match.start()
    floor = re.match(r"[0-9一二三四五六七八九十]{1,3}[楼层]", match[0]) and _HOUSED.search(text, 0, start)
    if not (_BUILDING.search(match[0]) or floor) or not "一" <= text[start - 1 : start] <= "鿿":
        return start
    first = left_edge(text, start, 0, reach=7)
    head = text[first:start]
    whole = (
        first == 0
        or not "一" <= text[first - 1] <= "鿿"
        or _BEFORE_NAME.search(text, max(0, first - 3), first)
    )
    return first if 2 <= len(head) <= 6 and whole and not _NO_ESTATE.search(head) else start


def _finished(text: str, place: tuple[int, int]) -> Iterator[tuple[int, int]]:
    start, end = place
    said = text[start:end]
    line = _LINES.match(text, start)
    if (_ONLY_NUMBER.fullmatch(said) and not line) or re.fullmatch(r"[一二三四五六七八九十]层", said):
        return
    if not said[-1].isdigit():
        room = _BARE_ROOM.match(text, end)
        if (
            room
            and re.search(r"(?:小区|花园|苑|家园|公寓|新村|栋|幢|座|楼|单元|大厦|号院)$", said)
            and not re.match(r"[0-9]{4}年", text[room.start() :])
        ):
            end = room.end()
    after = _AFTER.match(text, end) if text[end - 1] != "," else None
    end = after.end() if after else end
    while end > start and text[end - 1] in " ,-、":
        end -= 1
    if end - start >= 2:
        yield start, end


def _english(folded: Folded) -> Iterator[tuple[int, int, float]]:
    text, cased = folded.text, folded.cased
    spans: list[tuple[int, int, float]] = []
    for match in _EN_NUMBERED.finditer(text):
        if not set(re.findall("[a-z]+", match[0])) & _TELLING:
            spans.append((*match.span(), 0.9))
    for match in _EN_CROSSING.finditer(text):
        spans.append((*match.span(), 0.9))
    for pattern in (_EN_INDIA, _EN_BLOCK):
        spans += [(*match.span(), 0.8) for match in pattern.finditer(cased)]
    spans += _english_proper(cased)
    for match in _EN_AFTER_PREPOSITION.finditer(text):
        words = match["place"].split()
        inner = [row for row, word in enumerate(words) if word in _PREPOSITIONS]
        if inner:
            words = words[inner[-1] + 1 :]
        if len(words) < 2 or not all(word.isprintable() for word in words):
            continue
        start = match.end("place") - len(" ".join(words))
        if not all(word in _EN_VAGUE for word in words[:-1]) and not set(words[1:-1]) & (
            _EN_VAGUE - {"new", "old", "north", "long"}
        ):
            spans.append((start, match.end("place"), 0.7))
    for match in _EN_UNIT.finditer(text):
        of_site = _OF_SITE.match(text, match.end())
        spans.append((match.start(), of_site.end() if of_site else match.end(), 0.8))
    spans += _english_named(text, cased)
    spans = [(_headed(cased, _of(cased, start)), end, sure) for start, end, sure in spans]
    spans = [(start, _district(cased, start, end), sure) for start, end, sure in spans]
    for match in _POSTCODE.finditer(cased):
        spans.append((*match.span(), 0.8))
    yield from _joined(text, spans)


def _english_proper(cased: str) -> Iterator[tuple[int, int, float]]:
    """Streets and houses by names with capitals."""
    for match in _EN_NAMED.finditer(cased):
        if match[0].split()[0] in _IMPERATIVES and match[0].endswith(_ALSO_VERBS):
            continue
        lead = _EN_LEAD.match(match[0])
        start = match.start() + (lead.end() if lead else 0)
        said = cased[start : match.end()].split()
        if len(said) >= 2 and said[0] not in ("I'm", "It's", "He's", "She's", "That's"):
            yield start, match.end(), 0.9


def _english_named(text: str, cased: str) -> Iterator[tuple[int, int, float]]:
    """Lines and roads, the houses of every town, towns and villages, and a place said alone."""
    for match in _EN_LINES.finditer(cased):
        yield *match.span(), 0.8
    for match in _EN_TOWN.finditer(text):
        yield *match.span(), 0.7
    for match in _EN_TOWNS.finditer(cased):
        words = match["place"].lower().split()
        if not set(words) & _NO_TOWN and (len(words) > 1 or words[0] not in _EN_VAGUE):
            yield *match.span("place"), 0.6
    alone = _EN_ALONE.fullmatch(text.strip())
    if alone and len(text) < 50:
        words = re.findall("[a-z]+", text)
        if not set(words) & (_EN_VAGUE | _PREPOSITIONS | _TELLING):
            start = len(text) - len(text.lstrip())
            yield start, start + len(text.strip(" .")), 0.6


def _of(cased: str, start: int) -> int:
    """Where "the end of Harbour Lane" begins for "of Harbour Lane"; behind a lone "of"."""
    start += 3 if cased.startswith("of ", start) else 0
    head = _EN_END_OF.search(cased, max(0, start - 24), start)
    return head.start() if head else start


def _headed(cased: str, start: int) -> int:
    """Where the house before a street begins ("the Jobcentre on Duke Street")."""
    if not cased[start : start + 1].isupper():
        return start
    head = _EN_HEAD.search(cased, max(0, start - 48), start)
    if head is None or head[0].split()[0].lower() in ("i", "live", "it", "we", "stuck"):
        return start
    first = head.start()
    if cased[first - 1 : first].isalpha() or (
        head[0].split()[0][0].isupper()
        and first == 0
        and head[0].count(" ") <= 2
        and head[0].split()[0] != "The"
    ):
        return start
    return first


def _district(cased: str, start: int, end: int) -> int:
    """The end of an address with its named parts ("24/B, Gandhi Nagar, Jaipur"); only behind a number."""
    if not any(char.isdigit() for char in cased[start:end]):
        return end
    more = _DISTRICT.match(cased, end)
    return more.end() if more else end


def _joined(text: str, spans: list[tuple[int, int, float]]) -> Iterator[tuple[int, int, float]]:
    current: tuple[int, int, float] | None = None
    for start, end, sure in sorted(spans, key=lambda span: (span[0], -span[1])):
        if current and start < current[1]:
            current = (current[0], max(current[1], end), current[2])
        elif current and re.fullmatch(r",? (?:of |in |at |on )?(?:the )?|,", text[current[1] : start]):
            current = (current[0], end, max(sure, current[2]))
        else:
            if current:
                yield current
            current = (start, end, sure)
    if current:
        yield current
