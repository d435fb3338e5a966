"""The person's own name, where they introduce themselves, sign, or say nothing else. Value: the name as said."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from understanding.details.context import Context
from understanding.details.introduced import capitalised, uncased
from understanding.details.name_words import name_words
from understanding.details.people import ALSO_WORDS, DOUBLE_SURNAMES, SURNAMES, TITLE, is_name, name_end
from understanding.fold import Folded
from understanding.model import Detail

_CALLED = r"先生|女士|小姐|太太|阿姨|大姐|大妈|大爷|师傅|老师|叔叔?|姐|哥|工|总|婶|嫂"
_FULL = rf"(?:(?:{DOUBLE_SURNAMES})[一-鿿]{{1,2}}|[{SURNAMES}][一-鿿]{{1,2}}|[{SURNAMES}]{{2}}[一-鿿]{{2}})"
_WITH_TITLE = rf"(?:{DOUBLE_SURNAMES}|[{SURNAMES}])(?:{_CALLED})"
_STOP = r"(?=[,。!?;:、\s)/]|$|的(?!士)|今年|家住|住在?|电话|手机|是(?!的)|在|我|来|想|要|身份证|今天|昨天|哈|哦|呀|啊|呢|吧|嘛|啦|就[行好可]|也?[行好]|都?可以|好了|得了|即可|[0-9+]|之前|刚才|报的|[她他](?!们)|替|代|系|现|于|打|男|女|性别|投诉|反映|举报|实名|户|有(?:个|件|事)|跟你|和你|请|这[儿里边])"
_WHO = r"(?:我|俺|咱|偶|阿拉|侬|吾|本人|鄙人|在下|我个|我嘅|我的|我滴|人家)"
_FAMILY = r"(?:老公|老婆|老伴|爱人|丈夫|妻子|媳妇|爸爸?|妈妈?|父亲|母亲|公公|婆婆|岳父|岳母|儿子|女儿|孩子|小孩|娃|孙子|孙女|爷爷|奶奶|外公|外婆|姥姥|姥爷|哥哥?|姐姐?|弟弟?|妹妹?|[表堂][姐哥弟妹]|舅舅?|舅妈|姑姑?|姑妈|姨妈?|小姨|婶婶?|嫂子|侄子|侄女|外甥女?|同事|同学|闺蜜|对象|女婿|儿媳|家属|家人|亲属|邻居|室友|男朋友|女朋友)"
#: What a name follows. Words before it may be the end of another sentence, so they say so themselves.
_LED = re.compile(
    rf"(?:{_WHO}(?:的)?(?:个)?(?:名字|姓名|全名|大名|名)?(?:就)?(?:叫做|叫作|叫|唤作|喊)|{_WHO}(?:的)?(?:个)?(?:名字|姓名|全名|大名|本名|名)(?:叫|是|系|为)+|(?:名字|姓名|全名|[大本真学贱]名|中文名字?|真实姓名|称呼)(?:就)?(?:叫做?|是|写|填|报|登记|为|:|：| )?|姓名(?=[一-鿿])"
    rf"|(?:投诉[人者]|举报[人者]|[买卖]家|收货人|收件人|寄件人|被保险人|投保人|乘客|旅客|房客|会员|反映人|报修人|申请人|联系人|来电人|当事人|诉求人|收件人|登记人|户主|业主|租客|租户|机主|车主|患者|家长|会员名?|落款|署名?|此致|敬礼|签名|实名|敬上|登记(?=[:：一])|(?<![客用商住保])户名(?!单)|机主名)(?:姓名|名字)?(?:就?是|就?写|填|留|记|用|叫|为|系|一?下|个|:|：|,| )*|本人|鄙人|在下|{_WHO}?{_FAMILY}的?(?:名字)?(?:叫|名叫|是)|报(?:一下)?名字[?？:,，]*|(?:名字|就|你|帮我|请)(?:写|登记|留|填|记|报)(?:的|我的|一下|上)?(?:名字)?(?:就)?(?:写|是)?(?=[{SURNAMES}][一-鿿]{{1,2}}(?:吧|的名字|就行|就好|$|,|。))|留(?=[{SURNAMES}][一-鿿]{{1,2}}的名字)|{_WHO}(?:是|系)(?:业主|租客|租户|住户|机主|车主|户主|居民|村民|客户|用户|会员|学生家长|家长|员工|职工|乘客|患者)?(?!的)"
    rf"|(?:这里|这边|这儿|此处)(?:是|系)|{_WHO}(?:是|系)[^,。!?;的]{{2,14}}(?:业主|住户|居民|村民|市民|租户|租客|学生|员工|职工|商户)(?=(?:{_FULL})(?:[,。!?;]|$))|(?:我|本人|这里|这边)(?:是|系)[^,。!?;]{{2,16}}(?:的(?:业主|住户|居民|租户|租客|村民|客户|用户|乘客|家长|学生|员工)?|代表|负责人)(?=(?:{_FULL})(?:[,。!?;]|$)))\s?[,:：]?\s?(?P<name>{_FULL}|{_WITH_TITLE}){_STOP}"
)
#: After the surest words any short word is a name, whatever it begins with.
_ANY = re.compile(
    rf"(?:{_WHO}(?:的)?(?:全名(?:叫|是|:|：)?|(?:名字|姓名|大名)(?:叫|是|:|：))|(?:我|俺|咱|阿拉|本人)叫|姓名[:：]|名字[:：叫]|署名?[:：]?个?)\s?(?P<name>[一-鿿]{{2,5}}(?:·[一-鿿]{{1,6}})?)(?=[,。!?;]|就[行好可]|吧|$)"
)
#: "耿直，这就是我的真名": a name though it is a word.
_OWN = re.compile(
    r"^(?P<own>[一-鿿]{2,4})(?=[,。 ]*(?:这|那|它)?就?是(?:我|俺|本人)的?(?:真名|大名|本名|全名|名字|姓名))"
)
_ANY_NOT = re.compile(
    r"[了们他她你您它我来去不没车上下人一两三几个快就也都再着过吗呢吧啊什么谁救护外卖师傅物业客服电话警]"
)
_SURNAME = re.compile(
    rf"(?:(?<![让叫把给])(?:我|本人|免贵|敝|俺|咱|贱)|^|(?<=[,。 ]))姓(?P<name>{DOUBLE_SURNAMES}|[{SURNAMES}])(?![一-鿿]?(?:名(?!字)|氏)|的(?!$|[,。]))"
    r"|(?:(?<![让叫把给])我|本人|免贵|[敝贱鄙小]|俺|咱|阿拉|人家|在下)姓(?P<rare>[一-鿿])(?=[,。!?;\s]|$|[啦呀啊哦哈吧]|名|单名|双名|的(?:$|[,。]))(?<!名|啥)"
)
#: "替我婆婆投诉的，她叫刘桂香"
_FOR_KIN = re.compile(rf"{_FAMILY}[^。!?叫]{{0,12}}[她他](?:名字)?叫(?P<name>{_FULL}){_STOP}")
#: Nicknames, where people say what to call them; of any shape where they ask for no more ("叫我胖婶就行").
_CALL_ME = r"(?:叫我|喊我|称呼我|管我叫|喊我作|称我)(?:一声|为|做|作)?"
_SOME = re.compile(
    rf"{_CALL_ME}(?P<name>(?:小|老|阿|大)(?!太婆|百姓)[一-鿿]|{_WITH_TITLE}|{_FULL}|[一-鿿](?:姐|哥|叔|婶|姨|嫂|爷|伯|妈|总|工|导|子))(?=就|吧|好|行|也|,|。|$)"
    rf"|(?:^|[,。 你您]|大家|都|请|可以){_CALL_ME}(?P<nick>[一-鿿]{{2,4}}?)(?=就[行好]|就可以|即可|吧|好了|也行|都行|得了)"
)
_NOT_CALLED = re.compile(
    r"[怎如何去来等说己先再回滚看找交给出走别不一起上下办退付打过没干做啥么转重查欠]|名字|市民|他妈|你妈"
)
_BARE_ZH = re.compile(
    rf"^[\s—–-]*(?:写)?(?:(?:你好|您好|喂|嗯|好的?|行|可以|哦|是的?|对|hi|hello|亲)[啊呀吧,，。! ]*)?(?P<name>{_FULL}|{_WITH_TITLE})(?:就[行好]|吧)?\s?(?:$|[,。，、 ]+(?=(?:电话|手机|号码|联系|tel|预约|住|家住|身份证)|[0-9+(]|(?<= )[0-9]|男|女|我(?:要|想|家|是)|[一-鿿]{{1,6}}(?:小区|路|村)))"
)
#: "我姓岳，岳鹏程", "我，甄诚，实名投诉", "你好，余慧，就住对面"
_SET_OFF = re.compile(
    rf"姓(?P<said>[{SURNAMES}])[,。 ]+(?P<whole>(?P=said)[一-鿿]{{1,2}})(?=[,。 ]|$)|^(?:你好|您好|喂|嗯|我)[,。! ]+(?P<alone>{_FULL})(?=[,。])|(?<=[0-9零一二三四五六七八九室号栋楼])[,;] ?(?P<behind>{_FULL})(?=[,。;])"
)
_KIN = re.compile(rf"(?:我|俺|咱){_FAMILY}(?={DOUBLE_SURNAMES}|[{SURNAMES}])")
_OF_CHILD = re.compile(
    rf"(?:我|俺|咱){_FAMILY}(?P<kin>{_FULL})(?=的(?:名字|姓名|电话|手机|号|[一-鿿]{{0,3}}[卡证钱账房户车费金单]|$|[,。])|[,，。]|$)|(?:我|俺|这里|这边)是(?P<name>[{SURNAMES}][一-鿿]{{1,2}}?)[的她他](?={_FAMILY}|家长|代理人|律师)"
)
_MIXED = re.compile(
    r"(?:我叫|我是|名字[是叫]|我英文名叫?|叫我|姓名[:：]|这里是|租客|业主|住户|联系人|投诉人)[:：]?\s?(?P<name>[A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){0,2})(?![A-Za-z])"
)

_RANK = re.compile(
    "(?:队长|科长|主任|经理|所长|局长|处长|院长|校长|班长|组长|书记|警官|医生|护士|店长|司机|保安|主管|站长|会计|大夫|律师|法官)$"
)
#: "谢谢你", "查单", "莫得": turns that begin like a surname.
_SAID_ZH = re.compile(
    "谢谢|谢了|谢啦|谢意|谢过|多谢|查[单进一询订件]|莫[得问要非]|白[痴跑搞干来花等]|王八|成[交了申]|周[报一二三四五六日末]|安安|倪好|雷猴|欧[克了]|习惯|高[人手]|强[烈制]|严[重肃]|温[馨水]|段[代时]|陆续|祝[你您好]|包[退换括月]|易[燃碎]|(.)\\1+$|宁[可愿]|冷[得死]|和[你我他她]|后[来天]|于[是]|关[掉了门]|计[较算]|封[了]|管[不他你我]|向[你您他]|经[理过]|施[工]|连[个一]|相[当信]|万[一]"
)
_CAP = r"[A-ZÀ-ÖØ-Þ][\w'’-]*"
_PARTICLE = r"(?:de la |de los |del |della |de |da |dos |du |van der |van den |van |von |bin |binti |ibn |bint |al |el |ter |le |la |y )"
_INITIAL = r"(?:[A-Z]\.? )"
_NAME_EN = (
    rf"{TITLE}?{_INITIAL}{{0,2}}{_CAP}(?: (?:{_PARTICLE})?(?:[A-Z]\.(?= )|{_CAP}|(?:al|el)-{_CAP})){{0,4}}"
)
_END_EN = r"(?![\w'’-])"
#: What a name follows in English; ``low``: so sure that capitals are not needed.
_LED_EN = re.compile(
    r"(?:\b[Mm]y (?:full |real |legal |sur)?name(?:'s| is|:)(?: spel(?:t|led)| written)?|\bMY NAME IS|\b[Nn]ame ?(?:: ?|-|=)|(?<!'s )\b[Nn]ame is|\b[Nn]ame's|\b[Tt]he name(?:'s| is)|\b(?:[Mm]y |[Tt]he )?(?:[Ss]urname|[Ll]ast name|[Ff]amily name|[Ff]irst name|[Gg]iven name|[Ff]orename)(?:'s| is|:| -)?|\b[Ii](?:'m| am) called|\b[Ii] go by|\b(?:they|people|everyone|everybody|(?:my )?(?:friends|mates?|family|colleagues))(?: all| just)? calls? me|\b(?:[Yy]ou (?:can|may|could) |[Pp]lease )?(?:address|call) me(?: as)?|\b[Ii] sign as|\b[Ff]irst name(?:'s| is|:)?|\b[Tt]he (?:account holder|complainant|customer|tenant|owner)(?:'s name)? is|\b(?:[Cc]omplainant|[Cc]ustomer|[Aa]ccount holder|[Cc]ontact(?: name)?|[Rr]eported by|[Ff]rom|[Ss]igned|[Pp]atient|[Tt]enant)(?: ?:|,)|\b(?:[Cc]ontact name|[Ss]igned)|\bmy name,|\b(?:[Ff]ull|[Mm]y) name|\bin the name of|\bin (?:my|his|her|our|the) (?:[a-z]+(?:'?s)? )?names?,|\b(?:my|our) (?:late )?(?:husband|wife|partner|mum|mom|mother|dad|father|son|daughter|brother|sister|nan|gran|grandmother|grandfather|aunt|uncle)(?:'s name is| is called| is named|, called| called| named|,)|\bregistered (?:to|under|as)|\b(?:listed|held|known) (?:under|as|by)|\b[Yy]ou (?:can|could|may) put(?: down)?(?: as| under)?|\b[Ss]ent (?:from|by)|\bunder(?: the name(?: of)?| my name,?)?|\b[Jj]ust put(?: down)?|\b[Pp]ut (?:me )?down(?: as)?|\byou(?:'re| are) (?:talking|speaking) (?:to|with)|(?:^|[.,] ?)[Mm]yself|\b(?:[Ii]t'?s|[Tt]his is) (?:just |only )?me(?: again)?,|\b(?:writing|calling|complaining|acting) (?:as|for)) (?=\S)(?:(?:it's|is|as) )?"
    rf"(?P<name>{_NAME_EN}){_END_EN}"
)
_LED_LOW = re.compile(
    r"(?:\bmy (?:full |real )?name(?:'?s| is|:)|\bname ?: ?|(?<!'s )\bname is|\bname's|^myself) ?(?P<name>[^\W\d_][\w'’-]+(?: (?!and |from |here|calling|i |is |at |in |my |with |by |the |but )[^\W\d_][\w'’-]+){0,2})(?=\s*(?:$|[,.!;]| and | from | here| calling| i | at | in | my ))"
)
#: "on behalf of my son Jake": a single name that is well known as one.
_KIN_EN = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur) (?:late |elderly |old |eldest |youngest |little )?(?:husband|wife|partner|mum|mom|mother|dad|father|son|daughter|brother|sister|nan|gran|grandmother|grandfather|grandson|granddaughter|aunt|uncle),? (?P<name>{_CAP}){_END_EN}(?! {_CAP})"
)
#: "Li Wei is my name", "Ms Tran again"
_IS_MY_NAME = re.compile(
    rf"(?:^|[.,!] )(?P<name>{_CAP}(?: {_CAP}){{0,2}})(?= is (?:my|the) name\b)|(?:^|[.,!] )(?P<again>{TITLE}{_CAP}(?: {_CAP})?)(?= (?:again|once more|back again))"
)
#: "my son Callum Reid", "account holder Denise Okoro": two words with capitals, as one may be anything.
_BY_ROLE_EN = re.compile(
    rf"\b(?:(?:[Mm]y|[Oo]ur) (?:late |elderly |old |eldest |youngest )?(?:husband|wife|partner|mum|mom|mother|dad|father|son|daughter|brother|sister|nan|gran|grandmother|grandfather|grandson|granddaughter|aunt|uncle|child|nephew|niece)|[Aa]ccount ?holder|[Cc]ontact(?: person)?|[Pp]olicy ?holder|[Cc]ustomer|[Tt]enant|[Nn]ext of kin|[Ll]ead (?:passenger|guest)|[Pp]assenger|[Gg]uest|[Cc]ard ?holder|[Bb]ill ?payer|[Pp]atient)(?: name)?(?:'s name)?(?: is|:|,)? (?P<name>{_CAP} {_CAP}(?: {_CAP})?){_END_EN}"
)
_ON_PAPER = re.compile(r"\b(?:in|under) (?P<name>[A-Z][a-z'-]+?(?: [A-Z][a-z-]+){0,3})(?='s name(?![a-z]))")
_THIS = re.compile(
    rf"\b(?:[Tt]his is|[Ii]t(?:'s| is)|[Ii]t is|its|[Ii](?:'m| am)|[Ss]peaking is|[Cc]all me|i'm|it's) (?P<name>{_NAME_EN}){_END_EN}(?=\s*(?:$|[,.!;-])| (?:here|speaking|calling|writing|again|from|at (?:flat|number|no|[0-9])|of (?:flat|[0-9]|(?=[A-Z]))|by the way|btw|and (?:[Ii]'?m?|my|we|this|it'?s?|our|the)|in (?:flat|number)|the (?:tenant|owner)|I (?:live|am|have)|on (?:behalf|[0-9]|the (?:bill|account|contract|lease|form|policy|phone))|residing|living|who|off)\b)"
)
_HERE = re.compile(
    rf"(?:^|[.!?,]\s?|\b(?:[Ii]ts |[Ii]t's |[Tt]his is )|\b(?:[Hh]i|[Hh]iya|[Hh]ello|[Hh]ey|[Aa]lright|[Yy]o|[Mm]orning|[Aa]fternoon|[Ee]vening)[,!]? (?:there,? |again,? |all,? )?)(?P<name>{_NAME_EN}) (?:here|speaking|calling|writing|ringing)(?=\s*(?:$|[,.!;-])| (?:from|again|about|on|for|to|with|at|in|and|regarding|re)\b)"
)
_SIGNED = re.compile(
    rf"(?:\b(?:[Yy]ours(?: (?:sincerely|faithfully|truly))?|(?:[Kk]ind(?:est)? |[Bb]est |[Ww]arm )?[Rr]egards|[Tt]hanks(?: a lot| again)?|[Tt]hank you|[Tt]hx|[Cc]heers|[Ss]incerely|[Bb]est(?: wishes)?|[Rr]espectfully|[Ll]ove),?\s*[\n-]?\s*|^\s*[-~–—]+\s*|\n\s*[-~–—]*\s*)(?P<name>{_NAME_EN})(?=\s*[.,!]?\s*$|[,.] (?:[0-9+]|[Ff]lat|my|from)|, [0-9])"
)
_BARE_EN = re.compile(
    rf"^\s*(?:(?:[Ss]ure|[Yy]es|[Yy]eah|[Yy]ep|[Oo]k|[Oo]kay|[Ff]ine|[Hh]i|[Hh]ello|[Oo]f course|[Cc]ertainly|[Uu]m|[Ee]r|[Ii]t's)[,.! -]+)?(?P<name>{_NAME_EN})(?=\s*[.!]?\s*$|\. [0-9+(]|[.,] (?:[A-Z][-. ]){{2,}}|\. (?:Tenant|Owner|Resident|Leaseholder|Customer|Flat|Room)(?![a-z])|\. (?:I'm|I am|My|The) (?:the |a |an |at |in )?(?:leaseholder|tenant|owner|resident|customer|phone|number|address|flat|account|policy|mobile|email|parent|patient)|\s?[,-]\s?(?:account holder|tenant|resident|owner|[0-9+(]|(?:[Ff]lat|[Bb]lock|[Uu]nit|[Aa]pt|[Aa]partment|[Rr]oom|[Tt]ower|[Bb]uilding|[Hh]ouse) [A-Z0-9]|phone|mobile|tel|email|aged?|the name|(?:policy|account|booking|order|customer|member(?:ship)?|claim|ticket|card|contract|case)(?: no\.?| number| ref(?:erence)?)?|dob|date of birth|born|living|but |though |I know|spel[lt]|that's spelt|with an? |as in|double |no relation|one word|two words)|\s[-–(])"
)
_BARE_LOW = re.compile(r"^\s*(?:(?:sure|yes|ok|hi),? )?(?P<name>[a-z]{2,12} [a-z'-]{2,14})\s*[.!]?\s*$")
_HERE_LOW = re.compile(
    r"^\W*(?:(?:hi|hiya|hello|hey|its|it's|this is|morning|yo)[,!]? (?:there,? )?)?(?P<name>[a-z]{2,14}(?: [a-z'-]{2,14})?) (?:here|speaking|calling)(?![a-z])"
)
#: "i'm dave", "its julie again": without capitals only well-known names.
_THIS_LOW = re.compile(
    r"(?<![a-z])(?:i'm|i am|im|it's|its|this is|call me) (?P<name>[a-z]{2,14}(?: (?!here|again|and|from|by|at|in|i)[a-z'-]{2,14})?)(?=\s*(?:$|[,!]|\.(?![a-z]))| (?:here|again|and|from|by|at|in|i)(?![a-z]))"
)
_ONE_WORD = re.compile(r"[A-Z][a-z]{2,11}")
_SURE_TAIL = re.compile(r" (?:Here|Speaking|Calling|Again|From|And|Is|My|At|In|On|But|I|The|About)(?: .*)?$")


#: Start, end and confidence of a name.
_Span: TypeAlias = tuple[int, int, float]


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Names in order of appearance within each way of giving them, Chinese first."""
    text, cased = folded.text, folded.cased
    spans: list[_Span] = []
    if folded.chinese:
        spans += [span for span in _chinese(text) if not _is_word(text[span[0] : span[1]])]
        spans += _mixed(cased)
        spans += [(*match.span("own"), 0.8) for match in _OWN.finditer(text)]
    if any("a" <= sign <= "z" for sign in text):
        spans += [*_english(cased), *_uncased(text, cased), *capitalised(cased), *uncased(text)]
    for start, end, sure in spans:
        yield folded.detail("name", folded.said(start, end), start, end, sure)


def _chinese(text: str) -> Iterator[_Span]:
    """What stands where a name could; common words among them are left out by the caller."""
    for pattern, sure in ((_LED, 0.9), (_SURNAME, 0.9), (_OF_CHILD, 0.9), (_FOR_KIN, 0.8), (_SET_OFF, 0.8)):
        for match in pattern.finditer(text):
            start, end = match.span(match.lastgroup or "name")
            yield start, end - _too_long(text, start, end), sure
    for match in _KIN.finditer(text):
        named = name_end(text, match.end())
        if named and text[match.end()] not in ALSO_WORDS:
            yield match.end(), named, 0.7
    for match in _SOME.finditer(text):
        if not _NOT_CALLED.search(match["name"] or match["nick"]):
            yield *match.span(match.lastgroup or "name"), 0.8
    for match in _ANY.finditer(text):
        if not _ANY_NOT.search(match["name"]):
            yield *match.span("name"), 0.7
    bare = _BARE_ZH.match(text)
    if bare and (bare["name"][-1] not in name_words().ends_zh or len(bare["name"]) == 2):
        yield *bare.span("name"), 0.7


def _mixed(cased: str) -> Iterator[_Span]:
    for match in _MIXED.finditer(cased):
        if match["name"].split()[0].lower() not in name_words().not_en:
            yield *match.span("name"), 0.9


def _too_long(text: str, start: int, end: int) -> int:
    """1 where the last sign belongs to what follows ("我叫王芳住在…" reads 王芳住)."""
    return 1 if end - start == 3 and text[end - 1] in "住在是想要来的吧哈啊呀今昨" else 0


def _is_word(said: str) -> bool:
    if _RANK.search(said) or _SAID_ZH.match(said):
        return True
    return name_words().is_word(said)


def _english(cased: str) -> Iterator[_Span]:
    """Names by their capitals."""
    for pattern, sure in (
        (_ON_PAPER, 0.8),
        (_BY_ROLE_EN, 0.7),
        (_LED_EN, 0.9),
        (_THIS, 0.9),
        (_HERE, 0.9),
        (_SIGNED, 0.8),
        (_BARE_EN, 0.7),
    ):
        for match in pattern.finditer(cased):
            start, end = _trimmed(cased, *match.span("name"))
            said = cased[start:end]
            if said and is_name(said, bare=pattern is _BARE_EN, this=pattern is _THIS):
                yield start, end, sure
    for match in _KIN_EN.finditer(cased):
        if match["name"].lower() in name_words().given_en:
            yield *match.span("name"), 0.6
    for match in _IS_MY_NAME.finditer(cased):
        if is_name(match[match.lastgroup or "name"]):
            yield *match.span(match.lastgroup or "name"), 0.8
    word = cased.strip(" .!")
    if _ONE_WORD.fullmatch(word) and is_name(word, this=True):
        start = cased.index(word)
        yield start, start + len(word), 0.4


def _uncased(text: str, cased: str) -> Iterator[_Span]:
    """Names in small letters: behind the surest words, and well-known given names."""
    words = name_words()
    for match in _LED_LOW.finditer(text):
        if words.not_en.isdisjoint(match["name"].split()) and text[match.start("name")] != "\x00":
            yield *match.span("name"), 0.8
    for pattern, said in ((_THIS_LOW, text), (_HERE_LOW, text), (_BARE_LOW, cased)):
        for match in pattern.finditer(said):
            parts = match["name"].split()
            if parts[0] in words.given_en and words.not_en.isdisjoint(parts):
                yield *match.span("name"), 0.7


def _trimmed(cased: str, start: int, end: int) -> tuple[int, int]:
    """Without capitals that belong to the next words ("Sinead Again", "Tom Hadley Here")."""
    tail = _SURE_TAIL.search(cased[start:end])
    end = start + tail.start() if tail else end
    while end > start and cased[end - 1] in "'’-. ":
        end -= 1
    return start, end
