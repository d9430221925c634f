"""Closes answered handoffs of which nothing more is heard, so that the bot does not stay silent for ever."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from bot.desk.audit import Deed, Digest
from bot.desk.enquiries import local_day
from bot.desk.handoffs import HandoffError, HandoffState
from bot.desk.handoffs.commands import Lapse
from bot.storage import audit_log
from bot.storage.casework import Casework, carry_out
from bot.storage.outbox import SENT, STAFF
from bot.storage.tables import IS_OPEN, handoffs, inbox, outbox

# Nobody's account does it; in the audit log this stands for the desk itself.
DESK, ROLE = "(系统)", "desk"
LEAST_WAIT = 86400.0  # seconds; no limit ends earlier than the day after

h, o, i = handoffs.c, outbox.c, inbox.c
_SAID = (o.conversation_id == h.conversation_id, o.author == STAFF, o.created_at >= h.opened_at)
_REACHED = sa.select(sa.func.max(o.sent_at)).where(*_SAID).correlate(handoffs).scalar_subquery()
_UNDER_WAY = sa.select(o.id).where(*_SAID, o.state != SENT).correlate(handoffs).exists()
# A message that came and has not been looked at yet may be the word that was waited for.
_UNREAD = (
    sa.select(i.id)
    .where(i.conversation_id == h.conversation_id, i.state == "pending")
    .correlate(handoffs)
    .exists()
)
_SILENT = (
    sa.select(h.number, h.answered_at, _REACHED.label("reached"))
    .where(IS_OPEN, h.state == HandoffState.ANSWERED.value, h.answered_at < bindparam("before"))
    .where(sa.not_(_UNDER_WAY), sa.not_(_UNREAD))
    .order_by(h.answered_at)
)


def lapse(connection: Connection, work: Casework, now: float, digest: Digest) -> list[str]:
    """Close what has been answered and silent for as long as the rules say. Gives the numbers."""
    closed, today = [], local_day(now)
    for number, answered, reached in connection.execute(_SILENT, {"before": now - LEAST_WAIT}).all():
        last = work.rules.last_to_hear(max(reached or answered, answered))
        if last is None or today <= last:
            continue
        try:
            carry_out(connection, work, number, Lapse(now, reached))
        except HandoffError:
            continue  # it has not reached them, or somebody has just done something with it
        audit_log.append(connection, Deed(DESK, ROLE, "handoff_lapsed", number), now, digest)
        closed.append(number)
    return closed
