"""Takes messages in: refuses what is no message, commits the rest before anybody looks at it."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import replace

from sqlalchemy.engine import Connection

from bot.channels.base import Receipt
from bot.desk.errors import MessageError
from bot.desk.masking import mask
from bot.desk.messages import InboundMessage
from bot.desk.receipts import receipt_number
from bot.desk.turns import PendingTurn
from bot.gateway.pressure import Pressure
from bot.gateway.probes import Probe, no_probe
from bot.gateway.turns import Accepted, Incoming, accept
from bot.storage.conversations import Lease, Party
from bot.storage.database import Database
from bot.storage.secret import Secret

TEXT_LIMIT = 4000  # characters
NAME_LIMIT = 256  # characters of a message id or of a sender
_KEPT = "\n\t"


class Intake:
    """The way in.

    ``wish`` gives a fresh lease for each message; ``begin`` is told of a turn that is ours to work on;
    ``published`` gives the numbers that need no masking; ``clock`` is in seconds since the epoch.
    """

    def __init__(
        self,
        database: Database,
        secret: Secret,
        clock: Callable[[], float],
        wish: Callable[[], Lease],
        begin: Callable[[PendingTurn], None],
        pressure: Pressure,
        published: Callable[[], Collection[str]] = tuple,
        probe: Probe = no_probe,
    ) -> None:
        self._database = database
        self._secret = secret
        self._clock = clock
        self._wish = wish
        self._begin = begin
        self._pressure = pressure
        self._published = published
        self._probe = probe

    def party(self, channel: str, sender: str) -> Party:
        """Give the conversation's side that a sender of a channel is."""
        return Party(channel, self._secret.pseudonym(channel, sender), sender)

    def stamp(self, *parts: str) -> str:
        """Give a mark on these words that only this deployment can make."""
        return self._secret.stamp(*parts)

    async def accept(self, message: InboundMessage) -> Receipt:
        """Commit the message, then give its receipt. Raises ``MessageError`` and ``StorageError``."""
        message = check(message)
        self._probe("intake.begin")
        party = self.party(message.channel, message.sender)
        incoming = Incoming(
            party,
            message,
            masked=mask(message.text.strip(), self._published()),
            digest=self._secret.digest(message.kind, message.text),
        )
        with self._pressure.coming():
            accepted = await self._commit(incoming)
        if accepted.turn:
            self._begin(accepted.turn)
        if accepted.put.conflict:
            raise MessageError(
                "conflict",
                "the message id stands for another text",
                "这个消息编号已经用于另一条内容不同的消息。",
            )
        number = receipt_number(party.conversation, message.message_id)
        return Receipt(accepted.put.id, number, accepted.put.repeated)

    async def _commit(self, incoming: Incoming) -> Accepted:
        lease, now = self._wish(), self._clock()

        def work(connection: Connection) -> Accepted:
            accepted = accept(connection, incoming, lease, now)
            self._probe("intake.committing")
            return accepted

        accepted = await self._database.write(work, key=incoming.party.conversation, urgent=True)
        self._probe("intake.committed")
        return accepted


def check(message: InboundMessage) -> InboundMessage:
    """Give the message as it is stored. Raises ``MessageError`` when it is none."""
    if message.kind != "text" and message.answer is None:
        raise _not_text()
    text = message.text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > TEXT_LIMIT:
        told = f"消息太长,最多 {TEXT_LIMIT} 个字,请分几次发送。"
        raise MessageError("too_long", f"longer than {TEXT_LIMIT} characters", told)
    if not text.isprintable() and any(_is_binary(char) for char in text):
        raise _not_text()
    if not any(_is_visible(char) for char in text):
        raise MessageError("empty", "nothing to read in it", "消息是空的,请输入要问的问题。")
    for name in (message.message_id, message.sender):
        if not 0 < len(name) <= NAME_LIMIT or not name.isprintable():
            told = f"消息编号和会话编号应为 1 至 {NAME_LIMIT} 个可见字符。"
            raise MessageError("bad_id", "a message id or sender that cannot be stored", told)
    if not math.isfinite(message.sent_at):
        raise MessageError("bad_time", "sent_at is no moment", "消息的发送时间不对。")
    return replace(message, text=text) if text != message.text else message


def _not_text() -> MessageError:
    return MessageError("not_text", "not a text", "目前只能处理文字消息,请用文字描述您的问题。")


def _is_binary(char: str) -> bool:
    # Control characters and halves of surrogate pairs: no keyboard makes them, no database takes them all.
    return char not in _KEPT and unicodedata.category(char) in ("Cc", "Cs")


def _is_visible(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) not in ("Cf", "Cc", "Mn")
