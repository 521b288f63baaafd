"""Questions that a chef wrote as QTI items itself.

Source: Studio utils/assessment/qti/convert.py, viewsets/assessmentitem.py.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from fake_studio.content.entities import parse_xml
from fake_studio.core.refusals import NodeInvalid, NodeNotStorable
from fake_studio.markdown import stored_names

_DEEPEST = 256  # elements in one another that Studio reads (libxml2, xmlParserMaxDepth)
_QTI_ROOT = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}qti-assessment-item"


def read_native(sent: dict[str, Any], where: str) -> set[str]:
    """The stored files that a native item shows. What is not XML shows nothing, and is found out later.

    Raises NodeInvalid and NodeNotStorable.
    """
    raw = sent.get("raw_data")
    if not isinstance(raw, (str, type(None))):
        raise NodeNotStorable("must be a string of XML.", field=f"{where}.raw_data")
    try:
        root = _parse_item(raw or "", f"{where}.raw_data")
    except NodeInvalid:
        return set()
    interactions = (e for e in root.iter() if e.tag.rpartition("}")[2] == "qti-custom-interaction")
    wrapped = next((e for e in interactions if e.get("data-type") == "perseus"), None)
    if wrapped is not None and wrapped.get("data-perseus-path"):
        raise NodeInvalid("wraps Perseus content; send it as a perseus_question.", field=f"{where}.raw_data")
    return stored_names(root)


def _parse_item(raw: str, field: str) -> ET.Element:
    try:
        root = parse_xml(raw.encode("utf-8", "surrogatepass"))
    except (ET.ParseError, LookupError, ValueError) as error:
        raise NodeInvalid(f"is not well-formed XML: {error}.", field=field) from None
    level, count = [root], 0
    while level:
        level, count = [child for element in level for child in element], count + 1
    if count > _DEEPEST:
        raise NodeInvalid(f"nests {count} elements; at most {_DEEPEST} are read.", field=field)
    return root


def check_native(raw: str, where: str) -> None:
    """Whether a native item is a QTI 3.0 item. Raises NodeInvalid."""
    root = _parse_item(raw, f"{where}.raw_data")
    if root.tag != _QTI_ROOT:
        raise NodeInvalid(f"must be a qti-assessment-item of QTI 3.0, not {root.tag!r:.80}.", field=f"{where}.raw_data")
