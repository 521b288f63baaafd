"""A node's page: what was sent, what Studio makes of it, its files, and how it looks."""

from __future__ import annotations

from typing import Any

from fake_studio.core.model import Node
from fake_studio.findings import inspect_contents
from fake_studio.web.pages.blueprints import pages
from fake_studio.web.pages.filters import render
from fake_studio.web.pages.lookup import node_of
from fake_studio.web.pages.node_fields import fields_of
from fake_studio.web.pages.tree_view import TreeView, build_tree_view
from fake_studio.web.request import studio


@pages.get("/channels/<channel_id>/nodes/<node_id>")
def node_page(channel_id: str, node_id: str) -> str:
    inspect_contents(studio())
    with studio().lock:
        channel = studio().get_channel_record(channel_id)
        node = node_of(studio(), channel, node_id)
        look = build_tree_view(studio(), channel, channel.tree_of(node))
        return render("node.html", look=look, node=node, **_render_node(node), **_around(node, look))


def _render_node(node: Node) -> dict[str, Any]:
    from fake_studio.web.pages.node_previews import previews_of  # reads every format of file: not at every start

    storage = studio().storage
    stored = {file.name: storage.get(file.name) for file in node.all_files()}
    return {"fields": fields_of(node), "previews": list(previews_of(node, storage)), "stored": stored}


def _around(node: Node, look: TreeView) -> dict[str, Any]:
    """Where the node stands: what is above it, and what comes before and after."""
    siblings = node.parent.children if node.parent else [node]
    place = siblings.index(node)
    job = look.channel.publishing
    left_out = [entry["reason"] for entry in job.left_out if entry["node_id"] == node.node_id] if job else []
    return {
        "above": list(node.ancestors())[-2::-1],
        "before": siblings[place - 1] if place else None,
        "after": siblings[place + 1] if place + 1 < len(siblings) else None,
        "left_out": left_out,
    }
