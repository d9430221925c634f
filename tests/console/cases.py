"""Makes handoffs as the gateway would leave them: a conversation, a question, an answer, an enquiry."""

from __future__ import annotations

import itertools

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.enquiries import Enquiry, local_day
from bot.desk.handoffs import opened
from bot.desk.messages import Outcome, Reply
from bot.desk.receipts import receipt_number
from bot.storage import enquiries, handoffs, outbox
from bot.storage.casework import Casework
from bot.storage.tables import conversations, inbox

NUMBERS = itertools.count(1)
READING = {
    "text": "",
    "segments": [
        {
            "text": "技改备案要什么材料",
            "candidates": [
                {"entry": "filing", "score": 0.41, "wording": "技改项目备案去哪办?", "named": False}
            ],
        }
    ],
}


def write(connection: Connection, conversation: str, text: str, at: float, message: str = "") -> int:
    """Put a message of the enquirer in, as intake does. Gives its id."""
    known = sa.select(conversations.c.id).where(conversations.c.id == conversation)
    if connection.execute(known).scalar() is None:
        values = {"id": conversation, "channel": "webchat", "enquirer": conversation, "sender": conversation}
        connection.execute(sa.insert(conversations).values(context={}, created_at=at, last_at=at, **values))
    key = connection.execute(
        sa.insert(inbox).values(
            conversation_id=conversation,
            message_id=message or f"m{next(NUMBERS)}",
            kind="text",
            text=text.replace("[电话]", "13800000000"),
            masked=text,
            digest="d",
            sent_at=at,
            received_at=at,
            state="finished",
        )
    ).inserted_primary_key[0]
    return int(key)


def answer(connection: Connection, conversation: str, message: int, text: str, at: float) -> int:
    """Put an answer of the bot out. Gives its id."""
    return outbox.put(connection, conversation, [Reply(text)], at, inbox_id=message)[0]


def enquiry(
    message: int,
    conversation: str,
    outcome: Outcome,
    at: float = 1_795_490_000.0,
    entry: str | None = None,
) -> Enquiry:
    """Give the record of a message, with what the bot made of it."""
    return Enquiry(
        id=message,
        conversation=conversation,
        channel="webchat",
        enquirer=conversation,
        at=at,
        outcome=outcome,
        response_ms=40,
        entry=entry,
        confidence=0.41,
        explanation={"reading": READING},
    )


def open_case(
    connection: Connection,
    casework: Casework,
    section: str = "investment",
    text: str = "技改备案要什么材料",
    at: float = 1_795_490_000.0,
    reason: str = "asked_for_person",
    outcome: Outcome = Outcome.HANDED_OFF,
    entry: str | None = None,
    conversation: str = "",
) -> str:
    """Open a handoff with a question and what the bot made of it. Gives its number."""
    conversation = conversation or f"webchat:c{next(NUMBERS)}"
    message = write(connection, conversation, text, at)
    answer(connection, conversation, message, "这个问题请工作人员答复。", at + 1)
    enquiries.put(connection, enquiry(message, conversation, outcome, at, entry))
    number = receipt_number(conversation, str(message))
    change = opened(number, conversation, message, reason, section, at + 1, casework.rules, entry)
    handoffs.put(connection, change)
    assert local_day(at)
    return number
