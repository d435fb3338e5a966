"""Who of the staff it was about: badge number, surname, name, looks. Value: the words as said."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.context import Context
from understanding.fold import Folded
from understanding.model import Detail

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强丘华褚"
_TITLE = r"(?:经理|主任|科长|队长|师傅|先生|女士|小姐|警官|医生|护士|大夫|老师|所长|局长|主管|会计|柜员|大姐|大哥|阿姨|站长|组长|书记|处长|院长|校长|班长|客服|工程师|专员|店长|律师|法官|助理|保安|管家|辅警|姑娘|小哥)"
_LOOKS = r"戴(?:着)?(?:眼镜|口罩|帽子|金丝眼镜|黑框眼镜)|穿(?:着)?[一-鿿]{1,6}?(?:衣服|制服|裙子|外套|衬衫|马甲|西装|工装|衬衣|毛衣|夹克|t恤)|(?:长|短|卷|黄|染|白|光)头?发|秃顶|光头|扎(?:着)?(?:马尾|辫子)|胖胖?|瘦瘦?|高高?个子?|矮个子?|年轻|中年|岁数大|上了?年纪|五十来岁|四十来岁|三十来岁|二十多岁|[三四五二]十(?:多|来|几)?岁|留胡子"
_PERSON = r"(?:[男女](?:柜员|工作人员|员工|保安|司机|服务员|店员|护士|医生|老师|客服|办事员|警察|经理|售货员|收银员)|男的|女的|男士|女士|男人|女人|小伙子?|姑娘|大姐|大哥|大叔|阿姨|工作人员|办事员|柜员|人员|店员|服务员|保安|师傅|志愿者|辅导员|检票员|乘务员|售票员|安检员|司机|快递员|骑手|外卖员|收费员|管理员|柜姐|导购|教练|护工|前台|城管|交警|辅警|协管员?|经理|主管|主任|领导|护士|医生|小哥|小姐姐?|大妈|老头|那个人?|那位|人)"
_ZH = (
    re.compile(
        r"(?:工号|胸牌号?|警号|工牌号?|(?:员工|客服|坐席|柜员|乘务员|司机)编号)(?:是|为|:|上写的?是?|写着|上?印的?是?|尾号|号)?\s?(?P<badge>[a-z]{0,3}-?[0-9]{2,8})(?![0-9a-z]|年|月)"
    ),
    re.compile(
        rf"(?:一个|那个|有个|这个|个)?姓[{SURNAMES}](?:的|名)(?:那个|一个)?(?:{_PERSON}|{_TITLE}|科员)?"
    ),
    re.compile(
        rf"(?:那个|有个|这个|一个|那位|一位)?(?:{_LOOKS})(?:[、,的]{{1,2}}(?:{_LOOKS}))?的?(?:那个|那位|一个|一位)?{_PERSON}"
    ),
    re.compile(
        rf"(?<![一-鿿])(?!谢谢|安装|文字|语音|施工|管理|单位|成年|高级|白天|司机|专业|相关|全体|万能|金牌|方便)[{SURNAMES}][一-鿿]?{_TITLE}|(?<=[是找叫给跟和问与让被向由位个的,。说讲对把连有去])[{SURNAMES}]{_TITLE}"
    ),
    re.compile(
        r"(?<![一-鿿])(?:值班|大堂|客户|项目|区域|物业|店面|当班)(?:经理|主任|主管|店长|人员|领导|医生|护士)"
    ),
    re.compile(
        rf"(?<=叫)(?:小|老|阿)?[{SURNAMES}][一-鿿]{{0,2}}(?=的(?:人|工作人员|客服|柜员|办事员|经理|师傅|护士|医生|保安|女|男|小|大|那))"
    ),
    re.compile(
        rf"(?<![一-鿿大])(?!小时|老师|小单|小强|老毛|老路|老单|小康|小方|老熊|小金|小马|老牛|老江|小龙)[小老][{SURNAMES}](?![一-鿿]{{0,1}}(?:区|路|街))(?=[,。!?说态骂把给让不就没也还是接处办来告回答应负]|$)"
    ),
)
_ROLE = r"(?:lady|woman|man|guy|girl|boy|bloke|chap|gentleman|lad|lass|clerk|security guard|security|bouncer|porter|conductor|postman|courier|delivery (?:guy|man|driver)|conductor|plumber|builder|sergeant|constable|warden|carer|dentist|pharmacist|tutor|coach|host|hostess|sir|madam|ma'am|uncle|aunty|agent|officer|nurse|doctor|manager|supervisor|receptionist|driver|waiter|waitress|engineer|technician|teller|adviser|advisor|rep|representative|employee|staff member|member of staff|colleague|person|assistant|cashier|guard|operator|receptionist|inspector|attendant|teacher|fella|dude)"
_EN = (
    re.compile(
        r"(?<![a-z])(?:badge|staff|employee|id badge|collar|officer)(?: (?:no\.?|number|id))?(?: (?:is|was|said|reads?|reading))?[ :#]{1,2}(?P<badge>[a-z]{0,3}-?[0-9]{2,8})(?![0-9a-z])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![a-z])(?:an? |the |some |this |that |your )?(?:[a-z]+ ){{0,2}}{_ROLE} (?:called|named|by the name of|whose name (?:is|was)|who said (?:his|her) name was|wearing a badge saying) (?!me |my |us |him |her |it |the |them |you |our |a |an |back|again|in |on |out|this|that |into|as )[a-z][a-z'-]+(?: (?-i:[A-Z][a-z'-]+))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![a-z])(?:an? |the |this |that )?(?:(?:tall|short|young|blonde|blond|bald|middle-aged|thin|big|large|bearded|dark-haired|grey-haired|ginger) ){{1,3}}{_ROLE}(?: (?:with|in|wearing) (?:an? |the )?(?:[a-z-]+ ){{0,3}}(?:glasses|beard|hat|shirt|jacket|hair|uniform|ponytail|scarf|suit|tie|moustache|hoodie|vest))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![a-z])(?:an? |the |this |that )?{_ROLE} (?:with|in|wearing) (?:an? |the |his |her )?(?:[a-z-]+ ){{0,3}}(?:glasses|beard|hat|shirt|jacket|hair|uniform|ponytail|scarf|suit|tie|moustache|hoodie|vest)",
        re.IGNORECASE,
    ),
)
_TITLED = re.compile(
    r"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Dr|Officer|PC|Nurse|Inspector)\.? [A-Z][a-z]+(?:[ -][A-Z][a-z]+)?"
)
_SIGNED = re.compile(
    r"(?<![A-Za-z])(?:dealt with by|served by|spoke (?:to|with)|speaking (?:to|with)|handled by|helped by|talked to) ([A-Z][a-z]+(?: [A-Z][a-z]+)?)(?![a-z])"
)


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """People in order of appearance within each way of naming them; overlapping ways are joined later."""
    text = folded.text
    for pattern, said in (*((each, text) for each in _ZH), *((each, folded.cased) for each in _EN)):
        for match in pattern.finditer(said):
            yield _staff(folded, match.start(), match.end())
    for match in _TITLED.finditer(folded.cased):
        yield _staff(folded, match.start(), match.end())
    for match in _SIGNED.finditer(folded.cased):
        yield _staff(folded, match.start(1), match.end(1))


def _staff(folded: Folded, start: int, end: int) -> Detail:
    return folded.detail("staff", folded.said(start, end), start, end)
