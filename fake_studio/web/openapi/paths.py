"""The pieces of paths that vary: what each of them means."""

from __future__ import annotations

import re
from typing import Dict, Iterator, Tuple

from fake_studio.web.openapi import shapes as s
from fake_studio.web.openapi.examples import CHANNEL_ID, FILE, NODE_ID
from fake_studio.web.openapi.operation import Parameter
from fake_studio.web.openapi.shapes import Schema

_PIECE = re.compile(r"<(?:(\w+):)?(\w+)>")
_PART: Schema = s.text(pattern="^[^/]+$")
_NUMBER: Schema = {**s.WHOLE, "minimum": 0}

PATH_PARAMETERS: Dict[str, Parameter] = {
    each.name: each
    for each in (
        Parameter("channel_id", _PART, "The channel's id.", "path", example=CHANNEL_ID),
        Parameter("node_id", _PART, "A node's node_id, its id or its number.", "path", example=NODE_ID),
        Parameter("number", _NUMBER, "The exchange's number in the journal.", "path", example=1),
        Parameter("fault_id", _NUMBER, "The fault's number.", "path", example=1),
        Parameter("a", _PART, "The first character of the name.", "path", example=FILE[0]),
        Parameter("b", _PART, "Its second character.", "path", example=FILE[1]),
        Parameter("name", _PART, "The file's name, <checksum>.<extension>.", "path", example=FILE),
        Parameter("rest", _PART, "Any other path.", "path", example="elsewhere"),
        Parameter("version", s.one_of(["v1"]), "The version of the public API.", "path", example="v1"),
        Parameter("identifier", _PART, "A channel's id, or one of its tokens.", "path", example=CHANNEL_ID),
        Parameter("path", _PART, "The path of a file inside of a zip.", "path", example="index.html"),
        Parameter("filename", _PART, "The name of one of our own files.", "path", example="pages.css"),
    )
}


def template(rule: str) -> str:
    """A path of Flask's as OpenAPI writes it."""
    return _PIECE.sub(r"{\2}", rule)


def names_in(rule: str) -> Iterator[str]:
    """The names of the pieces that vary."""
    yield from (name for _, name in _PIECE.findall(rule))


def parameters_of(rule: str) -> Tuple[Parameter, ...]:
    """What is to be said of those pieces."""
    return tuple(PATH_PARAMETERS[name] for name in names_in(rule) if name in PATH_PARAMETERS)
