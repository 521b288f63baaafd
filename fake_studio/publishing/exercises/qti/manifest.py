"""A package's table of contents, ``imsmanifest.xml``.

Source: Studio utils/assessment/qti/imsmanifest.py, archive.py _create_imsmanifest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fake_studio.publishing.exercises.qti.xml import add_element, document, qti_id, root_element

NAME = "imsmanifest.xml"
_NAMESPACE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p2"
_SCHEMA = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd"
_ITEM = "imsqti_item_xmlv3p0"


@dataclass(frozen=True)
class Resource:
    """One item: where it lies, and the further files that it needs, by the paths that Studio gives them."""

    identifier: str
    path: str
    files: list[str] = field(default_factory=list)


def manifest(content_id: str, resources: Iterable[Resource]) -> str:
    """The manifest of a node's package; the resources stand in the order of the questions."""
    root = root_element("manifest", _NAMESPACE, _SCHEMA, {"identifier": qti_id(content_id), "version": "1.0"})
    metadata = add_element(root, "metadata")
    add_element(metadata, "schema", text="QTI Package")
    add_element(metadata, "schemaversion", text="3.0.0")
    add_element(root, "organizations")
    below = add_element(root, "resources")
    for resource in resources:
        attributes = {"identifier": resource.identifier, "type": _ITEM, "href": resource.path}
        element = add_element(below, "resource", attributes)
        for path in (resource.path, *resource.files):
            add_element(element, "file", {"href": path})
    return document(root)
