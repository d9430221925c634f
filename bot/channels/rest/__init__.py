"""The REST channel: other programs put questions over HTTP and get the answer in the response."""

from bot.channels.rest.channel import Options, Rest

__all__ = ["Options", "Rest"]
