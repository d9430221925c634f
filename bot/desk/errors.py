"""The one tree of errors. ``str(error)`` is for the log; ``for_reader`` is the sentence people see."""

from __future__ import annotations


class DeskError(Exception):
    """Anything that went wrong in a way we expected."""

    def __init__(self, message: str, for_reader: str | None = None) -> None:
        super().__init__(message)
        self.for_reader = for_reader or message


class CatalogueError(DeskError):
    """A file of the catalogue is wrong."""


class StorageError(DeskError):
    """The database cannot be used now."""


class BrainError(DeskError):
    """The brain is down, late, or answered nonsense."""


class MessageError(DeskError):
    """A message cannot be taken in; ``code`` names the reason for machines."""

    def __init__(self, code: str, message: str, for_reader: str) -> None:
        super().__init__(message, for_reader)
        self.code = code


class SettingsError(DeskError):
    """A setting is missing or wrong."""
