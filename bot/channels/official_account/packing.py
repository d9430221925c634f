"""How replies become messages of the platform: as text, and several in one where messages are counted."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.channels.official_account.links import DAYS
from bot.channels.official_account.texts import Texts
from bot.channels.official_account.xml import clean
from bot.desk.messages import OutboundMessage, Reply
from bot.desk.splitting import LIMIT, split

STAFF = "staff"
# Gives the link to the replies from the first to the last of two ids.
LinkTo = Callable[[int, int], str]


def size(text: str) -> int:
    """Measure a text as the platform does: bytes of UTF-8."""
    return len(text.encode("utf-8", "replace"))


def worded(message: OutboundMessage, texts: Texts) -> str:
    """Give the message as one text: whose it is, what it says, and what can be asked next."""
    text = clean(message.reply.text)
    if message.author == STAFF and not message.carries:
        text = _fitting(texts.say("staff", text=text), text)
    choices = [
        b.payload for b in message.reply.quick_replies if b.title not in text and b.payload not in text
    ]
    if not choices:
        return text
    return _fitting(f"{text}\n{texts.say('suggestions', choices=' / '.join(map(clean, choices)))}", text)


def packed(
    waiting: Sequence[OutboundMessage], most: int, texts: Texts, link_to: LinkTo | None = None
) -> OutboundMessage:
    """Give what goes out next when at most ``most`` more messages may: as few as needed are joined.

    What does not go into the last message that may go out is linked there (``link_to``). Without links, and
    where staff wrote it, it waits for the recipient's next message, and the last one says so.
    """
    if len(waiting) <= most:
        return waiting[0]
    if most <= 1 and link_to and (message := _linked(waiting, texts, link_to)):
        return message
    limit, more = LIMIT, ""
    if most <= 1 and _joined(waiting, LIMIT, texts)[0] < len(waiting):
        more = f"\n{texts.say('more')}"
        limit = LIMIT - size(more)
    count, text = _joined(waiting, limit, texts)
    if size(text) > limit:
        more = ""  # the first is as large as can be, and says nothing of what follows
    last = waiting[count - 1]
    return replace(
        waiting[0],
        reply=Reply(text + more, last.reply.quick_replies if not more else ()),
        in_reply_to=last.in_reply_to,
        carries=tuple(message.id for message in waiting[:count]),
    )


def _linked(waiting: Sequence[OutboundMessage], texts: Texts, link_to: LinkTo) -> OutboundMessage | None:
    """Give a message with what fits of the bot's replies and a link to the rest; ``None``: all of it fits."""
    ours = list(itertools.takewhile(lambda message: message.author != STAFF, waiting))
    if not ours or _joined(ours, LIMIT, texts)[0] == len(ours):
        return None
    last = ours[-1]
    limit = LIMIT - size(_rest(texts, link_to(last.id, last.id)))
    count, text = _joined(ours, limit, texts)
    first = ours[count] if count < len(ours) else last
    if size(text) > limit:
        # The first alone is too long beside the link: its beginning is told, and the page has it whole.
        text, first = split(text, limit)[0], ours[0]
    return replace(
        ours[0],
        reply=Reply(text + _rest(texts, link_to(first.id, last.id))),
        in_reply_to=last.in_reply_to,
        carries=tuple(message.id for message in ours),
    )


def _rest(texts: Texts, link: str) -> str:
    return f"\n{texts.say('rest', link=link, days=DAYS)}"


def _joined(waiting: Sequence[OutboundMessage], limit: int, texts: Texts) -> tuple[int, str]:
    """Give how many of the first fit into one message, and that message's text. One always goes."""
    text = _plain(waiting[0], texts)
    for count, message in enumerate(waiting[1:], 1):
        longer = f"{text}\n\n{_plain(message, texts)}"
        if size(longer) > limit:
            return count, text
        text = longer
    return len(waiting), text


def _plain(message: OutboundMessage, texts: Texts) -> str:
    return worded(replace(message, reply=Reply(message.reply.text)), texts)


def _fitting(text: str, otherwise: str) -> str:
    return text if size(text) <= LIMIT else otherwise
