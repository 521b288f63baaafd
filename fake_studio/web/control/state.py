"""The control API under /_fake/: the state, for tests and people, from this machine only. Always JSON.

journal.py has its other half: what was asked.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Response, current_app, jsonify, request

from fake_studio import snapshot as snapshots
from fake_studio.core.journal import LEAST_BYTES, LONGEST_JOURNAL, MOST_BYTES
from fake_studio.core.model import Channel, Json, JsonDict
from fake_studio.core.refusals import BodyMisshapen, NodeNotFound
from fake_studio.findings import findings_of
from fake_studio.views import dicts
from fake_studio.web.access import public_url
from fake_studio.web.api.uploads import storage_path
from fake_studio.web.dialects import DIALECTS, Dialect
from fake_studio.web.request import body, dialect, field, reset_app, studio


def openapi() -> JsonDict:
    """The description of every route, as this Studio's dialect has it, or the one that is asked for."""
    from fake_studio.web.openapi import describe_api  # takes a while, and hardly anybody asks

    return describe_api(current_app, requested_dialect(), public_url())


def requested_dialect() -> Dialect:
    """The dialect that the query names, or the one that is on. Raises BodyMisshapen."""
    return dialect_of(request.args.get("dialect", dialect().name))


def health() -> JsonDict:
    return {"status": "ok", "dialect": dialect().name}


def reset() -> JsonDict:
    reset_app(current_app)
    return {"status": "ok"}


def snapshot() -> Response:
    """The whole state, the bytes of files embedded: the same bytes for the same state."""
    return Response(snapshots.text(studio().snapshot()), content_type="application/json")


def load_snapshot() -> JsonDict:
    """Replace the state by that of a snapshot, all or nothing."""
    snapshots.load(studio(), snapshots.parse(request.get_data(as_text=True)))
    return {"status": "ok"}


def settings() -> JsonDict:
    return {
        "dialect": dialect().name,
        "public_url": current_app.config["PUBLIC_URL"] or None,
        "control_from_anywhere": current_app.config["CONTROL_FROM_ANYWHERE"],
        "max_journal": studio().journal.limit,
        "max_journal_bytes": studio().journal.max_bytes,
        "seed": studio().seed,
    }


def change_settings() -> JsonDict:
    """Change the dialect and the size of the journal; the rest is decided when the server starts."""
    apply_settings(body())
    return settings()


_SIZES = {"max_journal": (1, LONGEST_JOURNAL), "max_journal_bytes": (LEAST_BYTES, MOST_BYTES)}


def apply_settings(new_values: Json) -> None:
    """Take other settings, all or none. Raises BodyMisshapen."""
    names = ["dialect", *_SIZES]
    if not isinstance(new_values, dict) or not set(new_values) <= set(names):
        raise BodyMisshapen("Only dialect, max_journal and max_journal_bytes can be changed.", allowed=names)
    chosen = dialect_of(new_values.get("dialect", dialect().name))
    for name, (least, most) in _SIZES.items():
        size = new_values.get(name, most)
        if not isinstance(size, int) or isinstance(size, bool) or not least <= size <= most:
            raise BodyMisshapen(f"must be a whole number from {least} to {most}.", field=name)
    current_app.config["DIALECT"] = chosen
    studio().journal.resize(new_values.get("max_journal"), new_values.get("max_journal_bytes"))


def dialect_of(name: Json) -> Dialect:
    """The dialect of this name. Raises BodyMisshapen."""
    if name not in list(DIALECTS):
        raise BodyMisshapen(f"{name!r:.40} is not a dialect.", field="dialect", allowed=list(DIALECTS))
    return DIALECTS[name]


def users() -> Response:
    return jsonify([dicts.user(user) for user in studio().users])


def add_user() -> JsonDict:
    return dicts.user(studio().add_user(dicts.user_from_dict(body(), len(studio().users) + 1)))


def channels() -> Response:
    return jsonify([channel_view.to_dict() for channel_view in studio().channels])


def channel(channel_id: str) -> JsonDict:
    return studio().channel(channel_id).to_dict()


def change_channel(channel_id: str) -> JsonDict:
    """Make a channel public, or private again: ``{"public": true}``."""
    is_public = field(body(), "public")
    if not isinstance(is_public, bool):
        raise BodyMisshapen(f"must be true or false, not {is_public!r:.40}.", field="public")
    return dicts.channel(studio().set_public(channel_id, is_public))


def delete_channel(channel_id: str) -> JsonDict:
    return dicts.channel(studio().delete_channel(channel_id))


def tree(channel_id: str) -> Response:
    """A tree, by default the newest: whole, ``levels`` deep, or as text (``format=text``)."""
    with studio().lock:
        channel_record = studio().get_channel_record(channel_id)
        root = dicts.root_of(channel_record, request.args.get("tree"))
        if request.args.get("format") == "text":
            return Response(dicts.tree_outline(root), content_type="text/plain; charset=utf-8")
        return jsonify(dicts.tree_to_dict(root, _levels()))


def _levels() -> int | None:
    text = request.args.get("levels")
    if text is not None and not _LEVELS.fullmatch(text):
        raise BodyMisshapen(f"must be a whole number, not {text!r:.40}.", field="levels")
    return int(text) if text else None


_LEVELS = re.compile("[0-9]{1,9}")


def diff(channel_id: str) -> JsonDict:
    """What changed from one tree (``from``, default main) to another (``to``, default the newest)."""
    with studio().lock:
        channel_record = studio().get_channel_record(channel_id)
        return dicts.changes(channel_record, request.args.get("from", "main"), request.args.get("to")).to_dict()


def findings(channel_id: str) -> Response:
    return jsonify([finding.to_dict() for finding in findings_of(studio(), studio().get_channel_record(channel_id))])


def deploy(channel_id: str) -> JsonDict:
    return dicts.channel(studio().deploy_channel(channel_id))


def publish(channel_id: str) -> JsonDict:
    """Publish for the channel's first editor, and wait until it is done."""
    channel_record = start_publish(channel_id, request.args.get("version_notes"))
    studio().wait_until_published(channel_id)
    return dicts.channel(channel_record)


def start_publish(channel_id: str, version_notes: str | None) -> Channel:
    """A person's click: publish for the channel's first editor, as strictly as the dialect.

    Raises ChannelNotFound.
    """
    with studio().lock:
        channel_record = studio().get_channel_record(channel_id)
        editor = studio().state.first_editor(channel_record)
        studio().publish_channel(editor, channel_id, version_notes, strict=dialect().publishes_strictly)
        return channel_record


def node(node_id: str) -> Response:
    """Every node of this id, number or node_id, with all that its chef sent; usually there is one."""
    with studio().lock:
        nodes = [
            place for place in studio().state.nodes.values() if node_id in (place.id, str(place.number), place.node_id)
        ]
        if not nodes:
            raise NodeNotFound(f"Node not found: {node_id!r:.60}.")
        return jsonify([_node_to_dict(place) for place in nodes])


def _node_to_dict(place: Any) -> JsonDict:
    channel_record = studio().state.channels[place.channel_id]
    data: JsonDict = dicts.node(place)
    data.update(
        channel=channel_record.id,
        tree=channel_record.tree_of(place),
        children=[child.node_id for child in place.children],
    )
    return {**data, "sent": place.sent}


def files() -> Response:
    return jsonify([{**vars(stored), "url": storage_path(stored.name)} for stored in studio().storage.all()])


def report() -> JsonDict:
    """The verdict on everything that happened; ``allow`` (repeatable) and ``strict`` as for ``fake-studio cook``."""
    allow: list[str] = request.args.getlist("allow")
    data: Json = studio().report(allow=allow, strict=request.args.get("strict") in ("1", "true")).to_dict()
    return dict(data)
