"""Which of the bureau's offices is the nearest."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from bot.desk.bureau import Bureau, Office

EARTH = 6_371_000.0  # metres


def nearest(bureau: Bureau, latitude: float | None, longitude: float | None) -> tuple[Office, float | None]:
    """Give the office nearest to a place (degrees), and how far it is in metres.

    Where neither the place nor an office's place is known, the bureau's own seat, and no distance.
    """
    seat = Office(bureau.name, bureau.address, bureau.phone, bureau.latitude, bureau.longitude)
    if latitude is None or longitude is None:
        return seat, None
    known = [
        (_metres((latitude, longitude), (office.latitude, office.longitude)), office)
        for office in (seat, *bureau.offices)
        if office.latitude is not None and office.longitude is not None
    ]
    if not known:
        return seat, None
    metres, office = min(known, key=lambda pair: pair[0])
    return office, metres


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Give the distance over the globe (haversine)."""
    (north, east), (north2, east2) = (tuple(map(radians, place)) for place in (one, other))
    half = sin((north2 - north) / 2) ** 2 + cos(north) * cos(north2) * sin((east2 - east) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))
