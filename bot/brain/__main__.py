"""``python -m bot.brain``: one brain, listening on a loopback port or a Unix socket."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import signal
import sys
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from aiohttp import web

from bot.brain import quiet, without_tensorflow
from bot.brain.app import BrainApp, TakesTurns
from bot.brain.protocol import TurnError, TurnRequest
from bot.desk.errors import DeskError
from bot.settings import read_settings

LOOPBACK = ("127.0.0.1", "::1", "localhost")
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LAST_TURNS = 2.0  # seconds that turns under way get when the process is told to stop
WARM_UP = TurnRequest("warm-up", "warm-up", "warm-up", "您好", 0.0)
log = logging.getLogger("bot.brain")


def main(argv: list[str] | None = None) -> int:
    """Serve until told to stop. Gives the exit code."""
    options = _parser().parse_args(argv)
    quiet.silence()
    try:
        logging.basicConfig(level=read_settings().log_level, format=LOG_FORMAT)
        asyncio.run(_serve(options.listen, options.model, options.actions))
    except DeskError as error:
        print(error.for_reader, file=sys.stderr)
        log.error("the brain stops: %s", error)
        return 1
    except OSError as error:
        log.error("the brain cannot listen on %s: %s", options.listen.geturl(), error.strerror)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.brain", description=__doc__)
    parser.add_argument(
        "--listen", type=_address, required=True, help="http://127.0.0.1:PORT or unix:///PATH"
    )
    parser.add_argument("--model", type=Path, required=True, help="file of the trained model")
    parser.add_argument("--actions", default="actions", help="package of the custom actions")
    return parser


def _address(text: str) -> SplitResult:
    parts = urlsplit(text)
    if parts.scheme == "unix" and parts.path:
        return parts
    if parts.scheme == "http" and parts.hostname in LOOPBACK and parts.port:
        return parts
    raise argparse.ArgumentTypeError("a brain listens on a loopback port or a Unix socket only")


async def _serve(address: SplitResult, model: Path, actions: str) -> None:
    brain_app = BrainApp(catalogue_version)
    # A caller that gave up waiting is gone: its turn is dropped, and the next one begins.
    runner = web.AppRunner(
        brain_app.application(), access_log=None, handler_cancellation=True, shutdown_timeout=LAST_TURNS
    )
    await runner.setup()
    try:
        await _site(runner, address).start()
        brain = await asyncio.to_thread(_load, model, actions)
        await _warm_up(brain)
        brain_app.ready(brain, model.name)
        log.info("ready on %s with %s", address.geturl(), model.name)
        await _told_to_stop()
    finally:
        await runner.cleanup()


async def _told_to_stop() -> None:
    # Set only now: before this, while Rasa loads in a thread, a signal ends the process at once.
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


def catalogue_version() -> str | None:
    """Give the version of the catalogue that the loaded model and actions answer from, if they have one."""
    live = sys.modules.get("bot.live")  # what is not loaded yet shall not be loaded to answer a health check
    return live.live_search().snapshot.catalogue.version if live else None


def _site(runner: web.AppRunner, address: SplitResult) -> web.BaseSite:
    if address.scheme == "unix":
        Path(address.path).unlink(missing_ok=True)
        return web.UnixSite(runner, address.path)
    return web.TCPSite(runner, address.hostname, address.port)


def _load(model: Path, actions: str) -> TakesTurns:
    if without_tensorflow.model_does_without(model):
        without_tensorflow.put_placeholder()
    quiet.silence_structlog()
    from bot.brain.agent import Brain  # imports Rasa: seconds, and only after the placeholder stands

    return Brain.load(model, actions)


async def _warm_up(brain: TakesTurns) -> None:
    """Take a turn that nobody sees, so that the first enquirer does not wait for what is loaded on use."""
    try:
        await brain.turn(WARM_UP)
    except TurnError as error:
        log.error("the first turn failed: %s: %s", error.code, error)
    gc.collect()
    gc.freeze()  # what is loaded now stays; the collector need not look at it again and again


if __name__ == "__main__":
    sys.exit(main())
