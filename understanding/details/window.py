"""The counter or window where somebody was served, as said ("二楼5号柜台", "window 6")."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.context import Context
from understanding.fold import Folded
from understanding.model import Detail

_N = r"(?:[a-z]{0,2}-?[0-9]{1,4}[a-z]?|[零〇一二两三四五六七八九十百幺]{1,4}|[a-z])"
_KIND = r"(?:窗口|柜台|窗台|柜面|柜(?!子|员)|服务台|咨询台|导办台|工位|诊室|检票口|登机口|收银台|自助机|号台|台席)"
_ZH = re.compile(
    rf"(?<![0-9])(?:(?:[0-9]{{1,2}}|[一二两三四五六七八九十]{{1,2}}|负一)(?:楼|层)的?)?(?:[a-z]区的?)?(?:{_N}\s?号?(?:综合|办事|业务|服务|出生|缴费|收费|退费|挂号|取药|户籍|社保|不动产|税务|咨询)?{_KIND}|{_KIND}(?:号|编号)?(?:是)?\s?(?!一[共位名直个样天下律般点些边起]|[a-z]{{2}}){_N}号?)"
    r"|(?:综合|挂号|收费|缴费|取药|户籍|社保|医保|公积金|不动产|税务|出入境|退费|发证|受理|咨询|办证|退改签|售票|退票|改签|取票|验票|安检|贵宾|预约|综合服务|人工)(?:业务|服务)?(?:窗口|柜台)"
    rf"|(?:(?:[0-9]{{1,2}}|[一二两三四五六七八九十]{{1,2}}|负一)(?:楼|层)的?|[a-z]区的?|一楼大厅的?|人工|综合|顾客|客户)(?:服务台|咨询台|导办台|收银台|自助机|前台)|(?:[0-9一二三四五六]{{1,2}}(?:楼|层))?[a-z]区的?窗口|(?<![0-9]){_N}号窗(?!户|帘|子)|(?<![a-z0-9])[a-z]?[0-9]{{1,2}}窗(?!户|帘|子|口)|(?:[东西南北左右前后][侧边面]的?)?(?:第(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}})个|最[左右里外东西前后][边面头]的?(?:那个)?|[东西南北左右][侧边]的?)窗口?(?!户)"
)
_EN_N = r"(?:no\.? ?|number |#)?(?:[a-z]?[0-9]{1,3}[a-z]?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-h])(?![a-z0-9])"
_EN = re.compile(
    rf"(?<![a-z])(?:service |check-in |ticket |help )?(?:window|counter|desk|booth|kiosk|teller|(?<=at )till|(?<=on )till|(?<=to )till|till(?= (?:no|number|#))|checkout) {_EN_N}(?! (?:was|is) (?:broken|cracked|smashed|leaking))"
    r"|(?<![a-z])(?:first|second|third|fourth|fifth|last|end) (?:window|counter|desk)(?![a-z])|(?<![a-z])(?:enquir(?:y|ies)|inquiry|information|info|help|service|reception|check-in|returns|customer services?|visa|payments?|passport) (?:desk|counter|window)(?![a-z])(?! [0-9a-h](?![a-z]))"
    r"|(?<![a-z])(?:counter|window|desk) (?:on|at) the (?:ground|first|second|third|1st|2nd|3rd) floor"
)


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Windows in order of appearance. Value: the words as said."""
    for pattern in (_ZH, _EN) if folded.chinese else (_EN,):
        for match in pattern.finditer(folded.text):
            yield folded.detail("window", folded.said(match.start(), match.end()), match.start(), match.end())
