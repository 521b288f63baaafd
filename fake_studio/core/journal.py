"""What was asked of this Studio and what it answered: a list of exchanges, capped, to search and to count."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from typing import Any, Callable

from fake_studio.core.exchange import Exchange
from fake_studio.core.model import Json
from fake_studio.core.words import count_of

DEFAULT_LIMIT = 10_000
DEFAULT_BYTES = 64 * 1024 * 1024
LONGEST_JOURNAL = 2**31 - 1
LEAST_BYTES, MOST_BYTES = 1024 * 1024, 2**40
FILTERS = ("endpoint", "method", "path", "status", "user", "channel", "since", "body", "fault")


class Journal:
    """The last exchanges: at most ``limit`` of them, of at most ``max_bytes`` bytes in all. Thread-safe.

    Each of ``listeners`` is called with every new exchange.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT, max_bytes: int = DEFAULT_BYTES) -> None:
        self.limit = self._limit_at_start = limit
        self.max_bytes = self._max_bytes_at_start = max_bytes
        self._lock = threading.Lock()
        self.listeners: list[Callable[[Exchange], None]] = []
        # Goes up when there are other exchanges that a report tells of: reports on all the others are the same.
        self.changes = 0
        self.clear()

    def clear(self) -> None:
        """Forget every exchange. Numbers start anew."""
        with self._lock:
            self._entries: deque[Exchange] = deque()
            self.bytes = 0
            self.seen = 0
            self.changes += 1

    def reset(self) -> None:
        """Forget every exchange, and take the size that it was made with."""
        self.limit, self.max_bytes = self._limit_at_start, self._max_bytes_at_start
        self.clear()

    def resize(self, limit: int | None = None, max_bytes: int | None = None) -> None:
        """Remember this many from now on, and this many bytes; the oldest go if there are more."""
        with self._lock:
            self.limit = limit or self.limit
            self.max_bytes = max_bytes or self.max_bytes
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        while self._entries and (len(self._entries) > self.limit or self.bytes > self.max_bytes):
            oldest = self._entries.popleft()
            self.bytes -= oldest.size
            self.changes += _is_reported(oldest)

    @property
    def dropped(self) -> int:
        """How many exchanges were forgotten because there were too many, or they were too large."""
        return self.seen - len(self._entries)

    def record(self, exchange: Exchange) -> None:
        """Add an exchange, and number it."""
        with self._lock:
            self.seen += 1
            exchange.number = self.seen
            self._entries.append(exchange)
            self.bytes += exchange.size
            self.changes += _is_reported(exchange)
            self._drop_oldest()
        for listener in list(self.listeners):
            listener(exchange)

    def entries(self) -> list[Exchange]:
        """All that are kept, oldest first."""
        with self._lock:
            return list(self._entries)

    def entry(self, number: int) -> Exchange | None:
        """The exchange of this number, or None."""
        return next((exchange for exchange in self.entries() if exchange.number == number), None)

    def find(self, query: Mapping[str, Json], limit: int | None = None) -> list[Exchange]:
        """The exchanges that match, the last ``limit`` of them.

        ``wanted`` may have ``endpoint``, ``method``, ``path``, ``status``, ``user``, ``channel``, ``fault``, ``since``
        (a number: exchanges after that one) and ``body`` (an object that must be contained in the request's).
        """
        matches = [exchange for exchange in self.entries() if _matches(exchange, query)]
        return matches[-limit:] if limit else matches

    def count(self, query: Mapping[str, Json]) -> int:
        """How many exchanges match."""
        return len(self.find(query))

    def assert_made(self, query: Mapping[str, Json], times: int | None = None) -> None:
        """Fail unless a request matches (with ``times``, unless that many do); shows the nearest ones.

        Raises ValueError for a key that is none of FILTERS.
        """
        __tracebackhide__ = True
        _check_names(query)
        count = self.count(query)
        if count == times or (times is None and count):
            return
        from fake_studio.core.near_misses import near_miss_lines  # with difflib, for a test that fails

        expected = "at least one" if times is None else f"{times}"
        matching = f"{count_of(count, 'request')} match{'es' if count == 1 else ''}, expected {expected}: {dict(query)}"
        raise AssertionError("\n".join([matching, *near_miss_lines(query, self.entries())]))

    def assert_not_made(self, query: Mapping[str, Json]) -> None:
        """Fail if a request matches; names those that do. Raises ValueError as ``assert_made``."""
        __tracebackhide__ = True
        _check_names(query)
        matches = self.find(query)
        if matches:
            lines = [
                f"  {exchange.number} {exchange.method} {exchange.path}: {exchange.status}" for exchange in matches
            ]
            raise AssertionError("\n".join([f"{count_of(len(matches), 'request')} too many: {dict(query)}", *lines]))

    def refusals(self) -> list[Exchange]:
        """The exchanges in which Studio said no."""
        return [exchange for exchange in self.entries() if exchange.refusal is not None]


def _is_reported(exchange: Exchange) -> bool:
    """Whether reports tell of it: it was refused, or brought nodes for a parent that nobody has."""
    return exchange.refusal is not None or (exchange.endpoint == "add_nodes" and exchange.channel is None)


def _check_names(query: Mapping[str, Json]) -> None:
    __tracebackhide__ = True
    unknown = sorted(set(query) - set(FILTERS))
    if unknown:
        raise ValueError(
            f"Requests cannot be filtered by {', '.join(map(repr, unknown))}. Use one of {', '.join(FILTERS)}."
        )


def _matches(exchange: Exchange, query: Mapping[str, Json]) -> bool:
    return all(_agrees(exchange, name, value) for name, value in query.items())


def _agrees(exchange: Exchange, name: str, value: Json) -> bool:
    if name == "since":
        return exchange.number > int(value)
    if name == "body":
        return json_contains(exchange.request.get("body"), value)
    if name == "status":
        return exchange.status == int(value)
    return bool(getattr(exchange, name, None) == value)


def json_contains(data: Any, part: Any) -> bool:
    """Whether JSON data has this part: objects by their keys, lists if each wanted item is somewhere in them."""
    if isinstance(part, dict):
        return isinstance(data, dict) and all(
            key in data and json_contains(data[key], element) for key, element in part.items()
        )
    if isinstance(part, list):
        return isinstance(data, list) and all(any(json_contains(item, element) for item in data) for element in part)
    return bool(data == part)
