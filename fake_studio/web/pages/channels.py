"""The list of channels, and the page of one: its tree, its findings, and what a person does with it in Studio."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from fake_studio.core.model import Node
from fake_studio.findings import inspect_contents, path_of
from fake_studio.publishing import shown_token
from fake_studio.web.access import public_url
from fake_studio.web.control.state import start_publish
from fake_studio.web.pages.blueprints import pages
from fake_studio.web.pages.filters import render
from fake_studio.web.pages.lookup import node_of
from fake_studio.web.pages.tree_view import (
    TreeSearch,
    TreeView,
    build_tree_view,
    codes_in,
    count_by_severity,
    never_arrived,
    search,
)
from fake_studio.web.pages.version_stamp import pulse_of
from fake_studio.web.request import studio

MANY = 200  # nodes of one topic, or results of a search, that are shown at once
FEW = 60  # nodes of a tree that is shown open
DEEPEST = 50  # levels that are opened at once


@pages.get("/")
def home() -> str:
    inspect_contents(studio())
    with studio().lock:
        report = studio().report()
        words = {"tally": count_by_severity, "never_arrived": never_arrived}
        return render("home.html", report=report, users=studio().users, url=public_url(), **words)


@pages.get("/pulse")
def pulse() -> dict[str, str]:
    return {"pulse": pulse_of(studio())}


@pages.get("/channels/<channel_id>")
def channel_page(channel_id: str) -> str:
    inspect_contents(studio())
    with studio().lock:
        look = build_tree_view(studio(), studio().get_channel_record(channel_id), request.args.get("tree"))
        return render("channel.html", look=look, **_tree(look), **_searched(look), **_published())


def _tree(look: TreeView) -> dict[str, Any]:
    node_id = request.args.get("node")
    marked = node_of(studio(), look.channel, node_id) if node_id else None
    opened = _opened(marked) if marked else set()
    if look.counts.nodes <= FEW:
        opened = {node.id for node in look.root.descendants()}
    return {"opened": opened, "marked": marked, "many": MANY, "start": 0}


def _opened(node: Node) -> set[str]:
    above = [ancestor.id for ancestor in node.ancestors()]
    return set(above[-DEEPEST:]) | {node.id}


def _searched(look: TreeView) -> dict[str, Any]:
    text, kind, finding = (request.args.get(name, "").strip() for name in ("q", "kind", "finding"))
    query = TreeSearch(text, kind, finding)
    results: list[Node] = search(look, query) if query.is_anything else []
    return {"wanted": query, "results": results, "path_of": path_of, "codes": codes_in(look)}


def _published() -> dict[str, Any]:
    return {"url": public_url(), "shown_token": shown_token, "tally": count_by_severity}


@pages.get("/channels/<channel_id>/edit")
@pages.get("/channels/<channel_id>/staging")
def landing(channel_id: str) -> Response:
    """Where the links lead that ricecooker prints."""
    return redirect(url_for("pages.channel_page", channel_id=channel_id))


@pages.get("/channels/<channel_id>/nodes/<node_id>/children")
def children(channel_id: str, node_id: str) -> str:
    """What is below a node, as a piece of the tree, from a place among them on."""
    start = request.args.get("start", 0, type=int)
    with studio().lock:
        channel = studio().get_channel_record(channel_id)
        node = node_of(studio(), channel, node_id)
        look = build_tree_view(studio(), channel, channel.tree_of(node))
        return render("children.html", look=look, node=node, opened=set(), many=MANY, start=max(0, start))


@pages.post("/channels/<channel_id>/deploy")
def deploy_form(channel_id: str) -> Response:
    studio().deploy_channel(channel_id)
    return redirect(url_for("pages.channel_page", channel_id=channel_id))


@pages.post("/channels/<channel_id>/publish")
def publish_form(channel_id: str) -> Response:
    """Publish for the channel's first editor. The page shows how it goes."""
    start_publish(channel_id, request.form.get("version_notes") or None)
    return redirect(url_for("pages.channel_page", channel_id=channel_id))


@pages.post("/channels/<channel_id>/public")
def public_form(channel_id: str) -> Response:
    """The switch: a form says ``public`` = ``yes`` or ``no``."""
    studio().set_public(channel_id, request.form.get("public") == "yes")
    return redirect(url_for("pages.channel_page", channel_id=channel_id))
