"""``catalogue export`` and ``catalogue import``: the entries as a workbook that office staff can edit."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.commands import texts
from bot.commands.parser import Parser
from bot.commands.validate import tell_problems
from bot.desk.errors import CatalogueError
from bot.settings import read_settings
from bot.storage.catalogue_files import load_catalogue
from bot.storage.catalogue_xlsx import ImportResult, export_catalogue, import_catalogue


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the command's options."""
    ways = parser.add_subparsers(
        dest="way", required=True, metavar="export|import", parser_class=Parser, title=texts.CATALOGUE_WAYS
    )
    export = ways.add_parser("export", help=texts.CATALOGUE_EXPORT, description=texts.CATALOGUE_EXPORT)
    export.add_argument("file", type=Path, metavar="FILE.xlsx", help=texts.CATALOGUE_TO)
    take = ways.add_parser("import", help=texts.CATALOGUE_IMPORT, description=texts.CATALOGUE_IMPORT)
    take.add_argument("file", type=Path, metavar="FILE.xlsx", help=texts.CATALOGUE_FROM)
    take.add_argument("--check", action="store_true", help=texts.CATALOGUE_CHECK)


def run(options: argparse.Namespace) -> int:
    """Export or import. Raises ``CatalogueError``; exit code 1 when the workbook has errors."""
    data = read_settings().data
    if options.way == "export":
        return _export(data, options.file)
    result = import_catalogue(options.file, data, write=not options.check)
    return _tell_errors(result) if result.errors else _tell_result(result, options.check)


def _export(data: Path, to: Path) -> int:
    report = load_catalogue(data)
    if report.catalogue is None:
        tell_problems(report)
        raise CatalogueError("the catalogue has errors", texts.INVALID.format(count=len(report.errors)))
    try:
        export_catalogue(report.catalogue, to)
    except OSError as error:
        told = texts.CANNOT_WRITE.format(file=to)
        raise CatalogueError(f"{to} cannot be written: {error}", told) from error
    print(texts.EXPORTED.format(count=len(report.catalogue.entries), file=to))
    return 0


def _tell_errors(result: ImportResult) -> int:
    for error in result.errors:
        print(f"{texts.ERROR}{error}", file=sys.stderr)
    print(texts.NOT_IMPORTED.format(count=len(result.errors)), file=sys.stderr)
    return 1


def _tell_result(result: ImportResult, checked_only: bool) -> int:
    counts = {"changed": len(result.changed), "added": len(result.added), "unchanged": result.unchanged}
    print((texts.IMPORT_CHECKED if checked_only else texts.IMPORTED).format(**counts))
    for line, ids in (
        (texts.CHANGED, result.changed),
        (texts.ADDED, result.added),
        (texts.ABSENT, result.absent),
    ):
        if ids:
            print(line.format(ids="、".join(ids)))
    return 0
