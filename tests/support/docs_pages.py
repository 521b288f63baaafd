"""The pages of the docs as data: blocks between fences, tables, sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]

_FENCE = re.compile(r"^```(.*)\n((?s:.*?))^```$", re.M)
_NAME = re.compile(r"`([^`]+)`:\s*\Z")


@dataclass(frozen=True)
class Block:
    """What stands between two fences. ``name`` is the file that the line before it names, if it names one."""

    language: str
    text: str
    name: str | None = None


@dataclass(frozen=True)
class Section:
    """What stands below one heading. ``heading`` has the page's title before it."""

    heading: str
    text: str

    @property
    def words(self) -> set[str]:
        return set(re.findall(r"[\w-]+", self.heading.lower()))

    @property
    def keys(self) -> list[str]:
        """The names in the first cells of its tables, between backticks; an option without its value."""
        cells = re.findall(r"^\| (`[^|]*?) \|", self.text, re.M)
        return [name.split()[0] for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path) -> list[Block]:
    """The blocks of a page, from its start to its end."""
    text = text_of(page)
    return [Block(found[1], found[2], _named(text[: found.start()])) for found in _FENCE.finditer(text)]


def _named(before: str) -> str | None:
    found = _NAME.search(before)
    return found[1] if found else None


def prose(page: Path) -> str:
    """A page without its blocks."""
    return _FENCE.sub("", text_of(page))


def sections(page: Path) -> Iterator[Section]:
    """The sections of a page."""
    title, *parts = re.split(r"^#+ (?=.*$)", prose(page), flags=re.M)[1:]
    yield Section(title.partition("\n")[0], title)
    for part in parts:
        yield Section(f"{title.partition(chr(10))[0]}: {part.partition(chr(10))[0]}", part)


def section(page: str, heading: str) -> Section:
    """The one section of a page in docs/ whose own heading is this."""
    [found] = [each for each in sections(DOCS / page) if each.heading.endswith(f": {heading}")]
    return found
