"""Who a browser is: a secret that only the browser keeps, and the sender id that is made from it."""

from __future__ import annotations

import secrets
from hashlib import sha256


def new_secret() -> str:
    """Give a new secret of 256 bits, as 64 hexadecimal digits. It never stands in a URL or a log."""
    return secrets.token_hex(32)


def sender_of(secret: str) -> str:
    """Give the sender id of a secret. The secret cannot be found from it, so that it may be stored."""
    return sha256(secret.encode()).hexdigest()[:32]
