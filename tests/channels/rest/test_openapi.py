"""Tests that the OpenAPI document is one, tells the truth, and refuses what the channel refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft4Validator, ValidationError

from bot.channels.rest import Options, Rest
from bot.channels.rest.channel import DOCUMENT
from bot.desk.messages import Outcome
from tests.channels.rest.openapi import document, validate_exchange, validate_request
from tests.support.gateways import KEY, running, standin

ADDRESS = "/api/v1/messages"
GOOD = {"conversation": "c1", "message_id": "m1", "text": "问"}


async def test_it_is_served_as_it_stands(tmp_path: Path) -> None:
    async with standin() as (_, url):
        async with running(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path, [url]) as desk:
            async with desk.client.get("/api/v1/openapi.json", headers={"X-API-Key": KEY}) as response:
                assert response.content_type == "application/json"
                assert await response.json() == yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))


def test_every_address_of_the_channel_is_in_it() -> None:
    from aiohttp import web

    app = web.Application()
    Rest(Options("k" * 16)).add_routes(app, desk=None)  # type: ignore[arg-type]
    served = {
        (route.method.lower(), route.resource.canonical)
        for route in app.router.routes()
        if route.resource and route.method != "HEAD"
    }
    described = {(method, path) for path, item in document()["paths"].items() for method in item}
    assert served == described


def test_its_schemas_are_schemas_and_every_reference_leads_somewhere() -> None:
    assert document()["openapi"].startswith("3.0")
    schemas = document()["components"]["schemas"]
    for schema in schemas.values():
        Draft4Validator.check_schema(schema)
    for path in _references(document()):
        group, name = path.removeprefix("#/components/").split("/")
        assert name in document()["components"][group]


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [path for value in node.values() for path in _references(value)]
    return [path for value in node for path in _references(value)] if isinstance(node, list) else []


def test_outcomes_are_ours() -> None:
    assert document()["components"]["schemas"]["Answer"]["properties"]["outcome"]["enum"] == [
        outcome.value for outcome in Outcome
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"text": ""},
        {"text": "字" * 4001},
        {"text": 1},
        {"conversation": ""},
        {"conversation": "x" * 129},
        {"message_id": "x" * 257},
    ],
)
def test_requests_that_the_channel_refuses_are_refused_by_it(change: dict[str, Any]) -> None:
    validate_request("post", ADDRESS, GOOD)
    with pytest.raises(ValidationError):
        validate_request("post", ADDRESS, {**GOOD, **change})
    with pytest.raises(ValidationError):
        validate_request("post", ADDRESS, {key: GOOD[key] for key in GOOD if key not in change})


def test_answers_of_another_form_are_refused_by_it() -> None:
    answer = {
        "receipt": "N",
        "outcome": "answered",
        "entries": [],
        "facets": [],
        "confidence": 0,
        "replies": [{"text": "答", "quick_replies": []}],
    }
    validate_exchange("post", ADDRESS, 200, answer)
    for wrong in ({"replies": []}, {"outcome": "x"}, {"confidence": 2}, {"more": 1}, {"receipt": ""}):
        with pytest.raises(ValidationError):
            validate_exchange("post", ADDRESS, 200, {**answer, **wrong})
