"""Trees as they are compared: of the Studio, of a snapshot, of ricecooker, of a published database."""

from __future__ import annotations

from typing import Any

from fake_studio.core.model import Node

Data = dict[str, Any]


def tree_of_root(root: Node) -> Data:
    """A tree as the comparison needs it."""
    tree_data: Data = {"node_id": root.node_id, "title": root.title, "children": []}
    stack = [(root, tree_data)]
    while stack:
        node, data = stack.pop()
        for child in node.children:
            below = {name: getattr(child, name) for name in ("node_id", "content_id", "title", "kind")}
            below["files"] = [
                {
                    "checksum": file.checksum,
                    "extension": file.extension,
                    "preset": file.preset,
                    "language": file.language,
                }
                for file in child.files
            ]
            below["questions"] = [{"assessment_id": question.assessment_id} for question in child.questions]
            data["children"].append({**below, "children": []})
            stack.append((child, data["children"][-1]))
    return tree_data


def plain_tree(tree: Data) -> Data:
    """A tree from elsewhere, with what is compared and nothing else: other fields come in other shapes."""
    tree_data: Data = {"node_id": tree.get("node_id"), "title": tree.get("title"), "children": []}
    stack = [(tree, tree_data)]
    while stack:
        node, data = stack.pop()
        for child in node.get("children") or []:
            below = {name: child.get(name) for name in ("node_id", "content_id", "title", "kind")}
            below["files"] = [_file(file) for file in child.get("files") or [] if file]
            questions = child.get("questions") or []
            below["questions"] = [{"assessment_id": question.get("assessment_id")} for question in questions]
            data["children"].append({**below, "children": []})
            stack.append((child, data["children"][-1]))
    return tree_data


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
