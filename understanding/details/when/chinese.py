"""The table of Chinese time expressions. Patterns see folded text: Simplified, half width, lower case."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re

from understanding.details.numbers import ZH_SMALL, parse_whole
from understanding.details.when.model import Fields, Row, row

_N = ZH_SMALL
#: The day that a later expression counts from is the time named before it in the same text.
_ANCHOR_DAYS = {
    "当": 0,
    "那": 0,
    "同": 0,
    "第二": 1,
    "次": 1,
    "隔": 1,
    "翌": 1,
    "转": 1,
    "第三": 2,
    "第四": 3,
    "第五": 4,
    "第六": 5,
    "第七": 6,
    "第八": 7,
    "第九": 8,
    "第十": 9,
}
_UNITS = {"分钟": "minute", "分": "minute", "小时": "hour", "个小时": "hour", "个钟头": "hour", "钟头": "hour", "个钟": "hour", "天": "day", "日": "day",
          "周": "week", "个星期": "week", "星期": "week", "个礼拜": "week", "礼拜": "week", "个月": "month", "月": "month", "年": "year"}  # fmt: skip
_DAYS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_WEEKDAYS = {
    "一": 0,
    "二": 1,
    "三": 2,
    "四": 3,
    "五": 4,
    "六": 5,
    "日": 6,
    "天": 6,
    "1": 0,
    "2": 1,
    "3": 2,
    "4": 3,
    "5": 4,
    "6": 5,
    "末": -1,
}
_OFFSETS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "下下": 2}
_YEARS = {
    "大前年": -3,
    "前年": -2,
    "去年": -1,
    "旧年": -1,
    "上年": -1,
    "今年": 0,
    "本年": 0,
    "明年": 1,
    "后年": 2,
}
PART_WORDS = {
    "凌晨": "dawn", "后半夜": "dawn", "下半夜": "dawn", "天没亮": "dawn", "天还没亮": "dawn", "清晨": "early", "清早": "early", "大清早": "early", "一大早": "early", "一早": "early",
    "大早上": "early", "天刚亮": "early", "天亮": "early", "早上": "morning", "早晨": "morning", "早": "morning", "朝早": "morning", "上午": "forenoon", "上昼": "forenoon", "头午": "forenoon",
    "午前": "forenoon", "中午": "noon", "晌午": "noon", "正午": "noon", "晏昼": "noon", "下午": "afternoon", "下昼": "afternoon", "午后": "afternoon", "后晌": "afternoon", "过晌": "afternoon", "傍晚": "dusk", "傍黑": "dusk", "天黑": "dusk",
    "晚上": "evening", "晚间": "evening", "晚": "evening", "夜晚": "evening", "晚黑": "evening", "晚夕": "evening", "晚头": "evening", "夜里": "night", "夜间": "night", "夜": "night", "深夜": "night",
    "半夜": "midnight", "大半夜": "midnight", "半夜里": "midnight", "三更半夜": "midnight", "大晚上": "evening", "午夜": "midnight",
}  # fmt: skip
_PART = "|".join(sorted((word for word in PART_WORDS if len(word) > 1), key=len, reverse=True))
_SEASONS = {"春": "spring", "夏": "summer", "秋": "autumn", "冬": "winter"}
_HOLIDAYS = "国庆节?|新年|十一黄金周|春节|过年|元旦|清明节?|五一(?!路|广场|街|村)|劳动节|端午节?|中秋节?|除夕|大年三十|年三十|元宵节?|重阳节?|七夕|双十一|双11|双十二|双12|618|圣诞节?|平安夜|情人节|三八节?|妇女节|儿童节|六一|母亲节|父亲节|教师节"
_HOLIDAY_NAMES = {"国庆": "national_day", "十一": "national_day", "春节": "spring_festival", "新年": "new_year", "过年": "spring_festival", "元旦": "new_year", "清明": "qingming", "五一": "labour_day",
                  "劳动": "labour_day", "端午": "dragon_boat", "中秋": "mid_autumn", "除夕": "new_year_eve_lunar", "大年": "new_year_eve_lunar", "年三": "new_year_eve_lunar",
                  "元宵": "lantern", "重阳": "double_ninth", "七夕": "qixi", "双十一": "singles_day", "双11": "singles_day", "双十二": "double_twelve", "双12": "double_twelve",
                  "618": "shopping_618", "圣诞": "christmas", "平安": "christmas_eve", "情人": "valentine", "三八": "womens_day", "妇女": "womens_day", "儿童": "childrens_day",
                  "六一": "childrens_day", "母亲": "mothers_day", "父亲": "fathers_day", "教师": "teachers_day"}  # fmt: skip
_LUNAR_MONTHS = (
    {"正": 1, "腊": 12, "冬": 11}
    | {char: value for value, char in enumerate("一二三四五六七八九十", start=1)}
    | {"十一": 11, "十二": 12}
)
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])"
_HOUR = r"(?:2[0-4]|1[0-9]|0?[0-9]|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
_MINUTE = r"(?:[0-5]?[0-9]|[二三四五]?十[一二三四五六七八九]?|[零〇]?[一二三四五六七八九])"
_DAY_END = r"(?!号?楼|号?[线窗柜门院车栋店厅台桌位房床]|号?单元|号?商铺|号?地铁|[0-9](?![0-9]?(?:点|时|:)))"
#: "两点意见" counts opinions.
_OPINION = re.compile(
    r"(?:钟)?(?:意见|建议|要求|诉求|希望|理由|原因|疑问|看法|说明|投诉|事情|问题|请求|水果|好处|坏处|不满|疑虑|体会)"
)
_SPARE_ONE = r"(?:[都也儿不没是的用份办补钱心事]|也没|都没|点|小|好|用|办法|意思|问题|道理|错|关系|没有|反应|消息|动静|效果|人情|责任|吃|建议)"


def _whole(said: str | None) -> int:
    return parse_whole((said or "").replace("廿", "二十")) or 0


def _year(said: str) -> int:
    value = _whole(said)
    return value if value >= 100 else 2000 + value if value < 60 else 1900 + value


def _full_date(match: re.Match[str]) -> Fields:
    fields: Fields = {"month": _whole(match["month"]), "day": _whole(match["day"])}
    return fields | ({"year": _year(match["year"])} if match["year"] else {})


def _numeric(match: re.Match[str]) -> Fields | None:
    month, day = int(match["month"]), int(match["day"])
    return (
        {"year": int(match["year"]), "month": month, "day": day}
        if 1 <= month <= 12 and 1 <= day <= 31
        else None
    )


def _week(match: re.Match[str]) -> Fields:
    fields: Fields = {} if match["offset"] is None else {"week_offset": _OFFSETS[match["offset"]]}
    said = match["weekday"]
    if said == "末":
        return fields | {"weekend": True}
    return fields | ({"weekday": _WEEKDAYS[said]} if said else {})


def _clock(match: re.Match[str]) -> Fields | None:
    hour, minute = _whole(match["hour"]), 0
    rest = match["rest"] or ""
    if _OPINION.match(match.string, match.end()):
        return None
    if rest.startswith("半"):
        minute = 30
    elif "刻" in rest:
        minute = 45 if rest.startswith("三") else 15
    elif match["minute"]:
        minute = _whole(match["minute"])
    if hour > 24 or minute > 59:
        return None
    exact = bool(match["minute"]) or "刻" in rest or rest.startswith("半")
    alone: Fields = {"weak": True} if match["hour"] == "一" and match[0] == "一点" else {}
    return {"clock": (hour, minute, exact)} | ({"approximate": True} if match["more"] else {}) | alone


def _digital(match: re.Match[str]) -> Fields | None:
    hour, minute = int(match["hour"]), int(match["minute"])
    return {"clock": (hour, minute, True), "clock_24": True} if hour < 25 and minute < 60 else None


def _clock_range(match: re.Match[str]) -> Fields:
    return {"clock": (_whole(match["first"]), 0, False), "clock_end": (_whole(match["second"]), 0, False)} | (
        {"approximate": True} if match["dash"] == "" else {}
    )


def _pair_clock(match: re.Match[str]) -> Fields:
    return {"clock": (_whole(match["first"]), 0, False), "approximate": True}


def _shift(match: re.Match[str]) -> Fields | None:
    said = match["number"]
    pair = re.fullmatch("[一二两三四五六七八九]([二三四五六七八九])", said)
    number = (
        _whole(pair[1])
        if pair
        else 0.5
        if said == "半"
        else 3
        if said in ("几", "好几")
        else _whole("十" if said == "十几" else said)
    )
    if match["half"]:
        number += 0.5
    unit = _UNITS[re.sub("[多来]", "", match["unit"])]
    if number <= 0 or number > 2000:
        return None
    sign = 1 if match["way"] in ("后", "以后", "之后", "过后") else -1
    vague = said in ("几", "好几", "十几") or bool(match["more"]) or unit in ("month", "year", "week")
    return (
        {"shift": (sign * number, unit)}
        | ({"approximate": True} if vague or "多" in match["unit"] or pair else {})
        | ({"future": True} if sign > 0 else {})
    )


def _lunar(match: re.Match[str]) -> Fields:
    return {"lunar": (_LUNAR_MONTHS[match["month"]], _whole((match["day"]).removeprefix("初")))}


def _holiday(match: re.Match[str]) -> Fields:
    said = match["holiday"]
    fields: Fields = {
        "holiday": next(
            name
            for words, name in sorted(_HOLIDAY_NAMES.items(), key=lambda item: -len(item[0]))
            if said.startswith(words)
        )
    }
    if match["way"]:
        many = match["many"]
        days = 7 if match["span"].endswith(("周", "星期", "礼拜")) else 1
        number = _whole(many) * days if many not in ("几", None) else 3 if many else 1
        fields["holiday_shift"] = -number if match["way"] == "前" else number
    elif match["whole"]:
        fields["whole_holiday"] = True
    elif match["eve"]:
        fields["part"] = "evening"
    return fields


def _that_day(match: re.Match[str]) -> Fields | None:
    """Counted from a time said before; without one it is no time at all."""
    which, what = match["which"], match["what"]
    if (which in ("次", "翌") and what not in ("日", "晨", "早")) or (
        which == "那" and what in ("日", "早", "夜")
    ):
        return None
    if which == "同" and what not in {"一天", "日"}:
        return None
    if what == "一天" and which not in ("同", "那"):
        return None
    part = PART_WORDS.get(match["part"] or (what if what in ("早", "晚", "夜") else ""))
    return {"anchor": _ANCHOR_DAYS[which]} | ({"part": part} if part else {})


def _every(match: re.Match[str]) -> Fields:
    fields: Fields = {"recurring": True}
    said = match["what"] or "天"
    if said[0] in "周星礼" and said[-1] in _WEEKDAYS:
        return fields | ({"weekend": True} if said[-1] == "末" else {"weekday": _WEEKDAYS[said[-1]]})
    if said.startswith("月") and match["mday"]:
        return fields | {"day": _whole(match["mday"])}
    part = PART_WORDS.get(said)
    return fields | (
        {"part": part}
        if part
        else {
            "cycle": "year"
            if said == "年"
            else "month"
            if said.endswith("月")
            else "week"
            if said[-1] in "周期拜"
            else "day"
        }
    )


def _relative_day(match: re.Match[str]) -> Fields:
    fields: Fields = {"day_offset": _DAYS[match["day"]]}
    if fields["day_offset"] > 0:
        fields["future"] = True
    return fields | ({"part": PART_WORDS[match["part"]]} if match["part"] else {})


_VAGUE: dict[str, Fields] = {
    "最近": {"recent": 14}, "近期": {"recent": 14}, "近来": {"recent": 14}, "近日": {"recent": 7}, "这几天": {"recent": 3}, "这两天": {"recent": 2}, "这些天": {"recent": 7},
    "前几天": {"recent": 5, "over": True}, "前两天": {"recent": 2, "over": True}, "前些天": {"recent": 7, "over": True}, "前些日子": {"recent": 14, "over": True}, "前不久": {"recent": 14, "over": True}, "不久前": {"recent": 14, "over": True},
    "前阵子": {"recent": 30, "over": True}, "前一阵": {"recent": 30, "over": True}, "前段时间": {"recent": 30, "over": True}, "前一段时间": {"recent": 30, "over": True}, "这段时间": {"recent": 30}, "这阵子": {"recent": 30}, "这个把月": {"recent": 30},
    "近一个月": {"recent": 30}, "近半年": {"recent": 182}, "近两个月": {"recent": 60}, "这半年": {"recent": 182}, "这一个月": {"recent": 30}, "这一周": {"recent": 7},
}  # fmt: skip


def _vague(match: re.Match[str]) -> Fields:
    return _VAGUE[match[0]] | {"approximate": True}


ROWS: tuple[Row, ...] = (
    row(
        "iso",
        r"(?<![0-9.])(?P<year>(?:19|20)[0-9]{2})(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})(?:日|号)?(?![0-9.])",
        _numeric,
    ),
    row(
        "date",
        rf"(?:(?P<year>(?:19|20)?[0-9]{{2}}|[一二][零〇九][零〇一二三四五六七八九]{{2}}|[二一][零〇一二三四五六七八九])年)?的?(?<![0-9一二三四五六七八九十])(?P<month>{_MONTH})月份?的?(?P<day>{_DAY})[日号]?{_DAY_END}(?![点:个天多])",
        _full_date,
        gate="月",
    ),
    row(
        "date of this year",
        rf"(?<![0-9])(?P<first>{_DAY})(?P<dash>[-~到至])(?P<day>{_DAY})[日号]{_DAY_END}",
        lambda m: {"day": _whole(m["first"]), "day_end": _whole(m["day"])},
        gate="日 号",
    ),
    row(
        "month days",
        rf"(?<![0-9一二三四五六七八九十])(?P<month>{_MONTH})月(?P<first>{_DAY})[日号]?(?P<dash>[-~到至])(?P<day>{_DAY})[日号]{_DAY_END}",
        lambda m: {"month": _whole(m["month"]), "day": _whole(m["first"]), "day_end": _whole(m["day"])},
        gate="月",
    ),
    row(
        "year",
        r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2}|二[零〇][零〇一二三四五六七八九]{2}|一九[零〇一二三四五六七八九]{2})年(?![级纪前后内多以])",
        lambda m: {"year": _year(m["year"])},
        gate="年",
    ),
    row(
        "short year",
        r"(?<![0-9一二三四五六七八九十百])(?P<year>[0-2][0-9]|9[0-9]|[零〇][一二三四五六七八九])年(?=[初底末中上下春夏秋冬0-9一二三四五六七八九十的买装签就入办我那时交从])",
        lambda m: {"year": _year(m["year"])},
        gate="年",
    ),
    row(
        "relative year",
        r"(?P<said>大前年|前年|去年|旧年|今年|明年)"
        r"(?!(?:已经|都|刚|才|快|也|就|满|虚岁|周岁|正好|有|,)*(?:[0-9]{1,3}|[一二三四五六七八九十百]{1,4})(?:有[一二三四五六七八九])?(?:多|来|好几|几)?(?:岁|周岁|了|的?人|高龄|[,。!?;\s]|$|还|却|腿|身体|耳|眼|走|行动)|(?:已经|都|刚|快|也|就|满|虚岁|周岁)*(?:[二三四五六七八九]?十[一二三四五六七八九]?|[1-9][0-9])(?![0-9一二三四五六七八九十百千月日号次个天元块万年遍趟斤层家户人名条件%分点周倍届度笔张份台栋辆多来几]))",
        lambda m: {"year_offset": _YEARS[m["said"]]} | ({"future": True} if m["said"] == "明年" else {}),
        gate="年",
    ),
    row(
        "year part",
        r"(?<=年)(?P<part>年初|年中|年底|年末|初|底|末|上半年|下半年)|(?<![一-鿿0-9])(?:年初|年底)|(?<=[从到自])(?:年初|年底)|上半年|下半年",
        lambda m: {
            "year_part": "early"
            if "初" in m[0]
            else "first"
            if "上半" in m[0]
            else "second"
            if "下半" in m[0]
            else "middle"
            if "中" in m[0]
            else "late"
        },
        gate="年",
    ),
    row(
        "month",
        rf"(?<![0-9一二三四五六七八九十个几第半.])(?P<month>{_MONTH})月(?:份|(?=[初中底末上下的,。!?;开以就里那\s]|$))(?!饼|嫂|供|租|薪|票|卡|老|子|龄|球)|(?:(?<=年)|(?<=年的))(?P<month2>{_MONTH})月(?![0-9一二三四五六七八九十])|(?:(?<=[从自到在我们他她妈爸家园店校司户])|(?<![0-9一-鿿.]))(?P<month3>{_MONTH})月(?![0-9一二三四五六七八九十饼嫂供租薪票卡老子龄球台娃季光亮色经])",
        lambda m: {"month": _whole(m["month"] or m["month2"] or m["month3"])},
        gate="月",
    ),
    row(
        "relative month",
        r"(?P<offset>上上|上|这|本|当|下下|下)(?:个)?月(?:份)?(?!饼|台)",
        lambda m: (
            {"month_offset": _OFFSETS[m["offset"]]}
            | ({"future": True} if m["offset"].startswith("下") else {})
        ),
        gate="月",
    ),
    row(
        "month part",
        r"(?<=[月份])(?:的)?(?P<part>初|中旬|中(?!间|心|国|午)|底|末|上旬|下旬)|(?<![个上下这本当份0-9一二三四五六七八九十])(?:月初|月中(?!旬)|月底|月末)",
        lambda m: {
            "month_part": "early" if "初" in m[0] or "上旬" in m[0] else "middle" if "中" in m[0] else "late"
        },
        gate="月 份",
    ),
    row(
        "week",
        r"(?<![每一两三四五六七八九十几个])(?P<offset>上上|上|这|本|下下|下)个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末1-6](?![0-9个]))?(?!年|边|围|期|转)",
        lambda m: _week(m) | ({"future": True} if m["offset"].startswith("下") else {}),
        gate="周 星期 礼拜",
    ),
    row(
        "weekday",
        r"(?<![每上下这本个一两三四五六七八九十几0-9])(?P<offset>(?!))?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末1-6])(?![0-9年边围个]|(?!一(?:大?早|直|整|天|个|次|家|起|到|下|上))[一二三四五六七八九十])",
        _week,
        gate="周 星期 礼拜",
    ),
    row(
        "day",
        rf"(?P<day>大前|大后|前|昨|今|明|后)(?:天|日|儿个?|个儿?)(?:的)?(?P<part>{_PART})?(?!气|堂|亮|生|面)",
        _relative_day,
        gate="天 日 儿 个",
    ),
    row(
        "day part",
        r"(?P<day>大前|前|昨|今|明)(?P<part>早上|早晨|早|晚上|晚间|晚黑|晚|夜里|夜|朝早|半夜|凌晨|下午|中午|上午|下昼)(?!已|就有|年|些|前)",
        _relative_day,
        gate="早 晚 夜 朝 下 中 上 凌 半",
    ),
    row("wu day", r"(?P<day>昨|今|明)朝", lambda m: {"day_offset": _DAYS[m["day"]]}, gate="朝"),
    row(
        "cantonese day",
        r"(?P<day>前|寻|琴|今|听|昨)(?P<part>日|晚)",
        lambda m: (
            {"day_offset": {"前": -2, "寻": -1, "琴": -1, "昨": -1, "今": 0, "听": 1}[m["day"]]}
            | ({"part": "evening"} if m["part"] == "晚" else {})
        ),
        gate="寻 琴 前日 今日 听日",
    ),
    row(
        "monthday",
        rf"(?<![0-9.月第一-鿿/#-])(?P<day>{_DAY})[号日]{_DAY_END}(?![码召称本子令])|(?<=[在从到是于自说等约])(?P<day2>{_DAY})[号日]{_DAY_END}(?![码召称本子令])|(?<=月)(?:的)?(?P<day3>{_DAY})[号日]?{_DAY_END}(?![码点:])",
        lambda m: {"day": _whole(m["day"] or m["day2"] or m["day3"])},
        gate="号 日",
    ),
    row(
        "lunar",
        r"(?:农历|阴历|旧历)?(?P<month>正|腊|冬)月(?P<day>初?[一二三四五六七八九十]{1,3}|廿[一二三四五六七八九]?)",
        _lunar,
        gate="正月 腊月 冬月",
    ),
    row(
        "lunar month alone",
        r"(?P<month>腊|正|冬)月(?:里|间|份)?(?!初|廿|[一二三四五六七八九十0-9])",
        lambda m: {"lunar": (_LUNAR_MONTHS[m["month"]], 1), "lunar_month": True},
        gate="腊月 正月 冬月",
    ),
    row(
        "dotted date",
        r"(?<![0-9.])(?P<month>1[0-2]|0?[1-9])\.(?P<day>3[01]|[12][0-9]|0?[1-9])(?=号|日|那天|当天|早|晚|上午|下午|中午|凌晨|去[的了]|去过|报[的了修]|交[的了]|签[的了]|买[的了]|下单|办[的了]|到货|开始|(?:周|星期)[一二三四五六日])(?:号|日)?(?![0-9])",
        lambda m: {"month": int(m["month"]), "day": int(m["day"])},
        gate=".",
    ),
    row(
        "that day",
        r"(?P<which>当|那|同|第[二三四五六七八九十]|次|隔|翌|转)(?P<what>一?天|日|早|晚|夜)(?:的)?(?P<part>早上|早晨|一早|一大早|上午|中午|下午|傍晚|晚上|夜里|半夜|凌晨)?(?!班|报|子|日|都|到晚|气|空|堂|益|后|以后|数|[0-9])",
        _that_day,
        gate="当 那 同 第 次 隔 翌 转",
    ),
    row(
        "lunar month",
        r"(?:农历|阴历|旧历)(?P<month>十一|十二|[一二三四五六七八九十])月(?P<day>初?[一二三四五六七八九十]{1,3}|廿[一二三四五六七八九]?)",
        _lunar,
        gate="历",
    ),
    row(
        "lunar new year",
        r"(?:大年|年|正月)(?P<day>初[一二三四五六七八九十]{1,2})|(?<![一-鿿])(?P<day2>初[一二三四五六七八])(?!中|级|二?年级)",
        lambda m: {"lunar": (1, _whole((m["day"] or m["day2"])[1:]))},
        gate="初",
    ),
    row(
        "holiday",
        rf"(?<![0-9一二三四五六七八九十百千周期拜])(?P<holiday>{_HOLIDAYS})(?:(?P<way>前|后)(?:的)?第?(?P<many>[0-9]{{1,2}}|[一二两三四五六七八九十几])(?:个)?(?P<span>天|日|周|星期|礼拜)|那天|当天|当日|(?P<whole>期间|那几天|那段时间|(?:放)?(?:小长|长)?假期?(?:期间)?|放假(?:期间)?)|前后|(?P<eve>当晚|晚上|夜里|夜)|(?=[前后]))?(?!路|街|村|广场|大厦|新村|公园|快乐|小区|花园|晚会)",
        _holiday,
        gate="国庆 新年 十一 春节 过年 元旦 清明 五一 劳动 端午 中秋 除夕 年三十 元宵 重阳 七夕 双 618 圣诞 平安 情人 三八 妇女 儿童 六一 母亲 父亲 教师",
    ),
    row(
        "season",
        r"(?P<season>[春夏秋冬])(?:天|季)|(?<=年)(?P<season2>[春夏秋冬])(?![一-鿿])|入(?P<season3>[夏秋冬])|开(?P<season4>春)",
        lambda m: {"season": _SEASONS[m["season"] or m["season2"] or m["season3"] or m["season4"]]},
        gate="春 夏 秋 冬",
    ),
    row(
        "ago",
        r"(?<![第0-9一二三四五六七八九十月号.])(?P<number>[0-9]{1,4}|[一二两三四五六七八九十百]{1,4}|[俩仨]|十几|好?几|半)(?P<more>多|来)?(?P<half>半)?(?P<unit>个?(?:多|来)?小时|个?(?:多|来)?钟头|个钟|分钟|天|日|周|个?(?:多|来)?星期|个?(?:多|来)?礼拜|个(?:多|来)?月|年)(?P<half2>半)?(?P<way>之前|以前|前|后|以后|之后|过后)(?!面|台|排|门|院|半|后)",
        _shift,
        gate="前 后",
    ),
    row(
        "ago2",
        r"(?<![第0-9一二三四五六七八九十])(?P<number>个把)(?P<unit>月|小时|礼拜|星期)(?P<way>前|之前|以前)",
        lambda m: {"shift": (-1, _UNITS[m["unit"]]), "approximate": True},
        gate="个把",
    ),
    row(
        "just now",
        r"刚才|刚刚(?=[,。!?;]|$|[一-鿿])|方才|头先|啱啱",
        lambda m: {"point": 10, "approximate": True},
        gate="刚 方才 头先 啱",
    ),
    row(
        "right now",
        r"现在|此刻|目前|这会儿?|眼下|当前|而家|宜家",
        lambda m: {"point": 0},
        gate="现在 此刻 目前 这会 眼下 当前 而家 宜家",
        weak=True,
    ),
    row("vague", "|".join(sorted(_VAGUE, key=len, reverse=True)), _vague, gate="最近 近 这 前"),
    row(
        "clock",
        rf"(?<![0-9.:一二三四五六七八九十百第])(?P<hour>{_HOUR})(?:点钟?(?!(?<=(?<![十])[一1]点){_SPARE_ONE}|点|[0-9]{{3}}|滴|击|评|外卖|餐|菜|单|赞|了?一份|份)|时(?=[0-9一二三四五六七八九十半许左,。]|$)(?!候|间|不|常|代|段))(?P<rest>半|[一三]刻钟?|过?(?P<minute>{_MINUTE})(?:分钟?(?!之|钱))?(?!个|天|号|次|块|月|年|人|多?[岁元米公家]|[0-9]))?(?P<more>多|来钟|过|出头|左右|几分?(?![个次块]))?(?:钟)?",
        _clock,
        gate="点 时",
    ),
    row(
        "clock range",
        rf"(?<![0-9.:一二三四五六七八九十第])(?P<first>{_HOUR})(?P<dash>[-~到至])(?P<second>{_HOUR})点(?:钟)?",
        _clock_range,
        gate="点",
    ),
    row(
        "pair clock",
        r"(?<![0-9.:一二三四五六七八九十第])(?P<first>十一(?=二)|[一二两三四五六七八九])(?P<second>[二三四五六七八九])点(?:多)?(?:钟)?(?!半)",
        _pair_clock,
        gate="点",
    ),
    row(
        "digital",
        r"(?<![0-9:.])(?P<hour>2[0-4]|[01]?[0-9]):(?P<minute>[0-5][0-9])(?::[0-5][0-9])?(?![0-9:])",
        _digital,
        gate=":",
    ),
    row(
        "part",
        rf"(?:(?![周期拜]|(?<=[周期拜])一)(?:{_PART})|(?<=号)晚|(?<=日)晚|(?<=[天日号])早|(?<![今昨前明今当每夜大早])[早晚](?=[0-9]{{1,2}}(?:点|[:：][0-5])|[一二两三四五六七八九十]{{1,3}}点))",
        lambda m: {"part": PART_WORDS[m[0]]},
        gate="早 晚 夜 午 晨 凌 昼 晌 天 傍",
        weak=True,
    ),
    row(
        "every",
        r"(?:每|逢)(?:个|到|逢)?(?P<what>天|日|周[一二三四五六日末]?|星期[一二三四五六日天]?|礼拜[一二三四五六日天]?|月(?=(?P<mday>[0-9]{1,2})[号日])?|年|晚上|晚|早上|早|夜里|夜|下午|上午|中午|凌晨|半夜)(?:[0-9]{1,2}[号日])?(?:都|都会|都是|到|的)?",
        _every,
        gate="每 逢",
    ),
    row(
        "daily",
        r"天天(?:都)?|成日|日日|(?<![0-9个一二三四五六七八九十几])工作日|(?:平时|平常)(?=晚|早|下|上|中)",
        lambda m: {"recurring": True, "cycle": "day"},
        gate="天天 日日 工作日 平时 平常",
    ),
)
