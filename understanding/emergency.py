"""Dangers in a turn: words, what stands near them, and figures of speech. A pure function without a model file.

The words live in ``data/triggers.yml``; this module only knows how a pattern is written, and what turns a danger
into none: a figure of speech, a denial, an "if", a story, a question about rules, a time long past. Recall comes
first: where the words leave it open for self-harm, injury or fire, the answer is a check question and not silence.

How a pattern is written: elements stand side by side, ``a|b`` are alternatives, ``<group>`` a named list of them,
``..`` a gap within the sentence, and a Latin word that ends in ``*`` stands for all words that begin so. A blank
within an element is written ``_``; a pattern that begins with ``=`` is one element and may hold blanks. A pattern
that begins with ``+`` (the rows under ``near``) names elements that stand near each other in any order; ``!`` before one: it may not be there.

One pass over the text finds all words of the table; a pattern is looked at when its rarest element was found. The
time grows with the length of the text and not with the size of the table.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from understanding.fold import Folded, fold
from understanding.model import Emergency

#: Triggers for which an unsure reading asks instead of staying silent. Source: the handbook's table of triggers.
CHECKED = frozenset(("self_harm", "medical", "fire"))
#: The widest gap within a pattern, and how near the elements of an unordered one stand, in characters.
_GAP = {"zh": 10, "en": 36}
_REACH = {"zh": 26, "en": 90}
#: Places of one pattern, and of one danger, that are judged; who repeats a word more often says nothing new.
_MOST_MATCHES = 40
_MOST_JUDGED = 60

Span = tuple[int, int]
#: The words of a phrase after the first, whether the last is a stem, and the lists that it stands in.
_Rest = tuple[tuple[str, ...], bool, list[int]]
Verdict = Literal["yes", "ask", "no"]


@dataclass(frozen=True)
class _Pattern:
    """``steps``: numbers of word lists; ``gaps[i]``: may other words stand before step ``i``? ``near``: any order.

    ``never``: word lists of which none may stand near. ``whole``: the turn is nothing but one of these.
    """

    language: str
    steps: tuple[int, ...]
    gaps: tuple[bool, ...] = ()
    check: bool = False
    near: bool = False
    never: tuple[int, ...] = ()
    whole: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Trigger:
    """One row of the table. ``tense``: ``now`` is over when it is past, ``state`` lasts until repaired,
    ``any`` matters whenever it was. ``conditional``: an "if" does not take it back (threats). ``never``: word
    lists of which none may stand near, whatever the pattern."""

    code: str
    level: Literal["P0", "P1"]
    tense: Literal["now", "state", "any"]
    conditional: bool
    never: tuple[int, ...]
    patterns: tuple[_Pattern, ...] = field(repr=False)


class _Lexicon:
    """All words of the table, each with the numbers of the lists that it stands in."""

    def __init__(self) -> None:
        self._lists: dict[frozenset[str], int] = {}
        self._pairs: dict[str, list[tuple[str, list[int]]]] = {}
        self._chars: dict[str, list[int]] = {}
        self._words: dict[str, list[list[int]]] = {}
        self._stemmed: dict[str, list[_Rest]] = {}
        self._phrases: dict[tuple[str, str], list[_Rest]] = {}
        self._stems: dict[str, list[int]] = {}
        self._stem_lengths: list[int] = []
        self._known: dict[str, list[int]] = {}
        self._compounds: dict[str, list[str]] = {}

    def keep_whole(self, words: Iterable[str]) -> None:
        """Words whose single characters are no words of their own: ``手机`` is no ``手``."""
        for word in words:
            self._compounds.setdefault(word[:2], []).append(word)

    def number(self, words: Iterable[str]) -> int:
        """The number of this list of words; new words are learnt."""
        key = frozenset(words)
        if key not in self._lists:
            self._lists[key] = len(self._lists)
            for word in key:
                self._learn(word, self._lists[key])
        return self._lists[key]

    def _learn(self, word: str, number: int) -> None:
        if word in self._known:
            self._known[word].append(number)
            return
        numbers = self._known[word] = [number]
        tokens = [forms for forms, _, _ in _tokens(word)] if word.isascii() else []
        if not tokens:
            self._learn_characters(word, numbers)
            return
        stem = word.endswith("*")
        if stem and len(tokens) == 1:
            self._stems[tokens[0][0]] = numbers
            self._stem_lengths = sorted({len(each) for each in self._stems})
        else:
            first, rest = tokens[0][0], tuple(forms[0] for forms in tokens[1:])
            if not rest:
                self._words.setdefault(first, []).append(numbers)
            elif stem and len(rest) == 1:
                self._stemmed.setdefault(first, []).append((rest, True, numbers))
            else:
                pair = first, _OWNER if rest[0] in _OWNERS else rest[0]
                self._phrases.setdefault(pair, []).append((rest, stem, numbers))

    def _learn_characters(self, word: str, numbers: list[int]) -> None:
        if len(word) == 1:
            self._chars[word] = numbers
        elif word:
            self._pairs.setdefault(word[:2], []).append((word, numbers))

    def find(self, text: str) -> dict[int, list[Span]]:
        """Number of a list -> where its words stand, in order of their beginning."""
        found: defaultdict[int, list[Span]] = defaultdict(list)
        if not text.isascii():
            self._find_characters(text, found)
        self._find_phrases(text, found)
        for places in found.values():
            places.sort()
        return found

    def _find_characters(self, text: str, found: defaultdict[int, list[Span]]) -> None:
        pairs, chars, compounds = self._pairs, self._chars, self._compounds
        whole = 0  # up to here a compound reaches
        for start, char in enumerate(text):
            pair = text[start : start + 2]
            if pair in compounds:
                ends = [start + len(word) for word in compounds[pair] if text.startswith(word, start)]
                whole = max(whole, *ends) if ends else whole
            if start >= whole and char in chars:
                for number in chars[char]:
                    found[number].append((start, start + 1))
            if pair in pairs:
                for word, numbers in pairs[pair]:
                    if text.startswith(word, start):
                        span = (start, start + len(word))
                        for number in numbers:
                            found[number].append(span)

    def _find_phrases(self, text: str, found: defaultdict[int, list[Span]]) -> None:
        tokens = list(_tokens(text))
        for place, (forms, start, end) in enumerate(tokens):
            for form in forms:
                for length in self._stem_lengths:
                    if length > len(form):
                        break
                    for number in self._stems.get(form[:length], ()):
                        found[number].append((start, end))
                for numbers in self._words.get(form, ()):
                    for number in numbers:
                        found[number].append((start, end))
                if place + 1 < len(tokens):
                    for rest, stem, numbers in self._phrases_from(form, tokens[place + 1][0]):
                        last = _follows(text, tokens, place, rest, stem)
                        if last:
                            for number in numbers:
                                found[number].append((start, last))

    def _phrases_from(self, first: str, following: tuple[str, ...]) -> Iterator[_Rest]:
        """The phrases that begin with this word and may go on with the next one."""
        yield from self._stemmed.get(first, ())
        for form in following:
            yield from self._phrases.get((first, _OWNER if form in _OWNERS else form), ())
            if form.endswith("s"):
                yield from self._phrases.get((first, form[:-1]), ())


_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|[0-9]+")
_OWN = re.compile(r"'(?:s|ll|re|ve|d|m)$")
_DO_NOT = frozenset(("don't", "doesn't", "didn't", "doesnt", "didnt"))
#: Written in a hurry without the apostrophe; "ill", "were", "its" and "id" are words of their own.
_HURRIED = {
    word.replace("'", ""): word
    for word in (
        "i'm", "i've", "he's", "she's", "that's", "there's", "what's", "who's",
        "it's", "you're", "they're", "we've", "you've", "they've", "you'll", "they'll",
    )
}  # fmt: skip
_BETWEEN = re.compile(r"[ /&_.-]{1,3}")


def _tokens(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Latin words and numbers: the forms a word is known by ("he'll": also ``he``), start, end."""
    for match in _TOKEN.finditer(text):
        word = match[0]
        word = _HURRIED.get(word, word)
        if word in _DO_NOT:
            yield (word.replace("'", ""), "dont"), match.start(), match.end()
            continue
        if "'" not in word:
            yield (word,), match.start(), match.end()
            continue
        bare = _OWN.sub("", word)
        yield (word, bare) if bare != word else (word.replace("'", ""),), match.start(), match.end()


def _follows(
    text: str,
    tokens: Sequence[tuple[tuple[str, ...], int, int]],
    place: int,
    rest: tuple[str, ...],
    stem: bool,
) -> int:
    """Where the phrase ends whose first word stands at ``place``; 0: it does not go on like that."""
    if place + len(rest) >= len(tokens):
        return 0
    for step, word in enumerate(rest, start=1):
        forms, start, _ = tokens[place + step]
        if not any(_same(word, form) for form in forms) and not (
            stem and step == len(rest) and forms[0].startswith(word)
        ):
            return 0
        if not _BETWEEN.fullmatch(text, tokens[place + step - 1][2], start):
            return 0
    return tokens[place + len(rest)][2]


#: Within a phrase one owner stands for all: "slit my wrists" is also said of him and her.
_OWNER = "my"
_OWNERS = frozenset((_OWNER, "his", "her", "their", "our"))


def _same(word: str, form: str) -> bool:
    """Is this the word of the phrase, but for whose it is and whether there is more than one?"""
    if word == form:
        return True
    if word in _OWNERS:
        return form in _OWNERS
    return len(word) > 3 and word + "s" == form


@dataclass(frozen=True)
class _Table:
    lexicon: _Lexicon = field(repr=False)
    figures: tuple[_Pattern, ...]
    triggers: tuple[_Trigger, ...]
    frames: Mapping[str, int]


def detect_emergency(text: str) -> Emergency | None:
    """The gravest danger that ``text`` speaks of, or ``None``. ``check``: ask first, the words leave it open."""
    return next(iter(detect_emergencies(text)), None)


def detect_emergencies(text: str) -> tuple[Emergency, ...]:
    """All dangers, one for each code, the gravest first: level, then certain before unsure, then table order."""
    folded = fold(text)
    if not folded.text.strip():
        return ()
    turn = _Turn(folded)
    found = [hit for trigger in _table().triggers if (hit := _hit(trigger, turn))]
    if not any(hit.code == "medical" for hit in found) and (worry := _device_without_power(turn)):
        found.append(worry)
    if any(hit.code == "live_wire" for hit in found) and not _FLAMES.search(folded.text):
        # sparks of a wire: who fights them as a fire touches the current
        found = [hit for hit in found if hit.code != "fire"]
    return tuple(sorted(found, key=lambda hit: (hit.level, hit.check)))


def trigger_codes() -> frozenset[str]:
    """The codes of all dangers that the table knows."""
    return frozenset(trigger.code for trigger in _table().triggers)


def trigger_levels() -> dict[str, Literal["P0", "P1"]]:
    """The level of each danger."""
    return {trigger.code: trigger.level for trigger in _table().triggers}


_FLAMES = re.compile(
    r"着火|起火|失火|火苗|火光|明火|火焰|大火|烧起来|烧着|燃起|燃烧|浓烟|黑烟|冒烟|flame|on fire|burning|ablaze|alight|smoke"
)
_DEVICE = re.compile(
    r"制氧机|氧气机|呼吸机|雾化机|透析机|吸痰器|(?:oxygen|breathing) (?:machine|concentrator)|ventilator|dialysis|nebuli[sz]er|cpap"
)
_OUTAGE = re.compile(
    r"停电|断电|没电|电(?:一直|还)?没来|跳闸|(?:power|electric\w*|lights?) (?:\w+ ){0,5}(?:off|out|gone|cut|down)|blackout|outage|no power"
)


def _device_without_power(turn: _Turn) -> Emergency | None:
    """A device that keeps somebody alive and a power cut in one turn, however far apart: worth asking."""
    device = _DEVICE.search(turn.text) if _OUTAGE.search(turn.text) else None
    if device is None or turn.framed((*_QUIETING, "nouns"), device.span()):
        return None
    return Emergency("medical", "P0", turn.folded.said(*device.span()), check=True)


# -- where the words stand -------------------------------------------------------------------------------------------

#: A turn up to this length is one situation: what frames it may stand anywhere in it.
_SHORT_TURN = 220
_SENTENCE_MARKS = {"zh": frozenset("。!?;\n"), "en": frozenset(".!?;\n")}
_GLUE = frozenset(" ,-")
#: Dangers that people tell in two sentences: "The power is off. My father is on a ventilator."
_ACROSS_SENTENCES = frozenset({"medical", "lifeline_down"})


class _Turn:
    """One text with the places of all known words; figures of speech are left out."""

    def __init__(self, folded: Folded) -> None:
        table = _table()
        self.folded = folded
        self.text = folded.text
        self.bare = folded.text.strip(" \t\n!?.,。~")
        self._frames = table.frames
        self._all = table.lexicon.find(self.text)
        self._there = frozenset(self._all)
        self._free: dict[int, list[Span]] = {}
        self._figures = _Spans(())
        figures = [span for pattern in table.figures for span, _ in self.matches(pattern)]
        if figures:
            self._free.clear()
            self._figures = _Spans(figures)
        self._frame_spans: dict[str, _Spans] = {}

    def _places(self, number: int) -> list[Span]:
        """Where words of this list stand outside of figures of speech."""
        if number not in self._free:
            places = self._all.get(number, [])
            if self._figures:
                places = [place for place in places if not self._figures.touch(place)]
            self._free[number] = places
        return self._free[number]

    def matches(self, pattern: _Pattern, *, across: bool = False) -> Iterator[tuple[Span, list[str]]]:
        """Where the pattern stands, with the words in its gaps."""
        if pattern.whole:
            if self.bare in pattern.whole:
                yield (0, len(self.text)), []
        elif self._there.issuperset(pattern.steps) and all(map(self._places, pattern.steps)):
            yield from self._near(pattern) if pattern.near else self._in_order(pattern, across)

    def _in_order(self, pattern: _Pattern, across: bool) -> Iterator[tuple[Span, list[str]]]:
        last_start = -1
        for start, end in self._places(pattern.steps[0])[:_MOST_MATCHES]:
            if start == last_start and len(pattern.steps) > 1:
                continue
            rest = self._rest(pattern, 1, end, across)
            if rest is not None:
                last_start = start
                yield (start, rest[0]), rest[1]

    def _rest(self, pattern: _Pattern, step: int, end: int, across: bool) -> tuple[int, list[str]] | None:
        if step == len(pattern.steps):
            return end, []
        places = self._places(pattern.steps[step])
        furthest = end + (
            _GAP[pattern.language] if pattern.gaps[step] else 0 if pattern.language == "zh" else 3
        )
        for place in range(bisect_left(places, (end, 0)), len(places)):
            start, stop = places[place]
            if start > furthest:
                return None
            between = self.text[end:start]
            if pattern.gaps[step]:
                if not across and not _SENTENCE_MARKS[pattern.language].isdisjoint(between):
                    return None
            elif not _GLUE.issuperset(between):
                return None
            rest = self._rest(pattern, step + 1, stop, across)
            if rest is not None:
                return rest[0], [between, *rest[1]]
        return None

    def _near(self, pattern: _Pattern) -> Iterator[tuple[Span, list[str]]]:
        """Each place of the rarest element at which all others stand near."""
        rarest = min(pattern.steps, key=lambda step: len(self._places(step)))
        for anchor in self._places(rarest)[:_MOST_MATCHES]:
            spans = [anchor]
            for step in pattern.steps:
                if step != rarest:
                    other = self._nearest(step, anchor, spans)
                    if other is None:
                        break
                    spans.append(other)
            else:
                if not any(self._nearest(step, anchor, (), self._all) for step in pattern.never):
                    yield (min(start for start, _ in spans), max(end for _, end in spans)), []

    def _nearest(
        self,
        number: int,
        anchor: Span,
        taken: Sequence[Span],
        known: Mapping[int, list[Span]] | None = None,
    ) -> Span | None:
        """The place of this list that is nearest to the anchor, within reach and apart from what is taken."""
        places = self._places(number) if known is None else known.get(number, [])
        reach = _REACH["en" if self.text[anchor[0]].isascii() else "zh"]
        best: Span | None = None
        for place in range(bisect_left(places, (anchor[0] - 2 * reach, 0)), len(places)):
            start, end = places[place]
            if start > anchor[1] + reach:
                break
            if end < anchor[0] - reach or any(start < stop and begin < end for begin, stop in taken):
                continue
            if best is None or abs(start - anchor[0]) < abs(best[0] - anchor[0]):
                best = (start, end)
        return best

    def near(self, numbers: Iterable[int], span: Span) -> bool:
        """Does a word of one of these lists stand near the span?"""
        return any(self._nearest(number, span, (), self._all) for number in numbers)

    def over(self, span: Span) -> bool:
        """Is it told as done with, and nothing said of its coming back?"""
        return self.framed(("solved",), span) and not self.framed(("cries", "relapse"), span)

    def framed(self, names: Iterable[str], span: Span, *, before: int | None = None) -> bool:
        """Does a word of one of these frames stand around the span? In a short turn: anywhere."""
        if len(self.text) <= _SHORT_TURN:
            start, end = 0, len(self.text)
        else:
            start, end = span[0] - 60, span[1] + 60
        return any(self._frame(name).within(start, end if before is None else before) for name in names)

    def _frame(self, name: str) -> _Spans:
        if name not in self._frame_spans:
            spans = self._all.get(self._frames[name], [])
            if name == "solved":
                spans = [
                    span for span in spans if not _UNDONE.search(self.text, max(0, span[0] - 24), span[0])
                ]
            self._frame_spans[name] = _Spans(spans)
        return self._frame_spans[name]


class _Spans:
    """Places in order, asked by where they stand."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans: list[Span] = []
        for start, end in sorted(spans):
            if self._spans and start <= self._spans[-1][1]:
                self._spans[-1] = (self._spans[-1][0], max(end, self._spans[-1][1]))
            else:
                self._spans.append((start, end))

    def __bool__(self) -> bool:
        return bool(self._spans)

    def touch(self, span: Span) -> bool:
        """Does the span lie over one of them, and is not a longer expression around it ("呼吸困难" and "困难")?"""
        place = bisect_left(self._spans, (span[1], 0))
        if place == 0 or self._spans[place - 1][1] <= span[0]:
            return False
        start, end = self._spans[place - 1]
        return not (span[0] <= start and end <= span[1] and (start, end) != span)

    def within(self, start: int, end: int) -> bool:
        place = bisect_left(self._spans, (start, 0))
        return place < len(self._spans) and self._spans[place][1] <= end


def _hit(trigger: _Trigger, turn: _Turn) -> Emergency | None:
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


# -- context ---------------------------------------------------------------------------------------------------------

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

#: In a text as long as a written petition a danger without a word of the present is mostly a story.
_STORY_CHARS = 240
#: "It has not been fixed": what undoes a word of the frame ``solved``.
_UNDONE = re.compile(
    r"(?:没有?|未|不|还没)[^,。!?;]{0,3}$|(?:(?<![a-z])not|n't|never|nobody|no one|nothing|until|unless|want|needs?|please)(?: \w+){0,3} ?$"
)
#: Frames of a turn in which a danger is only talked about; a cry for help takes them back.
_QUIETING = ("asks", "story", "jest")


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


def _asks_for_service(turn: _Turn, span: Span) -> bool:
    """Does the turn end in a question such as is asked at a counter ("can I get a refund")?"""
    if turn.framed(("nouns",), span) and turn.framed(("question",), span):
        return True
    text, (start, end) = turn.text, span
    stop = _next_end(_SENTENCE_MARK, text, end, end + 160) if len(text) > _SHORT_TURN else len(text)
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


def _judge(trigger: _Trigger, turn: _Turn, start: int, end: int) -> Verdict:
    text = turn.text
    sentence = _last_end(_SENTENCE_END, text, max(0, start - 120), start)
    clause = _last_end(_CLAUSE_END, text, sentence, start)
    before, rest = text[clause:start], text[end : _next_end(_SENTENCE_END, text, end, end + 80)]
    if _DENIED.search(before):
        return "ask" if trigger.code == "self_harm" else "no"
    if trigger.code == "self_harm" and (_DRIVEN.search(before) or rest.startswith("的心")):
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


def _told(trigger: _Trigger, turn: _Turn, span: Span) -> Verdict:
    """Is the danger there, or is it a name, a story, a question about rules, long past, over?"""
    if turn.near(trigger.never, span) or (trigger.code != "self_harm" and _quoted(turn.text, *span)):
        return "no"
    cries = turn.framed(("cries",), span)
    mine = trigger.code == "self_harm" and turn.framed(("self",), span)
    if not cries and turn.framed(_QUIETING, span):
        return "ask" if mine else "no"
    if not cries and _asks_for_service(turn, span):
        return "ask" if mine or trigger.code in CHECKED else "no"
    if turn.over(span):
        return "no"
    if turn.framed(("past",), span) and not turn.framed(("cries", "relapse", "lasting"), span):
        return "ask" if mine else "no"
    return "yes"


def _past(trigger: _Trigger, text: str, *, sentence: int, start: int, end: int, rest: str) -> Verdict:
    around = text[max(0, sentence - 30) : end] + rest
    if any(not _UNDONE.search(rest[: solved.start()]) for solved in _SOLVED.finditer(rest)):
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
    reader = _Reader(yaml.load(text, Loader=loader))  # noqa: S506 -- a safe loader, in C where there is one
    return _Table(reader.lexicon, tuple(reader.figures()), tuple(reader.triggers()), reader.frames())


class _Reader:
    """From the rows of the table to patterns of numbered word lists."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw
        self._groups = {name: tuple(str(words).split("|")) for name, words in raw["groups"].items()}
        self.lexicon = _Lexicon()
        self.lexicon.keep_whole(str(raw["compounds"]).split("|"))

    def figures(self) -> Iterator[_Pattern]:
        for language in ("zh", "en"):
            for entry in self._raw["figures"][language]:
                yield self._pattern(entry, language)

    def frames(self) -> dict[str, int]:
        return {name: self._number(str(words)) for name, words in self._raw["frames"].items()}

    def triggers(self) -> Iterator[_Trigger]:
        for raw in self._raw["triggers"]:
            patterns = [
                self._pattern(entry, language)
                for language in ("zh", "en", "near")
                for entry in raw.get(language, ())
            ]
            patterns.sort(key=lambda pattern: (pattern.check, pattern.near))
            yield _Trigger(
                raw["code"],
                raw["level"],
                raw.get("tense", "any"),
                bool(raw.get("conditional")),
                tuple(self._number(each) for each in raw.get("never", "").split()),
                tuple(patterns),
            )

    def _pattern(self, raw: Any, language: str) -> _Pattern:
        entry = raw if isinstance(raw, dict) else {"say": raw}
        check = bool(entry.get("check"))
        if "whole" in entry:
            return _Pattern(language, (), check=check, whole=frozenset(str(entry["whole"]).split("|")))
        said = str(entry["say"])
        if said.startswith("= "):
            return _Pattern(language, (self._number(said[2:].replace(" ", "_")),), (False,), check)
        if said.startswith("+ "):
            elements = said[2:].split()
            steps = tuple(self._number(each) for each in elements if not each.startswith("!"))
            never = tuple(self._number(each[1:]) for each in elements if each.startswith("!"))
            return _Pattern(language, steps, check=check, near=True, never=never)
        steps_in_order: list[int] = []
        gaps: list[bool] = []
        gap = False
        for element in said.split():
            if element == "..":
                gap = True
            else:
                steps_in_order.append(self._number(element))
                gaps.append(gap)
                gap = False
        return _Pattern(language, tuple(steps_in_order), tuple(gaps), check)

    def _number(self, element: str) -> int:
        words = (fold(word.replace("_", " ")).text.strip() for word in self._words(element))
        return self.lexicon.number(word for word in words if word)

    def _words(self, element: str) -> Iterator[str]:
        for part in filter(None, element.split("|")):
            if part.startswith("<"):
                for word in self._groups[part[1:-1]]:
                    yield from self._words(word)
            else:
                yield part
