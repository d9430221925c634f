"""``stats``: lists, shows, exports and publishes the statistics of ``data/statistics``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sqlalchemy.engine import Connection

from bot.commands import report_texts as texts
from bot.commands.opening import database_of, note, today
from bot.commands.parser import Parser
from bot.commands.text_tables import text_table
from bot.desk.errors import DeskError
from bot.desk.statistics import Definition, Scope
from bot.reports.book import Book, write_book
from bot.reports.clusters import clusters
from bot.reports.labels import load_labels
from bot.reports.monthly import Month, load_monthly, write_monthly
from bot.reports.statistics import explained, figures_of, table_of
from bot.reports.tables import write_csv
from bot.settings import read_settings
from bot.storage import enquiries, published
from bot.storage.calendar_files import load_calendar
from bot.storage.catalogue_files import load_catalogue
from bot.storage.database import Database
from bot.storage.statistic_files import load_statistics


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is to be done, with which statistics, over which days."""
    ways = parser.add_subparsers(
        dest="way", required=True, metavar="|".join(texts.STATS_WAYS), parser_class=Parser, title=texts.WAYS
    )
    for way, meaning in texts.STATS_WAYS.items():
        one = ways.add_parser(way, help=meaning, description=meaning)
        if way == "export":
            one.add_argument("file", metavar=texts.FILE, type=Path, help=texts.FILE_HELP)
        if way in ("show", "publish"):
            one.add_argument("id", metavar=texts.STATISTIC, help=texts.STATISTIC_HELP)
        if way == "export":
            one.add_argument("id", metavar=texts.STATISTIC, nargs="*", help=texts.STATISTICS_HELP)
        if way in ("show", "export", "publish", "clusters"):
            add_scope(one)
        if way == "clusters":
            one.add_argument("--most", metavar=texts.NUMBER_OF, type=int, default=30, help=texts.MOST_HELP)
        if way == "monthly":
            one.add_argument("month", metavar=texts.MONTH, type=a_month, help=texts.MONTH_HELP)
            one.add_argument("file", metavar=texts.FILE, type=Path, help=texts.MONTHLY_FILE_HELP)
            one.add_argument("--section", metavar=texts.SECTION, help=texts.SECTION_HELP)
        if way == "publish":
            one.add_argument("--by", required=True, metavar=texts.POST, help=texts.POST_HELP)


def add_scope(parser: argparse.ArgumentParser) -> None:
    """Take the days and the section."""
    parser.add_argument("--from", dest="first", metavar=texts.DAY, type=a_day, help=texts.FROM_HELP)
    parser.add_argument("--to", dest="last", metavar=texts.DAY, type=a_day, help=texts.TO_HELP)
    parser.add_argument("--section", metavar=texts.SECTION, help=texts.SECTION_HELP)


def a_day(text: str) -> date:
    """Give the day that was written. Raises ``argparse.ArgumentTypeError``."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(texts.DAY_WRONG) from error


def a_month(text: str) -> Month:
    """Give the month that was written. Raises ``argparse.ArgumentTypeError``."""
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise argparse.ArgumentTypeError(texts.MONTH_WRONG) from error
    return Month(day.year, day.month)


def scope_of(options: argparse.Namespace, now: date) -> Scope:
    """Give the scope that was asked for: this year until today, unless said otherwise."""
    last = options.last or max(now, options.first or now)
    first = options.first or date(last.year, 1, 1)
    if first > last:
        raise DeskError("the days are the wrong way round", texts.DAYS_WRONG)
    return Scope(first, last, now, options.section, load_calendar(read_settings().data))


def run(options: argparse.Namespace) -> int:
    """Do it; exit code 1 when there is no such statistic or the file cannot be written."""
    definitions = load_statistics(read_settings().data)
    if options.way == "list":
        for definition in definitions.values():
            print(f"{definition.id:<28}{definition.title}")
        return 0
    ways = {
        "show": _show,
        "export": _export,
        "publish": _publish,
        "published": _published,
        "monthly": _monthly,
        "clusters": _clusters,
    }
    return ways[options.way](options, definitions)


def chosen(definitions: Mapping[str, Definition], name: str) -> Definition:
    """Give the statistic with this id. Raises ``DeskError``."""
    if name not in definitions:
        raise DeskError(f"no statistic {name}", texts.NO_STATISTIC.format(name=name))
    return definitions[name]


def _show(options: argparse.Namespace, definitions: Mapping[str, Definition]) -> int:
    definition = chosen(definitions, options.id)
    book = _book(options)
    with database_of() as database:
        figures = database.read_now(lambda c: figures_of(c, definition, book.scope))
    print(f"{definition.title}  {book.scope.first} — {book.scope.last}")
    for line in text_table(table_of(definition, figures, book.labels, book.catalogue)):
        print(line)
    print(explained(definition, book.labels))
    return 0


def _export(options: argparse.Namespace, definitions: Mapping[str, Definition]) -> int:
    wanted = [chosen(definitions, name) for name in options.id] or list(definitions.values())
    kind = options.file.suffix.lower()
    if kind not in (".csv", ".xlsx") or (kind == ".csv" and len(wanted) != 1):
        print(texts.STATS_KIND, file=sys.stderr)
        return 1
    book = _book(options)
    with database_of() as database, database.reading() as connection:
        try:
            _write(connection, options.file, wanted, book)
        except OSError:
            print(texts.CANNOT_WRITE.format(file=options.file), file=sys.stderr)
            return 1
        _note(database, " ".join(d.id for d in wanted) if options.id else "*", book.scope)
    print(texts.STATS_EXPORTED.format(count=len(wanted), file=options.file))
    return 0


def _write(connection: Connection, path: Path, wanted: list[Definition], book: Book) -> None:
    if path.suffix.lower() == ".csv":
        (definition,) = wanted
        figures = figures_of(connection, definition, book.scope)
        write_csv(path, table_of(definition, figures, book.labels, book.catalogue))
        return
    write_book(path, connection, wanted, book)


def _clusters(options: argparse.Namespace, definitions: Mapping[str, Definition]) -> int:
    scope = scope_of(options, today())
    with database_of() as database, database.reading() as connection:
        found = clusters(enquiries.unanswered(connection, scope.first, scope.last, scope.section))
    for one in found[: options.most]:
        print(f"{len(one.enquiries):>6}  {texts.TEXT_DELETED if one.example is None else one.example}")
    whole = sum(len(one.enquiries) for one in found)
    print(texts.CLUSTERS.format(whole=whole, count=len(found), shown=min(options.most, len(found))))
    return 0


def _monthly(options: argparse.Namespace, definitions: Mapping[str, Definition]) -> int:
    data, now = read_settings().data, today()
    first, last = options.month.days
    book = Book(
        Scope(first, last, now, options.section, load_calendar(data)),
        load_labels(data),
        load_catalogue(data).catalogue,
    )
    with database_of() as database, database.reading() as connection:
        try:
            write_monthly(options.file, connection, options.month, definitions, book, load_monthly(data))
        except OSError:
            print(texts.CANNOT_WRITE.format(file=options.file), file=sys.stderr)
            return 1
        _note(database, f"monthly {options.month}", book.scope)
    print(texts.MONTHLY_WRITTEN.format(month=options.month, file=options.file))
    return 0


def _note(database: Database, subject: str, scope: Scope) -> None:
    with database.writing() as connection:
        detail = {"first": scope.first, "last": scope.last, "section": scope.section or ""}
        note(connection, "exported", subject[:128], **detail)


def _publish(options: argparse.Namespace, definitions: Mapping[str, Definition]) -> int:
    definition, now = chosen(definitions, options.id), today()
    scope = scope_of(options, now)
    if scope.last >= now:
        raise DeskError("the days are not over", texts.NOT_OVER)
    with database_of() as database, database.writing() as connection:
        number = published.publish(connection, definition, scope, options.by, time.time())
        note(
            connection, "statistic_published", f"{number} {definition.id}", first=scope.first, last=scope.last
        )
    print(texts.PUBLISHED.format(number=number, title=definition.title, version=definition.version))
    return 0


def _published(options: argparse.Namespace, definitions: Mapping[str, Definition]) -> int:
    with database_of() as database:
        for told in database.read_now(published.all_of_them):
            title = definitions[told.statistic].title if told.statistic in definitions else told.statistic
            print(f"{told.id}  {title}  {told.scope.first} — {told.scope.last}  {told.version}  {told.by}")
    return 0


def _book(options: argparse.Namespace) -> Book:
    data = read_settings().data
    return Book(scope_of(options, today()), load_labels(data), load_catalogue(data).catalogue)
