"""``status``: tells how catalogue, model, gateway, console and brains are, by words and by the exit code."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass
from typing import Any

from bot.brain.model_files import model_path
from bot.commands import texts
from bot.commands.health import health_of
from bot.commands.ports import console_url, gateway_url
from bot.settings import Settings, read_settings
from bot.storage.catalogue_files import load_catalogue


@dataclass(frozen=True)
class Line:
    """One line of the status: what, how it is, whether that is well."""

    name: str
    state: str
    well: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the command's options: none."""


def run(options: argparse.Namespace) -> int:
    """Print a line for each part."""
    settings = read_settings()
    lines = [_catalogue(settings), _model(settings), *asyncio.run(_processes(settings))]
    for line in lines:
        print(f"{line.name}：{line.state}")
    return 0 if all(line.well for line in lines) else 1


def _catalogue(settings: Settings) -> Line:
    report = load_catalogue(settings.data)
    name = texts.PARTS["catalogue"]
    if report.catalogue is None:
        return Line(name, texts.CATALOGUE_BAD.format(count=len(report.errors)), False)
    told = texts.CATALOGUE_GOOD.format(
        count=len(report.catalogue.entries), version=report.catalogue.version[:12]
    )
    return Line(name, told, True)


def _model(settings: Settings) -> Line:
    model = model_path(settings.models, settings.data)
    well = model.exists() or not settings.brains_here
    told = texts.MODEL_GOOD.format(name=model.name) if model.exists() else texts.MODEL_STALE
    return Line(texts.PARTS["model"], told, well)


async def _processes(settings: Settings) -> list[Line]:
    numbered = enumerate(settings.brains, start=1)
    parts = [(texts.PARTS["gateway"], gateway_url(settings)), (texts.CONSOLE, console_url(settings))]
    parts += [(texts.BRAIN.format(number=number), url) for number, url in numbered]
    return list(await asyncio.gather(*(_process(name, url) for name, url in parts)))


async def _process(name: str, url: str) -> Line:
    health = await health_of(url)
    if health is None:
        return Line(name, texts.DOWN.format(url=url), False)
    if health.get("state") == "starting":
        return Line(name, texts.NOT_YET.format(url=url), False)
    return Line(name, texts.UP.format(url=url, more=_more(health)), True)


def _more(health: dict[str, Any]) -> str:
    return f"({health['model']})" if isinstance(health.get("model"), str) else ""
