"""The state told as plain data (what json.dumps takes): users, channels, trees, nodes with all that was sent."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Dict, List, Optional

from fake_studio.core import trees as trees_trees
from fake_studio.core.model import Channel, File, Node, Question, User
from fake_studio.core.refusals import BodyMisshapen, KeyMissing
from fake_studio.core.values import check_json, json_name
from fake_studio.diff.difference import Difference, difference
from fake_studio.rules import channels as channel_rules

Data = Dict[str, Any]


def user(known: User) -> Data:
    """An account, its token included."""
    return {key: value for key, value in asdict(known).items() if key != "staged_files"}


def user_from(data: Any, default_id: int) -> User:
    """An account from ``{username, token, first_name, last_name, is_admin, is_active, disk_space}``.

    Other keys are ignored. Raises BodyMisshapen and KeyMissing.
    """
    if not isinstance(data, dict):
        raise BodyMisshapen(f"A user must be an object, not {json_name(data)}.")
    for key in ("username", "token"):
        if not isinstance(data.get(key), str) or not data[key]:
            raise KeyMissing(key)
    told = {key: value for key, value in data.items() if key in _USER}
    for key, value in told.items():
        if type(value) not in _USER[key]:  # not isinstance: true is no number
            raise BodyMisshapen(f"must not be {json_name(value)}.", field=key)
        check_json(value, key, BodyMisshapen)
    return User(id=default_id, **told)


_TEXTS = dict.fromkeys(("username", "token", "first_name", "last_name"), (str,))
_USER = {**_TEXTS, "is_admin": (bool,), "is_active": (bool,), "disk_space": (int, float)}


def channel(known: Channel) -> Data:
    """A channel, its status, and how many nodes each of its trees has below the root."""
    return {
        "id": known.id,
        "name": known.name,
        "description": known.description,
        "tagline": known.tagline,
        "language": known.language,
        "thumbnail": known.thumbnail,
        "source_id": known.source_id,
        "source_domain": known.source_domain,
        "ricecooker_version": known.ricecooker_version,
        "editors": list(known.editors),
        "status": channel_rules.status_of(known),
        "deleted": known.deleted,
        "public": known.public,
        "version": known.version,
        "last_published": known.last_published,
        "versions": {str(version): dict(told) for version, told in known.published_versions.items()},
        "tokens": list(known.tokens),
        "publishing": known.publishing.told() if known.publishing else None,
        "trees": {name: _count(root) for name, root in known.trees.items()},
    }


def _count(root: Optional[Node]) -> Optional[int]:
    return None if root is None else sum(1 for _ in root.descendants())


def root_of(known: Channel, name: Optional[str]) -> Node:
    """The root of the tree of this name, by default of the newest. Raises TreeUnknown."""
    return trees_trees.root_of(known, name or trees_trees.newest_name(known))


def nested(root: Node, levels: Optional[int] = None) -> Data:
    """A node and what is below it, each node with its ``children`` in order; ``levels`` deep, or whole."""
    told = {id(root): (node(root), 0)}
    for below in root.descendants():
        above, depth = told.get(id(below.parent), (None, 0))
        if above is None or depth == levels:
            continue
        told[id(below)] = (node(below), depth + 1)
        above["children"].append(told[id(below)][0])
    return told[id(root)][0]


def changes(known: Channel, old: Optional[str], new: Optional[str]) -> Difference:
    """What changed from one tree of a channel to another, each by its name or else the newest. Raises TreeUnknown."""
    return difference(nested(root_of(known, old)), nested(root_of(known, new)))


def golden(root: Node) -> Data:
    """A tree as ``nested`` tells it, less what another run would have otherwise: ids of this server, and times."""
    told = {id(root): golden_node(root)}
    for below in root.descendants():
        told[id(below)] = golden_node(below)
        told[id(below.parent)]["children"].append(told[id(below)])
    return told[id(root)]


def golden_node(known: Node) -> Data:
    """One node of a golden tree."""
    told = {key: value for key, value in node(known).items() if key not in _VOLATILE}
    for part in (*told["questions"], *told["slides"]):
        part["files"] = [_lasting(each) for each in part["files"]]
    told["files"] = [_lasting(each) for each in told["files"] if not each["generated"]]
    return told


_VOLATILE = ("id", "number", "generated", "changed", "published", "source_channel_id", "source_node_id", "uploaded_by")


def _lasting(told: Data) -> Data:
    return {key: value for key, value in told.items() if key not in _VOLATILE}


def outline(root: Node) -> str:
    """The titles and kinds below a root, a line each, indented."""
    return "".join(f"{'  ' * depth}{below.title} [{below.kind}]\n" for below, depth in root.with_depth())


PLAIN = (
    *("id", "number", "node_id", "content_id", "title", "kind", "description", "language"),
    *("license", "license_description", "copyright_holder", "author", "aggregator", "provider"),
    *("source_id", "source_domain", "role", "tags", "extra_fields", "suggested_duration"),
    *("source_channel_id", "source_node_id", "changed", "published"),
)


def node(known: Node) -> Data:
    """A node as it stands, without its parent and with an empty list of children."""
    told: Data = {name: getattr(known, name) for name in PLAIN}
    told["labels"] = {name: list(values) for name, values in known.labels.items()}
    told["files"] = [file(each) for each in known.files]
    told["questions"] = [question(each) for each in known.questions]
    told["slides"] = [asdict(slide) for slide in known.slides]
    told["children"] = []
    return told


def file(known: File) -> Data:
    """A reference to a file."""
    return asdict(known)


def question(known: Question) -> Data:
    """A question, with its answers and hints as data."""
    told = {key: value for key, value in vars(known).items() if key not in ("files", "sent")}
    return {**told, "files": [file(each) for each in known.files]}


def stored_files(nodes: List[Node]) -> List[str]:
    """The names of the stored files that these nodes refer to, each once."""
    return list(dict.fromkeys(each.name for one in nodes for each in one.every_file()))
