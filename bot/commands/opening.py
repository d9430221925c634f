"""What commands open: the database of the deployment, and today in Beijing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from bot.desk.enquiries import local_day
from bot.settings import read_settings
from bot.storage.database import Database


@contextmanager
def database_of() -> Iterator[Database]:
    """Open the database of the settings for a command. Raises ``StorageError``."""
    settings = read_settings()
    database = Database(settings.database_url, settings.database_timeout)
    database.open()
    try:
        yield database
    finally:
        database.close_now()


def today() -> date:
    """Give the day that it is in the bureau's time zone."""
    return local_day(time.time())
