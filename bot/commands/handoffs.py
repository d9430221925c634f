"""``handoffs``: what waits for staff, read and answered from the terminal in the enquirer's own chat."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.commands import texts
from bot.commands.parser import Parser
from bot.desk.catalogue import Catalogue
from bot.desk.enquiries import BUREAU_TIME
from bot.desk.errors import DeskError
from bot.desk.handoffs import Handoff
from bot.desk.messages import Reply
from bot.desk.splitting import split
from bot.settings import Settings, read_settings
from bot.storage import handoffs, outbox
from bot.storage.catalogue_files import load_catalogue
from bot.storage.database import Database
from bot.storage.tables import conversations
from bot.storage.transcripts import transcript

LINES = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is to be done: list, show, reply or close."""
    ways = parser.add_subparsers(
        dest="way",
        required=True,
        metavar="list|show|reply|close",
        parser_class=Parser,
        title=texts.HANDOFF_WAYS,
    )
    ways.add_parser("list", help=texts.HANDOFF_LIST, description=texts.HANDOFF_LIST)
    for way, meaning in (
        ("show", texts.HANDOFF_SHOW),
        ("reply", texts.HANDOFF_REPLY),
        ("close", texts.HANDOFF_CLOSE),
    ):
        one = ways.add_parser(way, help=meaning, description=meaning)
        one.add_argument("number", metavar=texts.RECEIPT, type=str.upper, help=texts.RECEIPT_HELP)
        if way == "reply":
            one.add_argument("text", metavar=texts.REPLY_TEXT, help=texts.REPLY_TEXT_HELP)


def run(options: argparse.Namespace) -> int:
    """Do it; exit code 1 when there is no such handoff."""
    settings = read_settings()
    with _database(settings) as database:
        if options.way == "list":
            return _list(database, _catalogue(settings))
        with database.writing() as connection:
            handoff = handoffs.by_number(connection, options.number)
            if handoff is None:
                print(texts.NO_HANDOFF.format(number=options.number), file=sys.stderr)
                return 1
            return _one(connection, options, handoff)


def _one(connection: Connection, options: argparse.Namespace, handoff: Handoff) -> int:
    if options.way == "show":
        return _show(connection, handoff)
    if options.way == "reply":
        return _reply(connection, handoff, options.text, time.time())
    closed = handoffs.close(connection, handoff.number, time.time())
    print((texts.HANDOFF_CLOSED if closed else texts.HANDOFF_WAS_CLOSED).format(number=handoff.number))
    return 0


def _list(database: Database, catalogue: Catalogue | None) -> int:
    found = database.read_now(handoffs.open_ones)
    for handoff in found:
        sections = catalogue.bureau.sections if catalogue else {}
        section = sections[handoff.section].name if handoff.section in sections else handoff.section
        reason = texts.HANDOFF_REASONS.get(handoff.reason, handoff.reason)
        print(f"{handoff.number}  {_moment(handoff.opened_at)}  {section}  {reason}")
    print(texts.HANDOFF_COUNT.format(count=len(found)))
    return 0


def _show(connection: Connection, handoff: Handoff) -> int:
    for line in transcript(connection, handoff.conversation, LINES):
        print(f"{_moment(line.at)} {texts.AUTHORS[line.author]}:{line.text}")
    return 0


def _reply(connection: Connection, handoff: Handoff, text: str, now: float) -> int:
    if not text.strip():
        raise DeskError("an empty reply", texts.EMPTY_REPLY)
    row = sa.select(conversations.c.id).where(conversations.c.id == handoff.conversation).with_for_update()
    connection.execute(row)
    replies = [Reply(part) for part in split(text.strip())]
    outbox.put(connection, handoff.conversation, replies, now, author=outbox.STAFF, next_at=now)
    print(texts.REPLIED.format(number=handoff.number))
    return 0


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, BUREAU_TIME).strftime("%m-%d %H:%M")


def _catalogue(settings: Settings) -> Catalogue | None:
    return load_catalogue(settings.data).catalogue


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database_url, settings.database_timeout)
    database.open()
    try:
        yield database
    finally:
        database.close_now()
