"""The frames of the web chat's WebSocket: what they mean, how they are read and how they are written.

Every frame is one JSON object in one text frame and has a ``type``. Times are seconds since the epoch, UTC.
A frame that cannot be read is answered with ``error`` and changes nothing; the session goes on.

From the browser:

``hello {session?, after}``
    Comes first. ``session`` is the browser's secret, 64 hexadecimal digits, left out on first contact.
    ``after`` is the highest reply id that the page shows: 0 for a page just opened.
``send {message_id, text}``
    The browser keeps the message, and sends it again under the same id, until it is accepted or refused
    for good. ``message_id`` is 16 to 64 characters of ``A-Z a-z 0-9 _ -``.
``ack {up_to}``
    The page shows every reply up to this id.
``ping {}``
    Sent while nothing else is said; answered with ``pong``, and with replies the page may have missed.

To the browser:

``welcome {session, history, cut, notice}``
    ``history`` is the conversation from the first line that the page does not show, oldest first; a line is
    ``{id, author, text, at, message_id, quick_replies}``. ``cut`` tells that there are older lines that are
    not sent. ``notice`` is a sentence for the notice bar or null.
``accepted {message_id, receipt, at}``
    The message stands in the inbox under the number ``receipt``; a repeat gets the same number again.
``refused {message_id, code, message, retry_in}``
    The message was not taken. ``retry_in`` is in seconds; null means that sending it again is of no use.
``reply {id, text, quick_replies, in_reply_to, author, at}``
    A line to the enquirer; ``author`` is ``bot`` or ``staff``. The same id always is the same reply: a page
    shows it once, and acknowledges it each time.
``said {message_id, text, at}``
    Another page of the same browser sent this.
``missed {history}``
    Lines that the page should have been given before, as in ``welcome``.
``typing {on}``
    An answer is being worked on, or no longer is.
``pong {}``
``error {code, message}``
    Something was wrong that belongs to no message. ``bad_session`` asks for a ``hello`` without one.

The server closes with 4001 when no ``hello`` came, 4008 when the session is open in too many pages (the page
must not come back by itself), 1001 when it stops, and 1013 when the database cannot be reached.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.base import TranscriptLine
from bot.desk.errors import DeskError
from bot.desk.messages import OutboundMessage, QuickReply

NO_HELLO = 4001
DISPLACED = 4008
STOPPING = 1001
TRY_LATER = 1013

Frame = dict[str, Any]

_SESSION = re.compile(r"[0-9a-f]{64}")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
_LARGEST_ID = 2**63 - 1
# Line feed and tab are text; the other control characters no one types, and databases refuse some.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class FrameError(DeskError):
    """A frame cannot be read; ``code`` names the reason, ``message_id`` the message it would have been."""

    def __init__(self, code: str, message: str, message_id: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message_id = message_id


@dataclass(frozen=True)
class Hello:
    """A page presents itself."""

    session: str | None = field(repr=False)
    after: int


@dataclass(frozen=True)
class Send:
    """The enquirer says something."""

    message_id: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Ack:
    """The page shows the replies up to this id."""

    up_to: int


@dataclass(frozen=True)
class Ping:
    """The page asks whether the line stands."""


Said = Hello | Send | Ack | Ping


def parse(raw: str) -> Said:
    """Read one frame from the browser. Raises ``FrameError``."""
    try:
        frame = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise FrameError("malformed", "not JSON") from error
    if not isinstance(frame, dict):
        raise FrameError("malformed", "not a JSON object")
    reader = _READERS.get(str(frame.get("type")))
    if reader is None:
        raise FrameError("unknown_type", "unknown type of frame")
    return reader(frame)


def _hello(frame: Frame) -> Hello:
    session = frame.get("session")
    if session is not None and not (isinstance(session, str) and _SESSION.fullmatch(session)):
        raise FrameError("bad_session", "the session is not 64 hexadecimal digits")
    return Hello(session, _id(frame.get("after", 0)))


def _send(frame: Frame) -> Send:
    message_id = frame.get("message_id")
    if not (isinstance(message_id, str) and _MESSAGE_ID.fullmatch(message_id)):
        raise FrameError("malformed", "the message has no proper id")
    text = frame.get("text")
    if not isinstance(text, str) or not _encodable(text):
        raise FrameError("not_text", "the text is not text", message_id)
    return Send(message_id, _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def _ack(frame: Frame) -> Ack:
    return Ack(_id(frame.get("up_to")))


def _ping(frame: Frame) -> Ping:
    return Ping()


_READERS: dict[str, Callable[[Frame], Said]] = {"hello": _hello, "send": _send, "ack": _ack, "ping": _ping}


def _id(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST_ID:
        raise FrameError("malformed", "not an id")
    return value


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def dump(frame: Frame) -> str:
    """Give a frame as it goes over the line."""
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def welcome(session: str, history: Sequence[TranscriptLine], cut: bool, notice: str | None) -> Frame:
    """Greet a page with what it does not show yet."""
    lines = [_line(line) for line in history]
    return {"type": "welcome", "session": session, "history": lines, "cut": cut, "notice": notice}


def unseen(lines: Sequence[TranscriptLine], after: int) -> Sequence[TranscriptLine]:
    """Give the lines behind the last reply that the page shows."""
    shown = (n for n, line in enumerate(lines, 1) if line.author != "enquirer" and line.id <= after)
    return lines[max(shown, default=0) :]


def missed(history: Sequence[TranscriptLine]) -> Frame:
    """Give lines that passed a page by."""
    return {"type": "missed", "history": [_line(line) for line in history]}


def accepted(message_id: str, receipt: str, at: float) -> Frame:
    """Tell that a message stands in the inbox."""
    return {"type": "accepted", "message_id": message_id, "receipt": receipt, "at": at}


def refused(message_id: str, code: str, message: str, retry_in: float | None = None) -> Frame:
    """Tell that a message was not taken."""
    return {
        "type": "refused",
        "message_id": message_id,
        "code": code,
        "message": message,
        "retry_in": retry_in,
    }


def reply(message: OutboundMessage, at: float) -> Frame:
    """Give a reply to the enquirer; ``at`` stands in where the reply has no time of its own."""
    return {
        "type": "reply",
        "id": message.id,
        "text": message.reply.text,
        "quick_replies": _buttons(message.reply.quick_replies),
        "in_reply_to": message.in_reply_to,
        "author": message.author,
        "at": at if message.at is None else message.at,
    }


def said(message_id: str, text: str, at: float) -> Frame:
    """Tell the other pages of a browser what this one sent."""
    return {"type": "said", "message_id": message_id, "text": text, "at": at}


def typing(on: bool) -> Frame:
    """Tell whether an answer is being worked on."""
    return {"type": "typing", "on": on}


def pong() -> Frame:
    """Answer a ``ping``."""
    return {"type": "pong"}


def error(code: str, message: str) -> Frame:
    """Tell what was wrong with a frame or with the line."""
    return {"type": "error", "code": code, "message": message}


def _line(line: TranscriptLine) -> Frame:
    return {
        "id": line.id,
        "author": line.author,
        "text": line.text,
        "at": line.at,
        "message_id": line.message_id,
        "quick_replies": _buttons(line.quick_replies),
    }


def _buttons(replies: Sequence[QuickReply]) -> list[Frame]:
    return [{"title": r.title, "payload": r.payload} for r in replies]
