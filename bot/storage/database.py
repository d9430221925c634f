"""The database of the deployment: one writer, a few readers, and nothing lost in between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.desk.errors import StorageError
from bot.storage.engine import READ_ONLY, is_sqlite, open_engine
from bot.storage.migrate import migrate
from bot.storage.writer import BUSY, Writer

T = TypeVar("T")


class Database:
    """Reads and writes for asyncio. A function given to it gets a connection and talks to nothing else.

    A writing function may be run more than once (another one in the same commit failed, or the database
    was away for a moment), but is committed at most once before its value is given. Every method raises
    ``StorageError`` when the database is locked or gone for longer than ``timeout`` seconds; the next call
    after it is back succeeds.
    """

    def __init__(self, url: str, timeout: float = 3.0, readers: int = 2) -> None:
        self.engine: Engine = open_engine(url, timeout, connections=readers + 3)
        self._writer = Writer(self.engine, timeout)
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="database-reader")

    def open(self) -> None:
        """Bring the tables up to date and begin to work. Blocks; raises ``StorageError``."""
        migrate(self.engine)
        self._writer.start()

    async def write(self, work: Callable[[Connection], T], key: str = "", urgent: bool = False) -> T:
        """Run ``work`` and commit it, then give its value.

        ``key`` names the row it locks first; ``urgent`` is what somebody outside waits for.
        """
        return cast(T, await self._writer.submit(work, key, urgent))

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work``, which only reads, and give its value."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """As ``read``, for callers without an event loop. Blocks."""
        try:
            return self._once(work)
        except StorageError as error:
            if not getattr(error.__cause__, "connection_invalidated", False):
                raise
        return self._once(work)  # the connection was stale; the pool has made a new one

    def _once(self, work: Callable[[Connection], T]) -> T:
        with self.reading() as connection:
            return work(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that only reads, for work too long for ``read``. Blocks.

        However long it reads, it sees the database as it was at its first statement.
        """
        options = {} if is_sqlite(self.engine) else {"isolation_level": "REPEATABLE READ"}
        with _as_storage_error(), self.engine.connect() as connection:
            yield connection.execution_options(**{READ_ONLY: True}, **options)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction of its own, for commands and tests. Blocks."""
        with _as_storage_error(), self.engine.begin() as connection:
            yield connection

    async def close(self) -> None:
        """Finish what was begun and let go of the database."""
        await asyncio.get_running_loop().run_in_executor(None, self.close_now)

    def close_now(self) -> None:
        """As ``close``, for callers without an event loop. Blocks."""
        self._writer.close()
        self._readers.shutdown()
        self.engine.dispose()


@contextmanager
def _as_storage_error() -> Iterator[None]:
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        raise StorageError(f"the database cannot be used: {_first_line(error)}", BUSY) from error
    except sa.exc.DBAPIError as error:
        if type(error) is not sa.exc.DatabaseError and not error.connection_invalidated:
            raise
        raise StorageError(f"the database cannot be used: {_first_line(error)}", BUSY) from error


def _first_line(error: Any) -> str:
    text = str(getattr(error, "orig", None) or error).strip()
    return text.splitlines()[0] if text else type(error).__name__
