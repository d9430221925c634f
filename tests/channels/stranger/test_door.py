"""A stranger at the door: what is not signed, not whole or not for this account is refused, always alike."""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from urllib.parse import urlencode

import pytest

from tests.channels.stranger.wire import APP_ID, TOKEN, Push, encrypt, fresh, raw_encrypt, sha
from tests.channels.stranger.world import World
from tests.support.busy import allowed

pytestmark = [pytest.mark.slow]

BOMB = (
    b'<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
FILE = b'<!DOCTYPE xml [<!ENTITY f SYSTEM "file:///etc/passwd">]>'


def refused(world: World, push: Push, **more: object) -> None:
    """Hold that a push is refused as every other is."""
    asked = len(world.brain.asked)
    heard = world.wire.send(push, **more)  # type: ignore[arg-type]
    assert (heard.status, heard.body) == (403, b"forbidden")
    assert len(world.brain.asked) == asked


@pytest.mark.parametrize("echo", ["7281938123746501", "a+b/c=", "<script>", "中文", "a b", "0" * 200])
def test_the_exact_echo_as_text(each: World, echo: str) -> None:
    heard = each.wire.verify(echo)
    assert (heard.status, heard.body) == (200, echo.encode())
    assert heard.kind.startswith("text/plain")


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": sha("another token", "1", "2")},
        {"signature": ""},
        {"signature": None},
        {"timestamp": None},
        {"nonce": None},
        {"nonce": "changed"},
        {"echostr": None},
        {"echostr": ""},
    ],
    ids=str,
)
def test_no_echo_for_whoever_cannot_sign(each: World, changes: dict[str, str | None]) -> None:
    heard = each.wire.verify("reflect-me", **changes)
    assert (heard.status, heard.body) == (403, b"forbidden")


@pytest.mark.parametrize("off", [-301, 301, -86400, 86400 * 365])
def test_another_time(each: World, user: str, off: int) -> None:
    stamp = str(int(time.time()) + off + (2 if off > 0 else -2))
    refused(each, each.wire.wrap(each.wire.xml(user, "text", Content="x", MsgId=str(fresh())), stamp))
    assert each.wire.verify("e", **each.wire.sign(stamp)).status == 403


@pytest.mark.parametrize("off", [-280, 280])
def test_a_clock_that_is_off_a_little(each: World, user: str, off: int) -> None:
    stamp = str(int(time.time()) + off)
    clear = each.wire.xml(user, "text", Content=f"差一点{off}", MsgId=str(fresh()))
    assert each.wire.send(each.wire.wrap(clear, stamp)).text == f"回差一点{off}。"


@pytest.mark.parametrize("stamp", ["-1795000000", "1e9", "١٧٩٥٠٠٠٠٠٠", " ", "0x6b", "9" * 300, "nan"])
def test_a_time_that_is_no_number(each: World, user: str, stamp: str) -> None:
    refused(each, each.wire.wrap(each.wire.xml(user, "text", Content="x", MsgId=str(fresh())), stamp))


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce"])
@pytest.mark.parametrize("value", [None, "", "x", "é", "a" * 5000])
def test_parameters_that_are_wrong(each: World, user: str, name: str, value: str | None) -> None:
    refused(each, each.wire.text(user, "参数不对").with_query(**{name: value}))


def test_a_parameter_twice(each: World, user: str) -> None:
    good = each.wire.text(user, "两次")
    refused(each, Push([*good.query, ("nonce", "other")], good.body))


def test_one_query_for_another_message_is_a_forgery_and_for_the_same_a_retry(each: World, user: str) -> None:
    clear = each.wire.xml(user, "text", Content="原来的", MsgId=str(fresh()))
    other = each.wire.xml(user, "text", Content="伪造的", MsgId=str(fresh()))
    stamp, nonce = str(int(time.time())), "4711"
    first = each.wire.wrap(clear, stamp, nonce)
    assert each.wire.send(first).text == "回原来的。"
    refused(each, each.wire.wrap(other, stamp, nonce))
    again = each.wire.wrap(clear, stamp, nonce)  # sealed anew: other bytes, the same message
    assert not each.wire.sealed or again.body != first.body
    assert each.wire.send(again).acknowledged
    assert each.brain.turns("原来的") == 1
    assert each.brain.turns("伪造的") == 0


def test_clear_text_where_an_envelope_is_due(sealed: World, user: str) -> None:
    clear = sealed.wire.xml(user, "text", Content="降级", MsgId=str(fresh()))
    query = sealed.wire.sign()
    refused(sealed, Push(list(query.items()), clear))
    refused(sealed, Push([*query.items(), ("encrypt_type", "raw")], clear))
    refused(sealed, Push([*query.items(), ("encrypt_type", "aes")], clear))
    empty = sha(TOKEN, query["timestamp"], query["nonce"], "")
    refused(sealed, Push([*query.items(), ("encrypt_type", "aes"), ("msg_signature", empty)], clear))


@pytest.mark.parametrize("mode", ["plain", "yixin"])
def test_an_envelope_where_clear_text_is_due(worlds: dict[str, World], user: str, mode: str) -> None:
    world = worlds[mode]
    clear = world.wire.xml(user, "text", Content="信封", MsgId=str(fresh()))
    refused(world, world.wire.enclose(encrypt(clear)))


def test_an_envelope_that_is_not_signed(sealed: World, user: str) -> None:
    good = sealed.wire.text(user, "信封签名")
    for value in (None, "", "0" * 40, dict(good.query)["signature"]):
        refused(sealed, good.with_query(msg_signature=value))
    other = sealed.wire.text(user, "别的信封")
    refused(sealed, Push(good.query, other.body))


def test_what_stands_beside_an_envelope_is_not_believed(worlds: dict[str, World], user: str) -> None:
    world = worlds["compatible"]
    number = str(fresh())
    inside = world.wire.xml(user, "text", Content="里面的", MsgId=number)
    beside = world.wire.xml("oSomebodyElse", "text", Content="外面的", MsgId=number)
    heard = world.wire.send(world.wire.enclose(encrypt(inside), beside))
    assert heard.text == "回里面的。"
    assert heard.fields["ToUserName"] == user


def _bad_envelopes(clear: bytes) -> dict[str, str]:
    good = encrypt(clear)
    salted = b"s" * 16 + struct.pack(">I", len(clear)) + clear + APP_ID.encode()
    room = 32 - len(salted) % 32
    return {
        "another app": encrypt(clear, app_id="wx0000000000000000"),
        "no app": encrypt(clear, app_id=""),
        "the app with something behind": encrypt(clear, app_id=APP_ID + "x"),
        "another key": encrypt(clear, key="A" * 43),
        "a length beyond the end": encrypt(clear, length=1 << 20),
        "the largest length": encrypt(clear, length=0xFFFFFFFF),
        "no length": encrypt(clear, length=0),
        "padding of nought": raw_encrypt(salted + b"\x00" * room),
        "padding that is not alike": raw_encrypt(salted + b"\x01" * (room - 1) + bytes([room])),
        "padding of 33": raw_encrypt(salted + b"\x21" * room),
        "one block": raw_encrypt(b"\x10" * 16),
        "cut": good[:-4],
        "no base64": "!!!!" + good[4:],
        "empty": "",
        "spaces in between": good[:20] + " " + good[20:],
        "not utf-8": encrypt(b"<xml>\xff\xfe</xml>"),
        "no xml": encrypt(b"hello"),
        "a bomb": encrypt(BOMB + clear.replace(b"<xml>", b"<xml><x>&c;</x>")),
        "a file": encrypt(FILE + clear.replace(b"<xml>", b"<xml><x>&f;</x>")),
        "an envelope in an envelope": encrypt(f"<xml><Encrypt>{good}</Encrypt></xml>".encode()),
    }


@pytest.mark.parametrize("name", sorted(_bad_envelopes(b"<xml/>")))
def test_an_envelope_with_something_wrong(sealed: World, user: str, name: str) -> None:
    clear = sealed.wire.xml(user, "text", Content="坏信封", MsgId=str(fresh()))
    refused(sealed, sealed.wire.enclose(_bad_envelopes(clear)[name]))


def _bad_bodies(good: bytes) -> dict[str, bytes]:
    return {
        "a bomb": BOMB + good.replace(b"<xml>", b"<xml><x>&c;</x>"),
        "a file": FILE + good,
        "a document type alone": b"<!DOCTYPE xml>" + good,
        "one of another server": b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd">' + good,
        "in utf-16": (BOMB + good).decode().encode("utf-16"),
        "utf-16 that says so": ('<?xml version="1.0" encoding="utf-16"?>' + good.decode()).encode("utf-16"),
        "not utf-8": good.replace(b"</xml>", b"<Content>\xd6\xd0\xce\xc4</Content></xml>"),
        "json": b'{"ToUserName": "x"}',
        "nothing": b"",
        "half": good[: len(good) // 2],
        "two": good + good,
        "another root": good.replace(b"xml>", b"html>"),
        "deep": b"<xml>" * 20000,
        "an entity that there is not": good.replace(b"</xml>", b"<x>&nbsp;</x></xml>"),
        "a character that there is not": good.replace(b"</xml>", b"<x>&#0;</x></xml>"),
    }


@pytest.mark.parametrize("name", sorted(_bad_bodies(b"<xml></xml>")))
def test_a_body_with_something_wrong(each: World, user: str, name: str) -> None:
    good = each.wire.text(user, "坏的正文")
    refused(each, Push(good.query, _bad_bodies(good.body)[name]))


@pytest.mark.parametrize("field", ["ToUserName", "FromUserName", "CreateTime", "MsgType"])
@pytest.mark.parametrize("value", [None, "", "a\nb", "中文", "x" * 300], ids=lambda value: str(value)[:4])
def test_a_field_that_every_push_has(each: World, user: str, field: str, value: str | None) -> None:
    clear = each.wire.xml(user, "text", Content="缺字段", MsgId=str(fresh()))
    start, end = clear.index(f"<{field}>".encode()), clear.index(f"</{field}>".encode())
    tag = len(f"</{field}>")
    middle = b"" if value is None else f"<{field}>{value}</{field}>".encode()
    refused(each, each.wire.wrap(clear[:start] + middle + clear[end + tag :]))


def test_a_body_that_is_too_large(each: World, user: str) -> None:
    refused(each, each.wire.text(user, "大" * 100_000))


def test_a_body_without_end_is_refused_while_it_is_read(each: World, user: str) -> None:
    with _opened(each, user, "Transfer-Encoding: chunked") as line:
        piece = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
        for _ in range(12):
            line.sendall(piece)
        assert line.recv(1000).startswith(b"HTTP/1.1 403")
        began = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - began < allowed(8.0):
                line.sendall(piece)  # whoever goes on all the same is hung up on soon
                time.sleep(0.05)
        assert time.monotonic() - began < allowed(5.0)


def test_a_body_that_never_comes_holds_nobody_up(each: World, user: str) -> None:
    with _opened(each, user, "Content-Length: 500") as line:
        line.sendall(b"<xml>")
        began = time.monotonic()
        assert each.wire.send(each.wire.text(user, "还在吗")).text == "回还在吗。"
        assert line.recv(1000).startswith(b"HTTP/1.1 403")
        assert time.monotonic() - began < allowed(5.0)


def _opened(world: World, user: str, header: str) -> socket.socket:
    query = urlencode(world.wire.text(user, "没完").query)
    line = socket.create_connection(("127.0.0.1", world.port), 10)
    line.sendall(f"POST {world.wire.path}?{query} HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode())
    return line


def test_a_body_in_pieces_is_a_body(each: World, user: str) -> None:
    push = each.wire.text(user, "一块一块来")
    pieces = [push.body[n : n + 7] for n in range(0, len(push.body), 7)]
    assert each.wire.send(push, chunks=iter(pieces)).text == "回一块一块来。"


def test_other_methods(each: World, user: str) -> None:
    push = each.wire.text(user, "别的方法")
    for method in ("PUT", "DELETE", "PATCH"):
        assert each.wire.request(method, push.query, push.body, 5).status == 405
