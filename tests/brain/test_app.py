"""The brain over HTTP: what it answers, and how it refuses."""

from __future__ import annotations

import json

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.brain.app import BODY_LIMIT, BrainApp

GOOD = {"conversation": "c", "channel": "rest", "message_id": "m", "text": "要什么材料", "sent_at": 1.0}


@pytest.fixture
async def starting():
    """Give a client of a brain that has not loaded its model yet, and the application."""
    app = BrainApp(catalogue_version=lambda: "v7")
    async with TestClient(TestServer(app.application())) as client:
        yield client, app


@pytest.fixture
async def client(starting, brain):
    """Give a client of a brain that is ready."""
    client, app = starting
    app.ready(brain, brain.model.name)
    return client


async def test_a_turn_over_http(client):
    answer = await client.post("/turns", json={**GOOD, "context": {"turns": 2}})
    body = await answer.json()
    assert answer.status == 200
    assert body["outcome"] == "answered"
    assert body["replies"][0]["quick_replies"] == [{"title": "多久", "payload": "要多久"}]
    assert body["context"]["turns"] == 3


async def test_health_tells_what_is_loaded(client, brain):
    answer = await client.get("/health")
    assert await answer.json() == {"state": "ready", "model": brain.model.name, "catalogue": "v7"}


async def test_while_it_starts_it_says_so_and_takes_no_turn(starting):
    client, _ = starting
    assert (await (await client.get("/health")).json())["state"] == "starting"
    answer = await client.post("/turns", json=GOOD)
    assert (answer.status, (await answer.json())["error"]["code"]) == (503, "starting")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b'{"text": NaN}', b"[" * 100_000, b'"\\ud800"', json.dumps({}).encode()]
)
async def test_a_body_that_is_no_request_is_refused(client, body):
    answer = await client.post("/turns", data=body)
    assert (answer.status, (await answer.json())["error"]["code"]) == (400, "bad_request")


async def test_a_body_in_an_unknown_encoding_is_refused(client):
    answer = await client.post(
        "/turns", data=b"{}", headers={"Content-Type": "application/json; charset=x-none"}
    )
    assert answer.status == 400


async def test_a_body_that_is_too_large_is_refused(client):
    answer = await client.post("/turns", data=b" " * (BODY_LIMIT + 1))
    assert (answer.status, (await answer.json())["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize("text", ["坏", "哑", "漏", "错"])
async def test_a_failed_turn_is_500_with_a_reason(client, text):
    answer = await client.post("/turns", json={**GOOD, "text": text})
    body = await answer.json()
    assert answer.status == 500
    assert set(body) == {"error"}
    assert body["error"]["code"]
    assert body["error"]["message"]


async def test_an_error_nobody_foresaw_is_500_too(starting, caplog):
    class Broken:
        async def turn(self, request):
            raise ZeroDivisionError("张三的电话")

    client, app = starting
    app.ready(Broken(), "none")
    answer = await client.post("/turns", json=GOOD)
    assert (answer.status, (await answer.json())["error"]["code"]) == (500, "internal")
    assert "ZeroDivisionError" in caplog.text
    assert "张三" not in caplog.text
