"""Nodes as nearly every chef sends them, recognised together: by a look at each column of the whole call.

Nothing is refused here. What is not recognised goes through ``rules/nodes.py``, which reads field by field in Studio's
order and names the cause; both make a node of the same values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
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
_TEXTS, _FILES, _LISTS = 15, 18, 20  # where its texts end, where its files are, and where its labels begin
_TYPES_OF_FILE: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("filename", "preset"), _TEXT),
    "size": _NUMBER_OR_NULL,
    **dict.fromkeys(("language", "original_filename", "source_url"), _TEXT_OR_NULL),
    "duration": _NUMBER_OR_NULL,
}
# What stands for a field that may be left out; labels are not among a node's then.
_LEFT_OUT: dict[str, Any] = {
    **dict.fromkeys(("license_description", "copyright_holder", "aggregator", "provider"), ""),
    **dict.fromkeys(("source_id", "source_domain", "role", "tags", "suggested_duration")),
    **dict.fromkeys(LABEL_VALUES, ...),
}
_LEFT_OUT_OF_FILE = dict.fromkeys(("language", "original_filename", "source_url", "duration"))
_get_fields, _get_fields_of_file = itemgetter(*_TYPES), itemgetter(*_TYPES_OF_FILE)
_KINDS = frozenset(values.KINDS) - {content_kinds.EXERCISE, content_kinds.SLIDESHOW}
_LANGUAGES: dict[str | None, str | None] = {None: None, **{code: code for code in values.LANGUAGES}}
_LICENSES = frozenset((None, *values.LICENSES))
_LABELS = {name: frozenset(allowed) for name, allowed in LABEL_VALUES.items()}
_FILE_NAME = re.compile(r"[0-9a-f]{2,400}\.[0-9a-z]+")
_EXTENSIONS = {extension: extension for extension in values.EXTENSIONS}
_PRESETS = {name: name for name, preset in values.PRESETS.items() if not preset.thumbnail}
_LONGEST = 200  # characters: no text has a lower limit but those below, and what is longer is looked at one by one
_LARGEST = 2**31 - 1

Columns = list[tuple[Any, ...]]


class _Unusual(Exception):
    """There is a node among these that is to be read field by field."""


def make_plain_nodes(
    context: ValidationContext, ids: IdGenerator, nodes: Sequence[Any], channel_id: str, *, is_ascii: bool = False
) -> list[Node] | None:
    """New nodes with what a chef sent for them if all of that is plain and right, else None.

    An exercise, a slideshow and a node with a thumbnail are never plain. No id is made for what is not plain, so that
    a seed gives a node the same ids on either way. With ``is_ascii`` no text holds what a database does not keep.
    """
    try:
        rows = _read_rows(nodes, _get_fields, _LEFT_OUT)
        columns = [*zip(*rows)]
        texts, (tags, extra_fields, durations, entries, questions) = columns[:_TEXTS], columns[_TEXTS:_LISTS]
        if any(questions) or not _are_right(texts):
            return None
        _check_numbers(durations)
        kept_tags = [_read_tags(sent) for sent in tags]
        files = _read_files(context, [*chain.from_iterable(entries)], is_ascii=is_ascii)
        if not is_ascii:
            _check_characters(chain(*texts, *kept_tags))
        fields = [{} if sent == "{}" else _read_extra_fields(sent, kind) for sent, kind in zip(extra_fields, texts[3])]
        others = [*zip(kept_tags, fields, _read_labels(columns[_LISTS:]), durations)]
    except (_Unusual, Refusal, KeyError):
        return None
    return _make_nodes(context, ids, channel_id, zip(rows, others), iter(files))


def _make_nodes(
    context: ValidationContext,
    ids: IdGenerator,
    channel_id: str,
    rows: Iterable[tuple[tuple[Any, ...], tuple[Any, ...]]],
    files: Iterator[tuple[Any, ...]],
) -> list[Node]:
    """Nodes of what was read: ``files`` are the values of all their files, in order."""
    nodes, new_id, number, now = [], context.new_id, ids.number, ids.now
    for row, others in rows:
        kind, source_domain, role = _keep_one((row[3], row[13], row[14] or roles.LEARNER))
        # By their places, as Node has them: with names it would take half as long again.
        columns: tuple[Any, ...] = (
            *(new_id(), number(), *row[:3], kind, channel_id, None, [], 1.0, row[4]),
            *(*_keep_one(row[5:12]), row[12], source_domain, role, *others),
            [*[File(new_id(), *next(files)) for _ in row[_FILES]]],  # a copy has no room for more: a fifth less
        )
        node = Node(*columns)
        node.created = now()
        nodes.append(node)
    return nodes


@lru_cache(maxsize=1024)
def _keep_one(texts: tuple[Any, ...]) -> tuple[Any, ...]:
    """One text for all nodes that have it: JSON gives each its own, and a channel has one holder of its rights."""
    return texts


def _read_rows(
    entries: Sequence[Any], get: Callable[[Any], tuple[Any, ...]], left_out: dict[str, Any]
) -> list[tuple[Any, ...]]:
    """The values of all fields of each object. Raises KeyError for one that may not be left out."""
    if not {dict}.issuperset(map(type, entries)):
        raise _Unusual
    try:
        rows = [*map(get, entries)]
    except KeyError:
        rows = [get({**left_out, **entry}) for entry in entries]
    # Nearly all have the same types in the same places: to look those up costs less than to look at each.
    if not all(map(_are_plain_types, {(*map(type, row),) for row in rows})):
        raise _Unusual
    return rows


@lru_cache(maxsize=256)
def _are_plain_types(types: tuple[type, ...]) -> bool:
    allowed = _TYPES if len(types) == len(_TYPES) else _TYPES_OF_FILE
    return all(kind in kinds for kind, kinds in zip(types, allowed.values()))


def _are_right(texts: Columns) -> bool:
    """Whether no text is too long, and what names something of le_utils names what is there."""
    node_ids, content_ids, titles, kinds, _, languages, licenses, *others, role_names = texts
    return (
        _longest((*node_ids, *content_ids)) <= 32
        and _longest(role_names) <= 50
        and _longest(chain(titles, *others)) <= _LONGEST
        and _KINDS.issuperset(kinds)
        and _LANGUAGES.keys() >= set(languages)
        and _LICENSES.issuperset(licenses)
    )


def _longest(texts: Iterable[str | None]) -> int:
    return max(map(len, filter(None, texts)), default=0)


def _read_labels(columns: Columns) -> list[dict[str, list[str]]]:
    if not any(chain(*columns)):
        none: list[str] = []  # one for all: lists of labels are never changed
        return [dict.fromkeys(_LABELS, none) for _ in columns[0]]
    rows = zip(*columns)
    return [_check_labels({name: ids for name, ids in zip(_LABELS, row) if ids is not ...}) for row in rows]


def _check_labels(labels: dict[str, list[str]]) -> dict[str, list[str]]:
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


def _check_numbers(numbers: Iterable[int | None], least: int = -_LARGEST) -> None:
    if not all(least <= number <= _LARGEST for number in numbers if number is not None):
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


def _read_files(context: ValidationContext, entries: list[Any], *, is_ascii: bool) -> list[tuple[Any, ...]]:
    """The values of plain files as ``File`` has them, but for their ids.

    None is a thumbnail, and all are named by hex digits and an extension of le_utils.
    """
    if not entries:
        return []
    rows = _read_rows(entries, _get_fields_of_file, _LEFT_OUT_OF_FILE)
    _, _, sizes, languages, originals, sources, durations = zip(*rows)
    if not is_ascii:
        _check_characters((*originals, *sources))
    if _longest(originals) > 255 or _longest(sources) > 400 or not _LANGUAGES.keys() >= set(languages):
        raise _Unusual
    _check_numbers(sizes)
    _check_numbers(durations, least=1)
    return [_read_file(context, row) for row in rows]


def _read_file(context: ValidationContext, row: tuple[Any, ...]) -> tuple[Any, ...]:
    name, preset, size, language, original, source, duration = row
    checksum, _, extension = name.partition(".")
    stored = context.storage.get(name)
    if stored is not None and stored.md5 == checksum:
        name, checksum = stored.name, stored.md5  # one text in memory, and surely an md5
    elif (stored is None and context.strictness.stored_files) or not _FILE_NAME.fullmatch(name):
        raise _Unusual
    if duration is not None and preset not in values.MEDIA_PRESETS:
        raise _Unusual
    size = size or (stored.size if stored else None)
    kept = checksum, _EXTENSIONS[extension], name, size, _PRESETS[preset]
    return (*kept, _LANGUAGES[language], original or "file", source, duration, context.user_id)
