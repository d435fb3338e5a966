"""Corrections in words that other rules read, and what is wanted in place of another wish."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re

from understanding.fold import fold

#: "前晚" of a former "昨天晚上": one word for day and part.
_EVENINGS = {"琴晚": "昨天晚上", "寻晚": "昨天晚上", "昨晚": "昨天晚上", "前晚": "前天晚上", "今晚": "今天晚上", "今早": "今天早上", "今朝": "今天早上", "琴日": "昨天", "寻日": "昨天", "前日": "前天", "今日": "今天"}  # fmt: skip
#: "不要退款了，要换货", "forget the refund, I want a replacement"
_INSTEAD = (
    re.compile(r"(?:不要|不用|不想要|别|算了)(?:再)?[^,。]{1,8}了?[,。 ]+(?:我)?(?:还是|就|改|只)?(?P<new>(?:要|换|给)?[^,。]{1,16}?)(?:就行|就好|就可以|也行|吧|得了)*[。!]?$"),
    re.compile(r"[^,。]{1,8}(?:就|还是)?(?:算了|不要了|不用了|不必了)[,。 ]+(?:我)?(?:还是|就|改|只)?(?P<new>(?:要|换|给)?[^,。]{1,16}?)(?:就行|就好|就可以|也行|吧|得了)*[。!]?$"),
    re.compile(r"(?:改成|改为|换成|还是)(?:要)?(?P<new>[^,。]{1,16}?)(?:吧|好了|得了|就行)?[。!]?$"),
    re.compile(r"(?:forget|scrap|never mind|scratch|drop|not|no) (?:the |a |an |about the )?[a-z ]{2,24}?, ?(?:i(?:'d| would)? (?:rather have|prefer|want|like|need)|just|make it|but|give me)? ?(?P<new>[a-z ]{3,40})$"),
    re.compile(r"^(?:no[,.]? )?(?:actually,? |sorry,? |on (?:reflection|second thoughts?),? |thinking about it,? )?(?:i(?:'d| would) (?:rather(?: have)?|prefer|like)|i want) (?P<new>[a-z ]{3,40}?)(?: instead| now| rather)?$"),
    re.compile(r"^(?:actually[,]? )?(?P<new>[a-z ]{3,40}?) (?:would do|will do|would be fine|is fine|is enough)(?: instead| for me)?$"),
)  # fmt: skip
_EXPLAINED_AFTER = re.compile(r"[,，] ?[一-鿿]{1,4}的(?P<sign>[一-鿿])[。!！]?$")
#: What only tells which words were wrong ("刚才说成民政局了").
_SAID_AS = re.compile(
    r"[,，。 ](?:我)?(?:刚才|刚刚|之前|前面|上次)?(?:给)?(?:说|写|填|打|记|输)成了?[^,，。]{1,12}了[。!]?$"
)
#: "最后一位是8不对，应该是9": the sign that was wrong is not needed.
_TAIL_DENIED = re.compile(
    r"(?P<place>最后(?:[一二两三四]?位)?|尾号|尾数)(?:数字?)?(?:是|写成了?|说成了?)?[0-9a-zA-Z]{1,4}(?:不对|错了?|有误)[,， ]*(?:应该|其实)*是"
)
_SHORT_OF_A_ZERO = re.compile(
    r"^[少漏多](?:写|打|说|报|填)?了?一?个零[,， ]+(?=(?:应该)?是?[0-9一二两三四五六七八九十百千万]+)"
)
_I_MEANT = re.compile(r",? (?:is what )?i (?:meant|mean)(?: to say)?[.!]*$", re.IGNORECASE)


def in_their_words(former: str, text: str) -> str:
    """``text`` with "前晚" as "前天晚上" where ``former`` tells the day so, without "花苑的苑" behind 桂花苑."""
    explained = _EXPLAINED_AFTER.search(text)
    if explained and explained["sign"] in text[: explained.start()]:
        text = text[: explained.start()]
    if "天" in former:
        for word, whole in _EVENINGS.items():
            text = text.replace(word, whole)
    text = _TAIL_DENIED.sub(r"\g<place>应该是", _SHORT_OF_A_ZERO.sub("", text))
    return _SAID_AS.sub("", _I_MEANT.sub("", text))


def chosen_instead(former: str, text: str) -> str | None:
    """What is wanted in place of ``former``, for values in words."""
    if any(char.isdigit() for char in former):
        return None
    folded = fold(text)
    for pattern in _INSTEAD:
        match = pattern.search(folded.text.strip(" ."))
        if match and any("一" <= sign <= "鿿" for sign in former) != folded.text.isascii():
            return match["new"].strip()
    return None
