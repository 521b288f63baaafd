"""XML from chefs, parsed unless its entities make it many times as long: a few hundred bytes can stand for gigabytes.

Source of the rule: libxml2, with which Studio reads, stops at five times the length (XML_MAX_AMPLIFICATION_DEFAULT).
Illustrator writes the namespaces of an SVG as entities, so that to refuse them all would refuse good images.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any
from xml.parsers import expat

MOST_GROWTH = 5  # times the length
MOST_DEPTH = 10_000  # elements in one another
_CHUNK = 64 * 1024  # bytes
FREE_GROWTH = 16 * 1024  # characters


class EntitiesTooLarge(ET.ParseError):
    """Entities make the text too long to be read."""

    def __init__(self) -> None:
        super().__init__(f"its entities make it more than {MOST_GROWTH} times as long")


class NestedTooDeeply(ET.ParseError):
    """Elements are nested so deep that a parser's memory grows with them."""

    def __init__(self) -> None:
        super().__init__(f"its elements are nested more than {MOST_DEPTH:,} deep")


def parse_xml(content: bytes | str) -> ET.Element:
    """The root element. Raises ET.ParseError; EntitiesTooLarge is one, with a message for people."""
    check_entities(content)
    return ET.fromstring(content)


def find_root(content: bytes | str) -> str:
    """The name of the root element of XML that is well-formed. None of it is kept in memory.

    Raises ET.ParseError; NestedTooDeeply and EntitiesTooLarge are some.
    """
    check_entities(content)
    root = _Root()
    parser = ET.XMLParser(target=root, encoding="utf-8" if isinstance(content, str) else None)
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    for place in range(0, len(raw), _CHUNK):  # an error stops the parser at the end of what it was given
        parser.feed(raw[place : place + _CHUNK])
    parser.close()
    return root.name


class _Root:
    def __init__(self) -> None:
        self.name = ""
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.name = self.name or tag
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise NestedTooDeeply

    def end(self, tag: str) -> None:
        self._depth -= 1

    def close(self) -> None:
        """Called at the end of the text."""


def check_entities(content: bytes | str) -> None:
    """Raises EntitiesTooLarge. Content without a declaration of entities costs no more than a search for one."""
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    if b"ENTITY" not in raw and b"E\0N\0T\0I\0T\0Y" not in raw:  # the second in UTF-16, either end first
        return
    parser = expat.ParserCreate("utf-8" if isinstance(content, str) else None)
    meter = _Meter(FREE_GROWTH + MOST_GROWTH * len(raw))
    parser.CharacterDataHandler = meter.add_text
    parser.StartElementHandler = meter.add_attributes
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, ValueError, LookupError):
        # What is broken before it grows is for the real parser to tell; expat itself stops the very steep growth.
        if meter.left < 0 or "amplification" in expat.ErrorString(parser.ErrorCode):
            raise EntitiesTooLarge from None


class _Meter:
    """Counts what a parser hands out, and stops it when that is too much."""

    def __init__(self, left: int) -> None:
        self.left = left

    def add_text(self, text: str) -> None:
        """Count characters. Raises EntitiesTooLarge."""
        self.left -= len(text)
        if self.left < 0:
            raise EntitiesTooLarge

    def add_attributes(self, _name: str, attributes: dict[str, Any]) -> None:
        """Count those of a start tag. Raises EntitiesTooLarge."""
        self.add_text("".join(attributes.values()))
