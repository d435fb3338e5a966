"""What the person wants done. Value: the clause as said."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.clauses import clauses
from understanding.details.context import Context
from understanding.details.of_us import asks_of_us
from understanding.fold import Folded
from understanding.model import Detail

_DEED = "退款|退钱|退还|退费|退货|退[我给]|全额退|退一赔|全退|退了|退掉|退票|退保|退回|返还|归还|还我|还给|赔偿|赔钱|补[我给]|赔[我给付]|赔|补偿|道歉|道个歉|赔礼|赔个?不是|认错|说法|交代|交待|解释|答复|回复|回音|结果|修好|维修|修理|修一?下|抢修|修|解决|处理|办好|办了|办一?下|办完|落实|整改|整治|查清|彻查|严查|调查|查一?查|查一?下|核实|处分|处罚|严肃|开除|换人|换一?个|更换|换新|换货|重做|重新|恢复|通电|来电|通水|送电|供暖|供水|取消|撤销|停止|叫停|停工|拆除|拆掉|搬走|清理|清运|清走|打扫|减免|免除|少收|改正|更正|改过来|改进|改善|加强|管一?管|管管|安排|派人|来人|上门|安装|装上|装好|加装|补上|补发|补办|补齐|公开|公示|给个|给我|给一个|兑现|履行|结清|发放|还钱|放款|开通|关闭|注销|删除|疏通|加固|盖上|填平|按规定|补课|发货|送来|说清楚|讲清楚|看看|看一下|来看|派.{0,3}人|重测|检测|检修|安静|清静|消停|换回|补偿金|结账|结清|销户|解绑|解封|解冻|停掉|免掉|减掉|清零|赔.{0,6}[元块钱]|追回|追责|问责|处置|整顿|曝光|关停|关门|下架|撤掉|换锁|换新的|清掉|落实|兑付|整返|整好|执返|退返|赔返|修返|备案|签字|盖章|开门|开票|开发票|拖走|挪走|弄走|移走|搬开|挪开|通(?:一?下|下水|马桶)|亮起来|叫人来|找人来|派车|涨回|降价|降下来|恢复|别再|不要再"
_WANT = "(?:别|不要|请勿|莫要?|甭)再(?=[^,。]{0,6}(?:打|发|推|骚扰|催|放|吵|扣|收|来|停|乱|拖|敷衍|糊弄))|我(?:就|只|现在|还是|们)?(?:想|要|希望|要求|请求|恳请|申请|强烈要求)(?!投诉|举报|反映|问|知道|说|咨询|了解|哭|死)|希望|强烈要求|强烈建议|要求|诉求(?:是|就是|很简单|:)?|必须|务必|请你?们?|麻烦|拜托|求求?你?们?|恳请|恳求|赶快|能不能|可不可以|可以的话|能否|是否可以|应该|应当|赶紧|赶快|尽快|尽早|快点|早点|马上|立刻|立即|(?<![不没肯])给我(?!们?办了|[^,]{0,4}的(?:是|人|那)|退了|修了|换了|发了|打了|推|说是|回复说)|让(?:他|她|他们|它|你们|物业|商家)|叫(?:他|她|他们)|我?就?要个|我?只要|只求|就图|只图|就求|我想要|想要|想把|唔该|即刻|想(?=退|换|要回)|该(?=退|赔|道歉|补偿|处理|整改|给)|限你们?|我要(?=退|赔|换|道)|督促|责令|帮我们?|(?<![不没肯])给我们"
_ZH_WANT = re.compile(rf"(?:{_WANT})[^,。!?;]{{0,24}}?(?:{_DEED})")
_ZH_BARE = re.compile(
    rf"^(?:就|得|那就|先|最起码|全部|全额|直接|把[^,。]{{1,12}}|给我?|要|只要|要么|或者|并且?|并|还要|还得|起码|至少|最好|公开|书面|当面|尽快|赶紧|向[^,。]{{1,8}}|彻底|重新|依法|严肃|双倍|三倍|十倍)*(?:{_DEED})"
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
    rf"(?:{_DEED}).{{0,6}}(?:就行|就好|就可以|就够|即可|就成|也行|也可以|就算了|就完事|就完|就结了|就够|就满意|就不追究)了?吧?$"
)
#: Openings that say "this is what I want", whatever the deed is.
_ZH_OPEN = re.compile(
    r"(?:(?<![没有抱的啥])希望(?!工程|小学|不大|渺茫|破灭|吗)|求求(?:你们?|您)?|恳请|恳求|烦请|强烈(?:要求|建议)|(?<![们他她求服店方家])要求(?!我|提供|太|很|不高|先|带|本人|出示)|诉求(?:是|就是|很简单|:)+|麻烦(?:你们?|您|帮|把|给|尽快|安排|派|让|能)|拜托(?:你们?|您)?|唔该(?=.{2})|(?<!我)建议(?!我|书|你去|是|箱)|最好(?:能|是|把|给|换|让|别|今|明|马上|尽|赶|早|快|这)|(?:就|只|我|还是)想要(?!知道|问|投诉|举报|反映)|(?:就|只|我)想(?:听|拿回|讨|换|让你们|让他|让她|退|要回)|请(?:把|你们|贵|相关|有关|给|帮|立即|立刻|马上|尽快|严肃|依法|停止|取消|恢复|安排|派|让|督促|务必|公开|撤|改|退|还|核实|尽早|及时|不要|别)|能不能(?:给|帮|把|让|换|别|不要|派|安排|重新|早点|快点|退|赔|免|少|装|修|开|加|延|提前)|(?:能否|可否|可不可以|可以)(?:给|帮|把|让|换|派|安排|重新|退|赔|免|补|修|恢复|取消|延|加)|能(?:给|帮|替)(?:我们?|俺|咱)?[^,]{1,12}(?:吗|么|不)$|(?:我|就|只)?要个(?:说法|公道|解释|交代|交待|道歉|答复|结果|保证|书面|准信|准话)|我(?:的)?(?:要求|诉求|愿望)(?:是|就是|很简单|:)|我要求|给我们?(?:个|一个)(?:准话|准信|保证|时间|公道))"
)
_ZH_ORDER = re.compile(
    r"^(?:最起码|起码|至少|先|就)*(?:把|将)[^,。]{1,12}?(?:退|修|换|拆|填|清|算清楚|弄|搬|挪|关|停|通|补|撤|改|还|更换|归还|恢复|处理)(?:了|掉|好|上|走|给我们?|清楚|干净|原样)?(?:吧|呗|就行|就好)$|^(?:最起码|起码|至少)把[^,。]{2,}|^把[^,。]{1,12}?(?:算清楚|还给我们?|退给我们?|关好|拆掉|填平)$|^(?:撤换|更换|解除|追究|取缔|查处|落实|兑现|归还|恢复我)(?!了|人|中|不)[^,。]{2,}|^换个[^,。]{1,6}的(?:来$|师傅|司机)|^快(?:点)?(?:派[^,。]*[修看处]|来人[修看处]|把|给我)[^,。]*|^(?:以后|今后|往后)(?:别|不要|不许)再[^,。]{2,}|^重新(?:派|换|安排|调|指派)[^,。]{2,}|^把(?![^,。]*[我他她])[^,。]{1,8}(?:拆|清|填|盖|挪|搬|移|修|换)(?:了|掉|走|好)吧?$|^限(?:他们?|你们?|贵司|物业)?[^,。]{1,4}(?:天|日|小时)(?:之)?内[^,。]{2,}"
    r"|^(?:就|那就|赶紧|赶快|快点?|马上|立刻|先|也|全部|要么)*(?:把[^,。]{1,14}(?:走|掉|好|对|开|回来|过来|出来|上|完|清|停|下来|干净|正|平|齐|撤|通)(?:吧|呗|就行|就好|就可以)?$|(?:别|不要|不许|甭|莫)(?:再|让|老是|老|给我)(?!说|问|提|客气|见|来了)[^,。]{2,}|(?:退|返还|退还)(?:一半|全部|剩下|多收)?[^,。]{1,8}(?:给我们?|回来)|[让叫](?:那个|这个|那位|他们?|她们?|你们|[一-鿿]{2,6}?)[^,。]{0,8}?(?:道歉|赔礼|认错|赔偿|赔钱|退款|退钱|搬走|停工|出来说)|(?:免|减|撤|停|删|取消|注销)(?:了|掉)(?![一二两三四五六七八九十几0-9好整快半又])[^,。]{2,}|(?:给|帮|替)(?![我俺]们?[一-鿿]{0,2}的)(?:我们?|俺们?|咱们?|大家|居民|换|补|修|(?:老人|孩子)(?!办))(?:把)?(?=[^,。]{0,10}(?:开|换|装|弄|补|加|改|办|转|调|修|退|免|减|解决|处理|安排|通|清|撤|取消|恢复|新|绿色通道|名额))[^,。]{1,16}$|(?:赶紧|赶快|马上|立刻)(?:把|给|派|来|修|退|处理|解决|恢复|停|通|找|安排)[^,。]{1,})"
)
_ZH_OPEN_NOT = re.compile(
    r"(?:转|找|换|接|叫)个?(?:人工|真人|客服)|(?:说|讲|用|换成?)(?:中文|英文|英语|普通话)|查(?:一?下)?(?:进度|单号|工单)|投诉(?:你|他|她|一?下|这|那)|问一?下|了解一?下|咨询|重新(?:说|填|开始|来)|撤(?:诉|销投诉|回)|一星|[一二三四五]颗?星|满意度|名字抹|单子|工单|登记(?!证)|人工|真人|机器人|匿名|实名|保密|晓得|知道(?:是|我)|清除|个人(?:数据|信息)|聊天|字体|那条|前面那|后面那|最后那|重新(?:问|填|说|来|打开)|投诉(?:撤|关|删)|诉求(?:补|再|那|改)|补充|采纳|京剧|唱|订一|示范|理由|转告|表扬|满分|复议资料|回个电话吧$|从头|第一个"
)
#: A bare deed is a wish only if nothing is told around it.
_TOLD_AROUND = re.compile(
    r"^给我[一-鿿]{1,2}的(?:是|人|那)|说|的人|不|没|未|到现在|收到|为啥|为何|答复是|完|跑路|上写|过去|问我|员|单号|地址|意见|审批|进度|流程|这个说法|费收|^[^把全].*[^掉]了$|(?:卡|拖|花|收|等|跑|排|弄|折腾|修|办|缺|少|差)了|要本人|[一二两三四五六七八九十0-9百千万多几](?:[个天年月趟块元遍]|(?<!一)次|$)|嫌|都不|也不|哪去|吗|呢|到底|怎么|什么|一半|态度|白跑|跑断"
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
#: Openings of a wish, whatever the deed is; then what the person only wants to say or know.
_EN_OPEN = re.compile(
    r"(?<![a-z])(?:(?:i|we)(?:'d| would)? (?:just |only |really |simply |also |now )*(?:want|like|need|demand|expect|wish|insist|request|hope|prefer|love)(?![a-z])|all (?:i|we)(?:'m| am|'re| are)? (?:want|ask|need|asking)(?: for)?(?: is)?(?![a-z])|(?:what|the only thing|the least) (?:i|we|you|they)(?:'d| would| could| can)? (?:really )?(?:want|like|need|ask|do)(?: for)?(?: now)? is|my (?:wish|request|demand|hope) is|(?:any|is there a|is there any) (?:chance|way|possibility) (?:of|you|i|we|to|that)|how about (?=an? |my |some|giving|sending|replacing)|is it possible (?:to|for)|(?:could|can|would|will) (?:you|someone|somebody|they)(?: please| kindly| at least| just)?(?= )|(?:could|can|may) (?:i|we)(?: please| at least| just)? (?:have|get|be|swap|exchange|return|claim)(?![a-z])|(?:could|can|would) (?:the|my|our|this|that|those|these) [a-z ]{2,30}? be [a-z]{3,}|would it be possible|would you mind|(?:you|they|the council|the company|the bank|the landlord|management|someone|somebody)(?: really| all)? (?:should|must|ought to|needs? to|has to|have to)(?![a-z])|i'm asking|i am asking|i ask (?:that|you|for)|let's get|(?:i )?hope (?:you|they|someone))"
)
_EN_SAYS_ONLY = re.compile(
    r"(?:want|like|need|wish|hope|prefer|love|expect|request|demand|insist)(?: you)?(?: to| on)? (?:know|complain|report|speak|talk|say|ask|make|raise|file|lodge|register|check|see (?:the|my)|hear|thank|praise|commend|cancel my|withdraw|change my|correct|add|update|tell|understand|help|a human|a person|an agent|someone real|to be clear|that (?:clear|known)|nothing|more information|info|advice|directions|it (?:noted|recorded)|find out|be (?:anonymous|honest)|remain|stay|start|go back|follow up|chase|them all|leave|give (?:you|a|feedback|my)|rate|suggest|point|mention|share|confirm|submit|appeal|dispute|close my)(?![a-z])|(?:can|could|would|will) (?:you|someone|they)(?: please| just| kindly)? (?:tell|explain why|hear|speak|talk|help|check|understand|see|read|confirm|repeat|say|translate|switch|connect|transfer|change|delete|believe|imagine|look up|find|show|be|even|not|remind|write in|do|answer|keep my|close|withdraw|cancel my|stop (?:asking|repeating)|put me|give me (?:an update|the|a human|a person))(?![a-z])|(?:can|could|may) (?:i|we)(?: please| at least| just)? (?:have|get|be) (?:a (?:human|person|minute|word|copy of|reference|case)|help|the (?:number|name|address)|an update|some help|anonymous|transferred|connected)|(?:should|must|need to|have to|has to|needs to|ought to)(?: all)? (?:have|be ashamed|be (?:a|an|able|able to|more|ashamed|joking|kidding|mad|mistaken|wrong|there|here)|know|see|hear|think|feel|wait|pay|go|queue|stand|come back|try|live|use|walk|bring|show|provide|sit|understand|call|ring|get off|drive|carry|climb|say)(?![a-z])|is it possible to (?:know|see|check|speak|talk|report|complain|cancel|change|remain|stay)|any (?:chance|way) (?:of|to) (?:an update|news|speak|talk|know|check)|way (?:to|i can|you can) (?:know|check|see|talk|speak|contact|report|track|go back)"
)
#: What is wanted of the conversation, not of those it is about.
_EN_OF_US = re.compile(
    r"(?<![a-z])(?:complaint|complaints|ticket|this form|form|bot|chat|conversation|english|spanish|french|mandarin|cantonese|hindi|chinese|german|polish|language|an agent|agent|human|a person|real person|anonymous(?:ly)?|anonymity|my name (?:off|out|left|to be kept|kept)|nobody (?:to )?know|question|questions|step by step|my data|on file|keep on file|transferred|connected|connect me|put (?:us|me) through|withdraw|quit|exit|start again|from the start|beginning|my (?:last )?answer|statement|summary|description|thank|praise|good feedback|reward|medal|commend|rap|sing|joke|cab|job|hiring|the investigation|pass (?:on|this)|my last|not to say|nothing)(?![a-z])"
)
_EN_ORDER = re.compile(
    r"^(?:please |just |simply |and |then |now |at least |or |so )*(?:put|turn|move|get|pay|correct|make|let|take|give|send|bring|mend|open|build|install|add|widen|lower|hire|ban|inspect|empty|clear|unblock|drop|scrap|reverse|reopen|review|return|hand|issue|grant|stop|end|lift|knock|replace|fix|repair|refund|remove|cancel|clean|restore|waive|compensate|reimburse|apologi[sz]e|deliver|collect|reconnect|sort|discipline|retrain|sack|fire|fill in|cut|trim|paint|resurface|reinstate|credit|deduct|chase|arrange|enforce|fine|tow|close down|shut down|investigate|keep|treat|sweep|grit|salt|rehouse|relocate|unlock|unfreeze|release|honou?r|write off|wipe|price-match|upgrade|rebook|reschedule|resend|reissue|provide|retract|withdraw|suspend|dismiss|warn|service|test|take down|pull down|tear down|knock off|clear up|tidy|rebuild|reroute|unclog|rod|seal|plaster|insulate|rewire) (?:(?:it|this|that|them|him|her|these|those|me|us|my|our|the|a|an|your|his|their|some|more|up|on|off|back|down|for|in|to|dogs|people|out|rid|good|safe)(?![a-z]))|^(?:please|kindly) (?:have|get) .{2,40} [a-z]{3,}(?:ed|d|paid|done|cut|put|built|swept|sent)(?![a-z])|^(?:please |just )*get (?:rid|the|my|our|it|this|that|someone|somebody|them)(?![a-z])"
)
_EN_ORDER_NOT = re.compile(
    r"^(?:please |just |and |then |now |so )*(?:let me (?:know|think|see|check|speak|talk|explain|start|rephrase|go|try|add)|give me (?:a (?:human|person|minute|second|moment|sec|break|call number)|the number|an? agent|a (?:hug|joke|recipe|link|list|summary|hint)|options|your)|get me (?:a|an|to) (?:human|person|agent|manager|someone)|make (?:it|that|a (?:complaint|note|report|suggestion|joke))|take (?:it|this|that|me|your|a|care) ?(?:back|out|seriously|time|deep)?|put me|put (?:it|that|this) (?:under|in|down|through|as)|send (?:it|this|that) (?:to|off|in|now|through)|get (?:on|off|out|lost|this straight|back to)|keep (?:it|my|me|this|going|the case)|stop (?:it|this|that|asking|a )|(?:cancel|close|drop|scrap|end|stop|reopen|withdraw|delete|remove|review|add|correct|fix|change|edit) (?:it|this|that|the|my) ?(?:complaint|case|chat|conversation|ticket|form|request|report|one|detail|details|address|phone|number|name|date|time|spelling|line|description|entry|draft|$)|let (?:him|her|them|people|customers|residents|parents) |write me|add (?:a|an|that|this|to|my|the)|review (?:the|my) (?:case|result)|hand (?:on|over)|open (?:the|a|my) (?:case|complaint|ticket|door|new)|end (?:of|the)|bring (?:me|it) |turn (?:left|right|to)|treat )"
)
_EN_RETURNED = re.compile(
    r"^(?:please |just )?stop (?!asking|messaging|repeating|talking|writing|transferring|telling|passing|giving|storing|using|sending|dragging|delaying|wasting)[a-z]+ing(?![a-z])|^(?:the|this|that|these|those|my|our|your) [a-z' ]{2,30}? (?:should|must|ought to|needs? to|has to|have to) be (?:[a-z]+ed|made|put|cut|sent|paid|given|taken|done|sacked|shut|built|swept)(?![a-z])|(?<![a-z])is all (?:i|we) (?:want|ask|need|am asking)|^(?:an?|some|the) [a-z ]{2,30} would be (?:nice|appreciated|welcome|great|good|a start|enough)$|^(?:someone|somebody) to [a-z]+ |^could (?:the|our|my) (?:council|company|landlord|shop|bank|hospital|school|manager|office|supplier|provider|team|city|agency|operator|developer) (?:please )?[a-z]+"
    r"|^(?:i'm|i am|we're|we are) (?:hoping|asking|after) (?:for |(?=an? ))(?!help|advice|information|some)"
    r"|^(?:i want |just )?(?:my|our) [a-z ]{2,24} (?:returned|refunded|back|reinstated|restored|repaid)(?: in full| asap| please| now| today| immediately)*$|^(?:a|an|some|full|proper|half)(?: [a-z]+)? (?:apology|refund|replacement|explanation|compensation) (?:and|or|would|will)(?![a-z])"
)
_PLEASE_YUE = re.compile(r"不该(?=[退派即快帮整修赔停换])(?![^,]*的)")
_EN_FIRST = re.compile(r"^(?:(?:so|and|but|then|ok|look|well|also|anyway|now) )+")


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Wishes in order of appearance; a wish that others refused or promised is not one."""
    for first, end in clauses(folded.text):
        # 唔該 ("please") is folded to 不该
        start = first + (2 if _PLEASE_YUE.match(folded.text, first, end) else 0)
        clause = folded.text[start:end]
        if len(clause) <= 160 and not asks_of_us(clause):
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
            order = _ZH_ORDER.search(clause)
            first = min(match.start(), order.start()) if order else match.start()
            yield _remedy(folded, start + first, end, 0.9)
        return
    opened = _ZH_OPEN.search(clause) or _ZH_ORDER.search(clause)
    if opened and len(clause) - opened.start() >= 4 and not _ZH_OPEN_NOT.search(clause):
        if not _told(clause, opened.start()) and not _REFUSED.search(clause, 0, opened.start() + 1):
            yield _remedy(folded, start + opened.start(), end, 0.7)
        return
    if len(clause) <= 20 and _ENOUGH.search(clause) and not _ZH_NOT.search(clause):
        yield _remedy(folded, start, end, 0.7)
        return
    if (
        len(clause) <= 14
        and _ZH_BARE.search(clause)
        and not _ZH_NOT.search(clause)
        and not re.search("关门|一星|颗星", clause)
        and not _ZH_DONE.search(clause)
        and (not _TOLD_AROUND.search(clause) or _ZH_SUM.search(clause))
    ):
        yield _remedy(folded, start, end, 0.6)
        return
    lead = _EN_FIRST.match(clause)
    offset = lead.end() if lead else 0
    english = _EN_WANT.search(clause, offset)
    earlier = _EN_OPEN.search(clause, offset)
    if english and not _EN_NOT.search(clause[: english.end()]):
        first = min(english.start(), earlier.start()) if earlier else english.start()
        yield _remedy(folded, start + first, end, 0.9)
    elif wish := _english_open(clause, offset):
        yield _remedy(folded, start + wish[0], end, wish[1])
    elif _EN_BARE.search(clause[offset:]) and not _EN_OF_US.search(clause, offset):
        yield _remedy(folded, start + offset, end, 0.7)


def _english_open(clause: str, offset: int) -> tuple[int, float] | None:
    """Where a wish with any deed begins, and how sure it is one."""
    match = _EN_OPEN.search(clause, offset)
    if _EN_OF_US.search(clause, offset):
        return None
    if (
        match
        and match.start() - offset <= 12
        and len(clause.split()) - len(clause[: match.end()].split()) >= 1
    ):
        if _EN_SAYS_ONLY.search(clause, match.start()) or _EN_NOT.search(clause, 0, match.start()):
            return None
        return match.start(), 0.6
    bare = clause[offset:]
    if _EN_RETURNED.search(bare) or (_EN_ORDER.match(bare) and not _EN_ORDER_NOT.match(bare)):
        return offset, 0.6
    return None


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
