"""``run``: checks, trains if needed, starts brains and gateway, and keeps them running until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace
from datetime import date

from bot.brain.model_files import model_path
from bot.commands import texts
from bot.commands.children import Program
from bot.commands.ports import check_free, console_url, free_port, gateway_url
from bot.commands.supervisor import Plan, Supervisor
from bot.commands.validate import servable_catalogue
from bot.settings import Settings, read_settings, unknown_variables


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the command's options: none, all is in the settings."""


def run(options: argparse.Namespace) -> int:
    """Run the desk until SIGINT or SIGTERM. Raises ``DeskError`` when it cannot start."""
    settings = read_settings()
    for name in unknown_variables():
        print(texts.UNKNOWN_SETTING.format(name=name), file=sys.stderr)
    if settings.port == 0:
        settings = replace(settings, port=free_port(settings.host))
    if settings.console_port == 0:
        settings = replace(settings, console_port=free_port(settings.console_host))
    check_free(settings)
    print(texts.STARTING, flush=True)
    servable_catalogue(settings, date.today())
    asyncio.run(Supervisor(plan_of(settings), lambda: _welcome(settings)).run())
    print(texts.STOPPED)
    return 0


def plan_of(settings: Settings) -> Plan:
    """Give the processes of this machine: gateway, console, and the brains unless they are elsewhere."""
    model = model_path(settings.models, settings.data)
    train = None
    brains: dict[str, Program] = {}
    if settings.brains_here:
        train = None if model.exists() else Program(texts.TRAINER, ("bot", "train"))
        for number, url in enumerate(settings.brains, start=1):
            arguments = ("bot.brain", "--listen", url, "--model", str(model))
            brains[url] = Program(texts.BRAIN.format(number=number), arguments)
    gateway = Program(texts.GATEWAY, ("bot.gateway",), {"BOT_PORT": str(settings.port)})
    console = Program(texts.CONSOLE, ("bot.console",), {"BOT_CONSOLE_PORT": str(settings.console_port)})
    return Plan(train, brains, gateway_url(settings), gateway, console_url(settings), console)


def _welcome(settings: Settings) -> None:
    for name, path in texts.ADDRESSES:
        print(f"  {name}  {gateway_url(settings)}{path}")
    print(f"  {texts.CONSOLE}  {console_url(settings)}/")
    if settings.allow_samples:
        print(texts.DEMONSTRATION)
    sys.stdout.flush()
