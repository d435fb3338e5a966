"""Whether a text asks something, by its form alone. What is asked is not decided here."""

from __future__ import annotations

import re

_ZH = re.compile(
    r"[?？]|[吗呢么嘛](?:[，,。.!！~～\s]|$)|[不没](?:[啊呀呢])?[。.!！~～\s]*$|多久|多长|多快|多少|几[天时日点个位次月周小秒分](?!月?[^，。？?]{0,3}[没又])|"
    r"怎么|怎样|咋|如何|干嘛|哪|谁|什么|啥|几时|何时|能不能|可不可以|要不要|会不会|是不是|行不行|有没有|成不成|该不该"
)
_EN = re.compile(
    r"\?|^(?:(?:and|so|but|ok|okay|hi|hello|hey|please|sorry|excuse me|just|well|also)[, ]+)*"
    r"(?:what|when|where|who|whom|whose|which|why|how|can|could|may|do|does|did|is|are|am|will|would|should|must|"
    r"shall|has|have|any|tell me|explain|"
    r"i(?:'d| would) like to know|i wonder|suppose|what's|who's|how's|where's|whats)\b|"
    r"\b(?:who|what|where|how) (?:do|can|should|would) (?:i|we)\b",
    re.IGNORECASE,
)


#: Question words inside a telling: "nobody told me which steps", "I don't know whether it is live".
_TOLD = re.compile(
    r"(?:不知道|没人告诉|没有?说明?|不清楚|不说)[^，。！？?]{0,4}(?:哪|什么|啥|谁|怎么|有没有|要|多)|说一声|怎么不说|"
    r"\b(?:nobody|no one|never) (?:told|said|explained)\b|\bit doesn'?t say\b",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether ``text`` is put as a question. A complaint may be, too: "when will you finally come?"."""
    said = text.strip()
    if _TOLD.search(said) and not said.endswith(("?", "？", "吗", "呢")):
        return False
    return _ZH.search(said) is not None or _EN.search(said) is not None
