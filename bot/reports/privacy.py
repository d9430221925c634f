"""Retention: what personal data is kept for how long, and the sweep that deletes what is older."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import Connection

from bot.desk.enquiries import local_day
from bot.desk.errors import CatalogueError
from bot.storage import pictures, retention
from bot.storage.database import Database
from bot.storage.responses_files import read_mapping

DAY = 86400.0
KINDS = ("typed_text", "conversation", "identity", "person", "exports", "logs")
FOLDERS = {"exports": "exports", "logs": "logs"}


@dataclass(frozen=True)
class Schedule:
    """For how many days each kind of personal data is kept; ``decided`` by the bureau, or as delivered."""

    days: dict[str, int]
    decided: bool


def load_schedule(data: Path) -> Schedule:
    """Give the schedule of ``data/retention.yml``. Raises ``CatalogueError`` naming the field."""
    path = data / "retention.yml"
    content = read_mapping(path)
    days = content.get("days")
    days = days if isinstance(days, dict) else {}
    wrong = [kind for kind in KINDS if not _is_days(days.get(kind))]
    if wrong or not isinstance(content.get("decided"), bool):
        field = f"days.{wrong[0]}" if wrong else "decided"
        told = f"{path},字段 {field}:天数应为 1 至 36500 的整数,decided 应为 true 或 false。"
        raise CatalogueError(f"{path}: {field}", told)
    return Schedule({kind: days[kind] for kind in KINDS}, content["decided"])


def _is_days(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 36_500


def sweep(database: Database, var: Path, schedule: Schedule, now: float) -> Iterator[tuple[str, int]]:
    """Delete all that is old enough; gives each kind with how many rows or files went."""
    before = {kind: now - days * DAY for kind, days in schedule.days.items()}
    day = {kind: local_day(now) - timedelta(days) for kind, days in schedule.days.items()}
    typed = _all(database, lambda c: retention.clear_typed(c, before["typed_text"]))
    with database.writing() as connection:
        yield "typed_text", typed + pictures.clear(connection, before["typed_text"])
    yield "conversation", _all(database, lambda c: retention.forget_old(c, before["conversation"], now))
    with database.writing() as connection:
        yield "identity", retention.clear_identities(connection, day["identity"])
        yield "person", retention.clear_people(connection, day["person"])
    for kind, folder in FOLDERS.items():
        yield kind, delete_files(var / folder, before[kind])
    retention.wipe(database.engine)


def delete_files(folder: Path, before: float) -> int:
    """Delete the files in a folder that were last written before a moment; gives how many."""
    count = 0
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and not path.is_symlink() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            count += 1
    return count


def _all(database: Database, some: Callable[[Connection], int]) -> int:
    """Do it a few rows a transaction, so that turns that are answered meanwhile do not wait."""
    count = 0
    while True:
        with database.writing() as connection:
            done = some(connection)
        count += done
        if not done:
            return count
