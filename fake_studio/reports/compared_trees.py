"""Trees as they are compared: of the Studio, of a snapshot, of ricecooker, of a published database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Callable, TypeVar

from fake_studio.core.model import Node

Data = dict[str, Any]
_Node = TypeVar("_Node")
_COMPARED = ("node_id", "content_id", "title", "kind")


def tree_of_root(root: Node) -> Data:
    """A tree as the comparison needs it."""
    return _copy_tree(root, {"node_id": root.node_id, "title": root.title}, lambda node: node.children, _describe)


def plain_tree(tree: Data) -> Data:
    """A tree from elsewhere, with what is compared and nothing else: other fields come in other shapes."""
    head = {"node_id": tree.get("node_id"), "title": tree.get("title")}
    return _copy_tree(tree, head, lambda node: node.get("children") or [], _describe_plain)


def _copy_tree(
    root: _Node, head: Data, children_of: Callable[[_Node], Iterable[_Node]], describe: Callable[[_Node], Data]
) -> Data:
    tree_data: Data = {**head, "children": []}
    stack = [(root, tree_data)]
    while stack:
        node, data = stack.pop()
        for child in children_of(node):
            data["children"].append({**describe(child), "children": []})
            stack.append((child, data["children"][-1]))
    return tree_data


def _describe(node: Node) -> Data:
    names = ("checksum", "extension", "preset", "language")
    return {
        **{name: getattr(node, name) for name in _COMPARED},
        "files": [{name: getattr(file, name) for name in names} for file in node.files],
        "questions": [{"assessment_id": question.assessment_id} for question in node.questions],
    }


def _describe_plain(node: Data) -> Data:
    return {
        **{name: node.get(name) for name in _COMPARED},
        "files": [_file(file) for file in node.get("files") or [] if file],
        "questions": [{"assessment_id": question.get("assessment_id")} for question in node.get("questions") or []],
    }


def _file(file: Data) -> Data:
    checksum, _, extension = str(file.get("filename") or "").partition(".")
    data = {"checksum": file.get("checksum") or checksum, "extension": file.get("extension") or extension}
    return {**data, "preset": file.get("preset"), "language": file.get("language")}


def content_of(node: Data) -> Any:
    """What a resource is to learners: its kind, title, files and questions."""
    files = sorted(str(file.get("checksum")) for file in node.get("files") or [])
    # An exercise that has the same questions under another source_id is the same to its learners.
    questions = sorted(str(question.get("assessment_id")) for question in node.get("questions") or [])
    return node.get("kind"), node.get("title"), tuple(files), tuple(questions)


def contents_below(tree: Data) -> set[Any]:
    """The contents of all resources of a tree."""
    contents, stack = set(), list(tree["children"])
    while stack:
        node = stack.pop()
        stack.extend(node["children"])
        if node["files"] or node["questions"]:
            contents.add(content_of(node))
    return contents
