"""Who of the staff it was about: badge number, surname, name, looks. Value: the words as said."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.context import Context
from understanding.details.name_words import name_words
from understanding.details.people import RATHER_NEXT, SURNAMES, is_name, name_end
from understanding.details.staff_named import named_people
from understanding.fold import Folded
from understanding.model import Detail

_TITLE = r"(?:经理|主任|科长|队长|师傅|先生|女士|小姐|警官|医生|护士|大夫|老师|所长|局长|主管|会计|柜员|大姐|大哥|阿姨|站长|组长|书记|处长|院长|校长|班长|客服|工程师|专员|店长|律师|法官|助理|保安|管家|辅警|姑娘|小哥)"
_LOOKS = r"戴(?:着)?(?:眼镜|口罩|帽子|金丝眼镜|黑框眼镜)|穿(?:着)?[一-鿿]{1,6}?(?:衣服|制服|裙子|外套|衬衫|马甲|西装|工装|衬衣|毛衣|夹克|t恤)|(?:长|短|卷|黄|染|白|光)头?发|秃顶|光头|[扎梳](?:着|个)?(?:马尾辫?|辫子|丸子头|双马尾)|烫(?:着)?(?:卷发|头发)|脸上有[疤痣]|左?右?撇子|大?胡子|大块头|眼镜|胖胖?|瘦瘦?|高高?个子?|矮个子?|年轻|中年|岁数大|上了?年纪|五十来岁|四十来岁|三十来岁|二十多岁|[三四五二]十(?:多|来|几)?岁|留胡子"
_PERSON = r"(?:[男女](?:柜员|工作人员|员工|保安|司机|服务员|店员|护士|医生|老师|客服|办事员|警察|经理|售货员|收银员)|男的|女的|男士|女士|男人|女人|小伙子?|姑娘|大姐|大哥|大叔|阿姨|工作人员|办事员|柜员|同志|人员|店员|服务员|保安|师傅|志愿者|辅导员|检票员|乘务员|售票员|安检员|司机|快递员|骑手|外卖员|收费员|管理员|柜姐|导购|教练|护工|前台|城管|交警|辅警|协管员?|经理|主管|主任|领导|护士|医生|小哥|小姐姐?|大妈|老头|那个人?|那位|人)"
#: Posts that are somebody of the staff without a word about their looks.
_POST = r"(?:柜员|工作人员|办事员|店员|服务员|保安|门卫|护士|医生|大夫|司机|快递员|骑手|外卖员|收费员|管理员|售票员|检票员|安检员|乘务员|收银员|售货员|维修工|维修员|维修师傅|师傅|客服|接线员|话务员|导购|教练|前台|协管员?|辅警|民警|警察|交警|城管|经理|主管|店长|老师|中介|业务员|销售|保洁|护工|导游|网格员|抄表员|志愿者|大叔|大姐|大妈|大爷|老头|老太太|小伙子?|小姑娘|姑娘|小哥|小妹|阿姨|男的|女的|女人|男人|领导|员工|审核员|实习生|志愿者|[一-鿿]{1,2}(?<![人成会官党动学队全家船球演议随复满裁派加定伤减雇超一])员(?![工会额外])|(?:安装|维修|送水|水电|搬运|环卫|清洁|保洁|装修|检修|修理|绿化|抄表|管道|装卸|搬家|清运)工(?![作资程地期具钱])|技师|工程师|岗亭|便衣|协警|城管队员|列车长|班主任|副?院长|教官)"
_ZH = (
    re.compile(
        rf"(?:工号|胸牌|警号|工牌|员工号|(?:员工|客服|坐席|柜员|乘务员|司机)编号)(?:号码?)?(?:是|为|:|上写的?是?|写着|上?印的?是?|尾号|号)?\s?(?P<badge>[a-z]{{0,3}}-?[0-9]{{2,8}})(?![0-9a-z]|年|月)(?:的[男女]?{_POST})?"
        rf"|(?:胸牌|工牌|胸卡)(?:上)?(?:写着|叫|是|名字是?)(?![一-鿿]?什么)[{SURNAMES}][一-鿿]{{1,2}}(?:的{_POST})?"
    ),
    re.compile(
        rf"(?:[0-9]{{1,3}}|[一二两三四五六七八九十]{{1,2}}|[a-z][0-9]{{0,2}})号?(?:窗口?|柜台?|台|岗亭|岗|诊室|车)的?(?:那个|那位|这个|一个|值班的?)?(?:[男女老胖瘦高矮小大]|年轻)?(?!人(?!员)|人员)(?:{_POST}|{_PERSON})"
        rf"|(?:物业|窗口|前台|客服|社区)的[小老][{SURNAMES}]"
        rf"|(?<![一-鿿])(?:个|嗰个|有个)[男女]{_POST}|(?:[抄查送修装收管看][一-鿿]|[一-鿿]{{1,3}}[部所局院站厅社]|[一-鿿]{{2,4}}(?:[科处组队部]|中心|公司|银行|酒店|医院|超市))的[小老][{SURNAMES}](?![一-鿿]?[区路街村])"
        rf"|自称(?:姓)?[{SURNAMES}][一-鿿]{{0,2}}的(?:[男女]?(?:{_POST}|{_PERSON}))|装(?:宽带|空调|网线|网|电视|水表|电表|锁|门)的(?:{_PERSON}|{_POST})"
    ),
    re.compile(
        rf"(?:一个|那个|有个|这个|那位|一位|个)?姓(?![名什啥甚何氏])[一-鿿](?:的|名)(?:那个|一个)?(?:{_PERSON}|{_TITLE}|{_POST}|科员)?"
    ),
    re.compile(
        rf"(?:那个|有个|这个|一个|那位|一位)?(?:{_LOOKS})(?:[、,的]{{1,2}}(?:{_LOOKS}))?的?(?:那个|那位|一个|一位)?{_PERSON}"
    ),
    re.compile(
        rf"(?<![一-鿿])(?!相关|有关|其他|哪个|什么|[各被向对跟和让给把找问请])[一-鿿a-z0-9]{{1,8}}(?:(?:[部科处组台厅队室班口站]|中心)的(?:那个|那位|一个|一位)?(?:实习生|新来的|值班)?|[院店所局司行]的(?:那个|那位|一个|一位)?[小老女男])(?!人(?!员))(?:{_POST}|{_PERSON})"
    ),
    re.compile(
        r"(?:^|(?<=[的个位,。说]))(?![那这一两老有请找跟和问个位])(?:(?![个们说了下谢来过你我他])[一-鿿]){2,3}师傅"
    ),
    re.compile(rf"{_POST}(?:是个?|就是)?姓(?![名什啥甚何氏])[一-鿿](?=[,。!?;]|$)"),
    re.compile(
        rf"(?<![一-鿿])(?!谢谢|安装|文字|语音|施工|管理|单位|成年|高级|白天|司机|专业|相关|全体|万能|金牌|方便)[{SURNAMES}][一-鿿]?{_TITLE}|(?<=[是找叫给跟和问与让被向由位个的,。说讲对把连有去们您家店院厅局所社区村镇厂处部司行校室窗口科诊班队组线站楼台库])[{SURNAMES}](?!小姐妹){_TITLE}"
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
        rf"(?:编号|代号|工牌)[a-z]{{0,3}}[0-9]{{1,6}}的{_POST}|(?<![0-9a-z])[a-z]{{0,2}}[0-9]{{2,6}}号?{_POST}|{_POST}(?:编号|工号|号码)?[a-z]{{0,2}}[0-9]{{2,6}}(?![0-9元块个年月])"
    ),
    re.compile(
        rf"(?:那个|有个|这个|一个|那位|一位|有一个)(?:(?:[一-鿿]{{1,6}}(?<![行司局业心院店厅所处站区楼台])的)(?:[男女老胖瘦高矮小大])?|[男女老胖瘦高矮]|中年|年轻|实习|新来的?|值班|戴眼镜){_POST}"
    ),
    re.compile(
        rf"(?<![一-鿿])(?:那个|有个|这个|一个)?(?![一-鿿]{{0,4}}(?:希望|要求|换个|换一|派个|找个|请个|招|需要|想要|来个|多些|增加))(?!(?:是|我|你|他|她|咱|俺|谁|这|那|它|所有|尊敬|敬爱|亲爱|可爱|但是|给|找|让|别|相关|有关|其他|自己|各|每))(?:(?:(?!那个|那位|姓)[一-鿿]){{2,7}})(?<![行司局业心院店厅所处站区楼台府部队里])的(?:那个|那位)?{_POST}(?![们长])"
    ),
    re.compile(
        rf"(?:公交车?|出租车?|大巴|救护车|网约车|货车|校车|班车|垃圾车)司机|护士长|列车长|乘务长|(?<!这个)(?:保安|安保|城管|执法|巡逻|维修|施工)队长|村支书|前台(?:小妹|姑娘|小姐姐?|大姐|那个女的|女的|小哥)|(?:门口|小区|大门|值班)(?:的)?(?:保安|门卫)|值班(?:护士|医生|人员|民警|警察|经理|老师)|(?<![一-鿿])[{SURNAMES}](?:姐|哥|叔|姨|伯|工)(?=[,。!?说答给让不骂态把就]|$)"
    ),
)
#: Posts too vague for a full name behind them, as it may be the next word ("工作人员都").
_VAGUE_POST = re.compile(
    "(?:[男女]的|[大小老阿][一-鿿]|[员人]工|[男女]人|领导|工作人员|老太太|姑娘)(?:叫|名叫|姓名是?|是)?$"
)
_THEN_TOLD = re.compile("[一-鿿]{2,3}[说让给把骂收将]")
#: "理赔部的陈晓东说"
_OF_DEPARTMENT = re.compile(
    r"(?:[一-鿿]{1,3}[部科处组队室]|中心|公司|支行|分行|营业厅|门店)的(?=[一-鿿]{2,3}[说让给把骂答收承态没很太跟告打,。])"
)
#: What stands before a name: "大堂副理周倩", "物业管家小刘". A window or a counter is where, not who.
_POST_OF_NAME = re.compile(
    rf"(?P<where>(?:窗口|柜台|前台|服务台)(?:的|那个|那位)?)|(?!物业费|社区费)(?:大堂|客户|顾客|理赔|销售|售后|物业|社区|项目|区域|楼层|值班|网点|装维|安装|维修|客房|餐饮|财务|人事|保险|招商|运营)?(?:{_POST}|物业|社区|副理|管家|房东|会计|出纳|班主任|顾问|主播|查勘员|律师|装维|电工|水工|红娘|[队科站组店班]长|科员|网管)(?:叫|名叫|姓名是?|是)?"
)
#: "大堂经理Kevin"
_LATIN = re.compile(r"[A-Z][a-z]{1,14}(?: [A-Z][a-z]{1,14})?(?![A-Za-z])")
_FAMILIAR = re.compile(
    rf"(?:[小阿](?![年姐哥妹叔费区伙姑时师爷妈爸家门声量孩心事气学组票拉])[一-鿿]|[老大][{SURNAMES}])(?=$|[^一-鿿]|[{RATHER_NEXT}])|[小老](?!时|单|费|包|康|路|毛|熊)[{SURNAMES}]|[{SURNAMES}](?:{_TITLE}|[姐哥叔姨婶嫂伯爷妈工某])|姓(?![名什啥甚何氏])[一-鿿]"
)
_POST_EN = r"(?:inspector|driver|officer|warden|assistant|handler|worker|manager|electrician|plumber|engineer|technician|fitter|installer|adjuster|assessor|adviser|advisor|agent|rep|clerk|teller|cashier|receptionist|operator|guard|porter|bouncer|conductor|attendant|steward|stewardess|nurse|sister|doctor|matron|surgeon|dentist|teacher|tutor|coach|instructor|trainer|caretaker|janitor|cleaner|housekeeper|concierge|waiter|waitress|chef|barista|surveyor|contractor|builder|locksmith|courier|postman|registrar|consultant|supervisor|foreman|secretary|librarian|lifeguard|marshal|usher|bailiff|broker|underwriter|negotiator|stylist|mechanic|captain|purser|dispatcher|co-?ordinator|director|examiner|representative)"
_ROLE = r"(?:ticket inspector|bus driver|taxi driver|cab driver|train driver|security officer|traffic warden|shop assistant|sales assistant|call handler|case ?worker|social worker|housing officer|duty manager|branch manager|store manager|midwife|paramedic|electrician|gas man|locksmith|cleaner|driver|landlord's agent|bin man|binman|postie|meter reader|surveyor|inspector|registrar|trainee|apprentice|workman|contractor|scaffolder|volunteer|steward|marshal|lifeguard|librarian|consultant|caretaker|janitor|concierge|bailiff|usher|trainer|instructor|barista|chef|lady|woman|man|guy|girl|boy|bloke|chap|gentleman|lad|lass|clerk|security guard|security|bouncer|porter|conductor|postman|courier|delivery (?:guy|man|driver)|conductor|plumber|builder|sergeant|constable|warden|carer|dentist|pharmacist|tutor|coach|host|hostess|sir|madam|ma'am|uncle|aunty|agent|officer|nurse|doctor|manager|supervisor|receptionist|driver|waiter|waitress|engineer|technician|teller|adviser|advisor|rep|representative|employee|staff member|member of staff|colleague|person|assistant|cashier|guard|operator|receptionist|inspector|attendant|teacher|fella|dude|security man|sister|fitter|adjuster|assessor|crew member|waiter|stylist|mechanic|dispatcher)"
_LOOK = r"(?:tall|short|young|younger|older|old|elderly|blonde|blond|bald|balding|middle-aged|thin|skinny|big|large|fat|heavy|stocky|bearded|dark-haired|grey-haired|gray-haired|red-haired|curly-haired|ginger|female|male|trainee|junior|senior|new|rude|grumpy|friendly|foreign|asian|black|white|indian|chinese|security|night|duty|front desk|reception|ticket|delivery|bus|taxi|tram|train|till|shop|sales|floor)"
_WEAR = r"(?:glasses|specs|beard|hat|cap|shirt|t-shirt|polo|jacket|coat|hair|uniform|ponytail|pony tail|bun|braids|dreads|scarf|suit|tie|moustache|mustache|hoodie|vest|tabard|apron|jumper|sweater|cardigan|blouse|dress|(?:ear|nose|lip)? ?rings?|earrings?|piercings?|badge|name tag|nametag|ribbon|goatee|mohawk|dreadlocks|tracksuit|nails|lipstick|braces|crutch|tattoos?|accent|limp|lanyard|hi-vis|hi vis|high vis|turban|hijab|headscarf|gloves|mask|fleece|overalls|boots|red|blue|green|black|white|yellow|pink|purple|grey|brown|orange)"
_DESK = r"(?:till|tills|desk|counter|counters|reception|door|entrance|exit|gate|gates|barrier|barriers|phone|phones|phone line|checkout|window|platform|ticket office|office|pharmacy|chemist|chemist's|post office|bakery|cafe|salon|surgery|library|takeaway|gym|spa|dealership|bar|lodge|switchboard|helpline|enquiries|lobby|booth|kiosk|escalator|information point|customer services?|call centre|call center|shop floor|shop|store|branch|ward|garage|warehouse|depot|station|hr|human resources|accounts|billing|sales|support|complaints|claims|collections|admin|retentions|lost property|repairs|lettings|parking services|customer (?:care|relations)|kitchen|canteen|box office|post room|housing team|dispatch|technical support|tech support)"
_N = (
    r"(?:no\.? ?|number |#)?(?:[0-9]{1,3}|[a-h]|one|two|three|four|five|six|seven|eight|nine|ten)(?![a-z0-9])"
)
#: People by what is told of them: a name (the first), looks, a place of work, what they did, a kind of post.
_TOLD = (
    re.compile(
        rf"(?<![a-z])(?:an? |the |some |this |that |your )?(?:(?:[a-z]+ ){{0,2}}{_ROLE}|someone|somebody|colleague(?: of yours)?|member of (?:your )?staff|one of (?:them|(?:your|the) [a-z]+))(?: (?:in|at|on|from) (?:the |your )?(?:[a-z]+ ){{0,2}}?(?:team|department|{_DESK}))? (?:called|named|by the name of|whose name (?:is|was)|who said (?:his|her) name was|(?:with|wearing) a (?:name )?badge (?:saying|that said|reading)) (?!(?:me|my|us|him|her|it|the|them|you|our|an?|back|again|in|on|out|this|that|into|as)(?![a-z]))[a-z][a-z'-]+"
    ),
    re.compile(
        rf"(?<![a-z])(?:an? |the |this |that |your |some |one |another |one of (?:the|your) )?(?:(?:very |rather |really )?{_LOOK},? ){{0,3}}(?:{_ROLE}|someone|somebody|(?<=the )one|(?<=that )one|ladies|men|women|girls|guys|lads)(?: of yours)?(?: who (?:was|sat|stood|sits))? (?:(?:with|in|wearing) (?:an? |the |his |her )?(?:[a-z-]+ ){{0,3}}?{_WEAR}(?: (?:hair|jacket|shirt|coat|top|jumper|uniform|scarf|vest|hat|cap|tie|glasses|dress))?|(?:on|at|behind|in|from|by) (?!my )(?:the |your |our |her |his )?(?:[a-z]+ ){{0,2}}?{_DESK}(?: {_N})?)(?![a-z])(?: (?:on|at|behind) (?:the |your )?{_DESK}(?![a-z]))?"
    ),
    re.compile(
        rf"(?<![a-z])(?:the|that|this|your|an?|one) (?:[a-z-]+ ){{0,2}}?{_ROLE} (?:with|wearing) (?:the|an?|his|her) (?!baby|babies|child|kid|dog|pram|pushchair|buggy|wheelchair|walking|stroller|knife|dementia|broken|bad|heart)[a-z-]{{3,}}"
    ),
    re.compile(
        rf"(?<![a-z])(?:an? |the |this |that |your |some )?(?!(?:old|young|elderly|older|younger|black|white|big) (?:man|woman|lady|girl|boy|person|lad|lass|guy|gentleman)(?![a-z]))(?:{_LOOK},? ){{1,3}}{_ROLE}(?![a-z])|(?<![a-z])(?:that|this) (?:young|older|nice) (?:lady|man|woman|lad|lass|girl|gentleman)(?![a-z])"
    ),
    re.compile(
        rf"(?<![a-z])(?<!speak to )(?<!talk to )(?<!see )(?<!with )(?:the|your|that|this) (?!(?:concerned|other|same|whole|first|second|third|last|next|only|actual|single|wrong|right|usual|poor|so|stupid|bloody|damn|own|previous|nearest|local|proper|right|relevant|responsible|new|old|my|nice|lovely) )[a-z-]{{3,12}} {_POST_EN}(?![a-z])(?!'s? )"
    ),
    re.compile(
        rf"(?<![a-z])(?:the|that|this|your|an?|one of (?:the|your)) (?:[a-z-]+ ){{0,2}}?{_ROLE}s? who (?!live|own|park|rent|attack|hit|stole|robbed|stab|know|can|will|could|would|is|are|has|had|don|do|did|need|want|care|should|may|might)(?:was |were )?[a-z']+(?: (?:me|us|it)(?![a-z]))?(?: (?:the|my|our) (?:call|phone|door|job|desk|meter|order|case|claim|pipe|line)(?![a-z]))?"
    ),
    re.compile(
        rf"(?<![a-z])(?:the|your|that|this) (?:[a-z-]+ )?(?:{_POST_EN}|[a-z-]*m(?:aster|istress)) (?:at|of|in|on|from) (?!my |our |fault|all|least|once|first|last|time|home|work|course|which|it |them |him |her |being|having|going)(?:the |your )?[a-z0-9:'&.-]{{2,}}"
    ),
    re.compile(
        rf"(?<![a-z])(?:the|your|that|an?) (?!person)(?:[a-z]+ )?(?:{_ROLE}|{_POST_EN}) (?:(?:who was )?on (?:duty|shift|call)|in charge)(?![a-z])"
    ),
    re.compile(
        r"(?<![a-z])(?:the|your|that|this) (?:lollipop|dinner|cleaning|tea|bin|delivery|reception) (?:lady|man|woman)(?![a-z])"
    ),
    re.compile(
        rf"(?<![a-z])(?:(?:an? |the |your |this |that )?{_ROLE},? (?:(?:with )?(?:badge|id|number|no\.?|collar number|id badge)(?: (?:number|no\.?))?[ :#]*)?|(?:badge|staff|employee|id badge|collar|officer|agent|operator|adviser|advisor|driver|guard|pcso|wpc|pc|constable|warden|conductor|inspector|steward)(?: (?:no\.?|number|id|code))?(?: (?:is|was|said|reads?|reading))?[ :#]{{1,2}})[a-z]{{0,3}}-?[0-9]{{2,8}}(?![0-9a-z])"
        rf"|(?<![a-z])(?:the|your) driver (?:of|on) (?:the |your )?(?:bus |tram |route |number |no\.? ){{0,2}}[0-9]{{1,3}}[a-z]?(?: bus| tram)?(?![0-9a-z])"
        rf"|(?<![a-z])(?:the|an?|your) {_ROLE} (?:you|they|that you|who you) (?:sent|send)(?![a-z])"
    ),
)
_CAP_NAME = r"(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-z'-]{1,14}(?: [A-Z][a-z'-]{1,15})?"
#: "the woman in HR, Lorna Dace,"
_BESIDE = re.compile(rf"(?:, (?=[A-Z][\w' .-]{{1,30}}(?:[,.;!]|$))| )(?P<name>{_CAP_NAME})(?![A-Za-z'])")
#: "Linda in admissions says"
_IN_SOMETHING = re.compile(
    rf"(?<![A-Za-z])(?P<name>{_CAP_NAME}) (?:in|from|at|on) (?:the |your )?(?:[a-z-]+ )?[a-z-]+ (?=(?:say|says|said|tells|told|promised|was|is|has|had|sent|never|keeps|just|did|didn't|took|gave|put|hung|asked|refused|insisted|assured|explained|confirmed|helped|couldn't|can't|won't|would)(?![a-z]))"
)
#: "spoke to Harriet on Monday and Giles on Wednesday"
_SECOND = re.compile(
    r", (?:then |and )?(?P<listed>[A-Z][a-z]+)(?=,| and)|(?: on)?[ \x00]* and (?:then )?(?P<name>[A-Z][a-z]+)(?= (?:on|the|yesterday|again)|[ ,.]*\x00|[.,]|$)"
)
#: "rep told me his name was Curtis", "she gave her name as Dawn"
_GAVE_NAME = re.compile(
    r"(?<![A-Za-z])(?:(?:[Ss]taff(?: member)?|[Ee]mployee|[Aa]gent|[Aa]dvis[eo]r|[Oo]perator)(?: name)?:|[Hh]is|[Hh]er|[Tt]heir)(?: first| last)?(?:(?<=:)| name(?:'s| is| was| as)?) (?P<name>[A-Z][a-z'-]+(?: [A-Z][a-z'-]+)?)"
)
_TITLED = re.compile(
    rf"(?<![A-Za-z])(?:(?:[Tt]he|[Yy]our) (?:[a-z]+ )?{_POST_EN}, )?(?:(?:[Yy]our|[Tt]he|[Aa]|[Aa]n|[Mm]y) )?(?:Mr|Mrs|Ms|Miss|Dr|PC|DC|WPC|Sgt|Cllr|Sister|(?i:officer|nurse|inspector|sergeant|constable|councillor|professor|manager|supervisor|conductor|driver|engineer|technician|clerk|agent|adviser|advisor|doctor|warden|caretaker|receptionist|receptionists|operator|teacher|headteacher|plumber|guard|detective|captain|colleague|matron|landlord))\.? (?!(?:Said|Was|Is|Told|Who|And|The|At|In|On|For|ID|Number|No|I|Mr|Mrs)(?![a-z]))[A-Z][a-z]+(?:[ '-][A-Z][a-z]+)?(?:,? the (?:[a-z]+ )?{_POST_EN}(?![a-z])|,? (?:badge|id|collar|staff)(?: (?:number|no\.?))? [A-Z]{{0,2}}[0-9]{{2,6}})?"
)
_AT_DESK = re.compile(
    rf"(?<![A-Za-z])(?<!Mr )(?<!Mrs )(?<!Ms )(?<!Miss )(?P<name>[A-Z][a-z]{{2,12}}(?: [A-Z][a-z]+)?) (?:in|from|at|on|behind) (?:(?:the|your|our) )?(?:[A-Za-z]+ ){{0,2}}?(?:accounts|billing|reception|housing|complaints|customer (?:service|services|care|support)|sales|support|collections|payroll|admin|HR|enquiries|parking|planning|claims|returns|dispatch|lettings|repairs|maintenance|finance|human resources|refunds|bookings|reservations|department|dept|team|branch|call centre|helpline|{_DESK})(?![a-z])"
)
#: Any word for one who does something: "your assessor Gordon Leck", "the stylist, Mina".
_BY_NAME = re.compile(
    rf"(?<![A-Za-z])(?:(?:[Yy]our|[Tt]he|[Tt]heir|[Aa]n?|[Ss]ome|[Tt]his|[Tt]hat|[Mm]y(?= (?:case|social|key|support|housing|duty|health) ?(?:worker|officer|visitor|manager))) (?:[a-z-]+ ){{0,2}}?)(?P<post>[a-z]{{2,}}(?:er|or|ist|ian|ant|ent|ive|ee|man|woman)|{_ROLE})(?P<told> who [a-z' \x00]{{2,40}}?)?,? \(?(?:an? |called |named |I think |maybe )?(?P<name>{_CAP_NAME})(?![A-Za-z'])"
)
#: Those words that are no posts, or posts of nobody here.
_NO_POST = re.compile(
    r"(?:after|never|ever|over|under|other|another|however|either|neither|whether|rather|later|former|number|letter|order|water|meter|paper|power|tower|river|corner|counter|center|computer|router|boiler|shower|gutter|dinner|summer|winter|october|november|september|december|offer|cover|banner|poster|trailer|cooker|freezer|charger|printer|scooter|elevator|escalator|generator|transformer|door|floor|motor|mirror|error|minor|major|prior|poor|monitor|sector|customer|passenger|neighbour|neighbor|brother|sister|mother|father|daughter|grandmother|grandfather|stepfather|stepmother|lover|partner|carer|owner|buyer|tenant|resident|patient|student|parent|restaurant|apartment|department|government|document|payment|appointment|agreement|statement|settlement|moment|event|accident|incident|cent|rent|talent|present|recent|different|current|silent|urgent|want|plant|grant|elephant|relevant|important|giant|garden|german|human|woman|man|indian|italian|australian|canadian|asian|russian|pedestrian|vegetarian|list|dentist|cyclist|tourist|artist|active|native|relative|alternative|live|drive|give|five|coffee|fee|see|free|three|committee|refugee|employee benefits)"
)
_SIGNED = re.compile(
    r"(?<![A-Za-z])(?:dealt with by|served by|(?:[Ss]poke|spoken) (?:to|with)|speaking (?:to|with)|(?:seen|assisted|refused|interviewed|told) by|handled by|helped by|talked to) ([A-Z][a-z]+(?: [A-Z][a-z]+)?)(?![a-z])"
)
#: Without one of these nobody of the staff is spoken of, and the slower patterns need not run.
_LETTERS = re.compile("[a-z]{2}")
_ANYBODY_ZH = re.compile(
    rf"[姓号牌]|[部科处组队室]的|中心的|公司的|窗口|柜台|物业|社区|{_POST}|{_PERSON}|{_TITLE}|大褂|制服|便[装衣]|[小老阿大][一-鿿]|[姐哥叔姨伯工]|[男女]"
)
_ANYBODY_EN = re.compile(
    rf"{_ROLE}|{_POST_EN}|m(?:aster|istress) |badge|staff|employee|collar|pc |colleague|someone|somebody|called|named|the name|pcso|wpc|driver|h(?:is|er) "
)


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """People in order of appearance within each way of naming them; overlapping ways are joined later."""
    text = folded.text
    if folded.chinese and _ANYBODY_ZH.search(text):
        for pattern in _ZH:
            for match in pattern.finditer(text):
                yield _staff(folded, match.start(), match.end())
        yield from _by_name(folded)
    if _LETTERS.search(text):
        yield from _english(folded)


def _by_name(folded: Folded) -> Iterator[Detail]:
    """Posts with the name of who holds them."""
    text = folded.text
    for match in _POST_OF_NAME.finditer(text):
        familiar = _FAMILIAR.match(text, match.end())
        if familiar is None and _VAGUE_POST.search(match[0]) and not _THEN_TOLD.match(text, match.end()):
            continue
        end = familiar.end() if familiar else name_end(text, match.end())
        if latin := _LATIN.match(folded.cased, match.end()):
            yield _staff(folded, match.start(), latin.end())
        if end and not name_words().is_word(text[match.end() : end]):
            yield _staff(folded, match.end() if match["where"] else match.start(), end)
    for match in _OF_DEPARTMENT.finditer(text):
        end = name_end(text, match.end())
        if end and not name_words().is_word(text[match.end() : end]):
            yield _staff(folded, match.start(), end)


def _english(folded: Folded) -> Iterator[Detail]:
    if _ANYBODY_EN.search(folded.text):
        by_name = any(word in folded.text for word in ("name", "called", "badge"))
        for pattern in _TOLD if by_name else _TOLD[1:]:
            for match in pattern.finditer(folded.text):
                beside = _BESIDE.match(folded.cased, match.end()) if " who " not in match[0] else None
                named = beside and is_name(beside["name"], this=True)
                yield _staff(folded, match.start(), beside.end() if beside and named else match.end())
    yield from _english_names(folded)
    for start, end in named_people(folded.cased, folded.text):
        yield _staff(folded, start, end)


def _english_names(folded: Folded) -> Iterator[Detail]:
    """People of the staff by their names alone, with where they sit or what they are."""
    for match in _AT_DESK.finditer(folded.cased):
        if is_name(match["name"], this=True) and not match["name"].endswith(("ed", "aid")):
            yield _staff(folded, *match.span("name"))
    for match in _BY_NAME.finditer(folded.cased):
        if not _NO_POST.fullmatch(match["post"]) and is_name(match["name"], this=True):
            closed = "(" in match[0] and folded.cased[match.end() : match.end() + 1] == ")"
            yield _staff(folded, match.start("name" if match["told"] else 0), match.end() + closed)
    for match in _GAVE_NAME.finditer(folded.cased):
        yield _staff(folded, *match.span("name"))
    for match in _TITLED.finditer(folded.cased):
        yield _staff(folded, match.start(), match.end())
    for match in _IN_SOMETHING.finditer(folded.cased):
        known = match["name"].split()[0].lower() in name_words().given_en
        if known or (
            match.start() and folded.cased[match.start() - 2] not in ".!?" and is_name(match["name"])
        ):
            yield _staff(folded, *match.span("name"))
    for match in _SIGNED.finditer(folded.cased):
        yield _staff(folded, match.start(1), match.end(1))
        second = _SECOND.match(folded.cased, match.end())
        while second and is_name(second[second.lastgroup or 0], this=True):
            yield _staff(folded, *second.span(second.lastgroup or 0))
            second = _SECOND.match(folded.cased, second.end())


def _staff(folded: Folded, start: int, end: int) -> Detail:
    return folded.detail("staff", folded.said(start, end), start, end)
