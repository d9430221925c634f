"""``stats`` and ``audit`` as people at the terminal use them, and what the audit log says of it."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from docx import Document

from bot.__main__ import main
from bot.commands.text_tables import width
from bot.reports.monthly import Month, change, load_monthly
from bot.storage.account_tables import audit_log
from bot.storage.database import Database
from bot.storage.tables import enquiries
from tests.conversing import DATA
from tests.reports.histories import fill, history

YEAR = ["--from", "2024-01-01", "--to", "2024-12-31"]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BOT_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = Database(f"sqlite:///{tmp_path / 'var' / 'desk.db'}")
    database.open()
    with database.writing() as connection:
        fill(connection, history(random.Random(12), 500))
    yield database
    database.close_now()


def logged(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        rows = connection.execute(sa.select(audit_log).order_by(audit_log.c.number))
        return [(row.action, row.subject) for row in rows]


def test_listed_and_shown(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "list"]) == 0
    assert "by-outcome" in capsys.readouterr().out
    assert main(["stats", "show", "by-topic", *YEAR]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len({width(line) for line in lines[1:-1]}) == 1  # numbers stand under each other
    assert lines[-2].startswith("合计")
    assert main(["stats", "show", "nothing"]) == 1
    assert "nothing" in capsys.readouterr().err
    assert main(["stats", "show", "by-topic", "--from", "2025-01-01", "--to", "2024-01-01"]) == 1


def test_exports_stand_in_the_audit_log(database: Database, tmp_path: Path) -> None:
    assert main(["stats", "export", str(tmp_path / "all.xlsx"), *YEAR]) == 0
    assert main(["stats", "export", str(tmp_path / "one.csv"), "by-outcome", *YEAR]) == 0
    assert main(["stats", "export", str(tmp_path / "two.csv"), "by-outcome", "by-topic"]) == 1
    assert main(["export", str(tmp_path / "rows.xlsx"), *YEAR]) == 0
    assert main(["stats", "monthly", "2024-05", str(tmp_path / "may.docx")]) == 0
    subjects = [("exported", "*"), ("exported", "by-outcome"), ("exported", "rows")]
    assert logged(database) == [*subjects, ("exported", "monthly 2024-05")]
    assert main(["audit-log", "verify"]) == 0
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    assert "口径说明" in book.sheetnames
    assert book["按结果"]._images  # the picture stands beside its table
    with (tmp_path / "one.csv").open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.reader(file))
    rows = [["" if v is None else v for v in row] for row in book["按结果"].iter_rows(values_only=True)]
    told = [[*row[:2], f"{row[2]:.1f}"] for row in rows[1:]]
    assert read == [rows[0], *([str(value) for value in row] for row in told)]
    assert book["按结果"]["C2"].number_format == "0.0"


def test_the_monthly_report_compares_and_lists_what_is_overdue(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "may.docx"
    assert main(["stats", "monthly", "2024-05", str(path)]) == 0
    document = Document(str(path))
    first, last = document.tables[0], document.tables[-1]
    assert [cell.text for cell in first.rows[0].cells][1:3] == ["本月", "上月"]
    assert last.rows[0].cells[0].text == "编号"
    assert all(row.cells[4].text.startswith("2024-05") for row in last.rows[1:])
    assert {row.cells[1].text for row in last.rows[1:]} >= {"转人工咨询"}
    assert len(document.inline_shapes) == 4


def test_changes_are_told_in_tenths() -> None:
    words = load_monthly(DATA)
    told = [change(now, before, words) for now, before in ((3, 2), (2, 3), (5, 5), (5, 0), (None, 1))]
    assert told == ["+1 (+50.0%)", "-1 (-33.3%)", "持平", "无基数", "无基数"]
    assert [str(m) for m in (Month(2026, 1).before, Month(2026, 12).before)] == ["2025-12", "2026-11"]
    assert Month(2024, 2).days[1].day == 29


def test_published_audited_and_found_out(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "publish", "by-outcome", *YEAR, "--by", "办公室"]) == 0
    assert main(["stats", "publish", "by-outcome", "--by", "办公室"]) == 1  # today is not over
    assert main(["stats", "publish", "satisfaction", *YEAR, "--by", "办公室"]) == 0
    assert main(["stats", "published"]) == 0
    assert main(["audit"]) == 0
    capsys.readouterr()
    with database.writing() as connection:
        connection.execute(sa.update(enquiries).values(outcome="answered"))
    assert main(["audit"]) == 1
    assert "不一致" in capsys.readouterr().out
    assert ("statistic_published", "1 by-outcome") in logged(database)


def test_unanswered_questions_are_put_together(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE inbox SET masked = '食堂几点开门'"))
        query = sa.select(sa.func.count()).where(enquiries.c.outcome == "unanswered")
        whole = connection.execute(query).scalar_one()
    assert main(["stats", "clusters", "--from", "2023-01-01", "--to", "2026-01-01"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{whole:>6}  食堂几点开门")
    assert f"共 {whole} 件，归为 1 组" in out
