"""``annual``: the yearly disclosure report: shown, checked, written as DOCX or XLSX, published."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import Connection

from bot.commands import report_texts as texts
from bot.commands.opening import database_of, note
from bot.commands.parser import Parser
from bot.desk.catalogue import Catalogue
from bot.desk.errors import DeskError
from bot.reports import annual_files
from bot.reports.annual import Annual, Form, annual_of, cells_of, check_supplied, load_form, supplied_cells
from bot.reports.past_years import PastYear, load_past_years
from bot.settings import read_settings
from bot.storage import form_figures
from bot.storage.catalogue_files import load_catalogue
from bot.storage.moments import held
from bot.storage.report_tables import register_events


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is to be done with the report of which year."""
    ways = parser.add_subparsers(
        dest="way", required=True, metavar="|".join(texts.ANNUAL_WAYS), parser_class=Parser, title=texts.WAYS
    )
    for way, meaning in texts.ANNUAL_WAYS.items():
        one = ways.add_parser(way, help=meaning, description=meaning)
        one.add_argument("year", metavar=texts.YEAR, type=int, help=texts.YEAR_HELP)
        if way == "export":
            one.add_argument("file", metavar=texts.FILE, type=Path, help=texts.ANNUAL_FILE_HELP)
        if way == "supply":
            one.add_argument("cell", metavar=texts.CELL, help=texts.CELL_HELP)
            one.add_argument("value", metavar=texts.VALUE, help=texts.VALUE_HELP)
            one.add_argument("--basis", required=True, metavar=texts.BASIS, help=texts.BASIS_HELP)
        if way in ("supply", "publish"):
            one.add_argument("--by", required=True, metavar=texts.POST, help=texts.POST_HELP)


def run(options: argparse.Namespace) -> int:
    """Do it; exit code 1 when identities do not hold or the file cannot be written."""
    data = read_settings().data
    past = load_past_years(data)
    form = load_form(data)
    if options.year in past and options.way == "show":
        return _show_past(past[options.year])
    ways = {"show": _show, "export": _export, "supply": _supply, "publish": _publish}
    return ways[options.way](options, form)


@contextmanager
def _annual(options: argparse.Namespace, form: Form) -> Iterator[tuple[Connection, Annual]]:
    catalogue = _catalogue()
    with database_of() as database, database.writing() as connection:
        yield connection, annual_of(connection, options.year, form, catalogue)


def _catalogue() -> Catalogue:
    catalogue = load_catalogue(read_settings().data).catalogue
    if catalogue is None:
        raise DeskError("the catalogue is wrong", texts.CATALOGUE_FIRST)
    return catalogue


def _show(options: argparse.Namespace, form: Form) -> int:
    with _annual(options, form) as (_, annual):
        print(annual.title)
        print(annual.overview)
        for row, name in form["names"].items():
            print(f"{row:<7}{annual.applications[row]['total']:>7}  {name}")
        for cell, name in supplied_cells(form).items():
            value = annual.proactive.get(cell, annual.texts.get(cell.partition(".")[2]))
            print(f"{cell}: {texts.NOT_SUPPLIED if value is None else value}  {name}")
        return _problems(annual)


def _problems(annual: Annual) -> int:
    for problem in annual.problems:
        print(f"{texts.CHECK}{problem}", file=sys.stderr)
    return 1 if annual.problems else 0


def _export(options: argparse.Namespace, form: Form) -> int:
    writers = {".docx": annual_files.write_docx, ".xlsx": annual_files.write_workbook}
    write = writers.get(options.file.suffix.lower())
    if write is None:
        print(texts.ANNUAL_KIND, file=sys.stderr)
        return 1
    with _annual(options, form) as (connection, annual):
        try:
            write(options.file, annual, form)
        except OSError:
            print(texts.CANNOT_WRITE.format(file=options.file), file=sys.stderr)
            return 1
        note(connection, "exported", f"annual {options.year}")
        print(texts.ANNUAL_WRITTEN.format(title=annual.title, file=options.file))
        _problems(annual)
        return 0


def _supply(options: argparse.Namespace, form: Form) -> int:
    check_supplied(form, options.cell, options.value)
    given = (options.year, options.cell, options.value, options.basis, options.by, time.time())
    with database_of() as database, database.writing() as connection:
        form_figures.supply(connection, *given)
        note(connection, "annual_supplied", f"{options.year} {options.cell}")
    print(texts.SUPPLIED.format(cell=options.cell, value=options.value))
    return 0


def _publish(options: argparse.Namespace, form: Form) -> int:
    catalogue = _catalogue()
    with database_of() as database, database.writing() as connection:
        moment = held(connection, register_events, time.time())
        annual = annual_of(connection, options.year, form, catalogue)
        if _problems(annual):
            print(texts.NOT_PUBLISHED, file=sys.stderr)
            return 1
        given = (cells_of(annual), annual.title, options.by, moment)
        form_figures.publish(connection, options.year, *given)
        note(connection, "annual_published", str(options.year))
    print(texts.ANNUAL_PUBLISHED.format(title=annual.title))
    return 0


def _show_past(past: PastYear) -> int:
    print(f"{past.title}\n{past.form}")
    for told in past.figures:
        bound = texts.AT_LEAST.format(number=told.at_least) if told.at_least is not None else ""
        print(f"  {told.name}：{texts.NOT_TOLD if told.text is None else told.text}{bound}")
    for one in past.sums:
        parts = " + ".join(str(part.number) for part in one.parts)
        verdict = texts.CONTRADICTS if one.contradicts else texts.HOLDS if one.exact else texts.ROUGHLY
        line = {"parts": parts, "sum": (one.whole.number or 0) + one.difference, "whole": one.whole.text}
        print(f"  {texts.SUM.format(name=one.whole.name, difference=one.difference, **line)}{verdict}")
    for remark in past.notes:
        print(f"  {remark}")
    return 0
