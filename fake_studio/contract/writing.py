"""What a scenario's steps change on a server: which channels and nodes, as they are written."""

from __future__ import annotations

import json
from collections.abc import Iterator

from fake_studio.contract.scenario import PLACEHOLDER, Scenario
from fake_studio.contract.steps import Json, Step

WRITING = {
    "create_channel": ("channel_data", "id"),
    "add_nodes": ("root_id",),
    "finish_channel": ("channel_id",),
    "publish_channel": ("channel_id",),
}
"""The endpoints that change a channel, and where a request names it or its node."""


def endpoint_of(step: Step) -> str:
    """The last part of the path that a step asks; an empty string for an operation or an upload."""
    return str(step.get("path", "")).split("?")[0].rstrip("/").rpartition("/")[2]


def written_to(step: Step) -> Json:
    """The channel or node that a step changes, by the id as written; None if there is none."""
    if "op" in step:
        return step["channel"]
    if endpoint_of(step) not in WRITING:
        return None
    found = _body_of(step)
    for key in WRITING[endpoint_of(step)]:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, (str, int)) else None


def _body_of(step: Step) -> Json:
    try:
        return json.loads(step["data"]) if "data" in step else step.get("json")
    except ValueError:
        return None


def created(scenario: Scenario) -> list[str]:
    """The ids, as written, of the channels that a scenario creates."""
    ids = [written_to(step) for step in scenario.steps if endpoint_of(step) == "create_channel"]
    return list(dict.fromkeys(written for written in ids if isinstance(written, str)))


def not_made(scenario: Scenario) -> Iterator[tuple[int, str]]:
    """The steps, by number, that change what an answer told of without the scenario having made it, and its name."""
    made: set[str] = set()
    for number, step in enumerate(scenario.steps, start=1):
        written = written_to(step)
        names = PLACEHOLDER.findall(written) if isinstance(written, str) else []
        yield from ((number, name) for name in names if not name.startswith("id:") and name not in made)
        made |= step.get("save", {}).keys() if endpoint_of(step) in WRITING else set()
