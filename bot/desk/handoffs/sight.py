"""Who may see a handoff: those whose work it is or was, the office, auditors; never who is complained of."""

from __future__ import annotations

from bot.desk.handoffs.model import Handoff
from bot.desk.staff import Person, Role


def sees(person: Person, handoff: Handoff) -> bool:
    """Say whether the person may read the handoff and its transcript."""
    if handoff.about == person.section and not person.has(Role.AUDITOR):
        return False
    if person.has(Role.AUDITOR) or (person.has(Role.OFFICE) and person.works):
        return True
    offered = handoff.transfer.to if handoff.transfer else None
    return person.works and person.section in (handoff.section, offered, handoff.first_section)
