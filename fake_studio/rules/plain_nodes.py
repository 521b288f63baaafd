"""Nodes as nearly every chef sends them, recognised in one pass over a table of their fields.

Nothing is refused here. What is not recognised goes through ``rules/nodes.py``, which reads field by field in Studio's
order and names the cause; both fill a node with the same values.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from le_utils.constants import content_kinds, roles

from fake_studio.core import values
from fake_studio.core.model import File, Node
from fake_studio.core.refusals import NodeNotStorable, Refusal
from fake_studio.rules.files import ValidationContext
from fake_studio.rules.nodes import (
    LABEL_VALUES,
    NEEDED,
    NEEDED_ALWAYS,
    TAG_LIMIT,
    parse_extra_fields,
)

_REFUSED = object()
# Columns of text: their names, limits in characters, what stands there where they are left out, and for null.
_TEXTS: tuple[tuple[str, int, str | None, Any], ...] = (
    ("node_id", 32, "", _REFUSED),
    ("content_id", 32, "", _REFUSED),
    ("title", 200, "", _REFUSED),
    ("description", sys.maxsize, "", _REFUSED),
    ("license_description", 400, "", None),
    ("copyright_holder", 200, "", None),
    ("author", 200, "", None),
    ("source_id", 200, None, None),
    ("source_domain", 300, None, None),
    ("aggregator", 200, "", ""),
    ("provider", 200, "", ""),
    ("role", 50, "", ""),
)
_KEYS = frozenset((*NEEDED, *NEEDED_ALWAYS, "language"))
_KINDS = frozenset(values.KINDS) - {content_kinds.EXERCISE, content_kinds.SLIDESHOW}
_FILE_KEYS = frozenset(("filename", "preset", "size"))
_FILE_NAME = re.compile(r"[0-9a-f]{2,400}\.([0-9a-z]+)")
_EXTENSIONS = frozenset(values.EXTENSIONS)
_LABELS = tuple((name, frozenset(allowed)) for name, allowed in LABEL_VALUES.items())
_PRESETS = frozenset(name for name, preset in values.PRESETS.items() if not preset.thumbnail)
_LARGEST = 2**31 - 1


class _Unusual(Exception):
    """A node that is to be read field by field."""


def fill_plain_node(context: ValidationContext, data: dict[str, Any], node: Node) -> bool:
    """Fill a new node with what a chef sent for it if all of that is plain and right; returns whether it was.

    Else the node is to be filled anew.

    An exercise, a slideshow and a node with a thumbnail are never plain. No id is made for what is not plain, so that
    a seed gives a node the same ids on either way.
    """
    try:
        _fill(context, data, node)
    except (_Unusual, Refusal):
        return False
    return True


def _fill(context: ValidationContext, data: dict[str, Any], node: Node) -> None:
    if not _is_plain(data):
        raise _Unusual
    texts, tags, entries = _fill_texts(node, data), _read_tags(data.get("tags")), data["files"]
    duration = _read_number(data.get("suggested_duration"))
    extra_fields = _read_extra_fields(data["extra_fields"], data["kind"])
    labels = _read_labels(data)
    for entry in entries:
        texts += _read_file(context, entry)
    _check_characters("".join(texts + tags))
    node.kind, node.language, node.license = data["kind"], data["language"], data["license"]
    node.role = node.role or roles.LEARNER
    node.suggested_duration, node.extra_fields = duration, extra_fields
    node.labels, node.tags = labels, tags
    node.files = [_file(context, entry) for entry in entries]


def _is_plain(data: dict[str, Any]) -> bool:
    """Whether every key is there, and what names something of le_utils names what is there."""
    if not data.keys() >= _KEYS or data["questions"] != [] or type(data["files"]) is not list:
        return False
    kind, language, license_name = data["kind"], data["language"], data["license"]
    return (
        type(kind) is str
        and kind in _KINDS
        and (language is None or (type(language) is str and language in values.LANGUAGES))
        and (license_name is None or (type(license_name) is str and license_name in values.LICENSES))
    )


def _fill_texts(node: Node, data: dict[str, Any]) -> list[str]:
    """Fill the columns of text; returns those texts that are not empty."""
    texts = []
    for name, limit, absent, null in _TEXTS:
        text = data.get(name, absent)
        if text is None:
            text = null if name in data else absent
        elif type(text) is not str or len(text) > limit:
            raise _Unusual
        if text:
            texts.append(text)
        setattr(node, name, text)
    if _REFUSED in texts:
        raise _Unusual
    return texts


def _read_labels(data: dict[str, Any]) -> dict[str, list[str]]:
    labels = {}
    for name, allowed in _LABELS:
        sent = data.get(name, False)
        if sent is False and name not in data:
            continue
        if type(sent) is not list or (sent and not _are_labels(sent, allowed)):
            raise _Unusual
        labels[name] = sent
    return labels


def _are_labels(sent: list[Any], allowed: frozenset[str]) -> bool:
    """Whether they are labels of le_utils, each there once."""
    return all(type(label) is str for label in sent) and allowed.issuperset(sent) and len(set(sent)) == len(sent)


def _read_tags(sent: Any) -> list[str]:
    if not sent and (sent is None or sent == []):
        return []
    if type(sent) is not list or not all(type(tag) is str and len(tag) <= TAG_LIMIT for tag in sent):
        raise _Unusual
    return list(dict.fromkeys(sent))


def _read_number(value: Any) -> int | None:
    if value is None or (type(value) is int and -_LARGEST <= value <= _LARGEST):
        return value
    raise _Unusual


def _read_extra_fields(sent: Any, kind: str) -> dict[str, Any]:
    if sent == "{}":
        return {}
    fields = parse_extra_fields(sent, kind)
    if type(fields) is not dict:
        raise _Unusual
    values.check_json(fields, "extra_fields", NodeNotStorable)
    if type(fields.get("options") or {}) is not dict:
        raise _Unusual
    return fields


def _check_characters(text: str) -> None:
    """Whether the database keeps all characters of texts that were put together: to look once costs least."""
    if not text.isascii() or "\x00" in text:
        values.check_characters(text, "", NodeNotStorable)


def _read_file(context: ValidationContext, entry: Any) -> list[str]:
    """The texts of a plain file: no thumbnail, named by hex digits and an extension of le_utils."""
    if type(entry) is not dict or not entry.keys() >= _FILE_KEYS:
        raise _Unusual
    name, original, source, language = map(entry.get, ("filename", "original_filename", "source_url", "language"))
    if not (
        type(name) is str
        and (match := _FILE_NAME.fullmatch(name))
        and match[1] in _EXTENSIONS
        and (context.storage.has(name) or not context.strictness.stored_files)
        and type(entry["preset"]) is str
        and entry["preset"] in _PRESETS
        and (language is None or (type(language) is str and language in values.LANGUAGES))
        and (original is None or (type(original) is str and len(original) <= 255))
        and (source is None or (type(source) is str and len(source) <= 400))
    ):
        raise _Unusual
    _read_number(entry["size"])
    if entry.get("duration") is not None:
        _check_duration(entry["duration"], entry["preset"])
    return [original or "", source or ""]


def _check_duration(seconds: Any, preset: str) -> None:
    if type(seconds) is not int or not 0 < seconds <= _LARGEST or preset not in values.MEDIA_PRESETS:
        raise _Unusual


def _file(context: ValidationContext, entry: dict[str, Any]) -> File:
    name = entry["filename"]
    checksum, _, extension = name.partition(".")
    return File(
        context.new_id(),
        checksum,
        extension,
        name,
        entry["size"] or context.storage.size(name),
        entry["preset"],
        entry.get("language"),
        entry.get("original_filename") or "file",
        entry.get("source_url"),
        entry.get("duration"),
        context.user_id,
    )
