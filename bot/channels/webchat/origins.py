"""Which web sites may talk to the chat."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


def allowed(origin: str | None, host: str, others: Iterable[str]) -> bool:
    """Tell whether a page of ``origin`` may open a line to the server that it calls ``host``.

    The own origin is told by the host alone: behind a proxy the server does not know its own scheme.
    Browsers always send an origin with a WebSocket (RFC 6455, 10.2); what sends none is no browser, and
    carries nobody's session with it.
    """
    if origin is None:
        return True
    parts = urlsplit(origin)
    if parts.scheme not in _PORTS or not parts.netloc:
        return False
    own = parts.netloc.lower() == _plain(host, _PORTS[parts.scheme])
    return own or f"{parts.scheme}://{parts.netloc}".lower() in {o.lower() for o in others}


def _plain(host: str, port: int) -> str:
    return host.lower().removesuffix(f":{port}")
