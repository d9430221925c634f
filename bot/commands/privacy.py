"""``privacy``: deletes personal data on schedule or on request, and leaves every count as it was."""

from __future__ import annotations

import argparse
import math
import sys
import time

from bot.commands import report_texts as texts
from bot.commands.opening import database_of, note
from bot.commands.parser import Parser
from bot.reports.privacy import FOLDERS, delete_files, load_schedule, sweep
from bot.settings import read_settings
from bot.storage import retention
from bot.storage.forgetting import forget


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is to be done: show the schedule, sweep, forget."""
    ways = parser.add_subparsers(
        dest="way",
        required=True,
        metavar="|".join(texts.PRIVACY_WAYS),
        parser_class=Parser,
        title=texts.WAYS,
    )
    made = {way: ways.add_parser(way, help=m, description=m) for way, m in texts.PRIVACY_WAYS.items()}
    whose = made["forget"].add_mutually_exclusive_group(required=True)
    whose.add_argument("--receipt", metavar=texts.VALUE, type=str.upper, help=texts.FORGET_RECEIPT)
    whose.add_argument("--conversation", metavar=texts.VALUE, help=texts.FORGET_CONVERSATION)
    whose.add_argument("--case", metavar=texts.VALUE, type=str.upper, help=texts.FORGET_CASE)


def run(options: argparse.Namespace) -> int:
    """Do it; exit code 1 when there is nobody to forget."""
    return {"schedule": _schedule, "sweep": _sweep, "forget": _forget}[options.way](options)


def _schedule(options: argparse.Namespace) -> int:
    schedule = load_schedule(read_settings().data)
    for kind, days in schedule.days.items():
        print(texts.SCHEDULE.format(what=texts.RETAINED[kind], days=days))
    if not schedule.decided:
        print(texts.UNDECIDED)
    return 0


def _sweep(options: argparse.Namespace) -> int:
    settings = read_settings()
    schedule = load_schedule(settings.data)
    with database_of() as database:
        for kind, count in sweep(database, settings.var, schedule, time.time()):
            print(texts.SWEPT.format(what=texts.RETAINED[kind], count=count))
    return 0


def _forget(options: argparse.Namespace) -> int:
    settings = read_settings()
    with database_of() as database:
        with database.writing() as connection:
            whose = options.conversation or retention.conversation_of(connection, options.receipt or "")
            if options.case:
                done = retention.forget_case(connection, options.case)
            else:
                done = bool(whose) and forget(connection, str(whose), time.time())
            if done:
                note(connection, "forgotten", options.case or str(whose))
        retention.wipe(database.engine)
    if not done:
        print(texts.NOBODY, file=sys.stderr)
        return 1
    # An export may hold lines about the person; it can be made again from what is left.
    files = delete_files(settings.var / FOLDERS["exports"], math.inf)
    print(texts.FORGOTTEN.format(files=files))
    return 0
