"""Why a scenario must not, or cannot, be played against a Studio that is in use."""

from __future__ import annotations

import json
from collections.abc import Iterator

from fake_studio.contract.isolation import RunContext, RunIds, changed_id, created_channels, foreign_writes
from fake_studio.contract.scenario import PLACEHOLDER, Placeholders, Scenario, Step, UnknownPlaceholder
from fake_studio.contract.target import Target
from fake_studio.core.model import Json

NOBODY = {"anonymous", "bad"}
INTEGER_IDS = "documented"
"""The dialect in which a node goes by a number, which a scenario may have written out."""
MUCH = 250_000_000
"""Bytes: who asks for room for so much gets it only while little of a usual quota (500 MB) is used."""


def blocking_reason(scenario: Scenario, target: Target, run: RunContext, *, fresh: bool) -> str:
    """Say what keeps a scenario from being played; an empty string if nothing does.

    `fresh`: whether nothing has been done on the server. Asks the server whether the channels to be created are free.
    Raises requests.RequestException.
    """
    return next(_obstacles(scenario, target, run, fresh), "")


def _obstacles(scenario: Scenario, target: Target, run: RunContext, fresh: bool) -> Iterator[str]:
    yield from _of_users(scenario, target)
    yield from (reason for step in scenario.steps for reason in _of_step(step, target, fresh))
    for number, name in foreign_writes(scenario):
        yield f"step {number} would change {{{{{name}}}}}, which the scenario did not make"
    for channel in channels_of(scenario, run):
        if target.has_channel(channel, roles_of(scenario)):
            yield f"it would create the channel {channel!r}, which is on this server already"


def trace_of(scenario: Scenario) -> str:
    """Say what a scenario leaves behind for good; an empty string if it leaves channels of this run only.

    An id without letters and digits, as '', stays what it is in every run, and no later run could create it again.
    """
    left = [written for written in created_channels(scenario) if not any(char.isalnum() for char in written)]
    return f"it leaves the channel {left[0]!r} on the server for good: --leave-traces plays it" if left else ""


def roles_of(scenario: Scenario) -> set[str]:
    """The roles of users that a scenario needs."""
    speaking = {step["as"] for step in scenario.steps if "as" in step}
    names = PLACEHOLDER.findall(json.dumps(scenario.steps))
    return speaking.union(name[len("token:") :] for name in names if name.startswith("token:")) - NOBODY


def channels_of(scenario: Scenario, run: RunContext) -> list[str]:
    """The ids of the channels that a scenario creates in this run."""
    placeholders = Placeholders(scenario.name, {}, run.name)
    own_ids = RunIds(scenario, run).with_run_ids({"ids": created_channels(scenario)})["ids"]
    filled = [_find_run_id(placeholders, written) for written in own_ids]
    return [channel for channel in filled if channel is not None]


def _find_run_id(placeholders: Placeholders, written: str) -> str | None:
    """An id of the run's; None if only the server can tell it."""
    try:
        return str(placeholders.fill(written))
    except UnknownPlaceholder:
        return None


def _of_users(scenario: Scenario, target: Target) -> Iterator[str]:
    for role in sorted(roles_of(scenario)):
        if role not in target.users:
            yield f"there is no user with the role {role}"
        elif role in target.unfit:
            yield f"the role {role}: {target.unfit[role]}"


def _of_step(step: Step, target: Target, fresh: bool) -> Iterator[str]:
    if "op" in step and not target.controlled and not target.by_hand:
        yield f"{step['op']} is a manual click in Studio: pass --by-hand to do it yourself"
    if _asks_for_much(step) and not fresh:
        yield "it needs a user who has stored nothing yet: --reset makes one, on a fake Studio"
    if "_fake" in step.get("path", "").split("/"):
        yield "a scenario must not use the control API"
    if _changes_a_number(step) and target.dialect == INTEGER_IDS:
        number = changed_id(step)
        if target.control("GET", f"nodes/{number}").ok:
            yield f"it would change the node {number}, which is on this server already"


def _changes_a_number(step: Step) -> bool:
    return type(changed_id(step)) is int and step["as"] not in NOBODY


def _asks_for_much(step: Step) -> bool:
    body: Json = step.get("json")
    size = body.get("size") if isinstance(body, dict) else None
    granted = step.get("expect", {}).get("status") == 200
    return granted and isinstance(size, (int, float)) and size >= MUCH
