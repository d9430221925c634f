"""What can be done to a handoff: plain orders, judged and carried out by ``transitions``.

``by`` is the person who orders it; ``at`` is in seconds since the epoch, UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.desk.handoffs.model import CloseOutcome, Handoff
from bot.desk.staff import Person


@dataclass(frozen=True)
class Claim:
    """Take it: the person is responsible from now on."""

    by: Person
    at: float


@dataclass(frozen=True)
class Assign:
    """Give it to a colleague of the responsible section; for its head and for the office."""

    by: Person
    at: float
    to: Person


@dataclass(frozen=True)
class Release:
    """Put it back among what waits in the section."""

    by: Person
    at: float
    reason: str


@dataclass(frozen=True)
class Answer:
    """Note a reply to the enquirer; ``complete`` when it answers what was asked."""

    by: Person
    at: float
    complete: bool = True


@dataclass(frozen=True)
class TransferTo:
    """Offer it to another section, with the reason."""

    by: Person
    at: float
    to: str
    reason: str


@dataclass(frozen=True)
class Withdraw:
    """Take back a transfer that is not yet accepted."""

    by: Person
    at: float


@dataclass(frozen=True)
class Accept:
    """Take over what was transferred to one's section."""

    by: Person
    at: float


@dataclass(frozen=True)
class Return:
    """Send a transfer back, saying why and which section should have it instead."""

    by: Person
    at: float
    reason: str
    proposed: str


@dataclass(frozen=True)
class Escalate:
    """Give it to the office to decide who is responsible."""

    by: Person
    at: float
    reason: str


@dataclass(frozen=True)
class Extend:
    """Extend the time limit by ``days`` of its unit; ``post`` is the approver's post."""

    by: Person
    at: float
    days: int
    post: str
    reason: str


@dataclass(frozen=True)
class Suspend:
    """Stop the clock on a ground that the limit knows."""

    by: Person
    at: float
    ground: str


@dataclass(frozen=True)
class Resume:
    """Let the clock run again."""

    by: Person
    at: float


@dataclass(frozen=True)
class Reclassify:
    """Say that it is of another kind, and from which day its limit counts."""

    by: Person
    at: float
    kind: str
    received: date


@dataclass(frozen=True)
class KeepFrom:
    """Say which section a complaint is about: it may not have it."""

    by: Person
    at: float
    section: str


@dataclass(frozen=True)
class Note:
    """Write something down for colleagues; the text is kept by the storage."""

    by: Person
    at: float
    text: str


@dataclass(frozen=True)
class Merge:
    """Close it as a duplicate of another one."""

    by: Person
    at: float
    into: Handoff


@dataclass(frozen=True)
class Close:
    """End it. ``entry`` is the topic as the person sees it; ``remark`` tells colleagues more."""

    by: Person
    at: float
    outcome: CloseOutcome
    entry: str | None = None
    remark: str = ""


@dataclass(frozen=True)
class Lapse:
    """Close an answered one of which the enquirer says no more; nobody orders it, time does.

    ``reached`` is when the last answer had reached them, in seconds; none: it has not.
    """

    at: float
    reached: float | None


@dataclass(frozen=True)
class Reopen:
    """Open it again; without ``by`` it is the enquirer who wishes it."""

    at: float
    reason: str
    by: Person | None = None


@dataclass(frozen=True)
class Wrote:
    """The enquirer wrote something while a person is in charge."""

    at: float


@dataclass(frozen=True)
class Rate:
    """The enquirer says how satisfied they are, 1 to 5."""

    at: float
    score: int


Command = (
    Claim
    | Assign
    | Release
    | Answer
    | TransferTo
    | Withdraw
    | Accept
    | Return
    | Escalate
    | Extend
    | Suspend
    | Resume
    | Reclassify
    | KeepFrom
    | Note
    | Merge
    | Close
    | Lapse
    | Reopen
    | Wrote
    | Rate
)
