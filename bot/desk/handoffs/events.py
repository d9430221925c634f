"""What happened to a handoff: one event for each change, kept for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class EventKind(str, Enum):
    """The kinds of events."""

    OPENED = "opened"
    CLAIMED = "claimed"
    ASSIGNED = "assigned"
    RELEASED = "released"
    ANSWERED = "answered"
    REPLIED = "replied"
    WROTE = "wrote"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    ESCALATED = "escalated"
    EXTENDED = "extended"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    RECLASSIFIED = "reclassified"
    KEPT_FROM = "kept_from"
    NOTED = "noted"
    MERGED = "merged"
    CLOSED = "closed"
    LAPSED = "lapsed"
    REOPENED = "reopened"
    RATED = "rated"
    STOOD_IN = "stood_in"
    CAME_BACK = "came_back"
    WARNED = "warned"
    OVERDUE = "overdue"
    TIMED = "timed"
    BROUGHT_OVER = "brought_over"


@dataclass(frozen=True)
class Event:
    """One event at a moment in seconds, UTC. ``by`` is a person's id, none for enquirer and system.

    The last event of a change that moves the day it is due carries the new day as ``due``.
    """

    kind: EventKind
    at: float
    by: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
