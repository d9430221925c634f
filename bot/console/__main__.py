"""``python -m bot.console``: runs the staff console until SIGINT or SIGTERM."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import sys

from aiohttp import web

from bot.console.service import Console
from bot.console.words import read_words
from bot.desk.errors import CatalogueError, DeskError, SettingsError, StorageError
from bot.settings import Settings, read_settings

log = logging.getLogger("bot.console")

FAILED, BAD_SETTINGS, PORT_TAKEN, NO_DATABASE, BAD_CATALOGUE = 1, 2, 3, 4, 5
LAST_REQUESTS = 3.0  # seconds that requests under way may take when the console is told to stop


class PortTaken(DeskError):
    """The address to listen on cannot be had."""


def main() -> int:
    """Run the console and give the exit code: 0 stopped, 2 settings, 3 port, 4 database, 5 catalogue."""
    try:
        settings = read_settings()
        logging.basicConfig(
            level=settings.log_level,
            format="%(asctime)s %(levelname)s %(name)s: %(message)s",
            stream=sys.stderr,
        )
        for chatty in ("alembic", "watchfiles", "bot.console.access"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        console = Console(settings)
        console.open()
        asyncio.run(serve(console))
    except DeskError as error:
        print(error.for_reader, file=sys.stderr)
        log.debug("%s", error)
        codes = {SettingsError: BAD_SETTINGS, PortTaken: PORT_TAKEN, StorageError: NO_DATABASE}
        return {**codes, CatalogueError: BAD_CATALOGUE}.get(type(error), FAILED)
    return 0


async def serve(console: Console) -> None:
    """Serve until told to stop. Raises ``PortTaken``."""
    told_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    runner = web.AppRunner(console.application(), access_log=None, shutdown_timeout=LAST_REQUESTS)
    await runner.setup()
    try:
        url = await _listen(runner, console.settings)
        await console.start(url)
        await told_to_stop.wait()
        await console.services.feed.stop()  # the streams would hold up the requests' end
    finally:
        await runner.cleanup()
        await console.stop()


async def _listen(runner: web.AppRunner, settings: Settings) -> str:
    """Listen, and give the address."""
    try:
        await web.TCPSite(runner, settings.console_host, settings.console_port, backlog=256).start()
    except OSError as error:
        reason = "port_in_use" if error.errno == errno.EADDRINUSE else os.strerror(error.errno or 0)
        told = read_words()("errors", "port_taken", port=settings.console_port, reason=reason)
        raise PortTaken(f"cannot listen on {settings.console_port}: {error}", told) from error
    host, port = runner.addresses[0][:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    log.info("listening on %s", url)
    return url


if __name__ == "__main__":
    sys.exit(main())
