"""The pages and files: what they say, what they forbid, and that nothing comes from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape
from html.parser import HTMLParser

import pytest

from bot.channels.webchat.site import STATIC, policy
from tests.channels.webchat.pages import BUREAU, Server

PAGES = ("/", "/chat", "/chat/", "/chat/frame", "/chat/embed")


@dataclass(frozen=True)
class Got:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


async def get(server: Server, path: str, **headers: str) -> Got:
    async with server.http.get(server.url + path, headers=headers, allow_redirects=False) as response:
        return Got(response.status, response.headers, await response.read())


def rules(response: Got) -> dict[str, str]:
    parts = (rule.partition(" ") for rule in response.headers["Content-Security-Policy"].split("; "))
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("path", PAGES)
async def test_pages_forbid_all_they_do_not_need(server: Server, path: str) -> None:
    response = await get(server, path)
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    policy = rules(response)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]


async def test_only_the_frame_may_be_framed_and_only_by_known_sites(serve) -> None:
    server = await serve(origins=("https://www.example.gov.cn",))
    frame = rules(await get(server, "/chat/frame"))
    assert frame["frame-ancestors"] == "'self' https://www.example.gov.cn"
    for path in ("/", "/chat", "/chat/embed"):
        assert rules(await get(server, path))["frame-ancestors"] == "'none'"


def test_a_forged_host_does_not_reach_the_policy() -> None:
    assert "ws://chat.example:8080 wss://chat.example:8080;" in policy("chat.example:8080", ("'none'",))
    assert "connect-src 'self';" in policy("x; script-src *", ("'none'",))


@pytest.mark.parametrize("path", [*PAGES, "/chat/widget.js", "/chat/static/app.js", "/chat/static/look.css"])
async def test_what_the_browser_has_is_not_sent_again(server: Server, path: str) -> None:
    first = await get(server, path)
    assert first.headers["Cache-Control"] == "no-cache"
    again = await get(server, path, **{"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
    other = await get(server, path, **{"If-None-Match": '"something-else"'})
    assert other.status == 200


async def test_a_changed_page_has_another_tag(server: Server) -> None:
    before = (await get(server, "/")).headers["ETag"]
    server.face = replace(server.face, notice=None)
    response = await get(server, "/", **{"If-None-Match": before})
    assert response.status == 200
    assert '<p class="notice" id="notice" role="note" hidden></p>' in response.text


async def test_files_come_packed_to_who_can_unpack(server: Server) -> None:
    packed = await get(server, "/chat/static/app.js", **{"Accept-Encoding": "gzip"})
    plain = await get(server, "/chat/static/app.js", **{"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.body == plain.body == (STATIC / "app.js").read_bytes()
    assert packed.headers["ETag"] == plain.headers["ETag"]


async def test_only_the_widget_may_be_loaded_by_other_sites(server: Server) -> None:
    widget = await get(server, "/chat/widget.js")
    assert widget.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert widget.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert (await get(server, "/chat/static/app.js")).headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("name", ["page.html", "none.js", "..%2Fsite.py", "%2e%2e/site.py", ".hidden"])
async def test_nothing_else_is_served(server: Server, name: str) -> None:
    assert (await get(server, f"/chat/static/{name}")).status == 404


async def test_the_page_shows_bureau_notice_and_texts(server: Server) -> None:
    body = (await get(server, "/")).text
    assert "<h1>某市某局</h1>" in body
    assert '<p class="notice" id="notice" role="note" >演示数据</p>' in body
    config = json.loads(unescape(re.search('data-config="([^"]*)"', body)[1]))
    assert config["bureau"]["phone"] == "0000-1234567"
    assert config["characters"] == 4000
    assert "某市某局" in config["welcome"][0]
    assert "{" not in json.dumps(config["welcome"], ensure_ascii=False)
    assert config["person"] == {"title": "转人工", "payload": "转人工"}
    assert len(config["examples"]) >= 3


async def test_data_cannot_become_markup(serve) -> None:
    nasty = '"><script>alert(1)</script>$title ${x}'
    server = await serve(bureau=replace(BUREAU, name=nasty), notice=nasty)
    body = (await get(server, "/")).text
    assert "<script>alert" not in body
    assert json.loads(unescape(re.search('data-config="([^"]*)"', body)[1]))["bureau"]["name"] == nasty
    assert "<script>alert" not in (await get(server, "/chat/embed")).text


class References(HTMLParser):
    """Collects what a page loads and what it says inline."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.loads += [str(given[name]) for name in ("src", "href") if given.get(name)]
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)


@pytest.mark.parametrize("path", PAGES)
async def test_pages_load_only_what_is_here_and_have_nothing_inline(server: Server, path: str) -> None:
    parser = References()
    parser.feed((await get(server, path)).text)
    assert parser.inline == []
    base = path if path.endswith("/") else path.rpartition("/")[0] + "/"
    loaded = [ref for ref in parser.loads if not ref.startswith("#")]
    assert len(loaded) >= 5
    for reference in loaded:
        assert (await get(server, base + reference)).status == 200, reference


def test_no_file_refers_to_another_server() -> None:
    allowed = {"http://www.w3.org/2000/svg", "https://ADDRESS/chat/widget.js", "https://www.example.gov.cn"}
    for path in STATIC.iterdir():
        found = set(re.findall(r"https?://[\w./-]+", path.read_text(encoding="utf-8")))
        assert found <= allowed, path.name


async def test_modules_import_only_files_that_are_served(server: Server) -> None:
    for path in STATIC.glob("*.js"):
        for name in re.findall(r'from "\./([^"]+)"', path.read_text(encoding="utf-8")):
            assert (await get(server, f"/chat/static/{name}")).status == 200, (path.name, name)
