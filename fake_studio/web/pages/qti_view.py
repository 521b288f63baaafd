"""Native QTI items as HTML that a browser shows: what is asked, and a box for what is answered."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from urllib.parse import quote

from markupsafe import Markup

from fake_studio.content import qti
from fake_studio.markdown import STORED_NAME

_LINKS = ("src", "href", "data")


def body_html(item: ET.Element) -> Markup:
    """Everything that the learner sees of an item; nothing for an item without a body."""
    body = qti.find_body(item)
    return Markup() if body is None else inner_html([body])


def inner_html(elements: Iterable[ET.Element]) -> Markup:
    """What is inside of these elements. It is a chef's own HTML: only a sandboxed frame may show it."""
    box = ET.Element("div")
    for element in elements:
        box.append(_draw_element(element, "div"))
    return Markup(ET.tostring(box, encoding="unicode", method="html"))


def _draw_element(element: ET.Element, tag: str = "") -> ET.Element:
    name = qti.local_name(element)
    attributes = {key.rpartition("}")[2]: _address(key, value) for key, value in element.attrib.items()}
    copy = ET.Element(tag or _tag_of(name), attributes)
    copy.text, copy.tail = element.text, element.tail
    if name.endswith("-interaction"):
        copy.append(_label(name))
    copy.extend([_draw_element(child) for child in element if isinstance(child.tag, str)])
    return copy


def _label(interaction: str) -> ET.Element:
    label = ET.Element("mark")
    label.text = interaction[len("qti-") :].replace("-", " ")
    return label


def _tag_of(name: str) -> str:
    """A browser knows HTML and MathML; what is QTI's own becomes a box."""
    if name in ("qti-text-entry-interaction", "qti-inline-choice-interaction", "qti-gap", "qti-hottext"):
        return "span"
    return "div" if name.startswith("qti-") else name


def _address(key: str, value: str) -> str:
    return f"/previews/{quote(value)}" if key in _LINKS and STORED_NAME.fullmatch(value) else value
