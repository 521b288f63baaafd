"""The list of channels, and the page of one: its tree, its findings, and what a person does with it in Studio."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from fake_studio.core.model import Node
from fake_studio.findings import ERROR, path_of
from fake_studio.findings.cause import Cause
from fake_studio.publishing import shown_token
from fake_studio.web.access import public_url
from fake_studio.web.control.state import start_publish
from fake_studio.web.pages.filters import render
from fake_studio.web.pages.lookup import node_of
from fake_studio.web.pages.memory import remember
from fake_studio.web.pages.overview import (
    cards_of,
    causes_of_channel,
    consequences_of,
    is_newest_channel,
    report_of,
    tree_view,
)
from fake_studio.web.pages.tree_view import TreeSearch, TreeView, count_by_severity, search, search_missing
from fake_studio.web.pages.version_stamp import pulse_of
from fake_studio.web.request import studio

MANY = 200  # nodes of one topic, or results of a search, that are shown at once
SOME = 10  # causes that are shown unfolded
FEW = 60  # nodes of a tree that is shown open
DEEPEST = 50  # levels that are opened at once


def home() -> str:
    """Kept whole until something changes: browsers ask for it again and again."""
    return remember(studio(), ("home", public_url()), _home)


def _home() -> str:
    report = report_of(studio())
    runs = list(studio().chef_runs)
    with studio().lock:
        details = {
            "cards": cards_of(report),
            "users": studio().users,
            "url": public_url(),
            "run": runs[-1] if runs else None,
        }
        return render("home.html", report=report, **details)


def pulse() -> dict[str, str]:
    return {"pulse": pulse_of(studio())}


def channel_page(channel_id: str) -> str:
    channel = studio().get_channel_record(channel_id)
    report = report_of(studio())
    view = tree_view(studio(), report, channel, request.args.get("tree"))
    causes = causes_of_channel(report, channel)
    runs = list(studio().chef_runs)
    with studio().lock:
        details = {**_tree(view), **_search_tree(view), **_problems(view, causes)}
        run = runs[-1] if runs and is_newest_channel(report, channel) else None
        return render("channel.html", look=view, run=run, url=public_url(), shown_token=shown_token, **details)


def _problems(view: TreeView, causes: list[Cause]) -> dict[str, Any]:
    words = {"consequences_of": consequences_of, "node_ids": view.node_ids, "some": SOME}
    return {"causes": causes, "tally": count_by_severity(causes), "missing": len(view.missing), **words}


def _tree(view: TreeView) -> dict[str, Any]:
    node_id = request.args.get("node")
    marked = node_of(studio(), view.channel, node_id) if node_id else None
    opened = _list_open_ids(marked) if marked else set()
    if view.counts.nodes <= FEW:
        opened = {node.id for node in view.root.descendants()}
    return {"opened": opened, "marked": marked, "many": MANY, "start": 0}


def _list_open_ids(node: Node) -> set[str]:
    above = [ancestor.id for ancestor in node.ancestors()]
    return set(above[-DEEPEST:]) | {node.id}


def _search_tree(view: TreeView) -> dict[str, Any]:
    text, kind, finding = (request.args.get(name, "").strip() for name in ("q", "kind", "finding"))
    query = TreeSearch(text, kind, finding)
    results: list[Node] = search(view, query) if query.is_anything else []
    missing = search_missing(view, query) if query.is_anything else []
    return {"query": query, "results": results, "missing_results": missing, "path_of": path_of}


def landing(channel_id: str) -> Response:
    """Where the links lead that ricecooker prints."""
    return redirect(url_for("pages.channel_page", channel_id=channel_id))


def children(channel_id: str, node_id: str) -> str:
    """What is below a node, as a piece of the tree, from a place among them on."""
    start = request.args.get("start", 0, type=int)
    channel = studio().get_channel_record(channel_id)
    report = report_of(studio())
    with studio().lock:
        node = node_of(studio(), channel, node_id)
        view = tree_view(studio(), report, channel, channel.tree_of(node))
        return render("children.html", look=view, node=node, opened=set(), many=MANY, start=max(0, start))


def deploy_form(channel_id: str) -> Response:
    """Deploy; of a channel with errors, ask first."""
    is_staged = studio().get_channel_record(channel_id).root("staging") is not None
    if is_staged and _is_doubtful(channel_id):
        return redirect(url_for("pages.confirm_deploy", channel_id=channel_id))
    studio().deploy_channel(channel_id)
    return redirect(url_for("pages.channel_page", channel_id=channel_id))


def publish_form(channel_id: str) -> Response:
    """Publish for the channel's first editor; of a channel with errors, ask first. The page shows how it goes."""
    if _is_doubtful(channel_id):
        return redirect(url_for("pages.confirm_publish", channel_id=channel_id))
    start_publish(channel_id, request.form.get("version_notes") or None)
    return redirect(url_for("pages.channel_page", channel_id=channel_id))


def _is_doubtful(channel_id: str) -> bool:
    return request.form.get("confirmed") != "yes" and bool(_errors(channel_id))


def _errors(channel_id: str) -> list[Cause]:
    channel = studio().get_channel_record(channel_id)
    return [cause for cause in causes_of_channel(report_of(studio()), channel) if cause.severity == ERROR]


def confirm_deploy(channel_id: str) -> str:
    return _confirm(channel_id, "Deploy", "pages.deploy_form")


def confirm_publish(channel_id: str) -> str:
    return _confirm(channel_id, "Publish", "pages.publish_form")


def _confirm(channel_id: str, action: str, endpoint: str) -> str:
    channel = studio().get_channel_record(channel_id)
    return render("confirm.html", channel=channel, causes=_errors(channel_id), action=action, endpoint=endpoint)


def public_form(channel_id: str) -> Response:
    """The switch: a form says ``public`` = ``yes`` or ``no``."""
    studio().set_public(channel_id, request.form.get("public") == "yes")
    return redirect(url_for("pages.channel_page", channel_id=channel_id))
