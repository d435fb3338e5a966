"""Numbers of orders, accounts, policies, tickets, applications, cards and parcels.

Value: ``{"number": "TS261121-482913", "label": "ticket"}``; ``label`` is ``order account policy ticket application
card tracking`` or empty when the words do not say. Letters are capitals, spaces and # are gone.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.context import Context
from understanding.details.hotlines import HOTLINES
from understanding.details.id_number import is_id_number
from understanding.fold import Folded
from understanding.model import Detail

#: Words before a number, most exact first; the first table row that matches names the label.
LABELS: tuple[tuple[str, str], ...] = (
    ("tracking", r"快递单?号?|运单号?|物流单?号?|包裹号?|邮件号|tracking|parcel|waybill|consignment"),
    (
        "ticket",
        r"工单号?|投诉单?号|投诉编号|受理编?号|受理单号|诉求编?号|案件编?号|案号|查询码|回执号?|挂号单|ticket|case|docket|service request|sr|complaint|reference|ref|incident",
    ),
    ("policy", r"保单号?|保险单号?|保险合同号?|policy|理赔单?号|赔案号?|报案号|claim"),
    (
        "account",
        r"户号|缴费号|用户编?号|客户编?号|客户号|账户号?|账号|帐号|帐户|电表号|表号|水表号|燃气户号|宽带账?号|会员号|存折|account|acct|a/c|customer|meter|membership|member|consumer|subscriber|sort code|ppo|pension|file|roll",
    ),
    (
        "application",
        r"申请编?号|申请单号?|办件编?号|办件号|业务编号|流水号|受理流水|预约号|预约码|排队号|取号|application|appointment|registration|queue",
    ),
    ("card", r"银行卡号?|信用卡号?|储蓄卡号?|卡号|社保卡号?|医保卡号?|卡尾号|尾号|card|card ending"),
    (
        "order",
        r"订单编?号?|订购单号?|单号|预订号|预定号|确认号|房单号|发票号|合同号|合同编号|交易单?号|支付单?号|小票号?|取件码|取餐码|兑换码|order|pnr|transaction|txn|utr|booking|reservation|confirmation|invoice|receipt|contract|po",
    ),
    ("", r"编号|文号|批号|批次号?|序列号|serial|batch|lot"),
)
_OWN = re.compile(r"(?<![a-z0-9])ts ?([0-9]{6}) ?-? ?([0-9]{6})(?![0-9])")
_ALL_LABELS = "|".join(f"(?P<l{row}>{words})" for row, (_, words) in enumerate(LABELS))
_BODY = r"#?(?:[a-z]{1,6}[-/])?[a-z0-9]*[0-9][a-z0-9]*(?:[-_/][a-z0-9]*[0-9][a-z0-9]*){0,5}(?:[-/][a-z]{1,4}(?![a-z0-9]))?"
_SPACED = r"(?:(?<![a-z])(?!no |not |for |and |was |the |but |now |has |had |is |in |on |of |at |to |it )[a-z]{2,4} )?[0-9]{3,4}(?:[ ][0-9]{3,4}){1,5}(?: gb| [a-z]{2}(?= for|[,.;]|$))?(?: [0-9]{1,2}(?![0-9a-z-]| ?[a-z一-鿿]))?"
_LABELLED = re.compile(
    rf"(?:(?<![a-z])(?=[a-z])|(?<![a-z0-9])(?=[^a-z0-9]))(?:{_ALL_LABELS})(?:(?<=[a-z])(?![a-z]{{2}})|(?<![a-z]))"
    r"(?: ?(?:id|no|num|number|nr|code|号码?|reference|ref|编码|后四位|后4位|尾号|尾数|ending in|ending))?(?:(?<=[a-z])s(?![a-z0-9])|'s(?![a-z])|\.)?"
    r"(?: ?(?:is|was|are|为|是|就是|应该是|:|#|=|,|\(|尾号|叫|it's|its|上写的?是?|显示的?是?|写着|后几位|ending in|ending|ends in|ends with)){0,3} ?"
    rf"(?P<number>{_SPACED}(?![0-9a-z])|{_BODY})(?![a-z0-9])"
)
_MIXED = re.compile(
    r"(?<![a-z0-9@./-])#?(?=[a-z0-9-]{6,32}(?![a-z0-9]))(?=[a-z-]*[0-9])(?=[0-9-]*[a-z])[a-z]{1,6}-?[0-9][a-z0-9-]{3,28}[a-z0-9](?![a-z0-9@-])"
)
_HASH = re.compile(r"(?<![a-z0-9&])#([0-9]{4,14})(?![a-z0-9])")
_LONG = re.compile(r"(?<![a-z0-9.+@-])[0-9]{12,24}(?![a-z0-9.@])")
_PHONE_CUE = re.compile(
    r"(?:手机|电话|联系|座机|phone|mobile|tel|call|身份证|证件|passport|card id)[^0-9]{0,8}$"
)
_PARCEL = re.compile(r"(?:快递|物流|包裹|顺丰|圆通|中通|申通|韵达|极兔)[^0-9]{0,8}$")
#: "8812开头": a part of the number, and the rest is not known.
_ONLY_A_PART = re.compile(
    r"(?:这样)?(?:开头|打头|开始|结尾)|什么|多少| ?(?:-ish|something|and something)(?![a-z])"
)
_MORE_SIGNS = re.compile(r" [0-9]{1,4}(?![0-9a-z:/.,]| ?[a-z年月日号点元块个次天])")
#: Names on other services, ends of phone numbers.
_NO_REFERENCE = re.compile(
    r"(?:微信|wechat|qq|抖音|快手|手机|电话|staff|badge)(?:号码?|名|账号| ?id| member)?[ :是为的]{0,3}(?:尾号)?[^,。!?;]{0,2}$"
)
_NOT_A_NUMBER = re.compile(r"[年月日号点时分元块个次天周层楼栋幢室路人名折岁米平份台瓶斤%]")


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """References: our own, then behind their label, then by their shape alone."""
    taken: list[tuple[int, int]] = []
    for detail, start, end in _candidates(folded):
        if all(end <= first or last <= start for first, last in taken):
            taken.append((start, end))
            yield detail


def _candidates(folded: Folded) -> Iterator[tuple[Detail, int, int]]:
    text = folded.text
    if not any(char in text for char in "0123456789"):
        return
    for match in _OWN.finditer(text):
        yield _detail(folded, f"TS{match[1]}-{match[2]}", "ticket", match.start(), match.end()), *match.span()
    for match in _LABELLED.finditer(text):
        start, end = match.span("number")
        number = _value(match["number"])
        label = next(name for row, (name, _) in enumerate(LABELS) if match[f"l{row}"])
        if label == "order" and _PARCEL.search(text, max(0, match.start() - 12), match.start()):
            label = "tracking"
        if _plausible(number, label, text, end) and not _NO_REFERENCE.search(
            text, max(0, match.start() - 8), start
        ):
            sure = 0.45 if match["number"].isalnum() and _MORE_SIGNS.match(text, end) else 1.0
            yield _detail(folded, number, label, start, end, confidence=sure), start, end
    for match in _HASH.finditer(text):
        yield _detail(folded, match[1], "", match.start(), match.end()), *match.span()
    for match in _MIXED.finditer(text):
        number = _value(match[0])
        if (
            sum(char.isdigit() for char in number) >= 3
            and _PHONE_CUE.search(text, max(0, match.start() - 14), match.start()) is None
            and _NO_REFERENCE.search(text, max(0, match.start() - 10), match.start()) is None
        ):
            yield _detail(folded, number, "", match.start(), match.end(), confidence=0.8), *match.span()
    for match in _LONG.finditer(text):
        if not is_id_number(match[0]) and not _PHONE_CUE.search(
            text, max(0, match.start() - 14), match.start()
        ):
            yield _detail(folded, match[0], "", match.start(), match.end(), confidence=0.7), *match.span()


def _plausible(number: str, label: str, text: str, end: int) -> bool:
    digits = sum(char.isdigit() for char in number)
    if number in HOTLINES or is_id_number(number) or number.endswith("-ISH"):
        return False
    if _NOT_A_NUMBER.match(text[end : end + 1]) or _ONLY_A_PART.match(text, end):
        return False
    least = {"card": 4, "application": 3, "": 5}.get(label, 4)
    return digits >= 2 and len(number) >= least


def _value(said: str) -> str:
    return re.sub(r"[ #]", "", said).upper()


def _detail(
    folded: Folded, number: str, label: str, start: int, end: int, *, confidence: float = 1.0
) -> Detail:
    return folded.detail("reference", {"number": number, "label": label}, start, end, confidence)
