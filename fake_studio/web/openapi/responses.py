"""What refusals look like on the wire, read from the dialects' tables and not written down again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Callable

from fake_studio.core import refusals
from fake_studio.web.dialects import Dialect, RefusalResponse
from fake_studio.web.openapi.shapes import TEXT, Schema, ref, schema_of_samples, strict_object

Kind = type[refusals.Refusal]
RejectionRow = tuple[Kind, RefusalResponse]
Samples = tuple[refusals.Refusal, refusals.Refusal]

ERROR = strict_object(error=TEXT)
ANOTHER = "Something else."

# How to make one of those that are not made from a message alone.
_MAKES: Mapping[Kind, Callable[[str], refusals.Refusal]] = {
    refusals.MethodNotAllowed: lambda text: refusals.MethodNotAllowed(text, [text]),
    refusals.FieldsInvalid: lambda text: refusals.FieldsInvalid({text: [text]}),
    refusals.QuotaExceeded: lambda text: refusals.QuotaExceeded(len(text), 0),
    refusals.ProxyFaulted: lambda text: refusals.ProxyFaulted(text, len(text)),
}


def rows(kinds: Iterable[Kind], endpoint: str | None, dialect: Dialect) -> list[RejectionRow]:
    """What refusals of these kinds are answered with at an endpoint, less those that this dialect never makes."""
    occurring = (kind for kind in dict.fromkeys(kinds) if _occurs(kind, endpoint, dialect))
    return [(kind, dialect.row(kind, endpoint)) for kind in occurring]


def responses(rows: Iterable[RejectionRow]) -> dict[str, Schema]:
    """By status, what these refusals are answered with."""
    statuses: dict[str, list[RejectionRow]] = defaultdict(list)
    for kind, row in rows:
        statuses[row.status.partition(" ")[0]].append((kind, row))
    return {status: _response(statuses[status]) for status in sorted(statuses)}


def _occurs(kind: Kind, endpoint: str | None, dialect: Dialect) -> bool:
    """Whether this dialect ever refuses so."""
    if kind in (refusals.NotAcceptable, refusals.MediaTypeUnsupported):
        return not dialect.reads_any_type
    return kind is not refusals.QuotaExceeded or endpoint != "finish_channel" or dialect.honours_stage


def _response(rows: list[RejectionRow]) -> Schema:
    content: dict[str, Any] = defaultdict(lambda: {"schema": [], "examples": {}})
    for kind, row in rows:
        sample = content[row.media_type]
        one, other = (row.body(sample_text) for sample_text in samples(kind))
        schema = schema_of_samples(one, other)
        sample["schema"].append(ref("Error") if schema == ERROR else schema)
        sample["examples"][kind.__name__] = {"summary": meaning(kind), "value": one}
    response = {
        "description": "; ".join(sorted({row.status.partition(" ")[2].title() for _, row in rows})),
        "content": {name: {**sample, "schema": _any_of(sample["schema"])} for name, sample in content.items()},
    }
    headers = _shared_headers([row for _, row in rows])
    return {**response, "headers": headers} if headers else response


def _any_of(schemas: list[Schema]) -> Schema:
    different = [schema for n, schema in enumerate(schemas) if schema not in schemas[:n]]
    return different[0] if len(different) == 1 else {"anyOf": different}


def _shared_headers(rows: list[RefusalResponse]) -> dict[str, Schema]:
    first, *further = rows
    shared = {name: value for name, value in first.headers.items() if all(name in row.headers for row in further)}
    return {name: {"required": True, "schema": {"const": value}} for name, value in shared.items()}


def samples(kind: Kind) -> Samples:
    """Two refusals of a kind that have nothing in common but that."""
    make = _MAKES.get(kind, kind)
    return make(meaning(kind)), make(ANOTHER)


def meaning(kind: Kind) -> str:
    """The first sentence of what the class says of itself."""
    line = (kind.__doc__ or "").strip().partition("\n")[0].replace("``", "")
    return f"{line.partition('. ')[0].rstrip('.')}."
