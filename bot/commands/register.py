"""``register``: the registers of what comes in outside the chat, for work at the terminal."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from typing import Any

from bot.commands import report_texts as texts
from bot.commands.opening import database_of, note, today
from bot.commands.parser import Parser
from bot.commands.stats import a_day
from bot.desk.applications import Law
from bot.desk.register import CaseKind, Step
from bot.reports.registering import Clerk, bring_up_to_date, register_case, take_step
from bot.settings import read_settings
from bot.storage import register
from bot.storage.calendar_files import load_calendar
from bot.storage.register import Person
from bot.storage.time_limit_files import load_time_limits


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is to be done: add, step, list, show, refresh."""
    ways = parser.add_subparsers(
        dest="way",
        required=True,
        metavar="|".join(texts.REGISTER_WAYS),
        parser_class=Parser,
        title=texts.WAYS,
    )
    made = {way: ways.add_parser(way, help=m, description=m) for way, m in texts.REGISTER_WAYS.items()}
    made["add"].add_argument(
        "kind", metavar=texts.KIND, choices=[k.value for k in CaseKind], help=texts.KIND_HELP
    )
    made["list"].add_argument(
        "kind", metavar=texts.KIND, choices=[k.value for k in CaseKind], help=texts.KIND_HELP
    )
    for way in ("step", "show"):
        made[way].add_argument("number", metavar=texts.NUMBER, type=str.upper, help=texts.NUMBER_HELP)
    steps = [s.value for s in Step if s not in (Step.REGISTERED, Step.CALENDAR)]
    made["step"].add_argument("step", metavar=texts.STEP, choices=steps, help=texts.STEP_HELP)
    for way in ("add", "step"):
        made[way].add_argument("--on", metavar=texts.DAY, type=a_day, help=texts.ON_HELP)
        made[way].add_argument("--by", required=True, metavar=texts.POST, help=texts.WHO_HELP)
        for name, meaning in texts.REGISTER_FIELDS.items():
            made[way].add_argument(f"--{name}", metavar=texts.VALUE, help=meaning)
    for name, meaning in texts.PERSON_FIELDS.items():
        made["add"].add_argument(f"--{name}", metavar=texts.VALUE, help=meaning)
    made["refresh"].add_argument("--by", required=True, metavar=texts.POST, help=texts.WHO_HELP)


def run(options: argparse.Namespace) -> int:
    """Do it. Raises ``RegisterError`` with what is wrong in Chinese."""
    return {"add": _add, "step": _step, "list": _list, "show": _show, "refresh": _refresh}[options.way](
        options
    )


def law() -> Law:
    """Give the limits and the calendar of the deployment."""
    data = read_settings().data
    return Law(load_time_limits(data), load_calendar(data))


def _add(options: argparse.Namespace) -> int:
    person = Person(options.name, options.contact, options.identity, options.text)
    with database_of() as database, database.writing() as connection:
        kind, day = CaseKind(options.kind), options.on or today()
        number = register_case(connection, kind, day, _content(options), person, _clerk(options), law())
        note(connection, "case_registered", number)
    print(texts.REGISTERED.format(number=number))
    return 0


def _step(options: argparse.Namespace) -> int:
    with database_of() as database, database.writing() as connection:
        step, day = Step(options.step), options.on or today()
        case = take_step(connection, options.number, step, day, _content(options), _clerk(options), law())
        note(connection, "case_step", options.number, step=step.value)
    print(texts.STEPPED.format(number=options.number, stage=case.stage.value, due=_due(case.due_on)))
    return 0


def _list(options: argparse.Namespace) -> int:
    with database_of() as database:
        for found in database.read_now(lambda c: register.listed(c, [CaseKind(options.kind)])):
            case = found.case
            void = texts.VOID if case.void else ""
            shown = (case.received_on, case.stage.value, case.outcome or "", _due(case.due_on), void)
            print(found.number, *shown)
    return 0


def _show(options: argparse.Namespace) -> int:
    with database_of() as database, database.reading() as connection:
        found = register.by_number(connection, options.number)
        if found is None:
            print(texts.NO_CASE.format(number=options.number), file=sys.stderr)
            return 1
        for event in register.events_of(connection, found.id):
            said = ", ".join(f"{name}={value}" for name, value in event.content.items())
            print(f"{event.day} {event.step.value} {said} ({event.by})")
    return 0


def _refresh(options: argparse.Namespace) -> int:
    with database_of() as database, database.writing() as connection:
        count = bring_up_to_date(connection, _clerk(options), law())
    print(texts.REFRESHED.format(count=count))
    return 0


def _content(options: argparse.Namespace) -> dict[str, Any]:
    content = {name: getattr(options, name) for name in texts.REGISTER_FIELDS if getattr(options, name)}
    for name in ("quantity", "days"):
        if name in content:
            content[name] = int(content[name]) if content[name].isdigit() else content[name]
    return content


def _clerk(options: argparse.Namespace) -> Clerk:
    return Clerk(options.by, time.time(), today())


def _due(day: date | None) -> str:
    return day.isoformat() if day else texts.UNDETERMINED
