"""Checks a document of the catalogue against its schema: fast when it is right, in Chinese when it is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema
from jsonschema import Draft7Validator

from bot.storage.problems import Issue
from bot.storage.schema_words import issues_of

_FOLDER = Path(__file__).parent / "schema"


class SchemaCheck:
    """One compiled schema of ``bot/storage/schema``."""

    def __init__(self, name: str) -> None:
        self.schema: dict[str, Any] = json.loads((_FOLDER / f"{name}.schema.json").read_text("utf-8"))
        self._fast: Callable[[Any], Any] = fastjsonschema.compile(
            self.schema, use_default=False, detailed_exceptions=False
        )
        self._slow = Draft7Validator(self.schema)

    def issues(self, document: Any) -> list[Issue]:
        """Give all that is wrong with a document; empty when it satisfies the schema."""
        try:
            self._fast(document)
        except fastjsonschema.JsonSchemaValueException:
            return list(self._worded(document))
        return []

    def _worded(self, document: Any) -> Iterator[Issue]:
        seen: set[tuple[Any, str]] = set()
        for error in sorted(self._slow.iter_errors(document), key=lambda e: [str(s) for s in e.path]):
            for issue in issues_of(error, self.schema):
                if (issue.where, issue.message) not in seen:
                    seen.add((issue.where, issue.message))
                    yield issue


@cache
def schema_check(name: str) -> SchemaCheck:
    """Give the compiled schema ``entry``, ``bureau`` or ``sources``; compiled once in a process."""
    return SchemaCheck(name)
