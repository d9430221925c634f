"""Who works at the bureau: people and their roles, posts with an A and a B, and who is absent when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum


class Role(str, Enum):
    """What somebody may do. Working, administering and auditing are for different people."""

    STAFF = "staff"
    SECTION_HEAD = "section_head"
    OFFICE = "office"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


WORKING = frozenset({Role.STAFF, Role.SECTION_HEAD, Role.OFFICE})
"""The roles that handle enquiries; nobody who has one of them may audit or administer."""


@dataclass(frozen=True)
class Person:
    """One member of staff. ``name`` is for colleagues only; enquirers are told of sections and posts."""

    id: str
    name: str
    section: str
    roles: frozenset[Role] = frozenset({Role.STAFF})

    def has(self, *roles: Role) -> bool:
        """Say whether the person has one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def works(self) -> bool:
        """Whether the person handles enquiries at all."""
        return not self.roles.isdisjoint(WORKING)


@dataclass(frozen=True)
class Absence:
    """Days on which somebody is away, the first and the last included."""

    person: str
    first: date
    last: date

    def holds(self, person: str, day: date) -> bool:
        """Say whether it is this person who is away on this day."""
        return self.person == person and self.first <= day <= self.last


@dataclass(frozen=True)
class Post:
    """A post of a section: the person ``a`` holds it, ``b`` stands in while A is away (AB 岗)."""

    id: str
    section: str
    name: str
    a: str
    b: str | None = None


@dataclass(frozen=True)
class Roster:
    """All posts and absences, and who is to be offered work on a day."""

    posts: tuple[Post, ...] = ()
    absences: tuple[Absence, ...] = ()

    def away(self, person: str, day: date) -> bool:
        """Say whether the person is away on the day."""
        return any(absence.holds(person, day) for absence in self.absences)

    def holder(self, post: Post, day: date) -> str:
        """Give who fills the post on the day: A, or B while A is away; A when both are."""
        if post.b and self.away(post.a, day) and not self.away(post.b, day):
            return post.b
        return post.a

    def offered(self, section: str, day: date) -> tuple[str, ...]:
        """Give the people to whom the section's new work is offered on the day."""
        return tuple(dict.fromkeys(self.holder(p, day) for p in self.posts if p.section == section))

    def stand_in(self, section: str, person: str, day: date) -> str | None:
        """Give who stands in for the person in the section on the day, if they are away and somebody does."""
        if not self.away(person, day):
            return None
        held = (p for p in self.posts if p.section == section and p.a == person)
        return next((p.b for p in held if p.b and not self.away(p.b, day)), None)


def incompatible(roles: Iterable[Role]) -> bool:
    """Say whether these roles may not be one person's: working, administering, auditing are kept apart."""
    given = set(roles)
    groups = [bool(given & WORKING), Role.AUDITOR in given, Role.ADMINISTRATOR in given]
    return sum(groups) > 1
