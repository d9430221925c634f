"""Words what came of loading the catalogue, for the person who runs ``validate`` and for the health page."""

from __future__ import annotations

from collections.abc import Iterator

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Kind, ReviewState
from bot.storage.catalogue_files import LoadReport
from bot.storage.problems import shown

KIND_NAMES = {
    Kind.SERVICE: "办事服务", Kind.DISCLOSURE: "信息公开", Kind.HOTLINE: "热线话题",
    Kind.DOCUMENT: "文件", Kind.BRIEFING: "简报", Kind.CONTACT: "联系方式",
}  # fmt: skip
REVIEW_NAMES = {
    ReviewState.DRAFT: "草稿", ReviewState.SAMPLE: "样例(未经本局审核)",
    ReviewState.REVIEWED: "已审核", ReviewState.WITHDRAWN: "已撤下",
}  # fmt: skip


def report_text(report: LoadReport) -> str:
    """Word a report: how many entries of each kind, every problem with its fix, and the verdict."""
    return "\n".join(shown(line) for line in _lines(report))


def _lines(report: LoadReport) -> Iterator[str]:
    counted = "、".join(f"{name} {report.counts.get(kind, 0)}" for kind, name in KIND_NAMES.items())
    yield f"条目文件 {sum(report.counts.values())} 个:{counted}"
    if report.catalogue is not None:
        yield _review(report.catalogue)
    errors = len(report.errors)
    for heading, warning in (("错误", False), ("提醒", True)):
        told = [problem for problem in report.problems if problem.warning is warning]
        if told:
            yield f"\n{heading} {len(told)} 处:"
            yield from (f"  {number}. {problem}" for number, problem in enumerate(told, 1))
    for path in report.held:
        yield f"仍按上一次正确的版本使用:{path}"
    for path in report.left_out:
        yield f"没有使用:{path}"
    warnings = len(report.problems) - errors
    yield f"\n检查结果:{errors} 处错误,{warnings} 处提醒。{_verdict(errors)}"


def _review(catalogue: Catalogue) -> str:
    states = [entry.review.state for entry in catalogue]
    told = "、".join(f"{name} {states.count(state)}" for state, name in REVIEW_NAMES.items())
    questions = sum(len(entry.questions) for entry in catalogue)
    return f"审核状态:{told};问法 {questions} 条,来源 {len(catalogue.sources)} 个"


def _verdict(errors: int) -> str:
    return "请改正后再启用。" if errors else "可以使用。"
