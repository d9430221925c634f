"""A small bureau for the tests of handoffs: three sections with people, a calendar, and limits."""

from __future__ import annotations

from datetime import date, datetime

from bot.desk.enquiries import BUREAU_TIME
from bot.desk.handoffs import Handoff, Rules, opened
from bot.desk.staff import Absence, Person, Post, Role, Roster
from bot.desk.time_limits import TimeLimit, TimeLimits
from bot.desk.working_days import Calendar, CalendarDays, WorkingDays, Year

OFFICE, CONDUCT, INVESTMENT, ENERGY = "office", "discipline", "investment", "energy"
SECTIONS = frozenset({OFFICE, CONDUCT, INVESTMENT, ENERGY})

LIMITS = TimeLimits(
    limits={
        "chat": TimeLimit("chat", "在线咨询", "提交", WorkingDays(3), "依据", None, (), 1),
        "disclosure": TimeLimit(
            "disclosure", "公开申请", "收到", WorkingDays(20), "依据", 20, ("征求第三方意见",), 3
        ),
        "payment": TimeLimit("payment", "账款投诉", "收到", CalendarDays(30), "依据", 60, (), 5),
        "unknown": TimeLimit("unknown", "市级留言", "收到", None, "未找到", 0, ()),
    },
    kinds={"complaint": "payment"},
    default="chat",
    silence=WorkingDays(3),
)
NATIONAL = frozenset(date(2026, 10, day) for day in range(1, 8))
CALENDAR = Calendar([Year(2026, NATIONAL, frozenset({date(2026, 9, 20), date(2026, 10, 10)}))])
RULES = Rules(OFFICE, CONDUCT, OFFICE, SECTIONS, LIMITS, CALENDAR)


def moment(month: int, day: int, hour: int = 9, year: int = 2026) -> float:
    """Give a moment by the bureau's clock, in seconds since the epoch."""
    return datetime(year, month, day, hour, tzinfo=BUREAU_TIME).timestamp()


def person(name: str, section: str, *roles: Role) -> Person:
    """Give a person who works in a section."""
    return Person(name, f"姓名{name}", section, frozenset(roles or (Role.STAFF,)))


ANN, BEN = person("ann", INVESTMENT), person("ben", INVESTMENT)
HEAD = person("head", INVESTMENT, Role.STAFF, Role.SECTION_HEAD)
EVA, OTTO = person("eva", ENERGY), person("otto", OFFICE, Role.OFFICE)
CARL = person("carl", CONDUCT)
AUDITOR, ROOT = person("audit", OFFICE, Role.AUDITOR), person("root", OFFICE, Role.ADMINISTRATOR)
WORKERS = (ANN, BEN, HEAD, EVA, OTTO, CARL)
EVERYBODY = (*WORKERS, AUDITOR, ROOT)

ROSTER = Roster(
    (Post("p1", INVESTMENT, "经办岗", "ann", "ben"),),
    (Absence("ann", date(2026, 11, 23), date(2026, 11, 24)),),
)
START = moment(9, 14)


def waiting(reason: str = "asked_for_person", about: str | None = None, at: float = START) -> Handoff:
    """Give a handoff that waits before the investment section."""
    return opened("ABCD2345", "webchat:x", 7, reason, INVESTMENT, at, RULES, "s10", about).handoff
