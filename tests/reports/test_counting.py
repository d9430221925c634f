"""Two implementations, one truth: SQL and plain Python give the same figures for random histories."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from bot.desk.statistics import (
    POPULATIONS,
    Definition,
    Figures,
    Form,
    How,
    Measure,
    Scope,
    definition_from,
    faults,
    figures_from,
)
from bot.reports.audit import differences
from bot.reports.recount import recount
from bot.reports.statistics import sums
from bot.storage import counted_rows
from bot.storage.calendar_files import load_calendar
from bot.storage.counting import count
from bot.storage.database import Database
from bot.storage.moments import NOW
from bot.storage.statistic_files import load_statistics
from tests.conversing import DATA
from tests.reports.histories import empty, fill, history, let_empty

SHIPPED = load_statistics(DATA)
CALENDAR = load_calendar(DATA)
EVERYTHING = Scope(date(2000, 1, 1), date(2100, 1, 1), date(2024, 7, 1), calendar=CALENDAR)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    yield from opened(f"sqlite:///{tmp_path / 'desk.db'}")


def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    database.open()
    yield database
    database.close_now()


def any_definition(rng: random.Random) -> Definition:
    """Give a definition that a file could hold: of any fields, with any measures and conditions."""
    while True:
        of = rng.choice(list(POPULATIONS))
        fields = POPULATIONS[of]
        grouped = [n for n, f in fields.items() if f in (Form.TIME, Form.TEXT, Form.MANY)]
        by = tuple(rng.sample(grouped, rng.randint(0, 2)))
        measures = tuple(any_measure(rng, fields) for _ in range(rng.randint(1, 3)))
        definition = Definition("any", "任意", "任意", "任意", of, measures, by, any_condition(rng, fields))
        if any(fields[name] is Form.MANY for name in by):
            rows = Measure("件数", How.ROWS, where=any_condition(rng, fields))
            definition = replace(definition, measures=(rows,), does_not_sum="多值")
        if not faults(definition):
            return definition


def any_measure(rng: random.Random, fields: dict[str, Form]) -> Measure:
    how = rng.choice(list(How))
    numbers = [n for n, f in fields.items() if f is Form.NUMBER or (f is Form.SPAN and how is not How.SUM)]
    names = [n for n, f in fields.items() if f in (Form.IDENTITY, Form.TEXT)]
    field = {How.ROWS: None, How.DISTINCT: rng.choice(names)}.get(how, rng.choice(numbers))
    at = rng.randint(1, 99) if how is How.PERCENTILE else None
    return Measure("列", how, field, at, any_condition(rng, fields))


def any_condition(rng: random.Random, fields: dict[str, Form]) -> dict[str, tuple[str | int | None, ...]]:
    possible: dict[str, list[str | int | None]] = {
        "outcome": ["answered", "unanswered", "R3.1", None],
        "section": ["office", "sme", None],
        "topic": ["services", "hotline", None],
        "weekday": [1, 6, 7],
        "kind": ["on_air", "telephone"],
        "timeliness": ["overdue", "in_time", "undetermined"],
        "channel": ["webchat"],
        "satisfaction": [1, 5, None],
        "times_transferred": [0, 2],
    }
    names = [name for name in possible if name in fields]
    if rng.random() < 0.5:
        return {}
    name = rng.choice(names)
    return {name: tuple(rng.sample(possible[name], rng.randint(1, len(possible[name]))))}


def any_scope(rng: random.Random) -> Scope:
    first = date(2023, 12, 25) + timedelta(rng.randrange(200))
    section = rng.choice([None, None, "office"])
    return Scope(first, first + timedelta(rng.randrange(500)), date(2024, 7, 1), section, CALENDAR)


Rows = dict[str, list[dict[str, Any]]]


def check(connection: Connection, rows: Rows, definition: Definition, scope: Scope) -> Figures:
    figures = count(connection, definition, scope)
    again = recount(definition, scope, rows[definition.of])
    assert not list(differences(definition, figures, again)), (definition, scope)
    assert figures.lines.keys() == again.lines.keys()
    assert not sums(definition, figures)
    return figures


def all_rows(connection: Connection) -> Rows:
    return {of: list(counted_rows.rows(connection, of, EVERYTHING)) for of in POPULATIONS}


def retold(connection: Connection, rows: Rows) -> None:
    """Hold that the events of all cases and handoffs tell what their rows say, in all that is counted."""
    for population in ("cases", "handoffs"):
        told = list(counted_rows.rows_as_of(connection, population, EVERYTHING, NOW))
        assert told == [{name: row[name] for name in told[0]} for row in rows[population]]


def compare(database: Database, seed: int, histories: int, size: int, statistics: int) -> int:
    """Compare both counts over random histories; gives how many figures were compared."""
    rng = random.Random(seed)
    pool = [any_definition(rng) for _ in range(150)]
    compared = 0
    with database.writing() as connection:
        let_empty(connection)
    for _ in range(histories):
        with database.writing() as connection:
            empty(connection)
            fill(connection, history(rng, size))
        with database.reading() as connection:
            rows = all_rows(connection)
            retold(connection, rows)
            for definition in rng.sample(pool, statistics):
                compared += 1 + len(check(connection, rows, definition, any_scope(rng)).lines)
    return compared


def test_random_histories_and_statistics_on_sqlite(database: Database) -> None:
    # 200 histories, 25 of 150 random statistics over each, each over a random scope: 5,000 cases.
    # `python -m tests.bench.histories` does it for 10,000 histories.
    assert compare(database, seed=20141231, histories=200, size=24, statistics=25) > 9_000


@pytest.mark.postgres
def test_random_histories_and_statistics_on_postgresql(postgres_url: str) -> None:
    for database in opened(postgres_url):
        assert compare(database, seed=20230131, histories=24, size=60, statistics=25) > 1_500


def test_the_shipped_statistics_on_a_larger_history(database_url: str) -> None:
    for database in opened(database_url):
        with database.writing() as connection:
            fill(connection, history(random.Random(7), 1500))
        with database.reading() as connection:
            rows = all_rows(connection)
            for definition in SHIPPED.values():
                check(connection, rows, definition, EVERYTHING)


def test_a_definition_and_its_figures_survive_being_stored(database: Database) -> None:
    with database.writing() as connection:
        fill(connection, history(random.Random(3), 200))
        for definition in SHIPPED.values():
            stored = definition_from(definition.document())
            assert stored.document() == definition.document()
            assert stored.version == definition.version
            figures = count(connection, definition, EVERYTHING)
            assert figures_from(figures.document()) == figures
    assert len({d.version for d in SHIPPED.values()}) == len(SHIPPED)
