"""``train``: trains the model from config, domain, examples, rules and the catalogue's questions."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from bot.brain.model_files import PROJECT, model_path, remove_old
from bot.brain.training import train
from bot.commands import texts
from bot.settings import read_settings

SILENCE = 10.0  # seconds between two signs of life where the output is not a terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the command's options."""
    parser.add_argument("--force", action="store_true", help=texts.TRAIN_FORCE)


def run(options: argparse.Namespace) -> int:
    """Train unless the model of the present files is there. Raises ``BrainError``."""
    settings = read_settings()
    data = settings.data.resolve()
    model = model_path(settings.models.resolve(), data)
    if model.exists() and not options.force:
        print(texts.MODEL_UP_TO_DATE.format(model=model.name))
        return 0
    os.environ["BOT_DATA"] = str(data)
    os.chdir(PROJECT)  # Rasa imports the components of config.yml from the work directory
    began = time.monotonic()
    with _progress():
        train(PROJECT, data, model)
    remove_old(model.parent)
    print(texts.TRAINED.format(seconds=time.monotonic() - began, model=model.name))
    return 0


@contextmanager
def _progress() -> Iterator[None]:
    done = threading.Event()
    ticker = threading.Thread(target=_tick, args=(done, sys.stderr), daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()


def _tick(done: threading.Event, out: TextIO) -> None:
    terminal = out.isatty()
    began = time.monotonic()
    while True:
        seconds = time.monotonic() - began
        line = f"{texts.TRAINING} ... {seconds:.0f} 秒"
        print(f"\r{line}" if terminal else line, end="" if terminal else "\n", file=out, flush=True)
        if done.wait(1.0 if terminal else SILENCE):
            break
    if terminal:
        print("\r\033[K", end="", file=out, flush=True)
