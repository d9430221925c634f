"""What the enquirer is told about a handoff, in the words of ``data/responses/handoffs.yml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.desk.bureau import Bureau
from bot.desk.enquiries import local_day
from bot.desk.handoffs.model import CloseOutcome, Handoff, HandoffState
from bot.desk.messages import QuickReply, Reply
from bot.desk.typography import polish
from bot.desk.working_days import CalendarDays, Length, Months, WorkingDays

LONGEST_THANKS = 20  # characters
UNITS: dict[type[Length], str] = {
    WorkingDays: "working_days",
    CalendarDays: "calendar_days",
    Months: "months",
}


@dataclass(frozen=True)
class Score:
    """How satisfied somebody is, 1 to 5; ``plain`` tells that nothing but the number was said."""

    value: int
    plain: bool


class Telling:
    """Words notices and the status of handoffs; names only sections and posts, never people."""

    def __init__(self, texts: Mapping[str, Any], bureau: Bureau) -> None:
        self._texts = texts
        self._bureau = bureau

    def queued(self, due: date | None, ahead: int) -> str:
        """Give what follows the promise that staff will answer: place, office hours, date, what to do."""
        hours = self._bureau.hours
        parts = [self._ahead(ahead)]
        parts += [self._say("hours", hours=hours)] if hours else []
        parts += [self._due(due), self._say("meanwhile")]
        return "\n".join(parts)

    def claimed(self, handoff: Handoff) -> Reply:
        """Tell that a person is in charge now."""
        return self._notice("claimed", handoff)

    def received(self) -> Reply:
        """Tell that what was typed has reached the person in charge."""
        return Reply(self._say("received"))

    def accepted(self, handoff: Handoff) -> Reply:
        """Tell where it went (告知来人去向)."""
        return self._notice("accepted", handoff)

    def extended(self, handoff: Handoff, post: str, reason: str) -> Reply:
        """Tell of the extension: by which post, why, until when."""
        shown = self.day(handoff.due) if handoff.due else self._say("due_unknown")
        return self._notice("extended", handoff, post=post, reason=reason, date=shown)

    def merged(self, handoff: Handoff) -> Reply:
        """Tell with which one it was joined."""
        return self._notice("merged", handoff, into=handoff.merged_into)

    def reopened(self, handoff: Handoff) -> Reply:
        """Tell that it is open again."""
        return self._notice("reopened", handoff)

    def closed(self, handoff: Handoff) -> Reply:
        """Tell that it is done, and ask how satisfied the enquirer is."""
        buttons = tuple(QuickReply(b["title"], b["payload"]) for b in self._texts["ratings"])
        return Reply(self._notice("closed", handoff).text, buttons)

    def lapsed(self, handoff: Handoff, silence: Length) -> Reply:
        """Tell that it is done because nothing more was heard, and ask how satisfied the enquirer is."""
        text = self._notice("lapsed", handoff, length=self.length(silence)).text
        return replace(self.closed(handoff), text=text)

    def length(self, length: Length) -> str:
        """Give a number of days or months with its unit."""
        return str(self._texts["lengths"][UNITS[type(length)]]).format(count=length.count)

    def rated(self, score: int) -> Reply:
        """Thank for a rating."""
        return Reply(self._say("rated" if score > 2 else "rated_low", score=score))

    def status(self, handoff: Handoff, ahead: int, today: date) -> Reply:
        """Tell how far it has come."""
        state = self._state(handoff, ahead)
        asked = self.day(local_day(handoff.opened_at))
        lines = [self._say("status", receipt=handoff.number, date=asked, state=state)]
        if handoff.running:
            lines.append(self._time_left(handoff, today))
        return Reply("\n".join(lines))

    def none(self) -> Reply:
        """Tell that nothing of this conversation is with staff."""
        return Reply(self._say("status_none"))

    def label(self, group: str, name: str) -> str:
        """Give what staff call something: a group is ``states``, ``reasons``, ``outcomes``, ``events``."""
        return str(self._texts["labels"][group].get(name, name))

    def score_of(self, text: str) -> Score | None:
        """Give the rating that a text is, if it is nothing else."""
        found = re.fullmatch(str(self._texts["rating_pattern"]), text.strip())
        if found is None:
            return None
        return Score(int(found["score"]), plain=found["score"] == text.strip())

    def only_thanks(self, text: str) -> bool:
        """Say whether a text thanks or agrees and asks nothing."""
        text = text.strip()
        return 0 < len(text) <= LONGEST_THANKS and bool(re.fullmatch(self._texts["thanks_pattern"], text))

    def correction(self) -> str:
        """Give why an enquiry is corrected at closing, when nothing else is said."""
        return self._say("correction")

    def day(self, day: date) -> str:
        """Give a day as people read it."""
        weekday = self._texts["weekdays"][day.weekday()]
        return self._say("date", year=day.year, month=day.month, day=day.day, weekday=weekday)

    def section(self, section: str | None) -> str:
        """Give the name of a section."""
        known = self._bureau.sections.get(section or "")
        return known.name if known else str(section or "")

    def _state(self, handoff: Handoff, ahead: int) -> str:
        if handoff.outcome is CloseOutcome.MERGED:
            return self._say("status_merged", into=handoff.merged_into)
        if handoff.state is HandoffState.CLOSED:
            outcome = self._texts["outcomes"].get(handoff.outcome.value) if handoff.outcome else None
            closed = self.day(local_day(handoff.closed_at or handoff.opened_at))
            return self._say("status_closed", closed=closed, outcome=outcome or self._outcome_unknown())
        other = self.section(handoff.transfer.to) if handoff.transfer else ""
        key = f"status_{handoff.state.value}"
        return self._say(key, section=self.section(handoff.section), other=other, ahead=self._ahead(ahead))

    def _outcome_unknown(self) -> str:
        return str(self._texts["outcomes"]["answered"])

    def _time_left(self, handoff: Handoff, today: date) -> str:
        if handoff.due is None:
            return self._say("due_unknown")
        key = "status_overdue" if today > handoff.due else "status_due"
        return self._say(key, date=self.day(handoff.due))

    def _ahead(self, count: int) -> str:
        return self._say("ahead", count=count) if count else self._say("first")

    def _due(self, due: date | None) -> str:
        return self._say("due", date=self.day(due)) if due else self._say("due_unknown")

    def _notice(self, key: str, handoff: Handoff, **more: object) -> Reply:
        return Reply(self._say(key, receipt=handoff.number, section=self.section(handoff.section), **more))

    def _say(self, key: str, **values: object) -> str:
        return polish(str(self._texts[key]).format(**values))
