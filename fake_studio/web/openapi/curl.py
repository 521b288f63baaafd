"""An operation's example as a line for the shell."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from fake_studio.web.openapi.examples import FILE
from fake_studio.web.openapi.operation import FORM, JSON, UPLOAD


def curl(method: str, path: str, operation: dict[str, Any], url: str, token: str) -> str:
    """The line that sends the example of what is ``told`` of a path; for somebody with this token."""
    given = {value["name"]: value for value in operation.get("parameters", ()) if "example" in value}
    pieces = {name: quote(str(value["example"])) for name, value in given.items() if value["in"] == "path"}
    query = {name: value["example"] for name, value in given.items() if value["in"] == "query"}
    address = url + path.format(**pieces) + (f"?{urlencode(query)}" if query else "")
    words = ["curl", *_method(method), address]
    if operation["security"]:
        words += ["-H", f"Authorization: Token {token}"]
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        return shlex.join([*words, *_body(media_type, content["example"])])
    return shlex.join(words)


def _method(method: str) -> Iterator[str]:
    if method != "get":
        yield from ["--head"] if method == "head" else ["-X", method.upper()]


def _body(media_type: str, example: Any) -> Iterator[str]:
    if media_type == UPLOAD:
        for name in example:
            yield from ["-F", f"{name}=@{FILE}"]
    elif media_type == FORM:
        for name, value in example.items():
            yield from ["--data-urlencode", f"{name}={value}"]
    elif media_type == JSON:
        yield from ["-H", f"Content-Type: {JSON}", "-d", json.dumps(example)]
    else:
        yield from ["--data-binary", f"@{FILE}"]
