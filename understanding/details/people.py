"""How personal names are built: surnames, and where a Chinese name ends in running text.

Shared by the person's own name and the names of staff.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re

from understanding.details.name_words import name_words

DOUBLE_SURNAMES = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|端木|夏侯|闻人|呼延|轩辕|司空|澹台|淳于|拓跋|宇文|长孙|鲜于|钟离|赫连"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强丘华褚麦裘沙仝仇佟佘冉宓岑巩帅房敖晏桑楚瞿竺芮荀蒙蒲蓝蔺郎郜钮闫鞠饶骆伊宗尚戚扈晋柴栾池禹粟胥茅荆蔚辜逯邬鄢阚雍卓郁阎农霍樊喻肖穆缪危杭谌虞娄刁昝卞厉戎符幸屠巫乌荣晁寇匡阙巢蒯庹桓滕仉苟邰冼邸茹冀宣闻邝甯燕郗郦雒亓逄嵇隗濮亢訾翦储"
#: Surnames that rather begin a verb or an adverb in running text.
ALSO_WORDS = "查成时连常向关管安计任解包强单钱白高万封易全游左应支满路经都于温习房危幸荣闻宣符厉乌"
#: Signs that no given name holds: particles, pronouns, auxiliaries, and verbs of what people do to one another.
_NEVER = (
    "的了在是不没就也还都把让给说骂收拿来去跟对被打很太吗呢吧啊呀哦嘛你我他她它们这那个您要会能又才却着过"
)
#: Signs that rather begin the next word than end a name.
RATHER_NEXT = (
    _NEVER
    + "态处帮从向只非硬总真竟居服讲答告催推拒叫问想敢肯带接开写看听做办修装换退拖扣骗坑拉拍甩冲吼摔挂跑走站坐等一二两三四五六七八九十几半每为因当先后再同和与及或按用到上下里今昨前故人手电工挨以各每擅私逼送找指劝"
)
TITLE = r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Rev)\.? )"
_NOT_SUFFIX = re.compile(r"(?:un|dis|im|ir)[a-z]{4,}$|.*(?:able|ible|ful|less|ous|ive|ing|ted|ned|ked|ly)$")
_PLACE_WORDS = re.compile(
    r"(?:^|[ -])(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Close|Court|Way|Terrace|Square|Crescent|Gardens?|Grove|Hill|House|Park|Place|Mews|Quay|Wharf|Heights|Estate|Centre|Center|Hall|Hospital|Surgery|Clinic|School|College|University|Library|Station|Airport|Hotel|Market|Mall|Tower|Towers|Block|Building|Bridge|Church|Bank|Council|Ltd|Limited|Inc|Company|Group|Services?|Water|Gas|Energy|Electric|Power|Airlines|Airways|Rail|Trains|Insurance|Telecom|Mobile|Media|Broadband|Mail|Police|Office|Department|Association|Housing|Properties|Supermarket|Restaurant|Cafe|Store|Stores|Bus|Line|Green|Cross|Town|City|Village|County|Territory|Pub|Arms|Inn|Gate|Lion)(?:$|[ '])"
)
_SURNAME = re.compile(rf"(?:{DOUBLE_SURNAMES}|[{SURNAMES}])")
_HAN = re.compile("[一-鿿]")


def name_end(text: str, start: int) -> int | None:
    """Where the surname and given name that begin at ``start`` end; ``None`` if no name can be told from the
    words after it."""
    surname = _SURNAME.match(text, start)
    if surname is None:
        return None
    first = surname.end()
    if not _HAN.match(text, first) or text[first] in _NEVER:
        return None
    end = first + 1
    if _HAN.match(text, end) and text[end] not in RATHER_NEXT:
        end += 1
    closed = not _HAN.match(text, end) or text[end] in RATHER_NEXT
    return end if closed else None


def is_name(said: str, *, bare: bool = False, this: bool = False) -> bool:
    """Whether English words with capitals can be a person's name; ``bare``: nothing else is said, ``this``: behind
    "I'm", where an adjective may stand as well."""
    titled = bool(re.match(TITLE, said))
    words = [word.lower().rstrip(".") for word in re.sub(TITLE, "", said).split()]
    if bare and re.match("(?:Dr|Prof|Sir|Rev)", said):
        return False
    known = name_words()
    if not words or any(
        word.rstrip(".").removesuffix("'s") in known.not_en for word in words if len(word) > 1
    ):
        return False
    if any(sign.isdigit() for sign in said) or (said.isupper() and (bare or this) and len(said) < 5):
        return False
    if _PLACE_WORDS.search(said):
        return False
    if bare and not titled and len(words) < 2:
        return words[0] in known.given_en
    if (
        this
        and len(words) == 1
        and not titled
        and words[0] not in known.given_en
        and _NOT_SUFFIX.match(words[0])
    ):
        return False
    return any(len(word.rstrip(".")) > 1 for word in words)
