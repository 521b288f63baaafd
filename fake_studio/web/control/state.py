"""The control API under /_fake/: the state, for tests and people, from this machine only. Always JSON.

web/requests.py has its other half: what was asked.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from fake_studio import snapshot as snapshots
from fake_studio.core.journal import LONGEST_JOURNAL
from fake_studio.core.model import Channel, Json
from fake_studio.core.refusals import BodyMisshapen, NodeNotFound
from fake_studio.findings import findings_of
from fake_studio.views import dicts as account
from fake_studio.web.access import check_caller, public_url
from fake_studio.web.api.uploads import storage_path
from fake_studio.web.dialects import DIALECTS, Dialect
from fake_studio.web.request import body, dialect, field, studio

control = Blueprint("control", __name__, url_prefix="/_fake")
control.before_request(check_caller)

Data = Dict[str, Any]


@control.get("/openapi.json")
def openapi() -> Data:
    """The description of every route, as this Studio's dialect has it, or the one that is asked for."""
    from fake_studio.web.openapi import described  # takes a while, and hardly anybody asks

    return described(current_app, asked_dialect(), public_url())


def asked_dialect() -> Dialect:
    """The dialect that the query names, or the one that is on. Raises BodyMisshapen."""
    return dialect_of(request.args.get("dialect", dialect().name))


@control.get("/health")
def health() -> Data:
    return {"status": "ok", "dialect": dialect().name}


@control.post("/reset")
def reset() -> Data:
    start_again(current_app)
    return {"status": "ok"}


def start_again(app: Flask) -> None:
    """Back to the start: the state, and the settings that the server was started with."""
    app.config["DIALECT"] = app.config["DIALECT_AT_START"]
    app.extensions["fake_studio"].reset()


@control.get("/snapshot")
def snapshot() -> Response:
    """The whole state, the bytes of files embedded: the same bytes for the same state."""
    return Response(snapshots.text(studio().snapshot()), content_type="application/json")


@control.put("/snapshot")
def load_snapshot() -> Data:
    """Replace the state by that of a snapshot, all or nothing."""
    snapshots.load(studio(), snapshots.parsed(request.get_data(as_text=True)))
    return {"status": "ok"}


@control.get("/settings")
def settings() -> Data:
    return {
        "dialect": dialect().name,
        "public_url": current_app.config["PUBLIC_URL"] or None,
        "control_from_anywhere": current_app.config["CONTROL_FROM_ANYWHERE"],
        "max_journal": studio().journal.limit,
        "seed": studio().seed,
    }


@control.patch("/settings")
def change_settings() -> Data:
    """Change the dialect and the length of the journal; the rest is decided when the server starts."""
    set_anew(body())
    return settings()


def set_anew(told: Json) -> None:
    """Take other settings, all or none. Raises BodyMisshapen."""
    if not isinstance(told, dict) or not set(told) <= {"dialect", "max_journal"}:
        raise BodyMisshapen("Only dialect and max_journal can be changed.", allowed=["dialect", "max_journal"])
    chosen = dialect_of(told.get("dialect", dialect().name))
    limit = told.get("max_journal", 1)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= LONGEST_JOURNAL:
        raise BodyMisshapen(f"must be a whole number from 1 to {LONGEST_JOURNAL}.", field="max_journal")
    current_app.config["DIALECT"] = chosen
    if "max_journal" in told:
        studio().journal.resize(limit)


def dialect_of(name: Json) -> Dialect:
    """The dialect of this name. Raises BodyMisshapen."""
    if name not in list(DIALECTS):
        raise BodyMisshapen(f"{name!r:.40} is no dialect.", field="dialect", allowed=list(DIALECTS))
    return DIALECTS[name]


@control.get("/users")
def users() -> Response:
    return jsonify([account.user(user) for user in studio().users])


@control.post("/users")
def add_user() -> Data:
    return account.user(studio().add_user(account.user_from(body(), len(studio().users) + 1)))


@control.get("/channels")
def channels() -> Response:
    return jsonify([known.told() for known in studio().channels])


@control.get("/channels/<channel_id>")
def channel(channel_id: str) -> Data:
    return studio().channel(channel_id).told()


@control.patch("/channels/<channel_id>")
def change_channel(channel_id: str) -> Data:
    """Make a channel public, or private again: ``{"public": true}``."""
    is_public = field(body(), "public")
    if not isinstance(is_public, bool):
        raise BodyMisshapen(f"must be true or false, not {is_public!r:.40}.", field="public")
    return account.channel(studio().set_public(channel_id, is_public))


@control.delete("/channels/<channel_id>")
def delete_channel(channel_id: str) -> Data:
    return account.channel(studio().delete_channel(channel_id))


@control.get("/channels/<channel_id>/tree")
def tree(channel_id: str) -> Response:
    """A tree, by default the newest: whole, ``levels`` deep, or as text (``format=text``)."""
    with studio().lock:
        known = studio().found(channel_id)
        root = account.root_of(known, request.args.get("tree"))
        if request.args.get("format") == "text":
            return Response(account.outline(root), content_type="text/plain; charset=utf-8")
        return jsonify(account.nested(root, _levels()))


def _levels() -> Optional[int]:
    text = request.args.get("levels")
    if text is not None and not _LEVELS.fullmatch(text):
        raise BodyMisshapen(f"must be a whole number, not {text!r:.40}.", field="levels")
    return int(text) if text else None


_LEVELS = re.compile("[0-9]{1,9}")


@control.get("/channels/<channel_id>/diff")
def diff(channel_id: str) -> Data:
    """What changed from one tree (``from``, default main) to another (``to``, default the newest)."""
    with studio().lock:
        known = studio().found(channel_id)
        return account.changes(known, request.args.get("from", "main"), request.args.get("to")).told()


@control.get("/channels/<channel_id>/findings")
def findings(channel_id: str) -> Response:
    return jsonify([finding.told() for finding in findings_of(studio(), studio().found(channel_id))])


@control.post("/channels/<channel_id>/deploy")
def deploy(channel_id: str) -> Data:
    return account.channel(studio().deploy_channel(channel_id))


@control.post("/channels/<channel_id>/publish")
def publish(channel_id: str) -> Data:
    """Publish for the channel's first editor, and wait until it is done."""
    known = begin_to_publish(channel_id, request.args.get("version_notes"))
    studio().wait_until_published(channel_id)
    return account.channel(known)


def begin_to_publish(channel_id: str, version_notes: Optional[str]) -> Channel:
    """A person's click: publish for the channel's first editor, as strictly as the dialect.

    Raises ChannelNotFound.
    """
    with studio().lock:
        known = studio().found(channel_id)
        editor = studio().state.first_editor(known)
        studio().publish_channel(editor, channel_id, version_notes, strict=dialect().publishes_strictly)
        return known


@control.get("/nodes/<node_id>")
def node(node_id: str) -> Response:
    """Every node of this id, number or node_id, with all that its chef sent; usually there is one."""
    with studio().lock:
        nodes = [each for each in studio().state.nodes.values() if node_id in (each.id, str(each.number), each.node_id)]
        if not nodes:
            raise NodeNotFound(f"There is no node {node_id!r:.60}.")
        return jsonify([_node_told(each) for each in nodes])


def _node_told(each: Any) -> Data:
    known = studio().state.channels[each.channel_id]
    told: Data = account.node(each)
    told.update(channel=known.id, tree=known.tree_of(each), children=[child.node_id for child in each.children])
    return {**told, "sent": each.sent}


@control.get("/files")
def files() -> Response:
    return jsonify([{**vars(stored), "url": storage_path(stored.name)} for stored in studio().storage.all()])


@control.get("/report")
def report() -> Data:
    """The verdict on everything that happened; ``allow`` (repeatable) and ``strict`` as for ``fake-studio cook``."""
    allow: List[str] = request.args.getlist("allow")
    told: Json = studio().report(allow=allow, strict=request.args.get("strict") in ("1", "true")).told()
    return dict(told)
