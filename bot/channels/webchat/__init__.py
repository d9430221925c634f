"""The web chat: a page and a widget for browsers, over a WebSocket that loses and repeats nothing."""

from bot.channels.webchat.channel import WebChat
from bot.channels.webchat.limits import Limits, Rate
from bot.channels.webchat.options import Face, Options
from bot.channels.webchat.texts import Texts, read_texts

__all__ = ["Face", "Limits", "Options", "Rate", "Texts", "WebChat", "read_texts"]
