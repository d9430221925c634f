"""The forms that settings are written in: each function reads a text or raises ``ValueError``."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit

_WORD = re.compile(r"[0-9A-Za-z_-]+")
Network = IPv4Network | IPv6Network
ON, OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def integer(low: int, high: int) -> Callable[[str], int]:
    """Read whole numbers from ``low`` to ``high``."""

    def parse(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError(text)
        return number

    return parse


def seconds(low: float, high: float) -> Callable[[str], float]:
    """Read seconds from ``low`` to ``high``."""

    def parse(text: str) -> float:
        number = float(text)
        if not low <= number <= high:
            raise ValueError(text)
        return number

    return parse


def flag(text: str) -> bool:
    """Read yes or no."""
    if text.lower() not in ON + OFF:
        raise ValueError(text)
    return text.lower() in ON


def words(text: str) -> tuple[str, ...]:
    """Read words with commas between."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def names(text: str) -> tuple[str, ...]:
    """Read names of packages with commas between; at least one."""
    names = words(text)
    if not names or any(not name.replace("_", "").isalnum() or not name.isascii() for name in names):
        raise ValueError(text)
    return names


def networks(text: str) -> tuple[Network, ...]:
    """Read IP addresses or networks with commas between."""
    return tuple(ip_network(part, strict=False) for part in words(text))


def origins(text: str) -> tuple[str, ...]:
    """Read web origins with commas between."""
    return tuple(_origin(part) for part in words(text))


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise ValueError(text)
    return f"{parts.scheme}://{parts.netloc}".lower()


def brains(text: str) -> int | tuple[str, ...]:
    """Read a count, or addresses with commas between."""
    if text.isascii() and text.isdigit():
        return integer(1, 64)(text)
    urls = tuple(part.rstrip("/") for part in words(text))
    if not urls or len(set(urls)) != len(urls):
        raise ValueError(text)
    for url in urls:
        parts = urlsplit(url)
        reachable = parts.path if parts.scheme == "unix" else parts.hostname
        if parts.scheme not in ("http", "https", "unix") or not reachable:
            raise ValueError(text)
    return urls


def brain_urls(brains: int | tuple[str, ...], first_port: int) -> tuple[str, ...]:
    """Give the addresses of the brains; a count means that many on this machine."""
    if isinstance(brains, tuple):
        return brains
    return tuple(f"http://127.0.0.1:{first_port + i}" for i in range(brains))


def database(text: str) -> str:
    """Read the address of a database; empty stays empty."""
    if not text:
        return ""
    scheme, found, rest = text.partition("://")
    if found and scheme == "sqlite" and rest.startswith("/") and rest[1:] not in ("", ":memory:"):
        return text
    if found and scheme in ("postgres", "postgresql", "postgresql+psycopg2") and rest:
        return f"postgresql+psycopg2://{rest}"
    raise ValueError(text)


def key(text: str) -> str | None:
    """Read a key that can stand in an HTTP header; empty is none."""
    if not text:
        return None
    if len(text) < 16 or not text.isascii() or not text.isprintable():
        raise ValueError(text)
    return text


def secret(text: str) -> str | None:
    """Read a secret of at least 32 characters; empty is none."""
    if text and len(text) < 32:
        raise ValueError(text)
    return text or None


def level(text: str) -> str:
    """Read the name of a log level."""
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(text)
    return text.upper()


def one_of(*choices: str) -> Callable[[str], str]:
    """Read one of a few words."""

    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(text)
        return text.lower()

    return parse


def token(text: str) -> str:
    """Read the token of an official account; empty stays empty."""
    if text and not (3 <= len(text) <= 32 and text.isascii() and text.isalnum()):
        raise ValueError(text)
    return text


def identifier(text: str) -> str:
    """Read a name or secret that a platform has given; empty stays empty."""
    if len(text) > 128 or (text and not _WORD.fullmatch(text)):
        raise ValueError(text)
    return text


def aes_key(text: str) -> str:
    """Read an EncodingAESKey; empty stays empty."""
    if text and not (len(text) == 43 and text.isascii() and text.isalnum()):
        raise ValueError(text)
    return text


def url(text: str) -> str:
    """Read a web address without query; a slash at its end is left out."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(text)
    return text.rstrip("/")


def maybe_url(text: str) -> str:
    """Read a web address as ``url`` does, or nothing."""
    return url(text) if text else ""
