"""What the platform pushes: a message of a follower, or an event about one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from xml.etree.ElementTree import Element

from bot.channels.official_account.refusals import Refused

NAME_LIMIT = 128
EVENT = "event"


@dataclass(frozen=True)
class Push:
    """One push. ``fields`` are its elements by name, ``items`` the lists inside it; ``created`` in seconds.

    ``key`` is the same for every retry of a push, and another for every other push to the same account.
    """

    account: str
    sender: str
    created: int
    kind: str
    key: str
    fields: Mapping[str, str]
    items: tuple[Mapping[str, str], ...] = ()

    @property
    def event(self) -> str:
        """The name of the event in small letters; empty for a message."""
        return self.fields.get("Event", "").lower() if self.kind == EVENT else ""

    @property
    def digest(self) -> str:
        """The key together with its sender, in a form that tells nothing of either."""
        return sha256(f"{self.sender}\n{self.key}".encode()).hexdigest()


def read_push(element: Element) -> Push:
    """Give the push. Unknown elements are ignored. Raises ``Refused`` when what every push has is missing."""
    fields = {part.tag: (part.text or "").strip() for part in element if not len(part)}
    account, sender, kind = (_name(fields, tag) for tag in ("ToUserName", "FromUserName", "MsgType"))
    created = fields.get("CreateTime", "")
    if not (created.isascii() and created.isdigit() and len(created) <= 12):
        raise Refused("the push has no time")
    kind = kind.lower()
    items = tuple({part.tag: (part.text or "").strip() for part in item} for item in element.iter("List"))
    return Push(account, sender, int(created), kind, _key(fields, kind, created), fields, items)


def _name(fields: Mapping[str, str], tag: str) -> str:
    value = fields.get(tag, "")
    if not 0 < len(value) <= NAME_LIMIT or not value.isascii() or not value.isprintable() or " " in value:
        raise Refused(f"the push has no {tag}")
    return value


def _key(fields: Mapping[str, str], kind: str, created: str) -> str:
    """Give what a retry repeats. Messages have a number; two events may fall into one second."""
    if kind != EVENT and fields.get("MsgId"):
        return fields["MsgId"][:NAME_LIMIT]
    told = [f"{tag}={text}" for tag, text in sorted(fields.items())]
    if kind == EVENT:
        tags = ("Event", "EventKey", "Ticket", "MenuId", "MsgID")
        told = [f"{tag}={fields.get(tag, '')}" for tag in tags]
        told[0] = told[0].lower()
    return f"{kind}-{created}-{sha256(chr(10).join(told).encode()).hexdigest()[:32]}"
