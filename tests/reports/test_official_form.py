"""The form as published, cell by cell: what is read back from the files is what the registers come to."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from docx import Document
from sqlalchemy.engine import Connection

from bot.desk.applications import APPLICANTS, OUTCOMES
from bot.desk.typography import polish
from bot.reports.annual import Annual, annual_of, load_form
from bot.reports.annual_files import write_docx, write_workbook
from bot.reports.recount_form import recounted_cells
from bot.storage import form_figures, register
from bot.storage.database import Database
from bot.storage.moments import NOW
from bot.storage.register import Person
from tests.conversing import DATA
from tests.samples import catalogue

OFFICIAL = yaml.safe_load((Path(__file__).parent / "official_form.yml").read_text(encoding="utf-8"))
FORM = load_form(DATA)
CODES = [code for code, _ in OFFICIAL["applications"]]
COLUMNS = (*APPLICANTS, "total")
GROUPS = ("reconsideration", "litigation_direct", "litigation_after")
RESULTS = ("upheld", "corrected", "other", "pending", "total")
SUPPLIED = {
    "normative.made": "7", "normative.repealed": "1", "normative.valid": "23", "permits.decided": "41",
    "penalties.decided": "5", "coercion.decided": "2", "fees.amount": "3.25",
    "text.problems": "=有不足", "text.other": "未收取信息处理费。",
}  # fmt: skip
YEAR = 2025


@dataclass(frozen=True)
class Read:
    """What a file holds: the headings of its parts, and each table as its texts, joined cells repeated."""

    parts: list[str]
    proactive: list[list[str]]
    applications: list[list[str]]
    disputes: list[list[str]]


def a_case(rng: random.Random, kind: str) -> list[register.Event]:
    """Give the steps of an application or a dispute that touches the year or does not."""
    day = date(rng.choice([2023, 2024, 2024, 2025, 2025, 2025, 2026]), rng.randint(1, 12), rng.randint(1, 28))
    content = {"kind": kind, "method": "in_person", "applicant": rng.choice(APPLICANTS)}
    content |= {"category": rng.choice(GROUPS)} if kind == "dispute" else {}
    steps = [register.Event(register.Step.REGISTERED, day, content, "x", 1.0)]
    if rng.random() < 0.8:
        done = date(min(day.year + rng.randrange(2), 2026), 12, rng.randint(1, 28))
        outcome = rng.choice(OUTCOMES if kind == "application" else RESULTS[:3])
        steps.append(register.Event(register.Step.ANSWERED, max(done, day), {"outcome": outcome}, "x", 2.0))
    if rng.random() < 0.1:
        steps.append(register.Event(register.Step.VOIDED, day, {"reason": "重复"}, "x", 3.0))
    return steps


def put(connection: Connection, steps: list[register.Event]) -> None:
    number = register.register(connection, steps[0], Person())
    for count, step in enumerate(steps[1:], 2):
        found = register.by_number(connection, number)
        assert found
        register.add(connection, found.id, step, register.case_of(steps[:count]))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Annual, dict[str, int], Path]:
    """Fill the registers at random, write both files, and count the cells a second time."""
    folder = tmp_path_factory.mktemp("form")
    database = Database(f"sqlite:///{folder / 'desk.db'}")
    database.open()
    rng = random.Random(30)
    with database.writing() as connection:
        for number in range(240):
            put(connection, a_case(rng, "dispute" if number % 5 == 0 else "application"))
        for cell, value in SUPPLIED.items():
            form_figures.supply(connection, YEAR, cell, value, "统计", "办公室", 1.0)
    with database.reading() as connection:
        annual = annual_of(connection, YEAR, FORM, catalogue())
        cells = [f"{code}:{column}" for code in CODES for column in COLUMNS]
        cells += [f"D.{group}:{result}" for group in GROUPS for result in RESULTS]
        expected = recounted_cells(register.cases_as_of(connection, NOW), YEAR, cells)
    database.close_now()
    write_docx(folder / "a.docx", annual, FORM)
    write_workbook(folder / "a.xlsx", annual, FORM)
    return annual, expected, folder


def from_docx(folder: Path) -> Read:
    document = Document(str(folder / "a.docx"))
    parts = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    return Read(parts, *tables)


def from_xlsx(folder: Path) -> Read:
    book = openpyxl.load_workbook(folder / "a.xlsx")
    texts = [row[0].value for row in book.worksheets[0]]
    parts = [text for text in texts if text[1:2] == "、"]
    # The texts stand on one sheet, the tables on their own.
    parts[1:1] = [FORM["parts"][name] for name in ("proactive", "applications", "disputes")]
    return Read(parts, *(_unmerged(sheet) for sheet in book.worksheets[1:4]))


def _unmerged(sheet: Any) -> list[list[str]]:
    lines = [["" if value is None else str(value) for value in line] for line in sheet.values]
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row, area.max_row + 1):
            for column in range(area.min_col, area.max_col + 1):
                lines[row - 1][column - 1] = lines[area.min_row - 1][area.min_col - 1]
    return lines


BOTH = pytest.mark.parametrize("read", [from_docx, from_xlsx])
Reader = Callable[[Path], Read]
Made = tuple[Annual, dict[str, int], Path]


@BOTH
def test_the_six_parts_stand_in_their_order(made: Made, read: Reader) -> None:
    parts = read(made[2]).parts
    assert [text[:2] for text in parts] == [f"{n}、" for n in "一二三四五六"]
    for official, text in zip(OFFICIAL["parts"], parts, strict=True):
        assert official in text


@BOTH
def test_every_cell_of_table_three(made: Made, read: Reader) -> None:
    _, expected, folder = made
    *heads, first = read(folder).applications[:4]
    rows = read(folder).applications[3:]
    assert first == rows[0]
    assert "第一项加第二项之和，等于第三项加第四项之和" in heads[0][0]
    names = heads[2][3:]
    assert names == OFFICIAL["applicants"]
    assert heads[1][3:] == ["自然人", *[OFFICIAL["organisations"]] * 5, "总计"]
    assert len(rows) == 25
    compared = 0
    for (code, name), row in zip(OFFICIAL["applications"], rows, strict=True):
        assert polish(name) in row[2], code
        if code.startswith("R3"):
            assert row[0] == "三、本年度办理结果"
        if code.count(".") == 2:
            assert row[1] == polish(OFFICIAL["groups"][code[:4]])
        for column, text in zip(COLUMNS, row[3:], strict=True):
            assert text == str(expected[f"{code}:{column}"]), (code, column)
            compared += 1
    assert compared == 175
    assert sum(expected[f"{code}:total"] > 0 for code in CODES) > 20  # not a table of zeros


@BOTH
def test_the_identities_hold_in_what_is_read_back(made: Made, read: Reader) -> None:
    rows = read(made[2]).applications[3:]
    table = {code: list(map(int, row[3:])) for code, row in zip(CODES, rows, strict=True)}
    outcomes = [code for code in CODES if code.startswith("R3") and code != "R3.7"]
    for column in range(7):
        cell = {code: values[column] for code, values in table.items()}
        assert cell["R1"] + cell["R2"] == cell["R3.7"] + cell["R4"]
        assert cell["R3.7"] == sum(cell[code] for code in outcomes)
    for values in table.values():
        assert values[-1] == sum(values[:-1])


@BOTH
def test_every_cell_of_table_four(made: Made, read: Reader) -> None:
    _, expected, folder = made
    top, under, heads, figures = read(folder).disputes
    assert top == ["行政复议"] * 5 + ["行政诉讼"] * 10
    assert under == ["行政复议"] * 5 + ["未经复议直接起诉"] * 5 + ["复议后起诉"] * 5
    assert heads == [name for _, *names in OFFICIAL["disputes"] for name in names]
    wanted = [str(expected[f"D.{group}:{result}"]) for group in GROUPS for result in RESULTS]
    assert figures == wanted
    for at in (0, 5, 10):
        assert int(figures[at + 4]) == sum(map(int, figures[at : at + 4])) > 0


@BOTH
def test_every_cell_of_table_two(made: Made, read: Reader) -> None:
    lines = iter(read(made[2]).proactive)
    found = []
    for part in OFFICIAL["proactive"]:
        assert next(lines) == [polish(part["clause"])] * 4
        item, *headings = next(lines)
        assert item == "信息内容"
        for place, name in enumerate(part["columns"]):
            assert name in headings[place * 3 // len(part["columns"])]
        for row in part["rows"]:
            name, *values = next(lines)
            assert name == row
            found += values if len(part["columns"]) == 3 else [values[0]]
    assert next(lines, None) is None
    assert found == ["0", "0", "0", "7", "1", "23", "41", "5", "2", "3.25"]


def test_the_workbook_is_typed_frozen_and_runs_nothing(made: Made) -> None:
    annual, _, folder = made
    book = openpyxl.load_workbook(folder / "a.xlsx")
    assert book.sheetnames == ["文字部分", "表二主动公开", "表三申请办理", "表四复议诉讼", "核对"]
    assert [sheet.freeze_panes for sheet in book] == ["A2", "B3", "D4", "A4", "A2"]
    kinds = {cell.data_type for row in book["表三申请办理"]["D4:J28"] for cell in row}
    assert kinds == {"n"}
    assert book["表二主动公开"]["B14"].value == 3.25
    assert {cell.data_type for cell in book["文字部分"]["A"]} == {"s"}
    assert annual.problems == ()
    assert [cell.value for cell in book["核对"]["A"]][1:] == [FORM["words"]["in_order"]]


def test_what_is_not_supplied_is_said_in_its_cell(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    database.open()
    with database.reading() as connection:
        annual = annual_of(connection, YEAR, FORM, catalogue())
    database.close_now()
    write_docx(tmp_path / "a.docx", annual, FORM)
    write_workbook(tmp_path / "a.xlsx", annual, FORM)
    for read in (from_docx, from_xlsx):
        table = read(tmp_path).proactive
        assert [row[1] for row in table if row[0] in ("规章", "行政许可", "行政事业性收费")] == [
            "0",
            *["未填报"] * 2,
        ]
        assert set(read(tmp_path).applications[5][3:]) == {"0"}
