"""What the audit log says, and how each row is sealed to the one before it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Digest = Callable[..., str]


@dataclass(frozen=True)
class Deed:
    """What somebody did. ``subject`` is what it was done to: a receipt number, a login; no personal data."""

    actor: str
    role: str
    action: str
    subject: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One row of the log as it stands. ``at`` is in seconds, UTC; ``detail`` is JSON."""

    number: int
    at: float
    actor: str
    role: str
    action: str
    subject: str
    detail: str
    seal: str


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold: the number of the row, and how it is wrong.

    ``missing``: the row is not there; ``changed``: its content is not what was sealed; ``head``: rows are
    missing at the end.
    """

    number: int
    how: str


def seal_of(digest: Digest, before: str, row: Row) -> str:
    """Give the seal of a row after the seal before it; ``digest`` is keyed, so no one else can make seals."""
    said = json.dumps(
        [row.number, repr(row.at), row.actor, row.role, row.action, row.subject, row.detail],
        ensure_ascii=False,
    )
    return digest("audit", before, said)


def first_break(digest: Digest, rows: Iterable[Row], head: tuple[int, str]) -> Break | None:
    """Give the first break in the chain of rows, which are in order; ``head`` is where it must end."""
    before, expected = "", 1
    for row in rows:
        if row.number != expected:
            return Break(expected, "missing")
        if row.seal != seal_of(digest, before, row):
            return Break(row.number, "changed")
        before, expected = row.seal, expected + 1
    if head == (expected - 1, before):
        return None
    return Break(expected if head[0] >= expected else expected - 1, "head")
