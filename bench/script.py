"""What the people of `bench.turns` say: complaints of our own, told to our bot and to the stock one alike."""

from __future__ import annotations

OPENINGS = (
    "昨晚我家小区楼下工地施工到凌晨两点，吵得没法睡",
    "门口的路灯坏了十天还没修",
    "十月电费账单比上个月高了一倍，抄表抄错了",
    "昨天在政务大厅排了两个多小时队，到窗口人家说下班了",
    "楼下餐馆的油烟天天往我家里灌",
)
#: Answers by the key of the question; whatever else is asked is taken for the review.
ANSWERS = {
    "want": "希望他们尽快处理",
    "contact": "13800138000",
    "where": "阳光小区3号楼",
    "when": "昨天晚上",
    "account": "330102199001",
    "amount": "862元",
}
SUBMIT = "提交"
#: Four messages typed one after the other in the middle of a complaint, without waiting.
BURST = ("就在3号楼下面", "每天都这样", "孩子没法睡", "希望他们停工")


def next_words(pending: str | None, told: int) -> tuple[str, int]:
    """What to say to the question ``pending``, and how many complaints were told by then."""
    if pending is None:
        return OPENINGS[told % len(OPENINGS)], told + 1
    return ANSWERS.get(pending, SUBMIT), told
