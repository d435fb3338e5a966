"""A turn that takes something back: what was said, what is right, and which field it is about."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from understanding.details.asserted import asserted
from understanding.details.correction_words import (
    CORRECTING_EN,
    CORRECTING_ZH,
    FIELD_EN,
    FIELD_ZH,
    ONLY_EN,
    ONLY_ZH,
)
from understanding.details.cues import find_admitted
from understanding.details.edits import Edit, apply_edit, find_edit
from understanding.details.exchanged import digits_after, exchanged
from understanding.details.mending import core_of, mend
from understanding.details.restated import ends_a_range, loses_the_day, names_a_part, restated
from understanding.details.reworded import chosen_instead, given_up, in_their_words, plainly
from understanding.details.shapes import DAY, pieces_of, same_shape
from understanding.fold import Folded, fold

#: What shows that words were taken for the value that only lead to it.
_SENTENCE = re.compile(
    r"[是应不]|尾号|那天|(?<![a-z])(?:it|its|it's|is|was|not|finished|should|ends?|began|would|do|want|read|meant?|rather|fact|instead)(?![a-z])",
    re.IGNORECASE,
)
#: A second clause, somebody who acts, or what is left out of a spelling.
_MORE_THAN_A_VALUE = re.compile(
    r"[,，。?？!！]|\.(?=\s)|[我你您别]|[写打填说]了|才[是对]|(?<![a-z])(?:i|you|we|without|for|more like|number|order|happened|appointment)(?![a-z])",
    re.IGNORECASE,
)
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
    for pattern in CORRECTING_EN
    if pattern.pattern.startswith("^(?:oh |ah ")
    or ",? (?:and )?(?:not|instead" in pattern.pattern
    or ", not (?P<old>" in pattern.pattern
)
_ARTICLE = re.compile(r"(?:the|an?|my) ", re.IGNORECASE)
#: Nothing but a thing: "it was the conductor".
_THING = re.compile(
    r"(?i:sorry,? |no,? |oh,? )*(?i:it was |it's |that was )?(?P<new>(?:the|an?|my|his|her) [a-z][a-z' -]{2,38})[.!]?"
)
_LEAD = re.compile(
    r"^(?:应该是|其实是|正确的是|应该|其实|正确的|改成|改为|是|叫|系|为|it's|it is|it was|its|the(?! (?:day|week|month|year) before)|to|actually|a|an|(?:she|he)(?:'s| is| was) (?:an? )?) ?(?=[^\s])"
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
    text = plainly(text)
    right = given_up(text) or (_corrected(former, text) if former else _from_the_words(text))
    right = right and _with_article(former, text, right)
    return None if right is None or _lost_digits(former, right) or _lost_its_make(former, right) else right


def _with_article(former: str, text: str, right: str) -> str:
    """ "the day nurse" for "the night nurse", where the turn says the article."""
    article = _ARTICLE.match(former)
    said = article and re.search(
        rf"(?<![a-z])(?:the|an?|my) {re.escape(right)}(?![a-z])", text, re.IGNORECASE
    )
    return said[0] if said and right.islower() and right not in former else right


def _from_the_words(text: str) -> str | None:
    """What the words give as right, where no former value is at hand."""
    correction = find_correction(text)
    if correction is None or not correction.new:
        if correction is not None and not correction.old and _only(text):
            return None
        thing = _THING.fullmatch(text)
        return asserted(text) or (thing["new"] if thing else None)
    told = asserted(text)
    if correction.edit is not None and correction.edit.name.startswith("swap"):
        return told if told and any(sign.isdigit() for sign in told) else None
    if correction.edit is not None and told:
        return told
    bare = not (_SENTENCE.search(correction.new) or _MORE_THAN_A_VALUE.search(correction.new))
    if bare and not (told and (correction.new in told or _VALUE_LIKE.search(told.lower()))):
        return core_of(correction.new)
    if bare and _VALUE_LIKE.search(correction.new.lower()):
        return told if told and correction.new in told else core_of(correction.new)
    if bare and told and _VALUE_LIKE.search(told.lower()):
        return told
    return re.sub(" now$", "", core_of(asserted(correction.new) or told or correction.new))


def _lost_digits(former: str, right: str) -> bool:
    """Whether a long number shrank to a few digits: the words were understood wrongly."""
    before, after = (sum(sign.isdigit() for sign in value) for value in (former, right))
    return before >= 6 and 0 < after < before - 2


#: Words that put right and are no part of a value.
_PUTS_RIGHT = re.compile("应该|不是|改成|错了")


def _lost_its_make(former: str, right: str) -> bool:
    """Whether an e-mail address is none any more, or the words of the correction stand in the value."""
    mail = "@" in former and "@" not in right
    return mail or bool(_PUTS_RIGHT.search(right) and not _PUTS_RIGHT.search(former))


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
    if applied and not sane and correction and (told := asserted(correction.new)):
        applied = mend(former, told, correction.old, correction.hint)
        sane = True
    if (
        applied
        and sane
        and not (names_a_part(text) or loses_the_day(former, applied) or ends_a_range(former, text))
    ):
        return applied
    right = restated(former, text) or chosen_instead(former, text) or applied
    if right:
        return right
    mended = mend(former, text.strip(" .,!。，！")) if len(text) <= 40 else text
    clauses = any(mark in mended and mark not in former for mark in ",，。")
    if not clauses and (mended not in (former, text) or same_shape(former, text)):
        return mended
    words = asserted(text)
    if words is None or words in former:
        return None
    mended = mend(former, words)
    return None if mended == words and _poorer(former, words) else mended


def _poorer(former: str, words: str) -> bool:
    """Whether ``words`` alone would lose the number or the day that ``former`` tells."""
    digits = any(sign.isdigit() for sign in former) and not any(sign.isdigit() for sign in words)
    days = [any(piece.shape in DAY for piece in pieces_of(each)) for each in (former, words)]
    return digits or days == [True, False]


def _without_known(applied: str, former: str) -> str:
    return "" if applied in former else applied


def _only(text: str) -> bool:
    folded = fold(text).text
    return bool(ONLY_ZH.search(folded) or ONLY_EN.search(folded))


def _found(folded: Folded) -> Iterator[Correction]:
    hint = _hint(folded)
    for only in (ONLY_ZH, ONLY_EN):
        match = only.search(folded.text)
        if match and not re.search("[少多漏].{0,3}[0零]", match[0]):
            field = next(name for name, said in match.groupdict().items() if said)
            yield Correction(None, "", folded.said(*match.span(field)))
            return
    edit = find_edit(folded.text) if len(folded.text) <= 80 else None
    if edit and edit[0].name != "tail":
        yield Correction(None, edit[0].new or folded.said(*edit[1]), hint, edit=edit[0])
        return
    for pattern in (*CORRECTING_ZH, *CORRECTING_EN):
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
            or (FIELD_ZH.fullmatch(new) and new not in ("匿名", "实名"))
            or _is_rhetoric(folded.text, match, old, new, named or hint)
        ):
            continue
        if (old and FIELD_ZH.fullmatch(old.removesuffix("的"))) or (old and FIELD_EN.fullmatch(old.lower())):
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
    for pattern in (FIELD_ZH, FIELD_EN):
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
