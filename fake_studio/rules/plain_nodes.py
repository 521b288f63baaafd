"""Nodes as nearly every chef sends them, recognised by a few looks at all of their fields together.

Nothing is refused here. What is not recognised goes through ``rules/nodes.py``, which reads field by field in Studio's
order and names the cause; both make a node of the same values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter
from typing import Any, Callable

from le_utils.constants import content_kinds, roles

from fake_studio.core import values
from fake_studio.core.ids import IdGenerator
from fake_studio.core.model import File, Node
from fake_studio.core.refusals import NodeNotStorable, Refusal
from fake_studio.rules.files import ValidationContext
from fake_studio.rules.nodes import LABEL_VALUES, TAG_LIMIT, parse_extra_fields

_TEXT, _TEXT_OR_NULL, _NUMBER_OR_NULL = (str,), (str, type(None)), (int, type(None))
# The types that a plain value has. The texts stand in the order in which ``Node`` has them.
_TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("node_id", "content_id", "title", "kind", "description"), _TEXT),
    **dict.fromkeys(("language", "license", "license_description", "copyright_holder", "author"), _TEXT_OR_NULL),
    **dict.fromkeys(("aggregator", "provider"), _TEXT),
    **dict.fromkeys(("source_id", "source_domain", "role"), _TEXT_OR_NULL),
    "tags": (list, type(None)),
    "extra_fields": (str, dict, type(None)),
    "suggested_duration": _NUMBER_OR_NULL,
    "files": (list,),
    "questions": (list,),
    **dict.fromkeys(LABEL_VALUES, (list, type(...))),
}
_TEXTS, _LISTS = 15, 20  # where its texts end, and where its labels begin
_TYPES_OF_FILE: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("filename", "preset"), _TEXT),
    "size": _NUMBER_OR_NULL,
    **dict.fromkeys(("language", "original_filename", "source_url"), _TEXT_OR_NULL),
    "duration": _NUMBER_OR_NULL,
}
_TEXTS_OF_FILE = slice(6, 8)  # of what is read of a file: its own name and its source
# What stands for a field that may be left out; labels are not among a node's then.
_LEFT_OUT: dict[str, Any] = {
    **dict.fromkeys(("license_description", "copyright_holder", "aggregator", "provider"), ""),
    **dict.fromkeys(("source_id", "source_domain", "role", "tags", "suggested_duration")),
    **dict.fromkeys(LABEL_VALUES, ...),
}
_LEFT_OUT_OF_FILE = dict.fromkeys(("language", "original_filename", "source_url", "duration"))
_get_fields, _get_fields_of_file = itemgetter(*_TYPES), itemgetter(*_TYPES_OF_FILE)
_KINDS = frozenset(values.KINDS) - {content_kinds.EXERCISE, content_kinds.SLIDESHOW}
_FILE_NAME = re.compile(r"[0-9a-f]{2,400}\.[0-9a-z]+")
_LABELS = {name: frozenset(allowed) for name, allowed in LABEL_VALUES.items()}
_EXTENSIONS = {extension: extension for extension in values.EXTENSIONS}
_PRESETS = {name: name for name, preset in values.PRESETS.items() if not preset.thumbnail}
_LONGEST = 200  # characters: no text has a lower limit but those below, and what is longer is looked at one by one
_LARGEST = 2**31 - 1


class _Unusual(Exception):
    """A node that is to be read field by field."""


def make_plain_node(
    context: ValidationContext, ids: IdGenerator, data: dict[str, Any], channel_id: str, *, is_ascii: bool = False
) -> Node | None:
    """A new node with what a chef sent for it if all of that is plain and right, else None.

    An exercise, a slideshow and a node with a thumbnail are never plain. No id is made for what is not plain, so that
    a seed gives a node the same ids on either way. With ``is_ascii`` no text holds what a database does not keep.
    """
    try:
        fields = _read(data, _get_fields, _LEFT_OUT)
        texts, (tags, extra_fields, duration, entries, questions) = fields[:_TEXTS], fields[_TEXTS:_LISTS]
        if not (_are_plain_types(_types_of(fields)) and _are_right(*texts)) or questions:
            return None
        files = [_read_file(context, entry) for entry in entries]
        tags = _read_tags(tags)
        if not is_ascii:
            _check_characters((*texts, *tags, *(text for file in files for text in file[_TEXTS_OF_FILE])))
        extra_fields = {} if extra_fields == "{}" else _read_extra_fields(extra_fields, texts[3])
        others = tags, extra_fields, _read_labels(fields[_LISTS:]), _check_number(duration)
    except (_Unusual, Refusal, KeyError):
        return None
    return _make_node(context, ids, channel_id, texts, others, files)


def _make_node(
    context: ValidationContext,
    ids: IdGenerator,
    channel_id: str,
    texts: tuple[Any, ...],
    others: tuple[Any, ...],
    files: list[tuple[Any, ...]],
) -> Node:
    # By their places, as Node has them: with names it would take half as long again.
    columns: tuple[Any, ...] = (
        *(ids.hex(), ids.number(), *texts[:3], _keep_one(texts[3]), channel_id, None, [], 1.0, texts[4]),
        *map(_keep_one, texts[5:12]),
        *(texts[12], _keep_one(texts[13]), _keep_one(texts[14] or roles.LEARNER), *others),
        [File(context.new_id(), *file) for file in files],
    )
    node = Node(*columns)
    node.created = ids.now()
    return node


@lru_cache(maxsize=4096)
def _keep_one(text: str | None) -> str | None:
    """One text for all nodes that have it: JSON gives each its own, and a channel has one holder of its rights."""
    return text


def _read(data: dict[str, Any], get: Callable[[Any], tuple[Any, ...]], left_out: dict[str, Any]) -> tuple[Any, ...]:
    """The values of all fields. Raises KeyError for one that may not be left out."""
    try:
        return get(data)
    except KeyError:
        return get({**left_out, **data})


def _types_of(fields: tuple[Any, ...]) -> tuple[type, ...]:
    return (*map(type, fields),)


# Nearly all nodes have the same types in the same places: to look them up once costs less than to look at each.
@lru_cache(maxsize=256)
def _are_plain_types(types: tuple[type, ...]) -> bool:
    allowed = _TYPES if len(types) == len(_TYPES) else _TYPES_OF_FILE
    return all(kind in kinds for kind, kinds in zip(types, allowed.values()))


def _are_right(
    node_id: str, content_id: str, title: str, kind: str, _: str, language: Any, license_name: Any, *others: Any
) -> bool:
    """Whether no text is too long, and what names something of le_utils names what is there."""
    role = others[-1]
    return (
        len(node_id) <= 32
        and len(content_id) <= 32
        and not (role and len(role) > 50)
        and max(map(len, filter(None, (title, *others))), default=0) <= _LONGEST
        and kind in _KINDS
        and (language is None or language in values.LANGUAGES)
        and (license_name is None or license_name in values.LICENSES)
    )


def _read_labels(sent: tuple[Any, ...]) -> dict[str, list[str]]:
    if not any(sent):
        none: list[str] = []  # one list for the six: they are never changed
        return dict.fromkeys(_LABELS, none)
    labels = {name: ids for name, ids in zip(_LABELS, sent) if ids is not ...}
    for name, ids in labels.items():
        if ids and not _are_labels(ids, _LABELS[name]):
            raise _Unusual
    return labels


def _are_labels(sent: list[Any], allowed: frozenset[str]) -> bool:
    """Whether they are labels of le_utils, each there once."""
    return all(type(label) is str for label in sent) and allowed.issuperset(sent) and len(set(sent)) == len(sent)


def _read_tags(sent: list[Any] | None) -> list[str]:
    if not sent:
        return []
    if not all(type(tag) is str and len(tag) <= TAG_LIMIT for tag in sent):
        raise _Unusual
    return list(dict.fromkeys(sent))


def _check_number(value: int | None) -> int | None:
    if value is None or -_LARGEST <= value <= _LARGEST:
        return value
    raise _Unusual


def _read_extra_fields(sent: Any, kind: str) -> dict[str, Any]:
    fields = parse_extra_fields(sent, kind)
    if type(fields) is not dict:
        raise _Unusual
    values.check_json(fields, "extra_fields", NodeNotStorable)
    if type(fields.get("options") or {}) is not dict:
        raise _Unusual
    return fields


def _check_characters(texts: Iterable[str | None]) -> None:
    """Whether the database keeps all characters of texts: put together, they cost one look."""
    text = "".join(filter(None, texts))
    if not text.isascii() or "\x00" in text:
        values.check_characters(text, "", NodeNotStorable)


def _read_file(context: ValidationContext, entry: Any) -> tuple[Any, ...]:
    """The values of a plain file as ``File`` has them, but for its id.

    It is no thumbnail, and named by hex digits and an extension of le_utils.
    """
    if type(entry) is not dict:
        raise _Unusual
    fields = _read(entry, _get_fields_of_file, _LEFT_OUT_OF_FILE)
    if not _are_plain_types(_types_of(fields)):
        raise _Unusual
    name, preset, size, language, original, source, duration = fields
    checksum, _, extension = name.partition(".")
    stored = context.storage.get(name)
    if stored is not None and stored.md5 == checksum:
        name, checksum = stored.name, stored.md5  # one text in memory, and surely an md5
    elif (stored is None and context.strictness.stored_files) or not _FILE_NAME.fullmatch(name):
        raise _Unusual
    if not (
        (language is None or language in values.LANGUAGES)
        and (original is None or len(original) <= 255)
        and (source is None or len(source) <= 400)
        and (duration is None or (0 < duration <= _LARGEST and preset in values.MEDIA_PRESETS))
    ):
        raise _Unusual
    size = _check_number(size) or (stored.size if stored else None)
    parts = checksum, _EXTENSIONS[extension], name, size, _PRESETS[preset]
    return (*parts, _keep_one(language), original or "file", source, duration, context.user_id)
