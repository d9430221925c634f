"""Who may use the REST channel: whoever has the key, and this machine itself where that is allowed."""

from __future__ import annotations

import hmac
from enum import Enum
from ipaddress import ip_address

from aiohttp import web

# A request that came through a proxy is not from this machine, wherever the proxy runs.
_THROUGH_PROXY = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


class Verdict(Enum):
    """What is to be done with a request."""

    WELCOME = "welcome"
    NO_KEY = "no_key"
    OFF = "off"


def judge(request: web.Request, api_key: str | None, loopback: bool) -> Verdict:
    """Say whether the request may use the channel. Without key and loopback the channel is not there."""
    if api_key is not None and _has_key(request, api_key):
        return Verdict.WELCOME
    if loopback and _is_local(request):
        return Verdict.WELCOME
    return Verdict.NO_KEY if api_key is not None else Verdict.OFF


def _has_key(request: web.Request, api_key: str) -> bool:
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    offered = [request.headers.get("X-API-Key", "")]
    if scheme.lower() == "bearer":
        offered.append(credentials.strip())
    wanted = api_key.encode()
    return any(hmac.compare_digest(key.encode("utf-8", "replace"), wanted) for key in offered)


def _is_local(request: web.Request) -> bool:
    """Say whether a program of this machine asks, and not a web page in its browser or a proxy on it."""
    if "Origin" in request.headers or any(name in request.headers for name in _THROUGH_PROXY):
        return False
    peer = request.transport.get_extra_info("peername") if request.transport else None
    try:
        address = ip_address(str(peer[0]).partition("%")[0]) if peer else None
    except ValueError:
        return False
    if address is None:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
