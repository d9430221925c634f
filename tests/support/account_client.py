"""The platform's side of the line, written from its documents and without our code: signs, seals, pushes."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import os
import time
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.support.platform import APP_ID, APP_SECRET

TOKEN = "aToken0123456789"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT = "gh_0123456789ab"
PATHS = {"plain": "/wechat", "compatible": "/wechat", "secure": "/wechat", "yixin": "/yixin"}
MODES = tuple(PATHS)
_numbers = itertools.count(23_000_000_000_000_000)


def environment(mode: str, api: str, **more: str) -> dict[str, str]:
    """Give the settings of a gateway for a mode (``yixin`` is one) and the address of a platform's API."""
    if mode == "yixin":
        named = {"TOKEN": TOKEN, "APP_ID": APP_ID, "APP_SECRET": APP_SECRET, "API": api}
        return {"BOT_CHANNELS": "rest,yixin", **{f"BOT_YIXIN_{k}": v for k, v in named.items()}, **more}
    named = {"MODE": mode, "TOKEN": TOKEN, "APP_ID": APP_ID, "APP_SECRET": APP_SECRET, "API": api}
    named["AES_KEY"] = AES_KEY
    return {"BOT_CHANNELS": "rest,wechat", **{f"BOT_WECHAT_{k}": v for k, v in named.items()}, **more}


def sign(*words: str) -> str:
    """Give a signature."""
    return hashlib.sha1("".join(sorted(words)).encode()).hexdigest()


def seal(text: str, key: str = AES_KEY, app_id: str = APP_ID) -> str:
    """Put a text in an envelope."""
    raw = text.encode()
    whole = os.urandom(16) + len(raw).to_bytes(4, "big") + raw + app_id.encode()
    pad = 32 - len(whole) % 32
    encryptor = _cipher(key).encryptor()
    return base64.b64encode(encryptor.update(whole + bytes([pad]) * pad) + encryptor.finalize()).decode()


def unseal(text: str, key: str = AES_KEY) -> str:
    """Take a text out of its envelope."""
    decryptor = _cipher(key).decryptor()
    whole = decryptor.update(base64.b64decode(text)) + decryptor.finalize()
    body = whole[16 : -whole[-1]]
    length = int.from_bytes(body[:4], "big")
    assert body[4 + length :].decode() == APP_ID
    return body[4 : 4 + length].decode()


def _cipher(key: str) -> Any:
    raw = base64.b64decode(key + "=")
    return Cipher(algorithms.AES(raw), modes.CBC(raw[:16]))


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def number() -> str:
    """Give a message id that was not given before."""
    return str(next(_numbers))


@dataclass
class Pushed:
    """One push as it stands on the wire; pushed again it is the same, or sealed anew."""

    query: dict[str, str]
    body: str


@dataclass(frozen=True)
class Answer:
    """What came back: the HTTP status, the raw body, and the text of a passive reply if it is one."""

    status: int
    raw: str
    text: str | None
    fields: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class Client:
    """Pushes to one gateway. ``session`` is an aiohttp (test) client, ``base`` the gateway's address."""

    session: Any
    mode: str
    base: str = ""

    @property
    def path(self) -> str:
        """The address that pushes go to."""
        return self.base + PATHS[self.mode]

    def xml(self, sender: str, kind: str, created: int | None = None, **fields: Any) -> str:
        """Give the clear XML of a push."""
        common = {"ToUserName": ACCOUNT, "FromUserName": sender, "CreateTime": created or int(time.time())}
        told = "".join(
            f"<{name}>{value}</{name}>" if isinstance(value, int) else f"<{name}>{_cdata(value)}</{name}>"
            for name, value in {**common, "MsgType": kind, **fields}.items()
        )
        return f"<xml>{told}</xml>"

    def wrap(
        self, clear: str, timestamp: str | None = None, nonce: str | None = None, sender: str = ""
    ) -> Pushed:
        """Sign a push, and seal it where the mode has it so."""
        timestamp, nonce = timestamp or str(int(time.time())), nonce or os.urandom(5).hex()
        query = {"signature": sign(TOKEN, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        if sender:
            query["openid"] = sender
        if self.mode in ("plain", "yixin"):
            return Pushed(query, clear)
        sealed = seal(clear)
        query |= {"encrypt_type": "aes", "msg_signature": sign(TOKEN, timestamp, nonce, sealed)}
        envelope = f"<Encrypt><![CDATA[{sealed}]]></Encrypt>"
        if self.mode == "compatible":
            return Pushed(query, clear.replace("</xml>", f"{envelope}</xml>"))
        return Pushed(query, f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>{envelope}</xml>")

    def text(self, sender: str, text: str, message_id: str | None = None, **more: Any) -> Pushed:
        """Give a push of a text."""
        clear = self.xml(sender, "text", Content=text, MsgId=int(message_id or number()), **more)
        return self.wrap(clear, sender=sender)

    def event(self, sender: str, name: str, created: int | None = None, **fields: Any) -> Pushed:
        """Give a push of an event."""
        return self.wrap(self.xml(sender, "event", created, Event=name, **fields), sender=sender)

    async def push(self, pushed: Pushed, seconds: float = 5.0) -> Answer:
        """Push once, as the platform does: it hangs up after five seconds (``asyncio.TimeoutError``)."""
        began = time.monotonic()
        return await asyncio.wait_for(self._post(pushed, began), seconds)

    async def _post(self, pushed: Pushed, began: float) -> Answer:
        headers = {"Content-Type": "text/xml"}
        body = pushed.body.encode()
        async with self.session.post(self.path, params=pushed.query, data=body, headers=headers) as response:
            raw = (await response.read()).decode()
            spent = time.monotonic() - began
            return self.read(response.status, raw, spent)

    async def ask(self, sender: str, text: str, message_id: str | None = None) -> Answer:
        """Push a text."""
        return await self.push(self.text(sender, text, message_id))

    def read(self, status: int, raw: str, seconds: float = 0.0) -> Answer:
        """Read an answer as the platform does."""
        if status != 200 or raw in ("", "success") or not raw.startswith("<xml>"):
            return Answer(status, raw, None, {}, seconds)
        fields = {part.tag: part.text or "" for part in ElementTree.fromstring(raw)}
        if self.mode in ("compatible", "secure"):
            words = (TOKEN, fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
            assert fields["MsgSignature"] == sign(*words)
            clear = unseal(fields["Encrypt"])
            fields = {part.tag: part.text or "" for part in ElementTree.fromstring(clear)}
        assert fields["MsgType"] == "text"
        assert fields["FromUserName"] == ACCOUNT
        assert int(fields["CreateTime"]) > 0
        assert len(fields["Content"].encode()) <= 2048
        return Answer(status, raw, fields["Content"], fields, seconds)
