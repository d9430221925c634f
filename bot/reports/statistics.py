"""Makes the table of a statistic out of its figures: names, order, shares, the whole, and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.engine import Connection

from bot.desk.catalogue import Catalogue
from bot.desk.statistics import (
    ADDITIVE,
    POPULATIONS,
    Definition,
    Figures,
    Form,
    Key,
    Part,
    Scope,
    Values,
    sortable,
    with_empty_periods,
)
from bot.reports.labels import Labels
from bot.reports.tables import Column, Table, Value
from bot.storage.counting import count

THOUSAND = 1000
Line = tuple[Value, ...]


def figures_of(connection: Connection, definition: Definition, scope: Scope) -> Figures:
    """Count a statistic as it is read: a period in which there was nothing has its line of zeros."""
    return with_empty_periods(definition, count(connection, definition, scope), scope)


def ordered(definition: Definition, figures: Figures) -> list[tuple[Key, Values]]:
    """Give the lines as they are read: by key, or the largest first."""
    lines = sorted(figures.lines.items(), key=lambda line: sortable(line[0]))
    if definition.largest_first:
        lines.sort(key=lambda line: -(line[1][0] or 0))
    return lines


def table_of(definition: Definition, figures: Figures, labels: Labels, catalogue: Catalogue | None) -> Table:
    """Give the table that page, CSV, XLSX and command show alike."""
    lines = ordered(definition, figures)
    shares = _shares(definition, [values[0] or 0 for _, values in lines])
    rows: list[Line] = []
    for number, (key, values) in enumerate(lines):
        names = [_named(f, part, labels, catalogue) for f, part in zip(definition.by, key, strict=True)]
        rows.append((*names, *values, *([shares[number]] if shares else [])))
    if has_total(definition):
        rows.append(_total(definition, figures, labels))
    return Table(definition.sheet, columns_of(definition, labels), iter(rows))


def _named(field: str, part: Part, labels: Labels, catalogue: Catalogue | None) -> Value:
    """Give what a line is called; a day stays a day, so that a workbook can reckon with it."""
    return date.fromisoformat(str(part)) if field == "day" else labels.value(field, part, catalogue)


def columns_of(definition: Definition, labels: Labels) -> tuple[Column, ...]:
    """Give the columns: the fields, the measures, the share."""
    fields = [Column(name, labels.fields[name]) for name in definition.by]
    measures = [Column(f"m{number}", m.heading) for number, m in enumerate(definition.measures)]
    share = [Column("share", definition.share, "0.0")] if definition.share else []
    return (*fields, *measures, *share)


def has_total(definition: Definition) -> bool:
    """Say whether there is a whole: not where things of different units stand in the lines."""
    return bool(definition.by) and (not definition.does_not_sum or _many(definition))


def explained(definition: Definition, labels: Labels) -> str:
    """Give what a reader must know of the table: what is counted, and which columns do not add up."""
    text = definition.counts.rstrip("。") + "。"
    if definition.does_not_sum:
        return f"{text}{definition.does_not_sum.rstrip('。')}。"
    apart = [m.heading for m in definition.measures if m.how not in ADDITIVE]
    if apart and definition.by:
        text += labels.book["apart"].format(columns=f"“{'”“'.join(apart)}”")
    return text


def shares_of(counts: Sequence[int]) -> list[int]:
    """Give each count's share in thousandths, by largest remainder, so that they come to 1000 together."""
    whole = sum(counts)
    if not whole:
        return [0] * len(counts)
    shares = [count * THOUSAND // whole for count in counts]
    rest = THOUSAND - sum(shares)
    by_remainder = sorted(range(len(counts)), key=lambda n: (-(counts[n] * THOUSAND % whole), n))
    for number in by_remainder[:rest]:
        shares[number] += 1
    return shares


def _shares(definition: Definition, counts: Sequence[int]) -> list[float]:
    return [share / 10 for share in shares_of(counts)] if definition.share else []


def _total(definition: Definition, figures: Figures, labels: Labels) -> Line:
    name = labels.whole if _many(definition) else labels.total
    blank: list[Value] = [None] * (len(definition.by) - 1)
    share: list[Value] = [100.0 if figures.total[0] else 0.0] if definition.share else []
    return (name, *blank, *figures.total, *share)


def _many(definition: Definition) -> bool:
    return any(POPULATIONS[definition.of][name] is Form.MANY for name in definition.by)


def sums(definition: Definition, figures: Figures) -> Mapping[str, tuple[int, int]]:
    """Give for each column that adds up the sum of its lines and the whole, where the two differ."""
    if definition.does_not_sum or not definition.by:
        return {}
    found = {}
    for place, measure in enumerate(definition.measures):
        if measure.how in ADDITIVE:
            pair = (sum(v[place] or 0 for v in figures.lines.values()), figures.total[place] or 0)
            if pair[0] != pair[1]:
                found[measure.heading] = pair
    return found
