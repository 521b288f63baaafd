"""JSON schemas in few words, and from the model's own dataclasses, so that no field is written down twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any, Union, get_type_hints

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
TRUTH: Schema = {"type": "boolean"}
ANYTHING: Schema = {}
DATA: Schema = {"type": "object"}

_SIMPLE: Mapping[Any, Schema] = {str: TEXT, int: WHOLE, float: NUMBER, bool: TRUTH, Any: ANYTHING, object: ANYTHING}


def ref(name: str) -> Schema:
    """The component of this name."""
    return {"$ref": f"#/components/schemas/{name}"}


def describe(schema: Schema, description: str) -> Schema:
    """The same schema, with what it means."""
    return {**schema, "description": description}


def text(limit: int | None = None, **more: Any) -> Schema:
    """A text of at most ``limit`` characters."""
    return {**TEXT, **({} if limit is None else {"maxLength": limit}), **more}


def one_of(values: Iterable[Any]) -> Schema:
    """One of these texts."""
    return {**TEXT, "enum": list(values)}


def list_of(schema: Schema) -> Schema:
    """A list of such values."""
    return {"type": "array", "items": schema}


def by_name(schema: Schema) -> Schema:
    """An object whose keys are names of something, each with such a value."""
    return {"type": "object", "additionalProperties": schema}


def nullable(schema: Schema) -> Schema:
    """Such a value, or null."""
    if schema == ANYTHING:
        return schema
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def strict_object(**properties: Schema) -> Schema:
    """An object with all of these keys and no others: what we answer."""
    return no_extra_keys(object_schema(properties, **properties))


def no_extra_keys(schema: Schema) -> Schema:
    """The same object, with no other keys than those that are described."""
    return {**schema, "additionalProperties": False}


def object_schema(needed: Collection[str], **properties: Schema) -> Schema:
    """An object in which these keys must be; others than those that are described are ignored: what clients send."""
    schema: Schema = {"type": "object", "properties": properties}
    return {**schema, "required": list(needed)} if needed else schema


def properties_of(kind: type[Any], only: Collection[str] = (), leave: Collection[str] = ()) -> dict[str, Schema]:
    """A dataclass' fields and their schemas: ``only`` these, or all but those to ``leave`` out."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind) if field.name not in leave]
    return {name: schema_of_type(hints[name]) for name in only or names}


def record(kind: type[Any], only: Collection[str] = (), leave: Collection[str] = (), **more: Schema) -> Schema:
    """What a dataclass is told as, with ``more`` fields or with others in their place."""
    return strict_object(**{**properties_of(kind, only, leave), **more})


def schema_of_type(hint: Any) -> Schema:
    """The schema of a field's type."""
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    origin = getattr(hint, "__origin__", None)
    arguments: tuple[Any, ...] = getattr(hint, "__args__", ())
    if origin is Union:
        return nullable(schema_of_type(next(argument for argument in arguments if argument is not type(None))))
    if origin is list:
        return list_of(schema_of_type(arguments[0]))
    if origin is dict:
        return by_name(schema_of_type(arguments[1]))
    if origin is tuple:
        return _tuple(arguments)
    return record(hint)


def _tuple(arguments: tuple[Any, ...]) -> Schema:
    parts = [schema_of_type(argument) for argument in arguments]
    return {"type": "array", "prefixItems": parts, "minItems": len(parts), "maxItems": len(parts)}


def schema_of_samples(one: Any, other: Any) -> Schema:
    """The schema of a value of which two samples are known: what they share is constant."""
    if one == other:
        return {"const": one}
    if isinstance(one, dict) and one.keys() == other.keys():
        return strict_object(**{key: schema_of_samples(one[key], other[key]) for key in one})
    if isinstance(one, dict):
        return by_name(schema_of_samples(*[next(iter(sample.values())) for sample in (one, other)]))
    if isinstance(one, list):
        return list_of(schema_of_samples(one[0], other[0]))
    return TEXT
