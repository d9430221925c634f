"""Changes an enquiry after it was logged, and keeps what it was: the only way to change one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from bot.desk.errors import StorageError
from bot.desk.messages import Outcome
from bot.storage.moments import Moment
from bot.storage.report_tables import corrections
from bot.storage.tables import enquiries

CHANGEABLE = frozenset(
    {"topic", "entry_id", "entry_code", "entries", "facets", "outcome", "section_id", "continues"}
)
_ROW = sa.select(enquiries).where(enquiries.c.inbox_id == bindparam("enquiry")).with_for_update()
_OF_DAYS = (
    sa.select(corrections)
    .join(enquiries, enquiries.c.inbox_id == corrections.c.enquiry_id)
    .where(enquiries.c.day.between(bindparam("first"), bindparam("last")))
    .order_by(corrections.c.id.desc())
)


@dataclass(frozen=True)
class Correction:
    """One change of one enquiry; ``at`` is in seconds since the epoch, UTC."""

    enquiry: int
    old: dict[str, Any]
    new: dict[str, Any]
    by: str
    reason: str
    at: float


def correct_enquiry(
    connection: Connection,
    enquiry: int,
    changes: Mapping[str, Any],
    *,
    by: str,
    reason: str,
    at: float,
) -> bool:
    """Change columns of an enquiry and note what they were. ``False``: nothing would change.

    ``by`` is the account that does it. Raises ``StorageError`` when there is no such enquiry, when a column
    may not be changed (who asked when is never corrected), or when the outcome is none.
    """
    _refuse(changes)
    row = connection.execute(_ROW, {"enquiry": enquiry}).one_or_none()
    if row is None:
        raise StorageError(f"no enquiry {enquiry}", f"没有登记号为 {enquiry} 的咨询。")
    new = {name: value for name, value in changes.items() if row._mapping[name] != value}
    if not new:
        return False
    old = {name: row._mapping[name] for name in new}
    values = {"enquiry_id": enquiry, "old": old, "new": new, "by": by, "reason": reason, "at": at}
    connection.execute(sa.insert(corrections), values)
    connection.execute(sa.update(enquiries).where(enquiries.c.inbox_id == enquiry).values(**new))
    return True


def after(connection: Connection, first: date, last: date, moment: Moment) -> Iterator[Correction]:
    """Give the changes made later than a moment to enquiries of these days, the newest first."""
    query = _OF_DAYS.where(moment.after(corrections))
    for row in connection.execute(query, {"first": first, "last": last}):
        yield Correction(row.enquiry_id, row.old, row.new, row.by, row.reason, row.at)


def _refuse(changes: Mapping[str, Any]) -> None:
    unknown = set(changes) - CHANGEABLE
    if unknown:
        names = "、".join(sorted(unknown))
        raise StorageError(f"columns that may not be corrected: {names}", f"这些内容不能更正:{names}。")
    outcome = changes.get("outcome", Outcome.ANSWERED.value)
    if outcome not in {o.value for o in Outcome} - {Outcome.SMALL_TALK.value}:
        raise StorageError(f"no outcome: {outcome}", "更正后的结果不是规定的办理结果之一。")
