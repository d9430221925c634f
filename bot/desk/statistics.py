"""What a statistic is: its definition, the fields it may count by, and the figures that come of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default
from datetime import date, timedelta
from enum import Enum
from hashlib import sha256
from json import dumps
from typing import Any

from bot.desk.working_days import Calendar

Part = str | int | None
Key = tuple[Part, ...]
Values = tuple["int | None", ...]


class Form(str, Enum):
    """What kind of field it is: how it may be used. A span, in working days, is not added up."""

    TIME = "time"
    TEXT = "text"
    MANY = "many"
    IDENTITY = "identity"
    NUMBER = "number"
    SPAN = "span"


class How(str, Enum):
    """How a measure is taken over the rows of a line."""

    ROWS = "rows"
    DISTINCT = "distinct"
    SUM = "sum"
    AVERAGE = "average"
    PERCENTILE = "percentile"


TIMES = ("day", "week", "month", "quarter", "year")
_TIME = dict.fromkeys(TIMES, Form.TIME)
_CLOCK = {"hour": Form.TEXT, "weekday": Form.TEXT}

# What can be counted, and by which fields: the one list that the schema, both implementations and the
# documentation follow. A row of `cases` is what was registered by staff, void ones left out; a row of
# `handoffs` is an enquiry with staff, on the day on which it was handed over.
POPULATIONS: dict[str, dict[str, Form]] = {
    "enquiries": {
        **_TIME,
        **_CLOCK,
        **dict.fromkeys(("channel", "topic", "entry", "outcome", "section"), Form.TEXT),
        **dict.fromkeys(("entries", "facets"), Form.MANY),
        **dict.fromkeys(("enquirer", "conversation"), Form.IDENTITY),
        "response_ms": Form.NUMBER,
    },
    "cases": {
        **_TIME,
        **dict.fromkeys(("kind", "topic", "entry", "section", "category", "applicant"), Form.TEXT),
        **dict.fromkeys(("stage", "outcome", "timeliness"), Form.TEXT),
        "quantity": Form.NUMBER,
    },
    "handoffs": {
        **_TIME,
        **_CLOCK,
        **dict.fromkeys(("section", "reason", "state", "outcome", "satisfaction"), Form.TEXT),
        **dict.fromkeys(("timeliness", "times_transferred"), Form.TEXT),
        **dict.fromkeys(("transfers", "reply_minutes"), Form.NUMBER),
        "reply_days": Form.SPAN,
    },
}
LONGEST_TREND = 3660  # days
_HOURS: dict[str, range] = {"hour": range(24), "weekday": range(1, 8)}
ADDITIVE = frozenset({How.ROWS, How.SUM})


@dataclass(frozen=True)
class Measure:
    """One column of figures. ``where`` counts only the rows whose fields have one of these values."""

    heading: str
    how: How
    field: str | None = None
    at: int | None = None
    where: Mapping[str, tuple[Part, ...]] = with_default(default_factory=dict)


@dataclass(frozen=True)
class Definition:
    """One statistic. ``counts`` says in words what is counted; ``does_not_sum`` why its lines do not."""

    id: str
    title: str
    sheet: str
    counts: str
    of: str
    measures: tuple[Measure, ...]
    by: tuple[str, ...] = ()
    where: Mapping[str, tuple[Part, ...]] = with_default(default_factory=dict)
    share: str | None = None
    largest_first: bool = False
    does_not_sum: str | None = None
    chart: str | None = None

    def document(self) -> dict[str, Any]:
        """Give all that decides about the figures, as it is stored with those that were published."""
        return {
            "id": self.id,
            "of": self.of,
            "by": list(self.by),
            "where": _listed(self.where),
            "measures": [
                {
                    "heading": m.heading,
                    "how": m.how.value,
                    "field": m.field,
                    "at": m.at,
                    "where": _listed(m.where),
                }
                for m in self.measures
            ],
        }

    @property
    def version(self) -> str:
        """Tells this definition from every other one that counts differently."""
        text = dumps(self.document(), ensure_ascii=False, sort_keys=True)
        return sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Scope:
    """The days that are counted, both included, the section if only one, and the day of counting.

    ``calendar`` tells the working days between two days; without it such spans are not known.
    """

    first: date
    last: date
    today: date
    section: str | None = None
    calendar: Calendar | None = with_default(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Figures:
    """The figures of a statistic: one line for each key, and the whole, counted from the same rows."""

    lines: Mapping[Key, Values]
    total: Values

    def document(self) -> dict[str, Any]:
        """Give the figures as they are stored; the order of lines does not matter and is fixed."""
        ordered = sorted(self.lines.items(), key=lambda line: sortable(line[0]))
        return {"lines": [[list(key), list(values)] for key, values in ordered], "total": list(self.total)}


def period(name: str, day: date) -> str:
    """Give the period of a kind (``TIMES``) that a day lies in, as it is written: ``2026-W01``."""
    if name == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    if name == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return {"day": f"{day:%Y-%m-%d}", "month": f"{day:%Y-%m}", "year": f"{day:%Y}"}[name]


def with_empty_periods(definition: Definition, figures: Figures, scope: Scope) -> Figures:
    """Give the figures with a line for each period of the scope that had nothing, up to the day of counting.

    Only for what is counted by one kind of period, or by hours, alone; the whole stays what it is. Where
    nothing at all was counted there is no trend, and of more than ten years the last ten are filled.
    """
    kind = definition.by[0] if len(definition.by) == 1 else ""
    if not figures.lines or definition.largest_first or kind in definition.where:
        return figures
    nothing = tuple(None if m.how in (How.AVERAGE, How.PERCENTILE) else 0 for m in definition.measures)
    return Figures({**{(part,): nothing for part in _periods(kind, scope)}, **figures.lines}, figures.total)


def _periods(kind: str, scope: Scope) -> Iterator[Part]:
    if kind in _HOURS:
        yield from _HOURS[kind]
    if kind in TIMES:
        last = min(scope.last, scope.today)
        first = max(scope.first, last - timedelta(LONGEST_TREND))
        yield from (period(kind, first + timedelta(n)) for n in range((last - first).days + 1))


def definition_from(document: Mapping[str, Any]) -> Definition:
    """Give the definition that was stored with figures: what decides about them, without the words."""
    measures = tuple(
        Measure(m["heading"], How(m["how"]), m["field"], m["at"], _tuples(m["where"]))
        for m in document["measures"]
    )
    name = document["id"]
    by, where = tuple(document["by"]), _tuples(document["where"])
    return Definition(name, name, name, "", document["of"], measures, by, where)


def figures_from(document: Mapping[str, Any]) -> Figures:
    """Give the figures that were stored."""
    lines = {tuple(key): tuple(values) for key, values in document["lines"]}
    return Figures(lines, tuple(document["total"]))


def sortable(key: Key) -> tuple[tuple[int, int, str], ...]:
    """Order keys: numbers by size, texts by letter, what is empty last."""
    return tuple(
        (2, 0, "") if part is None else (0, part, "") if isinstance(part, int) else (1, 0, part)
        for part in key
    )


def faults(definition: Definition) -> list[tuple[str, str]]:
    """Give what is wrong with a definition that the schema cannot see: field of the file, and reason."""
    known = POPULATIONS[definition.of]
    found = [("by", f"没有“{name}”这个字段") for name in definition.by if name not in known]
    found += [("by", f"“{name}”不能用来分组") for name in definition.by if known.get(name) in _UNGROUPED]
    found += [
        ("where", f"没有“{name}”这个字段") for name in definition.where if known.get(name) not in _CONDITIONS
    ]
    for number, measure in enumerate(definition.measures):
        found += [(f"measures[{number}].{where}", why) for where, why in _measure_faults(measure, known)]
    many = [name for name in definition.by if known.get(name) is Form.MANY]
    if many and not definition.does_not_sum:
        found.append(("does_not_sum", f"按“{many[0]}”分组时一件会计入多行,须写明各行之和为何不等于合计"))
    if many and (len(many) > 1 or any(m.how is not How.ROWS for m in definition.measures)):
        found.append(("measures", f"按“{many[0]}”分组时只能有这一个多值字段,并且只能数件数"))
    if definition.share and definition.measures[0].how not in ADDITIVE:
        found.append(("share", "第一列不是件数或合计时不能算占比"))
    return found


_UNGROUPED = (Form.IDENTITY, Form.NUMBER, Form.SPAN)
_CONDITIONS = (Form.TEXT, Form.TIME)
_FIELD = {
    How.ROWS: (),
    How.DISTINCT: (Form.IDENTITY, Form.TEXT),
    How.SUM: (Form.NUMBER,),
    How.AVERAGE: (Form.NUMBER, Form.SPAN),
    How.PERCENTILE: (Form.NUMBER, Form.SPAN),
}


def _measure_faults(measure: Measure, known: Mapping[str, Form]) -> list[tuple[str, str]]:
    found = [
        ("where", f"没有“{name}”这个字段") for name in measure.where if known.get(name) not in _CONDITIONS
    ]
    fit = _FIELD[measure.how]
    if fit and known.get(measure.field or "") not in fit:
        found.append(("field", f"“{measure.how.value}”需要一个合适的字段,“{measure.field}”不是"))
    if not fit and measure.field:
        found.append(("field", "数件数时不写字段"))
    if (measure.how is How.PERCENTILE) != (measure.at is not None):
        found.append(("at", "分位数须写明 at(1 至 99),其他方式不写"))
    return found


def _listed(where: Mapping[str, Sequence[Part]]) -> dict[str, list[Part]]:
    return {name: list(values) for name, values in where.items()}


def _tuples(where: Mapping[str, Sequence[Part]]) -> dict[str, tuple[Part, ...]]:
    return {name: tuple(values) for name, values in where.items()}
