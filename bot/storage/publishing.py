"""Brings the files of a data folder to what was published in the console, on every machine by itself.

What is approved is kept as changes, not as whole files: a line added to a questions file, a new file. So a
file that somebody edits by hand meanwhile keeps what they wrote.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy.engine import Connection

from bot.desk.entries import Kind
from bot.desk.errors import CatalogueError
from bot.desk.proposals import Proposal, ProposalKind
from bot.storage import proposals
from bot.storage.catalogue_writing import write_files
from bot.storage.catalogue_yaml import entry_yaml
from bot.storage.entry_documents import entry_of
from bot.storage.proposals import Revision

log = logging.getLogger(__name__)

MARK = "published"


class Publisher:
    """Applies revisions to the files under ``data``; how far it came is kept in ``var``.

    What stands published is put there again when it is missing, as after a fresh copy of the data; what was
    taken back is removed once. ``fault`` tells, for people, why the files could not be written last time.
    """

    def __init__(self, data: Path, var: Path) -> None:
        self._data = data
        self._mark = var / MARK
        self._done = -1
        self._lock = threading.Lock()
        self.fault: str | None = None

    def step(self, connection: Connection) -> bool:
        """Apply what is new. Gives whether a file was changed."""
        with self._lock:
            return self._step(connection)

    def _step(self, connection: Connection) -> bool:
        number = proposals.newest(connection)
        if number == self._done and self.fault is None:
            return False
        revisions = proposals.every_revision(connection)
        try:
            files = changed_files(self._data, revisions, self._marked())
            write_files(files)
            self._keep(number)
        except (CatalogueError, OSError, UnicodeDecodeError) as error:
            self.fault = getattr(error, "for_reader", None) or getattr(error, "strerror", None) or str(error)
            log.error("what was published cannot be written: %s", error)
            return False
        self.fault, self._done = None, number
        return bool(files)

    def _marked(self) -> int:
        try:
            return int(self._mark.read_text("ascii"))
        except (OSError, ValueError):
            return 0

    def _keep(self, number: int) -> None:
        if number != self._marked():
            self._mark.parent.mkdir(parents=True, exist_ok=True)
            self._mark.write_text(str(number), "ascii")


def changed_files(data: Path, revisions: Iterable[Revision], applied: int) -> dict[Path, str]:
    """Give the files that must change, with their new content; empty content removes a file.

    Of the revisions up to ``applied`` those that were taken back are removed already.
    """
    known = list(revisions)
    before: dict[Path, str] = {}
    after: dict[Path, str] = {}
    for revision in known:
        if revision.undoes is not None and revision.number > applied:
            _take_back(data, revision.proposal, before, after)
    for revision in known:
        if revision.undoes is None and not revision.undone:
            _put(data, revision.proposal, before, after)
    return {path: text for path, text in after.items() if text != before[path]}


def _put(data: Path, proposal: Proposal, before: dict[Path, str], after: dict[Path, str]) -> None:
    folder = _folder(data, proposal)
    if folder is None:
        log.warning("entry %s of a proposal is no more; nothing is published", proposal.entry)
        return
    if proposal.kind is ProposalKind.ENTRY:
        path = folder / f"{proposal.entry}.yml"
        if not _text(path, before, after):
            after[path] = entry_text(proposal)
    _lines(folder, proposal, before, after, add=True)


def _take_back(data: Path, proposal: Proposal, before: dict[Path, str], after: dict[Path, str]) -> None:
    folder = _folder(data, proposal)
    if folder is None:
        return
    _lines(folder, proposal, before, after, add=False)
    if proposal.kind is ProposalKind.ENTRY:
        path = folder / f"{proposal.entry}.yml"
        _text(path, before, after)
        after[path] = ""
        beside = folder / f"{proposal.entry}.questions.txt"
        _text(beside, before, after)
        after[beside] = ""


def _lines(
    folder: Path, proposal: Proposal, before: dict[Path, str], after: dict[Path, str], add: bool
) -> None:
    """Add lines to the questions file that are not in it, or remove them; everything else stays."""
    if not proposal.questions:
        return
    path = folder / f"{proposal.entry}.questions.txt"
    lines = _text(path, before, after).splitlines()
    if add:
        lines += [line for line in proposal.questions if line not in lines]
    else:
        lines = [line for line in lines if line not in proposal.questions]
    after[path] = "".join(f"{line}\n" for line in lines)


def _text(path: Path, before: dict[Path, str], after: dict[Path, str]) -> str:
    if path not in before:
        before[path] = after[path] = path.read_text("utf-8") if path.exists() else ""
    return after[path]


def _folder(data: Path, proposal: Proposal) -> Path | None:
    """Give the folder of the entry: that of its kind, or where its file stands."""
    if proposal.kind is ProposalKind.ENTRY:
        return data / "catalogue" / str(proposal.content["kind"])
    found = next((data / "catalogue").glob(f"*/{proposal.entry}.yml"), None)
    return found.parent if found else None


def entry_text(proposal: Proposal) -> str:
    """Give the file of a new entry."""
    document = dict(proposal.content["document"])
    questions = tuple(document.get("questions", ()))
    return entry_yaml(entry_of(document, proposal.entry, Kind(proposal.content["kind"])), questions)
