"""Counts by SQL: compiles the definition of a statistic for SQLite or PostgreSQL and runs it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.statistics import (
    ADDITIVE,
    POPULATIONS,
    Definition,
    Figures,
    Form,
    How,
    Key,
    Measure,
    Part,
    Scope,
    Values,
    period,
)
from bot.storage.fields import Fields, fields_of

Histogram = dict["int | None", int]


def count(connection: Connection, definition: Definition, scope: Scope) -> Figures:
    """Give the figures of a statistic over a scope. The whole is counted apart, never added up."""
    return _Count(connection, definition, scope).figures()


class _Count:
    def __init__(self, connection: Connection, definition: Definition, scope: Scope) -> None:
        self._connection = connection
        self._definition = definition
        self._fields = fields_of(definition.of, connection.dialect.name, scope)
        self._forms = POPULATIONS[definition.of]
        self._known: dict[Any, dict[Key, Histogram]] = {}

    def figures(self) -> Figures:
        measures = self._definition.measures
        additive = [m for m in measures if m.how in ADDITIVE]
        lines, whole = self._additive(additive)
        columns: dict[int, tuple[Mapping[Key, int | None], int | None]] = {}
        for number, measure in enumerate(measures):
            if measure.how not in ADDITIVE:
                columns[number] = self._other(measure)
        places = iter(range(len(additive)))
        at = {n: next(places) for n, m in enumerate(measures) if m.how in ADDITIVE}

        def line(key: Key) -> Values:
            return tuple(
                lines[key][at[n]] if n in at else columns[n][0].get(key, _empty(m))
                for n, m in enumerate(measures)
            )

        total = tuple(whole[at[n]] if n in at else columns[n][1] for n in range(len(measures)))
        return Figures({key: line(key) for key in lines}, total)

    def _additive(self, measures: Sequence[Measure]) -> tuple[dict[Key, list[int]], list[int]]:
        """Give the lines that there are, with these measures of each, and those of the whole."""
        sums = [self._sum(m) for m in measures]
        rows = self._grouped(sa.func.count(), *sums)
        lines: dict[Key, list[int]] = {}
        whole = [0] * len(measures)
        for raw, (_, *values) in rows:
            for place, value in enumerate(values):
                whole[place] += int(value or 0)
            for key in self._keys(raw):
                line = lines.setdefault(key, [0] * len(measures))
                for place, value in enumerate(values):
                    line[place] += int(value or 0)
        return lines, whole

    def _sum(self, measure: Measure) -> Any:
        wanted = self._fields.column(measure.field) if measure.field else sa.literal_column("1")
        if measure.where:
            wanted = sa.case((sa.and_(*self._conditions(measure.where)), wanted), else_=0)
        return sa.func.sum(wanted) if measure.field or measure.where else sa.func.count()

    def _other(self, measure: Measure) -> tuple[Mapping[Key, int | None], int | None]:
        if measure.how is How.DISTINCT:
            return self._distinct(measure)
        asked = (measure.field, tuple(measure.where.items()))
        if asked not in self._known:  # average and percentiles of one field come of one query
            self._known[asked] = self._histograms(measure)
        histograms = self._known[asked]
        whole: Histogram = defaultdict(int)
        for histogram in histograms.values():
            for value, times in histogram.items():
                whole[value] += times
        lines = {key: _of_histogram(measure, histogram) for key, histogram in histograms.items()}
        return lines, _of_histogram(measure, whole)

    def _distinct(self, measure: Measure) -> tuple[Mapping[Key, int | None], int | None]:
        """Count in two steps: a database is far quicker at the rows that differ than at counting them."""
        column = self._fields.column(measure.field or "")
        where = [*self._conditions(measure.where), column.is_not(None)]
        inner = self._select([*self._by(), column.label("counted")], where).distinct().subquery()
        keys = list(inner.c)[:-1]
        query = sa.select(*keys, sa.func.count()).select_from(inner).group_by(*keys)
        found = self._connection.execute(query)
        lines = {key: int(row[-1]) for row in found for key in self._keys(tuple(row)[:-1])}
        once = self._select([sa.literal_column("1")], where).group_by(column)
        index = self._fields.ordered.get(measure.field or "")
        if index:
            # In the order of this index every name stands together; SQLite would sort them all instead.
            once = once.with_hint(self._fields.table, f"INDEXED BY {index}", "sqlite")
        query = sa.select(sa.func.count()).select_from(once.subquery())
        return lines, int(self._connection.execute(query).scalar_one())

    def _histograms(self, measure: Measure) -> dict[Key, Histogram]:
        column = self._fields.column(measure.field or "").label("counted")
        by = self._by()
        query = self._select([*by, column, sa.func.count()], self._conditions(measure.where))
        mapped = self._fields.mapped.get(measure.field or "")
        found: dict[Key, Histogram] = defaultdict(dict)
        for *raw, told, times in self._connection.execute(query.group_by(*_labels(by), sa.text("counted"))):
            value = mapped(told) if mapped else told
            for key in self._keys(tuple(raw)):
                found[key][value] = found[key].get(value, 0) + int(times)
        return found

    def _grouped(self, *columns: Any) -> list[tuple[tuple[Any, ...], tuple[Any, ...]]]:
        by = self._by()
        query = self._select([*by, *columns], []).group_by(*_labels(by))
        return [
            (tuple(row)[: len(by)], tuple(row)[len(by) :])
            for row in self._connection.execute(query)
            if row[len(by)]
        ]

    def _select(self, columns: Sequence[Any], more: Sequence[Any]) -> Any:
        conditions = [*self._fields.conditions, *self._conditions(self._definition.where), *more]
        return sa.select(*columns).select_from(self._fields.table).where(*conditions)

    def _by(self) -> list[Any]:
        return [self._fields.column(name).label(f"by{n}") for n, name in enumerate(self._definition.by)]

    def _conditions(self, where: Mapping[str, Sequence[Part]]) -> list[Any]:
        return [_one_of(self._fields, name, values) for name, values in where.items()]

    def _keys(self, raw: tuple[Any, ...]) -> list[Key]:
        """Give the lines that a group belongs to: more than one where a field has many values."""
        keys: list[Key] = [()]
        for name, value in zip(self._definition.by, raw, strict=True):
            parts = _parts(self._forms[name], name, value)
            keys = [(*key, part) for key in keys for part in parts]
        return keys


def _one_of(fields: Fields, name: str, values: Sequence[Part]) -> Any:
    column = fields.column(name)
    named = [value for value in values if value is not None]
    conditions = [column.in_(named)] if named else []
    if None in values:
        conditions.append(column.is_(None))
    return sa.or_(*conditions)


def _labels(columns: Sequence[Any]) -> list[Any]:
    return [sa.text(column.name) for column in columns]


def _parts(form: Form, name: str, value: Any) -> list[Part]:
    if form is Form.MANY:
        found = value if isinstance(value, list) else json.loads(value)
        return list(dict.fromkeys(found)) or [None]
    if form is Form.TIME and isinstance(value, (date, datetime)):
        return [period(name, value)]
    if name == "week" and isinstance(value, str):
        return [period(name, date.fromisoformat(value))]
    return [value]


def _empty(measure: Measure) -> int | None:
    return 0 if measure.how is How.DISTINCT else None


def _of_histogram(measure: Measure, histogram: Histogram) -> int | None:
    """Give the average, halves rounded up, or the percentile by nearest rank; ``None`` of no values."""
    known = sorted((value, times) for value, times in histogram.items() if value is not None)
    number = sum(times for _, times in known)
    if not number:
        return None
    if measure.how is How.AVERAGE:
        whole = sum(value * times for value, times in known)
        return (2 * whole + number) // (2 * number)
    rank = -(-(measure.at or 0) * number // 100)
    passed = 0
    for value, times in known:
        passed += times
        if passed >= rank:
            return value
    raise AssertionError("a rank is within its histogram")
