"""Hashes passwords with argon2id, and checks them."""

from __future__ import annotations

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

# A hash of no password: what is checked for a login that nobody has, so that it takes as long.
_NOBODY = "nobody's password"


class Passwords:
    """Makes and checks hashes. Each takes about 64 MiB and a tenth of a second: not for the event loop."""

    def __init__(self, hasher: argon2.PasswordHasher | None = None) -> None:
        self._hasher = hasher or argon2.PasswordHasher()
        self._nobody = self._hasher.hash(_NOBODY)

    def hash(self, password: str) -> str:
        """Give the hash of a password, with its salt and parameters."""
        return self._hasher.hash(password)

    def check(self, hashed: str | None, password: str) -> bool:
        """Say whether the password is that of the hash; without a hash it never is, after the same time."""
        try:
            return self._hasher.verify(hashed or self._nobody, password) and hashed is not None
        except (VerificationError, InvalidHashError):
            return False

    def is_old(self, hashed: str) -> bool:
        """Say whether the hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)
