"""Trees kept in files: an answer of the control API, a snapshot, a report, or a tree that ricecooker left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from le_utils.constants import content_kinds

from fake_studio.core.model import LABELS, JsonDict
from fake_studio.diff.published import is_database, load_published
from fake_studio.rules import completion_criteria


def load_trees(path: Path) -> dict[str, JsonDict]:
    """The trees in a file by their channels' ids; of each channel the newest.

    Raises ValueError, naming the file, for anything that holds no tree.
    """
    if is_database(path):
        return load_published(path)
    try:
        trees = _trees(json.loads(path.read_text(encoding="utf-8")))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} holds no tree: it is not JSON ({error}).") from None
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} holds no tree: {error}") from None
    except RecursionError:
        raise ValueError(f"{path} holds no tree that can be read: it is nested too deeply.") from None
    if not trees:
        raise ValueError(f"{path} holds no tree: none of its channels has one.")
    return trees


def _trees(data: Any) -> dict[str, JsonDict]:
    if not isinstance(data, dict):
        raise ValueError("it is not a JSON object")
    # Without channels, it is one tree: what ricecooker leaves, or what the control API answers.
    if "channels" not in data:
        return {str(data.get("node_id") or data.get("id")): _tree(data)}
    newest = ((channel["id"], _newest(channel["trees"])) for channel in data["channels"])
    return {channel_id: _tree(tree) for channel_id, tree in newest if tree}


def _newest(trees: JsonDict) -> Any:
    # As core.trees.newest has it: what the last run left, wherever it got to.
    tree = next((trees[name] for name in ("chef", "staging", "main") if trees.get(name)), None)
    return _nest(tree) if isinstance(tree, list) else tree


def _nest(nodes: list[JsonDict]) -> JsonDict:
    """A tree from a snapshot's list of nodes, parents first."""
    by_id = {node["id"]: {**node, "children": []} for node in nodes}
    for node in nodes[1:]:
        by_id[node["parent"]]["children"].append(by_id[node["id"]])
    return by_id[nodes[0]["id"]]


def _tree(data: JsonDict) -> JsonDict:
    if not isinstance(data.get("children"), list):
        raise ValueError("it has no list of children")
    _check_nodes(data)
    return from_ricecooker(data) if _is_ricecookers(data) else data


def _check_nodes(root: JsonDict) -> None:
    stack = [root]
    while stack:
        for child in stack.pop().get("children") or []:
            if not isinstance(child, dict):
                raise ValueError(f"{child!r:.60} stands where a node should")
            stack.append(child)


def _is_ricecookers(data: JsonDict) -> bool:
    # Only the Studio's own trees put the labels of a node into one object.
    return "source_domain" in data and "labels" not in data


def from_ricecooker(data: JsonDict) -> JsonDict:
    """A tree that ricecooker wrote (chefdata/trees) in the shape of ``views.dicts.tree_to_dict``."""
    root: JsonDict = {**data, "children": []}
    stack = [(child, root) for child in reversed(data["children"])]
    while stack:
        sent, parent = stack.pop()
        node = _node(sent)
        parent["children"].append(node)
        stack.extend((child, node) for child in reversed(sent.get("children") or []))
    return root


def _node(sent: JsonDict) -> JsonDict:
    fields = _parse_json(sent.get("extra_fields")) or {}
    if sent.get("kind") == content_kinds.EXERCISE:
        fields = completion_criteria.migrate_mastery(fields)
    return {
        **sent,
        "role": sent.get("role") or "learner",
        "labels": {name: list(dict.fromkeys(sent[name])) for name in LABELS if sent.get(name)},
        "extra_fields": fields,
        "files": [_file(file) for file in sent.get("files") or [] if file],
        "questions": [_question(question) for question in sent.get("questions") or []],
        "children": [],
    }


def _file(sent: JsonDict) -> JsonDict:
    checksum, _, extension = sent["filename"].partition(".")
    return {**sent, "checksum": checksum, "extension": extension}


def _question(sent: JsonDict) -> JsonDict:
    lists: dict[str, list[Any]] = {name: _parse_json(sent.get(name)) or [] for name in ("answers", "hints")}
    # Studio keeps nothing of such a question but its raw data.
    if sent.get("type") == "perseus_question":
        return {**sent, "question": "", "answers": [], "hints": []}
    return {**sent, **lists, "raw_data": ""}


def _parse_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value else value
