"""Dangers in a turn: phrase, context and figures of speech. A pure function without a model file.

The words live in ``data/triggers.yml``; this module only knows how a pattern is written, and what turns a danger
into none: a figure of speech, a denial, an "if", a time long past. Recall comes first: where the words leave it open
for self-harm, injury or fire, the answer is a check question and not silence.

How a pattern is written: elements stand side by side, ``a|b`` are alternatives, ``<group>`` a named list of them,
``..`` a gap within the sentence, and a Latin word that ends in ``*`` stands for all words that begin so. A blank
within an element is written ``_``; a pattern that begins with ``=`` is one element and may hold blanks.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import islice
from typing import Any, Literal

from understanding.fold import Folded, fold
from understanding.model import Emergency

#: Triggers for which an unsure reading asks instead of staying silent. Source: the handbook's table of triggers.
CHECKED = frozenset(("self_harm", "medical", "fire"))
_GAP = {"zh": r"([^。!?;\n]{0,10}?)", "en": r"([^.!?;\n]{0,36}?)"}
_MASK = "\x00"
#: Places of one pattern that are judged; who repeats a word more often than that says nothing new.
_MOST_MATCHES = 40


@dataclass(frozen=True)
class _Pattern:
    """``needs``: of each set of words one must stand in the text, or the search is spared."""

    source: str
    needs: tuple[frozenset[str], ...]
    check: bool = False

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled at the first text that holds the words it needs: most patterns never are."""
        return re.compile(self.source, re.ASCII)


@dataclass(frozen=True)
class _Trigger:
    """One row of the table. ``tense``: ``now`` is over when it is past, ``state`` lasts until repaired,
    ``any`` matters whenever it was. ``conditional``: an "if" does not take it back (threats)."""

    code: str
    level: Literal["P0", "P1"]
    tense: Literal["now", "state", "any"]
    conditional: bool
    patterns: tuple[_Pattern, ...] = field(repr=False)


@dataclass(frozen=True)
class _Table:
    masks: tuple[_Pattern, ...]
    triggers: tuple[_Trigger, ...]


def detect_emergency(text: str) -> Emergency | None:
    """The gravest danger that ``text`` speaks of, or ``None``. ``check``: ask first, the words leave it open."""
    return next(iter(detect_emergencies(text)), None)


def detect_emergencies(text: str) -> tuple[Emergency, ...]:
    """All dangers, one for each code, the gravest first: level, then certain before unsure, then table order."""
    folded = fold(text)
    if not folded.text.strip():
        return ()
    table = _table()
    words = _Words(folded.text)
    plain = _without_figures(folded.text, table.masks, words)
    found = [hit for trigger in table.triggers if (hit := _hit(trigger, plain, folded, words))]
    if len(plain) <= _SHORT_TURN and _SENTENCE_ENDS.search(plain):
        # "The power is off. My father is on a ventilator.": the danger lies in the two together.
        joined = _SENTENCE_ENDS.sub(lambda match: "," * len(match[0]), plain)
        heard = {hit.code for hit in found}
        apart = [t for t in table.triggers if t.code in _ACROSS_SENTENCES and t.code not in heard]
        found += [hit for trigger in apart if (hit := _hit(trigger, joined, folded, words))]
    if not any(hit.code == "medical" for hit in found) and (worry := _device_without_power(plain, folded)):
        found.append(worry)
    return tuple(sorted(found, key=lambda hit: (hit.level, hit.check)))


def trigger_codes() -> frozenset[str]:
    """The codes of all dangers that the table knows."""
    return frozenset(trigger.code for trigger in _table().triggers)


_DEVICE = re.compile(
    r"制氧机|氧气机|呼吸机|雾化机|透析机|吸痰器|(?:oxygen|breathing) (?:machine|concentrator)|ventilator|dialysis|nebuli[sz]er|cpap"
)
_OUTAGE = re.compile(
    r"停电|断电|没电|电(?:一直|还)?没来|跳闸|(?:power|electric\w*|lights?) (?:\w+ ){0,5}(?:off|out|gone|cut|down)|blackout|outage|no power"
)


def _device_without_power(plain: str, folded: Folded) -> Emergency | None:
    """A device that keeps somebody alive and a power cut in one turn, however far apart: worth asking."""
    device = _DEVICE.search(plain) if _OUTAGE.search(plain) else None
    if device is None:
        return None
    return Emergency("medical", "P0", folded.said(device.start(), device.end()), check=True)


#: Dangers that people tell in two sentences, and the longest turn in which two sentences are read as one.
_ACROSS_SENTENCES = frozenset({"medical", "lifeline_down"})
_SHORT_TURN = 300
_SENTENCE_ENDS = re.compile(r"[.。!！?？;；\n]+(?=\s*\S)")


class _Words:
    """Which word lists a text touches; each list is looked up once, by the first letters that the text has."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._letters = frozenset(text)
        self._known: dict[frozenset[str], bool] = {}

    def has(self, words: frozenset[str]) -> bool:
        known = self._known.get(words)
        if known is None:
            by_letter = _by_first_letter(words)
            known = self._known[words] = any(
                word in self._text
                for letter in self._letters & by_letter.keys()
                for word in by_letter[letter]
            )
        return known

    def may_match(self, pattern: _Pattern) -> bool:
        return all(self.has(words) for words in pattern.needs)


@lru_cache(maxsize=4096)
def _by_first_letter(words: frozenset[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        found.setdefault(word[0], []).append(word)
    return found


def _without_figures(text: str, masks: Iterable[_Pattern], words: _Words) -> str:
    for mask in masks:
        if words.may_match(mask):
            text = mask.regex.sub(lambda match: _MASK * len(match[0]), text)
    return text


def _hit(trigger: _Trigger, plain: str, folded: Folded, words: _Words) -> Emergency | None:
    unsure: Emergency | None = None
    for pattern in trigger.patterns:
        if not words.may_match(pattern):
            continue
        for match in islice(pattern.regex.finditer(plain), _MOST_MATCHES):
            if any(_DENIED_WITHIN.search(gap) for gap in match.groups()):
                continue
            verdict = _judge(trigger, plain, match.start(), match.end())
            if verdict == "no" or (verdict == "ask" and trigger.code not in CHECKED):
                continue
            check = pattern.check or verdict == "ask"
            hit = Emergency(trigger.code, trigger.level, folded.said(match.start(), match.end()), check)
            if not check:
                return hit
            unsure = unsure or hit
    return unsure


# -- context ---------------------------------------------------------------------------------------------------------

_SENTENCE_END = re.compile(r"[。!?;\n]|\.(?=\s|$)")
_CLAUSE_END = re.compile(r"[,。!?;:、\n]|\.(?=\s|$)|(?<![a-z])but(?![a-z])|但是?|可是|不过")
_DENIED = re.compile(
    r"(?:并?没有?|并?不是|并非|不存在|未|无|别|不要|不想|不会|不可能|不至于|绝不|避免|防止|以免|免得|省得|杜绝|(?:这|那|又|并|都|也)不)[^,。!?;没不]{0,4}$"
    r"|(?<![a-z])(?:no|not|n't|never|without|isn't|wasn't|aren't|don't|didn't|doesn't|won't|wouldn't|hasn't|haven't|nobody|no one|noone|none of us|dont|isnt|wasnt|avoid|prevent)(?: (?:a|an|any|the|been|being|be|to|that|really|actually|going|want|wanting|feel|feeling|planning|thinking|of|about|gonna|ever|have|had|get|got|getting)){0,4} ?$"
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

#: In a text as long as a written petition a danger without a word of the present is mostly a story.
_STORY_CHARS = 240

Verdict = Literal["yes", "ask", "no"]


def _judge(trigger: _Trigger, text: str, start: int, end: int) -> Verdict:
    sentence = _last_end(_SENTENCE_END, text, max(0, start - 120), start)
    clause = _last_end(_CLAUSE_END, text, sentence, start)
    before, rest = text[clause:start], text[end : _next_end(_SENTENCE_END, text, end, end + 80)]
    if _DENIED.search(before):
        return "ask" if trigger.code == "self_harm" else "no"
    if trigger.code == "self_harm" and (_DRIVEN.search(before) or rest.startswith("的心")):
        return "ask"
    if trigger.conditional:
        return "yes"
    if _SUPPOSED.search(before) or _SUPPOSED.search(
        text[clause : _next_end(_CLAUSE_END, text, end, end + 30)]
    ):
        return "no"
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


def _past(trigger: _Trigger, text: str, *, sentence: int, start: int, end: int, rest: str) -> Verdict:
    around = text[max(0, sentence - 30) : end] + rest
    if _SOLVED.search(rest):
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


# -- the table -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _table() -> _Table:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = files("understanding").joinpath("data").joinpath("triggers.yml").read_text(encoding="utf-8")
    raw = yaml.load(text, Loader=loader)  # noqa: S506 -- a safe loader, in C where there is one
    groups = {name: tuple(str(words).split("|")) for name, words in raw["groups"].items()}
    masks = tuple(
        _pattern(entry, language, groups) for language in ("zh", "en") for entry in raw["figures"][language]
    )
    return _Table(masks, tuple(_trigger(entry, groups) for entry in raw["triggers"]))


def _trigger(raw: Mapping[str, Any], groups: Mapping[str, tuple[str, ...]]) -> _Trigger:
    patterns = [
        _pattern(entry, language, groups) for language in ("zh", "en") for entry in raw.get(language, ())
    ]
    patterns.sort(key=lambda pattern: pattern.check)
    return _Trigger(
        raw["code"], raw["level"], raw.get("tense", "any"), bool(raw.get("conditional")), tuple(patterns)
    )


def _pattern(raw: Any, language: str, groups: Mapping[str, tuple[str, ...]]) -> _Pattern:
    entry = raw if isinstance(raw, dict) else {"say": raw}
    check = bool(entry.get("check"))
    if "whole" in entry:
        words = frozenset(str(entry["whole"]).split("|"))
        return _Pattern(rf"^[\s!?.,。]*{_alternatives(words)}[\s!?.,。~]*$", (words,), check)
    pieces: list[str] = []
    needs: list[frozenset[str]] = []
    for element in _elements(entry["say"]):
        if element == "..":
            pieces.append(_GAP[language])
        else:
            alternatives = [fold(word.replace("_", " ")).text for word in _words_of(element, groups)]
            needs.append(frozenset(word.rstrip("*") for word in alternatives))
            pieces.append(_alternatives(alternatives))
    glue = "[ ,-]{0,3}" if language == "en" else ""
    return _Pattern(glue.join(pieces), tuple(needs), check)


def _words_of(element: str, groups: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for part in filter(None, element.split("|")):
        yield from groups[part[1:-1]] if part.startswith("<") else (part,)


def _elements(said: str) -> Iterator[str]:
    """Elements are separated by blanks; ``_`` stands for a blank within one."""
    if said.startswith("= "):
        yield said[2:].replace(" ", "_")
    else:
        yield from said.split()


def _alternatives(words: Iterable[str]) -> str:
    return "(?:" + "|".join(_word(word) for word in sorted(set(words), key=len, reverse=True)) + ")"


def _word(word: str) -> str:
    stem = word.endswith("*")
    body = re.escape(word.rstrip("*"))
    if not word[0].isascii() or not word[0].isalnum():
        return body
    return rf"(?<![a-z]){body}" + (r"[a-z]*" if stem else r"(?![a-z])")
