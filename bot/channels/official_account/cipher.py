"""The platform's envelope: AES-256-CBC around random, length, message and app id.

Source: the vendor's description of message encryption. The key is 43 characters of base64; some keys are
not canonical (spare low bits set), and are taken all the same.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.ciphers import Cipher as Aes
from cryptography.hazmat.primitives.ciphers import algorithms, modes

from bot.channels.official_account.refusals import Refused

KEY_CHARACTERS = 43
_PAD, _BLOCK, _SALT, _LENGTH = 32, 16, 16, 4


def key_of(text: str) -> bytes:
    """Give the 32 bytes of an EncodingAESKey. Raises ``ValueError``."""
    if len(text) != KEY_CHARACTERS:
        raise ValueError("an EncodingAESKey has 43 characters")
    return base64.b64decode(text + "=", validate=True)


class Envelope:
    """Seals with the first key and opens with any: one that was just replaced is in use for a while."""

    def __init__(self, keys: Sequence[str], app_id: str) -> None:
        self._keys = [key_of(key) for key in keys]
        self._app_id = app_id.encode()

    def seal(self, text: str, random: Callable[[int], bytes]) -> str:
        """Give the text in an envelope, as base64."""
        message = text.encode()
        whole = random(_SALT) + len(message).to_bytes(_LENGTH, "big") + message + self._app_id
        pad = _PAD - len(whole) % _PAD
        encryptor = _aes(self._keys[0]).encryptor()
        return base64.b64encode(encryptor.update(whole + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def open(self, sealed: str) -> str:
        """Give what is in the envelope. Raises ``Refused``. The signature is to be checked before."""
        try:
            data = base64.b64decode(sealed.encode("ascii"), validate=True)
        except (UnicodeEncodeError, binascii.Error) as error:
            raise Refused("the envelope is no base64") from error
        if not data or len(data) % _BLOCK:
            raise Refused("the envelope has the wrong size")
        for key in self._keys:
            message = self._opened(key, data)
            if message is not None:
                return message
        raise Refused("the envelope cannot be opened")

    def _opened(self, key: bytes, data: bytes) -> str | None:
        decryptor = _aes(key).decryptor()
        whole = decryptor.update(data) + decryptor.finalize()
        pad = whole[-1]
        if not 1 <= pad <= _PAD or len(whole) < pad or whole[-pad:] != bytes([pad]) * pad:
            return None
        body = whole[_SALT:-pad]
        length = int.from_bytes(body[:_LENGTH], "big")
        if len(body) < _LENGTH or length > len(body) - _LENGTH:
            return None
        message, app_id = body[_LENGTH : _LENGTH + length], body[_LENGTH + length :]
        if not hmac.compare_digest(app_id, self._app_id):
            return None
        try:
            return message.decode()
        except UnicodeDecodeError:
            return None


def _aes(key: bytes) -> Aes[modes.CBC]:
    return Aes(algorithms.AES(key), modes.CBC(key[:_BLOCK]))
