"""Whether Studio takes a text of a question: its HTML must be well-formed and keep to Studio's elements."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from fake_studio.markdown.attributes import LinkExternal, ValueUnfit, written
from fake_studio.markdown.elements import ELEMENTS, FLOW, FLOW_AND_MATH, Element
from fake_studio.markdown.render import FormulaUnreadable, MarkdownTooSlow, html_of
from fake_studio.srcset import addresses_in

STORED_NAME = re.compile(r"[a-f0-9]{32}\.[0-9a-z]+")  # what a text calls a file in storage
_NOTES = ("annotation", "annotation-xml")


class MarkupInvalid(ValueError):
    """A text that Studio rejects, with the reason in words; ``is_sentence`` if they stand for themselves."""

    def __init__(self, reason: str, *, is_sentence: bool = False) -> None:
        super().__init__(reason)
        self.is_sentence = is_sentence


_Html = dict[str, str]
_read_before: ContextVar[_Html | None] = ContextVar("texts that were read before", default=None)


@contextmanager
def reading_first(texts: Iterable[str]) -> Iterator[None]:
    """Read these texts now, and only look them up in the block: so that a lock that is held there is not held long.

    What cannot be read is left for ``check`` to say.
    """
    html: _Html = {}
    for text in texts:
        with suppress(FormulaUnreadable, MarkdownTooSlow, RecursionError):
            html[text] = html_of(text)
    token = _read_before.set(html)
    try:
        yield
    finally:
        _read_before.reset(token)


def _html_of(markdown: str) -> str:
    try:
        return (_read_before.get() or {}).get(markdown) or html_of(markdown)
    except MarkdownTooSlow as problem:
        raise MarkupInvalid(str(problem)) from None


def check(markdown: str, *, formula_alone: bool = True) -> set[str]:
    """The stored files that a text refers to. Raises MarkupInvalid and FormulaUnreadable.

    ``formula_alone``: whether a formula may stand outside of a paragraph. In an answer to choose it may not
    (Studio utils/assessment/qti/interaction_types/simple.py, SimpleChoice), in a question or a hint it may.
    """
    return {name for part in content_of(markdown, formula_alone=formula_alone) for name in stored_names(part)}


def content_of(markdown: str, *, formula_alone: bool = True) -> list[ET.Element]:
    """A text as the elements that Studio keeps of it, one block after the other.

    White space alone between two tags is gone, even where it stood between two words; so is text outside of every
    block. Attributes are in Studio's order, their values in its spelling (Studio qti/base.py ElementTreeBase).
    Raises MarkupInvalid and FormulaUnreadable; see ``check``.
    """
    if not markdown.strip():
        return []
    blocks = list(_parse_html(_html_of(markdown)))
    for block in blocks:
        if block.tag == "math" and not formula_alone:
            raise _alone(markdown)
        _keep(block, FLOW_AND_MATH if formula_alone else FLOW)
        block.tail = None
    return blocks


def _alone(markdown: str) -> MarkupInvalid:
    reason = f"Studio rejects an answer that is only a $$…$$ formula: {markdown!r:.80}. Use $…$ or add a word of text"
    return MarkupInvalid(reason, is_sentence=True)


def stored_names(root: ET.Element) -> set[str]:
    """The stored files that an element and those in it show: ``srcset`` has several, each with a width or density."""
    return {name for element in root.iter() for name in _references(element) if STORED_NAME.fullmatch(name)}


def _references(element: ET.Element) -> list[str]:
    return [element.get(name, "") for name in ("src", "href", "data")] + addresses_in(element.get("srcset", ""))


def _parse_html(html: str) -> ET.Element:
    try:
        return ET.fromstring(f"<root>{html}</root>")
    except (ET.ParseError, UnicodeEncodeError) as error:
        raise MarkupInvalid(f"its HTML is not well-formed ({error}): {html.strip()!r:.120}") from None


def _keep(element: ET.Element, allowed: frozenset[str]) -> None:
    element_rule = ELEMENTS.get(element.tag)
    if element_rule is None:
        raise MarkupInvalid(f"the element <{element.tag}> is not allowed in questions")
    if element_rule.place not in allowed and element.tag not in allowed:
        raise MarkupInvalid(f"<{element.tag}> is not allowed at this place")
    attributes = _attributes(element, element_rule)
    element.attrib.clear()
    element.attrib.update(attributes)
    _drop_blanks(element)
    _check_content(element, element_rule)
    for child in element:
        _keep(child, element_rule.holds)


def _attributes(element: ET.Element, element_rule: Element) -> dict[str, str]:
    missing = element_rule.needs.difference(element.attrib)
    if missing:
        raise MarkupInvalid(f"<{element.tag}> needs the attribute {min(missing)}")
    for name, value in element.attrib.items():
        if name not in element_rule.attributes or element_rule.attributes[name].fixed:
            raise MarkupInvalid(f"<{element.tag}> may not have the attribute {name}={value!r:.60}")
    if element.tag == "source" and ("src" in element.attrib) == ("srcset" in element.attrib):
        raise MarkupInvalid("<source> needs either src or srcset")
    values = {name: _value(element, name, element_rule) for name in element_rule.attributes}
    return {name: value for name, value in values.items() if value is not None}


def _value(element: ET.Element, name: str, element_rule: Element) -> str | None:
    value = element.get(name)
    if value is None:
        return element_rule.attributes[name].default or None
    try:
        return written(element_rule.attributes[name].kind, value)
    except LinkExternal as fault:
        raise MarkupInvalid(str(fault), is_sentence=True) from None
    except ValueUnfit as fault:
        raise MarkupInvalid(f"<{element.tag}> has the attribute {name}: {fault}") from None


def _drop_blanks(element: ET.Element) -> None:
    if element.text and not element.text.strip():
        element.text = None
    for child in element:
        if child.tail and not child.tail.strip():
            child.tail = None


def _check_content(element: ET.Element, element_rule: Element) -> None:
    texts = [piece for piece in (element.text, *(child.tail for child in element)) if piece]
    if texts and "#text" not in element_rule.holds:
        raise MarkupInvalid(f"<{element.tag}> may not hold the text {texts[0]!r:.40}")
    count = len(element) + len(texts)
    # Studio counts what is there and does not notice that nothing is: "\\ " is an <mtext> with a blank.
    if element_rule.children >= 0 and count not in (0, element_rule.children):
        raise MarkupInvalid(f"<{element.tag}> needs {element_rule.children} parts and has {count}")
    rule = _RULES.get(element.tag)
    if rule and count and not rule(element, count):
        raise MarkupInvalid(f"<{element.tag}> has its parts in an order, or in a number, that it may not have")


def _is_details(details: ET.Element, _count: int) -> bool:
    return not details.text and [child.tag for child in details].count("summary") == 1 and details[0].tag == "summary"


def _is_figure(figure: ET.Element, _count: int) -> bool:
    places = [place for place, child in enumerate(figure) if child.tag == "figcaption"]
    if not places:
        return True
    is_first = places[0] == 0 and not figure.text
    is_last = places[0] == len(figure) - 1 and not figure[-1].tail
    return len(places) == 1 and (is_first or is_last)


def _is_semantics(semantics: ET.Element, count: int) -> bool:
    tags = [child.tag for child in semantics]
    return count == len(tags) > 1 and tags[0] not in _NOTES and all(tag in _NOTES for tag in tags[1:])


def _is_multiscripts(scripts: ET.Element, count: int) -> bool:
    """After the first part come pairs, and pairs again after one ``mprescripts``. Texts count as parts."""
    places, place = [], 1 if scripts.text else 0
    for child in scripts:
        if child.tag == "mprescripts":
            places.append(place)
        place += 2 if child.tail else 1
    after = places[0] if places else count
    return len(places) < 2 and (after - 1) % 2 == 0 and (count - after - 1) % 2 == (0 if places else 1)


_RULES = {
    "details": _is_details,
    "figure": _is_figure,
    "semantics": _is_semantics,
    "mmultiscripts": _is_multiscripts,
}
