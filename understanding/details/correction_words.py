"""Patterns by which people say that something was wrong: with the right value, and with the name of the field alone."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re

#: Words for fields, most exact first. The hint of a correction is one of them, as said.
_FIELDS_ZH = "年份|月份|星期几|小区名|店名|路名|楼栋号?|单元|手机号码|手机号|手机|电话号码|联系电话|联系方式|电话|座机|订单编号|订单号|单号|工单号|保单号|户号|账号|卡号|身份证号|身份证|车牌号|车牌|门牌号|房间号|房号|楼号|单元号|窗口号|窗口|时间|日期|几号|钟点|地址|地点|位置|住址|姓名|名字|姓|金额|价格|钱数|价钱|费用|邮箱|邮件|数量|次数|人数|诉求|要求|描述|内容|类别|分类|部门|单位|工号|编号|号码|匿名|实名"
_FIELDS_EN = "phone number|mobile number|contact number|mobile|phone|order number|order no|reference number|account number|policy number|ticket number|card number|booking number|reference|room number|flat number|house number|window number|postcode|address|location|place|date|time|day|surname|first name|last name|name|amount|price|sum|total|e-mail address|email address|e-mail|email|number of people|number|plate|registration|counter|window|category|department"
FIELD_ZH = re.compile(f"(?:{_FIELDS_ZH})")
FIELD_EN = re.compile(rf"(?<![a-z])(?:{_FIELDS_EN})(?![a-z])")

_X = r"(?P<old>[^,。!?;\n]{1,40}?)"
_Y = r"(?P<new>(?![了字咗啦呀啊的]+(?:[,。!?;\n]|$))[^,。!?;\n]{1,60}?)(?:才对|才是对的|才是|来着|的呢?|吧|了|哈|哦|啊|呀|呢)?\s*(?:[,。!?;\n]|$)"
_SOFT = r"(?:那个|嗯|哦|啊|呃|抱歉|不好意思|对不起|sorry|等等|等一下|对了|,|\s)*"
_DIGITS = r"(?P<new>[0-9x零〇一二两三四五六七八九幺]{1,6})"
_SAID = "写|填|打|记|输|报|弄|搞|选|记得|讲|说"
_WRONG = rf"(?:(?:{_SAID})?(?:错|反|串|岔)(?:了|咗|啦)?(?:字|行)?)"

CORRECTING_ZH: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"(?P<old>[一-鿿])(?:字(?:是)?(?:写|打|输|填)?|(?:写|打|输|填))错了?[,]?\s?(?:应该)?是(?P<new>(?:[一-鿿]{1,3}的)?[一-鿿])(?:[,。]|$)"
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
CORRECTING_EN: tuple[re.Pattern[str], ...] = (
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
        rf"(?<![a-z])(?:is|was|were|got it|wrote it|that's|thats|got that) (?:wrong|incorrect|not right|mistaken|a typo|a mistake)(?: about (?:the|my) [a-z ]{{2,16}})?(?:[ -]{{0,2}}[,.;:-][ -]{{0,2}}| (?=it's|it is|it was|its|should|i meant|the (?:right|correct)|use))(?:it's|it is|it was|its|should be|it should be|i meant|the right one is|the correct one is|it's actually|it was actually|use)? ?{_V}"
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
ONLY_ZH = re.compile(
    rf"^{_SOFT}(?:我?(?:想|要|需要|能|可以|请)*(?:修改|更改|改|换)(?:一?下|个)?(?:我的|那个)?|(?:我?(?:想|要|请)?把)(?=.*(?:改|换)一?[下改]))(?P<field0>{_FIELDS_ZH})(?:改一?下|换一?下|改改|吗|吧|可以吗)*[。!?.]*$|^{_SOFT}(?:我的?|那个|这个|上面的?|刚才(?:说|写|填)?的?|前面的?|你们?(?:记|写)?的?|登记的)*(?P<field>{_FIELDS_ZH})(?:好像|也|我|你们?|都|给|那里|这里|栏)*(?:不对|不正确|有误|有问题|{_WRONG}|填的不对|写的不对|{_WRONG}(?:了|咗)?(?:一|两|几)个?(?:字母?|数字|数|位)|(?:少|多|漏)(?:打|写|填|输|了)+.{{0,6}})(?:了|咗|啦|哦|啊|呀)*[。!.]*$"
)
ONLY_EN = re.compile(
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
