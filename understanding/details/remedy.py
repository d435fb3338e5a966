"""What the person wants done. Value: the clause as said."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.clauses import clauses
from understanding.details.context import Context
from understanding.fold import Folded
from understanding.model import Detail

_DEED = "退款|退钱|退还|退费|退货|退[我给]|全额退|退一赔|全退|退了|退掉|退票|退保|退回|返还|归还|还我|还给|赔偿|赔钱|补[我给]|赔[我给付]|赔|补偿|道歉|道个歉|赔礼|赔个?不是|认错|说法|交代|交待|解释|答复|回复|回音|结果|修好|维修|修理|修一?下|抢修|修|解决|处理|办好|办了|办一?下|办完|落实|整改|整治|查清|彻查|严查|调查|查一?查|查一?下|核实|处分|处罚|严肃|开除|换人|换一?个|更换|换新|换货|重做|重新|恢复|通电|来电|通水|送电|供暖|供水|取消|撤销|停止|叫停|停工|拆除|拆掉|搬走|清理|清运|清走|打扫|减免|免除|少收|改正|更正|改过来|改进|改善|加强|管一?管|管管|安排|派人|来人|上门|安装|装上|装好|加装|补上|补发|补办|补齐|公开|公示|给个|给我|给一个|兑现|履行|结清|发放|还钱|放款|开通|关闭|注销|删除|疏通|加固|盖上|填平|按规定|补课|发货|送来|说清楚|讲清楚|看看|看一下|来看|派.{0,3}人|重测|检测|检修|安静|清静|消停|换回|补偿金|结账|结清|销户|解绑|解封|解冻|停掉|免掉|赔.{0,6}[元块钱]|追回|追责|问责|处置|整顿|曝光|关停|关门|下架|撤掉|换锁|换新的|清掉|落实|兑付|备案|签字|盖章|开门|开票|开发票|拖走|挪走|弄走|移走|搬开|挪开|通(?:一?下|下水|马桶)|亮起来|叫人来|找人来|派车|涨回|降价|降下来|恢复|别再|不要再"
_WANT = "(?:别|不要|请勿|莫要?|甭)再(?=[^,。]{0,6}(?:打|发|推|骚扰|催|放|吵|扣|收|来|停|乱|拖|敷衍|糊弄))|我(?:就|只|现在|还是|们)?(?:想|要|希望|要求|请求|恳请|申请|强烈要求)(?!投诉|举报|反映|问|知道|说|咨询|了解|哭|死)|希望|强烈要求|强烈建议|要求|诉求(?:是|就是|很简单|:)?|必须|务必|请你?们?|麻烦|拜托|求求?你?们?|恳请|恳求|赶快|能不能|可不可以|可以的话|能否|是否可以|应该|应当|赶紧|赶快|尽快|尽早|快点|早点|马上|立刻|立即|(?<![不没肯])给我(?!们?办了|退了|修了|换了|发了|打了|推|说是|回复说)|让(?:他|她|他们|它|你们|物业|商家)|叫(?:他|她|他们)|我?就?要个|我?只要|只求|我想要|想要|该(?=退|赔|道歉|补偿|处理|整改|给)|限你们?|我要(?=退|赔|换|道)|督促|责令|帮我们?|(?<![不没肯])给我们"
_ZH_WANT = re.compile(rf"(?:{_WANT})[^,。!?;]{{0,24}}?(?:{_DEED})")
_ZH_BARE = re.compile(
    rf"^(?:就|得|那就|先|全部|全额|直接|把[^,。]{{1,12}}|给我?|要|只要|要么|或者|并且?|并|还要|还得|起码|至少|最好|公开|书面|当面|尽快|赶紧|向[^,。]{{1,8}}|彻底|重新|依法|严肃|双倍|三倍|十倍)*(?:{_DEED})"
)
_ZH_NOT = re.compile(
    r"(?:不肯|不愿|不给|不予|拒绝|没有?(?:给|人)?|未|不|答应|承诺|保证|说|说好|说要|说会|说是|就是不|迟迟|至今|还没|一直|已经|从来|推脱)(?:了|过|要|会|给|人|我|能|再|得|帮我|立刻|马上|尽快|明天|今天|过来|来)*(?:退|赔|道歉|修|解决|处理|答复|回复|换|办|来|给|安排|落实|解释)"
)
_ZH_DONE = re.compile(
    r"(?:退|赔|修|换|处理|解决|办)(?:好|完)?(?:了[一-鿿]|过[^来]|不了|不好|得)|(?:维修|处理|回复|退款|解决|调查)(?:态度|人员|师傅|时间|结果(?:是|说|不)|慢|费用?|电话|速度)|结果(?!$)|处理(?!一?下|好|掉|[^,]{0,6}$)"
)
#: "她就不给我办了": the wish stands behind a refusal.
_REFUSED = re.compile(r"(?:不|没|没有|不肯|不愿|不会|不能|未|说是|所谓)(?:给|替|帮|为)?.?$")
#: "不用赔钱，道个歉就行"
_ENOUGH = re.compile(
    rf"(?:{_DEED}).{{0,6}}(?:就行|就好|就可以|就够|即可|就成|也行|也可以|就算了|就完事)了?吧?$"
)
#: A bare deed is a wish only if nothing is told around it.
_TOLD_AROUND = re.compile(
    r"说|的人|不|没|未|到现在|收到|为啥|为何|答复是|完|跑路|上写|过去|问我|员|单号|地址|意见|审批|进度|流程|这个说法|费收|^[^把全].*[^掉]了$|(?:卡|拖|花|收|等|跑|排|弄|折腾|修|办|缺|少|差)了|要本人|[一二两三四五六七八九十0-9百千万多几](?:[个天年月趟块元遍]|(?<!一)次|$)|嫌|都不|也不|哪去|吗|呢|到底|怎么|什么|一半|态度|白跑|跑断"
)
_ZH_STRONG = re.compile(
    r"希望|要求|诉求|恳请|必须|我要|我想|我就要|请|麻烦|尽快|赶紧|马上|立刻|立即|务必|能不能|给我"
)

#: "赔我500块" is a wish with its sum.
_ZH_SUM = re.compile(
    r"^(?:退|赔|还|补|给)[我们回给偿]{0,3}(?:[0-9一二两三四五六七八九十百千万]+)(?:块钱?|元|万)?(?:就行|吧|了事|算了)?[一-鿿]{0,6}$"
)
_EN_DEED = r"sorted|solved|solution|refund(?:ed)?|money back|compensat(?:e|ed|ion)|apolog(?:y|ise|ize)|sorry|replac(?:e|ed|ement)|repair(?:ed|s)?|fix(?:ed)?|mend(?:ed)?|sort(?:ed)?(?: (?:it|this|out))?|resolv(?:e|ed)|explain|explanation|answers?|investigat(?:e|ed|ion)|look(?:ed)? into|clean(?:ed)?(?: up)?|remov(?:e|ed)|cancel(?:led|ed)?|credit(?:ed)?|reimburs(?:e|ed|ement)|restor(?:e|ed)|reconnect(?:ed)?|deliver(?:ed)?|collect(?:ed)?|stop(?:ped)?|disciplin(?:e|ed)|sack(?:ed)?|fired|retrain(?:ed)?|correct(?:ed|ion)?|amend(?:ed)?|reimbursed|waiv(?:e|ed)|reduc(?:e|ed)|return(?:ed)?|upgrade|discount|call(?:ed)? (?:me )?back|call me|send|someone (?:to )?(?:come|out)|respond|reply|response|written|receipt|new (?:one|card|part|unit|bill|bin|meter|copy)|sent(?: out)?|resend|reprint|(?:my|our) [a-z]{2,12}(?: [a-z]{2,12})? back|back on|change(?:d)?|fill(?:ed)? in|finish(?:ed)?|done|right|working|action|closure|put right|get back to me|unblock|unlock|reissue|issue|approve|process|pay(?:out)?|paid|payment|install(?:ed)?|inspect(?:ed|ion)?|move(?:d)?|something done|dealt with|heat(?:ing)?|power|hot water"
_EN_WANT = re.compile(
    rf"(?<![a-z])(?:(?:i|we)(?: just| really| only| simply| now| also| at least| don't)*(?:'d| would| do)? ?(?:just )?(?:want|like|need|demand|expect|request|insist on|deserve|am asking for|are asking for|ask for|hope for|hope|appreciate|be grateful for|be happy with|accept|settle for)|(?:i'm|i am|we're|we are) (?:just |only )?(?:asking|looking|after|hoping|demanding|requesting)|all i want|all we want|what i want|(?:can|could|would|will) (?:you|someone|somebody|they|i|we|anybody)(?: please| just)?|please|pls|plz|kindly|give (?:me|us)|send (?:me|us|someone)|get (?:me|it|this|someone|them|my)|just|make (?:them|him|her|sure)|let's have|you (?:should|must|need to|have to)|they (?:should|must|need to|ought to)|somebody should|someone (?:should|needs to)|(?:needs?|want|wants) (?:this|that|it|my|the|these)|at the very least|i'll take|i would accept|i'd accept|i'd settle for)(?![a-z])(?:(?![,.!?;])[^\n]){{0,50}}?(?<![a-z])(?:{_EN_DEED})(?![a-z])"
)
_EN_BARE = re.compile(
    r"^(?:(?:just|and|plus|or|at least|only|ideally|maybe|either) )*(?:(?:a|an|my|the|full|partial|proper|written|formal|sincere|immediate|some|public|face-to-face|simple) )*(?:refund|apology|compensation|replacement|repair|explanation|money back|discount|credit|reimbursement|new one|answer)(?: (?:please|pls|would do|will do|now|in full|for .{1,30}|and .{1,40}|from .{1,30}))*$|^(?:just |simply |at least |first |then |now )?(?:refund|fix|repair|replace|cancel|compensate|return|remove|reimburse|reconnect|unblock|sort|sack|fire|discipline|retrain|apologi[sz]e to|stop|clean|restore|release|waive|investigate|arrange|send|pay|give) (?:me|it|this|my|the|them|us|that|him|her|those|these|our|all|out|back|someone|somebody)(?![a-z])"
)
_EN_NOT = re.compile(
    r"(?<![a-z])(?:refus(?:ed|e|es|ing)|den(?:y|ied)|promis(?:ed|es)|won't|wouldn't|did(?:n't| not)|no |never|without|said (?:they|he|she)|told|keep saying|can't get|couldn't|was(?:n't| not)|they will|they'd|still waiting for|has(?:n't| not)|have(?:n't| not))(?![a-z])"
)
_EN_FIRST = re.compile(r"^(?:(?:so|and|but|then|ok|look|well|also|anyway|now) )+")


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Wishes in order of appearance; a wish that others refused or promised is not one."""
    for start, end in clauses(folded.text):
        clause = folded.text[start:end]
        if len(clause) <= 160:
            yield from _wish(folded, clause, start, end)


def _wish(folded: Folded, clause: str, start: int, end: int) -> Iterator[Detail]:
    match = _ZH_WANT.search(clause)
    if match and _REFUSED.search(clause, 0, match.start() + 1):
        return
    if match:
        before_deed = clause[: match.end()]
        if not (_ZH_NOT.search(before_deed) and not _ZH_STRONG.search(before_deed)) and not _told(
            clause, match.start()
        ):
            yield _remedy(folded, start + match.start(), end, 0.9)
        return
    if len(clause) <= 20 and _ENOUGH.search(clause) and not _ZH_NOT.search(clause):
        yield _remedy(folded, start, end, 0.7)
        return
    if (
        len(clause) <= 14
        and _ZH_BARE.search(clause)
        and not _ZH_NOT.search(clause)
        and not _ZH_DONE.search(clause)
        and (not _TOLD_AROUND.search(clause) or _ZH_SUM.search(clause))
    ):
        yield _remedy(folded, start, end, 0.6)
        return
    lead = _EN_FIRST.match(clause)
    offset = lead.end() if lead else 0
    english = _EN_WANT.search(clause, offset)
    if english and not _EN_NOT.search(clause[: english.end()]):
        yield _remedy(folded, start + english.start(), end, 0.9)
    elif _EN_BARE.search(clause[offset:]):
        yield _remedy(folded, start + offset, end, 0.7)


def _told(clause: str, place: int) -> bool:
    """ "他们说尽快处理" is somebody else's promise."""
    return bool(
        re.search(
            r"(?:说|讲|回复|告诉我|让我|叫我|答应|承诺|通知我|他们|客服|对方|要求我|说是)[^,]{0,4}$",
            clause[:place],
        )
    ) or bool(re.match(r"让我|叫我|要求我", clause[place:]))


def _remedy(folded: Folded, start: int, end: int, sure: float) -> Detail:
    return folded.detail("remedy", folded.said(start, end), start, end, sure)
