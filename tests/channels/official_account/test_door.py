"""Tests of bot.channels.official_account.door and cipher: what is let in, and that nothing else is."""

from __future__ import annotations

import base64
import os

import pytest

from bot.channels.official_account.cipher import Envelope, key_of
from bot.channels.official_account.door import Door
from bot.channels.official_account.options import WECHAT, YIXIN, Account, Mode
from bot.channels.official_account.refusals import Refused
from bot.channels.official_account.signatures import is_signed, signature
from tests.support.account_client import AES_KEY, MODES, TOKEN, Client, Pushed, seal, sign
from tests.support.platform import APP_ID

NOW = 1_790_000_000.0
OLD_KEY = "0123456789ABCDEFGabcdefghijklmnopqrstuvwxyz"


def door(mode: str, keys: tuple[str, ...] = (AES_KEY,)) -> Door:
    dialect, kind = (YIXIN, "plain") if mode == "yixin" else (WECHAT, mode)
    return Door(Account(dialect, Mode(kind), TOKEN, APP_ID, "", keys), os.urandom)


def pushed(mode: str, clear: str | None = None, at: float = NOW) -> Pushed:
    client = Client(None, mode)
    clear = clear or client.xml("u1", "text", int(at), Content="备案", MsgId=23)
    return client.wrap(clear, str(int(at)))


def opened(mode: str, one: Pushed, at: float = NOW):
    return door(mode).open(one.query, one.body.encode(), at)


def test_the_vendor_s_own_example() -> None:
    given = "f464b24fc39322e44b38aa78f5edd27bd1441696"
    assert signature("AAAAA", "1714036504", "1514711492") == given
    assert is_signed(given, "AAAAA", "1714036504", "1514711492")
    assert not is_signed(given.upper(), "AAAAA", "1714036504", "1514711492")
    assert not is_signed("十" * 40, "AAAAA", "1714036504", "1514711492")


@pytest.mark.parametrize("mode", MODES)
def test_a_push_is_read(mode: str) -> None:
    entry = opened(mode, pushed(mode))
    push = entry.push
    assert (push.sender, push.kind, push.key, push.fields["Content"]) == ("u1", "text", "23", "备案")
    assert entry.sealed == (mode in ("compatible", "secure"))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("off", [-301, 301, 86400])
def test_a_time_that_is_not_ours(mode: str, off: int) -> None:
    with pytest.raises(Refused):
        opened(mode, pushed(mode, at=NOW + off))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("off", [-295, 295])
def test_a_clock_that_is_a_little_off(mode: str, off: int) -> None:
    assert opened(mode, pushed(mode, at=NOW + off)).push.key == "23"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce"])
@pytest.mark.parametrize("value", [None, "", "x" * 300, "一", "0"])
def test_a_parameter_that_is_wrong(mode: str, name: str, value: str | None) -> None:
    one = pushed(mode)
    if value is None:
        del one.query[name]
    else:
        one.query[name] = value
    with pytest.raises(Refused):
        opened(mode, one)


@pytest.mark.parametrize("mode", ["compatible", "secure"])
@pytest.mark.parametrize("value", [None, "", "0" * 40])
def test_an_envelope_that_is_not_signed(mode: str, value: str | None) -> None:
    one = pushed(mode)
    if value is None:
        del one.query["msg_signature"]
    else:
        one.query["msg_signature"] = value
    with pytest.raises(Refused, match="envelope is not signed"):
        opened(mode, one)


@pytest.mark.parametrize("mode", ["compatible", "secure"])
def test_clear_text_is_not_taken_for_sealed(mode: str) -> None:
    one = pushed("plain")
    for query in (one.query, {**one.query, "encrypt_type": "aes"}, {**one.query, "encrypt_type": "raw"}):
        with pytest.raises(Refused):
            opened(mode, Pushed(query, one.body))


def test_sealed_is_not_taken_where_clear_text_is_expected() -> None:
    with pytest.raises(Refused):
        opened("plain", pushed("secure"))


def test_what_stands_beside_the_envelope_is_not_believed() -> None:
    one = pushed("compatible")
    forged = one.body.replace("u1", "u2").replace("备案", "别的")
    push = opened("compatible", Pushed(one.query, forged)).push
    assert (push.sender, push.fields["Content"]) == ("u1", "备案")


def resealed(sealed: str) -> Pushed:
    nonce, timestamp = "n1", str(int(NOW))
    query = {"signature": sign(TOKEN, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    query |= {"encrypt_type": "aes", "msg_signature": sign(TOKEN, timestamp, nonce, sealed)}
    return Pushed(query, f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>")


def raw_sealed(whole: bytes) -> str:
    from tests.support.account_client import _cipher

    encryptor = _cipher(AES_KEY).encryptor()
    return base64.b64encode(encryptor.update(whole) + encryptor.finalize()).decode()


CLEAR = Client(None, "plain").xml("u1", "text", int(NOW), Content="备案", MsgId=23)


@pytest.mark.parametrize(
    "sealed",
    [
        "不是base64",
        "AAAA",
        base64.b64encode(b"x" * 15).decode(),
        base64.b64encode(bytes(range(100, 164))).decode(),
        seal(CLEAR, app_id="wxanother"),
        seal(CLEAR, app_id=""),
        seal(CLEAR, key=OLD_KEY),
        seal("<xml>"),
        seal("<xml></xml>"),
        seal('<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>'),
        raw_sealed(b"r" * 16 + (9999).to_bytes(4, "big") + b"x" * 11 + b"\x01"),
        raw_sealed(b"r" * 15 + b"\x11"),
        raw_sealed(b"\x20" * 32),
        raw_sealed(b"r" * 30 + b"\x01\x02"),
        raw_sealed(b"r" * 31 + b"\x00"),
        raw_sealed(b"r" * 31 + b"\x21"),
        raw_sealed(b"r" * 16 + (2).to_bytes(4, "big") + b"\xff\xff" + APP_ID.encode() + b"\x08" * 8),
    ],
    ids=lambda sealed: f"{len(sealed)} characters",
)
def test_an_envelope_with_something_wrong_inside(sealed: str) -> None:
    with pytest.raises(Refused):
        opened("secure", resealed(sealed))


def test_the_key_before_is_taken_for_a_while() -> None:
    one = resealed(seal(CLEAR, key=OLD_KEY))
    entry = door("secure", (AES_KEY, OLD_KEY)).open(one.query, one.body.encode(), NOW)
    assert entry.push.key == "23"
    answer = door("secure", (AES_KEY, OLD_KEY)).answer(entry, "好", NOW)
    assert Client(None, "secure").read(200, answer).text == "好"


def test_a_key_that_is_not_canonical_is_taken() -> None:
    canonical = base64.b64encode(bytes(range(32))).decode()[:43]
    other = canonical[:-1] + chr(ord(canonical[-1]) + 1)
    assert key_of(other) == key_of(canonical) == bytes(range(32))
    with pytest.raises(ValueError, match="43"):
        key_of("short")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<json>{}</json>",
        b'{"MsgType": "text"}',
        b"<xml><FromUserName>u1</FromUserName>",
        b"\xff\xfe<\x00x\x00m\x00l\x00>\x00",
        b"<!DOCTYPE xml><xml></xml>",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><Content>&b;</Content></xml>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>',
        b"<xml><ToUserName>a</ToUserName></xml>",
        b"<xml><ToUserName>a</ToUserName><FromUserName>b</FromUserName><MsgType>text</MsgType></xml>",
        b"<xml><ToUserName>a</ToUserName><FromUserName>b c</FromUserName><CreateTime>1</CreateTime>"
        b"<MsgType>text</MsgType></xml>",
        b"<xml><ToUserName>a</ToUserName><FromUserName>b</FromUserName><CreateTime>-1</CreateTime>"
        b"<MsgType>text</MsgType></xml>",
    ],
)
def test_a_body_that_is_none(body: bytes) -> None:
    query = pushed("plain").query
    with pytest.raises(Refused):
        door("plain").open(query, body, NOW)


def test_a_text_that_speaks_of_document_types_is_a_text() -> None:
    clear = Client(None, "plain").xml("u1", "text", int(NOW), Content="<!DOCTYPE x> & ]]", MsgId=5)
    push = opened("plain", pushed("plain", clear)).push
    assert push.fields["Content"] == "<!DOCTYPE x> & ]]"


def test_control_characters_of_a_text_are_left_out() -> None:
    clear = Client(None, "plain").xml("u1", "text", int(NOW), Content="备\x08案", MsgId=5)
    assert opened("plain", pushed("plain", clear)).push.fields["Content"] == "备案"


def test_a_message_number_is_never_a_float() -> None:
    clear = Client(None, "plain").xml("u1", "text", int(NOW), Content="a", MsgId=9007199254740993)
    assert opened("plain", pushed("plain", clear)).push.key == "9007199254740993"


@pytest.mark.parametrize("mode", MODES)
def test_a_reply_cannot_be_broken_out_of(mode: str) -> None:
    entry = opened(mode, pushed(mode))
    answer = door(mode).answer(entry, "a]]><x>&\x00\ud800\ufffe\n末", NOW)
    read = Client(None, mode).read(200, answer)
    assert read.text == "a]]><x>&\n末"


@pytest.mark.parametrize("mode", MODES)
def test_the_address_is_verified(mode: str) -> None:
    timestamp = str(int(NOW))
    query = {
        "signature": sign(TOKEN, timestamp, "n"),
        "timestamp": timestamp,
        "nonce": "n",
        "echostr": "5 9+",
    }
    assert door(mode).echo(query, NOW) == "5 9+"
    for wrong in ({"signature": "0"}, {"echostr": ""}, {"echostr": "x" * 2000}, {"timestamp": "1"}):
        with pytest.raises(Refused):
            door(mode).echo({**query, **wrong}, NOW)


def test_an_envelope_is_different_each_time_and_has_the_vendor_s_padding() -> None:
    envelope = Envelope((AES_KEY,), APP_ID)
    for length in range(70):
        sealed = envelope.seal("x" * length, os.urandom)
        assert envelope.open(sealed) == "x" * length
        assert len(base64.b64decode(sealed)) % 32 == 0
    assert envelope.seal("x", os.urandom) != envelope.seal("x", os.urandom)
