"""The fields of a population as SQL: for each name in ``POPULATIONS`` one expression a dialect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as with_default
from datetime import date
from functools import cache, partial
from typing import Any

import sqlalchemy as sa

from bot.desk.statistics import Scope
from bot.storage.report_tables import register_cases
from bot.storage.tables import enquiries, handoffs

# Expressions over a day `{day}`. PostgreSQL gives the first day of the period, SQLite its name, except
# for weeks, where both give the Monday; what people see is made of it in one place.
_PERIODS = {
    "sqlite": {
        "day": "{day}",
        "week": "date({day}, 'weekday 0', '-6 days')",
        "month": "substr({day}, 1, 7)",
        "quarter": "substr({day}, 1, 4) || '-Q' || ((CAST(substr({day}, 6, 2) AS INTEGER) + 2) / 3)",
        "year": "substr({day}, 1, 4)",
    },
    "postgresql": {
        "day": "{day}",
        **{
            unit: f"date_trunc('{unit}', {{day}}::timestamp)" for unit in ("week", "month", "quarter", "year")
        },
    },
}
# Expressions over a moment `{at}` in seconds, UTC. Beijing is eight hours ahead, without summer time; the
# epoch was a Thursday.
_SECONDS = {"sqlite": "(CAST({at} AS INTEGER) + 28800)", "postgresql": "(floor({at})::bigint + 28800)"}
_DAY = {
    "sqlite": "date({at} + 28800, 'unixepoch')",
    "postgresql": "(to_timestamp(floor({at}) + 28800) AT TIME ZONE 'UTC')::date",
}
_SPAN = {
    "sqlite": "{opened} || '/' || {answered}",
    "postgresql": "to_char({opened}, 'YYYY-MM-DD') || '/' || to_char({answered}, 'YYYY-MM-DD')",
}
_CLOCK = {"hour": "({seconds} / 3600) % 24", "weekday": "({seconds} / 86400 + 3) % 7 + 1"}


@dataclass(frozen=True)
class Fields:
    """A population: its table, the conditions of its scope, and its fields by name.

    ``ordered`` names for some fields an index in the order of the field, with what a scope asks for;
    ``mapped`` makes numbers of the values that the database gives for some others.
    """

    table: Any
    conditions: tuple[Any, ...]
    _columns: Mapping[str, Any]
    ordered: Mapping[str, str] = with_default(default_factory=dict)
    mapped: Mapping[str, Callable[[Any], int | None]] = with_default(default_factory=dict)

    def column(self, name: str) -> Any:
        """Give the expression of a field."""
        return self._columns[name]


def fields_of(population: str, dialect: str, scope: Scope) -> Fields:
    """Give the fields of a population for a dialect, restricted to the scope."""
    return {"enquiries": _enquiries, "cases": _cases, "handoffs": _handoffs}[population](dialect, scope)


def _enquiries(dialect: str, scope: Scope) -> Fields:
    e = enquiries.c
    columns = {
        **_periods(dialect, "enquiries.day"),
        **_clock(dialect, "enquiries.at"),
        "channel": e.channel,
        "topic": e.topic,
        "entry": e.entry_id,
        "outcome": e.outcome,
        "section": e.section_id,
        "entries": sa.cast(e.entries, sa.Text),
        "facets": sa.cast(e.facets, sa.Text),
        "enquirer": e.enquirer,
        "conversation": e.conversation_id,
        "response_ms": e.response_ms,
    }
    ordered = {"enquirer": "ix_enquiries_enquirer", "conversation": "ix_enquiries_conversation"}
    return Fields(enquiries, _within(e.day, e.section_id, scope), columns, ordered)


def _cases(dialect: str, scope: Scope) -> Fields:
    c = register_cases.c
    columns = {
        **_periods(dialect, "register_cases.received_on"),
        **{n: c[n] for n in ("kind", "topic", "category", "applicant", "stage", "outcome", "quantity")},
        "entry": c.entry_id,
        "section": c.section_id,
        "timeliness": _timeliness(c.due_on, c.finished_on, scope),
    }
    conditions = (*_within(c.received_on, c.section_id, scope), sa.not_(c.void))
    return Fields(register_cases, conditions, columns)


def _handoffs(dialect: str, scope: Scope) -> Fields:
    h = handoffs.c
    opened, answered = (
        _DAY[dialect].format(at=f"handoffs.{at}") for at in ("opened_at", "first_answered_at")
    )
    seconds = [_SECONDS[dialect].format(at=f"handoffs.{at}") for at in ("first_answered_at", "opened_at")]
    timely = _timeliness(h.due_on, sa.literal_column(answered, sa.Date), scope)
    columns = {
        **_periods(dialect, opened),
        **_clock(dialect, "handoffs.opened_at"),
        **{n: h[n] for n in ("reason", "state", "outcome", "satisfaction", "transfers")},
        "section": h.section_id,
        "times_transferred": h.transfers,
        # The mark stays when the limit begins anew with a further question (超期留痕).
        "timeliness": sa.case((h.overdue_on.is_not(None), "overdue"), else_=timely),
        "reply_minutes": sa.literal_column(f"({' - '.join(seconds)}) / 60", sa.Integer),
        "reply_days": sa.literal_column(_SPAN[dialect].format(opened=opened, answered=answered), sa.Text),
    }
    conditions = _within(sa.literal_column(opened, sa.Date), h.section_id, scope)
    return Fields(handoffs, conditions, columns, mapped={"reply_days": cache(partial(_working_days, scope))})


def _timeliness(due: Any, done: Any, scope: Scope) -> Any:
    """Say whether it was in time; what is not done is overdue from the day after the last day on."""
    return sa.case(
        (due.is_(None), sa.case((done.is_(None), "undetermined"), else_="no_limit")),
        (sa.func.coalesce(done, scope.today) > due, "overdue"),
        (done.is_(None), "running"),
        else_="in_time",
    )


def _working_days(scope: Scope, told: str | None) -> int | None:
    """Give the working days of a span that is told as ``2026-01-05/2026-01-07``."""
    if told is None or scope.calendar is None:
        return None
    first, last = map(date.fromisoformat, told.split("/"))
    return scope.calendar.between(first, last)


def _within(day: Any, section: Any, scope: Scope) -> tuple[Any, ...]:
    days = day.between(scope.first, scope.last)
    return (days,) if scope.section is None else (days, section == scope.section)


def _periods(dialect: str, day: str) -> dict[str, Any]:
    return {name: sa.literal_column(form.format(day=day)) for name, form in _PERIODS[dialect].items()}


def _clock(dialect: str, at: str) -> dict[str, Any]:
    seconds = _SECONDS[dialect].format(at=at)
    return {
        name: sa.literal_column(form.format(seconds=seconds), sa.Integer) for name, form in _CLOCK.items()
    }
