"""JSON data back into values of a type: dataclasses, field by field, as their type hints say.

A reader takes a value and gives it back as it is to be, or raises SnapshotDamaged, naming where inside the value.
Readers are made once for each type: a snapshot has a million values.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, Callable, Union, get_args, get_origin, get_type_hints

from fake_studio.core.values import json_name
from fake_studio.snapshot.schema import SnapshotDamaged

Reader = Callable[[Any], Any]

_SIMPLE = {
    str: ("a string", (str,)),
    int: ("a whole number", (int,)),
    bool: ("true or false", (bool,)),
    float: ("a number", (int, float)),
}


@cache
def reader(hint: Any) -> Reader:
    """What reads a value of the type that a hint asks for."""
    origin, arguments, is_record = get_origin(hint), get_args(hint), is_dataclass(hint)
    if hint is Any:
        return _anything
    if origin is Union:
        return _optional(reader(arguments[0]))
    if origin is list:
        return list_of(reader(arguments[0]))
    if origin is tuple:
        return _tuple_of([reader(argument) for argument in arguments])
    if origin is dict:
        return _dict_of(reader(arguments[1]))
    return record(hint) if is_record else _simple(hint)


@cache
def record(kind: Any, apart: tuple[str, ...] = ()) -> Reader:
    """What reads a dataclass from an object of its fields, but for those that are read ``apart`` from it.

    A field that has a default may be missing; what is no field may not be there.
    """
    hints, own_fields = get_type_hints(kind), [field for field in fields(kind) if field.name not in apart]
    readers = {field.name: reader(hints[field.name]) for field in own_fields}
    needed = [field.name for field in own_fields if _has_no_default(field)]

    def read(value: Any) -> Any:
        data = check_object(value)
        for name in needed:
            if name not in data:
                raise SnapshotDamaged("is missing.", field=name)
        return kind(**_read_fields(data, readers))

    return read


def _has_no_default(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _read_fields(data: dict[str, Any], readers: dict[str, Reader]) -> dict[str, Any]:
    done, name = {}, ""
    try:
        for name, value in data.items():
            if name not in readers:
                raise SnapshotDamaged("is not a field that this version knows.")
            done[name] = readers[name](value)
    except SnapshotDamaged as damage:
        damage.below(name)
        raise
    return done


def list_of(read: Reader) -> Reader:
    """What reads a list, each member with the same reader."""

    def read_list(value: Any) -> list[Any]:
        done: list[Any] = []
        members = check_list(value)
        try:
            for member in members:
                done.append(read(member))
        except SnapshotDamaged as damage:
            damage.below(f"[{len(done)}]")
            raise
        return done

    return read_list


def _tuple_of(reads: list[Reader]) -> Reader:
    def read_tuple(value: Any) -> tuple[Any, ...]:
        members = check_list(value)
        if len(members) != len(reads):
            raise SnapshotDamaged(f"must have {len(reads)} members, not {len(members)}.")
        remaining = iter(reads)
        return tuple(list_of(lambda member: next(remaining)(member))(members))

    return read_tuple


def _dict_of(read: Reader) -> Reader:
    def read_dict(value: Any) -> dict[str, Any]:
        data = check_object(value)
        return _read_fields(data, dict.fromkeys(data, read))

    return read_dict


def _optional(read: Reader) -> Reader:
    return lambda value: None if value is None else read(value)


def _anything(value: Any) -> Any:
    return value


def _simple(hint: type) -> Reader:
    description, kinds = _SIMPLE[hint]

    def read(value: Any) -> Any:
        if type(value) not in kinds:  # not isinstance: true is no whole number
            raise SnapshotDamaged(f"must be {description}, not {json_name(value)}.")
        return value

    return read


def check_object(value: Any) -> dict[str, Any]:
    """An object of JSON. Raises SnapshotDamaged."""
    if not isinstance(value, dict):
        raise SnapshotDamaged(f"must be an object, not {json_name(value)}.")
    return value


def check_list(value: Any) -> list[Any]:
    """A list of JSON. Raises SnapshotDamaged."""
    if not isinstance(value, list):
        raise SnapshotDamaged(f"must be a list, not {json_name(value)}.")
    return value
