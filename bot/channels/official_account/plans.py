"""What each kind of push gets: a turn, an answer of our own, or a deliberate silence. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.official_account.options import Face
from bot.channels.official_account.pushes import EVENT, Push
from bot.desk.messages import Allowance
from bot.desk.offices import nearest

# The vendor's quotas for customer-service messages: a new action of the user replaces what was left.
WRITTEN = Allowance(5, 48 * 3600.0)
TAPPED = Allowance(3, 60.0)
ASK = "ask:"
UNSUPPORTED = "【收到不支持的消息类型"  # the platform's own text for stickers and the like


@dataclass(frozen=True)
class Ask:
    """A question for the desk."""

    text: str
    allowance: Allowance


@dataclass(frozen=True)
class Say:
    """An answer of our own; ``mark`` stands in the transcript for what was sent."""

    text: str
    mark: str
    allowance: Allowance


@dataclass(frozen=True)
class Silence:
    """Nothing is said; ``reason`` is for the log."""

    reason: str


@dataclass(frozen=True)
class Forget:
    """The user has left: their data goes."""


@dataclass(frozen=True)
class Consent:
    """What the user has said to notices: the template, and whether they accept."""

    answers: tuple[tuple[str, bool], ...]


Plan = Ask | Say | Silence | Forget | Consent


def plan(push: Push, face: Face) -> Plan:
    """Give what a push gets."""
    return _event(push, face) if push.kind == EVENT else _message(push, face)


def _message(push: Push, face: Face) -> Plan:
    text = push.fields.get("Content", "")
    if push.kind == "text" and text and not text.startswith(UNSUPPORTED):
        return Ask(text, WRITTEN)
    heard = push.fields.get("Recognition", "")
    if push.kind == "voice" and heard:
        return Ask(heard, WRITTEN)
    if push.kind == "location":
        return Say(_office(push, face), face.texts.marks["location"], WRITTEN)
    names = {"text": "unknown" if text else "empty", "shortvideo": "video"}
    name = names.get(push.kind, push.kind)
    if name not in ("image", "voice", "video", "link", "empty"):
        name = "unknown"
    return Say(face.texts.say(name), face.texts.marks.get(name, face.texts.marks["unknown"]), WRITTEN)


def _event(push: Push, face: Face) -> Plan:
    if push.event in ("subscribe", "scan"):
        return Say(_welcome(face), face.texts.marks["subscribe"], TAPPED)
    if push.event == "unsubscribe":
        return Forget()
    if push.event == "click":
        key = push.fields.get("EventKey", "")
        if key.startswith(ASK) and key[len(ASK) :].strip():
            return Ask(key[len(ASK) :], TAPPED)
        return Say(face.texts.say("unknown_key"), face.texts.marks["menu"], TAPPED)
    if push.event in ("subscribe_msg_popup_event", "subscribe_msg_change_event"):
        return Consent(tuple(_answers(push)))
    return Silence(push.event[:40])


def _answers(push: Push) -> list[tuple[str, bool]]:
    items = push.items or (push.fields,)
    return [
        (item["TemplateId"], item.get("SubscribeStatusString", "").lower() == "accept")
        for item in items
        if item.get("TemplateId")
    ]


def _welcome(face: Face) -> str:
    text = face.texts.say("welcome", bureau=face.bureau.name)
    return f"{text}\n{face.notice}" if face.notice else text


def _office(push: Push, face: Face) -> str:
    """Give the office nearest to where the user is, with the distance where our data knows it."""
    here = _degrees(push.fields.get("Location_X"), 90), _degrees(push.fields.get("Location_Y"), 180)
    office, metres = nearest(face.bureau, *here)
    told = {"name": office.name, "address": office.address or "", "phone": office.phone or ""}
    if metres is None:
        return _known(face.texts.say("office", **told))
    return _known(face.texts.say("nearest", **told, distance=f"{metres / 1000:.1f}"))


def _known(text: str) -> str:
    """Leave out the lines that name something and then have nothing to say of it."""
    return "\n".join(line for line in text.split("\n") if not line.rstrip().endswith((":", "\uff1a")))


def _degrees(text: str | None, most: float) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if -most <= value <= most else None
