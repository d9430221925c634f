"""Brings the tables up to date when a process starts; several may start at once."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy.engine import Connection, Engine

from bot.desk.errors import StorageError
from bot.storage.engine import create_file, is_sqlite

# Any number will do, as long as every version of the program uses the same.
LOCK = 7_103_355_202_611
PATIENCE = 60_000  # milliseconds


def migrate(engine: Engine) -> None:
    """Make or upgrade the tables, one process at a time. Raises ``StorageError`` when that is impossible."""
    try:
        if is_sqlite(engine):
            create_file(engine)
        with engine.connect() as connection:
            _hold_lock(connection)
            command.upgrade(configuration(connection), "head")
            connection.commit()
        engine.dispose()
    except CommandError as error:
        raise StorageError(
            f"the database is of another version of the program: {error}",
            "数据库的版本与程序不符(可能由更新的版本建立),请使用对应版本的程序。",
        ) from error
    except OSError as error:
        reader = f"无法建立数据库文件:{error.strerror}。"
        raise StorageError(f"the database file cannot be made: {error}", reader) from error
    except sa.exc.DBAPIError as error:
        reader = "无法打开或升级数据库,请检查数据库是否可用。"
        raise StorageError(f"the tables cannot be made: {error.orig}", reader) from error


def configuration(connection: Connection) -> Config:
    """Give alembic's configuration for work on this connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _hold_lock(connection: Connection) -> None:
    # The first process upgrades, the others wait here and then find nothing to do. On SQLite the
    # transaction itself is the lock.
    if is_sqlite(connection.engine):
        connection.connection.dbapi_connection.execute(f"PRAGMA busy_timeout={PATIENCE}")
        connection.begin()
        return
    connection.begin()
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {PATIENCE}")
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
