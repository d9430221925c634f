"""What is refused: one error, whose reason is for the log and never for whoever sent it."""

from __future__ import annotations


class Refused(Exception):
    """A request that does not come from the platform as it must. ``str`` names the step that failed."""
