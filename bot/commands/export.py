"""``export``: the enquiry log to CSV or XLSX, counted or line by line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy.engine import Connection

from bot.commands import texts
from bot.commands.opening import database_of, note
from bot.reports.enquiries import DIMENSIONS, Enquiries
from bot.reports.labels import load_labels
from bot.reports.tables import Table, write_csv, write_xlsx
from bot.settings import read_settings
from bot.storage import enquiries as log
from bot.storage.catalogue_files import load_catalogue

KINDS = {".csv", ".xlsx"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file, the days, and by what to count."""
    parser.add_argument("file", metavar=texts.EXPORT_FILE, type=Path, help=texts.EXPORT_FILE_HELP)
    parser.add_argument(
        "--by", metavar=texts.EXPORT_BY, type=_dimensions, default=(), help=texts.EXPORT_BY_HELP
    )
    parser.add_argument("--from", dest="first", metavar=texts.DAY, type=_day, help=texts.EXPORT_FROM_HELP)
    parser.add_argument("--to", dest="last", metavar=texts.DAY, type=_day, help=texts.EXPORT_TO_HELP)


def run(options: argparse.Namespace) -> int:
    """Write the file; exit code 1 when it cannot be."""
    problem = _problem(options)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    settings = read_settings()
    report = Enquiries(load_labels(settings.data), load_catalogue(settings.data).catalogue)
    with database_of(settings) as database:
        try:
            count = database.read_now(lambda c: _write(c, report, options))
            with database.writing() as connection:
                subject = ",".join(options.by) or "rows"
                note(connection, "exported", subject, first=options.first or "", last=options.last or "")
        except OSError:
            print(texts.CANNOT_WRITE.format(file=options.file), file=sys.stderr)
            return 1
    print(texts.EXPORTED_ENQUIRIES.format(count=count, file=options.file))
    return 0


def _problem(options: argparse.Namespace) -> str | None:
    if options.file.suffix.lower() not in KINDS:
        return texts.EXPORT_KIND.format(file=options.file)
    if options.file.suffix.lower() == ".csv" and len(options.by) > 1:
        return texts.EXPORT_ONE_TABLE
    if options.first and options.last and options.first > options.last:
        return texts.EXPORT_DAYS
    return None


def _write(connection: Connection, report: Enquiries, options: argparse.Namespace) -> int:
    """Write the tables and give how many enquiries there are in these days."""

    days = (options.first, options.last)

    def tables() -> Iterator[Table]:
        for dimension in options.by or (DIMENSIONS if options.file.suffix.lower() == ".xlsx" else ()):
            yield report.counted(dimension, log.shapes(connection, *days, dimension))
        if not options.by:
            yield report.listed(log.between(connection, *days))
        yield report.notes()

    if options.file.suffix.lower() == ".xlsx":
        write_xlsx(options.file, tables())
    else:
        write_csv(options.file, next(tables()))
    return log.number(connection, *days)


def _dimensions(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not names or any(name not in DIMENSIONS for name in names):
        raise argparse.ArgumentTypeError(texts.EXPORT_BY_WRONG.format(known="、".join(DIMENSIONS)))
    return names


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(texts.DAY_WRONG) from error
