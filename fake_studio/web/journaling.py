"""Each exchange of the API goes into the journal: before and after every request, outside of the routes."""

from __future__ import annotations

import hashlib
import sys
import time

from flask import Flask, Response, current_app, g, json, request

from fake_studio.core.journal import Exchange, body_nodes
from fake_studio.core.model import Json
from fake_studio.web.access import is_internal_route

KEPT_BYTES = 256 * 1024
_SHORT = 100  # characters
_UPLOADS = ("file_upload", "put_file")
_SECRET_HEADERS = ("Authorization", "Cookie")


def record_exchanges(app: Flask) -> None:
    """Record this app's exchanges in the journal of the Studio that it serves at the time."""

    def begin() -> None:
        g.began = time.perf_counter()

    def end(answer: Response) -> Response:
        if not is_internal_route():
            current_app.extensions["fake_studio"].journal.record(_exchange(answer))
        return answer

    app.before_request(begin)
    app.after_request(end)


def endpoint_name() -> str | None:
    """The endpoint that is asked, by the name of its function and without its blueprint; None where there is none."""
    return (request.endpoint or "").rpartition(".")[2] or None


def store_body(content: bytes, data: Json) -> None:
    """Keep a parsed body for the journal. Of a large one only what is short in it, and what it is about."""
    g.data = data
    g.body = data if len(content) <= KEPT_BYTES else {**_short(data), **digest(content)}


def _short(data: Json) -> dict[str, Json]:
    members = data.items() if isinstance(data, dict) else ()
    return {key: value for key, value in members if not isinstance(value, (dict, list)) and len(str(value)) <= _SHORT}


def digest(content: bytes) -> dict[str, Json]:
    """What stands for content that is too large to keep."""
    return {"md5": hashlib.md5(content, usedforsecurity=False).hexdigest(), "size": len(content)}


def _exchange(answer: Response) -> Exchange:
    refusal = getattr(g, "refusal", None)
    body = getattr(g, "body", None)
    user = getattr(g, "user", None)
    return Exchange(
        number=0,
        time=time.time(),
        method=request.method,
        path=full_path(),
        endpoint=endpoint_name(),
        user=user.username if user else None,
        channel=_channel_of(g.get("data")),
        request={"headers": _headers(), "body": body},
        status=0 if "lost" in g else answer.status_code,
        answer={"headers": dict(answer.headers), "body": _answer_body(answer)},
        duration=time.perf_counter() - g.began,
        refusal=refusal.cause() if refusal else None,
        nodes=[node.get("node_id") for node in body_nodes(g.get("data"))],
        fault=g.get("fault"),
    )


def full_path() -> str:
    """The path that is asked, with its query."""
    query = request.query_string.decode("utf-8", "replace")
    return f"{request.path}?{query}" if query else request.path


def _headers() -> dict[str, str]:
    # A client says nearly the same each time: a thousand exchanges need not keep a thousand copies of it.
    headers = {sys.intern(name): sys.intern(value) for name, value in request.headers.items()}
    for name in _SECRET_HEADERS:
        if name in headers:
            headers[name] = redact(headers[name])
    return headers


def redact(secret: str) -> str:
    """A secret shortened to what tells two of them apart."""
    return f"{secret[:10]}..." if len(secret) > 10 else "..."


def _channel_of(sent: Json) -> str | None:
    """The channel that a body names, or whose node it names."""
    if not isinstance(sent, dict):
        return None
    data = sent.get("channel_data")
    channel = sent.get("channel_id") or (data.get("id") if isinstance(data, dict) else _channel_above(sent))
    return channel if isinstance(channel, str) else None


def _channel_above(told: dict[str, Json]) -> str | None:
    root_id, state = told.get("root_id"), current_app.extensions["fake_studio"].state
    if type(root_id) not in (int, str):
        return None
    parent = state.nodes.get(root_id) or state.numbered.get(root_id)
    return parent.channel_id if parent else None


def _answer_body(answer: Response) -> Json:
    media_type = answer.mimetype or ""
    kept = media_type.startswith(("application/json", "text/")) and request.method != "HEAD"
    if not kept or answer.direct_passthrough or answer.is_streamed:
        return None
    content = answer.get_data()
    if len(content) > KEPT_BYTES:
        return digest(content)
    return json.loads(content) if media_type == "application/json" else content.decode("utf-8", "replace")
