"""What commands open: the database of the deployment, and today in Beijing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy.engine import Connection

from bot.commands import report_texts as texts
from bot.desk.audit import Deed
from bot.desk.enquiries import local_day
from bot.desk.errors import SettingsError
from bot.settings import Settings, read_settings
from bot.storage import audit_log, presence
from bot.storage.database import Database
from bot.storage.secret import Secret, secret_of

# Whoever sits at the machine has no account; in the audit log this stands for them.
OPERATOR, OPERATING = "(命令行)", "operator"


@contextmanager
def database_of(settings: Settings | None = None) -> Iterator[Database]:
    """Open the database of the settings for a command. Raises ``StorageError``."""
    settings = settings or read_settings()
    database = Database(settings.database_url, settings.database_timeout)
    database.open()
    try:
        yield database
    finally:
        database.close_now()


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Database, Secret]]:
    """Give the database and the secret of the deployment. Raises ``StorageError``."""
    secret = secret_of(settings.secret, settings.var)
    with database_of(settings) as database:
        yield database, secret


def note(connection: Connection, action: str, subject: str, **detail: object) -> None:
    """Note in the audit log what was done at the terminal. Raises ``SettingsError`` for another secret."""
    settings = read_settings()
    secret = secret_of(settings.secret, settings.var)
    if presence.keep(connection, "secret", secret.fingerprint) != secret.fingerprint:
        raise SettingsError("the secret is not that of the database", texts.SECRET_DIFFERS)
    told = {name: str(value) for name, value in detail.items()}
    audit_log.append(connection, Deed(OPERATOR, OPERATING, action, subject, told), time.time(), secret.digest)


def today() -> date:
    """Give the day that it is in the bureau's time zone."""
    return local_day(time.time())
