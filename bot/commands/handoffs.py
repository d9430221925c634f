"""``handoffs``: what waits for staff, read and handled from the terminal, by the rules of the console."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.engine import Connection

from bot.commands import texts
from bot.commands.opening import database_of
from bot.commands.parser import Parser
from bot.desk.enquiries import BUREAU_TIME
from bot.desk.errors import DeskError
from bot.desk.handoffs import CloseOutcome, Handoff
from bot.desk.handoffs import commands as c
from bot.desk.staff import Person
from bot.settings import Settings, read_settings
from bot.storage import handoffs, outbox
from bot.storage.casework import Casework, carry_out, reply
from bot.storage.catalogue_files import load_catalogue
from bot.storage.database import Database
from bot.storage.live_casework import LiveCasework
from bot.storage.transcripts import transcript

LINES = 40
NOT_ARRIVED = (outbox.HELD, outbox.UNDELIVERABLE)
SOMEBODY = "terminal"
OUTCOMES = [outcome.value for outcome in CloseOutcome if outcome is not CloseOutcome.MERGED]

Act = Callable[[Connection, Casework, argparse.Namespace, Handoff], Handoff]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is to be done, to which handoff, by whom."""
    ways = parser.add_subparsers(
        dest="way",
        required=True,
        metavar="|".join(("list", "show", *ACTS)),
        parser_class=Parser,
        title=texts.HANDOFF_WAYS,
    )
    ways.add_parser("list", help=texts.HANDOFF_LIST, description=texts.HANDOFF_LIST)
    for way, meaning in MEANINGS.items():
        one = ways.add_parser(way, help=meaning, description=meaning)
        one.add_argument("number", metavar=texts.RECEIPT, type=str.upper, help=texts.RECEIPT_HELP)
        if way != "show":
            _add_actor(one)
        if way in ADDS:
            ADDS[way](one)


def _add_actor(parser: argparse.ArgumentParser) -> None:
    told = texts.BY_HELP.format(by=SOMEBODY)
    parser.add_argument("--by", metavar=texts.BY, default=SOMEBODY, help=told)
    parser.add_argument("--section", metavar=texts.SECTION, help=texts.SECTION_HELP)


def _add_text(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar=texts.REPLY_TEXT, help=texts.REPLY_TEXT_HELP)
    parser.add_argument("--interim", action="store_true", help=texts.INTERIM_HELP)


def _add_transfer(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", metavar=texts.SECTION, required=True, help=texts.TO_HELP)
    parser.add_argument("--reason", metavar=texts.REASON, required=True, help=texts.REASON_HELP)


def _add_return(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", metavar=texts.REASON, required=True, help=texts.REASON_HELP)
    parser.add_argument("--propose", metavar=texts.SECTION, required=True, help=texts.PROPOSE_HELP)


def _add_close(parser: argparse.ArgumentParser) -> None:
    told = texts.OUTCOME_HELP.format(outcomes="、".join(OUTCOMES))
    parser.add_argument("--outcome", metavar=texts.OUTCOME, choices=OUTCOMES, default=OUTCOMES[0], help=told)
    parser.add_argument("--entry", metavar=texts.ENTRY, help=texts.ENTRY_HELP)


def run(options: argparse.Namespace) -> int:
    """Do it; exit code 1 when there is no such handoff or it is refused."""
    settings = read_settings()
    work = _casework(settings)
    with database_of(settings) as database:
        if options.way == "list":
            return _list(database, work)
        with database.writing() as connection:
            handoff = handoffs.by_number(connection, options.number)
            if handoff is None:
                print(texts.NO_HANDOFF.format(number=options.number), file=sys.stderr)
                return 1
            if options.way == "show":
                return _show(connection, work, handoff)
            _print(work, ACTS[options.way](connection, work, options, handoff))
    return 0


def _list(database: Database, work: Casework) -> int:
    found = database.read_now(handoffs.open_ones)
    for handoff in found:
        _print(work, handoff, _moment(handoff.opened_at), work.telling.label("reasons", handoff.reason))
    print(texts.HANDOFF_COUNT.format(count=len(found)))
    return 0


def _show(connection: Connection, work: Casework, handoff: Handoff) -> int:
    for line in transcript(connection, handoff.conversation, LINES):
        print(f"{_moment(line.at)} {texts.AUTHORS[line.author]}:{line.text}")
        if line.state in NOT_ARRIVED:
            print(texts.NOT_ARRIVED.format(reason=line.reason or ""))
    for event in handoffs.events_of(connection, handoff.number):
        details = " ".join(str(value) for value in event.data.values() if value)
        print(f"{_moment(event.at)} [{work.telling.label('events', event.kind.value)}] {details}")
    _print(work, handoff)
    return 0


def _print(work: Casework, handoff: Handoff, *more: str) -> None:
    told = texts.HANDOFF_DONE.format(
        number=handoff.number,
        state=work.telling.label("states", handoff.state.value),
        section=work.telling.section(handoff.section),
        person=handoff.person or texts.NOBODY,
        due=work.telling.day(handoff.due) if handoff.due else texts.NOT_DUE,
    )
    print("  ".join((told, *more)))


def _actor(options: argparse.Namespace, handoff: Handoff) -> Person:
    offered = handoff.transfer.to if handoff.transfer and options.way in ("accept", "return") else None
    return Person(options.by, options.by, options.section or offered or handoff.section)


def _claim(connection: Connection, work: Casework, options: argparse.Namespace, handoff: Handoff) -> Handoff:
    return carry_out(connection, work, handoff.number, c.Claim(_actor(options, handoff), time.time()))


def _reply(connection: Connection, work: Casework, options: argparse.Namespace, handoff: Handoff) -> Handoff:
    by, now = _actor(options, handoff), time.time()
    if handoff.person is None and options.text.strip():
        carry_out(connection, work, handoff.number, c.Claim(by, now))
    return reply(connection, work, handoff.number, by, options.text, now, not options.interim)


def _transfer(
    connection: Connection, work: Casework, options: argparse.Namespace, handoff: Handoff
) -> Handoff:
    order = c.TransferTo(_actor(options, handoff), time.time(), options.to, options.reason)
    return carry_out(connection, work, handoff.number, order)


def _accept(connection: Connection, work: Casework, options: argparse.Namespace, handoff: Handoff) -> Handoff:
    return carry_out(connection, work, handoff.number, c.Accept(_actor(options, handoff), time.time()))


def _return(connection: Connection, work: Casework, options: argparse.Namespace, handoff: Handoff) -> Handoff:
    order = c.Return(_actor(options, handoff), time.time(), options.reason, options.propose)
    return carry_out(connection, work, handoff.number, order)


def _close(connection: Connection, work: Casework, options: argparse.Namespace, handoff: Handoff) -> Handoff:
    entry = work.entry(options.entry) if options.entry else None
    if options.entry and entry is None:
        raise DeskError("no such entry", texts.NO_ENTRY.format(entry=options.entry))
    outcome = CloseOutcome(options.outcome)
    order = c.Close(_actor(options, handoff), time.time(), outcome, entry.id if entry else None)
    return carry_out(connection, work, handoff.number, order)


ACTS: dict[str, Act] = {
    "claim": _claim,
    "reply": _reply,
    "transfer": _transfer,
    "accept": _accept,
    "return": _return,
    "close": _close,
}
MEANINGS = {
    "show": texts.HANDOFF_SHOW,
    "claim": texts.HANDOFF_CLAIM,
    "reply": texts.HANDOFF_REPLY,
    "transfer": texts.HANDOFF_TRANSFER,
    "accept": texts.HANDOFF_ACCEPT,
    "return": texts.HANDOFF_RETURN,
    "close": texts.HANDOFF_CLOSE,
}
ADDS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "reply": _add_text,
    "transfer": _add_transfer,
    "return": _add_return,
    "close": _add_close,
}


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, BUREAU_TIME).strftime("%m-%d %H:%M")


def _casework(settings: Settings) -> Casework:
    report = load_catalogue(settings.data)
    if report.catalogue is None:
        raise DeskError("no catalogue", "\n".join(str(problem) for problem in report.errors[:5]))
    catalogue = report.catalogue
    return LiveCasework(settings.data, lambda: catalogue)()
