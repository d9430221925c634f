"""Who may see a handoff, never who is complained of; and what is seen of it first: what was asked."""

from __future__ import annotations

from bot.desk.handoffs.model import Handoff, Reason
from bot.desk.staff import Person, Role

BARE_WISH = 12  # characters: a wish for a person that is no longer asks nothing besides


def what_was_asked(reason: str, opening: str, before: str) -> str:
    """Give the question that a handoff is about: a bare wish for a person is about what was asked before it.

    ``opening`` is the message that opened it, ``before`` the enquiry before that, empty when there is none.
    """
    bare = reason == Reason.ASKED_FOR_PERSON.value and len(opening.strip()) <= BARE_WISH
    return before if bare and before else opening


def sees(person: Person, handoff: Handoff) -> bool:
    """Say whether the person may read the handoff and its transcript."""
    if handoff.about == person.section and not person.has(Role.AUDITOR):
        return False
    if person.has(Role.AUDITOR) or (person.has(Role.OFFICE) and person.works):
        return True
    offered = handoff.transfer.to if handoff.transfer else None
    return person.works and person.section in (handoff.section, offered, handoff.first_section)
