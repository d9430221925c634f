"""Random histories of enquiries and registered cases, put into a real database in bulk."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.enquiries import local_day
from bot.storage.report_tables import corrections, register_cases, register_events
from bot.storage.tables import conversations, enquiries, handoffs, inbox

START = 1_703_900_000.0  # end of 2023: weeks, quarters and years turn soon after
ENTRIES = [
    (None, None, None),
    ("services", "filing", "s01"),
    ("hotline", "wages", "h08"),
    ("documents", "report", "c01"),
]
OUTCOMES = ("answered", "clarifying", "handed_off", "redirected", "declined", "unanswered")
FACETS = ("materials", "time_limit", "fee", "steps")
KINDS = ("citizens_hotline", "on_air", "web_letter", "telephone", "application")


@dataclass
class History:
    """Rows by table."""

    conversations: list[dict[str, Any]] = field(default_factory=list)
    inbox: list[dict[str, Any]] = field(default_factory=list)
    enquiries: list[dict[str, Any]] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)
    handoffs: list[dict[str, Any]] = field(default_factory=list)


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
    made.cases = [_case(rng, number, days, sections) for number in range(1, rng.randint(0, size // 2) + 1)]
    made.handoffs = [_handoff(rng, row, sections) for row in made.enquiries if row["outcome"] == "handed_off"]
    return made


def fill(connection: Connection, made: History) -> None:
    """Put a history in."""
    tables = (
        (conversations, made.conversations),
        (inbox, made.inbox),
        (enquiries, made.enquiries),
        (register_cases, made.cases),
        (handoffs, made.handoffs),
    )
    for table, rows in tables:
        if rows:
            connection.execute(sa.insert(table), rows)


def empty(connection: Connection) -> None:
    """Take everything out again."""
    for table in (corrections, handoffs, enquiries, inbox, conversations, register_events, register_cases):
        connection.execute(sa.delete(table))


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


def _case(rng: random.Random, number: int, days: int, sections: Sequence[str]) -> dict[str, Any]:
    received = date(2023, 12, 30) + timedelta(rng.randrange(days))
    finished = rng.choice([None, received + timedelta(rng.randrange(60))])
    kind = rng.choice(KINDS)
    return {
        "kind": kind,
        "number": f"X{number}",
        "registered_at": START,
        "registered_by": "test",
        "received_on": received,
        "section_id": rng.choice([None, *sections]),
        "topic": rng.choice(["services", "hotline", None]),
        "entry_id": rng.choice(["filing", None]),
        "category": rng.choice(["a", None]),
        "applicant": rng.choice(["person", "company", None]),
        "stage": "finished" if finished else "registered",
        "outcome": rng.choice(["R3.1", "R3.4.1"] if kind == "application" else ["answered"])
        if finished
        else None,
        "finished_on": finished,
        "due_on": rng.choice([None, received + timedelta(28)]),
        "quantity": rng.randrange(12) if kind == "on_air" else 1,
        "void": rng.random() < 0.1,
    }


def _handoff(rng: random.Random, enquiry: dict[str, Any], sections: Sequence[str]) -> dict[str, Any]:
    opened = enquiry["at"] + rng.choice([1.0, 0.25])
    answered = rng.choice([None, opened + rng.random() * 20 * 86400, opened + rng.randrange(900) * 3600])
    closed = answered is not None and rng.random() < 0.7
    return {
        "number": f"H{enquiry['inbox_id']}",
        "conversation_id": enquiry["conversation_id"],
        "enquiry_id": enquiry["inbox_id"],
        "reason": rng.choice(["asked_for_person", "complaint", "not_understood"]),
        "section_id": rng.choice(sections),
        "state": "closed" if closed else "answered" if answered else "waiting",
        "opened_at": opened,
        "received_on": local_day(opened),
        "due_on": rng.choice([None, local_day(opened) + timedelta(rng.randrange(3, 15))]),
        "first_answered_at": answered,
        "answered_at": answered,
        "closed_at": answered if closed else None,
        "transfers": rng.choice([0, 0, 0, 1, 2]),
        "outcome": rng.choice(["answered", "redirected", "withdrawn"]) if closed else None,
        "satisfaction": rng.choice([None, 1, 3, 5]) if closed else None,
    }
