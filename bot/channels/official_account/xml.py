"""XML of the platform: read without document types and entities, written so that no text breaks out."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.channels.official_account.refusals import Refused

# What XML 1.0 cannot hold. People's texts have been seen to hold some of it.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read(body: bytes | str) -> Element:
    """Give the ``<xml>`` element of a push. Raises ``Refused``."""
    try:
        text = body.decode("utf-8-sig") if isinstance(body, bytes) else body
        element: Element = fromstring(_FORBIDDEN.sub("", text), forbid_dtd=True)
    except (UnicodeDecodeError, ParseError, DefusedXmlException, ValueError) as error:
        raise Refused("the body is no XML that is read here") from error
    if element.tag != "xml":
        raise Refused("the body is another XML")
    return element


def clean(text: str) -> str:
    """Give the text without what XML cannot hold."""
    return _FORBIDDEN.sub("", text)


def text_reply(to: str, author: str, text: str, created: int) -> str:
    """Give a passive reply. ``created`` is in seconds since the epoch."""
    return (
        f"<xml><ToUserName>{_cdata(to)}</ToUserName><FromUserName>{_cdata(author)}</FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType>{_cdata('text')}</MsgType>"
        f"<Content>{_cdata(text)}</Content></xml>"
    )


def sealed_reply(encrypted: str, signature: str, timestamp: str, nonce: str) -> str:
    """Give a passive reply in its envelope."""
    return (
        f"<xml><Encrypt>{_cdata(encrypted)}</Encrypt><MsgSignature>{_cdata(signature)}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{_cdata(nonce)}</Nonce></xml>"
    )


def _cdata(text: str) -> str:
    return f"<![CDATA[{clean(text).replace(']]>', ']]]]><![CDATA[>')}]]>"
