"""Times as people say them. The clock stands at Saturday, 21 November 2026, 14:00 in Shanghai."""

# ruff: noqa: E501 -- one example, one line
from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from understanding.details import extract_details

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=timezone.utc)


def _whens(text: str, **more: Any) -> list[dict[str, Any]]:
    details = extract_details(text, **({"now": NOW} | more))
    return [detail.value for detail in details if detail.kind == "when"]


def _short(value: dict[str, Any]) -> tuple[str, str]:
    return value["start"][:16], value["grain"]


CHINESE = [
    ("上周三下午三点多停的电", "上周三下午三点多", "2026-11-11T15:00", "hour"),
    ("昨天晚上十一点半还在施工", "昨天晚上十一点半", "2026-11-20T23:30", "minute"),
    ("前天晚上没人管", "前天晚上", "2026-11-19T18:00", "part"),
    ("大前天去过一次", "大前天", "2026-11-18T00:00", "day"),
    ("昨儿个下午我就来了", "昨儿个下午", "2026-11-20T12:00", "part"),
    ("今儿早上排队", "今儿早上", "2026-11-21T06:00", "part"),
    ("今早八点就来等", "今早八点", "2026-11-21T08:00", "hour"),
    ("昨晚两点还在放音乐", "昨晚两点", "2026-11-21T02:00", "hour"),
    ("昨晚12点断的网", "昨晚12点", "2026-11-21T00:00", "hour"),
    ("凌晨三点多机器响", "凌晨三点多", "2026-11-21T03:00", "hour"),
    ("2026年11月3日上午九点一刻", "2026年11月3日上午九点一刻", "2026-11-03T09:15", "minute"),
    ("11月3号办的", "11月3号", "2026-11-03T00:00", "day"),
    ("十一月三号去的窗口", "十一月三号", "2026-11-03T00:00", "day"),
    ("12月25日那天买的", "12月25日", "2025-12-25T00:00", "day"),
    ("二〇二五年六月交的钱", "二〇二五年六月", "2025-06-01T00:00", "month"),
    ("2025-06-18 下的单", "2025-06-18", "2025-06-18T00:00", "day"),
    ("2025.6.18签的合同", "2025.6.18", "2025-06-18T00:00", "day"),
    ("3号去的，到今天没信", "3号", "2026-11-03T00:00", "day"),
    ("25号交的材料", "25号", "2026-10-25T00:00", "day"),
    ("上个月5号报的修", "上个月5号", "2026-10-05T00:00", "day"),
    ("这个月10号扣的款", "这个月10号", "2026-11-10T00:00", "day"),
    ("月初就申请了", "月初", "2026-11-01T00:00", "week"),
    ("上个月底说要修", "上个月底", "2026-10-21T00:00", "week"),
    ("九月中旬交房", "九月中旬", "2026-09-11T00:00", "week"),
    ("上个月开始涨价", "上个月", "2026-10-01T00:00", "month"),
    ("去年就反映过", "去年", "2025-01-01T00:00", "year"),
    ("去年冬天暖气不热", "去年冬天", "2025-12-01T00:00", "month"),
    ("今年夏天一直漏水", "今年夏天", "2026-06-01T00:00", "month"),
    ("前年三月装的", "前年三月", "2024-03-01T00:00", "month"),
    ("去年年底签的", "去年年底", "2025-11-01T00:00", "month"),
    ("今年上半年两次", "今年上半年", "2026-01-01T00:00", "month"),
    ("国庆那天没人值班", "国庆那天", "2026-10-01T00:00", "day"),
    ("去年国庆办的酒席", "去年国庆", "2025-10-01T00:00", "day"),
    ("春节期间停水", "春节期间", "2026-02-17T00:00", "day"),
    ("腊月二十八停的电", "腊月二十八", "2026-02-15T00:00", "day"),
    ("大年初三报的警", "大年初三", "2026-02-19T00:00", "day"),
    ("中秋节那天断的水", "中秋节那天", "2026-09-25T00:00", "day"),
    ("除夕夜断电", "除夕夜", "2026-02-16T18:00", "part"),
    ("双十一买的手机", "双十一", "2026-11-11T00:00", "day"),
    ("端午前后开始的", "端午前后", "2026-06-19T00:00", "day"),
    ("正月十五放炮", "正月十五", "2026-03-03T00:00", "day"),
    ("三天前打过电话", "三天前", "2026-11-18T00:00", "day"),
    ("半个月前交的材料", "半个月前", "2026-11-06T00:00", "month"),
    ("两个小时前断的", "两个小时前", "2026-11-21T12:00", "hour"),
    ("半小时前刚来过", "半小时前", "2026-11-21T13:30", "minute"),
    ("十分钟前停电", "十分钟前", "2026-11-21T13:50", "minute"),
    ("两周前下的单", "两周前", "2026-11-07T00:00", "week"),
    ("三个月前装修", "三个月前", "2026-08-21T00:00", "month"),
    ("一年前买的房", "一年前", "2025-11-21T00:00", "year"),
    ("周三去的", "周三", "2026-11-18T00:00", "day"),
    ("星期天也不让人睡", "星期天", "2026-11-15T00:00", "day"),
    ("礼拜五晚上", "礼拜五晚上", "2026-11-20T18:00", "part"),
    ("上礼拜五", "上礼拜五", "2026-11-13T00:00", "day"),
    ("上上周二打过", "上上周二", "2026-11-03T00:00", "day"),
    ("这周一交的", "这周一", "2026-11-16T00:00", "day"),
    ("上周末", "上周末", "2026-11-14T00:00", "day"),
    ("上周反映过", "上周", "2026-11-09T00:00", "week"),
    ("下周一要用", "下周一", "2026-11-23T00:00", "day"),
    ("明天下午两点前", "明天下午两点", "2026-11-22T14:00", "hour"),
    ("昨天13:30左右", "昨天13:30左右", "2026-11-20T13:30", "minute"),
    ("早上七点四十在车站", "早上七点四十", "2026-11-21T07:40", "minute"),
    ("昨天中午一点", "昨天中午一点", "2026-11-20T13:00", "hour"),
    ("昨日傍晚6點", "昨日傍晚6點", "2026-11-20T18:00", "hour"),
    ("上個月三號下午", "上個月三號下午", "2026-10-03T12:00", "part"),
    ("寻日夜晚", "寻日夜晚", "2026-11-20T18:00", "part"),
    ("昨天大概三点", "昨天大概三点", "2026-11-20T15:00", "hour"),
    ("19年买的", "19年", "2019-01-01T00:00", "year"),
    ("２０２６年１１月３日", "２０２６年１１月３日", "2026-11-03T00:00", "day"),
]  # fmt: skip

ENGLISH = [
    ("last Friday evening the lights went out", "last Friday evening", "2026-11-20T18:00", "part"),
    ("it happened the day before yesterday", "the day before yesterday", "2026-11-19T00:00", "day"),
    ("two weeks ago I ordered", "two weeks ago", "2026-11-07T00:00", "week"),
    ("yesterday around 3ish", "yesterday around 3ish", "2026-11-20T15:00", "hour"),
    ("this morning nobody answered", "this morning", "2026-11-21T06:00", "part"),
    ("half past nine on Tuesday", "half past nine on Tuesday", "2026-11-17T09:30", "minute"),
    ("on 3 November 2026", "3 November 2026", "2026-11-03T00:00", "day"),
    ("on November 3rd", "November 3rd", "2026-11-03T00:00", "day"),
    ("the 3rd of November at 2.30pm", "the 3rd of November at 2.30pm", "2026-11-03T14:30", "minute"),
    ("ordered on Dec 25th", "Dec 25th", "2025-12-25T00:00", "day"),
    ("at 4pm yesterday", "4pm yesterday", "2026-11-20T16:00", "hour"),
    ("yesterday at 10:45", "yesterday at 10:45", "2026-11-20T10:45", "minute"),
    ("last month they charged me", "last month", "2026-10-01T00:00", "month"),
    ("last year too", "last year", "2025-01-01T00:00", "year"),
    ("last winter the heating", "last winter", "2025-12-01T00:00", "month"),
    ("in March 2025 we moved", "March 2025", "2025-03-01T00:00", "month"),
    ("three days ago", "three days ago", "2026-11-18T00:00", "day"),
    ("a couple of days ago", "a couple of days ago", "2026-11-19T00:00", "day"),
    ("an hour ago", "an hour ago", "2026-11-21T13:00", "hour"),
    ("about 20 minutes ago", "about 20 minutes ago", "2026-11-21T13:40", "minute"),
    ("half an hour ago", "half an hour ago", "2026-11-21T13:30", "minute"),
    ("a fortnight ago", "a fortnight ago", "2026-11-07T00:00", "week"),
    ("last night the music", "last night", "2026-11-20T18:00", "part"),
    ("on Monday morning at 8am", "Monday morning at 8am", "2026-11-16T08:00", "hour"),
    ("on Christmas Day", "Christmas Day", "2025-12-25T00:00", "day"),
    ("over the Easter weekend, on Good Friday", "Good Friday", "2026-04-03T00:00", "day"),
    ("at noon today", "noon today", "2026-11-21T12:00", "minute"),
    ("last weekend", "last weekend", "2026-11-14T00:00", "day"),
    ("quarter to five yesterday", "quarter to five yesterday", "2026-11-20T16:45", "minute"),
    ("on 2026-11-03", "2026-11-03", "2026-11-03T00:00", "day"),
    ("at 9 o'clock this morning", "9 o'clock this morning", "2026-11-21T09:00", "hour"),
    ("early last month", "early last month", "2026-10-01T00:00", "week"),
    ("on the 5th I called", "the 5th", "2026-11-05T00:00", "day"),
    ("next Monday", "next Monday", "2026-11-23T00:00", "day"),
    ("tomorrow morning", "tomorrow morning", "2026-11-22T06:00", "part"),
    ("Wednesday afternoon", "Wednesday afternoon", "2026-11-18T12:00", "part"),
    ("Tues at 2pm", "Tues at 2pm", "2026-11-17T14:00", "hour"),
    ("six months ago", "six months ago", "2026-05-21T00:00", "month"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "start", "grain"), CHINESE + ENGLISH)
def test_a_time_is_found_where_it_stands_and_dated(text: str, said: str, start: str, grain: str) -> None:
    values = _whens(text)
    assert said in [value["said"] for value in values]
    value = next(value for value in values if value["said"] == said)
    assert _short(value) == (start, grain)
    assert value["start"].endswith("+08:00")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("昨天上午9点到11点停水", "2026-11-20T09:00", "2026-11-20T11:00"),
        ("11月3号到5号没人", "2026-11-03T00:00", "2026-11-06T00:00"),
        ("3号到5号没人", "2026-11-03T00:00", "2026-11-06T00:00"),
        ("从周一到周三都关门", "2026-11-16T00:00", "2026-11-19T00:00"),
        ("昨天下午两点到四点半", "2026-11-20T14:00", "2026-11-20T16:30"),
        ("yesterday from 9am to 11am", "2026-11-20T09:00", "2026-11-20T11:00"),
        ("yesterday between 2 and 4pm", "2026-11-20T14:00", "2026-11-20T16:00"),
        ("from Monday to Wednesday", "2026-11-16T00:00", "2026-11-19T00:00"),
        ("昨晚10点到今天早上6点", "2026-11-20T22:00", "2026-11-21T06:00"),
    ],
)
def test_a_range_has_both_ends(text: str, start: str, end: str) -> None:
    values = [value for value in _whens(text) if value["end"]]
    assert [(value["start"][:16], value["end"][:16]) for value in values] == [(start, end)]


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("从上个月开始就这样", "ongoing"), ("自从三月以来", "ongoing"), ("since March", "ongoing"), ("ever since last Tuesday", "ongoing"),
        ("从昨天下午到现在都没电", "ongoing"), ("去年至今没解决", "ongoing"), ("每天晚上11点放音乐", "recurring"), ("天天早上六点", "recurring"),
        ("every night at 11pm", "recurring"), ("每周三晚上", "recurring"), ("on Mondays", "recurring"), ("大概下午三点", "approximate"),
        ("around 3pm", "approximate"), ("前几天", "approximate"), ("the other day", "approximate"), ("昨天三点左右", "approximate"),
    ],
)  # fmt: skip
def test_flags_follow_the_words(text: str, flag: str) -> None:
    assert any(value[flag] for value in _whens(text))


@pytest.mark.parametrize("text", ["昨天下午三点", "on Tuesday at 10:15am", "去年冬天"])
def test_a_plain_time_has_no_flags(text: str) -> None:
    (value,) = _whens(text)
    assert (value["approximate"], value["ongoing"], value["recurring"]) == (False, False, False)


@pytest.mark.parametrize(
    "text",
    [
        "一点都没有解决", "有一点着急", "差一点就好了", "快一点", "早点办完", "一点用都没有", "去3号窗口办", "7号楼2单元502室", "May I ask who you are", "the second time", "a second-hand car",
        "打了12345也没用", "坐2号线过来", "地铁10号线", "我要投诉", "5 stars", "第三次了", "march straight in", "they may call", "重点学校", "晚点再说", "3/5 of the people", "缺点很多", "the sun was shining", "两点建议",
        "I sat there", "他说了几点意见", "十几个人", "一星期没人管这个", "房间1203", "fridge freezer", "monitor", "这个人有点凶",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert _whens(text) == []


def test_the_region_decides_what_three_slash_eleven_is() -> None:
    assert _whens("on 3/11", region="GB")[0]["start"].startswith("2026-11-03")
    assert _whens("on 3/11", region="US")[0]["start"].startswith("2026-03-11")
    assert _whens("on 25/10", region="US")[0]["start"].startswith("2026-10-25")


def test_the_organisations_zone_decides_what_yesterday_is() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=timezone.utc)
    assert _whens("昨天", now=late)[0]["start"] == "2026-11-21T00:00:00+08:00"
    assert _whens("yesterday", now=late, timezone="Europe/London")[0]["start"] == "2026-11-20T00:00:00+00:00"


def test_the_past_is_preferred_unless_the_words_say_future() -> None:
    assert _whens("周日去过")[0]["start"].startswith("2026-11-15")
    assert _whens("截止到周日")[0]["start"].startswith("2026-11-22")
    assert (
        _whens("12月去的", region="CN")[0]["start"].startswith("2025-12-01") if _whens("12月去的") else True
    )


def test_several_times_in_one_message_are_kept_apart() -> None:
    assert [value["said"] for value in _whens("上周三报修，昨天上午来了一次，今天又坏了")] == [
        "上周三",
        "昨天上午",
        "今天",
    ]
