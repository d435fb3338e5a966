"""How many times, people, households, things. Value: ``{"number": 3, "unit": "times", "approximate": false}``.

``number`` is ``None`` for "好几次" and the like: many, but nobody said how many.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.context import Context
from understanding.details.numbers import DIGITS, EN_SMALL, parse_whole
from understanding.fold import Folded
from understanding.model import Detail

ZH_UNITS: tuple[tuple[str, str], ...] = (
    ("times", r"次|回(?![家来去复应头归答访收款馈事电信])|遍|趟|通电话|个电话|通(?=电话)"),
    (
        "people",
        r"个人|口人|人(?![民工们家行间])|名(?:业主|居民|学生|职工|顾客|乘客|家长|群众|员工|村民|旅客|老人|孩子|小孩|同事)?|(?<![后前中数]一)(?<![后前中数][两二三四五六])(?<![后前中数][0-9])位(?!数|[是为错写反])|号人|口(?=[,。!?都全住挤在等吃被]|$|人)|个(?:老人|小孩|孩子|人|业主|居民|老师|学生|同事|顾客|家长|朋友|师傅|工人|维修工|保安|客服|警察|员工|邻居|租户|住户|亲戚|司机|护士|医生|病人|伤者|男的|女的|大人|娃|小伙|姑娘|工作人员|服务员|骑手|村民|乘客|客人|经理|领导|(?=拉肚子|发烧|受伤|中毒|住院|没来|晕倒))",
    ),
    ("households", r"户(?!口|型|籍|外|主|名|头|号)|家(?:人家|住户|商户)|家(?=都|停电|停水|没电|没水)|户人家"),
    ("vehicles", r"辆车?|台车|部车"),
    (
        "items",
        r"条(?=短信|信息|消息|微信|狗|留言)|把(?=锁|椅|伞|钥匙)|扇(?=窗|门|玻璃)|根(?=管|柱|杆|电线)|头(?=猪|牛|羊)|单(?=[,。!?]|$)|[盏棵株封艘架瓣]|桌(?!子|面|上|椅)|个(?=电话|快递|包裹|路灯|箱子|箱|部门|窗口|车位|房间|垃圾桶|座位|座|投诉|工单|订单|单子|菜|杯子|轮胎|灯泡|插座|摄像头|地方|洞|坑|井盖|鸡蛋|面包|西瓜|苹果|零件|配件|账号|账户|号码|班级|工地|摊位|小区|水表|电表|气瓶|袋子|瓶子|[，,。]|$)|件|台(?!湾)|份|瓶|箱|袋|本|套|部|笔|张|包|只|颗(?!星)|斤|公斤",
    ),
    ("rooms", r"间"),
)
_UNIT = "|".join(f"(?P<u{row}>{pattern})" for row, (_, pattern) in enumerate(ZH_UNITS))
_ZH = re.compile(
    r"(?:(?<![第0-9.#月a-z])(?=[0-9])|(?<![第零一二两三四五六七八九十百千万.月周年#])(?=[^0-9]))(?P<about>大概|大约|差不多|将近|快|近|至少|起码|不下)?"
    r"(?P<number>[0-9]{1,6}|[一二两三四五六七八九十百千万]{1,6}|[俩仨]|好几|好多|无数|几)(?:(?P<dash>[-~到至])(?P<upper>[0-9]{1,4}|[一二两三四五六七八九十百]{1,4}))?"
    rf"(?P<more>多|来|几|好几|余)?(?P<tens>[十百])?(?P<more2>多|来|几)?\s?(?:{_UNIT})(?P<tail>左右|以上)?"
)
_ZH_SPARE = re.compile(
    r"一(?:个人(?!被|受|住)|斤|条|把|扇|根|桌|盏|棵|封|个(?!老人|孩子|小孩)|口|件|份|套|本|部|张|包|只|回|遍|人|位|名|家|间|台|趟|次|笔)"
)
_PAIR = re.compile(r"([一二三四五六七八九])([二三四五六七八九])")
_EN_UNITS: tuple[tuple[str, str], ...] = (
    ("times", r"times|phone calls|calls|visits|occasions|emails|e-mails|attempts|messages"),
    (
        "people",
        r"people|persons?|of us|adults|children|kids|guests|passengers|customers|residents|neighbours|neighbors|colleagues|patients|students|tenants|families of",
    ),
    ("households", r"households|homes|houses|families|flats|apartments"),
    ("vehicles", r"cars|vehicles|vans|lorries|trucks"),
    ("items", r"items|parcels|boxes|bags|bottles|pieces|copies|orders|packages|units|suitcases"),
    ("rooms", r"rooms"),
)
_EN_UNIT = "|".join(f"(?P<u{row}>{pattern})" for row, (_, pattern) in enumerate(_EN_UNITS))
_EN = re.compile(
    rf"(?<![a-z0-9.:/#-])(?P<about>about |around |over |at least |nearly |almost |more than )?(?P<number>(?<!half )a dozen|(?<!not )(?<!no )(?<!only )(?<!n't ){EN_SMALL}|a couple of|several|(?<!how )many|a few)(?P<more>\+| odd| or more)?(?: (?:or|to|-) (?P<upper>{EN_SMALL}))? (?:(?:different|other|separate|phone|more|old|young|whole) )?(?:{_EN_UNIT})(?![a-z])"
)
#: "第三次", "my fourth visit": how often it was by now. A first time is no number that matters.
_ZH_NTH = re.compile(
    r"第(?P<number>[0-9]{1,2}|[二三四五六七八九十百]{1,3}|十[一二三四五六七八九])(?:次|回(?!家)|趟|遍|个电话|封信)"
)
_NTH = {word: place for place, word in enumerate(["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"], start=2)}  # fmt: skip
_EN_NTH = re.compile(
    rf"(?<![a-z0-9])(?P<number>{'|'.join(_NTH)}|[0-9]{{1,2}}(?:st|nd|rd|th)) (?:(?:phone|separate|such|failed|missed|written|formal) )?(?:time|visit|call|attempt|complaint|occasion|trip|letter|e-?mail|appointment|reminder|request|repair|engineer|message|go|round|report|chase|cancellation|delivery|bill|notice|warning|flight|bus|replacement|refund)(?![a-z])"
)
#: Any number of things; what is measured, priced or timed is not counted.
_EN_THINGS = re.compile(
    rf"(?<![a-z0-9.:/#£$€-])(?<!page )(?<!no )(?<!no\. )(?<!in )(?<!number )(?<!line )(?<!bus )(?<!route )(?<!flat )(?<!room )(?<!platform )(?<!step )(?<!question )(?<!part )(?<!block )(?<!unit )(?<!window )(?<!counter )(?<!at )(?<!item )(?<!order )(?<!year )(?P<about>about |around |over |at least |nearly |almost |more than |some |only )?(?P<number>half a dozen|(?:a|one|two|three|four|five) (?:hundred|thousand|dozen)|a dozen|{EN_SMALL})(?:\+| odd| or so| or more)? (?:of (?:my|our|us|them|your|his|her)(?![a-z])|(?:(?!never |not |didn|did |was |is |were |are |has |have |came |told |said |went |of |at |to |in |on |and |or |for |the |per |past |am |pm |o'|st |years? |months? |weeks? |days? |hours? |minutes? |mins? )[a-z-]{{2,14}} ){{0,2}}?(?P<noun>[a-z-]{{3,16}}s|staff|men|women|people|children|police|fish|sheep|geese|mice|feet(?= of water))(?![a-z]))"
)
_EN_NOT_THINGS = re.compile(
    r"(?:.*(?:hour|minute|min|sec|second|day|night|week|month|year|yr|hr|fortnight|decade|centurie|pound|dollar|euro|cent|penc|quid|buck|rupee|percent|mile|metre|meter|kilo|kg|gram|litre|inche|degree|point|star|bar|volt|watt|stone|ton|amp|gig|meg|pixel|step|percentage|lakh|crore|rupee|yuan|grand|morning|afternoon|evening|weekend|birthday|floor|storey|bedroom|bathroom)s|.*(?:ss|us|is|ous|'s)|was|has|does|goes|says|gets|this|its|his|hers|yours|ours|theirs|always|perhaps|besides|sometimes|afterwards|towards|upwards|onwards|inches|times|lots|loads|quarters|halves|thirds|things|marks|cheers|stops|comes|runs|means|needs|wants|keeps|costs|plus|news|thanks|sides)"
)
_EN_FAMILY = re.compile(
    r"(?<![a-z])(?:family|group|party|household|team|queue) of (?P<number>two|three|four|five|six|seven|eight|nine|ten|[0-9]{1,3})(?![a-z0-9])"
)
_EN_X = re.compile(r"(?<![a-z0-9.])(?P<number>[2-9]|[1-9][0-9]) ?x(?![a-z0-9])(?! ?[0-9])")
_PERSONS = re.compile(
    r".*(?:people|person|men|women|children|kids|staff|police|neighbours|neighbors|residents|tenants|passengers|customers|patients|students|pupils|pensioners|workers|engineers|drivers|guards|officers|nurses|doctors|teachers|guests|members|colleagues|adults|babies|boys|girls|ladies|lads|cops|families|parents|friends|visitors|employees|managers|agents|plumbers|electricians|technicians|strangers|victims|relatives|us|them)"
)
_EN_MANY = re.compile(
    r"(?<![a-z])(?:(?:hundreds|dozens|thousands|loads|scores|tons|a number|plenty) of|countless|umpteen|numerous|multiple|god knows how many) (?:phone )?(?:times|calls|emails|e-mails|visits|occasions|people)(?![a-z])"
)
_EN_TIMES = re.compile(r"(?<![a-z])(?P<word>twice|thrice)(?![a-z])")
_EN_VAGUE = ("several", "many", "a few")
_EN_SET = {"a dozen": 12, "a couple of": 2}


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Counts in order of appearance, Chinese first."""
    text = folded.text
    for match in _ZH.finditer(text):
        yield from _chinese(folded, match)
    for match in _EN.finditer(text):
        yield _english(folded, match)
    yield from _ordinals(folded)
    if text.isascii() or re.search("[a-z]{3}", text):
        yield from _things(folded)
    for match in _EN_MANY.finditer(text):
        unit = "people" if match[0].endswith("people") else "times"
        yield folded.detail("count", _value(None, unit, approximate=True), match.start(), match.end(), 0.6)
    for match in _EN_TIMES.finditer(text):
        number = 2 if match["word"] == "twice" else 3
        yield folded.detail("count", _value(number, "times", approximate=False), match.start(), match.end())


def _ordinals(folded: Folded) -> Iterator[Detail]:
    for match in _ZH_NTH.finditer(folded.text):
        number = parse_whole(match["number"])
        if number is not None and number > 1:
            yield folded.detail("count", _value(number, "times", approximate=False), *match.span())
    for match in _EN_NTH.finditer(folded.text):
        number = _NTH.get(match["number"]) or int(re.sub("[a-z]", "", match["number"]) or 0)
        if number > 1:
            yield folded.detail("count", _value(number, "times", approximate=False), *match.span())


def _things(folded: Folded) -> Iterator[Detail]:
    for match in _EN_THINGS.finditer(folded.text):
        said, noun = match["number"], match["noun"] or ""
        number = 6 if said == "half a dozen" else parse_whole(said)
        if number is None or number < 2 or number > 5000 or (noun and _EN_NOT_THINGS.fullmatch(noun)):
            continue
        unit = "people" if _PERSONS.fullmatch(noun or match[0]) else "items"
        about = bool(match["about"] and match["about"] != "only ") or said == "a dozen"
        yield folded.detail(
            "count", _value(number, unit, approximate=about), match.start("number"), match.end(), 0.7
        )
    for match in _EN_FAMILY.finditer(folded.text):
        yield folded.detail(
            "count", _value(parse_whole(match["number"]), "people", approximate=False), *match.span()
        )
    for match in _EN_X.finditer(folded.text):
        yield folded.detail(
            "count", _value(int(match["number"]), "times", approximate=False), *match.span(), 0.8
        )


def _chinese(folded: Folded, match: re.Match[str]) -> Iterator[Detail]:
    said = match["number"]
    unit = next(name for row, (name, _) in enumerate(ZH_UNITS) if match[f"u{row}"])
    if said == "一" and _ZH_SPARE.match(match[0]):
        return
    if said == "几" and not (match["tens"]):
        return
    vague = said in ("好几", "好多", "无数", "几")
    pair = _PAIR.fullmatch(said)
    number = None if vague else DIGITS[pair[2]] if pair else parse_whole(said)
    if not vague and number is None:
        return
    approximate = vague or bool(
        pair or match["about"] or match["more"] or match["more2"] or match["tail"] or match["upper"]
    )
    if match["upper"]:
        number = parse_whole(match["upper"])
    if match["tens"] and not vague and number is not None:
        number *= 10 if match["tens"] == "十" else 100
    start = match.start("number")
    yield folded.detail(
        "count",
        _value(number, unit, approximate=approximate),
        start,
        match.end(),
        0.6 if unit == "items" else 1.0,
    )


def _english(folded: Folded, match: re.Match[str]) -> Detail:
    said = match["number"]
    unit = next(name for row, (name, _) in enumerate(_EN_UNITS) if match[f"u{row}"])
    number = None if said in _EN_VAGUE else _EN_SET.get(said) or parse_whole(match["upper"] or said)
    approximate = (
        said in _EN_VAGUE or bool(match["about"] or match["more"] or match["upper"]) or said in _EN_SET
    )
    return folded.detail(
        "count", _value(number, unit, approximate=approximate), match.start("number"), match.end()
    )


def _value(number: int | None, unit: str, *, approximate: bool) -> dict[str, object]:
    return {"number": number, "unit": unit, "approximate": approximate}
