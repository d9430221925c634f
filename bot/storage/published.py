"""Figures that have left the house: kept as they were told, with the definition they were made by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from json import dumps
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.statistics import Definition, Figures, Scope, definition_from, figures_from
from bot.desk.working_days import Calendar, Year
from bot.storage.counting import count
from bot.storage.handoff_tables import handoff_events
from bot.storage.moments import Moment, held
from bot.storage.report_tables import corrections, published_figures, register_events

# For each population the log of what changes its rows after they are there.
LOGS = {"enquiries": corrections, "cases": register_events, "handoffs": handoff_events}


@dataclass(frozen=True)
class Published:
    """One table of figures as it was told, at a moment; its scope has the calendar as it was known then.

    ``intact``: what is stored is what was stored then.
    """

    id: int
    statistic: str
    version: str
    definition: Definition
    scope: Scope
    figures: Figures
    by: str
    moment: Moment
    intact: bool


def publish(connection: Connection, definition: Definition, scope: Scope, by: str, at: float) -> int:
    """Count a statistic, store its figures as published, and give their number.

    Nobody changes what is counted meanwhile, so that the figures can be proven for just this moment.
    """
    moment = held(connection, LOGS[definition.of], at)
    figures = {**count(connection, definition, scope).document(), "counted_on": scope.today.isoformat()}
    figures |= {"seen": moment.last, "calendar": _days_off(scope)}
    values = {
        "statistic": definition.id,
        "definition": definition.document(),
        "version": definition.version,
        "first_day": scope.first,
        "last_day": scope.last,
        "section_id": scope.section,
        "figures": figures,
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
    counted_on, years = date.fromisoformat(row.figures["counted_on"]), row.figures.get("calendar", [])
    calendar = Calendar(Year(y, _dates(holidays), _dates(worked)) for y, holidays, worked in years)
    return Published(
        id=row.id,
        statistic=row.statistic,
        version=row.version,
        definition=definition_from(row.definition),
        scope=Scope(row.first_day, row.last_day, counted_on, row.section_id, calendar),
        figures=figures_from(row.figures),
        by=row.by,
        moment=Moment(row.at, row.figures.get("seen")),
        intact=_digest(values) == row.digest,
    )


def _days_off(scope: Scope) -> list[tuple[int, list[str], list[str]]]:
    """Give the calendar as it is stored: each year with its holidays and the days of rest that are worked."""
    years = scope.calendar.arranged if scope.calendar else ()
    return [(y.year, sorted(map(str, y.holidays)), sorted(map(str, y.worked))) for y in years]


def _dates(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, texts))


def _digest(values: dict[str, Any]) -> str:
    text = dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()
