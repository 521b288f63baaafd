"""The list of channels, and the page of one: its tree, its findings, and what a person does with it in Studio."""

from __future__ import annotations

from typing import Any, Dict, List, Set

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from fake_studio.core.model import Node
from fake_studio.findings import path_of
from fake_studio.publishing import shown_token
from fake_studio.web.access import public_url
from fake_studio.web.control.state import begin_to_publish
from fake_studio.web.pages.blueprints import pages
from fake_studio.web.pages.filters import drawn
from fake_studio.web.pages.lookup import node_of
from fake_studio.web.pages.tree_view import Look, Wanted, codes_in, look_at, never_arrived, search, tally
from fake_studio.web.pages.version_stamp import pulse_of
from fake_studio.web.request import studio

MANY = 200  # nodes of one topic, or results of a search, that are shown at once
FEW = 60  # nodes of a tree that is shown open
DEEPEST = 50  # levels that are opened at once


@pages.get("/")
def home() -> str:
    with studio().lock:
        told = studio().report()
        words = {"tally": tally, "never_arrived": never_arrived}
        return drawn("home.html", told=told, users=studio().users, url=public_url(), **words)


@pages.get("/pulse")
def pulse() -> Dict[str, str]:
    return {"pulse": pulse_of(studio())}


@pages.get("/channels/<channel_id>")
def channel_page(channel_id: str) -> str:
    with studio().lock:
        look = look_at(studio(), studio().found(channel_id), request.args.get("tree"))
        return drawn("channel.html", look=look, **_tree(look), **_searched(look), **_published())


def _tree(look: Look) -> Dict[str, Any]:
    wanted = request.args.get("node")
    marked = node_of(studio(), look.channel, wanted) if wanted else None
    opened = _opened(marked) if marked else set()
    if look.counts.nodes <= FEW:
        opened = {node.id for node in look.root.descendants()}
    return {"opened": opened, "marked": marked, "many": MANY, "start": 0}


def _opened(node: Node) -> Set[str]:
    above = [each.id for each in node.ancestors()]
    return set(above[-DEEPEST:]) | {node.id}


def _searched(look: Look) -> Dict[str, Any]:
    text, kind, finding = (request.args.get(name, "").strip() for name in ("q", "kind", "finding"))
    wanted = Wanted(text, kind, finding)
    results: List[Node] = search(look, wanted) if wanted.is_anything else []
    return {"wanted": wanted, "results": results, "path_of": path_of, "codes": codes_in(look)}


def _published() -> Dict[str, Any]:
    return {"url": public_url(), "shown_token": shown_token, "tally": tally}


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
        channel = studio().found(channel_id)
        node = node_of(studio(), channel, node_id)
        look = look_at(studio(), channel, channel.tree_of(node))
        return drawn("children.html", look=look, node=node, opened=set(), many=MANY, start=max(0, start))


@pages.post("/channels/<channel_id>/deploy")
def deploy_now(channel_id: str) -> Response:
    studio().deploy_channel(channel_id)
    return redirect(url_for("pages.channel_page", channel_id=channel_id))


@pages.post("/channels/<channel_id>/publish")
def publish_now(channel_id: str) -> Response:
    """Publish for the channel's first editor. The page shows how it goes."""
    begin_to_publish(channel_id, request.form.get("version_notes") or None)
    return redirect(url_for("pages.channel_page", channel_id=channel_id))


@pages.post("/channels/<channel_id>/public")
def set_public_now(channel_id: str) -> Response:
    """The switch: a form says ``public`` = ``yes`` or ``no``."""
    studio().set_public(channel_id, request.form.get("public") == "yes")
    return redirect(url_for("pages.channel_page", channel_id=channel_id))
