"""A fault from JSON: every key checked, every mistake answered with what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from fake_studio.core.model import Json
from fake_studio.core.refusals import FaultInvalid
from fake_studio.core.values import check_object, json_name
from fake_studio.faults.conditions import ENDPOINT_NAMES, ENDPOINTS, Conditions
from fake_studio.faults.effects import ANSWER_LOST, KINDS, UPLOAD_INTERRUPTED, ChunkedDelay, Effect
from fake_studio.faults.fault import Fault, FiringRule
from fake_studio.faults.presets import PRESETS

# WireMock's names, as are those of the delays below.
_DRIBBLE = ("numberOfChunks", "totalDuration")


def _text(key: str, value: Json) -> str:
    if not isinstance(value, str) or not value:
        raise FaultInvalid(f"must be a text, not {json_name(value)}.", field=key)
    return value


def _endpoints(key: str, value: Json) -> tuple[str, ...]:
    names = value if isinstance(value, (list, tuple)) else [value]
    return tuple(name_of_endpoint for name in names for name_of_endpoint in _endpoint(key, name))


def _endpoint(key: str, name: Json) -> tuple[str, ...]:
    """An endpoint, or those of a group."""
    if not isinstance(name, str) or name not in ENDPOINT_NAMES:
        raise FaultInvalid(f"{name!r:.60} is not an endpoint.", field=key, allowed=ENDPOINT_NAMES)
    return ENDPOINTS.get(name, (name,))


def _method(key: str, value: Json) -> str:
    return _text(key, value).upper()


def _object(key: str, value: Json) -> dict[str, Json]:
    return check_object(value, key, FaultInvalid)


def _headers(key: str, value: Json) -> dict[str, str]:
    headers = _object(key, value)
    return {name: _header(f"{key}.{name}", texts) for name, texts in headers.items()}


def _header(key: str, value: Json) -> str:
    text = _text(key, value)
    if "\r" in text or "\n" in text or not text.isascii():
        raise FaultInvalid("must be one line of ASCII.", field=key)
    return text


def _anything(_: str, value: Json) -> Json:
    return value


def _whole(key: str, value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise FaultInvalid(f"must be a whole number from 1, not {value!r:.40}.", field=key)
    return value


def _status(key: str, value: Json) -> int:
    if not 200 <= _whole(key, value) <= 599:
        raise FaultInvalid(f"must be from 200 to 599, not {value}.", field=key)
    return int(value)


def _number(key: str, value: Json) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < 1e9:
        raise FaultInvalid(f"must be a number from 0, not {value!r:.40}.", field=key)
    return value


def _probability(key: str, value: Json) -> float:
    if _number(key, value) > 1:
        raise FaultInvalid(f"must be from 0 to 1, not {value}.", field=key)
    return float(value)


def _boolean(key: str, value: Json) -> bool:
    if not isinstance(value, bool):
        raise FaultInvalid(f"must be true or false, not {value!r:.40}.", field=key)
    return value


def _kind(key: str, value: Json) -> str:
    if value not in list(KINDS):
        raise FaultInvalid(f"{value!r:.40} is not a fault.", field=key, allowed=list(KINDS))
    return str(value)


def _dribble(key: str, value: Json) -> ChunkedDelay:
    dribble = _object(key, value)
    if set(dribble) != set(_DRIBBLE):
        raise FaultInvalid("needs these two keys and has no others.", field=key, allowed=_DRIBBLE)
    pieces, milliseconds = _DRIBBLE
    return ChunkedDelay(
        _whole(f"{key}.{pieces}", dribble[pieces]), _number(f"{key}.{milliseconds}", dribble[milliseconds]) / 1000
    )


def _milliseconds(key: str, value: Json) -> float:
    """As seconds."""
    return _number(key, value) / 1000


_CONDITIONS: dict[str, Callable[[str, Json], Any]] = {
    **{"endpoint": _endpoints, "method": _method, "min_bytes": _whole, "user": _text},
    **{"channel": _text, "file": _text, "node": _object, "body": _anything},
}
_TURN: dict[str, Callable[[str, Json], Any]] = {
    **{"nth": _whole, "every": _whole, "first": _whole, "after": _whole, "times": _whole, "probability": _probability}
}
_EFFECT: dict[str, Callable[[str, Json], Any]] = {
    **{"status": _status, "answer": _anything, "headers": _headers, "fault": _kind, "applied": _boolean},
    **{"fixedDelayMilliseconds": _milliseconds, "chunkedDribbleDelay": _dribble},
}
_CHECKS = {"name": _text, **_CONDITIONS, **_TURN, **_EFFECT}
KEYS = ("preset", *_CHECKS)

_OUR_NAMES = {
    "endpoint": "endpoints",
    "fault": "kind",
    "fixedDelayMilliseconds": "delay",
    "chunkedDribbleDelay": "dribble",
}


def fault_from(data: Json) -> Fault:
    """A fault that nothing has met yet. Raises FaultInvalid. A key that is null counts as left out."""
    rule = _with_preset(_object("a fault", data))
    unknown = [key for key in rule if key not in KEYS]
    if unknown:
        raise FaultInvalid(f"A fault has no key {unknown[0]!r:.60}.", allowed=KEYS)
    checked = {key: check(key, rule[key]) for key, check in _CHECKS.items() if key in rule}
    _check_effect(checked)
    _check_place(checked)
    parts = [_part(checked, names) for names in (_CONDITIONS, _TURN, _EFFECT)]
    return Fault(rule, Conditions(**parts[0]), FiringRule(**parts[1]), Effect(**parts[2]))


def _with_preset(data: Mapping[str, Json]) -> dict[str, Json]:
    name = data.get("preset")
    if name is not None and name not in list(PRESETS):
        raise FaultInvalid(f"{name!r:.60} is not a preset.", field="preset", allowed=list(PRESETS))
    # What is given beside a preset takes the place of its own: {"preset": ..., "nth": 3}.
    preset = {} if name is None else {"name": name, **PRESETS[name].rule}
    return {key: value for key, value in {**preset, **data}.items() if value is not None and key != "preset"}


def _check_effect(rule: dict[str, Any]) -> None:
    """Whether anything happens, and not two things at once."""
    own_answer = [key for key in ("status", "answer", "headers") if key in rule]
    if own_answer:
        rule.setdefault("status", 200)
    if "fault" in rule and own_answer:
        raise FaultInvalid(f"cannot be had together with {own_answer[0]}.", field="fault")
    if "chunkedDribbleDelay" in rule and rule.get("fault") in (*ANSWER_LOST, UPLOAD_INTERRUPTED):
        raise FaultInvalid(f"{rule['fault']} leaves no answer to slow down.", field="chunkedDribbleDelay")
    if rule.get("applied") and not own_answer and rule.get("fault") not in ANSWER_LOST:
        raise FaultInvalid(f"needs a status, or one of {', '.join(ANSWER_LOST)}.", field="applied")
    if not set(rule) & (set(_EFFECT) - {"applied"}):
        raise FaultInvalid("A fault needs an effect.", allowed=[key for key in _EFFECT if key != "applied"])


def _check_place(rule: dict[str, Any]) -> None:
    """Whether the fault can happen at its endpoints; those where it can are what is meant if none is named."""
    places = KINDS.get(rule.get("fault", ""), ())
    if places and not set(rule.setdefault("endpoint", places)) <= set(places):
        raise FaultInvalid(f"{rule['fault']} does not happen at every one of them.", field="endpoint", allowed=places)


def _part(rule: dict[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    return {_OUR_NAMES.get(name, name): rule[name] for name in names if name in rule}
