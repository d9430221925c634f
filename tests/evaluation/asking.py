"""Puts every case to a desk, turn by turn, and judges what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tests.evaluation.desks import Desk
from tests.evaluation.judging import Judged, judge
from tests.evaluation.questions import Case


def evaluate(desk: Desk, cases: Sequence[Case], tick: Callable[[int], None] | None = None) -> list[Judged]:
    """Give the judged turns of all cases; ``tick`` is told how many cases are done."""
    turns: list[Judged] = []
    for done, case in enumerate(cases, 1):
        turns.extend(_ask(desk, case))
        if tick:
            tick(done)
    return turns


def _ask(desk: Desk, case: Case) -> Iterator[Judged]:
    conversation = desk.conversation()
    for ask in case.turns:
        told, why = conversation.say(ask.text)
        judgement = judge(ask.label, told, desk.titles.services)
        yield Judged(
            case=case.id,
            slice=case.slice,
            half=case.half.value,
            dialogue=case.dialogue,
            place=ask.place,
            id=ask.id,
            text=ask.text,
            label=ask.label,
            told=told,
            judgement=judgement,
            why=why,
        )
