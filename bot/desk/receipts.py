"""Receipt numbers: short, speakable, the same for the same message."""

from __future__ import annotations

from hashlib import sha256

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8


def receipt_number(conversation: str, message_id: str) -> str:
    """Give the receipt number of a message: eight characters without 0, O, 1 and I."""
    digest = sha256(f"{conversation}\n{message_id}".encode()).digest()
    return "".join(ALPHABET[b % len(ALPHABET)] for b in digest[:LENGTH])
