"""Tests of the files of calendar and time limits: what is read, and what is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.desk.errors import CatalogueError
from bot.desk.handoffs import Reason
from bot.desk.working_days import CalendarDays, WorkingDays
from bot.storage.calendar_files import load_calendar
from bot.storage.time_limit_files import load_time_limits

DATA = Path(__file__).parents[2] / "data"
GOOD = {
    "year": 2030,
    "notices": [{"title": "通知", "url": "https://www.gov.cn/x"}],
    "reviewed": {"on": "2029-12-01", "how": "核对"},
    "holidays": [{"name": "元旦", "first": "D2030-01-01", "last": "D2030-01-01"}],
    "worked": ["D2030-01-05"],
}


def write(folder: Path, name: str = "2030.yml", **changed: object) -> Path:
    (folder / "calendar").mkdir(exist_ok=True)
    text = yaml.safe_dump({**GOOD, **changed}, allow_unicode=True)
    (folder / "calendar" / name).write_text(text.replace("D2030", "2030"), "utf-8")
    return folder


def test_every_file_names_its_notice_and_is_reviewed():
    paths = sorted((DATA / "calendar").glob("*.yml"))
    assert [p.stem for p in paths] == [str(year) for year in range(2014, 2027)]
    for path in paths:
        content = yaml.safe_load(path.read_text("utf-8"))
        assert all("gov.cn" in notice["url"] for notice in content["notices"])
        assert content["reviewed"]


def test_a_year_that_is_not_reviewed_is_not_known(tmp_path):
    assert load_calendar(write(tmp_path)).years == {2030}
    assert load_calendar(write(tmp_path, reviewed=None)).years == frozenset()
    assert load_calendar(tmp_path / "nothing").years == frozenset()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"year": 2031}, "year"),
        ({"notices": []}, "notices"),
        ({"holidays": []}, "holidays"),
        ({"holidays": [{"name": "元旦", "first": "x", "last": "x"}]}, "holidays[0].first"),
        ({"holidays": [{"name": "元旦", "first": "D2030-01-02", "last": "D2030-01-01"}]}, "holidays[0].last"),
        ({"worked": ["D2030-01-01"]}, "worked[0]"),
        ({"worked": None}, "worked"),
        ({"reviewed": "yes"}, "reviewed"),
    ],
)
def test_a_bad_calendar_is_refused_with_file_and_field(tmp_path, changed, field):
    with pytest.raises(CatalogueError) as caught:
        load_calendar(write(tmp_path, **changed))
    assert f"2030.yml 的 {field} 有误" in caught.value.for_reader


def test_the_limits_are_those_of_the_rules():
    limits = load_time_limits(DATA).limits
    reply = limits["disclosure_reply"]
    assert (reply.length, reply.extension) == (WorkingDays(20), 20)
    assert "征求第三方意见" in reply.grounds
    assert limits["payment_handling"].length == CalendarDays(30)
    assert limits["petition_handling"].extension == 30
    assert limits["citizens_hotline"].length is None
    assert all(limit.basis for limit in limits.values())


def test_every_reason_to_hand_over_has_a_limit():
    limits = load_time_limits(DATA)
    assert all(limits.kind_of(reason.value) in limits.limits for reason in Reason)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("limits: {a: {name: x, starts: x, basis: x, days: 3, unit: days}}", "limits.a.unit"),
        ("limits: {a: {name: x, starts: x, basis: x, days: 0, unit: months}}", "limits.a.days"),
        ("limits: {a: {name: x, starts: x, days: 3, unit: months}}", "limits.a.basis"),
        ("limits: {a: {name: x, starts: x, basis: x, days: 3, unit: months}}\ndefault: b", "default"),
        ("default: b", "limits"),
    ],
)
def test_a_bad_limit_is_refused_with_file_and_field(tmp_path, text, field):
    (tmp_path / "time_limits.yml").write_text(text, "utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_time_limits(tmp_path)
    assert f"time_limits.yml 的 {field} 有误" in caught.value.for_reader
