"""Deletes what is known of a person: what they wrote, what they were told, by what name they can be reached.

What was counted stays counted: the rows of inbox, outbox and enquiry log stand, without their texts. Other
rooms that keep texts of a person add their tables here.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from bot.desk.messages import Outcome, TurnResult
from bot.storage import notes, pictures
from bot.storage.improvement_tables import doubts
from bot.storage.inbox import DONE, PENDING
from bot.storage.outbox import SENT, UNDELIVERABLE
from bot.storage.report_tables import corrections
from bot.storage.results import write_result
from bot.storage.tables import conversations, enquiries, inbox, outbox
from bot.storage.written import forget_words

REASON = "个人信息已删除"
c, i, o, e = conversations.c, inbox.c, outbox.c, enquiries.c

_THEIRS = bindparam("theirs")
_NOTHING_SAID = write_result(TurnResult(Outcome.SMALL_TALK, ()))
_WHO = sa.select(c.channel, c.enquirer).where(c.id == _THEIRS)
_PERSON = (
    sa.update(conversations)
    .where(c.id == _THEIRS)
    .values(sender=None, context={}, send_left=0, send_before=0.0)
)
# What has no answer yet gets none any more: nobody is there who could read it.
_ASKED = (
    sa.update(inbox)
    .where(i.conversation_id == _THEIRS)
    .values(
        text=None,
        masked=None,
        digest="",
        result=_NOTHING_SAID,
        finished_at=sa.case((i.state == PENDING, bindparam("at")), else_=i.finished_at),
        state=DONE,
    )
)
_TOLD = sa.update(outbox).where(o.conversation_id == _THEIRS).values(text="", quick_replies=[])
_UNTOLD = (
    sa.update(outbox)
    .where(o.conversation_id == _THEIRS, o.state != SENT)
    .values(state=UNDELIVERABLE, reason=REASON, next_at=None, in_flight=False)
)
_THOUGHT = sa.update(enquiries).where(e.conversation_id == _THEIRS).values(explanation={})
# Why an enquiry was corrected is written by hand, and may tell of the person.
_CORRECTED = (
    sa.update(corrections)
    .where(corrections.c.enquiry_id.in_(sa.select(e.inbox_id).where(e.conversation_id == _THEIRS)))
    .values(reason="")
)
# What staff said of an answer may repeat what it was about.
_DOUBTED = (
    sa.update(doubts)
    .where(doubts.c.inbox_id.in_(sa.select(i.id).where(i.conversation_id == _THEIRS)))
    .values(remark="")
)


def forget(connection: Connection, conversation: str, now: float) -> bool:
    """Delete all that is personal in a conversation. ``False``: there is no such conversation."""
    person = connection.execute(_WHO, {"theirs": conversation}).one_or_none()
    if person is None:
        return False
    connection.execute(_PERSON, {"theirs": conversation})
    connection.execute(_ASKED, {"theirs": conversation, "at": now})
    for statement in (_TOLD, _UNTOLD, _THOUGHT, _CORRECTED, _DOUBTED):
        connection.execute(statement, {"theirs": conversation})
    pictures.forget(connection, conversation)
    notes.forget(connection, person.channel, person.enquirer)
    forget_words(connection, conversation)
    return True
