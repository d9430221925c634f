"""The yearly report: 25 rows by 7 columns whose identities always hold; past years as published."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from docx import Document

from bot.__main__ import main
from bot.desk.annual import ROWS, applications_table, carried_faults, dispute_faults, disputes_table, faults
from bot.desk.applications import APPLICANTS, OUTCOMES, Law
from bot.desk.register import Case, CaseKind, RegisterError, Stage, Step
from bot.reports.annual import load_form
from bot.reports.audit import Verdict, check_form
from bot.reports.past_years import load_past_years
from bot.reports.registering import Clerk, bring_up_to_date, register_case, take_step
from bot.storage import register
from bot.storage.calendar_files import load_calendar
from bot.storage.database import Database
from bot.storage.moments import NOW
from bot.storage.register import Person
from bot.storage.report_tables import register_cases
from bot.storage.time_limit_files import load_time_limits
from tests.conversing import DATA

LAW = Law(load_time_limits(DATA), load_calendar(DATA))
AT = 1_766_000_000.0


def clerk(section: str | None = None) -> Clerk:
    return Clerk("办公室", AT, date(2026, 6, 1), section)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    database.open()
    yield database
    database.close_now()


def apply_for(database: Database, received: date, **content: object) -> str:
    told = {"method": "in_person", "applicant": "person", **content}
    with database.writing() as connection:
        return register_case(
            connection, CaseKind.APPLICATION, received, told, Person(name="张三"), clerk(), LAW
        )


def step(database: Database, number: str, what: Step, day: date, **content: object) -> Case:
    with database.writing() as connection:
        return take_step(connection, number, what, day, content, clerk(), LAW)


def test_the_identities_hold_for_random_registers_and_years_join() -> None:
    rng = random.Random(30)
    for _ in range(300):
        cases = [random_case(rng) for _ in range(rng.randrange(40))]
        tables = {year: applications_table(cases, year) for year in (2023, 2024, 2025, 2026)}
        for year, table in tables.items():
            assert tuple(table) == ROWS
            assert len(ROWS) == 25
            assert faults(table) == []
            if year > 2023:
                assert carried_faults(tables[year - 1]["R4"], table) == []
            assert dispute_faults(disputes_table(cases, year)) == []
        finished = [c for c in cases if c.finished_on and c.kind is CaseKind.APPLICATION and not c.void]
        assert sum(t["R3.7"]["total"] for t in tables.values()) == len(finished)


def random_case(rng: random.Random) -> Case:
    received = date(2023, 1, 1) + timedelta(rng.randrange(900))
    finished = rng.choice([None, received + timedelta(rng.randrange(300))])
    kind = rng.choice([CaseKind.APPLICATION, CaseKind.APPLICATION, CaseKind.DISPUTE])
    outcomes = OUTCOMES if kind is CaseKind.APPLICATION else ("upheld", "corrected", "other")
    return Case(
        kind,
        received,
        category="litigation_direct" if kind is CaseKind.DISPUTE else None,
        applicant=rng.choice(APPLICANTS),
        stage=Stage.FINISHED if finished else Stage.RUNNING,
        outcome=rng.choice(outcomes) if finished else None,
        finished_on=finished,
        void=rng.random() < 0.1,
    )


def test_a_table_that_was_touched_is_seen() -> None:
    table = applications_table([random_case(random.Random(n)) for n in range(50)], 2024)
    table["R3.1"]["person"] += 1
    assert {(f.identity, f.column) for f in faults(table)} == {("outcomes", "person"), ("columns", "R3.1")}


def test_registered_filled_published_and_audited(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = apply_for(database, date(2025, 1, 20))
    step(database, first, Step.ANSWERED, date(2025, 2, 20), outcome="R3.2")
    apply_for(database, date(2025, 12, 25), applicant="law_firm")
    old = apply_for(database, date(2024, 12, 20), applicant="company")
    step(database, old, Step.ANSWERED, date(2025, 1, 8), outcome="R3.4.1")
    supply = ["normative.made", "normative.repealed", "normative.valid", "permits.decided"]
    for cell in (*supply, "penalties.decided", "coercion.decided", "fees.amount"):
        assert main(["annual", "supply", "2025", cell, "3", "--basis", "统计", "--by", "办公室"]) == 0
    assert main(["annual", "publish", "2025", "--by", "办公室"]) == 1
    assert "问题及改进" in capsys.readouterr().err
    for name, text in (("problems", "2024年度不足。"), ("other", "未收取信息处理费。")):
        assert main(["annual", "supply", "2025", f"text.{name}", text, "--basis", "x", "--by", "x"]) == 0
    assert main(["annual", "show", "2025"]) == 1
    assert "提到 2024 年" in capsys.readouterr().err
    assert main(["annual", "supply", "2025", "text.problems", "有不足。", "--basis", "x", "--by", "x"]) == 0
    _files_hold_the_tables(tmp_path)
    assert main(["annual", "publish", "2025", "--by", "办公室"]) == 0
    assert main(["audit"]) == 0
    with database.reading() as connection:
        assert check_form(connection, 2025).verdict is Verdict.PROVEN
    with database.writing() as connection:
        later = Clerk("办公室", 4e9, date(2026, 6, 1))
        told = {"outcome": "R3.1", "reason": "结果写错"}
        take_step(connection, first, Step.AMENDED, date(2026, 1, 9), told, later, LAW)
    with database.reading() as connection:
        found = check_form(connection, 2025)
        assert (found.verdict, found.corrections) == (Verdict.CORRECTED, 1)
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE register_events SET content = replace(content, 'R3.2', 'R3.3.1')"))
    with database.reading() as connection:
        assert check_form(connection, 2025).verdict is Verdict.WRONG


def _files_hold_the_tables(folder: Path) -> None:
    for name in ("a.docx", "a.xlsx"):
        assert main(["annual", "export", "2025", str(folder / name)]) == 0
    book = openpyxl.load_workbook(folder / "a.xlsx")
    lines = list(book["表三申请办理"].iter_rows(values_only=True))
    rows = {next((name for name in row[2::-1] if name), None): row[3:] for row in lines}
    form = load_form(DATA)["applications"]
    assert rows[form["R1"]] == (1, 0, 0, 0, 1, 0, 2)
    assert rows[form["R2"]] == (0, 1, 0, 0, 0, 0, 1)
    assert rows[form["R3.4.1"]] == (0, 1, 0, 0, 0, 0, 1)
    assert rows[form["R4"]] == (0, 0, 0, 0, 1, 0, 1)
    document = Document(str(folder / "a.docx"))
    assert [p.text[0] for p in document.paragraphs if p.style.name == "Heading 1"] == list("一二三四五六")
    tables = document.tables
    assert [cell.text for cell in tables[1].rows[3].cells][3:] == ["1", "0", "0", "0", "1", "0", "2"]
    assert len(tables[1].rows) == 28
    assert len(tables[2].rows[2].cells) == 15


def test_past_years_are_told_as_published_with_their_contradictions() -> None:
    past = load_past_years(DATA)
    (sum_2023,) = past[2023].sums
    assert (sum_2023.difference, sum_2023.contradicts) == (6, True)
    assert sum_2023.whole.text == "893"
    (sum_2014,) = past[2014].sums
    assert (sum_2014.exact, sum_2014.contradicts) == (False, False)
    told = {figure.id: figure for figure in past[2014].figures}
    assert (told["proactive"].text, told["proactive"].at_least) == ("1500余条", 1500)
    assert told["citizens_hotline"].exactly == 13
    assert told["applications"].text is None


def test_past_years_on_the_terminal(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["annual", "show", "2023"]) == 0
    said = capsys.readouterr().out
    assert "899" in said
    assert "互相矛盾" in said
    assert main(["annual", "show", "2014"]) == 0
    assert "1500余条" in capsys.readouterr().out
    assert main(["annual", "show", "2019"]) == 1


def test_a_section_touches_its_own_cases_only(database: Database) -> None:
    number = apply_for(database, date(2025, 3, 3), section="sme")
    with database.writing() as connection, pytest.raises(RegisterError):
        take_step(
            connection, number, Step.ANSWERED, date(2025, 3, 4), {"outcome": "R3.1"}, clerk("party"), LAW
        )


def test_a_calendar_that_becomes_known_gives_the_day(database: Database) -> None:
    none = Law(LAW.limits, type(LAW.calendar)())
    told = {"method": "in_person", "applicant": "person"}
    with database.writing() as connection:
        number = register_case(
            connection, CaseKind.APPLICATION, date(2025, 1, 20), told, Person(), clerk(), none
        )
        assert register.by_number(connection, number).case.due_on is None
        assert bring_up_to_date(connection, clerk(), LAW) == 1
        assert register.by_number(connection, number).case.due_on == date(2025, 2, 21)
        assert bring_up_to_date(connection, clerk(), LAW) == 0


def test_the_rows_are_what_the_events_come_to(database: Database) -> None:
    number = apply_for(database, date(2025, 3, 3))
    step(database, number, Step.CONSULTED, date(2025, 3, 4), whom="agency")
    step(database, number, Step.CONSULT_ENDED, date(2025, 3, 14))
    step(database, number, Step.ANSWERED, date(2025, 4, 1), outcome="R3.3.4")
    with database.reading() as connection:
        (folded,) = register.cases_as_of(connection, NOW)
        row = connection.execute(sa.select(register_cases)).one()
        assert folded == {name: row._mapping[name] for name in folded}
