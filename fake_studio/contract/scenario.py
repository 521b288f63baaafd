"""Contract scenarios: reading them, and what their placeholders stand for."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fake_studio.core.model import Json

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


# Never to be changed: the recorded answers repeat the ids that follow from it.
IDS = uuid.uuid5(uuid.NAMESPACE_URL, "fake-studio-contract")
PLACEHOLDER = re.compile(r"\{\{([^{}]+)\}\}")
BIG = 500


@dataclass(frozen=True)
class Scenario:
    """An HTTP conversation: what is asked, step by step, and what each answer must be."""

    name: str
    why: str
    steps: list[Step]

    @property
    def group(self) -> str:
        """What it is about: its name up to the first slash."""
        return self.name.partition("/")[0]


class UnknownPlaceholder(LookupError):
    """A step needs a value that no earlier answer gave."""


PACKAGED = Path(__file__).parent / "scenarios"
"""The scenarios of this package, a folder for each dialect, and the users that they were recorded with."""


def load_scenarios(path: str | Path) -> list[Scenario]:
    """Read the scenarios of one file, or of the `*.json` files that lie directly in a folder.

    Raises OSError when there is nothing to read, ValueError when a file is not a list of scenarios.
    """
    path = Path(path)
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    return [scenario for file in files for scenario in _scenarios_of(file)]


def load_users(path: str | Path) -> dict[str, dict[str, Any]]:
    """Read the users that scenarios speak for, by role.

    The file is a list of users, each with a `role` and a `token`, or an object that has a token for each role.
    Raises OSError when there is no such file, ValueError when a user has no role or no token.
    """
    users = json.loads(Path(path).read_text(encoding="utf-8"))
    if isinstance(users, dict):
        users = [{"role": role, "token": token} for role, token in users.items()]
    if not isinstance(users, list) or not all(_is_user(user) for user in users):
        raise ValueError(f"{path}: every user needs a role and a token")
    return {user["role"]: user for user in users}


def _is_user(user: Json) -> bool:
    return isinstance(user, dict) and all(isinstance(user.get(key), str) for key in ("role", "token"))


def scenario_id(scenario: str, label: str, run: str = "") -> str:
    """Return the 32 hex digits that `{{id:label}}` stands for in the scenario of that name, in a run of that name."""
    return uuid.uuid5(IDS, f"{_seed(scenario, run)}/{label}").hex


def file_bytes(scenario: str, label: str, run: str = "") -> bytes:
    """Return the content of a scenario's file; its label says which kind it is.

    `image:` is a picture under any extension: Studio looks at what is in a thumbnail, not at its name.
    Each run has bytes of its own, of the same number: answers tell sizes, and count them.
    """
    if label.startswith("empty:"):
        return b""
    seed = hashlib.md5(f"{_seed(scenario, run)}/{label}".encode())
    if label.endswith(".png") or label.startswith("image:"):
        return _png(hashlib.md5(f"{scenario}/{label}".encode()).digest(), seed.hexdigest())
    # The recorded answers repeat the checksums of these bytes: they must not change.
    text = f"{scenario} {label}\n"
    if run:
        filler = seed.hexdigest()[: len(text) - 1]
        text = filler + text[len(filler) :]
    return text.encode() * (BIG if label.startswith("big:") else 1)


def _seed(scenario: str, run: str) -> str:
    return f"{run}/{scenario}" if run else scenario


class Placeholders:
    """The values of one scenario's placeholders; answers add to them as the scenario goes on."""

    def __init__(self, scenario: str, tokens: Mapping[str, str], run: str = "") -> None:
        """`tokens` are the users' tokens by role. A `run` of a name has ids and files of its own."""
        self._scenario = scenario
        self._run = run
        self._values: dict[str, Json] = {f"token:{role}": token for role, token in tokens.items()}

    def fill(self, value: Json) -> Json:
        """Return a copy of JSON data with every placeholder replaced.

        A string that is one placeholder takes the value's own type. Raises UnknownPlaceholder.
        """
        if isinstance(value, dict):
            return {self._text(key): self.fill(member) for key, member in value.items()}
        if isinstance(value, list):
            return [self.fill(member) for member in value]
        if not isinstance(value, str):
            return value
        # A placeholder that stands alone keeps its type: a node's id is a number in the documented dialect.
        alone = PLACEHOLDER.fullmatch(value)
        return self._value(alone[1]) if alone else self._text(value)

    def save(self, paths: Mapping[str, list[Json]], answer: Json) -> None:
        """Keep parts of an answer by name, each found by its path; what the answer lacks stays unknown."""
        for name, path in paths.items():
            try:
                self._values[name] = _follow(answer, self.fill(path))
            except (LookupError, TypeError):
                self._values.pop(name, None)

    def file(self, label: str) -> bytes:
        """Return the content of this scenario's file of that label."""
        return file_bytes(self._scenario, label, self._run)

    def _text(self, text: str) -> str:
        return PLACEHOLDER.sub(lambda match: str(self._value(match[1])), text)

    def _value(self, name: str) -> Json:
        if name in self._values:
            return self._values[name]
        kind, _, label = name.partition(":")
        if kind == "id":
            return scenario_id(self._scenario, label, self._run)
        try:
            return file_facts(label, self.file(label))[kind]
        except KeyError:
            raise UnknownPlaceholder(f"nothing is known as {{{{{name}}}}}") from None


def _scenarios_of(file: Path) -> list[Scenario]:
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        scenarios = [Scenario(row["name"], row.get("why", ""), row["steps"]) for row in rows]
        problems = [f"{scenario.name}: {problem}" for scenario in scenarios for problem in problems_of(scenario.steps)]
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"{file} is not a list of scenarios") from problem
    except ValueError as problem:
        raise ValueError(f"{file}: {problem}") from problem
    if problems:
        raise ValueError(f"{file}: {problems[0]}")
    return scenarios


def _follow(value: Json, path: list[Json]) -> Json:
    for key in path:
        value = value[key]
    return value


def file_facts(label: str, content: bytes) -> dict[str, str | int]:
    """What a scenario can say of a file, by kind of placeholder: ``md5``, ``md5[0]`` to ``md5[31]``, ``MD5``,
    ``md5b64``, ``size`` (bytes) and ``name``.
    """
    digest = hashlib.md5(content)
    facts: dict[str, str | int] = {f"md5[{n}]": digit for n, digit in enumerate(digest.hexdigest())}
    facts["md5"] = digest.hexdigest()
    facts["MD5"] = digest.hexdigest().upper()
    facts["md5b64"] = base64.b64encode(digest.digest()).decode()
    return {**facts, "size": len(content), "name": label}


def _png(colour: bytes, comment: str) -> bytes:
    """Make a picture of one colour, the very bytes that were sent when the scenarios were recorded.

    The recorded answers repeat the checksums of those bytes, so another picture would not do.
    """
    header = struct.pack(">IIBBBBB", 16, 9, 8, 2, 0, 0, 0)
    row = b"\0" + colour[:3] * 16
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"tEXt", b"Comment\0" + comment.encode())
        + _chunk(b"IDAT", zlib.compress(row * 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
