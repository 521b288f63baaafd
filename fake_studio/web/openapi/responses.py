"""What refusals look like on the wire, read from the dialects' tables and not written down again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple, Type

from fake_studio.core import refusals as no
from fake_studio.web.dialects import Answer, Dialect
from fake_studio.web.openapi.operation import PAGE
from fake_studio.web.openapi.shapes import TEXT, Schema, exactly, of_samples, ref

Kind = Type[no.Refusal]
Row = Tuple[Kind, Answer]
Samples = Tuple[no.Refusal, no.Refusal]

ERROR = exactly(error=TEXT)
ANOTHER = "Something else."

# How to make one of those that are not made from a message alone.
_MAKES: Mapping[Kind, Callable[[str], no.Refusal]] = {
    no.MethodNotAllowed: lambda text: no.MethodNotAllowed(text, [text]),
    no.FieldsInvalid: lambda text: no.FieldsInvalid({text: [text]}),
    no.QuotaExceeded: lambda text: no.QuotaExceeded(len(text), 0),
    no.ProxyFaulted: lambda text: no.ProxyFaulted(text, len(text)),
}


def rows(kinds: Iterable[Kind], endpoint: Optional[str], dialect: Dialect) -> List[Row]:
    """What refusals of these kinds are answered with at an endpoint, less those that this dialect never makes."""
    found = (kind for kind in dict.fromkeys(kinds) if _occurs(kind, endpoint, dialect))
    return [(kind, dialect.row(kind, endpoint)) for kind in found]


def by_page(rows: Iterable[Row]) -> List[Row]:
    """The same refusals, each told to a person by a page."""
    return [(kind, replace(row, media_type=PAGE, body=_page)) for kind, row in rows]


def _page(refusal: no.Refusal) -> str:
    return f"<!DOCTYPE html> ... {refusal} ..."


def responses(rows: Iterable[Row]) -> Dict[str, Schema]:
    """By status, what these refusals are answered with."""
    statuses: Dict[str, List[Row]] = defaultdict(list)
    for kind, row in rows:
        statuses[row.status.partition(" ")[0]].append((kind, row))
    return {status: _response(statuses[status]) for status in sorted(statuses)}


def _occurs(kind: Kind, endpoint: Optional[str], dialect: Dialect) -> bool:
    """Whether this dialect ever refuses so."""
    if kind in (no.NotAcceptable, no.MediaTypeUnsupported):
        return not dialect.reads_any_type
    return kind is not no.QuotaExceeded or endpoint != "finish_channel" or dialect.honours_stage


def _response(rows: List[Row]) -> Schema:
    content: Dict[str, Any] = defaultdict(lambda: {"schema": [], "examples": {}})
    for kind, row in rows:
        told = content[row.media_type]
        one, other = (row.body(each) for each in samples(kind))
        schema = of_samples(one, other)
        told["schema"].append(ref("Error") if schema == ERROR else schema)
        told["examples"][kind.__name__] = {"summary": meaning(kind), "value": one}
    response = {
        "description": "; ".join(sorted({row.status.partition(" ")[2].title() for _, row in rows})),
        "content": {name: {**told, "schema": _any_of(told["schema"])} for name, told in content.items()},
    }
    headers = _shared_headers([row for _, row in rows])
    return {**response, "headers": headers} if headers else response


def _any_of(schemas: List[Schema]) -> Schema:
    different = [each for n, each in enumerate(schemas) if each not in schemas[:n]]
    return different[0] if len(different) == 1 else {"anyOf": different}


def _shared_headers(rows: List[Answer]) -> Dict[str, Schema]:
    first, *others = rows
    shared = {name: value for name, value in first.headers.items() if all(name in row.headers for row in others)}
    return {name: {"required": True, "schema": {"const": value}} for name, value in shared.items()}


def samples(kind: Kind) -> Samples:
    """Two refusals of a kind that have nothing in common but that."""
    make = _MAKES.get(kind, kind)
    return make(meaning(kind)), make(ANOTHER)


def meaning(kind: Kind) -> str:
    """The first sentence of what the class says of itself."""
    line = (kind.__doc__ or "").strip().partition("\n")[0].replace("``", "")
    return f"{line.partition('. ')[0].rstrip('.')}."
