"""Licence plates. Value: capitals and digits without separators ("浙A12345", "浙AD12345", "AB12CDE")."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.context import Context
from understanding.details.numbers import digit_string
from understanding.fold import Folded
from understanding.model import Detail

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
#: Letters I and O are not issued. Source: GA 36-2018; new energy has D or F at the first or last place.
_CHINA = re.compile(
    rf"[{_PROVINCES}] ?[a-hj-np-z][ ·.-]?(?:[a-hj-np-z0-9]{{4}}[学警挂港澳领]|(?:[df][a-hj-np-z0-9][0-9]{{4}}|[0-9]{{5}}[df])(?![a-z0-9])|[a-hj-np-z0-9]{{5}}(?![a-z0-9]))"
)
_SPOKEN = re.compile(
    rf"[{_PROVINCES}] ?[a-hj-np-z][ ·.-]?(?=[a-z0-9]*[零〇一二三四五六七八九幺])[a-hj-np-z0-9零〇一二三四五六七八九幺]{{5,6}}(?![a-z0-9零〇一二三四五六七八九幺十百])"
)
_BRITISH = re.compile(r"(?<![a-z0-9])[a-z]{2}[0-9]{2} ?([a-z]{3})(?![a-z0-9])")
_NOT_BRITISH = frozenset(["the", "and", "was", "has", "for", "min", "hrs", "day", "but", "not", "you", "are", "she", "her", "his", "had", "can", "all", "any", "got", "one", "two", "out", "off", "who", "why", "how", "yet", "now", "ago", "per", "max"])  # fmt: skip
_INDIA = re.compile(
    r"(?<![a-z0-9])(?:a[nprs]|br|c[gh]|d[dln]|g[aj]|h[pr]|j[hk]|k[al]|l[ad]|m[hlnpz]|nl|o[dr]|p[by]|rj|sk|t[nrs]|u[kp]|wb)[ -]?[0-9]{1,2}[ -]?[a-z]{1,3}[ -]?[0-9]{4}(?![a-z0-9])"
)
_CUE = r"(?:车牌号?码?|车号|牌照号?|plate(?: number| no\.?)?|registration(?: number| no\.?)?|reg(?: number| no\.?)?|number ?plate|vehicle(?: number| no\.?))"
_CUED = re.compile(
    rf"(?<![a-z]){_CUE}[ :是为]{{0,3}}(?:is |was |number )?(?!ends|end|starts|with|was|is|for|and|but|of|on|in|not)([a-z]{{1,3}}[ -]?[0-9]{{1,4}}(?:[ -]?[a-z]{{1,3}})?|[a-z0-9]{{2,4}}[ -]?[a-z0-9]{{3,4}})(?![a-z0-9])"
)
#: A British plate without all of its letters.
_PART = re.compile(r"[a-z]{2}[0-9]{2} ?[a-z]{0,2}")
_SEPARATORS = re.compile(r"[ ·.-]")


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Plates in order of appearance within each country's way of writing."""
    text = folded.text
    for match in _CHINA.finditer(text):
        if any(char.isdigit() for char in match[0]):
            yield folded.detail("plate", _value(match[0]), match.start(), match.end())
    for match in _SPOKEN.finditer(text):
        said = _SEPARATORS.sub("", match[0])
        value = said[:2] + "".join(digit_string(char) or char for char in said[2:])
        yield folded.detail("plate", _value(value), match.start(), match.end(), 0.9)
    if not any(char in text for char in "0123456789"):
        return
    for match in _BRITISH.finditer(text):
        shouted = folded.cased[match.start() : match.end()].isupper()
        if shouted or match[1] not in _NOT_BRITISH:
            yield folded.detail(
                "plate", _value(match[0]), match.start(), match.end(), 0.9 if shouted else 0.7
            )
    for match in _INDIA.finditer(text):
        yield folded.detail("plate", _value(match[0]), match.start(), match.end(), 0.9)
    for match in _CUED.finditer(text):
        if any(char.isdigit() for char in match[1]):
            sure = 0.45 if _PART.fullmatch(match[1]) else 0.9
            yield folded.detail("plate", _value(match[1]), match.start(1), match.end(1), sure)


def _value(said: str) -> str:
    return _SEPARATORS.sub("", said).upper()
