"""Reads forms: only texts, trimmed, with a limit for each."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot.console.guard import Refused

LONGEST = 4000  # characters


async def read_form(request: web.Request) -> Mapping[str, str]:
    """Give the texts of a form by name. Raises ``Refused`` when one is too long or is a file."""
    form = await request.post()
    texts: dict[str, str] = {}
    for name, value in form.items():
        if not isinstance(value, str) or len(value) > LONGEST:
            raise Refused("form_too_long", 400)
        texts[name] = value.replace("\r\n", "\n").strip()
    return texts


def required(form: Mapping[str, str], name: str) -> str:
    """Give a field that must not be empty. Raises ``Refused``."""
    value = form.get(name, "")
    if not value:
        raise Refused(f"missing_{name}", 400)
    return value


def here(path: str, otherwise: str = "/") -> str:
    """Give a path of this console, never the address of another site."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if safe and all(char.isprintable() for char in path) else otherwise
