"""Opens the database by its URL: SQLite or PostgreSQL, each set so that what is committed is on disk."""

from __future__ import annotations

import json
import math
import os
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

READ_ONLY = "desk_read_only"
LOCK_STEP = 0.5
_encode = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def open_engine(url: str, timeout: float, connections: int = 6) -> Engine:
    """Give the engine for ``url``. Waits for locks about ``timeout`` seconds at most."""
    parsed = sa.engine.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(Path(parsed.database), timeout, connections)
    return _postgresql(parsed, timeout, connections)


def is_sqlite(engine: Engine) -> bool:
    """Say whether this is SQLite."""
    return bool(engine.dialect.name == "sqlite")


def create_file(engine: Engine) -> None:
    """Make an empty SQLite file, readable by its owner only, unless it is there. Raises ``OSError``."""
    path = Path(engine.url.database)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _sqlite(path: Path, timeout: float, connections: int) -> Engine:
    def connect() -> sqlite3.Connection:
        # mode=rw: a database that was moved away must not be replaced by an empty one.
        address = f"file:{quote(str(path.absolute()))}?mode=rw"
        # The writer waits for the lock in short steps, so that each caller can give up at its own time.
        patience = min(timeout, LOCK_STEP)
        raw = sqlite3.connect(
            address, uri=True, isolation_level=None, check_same_thread=False, timeout=patience
        )
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what is deleted must not be readable in the file
            "journal_size_limit=67108864",
        ):
            raw.execute(f"PRAGMA {pragma}")
        return raw

    engine = sa.create_engine(
        f"sqlite:///{path.absolute()}",
        creator=connect,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        future=True,
        json_serializer=_encode,
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "connect", partial(_remember_file, path))
    event.listen(engine, "checkout", partial(_same_file, path))
    return engine


def _begin(connection: Connection) -> None:
    # IMMEDIATE: wait for the write lock here, where nothing is lost, and not in the middle.
    reading = connection.get_execution_options().get(READ_ONLY)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _file(path: Path) -> tuple[int, int] | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def _remember_file(path: Path, raw: Any, record: Any) -> None:
    record.info["file"] = _file(path)


def _same_file(path: Path, raw: Any, record: Any, proxy: Any) -> None:
    # Writing on into a file that was moved or deleted would lose what we then acknowledge.
    if record.info.get("file") != _file(path):
        raise sa.exc.DisconnectionError("the database file is no longer the one that was opened")


def _postgresql(url: Any, timeout: float, connections: int) -> Engine:
    options = {
        "synchronous_commit": "on",
        "lock_timeout": f"{int(timeout * 1000)}",
        "idle_in_transaction_session_timeout": "60000",
    }
    return sa.create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=timeout,
        future=True,
        json_serializer=_encode,
        connect_args={
            "connect_timeout": max(2, math.ceil(timeout)),
            "tcp_user_timeout": int(max(1.0, timeout) * 1000),
            "application_name": "enquiry-desk",
            "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
        },
    )
