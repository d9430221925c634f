"""Turns the manual into HTML: the few forms of Markdown that it is written in, everything else escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

_INLINE = re.compile(
    r"`([^`]+)`|\*\*([^*]+)\*\*|!\[([^\]]*)\]\(images/console/([\w.-]+)\)|\[([^\]]+)\]\((#[^)]+)\)"
)


@dataclass(frozen=True)
class Manual:
    """The body as HTML, and its headings of the second level with their anchors."""

    body: str
    headings: tuple[tuple[str, str], ...]


def to_html(text: str) -> Manual:
    """Give the manual as HTML. Known are headings, paragraphs, lists, tables, pictures, bold and code."""
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    headings = [block[3:].strip() for block in blocks if block.startswith("## ")]
    anchors = {heading: f"s{number}" for number, heading in enumerate(headings, start=1)}
    body = "\n".join(_block(block.splitlines(), anchors) for block in blocks)
    return Manual(body, tuple((anchors[heading], heading) for heading in headings))


def _block(lines: list[str], anchors: dict[str, str]) -> str:
    first = lines[0]
    if mark := re.match(r"(#{1,4}) ", first):
        level, said = len(mark[1]), first[mark.end() :].strip()
        anchor = f' id="{anchors[said]}"' if level == 2 and said in anchors else ""
        head = f"<h{level}{anchor}>{_inline(said)}</h{level}>"
        return head + (_block(lines[1:], anchors) if lines[1:] else "")
    if first.startswith("|"):
        return _table(lines)
    if re.match(r"(- |\d+\. )", first):
        return _list(lines)
    return f"<p>{_inline(' '.join(lines))}</p>"


def _list(lines: list[str]) -> str:
    tag = "ol" if lines[0][0].isdigit() else "ul"
    items: list[str] = []
    for line in lines:
        if mark := re.match(r"(- |\d+\. )", line):
            items.append(line[mark.end() :])
        else:
            items[-1] += f" {line.strip()}"
    return f"<{tag}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{tag}>"


def _table(lines: list[str]) -> str:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    parts = [list(group) for divider, group in groupby(rows, _divides) if not divider]
    head, body = (parts[0], parts[1]) if len(parts) > 1 else ([], parts[0])
    top = "".join(_row(row, 'th scope="col"') for row in head)
    rest = "".join(_row(row, "td") for row in body)
    return f'<div class="wide"><table><thead>{top}</thead><tbody>{rest}</tbody></table></div>'


def _divides(row: list[str]) -> bool:
    return all(re.fullmatch(r":?-+:?", cell) for cell in row)


def _row(cells: list[str], tag: str) -> str:
    end = tag.partition(" ")[0]
    return f"<tr>{''.join(f'<{tag}>{_inline(cell)}</{end}>' for cell in cells)}</tr>"


def _inline(text: str) -> str:
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    at = 0
    quote: Callable[[str], str] = html.escape
    for found in _INLINE.finditer(text):
        yield quote(text[at : found.start()])
        code, bold, said, picture, link, anchor = found.groups()
        if code:
            yield f"<code>{quote(code)}</code>"
        elif bold:
            yield f"<strong>{quote(bold)}</strong>"
        elif picture:
            yield f'<img src="/help/images/{quote(picture)}" alt="{quote(said)}" loading="lazy">'
        else:
            yield f'<a href="{quote(anchor)}">{quote(link)}</a>'
        at = found.end()
    yield quote(text[at:])
