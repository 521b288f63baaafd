"""No regular expression of the package takes much longer than its text: re holds up all threads while it searches."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import fake_studio

SIZE = 5_000  # characters: what grows with the square takes tenths of a second
PATIENCE = 0.06  # seconds of CPU for one search, at best; what is linear takes less than a millisecond
TRIES = 3  # another program that holds the caches makes any search slow, but not each time
PIECES = (
    *("a", "1", " ", "\t", "\n", "_", "-", ".", ",", ":", ": ", "/", "=", '"', "\\", "(", ")", "[", "]", "{", "}", "<"),
    *("![", "](", "[[", "$$", "<!--", "<?", "1,", "1,111", "1.", "1 ", "1/", "\ta: ", "\ta ", "{{", "a.", "0.", "- "),
    *('filename="', "http://", "${☣ CONTENTSTORAGE}/", "\x1b[", "<id ", "é", "\\[", "\\(", "a=", "<a ", "1;"),
    *("![](", "<script>", "<title>", "$1 "),
)
ENDS = ("\0", "\n\t   ")
ROOT = Path(fake_studio.__file__).parent
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py"))


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    for module in pkgutil.walk_packages(fake_studio.__path__, "fake_studio."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern):
                    yield f"{module.name.partition('.')[2]}.{name}", value


def ways_to_use(name: str) -> list[str]:
    """The methods of the pattern that the package calls: to search is worse than to match at one place."""
    methods = set(re.findall(rf"\b{name.rpartition('.')[2]}\.(\w+)\(", SOURCE))
    return (
        [way for way in ("match", "fullmatch") if way in methods] if methods <= {"match", "fullmatch"} else ["search"]
    )


@pytest.mark.parametrize(("name", "pattern"), [pytest.param(*pair, id=pair[0]) for pair in patterns()])
def test_a_search_takes_no_longer_than_its_text(name: str, pattern: re.Pattern[Any]) -> None:
    ways = ways_to_use(name)
    literals = re.findall(r"[^\\\[\](){}?*+|^$.<>]{2,}", str(pattern.pattern))
    for piece in dict.fromkeys([*PIECES, *literals]):
        for end in ENDS:
            text = as_kind(pattern, piece * (SIZE // len(piece)) + end)
            assert any(seconds(pattern, ways, text) < PATIENCE for _ in range(TRIES)), (name, piece, end)


def seconds(pattern: re.Pattern[Any], ways: list[str], text: Any) -> float:
    """The CPU time of one search in each of these ways."""
    began = time.thread_time()
    for way in ways:
        search = partial(pattern.sub, as_kind(pattern, "")) if way == "search" else getattr(pattern, way)
        search(text)
    return time.thread_time() - began


def as_kind(pattern: re.Pattern[Any], text: str) -> Any:
    return text if isinstance(pattern.pattern, str) else text.encode("utf-8")
