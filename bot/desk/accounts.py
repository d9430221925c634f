"""Who may use the console: roles that never mix, what logins and passwords must be, how long a lock is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.desk.errors import DeskError
from bot.desk.staff import WORKING, Person, Role, incompatible

AUDITING = frozenset({Role.AUDITOR})
ADMINISTERING = frozenset({Role.ADMINISTRATOR})
EVERYONE = frozenset(Role)

LEAST_PASSWORD, MOST_PASSWORD = 12, 128
LEAST_DIFFERENT = 6
FREE_FAILURES = 5  # failures before an account is locked
FIRST_LOCK, LONGEST_LOCK = 30.0, 3600.0  # seconds
ONE_TIME_DAYS = 7  # days within which a password that somebody else made must be changed
# Without 0, O, 1, I and l: it is read out or copied by hand.
_ONE_TIME = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz"
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}")


class AccountError(DeskError):
    """Something about an account is not allowed; ``code`` names the reason for those who word it."""

    def __init__(self, code: str) -> None:
        super().__init__(f"account: {code}")
        self.code = code


@dataclass(frozen=True)
class Account:
    """One account. ``post`` is what is shown of it; ``section`` is an id of the bureau's sections.

    ``must_change``: the password was made by somebody else and serves for choosing another one only.
    """

    id: int
    login: str
    post: str
    role: Role
    section: str | None = None
    must_change: bool = False
    disabled: bool = False
    seen_at: float | None = None

    @property
    def works(self) -> bool:
        """Whether the account takes part in the work on enquiries."""
        return self.role in WORKING

    @property
    def person(self) -> Person:
        """The account as the desk knows people: by its login, shown by its post."""
        return Person(self.login, self.post, self.section or "", frozenset({self.role}))


def read_login(text: str) -> str:
    """Give a login in the one form it has. Raises ``AccountError``."""
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise AccountError("login_form")
    return login


def section_of(role: Role, section: str | None, office: str) -> str | None:
    """Give the section of an account: the office's own, none for those who handle no enquiries."""
    if role is Role.OFFICE:
        return office
    return section if role in WORKING else None


def check_post(post: str, role: Role, section: str | None, sections: frozenset[str]) -> None:
    """Raise ``AccountError`` unless post and section fit the role."""
    if not 1 <= len(post.strip()) <= 40:
        raise AccountError("post_form")
    if role in WORKING and section not in sections:
        raise AccountError("section_needed")


def check_password(password: str, login: str) -> None:
    """Raise ``AccountError`` for a password that is short, poor, or holds the login."""
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise AccountError("password_length")
    if len(set(password)) < LEAST_DIFFERENT:
        raise AccountError("password_poor")
    if login in password.lower():
        raise AccountError("password_login")


def check_change(before: Role, after: Role) -> None:
    """Raise ``AccountError`` when an account would move between working, auditing and administering."""
    if incompatible({before, after}):
        raise AccountError("role_group")


def lock_after(failures: int) -> float:
    """Give for how many seconds nobody may try again after so many failures in a row."""
    if failures < FREE_FAILURES:
        return 0.0
    return float(min(LONGEST_LOCK, FIRST_LOCK * 2 ** min(failures - FREE_FAILURES, 16)))


def one_time_password(choose: Callable[[str], str]) -> str:
    """Give a password to be used once, in groups of four; ``choose`` picks one of the characters."""
    return "-".join("".join(choose(_ONE_TIME) for _ in range(4)) for _ in range(4))
