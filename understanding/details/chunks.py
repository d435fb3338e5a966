"""How far to the left a Chinese name of a place or an organisation reaches. Shared by both extractors."""

from __future__ import annotations

import re

#: A name does not reach over these: prepositions, pronouns, verbs, time words.
_STOPS = (
    "要求|将(?!军|来|乐|台)|延长|开放|关闭|扩大|改造|在|到|去(?!年)|从|住|于|我们|我哋|哋|尽快|修复|恢复|疏通|我们家|我家|我|你们|你|他们|她们|他|她|它|的|了|是|有|没|(?<![永仁祥颐泰中谐太])和(?![平谐睦苑园顺风义济府县庆兴])|跟|与|给|被|把|就|(?<![首成])都(?!匀|江|昌|会|市)|也|还|来(?!宾|安|福|龙|广|凤|宝)|这个|那个|这家|那家|[这那哪]一?[段条座片栋幢]?|趟|开始|[俺咱]们?(?:村|家)?|不然|每逢|[下雨雪]雨?天|下雨|损失|拜托|(?<![日晚])报(?!社|业|国|恩)|叫|往|离|说|让|对(?!面)|为|向(?!阳|荣|塘|东|日)|找|问|打|等|坐|乘|过(?!街)"
    "|投诉|举报|反映|关于|今天|昨天|前天|明天|今早|昨晚|上午|下午|中午|晚上|早上|凌晨|每天|天天|最近|一直|现在|刚才|号(?=[一-鿿]{2})|日(?=[一-鿿]{3})|因为|由于|但是|可是|而且|所以|如果|然后|结果|居然|竟然"
    "|路过|经过|回(?!龙|民|澜|春)|(?<!前)进(?!贤|步)|(?<!派)出(?!入境|租)|逛|走|跑|办理|办(?!事|公)|买|卖|吃|用|看|想|请|要|不(?!动产|夜)|很|太(?!平|原|湖|古|阳|和|仓|白|康|子)|每次|附近|旁边|对面|隔壁|楼下|楼上|整个|管管|查查|全(?!季|福|顺|安|州|椒|民)|几个|一个|一家|两个|多个|各|某|帮|请问|麻烦|尊敬的|你好|您好|您|们|吗|呢|吧|啊|呀|嘛|着|得|做|开(?!发|元|封|福|平|阳|州|原|化)|当(?!阳|涂|代)|即|并|或|及|至|比|按|以|其|些|此|该|(?<!当)时(?!代|光|尚)|后(?!街|村|勤)|(?<![府衙庙站])前(?!街|村|门|进)|(?<![一二三四五六七八九十百千万同])里(?=[一-鿿])|拿|送|拨|接|联系|通知|要求|希望|欠|(?<!丰)收|(?<!公)交(?!通|大|道|城|口|易|行|运)|退|扣|骗|坑(?!口)|(?<![解开])放(?![鹤牛马学心])|堵|停|修(?!水|文|武|远)|拆|挖|漏|归(?!德|元|仁)|属|由|靠近|告诉|这次|上次|下次|下调|什么|建议|改成|改为|换成|阿拉|(?<!^)个(?!旧)|^个(?!旧)|[一二两三四五六七八九十几]趟|加装|安装|增设|更换|新装|一下|冒充|督促|转告|条(?!胡同)|盏|成个|且|期间|以来|以后|之后|以前|之前|位于|地址|地点|属于|今年|去年|上周|上个月"
)
_LAST_STOP = re.compile(rf"^.*(?:{_STOPS})", re.DOTALL)
_OUTSIDE = re.compile(r"^.*[^一-鿿a-z0-9·]", re.DOTALL)
_LEADING_NUMBER = re.compile(r"^[0-9]+(?:年|月|日|天|次|元|块|个|点|分)")


def left_edge(text: str, start: int, floor: int, *, reach: int = 12) -> int:
    """Where a name whose suffix starts at ``start`` begins, not before ``floor``; ``start`` if it has no head."""
    first = max(floor, start - reach)
    head = text[first:start]
    outside = _OUTSIDE.match(head)
    if outside:
        first, head = first + outside.end(), head[outside.end() :]
    stop = _LAST_STOP.match(head)
    if stop:
        first, head = first + stop.end(), head[stop.end() :]
    number = _LEADING_NUMBER.match(head)
    return first + number.end() if number else first
