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


def place_of(error: BaseException) -> str:
    """Give the file and line that raised the error; its text may be personal and stays out of logs."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
