"""``validate``: checks every file of the catalogue, and names file, field and fix of what is wrong."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from datetime import date

from bot.commands import texts
from bot.desk.catalogue import Catalogue
from bot.desk.entries import Kind, ReviewState
from bot.desk.errors import CatalogueError
from bot.settings import Settings, read_settings
from bot.storage.catalogue_files import LoadReport, load_catalogue


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the command's options: none."""


def run(options: argparse.Namespace) -> int:
    """Check the data folder of the settings; exit code 1 when anything is worse than a warning."""
    began = time.monotonic()
    report = load_catalogue(read_settings().data)
    tell_problems(report)
    if report.catalogue is None:
        print(texts.INVALID.format(count=len(report.errors)), file=sys.stderr)
        return 1
    parts = _parts(report.counts)
    total = sum(report.counts.values())
    print(texts.VALID.format(count=total, parts=parts, seconds=time.monotonic() - began))
    samples = len(sample_entries(report.catalogue))
    if samples:
        print(texts.SAMPLES.format(count=samples))
    return 0


def _parts(counts: Mapping[Kind, int]) -> str:
    return "、".join(f"{texts.KINDS[kind.value]} {counts.get(kind, 0)}" for kind in Kind)


def tell_problems(report: LoadReport) -> None:
    """Print every problem: errors and warnings to the error output, one a line."""
    for problem in report.problems:
        mark = texts.WARNING if problem.warning else texts.ERROR
        print(f"{mark}{problem}", file=sys.stderr)


def sample_entries(catalogue: Catalogue) -> list[str]:
    """Give the ids of the entries that the bureau has not reviewed."""
    return [entry.id for entry in catalogue if entry.review.state is ReviewState.SAMPLE]


def servable_catalogue(settings: Settings, today: date) -> Catalogue:
    """Give the catalogue if the desk may start with it.

    Raises ``CatalogueError`` when a file is wrong (after printing what), when there are samples that the
    deployment does not allow, and when nothing may be told on ``today``.
    """
    report = load_catalogue(settings.data)
    if report.catalogue is None:
        tell_problems(report)
        count = len(report.errors)
        raise CatalogueError(f"{count} errors in {settings.data}", texts.INVALID.format(count=count))
    samples = sample_entries(report.catalogue)
    if samples and not settings.allow_samples:
        told = texts.SAMPLES_REFUSED.format(count=len(samples), example=samples[0])
        raise CatalogueError(f"{len(samples)} unreviewed entries", told)
    if not report.catalogue.served(today, settings.allow_samples).entries:
        raise CatalogueError("no entry may be told today", texts.NOTHING_SERVED)
    return report.catalogue
