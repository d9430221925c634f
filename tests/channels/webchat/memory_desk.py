"""A small Desk that keeps its books in memory, and in a file where it must outlive its process."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.channels.base import Channel, Delivery, DeliveryState, Receipt, TranscriptLine
from bot.desk.errors import MessageError, StorageError
from bot.desk.messages import InboundMessage, OutboundMessage, Outcome, QuickReply, Reply, TurnResult

Answer = Callable[[str], Sequence[Reply]]
LONGEST = 4000


def echo(text: str) -> Sequence[Reply]:
    """Answer a question with itself."""
    return (Reply(f"答:{text}", (QuickReply("再问", f"再问 {text}"),)),)


@dataclass
class Question:
    """One line of the inbox, with the replies that it got."""

    id: int
    message: InboundMessage
    replies: list[OutboundMessage] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)


class MemoryDesk:
    """Answers with a script, after a delay in seconds; ``down`` makes it as if the database were gone."""

    def __init__(self, answer: Answer = echo, delay: float = 0.0, journal: Path | None = None) -> None:
        self.answer = answer
        self.delay = delay
        self.down = False
        self.silent = False
        self.channel: Channel | None = None
        self.questions: list[Question] = []
        self.unasked: list[OutboundMessage] = []
        self.deliveries: list[tuple[int, Delivery]] = []
        self.acknowledgements: list[tuple[str, int]] = []
        self._next_reply = 0
        self._journal = journal
        self._tasks: set[asyncio.Task[None]] = set()
        if journal and journal.exists():
            self._replay(journal)

    async def accept(self, message: InboundMessage) -> Receipt:
        self._check(message)
        for known in self.questions:
            if (known.message.sender, known.message.message_id) == (message.sender, message.message_id):
                if known.message.text != message.text:
                    raise MessageError("conflict", "another text", "这条消息的编号已用于另一条消息。")
                return _receipt(known, repeated=True)
        question = Question(len(self.questions) + 1, message)
        self.questions.append(question)
        self._write(event="question", **{k: getattr(message, k) for k in _FIELDS})
        if not self.silent:
            self._start(self._turn(question))
        return _receipt(question, repeated=False)

    async def result(self, receipt: Receipt, timeout: float) -> TurnResult | None:
        question = self.questions[receipt.id - 1]
        try:
            await asyncio.wait_for(question.done.wait(), timeout)
        except asyncio.TimeoutError:
            return None
        return TurnResult(Outcome.ANSWERED, tuple(r.reply for r in question.replies))

    async def transcript(self, channel: str, sender: str, limit: int = 200) -> list[TranscriptLine]:
        self._reach()
        lines: list[TranscriptLine] = []
        for q in self.questions:
            if q.message.sender == sender:
                m = q.message
                lines.append(TranscriptLine(q.id, "enquirer", m.text, m.sent_at, "done", m.message_id))
                lines.extend(_line(reply) for reply in q.replies)
        lines.extend(_line(reply) for reply in self.unasked if reply.recipient == sender)
        return lines[-limit:]

    async def outgoing(self, channel: str, sender: str, after: int) -> list[OutboundMessage]:
        self._reach()
        replies = [r for q in self.questions for r in q.replies] + self.unasked
        found = [r for r in replies if r.recipient == sender and r.id > after]
        return sorted(found, key=lambda r: r.id)

    async def acknowledged(self, channel: str, sender: str, up_to: int) -> None:
        self._reach()
        self.acknowledgements.append((sender, up_to))

    async def answered(self, receipt: Receipt) -> None:
        self._reach()

    async def say(self, sender: str, text: str, author: str = "staff") -> Delivery:
        """Write to the enquirer without having been asked, as staff do."""
        reply = self._reply(sender, Reply(text), None, author)
        self.unasked.append(reply)
        self._write(event="unasked", id=reply.id, sender=sender, text=text, author=author, at=reply.at)
        return await self._deliver(reply)

    async def close(self) -> None:
        """End what is still being answered."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _turn(self, question: Question) -> None:
        await asyncio.sleep(self.delay)
        message = question.message
        for answer in self.answer(message.text):
            question.replies.append(self._reply(message.sender, answer, message.message_id, "bot"))
        self._write(event="answers", question=question.id, replies=[_kept(r) for r in question.replies])
        question.done.set()
        for reply in question.replies:
            await self._deliver(reply)

    def _reply(self, sender: str, reply: Reply, in_reply_to: str | None, author: str) -> OutboundMessage:
        self._next_reply += 1
        return OutboundMessage(self._next_reply, "webchat", sender, reply, in_reply_to, author, time.time())

    async def _deliver(self, reply: OutboundMessage) -> Delivery:
        delivery = Delivery(DeliveryState.WAITING)
        if self.channel:
            delivery = await self.channel.deliver(reply)
        self.deliveries.append((reply.id, delivery))
        return delivery

    def _check(self, message: InboundMessage) -> None:
        self._reach()
        if not message.text.strip():
            raise MessageError("empty", "empty", "消息是空的。")
        if len(message.text) > LONGEST:
            raise MessageError("too_long", "too long", f"一次最多发送{LONGEST}字,请分几次发送。")

    def _reach(self) -> None:
        if self.down:
            raise StorageError("the database is gone", "数据库连不上")

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _write(self, **record: Any) -> None:
        if self._journal:
            with self._journal.open("a", encoding="utf-8") as file:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def _replay(self, journal: Path) -> None:
        for line in journal.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            event = record.pop("event")
            if event == "question":
                self.questions.append(Question(len(self.questions) + 1, InboundMessage(**record)))
            elif event == "answers":
                question = self.questions[record["question"] - 1]
                for number, text, buttons, at in record["replies"]:
                    reply = Reply(text, tuple(QuickReply(*b) for b in buttons))
                    m = question.message
                    question.replies.append(
                        OutboundMessage(number, "webchat", m.sender, reply, m.message_id, "bot", at)
                    )
                    self._next_reply = max(self._next_reply, number)
                question.done.set()
            else:
                self.unasked.append(
                    OutboundMessage(
                        record["id"],
                        "webchat",
                        record["sender"],
                        Reply(record["text"]),
                        author=record["author"],
                        at=record["at"],
                    )
                )
                self._next_reply = max(self._next_reply, record["id"])

    def resume(self) -> None:
        """Answer what was accepted before the last end and not answered."""
        for question in self.questions:
            if not question.done.is_set():
                self._start(self._turn(question))


_FIELDS = ("channel", "message_id", "sender", "kind", "text", "sent_at")


def _receipt(question: Question, repeated: bool) -> Receipt:
    return Receipt(question.id, f"T{question.id:06d}", repeated)


def _kept(message: OutboundMessage) -> list[Any]:
    buttons = [[b.title, b.payload] for b in message.reply.quick_replies]
    return [message.id, message.reply.text, buttons, message.at]


def _line(reply: OutboundMessage) -> TranscriptLine:
    buttons = reply.reply.quick_replies
    return TranscriptLine(
        reply.id, reply.author, reply.reply.text, reply.at or 0.0, "waiting", reply.in_reply_to, buttons
    )
