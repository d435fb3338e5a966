"""The ways of writing a sum of money. Patterns see folded text."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from decimal import Decimal

from understanding.details.numbers import EN_WORD

SIGNS = {"¥": "CNY", "£": "GBP", "€": "EUR", "us$": "USD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD", "a$": "AUD", "au$": "AUD", "c$": "CAD",
          "ca$": "CAD", "rmb": "CNY", "cny": "CNY", "usd": "USD", "hkd": "HKD", "gbp": "GBP", "eur": "EUR", "twd": "TWD", "sgd": "SGD",
          "mop": "MOP", "₹": "INR", "₦": "NGN", "₵": "GHS", "₱": "PHP", "ngn": "NGN", "ghs": "GHS", "gh₵": "GHS", "kshs": "KES", "ksh": "KES", "ksh.": "KES", "kshs.": "KES", "kes": "KES", "ugx": "UGX", "tzs": "TZS", "zar": "ZAR", "php": "PHP", "aed": "AED", "rm": "MYR", "rs.": "INR", "rs": "INR", "inr": "INR", "aud": "AUD", "cad": "CAD"}  # fmt: skip
UNITS = {"元": "", "块": "", "圆": "", "蚊": "HKD", "人民币": "CNY", "rmb": "CNY", "yuan": "CNY", "kuai": "CNY", "cny": "CNY", "元人民币": "CNY",
          "美元": "USD", "美金": "USD", "刀": "USD", "dollars": "", "dollar": "", "bucks": "", "usd": "USD", "us dollars": "USD",
          "hong kong dollars": "HKD", "港币": "HKD", "港元": "HKD", "港纸": "HKD", "hkd": "HKD", "台币": "TWD", "新台币": "TWD",
          "英镑": "GBP", "镑": "GBP", "pounds": "GBP", "pound": "GBP", "quid": "GBP", "gbp": "GBP", "sterling": "GBP",
          "欧元": "EUR", "欧": "EUR", "euros": "EUR", "euro": "EUR", "eur": "EUR", "rupees": "INR", "日元": "JPY", "澳元": "AUD",
          "ringgit": "MYR", "myr": "MYR", "mop": "MOP", "sgd": "SGD", "aud": "AUD", "cad": "CAD", "nzd": "NZD", "jpy": "JPY", "krw": "KRW", "thb": "THB", "rub": "RUB", "idr": "IDR", "twd": "TWD", "rs": "INR", "inr": "INR", "rupee": "INR", "rupiah": "IDR", "baht": "THB", "roubles": "RUB", "卢布": "RUB", "naira": "NGN", "ngn": "NGN", "cedis": "GHS", "cedi": "GHS", "ghs": "GHS", "shillings": "KES", "bob": "KES", "ksh": "KES", "kes": "KES", "rand": "ZAR", "zar": "ZAR", "pesos": "PHP", "php": "PHP", "dirhams": "AED", "aed": "AED", "韩元": "KRW", "泰铢": "THB", "卢比": "INR", "大洋": "", "加元": "CAD", "新币": "SGD", "葡币": "MOP"}  # fmt: skip
SMALL = {
    "毛": Decimal("0.1"),
    "角": Decimal("0.1"),
    "分钱": Decimal("0.01"),
    "pence": Decimal("0.01"),
    "p": Decimal("0.01"),
    "cents": Decimal("0.01"),
    "cent": Decimal("0.01"),
}
SCALES = {
    "k": 1000,
    "万": 10_000,
    "w": 10_000,
    "千": 1000,
    "百": 100,
    "m": 1_000_000,
    "grand": 1000,
    "thousand": 1000,
    "million": 1_000_000,
    "hundred": 100,
    "lakh": 100_000,
    "lakhs": 100_000,
    "lac": 100_000,
    "lacs": 100_000,
    "crore": 10_000_000,
    "crores": 10_000_000,
    "亿": 100_000_000,
}

_DIGITS = r"(?<=€)[0-9]{1,5},[0-9]{2}(?![0-9])|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,4})?|[0-9]{1,12}(?:\.[0-9]{1,4})?"
_ZH_NUMBER = r"(?:[0-9]{1,4}(?:\.[0-9]{1,2})?[万千w][0-9]{1,4}(?![0-9])|[一二两三四五六七八九十百千万亿零〇壹贰叁肆伍陆柒捌玖拾佰仟俩仨]{1,16})"
_ZH_ANY = r"[0-9一二两三四五六七八九十百千万亿零〇壹贰叁肆伍陆柒捌玖拾佰仟俩仨]"
_EN_NUMBER = rf"(?:half )?(?:a couple of |a few |(?:a |{EN_WORD} )?)?(?:hundred|thousand|grand|million)(?: (?:and )?{EN_WORD}(?: hundred(?: (?:and )?{EN_WORD})?)?)?|{EN_WORD}|a couple of hundred"
_APPROX_BEFORE = r"(?P<approx>大概|大约|差不多|将近|约|近|快|起码|至少|about|around|roughly|nearly|almost|approx\.?|approximately|some|over|more than|at least|up to)?\s?"
_SIGN = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))
#: "N15,000", "R450.00": a letter alone is a currency only before a number that is written like a sum.
LETTERS = {"n": "NGN", "r": "ZAR", "p": "PHP"}
_LETTER = r"(?<![a-z0-9.#-])[nrp](?=[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]{1,6}\.[0-9]{2}(?![0-9.]))"
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_SCALE = r"k|万|w|千|百|m|grand|thousand|million|lakhs?|lacs?|crores?|亿"
_MORE = r"(?P<more>多|来|余|几|出头|好几|\+| odd| or so| something)?"

SIGNED = re.compile(
    rf"{_APPROX_BEFORE}(?:(?P<sign>(?<![a-z])(?:{_SIGN})|\$|{_LETTER})\s?)(?P<number>{_DIGITS})\s?(?P<scale>(?:{_SCALE})(?![a-z]))?(?![0-9]|[.,][0-9])(?P<more>多|来|余|\+| odd| or so)?(?P<tail>元|块钱?)?"
)
UNITED = re.compile(
    rf"{_APPROX_BEFORE}(?<![a-z0-9.点])(?<![0-9],)(?P<number>[0-9零一二两三四五六七八九十百千]{{1,4}}点[0-9零一二三四五六七八九]{{1,2}}|{_DIGITS}|(?<![第一-鿿]){_ZH_NUMBER}|(?<=[一-鿿]){_ZH_NUMBER}|(?<![a-z])(?:{_EN_NUMBER}))\s?(?P<scale>(?:{_SCALE})(?![a-z]))?"
    rf"{_MORE}(?P<scale2>[百千万亿])?\s?(?P<unit>(?:{_UNIT})(?![a-z])|毛|角|分钱|pence(?![a-z])|cents?(?![a-z])|(?<=[0-9])p(?![a-z])|(?<=[a-z] )p(?![a-z]))(?P<money>钱)?"
    rf"(?P<tail>[零〇][一二三四五六七八九]分|[零〇]?[0-9一二三四五六七八九](?:[毛角](?:[0-9一二三四五六七八九]分?)?|(?!(?!一[斤度张个瓶次份位人晚天月年平吨方米碗杯包盒笔])[0-9一二三四五六七八九十百千万年月日号点天个人次小分层楼米平张斤瓶条份袋包盒碗杯双件台套只把公升度位晚间桌顿户趟箱夜场节课期周季片块株棵])|[0-9](?![0-9年月日号]))钱?|(?<=[a-z]) (?:and )?(?P<pence>(?:ten|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?(?=$|[,.!;?]| (?:for|and|more|too|each|a|in|to|on|from|when|instead|extra|off|back|but|which|because)(?![a-z]))|[0-9]{{2}}(?![0-9a-z:%.,]| ?[a-z])|(?:[0-9]{{1,2}}|{EN_WORD})(?= (?:cents?|pence|p)(?![a-z]))) ?(?:cents?|pence|p)?)?"
)
SEVERAL = re.compile(
    r"(?P<lead>好?几)(?P<scale>[十百千万])(?:多|来)?(?P<scale2>[百千万])?(?P<unit>元|块钱?|万元|美元|美金|刀|港币|镑)"
)
#: "花了两千多": a number without a unit, where money is the only reading.
_CUE = (
    r"(?:(?:吞|抠|敲|诓|骗取|套|刮|找|搭|顺走|偷|抢|丢|花|收|交|扣|付|赔|退|补|罚|坑|骗|转账?|打款|充值?|到账|存|送|刷|返|贴|垫|借|欠|差|亏|讹|宰|卖|少给|少发|少退|少算|多算|多给|多收|多扣|多交|补交|补缴|索要|索赔|补偿|赔偿|要)(?:掉|走|出去?|去|给|费|款|钱|卖)?(?:了|过)?(?:我们?|你们?|他们?|她|俺们?|咱们?|人家?|家|老人家?|客人)?"
    r"|押金|定金|订金|费用|价格|单价|票价|报价|标价|要价|房租|月租|租金|[一-鿿](?<![免浪])费|月薪|底薪|薪水|每(?:期|月|人|晚|吨|度|平米?|平方|斤|次|趟|节|件|份|单)(?=[0-9]{2}|[一二两三四五六七八九十]{2})|打车|打的|坐车|车票|门票|工资|工钱|补贴|罚单|罚款|余额|账单|饭钱|房费|合计|总共|一共|总价|损失|(?:涨|降|变|加|升|提|调|减|改|蹦|跳|飙|窜|翻)(?:到|成|至|为)了?|(?:给了|发了|剩下?|还剩)(?=[一二两三四五六七八九十]{1,2}[百千万])|少了|短了|亏了|涨了|贵了|便宜了|打折后|实付|正常(?:是|才|就|只要?)|(?:多|少|乱|错)[收扣交付算给]的|降了|说好的?|讲好|谈好|结账|结算|买单|算下来|开价|喊价|叫价|一[件条双台份套瓶箱盒桌顿节](?=[0-9]{2}|[一二两三四五六七八九]?[十百千])|只要|卖到|补偿款|赔偿款|保费|首付|尾款|欠款|差价|原价|现价|市场价|网上价|本来|以前|平时|别人|别家|人家)"
)
_FILL = r"(?:是|一笔|小|大约|为|了|大概|大约|差不多|将近|快|有|要|都|就|才|也|还|我|我们|给|一共|总共|整整|足足|得|竟然|居然|至少|起码|超过|前后|来回|:|,| ){0,4}"
#: "电费单上写的237.64"
PRICE = re.compile(
    r"(?:费|账|价|款|金额|钱|单)[^,。!?;0-9]{0,6}(?P<number>[0-9]{1,6}\.[0-9]{1,2})(?![0-9.%a-z]|元|块|公?[里斤分]|[吨度米方个折倍年月])"
)
_MEASURE = r"[个次天年月日号点人小分遍回趟口户家辆台件秒层楼倍%％岁米平公斤条张单笔周晚礼星期顿把下起些直般样定兆伏瓦积客业用居共切律致并旦向贯只间套份门名位样直通步杯碗瓶箱袋本部颗包轮站桌多来几余克升度章级班页句字项道刀里路栋幢期排场种批夜宿刻钟世代]"
BARE_ZH = re.compile(
    rf"{_CUE}{_FILL}(?P<about>大概|大约|差不多|将近|快|至少|起码|超过)?(?P<number>{_DIGITS}|{_ZH_NUMBER})(?:(?P<scale>[万千wk](?![a-z]))|(?!(?!一[直共旦样些般起]){_ZH_ANY}))(?P<more>多|来|几|出头|余)?(?P<scale2>[百千万](?!{_ZH_ANY}))?(?![0-9a-z.-]|{_MEASURE}|元|块|毛|角|打|人工|热线|这|那)"
)
#: "从四十几涨到一百": the verb says that it is money.
FROM_TO_ZH = re.compile(
    rf"从(?:[^,。!?;0-9]{{0,8}}的)?(?P<number>{_DIGITS}|{_ZH_NUMBER})(?P<more>多|来|几)?(?:块钱?|元)?(?=[^,。!?;0-9]{{0,4}}(?:涨|降|变|加|升|提|调|减)(?:到|成|至))"
)
#: "一百五", "三万六": a last digit without its unit is a price, wherever it stands alone.
#: "三四千打水漂": three or four thousand of anything unnamed is money.
ABOUT_ZH = re.compile(
    rf"(?<![第0-9.a-z#]|{_ZH_ANY})(?P<number>[一二两三四五六七八][二三四五六七八九][百千万]|[0-9]{{1,4}}(?:\.[0-9]{{1,2}})?[万w](?![0-9a-z+]))(?!{_ZH_ANY}|{_MEASURE}|步|字|阅|播|粉|公|元|块|毛|[a-z])"
)
#: "15万首付", "4800一个月房租": what the sum is for stands behind it.
FOR_ZH = re.compile(
    rf"(?<![第0-9.a-z#]|{_ZH_ANY})(?P<number>{_DIGITS}|{_ZH_NUMBER})(?P<scale>[万千wk](?![a-z]))?(?P<more>多|来)?(?=的?(?:一个?[月年季]度?的?)?(?:现金|首付|押金|定金|订金|学费|房租|租金|月租|工资|薪水|货款|罚款|罚金|手续费|违约金|赔偿金?|医药费|维修费|物业费|补贴|保证金|工钱|本金|中介费|服务费|停车费|车费|话费|尾款|房款|预付款|会费|年费|运费|差价))"
)
#: "港币三百八": the currency stands before the sum.
NAMED_ZH = re.compile(
    rf"(?P<named>港币|港元|人民币|美元|美金|台币|新台币|欧元|英镑|日元|澳元|加元)\s?(?P<number>{_DIGITS}|{_ZH_NUMBER})(?P<scale>[万千wk](?![a-z]))?(?P<more>多|来)?(?!{_ZH_ANY})"
)
#: "cost nineteen ninety-nine", "five k", "1.2k".
FOR_EN = re.compile(
    rf"(?<![a-z0-9.£$€#:/-])(?P<number>{_DIGITS}|(?:a |{EN_WORD} )(?:hundred|thousand|grand)(?: (?:and )?{EN_WORD}(?: hundred)?)?)(?= (?:deposit|fine|penalty|surcharge|late fee|admin fee|call-?out (?:fee|charge))(?![a-z]))"
)
KILO = re.compile(
    rf"(?<![a-z0-9.£$€#:/-])(?P<number>[0-9]{{1,4}}(?:\.[0-9]{{1,2}})?|(?<![a-z]){EN_WORD} )(?P<scale>k)(?![a-z0-9]| (?:run|race|steps|followers|resolution))"
)
SHORT = re.compile(
    rf"(?<![第0-9.a-z#]|{_ZH_ANY})(?P<number>(?:[一两二三四五六七八九]万)?(?:[一两二三四五六七八九]千)?(?:[一两二三四五六七八九]百)?(?<=[百千万])[一二三四五六七八九]|[一二两三四五六七八九几][百千万](?=出头|多(?!{_ZH_ANY}|{_MEASURE}|[元块名公平英海人])))(?P<more>出头|多)?(?:(?=一[斤度张个瓶次份位人晚天月年])|(?!{_ZH_ANY}|{_MEASURE}|元|块|毛|[a-z]))"
)
#: "一个车位五十", "每人八十": the price of one.
EACH_ZH = re.compile(
    r"(?:一[个张份位趟碗间晚桌箱件把只条]|每[个张份位趟碗间晚桌箱件人])[一-鿿]{0,4}?(?P<number>[1-9][0-9]{1,4}|[二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九][百千万][一二三四五六七八九]?)(?=[,。!;]|$)"
)
#: "这个月六百七十多": a number of hundreds and more that counts nothing is money.
MORE_ZH = re.compile(
    rf"(?<![第0-9.a-z#跳压重温速高度糖脂]|{_ZH_ANY})(?P<number>[一二两三四五六七八九十]{{1,2}}万(?:[一二两三四五六七八九]千)?|[一二两三四五六七八九](?:百|千(?:[一二两三四五六七八九]百)?)(?:[一二三四五六七八九]十)?)(?P<more>多|出头)(?=的?[,。!;]|的?$|的[一-鿿])"
)
#: "1,250" by itself
COMMA_ZH = re.compile(
    r"(?<![0-9],)(?:^|(?<=[,。;! ]))(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?)(?=[,。;!]|$)"
)
_EN_UNIT_AFTER = r"(?:times|hours?|hrs?|days?|weeks?|months?|years?|minutes?|mins?|people|stars?|per ?cent|calls?|visits?|nights?|items?|am|pm|of (?:us|them|my|the)|th|st|nd|rd|miles?|km|floors?|kids?|children|different|separate|more|other|mbps|mb|gb|kwh|kw|units?|points?|extra|additional|bags?|boxes|books?|letters?|emails?|forms?|trips?|attempts?|cars?|men|women|guys|o'?clock|years? old|and a half)"
_EN_MONEY_VERB = r"(?:charged?|charging|paid|pay|paying|cost(?:s|ing)?|refund(?:ed)?|owe[sd]?|worth|deducted|debited|credited|spent|spend|fined?|asked for|asking(?: for)?|demanded|demanding|quoted|overcharged|billed|invoiced|withdrew|compensation of|deposit (?:of|was|is)|fee (?:of|was|is)|price (?:of|was|is|went up to)|bill (?:of|was|is|for|came to)|fine (?:of|was|is)|rent (?:is|was|of)|fare (?:is|was)|total (?:of|was|is)|came to|instead of|went up (?:to|from)|rose to|sold for|refund of|sum of|amount of)"
TILL_EN = re.compile(
    rf"(?<![a-z]){_EN_MONEY_VERB}(?: (?:me|us|him|her|them|about|just|only)){{0,2}} (?P<number>{EN_WORD}) (?P<pence>(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)(?![a-z])"
)
BARE_EN = re.compile(
    rf"(?<![a-z]){_EN_MONEY_VERB}(?: (?:me|us|him|her|them|of|back|out|about|around|over|nearly|almost|a|the|for|by|an extra|extra|another|roughly|at least)){{0,3}} (?P<number>{_DIGITS}|(?:(?:a|{EN_WORD}) (?:hundred|thousand|grand)(?: (?:and )?{EN_WORD})?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|fifteen|ten|twelve|eighteen)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine)(?![a-z]))?))(?P<scale>k| thousand| million| hundred| lakhs?| crores?)?(?P<more>\+| odd| something)?(?![0-9a-z%:/-]|[.,][0-9]| ?x ?[0-9£$€]| ?{_EN_UNIT_AFTER}(?![a-z]))"
)
#: "from 30 to 95 quid", "20 to 30 pounds": the first sum has the unit of the second.
FROM_TO_EN = re.compile(
    rf"(?<![a-z0-9.:])(?P<number>{_DIGITS})(?= (?:to|or|and|instead of|not) (?:{_DIGITS}) ?(?:{_UNIT})(?![a-z]))"
)
#: "200-300元", "三到五千块": one sum, not exactly known; the upper end counts.
RANGE_ZH = re.compile(rf"(?:{_DIGITS}|[一二两三四五六七八九十百千万]{{1,6}})(?:百|千|万)?(?:元|块)?[-~到至]$")
NOTES = re.compile(r"(?<![a-z])(?P<many>a|one|two|three|[0-9]) (?P<note>tenner|fiver)s?(?![a-z])")
LAKH = re.compile(
    rf"(?<![a-z0-9.])(?P<number>[0-9]{{1,3}}(?:\.[0-9]{{1,2}})?|{EN_WORD}|a|half) (?P<scale>lakhs?|lacs?|crores?|grand)(?: (?P<rest>[0-9]{{1,3}}|{EN_WORD}) (?P<rest_scale>thousand|lakhs?))?(?: rupees| rs)?(?![a-z])"
)
#: "百八十块", "千把块": not more than a rough idea.
ROUGH = re.compile(
    r"(?<![一二两三四五六七八九十几0-9])(?P<number>百八十|千八百|百十来?|百来|千把|万把|百把|千来|万来)(?P<unit>元|块钱?|港币|美元|镑)"
)
ROUGH_SIZE = {"百": 100, "千": 1000, "万": 10_000}
#: "一分钱没给", "not a single penny": nothing, and no sum.
NOT_A_PENNY_ZH = re.compile(
    r"[^,。!?;]{0,4}(?:没有|没给|没退|没见|关系)|(?:也|都|就|还)?(?:没|不|别|未|无|甭|休想|没有)|都[^,。]{0,3}[没不]|(?:也|都)(?:甭|别|休)"
)
NO_PENNY_BEFORE_ZH = re.compile(
    r"(?:没|没有|未|不|别|无)(?:[收给退拿见花要赔付补]|多收|多花|出)?(?:过|到|你们?|他们?|我们?)?$"
)
NO_PENNY_EN = re.compile(r"(?:not|n't|nor|never|without|no|every)[a-z ]{0,30}$")
#: "买的玉镯4800，": a bare number behind what was bought.
BOUGHT_ZH = re.compile(
    r"(?:买|办|充|交|花|付|订|租|配|抢|(?<![没不未])[换修洗染补][个条块次颗头台]|洗车|洗牙|染发|理发|剪头|做头发)(?:的|了|个|这)?[^,。!?;0-9]{0,6}(?<![号第尾房单编车线路座室栋年月])(?P<number>(?!20[0-3][0-9])[1-9][0-9]{2,4})(?=[,。!;]|$)"
)
#: "128一个月", "加了300的油": a price by what it is for.
PER_ZH = re.compile(
    rf"(?<![0-9.a-z第号栋幢室]|{_ZH_ANY})(?P<number>[1-9][0-9]{{1,3}}(?:\.[0-9]{{1,2}})?|[一二两三四五六七八九]百(?:零?[一二三四五六七八九]十?[一二三四五六七八九]?)?|[二三四五六七八九]十[一二三四五六七八九]?)(?:(?=一(?:套|本|双|瓶|箱|盒|个月|个?小时|年|晚|次|平米?|平方|斤|件|份|位|人|张|顿|桌|节课?)(?:[,。!?;的]|$))|(?=的(?:油|气|货|套餐|红包|话费|团购|会员|电费|水果|菜|酒|票)(?![0-9])))"
)
#: Bare numbers told to be money by the words around them.
BARE_LATIN = (TILL_EN, BARE_EN, FROM_TO_EN, FOR_EN, KILO)
BARE = (
    BARE_ZH,
    EACH_ZH,
    MORE_ZH,
    COMMA_ZH,
    PRICE,
    FROM_TO_ZH,
    SHORT,
    ABOUT_ZH,
    FOR_ZH,
    BOUGHT_ZH,
    PER_ZH,
    *BARE_LATIN,
)
LESS_SURE = {TILL_EN: 0.45, BOUGHT_ZH: 0.6, PER_ZH: 0.6, EACH_ZH: 0.6, MORE_ZH: 0.6, COMMA_ZH: 0.6}
