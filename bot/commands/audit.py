"""``audit``: counts everything a second time, row by row, and tells every difference and its cause."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date

from bot.commands import report_texts as texts
from bot.commands.opening import database_of, today
from bot.commands.stats import a_day
from bot.desk.statistics import Scope
from bot.reports.audit import BAD, Difference, Finding, check_form, check_now, check_published
from bot.settings import read_settings
from bot.storage import form_figures, published
from bot.storage.calendar_files import load_calendar
from bot.storage.statistic_files import load_statistics


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the days of the statistics that are not published; all days unless said otherwise."""
    parser.add_argument("--from", dest="first", metavar=texts.DAY, type=a_day, help=texts.AUDIT_SCOPE)
    parser.add_argument("--to", dest="last", metavar=texts.DAY, type=a_day, help=texts.AUDIT_SCOPE)


def run(options: argparse.Namespace) -> int:
    """Audit; exit code 1 when a figure differs and no correction explains it."""
    definitions = load_statistics(read_settings().data)
    now = today()
    calendar = load_calendar(read_settings().data)
    last = options.last or date(9999, 12, 31)
    scope = Scope(options.first or date.min, last, now, calendar=calendar)
    with database_of() as database, database.reading() as connection:
        current = list(check_now(connection, definitions, scope))
        told = [check_published(connection, one, calendar) for one in published.all_of_them(connection)]
        forms = [check_form(connection, year) for year in form_figures.published_years(connection)]
    print(texts.AUDIT_NOW.format(count=len(current)))
    bad = _tell(current)
    print(texts.AUDIT_PUBLISHED.format(count=len(told)))
    bad += _tell(told)
    print(texts.AUDIT_FORMS.format(count=len(forms)))
    bad += _tell(forms)
    print(texts.AUDIT_BAD.format(count=bad) if bad else texts.AUDIT_GOOD)
    return 1 if bad else 0


def _tell(findings: Iterable[Finding]) -> int:
    bad = 0
    for finding in findings:
        verdict = texts.AUDIT_VERDICTS[finding.verdict.value].format(corrections=finding.corrections)
        print(f"  {finding.name}  {verdict}")
        for difference in finding.differences:
            print(_difference(difference))
        bad += finding.verdict in BAD
    return bad


def _difference(difference: Difference) -> str:
    key = texts.AUDIT_WHOLE if difference.key is None else "/".join(map(str, difference.key))
    shown = {"column": difference.column, "first": difference.first, "second": difference.second}
    return texts.AUDIT_DIFFERENCE.format(key=key, **shown)
