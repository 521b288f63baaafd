"""The state as plain data (what json.dumps takes): users, channels, trees, nodes with all that was sent."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fake_studio.core import trees
from fake_studio.core.model import Channel, File, JsonDict, Node, Question, User
from fake_studio.core.refusals import BodyMisshapen, KeyMissing
from fake_studio.core.values import check_json, json_name
from fake_studio.diff.difference import Difference, difference
from fake_studio.rules import channels as channel_rules


def user(user_record: User) -> JsonDict:
    """An account: the fields of ``User`` but for ``staged_files``, the token included. ``disk_space`` is in bytes."""
    return {key: value for key, value in asdict(user_record).items() if key != "staged_files"}


def user_from_dict(data: Any, default_id: int) -> User:
    """An account from ``{username, token, first_name, last_name, is_admin, is_active, disk_space}``.

    Other keys are ignored. Raises BodyMisshapen and KeyMissing.
    """
    if not isinstance(data, dict):
        raise BodyMisshapen(f"A user must be an object, not {json_name(data)}.")
    for key in ("username", "token"):
        if not isinstance(data.get(key), str) or not data[key]:
            raise KeyMissing(key)
    fields_of_user = {key: value for key, value in data.items() if key in _USER}
    for key, value in fields_of_user.items():
        if type(value) not in _USER[key]:  # not isinstance: true is no number
            raise BodyMisshapen(f"must not be {json_name(value)}.", field=key)
        check_json(value, key, BodyMisshapen)
    return User(id=default_id, **fields_of_user)


_TEXTS = dict.fromkeys(("username", "token", "first_name", "last_name"), (str,))
_USER = {**_TEXTS, "is_admin": (bool,), "is_active": (bool,), "disk_space": (int, float)}


def channel(record: Channel) -> JsonDict:
    """A channel, its status, and how many nodes each of its trees has below the root (null for no such tree).

    ``last_published`` is in seconds since 1970; ``versions`` has what was published by version.
    """
    return {
        "id": record.id,
        "name": record.name,
        "description": record.description,
        "tagline": record.tagline,
        "language": record.language,
        "thumbnail": record.thumbnail,
        "source_id": record.source_id,
        "source_domain": record.source_domain,
        "ricecooker_version": record.ricecooker_version,
        "editors": list(record.editors),
        "status": channel_rules.status_of(record),
        "deleted": record.deleted,
        "public": record.public,
        "version": record.version,
        "last_published": record.last_published,
        "versions": {str(version): dict(published) for version, published in record.published_versions.items()},
        "tokens": list(record.tokens),
        "publishing": record.publishing.to_dict() if record.publishing else None,
        "trees": {name: _count(root) for name, root in record.trees.items()},
    }


def _count(root: Node | None) -> int | None:
    return None if root is None else sum(1 for _ in root.descendants())


def root_of(channel_record: Channel, name: str | None) -> Node:
    """The root of the tree of this name, by default of the newest. Raises TreeUnknown."""
    return trees.root_of(channel_record, name or trees.newest_name(channel_record))


def tree_to_dict(root: Node, levels: int | None = None) -> JsonDict:
    """A node and what is below it, each node with its ``children`` in order; ``levels`` deep, or whole."""
    data_by_node = {id(root): (node(root), 0)}
    for below in root.descendants():
        above, depth = data_by_node.get(id(below.parent), (None, 0))
        if above is None or depth == levels:
            continue
        data_by_node[id(below)] = (node(below), depth + 1)
        above["children"].append(data_by_node[id(below)][0])
    return data_by_node[id(root)][0]


def changes(channel_record: Channel, old: str | None, new: str | None) -> Difference:
    """What changed from one tree of a channel to another, each by its name or else the newest. Raises TreeUnknown."""
    return difference(tree_to_dict(root_of(channel_record, old)), tree_to_dict(root_of(channel_record, new)))


def tree_snapshot(root: Node) -> JsonDict:
    """A tree as ``tree_to_dict`` makes it, less what another run would have otherwise: ids of this server, times."""
    data_by_node = {id(root): node_snapshot(root)}
    for below in root.descendants():
        data_by_node[id(below)] = node_snapshot(below)
        data_by_node[id(below.parent)]["children"].append(data_by_node[id(below)])
    return data_by_node[id(root)]


def node_snapshot(record: Node) -> JsonDict:
    """One node of a golden tree: as ``node`` makes it, less what another run would have otherwise."""
    data = _lasting(node(record))
    for part in (*data["questions"], *data["slides"]):
        part["files"] = [_lasting(file_data) for file_data in part["files"]]
    # Files that a publish made are no chef's: a tree is the same before and after it.
    data["files"] = [_lasting(file_data) for file_data in data["files"] if not file_data["generated"]]
    return data


# What a server makes up, and what says how far a tree has come: it differs between two runs of one chef.
_VOLATILE = ("id", "number", "generated", "changed", "published", "source_channel_id", "source_node_id", "uploaded_by")


def _lasting(data: JsonDict) -> JsonDict:
    return {key: value for key, value in data.items() if key not in _VOLATILE}


def tree_outline(root: Node) -> str:
    """The titles and kinds below a root, a line each, indented."""
    return "".join(f"{'  ' * depth}{below.title} [{below.kind}]\n" for below, depth in root.walk_with_depth())


PLAIN = (
    *("id", "number", "node_id", "content_id", "title", "kind", "description", "language"),
    *("license", "license_description", "copyright_holder", "author", "aggregator", "provider"),
    *("source_id", "source_domain", "role", "tags", "extra_fields", "suggested_duration"),
    *("source_channel_id", "source_node_id", "changed", "published"),
)


def node(record: Node) -> JsonDict:
    """A node as it stands, without its parent and with an empty list of children.

    The keys are those of ``PLAIN``, ``labels``, ``files``, ``questions``, ``slides`` and ``children``.
    """
    data: JsonDict = {name: getattr(record, name) for name in PLAIN}
    data["labels"] = {name: list(values) for name, values in record.labels.items()}
    data["files"] = [file(file_record) for file_record in record.files]
    data["questions"] = [question(question_record) for question_record in record.questions]
    data["slides"] = [asdict(slide) for slide in record.slides]
    data["children"] = []
    return data


def file(record: File) -> JsonDict:
    """A reference to a file: the fields of ``File``. ``size`` is in bytes, ``duration`` in seconds."""
    return asdict(record)


def question(record: Question) -> JsonDict:
    """A question: the fields of ``Question`` but for ``sent``, its answers and hints as data."""
    # vars and not asdict, which would copy the answers: a channel may have ten thousand questions.
    data = {key: value for key, value in vars(record).items() if key not in ("files", "sent")}
    return {**data, "files": [file(file_record) for file_record in record.files]}


def stored_files(nodes: list[Node]) -> list[str]:
    """The names of the stored files that these nodes refer to, each once."""
    return list(dict.fromkeys(file_record.name for record in nodes for file_record in record.all_files()))
