"""Two answers to the same question, without what differs between any two servers."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from fake_studio.core.model import Json

JSON_TYPE = "application/json"
# Under these keys anything is an id of the server's, a bare number too; elsewhere only what looks like one.
ID_KEYS = {"root", "root_ids", "studio_id", "diff_task_id", "id", "user_id"}
USER_KEYS = {"user_id", "uploaded_by"}
UUID = r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ID = re.compile(rf"<id \d+>|(?<![0-9a-f])(?:{UUID})(?![0-9a-f])", re.IGNORECASE)
LINES_SHOWN = 80
COLUMNS_SHOWN = 300


@dataclass(frozen=True)
class HttpAnswer:
    """What a client sees of a response."""

    status: int
    type: str | None
    """The media type without its parameters."""
    body: Json
    """Parsed when the media type is JSON, else text."""
    www: str | None = None
    """The WWW-Authenticate header."""


def _matches(pattern: str) -> Callable[[Json], bool]:
    compiled = re.compile(pattern, re.IGNORECASE | re.DOTALL)
    return lambda value: isinstance(value, str) and bool(compiled.match(value))


def _is_int(value: Json) -> bool:
    return type(value) is int


def _is_tokens(value: Json) -> bool:
    members = value if isinstance(value, list) else [value]
    return bool(members) and all(isinstance(member, str) and member for member in members)


PATTERNS: dict[str, Callable[[Json], bool]] = {
    "<id>": _matches(rf"(?:{UUID})\Z"),
    "<int>": _is_int,
    "<name>": _matches("."),
    "<page>": _matches(r".*<(!doctype html|html)\b"),
    "<sqlite>": _matches("SQLite format 3\0"),
    "<storage error>": _matches(r".*<Error\b"),
    "<text>": _matches("."),
    "<time>": _matches(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d"),
    "<tokens>": _is_tokens,
    "<url>": _matches(r"((https?:/)?/|storage/)\S+\Z"),
    "<version>": _matches(r"v?\d"),
}


class AnswerNormaliser:
    """Normalises the answers of one scenario, in the order in which they came."""

    def __init__(self) -> None:
        self._expected = _Ids()
        self._actual = _Ids()
        self._users: set[tuple[int, int]] = set()

    def note_sent(self, text: str) -> None:
        """Note what the client sent: an id that it chose stays as it is in the answers that follow."""
        self._expected.note_sent(text)
        self._actual.note_sent(text)

    def normalise(self, expected: HttpAnswer, actual: HttpAnswer) -> tuple[HttpAnswer, HttpAnswer]:
        """Return both answers as they are to be compared."""
        hidden = self._hide(expected.body, actual.body)
        return (
            replace(expected, body=self._expected.number(expected.body)),
            replace(actual, body=self._actual.number(hidden)),
        )

    def normalise_alone(self, actual: HttpAnswer) -> HttpAnswer:
        """Return an answer that nothing is expected of, its ids numbered."""
        return replace(actual, body=self._actual.number(actual.body))

    def _hide(self, expected: Json, actual: Json) -> Json:
        """Put a pattern of the expectation over each value that fits it."""
        if isinstance(expected, dict) and isinstance(actual, dict):
            return {key: self._hide_member(key, expected.get(key), value) for key, value in actual.items()}
        if isinstance(expected, list) and isinstance(actual, list):
            # The rest of a longer list stays, so that what nobody expected shows in the difference.
            hidden = [self._hide(*pair) for pair in zip(expected, actual)]
            return hidden + actual[len(hidden) :]
        fits = PATTERNS.get(expected) if isinstance(expected, str) else None
        return expected if fits and fits(actual) else actual

    def _hide_member(self, key: str, expected: Json, actual: Json) -> Json:
        if key in USER_KEYS and _is_int(expected) and _is_int(actual):
            return self._hide_user(expected, actual)
        return self._hide(expected, actual)

    def _hide_user(self, expected: int, actual: int) -> int:
        """Let a server number its users as it likes, as long as each keeps a number of its own."""
        pairs = self._users | {(expected, actual)}
        if not len({ours for ours, _ in pairs}) == len({hidden for _, hidden in pairs}) == len(pairs):
            return actual
        self._users = pairs
        return expected


class _Ids:
    """One side's ids, numbered in order of first appearance."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._sent = ""

    def note_sent(self, text: str) -> None:
        self._sent += " " + _canonical(text)

    def number(self, value: Json) -> Json:
        """Replace the ids that the server made, and sort lists of strings."""
        if isinstance(value, dict):
            return {self._text(key): self._member(key, member) for key, member in value.items()}
        if isinstance(value, list):
            # Studio's file_diff and its lists of languages come in no particular order.
            return _sort_texts([self.number(member) for member in value])
        return self._text(value) if isinstance(value, str) else value

    def _member(self, key: str, value: Json) -> Json:
        if key == "root_ids" and isinstance(value, dict):
            return {self._text(name): self._id(member) for name, member in value.items()}
        return self._id(value) if key in ID_KEYS else self.number(value)

    def _id(self, value: Json) -> Json:
        if _is_int(value) or (isinstance(value, str) and value and value not in PATTERNS):
            return self._name(value)
        return self.number(value)

    def _text(self, text: str) -> str:
        return ID.sub(lambda match: self._name(match[0]), text)

    def _name(self, value: str | int) -> str:
        canonical = _canonical(str(value))
        # What a client sends back need not be its own: an id that has a number keeps it. And a bare
        # number occurs in whatever was sent, so only strings can be the client's.
        if canonical not in self._numbers:
            if isinstance(value, str) and canonical in self._sent:
                return value
            self._numbers[canonical] = len(self._numbers) + 1
        return f"<id {self._numbers[canonical]}>"


def explain_difference(expected: HttpAnswer, actual: HttpAnswer) -> str:
    """Say how two normalised answers differ; an empty string when they do not."""
    lines = [
        f"{name}: expected {_text_or_none(ours)}, got {_text_or_none(theirs)}"
        for name, ours, theirs in (
            ("status", expected.status, actual.status),
            ("type", expected.type, actual.type),
            ("www", expected.www, actual.www),
        )
        if ours != theirs
    ]
    return "\n".join(lines + _body_difference(expected, actual))


def _body_difference(expected: HttpAnswer, actual: HttpAnswer) -> list[str]:
    ours, theirs = _lines_of(expected), _lines_of(actual)
    if ours == theirs:
        return []
    difference = list(difflib.unified_diff(ours, theirs, "expected", "actual", lineterm=""))
    more = len(difference) - LINES_SHOWN
    shown = [line[:COLUMNS_SHOWN] for line in difference[:LINES_SHOWN]]
    return ["body:", *shown, *([f"... {more} more lines"] if more > 0 else [])]


def _lines_of(answer: HttpAnswer) -> list[str]:
    # Bodies are compared as text: in Python true equals 1 and 30.0 equals 30, for a client they differ.
    if isinstance(answer.body, str) and answer.type != JSON_TYPE:
        return answer.body.split("\n")
    return json.dumps(answer.body, indent=2, sort_keys=True, ensure_ascii=False).split("\n")


def _text_or_none(value: str | int | None) -> str:
    return "none" if value is None else str(value)


def _sort_texts(members: list[Json]) -> list[Json]:
    return sorted(members) if all(isinstance(member, str) for member in members) else members


def _canonical(text: str) -> str:
    return text.lower().replace("-", "")
