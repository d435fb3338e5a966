"""What a phrase of danger means where it stands: there now, denied, supposed, told, over, or open.

A figure of speech, a denial, an "if", a story, a question about rules, a time long past turn it into none.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from typing import Literal

from understanding.model import Emergency
from understanding.phrases import SHORT_TURN, UNDONE, Span, Trigger, Turn

#: Triggers for which an unsure reading asks instead of staying silent. Source: the handbook's table of triggers.
CHECKED = frozenset(("self_harm", "medical", "fire"))
#: Places of one danger that are judged; who repeats a word more often says nothing new.
_MOST_JUDGED = 60
#: Dangers that people tell in two sentences: "The power is off. My father is on a ventilator."
_ACROSS_SENTENCES = frozenset({"medical", "lifeline_down"})

Verdict = Literal["yes", "ask", "no"]


def heard(trigger: Trigger, turn: Turn) -> Emergency | None:
    """What the phrases of ``trigger`` say of this turn."""
    unsure: Emergency | None = None
    across = trigger.code in _ACROSS_SENTENCES and len(turn.text) <= 300
    judged: dict[Span, Verdict] = {}
    for pattern in trigger.patterns:
        for span, gaps in turn.matches(pattern, across=across):
            if any(_DENIED_WITHIN.search(gap) for gap in gaps):
                continue
            if span not in judged:
                if len(judged) >= _MOST_JUDGED:
                    return unsure
                judged[span] = _judge(trigger, turn, *span)
            verdict = judged[span]
            if verdict == "no" or (verdict == "ask" and trigger.code not in CHECKED):
                continue
            check = pattern.check or verdict == "ask"
            hit = Emergency(trigger.code, trigger.level, turn.folded.said(*span), check)
            if not check:
                return hit
            unsure = unsure or hit
    return unsure


_SENTENCE_END = re.compile(r"[。!?;\n]|\.(?=\s|$)")
_CLAUSE_END = re.compile(r"[,。!?;:、\n]|\.(?=\s|$)|(?<![a-z])but(?![a-z])|但是?|可是|不过")
_DENIED = re.compile(
    r"(?:并?没有?|并?不是|并非|不存在|未|无|别|不要|不想|不会|不可能|不至于|绝不|避免|防止|以免|免得|省得|杜绝|(?:这|那|又|并|都|也)不)[^,。!?;没不]{0,4}$"
    r"|(?<![a-z])(?:no|not|n't|never|without|isn't|wasn't|aren't|don't|didn't|doesn't|won't|wouldn't|hasn't|haven't|nobody|no one|noone|none of us|dont|isnt|wasnt|avoid|prevent)(?: (?:a|an|any|the|been|being|be|to|that|really|actually|going|want|wanting|intention|plans|interest|in|feel|feeling|planning|thinking|of|about|gonna|ever|have|had|get|got|getting)){0,4} ?$"
)
_DENIED_WITHIN = re.compile(
    r"(?:没有?|没再|不再|不会|并不|并没有?|再没有?)[冒漏]?$"
    r"|(?<![a-z])(?:isn't|is not|aren't|are not|wasn't|was not|never|no longer|without any|there is no|there's no)(?: [a-z]+)? ?$"
)
#: Deeds left undone are no denial: "没人管", "nobody came".
_SUPPOSED = re.compile(
    r"万一|如果|要是|假如|假设|倘若|若是|一旦|的话|演习|演练|消防培训|安全培训|科普|宣传(?:单|册|片)|电影|电视剧|小说|游戏|梦见|做梦|段子"
    r"|(?<![a-z])(?:what if|if|in case|suppose|drill|training|movie|film|novel|video game|tv show|dream(?:t|ed)?|hypothetical(?:ly)?|in the event|insurance covers?|policy cover)(?![a-z])"
)
_FEARED = re.compile(
    r"(?:容易|很?怕|害怕|担心|生怕|恐怕|差点|差一点|险些|迟早|早晚|早晚要|迟早要|将来|以后会?|总有一天|会不会|会引起|引发|引起|造成|导致|存在|隐患|风险|危险性|可能会|有可能|搞不好|弄不好|预防|防)[^,。!?;]{0,8}$"
    r"|(?<![a-z])(?:could|might|may|would|afraid|worried|worry|fear|scared|risk of|risk|likely to|prone to|going to|gonna|nearly|almost|potential(?:ly)?|danger of|prevent|one day|sooner or later|waiting to|liable to|will)(?![a-z])[^.!?;,]{0,28}$"
)
_PERHAPS = re.compile(
    r"(?:可能|好像|似乎|感觉|疑似|应该是|是不是|不知道是不是|说不定|怀疑)[^,。!?;]{0,6}$|(?<![a-z])(?:maybe|perhaps|i think|not sure|possibly|might be|could be|may be|seems?|looks like|smells like|sounds like|i suspect)(?![a-z])[^.!?;,]{0,24}$"
)
_NOW = re.compile(
    r"现在|这会儿|此刻|正在|刚刚?|还在|还没|今天|今早|今晚|这次|又(?=[^,。]{0,8})|到现在|至今|仍|赶紧|快来|救命|马上|立刻|而家|一直|越来越|不停|没人管|没人来|没人修|没修|还是"
    r"|(?<![a-z])(?:now|right now|currently|still|today|tonight|this time|again|just|help|hurry|urgent|immediately|at the moment|as we speak|since|nobody (?:has|came)|no one (?:has|came)|keeps?)(?![a-z])"
)
_LONG_AGO = re.compile(
    r"经常|多次|屡次|曾|时常|发生过|先后|三番五次|历年|去年|前年|大前年|上个月|上上|几年前|[一二两三四五六七八九十几0-9]+年前|[一二两三四五六七八九十几0-9]+个月前|小时候|以前|之前|曾经?|当年|当初|那次|那回|那年|上次|上回|有一次|有一回|有次|历史上|(?:19|20)[0-9]{2}年|上周|上星期|上礼拜|前段时间|前阵子|前几天|大前天"
    r"|(?<![a-z])(?:last (?:year|month|winter|summer|spring|autumn|week|time|january|february|march|april|may|june|july|august|september|october|november|december)|(?:years?|months?|weeks?) ago|in (?:19|20)[0-9]{2}|back (?:then|in)|previously|used to|once|years back|when i was|history|the other (?:day|week)|earlier this (?:year|month))(?![a-z])"
)
_LATELY = re.compile(
    r"昨天|昨晚|昨夜|昨儿|昨日|前天|前晚|寻日|琴日|(?<![a-z])(?:yesterday|last night|the day before yesterday|(?:two|three|2|3|a few|a couple of) days ago|on (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|last (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|over the weekend)(?![a-z])"
)
_SOLVED = re.compile(
    r"(?:已经|早就|都|后来|最后|终于|幸好|还好|好在|现在)?(?:被)?(?:扑灭|灭了|灭掉|熄灭|浇灭|救出来了?|放出来了?|修好了?|解决了|处理好了|恢复了|没事了|出院了|醒了|脱险|出来了|关好了|平安|好转|换好了|补好了|填好了|填平了|现在好了|已经好了|好多了)(?!吗|没)"
    r"|(?<![a-z])(?:put out|extinguished|been (?:fixed|repaired|resolved|rescued)|was (?:fixed|repaired|resolved|rescued)|(?:is|are|am|'s|'m|'re) (?:all )?(?:fine|ok|okay|safe|better|fixed) now|(?:got|let) (?:us|me|him|her|them) out|rescued|recovered|no longer|all clear|false alarm|filled in|been filled|all better|looks fine)(?![a-z])"
)
_HOW = re.compile(
    r"^[^,。!?;]{0,4}(?:怎么办|咋办|咋整|怎么处理|怎么逃|怎么赔|谁负责|谁来负责|算谁的|谁赔|怎么算)|^[^.!?;]{0,12}(?:who (?:is|would be|will be) (?:responsible|liable))"
)

#: "气得我想跳楼" and "想死的心都有" are mostly a manner of speaking; they are asked about all the same.
_DRIVEN = re.compile(r"(?:气得|烦得|急得|累得|热得|愁得|吵得|气到|烦到)[^,。!?;]{0,3}$")

#: "I'd jump off a bridge before I use you again": mostly a way to say no.
RATHER = re.compile(
    r"宁可|宁愿|情愿|(?<![a-z])(?:i'd|i would|id|rather|sooner)(?![a-z]).*(?<![a-z])(?:before|than)(?![a-z])"
)

#: In a text as long as a written petition a danger without a word of the present is mostly a story.
_STORY_CHARS = 240
#: Frames of a turn in which a danger is only talked about; a cry for help takes them back.
QUIETING = ("asks", "story", "jest")


_SERVICE_ZH = re.compile(
    r"(?:能|可以|可不可以|要不要|算不算|需要|需不需要|有没有|还有|有|送|包|是不是)[^,。!?;]{0,12}(?:吗|么|嘛|不|没有)[。?!~]*$"
    r"|(?:怎么(?!办)|如何|哪里|哪儿|在哪)[^,。!?;来救快急逃跑]{0,8}(?:认证|申请|办|退|约|报名|查|开|登记|缴|充|设置|考|点|请|买|换|看|交|领|取|改|注册|入学|投)[^,。!?;]{0,6}$"
    r"|(?:怎么点|几点|多少|什么时候能用|哪天|吗谢谢)[^,。!?;]{0,6}$"
)
_SERVICE_EN = re.compile(
    r"(?:^|[,.;!?] ?|(?:so|and|but|please) )(?:can (?:i|we|she|he)|could i|may i|do (?:i|we|you|staff)|does (?:it|he|she|that|this|the)|is (?:there|that why|it|the)|are there|how (?:do|does|much|many|often|to)|when(?:'s| is| does)|what (?:night|time|fee|day|number|counts)|what's the|where(?:'s| is| do| can)|who (?:do|sees|pays)|any (?:chance|figures|seats|advice)|still|will you|would)(?![a-z])[^.!?;]*[.!?]*$"
)
#: A question that is asked in danger, not at a counter.
_SERVICE_NOT = re.compile(
    r"派|救|来人|快|急|危险|爆炸|要紧|逃|关|医院|有事|要命|死|叫|报警|正常|漏气|能不能来|过来|安全"
    r"|(?<![a-z])(?:send|come|help|safe|danger\w*|explode|bad|stop|stay|leave|get out|out|move|touch|ambulance|doctor|police|call|ring|hospital|someone|somebody|fire|gas|die|still|now|put|feed|eat|live|survive|pay for|afford)(?![a-z])"
)


def _asks_for_service(turn: Turn, span: Span) -> bool:
    """Does the turn end in a question such as is asked at a counter ("can I get a refund")?"""
    if turn.framed(("nouns",), span) and turn.framed(("question",), span):
        return True
    text, (start, end) = turn.text, span
    stop = _next_end(_SENTENCE_MARK, text, end, end + 160) if len(text) > SHORT_TURN else len(text)
    tail = text[max(0, start - 80) : stop].rstrip(" \n")
    found = _SERVICE_ZH.search(tail) or _SERVICE_EN.search(tail)
    return found is not None and not _SERVICE_NOT.search(found[0])


_SENTENCE_MARK = re.compile(r"[。!?;\n]|\.(?=\s|$)")
_QUOTES = frozenset("\"“”'‘’「」『』《》<>")


def _quoted(text: str, start: int, end: int) -> bool:
    """Only a name between quotation marks: a dish, a film, a game."""
    before, after = text.rfind('"', max(0, start - 12), start + 1), text.find('"', end, end + 12)
    if before >= 0 and after >= 0:
        return '"' not in text[before + 1 : after] and after - before <= 26
    return start > 0 and text[start - 1] in _QUOTES and end < len(text) and text[end] in _QUOTES


def _judge(trigger: Trigger, turn: Turn, start: int, end: int) -> Verdict:
    text = turn.text
    sentence = _last_end(_SENTENCE_END, text, max(0, start - 120), start)
    clause = _last_end(_CLAUSE_END, text, sentence, start)
    before, rest = text[clause:start], text[end : _next_end(_SENTENCE_END, text, end, end + 80)]
    if _DENIED.search(before):
        return "ask" if trigger.code == "self_harm" else "no"
    if trigger.code == "self_harm" and (
        _DRIVEN.search(before) or rest.startswith("的心") or RATHER.search(text[clause:end] + rest)
    ):
        return "ask"
    if not trigger.conditional:
        clause_end = _next_end(_CLAUSE_END, text, end, end + 30)
        if _SUPPOSED.search(text[clause:clause_end]) or turn.framed(
            ("supposes",), (start, end), before=start
        ):
            return "no"
    told = _told(trigger, turn, (start, end))
    if told != "yes" or trigger.conditional:
        return told
    if trigger.tense != "any":
        if _FEARED.search(before) and not _PERHAPS.search(before):
            return "no"
        past = _past(trigger, text, sentence=sentence, start=start, end=end, rest=rest)
        if past != "yes":
            return past
    if _PERHAPS.search(before):
        return "ask" if trigger.code in CHECKED else "yes"
    if trigger.code in CHECKED and _HOW.search(rest):
        return "ask"
    return "yes"


def only_told(turn: Turn) -> bool:
    """Is the whole of a turn a story, a joke, a question at a counter, an "if", or about what is over?"""
    span = (0, len(turn.text))
    if len(turn.text) > SHORT_TURN or turn.framed(("cries",), span):
        return False
    return turn.framed((*QUIETING, "supposes"), span) or _asks_for_service(turn, span) or turn.over(span)


def _told(trigger: Trigger, turn: Turn, span: Span) -> Verdict:
    """Is the danger there, or is it a name, a story, a question about rules, long past, over?"""
    if trigger.code != "self_harm" and _quoted(turn.text, *span):
        return "no"
    cries = turn.framed(("cries",), span)
    mine = trigger.code == "self_harm" and turn.framed(("self",), span)
    if not cries and turn.framed(QUIETING, span):
        return "ask" if mine else "no"
    if not cries and _asks_for_service(turn, span):
        return "ask" if mine or trigger.code in CHECKED else "no"
    if turn.over(span):
        return "no"
    if turn.framed(("past",), span) and not turn.framed(("cries", "relapse", "lasting"), span):
        return "ask" if mine else "no"
    return "yes"


def _past(trigger: Trigger, text: str, *, sentence: int, start: int, end: int, rest: str) -> Verdict:
    around = text[max(0, sentence - 30) : end] + rest
    if any(not UNDONE.search(rest[: solved.start()]) for solved in _SOLVED.finditer(rest)):
        return "no"
    before = text[sentence:start] + text[start:end]
    marks = [
        (match.start(), kind)
        for kind, pattern in (("ago", _LONG_AGO), ("lately", _LATELY), ("now", _NOW))
        for match in pattern.finditer(before)
    ]
    kind = max(marks)[1] if marks else ""
    if not kind and _LONG_AGO.search(rest[:12]):
        kind = "ago"
    if not kind and trigger.tense == "now" and len(text) > _STORY_CHARS and not _NOW.search(rest):
        return "ask"
    if kind in ("", "now") or (kind and _NOW.search(rest)):
        return "yes"
    if trigger.tense == "state":
        return (
            "no"
            if kind == "ago" and _SOLVED.search(around)
            else "yes"
            if kind == "lately" or not _OVER.search(around)
            else "no"
        )
    if kind == "lately" and trigger.code == "medical":
        return "ask"
    return "no"


_OVER = re.compile(
    r"那次|那回|那年|上次|上回|有一次|去年|前年|当年|(?<![a-z])(?:last year|years ago|once|that time|used to|in (?:19|20)[0-9]{2})(?![a-z])"
)


def _last_end(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    place = start
    for match in pattern.finditer(text, start, end):
        place = match.end()
    return place


def _next_end(pattern: re.Pattern[str], text: str, start: int, limit: int) -> int:
    match = pattern.search(text, start, min(limit, len(text)))
    return match.start() if match else min(limit, len(text))
