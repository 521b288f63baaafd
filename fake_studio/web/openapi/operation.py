"""What there is to say of one endpoint. The rest (its path, its methods, statuses and bodies of refusals) is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fake_studio.core import refusals
from fake_studio.web.openapi.shapes import Schema

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
UPLOAD = "multipart/form-data"
PAGE = "text/html"
PLAIN = "text/plain"

Content = Mapping[str, Schema]


@dataclass(frozen=True)
class Parameter:
    """A value in the query, the path (by its name alone) or a header of a request."""

    name: str
    schema: Schema
    description: str
    place: str = "query"
    required: bool = False
    example: Any = None

    def to_dict(self) -> dict[str, Any]:
        """As OpenAPI has it."""
        data = {
            "name": self.name,
            "in": self.place,
            "required": self.required or self.place == "path",
            "description": self.description,
            "schema": self.schema,
        }
        return data if self.example is None else {**data, "example": self.example}


@dataclass(frozen=True)
class Operation:
    """One endpoint.

    ``answer`` and ``body`` map a media type to the schema of what is answered and read.
    ``refuses`` are the kinds of refusal that it raises itself: those of its audience come on top. ``success`` is the
    status of the good answer.
    """

    summary: str
    answer: Content
    refuses: tuple[type[refusals.Refusal], ...] = ()
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: Content = field(default_factory=dict)
    success: str | None = "200"
    deprecated: bool = False


@dataclass(frozen=True)
class EndpointGroup:
    """Endpoints for the same people: by name, with what all of them have in common."""

    name: str
    description: str
    operations: Mapping[str, Operation]
    refuses: tuple[type[refusals.Refusal], ...] = ()
    needs_token: bool = False
    is_look: bool = False  # speaks the documented dialect, whatever Studio does


def json_of(schema: Schema) -> Content:
    """JSON of this shape."""
    return {JSON: schema}
