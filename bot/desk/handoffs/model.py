"""What a handoff is: an enquiry with staff, known to the enquirer by its receipt number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from bot.desk.clocks import Clock


class HandoffState(str, Enum):
    """How far a handoff has come."""

    WAITING = "waiting"
    WITH_STAFF = "with_staff"
    WAITING_OTHER_SECTION = "waiting_other_section"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"


UNCLAIMED = frozenset({HandoffState.WAITING, HandoffState.REOPENED})


class Reason(str, Enum):
    """Why a handoff was opened."""

    ASKED_FOR_PERSON = "asked_for_person"
    NOT_UNDERSTOOD = "not_understood"
    COMPLAINT = "complaint"
    OWN_CASE = "own_case"
    CORRECTION = "correction"
    DISCLOSURE_APPLICATION = "disclosure_application"
    ASSISTANT_FAILED = "assistant_failed"


class CloseOutcome(str, Enum):
    """What became of it: every one has a destination (首问负责制)."""

    ANSWERED = "answered"
    REDIRECTED = "redirected"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    UNREACHABLE = "unreachable"
    MERGED = "merged"


TOLD = frozenset({CloseOutcome.ANSWERED, CloseOutcome.REDIRECTED, CloseOutcome.DECLINED})
"""Outcomes that the enquirer must have been told by a person before the handoff is closed with them."""


@dataclass(frozen=True)
class Transfer:
    """A transfer that was offered and not yet accepted. ``final``: it may not be returned."""

    to: str
    reason: str
    by: str
    at: float
    final: bool = False


@dataclass(frozen=True)
class Handoff:
    """One handoff; times are in seconds, UTC.

    ``section`` is the one that is responsible, ``person`` the one person once it is claimed; until another
    section has accepted a ``transfer`` both stay. ``first_section`` and ``first_person`` took it first.
    ``about`` is the section that a complaint complains about: it never handles it. ``standing_in_for`` is
    the A whose B is at work. ``due`` is the last day for the answer, none while it cannot be determined;
    ``warned_for`` is the due day that staff were warned of, ``overdue_on`` marks the first day after it
    without an answer. ``version`` grows with every change.
    """

    number: str
    conversation: str
    enquiry: int | None
    reason: str
    section: str
    opened_at: float
    clock: Clock
    state: HandoffState = HandoffState.WAITING
    entry: str | None = None
    about: str | None = None
    person: str | None = None
    first_section: str | None = None
    first_person: str | None = None
    standing_in_for: str | None = None
    transfer: Transfer | None = None
    transfers: int = 0
    escalated: bool = False
    due: date | None = None
    warned_for: date | None = None
    overdue_on: date | None = None
    first_answered_at: float | None = None
    answered_at: float | None = None
    closed_at: float | None = None
    outcome: CloseOutcome | None = None
    merged_into: str | None = None
    satisfaction: int | None = None
    version: int = 0

    @property
    def open(self) -> bool:
        """Whether somebody is still to do something."""
        return self.state is not HandoffState.CLOSED

    @property
    def in_charge(self) -> bool:
        """Whether a person is in charge, so that the bot is silent."""
        return self.open and self.person is not None

    @property
    def running(self) -> bool:
        """Whether the time limit runs: open, and the enquirer has no answer to what they wrote last."""
        return self.open and self.state is not HandoffState.ANSWERED
