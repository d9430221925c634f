"""Whose address a request comes from, with and without proxies before us."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import web

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


def client_address(request: web.Request, trusted: Sequence[Network]) -> str:
    """Give the address of whoever asks.

    ``X-Forwarded-For`` is believed from the right, for as long as what wrote it is a trusted proxy: what
    stands further left, anybody may have written.
    """
    peer = _address(request.remote or "")
    if peer is None:
        return request.remote or ""
    hops = [
        part.strip() for line in request.headers.getall("X-Forwarded-For", ()) for part in line.split(",")
    ]
    while hops and _is_trusted(peer, trusted):
        hop = _address(hops.pop())
        if hop is None:
            break
        peer = hop
    return str(peer)


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in trusted)


def is_trusted_peer(request: web.Request, trusted: Sequence[Network]) -> bool:
    """Say whether the request was handed on by a trusted proxy."""
    peer = _address(request.remote or "")
    return peer is not None and _is_trusted(peer, trusted)
