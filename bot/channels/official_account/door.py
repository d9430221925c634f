"""Lets in what the platform has signed, and nothing else. Pure: the time is told, nothing is called.

The steps are in this order: sizes, parameters, time, signature, XML, signature of the envelope, base64,
cipher, padding, length, app id. Whatever fails, the answer outside is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.channels.official_account import xml
from bot.channels.official_account.cipher import Envelope
from bot.channels.official_account.options import Account, Mode
from bot.channels.official_account.pushes import Push, read_push
from bot.channels.official_account.refusals import Refused
from bot.channels.official_account.signatures import is_signed, signature

WINDOW = 300
"""Seconds that the platform's clock and ours may differ."""
_PARAMETER_LIMIT = 256
_ECHO_LIMIT = 1024


@dataclass(frozen=True)
class Entry:
    """A push that was let in. ``proof`` is what may stand for one push only; ``sealed``: so is the answer."""

    push: Push
    proof: str
    sealed: bool


class Door:
    """Checks what comes. ``random`` makes salt for envelopes."""

    def __init__(self, account: Account, random: Callable[[int], bytes]) -> None:
        self._account = account
        self._random = random
        self._envelope: Envelope | None = None
        if account.mode is not Mode.PLAIN:
            self._envelope = Envelope(account.aes_keys, account.app_id)

    def echo(self, query: Mapping[str, str], now: float) -> str:
        """Give the answer to the verification of our address. Raises ``Refused``."""
        echo = query.get("echostr", "")
        if not 0 < len(echo) <= _ECHO_LIMIT or not echo.isprintable():
            raise Refused("nothing to echo")
        self._check(query, now)
        return echo

    def enter(self, query: Mapping[str, str], now: float) -> None:
        """Check what can be checked before the body is looked at. Raises ``Refused``."""
        sealed = query.get("encrypt_type", "raw").lower() == "aes"
        if sealed != (self._envelope is not None):
            raise Refused("the push is of another mode")
        self._check(query, now)

    def open(self, query: Mapping[str, str], body: bytes, now: float) -> Entry:
        """Give the push. Raises ``Refused``."""
        self.enter(query, now)
        element = xml.read(body)
        if self._envelope is not None:
            encrypted = (element.findtext("Encrypt") or "").strip()
            words = (self._account.token, query["timestamp"], query["nonce"], encrypted)
            if not encrypted or not is_signed(query.get("msg_signature", ""), *words):
                raise Refused("the envelope is not signed")
            # What stands beside the envelope in compatible mode is not protected, and not read.
            element = xml.read(self._envelope.open(encrypted))
        proof = signature(query["timestamp"], query["nonce"])
        return Entry(read_push(element), proof, self._envelope is not None)

    def answer(self, entry: Entry, text: str, now: float) -> str:
        """Give the passive reply to a push."""
        push = entry.push
        reply = xml.text_reply(push.sender, push.account, text, int(now))
        if self._envelope is None:
            return reply
        encrypted = self._envelope.seal(reply, self._random)
        timestamp, nonce = str(int(now)), self._random(8).hex()
        signed = signature(self._account.token, timestamp, nonce, encrypted)
        return xml.sealed_reply(encrypted, signed, timestamp, nonce)

    def _check(self, query: Mapping[str, str], now: float) -> None:
        timestamp, nonce, given = (query.get(name, "") for name in ("timestamp", "nonce", "signature"))
        if not all(0 < len(word) <= _PARAMETER_LIMIT for word in (timestamp, nonce, given)):
            raise Refused("a parameter is missing or too long")
        if not (timestamp.isascii() and timestamp.isdigit()) or abs(now - int(timestamp)) > WINDOW:
            raise Refused("the time is not ours")
        if not is_signed(given, self._account.token, timestamp, nonce):
            raise Refused("the signature is wrong")
