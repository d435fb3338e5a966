from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from casework.conversations.model import Author, Button, DeliveryError, Heard, Media, OutboundMessage, Sent
from connectors.wechat.render import MAX_TEXT_BYTES, size
from connectors.wechat.send import WeChatSender
from connectors.wechat.settings import WeChatSettings
from connectors.wechat.token import MemoryTokenStore
from tests.connectors.wechat.fake_api import FakeWeChat

YES, NO = Button("是的", payload="affirm", token="tokYes"), Button("不是", payload="deny", token="tokNo")
HEARD_AT = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)
LONG = "".join(f"第{i}句话说的是漏水的事。" for i in range(150))  # 3 parts


def message(
    text: str = "您好", *, number: int = 1, reply_to: str = "in-1", heard: Heard | None = None
) -> OutboundMessage:
    return OutboundMessage(
        id=number,
        conversation_id=1,
        channel="wechat",
        address="oP",
        text=text,
        reply_to=reply_to,
        heard=heard,
    )


def heard(*, trigger: str = "message", spent: int = 0) -> Heard:
    return Heard(HEARD_AT, trigger=trigger, spent=spent)


def texts(platform: FakeWeChat) -> list[str]:
    return [body["text"]["content"] for body in platform.sent() if body["msgtype"] == "text"]


async def test_a_text_is_sent_once(sender: WeChatSender, platform: FakeWeChat) -> None:
    assert await sender.send(message()) == Sent(("1-0",))
    assert platform.sent() == [{"touser": "oP", "msgtype": "text", "text": {"content": "您好"}}]


async def test_nothing_to_say_is_not_sent(sender: WeChatSender, platform: FakeWeChat) -> None:
    assert await sender.send(message(" \x08")) == Sent()
    assert platform.calls == []


async def test_a_long_text_goes_out_in_parts_in_order(sender: WeChatSender, platform: FakeWeChat) -> None:
    sent = await sender.send(message(LONG))
    assert sent == Sent(("1-0", "1-1", "1-2"))
    assert "".join(texts(platform)) == LONG
    assert all(size(text) <= MAX_TEXT_BYTES for text in texts(platform))


async def test_parts_that_went_out_are_not_repeated(sender: WeChatSender, platform: FakeWeChat) -> None:
    platform.script["send"] = [0, 45011]
    with pytest.raises(DeliveryError) as raised:
        await sender.send(message(LONG))
    assert raised.value.sent_ids == ("1-0",)
    assert raised.value.retry_after_s == 60.0

    sent = await sender.send(message(LONG), already_sent=raised.value.sent_ids)

    assert sent == Sent(("1-0", "1-1", "1-2"))
    first, refused, *rest = texts(platform)
    assert refused == rest[0]
    assert "".join((first, *rest)) == LONG


async def test_two_messages_for_one_person_do_not_mix(sender: WeChatSender, platform: FakeWeChat) -> None:
    await asyncio.gather(
        *(sender.send(message(f"{n}" * 3000, number=n, reply_to=f"in-{n}")) for n in range(1, 6))
    )
    initials = [text[0] for text in texts(platform)]
    assert initials == [str(n) for n in range(1, 6) for _ in range(2)]


async def test_buttons_are_a_menu_that_brings_tokens_back(sender: WeChatSender, platform: FakeWeChat) -> None:
    await sender.send(replace(message("对吗？"), buttons=(YES, NO)))
    (body,) = platform.sent()
    assert body["msgmenu"] == {
        "head_content": "对吗？",
        "list": [{"id": "tokYes", "content": "是的"}, {"id": "tokNo", "content": "不是"}],
        "tail_content": "",
    }
    assert "affirm" not in str(body)


@pytest.mark.parametrize("code", [40200, 45098])
async def test_a_refused_menu_becomes_links_and_is_not_tried_again(
    sender: WeChatSender, platform: FakeWeChat, code: int
) -> None:
    platform.script["send"] = [code]
    asked = replace(message("对吗？"), buttons=(YES, NO))
    assert await sender.send(asked) == Sent(("1-0",))
    assert await sender.send(replace(asked, id=2)) == Sent(("2-0",))
    assert [body["msgtype"] for body in platform.sent()] == ["msgmenu", "text", "text"]
    assert "msgmenuid=tokYes" in texts(platform)[0]


async def test_refused_links_become_numbers_that_every_process_understands(
    sender: WeChatSender, platform: FakeWeChat, settings: WeChatSettings, store: MemoryTokenStore
) -> None:
    platform.script["send"] = [40200, 45166]
    await sender.send(replace(message("对吗？"), buttons=(YES, NO)))
    assert texts(platform)[-1] == "对吗？\n\n1. 是的\n2. 不是\n回复数字即可选择。"
    colleague = WeChatSender(settings, store)
    assert await colleague.chosen("oP", " 2。") == "tokNo"
    assert [await sender.chosen("oP", text) for text in ("3", "0", "二", "2 个", "-1", "²")] == [""] * 6
    assert await sender.chosen("oOther", "2") == ""
    await sender.send(message("还有几户？", number=2))
    assert await colleague.chosen("oP", "2") == ""


async def test_more_choices_than_a_menu_holds_are_links_this_once(
    sender: WeChatSender, platform: FakeWeChat
) -> None:
    many = tuple(Button(f"科室{i}", token=f"t{i}") for i in range(11))
    await sender.send(replace(message("哪个？"), buttons=many))
    await sender.send(replace(message("对吗？", number=2), buttons=(YES, NO)))
    assert [body["msgtype"] for body in platform.sent()] == ["text", "msgmenu"]


async def test_a_button_that_opens_a_page_stands_in_the_text(
    sender: WeChatSender, platform: FakeWeChat
) -> None:
    page = Button("进度", url="https://example.org/p")
    await sender.send(replace(message("请看"), buttons=(page, YES)))
    (body,) = platform.sent()
    assert body["msgmenu"]["head_content"] == '请看\n\n<a href="https://example.org/p">进度</a>'
    assert [item["id"] for item in body["msgmenu"]["list"]] == ["tokYes"]


async def test_a_picture_follows_its_text(sender: WeChatSender, platform: FakeWeChat) -> None:
    await sender.send(replace(message("看图"), media=(Media("photo", ref="media-1"),)))
    assert [body["msgtype"] for body in platform.sent()] == ["text", "image"]
    assert platform.sent()[1]["image"] == {"media_id": "media-1"}


async def test_a_written_message_is_worth_five_messages_counted_by_the_core(
    sender: WeChatSender, platform: FakeWeChat
) -> None:
    outcomes = [
        await sender.send(message(f"第{n}条", number=n, heard=heard(spent=n - 1))) for n in range(1, 8)
    ]
    assert [bool(outcome.provider_ids) for outcome in outcomes] == [True] * 5 + [False] * 2
    assert outcomes[5] == Sent(held_back="第6条", is_untouched=True)
    assert len(platform.sent()) == 5
    assert await sender.send(message("新的", number=9, heard=heard())) == Sent(("9-0",))


@pytest.mark.parametrize("trigger", ["menu", "follow", "scan"])
async def test_a_click_is_worth_three_messages_within_its_minute(
    settings: WeChatSettings, platform: FakeWeChat, trigger: str
) -> None:
    now = HEARD_AT + timedelta(seconds=50)
    sender = WeChatSender(settings, MemoryTokenStore(), clock=lambda: now)
    outcomes = [
        await sender.send(message(f"{n}", number=n, heard=heard(trigger=trigger, spent=n - 1)))
        for n in range(1, 5)
    ]
    assert [outcome.held_back for outcome in outcomes] == ["", "", "", "4"]
    assert len(platform.sent()) == 3

    now = HEARD_AT + timedelta(seconds=61)  # an earlier message may be worth something still: only they know
    platform.script["send"] = [45047]
    late = message("5", number=5, heard=heard(trigger=trigger, spent=3))
    assert await sender.send(late) == Sent(held_back="5", is_untouched=True)
    assert len(platform.sent()) == 4
    await sender.stop()


async def test_parts_of_an_earlier_attempt_count_and_are_named_again(
    sender: WeChatSender, platform: FakeWeChat
) -> None:
    sent = await sender.send(message(LONG, heard=heard(spent=3)), already_sent=("1-0",))
    assert sent.provider_ids == ("1-0", "1-1")
    assert sent.held_back
    assert len(platform.sent()) == 1


async def test_a_long_answer_is_cut_at_the_quota(settings: WeChatSettings, platform: FakeWeChat) -> None:
    sender = WeChatSender(replace(settings, max_sends_per_turn=2), MemoryTokenStore())
    sent = await sender.send(replace(message(LONG, heard=heard()), buttons=(YES, NO)))
    await sender.stop()
    assert sent.provider_ids == ("1-0", "1-1")
    assert "msgmenuid=tokYes" in sent.held_back
    assert "".join(texts(platform)) + sent.held_back.split("\n\n")[0] == LONG


async def test_the_platforms_own_count_has_the_last_word(sender: WeChatSender, platform: FakeWeChat) -> None:
    platform.script["send"] = [0, 45047]
    sent = await sender.send(message(LONG))
    assert sent.provider_ids == ("1-0",)
    assert texts(platform)[1] in sent.held_back
    assert len(platform.sent()) == 2


async def test_staff_may_write_until_the_platform_says_no(sender: WeChatSender, platform: FakeWeChat) -> None:
    for number in range(1, 9):
        assert await sender.send(message("在的", number=number, reply_to="")) == Sent((f"{number}-0",))


async def test_a_closed_window_stops_the_turn(sender: WeChatSender, platform: FakeWeChat) -> None:
    platform.count_quotas = True
    platform.person_wrote("oP")
    platform.now = 49 * 3600
    with pytest.raises(DeliveryError, match="45015") as raised:
        await sender.send(message())
    assert raised.value.unreachable
    assert not raised.value.permanent


class TestBeyondTwoDays:
    @pytest.fixture
    def closed(self, settings: WeChatSettings, platform: FakeWeChat) -> WeChatSettings:
        platform.count_quotas = True  # nobody wrote: the window is closed
        return replace(
            settings,
            subscription_id="sub-1",
            template_id="tpl-1",
            notice_fields={"thing1": "{organisation}，有一条新的回复等您来看看", "time2": "{time}"},
            organisation="滨江区政务服务中心",
        )

    async def send(self, settings: WeChatSettings, store: MemoryTokenStore, author: Author) -> None:
        sender = WeChatSender(settings, store, clock=lambda: HEARD_AT)
        with pytest.raises(DeliveryError, match="45015"):
            await sender.send(replace(message("您的件办好了"), author=author))
        await sender.stop()

    async def test_a_notice_says_that_something_waits_once_a_day(
        self, closed: WeChatSettings, platform: FakeWeChat, store: MemoryTokenStore
    ) -> None:
        await self.send(closed, store, Author.STAFF)
        await self.send(closed, store, Author.SYSTEM)
        (notice,) = platform.of("subscribe/bizsend")
        assert notice.body == {
            "touser": "oP",
            "template_id": "sub-1",
            "data": {
                "thing1": {"value": "滨江区政务服务中心，有一条新的回复等您来"},
                "time2": {"value": "2026-11-20 12:00"},
            },
        }
        assert platform.of("template/send") == []

    async def test_who_did_not_agree_to_the_one_gets_the_other(
        self, closed: WeChatSettings, platform: FakeWeChat, store: MemoryTokenStore
    ) -> None:
        platform.script["bizsend"] = [43101]
        await self.send(closed, store, Author.STAFF)
        assert [call.body["template_id"] for call in platform.of("template/send")] == ["tpl-1"]

    async def test_a_refused_notice_changes_nothing_and_is_tried_with_the_next_news(
        self, closed: WeChatSettings, platform: FakeWeChat, store: MemoryTokenStore
    ) -> None:
        platform.script |= {"bizsend": [43101, 0], "template": [], "send": [45015, 43004, 45015]}
        await self.send(closed, store, Author.STAFF)
        await self.send(closed, store, Author.STAFF)
        assert len(platform.of("subscribe/bizsend")) == 2

    async def test_an_answer_of_the_bot_is_announced_to_nobody(
        self, closed: WeChatSettings, platform: FakeWeChat, store: MemoryTokenStore
    ) -> None:
        await self.send(closed, store, Author.BOT)
        assert platform.of("bizsend") == []


def test_a_notice_without_fields_or_with_unknown_ones_is_refused_with_its_cure(
    settings: WeChatSettings,
) -> None:
    with pytest.raises(ValueError, match="notice_fields are missing"):
        replace(settings, template_id="tpl-1")
    with pytest.raises(ValueError, match="thing1 may only use"):
        replace(settings, template_id="tpl-1", notice_fields={"thing1": "{text}"})


async def test_an_account_without_the_permission_replies_only_and_is_tried_again_later(
    settings: WeChatSettings, platform: FakeWeChat
) -> None:
    now = 0.0
    store = MemoryTokenStore(clock=lambda: now)
    sender, colleague = WeChatSender(settings, store), WeChatSender(settings, store)
    platform.script["send"] = [48001]

    assert await sender.send(replace(message("对吗？"), buttons=(YES,))) == Sent(
        held_back='对吗？\n\n<a href="weixin://bizmsgmenu?msgmenucontent=是的&msgmenuid=tokYes">是的</a>',
        is_untouched=True,
    )
    assert await sender.is_passive_only()
    assert await colleague.send(message("二", number=2)) == Sent(held_back="二", is_untouched=True)
    await colleague.typing("oP")
    assert len(platform.sent()) == 1
    assert not platform.of("typing")
    health = await sender.health()
    assert health.ok
    assert "48001" in health.summary

    now = 3700.0
    assert await sender.send(message("三", number=3)) == Sent(("3-0",))
    await sender.stop()
    await colleague.stop()


async def test_passive_mode_calls_nobody(settings: WeChatSettings, platform: FakeWeChat) -> None:
    sender = WeChatSender(replace(settings, mode="passive", app_secret=""), MemoryTokenStore())
    assert await sender.send(message()) == Sent(held_back="您好", is_untouched=True)
    await sender.typing("oP")
    assert (await sender.health()).ok
    assert platform.calls == []
    await sender.stop()


async def test_what_a_reply_carried_is_not_sent_again_by_any_process(
    settings: WeChatSettings, platform: FakeWeChat, store: MemoryTokenStore
) -> None:
    gateway, courier = WeChatSender(settings, store), WeChatSender(settings, store)
    part = await gateway.passive_part(message(LONG))
    assert part is not None
    assert not part.is_all
    await gateway.note_passive(message(LONG), part)

    assert await courier.send(message(LONG)) == Sent(("1-1", "1-2"))
    assert part.text + "".join(texts(platform)) == LONG
    await gateway.stop()
    await courier.stop()


async def test_where_nothing_can_follow_the_reply_says_how_to_read_on(settings: WeChatSettings) -> None:
    sender = WeChatSender(replace(settings, mode="passive"), MemoryTokenStore())
    part = await sender.passive_part(message(LONG))
    assert part is not None
    assert part.text.endswith("（未完，回复任意文字看余下内容）")
    assert size(part.text) <= MAX_TEXT_BYTES


async def test_typing_never_raises(
    sender: WeChatSender, platform: FakeWeChat, settings: WeChatSettings
) -> None:
    platform.script["typing"] = [45081]
    await sender.typing("oP")
    await sender.typing("oP")
    assert platform.of("typing")[-1].body == {"touser": "oP", "command": "Typing"}
    nowhere = WeChatSender(replace(settings, api_base="http://127.0.0.1:9"), MemoryTokenStore())
    await nowhere.typing("oP")
    await nowhere.stop()


async def test_health_names_the_cure(sender: WeChatSender, platform: FakeWeChat) -> None:
    assert (await sender.health()).ok
    platform.script["stable_token"] = [40164, 40125, 40013, 41002]
    platform.words[40164] = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist"
    not_listed, secret, app_id, other = [await sender.health() for _ in range(4)]
    assert not not_listed.ok
    assert "203.0.113.7" in not_listed.cure
    assert "40164" in not_listed.summary
    assert "APP_SECRET" in secret.cure
    assert "APP_ID" in app_id.cure
    assert other.cure


async def test_health_of_a_platform_that_is_away(settings: WeChatSettings) -> None:
    sender = WeChatSender(replace(settings, api_base="http://127.0.0.1:9"), MemoryTokenStore())
    health = await sender.health()
    await sender.stop()
    assert not health.ok
    assert "http://127.0.0.1:9" in health.cure
