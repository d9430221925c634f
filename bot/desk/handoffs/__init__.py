"""Handoffs: enquiries with staff, and the rules that every change of them obeys."""

from bot.desk.handoffs.events import Event, EventKind
from bot.desk.handoffs.model import CloseOutcome, Handoff, HandoffState, Reason, Transfer
from bot.desk.handoffs.refusals import HandoffError, Refusal
from bot.desk.handoffs.rules import Rules, rules_of
from bot.desk.handoffs.transitions import Change, apply, opened, tick

ASSISTANT_FAILED = Reason.ASSISTANT_FAILED.value

__all__ = [
    "ASSISTANT_FAILED",
    "Change",
    "CloseOutcome",
    "Event",
    "EventKind",
    "Handoff",
    "HandoffError",
    "HandoffState",
    "Reason",
    "Refusal",
    "Rules",
    "Transfer",
    "apply",
    "opened",
    "rules_of",
    "tick",
]
