"""Writes to the database in one thread, many callers' work in one commit."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.desk.errors import StorageError

log = logging.getLogger(__name__)

Work = Callable[[Connection], Any]
MOST_IN_ONE_COMMIT = 256
BESIDE_URGENT = 8  # other work that is committed with urgent work: enough to get on, too little to wait for
PAUSE = 0.1
BUSY = "系统暂时无法保存信息,请稍后再试。"


@dataclass
class Job:
    """One caller's work. It may be run more than once before it is committed once."""

    work: Work
    key: str
    urgent: bool
    deadline: float
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    value: Any = None
    error: Exception | None = field(default=None)


class Waiting:
    """The work that waits for its commit, in the order in which it came; urgent work overtakes the rest."""

    def __init__(self) -> None:
        self._urgent: deque[Job] = deque()
        self._other: deque[Job] = deque()

    def __bool__(self) -> bool:
        return bool(self._urgent or self._other)

    def add(self, job: Job) -> None:
        """Let a job wait."""
        (self._urgent if job.urgent else self._other).append(job)

    def batch(self) -> list[Job]:
        """Take what is committed next, ordered by key."""
        urgent = [self._urgent.popleft() for _ in range(min(len(self._urgent), MOST_IN_ONE_COMMIT))]
        room = min(MOST_IN_ONE_COMMIT - len(urgent), BESIDE_URGENT if urgent else MOST_IN_ONE_COMMIT)
        other = [self._other.popleft() for _ in range(min(len(self._other), room))]
        return sorted([*urgent, *other], key=lambda job: job.key)

    def give_back(self, jobs: Sequence[Job]) -> None:
        """Let jobs that were taken wait again, before all others."""
        for job in reversed(jobs):
            (self._urgent if job.urgent else self._other).appendleft(job)


class Outage(Exception):
    """The database could not be used; nothing of the batch was committed, so it may be tried again."""


class Writer:
    """The writing thread. Work handed in is committed in groups; work that fails, fails alone."""

    def __init__(self, engine: Engine, timeout: float) -> None:
        self._engine = engine
        self._timeout = timeout
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="database-writer", daemon=True)
        self._ended = False

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def submit(self, work: Work, key: str = "", urgent: bool = False) -> asyncio.Future[Any]:
        """Hand in work and get a future of its value, resolved once it is committed.

        ``key`` names the row that the work locks first: work is ordered by it within a commit, so that
        processes that share a PostgreSQL take their locks in the same order. ``urgent`` work overtakes.
        """
        loop = asyncio.get_running_loop()
        job = Job(work, key, urgent, time.monotonic() + self._timeout, loop.create_future(), loop)
        if self._ended:
            job.future.set_exception(_gone("the writer has ended"))
        else:
            self._queue.put(job)
        return job.future

    def close(self) -> None:
        """Finish what was handed in, then end the thread. Blocks."""
        self._ended = True
        self._queue.put(None)
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        waiting = Waiting()
        open_for_work = True
        while open_for_work or waiting:
            if open_for_work:
                open_for_work = self._gather(waiting)
            if waiting:
                waiting.give_back(self._attend(waiting.batch()))

    def _gather(self, waiting: Waiting) -> bool:
        """Let all that is queued wait; block only when nothing does. ``False``: no more will come."""
        try:
            while True:
                job = self._queue.get_nowait() if waiting else self._queue.get()
                if job is None:
                    return False
                waiting.add(job)
        except queue.Empty:
            return True

    def _attend(self, batch: list[Job]) -> list[Job]:
        """Commit the batch and tell the callers. Gives the jobs that are to be tried again."""
        try:
            self._commit(batch)
        except Outage as outage:
            return self._postpone(batch, outage)
        _tell(batch)
        return []

    def _postpone(self, batch: list[Job], outage: Outage) -> list[Job]:
        now = time.monotonic()
        late = [job for job in batch if job.deadline <= now]
        for job in late:
            job.error = _gone(str(outage), outage)
        if late:
            log.error("database: %d writes given up: %s", len(late), outage)
            _tell(late)
        patient = [job for job in batch if job.deadline > now]
        if patient:
            time.sleep(min(PAUSE, max(0.0, min(job.deadline for job in patient) - now)))
        return patient

    def _commit(self, batch: list[Job]) -> None:
        try:
            with self._engine.connect() as connection:
                if not self._all_at_once(connection, batch):
                    self._one_by_one(connection, batch)
        except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
            raise Outage(_cause(error)) from error
        except sa.exc.DatabaseError as error:
            # The file is damaged or no database at all: only a person can mend it, meanwhile we keep asking.
            raise Outage(_cause(error)) from error

    def _all_at_once(self, connection: Connection, batch: list[Job]) -> bool:
        """Run all in one transaction, without the price of savepoints. ``False``: one failed, all undone."""
        transaction = connection.begin()
        for job in batch:
            try:
                job.value, job.error = job.work(connection), None
            except Exception as error:
                transaction.rollback()
                if len(batch) > 1 or _unusable(connection, error):
                    _raise_if_unusable(connection, error)
                    return False
                job.error = _for_caller(error)
                return True
        _finish(transaction, batch)
        return True

    def _one_by_one(self, connection: Connection, batch: list[Job]) -> None:
        """Run each in a savepoint of its own, so that what fails, fails alone."""
        transaction = connection.begin()
        for job in batch:
            savepoint = connection.begin_nested()
            try:
                job.value, job.error = job.work(connection), None
                savepoint.commit()
            except Exception as error:
                _raise_if_unusable(connection, error)
                savepoint.rollback()
                job.error = _for_caller(error)
        _finish(transaction, batch)


def _finish(transaction: Any, batch: list[Job]) -> None:
    try:
        transaction.commit()
    except sa.exc.DBAPIError as error:
        # Whether it is committed is not known, so it must not be run again on our own account.
        failure = _gone(f"commit failed: {_cause(error)}", error)
        log.error("database: %s", failure)
        for job in batch:
            job.error = job.error or failure


def _unusable(connection: Connection, error: Exception) -> bool:
    return bool(connection.invalidated or getattr(error, "connection_invalidated", False))


def _raise_if_unusable(connection: Connection, error: Exception) -> None:
    if _unusable(connection, error):
        raise Outage(_cause(error)) from error


def _for_caller(error: Exception) -> Exception:
    if isinstance(error, (sa.exc.OperationalError, sa.exc.InterfaceError)):
        return _gone(_cause(error), error)
    return error


def _gone(cause: str, error: Exception | None = None) -> StorageError:
    failure = StorageError(f"the database cannot be used: {cause}", BUSY)
    failure.__cause__ = error
    return failure


def _cause(error: Exception) -> str:
    """Name what went wrong without the statement and its parameters, which hold what people wrote."""
    original = getattr(error, "orig", None) or error
    lines = str(original).strip().splitlines()
    return f"{type(original).__name__}: {lines[0] if lines else ''}"


def _tell(jobs: Sequence[Job]) -> None:
    """Give each caller its value, in its own event loop."""
    for loop in {job.loop for job in jobs}:
        mine = [job for job in jobs if job.loop is loop]
        try:
            loop.call_soon_threadsafe(_resolve, mine)
        except RuntimeError:
            log.warning("database: %d callers had gone", len(mine))


def _resolve(jobs: list[Job]) -> None:
    for job in jobs:
        if job.future.cancelled():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.value)
