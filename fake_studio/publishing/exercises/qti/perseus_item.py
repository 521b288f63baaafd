"""Raw Perseus inside of a QTI package: an item that hands over to Kolibri's Perseus viewer, and takes its score.

Source: Studio utils/assessment/qti/convert.py build_perseus_custom_interaction_item.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

from fake_studio.publishing.exercises.qti.plain_item import add_score, item_root
from fake_studio.publishing.exercises.qti.xml import add_element, document


def perseus_item(assessment_id: str, path: str, title: str, language: str) -> str:
    """The XML of an item that shows the Perseus question at ``path`` of the package. Raises ValueUnfit."""
    root = item_root(assessment_id, title, language)
    add_element(root, "qti-response-declaration", {"identifier": "RESPONSE", "cardinality": "record"})
    add_score(root)
    shown = {"response-identifier": "RESPONSE", "data-type": "perseus", "data-perseus-path": path}
    add_element(add_element(root, "qti-item-body"), "qti-custom-interaction", shown)
    _add_processing(root)
    return document(root)


def _add_processing(root: ET.Element) -> None:
    """No template of QTI looks into a record, so the rule is written out: 1 if its field ``correct`` is true."""
    condition = add_element(add_element(root, "qti-response-processing"), "qti-response-condition")
    passed = add_element(condition, "qti-response-if")
    field = add_element(passed, "qti-field-value", {"field-identifier": "correct"})
    add_element(field, "qti-variable", {"identifier": "RESPONSE"})
    _set_score(passed, "1")
    _set_score(add_element(condition, "qti-response-else"), "0")


def _set_score(parent: ET.Element, score: str) -> None:
    outcome = add_element(parent, "qti-set-outcome-value", {"identifier": "SCORE"})
    add_element(outcome, "qti-base-value", {"base-type": "float"}, score)
