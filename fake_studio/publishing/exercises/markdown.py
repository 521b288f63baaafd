"""HTML back to Markdown, as Studio reads it back from QTI: what is lost on that way is lost in Kolibri, too.

Source: Studio utils/assessment/qti/html_to_markdown.py.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from typing import Callable

from le_utils.constants import exercises

from fake_studio.content.qti import local_name, named

_STORED_FILES = exercises.CONTENT_STORAGE_FORMAT.format("")
_TEX = "application/x-tex"
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "s": "~~", "del": "~~", "strike": "~~"}
_LISTS = ("ul", "ol")


def markdown_of(*elements: ET.Element) -> str:
    """The Markdown of elements that stand side by side."""
    return "".join(_element(element) for element in elements).strip()


def _element(element: ET.Element) -> str:
    name = local_name(element)
    if name.endswith("-interaction"):
        return ""
    if name in _MARKS:
        return f"{_MARKS[name]}{_inside(element)}{_MARKS[name]}"
    return _WRITERS.get(name, _inside)(element)


def _inside(element: ET.Element) -> str:
    return (element.text or "") + "".join(_element(child) + (child.tail or "") for child in element)


def _paragraph(element: ET.Element) -> str:
    return f"{_inside(element)}\n\n"


def _heading(element: ET.Element) -> str:
    return f"{'#' * int(local_name(element)[1])} {_inside(element).strip()}\n\n"


def _image(element: ET.Element) -> str:
    source = element.get("src")
    return f"![{element.get('alt', '')}]({_STORED_FILES}{source})" if source else ""


def _link(element: ET.Element) -> str:
    return f"[{_inside(element)}]({element.get('href', '')})"


def _formula(element: ET.Element) -> str:
    for note in element.iter():
        if local_name(note) == "annotation" and note.get("encoding") == _TEX:
            return f"$${note.text or ''}$$" + ("\n\n" if element.get("display") == "block" else "")
    return ""


def _code(element: ET.Element) -> str:
    return f"`{element.text or ''}`"


def _code_block(element: ET.Element) -> str:
    code = next(named(element, "code"), ET.Element("code"))
    kind, text = code.get("class", ""), code.text or ""
    language = kind[len("language-") :] if kind.startswith("language-") else ""
    end = "" if text.endswith("\n") else "\n"
    return f"```{language}\n{text}{end}```\n\n"


def _quote(element: ET.Element) -> str:
    lines = "".join(_element(child) for child in element).strip().split("\n")
    return "\n".join(f"> {line}" if line else ">" for line in lines) + "\n\n"


def _list(element: ET.Element) -> str:
    return "\n".join(_list_lines(element)) + "\n\n"


def _list_lines(element: ET.Element) -> list[str]:
    lines = []
    for number, item in enumerate(named(element, "li"), start=1):
        mark = f"{number}. " if local_name(element) == "ol" else "- "
        lines.append(mark + _own_text(item))
        for inner in named(item, *_LISTS):
            lines += [" " * len(mark) + line for line in _list_lines(inner)]
    return lines


def _own_text(item: ET.Element) -> str:
    texts = [item.text or ""]
    for child in item:
        texts.append("" if local_name(child) in _LISTS else _element(child))
        texts.append(child.tail or "")
    return "".join(texts).strip()


def _table(element: ET.Element) -> str:
    rows = [_cells(row) for section in element for row in named(section, "tr")]
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    head, *body = [row + [""] * (width - len(row)) for row in rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ["---"] * width, *body)) + "\n"


def _cells(row: ET.Element) -> list[str]:
    return [_inside(cell).strip() for cell in named(row, "th", "td")]


def _writers() -> Iterable[tuple[str, Callable[[ET.Element], str]]]:
    yield from ((name, _paragraph) for name in ("p", "div"))
    yield from ((f"h{level}", _heading) for level in range(1, 7))
    yield from ((name, _list) for name in _LISTS)
    yield from (("img", _image), ("a", _link), ("math", _formula), ("code", _code), ("pre", _code_block))
    yield from (("blockquote", _quote), ("table", _table))
    yield from (("br", lambda _: "  "), ("hr", lambda _: "---\n\n"))


_WRITERS: dict[str, Callable[[ET.Element], str]] = dict(_writers())
