"""Random histories of enquiries and registered cases, put into a real database in bulk."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk import register
from bot.desk.enquiries import local_day
from bot.desk.handoffs import (
    Change,
    CloseOutcome,
    Event,
    Handoff,
    HandoffError,
    HandoffState,
    Rules,
    apply,
    opened,
    tick,
)
from bot.desk.handoffs import commands as c
from bot.desk.handoffs.commands import Command
from bot.desk.register import Step, case_of
from bot.desk.staff import Person, Role
from bot.storage.calendar_files import load_calendar
from bot.storage.handoff_tables import handoff_events
from bot.storage.handoffs import event_row, row_of
from bot.storage.register import columns_of
from bot.storage.report_tables import corrections, register_cases, register_events
from bot.storage.tables import conversations, enquiries, handoffs, inbox
from tests.conversing import DATA
from tests.desk.handoffs.bureau import RULES

START = 1_703_900_000.0  # end of 2023: weeks, quarters and years turn soon after
ENTRIES = [
    (None, None, None),
    ("services", "filing", "s01"),
    ("hotline", "wages", "h08"),
    ("documents", "report", "c01"),
]
OUTCOMES = ("answered", "clarifying", "handed_off", "redirected", "declined", "unanswered")
FACETS = ("materials", "time_limit", "fee", "steps")
REASONS = ("asked_for_person", "complaint", "not_understood")
WAITING = [c.Claim, c.Claim, c.Claim, c.Extend]
ORDERS: dict[HandoffState, list[type]] = {
    HandoffState.WAITING: WAITING,
    HandoffState.REOPENED: WAITING,
    HandoffState.WITH_STAFF: [c.Answer, c.Answer, c.TransferTo, c.Release, c.Close],
    HandoffState.WAITING_OTHER_SECTION: [c.Accept, c.Accept, c.Return, c.Withdraw],
    HandoffState.ANSWERED: [c.Close, c.Close, c.Wrote, c.TransferTo],
    HandoffState.CLOSED: [c.Rate, c.Rate, c.Reopen],
}
KINDS = ("citizens_hotline", "on_air", "web_letter", "telephone", "application")


@dataclass
class History:
    """Rows by table."""

    conversations: list[dict[str, Any]] = field(default_factory=list)
    inbox: list[dict[str, Any]] = field(default_factory=list)
    enquiries: list[dict[str, Any]] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    handoffs: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)


def history(
    rng: random.Random, size: int, days: int = 500, sections: Sequence[str] = ("office", "sme")
) -> History:
    """Give a random history of up to ``size`` enquiries and half as many cases."""
    made = History()
    people = [f"p{n}" for n in range(rng.randint(1, max(1, size // 2)))]
    made.conversations = [
        _conversation(channel, person) for person in people for channel in ("webchat", "wechat")
    ]
    for number in range(1, rng.randint(0, size) + 1):
        at = START + rng.choice([rng.random() * days * 86400, rng.randrange(days * 24) * 3600])
        channel, person = rng.choice(["webchat", "wechat"]), rng.choice(people)
        made.inbox.append(_message(number, f"{channel}:{person}", at))
        made.enquiries.append(_enquiry(rng, number, channel, person, at, sections))
    for number in range(1, rng.randint(0, size // 2) + 1):
        steps = _case(rng, number, days, sections)
        made.cases.append(_case_row(number, steps))
        made.steps += [_step_row(number, step) for step in steps]
    rules = rules_for(tuple(sections))
    for row in made.enquiries:
        if row["outcome"] == "handed_off":
            handoff, events = _handoff(rng, row, rules)
            made.handoffs.append(_handoff_row(handoff, row["inbox_id"]))
            made.events += [event_row(row["inbox_id"], event) for event in events]
    return made


@cache
def rules_for(sections: tuple[str, ...]) -> Rules:
    """Give rules for handoffs between these sections, with the calendar that is shipped."""
    rules = replace(RULES, office=sections[0], conduct=sections[-1], disclosure=sections[0])
    return replace(rules, sections=frozenset(sections), calendar=load_calendar(DATA))


def fill(connection: Connection, made: History) -> None:
    """Put a history in."""
    tables = (
        (conversations, made.conversations),
        (inbox, made.inbox),
        (enquiries, made.enquiries),
        (register_cases, made.cases),
        (register_events, made.steps),
        (handoffs, made.handoffs),
        (handoff_events, made.events),
    )
    for table, rows in tables:
        if rows:
            connection.execute(sa.insert(table), rows)


def empty(connection: Connection) -> None:
    """Take everything out again."""
    logs = (corrections, handoff_events, register_events)
    for table in (*logs, handoffs, enquiries, inbox, conversations, register_cases):
        connection.execute(sa.delete(table))


def let_empty(connection: Connection) -> None:
    """Take away what forbids to remove events: the product never does that, these histories do."""
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text("DROP TRIGGER handoff_events_delete"))
    else:
        connection.execute(sa.text("ALTER TABLE handoff_events DISABLE TRIGGER USER"))


def _conversation(channel: str, person: str) -> dict[str, Any]:
    return {
        "id": f"{channel}:{person}",
        "channel": channel,
        "enquirer": person,
        "context": {},
        "created_at": START,
        "last_at": START,
    }


def _message(number: int, conversation: str, at: float) -> dict[str, Any]:
    return {
        "id": number,
        "conversation_id": conversation,
        "message_id": str(number),
        "kind": "text",
        "digest": "",
        "sent_at": at,
        "received_at": at,
        "state": "done",
        "finished_at": at + 1,
    }


def _enquiry(
    rng: random.Random, number: int, channel: str, person: str, at: float, sections: Sequence[str]
) -> dict[str, Any]:
    topic, entry, code = rng.choice(ENTRIES)
    more = rng.sample(["s02", "h01", "c02"], rng.choice([0, 0, 1, 2]))
    return {
        "inbox_id": number,
        "conversation_id": f"{channel}:{person}",
        "channel": channel,
        "enquirer": person,
        "at": at,
        "day": local_day(at),
        "topic": topic,
        "entry_id": entry,
        "entry_code": code,
        "entries": [code, *more] if code else [],
        "facets": rng.sample(FACETS, rng.choice([0, 1, 1, 2, 3])),
        "outcome": rng.choice(OUTCOMES),
        "confidence": 0.5,
        "response_ms": rng.choice([rng.randrange(40), rng.randrange(5000)]),
        "continues": None,
        "section_id": rng.choice([None, *sections]),
        "explanation": {},
    }


def _case(rng: random.Random, number: int, days: int, sections: Sequence[str]) -> list[register.Event]:
    """Give the steps of a case."""
    received = date(2023, 12, 30) + timedelta(rng.randrange(days))
    kind = rng.choice(KINDS)
    content = {
        "kind": kind,
        "method": "in_person",
        "section": rng.choice([None, *sections]),
        "topic": rng.choice(["services", "hotline", None]),
        "entry": rng.choice(["filing", None]),
        "category": rng.choice(["a", None]),
        "applicant": rng.choice(["person", "company", None]),
        "due": rng.choice([None, (received + timedelta(28)).isoformat()]),
        "quantity": rng.randrange(12) if kind == "on_air" else 1,
    }
    steps = [register.Event(Step.REGISTERED, received, content, "test", START)]
    if rng.random() < 0.7:
        outcome = {"outcome": rng.choice(["R3.1", "R3.4.1"]) if kind == "application" else "answered"}
        day = received + timedelta(rng.randrange(60))
        steps.append(register.Event(Step.ANSWERED, day, outcome, "test", START))
    if rng.random() < 0.1:
        steps.append(register.Event(Step.VOIDED, received, {"reason": "登记错误"}, "test", START))
    return steps


def _case_row(number: int, steps: Sequence[register.Event]) -> dict[str, Any]:
    row = {"id": number, "number": f"X{number}", "registered_at": START, "registered_by": "test"}
    return {**row, **columns_of(case_of(steps))}


def _step_row(number: int, step: register.Event) -> dict[str, Any]:
    row = {"case_id": number, "step": step.step.value, "on_day": step.day, "content": dict(step.content)}
    return {**row, "by": step.by, "at": step.at}


def _handoff(rng: random.Random, enquiry: dict[str, Any], rules: Rules) -> tuple[Handoff, list[Event]]:
    """Play what people do with a handoff, by the rules; gives how it stands and all that happened."""
    at = enquiry["at"] + rng.choice([1.0, 0.25])
    reason, section = rng.choice(REASONS), rng.choice(sorted(rules.sections))
    number = f"H{enquiry['inbox_id']}"
    change = opened(number, enquiry["conversation_id"], enquiry["inbox_id"], reason, section, at, rules)
    handoff, events = change.handoff, [*change.events]
    for _ in range(rng.randrange(9)):
        at += rng.choice([0.25, 7200.0, 86400.0 * rng.randrange(1, 5), 3600.0 * rng.randrange(90)])
        if rng.random() < 0.3:
            change = tick(handoff, at, rules) or Change(handoff, ())
        else:
            order = rng.choice(ORDERS[handoff.state])
            try:
                change = apply(handoff, _command(rng, order, handoff, at, rules), rules)
            except HandoffError:
                continue
        handoff, events = change.handoff, [*events, *change.events]
    return handoff, events


def _command(rng: random.Random, order: type, handoff: Handoff, at: float, rules: Rules) -> Command:
    where = handoff.transfer.to if handoff.transfer and order in (c.Accept, c.Return) else handoff.section
    by = Person(f"p-{where}", where, where, frozenset({Role.STAFF, Role.SECTION_HEAD}))
    more: dict[type, tuple[Any, ...]] = {
        c.TransferTo: (rng.choice(sorted(rules.sections)), "属于别的科室"),
        c.Return: ("不归我科", handoff.section),
        c.Extend: (rng.randrange(1, 5), "科长", "情况复杂"),
        c.Close: (rng.choice(list(CloseOutcome)),),
        c.Release: ("轮岗",),
    }
    if order is c.Wrote:
        return c.Wrote(at)
    if order is c.Rate:
        return c.Rate(at, rng.randint(1, 5))
    if order is c.Reopen:
        return c.Reopen(at, "还有问题", None)
    command: Command = order(by, at, *more.get(order, ()))
    return command


def _handoff_row(handoff: Handoff, key: int) -> dict[str, Any]:
    row = {**row_of(handoff), "id": key, "number": handoff.number, "conversation_id": handoff.conversation}
    row |= {"enquiry_id": handoff.enquiry, "opened_at": handoff.opened_at, "reason": handoff.reason}
    return {**row, "transfer": vars(handoff.transfer) if handoff.transfer else None}
