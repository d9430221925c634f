"""Moments of the past that figures are proven for: by the clock, and by what was written until then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

FOREVER = 1e12


@dataclass(frozen=True)
class Moment:
    """A moment in seconds since the epoch, UTC. ``last`` is the last row that a log of changes had then.

    What is being written at the moment itself bears an earlier time and is not yet seen; so the row decides
    where it is known, and the clock only for figures that were published before it was noted.
    """

    at: float
    last: int | None = None

    def before(self, log: sa.Table) -> Any:
        """Give the condition for the rows of a log that were there."""
        return log.c.at <= self.at if self.last is None else log.c.id <= self.last

    def after(self, log: sa.Table) -> Any:
        """Give the condition for the rows that came later."""
        return sa.not_(self.before(log))


NOW = Moment(FOREVER)


def held(connection: Connection, log: sa.Table, at: float) -> Moment:
    """Give this moment, and let nobody write into the log until the transaction ends.

    SQLite has one writer anyhow; on PostgreSQL what was begun ends first, and is seen.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"LOCK TABLE {log.name} IN SHARE MODE"))
    last = connection.execute(sa.select(sa.func.max(log.c.id))).scalar()
    return Moment(at, int(last or 0))
