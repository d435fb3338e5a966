"""Chinese places: a name before a word for its kind, numbered parts of an address, and the exact spot."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.chunks import left_edge

#: Suffixes that make a place of what stands before them.
_NAMED = (
    "出境大厅|入境大厅|出发大厅|到达大厅|(?:[省市县区州附]|医大|大学)[一二三四五六七八九十]+院|附院|软件园|创业园|文创园|江滩|海滩|沙滩|收银台|市民之家|文旅城|(?<=[一-鿿])[区县镇乡]政府(?![说不让没也就拒])|急诊(?:室|大厅)|托管班|辅导班|补习班|汽修厂|修理厂|汽修店|美发店|培训学校|培训机构|(?<=[一-鿿]{2})(?<!客服)(?<!呼叫)(?<!信用卡)(?<!结算)(?<!指挥)(?<!调度)(?<!数据)(?<!信息)(?<!运营)(?<!话务)(?<!审批)(?<!理赔)(?<![以为重核市])中心(?![的思情地位城校说让给还没就也]|不[给让肯管退接]|主任|一直|至今|答复|回复|通知|要求|收[我了])|(?<=[一-鿿]{4})店(?![员家主长铺面里方内])|(?<=[一-鿿]{2})(?<!物业)管理处|(?<=[一-鿿]{2})大厅|卫生站|服务站|(?:登记|售票|服务|报名|接待|缴费|领取|挂号|取药|寄存|报到|收费|办证|受理|咨询)处(?![理分罚置在于])|(?<![家法开出仲裁天前后中门门])庭(?![长审院上外])|家[庄堡沟坝湾寨营坡岭集埠桥屯疃坨峪圩垸墩塬冲洼](?!村)|(?<=[一-鿿]{2})(?<!工)厂(?![家商里房长方])|国[中小](?=$|[,。门旁])|步道|候车室|阅览室|体检中心|(?<=线)[一-鿿]{2,5}站|终点站|起点站|负[一二三][楼层]|小吃(?!店)|(?<=[一-鿿]{2})大集|(?<=[一-鿿]{2})(?<![收聚召采密筹征募云齐全邀市合])集(?=上[,。的买卖]?)|[江湖海]边|大学城|世纪城|凤凰城|国际城|保健院|疗养院|早市|欢乐谷|水世界|海洋馆|科技馆|美术馆|纪念馆|滑雪场|溜冰场|浴场|中医馆|游客中心|创[意客]园|首末站"
    "|"
    "候车大厅|办事处大厅|客运中心|换乘中心|体育中心|文化中心|活动中心|会展中心|物流中心|税务大厅|车管大厅|书店|菜场|口岸|绿道|步道|健身步道|城隍庙|文化宫|少年宫|展览馆|售楼部|美食街|物流园|快递点|自提点|卫生服务站|警务室|活动室|车棚|垃圾房|垃圾站|岗亭|传达室|游乐场|游乐园|儿童乐园|乐园|售票厅|售票大厅|取票处|检票厅|动物园|植物园|公墓|山庄|雅居|名城|新城(?!区)|豪庭|华府|嘉园|佳园|(?<=[一-鿿])(?<!桥)桥(?=下|上|头|洞|底|面|桥面)|寺(?!庙)|湾(?=$|[,。的站口]|大厅)|站(?=[a-d]?[0-9一二三四五]{0,2}号?出?口)|市民中心|政务服务中心|行政服务中心|便民服务中心|政务中心|政务大厅|办事大厅|服务大厅|办证大厅|出入境大厅|办税厅|办税服务厅|营业厅|营业部|候车厅|候机楼|航站楼|服务区|售楼处|售票处"
    "|党群服务中心|社区服务中心|卫生服务中心|卫生院|卫生所|人民医院|中医院|医院|诊所|门诊部|门诊|急诊科?|门诊楼|住院楼|家属院|家属区|宿舍(?!楼|管)|大院(?=[0-9一二三四五六七八九十]|$|[,。])|住院部|急诊楼|教学楼|宿舍楼|幼儿园|小学|中学|高中|大学|学院|学校|分校|校区|图书馆|体育馆|体育场|游泳馆|博物馆|健身房|培训班"
    "|菜市场|农贸市场|批发市场|夜市|市场(?!监|价|局)|超市|商场|商城|购物中心|百货|大药房|药店|药房|便利店|奶茶店|火锅店|饭店|餐厅|餐馆|酒楼|酒店|宾馆|旅馆|民宿|客栈|酒吧|咖啡厅|网吧|理发店|4s店|专卖店|门店|分店|总店|驿站|菜鸟驿站"
    "|小区|花园(?!里)|家园|花苑|公寓|新村|别墅|大厦|大楼|写字楼|广场(?!舞)|公园|苑|科技园|产业园|工业园|园区|开发区|高新区|新区|景区|商业街|步行街|停车场|地下车库|车库|充电站|充电桩|加油站|变电站|配电房|垃圾站|工地|养老院|敬老院|福利院"
    "|银泰城?|万达|吾悦|天街|大悦城|万象城|印象城|购物城|世纪联华|大润发|永辉|沃尔玛|建材城|美食城|商贸城|奥特莱斯|邮政储蓄|储蓄所|公租房|安置房|地铁[0-9一二三四五六七八九十]{1,2}号线|火车东站|火车西站|火车南站|火车北站|[东西南北]站(?![着队])|地铁口|(?<=[路门桥街园道场湖山馆院楼城村庄庙寺塔坊坡岭巷口关营镇寨堡滩坪坎洲])站(?![着在了起点长队岗住立不一半满好几成排])|站(?=安检|候车|检票|售票|进站|出站|出口|入口|[东西南北]广场|工作人员)|里(?=[0-9一二三四五六七八九十]{1,3}(?:栋|幢|号|区|弄|单元))|火车站|高铁站|汽车站|客运站|地铁站|公交站|公交站台|车站|机场|码头|收费站|立交桥|天桥|大桥|高架桥?|隧道|支行|分行|网点|分理处|车管所|看守所|殡仪馆|自然村|行政村|城中村|水库|河道|河边|电影院|影城|棋牌室|ktv"
)
_ADMIN = "(?<=[一-鿿]{2})邨|大队(?![长部])|生产队|自治区|自治州|省|市(?![民场区面政里内值容井委])|区(?![别分块域间])|县|镇|乡(?![下亲])|街道(?!办|办事处)|社区|村(?![民委])|屯|[庄寨坪湾沟坝营](?=[一二三四五六七八九十0-9]{1,2}[组队社])"
_ROAD = "大道|(?<![知管轨人街频渠味报说占难走过通隧车水跑赛步绿河下地航公国省县铁厚门首])道(?=$|[,。!? 0-9]|口|上)|大街|中路|东路|西路|南路|北路|路(?![上过边灯费面由线径程人口况基障牌])|街(?![道坊上头边])|胡同|巷(?!子)|弄(?=[0-9])|高速公路|高速|(?<=[路街道])[一二三四五六七八九]段|环线|国道|省道|路(?=[0-9一二三四五六七八九十])|路(?=路?口)|路(?=上)|巷子|街(?=上|口)|路(?=边)|路(?=灯)|路(?=面)|道(?=[0-9一二三四五六七八九]{1,4}号)"
_N = r"(?:[a-z]?[0-9]{1,4}[a-z]?|[零〇一二三四五六七八九十百甲乙丙丁]{1,4}|[a-z])"
_NUMBERED = re.compile(
    rf"(?<![0-9a-z第年])(?<![0-9一二三四五六七八九十份]月)(?:{_N}(?:-[0-9]{{1,4}}){{0,4}}\s?(?:号楼|号院|号门(?!口)|号线|号车厢|期|栋|幢|座|单元|室|房间|号房|房(?!子|价|产|东|管|租)|层(?!次|面|级|皮)|楼(?!梯|道|下|上|盘|市|房|板|宇|主)|门(?=[0-9])|弄|组(?!织|长|成)|(?<=[0-9])床(?!被|单|垫)|排|队|[a-d]区(?!别|域)|[a-d]塔|号(?!码|窗|柜|线|召|称|台|诊|服|厅|员|岗|窗|口))[,-]?){{1,6}}(?:[0-9]{{2,4}}(?:室|房)?(?![0-9年月日点:]))?"
)
_BUILDING = re.compile("[栋幢座期]|号楼|号院|[a-d]区")
#: "建设局三楼": the floor of a house that is no place by its own name.
_HOUSED = re.compile("[局院所司馆店厅社处厂汇城厦港]$|中心$")
_BEFORE_NAME = re.compile(r"(?:住在?|家在|在|是|到|去|的|给|报修|位于)$")
_NO_ESTATE = re.compile(
    r"贷|款|账|还|分期|保质|工程|疫苗|节目|培训|学期|小区|我家|电梯|单元|投诉|业主|邻居|物业|我们|你们|地址|楼道|停水|停电|[0-9]|路$|街$|区$|村$|(?:校|公|花|家|儿|果|菜|乐)园$"
)
_BARE_ROOM = re.compile(
    r"[ -]?[0-9]{1,3}(?:-[0-9]{1,4}){1,3}(?:室|号)?|[0-9]{3,4}(?:室)?(?![0-9年月日点元块个:])"
)
_HOME_NUMBER = re.compile(
    r"(?<![0-9a-z-])(?P<bare>[0-9]{1,2}-[0-9]{1,2}-[0-9]{3,4})(?![0-9-])|(?:我家|家在|家住|住在?|住址是?|门牌号?是?|房号是?|地址是?)\s?:?(?P<place>[0-9]{1,3}(?:-[0-9]{1,4}){1,3})(?![0-9-]|号[线])"
)
#: An estate by its name alone, where somebody lives.
_AT_HOME = re.compile(
    r"(?:家住|我住|住在|住的是)(?P<home>(?![院房户宅宿址])[一-鿿]{3,8})(?=[,。!;]|$|的)|是(?P<estate>[一-鿿]{2,8})(?:小区)?的(?=业主|住户|居民|租户|租客|村民)"
)
_NO_HOME = re.compile(
    r"[楼层室号间院]$|老家|隔壁|附近|对[面门]|[上下]面|[里外]面|旁边|学校|宿舍|酒店|宾馆|医院|乡下|农村|城里|小区$|出租|这里|那里|[年月天]$|单元|老人|普通|本地|当地"
)
#: Lines, buses and trunk roads by their number, where something happened on them.
_LINES = re.compile(
    r"(?:地铁|轨道交通|轻轨)?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})号线(?:地铁|列车|车厢|站台)?(?=上|里|车厢|$|[,。!?的]|司机|安检|扶梯|太|又|停运|晚点)|(?<!坐)(?<![0-9a-z])[0-9]{1,3}路(?:公交车?|巴士|大巴|车)(?!站)|[一-鿿]{0,2}公交(?:车)?[0-9]{1,3}路(?:车)?|(?<![0-9a-z])[0-9]{1,3}路(?=司机|末班|首班|上|晚点|总是?|老|每天|不停|绕)|(?:国道|省道|县道|乡道)[gsxy]?[0-9]{1,4}|(?<![a-z0-9])[gs][0-9]{1,4}(?:[一-鿿]{0,4}高速|国道|省道)"
)
#: "二桥引桥那里", "老电视台那边": what the words point at.
_THEREABOUTS = re.compile(
    r"(?:^|(?<=[,。!?;在到去从往]))(?P<there>[一-鿿0-9]{2,10}?(?:[桥口湾岭坡坝塘角边湖山沟村站厂街路巷园区场楼院坊井寨庙寺塔堤渠河]|(?<![平柜前后舞])台|(?<![部专])门|(?<![门网商])店)(?:那里|那边|那儿|那头|那一?块|这边|这里))|(?:^|(?<=[,。!?;在到去从往]))(?P<around>[一-鿿0-9]{3,9}?(?:那一?片|这一?片|一带))"
)
#: "派出所门口": an unnamed house with the exact spot.
_SPOT = re.compile(
    r"(?:校|厂|院|店)门口(?:的十字路口)?|(?<![一-鿿])(?:(?:(?![在到去从往议把将])[一-鿿]){0,3}(?:实验|附|外国语|中心|第)?(?:[一二三四五六七八九十]{1,2}[中小]|附[中小]|实小|中心小))(?:门口|门前|校门口?|[东西南北后侧]门|对面|旁边|食堂|操场)|(?:楼[上下]|隔壁|对门|对面)的?[0-9]{3,4}(?:室|房|户)?(?![0-9年月日块元])|(?:(?:小学|中学|大学)(?!食堂)|[镇区市县乡]政府|管委会|街道办(?:事处)?|法院|检察院|税务局|公安局|民政局|教育局|邮局|派出所|学校|医院|银行|超市|工厂|幼儿园|小区|饭店|菜市场|车站|村委会|居委会|社区|商场|酒店|公园|药店|食堂|工地|单位|地铁站)(?:的)?(?:大?门口|正门|后门|大门口?|侧门|斜?对面|旁边|隔壁|楼下|院内|院子里|[东西南北]门|食堂|操场|大厅|[一二三四五六七八九]楼|[0-9]{1,2}楼)(?:第[一二三四五]家)?"
)
#: "咱村口那座小桥", "电影院隔壁那家手机店": told by what stands beside it.
_THING = r"(?:[一-鿿]{0,4}?(?:店|超市|馆|摊[子位]?|铺子?|厂|诊所|药房|银行|网点|市场|工地|公园|停车场|厕所|公厕|巷子?|马路|桥|河沟?|水沟|坑|井盖(?!子)|井|空地|池塘|红绿灯|机器|取款机|鱼塘|步道|垃圾[堆点桶站房]|坡|涵洞|洗车行|麻辣烫|烧烤))(?![员主长家])"
_THAT = rf"的?[那这](?:[条座个家块片段截处根口台棵]|一[条片段块]){_THING}"
_BESIDE = re.compile(
    rf"(?:^|(?<=[,。!?;在到去从进过是放]))(?P<beside>(?:(?:我们|咱们?|俺们?|你们)[一-鿿0-9]{{0,7}}?|(?![我你他她它这那在到去从进过是就放])[一-鿿0-9]{{1,7}}?)(?:[口边旁前后里外下上头面门]|隔壁|附近|[后前]楼|[街路巷村]){_THAT})"
    rf"|(?<=[在到去])(?P<landmark>(?![我你他她它这那])[一-鿿]{{2,5}}那[家个条座]{_THING})"
    r"|(?P<branch>你们[一二三四五六七八九东西南北总老]店)|(?:(?<=从)|(?<=[,。是])|^)(?P<stretch>(?!是|就)(?:(?!从)[一-鿿0-9]){2,8}到[一-鿿0-9]{2,8}?(?:[这那]一?[段截]路?|的?路段|之间的?路))"
)
_POINTS = re.compile("[那这]|你们.店|到.*的?路")
_BESIDE_NOT = re.compile(
    "[我你他她它]的|上[次回面]|下次|[以之]前|[以之]后|手里|心里|家里|网上|说|买|卖|没|不|了|查|请|联系|一下|有|[告问看找坐跑]|举报|投诉|反映"
)
_GO_ON_THAT = re.compile(_THAT)
#: "朝晖路的世纪联华", "西城路那家手机店" are one place.
_ROADS_THERE = re.compile(r"(?:路|街|大道|镇|商场|广场|旁边|对面|隔壁|后面)$")
_THERE = re.compile(
    r"(?:上|口|里|边)?(?:的|那家|那个|这家|的那家|的那个|有家|有个)(?P<house>(?![那这])[一-鿿]{0,5}?(?:店|馆|厅|超市|网吧|小吃|药房|市场|银行|网点|加油站|摊|铺子?|乐园|诊所|公园|工地|[车泵]站|学校|幼儿园))(?![员主家里长])"
)
_ONLY_NUMBER = re.compile(
    r"(?![0-9]{3,4}房)(?:[0-9a-z]{1,5}|[零〇一二三四五六七八九十百甲乙丙丁]{1,4})(?:区|号|组|排|队|期|座|房|号线|弄|号门)[,-]?"
)
_SUFFIX = re.compile(f"(?P<named>{_NAMED})|(?P<road>{_ROAD})|(?P<admin>{_ADMIN})")
#: Said alone, these are places enough.
_ENOUGH = re.compile(
    ".{1,2}[一二三四五六七八九十]+院|附院|市民(?:中心|之家)|(?:政务|行政|便民|社区|党群).*中心|.*大厅|办税.*厅|营业厅|营业部|售楼处|急诊(?:科|室|大厅)?|卫生院|卫生所|[东西南北]站|地铁.*号线|火车[东西南北]?站|高铁站|汽车站|客运站|航站楼|候车厅|地下车库|停车场|菜市场|早市|农贸市场|车管所|人民医院|中医院|.*步行街|银泰城?|万达(?:广场)?|吾悦(?:广场)?|大悦城|万象城|印象城|世纪联华|大润发|永辉(?:超市)?|沃尔玛|客运中心|税务大厅|城隍庙|菜场|火车站|体育中心|会展中心|动物园|植物园|少年宫|文化宫|菜鸟驿站"
)
#: Of these kinds only those with a name of so many signs and more are places.
_LONG_HEADS = ((re.compile("厂|大厅|.处|管理处"), 2), (re.compile("中心"), 3), (re.compile("店"), 4))
_SCHOOL = re.compile("[小中大]学|高中|学校|幼儿园|小区")
#: Words that end like a place and are none.
_NOT_PLACES = re.compile(
    r"(?:间[一-鿿]{0,3}[厅店馆]|.*公交线路|.*岗亭|[一-鿿]{0,2}支队.{1,2}大队|(?:[那这一几各]|同一)家[一-鿿]*|.*(?:原|绕|错|岔|迷)路|.*段路|.*小区路|扑街|驻村|学区|[一两几]道|休息区|等?候区|一层一层|[一-鿿]{0,3}(?:夜|雪|坏|水泥|柏油|石子|岔|窄|烂|马)[路街巷]|[老新旧小弯土线][路街巷]子?|(?:老|写|旧|新|该|咱|俺|整个|一个|个|好|高档)小区|(?:俺|咱|各|个)(?:村|屯|区|县|镇|市|小区)|.*(?:躺|送|住|跑|上)医院|催催街道|一?条[街路巷]|(?:[一-鿿]?(?:走|一|网|线|铁|公|马|道|修|让|思|电|带|问|领|半|后|赶|条|堵|退|出|销|陌|销|回|套|死|活|绕|上|下|顺|同)路|[一-鿿]?(?:逛|上|扫|沿)街|(?:超|城|门|上|股|楼|夜|全|本|我|外|地级|直辖)市|(?:地|市|城|郊|山|片|辖|本|小|全|灾|社|校|园|景|厂|库|各|误|禁|盲|外|农|老城)区|(?:农|全|一|本|我|外)村|全省|本省|外省|各省|全县|本县|家乡|老乡|城乡|回乡|下乡|节省|本社区|本小区"
    r"|[上大放学转读][上学](?:小学|中学|大学|幼儿园)?|(?:上|读|念|转|考)?(?:小学|中学|大学|高中|学校|幼儿园)|网上营业厅|(?:[一二三四五]|几)星级酒店))"
)
_CROSSING = re.compile(
    r"(?:和|与|跟|、|/)(?=[一-鿿]{1,8}?(?:路|街|道|巷)(?:的)?(?:交叉口|交口|路口|交汇处?|交界处?|十字路口|拐角|十字))"
)
_AFTER = re.compile(
    r"(?:(?<=院)(?:呼吸|骨|牙|口腔|[内外妇产儿眼]|急诊|皮肤|放射|检验|心[内血管]+|神经内?外?|肿瘤|消化|泌尿|康复|耳鼻喉|中医|疼痛|肾内|血液|感染|发热|体检|病理|影像)科|(?:的)?(?:交叉口|交汇处)|(?<=桥)(?:桥面|面)|(?<=[路街道站场])店(?![员主家里长])|[前后侧正偏]门|候车室|大堂|包[间厢]|候诊区|[a-h][0-9]?出口|(?<=号)(?:摊位?|档口?|铺位?)|小卖部|后头|底商|[一二三四五]标段?|[东西南北中]段|[东西南北]桥头|总站|校门|病房|更衣室|(?<=邨)[一-鿿]{1,3}[楼阁苑]|(?<=[院馆所])(?:(?![的那个在有没很都是说])[一-鿿]){2,5}室|抢救室|保安[室亭]|物业办公室|篮球场|泳池|[湖江河塘]边|自助银行|自助机|atm机?|取款机|快递[柜站]|桥洞|站牌|前面|后面|辅道|引桥|匝道|负[一二三][楼层]|(?<=[楼层])(?:消防通道|楼梯间|[一-鿿]{1,3}[池馆间廊吧])|(?<=高速)[一-鿿]{2,4}(?:出口|入口|收费站|服务区)|终点站|起点站|[东西南北](?:侧|面)?出口|[0-9一二三四五六a-d]号?口|交界处?|斜对面|正对面|对过|到达层|出发层|(?<=高速)[一-鿿]{2}段|(?<=[楼层])(?:(?![的那个半很都是])[一-鿿]){1,4}(?:室|处|厅|台)(?![一-鿿]?[里的]?[人]员)|大厅|下面|期门口|出站口|进站口|安检口|检票口|收费口|匝道口?|[丁三]字?(?:路|岔)口|十字(?:路口)?(?=那|[,。的]|$)|红绿灯(?=那|处|口)|楼前|楼后|楼顶|顶层|走廊|过道|里面(?=的)|门岗|(?<=[0-9一二三四五六七八九十]楼)(?:大厅|阅览室|卫生间|厕所|走廊|平台|食堂|会议室)|桥头|附近|旁边?的?|对面|门口|楼下|路口|交叉口|交口|北侧|南侧|东侧|西侧|[东南西北]门(?!口?卫)|大门口?|地下车库|地下室|楼道|天台|顶楼|电梯口|[东西南北]头|[东西南北]面|[东西南北]边|院内|门前|桥下|桥头|交汇处|十字路口|拐角|(?<=路)口|村口|小区门口|一带|出口|入口|[abcd][0-9]?口|广场(?!舞)|站台)+"
)
_GAP = re.compile(r"[ ,]?")


def chinese_places(text: str) -> Iterator[tuple[int, int]]:
    pieces = sorted(
        _named_pieces(text)
        + _numbered_pieces(text)
        + [m.span(m.lastgroup or "place") for m in _HOME_NUMBER.finditer(text)]
        + list(_homes(text))
        + list(_thereabouts(text))
        + list(_beside(text))
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


def _homes(text: str) -> Iterator[tuple[int, int]]:
    for match in _AT_HOME.finditer(text):
        start, end = match.span(match.lastgroup or "home")
        if left_edge(text, end, start) == start and not _NO_HOME.search(text, start, end):
            yield start, end


def _thereabouts(text: str) -> Iterator[tuple[int, int]]:
    for match in _THEREABOUTS.finditer(text):
        start, end = match.span(match.lastgroup or "there")
        start = left_edge(text, end - 3, start)
        said = re.sub("(?:那|这|一带)[^那这]*$", "", text[start:end])
        if len(said) >= 3 and not _NOT_PLACES.fullmatch(said):
            yield start, end


def _beside(text: str) -> Iterator[tuple[int, int]]:
    for match in _BESIDE.finditer(text) if _POINTS.search(text) else ():
        if not _BESIDE_NOT.search(match[0]):
            yield match.span(match.lastgroup or "beside")


def _goes_on(text: str, place: tuple[int, int], start: int) -> bool:
    """Whether a piece at ``start`` belongs to the place before it: a room, a crossing road, a shop on that road."""
    between = text[place[1] : start]
    if between == "的":
        return not text[start].isdigit() and _ROADS_THERE.search(text, place[0], place[1]) is not None
    if between in ("到", "至"):
        return bool(re.search("[楼栋幢层]$", text[place[0] : place[1]])) and bool(
            _NUMBERED.match(text, start)
        )
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
        if (_NOT_PLACES.fullmatch(said) and not (joined and _SCHOOL.fullmatch(said))) or (
            bare and not _ENOUGH.fullmatch(said) and not (joined and (match["named"] or match["road"]))
        ):
            continue
        if start < match.start() and said[0].isdigit() and not re.search("[一-鿿]{2}", said):
            continue
        if match["road"] and bare and not joined:
            continue
        if match.start() - start < next((size for kind, size in _LONG_HEADS if kind.fullmatch(match[0])), 0):
            continue
        floor = match.end()
        pieces.append((start, match.end()))
    return pieces


def _numbered_pieces(text: str) -> list[tuple[int, int]]:
    return [(_estate(text, match), match.end()) for match in _NUMBERED.finditer(text)]


def _estate(text: str, match: re.Match[str]) -> int:
    """Where the name before a building begins: 金色蓝庭 in "住金色蓝庭4幢", nothing in "电梯坏了4幢"."""
    start = match.start()
    floor = re.match(r"[a-z]?[0-9一二三四五六七八九十]{1,3}[楼层]", match[0]) and _HOUSED.search(
        text, 0, start
    )
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
    there = _THERE.match(text, end) if _ROADS_THERE.search(text, start, end) else None
    end = there.end() if there else end
    after = _AFTER.match(text, end) if text[end - 1] != "," else None
    end = after.end() if after else end
    that = _GO_ON_THAT.match(text, end)
    end = that.end() if that else end
    while end > start and text[end - 1] in " ,-、":
        end -= 1
    if end - start >= 2:
        yield start, end
