"""Reading frames: what is understood, and that nothing else gets through."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import TranscriptLine
from bot.channels.webchat import protocol
from bot.channels.webchat.protocol import Ack, FrameError, Hello, Ping, Send, parse

SECRET = "0123456789abcdef" * 4
MESSAGE = "a1b2c3d4e5f60718"


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ({"type": "hello"}, Hello(None, 0)),
        ({"type": "hello", "session": None, "after": 7}, Hello(None, 7)),
        ({"type": "hello", "session": SECRET, "after": 0, "more": 1}, Hello(SECRET, 0)),
        ({"type": "send", "message_id": MESSAGE, "text": "你好"}, Send(MESSAGE, "你好")),
        ({"type": "send", "message_id": MESSAGE, "text": "一\r\n二\r三\0\x1b"}, Send(MESSAGE, "一\n二\n三")),
        ({"type": "ack", "up_to": 12}, Ack(12)),
        ({"type": "ping"}, Ping()),
    ],
)
def test_frames_are_read(frame: dict, said: protocol.Said) -> None:
    assert parse(json.dumps(frame)) == said


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "malformed"),
        ("{", "malformed"),
        ("[]", "malformed"),
        ("null", "malformed"),
        ("[" * 60_000, "malformed"),
        ("9" * 9_000, "malformed"),
        ("{}", "unknown_type"),
        ('{"type": ["hello"]}', "unknown_type"),
        ('{"type": "reply"}', "unknown_type"),
        ('{"type": "hello", "session": ""}', "bad_session"),
        ('{"type": "hello", "session": 5}', "bad_session"),
        (f'{{"type": "hello", "session": "{SECRET.upper()}"}}', "bad_session"),
        (f'{{"type": "hello", "session": "{SECRET}\\n"}}', "bad_session"),
        ('{"type": "hello", "after": -1}', "malformed"),
        ('{"type": "hello", "after": true}', "malformed"),
        ('{"type": "hello", "after": 1.5}', "malformed"),
        ('{"type": "hello", "after": 9223372036854775808}', "malformed"),
        ('{"type": "ack"}', "malformed"),
        ('{"type": "send", "text": "x"}', "malformed"),
        ('{"type": "send", "message_id": "short", "text": "x"}', "malformed"),
        (f'{{"type": "send", "message_id": "{MESSAGE}\\n", "text": "x"}}', "malformed"),
        (f'{{"type": "send", "message_id": "{"x" * 65}", "text": "x"}}', "malformed"),
        (f'{{"type": "send", "message_id": "{MESSAGE}", "text": 1}}', "not_text"),
        (f'{{"type": "send", "message_id": "{MESSAGE}"}}', "not_text"),
        (f'{{"type": "send", "message_id": "{MESSAGE}", "text": "\\ud800"}}', "not_text"),
    ],
)
def test_what_is_wrong_is_named(raw: str, code: str) -> None:
    with pytest.raises(FrameError) as caught:
        parse(raw)
    assert caught.value.code == code
    assert caught.value.message_id == (MESSAGE if code == "not_text" else None)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_FRAMES = st.fixed_dictionaries(
    {"type": st.sampled_from(["hello", "send", "ack", "ping", "x"])},
    optional={
        "session": _VALUES | st.just(SECRET),
        "after": _VALUES,
        "message_id": _VALUES | st.just(MESSAGE),
        "text": _VALUES,
        "up_to": _VALUES,
    },
)


@given(st.text() | _FRAMES.map(json.dumps))
def test_whatever_comes_is_read_or_refused(raw: str) -> None:
    said: protocol.Said | str
    try:
        said = parse(raw)
    except FrameError as fault:
        said = fault.code
    if isinstance(said, str):
        assert said in {"malformed", "unknown_type", "bad_session", "not_text"}
    elif isinstance(said, Send):
        assert "\x00" not in said.text.encode().decode()


def test_a_secret_and_a_text_stay_out_of_logs() -> None:
    assert SECRET not in repr(Hello(SECRET, 0))
    assert "身份证" not in repr(Send(MESSAGE, "身份证"))


def test_unseen_is_what_stands_behind_the_last_reply_shown() -> None:
    question = TranscriptLine(1, "enquirer", "问", 1.0, "done", "m1")
    lines = [
        question,
        TranscriptLine(4, "bot", "答", 2.0, "sent"),
        replace(question, id=2, message_id="m2"),
        TranscriptLine(6, "staff", "答", 3.0, "waiting"),
        replace(question, id=9, message_id="m3"),
    ]
    assert list(protocol.unseen(lines, 0)) == lines
    assert list(protocol.unseen(lines, 3)) == lines
    assert list(protocol.unseen(lines, 4)) == lines[2:]
    assert list(protocol.unseen(lines, 5)) == lines[2:]
    assert list(protocol.unseen(lines, 6)) == lines[4:]
    assert list(protocol.unseen(lines, 10**9)) == lines[4:]
    assert list(protocol.unseen([], 5)) == []
