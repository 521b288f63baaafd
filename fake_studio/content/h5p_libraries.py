"""The libraries inside an H5P package: which of them its content needs, in the order in which they are loaded."""

from __future__ import annotations

import json
import posixpath
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fake_studio.content.zips import read_member

_MANY = 500  # libraries that are read


@dataclass(frozen=True)
class Library:
    """A library by its folder in the zip; ``needs`` are the names of those that come before it.

    ``absent`` are the scripts and styles that it loads and that are not there.
    """

    folder: str
    needs: tuple[str, ...]
    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Libraries:
    """What a package needs: ``by_name``, each behind those that it needs itself, and the names of the rest."""

    by_name: dict[str, Library]
    missing: tuple[str, ...]

    @property
    def scripts(self) -> list[str]:
        """The members that are scripts, in order."""
        return [path for library in self.by_name.values() for path in library.scripts]

    @property
    def styles(self) -> list[str]:
        """The members that are style sheets, in order."""
        return [path for library in self.by_name.values() for path in library.styles]

    @property
    def absent(self) -> list[str]:
        """The members that are loaded and are not in the package."""
        return [path for library in self.by_name.values() for path in library.absent]

    @property
    def folders(self) -> dict[str, str]:
        """The folder of each, by the name that libraries call it by in paths: ``H5P.Text-1.1``."""
        return {name.replace(" ", "-"): library.folder for name, library in self.by_name.items()}


def name_of(library: Any) -> str:
    """A library's name as packages write it: ``H5P.Text 1.1``. Raises AttributeError for what is no object."""
    return f"{library.get('machineName')} {library.get('majorVersion')}.{library.get('minorVersion')}"


def read_libraries(archive: zipfile.ZipFile, needs: Iterable[str]) -> Libraries:
    """What is needed. Raises ContentUnreadable, ValueError, AttributeError, TypeError for broken ones.

    A player looks for a library in the folder of its name and nowhere else.
    """
    members = archive.namelist()
    descriptions = [name for name in members if name.endswith("/library.json") and name.count("/") == 1]
    libraries = dict(_library(archive, name, set(members)) for name in descriptions[:_MANY])
    return _in_order(list(needs), libraries)


def _library(archive: zipfile.ZipFile, name: str, members: set[str]) -> tuple[str, Library]:
    folder, description = posixpath.dirname(name), json.loads(read_member(archive, name))
    needs = tuple(map(name_of, description.get("preloadedDependencies") or []))
    loaded = [tuple(_paths(description.get(key), folder)) for key in ("preloadedJs", "preloadedCss")]
    scripts, styles = (tuple(path for path in paths if path in members) for paths in loaded)
    absent = tuple(path for paths in loaded for path in paths if path not in members)
    return _name_in(folder), Library(folder, needs, scripts, styles, absent)


def _name_in(folder: str) -> str:
    name, _, version = folder.rpartition("-")
    return f"{name} {version}"


def _paths(entries: Any, folder: str) -> Iterator[str]:
    for entry in entries or []:
        yield posixpath.normpath(posixpath.join(folder, str(entry.get("path"))))


def _in_order(needs: list[str], libraries: dict[str, Library]) -> Libraries:
    ordered: dict[str, Library] = {}
    missing, seen = [], set()
    stack = [(name, False) for name in reversed(needs)]
    while stack:
        name, is_next = stack.pop()
        if is_next:
            ordered[name] = libraries[name]
        elif name not in seen:
            seen.add(name)
            if name not in libraries:
                missing.append(name)
                continue
            stack.append((name, True))
            stack.extend((dependency, False) for dependency in reversed(libraries[name].needs))
    return Libraries(ordered, tuple(missing))
