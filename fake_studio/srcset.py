"""Lists of pictures, as ``srcset`` has them: each an address with its widths or densities behind it.

Sources: HTML, 4.8.4.2 (srcset attributes); Studio utils/assessment/qti/fields.py, where the address of a data: URI may
hold blanks and commas. Both ways go through a list once, from left to right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = re.compile(r"\S+")
_ADDRESS = re.compile(r"[^\s,]+")
_COMMA = re.compile(r"\s*,\s*")
_DENSITY = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)[xwh]")
_DATA = re.compile(r"data:(?:[-\w]+/[-+\w.]+(?:;[-\w]+=[-\w]+)*)?(?:;base64)?,")


def find_addresses(srcset: str) -> Iterator[tuple[int, int]]:
    """Where each address begins and ends, as browsers read it: it may hold commas, and does not end with one."""
    is_address = True
    for word in _WORD.finditer(srcset):
        begin, end = word.span()
        if not is_address:
            comma = srcset.find(",", begin, end)
            is_address, begin = comma >= 0, comma + 1 if comma >= 0 else end
        begin += len(srcset[begin:end]) - len(srcset[begin:end].lstrip(","))
        if begin < end:
            is_address = srcset[end - 1] == ","
            yield begin, begin + len(srcset[begin:end].rstrip(","))


def addresses_in(srcset: str) -> list[str]:
    """The addresses of a list, in order, as browsers read it."""
    return [srcset[begin:end] for begin, end in find_addresses(srcset)]


def parse_pictures(srcset: str) -> list[str]:
    """The addresses of a list as Studio checks it: behind each stands a width or density.

    Of a data: URI only what stands before its first blank. Raises ValueError.
    """
    addresses, place = [], 0
    while True:
        data = _DATA.match(srcset, place)
        end = _end_of_data(srcset, data.end()) if data else _end_of_plain(srcset, place)
        addresses.append(srcset[place:end].split(None, 1)[0])
        if end == len(srcset):
            return addresses
        comma = _COMMA.match(srcset, end)
        if comma is None:
            raise ValueError("A width or density is missing.")
        place = comma.end()


def _end_of_plain(srcset: str, begin: int) -> int:
    """Where the densities behind an address without blanks and commas end."""
    address = _ADDRESS.match(srcset, begin)
    ends = _ends_of_densities(srcset, address.end(), len(srcset)) if address else iter(())
    end = next(ends, None)
    if address is None or end is None or _WORD.match(srcset, address.end()) or end[0] > address.end():
        raise ValueError("A width or density is missing.")
    return end[1]


def _end_of_data(srcset: str, begin: int) -> int:
    """Where the densities behind a data: URI end: those are the last ones that begin on its line."""
    line = srcset.find("\n", begin)
    ends = [end for _, end in _ends_of_densities(srcset, begin, line if line >= 0 else len(srcset))]
    if not ends:
        raise ValueError("A width or density is missing.")
    return ends[-1]


def _ends_of_densities(srcset: str, begin: int, last: int) -> Iterator[tuple[int, int]]:
    """The runs of densities that a comma or the end of the list follows, by where the blank before them begins.

    A run begins at ``last`` at the latest.
    """
    before = begin  # the end of the word before
    run: tuple[int, int] | None = None
    for word in _WORD.finditer(srcset, begin):
        head, comma, _ = word[0].partition(",")
        if run and comma and not head:
            yield run
        is_density = word.start() > before and _DENSITY.fullmatch(head) is not None
        run = (run[0] if run else before, word.start() + len(head)) if is_density else None
        if run and comma:
            yield run
            run = None
        if run is None and word.end() > last:
            return
        if run and run[0] > last:
            return
        before = word.end()
    if run:
        yield run
