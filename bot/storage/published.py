"""Figures that have left the house: kept as they were told, with the definition they were made by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from json import dumps
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.statistics import Definition, Figures, Scope, definition_from, figures_from
from bot.storage.report_tables import published_figures


@dataclass(frozen=True)
class Published:
    """One table of figures as it was told; ``at`` is in seconds since the epoch, UTC.

    ``intact``: what is stored is what was stored then.
    """

    id: int
    statistic: str
    version: str
    definition: Definition
    scope: Scope
    figures: Figures
    by: str
    at: float
    intact: bool


def put(
    connection: Connection, definition: Definition, scope: Scope, figures: Figures, by: str, at: float
) -> int:
    """Store figures as published and give their number."""
    values = {
        "statistic": definition.id,
        "definition": definition.document(),
        "version": definition.version,
        "first_day": scope.first,
        "last_day": scope.last,
        "section_id": scope.section,
        "figures": {**figures.document(), "counted_on": scope.today.isoformat()},
        "by": by,
        "at": at,
    }
    made = connection.execute(sa.insert(published_figures).values(**values, digest=_digest(values)))
    return int(made.inserted_primary_key[0])


def all_of_them(connection: Connection) -> list[Published]:
    """Give everything that was published, the oldest first."""
    query = sa.select(published_figures).order_by(published_figures.c.id)
    return [_published(row) for row in connection.execute(query)]


def _published(row: Any) -> Published:
    values = {name: row._mapping[name] for name in row._mapping if name not in ("id", "digest")}
    counted_on = date.fromisoformat(row.figures["counted_on"])
    return Published(
        id=row.id,
        statistic=row.statistic,
        version=row.version,
        definition=definition_from(row.definition),
        scope=Scope(row.first_day, row.last_day, counted_on, row.section_id),
        figures=figures_from(row.figures),
        by=row.by,
        at=row.at,
        intact=_digest(values) == row.digest,
    )


def _digest(values: dict[str, Any]) -> str:
    text = dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()
