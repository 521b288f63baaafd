"""No regular expression of the package takes much longer than its text: re holds up all threads while it searches."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

import fake_studio
from support.growth import LINEAR, cpu_seconds, fastest, growth

SIZE = 5_000  # characters: what grows with the square takes tens of milliseconds
PATIENCE = 0.06  # seconds of CPU for one search, at best; what is linear takes less than a millisecond
BRIEF = 0.003  # likewise for half the size: what takes less stays far below, were it to grow with the cube
SIZES = (SIZE // 2, SIZE, 3 * SIZE // 2)
PIECES = (
    *("a", "1", " ", "\t", "\n", "_", "-", ".", ",", ":", ": ", "/", "=", '"', "\\", "(", ")", "[", "]", "{", "}", "<"),
    *("![", "](", "[[", "$$", "<!--", "<?", "1,", "1,111", "1.", "1 ", "1/", "\ta: ", "\ta ", "{{", "a.", "0.", "- "),
    *('filename="', "http://", "${☣ CONTENTSTORAGE}/", "\x1b[", "<id ", "é", "\\[", "\\(", "a=", "<a ", "1;"),
    *("![](", "<script>", "<title>", "$1 "),
)
ENDS = ("\0", "\n\t   ")
ROOT = Path(fake_studio.__file__).parent
CALL = re.compile(r"\b(\w+)\.(\w+)\(")


@cache
def calls() -> set[tuple[str, str]]:
    """Every name that the package calls a method of, with that method."""
    return {call for path in ROOT.rglob("*.py") for call in CALL.findall(path.read_text(encoding="utf-8"))}


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    for module in pkgutil.walk_packages(fake_studio.__path__, "fake_studio."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern):
                    yield f"{module.name.partition('.')[2]}.{name}", value


def ways_to_use(name: str) -> list[str]:
    """The methods of the pattern that the package calls: to search is worse than to match at one place.

    A pattern that is handed on, and called by another name, is searched for.
    """
    methods = {method for called, method in calls() if called == name.rpartition(".")[2]}
    return sorted(methods) if methods and methods <= {"match", "fullmatch"} else ["search"]


@pytest.mark.parametrize(("name", "pattern"), [pytest.param(*pair, id=pair[0]) for pair in patterns()])
def test_a_search_takes_no_longer_than_its_text(name: str, pattern: re.Pattern[Any]) -> None:
    ways = ways_to_use(name)
    literals = re.findall(r"[^\\\[\](){}?*+|^$.<>]{2,}", str(pattern.pattern))
    for piece in dict.fromkeys([*PIECES, *literals]):
        for end in ENDS:
            half, whole, large = (partial(search, pattern, ways, piece, size, end) for size in SIZES)
            if cpu_seconds(half) >= BRIEF:
                assert fastest(whole) < PATIENCE, (name, piece, end)
                assert growth(half, large) < LINEAR, (name, piece, end)


def search(pattern: re.Pattern[Any], ways: list[str], piece: str, size: int, end: str) -> None:
    """One search in each of these ways, in the piece again and again."""
    text = as_kind(pattern, piece * (size // len(piece)) + end)
    for way in ways:
        if way == "search":
            pattern.sub(as_kind(pattern, ""), text)
        else:
            getattr(pattern, way)(text)


def as_kind(pattern: re.Pattern[Any], text: str) -> Any:
    return text if isinstance(pattern.pattern, str) else text.encode("utf-8")
