"""QTI 3.0 items: what they ask, what is right, and whether Perseus can ask it too.

Source: Studio utils/assessment/qti/perseus_derive.py.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from fake_studio.content.entities import check_entities

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
HINT_SUPPORT = "ext:kolibri-hint"  # the card of a catalog that holds a hint
CHOICE, TEXT_ENTRY = "qti-choice-interaction", "qti-text-entry-interaction"


@dataclass(frozen=True)
class Interaction:
    """The one interaction of an item that Perseus can ask, with where it stands and what declares its answer."""

    body: ET.Element
    element: ET.Element
    declaration: ET.Element

    @property
    def is_choice(self) -> bool:
        """Whether there are answers to choose from; else one is typed."""
        return local_name(self.element) == CHOICE

    @property
    def takes_several(self) -> bool:
        """Whether several answers may be right together."""
        return self.declaration.get("cardinality") == "multiple"

    @property
    def correct_values(self) -> list[str]:
        """The right answers: identifiers of choices, or what is to be typed."""
        responses = list(named(self.declaration, "qti-correct-response"))[:1]
        return [value.text or "" for response in responses for value in named(response, "qti-value")]

    @property
    def choices(self) -> list[ET.Element]:
        """The answers to choose from."""
        return list(named(self.element, "qti-simple-choice"))

    @property
    def prompt(self) -> list[ET.Element]:
        """The question of a choice: one element, or none."""
        return list(named(self.element, "qti-prompt"))[:1]


def local_name(element: ET.Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def named(parent: ET.Element, *names: str) -> Iterator[ET.Element]:
    """The children that have one of these names."""
    return (child for child in parent if local_name(child) in names)


def find_body(item: ET.Element) -> ET.Element | None:
    """The element that the learner sees, or None."""
    return next((element for element in item.iter() if local_name(element) == "qti-item-body"), None)


def interactions_in(body: ET.Element) -> list[ET.Element]:
    """Everything in a body that the learner can answer."""
    return [element for element in body.iter() if local_name(element).endswith("-interaction")]


def find_perseus_interaction(item: ET.Element) -> Interaction | None:
    """The interaction of an item that Perseus can ask as well: its only one, to choose or to type. Else None."""
    body = find_body(item)
    interactions = [] if body is None else interactions_in(body)
    if body is None or len(interactions) != 1 or local_name(interactions[0]) not in (CHOICE, TEXT_ENTRY):
        return None
    declaration = _find_declaration(item, interactions[0].get("response-identifier"))
    return None if declaration is None else Interaction(body, interactions[0], declaration)


def _find_declaration(item: ET.Element, identifier: str | None) -> ET.Element | None:
    declarations = (element for element in item.iter() if local_name(element) == "qti-response-declaration")
    return next((e for e in declarations if identifier is not None and e.get("identifier") == identifier), None)


def has_comments(item: str) -> bool:
    """Whether comments or processing instructions stand inside of an item's root. Raises ET.ParseError."""
    check_entities(item)
    builder = ET.TreeBuilder(insert_comments=True, insert_pis=True)
    root = ET.fromstring(item, ET.XMLParser(target=builder))
    return any(not isinstance(element.tag, str) for element in root.iter())


def hints_of(item: ET.Element) -> Iterator[ET.Element]:
    """What the hint cards of the item's catalog hold, in their order."""
    for card in item.iter():
        if local_name(card) == "qti-card" and card.get("support") == HINT_SUPPORT:
            yield from list(named(card, "qti-html-content"))[:1]
