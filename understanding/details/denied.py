"""Which of the words of a correction are taken back."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re

#: What says that the words behind it, before it, are wrong.
_DENIES = re.compile(
    r"(?:不是|不系|不在|不姓|不叫|不到|不止|并非|而非|没有|[说写打填记输报弄选]成了?|[说写打填记输报][的是]*|之前(?:是|说)?|多(?:打|写)?了?)(?:我?(?:说|写)的)?$"
    r"|(?:(?<![a-z])(?:not|never|no longer|instead of|rather than|said|say|typed|wrote|put|gave|entered|meant to say|was)|n't)(?:,? (?:the|a|an|at|on|in|it was|it's|down|from|my|flat|number|no))* ?(?:£|\$)?$"
)
#: "was" and "said" deny only where something else is right.
_WEAKLY = re.compile(
    r"(?:was|is|say|said|put|gave|wrote|typed|entered|[说写打填记输报][的是]*|之前(?:是|说)?)(?: .*)?$"
)
_DENIED = re.compile(
    r"(?:了|号|的|这个)?(?:不对|有误|错了?|[说写打填记输报弄选搞](?:错|反|混)|划掉|作废|不算|去掉|不用了|停机)|,? ?(?:is|was|'s|are) (?:wrong|incorrect|off|a typo|not right|no good|old)(?![a-z])|(?:改成|改为|换成|->|→)| (?:should|must|ought to) (?:be|have been|read)(?![a-z])"
)


def is_denied(said: str, start: int, end: int, *, alone: bool) -> bool:
    low = said.lower()
    before = low[max(0, start - 24) : start]
    denies = _DENIES.search(before)
    if denies and not (alone and _WEAKLY.search(denies[0])):
        return True
    return _DENIED.match(low, end) is not None
