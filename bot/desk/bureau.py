"""What a bureau is: its names, its address, its sections, and whose business is not its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where a statement comes from. Only ``primary`` sources are the authority's own site."""

    id: str
    kind: str
    title: str
    url: str | None = None
    checked: str | None = None

    @property
    def link(self) -> str | None:
        """The address that may be shown to the public: the authority's own site only."""
        own = self.kind == "primary" and bool(self.url) and str(self.url).startswith("http")
        return self.url if own else None


@dataclass(frozen=True)
class Section:
    """A section (科室) of the bureau; ``confirmed`` tells that its name is known to be this bureau's."""

    id: str
    name: str
    functions: tuple[str, ...] = ()
    confirmed: bool = False
    role: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class ExternalBody:
    """Another authority: what is its business, the words people use for it, and how to reach it."""

    id: str
    name: str
    takes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    phone: str | None = None
    phone_as_of: str | None = None


@dataclass(frozen=True)
class Office:
    """A place of the bureau where people can go; its place on the globe in degrees, where known."""

    name: str
    address: str | None = None
    phone: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Bureau:
    """The authority that this deployment speaks for."""

    name: str
    short_names: tuple[str, ...]
    former_names: tuple[str, ...]
    address: str | None
    phone: str | None
    website: str | None
    hours: str | None
    sections: dict[str, Section]
    bodies: dict[str, ExternalBody]
    default_section: str
    latitude: float | None = None
    longitude: float | None = None
    offices: tuple[Office, ...] = ()
