"""Statistics as files: adding one is adding a file; what is wrong is named by file, line and field."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.desk.errors import CatalogueError
from bot.desk.statistics import POPULATIONS, How
from bot.reports.labels import load_labels
from bot.storage.fields import fields_of
from bot.storage.statistic_files import load_statistics
from tests.conversing import DATA
from tests.reports.test_counting import EVERYTHING

GOOD = """\
title: 周末的咨询
sheet: 周末
counts: 周六、周日收到的咨询件数
of: enquiries
by: [weekday]
where: {weekday: [6, 7]}
measures:
- {heading: 件数, how: rows}
- {heading: 中位数(毫秒), how: percentile, field: response_ms, at: 50}
"""
WRONG = [
    ("of: enquiries", "of: letters", "of"),
    ("by: [weekday]", "by: [weekdya]", "by"),
    ("by: [weekday]", "by: [enquirer]", "by"),
    ("by: [weekday]", "by: [facets]", "does_not_sum"),
    ("how: rows", "how: lines", "measures[0].how"),
    ("field: response_ms", "field: channel", "measures[1].field"),
    (", at: 50", "", "measures[1].at"),
    ("at: 50", "at: 100", "measures[1].at"),
    ("{weekday: [6, 7]}", "{response_ms: [6]}", "where"),
    ("sheet: 周末", "sheet: 周/末", "sheet"),
    ("title: 周末的咨询\n", "", "title"),
    ("counts:", "count:", "count"),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "statistics").mkdir()
    return tmp_path


def write(data: Path, text: str, name: str = "weekends") -> None:
    (data / "statistics" / f"{name}.yml").write_text(text, "utf-8")


def test_a_statistic_is_a_file(data: Path) -> None:
    write(data, GOOD)
    definition = load_statistics(data)["weekends"]
    assert definition.where == {"weekday": (6, 7)}
    assert [m.how for m in definition.measures] == [How.ROWS, How.PERCENTILE]
    assert definition.measures[1].at == 50


@pytest.mark.parametrize(("good", "bad", "field"), WRONG)
def test_what_is_wrong_is_named(data: Path, good: str, bad: str, field: str) -> None:
    assert good in GOOD
    write(data, GOOD.replace(good, bad, 1))
    with pytest.raises(CatalogueError) as caught:
        load_statistics(data)
    told = caught.value.for_reader
    assert told.startswith("data/statistics/weekends.yml")
    assert f"字段 {field}" in told, told


def test_every_fault_is_told_at_once_and_sheets_are_apart(data: Path) -> None:
    write(data, GOOD)
    write(data, GOOD, "weekends-again")
    write(data, GOOD.replace("enquiries", "letters"), "third")
    with pytest.raises(CatalogueError) as caught:
        load_statistics(data)
    assert len(caught.value.for_reader.splitlines()) == 2


def test_every_field_has_a_column_and_a_heading() -> None:
    labels = load_labels(DATA)
    for population, fields in POPULATIONS.items():
        for dialect in ("sqlite", "postgresql"):
            known = fields_of(population, dialect, EVERYTHING)
            for name in fields:
                assert known.column(name) is not None
    used = {name for d in load_statistics(DATA).values() for name in d.by}
    assert used <= set(labels.fields)


def test_the_shipped_statistics_can_be_copied_as_a_folder(data: Path) -> None:
    shutil.copytree(DATA / "statistics", data / "statistics", dirs_exist_ok=True)
    assert load_statistics(data) == load_statistics(DATA)
