"""What staff do to handoffs: judged by the rules, written, and told to the enquirer, all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.enquiries import local_day
from bot.desk.entries import Entry
from bot.desk.handoffs import Change, Handoff, HandoffError, Refusal, Rules, apply, tick
from bot.desk.handoffs import commands as c
from bot.desk.handoffs.commands import Command
from bot.desk.handoffs.standing_in import relieve
from bot.desk.handoffs.telling import Telling
from bot.desk.messages import Reply
from bot.desk.splitting import split
from bot.desk.staff import Person, Roster
from bot.storage import handoffs, outbox
from bot.storage.corrections import correct_enquiry
from bot.storage.handoff_tables import handoff_notes
from bot.storage.tables import conversations

ATTEMPTS = 3


@dataclass(frozen=True)
class Casework:
    """What every use case needs: the rules, the words, and the entry that an id names."""

    rules: Rules
    telling: Telling
    entry: Callable[[str], Entry | None]


def carry_out(connection: Connection, work: Casework, number: str, command: Command) -> Handoff:
    """Carry a command out and give the handoff after it; tells the enquirer what they must know.

    Raises ``HandoffError``: refused by the rules, unknown, or changed by somebody else meanwhile.
    """
    before, change = _written(connection, number, lambda handoff: apply(handoff, command, work.rules))
    if isinstance(command, c.Note):
        _keep_note(connection, number, command)
    if isinstance(command, c.Close):
        _correct(connection, work, before, change.handoff, command)
    if isinstance(command, c.Lapse):
        _correct_section(connection, work, change.handoff, command.at)
    notice = notice_of(work, change.handoff, command)
    if notice:
        _say(connection, change.handoff.conversation, [notice], command.at, outbox.BOT)
    return change.handoff


def reply(
    connection: Connection,
    work: Casework,
    number: str,
    by: Person,
    text: str,
    at: float,
    complete: bool = True,
) -> Handoff:
    """Answer in the enquirer's own chat. ``complete`` tells that nothing is left to answer.

    Raises ``HandoffError``.
    """
    if not text.strip():
        raise HandoffError(Refusal.NO_TEXT)
    after = carry_out(connection, work, number, c.Answer(by, at, complete))
    _say(connection, after.conversation, [Reply(part) for part in split(text.strip())], at, outbox.STAFF)
    return after


def look_after(connection: Connection, rules: Rules, roster: Roster, now: float) -> int:
    """Warn, mark what is overdue, and let B stand in for A, in all open handoffs. Gives how many changed."""
    changed = 0
    for handoff in handoffs.open_ones(connection):
        after = _saved(connection, handoff, relieve(handoff, roster, local_day(now), now))
        after = _saved(connection, after, tick(after, now, rules))
        changed += after is not handoff
    return changed


def _saved(connection: Connection, handoff: Handoff, change: Change | None) -> Handoff:
    saved = change is not None and handoffs.save(connection, handoff, change)
    return change.handoff if change and saved else handoff


def notice_of(work: Casework, handoff: Handoff, command: Command) -> Reply | None:
    """Give what the enquirer must be told of a command, if anything."""
    telling = work.telling
    if isinstance(command, c.Claim | c.Assign):
        return telling.claimed(handoff)
    if isinstance(command, c.Accept):
        return telling.accepted(handoff)
    if isinstance(command, c.Extend):
        return telling.extended(handoff, command.post, command.reason)
    if isinstance(command, c.Merge):
        return telling.merged(handoff)
    if isinstance(command, c.Close):
        return telling.closed(handoff)
    if isinstance(command, c.Lapse) and work.rules.limits.silence:
        return telling.lapsed(handoff, work.rules.limits.silence)
    if isinstance(command, c.Reopen):
        return telling.reopened(handoff)
    return None


def _written(
    connection: Connection, number: str, step: Callable[[Handoff], Change]
) -> tuple[Handoff, Change]:
    """Make a change of the handoff as it is now, and write it over just that version."""
    for _ in range(ATTEMPTS):
        handoff = handoffs.by_number(connection, number)
        if handoff is None:
            raise HandoffError(Refusal.UNKNOWN)
        _lock(connection, handoff.conversation)
        change = step(handoff)
        if handoffs.save(connection, handoff, change):
            return handoff, change
    raise HandoffError(Refusal.CHANGED)


def _lock(connection: Connection, conversation: str) -> None:
    """Hold the conversation's row, as everything does that appends to its outbox."""
    row = sa.select(conversations.c.id).where(conversations.c.id == conversation).with_for_update()
    connection.execute(row)


def _say(
    connection: Connection, conversation: str, replies: Iterable[Reply], now: float, author: str
) -> None:
    outbox.put(connection, conversation, replies, now, author=author, next_at=now)


def _keep_note(connection: Connection, number: str, command: c.Note) -> None:
    row = {"handoff_id": handoffs.key_of(connection, number), "at": command.at, "by_id": command.by.id}
    connection.execute(sa.insert(handoff_notes), {**row, "text": command.text.strip()})


def _correct(
    connection: Connection, work: Casework, before: Handoff, after: Handoff, command: c.Close
) -> None:
    """Correct topic and section of the enquiry; what the bot thought stays in its explanation.

    Its outcome stays ``handed_off``: what a person answered is counted apart from what the bot answered.
    """
    if after.enquiry is None:
        return
    changes: dict[str, object] = {"section_id": after.section}
    entry = work.entry(command.entry) if command.entry else None
    if entry and entry.id != before.entry:
        changes |= {"entry_id": entry.id, "entry_code": entry.code, "topic": entry.kind.value}
        changes["entries"] = [entry.code]
    by, reason = command.by.id, command.remark or work.telling.correction()
    correct_enquiry(connection, after.enquiry, changes, by=by, reason=reason, at=command.at)


def _correct_section(connection: Connection, work: Casework, after: Handoff, at: float) -> None:
    """Count the enquiry with the section that answered it in the end; nobody said anything of its topic."""
    if after.enquiry is not None and after.person is not None:
        changes, reason = {"section_id": after.section}, work.telling.correction()
        correct_enquiry(connection, after.enquiry, changes, by=after.person, reason=reason, at=at)
