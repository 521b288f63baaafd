"""A node's page: what was sent, what Studio makes of it, its files, and how it looks."""

from __future__ import annotations

from typing import Any

from fake_studio.core.model import Channel, Node
from fake_studio.web.pages.filters import render
from fake_studio.web.pages.lookup import node_of
from fake_studio.web.pages.node_card import lines_of
from fake_studio.web.pages.node_fields import fields_of
from fake_studio.web.pages.node_previews import Preview, previews_of
from fake_studio.web.pages.overview import report_of, tree_view
from fake_studio.web.pages.tree_view import TreeView
from fake_studio.web.request import studio


def node_page(channel_id: str, node_id: str) -> str:
    channel = studio().get_channel_record(channel_id)
    report = report_of(studio())
    previews = _find_previews(channel_id, node_id)
    with studio().lock:
        node = node_of(studio(), channel, node_id)
        view = tree_view(studio(), report, channel, channel.tree_of(node))
        return render(
            "node.html", look=view, node=node, previews=previews, **_render_node(node, channel), **_around(node, view)
        )


def _find_previews(channel_id: str, node_id: str) -> list[Preview]:
    """Without the Studio's lock: books and packages are read for it."""
    with studio().lock:
        node = node_of(studio(), studio().get_channel_record(channel_id), node_id)
    return list(previews_of(node, studio().storage))


def _render_node(node: Node, channel: Channel) -> dict[str, Any]:
    storage = studio().storage
    stored = {file.name: storage.get(file.name) for file in node.all_files()}
    return {"card": lines_of(node, channel.language), "fields": fields_of(node), "stored": stored}


def _around(node: Node, view: TreeView) -> dict[str, Any]:
    """Where the node stands: what is above it, and what comes before and after."""
    siblings = node.parent.children if node.parent else [node]
    place = siblings.index(node)
    job = view.channel.publishing
    left_out = [entry["reason"] for entry in job.left_out if entry["node_id"] == node.node_id] if job else []
    return {
        "above": list(node.ancestors())[-2::-1],
        "before": siblings[place - 1] if place else None,
        "after": siblings[place + 1] if place + 1 < len(siblings) else None,
        "left_out": left_out,
    }
