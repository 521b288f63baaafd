"""H5P packages: whether all that it takes to play one is in it.

Source: Kolibri 0.19.5 H5PRunner (h5p.json, preloadedDependencies, ``Name-major.minor/library.json``, content/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from fake_studio.content.archive import Archive, open_for_inspection
from fake_studio.content.embedded import find_media_flaw
from fake_studio.content.flaw import Inspection
from fake_studio.content.h5p import Package, read_package
from fake_studio.content.notes import InspectionNotes
from fake_studio.content.references import DISK, LOCAL, WEB, locate
from fake_studio.content.site import missing_hint

_LIBRARY = re.compile(r"(?<![\w.-])[\w.-]+ \d+\.\d+")
CONTENT = "content/content.json"
_FILE = re.compile(r"\.\w{2,5}$")


def inspect_h5p(stream: BinaryIO) -> Inspection:
    """An H5P package."""
    notes = InspectionNotes()
    archive = open_for_inspection(stream, notes)
    if archive is not None:
        package = read_package(archive.packed)
        if package.is_too_large:
            notes.skip(package.problem)
        else:
            _inspect(archive, package, notes)
    return notes.inspection()


def _inspect(archive: Archive, package: Package, notes: InspectionNotes) -> None:
    for name in ("h5p.json", CONTENT):
        if name not in archive.names:
            message = f"There is no {name} in the package{_folder_hint(archive, name)}: it does not start."
            notes.add("archive-reference-missing", name, message, name)
            return
    if package.play is None:
        notes.add("archive-damaged", "", f"{package.problem} The package does not start.")
        return
    _check_libraries(package, notes)
    for library in _named_libraries(package.play.params):
        if library not in package.play.libraries.by_name and library not in package.lacks:
            message = f"The content uses {library}, but neither h5p.json nor its libraries load it"
            notes.add("archive-reference-missing", library, f"{message}: that part stays empty.", CONTENT)
    for path in _named_files(package.play.params):
        _check_file(archive, path, notes)


def _folder_hint(archive: Archive, name: str) -> str:
    deeper = [member for member in archive.names if member.endswith("/" + name)]
    similar = missing_hint(archive, name)
    return f", only {min(deeper, key=len)!r:.120} (pack what is in the folder)" if deeper and not similar else similar


def _check_libraries(package: Package, notes: InspectionNotes) -> None:
    if package.play and " " not in package.play.library:
        message = f"h5p.json names {package.play.library!r:.80} as mainLibrary, which is not among its dependencies"
        notes.add("archive-reference-missing", package.play.library, f"{message}: it does not start.", "h5p.json")
        return
    for library in package.lacks:
        folder = library.replace(" ", "-")
        message = f"The package needs {library}, and {folder}/library.json is not in it: it does not start."
        notes.add("archive-reference-missing", library, message, folder)
    for path in package.play.libraries.absent if package.play else ():
        message = f"A library of the package loads {path!r:.120}, which is not in it: it does not start."
        notes.add("archive-reference-missing", path, message, path)


def _walk_objects(content: Any) -> Iterator[dict[str, Any]]:
    """Every object in JSON, however deep."""
    stack = [content]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            yield part
        if isinstance(part, (dict, list)):
            stack.extend(reversed(list(part.values() if isinstance(part, dict) else part)))


def _named_libraries(content: Any) -> Iterator[str]:
    for part in _walk_objects(content):
        library = part.get("library")
        if isinstance(library, str) and _LIBRARY.fullmatch(library) and "params" in part:
            yield library


def _named_files(content: Any) -> Iterator[str]:
    for part in _walk_objects(content):
        path = part.get("path")
        if isinstance(path, str) and ("mime" in part or _FILE.search(path.partition("#")[0])):
            yield path[: -len("#tmp")] if path.endswith("#tmp") else path  # of files that an editor had in work


def _check_file(archive: Archive, path: str, notes: InspectionNotes) -> None:
    target = locate(path, CONTENT)
    if target.kind == WEB:
        message = f"The content shows {path!r:.160}, which is on the web; learners are offline: it stays empty."
        notes.add("archive-needs-web", path, message, CONTENT)
    elif target.path in archive.names:
        flaw = find_media_flaw(archive, target.path, notes)
        if flaw:
            notes.add(flaw.code, path, f"The content plays {path!r:.160}: {flaw.message}", CONTENT)
    elif target.kind in (LOCAL, DISK) and not {f"content/{path}", target.path} & archive.names:
        message = f"The content names {path!r:.160}, which is not in content/{missing_hint(archive, f'content/{path}')}"
        notes.add("archive-reference-missing", path, f"{message}: that part stays empty.", CONTENT)
