"""What a code of the platform's API means for the message: the vendor's list of error codes as a table.

Only the code counts. The text beside it carries the number of the request, and changes.
"""

from __future__ import annotations

from enum import Enum


class Verdict(Enum):
    """What is to be done after an answer of the API."""

    DONE = "done"
    AGAIN = "again"  # busy: later, with growing pauses
    TOKEN = "token"  # the access token is not taken: a fresh one, once
    DROP = "drop"  # this recipient does not exist
    MEND = "mend"  # our fault: mended once, then dropped
    GONE = "gone"  # the user does not follow: kept until they write
    CLOSED = "closed"  # the window is closed: kept until they write
    SPENT = "spent"  # no more messages in this window: kept until they write
    MINUTE = "minute"  # too many a minute: all wait a minute
    DAY = "day"  # too many a day: all wait until midnight
    OFF = "off"  # the account may not: a person must act; passive replies only
    FEATURE = "feature"  # the account lacks this feature
    IGNORE = "ignore"  # of no consequence


CODES: dict[int, Verdict] = {
    0: Verdict.DONE,
    -1: Verdict.AGAIN,
    40001: Verdict.TOKEN,
    40014: Verdict.TOKEN,
    42001: Verdict.TOKEN,
    40003: Verdict.DROP,
    40013: Verdict.OFF,
    40125: Verdict.OFF,
    40164: Verdict.OFF,
    89503: Verdict.OFF,
    40033: Verdict.MEND,
    44002: Verdict.MEND,
    44004: Verdict.MEND,
    45002: Verdict.MEND,
    47001: Verdict.MEND,
    40200: Verdict.FEATURE,
    41001: Verdict.TOKEN,
    43004: Verdict.GONE,
    43101: Verdict.FEATURE,
    45009: Verdict.DAY,
    45011: Verdict.MINUTE,
    45015: Verdict.CLOSED,
    45047: Verdict.SPENT,
    45072: Verdict.IGNORE,
    45080: Verdict.IGNORE,
    45081: Verdict.IGNORE,
    48001: Verdict.OFF,
    48006: Verdict.OFF,
    50002: Verdict.OFF,
}


def verdict(code: int) -> Verdict:
    """Give what a code means; one that is not known is tried again like a busy platform."""
    return CODES.get(code, Verdict.AGAIN)
