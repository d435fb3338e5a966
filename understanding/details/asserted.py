"""What a turn that corrects something says is right, read without the former value: "我翻了记录，那天是周二".

Clauses that deny, repeat or explain the wrong value, or only excuse it, are passed over; of those left the last one that
asserts is taken, and of it the value that it holds.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

from understanding.details.denied import is_denied
from understanding.details.naming import PARTS
from understanding.details.people import SURNAMES
from understanding.details.shapes import pieces_of
from understanding.fold import fold

_LONGEST = 160
_ANY_DAY = datetime(2026, 1, 1, tzinfo=timezone.utc)
_CUT = re.compile(
    r"[,，。!！?？;；:：\n]+|\.(?=\s|$)|(?<=\s)[-–—]+(?=\s)|(?<=[一-鿿])\s+(?=[一-鿿])|(?<=\s)(?=(?:instead of|rather than|and not|not|but|because|without (?:an?|the)|spel[lt]) |(?:it's|that's|she's|he's|they're) (?!not))"
)
#: Clauses about the wrong value: denied, told to be somebody else's or an old one, or as it was put before.
_WRONG_ZH = re.compile(
    r"^(?:而|并|也|根本|明明|肯定|绝对|她|他|我|那个?|这个?|其实)*(?:不是|不叫|不姓|不在|(?:还)?[不没]到|并非|没有|别写|别用|不要|不用|哪是)|(?:不对|有误|错了?|没错|没问题|作废|停用|停机|不用了|反了|是对的|是旧的?|是老的|为准|有出入|(?:就)?(?:算了|不要了|不用了|不必了))(?:的|了|啦)*$"
    r"|是(?:我|他|她|别人|别的|另|以前|去年|前年|上个?月|旧|上次|原来|隔壁|老号|之前|曾用)[^,]*$|^(?:我|你们?|您|系统|上面|刚才|刚刚|之前|前面|原来|摘要|单子上?|记录)*(?:给)?(?:写|填|打|记|报|输|念|登记|录|听|显示|当|看|弄)(?:的是|成|作|着|错|混|岔|串|反|多|少|漏)|^(?:[少多漏缺])|[才来](?:反映|投诉|说|问|找你)"
)
_WRONG_EN = re.compile(
    r"^(?!it|that|this|he|she|i )(?:the )?[\w£$.:' -]{1,24}?(?:'s| was| is) (?:just |only )?(?:when|where|who|(?:my|his|her|our|their) (?!name|number|address|surname)|the (?:day|date|deposit|old|other)|next door|closed|shut|a (?:holiday|different|friend)|what (?:i|we|they|you|he|she)|wrong)(?![a-z])|^(?:and |but |so |no )*(?:it |that |this |he |she |his name |her name |my name )?(?:not|isn't|is not|'s not|wasn't|was not|aren't|never|no longer|instead of|rather than|without)(?![a-z])|(?:is|was|'s|are) (?:my |the |an? |his |her )?(?:wrong|old|previous|former|incorrect|right|fine|correct|ok|a typo|other|neighbour)"
    r"|^(?:sorry |oh |ah |and |but |well |though )*(?:i|you|it|the system|your (?:form|summary|record|system)|that|this|the (?:form|summary|record|message))(?:'ve| have| had| has| must have| may have| might have| keep| kept| always| accidentally| wrongly| already| just)* (?:put|puts|say|says|said|saying|wrote|written|write|typed|typing|gave|given|have|has|had|got|entered|noted|told|mentioned|heard|listed|shows?|reads?|called|confused|mixed|swapped|mumbled|misread|missed|dropped|left|added)(?! (?:was|is) )(?![a-z])"
)
#: Explanations of a sign: "前程的程", "D for dog", "K-O-H-L" beside the name.
_EXPLAINS = re.compile(
    rf"^(?:{'|'.join(PARTS)})[一-鿿]$|^[一-鿿]{{1,4}}的[一-鿿]$|^[一-鿿]字旁的?$|^[a-z] (?:for|as in) [a-z]+$|^(?:[a-z][-. ]){{2,}}[a-z]$"
)
#: What asserts, and what stands before the value.
_ASSERTS_ZH = re.compile(
    r"应该|应为|应当|其实|实际|改成|改为|换成|更正为|才是|才对|就是|发生在|是(?!不是|的|吗)|(?<!不)叫|(?<!不)姓|住在?|(?:说|指|去|坐|要|讲)的是|(?<![别不])用|写(?=[^错成])"
)
_LEAD_ZH = re.compile(
    r"^.*?(?:(?:应该|应当|其实|实际上?|准确(?:地|来)?[说讲]|大概|可能|那天|当时|时间|名字|地址|号码|电话|金额|单号)*(?:应该|应为|应当|改成|改为|换成|更正为|就是|的是|是|叫|为|住在?|在|用|写|说|就|都))+(?=[^\s])"
)
_TAIL_ZH = re.compile(
    r"(?:来着|才对|才是|才是对的|那个|那边(?:办的)?|的事|的才对|没错|吧|了|哈|哦|啊|呀|呢|啦|嘛|的)+$"
)
_ASSERTS_EN = re.compile(
    r"(?<![a-z])(?:it's|it is|it was|its|that's|that is|that was|should|make|so|meant|mean|actually|is|was|'s|'m|correct|really|change|say|called|use|happened)(?![a-z])"
)
_NAME_EN = re.compile(
    r"(?<![\w@.])(?!I'|(?:I|It|It's|The|A|An|No|Not|Sorry|So|And|But|Oh|My|That|That's|Actually|You|You've|We|Could|Please|Make|Say|Yes|Wrong|Her|His|She|She's|He|He's|This|There|For|On|In|At|Wait|Hang|Typo|Correction)(?![\w']))[A-Z][\w'-]*(?: (?:of |the |and |on |upon )?[A-Z][\w'-]*)*"
)
_LEAD_EN = re.compile(
    r"^(?:(?:so|oh|no|actually|sorry|well|and|but|yes|maybe|probably|in fact|really) |(?:it|that|this|he|she)(?:'s| is| was) (?:actually |really |more like |called )?|i (?:mean|meant)(?: to say)? |make (?:it|that) |(?:it )?should (?:be|say|read|have been) |say |(?:the |my )?[a-z]+(?:'s| is| was| should be) )+(?:the (?=[a-z]+ ))?",
    re.IGNORECASE,
)
_TELLS_EN = re.compile(
    r"(?<![a-z])(?:i|you|we|they|it|me|us|was|were|is|are|have|has|had|did|do|not|because|sorry|mistake|wrong|habit|bad|fault|today|honest|right|sure|yet|longer|thanks|please|typo)(?![a-z])"
)
#: "六楼护士站" where only 六楼 has a shape.
_REST_OF_PLACE = re.compile("(?<=[楼层区栋院口])(?![了着过的是办买修])[一-鿿]{2,5}$")
#: "路名是丹桂路" read as one road.
_COPULA = re.compile(r"^[一-鿿]{1,4}?(?:是|为|叫|改)(?=[^不])")
#: What leads to a wish that stands for another.
_WISHED = re.compile(
    r"^(?:i want |i need |give me )|^(?:on reflection |actually |just |please )?(?:i'd|i would|we'd|we would) (?:rather|prefer|like)(?: to)?(?: have)? |^(?:我?(?:还是|就|改)?(?:想|要))(?=[^,。]{2})",
    re.IGNORECASE,
)
_SURNAME = re.compile(rf"(?<!不)姓(?P<new>[{SURNAMES}])$")
#: Shapes that are no value by themselves.
_ONES = tuple("一两二三")
_NO_VALUE = ("title", "side", "currency")
_TELLS_ZH = re.compile(r"[我你您他她它们咱俺谁吗呢嘛]|怎么|什么|问题|态度|因为|投诉|事情|记录|回忆|刚才|刚刚")
_TYPED = frozenset(
    [
        "phone",
        "email",
        "plate",
        "id_number",
        "reference",
        "amount",
        "when",
        "duration",
        "count",
        "place",
        "window",
    ]
)
#: When it was told, not when it happened.
_TODAY = re.compile(r"今天|明天|today|tomorrow|yet", re.IGNORECASE)
#: "no, hang on": what was said before it is taken back.
_TAKES_BACK = re.compile(
    r"(?:oh |er |um |ah )?(?:no|nope|no wait|wait|hang on|no hang on|sorry|scratch that)|哦?不|不对(?:不对)?|哦?不是",
    re.IGNORECASE,
)
_NOW = re.compile(r"刚才|刚刚|之前|以前|现在|just now|now|earlier|before|today", re.IGNORECASE)


#: A clause that is hardly more than its value asserts it ("bus 53, they look the same at night").
_BARE = 0.5


@dataclass(frozen=True)
class _Said:
    words: str
    asserts: bool
    holds: bool  #: a value that is no mere word


def asserted(text: str) -> str | None:
    """The words of ``text`` that give the right value; ``None`` where none can be told."""
    said = fold(text).cased
    if len(said) > _LONGEST:
        return None
    found = list(_said(said))
    for choice in (
        [each for each in found if each.asserts and each.holds],
        [each for each in found if each.holds],
        [each for each in found if each.asserts],
        found,
    ):
        if choice:
            return _at_length(choice[-1], found)
    return None


def _at_length(chosen: _Said, found: list[_Said]) -> str:
    """The words, or those of a later clause that say them again and more ("改成晚上，晚上十点")."""
    after = found[found.index(chosen) + 1 :]
    return next((each.words for each in after if chosen.words in each.words), chosen.words)


def _said(said: str) -> Iterator[_Said]:
    clauses = list(_clauses(said))
    again = False
    for clause, echoed in clauses:
        low = clause.lower()
        if _TAKES_BACK.fullmatch(low):
            again = True
            continue
        chinese = any("一" <= sign <= "鿿" for sign in clause)
        if (echoed and len(clauses) > 1) or _EXPLAINS.match(low):
            continue
        if (_WRONG_ZH if chinese else _WRONG_EN).search(low) and not re.search("的是(?!我)", low[:8]):
            continue
        asserts = again or bool((_ASSERTS_ZH if chinese else _ASSERTS_EN).search(low))
        surname = _SURNAME.search(clause)
        if words := surname["new"] if surname else _value(clause):
            if chinese and re.search(rf"{re.escape(words)}是(?!{re.escape(words)})", clause):
                continue
            bare = len(words) >= _BARE * len(clause)
            yield _Said(words, asserts or bare, holds=True)
        elif words := _wish(clause) or (_chinese_words(clause) if chinese else _english_words(clause)):
            yield _Said(words, asserts, holds=False)


def _clauses(said: str) -> Iterator[tuple[str, bool]]:
    """Clauses, and whether each is asked back ("16th?")."""
    start = 0
    cuts = [cut for cut in _CUT.finditer(said) if not _in_number(said, cut)]
    for cut in cuts:
        if clause := said[start : cut.start()].strip(" '\"“”"):
            yield clause, cut[0].startswith(("?", "？"))
        start = cut.end()
    if clause := said[start:].strip(" .'\"“”"):
        yield clause, False


def _in_number(said: str, cut: re.Match[str]) -> bool:
    around = said[cut.start() - 1 : cut.start()] + said[cut.end() : cut.end() + 1]
    return cut[0] in (",", ":", ".") and len(around) == 2 and around.isdigit()


def _value(clause: str) -> str | None:
    """What of a clause is typed or has the shape of a piece of a value, up to where that stands together."""
    from understanding.details import extract_details

    found = [
        detail
        for detail in extract_details(clause, now=_ANY_DAY)
        if detail.kind in _TYPED and not _NOW.fullmatch(detail.text)
    ]
    counted = any(detail.kind in ("duration", "count") for detail in found)
    spans = [
        (detail.start, detail.end)
        for detail in found
        if not (counted and detail.kind == "when" and _TODAY.fullmatch(detail.text))
    ]
    spans += [
        (piece.start, piece.end)
        for piece in pieces_of(clause)
        if piece.shape not in _NO_VALUE
        and not (piece.text in _ONES and len(clause) > 4)
        and not (counted and _TODAY.fullmatch(piece.text))
    ]
    spans = sorted(span for span in spans if not is_denied(clause, *span, alone=True))
    if not spans:
        return None
    start, end = max(spans, key=lambda span: span[1])
    for first, last in reversed(spans):
        if start <= last or clause[last:start] in (" ", "的", ", "):
            start = min(start, first)
    rest = _REST_OF_PLACE.match(clause, end)
    value = clause[start : rest.end() if rest else end]
    copula = _COPULA.search(value)
    return (value[copula.end() :] if copula else value).strip()


def _wish(clause: str) -> str | None:
    from understanding.details import extract_details

    found = [d for d in extract_details(clause, now=_ANY_DAY) if d.kind == "remedy"]
    return _WISHED.sub("", found[0].text) if found else None


def _chinese_words(clause: str) -> str | None:
    lead = _LEAD_ZH.match(clause)
    words = clause[lead.end() :] if lead else clause
    words = _TAIL_ZH.sub("", words).strip()
    return words if 1 <= len(words) <= 12 and not _TELLS_ZH.search(words) else None


def _english_words(clause: str) -> str | None:
    """A name with its capitals, else the few words behind what asserts."""
    names = [match[0] for match in _NAME_EN.finditer(clause)]
    if names:
        return names[-1]
    lead = _LEAD_EN.match(clause)
    words = clause[lead.end() :] if lead else ""
    return words if 1 <= len(words.split()) <= 4 and not _TELLS_EN.search(words.lower()) else None
