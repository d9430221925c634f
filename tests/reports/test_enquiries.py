"""The enquiry export: the lines of every table sum to the whole, and files open as they should."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.enquiries import Enquiry
from bot.desk.messages import Outcome
from bot.reports.enquiries import DIMENSIONS, Enquiries
from bot.reports.labels import load_labels
from bot.reports.tables import Column, Table, write_csv, write_xlsx
from tests.conversing import DATA
from tests.samples import catalogue

ENTRIES = st.sampled_from([("services", "filing", "s01"), ("hotline", "wages", "h08"), (None, None, None)])


def enquiry(
    number: int, at: float, outcome: Outcome, about: tuple[str | None, str | None, str | None], channel: str
) -> Enquiry:
    return Enquiry(
        id=number,
        conversation=f"{channel}:x",
        channel=channel,
        enquirer="abc",
        at=at,
        outcome=outcome,
        response_ms=12,
        topic=about[0],
        entry=about[1],
        code=about[2],
        entries=(about[2],) if about[2] else (),
        facets=("fee",),
        confidence=0.9,
        continues=None,
        explanation={},
    )


ENQUIRIES = st.lists(
    st.builds(
        enquiry,
        st.integers(1, 10**6),
        st.floats(1.7e9, 1.8e9),
        st.sampled_from([o for o in Outcome if o is not Outcome.SMALL_TALK]),
        ENTRIES,
        st.sampled_from(["webchat", "rest", "new"]),
    ),
    max_size=60,
)


@pytest.fixture(scope="module")
def report() -> Enquiries:
    return Enquiries(load_labels(DATA), catalogue())


@given(found=ENQUIRIES)
def test_the_lines_sum_to_the_whole(report: Enquiries, found: list[Enquiry]) -> None:
    for dimension in DIMENSIONS:
        *lines, total = list(report.counted(dimension, [(one, 1) for one in found]).lines)
        assert total[-1] == sum(int(str(line[-1])) for line in lines) == len(found)
    assert len(list(report.listed(found).lines)) == len(found)


def test_a_day_is_a_day_in_beijing(report: Enquiries) -> None:
    late = enquiry(
        1, 1767196800.0, Outcome.ANSWERED, ("services", "filing", "s01"), "rest"
    )  # 2025-12-31 16:00 UTC
    lines = list(report.counted("day", [(late, 1)]).lines)
    assert str(lines[0][0]) == "2026-01-01"


def test_formulas_stay_text(tmp_path: Path) -> None:
    texts = ["=1+1", "+86", "-1", "@sum(a1)", '普通,"引号"\n换行']
    columns = (Column("a", "甲"), Column("b", "乙"))
    lines = [(text, number) for number, text in enumerate(texts)]
    write_csv(tmp_path / "t.csv", Table("表", columns, iter(lines)))
    raw = (tmp_path / "t.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.reader(file))
    assert read[0] == ["甲", "乙"]
    assert all(not row[0].startswith(("=", "+", "-", "@")) for row in read[1:])
    write_xlsx(tmp_path / "t.xlsx", [Table("表", columns, iter(lines))])
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["表"]
    assert sheet.freeze_panes == "A2"
    assert [c.value for c in sheet["A"]][1:] == texts
    assert {c.data_type for c in sheet["A"]} == {"s"}
    assert {c.data_type for c in list(sheet["B"])[1:]} == {"n"}
