"""The named steps of a message's path, where tests may end the process."""

from __future__ import annotations

from collections.abc import Callable

Probe = Callable[[str], None]

STEPS = (
    "intake.begin",
    "intake.committing",
    "intake.committed",
    "dispatch.leased",
    "brain.asking",
    "brain.answered",
    "turn.committing",
    "turn.committed",
    "send.begun",
    "send.answered",
    "sent",
)


def no_probe(step: str) -> None:
    """Do nothing at a step."""
