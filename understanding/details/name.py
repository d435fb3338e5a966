"""The person's own name, only where they introduce themselves. Value: the name as said."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.context import Context
from understanding.details.staff import SURNAMES
from understanding.fold import Folded
from understanding.model import Detail

_DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|端木|夏侯"
_STOP = r"(?=[,。!?;:、\s)的]|$|今年|家住|住在|电话|手机|是|在|我|来|想|要|身份证|,)"
_ZH = re.compile(
    rf"(?:我叫|我的名字叫?是?|本人姓名|我名叫|我名字叫?是?|姓名(?:是|为|:)?|本人叫?|名字是|我是(?=[{SURNAMES}][一-鿿]{{1,2}}(?:[,。!?;]|$))|投诉人(?:是|为|:)?|联系人(?:是|为|:)?)\s?[:,]?\s?(?P<name>(?:{_DOUBLE})[一-鿿]{{1,2}}?|[{SURNAMES}][一-鿿]{{1,2}}?){_STOP}"
)
_SURNAME = re.compile(rf"(?:我|本人|免贵)姓(?P<name>{_DOUBLE}|[{SURNAMES}])(?![一-鿿]?(?:名|氏))")
_NOT_ZH = ("本来", "本地", "业主", "居民", "市民", "学生", "老师", "老人", "单身", "残疾", "农民", "一个", "外地", "租户", "高三", "新来", "常客", "孕妇", "于是", "何时",
           "安装", "华为", "方便", "关心", "解决", "时常", "成都", "石家", "武汉", "江苏", "温州", "向你", "包括", "单位", "管理", "路过", "常年", "查询", "申请", "程序", "时间", "成年", "安全", "常住", "单亲", "经常", "明明", "严重", "秦始", "向来", "有关", "全权", "余额", "章程", "于今", "强烈", "金卡")  # fmt: skip
_EN = re.compile(
    r"(?:[Mm]y (?:full )?name(?:'s| is|:)|MY NAME IS|[Nn]ame ?: ?|[Tt]his is(?= [A-Z])|\b[Ii](?:'m|’m| am) called|[Ii] go by|[Tt]he name(?:'s| is)|\b(?:and )?name's|[Cc]all me(?= [A-Z][a-z]+\b(?! me| on| at| back)))\s+"
    r"(?P<name>(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Za-z][A-Za-z'-]{1,20}(?: (?:de |van |von |bin |al-|el )?(?!And|Is|From|My|The|In|At|On|But|Here|Again|Calling)[A-Z][A-Za-z'-]{1,20}){0,3})(?![a-z])"
)
_EN_IAM = re.compile(
    r"(?:^|[.!?,]\s?|\b[Hh](?:i|ello),? )[Ii](?:'m| am) (?P<name>[A-Z][a-z]{1,15}(?: [A-Z][a-z'-]{1,20}){0,2})(?=[,.!]|\s*$| from| and (?:I|my)| calling| writing| here)"
)
_MYSELF = re.compile(
    r"(?:[Mm]yself|[Ii]t'?s(?= [A-Z][A-Za-z' -]{1,40} (?:here|speaking|calling)\b)|[Yy]ours (?:sincerely|faithfully|truly),?|[Rr]egards,?|[Tt]hanks,?)\s+(?P<name>(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][A-Za-z'-]{1,20}(?: [A-Z][A-Za-z'-]{1,20}){0,2})(?= here\b| speaking\b| calling\b|(?<=[a-z]) from\b|\s*$|[,.] (?:[0-9+]|from|flat|my)|, [0-9])"
)
_SOME = re.compile(
    rf"(?:叫我|喊我|称呼我)(?P<name>(?:小|老|阿)[{SURNAMES}]|[{SURNAMES}](?:先生|女士|小姐|阿姨|大姐|师傅|老师|叔叔?|姐|哥|工|总))(?=就|吧|好|行|也|,|。|$)"
)
_MIXED = re.compile(
    r"(?:我叫|我是|名字[是叫]|我英文名叫?)\s?(?P<name>[A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){0,2})(?![A-Za-z])"
)
_NOT_EN = frozenset(["a", "an", "the", "not", "so", "very", "really", "just", "still", "a", "your", "my", "his", "her", "ridiculous", "outrageous", "terrible", "unacceptable", "disgusting", "british", "chinese", "english", "indian", "american", "disabled", "pregnant", "happy", "sad", "angry", "sorry", "spelt", "spelled", "on", "in", "wrong", "urgent", "awful", "bad", "it", "what", "why", "how", "about", "regarding", "private", "confidential", "getting", "beyond", "scandalous", "absolutely", "appalling", "no", "insane", "crazy", "customer", "down", "pinned", "wrongly", "cleared", "written", "misspelled", "misspelt", "missing", "already", "mentioned", "listed", "known", "there", "gone", "off", "also", "now", "being", "been", "never", "always", "incorrect", "different", "correct", "right", "mr", "mrs", "ms", "dr"])  # fmt: skip


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Names in order of appearance, Chinese first."""
    for pattern in (_ZH, _SURNAME, _SOME):
        for match in pattern.finditer(folded.text):
            if not match["name"].startswith(_NOT_ZH):
                start, end = match.span("name")
                yield folded.detail("name", folded.said(start, end), start, end, 0.9)
    for pattern in (_EN, _EN_IAM, _MYSELF, _MIXED):
        for match in pattern.finditer(folded.cased):
            start, end = match.span("name")
            if match["name"].split()[0].lower() not in _NOT_EN:
                yield folded.detail("name", folded.said(start, end), start, end, 0.9)
