"""Pictures that users send: fetched from the platform, looked at, and kept for staff."""

from __future__ import annotations

import asyncio
import logging

from bot.channels.base import Desk, Receipt
from bot.channels.official_account.api import Api
from bot.channels.official_account.calls import ApiError, Unreachable
from bot.desk.errors import StorageError

log = logging.getLogger(__name__)

LIMIT = 5 << 20
"""Bytes of a picture that is kept."""
PAUSES = (1.0, 5.0, 25.0)  # seconds before each further attempt; the platform keeps it for three days
AT_ONCE = 4
_BEGINNINGS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def kind_of(content: bytes) -> str | None:
    """Give the media type by what is inside; what the platform says of it is not believed."""
    return next((kind for start, kind in _BEGINNINGS.items() if content.startswith(start)), None)


class Pictures:
    """Fetches the pictures of one account, a few at a time."""

    def __init__(self, api: Api, desk: Desk) -> None:
        self._api = api
        self._desk = desk
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def keep(self, receipt: Receipt, media: str) -> None:
        """Fetch and keep the picture of a message; never raises, for nobody waits for it."""
        for pause in (*PAUSES, None):
            try:
                async with self._slots:
                    await self._keep(receipt, await self._api.media(media, LIMIT))
                return
            except ApiError as error:
                log.warning("the picture of message %d cannot be had: %s", receipt.id, error)
                return
            except (Unreachable, StorageError) as error:
                log.info("the picture of message %d did not come: %s", receipt.id, error)
            if pause is not None:
                await asyncio.sleep(pause)

    async def _keep(self, receipt: Receipt, content: bytes | None) -> None:
        kind = kind_of(content) if content else None
        if content is None or kind is None:
            log.warning("the picture of message %d is too large, or none", receipt.id)
        else:
            await self._desk.keep_picture(receipt, kind, content)
