"""Whether Studio takes a text of a question: its HTML must be well-formed and keep to Studio's elements."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from urllib.parse import urlparse

from fake_studio.markdown.elements import (
    COMMON_ATTRIBUTES,
    ELEMENTS,
    FLOW,
    FLOW_AND_MATH,
    MATH_ATTRIBUTES,
    MATH_ELEMENTS,
    Element,
)
from fake_studio.markdown.render import html_of

STORED_NAME = re.compile(r"[a-f0-9]{32}\.[0-9a-z]+")  # what a text calls a file in storage
_WHOLE_NUMBERS = {"ol": {"start"}, "li": {"value"}, "img": {"width", "height"}}


class MarkupInvalid(ValueError):
    """A text that Studio refuses, with the reason in words."""


def check(markdown: str, *, formula_alone: bool = True) -> set[str]:
    """The stored files that a text refers to. Raises MarkupInvalid and FormulaUnreadable.

    ``formula_alone``: whether a formula may stand outside of a paragraph. In an answer to choose it may not
    (Studio utils/assessment/qti/interaction_types/simple.py, SimpleChoice), in a question or a hint it may.
    """
    if not markdown.strip():
        return set()
    root = _parsed(html_of(markdown))
    files: set[str] = set()
    for child in root:
        if child.tag == "math" and not formula_alone:
            raise MarkupInvalid("a formula may not stand alone in an answer; write a word beside it")
        _check_element(child, FLOW_AND_MATH if formula_alone else FLOW, files)
    return files


def _parsed(html: str) -> ET.Element:
    try:
        return ET.fromstring(f"<root>{html}</root>")
    except (ET.ParseError, UnicodeEncodeError) as error:
        raise MarkupInvalid(f"its HTML is not well-formed ({error}): {html.strip()!r:.120}") from None


def _check_element(element: ET.Element, allowed: frozenset[str], files: set[str]) -> None:
    element_rule = ELEMENTS.get(element.tag)
    if element_rule is None:
        raise MarkupInvalid(f"the element <{element.tag}> is not allowed in questions")
    if element_rule.place not in allowed and element.tag not in allowed:
        raise MarkupInvalid(f"<{element.tag}> is not allowed at this place")
    _check_attributes(element, element_rule, files)
    _check_content(element, element_rule, files)


def _check_content(element: ET.Element, element_rule: Element, files: set[str]) -> None:
    texts = _texts(element)
    if texts and "#text" not in element_rule.holds:
        raise MarkupInvalid(f"<{element.tag}> may not hold the text {texts[0]!r:.40}")
    count = len(element) + len(texts)
    # Studio counts what is there and does not notice that nothing is: "\\ " is an <mtext> with a blank.
    if element_rule.children >= 0 and count not in (0, element_rule.children):
        raise MarkupInvalid(f"<{element.tag}> needs {element_rule.children} parts and has {count}")
    for child in element:
        _check_element(child, element_rule.holds, files)


def _texts(element: ET.Element) -> list[str]:
    pieces = [element.text, *(child.tail for child in element)]
    return [piece for piece in pieces if piece and piece.strip()]


def _check_attributes(element: ET.Element, element_rule: Element, files: set[str]) -> None:
    common = MATH_ATTRIBUTES | COMMON_ATTRIBUTES if element.tag in MATH_ELEMENTS else COMMON_ATTRIBUTES
    missing = element_rule.needs.difference(element.attrib)
    if missing:
        raise MarkupInvalid(f"<{element.tag}> needs the attribute {min(missing)}")
    for name, value in element.attrib.items():
        if name not in element_rule.attributes and name not in common:
            raise MarkupInvalid(f"<{element.tag}> may not have the attribute {name}={value!r:.60}")
        if name in ("src", "href"):
            _check_link(value, name)
        if name in _WHOLE_NUMBERS.get(element.tag, ()) and not value.strip().isdigit():
            raise MarkupInvalid(f"<{element.tag}> needs a whole number as {name}, not {value!r:.40}")
        if name in ("src", "href", "data") and STORED_NAME.fullmatch(value):
            files.add(value)


def _check_link(value: str, name: str) -> None:
    link = urlparse(value)
    if link.scheme == "data":
        return
    if link.scheme or link.netloc or link.path.startswith("/"):
        raise MarkupInvalid(f"links must be local, and {value!r:.80} is not: Kolibri is used without the internet")
    if name == "src" and not link.path:
        raise MarkupInvalid(f"{value!r:.80} is no path to a file")
