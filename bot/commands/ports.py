"""Says before anything is started whether the ports are free."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from bot.commands import texts
from bot.desk.errors import SettingsError
from bot.settings import Settings


def check_free(settings: Settings) -> None:
    """Raise ``SettingsError`` that names the port, and the setting that changes it, when one is taken."""
    _check(settings.host, settings.port, texts.GATEWAY, "BOT_PORT")
    _check(settings.console_host, settings.console_port, texts.CONSOLE, "BOT_CONSOLE_PORT")
    for url in settings.brains if settings.brains_here else ():
        parts = urlsplit(url)
        _check(parts.hostname or "", parts.port or 0, texts.BRAINS, "BOT_BRAIN_PORT")


def _check(host: str, port: int, what: str, variable: str) -> None:
    if not _is_free(host, port):
        told = texts.PORT_TAKEN.format(port=port, what=what, variable=variable)
        raise SettingsError(f"port {port} on {host} cannot be used", told)


def _is_free(host: str, port: int) -> bool:
    try:
        _listen(host, port).close()
    except OSError:
        return False
    return True


def free_port(host: str) -> int:
    """Give a port that is free now."""
    with _listen(host, 0) as server:
        return int(server.getsockname()[1])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def reachable(host: str) -> str:
    """Give the host under which this machine reaches what listens on ``host``, as it stands in a URL."""
    host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{host}]" if ":" in host else host


def gateway_url(settings: Settings) -> str:
    """Give the address of the gateway's public side on this machine."""
    return f"http://{reachable(settings.host)}:{settings.port}"


def console_url(settings: Settings) -> str:
    """Give the address of the staff console on this machine."""
    return f"http://{reachable(settings.console_host)}:{settings.console_port}"
