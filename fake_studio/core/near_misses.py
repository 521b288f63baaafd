"""Requests that nearly match a query, beside what was expected: what a failing assertion shows.

WireMock and pytest-httpserver show such near misses; a query that matches nothing is most often wrong in one value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from fake_studio.core.words import count_of

MOST = 3  # how many near misses are shown
WIDTH = 44  # of a column, in characters
COMPARED = 200  # characters of a value that count for how near it is
_ABSENT = object()


@dataclass(frozen=True)
class ComparedValue:
    """One value of a query, the same place of a request, and whether they agree."""

    name: str
    expected: str
    actual: str
    agrees: bool

    @property
    def closeness(self) -> float:
        """From 0, nothing in common, to 1, the same."""
        if self.agrees:
            return 1.0
        # The start of a text is enough, and the quick estimate: a journal may have 10,000 requests with large bodies.
        return SequenceMatcher(None, self.expected, self.actual).quick_ratio() / 2


def near_miss_lines(query: Mapping[str, Any], exchanges: Sequence[Any]) -> Iterator[str]:
    """The nearest exchanges, each as two columns: what the query has, and what the request has."""
    compared = [(exchange, list(_rows(query, exchange))) for exchange in exchanges]
    compared.sort(key=lambda pair: (-_closeness(pair[1]), pair[0].number))
    nearest = compared[:MOST]
    if nearest:
        yield f"The nearest of {count_of(len(compared), 'request')}:"
    for exchange, rows in nearest:
        yield from _columns(exchange, rows)


def _closeness(rows: Sequence[ComparedValue]) -> float:
    return sum(row.closeness for row in rows) / (len(rows) or 1)


def _rows(query: Mapping[str, Any], exchange: Any) -> Iterator[ComparedValue]:
    for name, expected in query.items():
        if name == "since":
            yield ComparedValue(
                name, f"after request {expected}", f"request {exchange.number}", exchange.number > int(expected)
            )
        elif name == "body":
            yield from _body_rows(name, expected, exchange.request.get("body"))
        else:
            actual = getattr(exchange, name)
            yield ComparedValue(name, _text(expected), _text(actual), str(actual) == str(expected))


def _body_rows(place: str, expected: Any, actual: Any) -> Iterator[ComparedValue]:
    """A row for each value that must be somewhere in a body, beside what stands there."""
    if isinstance(expected, dict) and expected:
        for key, value in expected.items():
            inner = actual.get(key, _ABSENT) if isinstance(actual, dict) else _ABSENT
            yield from _body_rows(f"{place}.{key}", value, inner)
    elif isinstance(expected, list) and expected and isinstance(actual, list) and actual:
        for value in expected:
            index, item = _nearest_item(value, actual)
            yield from _body_rows(f"{place}[{index}]", value, item)
    else:
        yield ComparedValue(place, _text(expected), _text(actual), _contains(actual, expected))


def _contains(actual: Any, expected: Any) -> bool:
    # An empty object or list is part of any other.
    return bool(actual == expected) or (expected in ({}, []) and isinstance(actual, type(expected)))


def _nearest_item(expected: Any, items: Sequence[Any]) -> tuple[int, Any]:
    return max(enumerate(items), key=lambda pair: _closeness(list(_body_rows("", expected, pair[1]))))


def _text(value: Any) -> str:
    """The value as JSON, as much of it as is compared or shown."""
    if value is _ABSENT:
        return "(absent)"
    text = ""
    for part in json.JSONEncoder(ensure_ascii=False, default=str).iterencode(value):
        text += part
        if len(text) > COMPARED:
            break
    return text[: COMPARED + 1]


def _columns(exchange: Any, rows: list[ComparedValue]) -> Iterator[str]:
    table = [("", "expected", f"request {exchange.number}"), *((row.name, row.expected, row.actual) for row in rows)]
    marks = [" ", *(" " if row.agrees else "x" for row in rows)]
    widths = [min(WIDTH, max(len(line[column]) for line in table)) for column in (0, 1)]
    for mark, (name, expected, actual) in zip(marks, table):
        left = f"  {mark} {name:<{widths[0]}}  {_cut(expected):<{widths[1]}}"
        yield f"{left}  {_cut(actual)}".rstrip()


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
