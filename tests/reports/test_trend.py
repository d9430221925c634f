"""A period in which nothing came stands in the trend with zero, and the parts still sum to the whole."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.desk.statistics import TIMES, Figures, Scope, period, with_empty_periods
from bot.reports.charts import svg
from bot.reports.labels import load_labels
from bot.reports.statistics import figures_of, sums, table_of
from bot.storage.counting import count
from bot.storage.database import Database
from bot.storage.statistic_files import load_statistics
from tests.conversing import DATA
from tests.reports.histories import fill, history

STATISTICS = load_statistics(DATA)
TRENDS = {d.by[0]: d for name, d in STATISTICS.items() if name in {f"by-{kind}" for kind in TIMES}}
SCOPE = Scope(date(2023, 11, 6), date(2025, 12, 31), date(2025, 9, 7))


def sparse(kind: str, *days: date) -> Figures:
    lines = {(period(kind, day),): (1, 1) for day in days}
    return Figures(lines, (len(days), len(days)))


@pytest.mark.parametrize("kind", TIMES)
def test_every_period_up_to_today_has_its_line(database_url: str, kind: str) -> None:
    database = Database(database_url)
    database.open()
    with database.writing() as connection:
        fill(connection, history(random.Random(5), 40))
        raw, read = (how(connection, TRENDS[kind], SCOPE) for how in (count, figures_of))
    database.close_now()
    days = [SCOPE.first + timedelta(n) for n in range((SCOPE.today - SCOPE.first).days + 1)]
    assert set(read.lines) == {(period(kind, day),) for day in days}
    assert {key: values for key, values in read.lines.items() if values != (0, 0)} == raw.lines
    assert read.total == raw.total
    assert not sums(TRENDS[kind], read)
    *lines, whole = table_of(TRENDS[kind], read, load_labels(DATA), None).lines
    assert [line[0] for line in lines] == sorted(line[0] for line in lines)
    assert sum(line[1] for line in lines) == whole[1] == raw.total[0]


def test_the_turn_of_the_year_and_a_week_of_two_years() -> None:
    ends = sparse("week", date(2024, 12, 23), date(2025, 1, 13))
    scope = replace(SCOPE, first=date(2024, 12, 23), last=date(2025, 1, 19))
    filled = with_empty_periods(TRENDS["week"], ends, scope)
    assert list(filled.lines.items()) == [
        (("2024-W52",), (1, 1)), (("2025-W01",), (0, 0)), (("2025-W02",), (0, 0)), (("2025-W03",), (1, 1))
    ]  # fmt: skip


def test_nothing_at_all_is_no_trend_and_other_groupings_stay_as_they_are() -> None:
    empty = Figures({}, (0, 0))
    assert with_empty_periods(TRENDS["day"], empty, SCOPE) == empty
    pairs = Figures({("2024-01", "webchat"): (1,)}, (1,))
    assert with_empty_periods(STATISTICS["topics-by-month"], pairs, SCOPE) == pairs


def test_what_has_no_value_stays_without_one_and_leaves_a_gap() -> None:
    definition = STATISTICS["staff-reply-times-by-month"]
    ends = Figures({("2025-01",): (2, 3, 1, 2, 90), ("2025-03",): (4, 1, 4, 4, 900)}, (3, 4, 1, 4, 90))
    scope = replace(SCOPE, first=date(2025, 1, 1), last=date(2025, 3, 31))
    filled = with_empty_periods(definition, ends, scope)
    assert filled.lines[("2025-02",)] == (None, 0, None, None, None)
    drawn = svg(definition, filled, load_labels(DATA), None)
    assert drawn
    assert "平均（工作日）" in drawn
    assert "2025-02" in drawn


def test_ten_years_are_enough_to_fill() -> None:
    scope = Scope(date(1, 1, 1), date(9999, 12, 31), date(2026, 1, 1))
    filled = with_empty_periods(TRENDS["day"], sparse("day", date(2014, 5, 1), date(2026, 1, 1)), scope)
    assert len(filled.lines) == 3662
