"""Signatures of the platform: SHA-1 over a few sorted words, compared in constant time.

Source: the vendor's page on receiving messages; the rule is the same at WeChat and Yixin.
"""

from __future__ import annotations

import hmac
from hashlib import sha1


def signature(*words: str) -> str:
    """Give the signature of these words: lower-case hex of SHA-1 over them in the order of their bytes."""
    parts = sorted(word.encode("utf-8", "replace") for word in words)
    return sha1(b"".join(parts)).hexdigest()


def is_signed(given: str, *words: str) -> bool:
    """Say whether ``given`` is the signature of the words; takes as long whatever it is."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), signature(*words).encode("ascii"))
