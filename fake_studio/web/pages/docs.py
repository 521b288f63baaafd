"""The documentation of this version, which comes with the package: where pages and findings link to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response, send_from_directory
from flask.typing import ResponseReturnValue

from fake_studio.core.refusals import PathUnknown
from fake_studio.web.pages.filters import render

if TYPE_CHECKING:
    from markdown_it.token import Token

_PACKAGE = Path(__file__).parents[2]
_CHECKOUT = _PACKAGE.parent
# setup.py copies docs/ into the package; an editable install has them beside it.
DOCS = next((path for path in (_PACKAGE / "docs", _CHECKOUT / "docs") if path.is_dir()), _PACKAGE / "docs")
INDEX = "README"


def docs_page(name: str = INDEX) -> ResponseReturnValue:
    if name.endswith(".png"):
        picture: Response = send_from_directory(DOCS, name)
        return picture
    path = _pages().get(name)
    if path is None:
        raise PathUnknown(f"Page not found: {name!r:.100}. The documentation has no such page.")
    title, body = _render_page(path)
    return render("docs.html", title=title, body=body, is_index=name == INDEX)


@lru_cache(maxsize=1)
def _pages() -> dict[str, Path]:
    """The pages by name, ``howto/quota``. A name that is asked for is never made a path."""
    return {path.relative_to(DOCS).with_suffix("").as_posix(): path for path in DOCS.rglob("*.md")}


@cache
def _render_page(path: Path) -> tuple[str, str]:
    """The title and the HTML of a page. markdown-it is imported here: no chef's request needs it."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    text = path.read_text(encoding="utf-8")
    tokens = reader.parse(text)
    _add_anchors(tokens)
    _link_to_pages(tokens)
    return text.partition("\n")[0].lstrip("# "), _with_scrolling(
        str(reader.renderer.render(tokens, reader.options, {}))
    )


def _with_scrolling(body: str) -> str:
    """Wide tables and lines of code scroll by themselves. HTML in Markdown is escaped: a body has no other tags."""
    begin = '<div class="wide" tabindex="0" role="region" aria-label="Table"><table>'
    body = body.replace("<table>", begin).replace("</table>", "</table></div>")
    return body.replace("<pre>", '<pre tabindex="0">')


def _add_anchors(tokens: Sequence[Token]) -> None:
    """An id for each heading, as GitHub makes it, and for each row of a table that begins with a name in backticks."""
    row = None
    for token, following in zip(tokens, tokens[1:]):
        if token.type == "heading_open":
            token.attrSet("id", re.sub(r"[^\w\- ]", "", following.content.lower()).replace(" ", "-"))
        elif token.type == "tr_open":
            row = token
        elif token.type == "td_open" and row is not None:
            names = re.match(r"`([\w-]+)`", following.content)
            if names:
                row.attrSet("id", names[1])
            row = None


def _link_to_pages(tokens: Sequence[Token]) -> None:
    for token in tokens:
        for child in token.children or ():
            href = str(child.attrGet("href") or "")
            if child.type == "link_open" and "://" not in href:
                child.attrSet("href", re.sub(r"\.md(?=#|$)", "", href))
