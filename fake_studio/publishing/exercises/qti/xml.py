"""The XML of a package's own parts: one line without white space, below its declaration."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from collections.abc import Mapping

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def root_element(tag: str, namespace: str, schema: str, attributes: Mapping[str, str]) -> ET.Element:
    """A document's root. Its namespaces are written as they stand here, so its children need none of their own."""
    names = {"xmlns": namespace, "xmlns:xsi": _INSTANCE, "xsi:schemaLocation": f"{namespace} {schema}"}
    return ET.Element(tag, {**names, **attributes})


def add_element(
    parent: ET.Element, tag: str, attributes: Mapping[str, str] | None = None, text: str | None = None
) -> ET.Element:
    """Append a child."""
    child = ET.SubElement(parent, tag, dict(attributes or {}))
    child.text = text
    return child


def document(root: ET.Element) -> str:
    """A root as the text of its file."""
    return _DECLARATION + ET.tostring(root, encoding="unicode")


def qti_id(hex_id: str) -> str:
    """An id of 32 hex digits as QTI takes it: ``K`` and 22 characters of base64url."""
    return "K" + base64.urlsafe_b64encode(bytes.fromhex(hex_id)).decode("ascii").rstrip("=")
