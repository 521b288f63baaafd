"""What a request was about, in a few words: which file, how large, which nodes."""

from __future__ import annotations

from typing import Any, Callable
from urllib.parse import unquote

from fake_studio.core.exchange import Exchange, body_nodes
from fake_studio.core.state import State
from fake_studio.web.pages.filters import plural, size

_MANY = 3  # titles that are named
_Subject = Callable[[Exchange], str]


def subject_of(exchange: Exchange, state: State) -> str:
    """For a row of the list; empty where there is nothing to say, or the reason of a rejection says it."""
    if exchange.endpoint in ("put_file", "storage_file"):
        name = _stored_name(exchange)
        if name in str((exchange.refusal or {}).get("message")):
            return ""
        announced = state.announced.get(name.partition(".")[0])
        return _stored_file(exchange, announced[-1].original_filename if announced else name)
    subject = _SUBJECTS.get(exchange.endpoint or "")
    return subject(exchange) if subject else ""


def _body(exchange: Exchange) -> dict[str, Any]:
    body = exchange.request.get("body")
    return body if isinstance(body, dict) else {}


def _nodes(exchange: Exchange) -> str:
    """Of a body that was too large to keep, the number is all that is known."""
    titles = [str(node.get("title") or "(no title)") for node in body_nodes(exchange.request.get("body"))]
    if not titles:
        return plural(len(exchange.nodes), "node") if exchange.nodes else ""
    more = f" and {len(titles) - _MANY} more" if len(titles) > _MANY else ""
    return f"{plural(len(titles), 'node')}: {', '.join(titles[:_MANY])}{more}"


def _announced_file(exchange: Exchange) -> str:
    body = _body(exchange)
    return _file(body.get("name") or body.get("checksum"), body.get("size"))


def _stored_name(exchange: Exchange) -> str:
    return unquote(exchange.path.partition("?")[0].rpartition("/")[2])


def _stored_file(exchange: Exchange, name: str) -> str:
    length = exchange.request["headers"].get("Content-Length") if exchange.method == "PUT" else None
    return _file(name, length)


def _uploaded_file(exchange: Exchange) -> str:
    return _file(None, exchange.request["headers"].get("Content-Length"))


def _file(name: Any, count: Any) -> str:
    count = int(count) if str(count).isdecimal() and str(count).isascii() else None
    return ", ".join(filter(None, (str(name or ""), size(count) if count is not None else "")))


def _asked_files(exchange: Exchange) -> str:
    body, missing = exchange.request.get("body"), exchange.answer.get("body")
    names = body.get("files") if isinstance(body, dict) else body
    if not isinstance(names, list):
        return ""
    lacking = f", {len(missing)} of them missing" if isinstance(missing, list) else ""
    return f"{plural(len(names), 'file')}{lacking}"


def _channel(exchange: Exchange) -> str:
    data = _body(exchange).get("channel_data")
    return str(data.get("name") or "") if isinstance(data, dict) else ""


_SUBJECTS: dict[str, _Subject] = {
    "add_nodes": _nodes,
    "upload_url": _announced_file,
    "file_upload": _uploaded_file,
    "file_diff": _asked_files,
    "create_channel": _channel,
}
