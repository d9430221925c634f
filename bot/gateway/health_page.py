"""Shows the health report to programs as JSON and to people as a page."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from string import Template
from typing import Any

import yaml
from aiohttp import web

from bot.desk.enquiries import BUREAU_TIME
from bot.gateway.health import Health, Report
from bot.gateway.middlewares import dump

HERE = Path(__file__).parent


class HealthPage:
    """``GET /health``: 200 while messages can be taken in, else 503."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._page = Template((HERE / "health.html").read_text(encoding="utf-8"))
        self._words: dict[str, Any] = yaml.safe_load((HERE / "health.yml").read_text(encoding="utf-8"))

    def add_routes(self, app: web.Application) -> None:
        """Put the address on the application."""
        app.router.add_get("/health", self.answer)

    async def answer(self, request: web.Request) -> web.Response:
        """Give the report in the form that is asked for."""
        report = await self._health.report()
        status = 503 if report.status == "down" else 200
        if _wants_page(request):
            headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
            page = self.render(report)
            return web.Response(status=status, text=page, content_type="text/html", headers=headers)
        return web.json_response(report.as_dict(), status=status, dumps=dump)

    def render(self, report: Report) -> str:
        """Give the page."""
        rows = "".join(self._row(name, part.ok, part.figures) for name, part in report.parts.items())
        return self._page.substitute(
            status=report.status,
            sentence=self._words["status"][report.status],
            at=datetime.fromtimestamp(report.at, BUREAU_TIME).strftime("%Y-%m-%d %H:%M:%S"),
            rows=rows,
        )

    def _row(self, name: str, ok: bool, figures: dict[str, Any]) -> str:
        words = self._words["parts"][name]
        told = "".join(self._figure(words["figures"], key, value) for key, value in figures.items())
        state = self._words["ok"] if ok else self._words["wrong"]
        mark = "ok" if ok else "wrong"
        return (
            f'<tr><th scope="row">{words["title"]}</th><td class="{mark}">{state}</td><td>{told}</td></tr>\n'
        )

    def _figure(self, words: dict[str, str], key: str, value: Any) -> str:
        if key == "each":
            told = "、".join(words["each"].format(**{**b, "state": self._brain(b["state"])}) for b in value)
        elif isinstance(value, list):
            told = "".join(f"<br>{html.escape(str(item))}" for item in value)
            return told
        elif value is None:
            told = f"{words[key]}:{self._words['unknown']}"
        else:
            told = f"{words[key]}:{_FORMS.get(key, str)(value)}"
        return f"<span>{html.escape(told)}</span> " if key != "each" else f"<span>{html.escape(told)}</span>"

    def _brain(self, state: str) -> str:
        return str(self._words["brain_states"].get(state, state))


_FORMS: dict[str, Callable[[Any], str]] = {
    "free_bytes": lambda value: f"{value / 1e9:.1f} GB",
    "free_share": lambda value: f"{value:.0%}",
}


def _wants_page(request: web.Request) -> bool:
    accept = request.headers.get("Accept", "")
    page, data = accept.find("text/html"), accept.find("application/json")
    return page >= 0 and (data < 0 or page < data)
