"""Tests of the public application: errors of one form, headers, limits, and a log without names."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.desk.errors import MessageError, StorageError
from bot.gateway import middlewares
from bot.gateway.middlewares import account, explain, guard, read_body


async def echo(request: web.Request) -> web.Response:
    return web.Response(text=f"{len(await request.read())}")


async def fault(request: web.Request) -> web.Response:
    raise ZeroDivisionError("secret text of an enquirer")


async def gone(request: web.Request) -> web.Response:
    raise StorageError("locked", "系统暂时无法保存信息。")


async def bad(request: web.Request) -> web.Response:
    raise MessageError("empty", "nothing", "消息是空的。")


async def own(request: web.Request) -> web.Response:
    return web.Response(headers={"Content-Security-Policy": "default-src 'self'"})


async def away(request: web.Request) -> web.Response:
    raise web.HTTPFound("/echo")


@asynccontextmanager
async def public() -> AsyncIterator[TestClient[Any, Any]]:
    app = web.Application(client_max_size=1000, middlewares=(account, explain, read_body))
    app.on_response_prepare.append(guard)
    for name, handler in {"fault": fault, "gone": gone, "bad": bad, "own": own, "away": away}.items():
        app.router.add_get(f"/{name}", handler)
    app.router.add_post("/echo", echo)
    app.router.add_get("/people/{name}", echo)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nowhere", 404, "not_found"),
        ("/echo", 405, "method_not_allowed"),
        ("/fault", 500, "internal"),
        ("/gone", 503, "unavailable"),
        ("/bad", 400, "empty"),
    ],
)
async def test_every_error_has_one_form(
    path: str, status: int, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with public() as client, client.get(path) as response:
        body = await response.json()
        assert response.status == status
        assert body["error"]["code"] == code
        assert any("\u4e00" <= char <= "\u9fff" for char in body["error"]["message"])
        assert body["request_id"] == response.headers["X-Request-ID"]
    assert "secret text" not in caplog.text
    assert "secret text" not in json.dumps(body)


async def test_a_fault_is_logged_with_its_place(caplog: pytest.LogCaptureFixture) -> None:
    async with public() as client, client.get("/fault") as response:
        assert response.headers["X-Request-ID"] in caplog.text
        assert "ZeroDivisionError" in caplog.text
        assert "test_application.py" in caplog.text


async def test_browsers_are_guarded_where_a_page_has_no_rules_of_its_own() -> None:
    async with public() as client:
        async with client.get("/nowhere") as response:
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
            assert "aiohttp" not in response.headers["Server"]
        async with client.get("/own") as response:
            assert response.headers["Content-Security-Policy"] == "default-src 'self'"
            assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_a_redirect_is_no_error() -> None:
    async with public() as client, client.get("/away", allow_redirects=False) as response:
        assert response.status == 302


@pytest.mark.parametrize(("size", "status"), [(1000, 200), (1001, 413)])
async def test_a_body_is_read_up_to_the_limit(size: int, status: int) -> None:
    async with public() as client, client.post("/echo", data=b"x" * size) as response:
        assert response.status == status


async def test_a_body_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middlewares, "READ_WITHIN", 0.3)

    async def slowly() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.sleep(1.5)
        yield b"y"

    async with public() as client, client.post("/echo", data=slowly()) as response:
        assert response.status == 408


async def test_the_log_names_the_route_and_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.access")
    async with public() as client, client.get("/people/zhangsan?phone=13800138000") as response:
        assert response.status == 200
    (line,) = [record.getMessage() for record in caplog.records if record.name == "bot.access"]
    assert line.startswith("GET /people/{name} 200 ")
    assert "zhangsan" not in caplog.text
    assert "13800138000" not in caplog.text
    assert "127.0.0.1" not in line
