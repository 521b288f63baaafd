"""Each exchange of the API goes into the journal: before and after every request, outside of the routes."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from flask import Flask, Request, Response, current_app, g, request
from werkzeug.datastructures import EnvironHeaders

from fake_studio.core.exchange import Exchange, KeptHeaders, Message, body_nodes
from fake_studio.core.model import Json
from fake_studio.core.secrets import mask_headers, mask_members, mask_text
from fake_studio.core.values import json_name
from fake_studio.web.access import is_internal_route

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from fake_studio.web.studio_request import StudioRequest

KEPT_BYTES = 256 * 1024
_SHORT = 100  # characters
_UPLOADS = ("file_upload", "put_file")


def record_exchanges(app: Flask) -> None:
    """Record this app's exchanges in the journal of the Studio that it serves at the time."""

    def end(answer: Response) -> Response:
        if not is_internal_route():
            current_app.extensions["fake_studio"].journal.record(_exchange(answer))
        return answer

    app.after_request(end)


def endpoint_name() -> str | None:
    """The endpoint that is asked, by the name of its function and without its blueprint; None where there is none."""
    return _endpoint_of(request)


def _endpoint_of(asked: Request) -> str | None:
    return (asked.endpoint or "").rpartition(".")[2] or None


def store_body(content: bytes, data: Json) -> None:
    """Keep a body, and what was read in it, for the journal."""
    g.sent, g.content = data, content


def _cut_body(content: bytes | None, sent: Json) -> tuple[bytes | None, bytes | None]:
    """What the journal keeps of a body: its bytes; of a large one what is short in it, and apart its node_ids."""
    if content is None or len(content) <= KEPT_BYTES:
        return content, None
    nodes = [_plain(node.get("node_id")) for node in body_nodes(sent)]
    return _as_json({**_short(sent), **digest(content)}), _as_json(nodes)


def _as_json(data: Json) -> bytes:
    return json.dumps(data).encode("ascii")


def _short(data: Json) -> dict[str, Json]:
    members = data.items() if isinstance(data, dict) else ()
    short = ((key, value) for key, value in members if _plain(value) is value and len(str(value)) <= _SHORT)
    return dict(islice((member for member in short if len(member[0]) <= _SHORT), _SHORT))


def _plain(value: Json) -> Json:
    """A value that is no list and no object: those are told by their name, for nobody sends a node_id of that kind."""
    return json_name(value) if isinstance(value, (dict, list)) else value


def digest(content: bytes) -> dict[str, Json]:
    """What stands for content that is too large to keep."""
    return {"md5": hashlib.md5(content, usedforsecurity=False).hexdigest(), "size": len(content)}


def _exchange(answer: Response) -> Exchange:
    # The objects themselves: each look through Flask's proxies costs as much as a line of what follows.
    asked: StudioRequest = request._get_current_object()  # type: ignore[attr-defined]
    kept = vars(g._get_current_object())
    refusal, user = kept.get("refusal"), kept.get("user")
    length = asked.environ.get("CONTENT_LENGTH")
    body, nodes = _cut_body(kept.get("content"), kept.get("sent"))
    return Exchange(
        number=0,
        time=time.time(),
        method=asked.method,
        path=mask_text(_path_of(asked)),
        endpoint=_endpoint_of(asked),
        user=user.username if user else None,
        channel=_channel_of(kept.get("sent")),
        request=Message(_request_headers(asked.environ), body, length=length and sys.intern(length)),
        status=0 if "lost" in kept else answer.status_code,
        answer=_answer(asked, answer),
        duration=time.perf_counter() - asked.began,
        refusal=mask_members(refusal.cause()) if refusal else None,
        fault=kept.get("fault"),
        kept_nodes=nodes,
    )


def full_path() -> str:
    """The path that is asked, with its query."""
    return _path_of(request)


def _path_of(asked: Request) -> str:
    query = asked.query_string
    return f"{asked.path}?{query.decode('utf-8', 'replace')}" if query else asked.path


def _request_headers(environ: WSGIEnvironment) -> KeptHeaders:
    sent = [item for item in environ.items() if item[0].startswith("HTTP_")]
    return _masked_environ(tuple(sent), environ.get("CONTENT_TYPE"))


# A client says nearly the same each time: a thousand exchanges need not mask, or keep, a thousand copies of it.
@lru_cache(maxsize=256)
def _masked_environ(sent: tuple[tuple[str, str], ...], media_type: str | None) -> KeptHeaders:
    environ = {**dict(sent), "CONTENT_TYPE": media_type} if media_type else dict(sent)
    return KeptHeaders(mask_headers(dict(EnvironHeaders(environ).items())))


@lru_cache(maxsize=256)
def _mask_headers_once(headers: tuple[tuple[str, str], ...]) -> KeptHeaders:
    return KeptHeaders(mask_headers(dict(headers)))


def _channel_of(sent: Json) -> str | None:
    """The channel that a body names, or whose node it names."""
    if not isinstance(sent, dict):
        return None
    data = sent.get("channel_data")
    channel = sent.get("channel_id") or (data.get("id") if isinstance(data, dict) else _channel_above(sent))
    return channel if isinstance(channel, str) else None


def _channel_above(sent: dict[str, Json]) -> str | None:
    root_id, state = sent.get("root_id"), current_app.extensions["fake_studio"].state
    if type(root_id) not in (int, str):
        return None
    parent = state.nodes.get(root_id) or state.numbered.get(root_id)
    return parent.channel_id if parent else None


def _answer(asked: Request, answer: Response) -> Message:
    headers = _mask_headers_once(tuple(answer.headers.to_wsgi_list()))
    media_type = answer.mimetype or ""
    is_json = media_type == "application/json"
    if (
        not (is_json or media_type.startswith("text/"))
        or asked.method == "HEAD"
        or answer.direct_passthrough
        or answer.is_streamed
    ):
        return Message(headers)
    parts = answer.response
    # Flask keeps the whole answer in one piece; get_data would make another of it.
    content: bytes = parts[0] if isinstance(parts, list) and len(parts) == 1 else answer.get_data()
    if len(content) > KEPT_BYTES:
        return Message(headers, _as_json(digest(content)))
    return Message(headers, content, is_json=is_json)
