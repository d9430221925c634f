"""The page shows what may be read, and nothing of the half that is only reported."""

from __future__ import annotations

from html.parser import HTMLParser

from tests.evaluation import beside
from tests.evaluation.judging import Verdict
from tests.evaluation.page import page
from tests.evaluation.test_figures import turn

TURNS = [
    turn(Verdict.WRONG, id="a-1", text="调优半边<b>问"),
    turn(Verdict.WRONG, id="a-2", text="报告半边问", half="report"),
    turn(id="a-3", text="答对的"),
]


class Nesting(HTMLParser):
    """Counts what is opened and not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br", "polyline"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag != "polyline":
            assert self.open.pop() == tag


def test_misses_of_the_report_half_stay_hidden():
    shown = page(TURNS, "today", "quick")
    assert "调优半边&lt;b&gt;问" in shown
    assert "报告半边问" not in shown
    assert "a-2" not in shown
    assert "答对的" not in shown
    assert "报告半边问" in page(TURNS, "today", "quick", reveal=True)


def test_the_page_is_whole_and_needs_nothing_else():
    shown = page(TURNS, "today", "quick")
    nesting = Nesting()
    nesting.feed(shown)
    assert nesting.open == []
    assert "http" not in shown
    assert "<script" not in shown


def test_what_was_measured_apart_is_shown_with_its_day(tmp_path):
    beside.keep(tmp_path, "pipelines", "2026-11-20", ["| ours | <others> |"])
    (tmp_path / beside.FOLDER / "ablation.json").write_text("cut off {", "utf-8")
    shown = page(TURNS, "today", "quick", measured=beside.kept(tmp_path))
    assert "Measured 2026-11-20" in shown
    assert "| ours | &lt;others&gt; |" in shown
    assert beside.TITLES["ablation"] not in shown
