"""The libraries inside an H5P package: which of them its content needs, in the order in which they are loaded."""

from __future__ import annotations

import json
import posixpath
import zipfile
from dataclasses import dataclass
from typing import Any, Dict, Iterable, Iterator, List, Set, Tuple

from fake_studio.content.zips import content_of

_MANY = 500  # libraries that are read


@dataclass(frozen=True)
class Library:
    """A library by its folder in the zip; ``needs`` are the names of those that come before it."""

    folder: str
    needs: Tuple[str, ...]
    scripts: Tuple[str, ...]
    styles: Tuple[str, ...]


@dataclass(frozen=True)
class Libraries:
    """What a package needs: ``found`` by name, each behind those that it needs itself, and the names of the rest."""

    found: Dict[str, Library]
    missing: Tuple[str, ...]

    @property
    def scripts(self) -> List[str]:
        """The members that are scripts, in order."""
        return [path for library in self.found.values() for path in library.scripts]

    @property
    def styles(self) -> List[str]:
        """The members that are style sheets, in order."""
        return [path for library in self.found.values() for path in library.styles]

    @property
    def folders(self) -> Dict[str, str]:
        """The folder of each, by the name that libraries call it by in paths: ``H5P.Text-1.1``."""
        return {name.replace(" ", "-"): library.folder for name, library in self.found.items()}


def name_of(told: Any) -> str:
    """A library's name as packages write it: ``H5P.Text 1.1``. Raises AttributeError for what is no object."""
    return f"{told.get('machineName')} {told.get('majorVersion')}.{told.get('minorVersion')}"


def libraries_of(archive: zipfile.ZipFile, needs: Iterable[str]) -> Libraries:
    """What is needed. Raises ContentUnreadable, ValueError, AttributeError, TypeError for broken ones."""
    members = archive.namelist()
    told = [name for name in members if name.endswith("/library.json") and name.count("/") == 1]
    known = dict(_library(archive, name, set(members)) for name in told[:_MANY])
    return _in_order(list(needs), known)


def _library(archive: zipfile.ZipFile, name: str, members: Set[str]) -> Tuple[str, Library]:
    folder, told = posixpath.dirname(name), json.loads(content_of(archive, name))
    needs = tuple(map(name_of, told.get("preloadedDependencies") or []))
    scripts, styles = (tuple(_paths(told.get(key), folder, members)) for key in ("preloadedJs", "preloadedCss"))
    return name_of(told), Library(folder, needs, scripts, styles)


def _paths(told: Any, folder: str, members: Set[str]) -> Iterator[str]:
    for each in told or []:
        path = posixpath.normpath(posixpath.join(folder, str(each.get("path"))))
        if path in members:
            yield path


def _in_order(needs: List[str], known: Dict[str, Library]) -> Libraries:
    found: Dict[str, Library] = {}
    missing, seen = [], set()
    waiting = [(name, False) for name in reversed(needs)]
    while waiting:
        name, is_next = waiting.pop()
        if is_next:
            found[name] = known[name]
        elif name not in seen:
            seen.add(name)
            if name not in known:
                missing.append(name)
                continue
            waiting.append((name, True))
            waiting.extend((each, False) for each in reversed(known[name].needs))
    return Libraries(found, tuple(missing))
