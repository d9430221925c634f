"""Who sees which handoffs: staff their section's, office and auditors all, nobody complaints about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.desk.accounts import Account
from bot.desk.handoffs import Handoff, sight
from bot.desk.staff import Role
from bot.storage.caselist import Filter

SEE_ALL = frozenset({Role.OFFICE, Role.AUDITOR})


def sees_all(account: Account) -> bool:
    """Say whether the account sees the handoffs of every section."""
    return account.role in SEE_ALL


def sees(account: Account, handoff: Handoff) -> bool:
    """Say whether the account may read this handoff."""
    return sight.sees(account.person, handoff)


def within(account: Account, chosen: Filter) -> Filter:
    """Give the filter narrowed to what the account may see."""
    if account.works:
        chosen = replace(chosen, hidden_from=account.section)
    return chosen if sees_all(account) else replace(chosen, sections=(account.section or "",))


def concerns(account: Account, news: Mapping[str, object]) -> bool:
    """Say whether a piece of news is for this account; ``news`` names sections and the person."""
    if "section" not in news:
        return True
    if account.works and news.get("about") == account.section:
        return False
    if sees_all(account):
        return True
    return account.section in (news["section"], news.get("to")) or news.get("person") == account.login
