"""The shape of a scenario's steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Json = Any
Step = dict[str, Any]

OPERATIONS = ("deploy", "settle")
KINDS: dict[str, tuple[type, ...]] = {
    "as": (str,),
    "method": (str,),
    "path": (str,),
    "url": (str,),
    "data": (str,),
    "data_hex": (str,),
    "file": (str,),
    "multipart": (dict,),
    "headers": (dict,),
    "save": (dict,),
    "expect": (dict,),
}
EXPECTED = ("status", "type", "body")


def problems_of(steps: Iterable[Step]) -> Iterator[str]:
    """Say what is wrong with steps: nothing if they can be played."""
    for number, step in enumerate(steps, start=1):
        for problem in _problems(step):
            yield f"step {number} {problem}"


def _problems(step: Step) -> Iterator[str]:
    if "op" in step:
        if step["op"] not in OPERATIONS or not isinstance(step.get("channel"), str):
            yield f"must be one of {', '.join(OPERATIONS)}, for a channel"
        return
    yield from (f"has no {key}" for key in ("as", "method") if key not in step)
    if "path" not in step and "url" not in step:
        yield "has neither path nor url"
    for key, kinds in KINDS.items():
        if key in step and not isinstance(step[key], kinds):
            yield f"needs {'an object' if dict in kinds else 'text'} as its {key}"
    if isinstance(step.get("expect"), dict):
        yield from (f"expects an answer without {key}" for key in EXPECTED if key not in step["expect"])
    yield from _part_problems(step.get("multipart"))


def _part_problems(multipart: Json) -> Iterator[str]:
    for name, part in multipart.items() if isinstance(multipart, dict) else ():
        if not isinstance(part, dict) or not all(isinstance(part.get(key), str) for key in ("filename", "file")):
            yield f"has a part {name} without a filename and a file"
