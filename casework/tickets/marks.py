"""What a complaint names that another one may name, too: a thing, a place, an area, a party.

A mark is plain text here; the database keeps its keyed hash alone, so that likes can be looked up without reading
what people wrote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from casework.packs import Category, Field
from casework.tickets.model import DetailValue
from casework.words.facts import simplified

Kind = Literal["object", "place", "area", "party"]
#: The key of the number somebody can be called at. Staff find a case by it; nothing is taken for a repeat for it.
CONTACT: Literal["contact"] = "contact"

#: Kinds of details that name one thing; the words after it in the field's key that say it is another case's number.
_OBJECT_KINDS = frozenset({"reference", "plate"})
_PARTY_KINDS = frozenset({"staff", "window", "organisation"})
_OTHER_CASES = "earlier_no"
#: A number shorter than this is shared by chance.
_LEAST_OBJECT = 6
_LEAST_NAME = 3

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_COUNTED = re.compile(r"([零一二两三四五六七八九十]{1,3})(?=[号栋幢座单元楼室层弄期区])")
_LEADS = re.compile(
    r"^(?:我们|我家|我|咱们|咱|就|在|位于|住在?|本|这个|那个)+|^(?:(?:in|at|on|near|the|our|my|outside|behind) )+"
)
_TRAILS = re.compile(
    r"(?:的)?(?:附近|旁边?|门口|门前|楼下|对面|那边|这边|这里|那里|里面|里|内|上)+$| (?:area|nearby|entrance)$"
)
_ADMINISTRATIVE = re.compile(
    r"^(?:[^省市区县]{2,8}省)?(?:[^省市区县]{2,7}市)?(?:[^省市区县小社园校]{2,6}[区县])?(?:[^街道镇乡路]{2,5}(?:街道|镇|乡))?"
)
_AREA = re.compile(
    r"^.{1,14}?(?:小区|社区|花园|家园|新村|公寓|大厦|广场|大院|学校|小学|中学|大学|医院|大厅|市场|工业园|园区|中心|苑|村|弄|里|"
    r"大道|大街|胡同|路|街|巷)"
)
_AREA_EN = re.compile(
    r"\b(?:(?!(?:flat|unit|room|apartment|apt|block|floor|the|our|my|this|of)\b)[a-z']+ ){1,3}"
    r"(?:street|st|road|rd|lane|avenue|ave|square|close|court|estate|park|drive|gardens|crescent|terrace|"
    r"house|towers?|mansions?|station|hospital|school|market|mall|hall|centre|center)\b"
)
_SAME_EN = {"st": "street", "rd": "road", "ave": "avenue", "center": "centre"}
_PIN = re.compile(r"(-?\d{1,2}\.\d+), (-?\d{1,3}\.\d+)$")
#: Names of a place that every place has.
_GENERAL = frozenset(
    ["小区", "社区", "楼下", "家里", "门口", "单位", "公司", "路边", "街上", "村里", "学校", "医院", "大厅", "广场",
     "市场", "大厦", "政务大厅", "服务大厅", "营业厅", "窗口", "home", "house", "street", "road", "school",
     "hospital", "office", "hall", "market", "building", "estate"]
)  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """``text``: normalised; a place, an area and a party say nothing without the kind of trouble, which is in it."""

    kind: Kind | Literal["contact"]
    text: str


def contact_marks(details: Mapping[str, DetailValue]) -> tuple[Mark, ...]:
    """The number in a complaint's ``contact``, as digits alone; none where it is no number."""
    said = details.get("contact")
    digits = re.sub(r"\D", "", _words(said.value) or said.text) if said else ""
    return (Mark(CONTACT, digits),) if len(digits) >= _LEAST_OBJECT else ()


def written_marks(text: str, numbers: Iterable[str] = ()) -> tuple[Mark, ...]:
    """What somebody who looks for ``text`` may mean: the number of a thing, or of somebody's phone. ``numbers``: other
    ways to write that phone's."""
    thing = re.sub(r"[\W_]", "", plain(text))
    found = [Mark("object", thing)] if len(thing) >= _LEAST_OBJECT and any(map(str.isdigit, thing)) else []
    phones = dict.fromkeys(re.sub(r"\D", "", number) for number in (text, *numbers))
    return (*found, *(Mark(CONTACT, digits) for digits in phones if len(digits) >= _LEAST_OBJECT))


def marks(category: Category, details: Mapping[str, DetailValue]) -> tuple[Mark, ...]:
    """The marks of a complaint, the most exact first. Empty when it names nothing that another one could name."""
    found: dict[Mark, None] = {}
    places = [_place(said) for _, said in _said(category, details, "place")]
    areas = [area for place in places if (area := area_of(place))]
    for _, said in _said(category, details, "object"):
        number = re.sub(r"[\W_]", "", plain(said))
        if len(number) >= _LEAST_OBJECT and any(char.isdigit() for char in number):
            found[Mark("object", number)] = None
    for place in places:
        if _names(place) and place not in areas:
            found[Mark("place", f"{category.parent} {place}")] = None
    for area in areas:
        found[Mark("area", f"{category.parent} {area}")] = None
    for field, said in _said(category, details, "party"):
        party, where = plain(said), "" if "organisation" in field.kinds else " ".join(areas[:1])
        if _names(party):
            found[Mark("party", f"{category.parent} {where} {party}")] = None
    return tuple(found)


def plain(text: str) -> str:
    """As everybody writes it: Simplified, lower case, Arabic figures, no spaces between Chinese characters, without
    the words around a name."""
    text = simplified(unicodedata.normalize("NFKC", text)).lower()
    text = re.sub(r"[^\w ]+", " ", text)
    text = _COUNTED.sub(lambda match: _figure(match.group()), text)
    text = re.sub(r"(?<=[\u3400-\u9fff\d]) +(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff]) +(?=\d)", "", text)
    words = [_SAME_EN.get(word, word) for word in text.split()]
    return _TRAILS.sub("", _LEADS.sub("", " ".join(words))).strip()


def area_of(place: str) -> str:
    """The estate, street or house in a plain place; empty when none is named."""
    match = _AREA_EN.search(place) if place.isascii() else _AREA.match(place)
    return match.group() if match and _names(match.group()) else ""


def _place(said: str) -> str:
    """Without province, city, district and township, which some write and others do not; a position on the map as
    its field of some 100 m."""
    if pin := _PIN.match(said):
        return " ".join(f"{float(degrees):.3f}" for degrees in pin.groups())
    return _ADMINISTRATIVE.sub("", plain(said))


def _names(text: str) -> bool:
    han = sum("\u3400" <= char <= "\u9fff" for char in text)
    return text not in _GENERAL and len(text) + han >= _LEAST_NAME


def _figure(said: str) -> str:
    """``十三`` as ``13``."""
    tens, ten, ones = said.rpartition("十")
    if not ten:
        return "".join(str(_DIGITS[char]) for char in said)
    return str((_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0))


def _said(
    category: Category, details: Mapping[str, DetailValue], wanted: Kind
) -> Iterator[tuple[Field, str]]:
    for key, detail in details.items():
        field = category.field(key)
        if field is None or key == _OTHER_CASES or _kind_of(field) != wanted:
            continue
        if said := _words(detail.value) or detail.text:
            yield field, said


def _kind_of(field: Field) -> Kind | None:
    if field.type == "place":
        return "place"
    if field.type == "reference" or _OBJECT_KINDS & set(field.kinds):
        return "object"
    return "party" if _PARTY_KINDS & set(field.kinds) else None


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("number", ""))
    return value if isinstance(value, str) else ""
