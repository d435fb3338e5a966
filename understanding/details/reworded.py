"""Corrections in words that other rules read, and what is wanted in place of another wish."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re

from understanding.fold import fold

#: "前晚" of a former "昨天晚上": one word for day and part.
_EVENINGS = {"琴晚": "昨天晚上", "寻晚": "昨天晚上", "昨晚": "昨天晚上", "前晚": "前天晚上", "今晚": "今天晚上", "今早": "今天早上", "今朝": "今天早上", "琴日": "昨天", "寻日": "昨天", "前日": "前天", "今日": "今天"}  # fmt: skip
#: "不要退款了，要换货", "forget the refund, I want a replacement"
_INSTEAD = (
    re.compile(r"(?:不要|不用|不想要|别|算了)(?:再)?[^,。]{1,8}了?[,。 ]+(?:我)?(?:还是|就|改|只)?(?P<new>(?:要|换|给)?[^,。]{1,16}?)(?:就行|就好|就可以|也行|吧|得了)*[。!]?$"),
    re.compile(r"[^,。]{1,8}(?:就|还是)?(?:算了|不要了|不用了|不必了)[,。 ]+(?:我)?(?:还是|就|改|只)?(?P<new>(?:要|换|给)?[^,。]{1,16}?)(?:就行|就好|就可以|也行|吧|得了)*[。!]?$"),
    re.compile(r"(?:改成|改为|换成|还是)(?:要)?(?P<new>[^,。]{1,16}?)(?:吧|好了|得了|就行)?[。!]?$"),
    re.compile(r"(?:forget|scrap|never mind|scratch|drop|not|no) (?:the |a |an |about the )?[a-z ]{2,24}?, ?(?:i(?:'d| would)? (?:rather have|prefer|want|like|need)|just|make it|but|give me)? ?(?P<new>[a-z ]{3,40})$"),
    re.compile(r"^(?:no[,.]? )?(?:actually,? |sorry,? |on (?:reflection|second thoughts?),? |thinking about it,? )?(?:i(?:'d| would) (?:rather(?: have)?|prefer|like)|i want) (?P<new>[a-z ]{3,40}?)(?: instead| now| rather)?$"),
    re.compile(r"^(?:actually[,]? )?(?P<new>[a-z ]{3,40}?) (?:would do|will do|would be fine|is fine|is enough)(?: instead| for me)?$"),
)  # fmt: skip
_GIVEN_UP_EN = re.compile(
    r"^(?:(?:actually|no|ok|well|oh|please|you can),? )*(?:forget|scrap|never mind|drop|scratch|keep) (?:the |a |an |my |about the )[a-z ]{2,24}?, ?(?:(?:i(?:'d| would)? (?:rather(?: have)?|prefer|want|like|need)|just|but|give me|and) )*(?P<new>[a-z' ]{3,40})$"
)
_EXPLAINED_AFTER = re.compile(r"[,，] ?[一-鿿]{1,4}的(?P<sign>[一-鿿])[。!！]?$")
#: What only tells which words were wrong ("刚才说成民政局了").
_SAID_AS = re.compile(
    r"[,，。 ](?:我)?(?:刚才|刚刚|之前|前面|上次)?(?:给)?(?:说|写|填|打|记|输)成了?[^,，。]{1,12}了[。!]?$"
)
#: "最后一位是8不对，应该是9": the sign that was wrong is not needed.
_TAIL_DENIED = re.compile(
    r"(?P<place>最后(?:[一二两三四]?位)?|尾号|尾数)(?:数字?)?(?:是|写成了?|说成了?)?[0-9a-zA-Z]{1,4}(?:不对|错了?|有误)[,， ]*(?:应该|其实)*是"
)
_SHORT_OF_A_ZERO = re.compile(
    r"^[少漏多](?:写|打|说|报|填)?了?一?个零[,， ]+(?=(?:应该)?是?[0-9一二两三四五六七八九十百千万]+)"
)
_I_MEANT = re.compile(r",? (?:is what )?i (?:meant|mean)(?: to say)?[.!]*$", re.IGNORECASE)


#: What people put around a correction without saying anything about the value.
_AROUND = (
    re.compile(
        r"[,.!]? *(?:(?:that was |all )?my (?:own )?(?:mistake|apologies|bad|fault|error)|apologies|(?:many )?apologies for that|silly me|(?:if i'm |to be )(?:honest|precise|exact|fair|accurate)|more (?:precisely|exactly)|technically(?: speaking)?|strictly speaking|bad line|(?:i|we) (?:should|ought to) (?:say|have said)|they(?:'re| look| sound| are) (?:both )?[a-z ]{2,24}|i should have (?:put|said|written|typed)|(?:and )?i (?:always|keep|often) (?:muddle|mix|confuse)[a-z ]{0,24}|i (?:looked|checked|counted)(?: it)?(?: up| again| properly)?|,? (?:and )?i forgot to count [a-z]+|who (?:said|did|told|served|took|gave)(?: it| that| me| us)?)[.!]*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:(?:well|so|ok|erm?|um+|ah|right),? )?(?:technically|to be (?:honest|precise|exact|fair)|strictly speaking|on reflection|thinking about it|come to think of it|i(?:'ve| have)? changed my mind|turns out|it turns out|having checked|let me rephrase)(?: that)?[,.:]? (?=\S)",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:just )?one (?:word|letter|digit|number|thing) (?:is |was )?(?:wrong|off)[:,. ]+(?=\S)|^(?:the )?(?:day|date|time|month|hour|street|number|name|surname|amount)(?:'s| is) (?:right|fine|correct|ok)[,;]? (?:but|only|just)? ?(?=\S)|^错了一个字[,，:：]|^(?:日子|日期|时间|钟点|月份|地址|号码|名字|金额)(?:没错|是对的|对的?)[,，](?:不过|只是|但是?)?",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<=[\w)]),? (?:if you (?:count|include)|counting|including) [a-z ]{2,20}[.!]*$", re.IGNORECASE
    ),
    re.compile(
        r"[,，。]? ?(?:我的错|我的问题|怪我|抱歉|抱歉抱歉|不好意思|对不起|刚才信号不好|我老(?:是)?(?:搞|弄|记)[混错]|输入法害的|(?:看|记|算|听)错[一-鿿]{0,2}了)[。!！]?$"
    ),
    re.compile(
        r"^(?:(?:我)?(?:仔细)?(?:想想|想了想|回想了?一?下)|(?:我)?改(?:了)?主意了?|输入法害的|怪我|我的错)[,，。 ]+(?=.)"
    ),
)
#: Words with a plainer way to say them, which other rules read.
_PLAINER = (
    (re.compile(r"(?i)^(?:it|the \w+) (?:says|reads|shows) (?P<value>\S.*?) on (?:the|my|your) \w+[.]?$"), r"it's \g<value>"),
    (re.compile(r"(?i)^on (?:the|my|your) \w+ it (?:says|reads)[:,]? (?=\S)"), "it's "),
    (re.compile(r"(?i)\b(?P<many>two|three|four|five|six|seven|eight|nine|ten|[0-9]+) of (?:them|us)\b"), r"\g<many>"),
    (re.compile(r"(?i)^(?:i|you) (?:gave|have|had|got)(?: you| me)? (?:the|my) old (?:address|number|phone|one),? (?:and |but )?"), ""),
    (re.compile(r"(?i)\b(?:i|we)(?:'ve| have)? moved to (?=\S)"), "it's "),
    (re.compile(r"^(?:我?给的?是?老地址|老地址)[,，]"), ""),
    (re.compile(r"(?:我们?|俺)?(?:已经)?搬[到去](?:了)?(?=[一-鿿])"), "是"),
    (re.compile(r"(?P<slip>[打写填输说报记]错)了?[一两几]个?(?:位|字|数字?|字母)"), r"\g<slip>了"),
    (re.compile(r"(?:准确|严格|确切|具体|精确)(?:地|来|的)*[说讲](?:来)?[,，]?(?:应该)?是?(?=.)"), "应该是"),
    (re.compile(r"应该(?:写|填|打|叫|记|登记)(?:成|作|做|的是)?(?!错)(?=.)"), "应该是"),
    (re.compile(r"(?<=[月号天年周日点份])就(?:开始|有|坏|停|断)了"), ""),
    (re.compile(r"(?P<who>是[^,，。是]{1,8}?)(?:说|干|做|弄|骂|办|签|收)的(?=[,，。]|$)"), r"\g<who>"),
    (re.compile(r"^(?P<which>(?:应该|其实)?是?[^,，。是]{1,12}?)的?那[家个间处](?:店|的)?[。!]?$"), r"\g<which>"),
    (re.compile(r"^(?:是|得|应该)?(?:差不多|大概|大约|起码|将近)(?:有|是)?(?=[0-9一二两三四五六七八九十半])"), "应该是"),
    (re.compile(r"(?i)\b(?:the|its|it's|it was|that was) (?:the )?(?P<which>[A-Z][\w'-]*(?: [A-Z][\w'-]*)?) one\b(?! (?:was|is|in|on|at))"), r"it's \g<which>"),
    (re.compile(r"(?i),? with an? [a-z](?:'?s)?(?: (?:at|on) the end)?(?=[,.]|$)"), ""),
    (re.compile(r"(?<![0-9-])(?P<a>[0-9])-(?P<b>[0-9])-(?P<c>[0-9])(?![0-9-])"), r"\g<a>\g<b>\g<c>"),
    (re.compile(r"(?i)\bdouble (?P<digit>[0-9])(?![0-9])"), r"\g<digit>\g<digit>"),
    (re.compile(r"(?i)\btriple (?P<digit>[0-9])(?![0-9])"), r"\g<digit>\g<digit>\g<digit>"),
    (re.compile(r"(?:^|(?<=[,，]))快(?=[0-9一二两三四五六七八九十])"), "是"),
    (re.compile(r"(?i)(?<=[a-z]) (?:now|already)[.!]*$"), ""),
    (re.compile(r"(?i),? meaning (?=\S)"), ", I meant "),
    (re.compile(r"(?i)\b(?:adults?|children|child|kids?|people) so (?=\w+\W*$)"), "people, it was "),
)  # fmt: skip
#: "Katherine with a K": how a name begins is for the rules of names.
_SPELLS_A_NAME = re.compile(r"[A-Z][\w'-]+ with an? ")


def plainly(text: str) -> str:
    """A correction without excuses and asides, and in words that the other rules read."""
    said = text.strip()
    for pattern in _AROUND:
        left = pattern.sub("", said)
        said = left if len(left) > 1 else said
    for pattern, better in _PLAINER:
        if " with an" in pattern.pattern and _SPELLS_A_NAME.search(said):
            continue
        said = pattern.sub(better, said)
    return said or text


def in_their_words(former: str, text: str) -> str:
    """``text`` with "前晚" as "前天晚上" where ``former`` tells the day so, without "花苑的苑" behind 桂花苑."""
    explained = _EXPLAINED_AFTER.search(text)
    if explained and explained["sign"] in text[: explained.start()]:
        text = text[: explained.start()]
    if "天" in former:
        for word, whole in _EVENINGS.items():
            text = text.replace(word, whole)
    text = _TAIL_DENIED.sub(r"\g<place>应该是", _SHORT_OF_A_ZERO.sub("", text))
    return _SAID_AS.sub("", _I_MEANT.sub("", text))


def given_up(text: str) -> str | None:
    """What is wanted where another wish is given up first ("forget the refund, just send a new one")."""
    said = fold(text).text.strip(" .")
    if any(sign.isdigit() for sign in said):
        return None
    match = _GIVEN_UP_EN.search(said) or _INSTEAD[1].search(said)
    return match["new"].strip() if match else None


def chosen_instead(former: str, text: str) -> str | None:
    """What is wanted in place of ``former``, for values in words."""
    if any(char.isdigit() for char in former):
        return None
    folded = fold(text)
    for pattern in _INSTEAD:
        match = pattern.search(folded.text.strip(" ."))
        if match and any("一" <= sign <= "鿿" for sign in former) != folded.text.isascii():
            return match["new"].strip()
    return None
