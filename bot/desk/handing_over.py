"""When the bot hands over: asked for a person, an own case that staff must handle, twice not understood."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.desk.context import Context
from bot.desk.decision import Act, HandOff, Say
from bot.desk.handoffs.model import Reason
from bot.desk.reading import Reading

NO_CASES: Mapping[str, str] = MappingProxyType({})
MISSES = 1
"""So many messages in a row may have gone unanswered before this one."""


def asked_for_person(entry: str | None, cases: Mapping[str, str]) -> HandOff:
    """Hand over because a person was asked for; about a topic of own cases, for that reason."""
    return HandOff(cases.get(entry or "", Reason.ASKED_FOR_PERSON.value), entry)


def own_case(reading: Reading, cases: Mapping[str, str], likely: float) -> HandOff | None:
    """Hand over an own case that is to be dealt with now; who asks how it is done gets an answer instead."""
    if "own_case" in reading.signs:
        return HandOff(Reason.OWN_CASE.value, _meant(reading, None, likely))
    if "deal" not in reading.signs:
        return None
    entry = _meant(reading, cases, likely)
    return HandOff(cases[entry], entry) if entry else None


def enough_of_it(acts: tuple[Act, ...], reading: Reading, context: Context) -> tuple[Act, ...]:
    """Hand over instead of saying for the second time in a row that nothing was understood.

    What is no language at all is not worth a person's time.
    """
    missed = all(isinstance(act, Say) and act.text == "not_understood" for act in acts)
    worded = any(segment.readable for segment in reading.segments)
    if missed and worded and context.misses >= MISSES:
        return (HandOff(Reason.NOT_UNDERSTOOD.value),)
    return acts


def _meant(reading: Reading, among: Mapping[str, str] | None, likely: float) -> str | None:
    """Give the likeliest entry that may be meant, of these or of all."""
    for segment in reading.segments:
        for candidate in segment.candidates:
            if candidate.score >= likely and (among is None or candidate.entry in among):
                return candidate.entry
    return None
