"""Who may see a handoff, never who is complained of; and what is seen of it first: what was asked."""

from __future__ import annotations

from collections.abc import Iterable

from bot.desk.handoffs.model import Handoff, Reason
from bot.desk.staff import Person, Role

BARE_WISH = 12  # characters: a wish for a person that is no longer asks nothing besides
PERSON = "人工"


def what_was_asked(reason: str, opening: str, before: str) -> str:
    """Give the question that a handoff is about: a bare wish for a person is about what was asked before it.

    ``opening`` is the message that opened it, ``before`` the enquiry before that, empty when there is none.
    """
    wished = reason == Reason.ASKED_FOR_PERSON.value or PERSON in opening
    bare = wished and len(opening.strip()) <= BARE_WISH
    return before if bare and before else opening


def hides(person: Person, others: Iterable[Handoff], at: float, message: int | None) -> bool:
    """Say whether what was said at a moment belongs to a handoff of the conversation that they may not see.

    ``message`` is the id of the enquirer's message that it is.

    A conversation has one open handoff at a time: what is said while a complaint about a section is open is
    about that, and is not read by the section from another handoff of the same conversation.
    """
    return any(
        other.opened_at <= at <= (other.closed_at or at) or (message is not None and message == other.enquiry)
        for other in others
        if _complained_of(person, other)
    )


def _complained_of(person: Person, handoff: Handoff) -> bool:
    return handoff.about == person.section and not person.has(Role.AUDITOR)


def sees(person: Person, handoff: Handoff) -> bool:
    """Say whether the person may read the handoff and its transcript."""
    if _complained_of(person, handoff):
        return False
    if person.has(Role.AUDITOR) or (person.has(Role.OFFICE) and person.works):
        return True
    offered = handoff.transfer.to if handoff.transfer else None
    return person.works and person.section in (handoff.section, offered, handoff.first_section)
