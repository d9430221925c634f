"""``python -m bot.gateway``: runs the gateway until SIGINT or SIGTERM."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import sys
from collections.abc import Coroutine
from typing import Any

from aiohttp import web

from bot.desk.errors import CatalogueError, DeskError, SettingsError, StorageError
from bot.gateway import texts
from bot.gateway.knowledge import live_knowledge
from bot.gateway.service import Gateway
from bot.settings import Settings, read_settings, unknown_variables

log = logging.getLogger("bot.gateway")

FAILED, BAD_SETTINGS, PORT_TAKEN, NO_DATABASE, BAD_CATALOGUE = 1, 2, 3, 4, 5
# Threads wait for each other at most so long: the database's thread must not wait for a busy event loop.
SWITCH_SECONDS = 0.0005
# Seconds that requests under way may take when the gateway is told to stop.
LAST_REQUESTS = 5.0
# Seconds for which more of a body that was refused is taken and thrown away, so that the refusal is read.
LINGER = 1.0


class PortTaken(DeskError):
    """The address to listen on cannot be had."""


def main() -> int:
    """Run the gateway and give the exit code: 0 stopped, 2 settings, 3 port, 4 database, 5 catalogue."""
    try:
        settings = read_settings()
        _set_up_logging(settings)
        gateway = Gateway(settings, live_knowledge(settings))
        gateway.open()
        sys.setswitchinterval(SWITCH_SECONDS)
        _run(serve(gateway))
    except DeskError as error:
        print(error.for_reader, file=sys.stderr)
        log.debug("%s", error)
        codes = {SettingsError: BAD_SETTINGS, PortTaken: PORT_TAKEN, StorageError: NO_DATABASE}
        return {**codes, CatalogueError: BAD_CATALOGUE}.get(type(error), FAILED)
    return 0


async def serve(gateway: Gateway) -> None:
    """Serve until told to stop. Raises ``PortTaken``."""
    told_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    await gateway.start()
    try:
        runner = web.AppRunner(
            gateway.application(), access_log=None, shutdown_timeout=LAST_REQUESTS, lingering_time=LINGER
        )
        await runner.setup()
        try:
            await _listen(runner, gateway.settings)
            await told_to_stop.wait()
        finally:
            await runner.cleanup()  # first no more requests, then no more turns
    finally:
        await gateway.stop()


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.port, backlog=1024).start()
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        reason = "已被占用" if taken else os.strerror(error.errno or 0)
        told = texts.PORT_TAKEN.format(port=settings.port, reason=reason)
        raise PortTaken(f"cannot listen on {settings.host}:{settings.port}: {error}", told) from error
    host, port = runner.addresses[0][:2]
    log.info(texts.LISTENING.format(url=f"http://{host}:{port}"))


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        import uvloop
    except ImportError:
        asyncio.run(work)
        return
    uvloop.install()
    asyncio.run(work)


def _set_up_logging(settings: Settings) -> None:
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    for chatty in ("alembic", "watchfiles"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    for name in unknown_variables():
        log.warning(texts.UNKNOWN_SETTING.format(name=name))


if __name__ == "__main__":
    sys.exit(main())
