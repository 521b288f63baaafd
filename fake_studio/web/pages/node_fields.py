"""A node field by field: what its chef sent beside what Studio keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fake_studio.core.labels import label_names
from fake_studio.core.model import LABELS, Node
from fake_studio.views import dicts

_ELSEWHERE = ("files", "questions", "slides", "children")  # the page shows these in a shape of their own
_NOTHING = object()
_AS_SENT, _ADDED, _LEFT_OUT, _BECAME = "kept as sent", "added by Studio", "not kept", "changed"
_MARKS = {_AS_SENT: "", _ADDED: "added", _LEFT_OUT: "removed", _BECAME: "changed"}
_ORDER = (_BECAME, _LEFT_OUT, _AS_SENT, _ADDED)  # what a chef's author did not expect comes first


@dataclass(frozen=True)
class Field:
    """One field; ``fate`` says in words what became of it."""

    name: str
    sent: Any
    kept: Any
    fate: str

    @property
    def meaning(self) -> str:
        """The names of le_utils for the ids of labels."""
        ids = self.sent if self.name in LABELS and isinstance(self.sent, list) else []
        return ", ".join(label_names(ids))

    @property
    def mark(self) -> str:
        """The class of its row."""
        return _MARKS[self.fate]

    @property
    def was_sent(self) -> bool:
        """Whether the chef said anything of it."""
        return self.fate != _ADDED

    @property
    def is_kept(self) -> bool:
        """Whether Studio has anything of it that is worth telling beside what was sent."""
        return self.fate in (_ADDED, _BECAME)


def fields_of(node: Node) -> list[Field]:
    """Every field of a node: those that changed first, then the others as they were sent, then what Studio added."""
    kept = _list_kept_fields(node)
    sent = {name: value for name, value in node.sent.items() if name not in _ELSEWHERE}
    added = [Field(name, None, value, _ADDED) for name, value in kept.items() if name not in sent]
    return sorted([*_sent_fields(sent, kept), *added], key=lambda field: _ORDER.index(field.fate))


def _list_kept_fields(node: Node) -> dict[str, Any]:
    data = dicts.node(node)
    data.update(data.pop("labels"))
    return {name: value for name, value in data.items() if name not in _ELSEWHERE}


def _sent_fields(sent: dict[str, Any], kept: dict[str, Any]) -> Iterator[Field]:
    for name, value in sent.items():
        now = kept.get(name, _NOTHING)
        if now is _NOTHING:
            yield Field(name, value, None, _LEFT_OUT if value else _AS_SENT)
        elif _is_same(value, now):
            yield Field(name, value, now, _AS_SENT)
        else:
            yield Field(name, value, now, _BECAME)


def _is_same(sent: Any, kept: Any) -> bool:
    if sent == kept or (not sent and not kept):
        return True
    return isinstance(sent, str) and not isinstance(kept, str) and _parse_text(sent) == kept


def _parse_text(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NOTHING
