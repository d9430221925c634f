"""Tests of the REST channel over HTTP: answers, repeats, every refusal, and who may use it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from tests.channels.rest.openapi import validate_exchange
from tests.support.gateways import KEY, Running, rows, running, standin

ADDRESS = "/api/v1/messages"
QUESTION = {"conversation": "c1", "message_id": "m1", "text": "技改备案要什么材料?"}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Running]:
    async with standin() as (_, url):
        async with running(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path, [url]) as gateway:
            yield gateway


async def post(desk: Running, body: Any, **options: Any) -> tuple[int, Any]:
    """Post a body and give status and answer, which must be as the document says."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    headers = {"X-API-Key": KEY, "Content-Type": "application/json", **options}
    async with desk.client.post(ADDRESS, data=raw, headers=headers) as response:
        answer = await response.json()
        validate_exchange("post", ADDRESS, response.status, answer)
        return response.status, answer


async def test_a_question_is_answered_in_the_response(desk: Running) -> None:
    status, answer = await post(desk, QUESTION)
    assert status == 200
    assert answer.pop("receipt").isalnum()
    assert answer == {
        "outcome": "answered",
        "entries": ["s01"],
        "facets": ["materials"],
        "confidence": 0.9,
        "replies": [
            {
                "text": "答:技改备案要什么材料?",
                "quick_replies": [{"title": "材料", "payload": "要什么材料"}],
            }
        ],
    }


async def test_the_same_message_gives_the_same_answer_again(desk: Running) -> None:
    first = await post(desk, QUESTION)
    assert await post(desk, QUESTION) == first
    assert len(rows(desk.gateway.database, "enquiries")) == 1


async def test_the_same_message_many_times_at_once_is_answered_alike(desk: Running) -> None:
    answers = await asyncio.gather(*(post(desk, {**QUESTION, "text": "!sleep 0.3"}) for _ in range(10)))
    assert all(answer == answers[0] for answer in answers)
    assert len(rows(desk.gateway.database, "enquiries")) == 1


async def test_the_same_id_with_another_text_is_a_conflict(desk: Running) -> None:
    await post(desk, QUESTION)
    status, answer = await post(desk, {**QUESTION, "text": "别的"})
    assert (status, answer["error"]["code"]) == (409, "conflict")
    status, _ = await post(desk, {**QUESTION, "conversation": "c2", "text": "别的"})
    assert status == 200


async def test_an_answer_that_went_out_is_marked_as_sent(desk: Running) -> None:
    await post(desk, QUESTION)
    for _ in range(100):
        if rows(desk.gateway.database, "outbox")[0].state == "sent":
            return
        await asyncio.sleep(0.02)
    pytest.fail("the reply was not marked")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "bad_json"),
        (b"{", 400, "bad_json"),
        (b'{"conversation": NaN}', 400, "bad_json"),
        (b"[" * 50000, 400, "bad_json"),
        (b"\x00\x01\x02", 400, "bad_json"),
        (b"\xff\xfe\xfd", 400, "bad_encoding"),
        ('{"text": "备案"}'.encode("gb18030"), 400, "bad_encoding"),
        (b"[]", 400, "wrong_type"),
        (b'"text"', 400, "wrong_type"),
        ({}, 400, "missing_field"),
        ({"conversation": "c1", "message_id": "m1"}, 400, "missing_field"),
        ({**QUESTION, "text": 5}, 400, "wrong_type"),
        ({**QUESTION, "text": None}, 400, "wrong_type"),
        ({**QUESTION, "message_id": 1}, 400, "wrong_type"),
        ({**QUESTION, "conversation": ["c"]}, 400, "wrong_type"),
        ({**QUESTION, "conversation": ""}, 400, "bad_field"),
        ({**QUESTION, "conversation": "x" * 129}, 400, "bad_field"),
        ({**QUESTION, "message_id": "a\nb"}, 400, "bad_field"),
        ({**QUESTION, "message_id": "x" * 257}, 400, "bad_field"),
        ({**QUESTION, "text": ""}, 400, "empty"),
        ({**QUESTION, "text": " \u3000\n"}, 400, "empty"),
        ({**QUESTION, "text": "字" * 4001}, 413, "too_long"),
        ({**QUESTION, "text": "a\x00b"}, 400, "not_text"),
        (b'{"conversation":"c","message_id":"m","text":"\\ud800"}', 400, "not_text"),
        (b"x" * 200000, 413, "too_large"),
    ],
)
async def test_bad_input_gets_a_code_and_a_chinese_sentence(
    desk: Running, body: Any, status: int, code: str
) -> None:
    got, answer = await post(desk, body)
    assert (got, answer["error"]["code"]) == (status, code)
    assert any("\u4e00" <= char <= "\u9fff" for char in answer["error"]["message"])
    assert rows(desk.gateway.database, "inbox") == []


async def test_a_byte_order_mark_does_no_harm(desk: Running) -> None:
    status, _ = await post(desk, b"\xef\xbb\xbf" + json.dumps(QUESTION).encode())
    assert status == 200


async def test_a_body_without_end_is_refused_while_it_is_read(desk: Running) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(2000):
            sent += 65536
            yield b"x" * 65536
            await asyncio.sleep(0)

    try:
        async with desk.client.post(ADDRESS, data=endless(), headers={"X-API-Key": KEY}) as response:
            assert response.status == 413
    except aiohttp.ClientConnectionError:
        pass  # the server closed the line on us, which is as good
    assert sent < 50_000_000


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-API-Key": KEY}, 200),
        ({"Authorization": f"Bearer {KEY}"}, 200),
        ({"Authorization": f"bearer  {KEY}"}, 200),
        ({}, 401),
        ({"X-API-Key": KEY + "x"}, 401),
        ({"X-API-Key": ""}, 401),
        ({"Authorization": f"Basic {KEY}"}, 401),
        ({"Authorization": "Bearer"}, 401),
        ({"X-API-Key": "密钥"}, 401),
    ],
)
async def test_the_key_opens_and_nothing_else_does(
    desk: Running, headers: dict[str, str], status: int
) -> None:
    async with desk.client.post(ADDRESS, json=QUESTION, headers=headers) as response:
        assert response.status == status
        if status == 401:
            assert response.headers["WWW-Authenticate"] == "Bearer"
            validate_exchange("post", ADDRESS, 401, await response.json())
    async with desk.client.get("/api/v1/openapi.json", headers=headers) as response:
        assert response.status == status


async def test_without_key_the_channel_is_not_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    async with running(url, tmp_path, [f"http://127.0.0.1:{unused_port()}"], BOT_API_KEY="") as desk:
        for path in (ADDRESS, "/api/v1/openapi.json"):
            async with desk.client.get(path) as response:
                assert response.status == 404
        async with desk.client.post(ADDRESS, json=QUESTION, headers={"X-API-Key": ""}) as response:
            assert response.status == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"X-Forwarded-For": "127.0.0.1"}, 404),
        ({"Forwarded": "for=127.0.0.1"}, 404),
        ({"X-Real-IP": "127.0.0.1"}, 404),
        ({"Via": "1.1 proxy"}, 404),
        ({"Origin": "http://evil.example"}, 404),
    ],
)
async def test_this_machine_needs_no_key_where_that_is_allowed(
    tmp_path: Path, headers: dict[str, str], status: int
) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    async with standin() as (_, brain):
        async with running(url, tmp_path, [brain], BOT_API_KEY="", BOT_REST_LOOPBACK="1") as desk:
            async with desk.client.post(ADDRESS, json=QUESTION, headers=headers) as response:
                assert response.status == status


async def test_later_replies_are_fetched_and_acknowledged(desk: Running) -> None:
    await post(desk, {**QUESTION, "text": "转人工"})
    query = {"conversation": "c1"}
    async with desk.client.get(ADDRESS, params=query, headers={"X-API-Key": KEY}) as response:
        answer = await response.json()
        validate_exchange("get", ADDRESS, response.status, answer)
    assert [m["text"] for m in answer["messages"]] == [r.text for r in rows(desk.gateway.database, "outbox")]
    assert {m["in_reply_to"] for m in answer["messages"]} == {"m1"}
    last = str(answer["messages"][-1]["id"])
    async with desk.client.get(
        ADDRESS, params={**query, "after": last}, headers={"X-API-Key": KEY}
    ) as response:
        assert (await response.json()) == {"messages": []}
    assert {row.state for row in rows(desk.gateway.database, "outbox")} == {"sent"}


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "9" * 30])
async def test_a_bad_position_is_refused(desk: Running, after: str) -> None:
    params = {"conversation": "c1", "after": after}
    async with desk.client.get(ADDRESS, params=params, headers={"X-API-Key": KEY}) as response:
        assert response.status == 400
        validate_exchange("get", ADDRESS, 400, await response.json())


async def test_a_locked_database_is_said_and_nothing_is_acknowledged(desk: Running, tmp_path: Path) -> None:
    import sqlite3

    holder = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    status, answer = await post(desk, QUESTION)
    assert (status, answer["error"]["code"]) == (503, "unavailable")
    holder.execute("ROLLBACK")
    holder.close()
    assert (await post(desk, QUESTION))[0] == 200


async def test_methods_that_there_are_not_are_refused_alike(desk: Running) -> None:
    async with desk.client.delete(ADDRESS, headers={"X-API-Key": KEY}) as response:
        assert response.status == 405
        assert set(response.headers["Allow"].replace(" ", "").split(",")) >= {"GET", "POST"}
        validate_exchange("post", ADDRESS, 400, await response.json())
