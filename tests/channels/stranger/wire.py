"""A platform's side written from its description alone: raw HTTP, its own signatures, its own envelope.

It shares nothing with the product nor with the other tests, so that a misreading is not made twice.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import itertools
import re
import secrets
import struct
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode
from xml.dom import minidom

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

TOKEN = "Zx9tokenOfStranger"
APP_ID = "wxf00dfeedbeef0001"
APP_SECRET = "s3cretOfTheStranger0123456789abcd"
KEY = "R7m2kQ8fWb3nZ5xT1vY6cJ4hL0pD9sGaEuIoXyBwMNr"  # not canonical: the spare bits are set
MODES = ("plain", "compatible", "secure", "yixin")
_numbers = itertools.count(secrets.randbelow(1 << 40) + (1 << 61))
_lock = threading.Lock()


def fresh() -> int:
    """Give a message number that no other message has, above what a float can tell apart."""
    with _lock:
        return next(_numbers)


def sha(*words: str) -> str:
    """Give the platform's signature over some words."""
    return hashlib.sha1(b"".join(sorted(word.encode() for word in words))).hexdigest()


def aes(key: str = KEY) -> Cipher:
    """Give the cipher of an EncodingAESKey."""
    raw = base64.b64decode(key + "=")
    return Cipher(AES(raw), CBC(raw[:16]))


def encrypt(clear: bytes, app_id: str = APP_ID, key: str = KEY, length: int | None = None) -> str:
    """Seal; ``length`` lies about the size of what is inside."""
    size = len(clear) if length is None else length
    packer = padding.PKCS7(256).padder()
    whole = secrets.token_bytes(16) + struct.pack(">I", size) + clear + app_id.encode()
    padded = packer.update(whole) + packer.finalize()
    return raw_encrypt(padded, key)


def raw_encrypt(padded: bytes, key: str = KEY) -> str:
    """Seal what is padded already."""
    worker = aes(key).encryptor()
    return base64.b64encode(worker.update(padded) + worker.finalize()).decode()


def decrypt(sealed: str) -> bytes:
    """Open, strictly: the padding, the length and the app id must be right."""
    worker = aes().decryptor()
    padded = worker.update(base64.b64decode(sealed, validate=True)) + worker.finalize()
    unpacker = padding.PKCS7(256).unpadder()
    whole = unpacker.update(padded) + unpacker.finalize()
    (size,) = struct.unpack(">I", whole[16:20])
    assert whole[20 + size :].decode() == APP_ID
    return whole[20 : 20 + size]


@dataclass(frozen=True)
class Heard:
    """What came back on a push. ``text`` is the passive reply that a user would be shown, if there is one."""

    status: int
    body: bytes
    kind: str
    seconds: float
    text: str | None = None
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def acknowledged(self) -> bool:
        """Whether the platform takes the push for done."""
        return self.status == 200 and (self.text is not None or self.body in (b"success", b""))


@dataclass(frozen=True)
class Push:
    """One push as it goes over the line, again and again if need be."""

    query: list[tuple[str, str]]
    body: bytes

    def with_query(self, **changes: str | None) -> Push:
        """Give the push with parameters changed, or left out."""
        kept = [(name, value) for name, value in self.query if name not in changes]
        added = [(name, value) for name, value in changes.items() if value is not None]
        return Push(kept + added, self.body)


class Wire:
    """The platform in one mode, talking to one gateway."""

    def __init__(self, mode: str, port: int) -> None:
        self.mode = mode
        self.port = port
        self.path = "/yixin" if mode == "yixin" else "/wechat"
        self.account = "7d1c0b5e2f3a49c8b6d4e0f1a2938475" if mode == "yixin" else "gh_57ra9ge42"

    @property
    def sealed(self) -> bool:
        """Whether this mode has envelopes."""
        return self.mode in ("compatible", "secure")

    def xml(self, user: str, kind: str, created: int | None = None, **fields: str) -> bytes:
        """Give the clear text of a push; values go in as they stand, in CDATA unless they are numbers."""
        parts = {"ToUserName": self.account, "FromUserName": user}
        parts |= {"CreateTime": str(created or int(time.time())), "MsgType": kind, **fields}
        inner = "".join(f"<{name}>{_value(name, value)}</{name}>" for name, value in parts.items())
        return f"<xml>{inner}</xml>".encode()

    def sign(self, stamp: str | None = None, nonce: str | None = None) -> dict[str, str]:
        """Give the parameters that every request has."""
        stamp, nonce = stamp or str(int(time.time())), nonce or str(secrets.randbelow(10**10))
        return {"signature": sha(TOKEN, stamp, nonce), "timestamp": stamp, "nonce": nonce}

    def wrap(self, clear: bytes, stamp: str | None = None, nonce: str | None = None, user: str = "") -> Push:
        """Give the push of a clear text in this mode."""
        query = {**self.sign(stamp, nonce), "openid": user}
        if not self.sealed:
            return Push(list(query.items()), clear)
        return self.enclose(encrypt(clear), clear, query)

    def enclose(self, sealed: str, clear: bytes = b"", query: dict[str, str] | None = None) -> Push:
        """Give the push of an envelope; the envelope may be a bad one."""
        query = query or {**self.sign(), "openid": ""}
        query = {**query, "encrypt_type": "aes"}
        query["msg_signature"] = sha(TOKEN, query["timestamp"], query["nonce"], sealed)
        envelope = f"<Encrypt><![CDATA[{sealed}]]></Encrypt>".encode()
        if self.mode == "compatible" and clear.endswith(b"</xml>"):
            return Push(list(query.items()), clear[: -len(b"</xml>")] + envelope + b"</xml>")
        head = f"<xml><ToUserName><![CDATA[{self.account}]]></ToUserName>".encode()
        return Push(list(query.items()), head + envelope + b"</xml>")

    def text(self, user: str, content: str, number: int | None = None, created: int | None = None) -> Push:
        """Give the push of a text."""
        return self.wrap(
            self.xml(user, "text", created, Content=content, MsgId=str(number or fresh())), user=user
        )

    def event(self, user: str, name: str, created: int | None = None, **fields: str) -> Push:
        """Give the push of an event."""
        return self.wrap(self.xml(user, "event", created, Event=name, **fields), user=user)

    def send(self, push: Push, seconds: float = 5.0, chunks: Iterable[bytes] | None = None) -> Heard:
        """Push once; whoever does not answer in time raises ``TimeoutError``."""
        body = push.body if chunks is None else chunks
        heard = self.request("POST", push.query, body, seconds)
        return heard if heard.status != 200 or heard.body in (b"success", b"") else self._read(heard)

    def verify(self, echo: str, **changes: str | None) -> Heard:
        """Ask for the verification of the address."""
        push = Push([*self.sign().items(), ("echostr", echo)], b"").with_query(**changes)
        return self.request("GET", push.query, None, 5.0)

    def request(
        self,
        method: str,
        query: list[tuple[str, str]],
        body: bytes | Iterable[bytes] | None,
        seconds: float,
        under: str = "",
    ) -> Heard:
        """Make a request and read the answer; ``under`` is behind the path."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        began = time.monotonic()
        try:
            chunked = body is not None and not isinstance(body, bytes)
            headers = {"Content-Type": "text/xml"} | ({"Transfer-Encoding": "chunked"} if chunked else {})
            line.request(
                method, f"{self.path}{under}?{urlencode(query)}", body, headers, encode_chunked=chunked
            )
            answer = line.getresponse()
            raw = answer.read()
            kind = answer.headers.get("Content-Type", "")
            return Heard(answer.status, raw, kind, time.monotonic() - began)
        finally:
            line.close()

    def _read(self, heard: Heard) -> Heard:
        """Read a passive reply as strictly as a platform can."""
        fields = _fields(heard.body)
        if self.sealed:
            assert set(fields) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
            words = (TOKEN, fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
            assert fields["MsgSignature"] == sha(*words)
            fields = _fields(decrypt(fields["Encrypt"]))
        assert set(fields) == {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"}
        assert fields["FromUserName"] == self.account
        assert fields["MsgType"] == "text"
        assert abs(int(fields["CreateTime"]) - time.time()) < 60
        assert 0 < len(fields["Content"].encode()) <= 2048
        return Heard(heard.status, heard.body, heard.kind, heard.seconds, fields["Content"], fields)


def _value(name: str, value: str) -> str:
    if re.fullmatch(r"\d+", value) and name in ("CreateTime", "MsgId", "MsgID"):
        return value
    return value if value.startswith("<") else f"<![CDATA[{value}]]>"


def _fields(raw: bytes) -> dict[str, str]:
    document = minidom.parseString(raw)
    root = document.documentElement
    assert root is not None
    assert root.tagName == "xml"
    return {
        child.tagName: "".join(node.data for node in child.childNodes)
        for child in root.childNodes
        if child.nodeType == child.ELEMENT_NODE
    }
