"""How long something took. Value: ``{"number": "3", "unit": "hour", "minutes": 180, "approximate": false}``."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from understanding.details.context import Context
from understanding.details.numbers import EN_SMALL, parse_number
from understanding.fold import Folded
from understanding.model import Detail

MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10_080, "month": 43_200, "year": 525_600}
ZH_UNITS = {"分钟": "minute", "小时": "hour", "钟头": "hour", "钟": "hour", "粒钟": "hour", "刻钟": "quarter", "天": "day", "工作日": "day", "晚上": "day", "晚": "day", "宿": "day",
            "夜": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "号头": "month", "年": "year", "秒钟": "second", "秒": "second"}  # fmt: skip
EN_UNITS = {"min": "minute", "mins": "minute", "minute": "minute", "hour": "hour", "hr": "hour", "hrs": "hour", "day": "day", "night": "day",
            "week": "week", "fortnight": "fortnight", "month": "month", "year": "year", "yr": "year", "yrs": "year", "wk": "week", "wks": "week", "second": "second"}  # fmt: skip

_ZH_NUMBER = r"(?:[0-9]{1,4}(?:\.[0-9])?(?:[-~到至][0-9]{1,3})?|[一二两三四五六七八九十百]{1,5}(?:[-~到至][一二两三四五六七八九十百]{1,4})?|俩仨|[俩仨]|十几二十|好?几十|好?几|好些|数(?=[天日周月年]|小时)|半|(?<![一-鿿])个把|(?<=[了等拖花])个把)"
_ZH_UNIT = r"(?:个工作日|个?半?(?:多|来|把)?(?:小时|钟头|星期|礼拜)|个半?(?:多|来)?月|(?<=[俩仨])月|(?<=半)(?:拉|来)月|(?<=半)拉(?:小时|钟头|星期|礼拜)|(?<=数)[日月]|(?<=个把)月|个半钟(?!头|点)|晚(?![上饭餐会点间班高来了])|个(?:晚上|通宵|号头)|(?:粒|个(?:多|来))钟(?!头|点)|刻[多来]钟|(?:多|来)?(?:分钟|天|周|年|秒钟?|刻钟|晚上|宿|夜)|个钟(?!头))"
_ZH = re.compile(
    rf"(?<![第0-9零〇一二三四五六七八九十百周月年.])(?P<number>(?!半夜|三天两头|一天到晚|一年到头|一年四季|五天四晚){_ZH_NUMBER}|成(?=个钟|个小时|个月|个礼拜|个星期|晚|日))(?P<few>个几(?=钟|个钟)|好?几)?(?P<more>多|来)?\s?(?P<unit>{_ZH_UNIT})(?P<tail>半|多|左右|有余)?"
    r"(?:[零又]?(?P<rest>[0-9]{1,2}|[一二两三四五六七八九十]{1,3})(?P<rest_unit>分钟?|天|个月|个?小时|个钟头|秒钟?)|零?(?P<quarter>[一三])刻钟?)?"
    r"(?!\s?(?:以?前|之前|以?后|之后|级|卡|票|龄|纪|检|报|度|次|假|一次|一检|无理由|包退|包换|热线|客服|营业|服务|有人|值班|值守|开放|[0-9]{1,2}[月日号]))(?P<night>[一二两三四五六七八九十]夜)?"
)
_ZH_WHOLE = re.compile(
    r"(?:大半天|老半天|半天(?!前|后)|(?:整整|一)?一?整(?:天|夜|个上午|个下午|个晚上|个星期|个月|年)|(?<![第十])一(?:个?上午|个?下午|早上|早晨|晚上|夜|宿|白天)(?!一)|一?整个(?:上午|下午|晚上)|大?半个(?:上午|下午|晚上|白天)|大半年|小半年|半宿|大半夜(?=[都没等]))"
)
#: Lengths that name no number, with what they come to: 十天半月 is no "ten days and a half".
_ZH_LOOSE = re.compile(
    r"(?P<fortnight>十天半个?月)|(?P<month>(?<=[了有要得等拖])月把|^月把)|(?P<year>[一二三]年[半五]载|(?<![一-鿿0-9][一-鿿])(?<=[了有要得等拖])年把|^年把)|(?:(?P<years>(?<![0-9一二两三四五六七八九十百几差个])(?<!不)(?:好|很|这么|那么)?多年)|(?P<days>(?<![0-9一二两三四五六七八九十百几差个])(?<!不)(?:(?:好|很|这么|那么)多天|多日)))(?=[,。!?了没无未都仍还]|$)"
)
_ZH_LOOSE_GATE = re.compile("[载把]|半个?月|多[年日天]")
_LOOSE_SIZE = {"fortnight": ("0.5", "month"), "year": ("1", "year"), "month": ("1", "month"), "years": ("3", "year"), "days": ("3", "day")}  # fmt: skip
_EN_UNIT = "seconds|mins?|minutes?|hours?|hrs?|days?|nights?|weeks?|wks?|fortnights?|months?|years?|yrs?"
_EN = re.compile(
    rf"(?<![a-z0-9.:/-])(?P<approx>about |around |over |more than |nearly |almost |roughly |at least |up to |approx )?(?P<number>{EN_SMALL}(?:\.[0-9])?|an?(?: (?:whole|full|solid|good|entire|whole entire))?|(?<![a-z] )(?=week and a half)|half an?|half(?=[ -]hour)|(?:a )?quarter(?= hour)|(?<![a-z] )(?=hour and a half)|a couple of|couple of|a couple|couple|a (?:good )?few|several)"
    rf"(?: ?(?:-|to|or) ?(?P<upper>{EN_SMALL}))?(?:[ -]?(?P<more>\+|plus|odd|ish| or so| and a bit| and a half-ish))?(?P<half>[ -](?:and|n|&)[ -](?:a[ -]|one )?half)?(?P<part> and (?:a|three) quarters?)?[ -]?(?P<whole>(?:full|solid|whole|long|straight|working|business|consecutive) )?(?P<unit>{_EN_UNIT})(?![a-z])(?P<late> (?:and|n|&) (?:a )?half)?(?: (?:and|n|&) (?:[a-z]+ |[0-9]+ )?nights)?(?P<quarter> and (?:a quarter|three[ -]quarters))?"
    rf"(?:,? (?:and )?(?P<rest>{EN_SMALL}) ?(?P<rest_unit>mins?|minutes?|days?|hours?|hrs?|weeks?|months?)(?![a-z])|(?<=hour|ours) (?:and )?(?P<minutes>ten|fifteen|twenty|twenty[- ]five|thirty|forty|forty[- ]five|fifty|[1-5][05])(?=$|[,.!;]| (?:in|at|on|for|before|of|with|late|just|and|to|until|till|by|from|waiting|now|later|so far)(?![a-z]))|(?: or (?P<up_to>two|three|four)(?=$|[,.!;]| (?:in|at|on|for|late|and|later|of)(?![a-z]))))?"
    r"(?! (?:and|n|&) (?:a )?half(?![a-z]))(?! (?:ago|back|later|earlier|old|from now|off|helpline|hotline|support|access|service|clock|supermarket|gym|line|parking)(?![a-z])|-old|ly| away)(?P<point> (?:before|after)(?![a-z]))?"
)
_EN_SHORT = re.compile(
    r"(?<![a-z0-9.:])(?P<number>[0-9]{1,2}) ?h(?:rs?)? ?(?P<rest>[0-5][0-9])(?: ?m(?:ins?)?)?(?![a-z0-9])"
)
_EN_WHOLE = re.compile(
    r"(?<![a-z])(?:all|the whole|the entire|a whole) (?P<part>morning|afternoon|evening|night|day|week|weekend|month|year|summer|winter)(?: long)?(?![a-z])"
)
_EN_QUARTERS = re.compile(
    r"(?<![a-z])(?P<part>(?:(?:a|one|three)[ -])?quarters? of an?|half of an?|a third of an?) (?P<unit>hour|year|day)(?![a-z])"
)
#: "for months": long, but nobody said how long.
_EN_VAGUE = re.compile(
    r"(?<![a-z])(?:for|waited|waiting|took|been|lasted)(?: literally| about| many)? (?P<unit>hours|days|weeks|months|years)(?: (?:and (?:hours|days|weeks|months|years)|on end))?(?![a-z])(?! (?:ago|old|later))"
)
_EN_APPROX = ("a couple of", "couple of", "a couple", "couple", "a few", "a good few", "several")
_EN_COUNTS = dict.fromkeys(("a couple of", "couple of", "a couple", "couple"), 2) | dict.fromkeys(
    ("a few", "a good few", "several"), 3
)
_NEXT = re.compile(
    r"(?<![a-z])(?:in|within|every|next|per|each|once|twice|times|first|this|quid|pounds|dollars|minutes|hours|(?<![0-9a-z])days|[0-9]) $"
)
#: "nothing in a month", "in and out in ten minutes": what took so long is over.
_IN_ALL = re.compile(
    r"(?:(?<![a-z])(?:no|not|nothing|nobody|none|never|once|[a-z]+n't)(?![a-z])[^.,;!?]{0,40}|(?<![a-z])(?:out|over|done|finished|gone|home|cold|dead|broke[n]?)) in $"
)
#: "it was an hour before he came"
_UNTIL = re.compile(
    r"(?<![a-z])(?:for|took|takes|waited|waiting|stood|sat|queued|lasted|spent|(?:it|that)(?: was|'s been))(?: (?:me|us|him|her|them|there|about|around|over|nearly|another|at least|a good|more than))* $"
)
#: "他们说48小时内答复": a promise is a length of time, a time limit by itself is not.
_WITHIN = re.compile(r"\s?[之以]?内")
_PROMISED = re.compile(
    r"(?:说|承诺|答应|保证|讲好|约定|规定|写的|写着)(?:是|好|的|要|会|在)?[^,。!?;我]{0,4}$"
)
#: "一小时八块", "一天打七八个电话": how much or how often, not how long.
_RATE = re.compile(
    r"(?:就|要|能|才|都|打|断|收|扣|给|来|发|响|跑|交|掉|得){0,2}(?:[0-9]{1,4}|[一二两三四五六七八九十几百好]{1,4})多?(?:块|元|次|个(?!月|小时|钟)|趟|回|遍|通|毛)"
)
_LOOSE_NUMBERS = {word: Decimal(size) for word, size in (("半", "0.5"), ("成", "1"), ("个把", "1"), ("好些", "3"), ("数", "3"), ("俩仨", "3"), ("十几二十", "20"))}  # fmt: skip
_LASTED = ("了", "足", "整", "快", "近", "有")
_PAIR = re.compile(r"[一二两三四五六七八九](?P<upper>[二三四五六七八九])(?P<scale>[十百])?")
_RANGE = re.compile(r"(?:[0-9]+[-~到至](?P<upper>[0-9]+)|[一-鿿]+?[-~到至](?P<upper_zh>[一-鿿]+))")


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Lengths of time in order of appearance; a point in time counted from now ("3天前") is not one."""
    text = folded.text
    loose = _ZH_LOOSE.finditer(text) if _ZH_LOOSE_GATE.search(text) else ()
    for match in loose:
        size, length = _LOOSE_SIZE[match.lastgroup or ""]
        value = _value(Decimal(size), length, approximate=True)
        yield folded.detail("duration", value, match.start(), match.end(), 0.6)
    for match in _ZH.finditer(text):
        detail = _chinese(folded, match) if _is_length(folded.text, match) else None
        if detail:
            yield detail
    for match in _ZH_WHOLE.finditer(text):
        said = match[0]
        unit = "year" if "年" in said else "month" if "月" in said else "week" if "星期" in said else "day"
        number = (
            Decimal("0.5")
            if "半" in said or "午" in said or "晚" in said or "早" in said or said == "一夜"
            else Decimal(1)
        )
        yield folded.detail(
            "duration", _value(number, unit, approximate=True), match.start(), match.end(), 0.8
        )
    for match in _EN_WHOLE.finditer(text):
        part = match["part"]
        unit = (
            part
            if part in ("week", "month", "year")
            else "day"
            if part in ("day", "weekend", "night")
            else "hour"
        )
        lasting = Decimal(3) if part in ("summer", "winter") else Decimal(1) if unit != "hour" else Decimal(4)
        unit = "month" if part in ("summer", "winter") else unit
        yield folded.detail(
            "duration", _value(lasting, unit, approximate=True), match.start(), match.end(), 0.7
        )
    for match in _EN_SHORT.finditer(text):
        total = Decimal(match["number"]) + Decimal(match["rest"]) / 60
        yield folded.detail(
            "duration", _value(total, "hour", approximate=False), match.start(), match.end(), 0.9
        )
    for match in _EN_QUARTERS.finditer(text):
        part = (
            Decimal("0.75")
            if match["part"].startswith("three")
            else Decimal("0.25")
            if "quarter" in match["part"]
            else Decimal("0.5")
        )
        yield folded.detail("duration", _value(part, match["unit"], approximate=False), *match.span())
    for match in _EN_VAGUE.finditer(text):
        unit = match["unit"][:-1]
        yield folded.detail(
            "duration", _value(Decimal(3), unit, approximate=True), match.start("unit"), match.end(), 0.4
        )
    for match in _EN.finditer(text):
        if _is_while(text, match):
            yield _english(folded, match)


def _is_while(text: str, match: re.Match[str]) -> bool:
    """Whether the words tell how long and not when or how often."""
    before, start = text[max(0, match.start() - 60) : match.start()], match.start()
    if match["point"]:
        return bool(_UNTIL.search(before))
    return not _NEXT.search(text, max(0, start - 8), start) or bool(_IN_ALL.search(before))


def _is_length(text: str, match: re.Match[str]) -> bool:
    """Whether it is no time limit, no rate, no price for one night, and not the hour of "早七晚九"."""
    start, end, one = match.start(), match.end(), match["number"] in ("一", "1")
    if _WITHIN.match(text, end) and not _PROMISED.search(text, 0, start):
        return False
    if one and not text.endswith(_LASTED, 0, start) and _RATE.match(text, end):
        return False
    if text.endswith(("提前", "提早"), 0, start):
        return False
    night = match["unit"] in ("晚", "个晚上")
    return not (night and (one or text.endswith(("早", "朝"), 0, start)))


def _chinese(folded: Folded, match: re.Match[str]) -> Detail | None:
    said, unit_said = match["number"], match["unit"]
    half = Decimal("0.5") if "半" in unit_said or match["tail"] == "半" else Decimal(0)
    core = re.sub("[多来把拉]", "", unit_said).removeprefix("个").removeprefix("半")
    unit = ZH_UNITS.get(core)
    approximate = bool(
        match["few"]
        or match["more"]
        or "几" in said
        or said in ("好些", "数")
        or "多" in unit_said
        or "来" in unit_said
        or match["tail"] in ("多", "左右", "有余")
    )
    pair = _PAIR.fullmatch(said) or _RANGE.fullmatch(said)
    number = _LOOSE_NUMBERS.get(said) or (
        Decimal(30 if "几十" in said else 3) if "几" in said else parse_number(_upper(pair) if pair else said)
    )
    approximate = approximate or bool(pair) or said in ("成", "个把", "俩仨")
    if (
        unit is None
        or number is None
        or (unit == "year" and number > 150)
        or (unit == "day" and core == "日" and said != "数")
    ):
        return None
    if unit == "quarter":
        number, unit = number * 15, "minute"
    if unit == "second":
        number, unit = number / 60, "minute"
    if (
        said in ("一", "这")
        and core == "天"
        and match["tail"] is None
        and folded.text[match.end() : match.end() + 1] in ("到", "天")
    ):
        return None
    end = match.end()
    if match["quarter"]:
        half += Decimal(15 if match["quarter"] == "一" else 45) / MINUTES[unit]
    if match["rest"]:
        rest_unit = ZH_UNITS.get(
            match["rest_unit"].removeprefix("个").replace("分钟", "分").replace("分", "分钟")
        )
        if rest_unit and rest_unit != "second" and MINUTES[rest_unit] < MINUTES[unit]:
            if (unit, rest_unit) == ("year", "month"):
                number, half, unit = number * 12, half * 12 + (parse_number(match["rest"]) or 0), "month"
            else:
                half += (parse_number(match["rest"]) or Decimal(0)) * MINUTES[rest_unit] / MINUTES[unit]
        else:
            end = match.start("rest")
    return folded.detail(
        "duration",
        _value(number + half, unit, approximate=approximate),
        match.start(),
        end,
        0.6 if "几" in said or said in ("好些", "数") else 1.0,
    )


def _upper(pair: re.Match[str]) -> str:
    groups = pair.groupdict()
    return str(groups.get("upper_zh") or groups["upper"]) + (groups.get("scale") or "")


def _english(folded: Folded, match: re.Match[str]) -> Detail:
    said = match["number"].strip()
    number = _EN_COUNTS.get(said)
    value = (
        Decimal(number)
        if number
        else Decimal("0.5")
        if said.startswith("half")
        else Decimal("0.25")
        if said.endswith("quarter")
        else Decimal(1)
        if said.split(maxsplit=1)[:1] in (["a"], ["an"], [])
        else parse_number(match["upper"] or said)
    )
    total = (value or Decimal(1)) + (Decimal("0.5") if match["half"] or match["late"] else 0)
    word = match["unit"]
    unit = EN_UNITS.get(word) or EN_UNITS.get(word.rstrip("s"), "day")
    if unit == "second":
        total, unit = total / 60, "minute"
    if unit == "fortnight":
        total, unit = total * 2, "week"
    approximate = said in _EN_APPROX or bool(match["approx"] or match["more"] or match["upper"])
    start, end = match.start("number"), match.start("point") if match["point"] else match.end()
    if match["minutes"]:
        total += (parse_number(match["minutes"].replace("-", " ")) or Decimal(0)) / 60
    if match["up_to"]:
        total, approximate = parse_number(match["up_to"]) or total, True
    if match["quarter"] or match["part"]:
        total += Decimal("0.75") if "three" in (match["part"] or match["quarter"]) else Decimal("0.25")
    if match["rest"]:
        smaller = EN_UNITS.get(match["rest_unit"]) or EN_UNITS[match["rest_unit"].rstrip("s")]
        if (unit, smaller) == ("year", "month"):
            total, unit = total * 12 + (parse_number(match["rest"]) or Decimal(0)), "month"
        elif MINUTES[smaller] < MINUTES[unit]:
            total += (parse_number(match["rest"]) or Decimal(0)) * MINUTES[smaller] / MINUTES[unit]
        else:
            end = match.end("unit")
    return folded.detail("duration", _value(total, unit, approximate=approximate), start, end)


def _value(number: Decimal, unit: str, *, approximate: bool) -> dict[str, object]:
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return {
        "number": plain[:8],
        "unit": unit,
        "minutes": int((number * MINUTES[unit]).to_integral_value()),
        "approximate": approximate,
    }
