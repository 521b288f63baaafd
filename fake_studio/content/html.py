"""What an HTML page asks for, as a browser that runs scripts reads it.

Comments (those for old Internet Explorers too), <noscript> and <template> ask for nothing; of scripts count the imports
that a module begins with, and the pages that they go to.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count

from fake_studio.content.css import references_in_sheet, references_in_style
from fake_studio.content.errors import ContentTooLarge
from fake_studio.content.javascript import imports_of, pages_of, windows_of
from fake_studio.content.references import Reference
from fake_studio.srcset import addresses_in

_ATTRIBUTES = {
    "img": ("src",),
    "script": ("src",),
    "iframe": ("src",),
    "frame": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "audio": ("src",),
    "video": ("src",),
    "source": ("src",),
    "track": ("src",),
    "input": ("src",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
    "feimage": ("href", "xlink:href"),
    "body": ("background",),
    "table": ("background",),
    "td": ("background",),
    "th": ("background",),
}
# What stands in them is text, or waits for a script or for a browser without scripts.
_INERT = frozenset(("noscript", "template", "textarea", "title", "xmp", "iframe", "noembed", "noframes"))
_PRELOADED = ("style", "script")  # what a page cannot do without; the rest is asked for again where it is used
_SCRIPTS = re.compile(r"^$|script|module|babel|jsx", re.I)
_REFRESH = re.compile(r"[\d.\s]*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]+)", re.I)
_DATA = re.compile(r"(data:[^\"'()\s<>]{0,80}?,)[^\"'()\s<>]{100,}", re.I)
# Tags that ask for nothing, and links to the web; without them most pages are read in half the time.
_TEXT = r"(?:\"[^\"<>]*\"|'[^'<>]*')"
_WEB_LINK = r"href=(?:\"https?://[^\"<>]*\"|'https?://[^'<>]*')"
_PLAIN_TAG = re.compile(
    r"</?(?:[a-z][a-z0-9]?|div|span|strong|small|code|pre|table|tbody|thead|section|article|header|footer|nav|main)"
    rf"(?:\s+(?:(?:class|id|dir|lang|title|role|target|rel|aria-[a-z]+)={_TEXT}|{_WEB_LINK}))*\s*/?>",
    re.I,
)
UNCLOSED = 20  # times as many < as > that a page may have
_CHECKED = 16  # steps: to ask for the time takes as long as to read a tag
REFERENCES_LIMIT = 20_000  # addresses in one page
_choices = count(1)


@dataclass
class Page:
    """What a page asks for, and where it leads: ``links`` are the addresses that a reader may click.

    ``redirects`` are the pages that its scripts go to, ``windows`` those that they open or that a click leads to.
    ``has_import_map`` says that packages may be imported by name, ``has_text`` that there is something to read.
    """

    base: str = ""
    references: list[Reference] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    redirects: list[str] = field(default_factory=list)
    windows: list[str] = field(default_factory=list)
    has_import_map: bool = False
    has_text: bool = False


def without_data(text: str) -> str:
    """A text without the bodies of its data: URIs, which may be long and ask for nothing."""
    return _DATA.sub(r"\1", text) if "data:" in text else text


def read_page(text: str, deadline: float) -> Page:
    """What a page asks for. Raises ContentTooLarge when it is still read at the deadline (of time.thread_time)."""
    if text.count("<") > 1000 + UNCLOSED * text.count(">"):  # the parser tries each tag again up to the end
        raise ContentTooLarge("It has too many unclosed tags.")
    reader = _Reader(deadline)
    reader.feed(_PLAIN_TAG.sub(" ", text))
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self, deadline: float) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._deadline = deadline
        self._steps = 0
        self._inert: list[str] = []  # the element that nothing counts in, as often as it is open
        self._media = 0  # the choice of the <audio> or <video> that is open
        self._raw: str | None = None  # the kind of the <style> or <script> that is open
        self._text: list[str] = []  # of it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._check_time()
        if self._inert:
            self._inert += [tag] if tag == self._inert[0] else []
            return
        attributes = {name: value or "" for name, value in reversed(attrs)}  # of two with one name the first counts
        if not self._media or tag in ("source", "track"):
            self._read(tag, attributes)
        self._enter(tag, attributes)

    def _enter(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _INERT:
            self._inert = [tag]
        elif tag in ("audio", "video"):
            self._media = next(_choices)
        elif tag in ("style", "script"):
            self._raw = "style" if tag == "style" else attributes.get("type", "").strip().lower()
            self.page.has_import_map |= self._raw == "importmap"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._check_time()
        if self._inert and tag == self._inert[0]:
            self._inert.pop()
        elif tag in ("audio", "video"):
            self._media = 0
        elif tag in ("style", "script"):
            self._leave_raw()

    def close(self) -> None:
        super().close()
        self._leave_raw()

    def _leave_raw(self) -> None:
        text, kind = "".join(self._text), self._raw
        self._raw, self._text = None, []
        if kind == "style":
            self.page.references += references_in_sheet(text)
        elif kind == "module":
            self.page.references += [Reference(url, "import") for url in imports_of(text)]
        if kind is not None and kind != "style" and _SCRIPTS.search(kind):
            self.page.redirects += pages_of(text)
            self.page.windows += windows_of(text)

    def handle_data(self, data: str) -> None:
        self._check_time()
        if self._raw is not None:
            self._text.append(data)
        elif not self._inert and data.strip():
            self.page.has_text = True

    def handle_comment(self, data: str) -> None:
        self._check_time()

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """``<![...>`` is a comment up to the next > for browsers; the parser's own reading raises for some."""
        return self.rawdata.find(">", i + 3) + 1 or -1

    def _check_time(self) -> None:
        self._steps += 1
        if self._steps % _CHECKED == 1 and time.thread_time() > self._deadline:
            raise ContentTooLarge("It takes too long to read.")
        if len(self.page.references) + len(self.page.links) > REFERENCES_LIMIT:
            raise ContentTooLarge("It refers to too many files.")

    def _read(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("a", "area"):
            self._read_link(attributes)
        elif tag == "base":
            self.page.base = self.page.base or attributes.get("href", "")
        elif tag == "link":
            self._read_head_link(attributes)
        elif tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
            refresh = _REFRESH.match(attributes.get("content", ""))
            self._ask("redirect", [refresh[1].strip()] if refresh else [])
        else:
            self._read_loaded(tag, attributes)
        if "style" in attributes:
            self.page.references += references_in_style(attributes["style"])
        action = attributes.get("onclick") or attributes.get("onload") or ""
        if action:
            self.page.windows += pages_of(action) + windows_of(action)

    def _read_loaded(self, tag: str, attributes: dict[str, str]) -> None:
        """An element that shows or runs what it names."""
        if tag == "iframe" and attributes.get("srcdoc"):
            inner = read_page(attributes["srcdoc"], self._deadline)
            self.page.references += inner.references
            self.page.links += inner.links
        elif _is_loaded(tag, attributes):
            is_module = tag == "script" and attributes.get("type", "").strip().lower() == "module"
            self._ask(
                "module" if is_module else tag, [attributes[name] for name in _ATTRIBUTES[tag] if name in attributes]
            )
            self._ask(tag, addresses_in(attributes.get("srcset", "")) if tag in ("img", "source") else [])
        if tag == "video" and "poster" in attributes:
            self._ask("poster", [attributes["poster"]])

    def _ask(self, tag: str, urls: list[str]) -> None:
        choice = self._media if tag == "source" else 0
        self.page.references += [Reference(url, tag, choice) for url in urls]

    def _read_link(self, attributes: dict[str, str]) -> None:
        url = attributes.get("href") or attributes.get("xlink:href") or ""
        if url and "onclick" not in attributes:
            self.page.links.append(url)

    def _read_head_link(self, attributes: dict[str, str]) -> None:
        kinds = set(attributes.get("rel", "").lower().split())
        is_needed = "stylesheet" in kinds or ("preload" in kinds and attributes.get("as", "").lower() in _PRELOADED)
        if is_needed and "alternate" not in kinds and "disabled" not in attributes:
            self._ask("link", [attributes["href"]] if "href" in attributes else [])
        elif "modulepreload" in kinds:
            self._ask("module", [attributes["href"]] if "href" in attributes else [])


def _is_loaded(tag: str, attributes: dict[str, str]) -> bool:
    """Whether a browser loads what an element names; an image that says what to do without is at peace."""
    if tag == "script":
        return "nomodule" not in attributes and bool(_SCRIPTS.search(attributes.get("type", "")))
    if tag == "input":
        return attributes.get("type", "").lower() == "image"
    return tag in _ATTRIBUTES and not (tag == "img" and "onerror" in attributes)
