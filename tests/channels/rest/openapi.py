"""Holds requests and responses against the OpenAPI document, as it stands in the product."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml
from jsonschema import Draft4Validator, RefResolver

from bot.channels.rest.channel import DOCUMENT


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Give the document, with ``nullable`` as JSON Schema says it."""
    content: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    _plain(content)
    return content


def validate_exchange(method: str, path: str, status: int, body: Any) -> None:
    """Raise ``ValidationError`` unless the document allows this answer."""
    responses = document()["paths"][path][method]["responses"]
    assert str(status) in responses, f"{method} {path}: {status} is not in the document"
    response = _resolved(responses[str(status)])
    _check(response["content"]["application/json"]["schema"], body)


def validate_request(method: str, path: str, body: Any) -> None:
    """Raise ``ValidationError`` unless the document allows this request body."""
    content = document()["paths"][path][method]["requestBody"]["content"]
    _check(content["application/json"]["schema"], body)


def _check(schema: Any, body: Any) -> None:
    # OpenAPI 3.0 says schemas in the words of JSON Schema's draft 4 with `nullable` added.
    Draft4Validator(schema, resolver=RefResolver.from_schema(document())).validate(body)


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: Any = document()
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    resolved: dict[str, Any] = found
    return resolved


def _plain(node: Any) -> None:
    if isinstance(node, dict):
        if node.pop("nullable", False):
            node["type"] = [node["type"], "null"]
        node.pop("example", None)
        for value in node.values():
            _plain(value)
    elif isinstance(node, list):
        for value in node:
            _plain(value)
