"""``audit-log verify``: recomputes every seal of the audit log, and says where the chain breaks."""

from __future__ import annotations

import argparse
import sys

from bot.commands import texts
from bot.commands.opening import opened
from bot.desk.errors import DeskError
from bot.settings import read_settings
from bot.storage import audit_log


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is to be done, and a head that was written down earlier."""
    parser.add_argument("way", choices=["verify"], help=texts.AUDIT_WAY)
    parser.add_argument("--head", metavar=texts.AUDIT_HEAD, help=texts.AUDIT_HEAD_HELP)


def run(options: argparse.Namespace) -> int:
    """Verify; exit code 1 when the chain is broken."""
    noted = _head(options.head) if options.head else None
    with opened(read_settings()) as (database, secret):
        with database.reading() as connection:
            broken = audit_log.verify(connection, secret.digest, noted)
            number, seal = audit_log.head_of(connection)
    if broken:
        print(
            texts.AUDIT_BROKEN.format(number=broken.number, how=texts.AUDIT_BREAKS[broken.how]),
            file=sys.stderr,
        )
        return 1
    print(texts.AUDIT_WHOLE.format(count=number, seal=seal or "-"))
    return 0


def _head(text: str) -> tuple[int, str]:
    number, _, seal = text.replace("：", ":").partition(":")
    if not number.isdigit() or len(seal) != 64:
        raise DeskError("a head is NUMBER:SEAL", texts.AUDIT_HEAD_FORM)
    return int(number), seal
