"""Wishes to the one who takes the complaint ("register it for me", "告诉我归谁管"): no remedy.

What the organisation is to do (refund, repair, apologise) stays a remedy, also where both are said in one clause.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re

_THING_ZH = r"(?:投诉|举报|检举|报修|案件|案子|单子?|工单|登记|[这那]个(?=$|吧|了|投诉|单|申请|登记|案)|这次|本次|之前的|昨天(?:那个|的)?|其中一个|信息|填写)"
_FIELD_ZH = r"(?:电话|手机号?|联系人|联系方式|时间|日期|地址|地点|姓名|诉求|描述|内容|信息|称呼|类别|金额|邮箱|单号|资料|答案)"
_ZH = re.compile(
    rf"登记(?!证)|记录(?!仪)|记下|记一[笔下]|写(?:上|下|进|清楚|明白|详细)|备注|立个?案(?!侦查)|受理|存档|转(?:给|交|达|告|接)|转到(?=.{{0,8}}(?:部门|单位|人工|领导|投诉|科室))|报(?:上去|给)|反映上去|上报|(?:我的?|一条|本次)?提交|进度|编号|回执|告诉我|告知(?:一下)?我|归谁|谁管|谁负责|哪个部门|哪里办|流程|怎么投诉|(?:帮我|我要|我想|替我)(?:投诉|举报)"
    rf"|(?:帮|替|给)我(?:投诉|举报|反映|写|填|问|查)(?:一?下)?|查一?下(?:我的?|我妈的|单|$)|单号|(?:我的?|这个|那个|上次的?)(?:单子?|工单|投诉)(?:处理)?(?:到|得|怎|情况|$)|处理(?:情况|到哪|得如何|到什么|到第几)|(?:加到|附到|附加|附上|添到|补到|加进|放进)|添(?:一|两|几)?张|单子?上[添加补]|上传|(?<!们)(?:补|加|添)上(?:$|去|(?:她|他|我)的名字|损失|合同)|补给你们|补个(?:门牌|电话|时间|地址)"
    rf"|(?:取消|停止|关闭|退出|撤销|删除|清掉|算了)(?:了|吧|掉|啦|它)?$|(?:取消|停止|撤[销掉了回]?|退出)(?:我的?|我想|掉)?{_THING_ZH}|撤(?:个|了|掉|销|回|诉)(?:$|吧|嘛|得了|算|单|诉|案|投诉|举报)|(?:投诉|举报|案件|案子|单子|检举)(?:给|都|全)?(?:取消|撤|销)|停止(?:调查|收集|搜集|蒐集)"
    rf"|(?:改成|改为|换成|换到|更正为?|修改|更改|改一?下|删掉|去掉)(?:一?下)?(?:我的|那个)?(?:{_FIELD_ZH}|那句|这句|$)|{_FIELD_ZH}(?:改|换|更正|修改)|[\"“「][^\"”」]*[\"”」](?:改|换|去|删)"
    r"|重新(?:说|填|开始|来|录|整|搞|讲|组织|提交|投诉|登记|询问|问|写|起|开一|给你)|从头|清掉重|语言|[中英日韩法]文|英语|普通话|粤语|繁体|切成|翻成|示范|(?:举|给)个?(?:例子|模板|提示)|举例|帮我什么|^(?:帮我|我想|给我|让我)?看看$|(?<!出来)给我看|解释一?下(?:$|这个|问题|什么)|指导|教我"
    r"|(?:删[除掉了]|清除|注销|抹掉|移除|更正|查阅|提供|停止).{0,10}(?:信息|数据|资料|[记纪]录|照片|个资|隐私|账号|身份证|聊天|手机号)|(?:信息|数据|资料|照片|身份证号?|电话|地址|记录)(?:从|给|都|全)?.{0,6}(?:删|清掉|移除|抹)|数据副本|保存了我|匿名|实名|别(?:泄露|透露|说是我)|不要(?:泄露|透露|说是我)"
    r"|人工|真人|(?<![这那]个)(?<![这那该]名)客服(?:来|接|跟|吧|$)|专员|承办人|工作人员(?:来|接|跟|和|与|对接|联系)|接通|(?:给|帮)我(?:叫|找|换|接|派|转)个?人|对接|(?:原话|原样)|麻烦(?:你们?|您们?|了|啦){1,3}$|听我[讲说]|请问|(?:要|能|可以|得)多[少久]|怎么[算计办]|几[日天]|哪里?(?:办|补|领|交)|(?:(?<!不)可以|要求|能(?![调换修退补加减关开装派延早])|会).{0,8}[吗么][?？]?$(?<!退了吗)(?<!给我.吗)"
)
#: Deeds that only those can do whom the complaint is about.
_REAL_ZH = re.compile(
    r"退(?:款|钱|还|费|货|回|我|给|一|掉|了)|[赔偿]|道个?歉|赔礼|维修|抢修|修(?:好|一|路|理|复|补)|补偿|补发|处分|处罚|开除|整改|整治|严肃|严查|换(?:货|个新|新|个?(?:师傅|房|座位|车|人)|一台|一个新)|拆|恢复(?:供|原|通|用|正)|停(?:工|掉|电|水|了)|清(?:运|理|走)|减免|免除|更换|派人|上门|侦查|解决|查处|核实|改进|改善|优化|简化|完善|把[^,]{2,}补上|违约金|滞纳金|罚款|押金|[续务理]费|征信|违章|扣分|黑名单|推销|骚扰|广告|营销"
)

_OBJECT_EN = r"(?:complaint|complaints|case|cases|ticket|report|form|chat|conversation|draft|file|record|claim form|statement|summary|description|entry|investigation|registration|process)"
_FIELD_EN = r"(?:phone|mobile|address|email|e-mail|date|time|amount|surname|name|number|plate|spelling|answer|answers|postcode|location|sentence|part about|category|details?|reference)"
_EN = re.compile(
    rf"(?<![a-z])(?:(?:log|register|record|note) (?:it|this|that)(?= and| for| please|$)|(?:log|register|record|note|file|raise|lodge|submit|report|escalate|forward|pass|send|put|add|attach|include|type|write) (?:(?:it|this|that|these|them|all|my|the|a|an|down|up|new|second|complaint|what|him|her) ?){{1,3}}(?:down|up|on|in|along|through|across|for me|for us|as well|too|please|now|here|{_OBJECT_EN}|to (?:my|the|your) {_OBJECT_EN}|to the (?:right|relevant|correct|proper|responsible|same)|$)"
    rf"|(?:open|raise|start|make|create|lodge|file|register|cancel|close|drop|withdraw|stop|end|scrap|remove|keep|see|check|track|find) (?:(?:a|an|my|the|this|that|our|your|whole|new|official|formal|second|first|other|another|previous|last|handling|filling) ?){{0,3}}{_OBJECT_EN}|my {_OBJECT_EN} (?:cancell?ed|closed|dropped|withdrawn|removed|taken|back)|complaint (?:back|cancelled|removed)"
    rf"|(?:change|correct|alter|amend|update|fix|edit|remove|take out|swap|put) (?:the |my |that |this |last )*{_FIELD_EN}|(?:change|correct|go back|redo|rephrase|start (?:over|again)|begin again|restart|undo|put in as well|make correction)(?: something| what i| it| this| that| in|$| the whole| all)|who (?:handles|deals|is responsible|do i|should i|can i|to)|let (?:them|him|her|someone|the [a-z]+) know|tell (?:me|them|him|her|us)"
    r"|(?:a |the |my |any )?(?:reference|case|ticket|tracking|complaint) (?:number|no|id)|(?:give|get|send) me (?:a|the|my) (?:reference|receipt number|case id)|to listen|someone listen|hear me|(?:speak|talk) (?:to|with)(?! (?:that|this|him|her|them|your|the driver|the staff))|right (?:team|people|person|department|place)|put (?:me|us|it|this) (?:through|on)|transferred|connected|hand me over|pass me"
    r"|(?:need|want|like|request|have|get|give me|give us|some|any|further) (?:some |any |a bit of |a |an |more )?(?:help|hand|assistance|guidance|instructions?|info|information|examples?|sample|options|menu|clue|hint|appointment|interpreter|manager|supervisor|staff member|somebody|someone|human|agent|person|advice|update|news)(?:$| here| please| from| with| on| about| at| official| alive| real| who| now| can| in| to (?:talk|speak))"
    r"|(?:can|could|would|will) (?:you|somebody|someone)(?: please| kindly| just)? (?:explain|help|guide|teach|walk me|clarify|repeat|reply|answer|use|make it|put that|give me an? (?:example|sample|idea))|(?:please|kindly)(?: do)? (?:explain|guide|clarify|reply|answer|repeat)(?! (?:why|to them|for what))|^explain(?! why)"
    r"|(?:delete|remove|erase|wipe|copy of|see|show me) (?:all )?(?:of )?(?:the )?(?:my |about me )(?:personal |bank |phone |email |passport |own )?(?:data|info|informations?|records?|photos?|number|details|history|email|scan|account data)|my (?:photos?|data|details|personal data) (?:taken|removed|deleted|erased)|personal data|information you have about me|database"
    r"|(?:can|could|may) i (?:still |also |just )?(?:pay|cancel|change|send|apply|book|use|keep|see|open|add|bring|correct|fix|fill|answer|stop|ask|know|have your|move|complain|report|upload|attach)(?![a-z])|need to (?:open|book|do this over|report|know|complain|ask|correct|change|go back)|want to (?:add|include|open|order|apply|abandon|drop|stop|finish|cancel(?: this| it| that)?$|begin|redo|meet|complain|report)|(?:don't|do not) want to (?:answer|finish|go)|ask you (?:something|to do)|let me (?:re|begin|begin|do|correct|fix|out|start)|get me out"
    r"|in (?:english|chinese|mandarin|cantonese|hindi|spanish|french|polish|welsh|urdu)|language)(?![a-z])"
    r"|^(?:(?:please|kindly|just|can we|could you|i want to|i'd like to|let's|ok|no) )*(?:cancel|stop|drop|end|quit|undo|clear|delete|discontinue)(?: (?:it|this|that|one|here|all|now|everything|for now|the second|the first)){0,2}(?: please| pls| can)?$"
)
_REAL_EN = re.compile(
    r"(?<![a-z])(?:refund|compensat|apolog|reimburs|repair|replace|money back|(?:full|partial) payment|discount|waive|fine|fee|charges? off|fix (?!my|the date|the time|the amount)|mend|reconnect|restore|disciplin|sack|fired|retrain|investigate|deliver|collect|come (?:out|and)|plumber|electrician|engineer|on (?:my|the|our|his|her) (?:licen[cs]e|bill|account|record|certificate|passport|card|permit|deeds|register|lease|contract|statement|invoice|policy)(?![a-z]))"
)
_LETTERS = re.compile("[a-z]{2}")


def asks_of_us(clause: str) -> bool:
    """Whether a clause of folded text wants something of the conversation and nothing of those it is about."""
    if _ZH.search(clause):
        return not _REAL_ZH.search(clause)
    return bool(_LETTERS.search(clause) and _EN.search(clause)) and not _REAL_EN.search(clause)
