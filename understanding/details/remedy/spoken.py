"""Wishes in spoken Chinese without a word for a wish: conditions, what others owe, what has to stop, dialect."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re

#: Dialect in the words the patterns know, equal in length so that places in the clause stay.
_DIALECT = {
    "一哈": "一下", "俾我": "给我", "畀我": "给我", "给俺": "给我", "给咱": "给我", "帮俺": "帮我", "喊人": "叫人", "喊他": "叫他", "搞快": "赶快",
    "莫再": "别再", "莫老": "别老", "甭": "别", "麻溜儿": "赶快点", "麻溜的": "赶快点", "麻溜": "赶快", "麻利": "赶快", "佢哋": "他们", "我哋": "我们", "咗": "了", "嘅": "的",
}  # fmt: skip
_DIALECT_WORD = re.compile("|".join(sorted(_DIALECT, key=len, reverse=True)))
_PARTICLES = "啊呀哈啦咯嘞喽哦噢噻哇嘛"

_THEY = r"(?:你们?|商家|店家|公司|他们|物业|平台|对方|单位|医院|学校|银行|航司|老板|店主|房东|车主|厂家|开发商|施工队|中介|保险公司|[一-鿿]方(?![便法案式面向才]))"
#: Words of somebody who tells what was done or said.
_TELLS = re.compile(
    r"了[^吧呗]|没|说|过[^来去]|已经|一直|才|[他她它](?!们)|嫌|花|居然|还是|结果|为啥|为什么|凭"
)
#: "修不好就换", "丢了你们得赔", "再不行就退"
_IF = re.compile(
    r"^(?:(?:要是|如果|若|万一|实在|再|真)?(?:[^,我他她]{0,5}?(?:不|没)[^,我]{1,4}?|[^,我他她]{0,6}?[丢坏少错破]了)(?:的话)?(?:就|那就|你们?就|你们?得|你们?要|得)|该[换修退赔补]就(?=[换修退赔补]$))(?=[^,]{0,10}?(?:赔|退|换|补|免|减|重[做新]|道歉|报销|修$|拆[机除掉]?$))(?!不|没|[^,]*[不没])"
)
#: "站方得报销", "园方承担医药费"
_OWED = re.compile(
    rf"^[^,不没]{{0,8}}?{_THEY}(?:得|要|必须|应该|应当|该|全部?|负责|来|给|都|也){{0,3}}(?:赔|出|补|退|承担|报销|付|掏)(?:了|吧|我们?|的?|这?个?钱|[一-鿿]{{0,6}}(?:费用?|损失|责任|钱|药|电话))$"
)
#: "运费退我", "之前多扣的补回来"
_BACK = re.compile(
    r"^(?![^,]*[不没未怎被])[^,我他她你说]{1,8}?(?:要|得|也|都|全|给|必须|赶紧){0,2}(?:退|还|赔|补|返)(?:给)?(?:我们?|回来?(?:给我们?)?|回去|上)(?:就行|就算了|吧)?$"
)
#: "别光打电话", "不要换", "违约金你们别想收"
_STOP = re.compile(
    rf"^(?:{_THEY}|以后|今后|请|也|千万|可|就|都|再|把){{0,3}}(?:(?:别|不要|不许|不准)(?:再(?!问|说|提|联系|来了)|光|老是?|总是?|乱|只|堵|吵|催|放|涨|换|拆|砍|扣|骚扰|踢皮球|推来|随便|强制|捆绑))[^,]{{0,12}}$|(?:你们?|他们?)(?:就)?(?:别想|休想)(?:收|扣|要|拿|赖|跑)"
)
_EITHER = re.compile(r"^[^,]{0,6}要么(?![^,]*[没说])[^,]{1,8}要么[^,]{1,10}$")
#: "啥时候来气给个话"
_ANSWER = re.compile(
    r"(?:^[^,]{0,8}(?:啥时候|什么时候|几时|何时|到底|究竟)[^,]{0,6}|^(?:[^,说没不]{0,4}))?给(?:我们?|大伙儿?|大家)?[个句](?:话|准话|信儿?|明白话|实话|期限|时间表|说法)$"
)
#: "去查查那个油枪", "派人上门查查是不是漏水"
_TWICE = re.compile(
    r"^(?:你们?|去|来|快|赶紧|赶快|帮忙|派人|上门|找人|好好|领导们?|上面|有关部门){0,4}(?:(?P<verb>[查管修测治核])一?(?P=verb)|清理一?下)(?![^,]*(?:了|没|也不|都不))[^,]{2,10}$"
)
_SENT = re.compile(
    r"^(?:请|快|赶紧|赶快点?|马上|你们?|今天|明天|必须|务必|得|能|再){0,4}(?:(?:派|安排)(?:个|几个|专|些)?(?:人|师傅|工人|车|技术员|工程师|专家)(?:员|手)?(?:来|去|过来|上门|到|把|给|跟|每)|(?:叫|找)个?(?:人|师傅|工人)来(?=.)|快来个?人?[修通清拆处]|(?:必须|得)来人)[^,没了也]{0,12}$"
)
_BOSS = re.compile(
    r"(?:叫|让|请)(?:你们?|他们?)?的?(?:主管|经理|领导|负责人|老板|店长|院长|校长|主任|科长)(?:亲自|马上|今天)?(?:联系我|给我|打电话|回电|回我|出面|当面|道歉)"
)
#: "你们给送点水来也行啊", "再给我换块好的不过分吧"
_FAIR = re.compile(
    r"^(?P<wish>[^,说]*?(?:给|换|退|修|补|派|送|赔|加|减|免|留|让)[^,]*?)(?:不过分|总可以|总行|总该行|也行|也好|也成|也中)[吧了]?$"
)
#: At the end of a text without punctuation: "… 你们来校一下表行不行".
_TAGGED = re.compile(
    r"(?:你们?[来给把派去帮]|麻烦|能不能|给我|把|帮我|让|叫|派|赶紧)(?![^,]{0,14}(?:你们?|麻烦|能不能|派人|赶紧))[^,说]{2,14}?(?:行不行|行吗|好不好|可以吗|好吗|中不中|要得不|好伐)$"
)
_ABLE = re.compile(
    r"(?<![我他她它谁])(?:能不能|可不可以|能否|可否)(?!问|说|告诉|投诉|举报|匿名|查|知道|看|信|用|行|报|登|要|收|办|转|我|带|进|坐|漏|吃|喝|不填)(?=[^,]{3,}$)(?![^,]*(?:[快利]一?[点啲索]|痛快|智商|[留姓]名|[写讲说谈聊留]|跟我|帮我$|沟通|见面|资料|快手|谁知道|不知道|还不?好说|都是|也是|吗))"
)
#: "多开几个闸机", "加多兩班"
_MORE = re.compile(
    r"^(?:就|再|那|先)?(?:加多|多[加开派放设装摆]|加[开派设])[一两二三几点个些][^,没了过]{1,8}$"
)
#: Looked for anywhere in a clause, not only where it closes.
_ANYWHERE = (_IF, _OWED, _EITHER, _ANSWER, _FAIR, _BOSS, _ABLE)
_CLOSING = (_BACK, _STOP, _TWICE, _SENT, _MORE, _TAGGED)


def standard(clause: str) -> str:
    """``clause`` with dialect in standard words and without the particles at its end; no place in it moves."""
    return _DIALECT_WORD.sub(lambda word: _DIALECT[word[0]], clause).rstrip(_PARTICLES)


def spoken_wish(clause: str, *, closes: bool) -> int | None:
    """Where a wish begins in a clause in :func:`standard` words, if it has one of these forms."""
    for pattern in (*_ANYWHERE, *_CLOSING) if closes else _ANYWHERE:
        match = pattern.search(clause)
        if match and not _TELLS.search(
            match.groupdict().get("wish") or match.string[: match.end()], match.start()
        ):
            return match.start()
    return None
