"""A turn's verdict follows from its label alone, and is right, no answer or wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evaluation.judging import Titles, Verdict, judge
from tests.evaluation.questions import Half, half_of, label_of
from tests.samples import catalogue

TITLES = Titles.of(catalogue())
FILING, FIRST_SET, REPLY, WAGES, REPORT = "s01", "s10", "d13", "h08", "c002"


def label(entries: list[list[str]], outcome: str = "answered", **more: Any):
    return label_of({"entries": entries, "facets": [], "outcome": outcome.split(), "facts": [], **more})


def told(outcome: str, entries: str = "", facets: str = "", text: str = "", offered: str = ""):
    titles = "".join(TITLES.by_code[code] for code in entries.split())
    answer = {"outcome": outcome, "entries": [*entries.split(), *offered.split()], "facets": facets.split()}
    return TITLES.told({**answer, "confidence": 0.9, "replies": [{"text": titles}, {"text": text}]})


RIGHT, SILENT, WRONG = Verdict
CASES = [
    ("the entry", label([[FILING]]), told("answered", FILING), RIGHT),
    ("either entry", label([[FILING], [REPLY]]), told("answered", REPLY), RIGHT),
    ("both of two alternatives", label([[FILING], [REPLY]]), told("answered", f"{FILING} {REPLY}"), RIGHT),
    ("one of two that are both asked for", label([[FILING, REPLY]]), told("answered", REPLY), SILENT),
    ("another entry", label([[FILING]]), told("answered", FIRST_SET), WRONG),
    ("another entry besides", label([[FILING]]), told("answered", f"{FILING} {FIRST_SET}"), WRONG),
    ("an entry where none is wanted", label([[]], "small_talk"), told("answered", FILING), WRONG),
    ("asking back", label([[FILING]]), told("clarifying", offered=f"{FILING} {REPLY}"), SILENT),
    ("asking back as labelled", label([[FILING]], "clarifying"), told("clarifying", offered=FILING), RIGHT),
    ("asking back about others", label([[FILING]], "clarifying"), told("clarifying", offered=REPLY), SILENT),
    ("asking back where none is wanted", label([[]], "declined"), told("clarifying", offered=REPLY), SILENT),
    ("a list with the document", label([[REPORT]]), told("answered", offered=f"{REPORT} c103"), RIGHT),
    ("a list without it", label([[REPORT]]), told("answered", offered="c103"), SILENT),
    ("not knowing", label([[FILING]]), told("unanswered"), SILENT),
    ("refusing as labelled", label([[]], "declined unanswered"), told("declined"), RIGHT),
    ("handing over with an entry in mind", label([[]], "handed_off"), told("handed_off", FILING), RIGHT),
    ("handing over unasked", label([[FILING]]), told("handed_off", FILING), SILENT),
    (
        "the authority",
        label([[]], "redirected", facts=["人社局"]),
        told("redirected", text="请找市人社局"),
        RIGHT,
    ),
    (
        "another authority",
        label([[]], "redirected", facts=["人社局"]),
        told("redirected", text="发改委"),
        WRONG,
    ),
    ("sent away where we answer", label([[FILING]]), told("redirected", text="请找市发改委"), WRONG),
    ("sent away as the entry says", label([[WAGES]], "answered"), told("redirected", WAGES), SILENT),
    ("sent away where we refuse", label([[]], "declined"), told("redirected", text="请找市发改委"), WRONG),
    ("the facet", label([[FILING]], facets=["fee"]), told("answered", FILING, "fee"), RIGHT),
    ("one facet more", label([[FILING]], facets=["fee"]), told("answered", FILING, "fee steps"), RIGHT),
    ("another facet", label([[FILING]], facets=["fee"]), told("answered", FILING, "steps"), WRONG),
    (
        "one of two facets",
        label([[FILING]], facets=["fee", "steps"]),
        told("answered", FILING, "fee"),
        SILENT,
    ),
    ("the whole entry", label([[FILING]], facets=["fee"]), told("answered", FILING), SILENT),
    ("a facet nobody labelled", label([[FILING]]), told("answered", FILING, "fee"), RIGHT),
    ("a topic has no facets", label([[REPLY]], facets=["time_limit"]), told("answered", REPLY), RIGHT),
    (
        "the fact",
        label([[REPLY]], facts=["20个工作日"]),
        told("answered", REPLY, text="20 个工作日内"),
        RIGHT,
    ),
    (
        "the fact in other widths",
        label([[REPLY]], facts=["(一)"]),
        told("answered", REPLY, text="（一）"),
        RIGHT,
    ),
    ("no fact", label([[REPLY]], facts=["20个工作日"]), told("answered", REPLY, text="15个工作日"), SILENT),
    (
        "a fact that is a part of a figure",
        label([[REPLY]], facts=["5%"]),
        told("answered", REPLY, text="0.5"),
        SILENT,
    ),
]


@pytest.mark.parametrize(("wanted", "came", "verdict"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_verdict(wanted, came, verdict):
    assert judge(wanted, came, TITLES.services).verdict is verdict


def test_the_faults_are_named():
    wanted = label([[FILING]], facets=["fee"], facts=["未设收费项目"])
    assert judge(wanted, told("redirected", REPLY), TITLES.services).faults == ("entry", "outcome", "facts")
    assert judge(wanted, told("answered", FILING, "steps"), TITLES.services).faults == ("facets", "facts")


def test_the_halves_are_fixed():
    """A case never changes sides: that would leak what is only to be reported."""
    report = ("formal-001", "formal-002", "oral-017", "mixed-001")
    assert {half_of(i) for i in report} == {Half.REPORT}
    tuning = ("formal-004", "mixed-004", "follow-004")
    assert {half_of(i) for i in tuning} == {Half.TUNING}
