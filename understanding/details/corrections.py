"""A turn that takes something back: what was said, what is right, and which field it is about."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from understanding.details.cues import find_admitted
from understanding.details.edits import Edit, apply_edit, find_edit
from understanding.details.mending import mend
from understanding.details.restated import (
    chosen_instead,
    digits_after,
    exchanged,
    in_their_words,
    loses_the_day,
    names_a_part,
    restated,
)
from understanding.details.shapes import same_shape
from understanding.fold import Folded, fold

#: Words for fields, most exact first. The hint of a correction is one of them, as said.
_FIELDS_ZH = "年份|月份|星期几|小区名|店名|路名|楼栋号?|单元|手机号码|手机号|手机|电话号码|联系电话|联系方式|电话|座机|订单编号|订单号|单号|工单号|保单号|户号|账号|卡号|身份证号|身份证|车牌号|车牌|门牌号|房间号|房号|楼号|单元号|窗口号|窗口|时间|日期|几号|钟点|地址|地点|位置|住址|姓名|名字|姓|金额|价格|钱数|价钱|费用|邮箱|邮件|数量|次数|人数|诉求|要求|描述|内容|类别|分类|部门|单位|工号|编号|号码|匿名|实名"
_FIELDS_EN = "phone number|mobile number|contact number|mobile|phone|order number|order no|reference number|account number|policy number|ticket number|card number|booking number|reference|room number|flat number|house number|window number|postcode|address|location|place|date|time|day|surname|first name|last name|name|amount|price|sum|total|e-mail address|email address|e-mail|email|number of people|number|plate|registration|counter|window|category|department"
_FIELD_ZH = re.compile(f"(?:{_FIELDS_ZH})")
_FIELD_EN = re.compile(rf"(?<![a-z])(?:{_FIELDS_EN})(?![a-z])")

_X = r"(?P<old>[^,。!?;\n]{1,40}?)"
_Y = r"(?P<new>(?![了字咗啦呀啊的]+(?:[,。!?;\n]|$))[^,。!?;\n]{1,60}?)(?:才对|才是对的|的呢?|吧|了|哈|哦|啊|呀|呢)?\s*(?:[,。!?;\n]|$)"
_SOFT = r"(?:那个|嗯|哦|啊|呃|抱歉|不好意思|对不起|sorry|等等|等一下|对了|,|\s)*"
_DIGITS = r"(?P<new>[0-9x零〇一二两三四五六七八九幺]{1,6})"
_SAID = "写|填|打|记|输|报|弄|搞|选|记得|讲|说"
_WRONG = rf"(?:(?:{_SAID})?(?:错|反|串|岔)(?:了|咗|啦)?(?:字|行)?)"

_ZH: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"(?P<old>[一-鿿])字(?:是)?(?:写|打|输|填)?错了?[,]?\s?(?:应该)?是(?P<new>(?:[一-鿿]{1,3}的)?[一-鿿])(?:[,。]|$)"
    ),
    re.compile(
        rf"(?:最后|末尾?|后面?|倒数|尾数)(?P<count>[一二两三四1-8])?(?:(?:位|个数字?|个号码?)(?:数字?|号码?)?|(?<=尾数)|(?<=最后))(?:应该|其实|写错了?|错了?|不对|,)*(?:不是(?P<old>[0-9零〇一二两三四五六七八九幺]{{1,6}})[,]?(?:而?是)|是|为|改成|改为){_DIGITS}(?:[,]?不是(?P<old2>[0-9x零〇一二两三四五六七八九幺]{{1,6}}))?(?![0-9点号月年天个])"
    ),
    re.compile(
        r"(?:尾号|后四位|末四位)(?:应该|其实|错了?|不对|,)*(?:不是(?P<old>[0-9]{1,6})[,]?(?:而?是)|是|为|改成|改为)(?P<new>[0-9]{1,6})"
    ),
    re.compile(
        r"(?:说|报|写|讲|要|买|订|住|去)的是(?P<new>[^,。!?;\n]{1,16}?)[,]\s?(?:你|您|系统|上面|摘要)?(?:们|里)?(?:怎么|却|给我?)?(?:写|打|记|填|听|弄|录|写的是|记的是)成?了?(?:是)?(?P<old>[^,。!?;\n]{1,16}?)(?:了|的)?(?:[,。!?;\n]|$)"
    ),
    re.compile(rf"把{_X}(?:改成|改为|换成|更正为|更正成|改到|改做|改一下成){_Y}"),
    re.compile(rf"(?:换个|换一个|换成|改个|换一?下|改一?下)(?:{_FIELDS_ZH})(?:吧|了)?[,: ]*(?:是|用)?{_Y}"),
    re.compile(
        rf"(?:{_FIELDS_ZH})(?:已经)?(?:作废|不用了|停机了?|换了|不要了)[,。; ]+(?:请)?(?:用|打|改成|改用|是|新的是|现在是)?{_Y}"
    ),
    re.compile(r"(?P<new>姓[一-鿿]{1,2}?)[,]?\s?不是(?P<old>姓[一-鿿]{1,2}?)(?:[,。!?;\n]|$)"),
    re.compile(
        r"^不[是系](?P<old>[^,。!?;\n]{1,12}?)[,]\s?(?P<new>(?!是|系|而|应该|其实)[^,。!?;\n]{1,14}?)$"
    ),
    re.compile(
        r"(?P<way>姓|叫)(?P<new>[一-鿿]{1,4}?)[,]?\s?不(?P=way)(?P<old>[一-鿿]{1,4}?)(?:[,。!?;\n]|$)"
    ),
    re.compile(
        r"不(?P<way>姓|叫)(?P<old>[一-鿿]{1,4}?)[,]?\s?(?P=way)(?P<new>[一-鿿]{1,4}?)(?:[,。!?;\n]|$)"
    ),
    re.compile(
        rf"(?:应该|其实)是(?P<new>[^,。!?;\n]{{1,30}}?)[,]\s?(?:我)?(?:刚才|刚刚|之前|前面)?(?:{_SAID})成了?(?P<old>[^,。!?;\n]{{1,30}}?)了?(?:[,。!?;\n]|$)"
    ),
    re.compile(
        r"(?:更正|纠正|修正|订正)(?:一?下)?\s?[,:]?\s?(?:应该)?(?:是|为)?(?P<new>[^,。!?;\n]{1,30}?)[,]\s?不是(?P<old>[^,。!?;\n]{1,30}?)(?:[,。!?;\n]|$)"
    ),
    re.compile(rf"不[是系]{_X}\s*[,、]?\s*(?:而是|应该是|是(?!不)|系){_Y}"),
    re.compile(
        r"(?:应该|其实|而|就|(?<![不没])系|是)?(?<![不没])[是系](?P<new>[^,。!?;是系\n]{1,40}?)[,]?\s*(?:而|并)?不[是系](?P<old>[^,。!?;\n]{1,40}?)(?:的|哦|啊|吧)?\s*(?:[,。!?;\n]|$)"
    ),
    re.compile(
        rf"(?:刚才|刚刚|之前|前面|我)?(?:说|写|填|打|记|输|报)(?:成了?|的是){_X}[,]?\s*(?:了|其实|实际|但|应该)+(?:上)?(?:应该)?(?:是)?{_Y}"
    ),
    re.compile(
        rf"(?:说|写|填|打|记|输|报|弄|搞|选|记得|讲|[号址间名期额点])(?:错|反|混|岔)(?:了|咗|啦)?(?:[,。!:]|\s)*(?:{_SOFT})(?:应该|其实|正确的?|实际上?|不是[^,。]{{1,20}}[,]?)*(?:是|系|改成|改为|叫)?{_Y}"
    ),
    re.compile(
        rf"(?:{_FIELDS_ZH})(?:有误|不对|错|填错|写错|记错|弄错|搞错|输错)(?:了|咗|啦)?(?:[,。!:]|\s)*(?:应该|其实|正确的?)*(?:是|系|改成|改为)?{_Y}"
    ),
    re.compile(
        rf"(?:更正|纠正|修正|订正|改正)(?:一?下)?\s*[,:：]?\s*(?:{_FIELDS_ZH})?(?:应该)?(?:是|为)?{_Y}"
    ),
    re.compile(rf"(?:改成|改为|换成|改到){_Y}"),
    re.compile(
        rf"^{_SOFT}(?:不对不对|不对|错了|错啦|搞错了|不是不是|不系|不是)\s*[,。!, ]+\s*(?:应该|其实|我是说)*(?:是|叫|系)?{_Y}"
    ),
    re.compile(rf"^{_SOFT}(?:其实|应该|准确(?:地|来)?说|实际上?)(?:应该)?是{_Y}"),
)
_OH = r"(?:oh |ah |sorry|oops|no|nope|actually|wait|hang on|,|\.|-|\s)*"
_V = r"(?P<new>[^,;!?\n]{1,60}?)(?:\s+(?:please|pls|sorry|instead|actually))*\s*(?:[,;!?\n]|\.(?=\s|$)|$)"
_U = r"(?P<old>[^,;!?\n]{1,40}?)"
_EN: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"(?<![a-z])the (?P<old>[a-z0-9]) (?:should be|should have been|is actually|is really) (?:an? )?(?P<new>[a-z0-9])(?![a-z0-9])"
    ),
    re.compile(
        r"(?<![a-z])(?:last|final|end) (?P<count>one|two|three|four|[1-8])? ?(?:digits?|numbers?) (?:of [a-z ]{1,24} )?(?:is|are|should be|was|were|it's)(?: actually)?(?: not (?P<old>[0-9 ]{1,8}),? ?(?:but|it's|it is))? (?P<new>[0-9x]{1,6})(?![0-9])(?:,? (?:and )?not (?P<old2>[0-9x]{1,6}))?"
    ),
    re.compile(
        r"(?<![a-z])(?:ends?|ending) (?:in|with) (?P<new>[0-9]{1,6})(?:,? not (?P<old>[0-9]{1,6}))?(?![0-9])"
    ),
    re.compile(
        rf"(?<![a-z])(?:change|correct|update|amend|edit|switch|replace) (?:the |my |that |it )?{_U} (?:to|with|into) (?:be )?{_V}"
    ),
    re.compile(
        rf"(?<![a-z])(?:i|you|it|we|that|they) (?:said|wrote|put|typed|told you|gave|have|had|says|entered|meant to say|called it|noted|written)(?: down)? (?:it was |it's |that it was |as )?{_U},? (?:but|and|when)(?: actually| in fact| really)? ?(?:it was|it's|it is|i meant|it should be|it should have been|that should be|that's|is|should be|the right one is|it actually was|it was actually|it's actually|i meant to say)(?: actually| really)? {_V}"
    ),
    re.compile(
        r"(?<![a-z])(?:it's|it is|it was|that's|that was|its|is|was|meant|should be|make it|make that)(?: actually| in fact)? (?P<new>[^,;!?\n]{1,40}?),? (?:and )?(?:not|instead of|rather than) (?P<old>[^,;!?\n]{1,40}?)\s*(?:[,;!?\n]|\.(?=\s|$)|$)"
    ),
    re.compile(
        rf"(?<![a-z])(?:it's not|it is not|it isn'?t|it wasn'?t|it was not|its not|not|isn'?t|wasn'?t|that's not|that was not|that wasn'?t) {_U},? ?(?:but|it's|it is|it was|its|i meant|it should be|should be|-|that's|that was)(?: actually| rather| really)? {_V}"
    ),
    re.compile(rf"^{_OH}(?P<new>[0-9][^,;!?\n]{{0,24}}?),? not (?P<old>[^,;!?\n]{{1,24}}?)\s*\.?$"),
    re.compile(rf"^{_OH}not (?P<old>[^,;!?\n]{{1,30}}?)(?:,| -|;) ?(?P<new>[^,;!?\n]{{1,30}}?)\s*\.?$"),
    re.compile(
        rf"(?<![a-z])(?:scrap|forget|ignore|strike|cancel) that[,.:; -]{{1,4}}(?:it's|it was|make it|i meant)? ?{_V}"
    ),
    re.compile(
        rf"(?<![a-z])i(?:'ve| have)? (?:mistyped|misspelt|misspelled|misspoke|mis-typed|got mixed up)(?: it| that)?[,.:; -]{{1,4}}(?:it's|it was|it should be|should be|i meant)? ?{_V}"
    ),
    re.compile(
        r"^(?:sorry|oops|no|actually|wait|hang on|ah|,|\.|\s)*(?P<new>[^,;!?\n]{1,30}?), not (?P<old>[^,;!?\n]{1,30}?)\s*(?:[,;!?\n]|\.(?=\s|$)|$)"
    ),
    re.compile(
        rf"(?<![a-z])(?:i meant|i mean|i meant to say|i should have said|make it|make that|read that as|correction ?:?|that should be|that should read|it should be|should read|should have been|should be|must be|needs? to be|the correct (?:one|[a-z]+(?: number)?) is|the right (?:one|[a-z]+(?: number)?) is)(?: actually)? {_V}"
    ),
    re.compile(
        rf"(?<![a-z])(?:is|was|were|got it|wrote it|that's|thats|got that) (?:wrong|incorrect|not right|mistaken|a typo|a mistake)[,.;: -]{{1,4}}(?:it's|it is|it was|its|should be|it should be|i meant|the right one is|the correct one is|it's actually|it was actually|use)? ?{_V}"
    ),
    re.compile(
        rf"(?<![a-z])(?:wrong|incorrect) (?P<field>{_FIELDS_EN})[,.;: -]{{1,4}}(?:it's|it is|it was|its|should be|it should be|i meant|use)? ?{_V}"
    ),
    re.compile(
        rf"(?<![a-z])wrong (?P<field>[a-z]+(?: [a-z]+)?)[,.;: -]{{1,4}}(?:it's|it is|it was|its|should be|it should be|i meant|use|the right one is) {_V}"
    ),
    re.compile(
        rf"^(?:oh |ah |sorry|oops|no|wait|hang on|hold on|,|\.|-|\s)*(?:actually|in fact|no|typo|my mistake|my bad|correction)[,.: -]{{1,3}}(?:it's|it is|it was|its|the (?:{_FIELDS_EN})(?= (?:is|was) ))?(?: is| was)? ?{_V}"
    ),
)
#: A field that is wrong, without the right value.
_ONLY_ZH = re.compile(
    rf"^{_SOFT}(?:我?(?:想|要|需要|能|可以|请)*(?:修改|更改|改|换)(?:一?下|个)?(?:我的|那个)?|(?:我?(?:想|要|请)?把)(?=.*(?:改|换)一?[下改]))(?P<field0>{_FIELDS_ZH})(?:改一?下|换一?下|改改|吗|吧|可以吗)*[。!?.]*$|^{_SOFT}(?:我的?|那个|这个|上面的?|刚才(?:说|写|填)?的?|前面的?|你们?(?:记|写)?的?|登记的)*(?P<field>{_FIELDS_ZH})(?:好像|也|我|你们?|都|给|那里|这里|栏)*(?:不对|不正确|有误|有问题|{_WRONG}|填的不对|写的不对|{_WRONG}(?:了|咗)?(?:一|两|几)个?(?:字母?|数字|数|位)|(?:少|多|漏)(?:打|写|填|输|了)+.{{0,6}})(?:了|咗|啦|哦|啊|呀)*[。!.]*$"
)
_ONLY_EN = re.compile(
    rf"^{_OH}(?:(?:please|can|could|may|i|we|you|need to|want to|have to|would like to|i'd like to|let me) )*(?:change|edit|fix|amend|correct|update) (?:the |my )(?P<field0>{_FIELDS_EN})(?: i gave(?: you)?| please)?[.!?]*$|^{_OH}(?:(?:my|the|your|that|this) )?(?P<field>{_FIELDS_EN})(?: you have| i gave(?: you)?| on (?:there|file|record))?(?: (?:is|was|looks|seems|are)|'s)(?: actually| all| still)? (?:wrong|incorrect|not right|not correct|mistaken|out|off)[.!]*$"
    rf"|^{_OH}(?:that's|thats|that is|that was|it's|it is|this is) not (?:the |my )(?:right |correct )?(?P<field9>{_FIELDS_EN})[.!]*$"
    rf"|^{_OH}(?:(?:my|the|your|that|this) )?(?P<field2>{_FIELDS_EN}) (?:isn'?t|wasn'?t) (?:right|correct|mine)[.!]*$"
    rf"|^{_OH}(?:(?:my|the|your|that|this) )?(?P<field3>{_FIELDS_EN}) has (?:a|an|got a) (?:typo|mistake|error)(?: in it)?[.!]*$"
    rf"|^{_OH}(?:that's|thats|that is|that was|it's|i|you|we)?(?: (?:put|gave|typed|wrote|entered|have|got|used|sent|'ve got|gave you|took down))? ?(?:the |my )?wrong (?P<field4>{_FIELDS_EN})[.!]*$"
    rf"|^{_OH}(?:i|you|we)(?:'ve| have)? (?:got|put|spelt|spelled|written|have) (?:my|the|that|your) (?P<field5>{_FIELDS_EN}) (?:wrong|incorrectly)[.!]*$"
    rf"|^{_OH}(?:(?:my|the|your|that|this) )?(?P<field7>{_FIELDS_EN})(?:'s| is) (?:not|n't) (?:right|correct)[.!]*$"
    rf"|^{_OH}(?:i|you|we)(?:'ve| have)? (?:got|put|typed|wrote|written|have) (?:a|one|two|some|the wrong) (?P<field8>digits?|numbers?|letters?)(?: wrong)?[.!]*$"
    rf"|^{_OH}(?:there'?s|there is|i made|i've made) (?:a|an) (?:typo|mistake|error) (?:in|with) (?:my|the) (?P<field6>{_FIELDS_EN})[.!]*$"
)
#: What shows that words were taken for the value that only lead to it.
_SENTENCE = re.compile(
    r"[是应不]|尾号|那天|(?<![a-z])(?:it|its|it's|is|was|not|finished|should|ends?|began|would|do|want|read|meant?|rather|fact|instead)(?![a-z])",
    re.IGNORECASE,
)
_TAIL_WORDS = re.compile(r"最后|末|后四|尾号|后面|倒数|last|final|ends?|ending|digit")
_COUNTS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "one": 1, "two": 2, "three": 3, "four": 4}
_VALUE_LIKE = re.compile(
    r"[0-9零〇一二两三四五六七八九十百千万幺]|[周天日月年昨今前]|(?<![a-z])(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?<![a-z])(?:yesterday|today|january|february|march|april|june|july|august|september|october|november|december|morning|afternoon|evening|night|noon)|@"
)
#: "这不是钱的问题，是态度问题" corrects nothing.
_RHETORIC = re.compile(
    r"问题|态度|来(?:吵|闹|听|找|投诉)|为了|因为|第一次|一次两次|一天两天|一个人|针对|不想|想要|故意|开玩笑|人干|东西|办法|道理|理由|借口|说说|钱的事|要求|希望|你们|我们"
)
_RHETORIC_EN = re.compile(
    r"(?<![a-z])(?:good enough|acceptable|about the money|the point|money|the problem|happy|sure|only|just|asking|why|how|what|because|my fault|fair|right|yet|a joke|joking|been|going|have|happened|working|here|want|wanting|the first|done|really|enough|interested|complaining|blaming|nothing|anything|anyone)(?![a-z])"
)
_PERSONS = frozenset(["me", "him", "her", "us", "them", "you", "mine", "yours"])
#: "you charged me twice" is a sentence of its own, not a value.
_SUBJECT = re.compile(
    r"(?:you|they|i|we|he|she|nobody|no one|everyone|there|please|so|and|because|but) (?!mean)"
)
#: "no internet since yesterday" lacks something and denies nothing.
_NO_THING = re.compile(r"(?:oh |ah |well )?no (?!it|that|the |no)")
#: Patterns that also fit plain contrasts.
_LOOSE = frozenset(
    pattern
    for pattern in _EN
    if pattern.pattern.startswith("^(?:oh |ah ")
    or ",? (?:and )?(?:not|instead" in pattern.pattern
    or ", not (?P<old>" in pattern.pattern
)
_LEAD = re.compile(
    r"^(?:应该是|其实是|正确的是|应该|其实|正确的|改成|改为|是|叫|系|为|it's|it is|it was|its|the(?! (?:day|week|month) before)|to|actually|a|an) ?(?=[^\s])"
)


@dataclass(frozen=True)
class Correction:
    """``old``: what was wrong, if said. ``new``: what is right. ``hint``: a word for the field, if said.

    ``new`` is empty when only the field is named ("the phone is wrong"): the right value has to be asked for.
    ``tail``: ``new`` replaces the end of the former value ("手机号最后一位是8"); see :meth:`apply`.
    ``edit``: single signs to change, where the words name their place ("the last two are swapped").
    """

    old: str | None
    new: str
    hint: str | None = None
    tail: bool = False
    edit: Edit | None = None

    def apply(self, former: str) -> str:
        """The former value (as said or as kept) with the correction in it; ``new`` alone if it has no place."""
        if not self.new:
            return former
        edit = self.edit or (Edit("tail", self.new) if self.tail else None)
        changed = apply_edit(edit, former) if edit else None
        return changed or mend(former, self.new, self.old, self.hint)


def find_correction(text: str) -> Correction | None:
    """The correction that ``text`` makes, or ``None``. Texts above 300 characters are stories, not corrections."""
    if len(text) > 300:
        return None
    folded = fold(text)
    return next(_found(folded), None)


def corrected(former: str, text: str) -> str | None:
    """``former`` as ``text`` puts it right, for a turn that is known to correct it; a bare piece is enough ("flat 9").

    ``None``: the right value has to be asked for.
    """
    right = _corrected(former, text)
    return None if right is None or _lost_digits(former, right) else right


def _lost_digits(former: str, right: str) -> bool:
    """Whether a long number shrank to a few digits: the words were understood wrongly."""
    before, after = (sum(sign.isdigit() for sign in value) for value in (former, right))
    return before >= 6 and 0 < after < before - 2


def _corrected(former: str, text: str) -> str | None:
    text = in_their_words(former, text)
    if right := digits_after(former, text):
        return right
    correction = find_correction(text)
    if correction is not None and not correction.new and not correction.old and _only(text):
        return None
    if correction is not None and (correction.edit is not None or correction.tail):
        return correction.apply(former)
    if right := exchanged(former, text):
        return right
    applied = correction.apply(former) if correction is not None and correction.new else None
    sane = applied and not _SENTENCE.search(_without_known(applied, former))
    if applied and sane and not names_a_part(text) and not loses_the_day(former, applied):
        return applied
    right = restated(former, text) or chosen_instead(former, text) or applied
    if right:
        return right
    if len(text) > 40:
        return None
    mended = mend(former, text.strip(" .,!。，！"))
    return None if mended in (former, text) and not same_shape(former, text) else mended


def _without_known(applied: str, former: str) -> str:
    return "" if applied in former else applied


def _only(text: str) -> bool:
    folded = fold(text).text
    return bool(_ONLY_ZH.search(folded) or _ONLY_EN.search(folded))


def _found(folded: Folded) -> Iterator[Correction]:
    hint = _hint(folded)
    for only in (_ONLY_ZH, _ONLY_EN):
        match = only.search(folded.text)
        if match and not re.search("[少多漏].{0,3}[0零]", match[0]):
            field = next(name for name, said in match.groupdict().items() if said)
            yield Correction(None, "", folded.said(*match.span(field)))
            return
    edit = find_edit(folded.text) if len(folded.text) <= 80 else None
    if edit and edit[0].name != "tail":
        yield Correction(None, edit[0].new or folded.said(*edit[1]), hint, edit=edit[0])
        return
    for pattern in (*_ZH, *_EN):
        match = pattern.search(folded.text)
        if not match:
            continue
        new = _piece(folded, match, "new")
        old = _piece(folded, match, "old") or _piece(folded, match, "old2")
        tail = bool(
            "最后|末尾" in pattern.pattern
            or "后四位|末" in pattern.pattern
            or "digits?" in pattern.pattern
            or "ending" in pattern.pattern
        )
        named = _piece(folded, match, "field")
        if edit and not tail:
            continue
        if (
            not new
            or new == old
            or new.lower() in ("sorry", "no", "actually")
            or (_FIELD_ZH.fullmatch(new) and new not in ("匿名", "实名"))
            or _is_rhetoric(folded.text, match, old, new, named or hint)
        ):
            continue
        if (old and _FIELD_ZH.fullmatch(old.removesuffix("的"))) or (
            old and _FIELD_EN.fullmatch(old.lower())
        ):
            hint, old = old, None
        if tail:
            from understanding.details.numbers import digit_string

            new = digit_string(new) or new
        yield Correction(old, new, named or hint, tail)
    if edit:
        yield Correction(None, edit[0].new, hint, tail=True)
        return
    admitted = find_admitted(folded.text, folded.cased)
    if admitted:
        old = folded.said(*admitted.old) if admitted.old else None
        yield Correction(old, folded.said(*admitted.new), hint)


def _piece(folded: Folded, match: re.Match[str], name: str) -> str | None:
    if name not in match.re.groupindex or match[name] is None:
        return None
    start, end = match.span(name)
    lead = _LEAD.match(folded.text, start, end)
    start = lead.end() if lead and name == "new" else start
    said = folded.text[start:end]
    end = start + len(said.rstrip(" .,'\"" if name == "new" else " .,'\"了"))
    start += len(said) - len(said.lstrip(" '\""))
    return folded.said(start, end) if end > start else None


def _hint(folded: Folded) -> str | None:
    for pattern in (_FIELD_ZH, _FIELD_EN):
        match = pattern.search(folded.text)
        if match:
            return folded.said(*match.span())
    return None


def _named(old: str, new: str) -> bool:
    """Both are things ("the north gate") or names, not judgements ("rude", "helpful")."""
    both = (old, new)
    return all(re.match(r"(?:the|a|an|my|our) ", each.lower()) for each in both) or all(
        each[:1].isupper() and each.lower() not in ("rude", "fair") for each in both
    )


def _is_rhetoric(text: str, match: re.Match[str], old: str | None, new: str, hint: str | None) -> bool:
    if match.re.pattern.startswith("(?:改成"):
        return False
    if "不是" in match[0] or "不系" in match[0]:
        if match.re.pattern.startswith("^不[是系]"):
            return not (_VALUE_LIKE.search(new) and _VALUE_LIKE.search(old or "")) or bool(
                _RHETORIC.search(match[0])
            )
        if old is None:
            return bool(_RHETORIC.search(match[0])) and not _VALUE_LIKE.search(new)
        alike = old[-1] == new[-1] or bool(_VALUE_LIKE.search(old) and _VALUE_LIKE.search(new))
        return bool(_RHETORIC.search(match[0])) or not (alike or hint or len(match[0]) <= 16)
    if re.search("[a-z]", match[0]) and not re.search("[一-鿿]", match[0]):
        if _NO_THING.match(match[0]) and (len(new.split()) > 3 or not _VALUE_LIKE.search(new.lower())):
            return True
        if _SUBJECT.match(new.lower()) or new.lower() in _PERSONS:
            return True
        if old and (match.re in _LOOSE) and not (_VALUE_LIKE.search(new.lower()) or _named(old, new)):
            return True
        if hint or _VALUE_LIKE.search(new.lower()):
            return bool(old and len(old.split()) > 5)
        return (
            bool(_RHETORIC_EN.search(match[0])) or len(new.split()) > 4 or bool(old and len(old.split()) > 4)
        )
    return bool(_RHETORIC.search(new)) and not _VALUE_LIKE.search(new)
