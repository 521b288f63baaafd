"""JSON data back into dataclasses, checked field by field against their type hints."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Dict, List, Tuple, Type, TypeVar, Union, get_args, get_origin, get_type_hints

from fake_studio.rules.values import json_name
from fake_studio.snapshot.damage import SnapshotDamaged

Thing = TypeVar("Thing")
_SIMPLE = {str: "a string", int: "a whole number", bool: "true or false", float: "a number"}


def made(kind: Type[Thing], told: Any, where: str, **given: Any) -> Thing:
    """A dataclass from an object with its fields; ``given`` are those that come from elsewhere.

    Raises SnapshotDamaged for a field that is missing, unknown, or of another type.
    """
    told = an_object(told, where)
    hints, known = _hints(kind), {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(told) - set(known))
    if unknown:
        raise SnapshotDamaged("is unknown to this version.", field=f"{where}.{unknown[0]}", allowed=sorted(known))
    values = dict(given)
    for name, field in known.items():
        if name in told and name not in given:
            values[name] = checked(hints[name], told[name], f"{where}.{name}")
        elif name not in given and field.default is MISSING and field.default_factory is MISSING:
            raise SnapshotDamaged("is missing.", field=f"{where}.{name}")
    return kind(**values)


@cache
def _hints(kind: Any) -> Dict[str, Any]:
    return get_type_hints(kind)


def checked(hint: Any, value: Any, where: str) -> Any:
    """A value of the type that a hint asks for. Raises SnapshotDamaged."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any:
        return value
    if origin is Union:
        return None if value is None else checked(arguments[0], value, where)
    if origin is list:
        return [checked(arguments[0], each, f"{where}[{n}]") for n, each in enumerate(a_list(value, where))]
    if origin is dict:
        return {key: checked(arguments[1], each, f"{where}.{key}") for key, each in an_object(value, where).items()}
    if is_dataclass(hint):
        return made(hint, value, where)  # type: ignore[arg-type]
    return _simple(hint, value, where)


def _simple(hint: Any, value: Any, where: str) -> Any:
    kinds: Tuple[type, ...] = (int, float) if hint is float else (hint,)
    if not isinstance(value, kinds) or (isinstance(value, bool) and hint is not bool):
        raise SnapshotDamaged(f"must be {_SIMPLE[hint]}, not {json_name(value)}.", field=where)
    return value


def an_object(value: Any, where: str) -> Dict[str, Any]:
    """An object of JSON. Raises SnapshotDamaged."""
    if not isinstance(value, dict):
        raise SnapshotDamaged(f"must be an object, not {json_name(value)}.", field=where)
    return value


def a_list(value: Any, where: str) -> List[Any]:
    """A list of JSON. Raises SnapshotDamaged."""
    if not isinstance(value, list):
        raise SnapshotDamaged(f"must be a list, not {json_name(value)}.", field=where)
    return value
