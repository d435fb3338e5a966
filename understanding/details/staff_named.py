"""English people of the staff by their names alone, also without capitals, and by what only staff are called.

Posts, looks and places of work are in :mod:`.staff`.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.name_words import name_words
from understanding.details.people import TITLE, is_name

_NAME = r"(?P<name>[A-Za-z][a-z'’-]{1,14}(?: [A-Z][a-z'-]{1,15})?)(?![\w'’-])"
_MADE = r"(?:named|called|by (?:the )?name(?: of)?|with (?:the )?name|whose name (?:is|was))"
_SOMEBODY = r"(?:staff(?: member)?|employee|officer|worker|person|attendant|guard|guy|man|lady|woman|girl|boy|bloke|chap|lad|fella|fellow|gentleman|rep|agent|colleague|clerk|teller|nurse|driver|mechanic|engineer|technician|plumber|fitter|waiter|waitress|receptionist|manager|supervisor|doctor)"
#: After these any word is a name.
_SURE = (
    re.compile(
        rf"(?i:(?<![a-z])(?:name ?(?:badge|tag)|nametag|lanyard|badge)(?: on (?:his|her|their) [a-z]+)?(?: (?:said|says|saying|read|reads|reading|was|is)|:)) ['\"]?(?:{TITLE})?{_NAME}"
    ),
    re.compile(
        rf"(?i:(?<![a-z])(?:introduc(?:ed|ing) (?:him|her|them)sel(?:f|ves) as|(?:gave|giving) (?:his|her|their) name as|call(?:s|ed|ing) (?:him|her|them)sel(?:f|ves)|identified (?:him|her|them)sel(?:f|ves) as|(?:goes|went|going) by(?: the name(?: of)?)?)) ['\"]?(?:{TITLE})?{_NAME}"
    ),
    re.compile(
        rf"(?i:(?<![a-z])(?:(?:one|an?|the|your|some|that|this) )?(?:[a-z]+ )?{_SOMEBODY}(?: who(?:'s| is| was))? {_MADE}) {_NAME}"
    ),
    re.compile(
        rf"(?i:(?<![a-z])(?:some|an?|the|this|that|your) (?:[a-z]+ )?{_SOMEBODY}), (?:called )?{_NAME},? (?i:i think|maybe|possibly|or something|something)(?![a-z])"
    ),
    re.compile(rf"(?i:(?<![a-z]){_SOMEBODY}'s (?:first )?name (?:is|was)) {_NAME}"),
)
_ANY_SURE = re.compile(
    "name|called|badge|lanyard|introduc|identif|(?:goes|went|going) by|calls|calling|think|maybe|possibly|something"
)
#: After these, and before "told me", well-known given names need no capitals.
_TOLD = r"(?:told|promised|assured|informed|advised|warned|asked|shouted at|laughed at|hung up on|helped|served|ignored|transferred|refunded) (?:me|us|him|her|my|our)|(?:said|says|confirmed|explained|insisted|claimed|admitted|reckons|reckoned|replied|answered) (?:that|it|the|i|he|she|they|we|there|no|not|my|this|to|nothing|sorry|you)|(?:keeps|kept) (?:saying|telling|promising|passing|putting|hanging)|(?:says|said)(?= (?-i:[\x00A-Z0-9£$\"']))|hung up|cut me off|put me (?:on|through)|refused to|(?:couldn't|could not|wouldn't|would not|didn't|did not) (?:help|let|give|listen|care|know|want|even|answer)"
_KNOWN = (
    re.compile(
        rf"(?i:(?<![a-z])(?:spoke|spoken|speaking|talked|talking|chatted|dealt|dealing|according) (?:to|with)(?: an?| some| your| one)?) {_NAME}"
    ),
    re.compile(
        rf"(?:(?:^|[.,;!?] )(?:(?i:and|then|but|so|later|also|finally|today|yesterday) )*|(?i:(?<![a-z])(?:and|then|but|when|because|that|so|as|where|now) )){_NAME}(?= (?:(?:in|from|at|on) (?:the |your )?(?:[A-Za-z]+ ){{1,2}})?(?i:{_TOLD})(?![a-z]))"
    ),
    re.compile(
        rf"{_NAME}, (?:your|the|their) (?:[a-z]+ ){{0,2}}(?:manager|receptionist|agent|adviser|advisor|engineer|supervisor|clerk|driver|rep|nurse|doctor|teacher|officer|assistant|cashier|technician|plumber|colleague|lady|guy|man|woman)(?![a-z])"
    ),
    re.compile(
        rf"(?i:(?<![a-z])(?:my|our|the|your|his|her|their) (?:(?:case|social|key|support|care|health) ?worker|[a-z]+ (?:officer|manager|handler)|contact(?: there| person)?|handler|adviser|advisor|surveyor|engineer|agent|tutor|mechanic|plumber|builder|contractor|rep|representative)(?:'s name)?(?: there)?(?:'s| is| was)) {_NAME}"
    ),
    re.compile(
        rf"(?i:(?<![a-z])(?:some|an?|the|this|that|your) (?:[a-z]+ )?{_SOMEBODY},? (?:i think |maybe |possibly )?){_NAME}(?: or [A-Z][a-z]+)?(?=[,.]|$)"
    ),
)
_POST = r"(?:lady|guy|man|woman|girl|bloke|clerk|officer|cashier|teller|attendant|staff|agent|person)"
_N = r"(?:[0-9]{1,3}|[a-h]|one|two|three|four|five|six|seven|eight|nine|ten)"
#: By number, window, kin, or a word that means nobody else.
_OTHERS = (
    re.compile(
        r"(?<![a-z])(?:(?:[a-z]+ ){0,2}(?:bloke|guy|man|woman|lady|officer|agent|one),? )?(?:shoulder|warrant|epaulette|teller|cashier|advis[eo]r|agent|operator|officer|staff)(?:'s)? (?:number|no\.?|ref|reference|code) ?[:#]? ?[a-z]{0,3}-?[0-9]{1,8}(?![0-9a-z])"
    ),
    re.compile(
        rf"(?<![a-z])(?:window|counter|desk|till|booth|gate) (?:number |no\.? ?)?{_N} {_POST}(?![a-z])"
    ),
    re.compile(
        r"(?<![a-z])(?:the|your|an?|their|that) (?:[a-z]+ )?(?:manageress|concierge|matron|ma[iî]tre d'?(?:, [a-z]+(?=,))?|hostess|barman|barmaid|bellboy|bellhop|housekeeper|chambermaid|stewardess|air host(?:ess)?|flight attendant|headmaster|headmistress|doorman|shopkeeper|checkout girl|bin lorry driver|ticket collector)(?=,| (?:who|at|in|on|was|said|told|came|went|just|then|only|offered|shouted|laughed|refused|ignored|chatted|took|stole|left|made|would|did|never|kept|apologi[sz]ed|wouldn't|didn't|couldn't|threw|gave|had|has)(?![a-z]))"
    ),
    re.compile(
        r"(?<![a-z])(?:the|your) (?!(?:old|young|elderly|poor|nice|lovely|other|same|whole|little|blind|next|first|second|last|only|pregnant|older|younger|said)(?![a-z]))[a-z]{4,12} (?:lady|guy|girl|bloke|chap|fella)(?= (?:said|told|shouted|laughed|refused|was|took|gave|just|did|never|kept|hung|said|promised)(?![a-z]))"
    ),
    re.compile(
        r"(?<![a-z])(?:the|your) (?:owner|manager|boss|shopkeeper|proprietor)'s (?:son|daughter|wife|husband|brother|nephew|assistant|secretary|deputy)(?![a-z])"
    ),
    re.compile(
        r"(?<![a-z])(?:the|your|that|this) (?:[a-z]+ ){0,2}(?:lady|guy|man|woman|girl|bloke|chap|lad|person|fella|engineer|technician|plumber|fitter|nurse|doctor|clerk) that (?!live|own|park|rent|attack|hit|stole|robbed|stab|know|can|will|could|would|is|are|has|had|i|we|you|they|he|she|my|the)[a-z']+(?: (?:me|us|it)(?![a-z]))?(?: (?:the|my|our) (?:call|phone|door|job|desk|meter|order|case|claim|pipe|line|boiler)(?![a-z]))?"
    ),
)
_TITLED_LOW = re.compile(
    r"(?<![a-z])(?:(?:mr|mrs|ms|dr)\.? (?P<name>[a-z]{3,14})(?=$|[,.;!]| )|(?:miss|doctor|nurse|officer|sergeant|constable|inspector|sister) (?P<post>[a-z]{3,14})(?= (?:was|is|said|told|has|had|did|never|who|at|in|from|on|apologi[sz]ed|kept|and|refused|just|keeps|wouldn't|didn't|couldn't)(?![a-z])))"
)
_NO_NAME = re.compile(r"(?:[a-z]+(?:ed|ing)|day|night|times?|one|call|duty|charge|asked|then|him|her)")
#: "my wife told me", "somebody called back": no names although they stand where one could.
_SAID = re.compile(
    r"(?i:me|my|us|we|he|she|it|they|you|back|again|in|on|out|off|at|an?|the|this|that|into|as)$"
)


def named_people(cased: str, text: str) -> Iterator[tuple[int, int]]:
    """Spans in order within each way of telling; ``text``: folded, ``cased``: the same with its capitals."""
    words = name_words()
    for pattern in _SURE if _ANY_SURE.search(text) else ():
        for match in pattern.finditer(cased):
            if not _SAID.match(match["name"]) and match["name"].split()[0].lower() not in words.not_en:
                yield match.span() if pattern is _SURE[2] else match.span("name")
    for pattern in _KNOWN:
        for match in pattern.finditer(cased):
            first = match["name"].split()[0].lower()
            if first in words.given_en and is_name(match["name"].title(), this=True):
                yield match.span("name") if pattern is not _KNOWN[-1] else match.span()
    for match in _TITLED_LOW.finditer(cased):
        name = match[match.lastgroup or 0]
        if name not in words.not_en and not _NO_NAME.fullmatch(name):
            yield match.span()
    for pattern in _OTHERS:
        for match in pattern.finditer(text):
            yield match.span()
