"""A name with one piece of it put right: the surname, one sign, the form of address."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re

from understanding.details.people import DOUBLE_SURNAMES, SURNAMES
from understanding.details.shapes import likeness

_NAME_ZH = re.compile(rf"(?:{DOUBLE_SURNAMES}|[{SURNAMES}])[一-鿿]{{1,2}}")
_NAME_EN = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Professor)\.? )?[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,3}")
#: How people explain a sign by its parts or by a word that holds it.
PARTS = {"耳东": "陈", "弓长": "张", "立早": "章", "木子": "李", "双木": "林", "口天": "吴", "言午": "许", "古月": "胡", "双人": "徐", "双口": "吕", "草头": "黄", "三横": "王", "木易": "杨", "卯金刀": "刘", "人可": "何", "水工": "江", "禾日": "香", "十八子": "李", "文武": "斌", "走肖": "赵"}  # fmt: skip
_EXPLAINED = re.compile(r"(?P<word>[一-鿿]{1,4})的(?P<sign>[一-鿿])$")


#: "晓是大小的小", "名字最后一个字是妹", "姓是耳东陈"
_ONE_SIGN = re.compile(
    r"(?:(?P<old>[一-鿿])(?:字)?(?:应该|其实)?是[一-鿿]{1,3}的(?P<new>(?![姓名字])[一-鿿])|(?P<place>最后一个|末尾|第[一二三]个|中间(?:那)?(?:个|一个)?)字(?:应该|其实|打错了|错了|,|不对)*是(?:[一-鿿]{1,3}的)?(?P<sign>[一-鿿]))(?:[,。]|$)"
)
_PLACES = {"第一": 0, "第二": 1, "第三": 2, "中间": 1}
#: "surname's Hewes", "the first name is Rajesh"
_PART_EN = re.compile(
    r"(?P<which>[Ss]urname|[Ll]ast name|[Ff]amily name|[Ff]irst name|[Ff]orename)(?:'s|s)?(?: is| should be| was)? (?P<new>[A-Z][\w'-]+)\W*$"
)
#: "no e in Anne", "Anne without the e", "Clare with an i"
_LESS = re.compile(
    r"(?<![a-z])(?:no|without (?:an?|the)|drop the) (?P<sign>[a-z])(?:'s)?(?= in | at | on |$|[,.])"
)


#: "姓鲁", "丽是美丽的丽，姓姜"
_SURNAME_ZH = re.compile(rf"(?<![不贵免])姓(?P<new>{DOUBLE_SURNAMES}|[{SURNAMES}])(?=[,。!的]|$|不是)")


#: "Karen at reception", and "her name's Carol".
_NAMED_THERE = re.compile(r"(?P<name>[A-Z][a-z'-]+(?: [A-Z][a-z'-]+)?) (?:at|in|from|on|behind|with) ")
_IS_CALLED = re.compile(
    r"(?:[Nn]ame(?:'s| is| was)|[Cc]alled|^(?:[Ss]he|[Hh]e|[Ii]t)(?:'s| is| was)) (?:actually )?(?P<new>[A-Z][a-z'-]+(?: [A-Z][a-z'-]+)?)\W*(?:actually)?\W*$"
)


_TITLE = re.compile(
    r"(?:mr|mrs|ms|miss|dr|doctor|prof(?:essor)?|sgt|sergeant|inspector|constable|officer|captain|nurse|sister|pc|cll?r|councillor)\.?",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"(?<![a-z])initial(?:'s| is| should be) (?:an? )?(?P<new>[A-Z])(?![A-Za-z])")
#: "Rao is my husband's surname, mine is Iyer"
_OTHERS_NAME = re.compile(
    r"(?P<old>[A-Z][\w'-]+) (?:is|was) (?:my|his|her|our) [a-z' ]{2,30}[,.;] *(?:and |but )?(?:mine|his|hers|it|i)(?:'s|'m| is| am) (?P<new>[A-Z][\w'-]+)"
)


def _with_surname(former: str, surname: str) -> str | None:
    """``former``, a name or "姓卢的查勘员", with another surname."""
    told = re.search("姓[一-鿿](?=的|$)", former)
    if told:
        mended = former[: told.start()] + "姓" + surname + former[told.end() :]
    elif _NAME_ZH.fullmatch(former):
        mended = surname + former[2 if re.match(DOUBLE_SURNAMES, former) else 1 :]
    else:
        return None
    return mended if mended != former else None


def name_changed(former: str, said: str) -> str | None:
    """``former`` with one sign changed that ``said`` explains, where former is a name."""
    surname = _SURNAME_ZH.search(said)
    if surname and (mended := _with_surname(former, surname["new"])):
        return mended
    match = _ONE_SIGN.search(said)
    if match and _NAME_ZH.fullmatch(former):
        if match["old"]:
            return former.replace(match["old"], match["new"], 1) if match["old"] in former else None
        place = next((at for word, at in _PLACES.items() if match["place"].startswith(word)), len(former) - 1)
        return former[:place] + match["sign"] + former[place + 1 :] if place < len(former) else None
    told = _NAMED_THERE.match(former)
    if told and (name := _IS_CALLED.search(said)):
        return name["new"] + former[told.end("name") :]
    if not _NAME_EN.fullmatch(former):
        return None
    initial = _INITIAL.search(said)
    if initial and re.match(r"[A-Z]\.? ", former):
        return initial["new"] + former[1:]
    other = _OTHERS_NAME.search(said)
    if other and other["old"] in former.split():
        return former.replace(other["old"], other["new"], 1)
    part = _PART_EN.search(said)
    if part:
        return _name_en(former, part["new"], None, part["which"].lower())
    alike = [
        (word, mine)
        for word in re.findall(r"(?<![\w'-])[A-Z][a-z'-]+[a-z](?!\w)", said)
        for mine in former.split()
        if word not in former and mine not in said.split() and likeness(word, mine) >= 0.6
    ]
    if len(alike) == 1:
        return former.replace(alike[0][1], alike[0][0], 1)
    less = _LESS.search(said.lower())
    if less:
        named = next(
            (word for word in former.split() if word.lower() in said.lower().split()),
            former.split(maxsplit=1)[0],
        )
        at = named.lower().rfind(less["sign"])
        return former.replace(named, named[:at] + named[at + 1 :], 1) if at > 0 else None
    return None


def name_mended(former: str, new: str, old: str | None, hint: str | None) -> str | None:
    hint = (hint or "").lower()
    if _NAME_ZH.fullmatch(former) or (
        len(former) <= 4
        and re.fullmatch(
            rf"[{SURNAMES}](?:先生|女士|小姐|师傅|老师|医生|大夫|护士|经理|主任|科长|队长|警官|阿姨|姐|哥|工|总)",
            former,
        )
    ):
        return _name_zh(former, new, old)
    if _NAME_EN.fullmatch(former) and re.fullmatch(r"[\w' .-]{1,30}", new):
        return _name_en(former, new, old, hint)
    return None


def _name_zh(former: str, new: str, old: str | None) -> str | None:
    said = re.sub(r"^(?:我?姓|我叫|叫|是)", "", new)
    explained = _EXPLAINED.search(said)
    sign = explained["sign"] if explained else PARTS.get(said[:-1], said[-1:]) if said[:-1] in PARTS else said
    surname = 2 if re.match(DOUBLE_SURNAMES, former) else 1
    if len(sign) == 1:
        gone = _EXPLAINED.search(old or "")
        wrong = gone["sign"] if gone else (old or "")[-1:]
        if wrong and wrong in former:
            return former.replace(wrong, sign, 1)
        first = sign in SURNAMES or said != sign
        return sign + former[surname:] if first and not explained else former[: len(former) - 1] + sign
    if said in ("先生", "女士", "小姐"):
        return former[:surname] + said
    if said in DOUBLE_SURNAMES.split("|"):
        return said + former[surname:]
    return None


def _name_en(former: str, new: str, old: str | None, hint: str) -> str | None:
    words, said = former.split(), re.sub("^an? ", "", new.strip(" ."))
    if _TITLE.fullmatch(said):
        rest = words[1:] if _TITLE.fullmatch(words[0]) else words
        return " ".join([said[:1].upper() + said[1:], *rest])
    if " " in said or not re.fullmatch(r"[A-Za-z'’-]{2,20}", said):
        return None
    said = said[:1].upper() + said[1:]
    if old and old.lower() in (word.lower() for word in words):
        row = [word.lower() for word in words].index(old.lower())
    elif "first" in hint:
        row = 0
    elif "surname" in hint or "last" in hint:
        row = len(words) - 1
    else:
        row = max(range(len(words)), key=lambda each: likeness(words[each], said))
        if likeness(words[row], said) < 0.4:
            return None
    return " ".join([*words[:row], said, *words[row + 1 :]])
