"""The menu: which pages each role finds, in the order of a day's work."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.accounts import ADMINISTERING, AUDITING, EVERYONE
from bot.desk.staff import WORKING, Role


@dataclass(frozen=True)
class Item:
    """One line of the menu. Its title stands in words.yml under the path; ``icon`` names a drawing."""

    path: str
    icon: str
    roles: frozenset[Role]


ITEMS = (
    Item("/handoffs", "inbox", WORKING | AUDITING),
    Item("/improve", "bulb", WORKING | AUDITING),
    Item("/contacts", "phone", WORKING | AUDITING),
    Item("/registers", "list", WORKING | AUDITING),
    Item("/statistics", "chart", WORKING | AUDITING),
    Item("/annual", "book", AUDITING | {Role.OFFICE}),
    Item("/accounts", "people", ADMINISTERING),
    Item("/audit", "shield", AUDITING),
    Item("/help", "book", EVERYONE),
)


def menu(role: Role, path: str) -> tuple[tuple[Item, bool], ...]:
    """Give the lines for a role, each with whether it is where we are."""
    mine = [item for item in ITEMS if role in item.roles]
    return tuple((item, path == item.path or path.startswith(f"{item.path}/")) for item in mine)


def home(role: Role) -> str:
    """Give the page where a role begins its day."""
    return next(item.path for item in ITEMS if role in item.roles)
