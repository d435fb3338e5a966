"""Phrases by which people do something else than answer: stop, wait, ask back, name a field, point at a choice.

Patterns only; what follows from them is decided elsewhere.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Mapping

from actions.heard import Heard
from understanding.question import asks

HERE = re.compile(
    r"就在这|这里(?:回|就)|在这(?:里|儿)?回|这个聊天|聊天里|\bhere is fine\b|\b(?:in )?this chat\b|"
    r"\breply (?:to me )?here\b|\b(?:just|right) here\b|^here\W*$",
    re.IGNORECASE,
)
CATEGORY_WORDS = re.compile(
    r"分类|归类|类别|分錯類|類別|(?:不归|不该归|不是)这个(?:部门|科|局)|category|filed under|wrong (?:class|department)",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"人工|客服|真人|活人|坐席|话务|接线员|转接|转人|工作人员(?:来|接|跟|和|说|聊)|"
    r"找(?:个|一个)?人(?:跟|和|同|来)?.{0,2}(?:说|聊|谈|讲)|(?:跟|和|同)(?:个|一个)?人(?:说|聊|谈|讲|傾)|"
    r"不想(?:跟|和)(?:机器|机器人)|别用机器人|\bhuman|\bagent\b|operator|representative|"
    r"(?:real|live|actual) (?:person|one|people|chat|agent)|a person|not a (?:bot|machine|robot)|manager|supervisor|"
    r"(?:talk|speak|chat|connect|transfer|put) (?:me )?(?:\w+ )?(?:to|with|through)",
    re.IGNORECASE,
)
#: What asks for somebody, and what somebody who is told of did not do.
_ASKS_FOR = re.compile(
    r"[找转轉要叫让讓接换換请請]|给我|給我|想|能不能|可不可以|有没有|有沒有|在吗|在嗎|呢[?？]?$|[?？]$|"
    r"\b(?:want|need|get me|give me|let me|put me|can i|could i|may i|can you|could you|please|pls|instead|is there|"
    r"talk|speak|chat|connect|transfer|human|real|live|actual|now|prefer|rather)\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:refus\w+|would(?:n'?t| not)|did(?:n'?t| not)|never|nobody would|no one would) (?:to )?(?:even )?"
    r"(?:talk|speak|listen|chat) (?:to|with) (?:me|us)",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"算了|取消|不投诉|不投訴|不告|不办|不弄|不想|不报|不说了|不用了|不登记|不提交|撤(?:诉|訴|销|回|单|投诉)|"
    r"别(?:登记|投诉|报|办|弄|提交|管)|停(?:止|掉|下来)?(?:登记|投诉|填|吧)|退出|结束(?:吧|对话|投诉)|拉倒|罢了|"
    r"cancel|forget|stop (?:this|it|here|now|the complaint|asking)|^stop$|never ?mind|drop (?:it|this|the)|quit|exit|leave it|don'?t bother|"
    r"no longer|changed my mind|scrap (?:it|this|the)"
)
_DROPS_ZH = r"(?:投诉|投訴|反映|举报|报|告|弄|办|说|搞|提交|填)"
#: Nothing but giving up, however it was understood. "算了，周二吧" is an answer.
_STOP_WHOLE = re.compile(
    rf"(?:(?:那|唉|哎|嗯|行|好)[，, ]?)?(?:还是)?算了(?:吧|啦|罢)?(?:[，,。.! ！]*(?:我)?(?:不{_DROPS_ZH}了?|不用了|没事了|就这样吧?|不想弄了))?(?:吧|啦)?|"
    rf"(?:我)?不{_DROPS_ZH}了(?:吧|啦)?|取消(?:吧|投诉|登记|这个)?(?:吧)?|"
    r"(?:oh |ok |okay |ah |no )*(?:just )?(?:forget (?:it|about it|the whole thing|this)|never ?mind|cancel(?: (?:it|this|that|the complaint|my complaint|everything))?|"
    r"drop it|scrap it|leave it|stop|quit)(?:,? (?:please|then|thanks|i don'?t want to (?:complain|file)(?: anything)?(?: any ?more)?))?",
    re.IGNORECASE,
)
#: Giving up said at the end of something else ("no, it was Monday… oh, forget it, cancel the whole thing").
_STOP_LAST = re.compile(
    rf"(?:算了[，,。 ]*(?:我)?不{_DROPS_ZH}了(?:吧|啦)?|(?:整个|全部|全都|都)取消(?:吧|算了)?|"
    r"(?:^|[，,。…. ！!])(?:取消|不投诉了|不报了|不弄了)(?:吧|算了)?|"
    r"(?:just )?(?:forget (?:it|the whole thing|about it)|cancel (?:it all|everything|the whole thing|the complaint|my complaint)|never ?mind(?: the complaint)?))[。.!！~ ]*$",
    re.IGNORECASE,
)
_LOOK_ZH = r"(?:找|查|看|翻|拿|问)"
_MOMENT = re.compile(
    rf"(?:请|你|您|麻烦)?(?:稍?等(?:一下|一会儿?|一等|会儿?|等|我(?:一下|一会儿?)?|下)?|等等|等下|慢点|别急|我(?:去)?{_LOOK_ZH}(?:一?下|{_LOOK_ZH}|一{_LOOK_ZH}))"
    rf"[，,。 ]*(?:我(?:去|得)?{_LOOK_ZH}.{{0,12}})?|"
    r"(?:(?:just|please|ok|hold on|hang on|sorry)[,. ]*)*(?:(?:one|a|give me a|gimme a|wait a|just a) (?:moment|sec|second|minute|min|bit|mo)|"
    r"hang on|hold on|wait|bear with me|let me (?:check|look|find|see)(?: (?:it|that|for it|my \w+|the \w+))?(?: up)?|be right back|brb)"
    r"(?:[,. ]*(?:please|let me (?:check|look|find|see).{0,24}|i(?:'ll| will|'m|m)? .{0,24}))?",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"(?:你|您|麻烦)?(?:刚才?|刚刚)?(?:再(?:说|问|讲|发)一?(?:遍|次|下)|重复一?(?:遍|下)|(?:刚才?|刚刚)?(?:问|说)(?:的)?(?:是)?(?:什么|啥)(?:来着)?|"
    r"没(?:看|听)(?:清|懂|明白)|(?:我)?不(?:太)?(?:懂|明白)(?:你(?:的意思|问什么|在问什么))?|(?:这(?:个)?(?:是)?)?(?:什么|啥)意思)(?:[，,]?(?:麻烦)?再说一?(?:遍|次|下))?(?:吧|呢|来着|啊)?|"
    r"(?:sorry[,. ]*)?(?:(?:can|could|would) you )?(?:please )?(?:say (?:that|it) again|repeat(?: (?:that|the question|it))?|ask (?:me )?again|"
    r"what (?:was|is) the question|what did you (?:ask|say)(?: again)?|come again|pardon|what do you mean|i don'?t understand(?: the question)?)(?: please)?",
    re.IGNORECASE,
)
#: Leaves a read-back as it is: it may go.
_LETS_IT_BE = re.compile(
    r"(?:行|好|嗯|那)?[，, ]?(?:就)?(?:这样|这么办|这样办|按这个|照这个)(?:就行|就好|可以)?(?:吧|了|啦)?|(?:没)?(?:别的|其他)(?:的)?了|不(?:用|需要)?改了?|"
    r"没(?:有)?(?:什么)?(?:问题|要改的)了?(?:[，, ]*提交(?:吧)?)?|"
    r"(?:yes[,. ]*|ok(?:ay)?[,. ]*)?(?:that'?s (?:it|all|fine|everything)|nothing (?:else|to change)|leave it (?:like that|as it is)|go ahead|send it|it'?s fine|all good)",
    re.IGNORECASE,
)
#: Wants no more of it, and does not say whether that means the complaint or a change.
_DECLINES_ALL = re.compile(
    r"(?:那|算|还是)?(?:不用|不必|不需要|不要|没必要)(?:了|啦)?(?:吧)?(?:[，, ]*谢谢)?|随便(?:吧|你|您)?|随你(?:便)?|无所谓(?:了)?|都行|"
    r"(?:no[,. ]*)?(?:thanks|thank you)(?:,? but no)?|no thanks|whatever|i don'?t care|nah|not needed|no need",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"(?:不对|不对不对|错了|错啦|不是这样的?|搞错了|弄错了|记错了|写错了|(?:你|您|你们)(?:记|写|弄|搞|填)错了|有(?:个)?(?:地方|一项)(?:不对|错了)|"
    r"(?:no[,. ]*)?(?:that'?s |that is |this is |it'?s )?(?:wrong|not right|incorrect|not correct|a mistake|not what i said)|you got (?:it|that|something) wrong)",
    re.IGNORECASE,
)
_BEFORE_ZH = r"(?:原来|之前|刚才|前面|先前|第一次)"
_AS_BEFORE = re.compile(
    rf"还是{_BEFORE_ZH}|{_BEFORE_ZH}(?:的|那个|说的|写的|填的)+(?:就|才|是)?(?:没错|对的?|是对的|正确)|改回(?:来|去|原来)|(?:不|别)(?:用|要)?改了|"
    rf"(?:就)?(?:按|用|照){_BEFORE_ZH}的|没(?:写|记|弄)?错[，,]?(?:就是)?(?:那个|原来|不改)|"
    r"\b(?:leave|keep) (?:it|that|the \w+) (?:as (?:it was|is|before)|like (?:it was|before))|\b(?:change|put|switch|set) (?:it|that) back|"
    r"\bkeep the (?:old|first|previous|original|former)|\b(?:the )?(?:first|old|previous|original|former) (?:one|value|answer|time|date|number|place) (?:was|is) (?:right|correct|fine)|"
    r"\b(?:it was|was) right (?:the first time|before|after all)|\bundo (?:that|it)|\bas it was\b|\bdon'?t change (?:it|that|anything)",
    re.IGNORECASE,
)
#: A further complaint is announced ("I also want to complain about …").
FURTHER = re.compile(
    r"(?:我)?(?:还|另外|再|也|顺便|同时)(?:还|再|要|想|得|有件事|有一件事|一件事)*(?:投诉|投訴|反映|举报|舉報|告)(?:一下|一件事|一个事|另一件事?|别的)?|"
    r"(?:我)?(?:还有|另外有?|再有)(?:一|另一|别的|件)+(?:件)?(?:事|事情|投诉)(?:要(?:投诉|说|反映))?|(?:还有|另外)别的(?:事|问题)(?:要(?:投诉|说|反映))?|"
    r"\b(?:i )?(?:also|additionally) (?:want|would like|need|have) (?:to (?:complain|report|raise)(?: about)?|another complaint)(?: about)?|"
    r"\b(?:i(?:'ve| have)? )?(?:got )?(?:another|a second|a separate|one more|a different) (?:complaint|issue|matter|problem|thing)(?: (?:too|as well|to report|to raise))?|"
    r"\bsecond complaint\b",
    re.IGNORECASE,
)
#: A yes that goes on with something new is not yet a yes to all.
AND_ALSO = re.compile(
    r"还有|另外|再加|补充|但是|不过|只是|而且|\b(?:but|also|plus|and (?:one more|another|please add|add)|except)\b",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"(?:[嗯唔]+|啊+|哦+|噢+|呃+|额+|哈+|呵+|嘿+|哼+|唉+|诶+|喂+|什么|啥|咦|"
    r"h+m+|l+o+l+|ha(?:ha)+|what|huh+|eh+|u+h+|u+m+|e+r+m*|o+h+|ok(?:ay)?|k|yo|test|asdf\w*|qwer\w*)[?？!！。.~～… ]*",
    re.IGNORECASE,
)
#: No word of English has so many consonants in a row but a few, and no answer is made of such words alone.
_MASHED = re.compile(r"[bcdfghjklmnpqrstvwxz]{4,}")
_COMMAND = re.compile(r"/\w+(?:\s*\{.*\})?", re.DOTALL)
#: Questions about the house that come along with an answer, by what answers them.
_QUESTIONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "privacy_request",
        re.compile(
            r"泄[露漏]|隐私|保密|外传|谁(?:能|会|可以)?看|给(?:别|其他)人|安全吗|who (?:can|will|gets to) (?:see|read)|privacy|private|share|safe with|confidential|leak",
            re.IGNORECASE,
        ),
    ),
    (
        "ask_why",
        re.compile(
            r"为什么|为啥|干嘛|干什么用|有什么用|凭什么|\bwhy\b|what (?:do you|is (?:it|that)) .{0,12}for",
            re.IGNORECASE,
        ),
    ),
    (
        "bot_challenge",
        re.compile(r"机器人|真人吗|是人吗|\b(?:bot|robot|a human|real person)\b", re.IGNORECASE),
    ),
    (
        "ask_question",
        re.compile(
            r"多久|几天|几时|多少天|什么时候|啥时候|多长时间|怎么查|要钱|收费|然后呢|接下来|之后呢|how long|how soon|when (?:will|do|can|should)|"
            r"what happens|who (?:will|handles|deals)|do i (?:have|need) to|does it cost|how (?:do|can|will) i|is there a",
            re.IGNORECASE,
        ),
    ),
)
#: The same as whole turns, where a complaint could use the words, too ("为什么收费这么高"): only what is plainly
#: about being asked, kept and answered here.
_OF_THE_HOUSE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "privacy_request",
        re.compile(
            r"泄[露漏]|保密|(?:知道|晓得|查到|认出)(?:是|到)?我|谁(?:能|会|可以)看|给(?:别|其他)人看|find out (?:it|who|that)|know (?:it was|who) |"
            r"who (?:can|will|gets to) (?:see|read)|kept? (?:private|confidential|secret)|share my|pass (?:on )?my",
            re.IGNORECASE,
        ),
    ),
    (
        "ask_why",
        re.compile(
            r"(?:问|要|存|留|记|填)(?:这|那|我|它)?(?:些|个|么多)?(?:信息|资料|电话|号码|东西|户号)?(?:是)?(?:干嘛|干什么|做什么|干啥|有什么用|有啥用)|为(?:什么|啥)(?:还)?(?:要|需要)(?:我的|问|填|留)|"
            r"what (?:do|will|would) you (?:use|need|want) .{2,20} for|why (?:do|are) you (?:need|asking|want|keep)",
            re.IGNORECASE,
        ),
    ),
    (
        "ask_question",
        re.compile(
            r"(?:多久|几天|多少天|什么时候|啥时候|多长时间|几时).{0,6}(?:答复|回复|回我|处理|解决|结果|办好|联系|回音|有人)|(?:要不要|用不用|需不需要)(?:钱|收费|花钱|付费|交钱)|要(?:钱|收费|花钱|付费|交钱)(?:吗|么|嘛|啊|呀|不)|"
            r"不满意.{0,8}(?:找谁|怎么办|向谁|咋办)|(?:以后|之后|然后|接下来)(?:呢|怎么办|会怎样|要干嘛)|怎么查(?:进度)?|(?:谁|哪个部门|什么人)(?:来)?(?:负责|处理|管)这|"
            r"how (?:long|soon).{0,30}\b(?:answer|reply|take|hear|respon\w+|solved|result)|does (?:it|this) cost|is (?:it|this) free|do i (?:have to|need to) pay|"
            r"what happens (?:next|then|after)|who (?:will|is going to) (?:handle|deal|look|read)|(?:not|n't) (?:happy|satisfied).{0,30}\bwho\b|who do i (?:go|turn|complain) to|how (?:do|can|will) i check",
            re.IGNORECASE,
        ),
    ),
)
_SENTENCE_END = re.compile(r"(?<=[。！？!?；;\n])|(?<=[.,，])\s|(?<=，)")
_ASKS = re.compile(r"[?？]\s*$|[吗呢]\s*$|多久|为什么|为啥|干嘛|how long|\bwhy\b", re.IGNORECASE)

_FIRST = r"(?:前者|前一个|前一项|前面(?:那|的)?(?:一)?(?:个|项)?|上面(?:那|的)?(?:一)?个?|(?:the )?former|(?:the )?first(?: one)?)"
_LAST = r"(?:后者|后一个|后一项|后面(?:那|的)?(?:一)?(?:个|项)?|最后(?:那|一)?(?:个|项)?|(?:the )?latter|(?:the )?last(?: one)?)"
_NTH = r"(?:第|选|选择|the |no\.? ?|number |option |#)?(?P<nth>[1-3一二三]|first|second|third|one|two|three)(?:个|项|号|种| one)?"
_WHICH = rf"(?:(?P<first>{_FIRST})|(?P<last>{_LAST})|{_NTH})"
_DENIED = re.compile(
    rf"(?:不是|不要|不选|肯定不是|不属于|not|isn'?t|neither)\s*(?:那个|这个)?\s*{_WHICH}", re.IGNORECASE
)
_CHOSEN = re.compile(
    rf"(?:(?:而是|应该是|应该|那就|就是|是|选|就|要|but|it'?s|it is|i'?d say|i mean|more like|rather)\s*)*{_WHICH}(?:吧|啦|了|呢|please|i think|，|,| )*[。.!！]?",
    re.IGNORECASE,
)
_NUMBERS: Mapping[str, int] = {
    **dict.fromkeys(("1", "一", "first", "one"), 0),
    **dict.fromkeys(("2", "二", "second", "two"), 1),
    **dict.fromkeys(("3", "三", "third", "three"), 2),
}

#: Words by which people name a kind of field when they want to change it.
FIELD_WORDS: Mapping[str, tuple[str, ...]] = {
    "when": ("时间", "日期", "時間", "哪天", "几点", "几号", "time", "date", "when", "day"),
    "place": (
        "地点", "地址", "地點", "位置", "楼号", "门牌", "房号", "大厅", "单位", "网点", "门店", "营业厅", "place", "address", "location", "house number",
        "where", "office", "branch", "shop", "store", "hall", "building",
    ),
    "contact": (
        "电话", "手机", "联系", "電話", "手機", "号码", "邮箱", "phone", "mobile", "number", "contact", "email", "e-mail",
    ),
    "amount": ("金额", "钱", "金額", "amount", "price", "sum", "figure"),
    "reference": ("单号", "编号", "户号", "账号", "订单", "reference", "order", "account"),
    "count": ("次数", "人数", "数量", "times", "people", "count"),
    "person": ("人员", "窗口", "姓名", "名字", "staff", "window", "counter", "desk", "name"),
}  # fmt: skip
KEY_WORDS: Mapping[str, tuple[str, ...]] = {
    "want": ("诉求", "要求", "訴求", "request", "what i want", "remedy", "demand"),
    "what": ("经过", "内容", "描述", "what happened", "description", "story"),
}
#: Confidence from which a turn understood as giving up is looked at for words that say so.
_SURE_TO_STOP = 0.55


def bare(text: str) -> str:
    """``text`` without the signs around it."""
    return text.strip(" \t\n。！!？?.,，~～…'\"“”‘’")


#: What people put around an answer without meaning anything by it.
_LEADS = re.compile(
    r"^(?:(?:嗯+|呃+|额+|哦+|啊|那个|这个啊?|让?我想想|好像是?|应该就?是|大概就?是|就是)[啊嘛，,。 ]+|(?:好像|应该)就?是(?=.{2})|就是(?=.{3})|"
    r"(?:well|um+|uh+|er+m*|oh that|oh|so|okay|ok|let me (?:think|see))[,. ]+|(?:i think|i believe|i guess|i suppose)(?: it(?:'s| is| was))?,? +)+",
    re.IGNORECASE,
)
_TRAILS = re.compile(
    r"(?:[，, ]+对(?:的)?|[，, ]*(?:吧|啊|呀|哦|嘛|没记错的话|如果没记错的?话?|我记得是)|"
    r", yes|[, ]+(?:i think|i believe|i guess|i suppose|if i remember (?:right|rightly|correctly)|as far as i know))[。.!！~～ ]*$",
    re.IGNORECASE,
)


def plain(text: str, *, leads: bool = True) -> str:
    """An answer without the hesitation around it: "嗯，三楼吧" is "三楼", "I think room 6" is "room 6".

    ``leads``: also what stands before it; "应该是周二" may be a correction, where that is looked for.
    """
    said = _TRAILS.sub("", _LEADS.sub("", text.strip()) if leads else text).strip()
    return said if re.search(r"\w", said) else text


_PUZZLED = re.compile(
    r"(?:啥|什么)意思|没(?:听|看)(?:懂|明白)|不(?:太)?(?:懂|明白)|what do you mean|don'?t understand",
    re.IGNORECASE,
)
_NO_NUMBER = re.compile(
    r"(?:不|别|没法|无法)[^，。]{0,6}(?:电话|手机|号码|联系方式|邮箱)|(?:电话|手机|号码|联系方式|邮箱)[^，。]{0,4}(?:不|没法|算了)|"
    r"\b(?:no|not|without|won'?t|don'?t|can'?t|keep)\b[^,.]{0,24}\b(?:number|phone|mobile|contact|e-?mail)\b",
    re.IGNORECASE,
)
_UNNAMED = re.compile(r"匿|名|身份|是谁|anonym|name|identit|who i am", re.IGNORECASE)


def is_puzzled(text: str) -> bool:
    """Whether a wish to hear the question again says that it was not understood."""
    return _PUZZLED.search(text) is not None


def refuses_number(text: str) -> bool:
    """Whether somebody would rather not leave a number or address, which is not yet a wish to stay unnamed."""
    return len(text) <= 60 and _NO_NUMBER.search(text) is not None and _UNNAMED.search(text) is None


#: Anger that stands beside an answer and is none itself.
_OUTCRY = re.compile(
    r"气死|气炸|火大|烦死|受够|到底(?:管|办|能|行|要|有完)|管不管|有没有人管|有完没完|还要?(?:问|说|填)(?:多少|几)|问(?:够|完)了?没|太过分|真是(?:够|服|醉|的)|什么态度|"
    r"sick (?:and tired )?of|fed up|had enough|(?:does|do) any(?:body|one) (?:even )?care|how many more|how many times|(?:is|are) (?:this|you) (?:a joke|serious|kidding)|"
    r"ridiculous|unbelievable|outrageous|disgrace|for (?:god|heaven)'?s sake|what a joke|this is (?:insane|absurd|a joke)|\bwtf\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[^，,。！!？?；;\n]*(?:[，,。！!？?；;\n]+|$)")


def without_outcry(text: str) -> str:
    """``text`` without the clauses that only vent anger; empty when nothing else is left, or nothing was vented."""
    clauses = [clause for clause in _CLAUSE.findall(text) if clause]
    kept = [clause for clause in clauses if not _OUTCRY.search(clause)]
    return "".join(kept).strip(" ，,。！!；;\n") if len(kept) < len(clauses) else ""


#: What must stand in a turn for it to be these acts, where its words could as well be the answer that was asked for.
_EVIDENCE: Mapping[str, re.Pattern[str]] = {
    "privacy_request": re.compile(
        r"隐私|泄露|资料|数据|信息|安全吗|会不会|保密|谁(?:能|会|可以)看|privacy|\bdata\b|personal information|delete|who (?:can|will|gets to) see",
        re.IGNORECASE,
    ),
    "request_anonymity": re.compile(
        r"匿名|不记名|不留名|名字|姓名|实名|署名|身份|别(?:说|写|让)|(?:知道|曉得|晓得)我是|anonym|\bname|identit|unnamed|confidential|who i am|without saying",
        re.IGNORECASE,
    ),
    "request_human": re.compile(
        r"转人工|找人工|要人工|人工(?:服务|客服)?[!！。吧]*$|真人|活人|(?:给我|帮我|我要|我想)?(?:转|接)(?:到|给)?(?:客服|工作人员|人)|不想?(?:跟|和)机器|"
        r"(?:跟|和|找)(?:个|一个)?(?:真)?人(?:说|聊|谈|讲)|\b(?:human|agent|operator|representative)\b|"
        r"(?:real|live|actual) person|(?:talk|speak|chat|connect me|transfer me|put me) (?:to|with|through)(?: to)? (?:a |an |some|the |your )",
        re.IGNORECASE,
    ),
    "start_over": re.compile(
        r"从头|重来|重新(?:来|说|填|开始|讲|弄|投诉|登记|报)|再来一(?:遍|次)|"
        r"start (?:over|again|afresh|anew|from)|begin again|from (?:the )?(?:start|beginning|top|scratch)|new complaint|/new|/restart",
        re.IGNORECASE,
    ),
    "abuse": re.compile(
        r"妈的?|傻|蠢|笨|滚|屁|废物|垃圾|混蛋|王八|狗|贱|操|靠|日你|骗子|没用|有病|脑子|智障|白痴|饭桶|吃干饭|死|骂|烂|瞎|狗屎|无耻|不要脸|[sS][bB]|"
        r"fuck|shit|stupid|idiot|useless|crap|damn|hell|bloody|liar|moron|garbage|rubbish|suck|dumb|pathetic|joke|clown|incompetent|hate|bastard|ass",
        re.IGNORECASE,
    ),
    "ask_why": re.compile(
        r"为什么|为啥|干嘛|干什么|干啥|有什么用|有啥用|凭什么|必须|一定要|非要|需要|用来|要(?:这|它|我)|问(?:这|它)|跟.{0,8}(?:有)?关系|"
        r"\bwhy\b|what.{0,24}\bfor\b|\bneed|necessary|matter|reason (?:for|you)|relevan|point of|purpose|use of",
        re.IGNORECASE,
    ),
    "urge_handling": re.compile(
        r"快|催|抓紧|赶|急|什么时候|几时|多久|进度|进展|到底|还没|一直没|办|处理|解决|"
        r"\b(?:hurry|speed|quick|faster|asap|when|still|wait\w*|chas\w*|progress|urgent|now|today|soon|get on with|long)\b",
        re.IGNORECASE,
    ),
    "dont_know": re.compile(
        r"不(?:知|清楚|记得|晓得|确定|详|好说|方便|想|愿|用|必|提供|告诉|填|说|留|给)|记不|说不|讲不|想不|忘|没(?:有|注意|留意|印象|记住|看清|问)|^[没无]\W*$|跳过|略过|下一|随便|都行|"
        r"都可以|无所谓|看着办|[搞弄]不|哪(?:里)?[知晓记]|[谁鬼]知|保密|隐私|"
        r"\b(?:know|ideas?|clue|(?<!make )sure|certain|unsure|idk|dunno|recall|forg[eo]\w+|skip|pass|next|rather not|prefer not|private|personal|none|nothing|no|n/?a|"
        r"whatever|doesn'?t matter|mind|up to you|(?:ca|could|wo|do|did|have)n'?t|cannot|not (?:say|tell|giv)\w*|hard to|memory|escapes|without|blank|lost)\b",
        re.IGNORECASE,
    ),
    "give_praise": re.compile(
        r"谢|感谢|表[扬揚]|[夸誇]|点赞|好评|[赞讚]|热心|耐心|周到|负责|贴心|不错|辛苦|暖|棒|thank|great|excellent|kind|helpful|friendly|"
        r"wonderful|praise|compliment|well done|brilliant|lovely|fantastic|amazing|polite|professional|patient",
        re.IGNORECASE,
    ),
}
_QUESTIONLIKE = re.compile(
    r"[?？]\s*$|[吗呢么嘛]\s*[。.!！]*$|什么|怎么|多少|谁|哪|几(?:点|时|天|号)|为何|如何|能不能|可不可以|是不是|有没有|"
    r"^(?:what|how|when|where|who|why|which|can|could|do|does|is|are|will|would|should)\b",
    re.IGNORECASE,
)


def means_it(heard: Heard) -> bool:
    """Whether the words bear out the act a turn was taken for, so that it need not be the answer after all."""
    text = heard.text.strip()
    if asks_the_house(text):
        return True
    if heard.intent in ("ask_question", "query_progress"):
        return _QUESTIONLIKE.search(text) is not None
    if heard.intent == "abuse" and heard.emotion[1] < 1:
        return False
    if heard.intent == "out_of_scope":
        return heard.confidence >= 0.85 or _QUESTIONLIKE.search(text) is not None
    evidence = _EVIDENCE.get(heard.intent)
    asks_about_data = heard.intent == "privacy_request" and _QUESTIONLIKE.search(text) is not None
    return evidence is None or asks_about_data or evidence.search(text) is not None


def wants_a_person(text: str) -> bool:
    """Whether the words themselves ask for somebody to talk to; "get somebody to fix it" is a wish, not that."""
    return _PERSON.search(text) is not None


def asks_for_a_person(text: str) -> bool:
    """Whether a text with such words asks for one, and does not only tell of one ("your agent called me a liar")."""
    return wants_a_person(text) and _ASKS_FOR.search(_REFUSED.sub("", text)) is not None


def gives_up(heard: Heard) -> bool:
    """Whether a turn stops the complaint: a draft is not thrown away on a guess."""
    if stops_surely(heard.text):
        return True
    stops = heard.is_act("cancel_intake", "withdraw_complaint", at_least=_SURE_TO_STOP)
    return stops and (heard.confidence >= 0.95 or _STOP.search(heard.text.lower()) is not None)


def stops_surely(text: str) -> bool:
    """Whether the words can mean nothing but giving up."""
    return bool(_STOP_WHOLE.fullmatch(bare(text)) or _STOP_LAST.search(text))


def wants_a_moment(text: str) -> bool:
    """ "稍等", "hang on, let me look": nothing to be answered, nothing to be counted as a failure."""
    return len(text) <= 60 and _MOMENT.fullmatch(bare(text)) is not None


def wants_it_again(text: str) -> bool:
    """ "再说一遍", "what was the question?" """
    return len(text) <= 60 and _AGAIN.fullmatch(bare(text)) is not None


def lets_it_be(text: str) -> bool:
    """ "就这样吧", "that's it": what was read back may go as it is."""
    return _LETS_IT_BE.fullmatch(bare(text)) is not None


def declines_all(text: str) -> bool:
    """ "不用了", "whatever": neither a yes nor a no to what was read back."""
    return _DECLINES_ALL.fullmatch(bare(text)) is not None


def only_wrong(text: str) -> bool:
    """ "不对", "that's wrong": something is wrong, and not said what."""
    return _WRONG.fullmatch(bare(text)) is not None


def as_before(text: str) -> bool:
    """Takes a correction back: "还是原来的时间", "leave it as it was"."""
    return len(text) <= 60 and _AS_BEFORE.search(text) is not None


def is_noise(text: str) -> bool:
    """Whether there is nothing in it that anybody could have meant as an answer."""
    said = text.strip()
    if _NOISE.fullmatch(said) or _COMMAND.fullmatch(said) or not re.search(r"\w", said):
        return True
    words = re.findall(r"[a-z]+", said.lower())
    if (
        words
        and said.isascii()
        and not re.search(r"\d", said)
        and all(_MASHED.search(word) for word in words)
    ):
        return True
    letters = re.sub(r"\W|\d", "", said)
    return len(said) > 12 and 0 < len(set(letters)) <= 3 and not re.search(r"\d{3}", said)


def question_in(text: str) -> tuple[str, str, str]:
    """A question about the house within a longer turn: its act, its sentence, and the rest of the turn.

    Empty strings when there is none, or when the turn is nothing but the question.
    """
    for piece in reversed([piece for piece in _SENTENCE_END.split(text) if piece]):
        rest = text.replace(piece, "", 1).strip(" ，,。.;；")
        if len(rest) < 2 or not _ASKS.search(piece):
            continue
        for act, pattern in _QUESTIONS:
            if pattern.search(piece):
                return act, piece.strip(), rest
    return "", "", ""


def asks_the_house(text: str) -> str:
    """The act of a turn that is nothing but a question about how it goes here; empty when it is none."""
    if len(text) > 60 or not asks(text):
        return ""
    return next((act for act, pattern in _OF_THE_HOUSE if pattern.search(text)), "")


def pointed_at(text: str, count: int) -> tuple[int | None, bool]:
    """Which of ``count`` choices a short text points at, counted from 0, and whether it is denied.

    "不是前者" with two choices is the second; a denied one of more stays denied.
    """
    said = bare(text).lower()
    denied = _DENIED.match(said)
    if denied is not None:
        beyond = _CHOSEN.fullmatch(said[denied.end() :].strip(" ，,。.;；"))
        if beyond is not None and (found := _position(beyond, count)) is not None:
            return found, False
        out = _position(denied, count)
        return (1 - out, False) if out is not None and count == 2 else (out, True)
    chosen = _CHOSEN.fullmatch(said)
    return (_position(chosen, count) if chosen else None), False


def _position(match: re.Match[str], count: int) -> int | None:
    if match["first"]:
        return 0
    if match["last"]:
        return count - 1
    number = _NUMBERS.get(match["nth"] or "")
    return number if number is not None and number < count else None


def likeness(one: str, other: str) -> float:
    """Share of pairs of neighbouring characters that two short texts have in common, 0 to 1."""
    pairs = [{text[i : i + 2] for i in range(len(text) - 1)} for text in (one.lower(), other.lower())]
    return len(pairs[0] & pairs[1]) / max(1, len(pairs[0] | pairs[1]))
