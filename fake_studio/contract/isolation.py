"""One run on one server: what it sends in the place of a scenario's ids and files, and what its answers mean.

Two runs on the same server must not meet: each creates channels and stores files of its own. The recorded answers
repeat ids and checksums, so each answer is read as it would be if the scenario had been played as it is written.
"""

from __future__ import annotations

import itertools
import json
import re
import string
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from fake_studio.contract.scenario import PLACEHOLDER, Scenario, Step, file_bytes, file_facts, scenario_id
from fake_studio.core.model import Json

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


def changed_id(step: Step) -> Json:
    """The channel or node that a step changes, by the id as written; None if there is none."""
    if "op" in step:
        return step["channel"]
    if endpoint_of(step) not in WRITING:
        return None
    body = _body_of(step)
    for key in WRITING[endpoint_of(step)]:
        body = body.get(key) if isinstance(body, dict) else None
    return body if isinstance(body, (str, int)) else None


def _body_of(step: Step) -> Json:
    try:
        return json.loads(step["data"]) if "data" in step else step.get("json")
    except ValueError:
        return None


def created_channels(scenario: Scenario) -> list[str]:
    """The ids, as written, of the channels that a scenario creates."""
    ids = [changed_id(step) for step in scenario.steps if endpoint_of(step) == "create_channel"]
    return list(dict.fromkeys(written for written in ids if isinstance(written, str)))


def foreign_writes(scenario: Scenario) -> Iterator[tuple[int, str]]:
    """The steps, by number, that change what the scenario did not make, only read of in an answer; and its name."""
    made: set[str] = set()
    for number, step in enumerate(scenario.steps, start=1):
        written = changed_id(step)
        names = PLACEHOLDER.findall(written) if isinstance(written, str) else []
        yield from ((number, name) for name in names if not name.startswith("id:") and name not in made)
        made |= step.get("save", {}).keys() if endpoint_of(step) in WRITING else set()


# What answers repeat of a file that was sent.
REPEATED = ("md5", "MD5", "md5b64")
TELLING = 8
"""Characters: a shorter id is only told from other text where it stands alone."""
LIST = re.compile(r"/api/public/\w+/channels/?(\?|$)")
UUID = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f])", re.I)


@dataclass(frozen=True)
class RunContext:
    """A run's name, and the people that the server knows by other names than the scenarios do.

    Without a name, everything is sent as it is written. `people` is username -> key -> (what this server should say,
    what the recorded answers say).
    """

    name: str = ""
    people: Mapping[str, Mapping[str, tuple[Json, str]]] = field(default_factory=dict)


class RunIds:
    """A scenario's ids and files in one run, and back."""

    def __init__(self, scenario: Scenario, run: RunContext) -> None:
        self._run = run
        self._own = _own_forms(scenario, run.name) if run.name else {}
        self._written = dict(_written_and_sent(scenario, run.name)) if run.name else {}
        self._written.update((own, written) for written, own in self._own.items())

    @cached_property  # a scenario is asked for its channels more often than it is played
    def _pattern(self) -> re.Pattern[str]:
        ids_and_files = _any_of(text for text in self._written if len(text) >= TELLING)
        return re.compile(f"((?:[0-9a-f]/){{2}})?({ids_and_files})")

    @cached_property
    def _literal(self) -> re.Pattern[str]:
        return re.compile(_any_of(f'"{text}"' if len(text) < TELLING else text for text in self._own))

    def with_run_ids(self, step: Step) -> Step:
        """The step with ids of this run in the place of those that the scenario writes out and would change."""
        if not self._own:
            return step
        text = self._literal.sub(self._own_text, json.dumps(step, ensure_ascii=False))
        renamed: Step = json.loads(text)
        return renamed

    def _own_text(self, match: re.Match[str]) -> str:
        quote = '"' if match[0].startswith('"') else ""
        return f"{quote}{self._own[match[0].strip(quote or None)]}{quote}"

    def as_recorded(self, value: Json) -> Json:
        """JSON data as it would be if the scenario had been played as it is written."""
        if isinstance(value, dict):
            person = self._run.people.get(str(value.get("username")), {})
            recorded = {key: names[1] for key, names in person.items() if value.get(key) == names[0]}
            return {self._text(key): recorded.get(key, self.as_recorded(member)) for key, member in value.items()}
        if isinstance(value, list):
            return [self.as_recorded(member) for member in value]
        return self._text(value) if isinstance(value, str) else value

    def only_own_channels(self, path: str, body: Json) -> Json:
        """An answer without the channels that are not of this run: a list of all public ones has everybody's."""
        if not self._run.name or not isinstance(body, list) or not LIST.search(path):
            return body
        return [entry for entry in body if not isinstance(entry, dict) or entry.get("id") in self._written]

    def _text(self, text: str) -> str:
        if len(text) < TELLING:
            return self._written.get(text, text)
        return self._pattern.sub(self._written_form, text)

    def _written_form(self, match: re.Match[str]) -> str:
        """What a text of this run stands for. Where a file lies in storage, its first two digits are folders above."""
        folders, own = match[1] or "", match[2]
        written = self._written[own]
        if folders == f"{own[0]}/{own[1]}/":
            folders = f"{written[0]}/{written[1]}/"
        return folders + written


def placeholders_of(scenario: Scenario) -> set[str]:
    """The names of all placeholders of a scenario, and `file:LABEL` for each file that it sends."""
    text = json.dumps(scenario.steps, ensure_ascii=False)
    sent = {step["file"] for step in scenario.steps if "file" in step}
    parts = [part for step in scenario.steps for part in step.get("multipart", {}).values()]
    return {*PLACEHOLDER.findall(text), *(f"file:{label}" for label in sent | {part["file"] for part in parts})}


def _own_forms(scenario: Scenario, run: str) -> dict[str, str]:
    """The ids that a scenario writes out and would change -> what this run changes in their place.

    They are as long, of the same kind of characters, and a UUID is one with dashes and without.
    """
    ids = (written for written in map(changed_id, scenario.steps) if isinstance(written, str))
    forms: dict[str, str] = {}
    for written in (identifier for identifier in ids if identifier and not PLACEHOLDER.search(identifier)):
        if UUID.fullmatch(written):
            forms.update(_both_forms({uuid.UUID(written).hex: scenario_id(scenario.name, uuid.UUID(written).hex, run)}))
            # A scenario may write an id in upper case: it becomes the run's own too.
            forms.setdefault(written, forms[written.lower()].upper())
        else:
            forms[written] = _alike(written, scenario_id(scenario.name, written, run))
    return forms


def _alike(text: str, digits: str) -> str:
    """Other characters for those of a text: hex digits if it has nothing else, or else letters that are none."""
    is_hex = all(char in string.hexdigits for char in text if char.isalnum())
    lookalikes = (digit if is_hex else chr(ord("g") + int(digit, 16)) for digit in itertools.cycle(digits))
    return "".join(next(lookalikes) if char.isalnum() else char for char in text)


def _any_of(texts: Iterable[str]) -> str:
    """A regular expression that finds the longest of these texts; without any it finds nothing."""
    return "|".join(map(re.escape, sorted(texts, key=len, reverse=True))) or r"(?!)"


def _both_forms(ids: Mapping[str, str]) -> dict[str, str]:
    return {**ids, **{str(uuid.UUID(one)): str(uuid.UUID(other)) for one, other in ids.items()}}


def _written_and_sent(scenario: Scenario, run: str) -> Iterator[tuple[str, str]]:
    """What this run sends -> what is written, for every id and file of a scenario."""
    for name in placeholders_of(scenario):
        kind, _, label = name.partition(":")
        if kind == "id":
            ids = {scenario_id(scenario.name, label, run): scenario_id(scenario.name, label)}
            yield from _both_forms(ids).items()
        elif label and kind.split("[")[0] in (*REPEATED, "size", "name", "file"):
            yield from _file_written_and_sent(scenario.name, label, run)


def _file_written_and_sent(scenario: str, label: str, run: str) -> Iterator[tuple[str, str]]:
    sent, written = file_bytes(scenario, label, run), file_bytes(scenario, label)
    if sent == written:
        return
    ours, theirs = file_facts(label, sent), file_facts(label, written)
    yield from ((str(ours[kind]), str(theirs[kind])) for kind in REPEATED)
    yield sent.decode(errors="backslashreplace"), written.decode(errors="backslashreplace")
