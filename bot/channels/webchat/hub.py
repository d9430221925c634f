"""Who is connected: the open pages of each browser, and the replies that wait for a page's word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from weakref import WeakValueDictionary

from aiohttp import web

from bot.channels.webchat import protocol
from bot.desk.messages import OutboundMessage


class Link:
    """One open page. ``highest`` is the highest reply id that was handed to it."""

    def __init__(
        self, socket: web.WebSocketResponse, sender: str, cut: Callable[[], None], write_within: float
    ) -> None:
        self.sender = sender
        self.highest = 0
        self.greeted = False
        self._socket = socket
        self._cut = cut
        self._write_within = write_within

    async def put(self, frame: protocol.Frame) -> bool:
        """Write a frame. Gives ``False`` when the page is gone or does not read."""
        try:
            await asyncio.wait_for(self._socket.send_str(protocol.dump(frame)), self._write_within)
        except (ConnectionError, RuntimeError):  # aiohttp says so of a closing socket
            return False
        except asyncio.TimeoutError:
            self._cut()
            return False
        return True

    async def put_reply(self, message: OutboundMessage, at: float) -> bool:
        """Write a reply. A page that was not welcomed yet fetches it right after."""
        if not self.greeted:
            return False
        self.highest = max(self.highest, message.id)
        return await self.put(protocol.reply(message, at))

    async def close(self, code: int) -> None:
        """End the line, politely if the page still listens."""
        try:
            await asyncio.wait_for(self._socket.close(code=code), self._write_within)
        except asyncio.TimeoutError:
            self._cut()


class Hub:
    """The open pages by sender."""

    def __init__(self, pages_per_session: int) -> None:
        self._most = pages_per_session
        self._links: dict[str, list[Link]] = {}
        self._waiting: dict[str, list[tuple[int, asyncio.Future[bool]]]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def turn(self, sender: str) -> asyncio.Lock:
        """Give what is held while a message is taken in: no page is to get a reply before its question."""
        return self._turns.setdefault(sender, asyncio.Lock())

    def join(self, link: Link) -> Link | None:
        """Add a page. Gives the oldest page when there are now too many; it is to be closed."""
        links = self._links.setdefault(link.sender, [])
        links.append(link)
        return links.pop(0) if len(links) > self._most else None

    def leave(self, link: Link) -> None:
        """Remove a page. With the last one, nobody is left to acknowledge."""
        links = self._links.get(link.sender, [])
        if link in links:
            links.remove(link)
        if not links:
            self._links.pop(link.sender, None)
            _settle([future for _, future in self._waiting.pop(link.sender, [])], False)

    def links(self, sender: str) -> tuple[Link, ...]:
        """Give the open pages of a sender."""
        return tuple(self._links.get(sender, ()))

    def everyone(self) -> tuple[Link, ...]:
        """Give all open pages."""
        return tuple(link for links in self._links.values() for link in links)

    async def tell(self, sender: str, frame: protocol.Frame, but: Link | None = None) -> None:
        """Write a frame to all pages of a sender, except one."""
        links = [link for link in self.links(sender) if link is not but]
        await asyncio.gather(*(link.put(frame) for link in links))

    def expect(self, sender: str, reply: int) -> asyncio.Future[bool]:
        """Wait for a page to show a reply: ``False`` when the last page went without a word."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        open_ones = [pair for pair in self._waiting.get(sender, ()) if not pair[1].done()]
        self._waiting[sender] = [*open_ones, (reply, future)]
        return future

    def acknowledge(self, sender: str, up_to: int) -> None:
        """A page shows every reply up to this id."""
        waiting = self._waiting.pop(sender, [])
        _settle([future for reply, future in waiting if reply <= up_to], True)
        left = [pair for pair in waiting if not pair[1].done()]
        if left:
            self._waiting[sender] = left


def _settle(futures: list[asyncio.Future[bool]], shown: bool) -> None:
    for future in futures:
        if not future.done():
            future.set_result(shown)
