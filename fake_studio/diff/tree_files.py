"""Trees kept in files: what the control API tells, a snapshot, a tree that ricecooker left, or a published database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

from le_utils.constants import content_kinds

from fake_studio.core.model import LABELS
from fake_studio.diff.published import is_database, load_published
from fake_studio.rules import completion_criteria as criteria

Data = Dict[str, Any]


def load_trees(path: Path) -> Dict[str, Data]:
    """The trees in a file by their channels' ids; of each channel the newest.

    Raises ValueError, naming the file, for anything that holds no tree.
    """
    if is_database(path):
        return load_published(path)
    try:
        trees = _trees(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} holds no tree: {error}") from None
    except RecursionError:
        raise ValueError(f"{path} holds no tree that can be read: it is nested too deeply.") from None
    if not trees:
        raise ValueError(f"{path} holds no tree: none of its channels has one.")
    return trees


def _trees(told: Any) -> Dict[str, Data]:
    if not isinstance(told, dict):
        raise ValueError("it is no JSON object")
    if "channels" not in told:
        return {str(told.get("node_id") or told.get("id")): _tree(told)}
    newest = ((channel["id"], _newest(channel["trees"])) for channel in told["channels"])
    return {channel_id: _tree(tree) for channel_id, tree in newest if tree}


def _newest(trees: Data) -> Any:
    tree = next((trees[name] for name in ("chef", "staging", "main") if trees.get(name)), None)
    return _grown(tree) if isinstance(tree, list) else tree


def _grown(nodes: List[Data]) -> Data:
    """A tree from a snapshot's list of nodes, parents first."""
    known = {node["id"]: {**node, "children": []} for node in nodes}
    for node in nodes[1:]:
        known[node["parent"]]["children"].append(known[node["id"]])
    return known[nodes[0]["id"]]


def _tree(told: Data) -> Data:
    if not isinstance(told.get("children"), list):
        raise ValueError("it has no list of children")
    _check_nodes(told)
    return from_ricecooker(told) if _is_ricecookers(told) else told


def _check_nodes(root: Data) -> None:
    waiting = [root]
    while waiting:
        for child in waiting.pop().get("children") or []:
            if not isinstance(child, dict):
                raise ValueError(f"{child!r:.60} stands where a node should")
            waiting.append(child)


def _is_ricecookers(told: Data) -> bool:
    return "source_domain" in told and "labels" not in told


def from_ricecooker(told: Data) -> Data:
    """A tree that ricecooker wrote (chefdata/trees) in the shape that the Studio tells trees in."""
    root: Data = {**told, "children": []}
    waiting = [(child, root) for child in reversed(told["children"])]
    while waiting:
        sent, parent = waiting.pop()
        node = _node(sent)
        parent["children"].append(node)
        waiting.extend((child, node) for child in reversed(sent.get("children") or []))
    return root


def _node(sent: Data) -> Data:
    fields = _parsed(sent.get("extra_fields")) or {}
    if sent.get("kind") == content_kinds.EXERCISE:
        fields = criteria.with_criteria(fields)
    return {
        **sent,
        "role": sent.get("role") or "learner",
        "labels": {name: list(dict.fromkeys(sent[name])) for name in LABELS if sent.get(name)},
        "extra_fields": fields,
        "files": [_file(file) for file in sent.get("files") or [] if file],
        "questions": [_question(question) for question in sent.get("questions") or []],
        "children": [],
    }


def _file(sent: Data) -> Data:
    checksum, _, extension = sent["filename"].partition(".")
    return {**sent, "checksum": checksum, "extension": extension}


def _question(sent: Data) -> Data:
    lists: Dict[str, List[Any]] = {name: _parsed(sent.get(name)) or [] for name in ("answers", "hints")}
    if sent.get("type") == "perseus_question":
        return {**sent, "question": "", "answers": [], "hints": []}
    return {**sent, **lists, "raw_data": ""}


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value else value
