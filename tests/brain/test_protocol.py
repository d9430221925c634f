"""What the brain takes, what it refuses, and how a result is written."""

from __future__ import annotations

import pytest

from bot.brain.protocol import NAME_LIMIT, TEXT_LIMIT, TurnError, read_request, write_error, write_result
from bot.desk.messages import Outcome, QuickReply, Reply, TurnResult

GOOD = {
    "conversation": "c",
    "channel": "rest",
    "message_id": "m",
    "text": " 您好 ",
    "sent_at": 1.5,
    "context": {"a": 1},
}


def test_a_request_is_read_whole():
    request = read_request(GOOD)
    assert (request.conversation, request.channel, request.message_id) == ("c", "rest", "m")
    assert (request.text, request.sent_at, request.context) == ("您好", 1.5, {"a": 1})


@pytest.mark.parametrize("context", [None, {}])
def test_a_conversation_may_begin_without_a_context(context):
    assert read_request({**GOOD, "context": context}).context == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": ""}, "bad_request"),
        ({"text": " \n"}, "bad_request"),
        ({"text": 5}, "bad_request"),
        ({"text": "\ud83d"}, "bad_request"),
        ({"text": "长" * (TEXT_LIMIT + 1)}, "too_long"),
        ({"conversation": None}, "bad_request"),
        ({"conversation": "c" * (NAME_LIMIT + 1)}, "too_long"),
        ({"channel": ["rest"]}, "bad_request"),
        ({"message_id": 7}, "bad_request"),
        ({"sent_at": "now"}, "bad_request"),
        ({"sent_at": True}, "bad_request"),
        ({"sent_at": float("nan")}, "bad_request"),
        ({"context": []}, "bad_request"),
        ({"receipt": 8}, "bad_request"),
    ],
)
def test_a_wrong_field_is_refused_by_name(change, code):
    with pytest.raises(TurnError) as caught:
        read_request({**GOOD, **change})
    assert (caught.value.status, caught.value.code) == (400, code)
    assert next(iter(change)) in str(caught.value)


@pytest.mark.parametrize("body", [None, [], "text", 1])
def test_a_body_that_is_no_object_is_refused(body):
    with pytest.raises(TurnError):
        read_request(body)


def test_a_result_is_written_with_every_field():
    reply = Reply("答", (QuickReply("多久", "要多久"),))
    result = TurnResult(Outcome.HANDED_OFF, (reply,), ("s01",), ("fee",), 0.5, {"k": 1}, {"w": 2}, "人工")
    assert write_result(result) == {
        "outcome": "handed_off",
        "replies": [{"text": "答", "quick_replies": [{"title": "多久", "payload": "要多久"}]}],
        "entries": ["s01"],
        "facets": ["fee"],
        "confidence": 0.5,
        "context": {"k": 1},
        "explanation": {"w": 2},
        "hand_off": "人工",
        "asks_status": False,
    }


def test_an_error_is_written_with_code_and_message():
    assert write_error(TurnError(503, "busy", "later")) == {"error": {"code": "busy", "message": "later"}}
