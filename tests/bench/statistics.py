"""Measures the statistics over 1,000,000 enquiries: ``python -m tests.bench.statistics [--rows N]``.

On SQLite and on PostgreSQL (started for this): every statistic of ``data/statistics`` over all days, and
the XLSX export of a year, line by line and as statistics, with the memory that it takes.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg2

from bot.desk.enquiries import local_day
from bot.desk.statistics import Scope
from bot.reports.audit import Verdict, check_now
from bot.storage.calendar_files import load_calendar
from bot.storage.catalogue_files import load_catalogue
from bot.storage.counting import count
from bot.storage.database import Database
from bot.storage.statistic_files import load_statistics
from tests.conversing import DATA
from tests.support.busy import allowed
from tests.support.postgres import Cluster, newest_programs

FIRST, DAYS = 1_672_502_400.0, 1095  # 2023 to 2025, Beijing
ASKED = "技改备案要什么材料"
OUTCOMES = ("answered",) * 12 + ("clarifying", "handed_off", "redirected", "declined", "unanswered")
FACETS = ("basis", "conditions", "materials", "steps", "time_limit", "fee", "section", "contact")
TABLES = {
    "conversations": ("id", "channel", "enquirer", "context", "created_at", "last_at"),
    "inbox": (
        "id", "conversation_id", "message_id", "kind", "masked", "digest", "sent_at", "received_at", "state",
        "finished_at",
    ),
    "enquiries": (
        "inbox_id", "conversation_id", "channel", "enquirer", "at", "day", "topic", "entry_id", "entry_code",
        "entries", "facets", "outcome", "confidence", "response_ms", "section_id", "explanation",
    ),
    "handoffs": (
        "id", "number", "conversation_id", "enquiry_id", "reason", "section_id", "state", "opened_at",
        "closed_at", "transfers", "kind", "received_on", "due_on", "overdue_on", "first_answered_at",
        "answered_at", "outcome", "satisfaction",
    ),
    "handoff_events": ("handoff_id", "at", "kind", "by_id", "data"),
}  # fmt: skip
LIMITS = {"sqlite": 4.0, "postgresql": 2.0}
# A process counts the memory of the one that began it as its own, so a small one stands between.
MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
SCOPE = Scope(date(2023, 1, 1), date(2025, 12, 31), date(2026, 1, 1), calendar=load_calendar(DATA))
EXPORT_SECONDS, EXPORT_MEGABYTES = 60.0, 200


def rows_of(count_of: int) -> dict[str, Iterator[tuple[Any, ...]]]:
    """Give the rows of a long history, table by table; about one enquirer for four enquiries."""
    entries = [(e.kind.value, e.id, e.code, e.section) for e in load_catalogue(DATA).catalogue]
    sections = sorted(load_catalogue(DATA).catalogue.bureau.sections)
    people = [
        (random.Random(n).choice(("webchat", "wechat", "yixin")), f"{n:032x}") for n in range(count_of // 4)
    ]

    def conversations() -> Iterator[tuple[Any, ...]]:
        for channel, person in people:
            yield f"{channel}:{person}", channel, person, "{}", FIRST, FIRST

    def messages() -> Iterator[tuple[Any, ...]]:
        for number, at, channel, person, _ in _turns(count_of, people):
            conversation = f"{channel}:{person}"
            yield (
                number,
                conversation,
                str(number),
                "text",
                "技改备案要什么材料",
                "0" * 64,
                at,
                at,
                "done",
                at + 0.1,
            )

    def enquiries() -> Iterator[tuple[Any, ...]]:
        told = json.dumps(
            {"candidates": [["filing", 0.91], ["pool", 0.42]], "heard": "技改备案要什么材料", "facets": []}
        )
        for number, at, channel, person, rng in _turns(count_of, people):
            topic, entry, code, section = entries[int(len(entries) * rng.random() ** 2)]
            facets = json.dumps(rng.sample(FACETS, rng.choice((0, 1, 1, 2))), separators=(",", ":"))
            yield (
                number, f"{channel}:{person}", channel, person, at, local_day(at).isoformat(), topic, entry,
                code, f'["{code}"]', facets, rng.choice(OUTCOMES), rng.random(),
                int(rng.expovariate(1 / 60)) + 3, section, told,
            )  # fmt: skip

    return {
        "conversations": conversations(),
        "inbox": messages(),
        "enquiries": enquiries(),
        "handoffs": (row for row, _ in _handoffs(count_of, people, sections)),
        "handoff_events": (row for _, rows in _handoffs(count_of, people, sections) for row in rows),
    }


def _handoffs(
    count_of: int, people: list[tuple[str, str]], sections: list[str]
) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
    """Give one enquiry in seventeen as it went on with staff, and what happened to it."""
    rng = random.Random(2023)
    for number, at, channel, person, _ in _turns(count_of, people):
        if number % 17:
            continue
        reason, section = (
            rng.choice(("asked_for_person", "not_understood", "complaint")),
            rng.choice(sections),
        )
        answered, day = at + rng.expovariate(1 / 86400), local_day(at)
        due, late = day + timedelta(5), local_day(answered) > day + timedelta(5)
        told = {"reason": reason, "section": section, "due": due.isoformat()}
        steps = [(at, "opened", None, told), (at + 60, "claimed", "p", {}), (answered, "answered", "p", {})]
        if late:
            steps.insert(2, (answered, "overdue", None, {"due": due.isoformat()}))
        steps.append((answered + 60, "closed", "p", {"outcome": "answered", "entry": None, "before": None}))
        rated = rng.choice((None, None, 3, 4, 5))
        if rated:
            steps.append((answered + 90, "rated", None, {"score": rated}))
        row = (
            number, f"N{number}", f"{channel}:{person}", number, reason, section, "closed", at, answered + 60,
            0, "chat_consultation", day.isoformat(), due.isoformat(),
            (due + timedelta(1)).isoformat() if late else None, answered, answered, "answered", rated,
        )  # fmt: skip
        yield row, [(number, when, kind, by, json.dumps(data)) for when, kind, by, data in steps]


def _turns(
    count_of: int, people: list[tuple[str, str]]
) -> Iterator[tuple[int, float, str, str, random.Random]]:
    rng = random.Random(2014)
    for number in range(1, count_of + 1):
        at = FIRST + DAYS * 86400 * (number - 1) / count_of
        yield number, at, *people[rng.randrange(len(people))], rng


def fill_sqlite(path: Path, count_of: int) -> None:
    """Put the rows into an SQLite file."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous=OFF")
    for table, rows in rows_of(count_of).items():
        names = TABLES[table]
        marks = ",".join("?" * len(names))
        connection.executemany(f"INSERT INTO {table} ({','.join(names)}) VALUES ({marks})", rows)
    connection.commit()
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


def fill_postgresql(url: str, count_of: int) -> None:
    """Put the rows into PostgreSQL."""
    connection = psycopg2.connect(url.replace("+psycopg2", ""))
    connection.autocommit = True
    cursor = connection.cursor()
    for table, rows in rows_of(count_of).items():
        while part := _text(rows, 50_000):
            cursor.copy_expert(f"COPY {table} ({','.join(TABLES[table])}) FROM STDIN WITH (FORMAT csv)", part)
    cursor.execute("VACUUM ANALYZE")
    connection.close()


def _text(rows: Iterator[tuple[Any, ...]], most: int) -> io.StringIO | None:
    file = io.StringIO()
    writer = csv.writer(file)
    for _, row in zip(range(most), rows, strict=False):
        writer.writerow(row)
    file.seek(0)
    return file if file.getvalue() else None


def audit(url: str) -> bool:
    """Count the statistics of handoffs a second time, from the events; ``False``: a figure differs."""
    database, began = Database(url), time.monotonic()
    database.open()
    definitions = {d.id: d for d in load_statistics(DATA).values() if d.of == "handoffs"}
    try:
        with database.reading() as connection:
            found = list(check_now(connection, definitions, SCOPE))
    finally:
        database.close_now()
    proven = sum(one.verdict is Verdict.PROVEN for one in found)
    print(f"  {proven} of {len(found)} statistics of handoffs proven in {time.monotonic() - began:.1f} s")
    return proven == len(found)


def measure(name: str, url: str) -> bool:
    """Measure every statistic over all days; ``False``: one took longer than it may."""
    database = Database(url)
    database.open()
    times, processor = {}, {}
    try:
        for definition in load_statistics(DATA).values():
            began, worked = time.monotonic(), time.process_time()
            with database.reading() as connection:
                figures = count(connection, definition, SCOPE)
            times[definition.id] = time.monotonic() - began
            # SQLite counts within this process, PostgreSQL in its own.
            processor[definition.id] = time.process_time() - worked
            del figures
    finally:
        database.close_now()
    for statistic, seconds in sorted(times.items(), key=lambda pair: -pair[1]):
        mark = "" if seconds <= allowed(LIMITS[name]) else f"  over {LIMITS[name]:.0f} s"
        print(f"  {statistic:<28}{seconds:7.2f} s ({processor[statistic]:.2f} s of processor here){mark}")
    print(f"  slowest {max(times.values()):.2f} s, load {os.getloadavg()[0]:.1f}", flush=True)
    return max(times.values()) <= allowed(LIMITS[name])


def export(url: str, folder: Path, arguments: list[str]) -> bool:
    """Run an export of a year in a process of its own; ``False``: it took more than it may."""
    environment = {**os.environ, "DATABASE_URL": url, "BOT_VAR": str(folder)}
    began = time.monotonic()
    command = [sys.executable, "-c", MEASURED, sys.executable, "-m", "bot", *arguments]
    process = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
    seconds, megabytes = time.monotonic() - began, int(process.stdout.split()[-1]) // 1024
    print(f"  {arguments[0]}: {seconds:.1f} s, {megabytes} MB, load {os.getloadavg()[0]:.1f}", flush=True)
    return not process.returncode and seconds <= allowed(EXPORT_SECONDS) and megabytes <= EXPORT_MEGABYTES


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Start a PostgreSQL and give the address of an empty database."""
    programs = newest_programs()
    if programs is None:
        raise SystemExit("no PostgreSQL server is installed")
    folder.chmod(0o755)
    cluster = Cluster(programs, folder / "cluster")
    cluster.create()
    cluster.start()
    try:
        cluster.sql("CREATE DATABASE bench")
        yield cluster.url("bench")
    finally:
        cluster.stop()


def main() -> None:
    """Measure, and end with 1 when a limit is not kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", choices=list(LIMITS))
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="desk-statistics-"))
    kept = True
    try:
        if options.only != "postgresql":
            url = f"sqlite:///{folder / 'desk.db'}"
            _made(url)
            fill_sqlite(folder / "desk.db", options.rows)
            kept &= _measured("sqlite", url, folder, options.rows)
        if options.only != "sqlite":
            with postgresql(folder) as url:
                _made(url)
                fill_postgresql(url, options.rows)
                kept &= _measured("postgresql", url, folder, options.rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if kept else 1)


def _made(url: str) -> None:
    database = Database(url)
    database.open()
    database.close_now()


def _measured(name: str, url: str, folder: Path, rows: int) -> bool:
    print(f"{name}: {rows:,} enquiries")
    kept = measure(name, url) & audit(url)
    year = ["--from", "2025-01-01", "--to", "2025-12-31"]
    kept &= export(url, folder, ["stats", "export", str(folder / "statistics.xlsx"), *year])
    return export(url, folder, ["export", str(folder / "rows.xlsx"), *year]) and kept


if __name__ == "__main__":
    main()
