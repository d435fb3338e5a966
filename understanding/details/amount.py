"""Sums of money. Value: ``{"amount": "120.50", "currency": "CNY"}``, with ``"approximate": true`` if said so."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from understanding.details.context import Context
from understanding.details.hotlines import HOTLINES
from understanding.details.numbers import DIGITS, EN_WORD, parse_number
from understanding.fold import Folded
from understanding.model import Detail

_SIGNS = {"¥": "CNY", "£": "GBP", "€": "EUR", "us$": "USD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD", "a$": "AUD", "au$": "AUD", "c$": "CAD",
          "ca$": "CAD", "rmb": "CNY", "cny": "CNY", "usd": "USD", "hkd": "HKD", "gbp": "GBP", "eur": "EUR", "twd": "TWD", "sgd": "SGD",
          "mop": "MOP", "₹": "INR", "rs.": "INR", "rs": "INR", "inr": "INR", "aud": "AUD", "cad": "CAD"}  # fmt: skip
_UNITS = {"元": "", "块": "", "圆": "", "蚊": "HKD", "人民币": "CNY", "rmb": "CNY", "yuan": "CNY", "kuai": "CNY", "cny": "CNY", "元人民币": "CNY",
          "美元": "USD", "美金": "USD", "刀": "USD", "dollars": "", "dollar": "", "bucks": "", "usd": "USD", "us dollars": "USD",
          "hong kong dollars": "HKD", "港币": "HKD", "港元": "HKD", "港纸": "HKD", "hkd": "HKD", "台币": "TWD", "新台币": "TWD",
          "英镑": "GBP", "镑": "GBP", "pounds": "GBP", "pound": "GBP", "quid": "GBP", "gbp": "GBP", "sterling": "GBP",
          "欧元": "EUR", "欧": "EUR", "euros": "EUR", "euro": "EUR", "eur": "EUR", "rupees": "INR", "日元": "JPY", "澳元": "AUD",
          "ringgit": "MYR", "myr": "MYR", "mop": "MOP", "sgd": "SGD", "aud": "AUD", "cad": "CAD", "nzd": "NZD", "jpy": "JPY", "krw": "KRW", "thb": "THB", "rub": "RUB", "idr": "IDR", "twd": "TWD", "rs": "INR", "inr": "INR", "rupee": "INR", "rupiah": "IDR", "baht": "THB", "roubles": "RUB", "卢布": "RUB", "韩元": "KRW", "泰铢": "THB", "卢比": "INR", "大洋": "", "加元": "CAD", "新币": "SGD", "葡币": "MOP"}  # fmt: skip
_SMALL = {
    "毛": Decimal("0.1"),
    "角": Decimal("0.1"),
    "分钱": Decimal("0.01"),
    "pence": Decimal("0.01"),
    "p": Decimal("0.01"),
    "cents": Decimal("0.01"),
    "cent": Decimal("0.01"),
}
_SCALES = {
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

_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,4})?|[0-9]{1,12}(?:\.[0-9]{1,4})?"
_ZH_NUMBER = r"(?:[0-9]{1,4}(?:\.[0-9]{1,2})?[万千w][0-9]{1,4}(?![0-9])|[一二两三四五六七八九十百千万亿零〇壹贰叁肆伍陆柒捌玖拾佰仟俩仨]{1,16})"
_ZH_ANY = r"[0-9一二两三四五六七八九十百千万亿零〇壹贰叁肆伍陆柒捌玖拾佰仟俩仨]"
_EN_NUMBER = rf"(?:half )?(?:a couple of |a few |(?:a |{EN_WORD} )?)?(?:hundred|thousand|grand|million)(?: (?:and )?{EN_WORD}(?: hundred(?: (?:and )?{EN_WORD})?)?)?|{EN_WORD}|a couple of hundred"
_APPROX_BEFORE = r"(?P<approx>大概|大约|差不多|将近|约|近|快|起码|至少|about|around|roughly|nearly|almost|approx\.?|approximately|some|over|more than|at least|up to)?\s?"
_SIGN = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_SCALE = r"k|万|w|千|百|m|grand|thousand|million|lakhs?|lacs?|crores?|亿"
_MORE = r"(?P<more>多|来|余|几|出头|好几|\+| odd| or so| something)?"

_SIGNED = re.compile(
    rf"{_APPROX_BEFORE}(?:(?P<sign>(?<![a-z])(?:{_SIGN})|\$)\s?)(?P<number>{_DIGITS})\s?(?P<scale>(?:{_SCALE})(?![a-z]))?(?![0-9]|[.,][0-9])(?P<more>多|来|余|\+| odd| or so)?(?P<tail>元|块钱?)?"
)
_UNITED = re.compile(
    rf"{_APPROX_BEFORE}(?<![a-z0-9.点])(?<![0-9],)(?P<number>[0-9零一二两三四五六七八九十百千]{{1,4}}点[0-9零一二三四五六七八九]{{1,2}}|{_DIGITS}|(?<![第一-鿿]){_ZH_NUMBER}|(?<=[一-鿿]){_ZH_NUMBER}|(?<![a-z])(?:{_EN_NUMBER}))\s?(?P<scale>(?:{_SCALE})(?![a-z]))?"
    rf"{_MORE}(?P<scale2>[百千万亿])?\s?(?P<unit>(?:{_UNIT})(?![a-z])|毛|角|分钱|pence(?![a-z])|cents?(?![a-z])|(?<=[0-9])p(?![a-z])|(?<=[a-z] )p(?![a-z]))(?P<money>钱)?"
    rf"(?P<tail>[零〇][一二三四五六七八九]分|[零〇]?[0-9一二三四五六七八九](?:[毛角](?:[0-9一二三四五六七八九]分?)?|(?!(?!一[斤度张个瓶次份位人晚天月年])[0-9一二三四五六七八九十百千万年月日号点天个人次小分层楼米平张斤瓶条份袋包盒碗杯双件台套只把公升度位晚间桌顿户趟箱夜场节课期周季片块株棵])|[0-9](?![0-9年月日号]))钱?|(?<=[a-z]) (?:and )?(?P<pence>[0-9]{{2}}(?![0-9a-z:%.,]| ?[a-z])|(?:[0-9]{{1,2}}|{EN_WORD})(?= (?:cents?|pence|p)(?![a-z]))) ?(?:cents?|pence|p)?)?"
)
_SEVERAL = re.compile(
    r"(?P<lead>好?几)(?P<scale>[十百千万])(?:多|来)?(?P<scale2>[百千万])?(?P<unit>元|块钱?|万元|美元|美金|刀|港币|镑)"
)
#: "花了两千多": a number without a unit, where money is the only reading.
_CUE = (
    r"(?:(?:花|收|交|扣|付|赔|退|补|罚|坑|骗|转账?|打款|充值?|到账|存|送|刷|返|贴|垫|借|欠|差|亏|讹|宰|卖|少给|少发|少退|少算|多算|多给|多收|多扣|多交|补交|补缴|索要|索赔|补偿|赔偿|要)(?:掉|走|出去?|去|给|费|款|钱|卖)?(?:了|过)?(?:我们?|你们?|他们?|她|俺们?|咱们?|人家?|家|老人家?|客人)?"
    r"|押金|定金|订金|费用|价格|单价|票价|报价|标价|要价|房租|月租|租金|[一-鿿](?<![免浪])费|月薪|底薪|薪水|每(?:期|月|人|晚|吨|度|平米?|平方|斤)(?=[0-9]{2}|[一二两三四五六七八九十]{2})|打车|打的|坐车|车票|门票|工资|工钱|补贴|罚单|罚款|余额|账单|饭钱|房费|合计|总共|一共|总价|损失|(?:涨|降|变|加|升|提|调|减|改)(?:到|成|至|为)了?|少了|短了|亏了|涨了|贵了|便宜了|打折后|实付|只要|卖到|补偿款|赔偿款|保费|首付|尾款|欠款|差价|原价|现价|市场价|网上价|本来|以前|平时|别人|别家|人家)"
)
_FILL = r"(?:是|一笔|小|大约|为|了|大概|大约|差不多|将近|快|有|要|都|就|才|也|还|我|我们|给|一共|总共|整整|足足|得|竟然|居然|至少|起码|超过|前后|来回|:|,| ){0,4}"
#: "电费单上写的237.64"
_PRICE = re.compile(
    r"(?:费|账|价|款|金额|钱|单)[^,。!?;0-9]{0,6}(?P<number>[0-9]{1,6}\.[0-9]{1,2})(?![0-9.%a-z]|元|块|公?[里斤分]|[吨度米方个折倍年月])"
)
_MEASURE = r"[个次天年月日号点人小分遍回趟口户家辆台件秒层楼倍%％岁米平公斤条张单笔周晚礼星期顿把下起些直般样定兆伏瓦积客业用居共切律致并旦向贯只间套份门名位样直通步杯碗瓶箱袋本部颗包轮站桌多来几余克升度章级班页句字项道刀里路栋幢期排场种批夜宿刻钟世代]"
_BARE_ZH = re.compile(
    rf"{_CUE}{_FILL}(?P<about>大概|大约|差不多|将近|快|至少|起码|超过)?(?P<number>{_DIGITS}|{_ZH_NUMBER})(?:(?P<scale>[万千wk](?![a-z]))|(?!{_ZH_ANY}))(?P<more>多|来|几|出头|余)?(?P<scale2>[百千万](?!{_ZH_ANY}))?(?![0-9a-z.-]|{_MEASURE}|元|块|毛|角|打|人工|热线|这|那)"
)
#: "从四十几涨到一百": the verb says that it is money.
_FROM_TO_ZH = re.compile(
    rf"从(?:[^,。!?;0-9]{{0,8}}的)?(?P<number>{_DIGITS}|{_ZH_NUMBER})(?P<more>多|来|几)?(?:块钱?|元)?(?=[^,。!?;0-9]{{0,4}}(?:涨|降|变|加|升|提|调|减)(?:到|成|至))"
)
#: "一百五", "三万六": a last digit without its unit is a price, wherever it stands alone.
#: "三四千打水漂": three or four thousand of anything unnamed is money.
_ABOUT_ZH = re.compile(
    rf"(?<![第0-9.a-z#]|{_ZH_ANY})(?P<number>[一二两三四五六七八][二三四五六七八九][百千万]|[0-9]{{1,4}}(?:\.[0-9]{{1,2}})?[万w](?![0-9a-z+]))(?!{_ZH_ANY}|{_MEASURE}|步|字|阅|播|粉|公|元|块|毛|[a-z])"
)
#: "15万首付", "4800一个月房租": what the sum is for stands behind it.
_FOR_ZH = re.compile(
    rf"(?<![第0-9.a-z#]|{_ZH_ANY})(?P<number>{_DIGITS}|{_ZH_NUMBER})(?P<scale>[万千wk](?![a-z]))?(?P<more>多|来)?(?=的?(?:一个?[月年季]度?的?)?(?:首付|押金|定金|订金|学费|房租|租金|月租|工资|薪水|货款|罚款|罚金|手续费|违约金|赔偿金?|医药费|维修费|物业费|补贴|保证金|工钱|本金|中介费|服务费|停车费|车费|话费|尾款|房款|预付款|会费|年费|运费|差价))"
)
#: "港币三百八": the currency stands before the sum.
_NAMED_ZH = re.compile(
    rf"(?P<named>港币|港元|人民币|美元|美金|台币|新台币|欧元|英镑|日元|澳元|加元)\s?(?P<number>{_DIGITS}|{_ZH_NUMBER})(?P<scale>[万千wk](?![a-z]))?(?P<more>多|来)?(?!{_ZH_ANY})"
)
#: "cost nineteen ninety-nine", "five k", "1.2k".
_FOR_EN = re.compile(
    rf"(?<![a-z0-9.£$€#:/-])(?P<number>{_DIGITS}|(?:a |{EN_WORD} )(?:hundred|thousand|grand)(?: (?:and )?{EN_WORD}(?: hundred)?)?)(?= (?:deposit|fine|penalty|surcharge|late fee|admin fee|call-?out (?:fee|charge))(?![a-z]))"
)
_KILO = re.compile(
    rf"(?<![a-z0-9.£$€#:/-])(?P<number>[0-9]{{1,4}}(?:\.[0-9]{{1,2}})?|(?<![a-z]){EN_WORD} )(?P<scale>k)(?![a-z0-9]| (?:run|race|steps|followers|resolution))"
)
_SHORT = re.compile(
    rf"(?<![第0-9.a-z#]|{_ZH_ANY})(?P<number>(?:[一两二三四五六七八九]万)?(?:[一两二三四五六七八九]千)?(?:[一两二三四五六七八九]百)?(?<=[百千万])[一二三四五六七八九]|[一二两三四五六七八九几][百千万](?=出头|多(?!{_ZH_ANY}|{_MEASURE}|[元块名公平英海人])))(?P<more>出头|多)?(?:(?=一[斤度张个瓶次份位人晚天月年])|(?!{_ZH_ANY}|{_MEASURE}|元|块|毛|[a-z]))"
)
_EN_UNIT_AFTER = r"(?:times|hours?|hrs?|days?|weeks?|months?|years?|minutes?|mins?|people|stars?|per ?cent|calls?|visits?|nights?|items?|am|pm|of (?:us|them|my|the)|th|st|nd|rd|miles?|km|floors?|kids?|children|different|separate|more|other|mbps|mb|gb|kwh|kw|units?|points?|extra|additional|bags?|boxes|books?|letters?|emails?|forms?|trips?|attempts?|cars?|men|women|guys|o'?clock|years? old|and a half)"
_EN_MONEY_VERB = r"(?:charged?|charging|paid|pay|paying|cost(?:s|ing)?|refund(?:ed)?|owe[sd]?|worth|deducted|debited|credited|spent|spend|fined?|asked for|asking(?: for)?|demanded|demanding|quoted|overcharged|billed|invoiced|withdrew|compensation of|deposit (?:of|was|is)|fee (?:of|was|is)|price (?:of|was|is|went up to)|bill (?:of|was|is|for|came to)|fine (?:of|was|is)|rent (?:is|was|of)|fare (?:is|was)|total (?:of|was|is)|came to|instead of|went up (?:to|from)|rose to|sold for|refund of|sum of|amount of)"
_TILL_EN = re.compile(
    rf"(?<![a-z]){_EN_MONEY_VERB}(?: (?:me|us|him|her|them|about|just|only)){{0,2}} (?P<number>{EN_WORD}) (?P<pence>(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)(?![a-z])"
)
_BARE_EN = re.compile(
    rf"(?<![a-z]){_EN_MONEY_VERB}(?: (?:me|us|him|her|them|of|back|out|about|around|over|nearly|almost|a|the|for|by|an extra|extra|another|roughly|at least)){{0,3}} (?P<number>{_DIGITS}|(?:(?:a|{EN_WORD}) (?:hundred|thousand|grand)(?: (?:and )?{EN_WORD})?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|fifteen|ten|twelve|eighteen)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine)(?![a-z]))?))(?P<scale>k| thousand| million| hundred| lakhs?| crores?)?(?P<more>\+| odd| something)?(?![0-9a-z%:/-]|[.,][0-9]| ?x ?[0-9£$€]| ?{_EN_UNIT_AFTER}(?![a-z]))"
)
#: "from 30 to 95 quid", "20 to 30 pounds": the first sum has the unit of the second.
_FROM_TO_EN = re.compile(
    rf"(?<![a-z0-9.:])(?P<number>{_DIGITS})(?= (?:to|or|and|instead of|not) (?:{_DIGITS}) ?(?:{_UNIT})(?![a-z]))"
)
#: "200-300元", "三到五千块": one sum, not exactly known; the upper end counts.
_RANGE_ZH = re.compile(
    rf"(?:{_DIGITS}|[一二两三四五六七八九十百千万]{{1,6}})(?:百|千|万)?(?:元|块)?[-~到至]$"
)
_NOTES = re.compile(r"(?<![a-z])(?P<many>a|one|two|three|[0-9]) (?P<note>tenner|fiver)s?(?![a-z])")
_LAKH = re.compile(
    rf"(?<![a-z0-9.])(?P<number>[0-9]{{1,3}}(?:\.[0-9]{{1,2}})?|{EN_WORD}|a|half) (?P<scale>lakhs?|lacs?|crores?|grand)(?: (?P<rest>[0-9]{{1,3}}|{EN_WORD}) (?P<rest_scale>thousand|lakhs?))?(?: rupees| rs)?(?![a-z])"
)
#: "百八十块", "千把块": not more than a rough idea.
_ROUGH = re.compile(
    r"(?<![一二两三四五六七八九十几0-9])(?P<number>百八十|千八百|百十来?|百来|千把|万把|百把|千来|万来)(?P<unit>元|块钱?|港币|美元|镑)"
)
_ROUGH_SIZE = {"百": 100, "千": 1000, "万": 10_000}
#: "一分钱没给", "not a single penny": nothing, and no sum.
_NOT_A_PENNY_ZH = re.compile(
    r"[^,。!?;]{0,4}(?:没有|没给|没退|没见|关系)|(?:也|都|就|还)?(?:没|不|别|未|无|甭|休想|没有)|都[^,。]{0,3}[没不]|(?:也|都)(?:甭|别|休)"
)
_NO_PENNY_BEFORE_ZH = re.compile(
    r"(?:没|没有|未|不|别|无)(?:[收给退拿见花要赔付补]|多收|多花|出)?(?:过|到|你们?|他们?|我们?)?$"
)
_NO_PENNY_EN = re.compile(r"(?:not|n't|nor|never|without|no|every)[a-z ]{0,30}$")


#: What makes one range of two sums; "from 30 to 95" is a change and stays two.
_BETWEEN = re.compile(r" ?(?:-|~|到|至|or|或者?) ?")
_CHANGED = re.compile(r"(?:from|was|raised|increased|went|up|rose|changed|instead) ?(?:up )?$|从[^,。]{0,8}$")


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Sums in order of appearance within each way of writing; two ends of a range are one sum, its upper end."""
    found = list(_sums(folded, context))
    yield from found
    ends = sorted(
        {(detail.start, detail.end): detail for detail in found}.values(), key=lambda each: each.start
    )
    for lower, upper in pairwise(ends):
        between = folded.original[lower.end : upper.start].lower()
        before = folded.original[max(0, lower.start - 12) : lower.start].lower()
        joined = bool(_BETWEEN.fullmatch(between)) or (between == " to " and not _CHANGED.search(before))
        joined = joined or (between == " and " and before.endswith("between "))
        if joined and not _CHANGED.search(before):
            value = dict(upper.value) | {"approximate": True}
            text = folded.original[lower.start : upper.end]
            yield replace(upper, value=value, text=text, start=lower.start, confidence=0.45)


def _sums(folded: Folded, context: Context) -> Iterator[Detail]:
    text = folded.text
    for match in _SIGNED.finditer(text):
        currency = _SIGNS.get(match["sign"], "") or _dollar(context)
        yield from _sum(folded, match, currency, match.end())
    for match in _UNITED.finditer(text):
        if not _is_trap(text, match):
            yield from _sum(folded, match, _unit_currency(match["unit"], context), match.end())
    for match in _SEVERAL.finditer(text):
        size = Decimal({"十": 10, "百": 100, "千": 1000, "万": 10_000}[match["scale"]])
        value = (
            size * _SCALES.get(match["scale2"] or "", 1) * (10_000 if match["unit"].startswith("万") else 1)
        )
        currency = _unit_currency(match["unit"].removesuffix("钱").removeprefix("万"), context)
        yield folded.detail(
            "amount", _value(value, currency, approximate=True), match.start(), match.end(), 0.45
        )
    yield from _colloquial(folded, context)
    for match in _NAMED_ZH.finditer(text):
        yield from _sum(folded, match, _unit_currency(match["named"], context), match.end())
    for pattern in (
        _BARE_ZH,
        _PRICE,
        _FROM_TO_ZH,
        _SHORT,
        _ABOUT_ZH,
        _FOR_ZH,
        _TILL_EN,
        _BARE_EN,
        _FROM_TO_EN,
        _FOR_EN,
        _KILO,
    ):
        for match in pattern.finditer(text):
            if not _is_hotline_or_year(text, match):
                yield from _sum(
                    folded,
                    match,
                    context.currency,
                    match.end(),
                    start=match.start("number"),
                    sure=0.45 if pattern is _TILL_EN else 0.8,
                )


def _colloquial(folded: Folded, context: Context) -> Iterator[Detail]:
    """Notes, lakhs, "百八十块"."""
    for match in _NOTES.finditer(folded.text):
        many = 1 if match["many"] == "a" else parse_number(match["many"]) or 1
        value = Decimal(many) * (10 if match["note"] == "tenner" else 5)
        yield folded.detail("amount", _value(value, "GBP", approximate=False), match.start(), match.end())
    for match in _LAKH.finditer(folded.text):
        number = Decimal("0.5") if match["number"] == "half" else parse_number(match["number"]) or Decimal(1)
        currency = context.currency if match["scale"] == "grand" else "INR"
        value = number * _SCALES[match["scale"]]
        if match["rest"]:
            value += (parse_number(match["rest"]) or 0) * _SCALES[match["rest_scale"]]
        yield folded.detail("amount", _value(value, currency, approximate=False), match.start(), match.end())
    for match in _ROUGH.finditer(folded.text):
        currency = _unit_currency(match["unit"].removesuffix("钱"), context)
        value = Decimal(_ROUGH_SIZE[match["number"][0]])
        yield folded.detail(
            "amount", _value(value, currency, approximate=True), match.start(), match.end(), 0.8
        )


def _is_hotline_or_year(text: str, match: re.Match[str]) -> bool:
    said = match["number"]
    if (
        len(said) == 1
        and said not in "0123456789"
        and not (match.groupdict().get("scale") or match.groupdict().get("scale2"))
    ):
        return True
    if re.fullmatch("[0-9]{7,}", said) and not (
        match.groupdict().get("scale") or match.groupdict().get("more")
    ):
        return True
    if match.re in (_FROM_TO_EN, _SHORT, _ABOUT_ZH, _KILO, _TILL_EN):
        return False
    if said in HOTLINES and "." not in said:
        return match[0].startswith(("转", "要", "打"))
    return bool(
        re.fullmatch(r"20[0-3][0-9]", said) and re.match(r" (?:onwards?|until|to|when)", text[match.end() :])
    )


def _sum(
    folded: Folded,
    match: re.Match[str],
    currency: str,
    end: int,
    *,
    start: int | None = None,
    sure: float = 1.0,
) -> Iterator[Detail]:
    groups = match.groupdict()
    number = parse_number(_written_out(match["number"]))
    if number is None:
        return
    for scale in (groups.get("scale"), groups.get("scale2")):
        number *= _SCALES.get((scale or "").strip(), 1)
    unit, tail = groups.get("unit"), groups.get("tail")
    if unit in _SMALL:
        number *= _SMALL[unit]
    if groups.get("pence"):
        number += (parse_number(groups["pence"]) or Decimal(0)) / 100
    elif unit and tail:
        number += _tail(tail) / (10 if unit in ("毛", "角") else 1)
    pair = _PAIR.match(match["number"])
    approximate = bool(groups.get("more") or groups.get("approx") or groups.get("about") or pair)
    first = match.start() if start is None else start
    first += len(folded.text[first:end]) - len(folded.text[first:end].lstrip())
    if groups.get("approx"):
        first = _after_adverb(match, first)
    while end > first and folded.text[end - 1] == " ":
        end -= 1
    lower = _RANGE_ZH.search(folded.text, max(0, first - 12), first) if unit in ("元", "块") else None
    if lower:
        first, approximate = lower.start(), True
    if lower:
        sure = 0.45
    yield folded.detail("amount", _value(number, currency, approximate=approximate), first, end, sure)


#: "三四百块": three or four hundred.
_PAIR = re.compile(r"[一二两三四五六七八九][二三四五六七八九][十百千万]")


def _written_out(said: str) -> str:
    """ "1w5" as "1万5", "2点5" as "2.5"."""
    if "点" in said:
        whole, part = said.split("点")
        return f"{parse_number(whole) or 0}." + "".join(str(DIGITS[digit]) for digit in part)
    return said.replace("w", "万") if said[:1].isdigit() else said


def _after_adverb(match: re.Match[str], first: int) -> int:
    return min(
        place
        for name in ("sign", "number")
        if name in match.groupdict() and (place := match.start(name)) >= 0
    )


def _tail(said: str) -> Decimal:
    """What follows 块: 块五 is .5, 块零五 is .05, 块八毛五 is .85."""
    digits = [Decimal(DIGITS[char]) for char in said if char in DIGITS]
    if said[0] in "零〇":
        return digits[-1] / (10 if "毛" in said or "角" in said else 100)
    return sum((digit / 10 ** (place + 1) for place, digit in enumerate(digits)), Decimal(0))


def _is_trap(text: str, match: re.Match[str]) -> bool:
    unit, before, after = (
        match["unit"],
        text[max(0, match.start() - 2) : match.start("number")],
        text[match.end() : match.end() + 1],
    )
    said = match["number"]
    if (
        said in ("一", "1", "a", "one")
        and unit
        in (
            "分钱",
            "毛",
            "角",
            "块",
            "元",
            "cent",
            "penny",
            "pence",
            "dollar",
            "pound",
            "rupee",
            "p",
        )
        and (
            _NOT_A_PENNY_ZH.match(text, match.end())
            or _NO_PENNY_BEFORE_ZH.search(text, max(0, match.start() - 8), match.start())
            or _NO_PENNY_EN.search(text, max(0, match.start() - 40), match.start())
        )
    ):
        return True
    if said in ("百八十", "千八百"):
        return True
    if unit == "p" and (parse_number(said) or 0) > 99:
        return True
    if unit in ("cents", "cent") and re.search(
        r"my $", text[max(0, match.start() - 3) : match.start("number")]
    ):
        return True
    if unit == "刀" and (
        said in ("一", "两", "1", "2") or (not match["money"] and parse_number(said) in (1, 2, 3))
    ):
        return True
    if unit in ("块", "欧", "毛", "角", "p", "圆") and not match["money"]:
        if said in ("一", "这", "两") and after in tuple(
            "儿地起去来过走玩坐干办吃住上回写看弄做等跑头状面角板砖布肉牌冰蛋大小石玻"
        ):
            return True
        if (
            unit == "块"
            and said == "一"
            and not match["tail"]
            and not re.match(r"[,。!?;、]|$", text[match.end() :])
        ):
            return True
        if unit in ("角", "圆", "欧") and after in tuple("落度色形满圈洲式盟"):
            return True
    if unit == "块" and after in tuple("地砖布肉牌板玻蛋石冰皮"):
        return True
    if unit == "元" and after in ("店", "购", "纸", "券", "素"):
        return True
    return (unit == "元" and before.endswith("第")) or (
        unit in ("pound", "pounds") and bool(re.match(r" (?:of|in weight)", text[match.end() :]))
    )


def _unit_currency(unit: str, context: Context) -> str:
    if unit in ("dollars", "dollar", "bucks", "cents", "cent"):
        return _dollar(context)
    if unit in ("pence", "p"):
        return "GBP"
    return _UNITS.get(unit, "") or context.currency


def _dollar(context: Context) -> str:
    return (
        context.currency if context.currency in ("USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD") else "USD"
    )


def _value(number: Decimal, currency: str, *, approximate: bool) -> dict[str, Any]:
    value: dict[str, Any] = {"amount": f"{number:.2f}", "currency": currency}
    return value | {"approximate": True} if approximate else value
