from __future__ import annotations

import json
import re
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.wechat.crypto import (
    Envelope,
    Push,
    Refused,
    Unreadable,
    cdata,
    clean,
    decrypt,
    encrypt,
    read,
    signature,
)
from connectors.wechat.settings import WeChatSettings
from tests.connectors.wechat.conftest import AES_KEY, OLD_AES_KEY, patient
from tests.connectors.wechat.pushes import Security, pushed, text_push

# Published examples. Source: Tencent, "消息推送".
GOLDEN = WeChatSettings(app_id="wxba5fad812f8e6fb9", app_secret="-", token="AAAAA", aes_key="A" * 43)
GOLDEN_CIPHERTEXT = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsX"
    "UnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajA"
    "sjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
GOLDEN_QUERY = {
    "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
    "timestamp": "1714112445",
    "nonce": "415670741",
    "openid": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
    "encrypt_type": "aes",
    "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
}

PLAIN = WeChatSettings(app_id="wxplain", app_secret="-", token="tok")
SAFE = WeChatSettings(
    app_id="wxsafe", app_secret="-", token="tok", aes_key=AES_KEY, previous_aes_key=OLD_AES_KEY
)
LENIENT = WeChatSettings(
    app_id="wxsafe", app_secret="-", token="tok", aes_key=AES_KEY, require_encryption=False
)


def test_the_published_address_check_is_recognised() -> None:
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "timestamp": "1714036504",
        "nonce": "1514711492",
    }
    assert Envelope(GOLDEN).is_authentic(query)
    assert not Envelope(GOLDEN).is_authentic({**query, "nonce": "1514711493"})


def test_the_published_plain_signature_is_ours() -> None:
    assert signature("AAAAA", "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"


def test_the_published_encrypted_push_opens() -> None:
    body = json.dumps({"ToUserName": "gh_97417a04a28d", "Encrypt": GOLDEN_CIPHERTEXT}).encode()
    push = Envelope(GOLDEN).open(body, GOLDEN_QUERY)
    assert push.fields == {
        "ToUserName": "gh_97417a04a28d",
        "FromUserName": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
        "CreateTime": "1714112445",
        "MsgType": "event",
        "Event": "debug_demo",
        "debug_str": "hello world",
    }


def test_the_published_reply_is_made_to_the_letter() -> None:
    push = Push(fields={}, format="json", aes_key=GOLDEN.aes_key)
    reply = Envelope(GOLDEN).seal(
        {"demo_resp": "good luck"}, push, nonce="415670741", timestamp=1713424427, random=b"707722b803182950"
    )
    assert json.loads(reply.body) == {
        "Encrypt": "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==",
        "MsgSignature": "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
        "TimeStamp": 1713424427,
        "Nonce": "415670741",
    }


@pytest.mark.parametrize("aes_key", [AES_KEY, OLD_AES_KEY])
@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("security", ["plain", "compatible", "safe"])
def test_every_mode_opens_and_is_answered_under_the_key_it_came_with(
    security: Security, form: Literal["xml", "json"], aes_key: str
) -> None:
    settings = PLAIN if security == "plain" else SAFE
    envelope = Envelope(settings)
    query, body = pushed(
        text_push("你好 <b> ]]> 👋"), settings, security=security, form=form, aes_key=aes_key
    )

    push = envelope.open(body, query)
    reply = envelope.seal({"Content": "再见 ]]> 👋"}, push, nonce="9", timestamp=5, random=b"x" * 16)

    assert push.fields["Content"] == "你好 <b> ]]> 👋"
    answer, answer_form = read(reply.body.decode())
    assert answer_form == form
    if security != "plain":
        assert answer["MsgSignature"] == signature(settings.token, "5", "9", answer["Encrypt"])
        inner = decrypt(answer["Encrypt"], aes_key=aes_key, app_id=settings.app_id)
        assert inner is not None
        answer, _ = read(inner)
    assert answer["Content"] == "再见 ]]> 👋"


def test_a_plain_push_is_refused_where_encryption_is_required() -> None:
    query, body = pushed(text_push(), SAFE)
    with pytest.raises(Refused):
        Envelope(SAFE).open(body, query)
    assert Envelope(LENIENT).open(body, query).fields["Content"] == "楼上漏水"


def test_the_plain_signature_does_not_open_an_encrypted_push() -> None:
    query, body = pushed(text_push(), SAFE, security="safe")
    with pytest.raises(Refused):
        Envelope(SAFE).open(body, {**query, "msg_signature": query["signature"]})


def test_a_changed_ciphertext_is_refused() -> None:
    query, body = pushed(text_push(), SAFE, security="safe", form="json")
    outer = json.loads(body)
    outer["Encrypt"] = "B" + outer["Encrypt"][1:]
    with pytest.raises(Refused):
        Envelope(SAFE).open(json.dumps(outer).encode(), query)


def test_a_push_for_another_account_does_not_open() -> None:
    other = WeChatSettings(app_id="wxother", app_secret="-", token="tok", aes_key=AES_KEY)
    query, body = pushed(text_push(), other, security="safe")
    with pytest.raises(Unreadable):
        Envelope(SAFE).open(body, query)


def test_one_broken_byte_does_not_lose_the_message() -> None:
    fields, _ = read(
        b"<xml><Content><![CDATA[\xe4\xbd\xa0\xff\xe5\xa5\xbd]]></Content></xml>".decode("utf-8", "replace")
    )
    assert fields["Content"] == "你\ufffd好"


def test_control_characters_do_not_make_a_push_unreadable() -> None:
    fields, _ = read("<xml><Content><![CDATA[a\x08b\x00c\x1fd\ufffee]]></Content></xml>")
    assert fields["Content"] == "abcde"
    fields, _ = read('{"Content": "a\\u0008b\\ud83d\\ude00\\ud800"}')
    assert fields["Content"] == "ab😀"


def test_a_doctype_is_refused_but_may_be_talked_about() -> None:
    with pytest.raises(Unreadable):
        read('<!DOCTYPE x [<!ENTITY a "b">]><xml><Content>&a;</Content></xml>')
    with pytest.raises(Unreadable):
        read("<!-- <xml> --><!DOCTYPE x><xml><Content>c</Content></xml>")
    fields, _ = read("<xml><Content><![CDATA[<!DOCTYPE html> 页面打不开]]></Content></xml>")
    assert fields["Content"] == "<!DOCTYPE html> 页面打不开"


def test_nesting_is_limited_and_only_the_top_level_is_read() -> None:
    with pytest.raises(Unreadable):
        read("<xml>" + "<a>" * 20_000 + "</a>" * 20_000 + "</xml>")
    with pytest.raises(Unreadable):
        read('{"a":' + "[" * 100_000 + "]" * 100_000 + "}")
    fields, _ = read("<xml><Info><Deep>1</Deep></Info><Content>2</Content><Content>3</Content></xml>")
    assert fields == {"Info": "", "Content": "2"}


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{", "<xml>", "<xml></y>", "success", '{"a": 1e999999}', "<a/><b/>"]
)
def test_what_makes_no_sense_is_unreadable_or_empty(text: str) -> None:
    try:
        fields, _ = read(text)
    except Unreadable:
        return
    assert "Content" not in fields


@patient
@given(st.binary(max_size=400))
def test_no_body_raises_anything_but_the_two_refusals(body: bytes) -> None:
    for settings in (PLAIN, SAFE):
        query, _ = pushed({}, settings)
        for more in ({}, {"encrypt_type": "aes", "msg_signature": "0"}):
            try:
                Envelope(settings).open(body, {**query, **more})
            except (Refused, Unreadable):
                continue


@patient
@given(st.text(max_size=200))
def test_no_signed_ciphertext_raises_anything_but_unreadable(encrypted: str) -> None:
    query = {"timestamp": "1", "nonce": "2", "encrypt_type": "aes"}
    query["msg_signature"] = signature("tok", "1", "2", clean(encrypted))
    with pytest.raises(Unreadable):
        Envelope(SAFE).open(json.dumps({"Encrypt": encrypted}).encode(), query)


@patient
@given(st.dictionaries(st.text(max_size=20), st.text(max_size=40), max_size=4))
def test_no_query_is_authentic_by_chance_or_raises(query: dict[str, str]) -> None:
    assert not Envelope(PLAIN).is_authentic(query)


@patient
@given(st.text(max_size=300))
def test_any_text_survives_a_reply_but_for_forbidden_characters(text: str) -> None:
    push = Push(fields={}, format="xml", aes_key=AES_KEY)
    reply = Envelope(SAFE).seal({"Content": text}, push, nonce="1", timestamp=1, random=b"y" * 16)
    outer, _ = read(reply.body.decode())
    inner = decrypt(outer["Encrypt"], aes_key=AES_KEY, app_id=SAFE.app_id)
    assert inner is not None
    assert read(inner)[0]["Content"] == clean(text).replace("\r\n", "\n").replace("\r", "\n")


@patient
@given(st.text(max_size=100))
def test_no_text_leaves_its_cdata(text: str) -> None:
    section = cdata(text + "]]><Evil>1</Evil>")
    fields, _ = read(f"<xml><Content>{section}</Content></xml>")
    assert set(fields) == {"Content"}
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", section)


@patient
@given(st.text(max_size=200))
def test_decryption_undoes_encryption(text: str) -> None:
    text = clean(text)
    encrypted = encrypt(text, aes_key=AES_KEY, app_id="wx", random=b"z" * 16)
    assert decrypt(encrypted, aes_key=AES_KEY, app_id="wx") == text
    assert decrypt(encrypted, aes_key=AES_KEY, app_id="wy") is None
    assert decrypt(encrypted, aes_key=OLD_AES_KEY, app_id="wx") is None


def test_secrets_do_not_show_and_wrong_settings_are_named_together() -> None:
    shown = repr(SAFE)
    assert AES_KEY not in shown
    assert OLD_AES_KEY not in shown
    assert "tok" not in shown.replace("token", "")
    with pytest.raises(ValueError, match=r"app_id.*token.*aes_key.*api_base.*passive_wait_s"):
        WeChatSettings(app_id="", token="", aes_key="short", api_base="http://example.org", passive_wait_s=6)
