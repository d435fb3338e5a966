"""Short turns that say "I was wrong" and leave hardly more than the right value: "打错了，是赵", "no, half four".

The words that only admit the mistake are taken away; what is left has to look like a value. Used by
:mod:`understanding.details.corrections` after its own patterns.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from dataclasses import dataclass

from understanding.details.mending import is_shift
from understanding.details.naming import PARTS
from understanding.details.people import SURNAMES
from understanding.details.shapes import SHAPE

_FIELD_ZH = r"(?:手机号?码?|电话号?码?|号码|订单号?|单号|编号|地址|门牌号?|房号|楼号|窗口号?|时间|日期|日子|月份|年份|钟点|星期几|几号|名字|姓名|姓|金额|钱数|数字?|价格|字母|车牌号?|楼栋|楼层|单元|站名|路名|地点|地方|线路|人数|次数)"
_SLIP = r"(?:[说讲写填打记输报弄搞选看听算念认抄发点数](?:错|反|混|岔|串)|[说写填打记输报算](?:漏|少|多)(?=了|[,，。]|$))"
#: What only admits a mistake.
_CUE_ZH = re.compile(
    rf"(?:我|你们?|刚才|刚刚|之前|前面|上面|上次|可能|好像|把|的|给|那个|这个|都){{0,4}}{_SLIP}(?:了|啦|咗|一个?|个|字|位|数字|日历|行|页|天)*|{_FIELD_ZH}?(?:不对|有误|不正确|错了|错啦|错咗|反了|弄错了?|搞错了?)|[少漏多](?:打|写|填|输|算|说)了(?:一?[个位]|两[个位])?(?:字|数字?|号码?)?|[少漏多]了?(?:一?[个位]|两[个位])(?:字|数字?|号码?)|[晚早]了一天|记岔了|(?:上一条|上面那条|刚才(?:的|那个)?(?:{_FIELD_ZH})?)(?:作废|不算)(?:了)?|以(?:这条|这个|下面)为准|用这个|(?:其他|别的|其余)(?:都|的都)?(?:对|没问题)|差不多|没(?:有)?那么(?:久|多|少|早|晚)|口误|笔误|手滑|手误|记性不好|更正(?:一下)?|纠正(?:一下)?|改一下|重说一下|(?<![一-鿿])(?:哦|啊|噢|哎|唉|呃|嗯|诶)*不(?=[,，。 ])|^哦不|不止|不是的?(?=[,，。]|$)|不好意思|抱歉|对不起|等等|等一下|.{{1,3}}字(?:写|打)?错了?"
)
_STRONG_ZH = re.compile(
    rf"{_CUE_ZH.pattern}|才对|才是|应该|应为|其实|实际上|准确地?来?说|我(?:说|指|讲|去|坐|住)的是|不是|不在|改成|改为"
)
_LEAD_ZH = re.compile(
    rf"^(?:{_FIELD_ZH}(?:应该)?(?:是|叫|为)|(?:我|明明|那个|其实|实际上?|准确(?:地|来)?说|刚才|正确的?|反正|哦|啊|就|才|而|我们|俺|它|要|得)|(?:说|去|住|讲|指|坐|乘|要)的(?=是)|应该(?:是|为|叫)?|应为|是(?=[^,，])|改(?:成|为)|换成|叫|系|住在?|在|用|改用|为|成)+"
)
_TAIL_ZH = re.compile(r"(?:来着|才对|才是对的|才是|的才对|没错|吧|了|哈|哦|啊|呀|呢|啦|嘛|的)+$")
#: "20日写错了": what stands before it is wrong.
_WRONG_ZH = re.compile(rf"(?:我|你们?|刚才|是)?(?:{_SLIP}|不对|错)")
_OLD_ZH = re.compile(r"^(?:而|并|可)?不(?:是|在|系|叫|姓)(?P<old>[^是]{1,16}?)(?:的|啊|哦|了)?$")
#: A clause with these tells something and is no value.
_TELLS_ZH = re.compile(
    r"[我你您他她它们咱俺谁]|[了着过吗呢嘛没有不能会让说给收办退赔修打骂扣等骗催]|怎么|什么|为什么|态度|问题|因为|希望|要求|投诉|事情|道理"
)
_VALUE_ZH = re.compile(
    rf"[0-9a-z零〇一二两三四五六七八九十百千万]|[东西南北]|[昨今前明后]天|[路街巷区镇县市站门楼栋室厅院场店园城村桥湾]$|窗口?$|柜台$|(?:先生|女士|小姐)$|美元|美金|港币|欧元|上午|下午|早上|晚上|中午|凌晨|夜里|傍晚|^姓?[{SURNAMES}]$|^[{SURNAMES}][一-鿿]{{1,3}}$|[周期拜][一二三四五六日天末]|^(?:{'|'.join(PARTS)})[一-鿿]$|姓[{SURNAMES}]$|第二天|次日|前一天|后一天|的[一-鿿]$"
)

_FIELD_EN = r"(?:phone|mobile|order|reference|account|ticket|booking|flat|house|room|street|road|window|counter|desk|post ?code|address|location|place|date|time|day|month|year|week|surname|first name|name|amount|price|sum|total|number|digits?|letters?|plate|reg|floor|block|tower|building|platform|gate|line|bus|branch|office|spelling|way round)"
_SLIPS = r"mis(?:typed|spelt|spelled|spoke|read|wrote|remembered|heard|counted|took|said)|mistyped"
_CUE_EN = re.compile(
    rf"(?<![a-z])(?:sorry(?: about that)?|mb|almost(?=,)|nearly (?:right|there)|close(?=,| but)|(?:everything|all|the rest)(?:'s| is| else is)? (?:fine|right|correct|ok|good)(?: apart from the {_FIELD_EN}| except (?:for )?the {_FIELD_EN})?|all correct except the {_FIELD_EN}|(?:by|in) mistake|apologies|my (?:bad|mistake|error|fault|apologies)|oops|whoops|nope|(?<![a-z] )no(?=,|\.|$)|(?:wait|hang on|hold on)(?=,|\.|$| no| it| that)|actually|in fact|typo|typing error|correction|rather|(?:the )?(?:other|wrong) way (?:round|around)|(?:i|you|we|it)(?:'ve| have)? (?:{_SLIPS}|(?:always |keep )?mix(?:ed|ing)?(?: it| them| that| those)?(?: all)?(?: up)?(?: the [a-z]+)?|got (?:it|that|them|the {_FIELD_EN}|my {_FIELD_EN}) (?:wrong|mixed up|muddled)|(?:put|wrote|gave|typed|said|entered|picked)(?: you)? the wrong {_FIELD_EN}|dropped an? [a-z]+|left (?:off|out) (?:the|an?) [a-z]+|swapped (?:them|the [a-z]+))(?: it| that)?(?: up)?|mixed (?:it|them) up|(?:scrap|scratch|forget|ignore|strike|cancel) (?:that|it|the [a-z0-9 ]{{1,12}}?|[0-9][a-z0-9: ]{{0,8}})|wrong {_FIELD_EN}|(?:the |my |that )?{_FIELD_EN}(?:'s| is| was) (?:wrong|incorrect|off|a typo)|(?:spell(?:ed|ing)|spelt)? ?with (?:an?|no|two|one|just one) [a-z]{{1,2}}(?:'?s)?(?: at the end)?|got the {_FIELD_EN} wrong|i (?:meant|mean)|(?<![a-z] )meant(?: to say)?|that's wrong|not quite)(?![a-z])"
)
_STRONG_EN = re.compile(
    rf"{_CUE_EN.pattern}|(?<![a-z])(?:should (?:be|say|read|have been)|make (?:it|that)|make that|not|instead|supposed to be|(?<![a-z] )(?:exactly|closer to|more like)|(?:surname|first name|last name)(?: is|'s| should be))(?![a-z])"
)
_LEAD_EN = re.compile(
    rf"^(?:(?:so|and|but|yes|yeah|oh|ah|well|er|um|uh|um+|the(?! (?:day|week|month|year) before)|my) |(?:the |my |that )?(?:right |correct )?{_FIELD_EN}(?: number)? (?:should (?:be|read|say|have been)|is|was|'s) ?|it's actually |(?:it|that|this|he|she)(?:'s| is| was) (?:actually |really |a |an )?|it's (?:actually )?(?=per )|its |(?:i'm|i am|i was|i live|we're|we are|we live|i went)(?: actually| really)? (?:in|at|on|to) |i(?:'m| am) (?:called )?|(?:i|we) (?:meant?|mean)(?: to (?:say|put|write|type))? |(?:it |that )?should (?:be|read|say|have been) |make (?:it|that) |change (?:it|that) to |in |at |on |till |until |from |to |started at |exactly |closer to |more like |called |spelled |spelt )+"
)
_TAIL_EN = re.compile(
    r"(?:,? (?:actually|though|tho|sorry|instead|i mean|i meant|my mistake|in fact|please|pls|then|it was|it is|rather|i think|,))+$"
)
_OLD_EN = re.compile(r"^(?:and |but )?(?:it (?:was|is)n'?t |not )(?:the )?(?P<old>[^,]{1,24})$")
_NOT_IN_EN = re.compile(r"^(?P<new>[^,]{1,40}?),? (?:and )?not (?P<old>[^,]{1,24})$")
_TELLS_EN = re.compile(
    r"(?<![a-z])(?:you|he|she|they|we|i|who|what|why|how|nobody|no one|because|so|please|want|need|refund|fault|happy|joke|are|were|have|has|had|did|do|don't|can|can't|will|won't|would|never|always|going|said|told|thanks|thank|idea|problem|worries|way|thing|yet|sure|enough|good|bad|rude|fair|right|true|one|more|again|chance|answer|reply|comment|point|luck|longer)(?![a-z])"
)
_UNIT_EN = re.compile(
    r"(?:the|a|an|gate|entrance|exit|side|door|end|wing|of|at|on|in|to|past|about|around|[,.-]+|times?|people|hours?|hrs?|minutes?|mins?|days?|weeks?|months?|years?|pounds?|quid|dollars?|euros?|per|each|bus|stop|station|st|no|number|ext|[a-z]?'s)"
)
_SHORT_VALUE_EN = re.compile(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2}|[A-Z]")
_COPULA = re.compile(
    r"^(?:(?:it's|it is|it was|that's|its|should say|should be|the one)(?= )|(?:应该)?是(?!不是|的|吗|啊|呀))"
)
#: "it's Smyth with a y" spells a name and takes nothing back.
_INTRODUCED = re.compile(
    r"^(?:it's|its|my (?:sur)?name(?:'s| is)|i'm|this is) [a-z' -]+ with an? [a-z]{1,2}$"
)
#: "*Lancaster" in the manner of chats.
_STARRED = re.compile(r"\s*\*\s*(?:是)?(?P<new>[^*]{1,30}?)\s*")
#: "别记错了" asks for care.
_WARNED = re.compile(r"(?:别|不要|莫|没|不会|怕)(?:给?我?)?[说讲写填打记输报弄搞选看听算]错|谢谢|多谢")
_CLAUSES = re.compile(r"[,，。!！?？;；:：\n]+|(?<=\s)[-–—]+(?=\s)|\.(?=\s|$)|(?<=[一-鿿]) (?=[一-鿿])")


@dataclass(frozen=True)
class Admitted:
    """The right value and the wrong one, if said, as spans of the folded text."""

    new: tuple[int, int]
    old: tuple[int, int] | None = None


def find_admitted(text: str, cased: str) -> Admitted | None:
    """What folded ``text`` puts right, if it does hardly anything else. ``cased``: the same with its capitals."""
    if len(text) > 60:
        return None
    starred = _STARRED.fullmatch(text)
    if starred:
        return Admitted(starred.span("new"))
    chinese = any("一" <= sign <= "鿿" for sign in text)
    strong = (_STRONG_ZH if chinese else _STRONG_EN).search(text)
    if not strong and not _COPULA.match(text):
        return None
    if _INTRODUCED.match(text) or _WARNED.search(text):
        return None
    left, old = _left(text, chinese)
    left = [span for span in left if not any(_holds(text, other, span) for other in left)]
    if len(left) != 1 and not (left and old):
        left = [span for span in left if _is_value(text, cased, span, chinese, bool(strong))]
    if len(left) != 1 or not _is_value(text, cased, left[0], chinese, bool(strong)):
        return None
    new = left[0]
    if old and not chinese and not (SHAPE.search(text[slice(*old)] + " floor") or cased[old[0]].isupper()):
        return None
    return None if old and text[slice(*old)] == text[slice(*new)] else Admitted(new, old)


def _holds(text: str, longer: tuple[int, int], span: tuple[int, int]) -> bool:
    """Whether a longer clause explains this one ("民，人民的民")."""
    return longer[1] - longer[0] > span[1] - span[0] and text[slice(*longer)].endswith(text[slice(*span)])


def _left(text: str, chinese: bool) -> tuple[list[tuple[int, int]], tuple[int, int] | None]:
    """The clauses that are more than an excuse, bared of their leading words; and the wrong value."""
    left, old = [], None
    for first, last in _clause_spans(text):
        start, end = _bared(text, first, last, chinese)
        clause = text[start:end]
        if not clause:
            continue
        if chinese and _WRONG_ZH.match(text, end, last):
            old = (start, end)
            continue
        wrong = (_OLD_ZH if chinese else _OLD_EN).match(clause)
        if wrong:
            old = (start + wrong.start("old"), start + wrong.end("old"))
            continue
        both = None if chinese else _NOT_IN_EN.match(clause)
        if both:
            old = (start + both.start("old"), start + both.end("old"))
            end = start + both.end("new")
        left.append((start, end))
    return left, old


def _clause_spans(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for match in _CLAUSES.finditer(text):
        if (
            text[match.start()] in ":,."
            and text[match.start() - 1 : match.start()].isdigit()
            and text[match.end() : match.end() + 1].isdigit()
        ):
            continue
        if text[match.start()] not in "?？" or match.end() == len(text):
            spans.append((start, match.start()))
        start = match.end()
    return [*spans, (start, len(text))]


def _bared(text: str, start: int, end: int, chinese: bool) -> tuple[int, int]:
    cue, lead, tail = (_CUE_ZH, _LEAD_ZH, _TAIL_ZH) if chinese else (_CUE_EN, _LEAD_EN, _TAIL_EN)
    for _ in range(4):
        start += len(text[start:end]) - len(text[start:end].lstrip(" .,'\"-("))
        end -= len(text[start:end]) - len(text[start:end].rstrip(" .,'\"-"))
        before = (start, end)
        said = text[start:end]
        led = lead.match(said)
        if match := cue.match(said) or (led if led and led.end() < len(said) else None):
            start += match.end()
        elif said.startswith(("不是", "不在", "不姓", "不叫", "not ")):
            return start, end
        elif match := tail.search(said):
            end = start + match.start()
        else:
            last = next((each for each in cue.finditer(said) if each.end() == len(said)), None)
            if last:
                end = start + last.start()
        if (start, end) == before:
            break
    return start, max(start, end)


def _is_value(text: str, cased: str, span: tuple[int, int], chinese: bool, strong: bool) -> bool:
    said = text[slice(*span)]
    if is_shift(said):
        return True
    left = SHAPE.sub(" ", said)
    shaped = left != said
    if chinese:
        if not 1 <= len(said) <= 16 or _TELLS_ZH.search(re.sub("[一-鿿]{1,3}的(?=.$)", "", said)):
            return False
        short = len(left.replace(" ", "")) <= (7 if strong else 3)
        return short and (bool(_VALUE_ZH.search(said)) if strong else shaped)
    if not said or len(said.split()) > 6 or len(said) > 40 or _TELLS_EN.search(left):
        return False
    if shaped:
        return len([word for word in left.split() if not _UNIT_EN.fullmatch(word)]) <= (2 if strong else 0)
    return strong and bool(_SHORT_VALUE_EN.fullmatch(cased[slice(*span)]))
