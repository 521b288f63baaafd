"""A node in a few lines: what it is, under which license, by whom, in which language, with which files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fake_studio.core.labels import label_names
from fake_studio.core.model import LABELS, File, Node
from fake_studio.core.values import LANGUAGES
from fake_studio.web.pages.filters import plural, size

_MANY = 5  # files that are named
_MISSING = "missing"


class Line(NamedTuple):
    """One line of the card; ``is_missing`` if it should have something to say."""

    name: str
    value: str
    is_missing: bool = False


def lines_of(node: Node, channel_language: str | None = None) -> list[Line]:
    """The card of a node; what is empty and may be so is left out."""
    return [line for line in _lines(node, channel_language) if line.value]


def _lines(node: Node, channel_language: str | None) -> Iterator[Line]:
    is_resource = node.kind != "topic"
    files = [file for file in node.files if not file.generated]
    if is_resource:
        yield Line("License", _license(node) or _MISSING, not node.license)
        yield Line("Copyright holder", node.copyright_holder or "")
    yield Line("Author", node.author or "")
    yield Line("Provider", node.provider or "")
    yield Line("Aggregator", node.aggregator or "")
    yield Line("Language", _language(node.language, channel_language))
    if node.questions:
        yield Line("Questions", f"{len(node.questions):,}")
    if is_resource and not node.questions:
        yield Line("Files", _files(files) or _MISSING, not files)
    else:
        yield Line("Files", _files(files))
    if node.children:
        yield Line("Inside", plural(len(node.children), "node"))
    yield Line("For", "coaches only" if node.role == "coach" else "")
    yield Line("Tags", ", ".join(node.tags))
    yield from _labels(node)
    yield Line("Description", node.description)


def _license(node: Node) -> str:
    return " - ".join(filter(None, (node.license, node.license_description)))


def _language(code: str | None, channel_language: str | None) -> str:
    if not code:
        return f"the channel's: {_language(channel_language, None)}" if channel_language else "the channel's"
    language = LANGUAGES.get(code)
    return f"{language.name} ({code})" if language else code


def _files(files: list[File]) -> str:
    named = ", ".join(f"{file.original_filename} ({size(file.size)})" for file in files[:_MANY])
    return f"{named} and {len(files) - _MANY} more" if len(files) > _MANY else named


def _labels(node: Node) -> Iterator[Line]:
    for name in LABELS:
        yield Line(name.replace("_", " ").capitalize(), ", ".join(label_names(node.labels.get(name, ()))))
