"""Renders the pages: templates that escape everything, with what every page shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web
from markupsafe import Markup

from bot.console.navigation import menu
from bot.console.services import SESSION, services
from bot.desk.enquiries import BUREAU_TIME
from bot.desk.typography import polish

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """Give the templates; a name that is not there is an error, not an empty string."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(moment=moment, day=day, polish=polish)
    return env


def render(request: web.Request, template: str, status: int = 200, **values: Any) -> web.Response:
    """Give the page of a template."""
    text = environment().get_template(template).render(**_common(request), **values)
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")


def _common(request: web.Request) -> Mapping[str, Any]:
    session = request.get(SESSION)
    known = services(request)
    csrf = session.csrf if session else ""
    told = request.query.get("told", "")
    return {
        "account": session.account if session else None,
        "bureau": known.catalogue().bureau,
        "csrf": csrf,
        "csrf_field": lambda: Markup('<input type="hidden" name="csrf" value="{}">').format(csrf),
        "menu": menu(session.account.role, request.path) if session else (),
        "now": known.clock(),
        "told": known.words("told", told) if known.words.known("told", told) else "",
        "words": known.words,
    }


def back(where: str, told: str = "") -> web.HTTPSeeOther:
    """Give the way to a page after a change; ``told`` is the key of the sentence shown there."""
    mark = "&" if "?" in where else "?"
    return web.HTTPSeeOther(f"{where}{mark}told={told}" if told else where)


def moment(seconds: float | None) -> str:
    """Give a moment in the bureau's time, as it is read by people."""
    return "" if seconds is None else datetime.fromtimestamp(seconds, BUREAU_TIME).strftime("%Y-%m-%d %H:%M")


def day(seconds: float | None) -> str:
    """Give the day of a moment in the bureau's time."""
    return "" if seconds is None else datetime.fromtimestamp(seconds, BUREAU_TIME).strftime("%m-%d %H:%M")


def dump(value: object) -> str:
    """Give JSON in which Chinese can be read."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def as_json(value: object, status: int = 200) -> web.Response:
    """Give an answer for a script."""
    return web.json_response(value, status=status, dumps=dump)
