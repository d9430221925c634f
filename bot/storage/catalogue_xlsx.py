"""The catalogue as one workbook: exports all entries, and takes an edited workbook back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Entry
from bot.storage.catalogue_files import load_catalogue
from bot.storage.catalogue_rules import double_codes
from bot.storage.catalogue_writing import write_files
from bot.storage.catalogue_yaml import entry_files
from bot.storage.entry_rules import Known, reference_issues
from bot.storage.workbook_cells import cell_content
from bot.storage.workbook_drafts import Draft, draft_errors, drafts_of
from bot.storage.workbook_layout import layout
from bot.storage.workbook_open import WorkbookError, open_workbook
from bot.storage.workbook_read import SheetError, read_pages
from bot.storage.workbook_rows import all_choices, entry_version, rows_of
from bot.storage.workbook_write import write_workbook
from bot.storage.yaml_reading import read_yaml


@dataclass(frozen=True)
class ImportResult:
    """What came of an import: with errors nothing was written.

    ``changed`` and ``added`` are ids of entries that were written, ``absent`` those that the workbook
    does not have and that stay as they are.
    """

    errors: tuple[SheetError, ...] = ()
    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    unchanged: int = 0
    absent: tuple[str, ...] = ()


def export_catalogue(catalogue: Catalogue, to: Path | IO[bytes]) -> None:
    """Write all entries of a catalogue as a workbook. A file is put in place only when it is complete.

    Raises ``CatalogueError`` when a text does not fit into a cell, ``OSError`` when ``to`` cannot be written.
    """
    if not isinstance(to, Path):
        _export(catalogue, to)
        return
    with tempfile.NamedTemporaryFile(dir=to.parent, prefix=f".{to.name}.", delete=False) as stream:
        temporary = Path(stream.name)
        try:
            _export(catalogue, stream)
            stream.flush()
            temporary.chmod(0o644)
            temporary.replace(to)
        finally:
            temporary.unlink(missing_ok=True)


def import_catalogue(workbook: Path, data: Path, write: bool = True) -> ImportResult:
    """Take the entries of a workbook into the catalogue under ``data``; with ``write`` off only check them.

    Only the files of entries that differ are written, after everything was checked; with any error
    nothing is. Raises ``CatalogueError`` when the files cannot be written.
    """
    report = load_catalogue(data)
    if report.catalogue is None:
        first = str(report.errors[0])
        fix = "请先按“检查”命令的提示改正数据文件,再导入"
        return ImportResult((SheetError(f"现有的知识目录有 {len(report.errors)} 处错误,如 {first}", fix),))
    base = report.catalogue
    try:
        drafts, errors = _read(workbook, base)
    except WorkbookError as error:
        return ImportResult((SheetError(error.message, error.fix),))
    if errors:
        return ImportResult(tuple(errors))
    entries = {entry_id: draft.entry() for entry_id, draft in drafts.items()}
    errors = [*_between(base, entries, drafts), *_conflicts(base, entries, drafts)]
    if errors:
        return ImportResult(tuple(errors))
    changed = [e for e in entries.values() if base.entries.get(e.id) != e]
    if write:
        write_files(dict(chain.from_iterable(_files(data, e, base) for e in changed)))
    return _result(base, entries, changed)


def _export(catalogue: Catalogue, to: IO[bytes]) -> None:
    plan = layout()
    choices = all_choices(plan, catalogue.bureau)
    found = [rows_of(entry) for entry in catalogue]
    rows = {}
    for sheet in plan.sheets:
        extra = ["version"] if sheet.into == "" else []
        rows[sheet.into] = [
            [cell_content(c, row.get(c.key), choices) for c in sheet.columns] + [row[key] for key in extra]
            for of_entry in found
            for row in of_entry[sheet.into]
        ]
    titles = {source.id: source.title for source in catalogue.sources.values()}
    write_workbook(to, plan, choices, titles, rows)


def _read(workbook: Path, base: Catalogue) -> tuple[dict[str, Draft], list[SheetError]]:
    plan = layout()
    pages = open_workbook(workbook, [sheet.name for sheet in plan.sheets])
    book = read_pages(pages, plan, all_choices(plan, base.bureau))
    if any(not error.cell for error in book.errors):
        return {}, book.errors
    drafts = drafts_of(book, plan)
    if not drafts and not book.errors:
        book.errors.append(SheetError("一个条目也没有", "请检查是不是拿错了文件", plan.sheets[0].name))
    told = {(error.sheet, error.cell) for error in book.errors}
    within = chain.from_iterable(draft_errors(draft, plan) for draft in drafts.values())
    return drafts, book.errors + [e for e in within if (e.sheet, e.cell) not in told]


def _between(
    base: Catalogue, entries: Mapping[str, Entry], drafts: Mapping[str, Draft]
) -> Iterator[SheetError]:
    """Give the references that lead nowhere, and the codes that are taken."""
    union = {**base.entries, **entries}
    known = Known(base.sources.keys(), base.bureau.sections.keys(), base.bureau.bodies.keys(), union.keys())
    for entry_id, entry in entries.items():
        yield from (drafts[entry_id].error(issue) for issue in reference_issues(entry, known))
    for entry_id, issue in double_codes(union):
        if entry_id in drafts:
            yield drafts[entry_id].error(issue)


def _conflicts(
    base: Catalogue, entries: Mapping[str, Entry], drafts: Mapping[str, Draft]
) -> Iterator[SheetError]:
    """Give the entries that would overwrite what somebody else has written since the export."""
    for entry_id, entry in entries.items():
        now = base.entries.get(entry_id)
        sheet, cell = drafts[entry_id].cells[()]
        if now is None or now == entry:
            continue
        if now.kind is not entry.kind:
            place = drafts[entry_id].place(("kind",))
            yield SheetError("已有条目不能改类别", "请改回原来的类别,或者换一个标识另建条目", *place)
        elif drafts[entry_id].version is None:
            yield SheetError(
                f"标识「{entry_id}」已经有条目在用", "请换一个标识;要改原来的条目,请重新导出", sheet, cell
            )
        elif drafts[entry_id].version != entry_version(now):
            message = f"条目「{entry_id}」在导出之后又被改过"
            yield SheetError(message, "请重新导出,在新的表格里再改一次", sheet, cell)


def _files(data: Path, entry: Entry, base: Catalogue) -> Iterable[tuple[Path, str]]:
    """Give the files of an entry with their new content, as far as it differs."""
    yaml = data / "catalogue" / entry.kind.value / f"{entry.id}.yml"
    beside = yaml.with_name(f"{entry.id}.questions.txt")
    texts = {path: path.read_text("utf-8") if path.exists() else "" for path in (yaml, beside)}
    if entry.id in base.entries:
        own = len(read_yaml(texts[yaml].encode()).value.get("questions") or ())
        contents = entry_files(entry, own, texts[beside])
    else:
        contents = entry_files(entry)
    return [(p, text) for p, text in zip(texts, contents, strict=True) if text != texts[p]]


def _result(base: Catalogue, entries: Mapping[str, Entry], changed: list[Entry]) -> ImportResult:
    return ImportResult(
        changed=tuple(e.id for e in changed if e.id in base.entries),
        added=tuple(e.id for e in changed if e.id not in base.entries),
        unchanged=len(entries) - len(changed),
        absent=tuple(sorted(base.entries.keys() - entries.keys())),
    )
