"""Who of the staff it was about: badge number, surname, name, looks. Value: the words as said."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.context import Context
from understanding.details.name_words import name_words
from understanding.fold import Folded
from understanding.model import Detail

DOUBLE_SURNAMES = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|端木|夏侯"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强丘华褚麦裘沙仝仇佟佘冉宓岑巩帅房敖晏桑楚瞿竺芮荀蒙蒲蓝蔺郎郜钮闫鞠饶骆伊宗尚戚扈晋柴栾池禹粟胥茅荆蔚辜逯邬鄢阚雍卓郁阎农霍樊"
_TITLE = r"(?:经理|主任|科长|队长|师傅|先生|女士|小姐|警官|医生|护士|大夫|老师|所长|局长|主管|会计|柜员|大姐|大哥|阿姨|站长|组长|书记|处长|院长|校长|班长|客服|工程师|专员|店长|律师|法官|助理|保安|管家|辅警|姑娘|小哥)"
_LOOKS = r"戴(?:着)?(?:眼镜|口罩|帽子|金丝眼镜|黑框眼镜)|穿(?:着)?[一-鿿]{1,6}?(?:衣服|制服|裙子|外套|衬衫|马甲|西装|工装|衬衣|毛衣|夹克|t恤)|(?:长|短|卷|黄|染|白|光)头?发|秃顶|光头|[扎梳](?:着|个)?(?:马尾辫?|辫子|丸子头|双马尾)|烫(?:着)?(?:卷发|头发)|脸上有[疤痣]|左?右?撇子|大?胡子|大块头|眼镜|胖胖?|瘦瘦?|高高?个子?|矮个子?|年轻|中年|岁数大|上了?年纪|五十来岁|四十来岁|三十来岁|二十多岁|[三四五二]十(?:多|来|几)?岁|留胡子"
_PERSON = r"(?:[男女](?:柜员|工作人员|员工|保安|司机|服务员|店员|护士|医生|老师|客服|办事员|警察|经理|售货员|收银员)|男的|女的|男士|女士|男人|女人|小伙子?|姑娘|大姐|大哥|大叔|阿姨|工作人员|办事员|柜员|人员|店员|服务员|保安|师傅|志愿者|辅导员|检票员|乘务员|售票员|安检员|司机|快递员|骑手|外卖员|收费员|管理员|柜姐|导购|教练|护工|前台|城管|交警|辅警|协管员?|经理|主管|主任|领导|护士|医生|小哥|小姐姐?|大妈|老头|那个人?|那位|人)"
#: Posts that are somebody of the staff without a word about their looks.
_POST = r"(?:柜员|工作人员|办事员|店员|服务员|保安|门卫|护士|医生|大夫|司机|快递员|骑手|外卖员|收费员|管理员|售票员|检票员|安检员|乘务员|收银员|售货员|维修工|维修员|维修师傅|师傅|客服|接线员|话务员|导购|教练|前台|协管员?|辅警|民警|警察|交警|城管|经理|主管|店长|老师|中介|业务员|销售|保洁|护工|导游|网格员|抄表员|志愿者|大叔|大姐|大妈|大爷|老头|老太太|小伙子?|小姑娘|姑娘|小哥|小妹|阿姨|男的|女的|女人|男人|领导|员工|审核员|实习生|志愿者|[一-鿿]{1,2}(?<![人成会官党动学队全家船球演议随复满裁派加定伤减雇超一])员(?![工会额外])|(?:安装|维修|送水|水电|搬运|环卫|清洁|保洁|装修|检修|修理|绿化|抄表|管道|装卸|搬家|清运)工(?![作资程地期具钱])|技师|工程师|岗亭|便衣|协警|城管队员|列车长|班主任|副?院长|教官)"
_ZH = (
    re.compile(
        rf"(?:工号|胸牌|警号|工牌|员工号|(?:员工|客服|坐席|柜员|乘务员|司机)编号)(?:号码?)?(?:是|为|:|上写的?是?|写着|上?印的?是?|尾号|号)?\s?(?P<badge>[a-z]{{0,3}}-?[0-9]{{2,8}})(?![0-9a-z]|年|月)(?:的{_POST})?"
        rf"|(?:胸牌|工牌|胸卡)(?:上)?(?:写着|叫|是|名字是?)(?![一-鿿]?什么)[{SURNAMES}][一-鿿]{{1,2}}(?:的{_POST})?"
    ),
    re.compile(
        rf"(?:[0-9]{{1,3}}|[一二两三四五六七八九十]{{1,2}}|[a-z][0-9]{{0,2}})号?(?:窗口?|柜台?|台|岗亭|岗|诊室|车)的?(?:那个|那位|这个|一个|值班的?)?(?:[男女老胖瘦高矮小大]|年轻)?(?!人(?!员)|人员)(?:{_POST}|{_PERSON})"
        rf"|(?:物业|窗口|前台|客服|社区)的[小老][{SURNAMES}]"
        rf"|(?<![一-鿿])(?:个|嗰个|有个)[男女]{_POST}"
        rf"|自称(?:姓)?[{SURNAMES}][一-鿿]{{0,2}}的(?:[男女]?(?:{_POST}|{_PERSON}))|装(?:宽带|空调|网线|网|电视|水表|电表|锁|门)的(?:{_PERSON}|{_POST})"
    ),
    re.compile(
        rf"(?:一个|那个|有个|这个|个)?姓[{SURNAMES}](?:的|名)(?:那个|一个)?(?:{_PERSON}|{_TITLE}|科员)?"
    ),
    re.compile(
        rf"(?:那个|有个|这个|一个|那位|一位)?(?:{_LOOKS})(?:[、,的]{{1,2}}(?:{_LOOKS}))?的?(?:那个|那位|一个|一位)?{_PERSON}"
    ),
    re.compile(
        rf"(?<![一-鿿])(?!谢谢|安装|文字|语音|施工|管理|单位|成年|高级|白天|司机|专业|相关|全体|万能|金牌|方便)[{SURNAMES}][一-鿿]?{_TITLE}|(?<=[是找叫给跟和问与让被向由位个的,。说讲对把连有去])[{SURNAMES}]{_TITLE}"
    ),
    re.compile(
        r"(?<![一-鿿])(?:值班|大堂|客户|项目|区域|物业|店面|当班)(?:经理|主任|主管|店长|人员|领导|医生|护士)"
    ),
    re.compile(
        rf"(?<=叫)(?:小|老|阿)?[{SURNAMES}][一-鿿]{{0,2}}(?=的(?:人|工作人员|客服|柜员|办事员|经理|师傅|护士|医生|保安|女|男|小|大|那))"
    ),
    re.compile(
        rf"(?<![一-鿿大])(?!小时|老师|小单|小强|老毛|老路|老单|小康|小方|老熊|小金|小马|老牛|老江|小龙)[小老][{SURNAMES}](?![一-鿿]{{0,1}}(?:区|路|街))(?=[,。!?说态骂把给让不就没也还是接处办来告回答应负]|$)"
    ),
    re.compile(
        rf"(?:那个|有个|这个|一个|那位|一位|个)?穿(?:着)?(?:白大褂|制服|便装|便衣|工装|西装|马甲|[一-鿿]{{1,4}}衣服?)的(?!人|{_PERSON})"
    ),
    re.compile(
        rf"(?:快递员|物业|客服|销售|业务员?|班主任|柜员|柜台|前台|保安|护士|门卫|管家|骑手|司机|中介|店长|客户经理|顾客经理|大堂经理|医生|教练|网格员|社区|窗口|维修工|电工|水工|房东|房管员|导游|技师|会计|出纳|收费员|办事员|工作人员|服务员|店员|理发师|收银员|律师|协管员?|辅警)(?:[小老阿大](?!姐|哥|妹|叔|费|区|伙|姑|时|师)[一-鿿]|[{SURNAMES}]{_TITLE}|(?!谢谢|费)[{SURNAMES}][一-鿿]{{1,2}}(?=[,。!?说骗把让给收答态]|$))(?![区路街])"
    ),
    re.compile(
        rf"(?:编号|代号|工牌)[a-z]{{0,3}}[0-9]{{1,6}}的{_POST}|(?<![0-9a-z])[a-z]{{0,2}}[0-9]{{2,6}}号?{_POST}|{_POST}(?:编号|工号|号码)?[a-z]{{0,2}}[0-9]{{2,6}}(?![0-9元块个年月])"
    ),
    re.compile(
        rf"(?:那个|有个|这个|一个|那位|一位|有一个)(?:(?:[一-鿿]{{1,6}}(?<![行司局业心院店厅所处站区楼台])的)(?:[男女老胖瘦高矮小大])?|[男女老胖瘦高矮]|中年|年轻|实习|新来的?|值班|戴眼镜){_POST}"
    ),
    re.compile(
        rf"(?<![一-鿿])(?:那个|有个|这个|一个)?(?![一-鿿]{{0,4}}(?:希望|要求|换个|换一|派个|找个|请个|招|需要|想要|来个|多些|增加))(?!(?:是|我|你|他|她|咱|俺|谁|这|那|它|所有|尊敬|敬爱|亲爱|可爱|但是|给|找|让|别|相关|有关|其他|自己|各|每))(?:[一-鿿]{{2,7}})(?<![行司局业心院店厅所处站区楼台府部队里])的(?:那个|那位)?{_POST}(?![们长])"
    ),
    re.compile(
        rf"(?:公交车?|出租车?|大巴|救护车|网约车|货车|校车|班车|垃圾车)司机|护士长|列车长|乘务长|前台(?:小妹|姑娘|小姐姐?|大姐|那个女的|女的|小哥)|(?:门口|小区|大门|值班)(?:的)?(?:保安|门卫)|值班(?:护士|医生|人员|民警|警察|经理|老师)|(?<![一-鿿])[{SURNAMES}](?:姐|哥|叔|姨|伯|工)(?=[,。!?说答给让不骂态把就]|$)"
    ),
)
_ROLE = r"(?:ticket inspector|bus driver|taxi driver|cab driver|train driver|security officer|traffic warden|shop assistant|sales assistant|call handler|case ?worker|social worker|housing officer|duty manager|branch manager|store manager|midwife|paramedic|electrician|gas man|locksmith|cleaner|driver|landlord's agent|bin man|binman|postie|meter reader|surveyor|inspector|registrar|trainee|apprentice|workman|contractor|scaffolder|volunteer|steward|marshal|lifeguard|librarian|consultant|caretaker|janitor|concierge|bailiff|usher|trainer|instructor|barista|chef|lady|woman|man|guy|girl|boy|bloke|chap|gentleman|lad|lass|clerk|security guard|security|bouncer|porter|conductor|postman|courier|delivery (?:guy|man|driver)|conductor|plumber|builder|sergeant|constable|warden|carer|dentist|pharmacist|tutor|coach|host|hostess|sir|madam|ma'am|uncle|aunty|agent|officer|nurse|doctor|manager|supervisor|receptionist|driver|waiter|waitress|engineer|technician|teller|adviser|advisor|rep|representative|employee|staff member|member of staff|colleague|person|assistant|cashier|guard|operator|receptionist|inspector|attendant|teacher|fella|dude)"
_EN = (
    re.compile(
        r"(?<![a-z])(?:badge|staff|employee|id badge|collar|officer)(?: (?:no\.?|number|id))?(?: (?:is|was|said|reads?|reading))?[ :#]{1,2}(?P<badge>[a-z]{0,3}-?[0-9]{2,8})(?![0-9a-z])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![a-z])(?:an? |the |some |this |that |your )?(?:[a-z]+ ){{0,2}}{_ROLE} (?:called|named|by the name of|whose name (?:is|was)|who said (?:his|her) name was|wearing a badge saying) (?!me |my |us |him |her |it |the |them |you |our |a |an |back|again|in |on |out|this|that |into|as )[a-z][a-z'-]+(?: (?-i:[A-Z][a-z'-]+))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![a-z])(?:an? |the |this |that )?(?:(?:tall|short|young|blonde|blond|bald|middle-aged|thin|big|large|bearded|dark-haired|grey-haired|ginger) ){{1,3}}{_ROLE}(?: (?:with|in|wearing) (?:an? |the )?(?:[a-z-]+ ){{0,3}}(?:glasses|beard|hat|shirt|jacket|hair|uniform|ponytail|scarf|suit|tie|moustache|hoodie|vest))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![a-z])(?:an? |the |this |that )?{_ROLE} (?:with|in|wearing) (?:an? |the |his |her )?(?:[a-z-]+ ){{0,3}}(?:glasses|beard|hat|shirt|jacket|hair|uniform|ponytail|scarf|suit|tie|moustache|hoodie|vest)",
        re.IGNORECASE,
    ),
)
_LOOK = r"(?:tall|short|young|younger|older|old|elderly|blonde|blond|bald|balding|middle-aged|thin|skinny|big|large|fat|heavy|stocky|bearded|dark-haired|grey-haired|gray-haired|red-haired|curly-haired|ginger|female|male|trainee|junior|senior|new|rude|grumpy|friendly|foreign|asian|black|white|indian|chinese|security|night|duty|front desk|reception|ticket|delivery|bus|taxi|tram|train|till|shop|sales|floor)"
_WEAR = r"(?:glasses|specs|beard|hat|cap|shirt|t-shirt|polo|jacket|coat|hair|uniform|ponytail|pony tail|bun|braids|dreads|scarf|suit|tie|moustache|mustache|hoodie|vest|tabard|apron|jumper|sweater|cardigan|blouse|dress|(?:ear|nose|lip)? ?rings?|earrings?|piercings?|badge|name tag|nametag|ribbon|goatee|mohawk|dreadlocks|tracksuit|nails|lipstick|braces|crutch|tattoos?|accent|limp|lanyard|hi-vis|hi vis|high vis|turban|hijab|headscarf|gloves|mask|fleece|overalls|boots|red|blue|green|black|white|yellow|pink|purple|grey|brown|orange)"
_DESK = r"(?:till|tills|desk|front desk|help desk|counter|reception|door|entrance|gate|barrier|barriers|phone|checkout|phones|window|platform|information desk|ticket office|pharmacy|bar|gates|lodge|phone line|switchboard|helpline|service desk|enquiries)"
_MORE_EN = (
    re.compile(
        rf"(?<![a-z])(?:an? |the |this |that |your |some |one |another )?(?:(?:very |rather |really )?{_LOOK},? ){{0,3}}{_ROLE}(?: of yours)?(?: who (?:was|sat|stood|sits))? (?:(?:with|in|wearing) (?:an? |the |his |her )?(?:[a-z-]+ ){{0,3}}?{_WEAR}(?: (?:hair|jacket|shirt|coat|top|jumper|uniform|scarf|vest|hat|cap|tie|glasses|dress))?|(?:on|at|behind|in|from) (?:the |your |our |her |his )?{_DESK}(?: (?:no\.? ?|number )?(?:[0-9]{{1,3}}|[a-h]|one|two|three|four|five|six|seven|eight|nine|ten)(?![a-z0-9]))?)(?![a-z])(?: (?:on|at|behind) (?:the |your )?{_DESK}(?![a-z]))?"
    ),
    re.compile(
        rf"(?<![a-z])(?:an? |the |this |that |your |some )?(?!(?:old|young|elderly|older|younger|black|white|big) (?:man|woman|lady|girl|boy|person|lad|lass|guy|gentleman)(?![a-z]))(?:{_LOOK},? ){{1,3}}{_ROLE}(?![a-z])"
    ),
    re.compile(
        rf"(?<![a-z])(?:an? |the |your |this |that )?{_ROLE},? (?:(?:with )?(?:badge|id|number|no\.?|collar number|id badge)(?: (?:number|no\.?))?[ :#]*)?(?P<badge>[a-z]{{0,3}}-?[0-9]{{2,7}})(?![0-9a-z])|(?<![a-z])(?:agent|operator|adviser|advisor|staff|employee|driver|guard) (?:id|number|no\.?|code)(?: is| was)?[ :#]*[a-z]{{0,3}}-?[0-9]{{2,7}}(?![0-9a-z])"
    ),
    re.compile(
        rf"(?<![a-z])(?:the|your) driver (?:of|on) (?:the |your )?(?:bus |tram |route |number |no\.? ){{0,2}}[0-9]{{1,3}}[a-z]?(?: bus| tram)?(?![0-9a-z])"
        rf"|(?<![a-z])(?:the|an?|your) {_ROLE} (?:you|they|that you|who you) (?:sent|send)(?![a-z])"
        r"|(?<![a-z])(?:pcso|wpc|pc|constable|officer|agent|operator|warden|guard|conductor|inspector|steward) (?:no\.? ?|number |id )?[a-z]{0,2}-?[0-9]{2,7}(?![0-9a-z])"
    ),
    re.compile(
        r"(?<![a-z])(?:an? )?(?:someone|somebody|colleague(?: of yours)?|member of (?:your )?staff|one of your (?:staff|people|team|lot)) (?:called|named|by the name of) [a-z][a-z'-]+"
    ),
)
#: "rep told me his name was Curtis", "she gave her name as Dawn"
_GAVE_NAME = re.compile(
    r"(?<![A-Za-z])(?:[Hh]is|[Hh]er|[Tt]heir)(?: first| last)? name(?:'s| is| was| as)? (?P<name>[A-Z][a-z'-]+(?: [A-Z][a-z'-]+)?)"
)
_TITLED = re.compile(
    r"(?<![A-Za-z])(?:(?:[Yy]our|[Tt]he|[Aa]|[Aa]n|[Mm]y) )?(?:Mr|Mrs|Ms|Miss|Dr|PC|DC|WPC|Sgt|Cllr|Sister|(?i:officer|nurse|inspector|sergeant|constable|councillor|professor|manager|supervisor|conductor|driver|engineer|technician|clerk|agent|adviser|advisor|doctor|warden|caretaker|receptionist|receptionists|operator|teacher|headteacher|plumber|guard|detective|captain|colleague|matron|landlord))\.? (?!Said|Was|Is|Told|Who|And|The|At|In|On|For|ID|Number|No|I|Mr|Mrs)[A-Z][a-z]+(?:[ '-][A-Z][a-z]+)?"
)
_AT_DESK = re.compile(
    r"(?<![A-Za-z])(?<!Mr )(?<!Mrs )(?<!Ms )(?<!Miss )(?P<name>[A-Z][a-z]{2,12}(?: [A-Z][a-z]+)?) (?:in|from|at|on) (?:the )?(?:your )?(?:accounts|billing|reception|housing|complaints|customer (?:service|services|care|support)|sales|support|collections|payroll|admin|HR|enquiries|parking|planning|claims|returns|dispatch|lettings|repairs|maintenance|finance|human resources|refunds|bookings|reservations|the till)(?![a-z])"
)
_SIGNED = re.compile(
    r"(?<![A-Za-z])(?:dealt with by|served by|spoke (?:to|with)|speaking (?:to|with)|handled by|helped by|talked to) ([A-Z][a-z]+(?: [A-Z][a-z]+)?)(?![a-z])"
)
#: Without one of these nobody of the staff is spoken of, and the slower patterns need not run.
_LETTERS = re.compile("[a-z]{2}")
_ANYBODY_ZH = re.compile(
    rf"[姓号牌]|{_POST}|{_PERSON}|{_TITLE}|大褂|制服|便[装衣]|[小老阿大][一-鿿]|[姐哥叔姨伯工]|[男女]"
)
_ANYBODY_EN = re.compile(
    rf"{_ROLE}|badge|staff|employee|collar|pc |colleague|someone|somebody|called|named|the name|pcso|wpc|driver|h(?:is|er) "
)


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """People in order of appearance within each way of naming them; overlapping ways are joined later."""
    text = folded.text
    if not text.isascii() and _ANYBODY_ZH.search(text):
        for pattern in _ZH:
            for match in pattern.finditer(text):
                yield _staff(folded, match.start(), match.end())
    if _LETTERS.search(text):
        yield from _english(folded)


def _english(folded: Folded) -> Iterator[Detail]:
    if _ANYBODY_EN.search(folded.text):
        for pattern, said in (
            *((each, folded.cased) for each in _EN),
            *((each, folded.text) for each in _MORE_EN),
        ):
            for match in pattern.finditer(said):
                yield _staff(folded, match.start(), match.end())
    for match in _AT_DESK.finditer(folded.cased):
        if match["name"].split()[0].lower() not in name_words().not_en:
            yield _staff(folded, *match.span("name"))
    for match in _GAVE_NAME.finditer(folded.cased):
        yield _staff(folded, *match.span("name"))
    for match in _TITLED.finditer(folded.cased):
        yield _staff(folded, match.start(), match.end())
    for match in _SIGNED.finditer(folded.cased):
        yield _staff(folded, match.start(1), match.end(1))


def _staff(folded: Folded, start: int, end: int) -> Detail:
    return folded.detail("staff", folded.said(start, end), start, end)
