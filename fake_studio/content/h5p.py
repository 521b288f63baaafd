"""H5P: what a package says of itself, its content as text and media, and whether it brings what it takes to play it."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from fake_studio.content.errors import ContentUnreadable
from fake_studio.content.h5p_libraries import Libraries, name_of, read_libraries
from fake_studio.content.zips import read_member

_TAG = re.compile(r"<[^<>]*>")
_MANY = 200  # pieces of content that are listed
DESCRIPTIONS_LIMIT = 4 * 1024 * 1024  # bytes of JSON in a package: it takes ten times its size in memory
_DESCRIPTIONS = ("h5p.json", "content.json", "library.json")


@dataclass(frozen=True)
class H5PItem:
    """A text, or the member that holds a picture, a sound or a film; ``label`` says where it stands."""

    label: str
    text: str = ""
    path: str = ""
    media: str = ""


@dataclass(frozen=True)
class H5PPlayback:
    """What a player needs: the name of the library that shows the content, the content, and the libraries."""

    library: str
    params: Any
    metadata: dict[str, Any]
    libraries: Libraries


@dataclass(frozen=True)
class Package:
    """An H5P package; ``problem`` says why it cannot be read, ``lacks`` what is missing to play it."""

    title: str = ""
    library: str = ""
    needs: tuple[str, ...] = ()
    pieces: tuple[H5PItem, ...] = ()
    play: H5PPlayback | None = None
    problem: str = ""
    is_too_large: bool = False

    @property
    def lacks(self) -> tuple[str, ...]:
        """The libraries that it needs and does not bring."""
        return self.play.libraries.missing if self.play else ()


def read_package(archive: zipfile.ZipFile) -> Package:
    """What an H5P package says of itself."""
    size = sum(info.file_size for info in archive.infolist() if info.filename.endswith(_DESCRIPTIONS))
    if size > DESCRIPTIONS_LIMIT:
        problem = f"Its descriptions were not read: {size:,} bytes of JSON are too many."
        return Package(problem=problem, is_too_large=True)
    try:
        about, content = (json.loads(read_member(archive, name)) for name in ("h5p.json", "content/content.json"))
        needs = tuple(map(name_of, about.get("preloadedDependencies") or []))
        main = _main(about, needs)
        play = H5PPlayback(main, content, about, read_libraries(archive, [*needs, main]))
        pieces = tuple(_pieces(content))[:_MANY]
        return Package(str(about.get("title")), str(about.get("mainLibrary")), needs, pieces, play)
    except ContentUnreadable as missing:
        return Package(problem=missing.message)
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        return Package(problem=f"Its JSON cannot be read: {type(error).__name__}: {error}")


def _main(about: dict[str, Any], needs: tuple[str, ...]) -> str:
    """The main library with its version, which stands among those that are needed."""
    name = f"{about.get('mainLibrary')} "
    return next((dependency for dependency in needs if dependency.startswith(name)), name.strip())


def _pieces(content: Any, label: str = "") -> Iterator[H5PItem]:
    if isinstance(content, str):
        text = unescape(_TAG.sub(" ", content)).strip()
        if text:
            yield H5PItem(label, text)
    elif isinstance(content, dict) and isinstance(content.get("path"), str):
        yield H5PItem(label, path=f"content/{content['path']}", media=str(content.get("mime")).partition("/")[0])
    else:
        for name, value in _members(content):
            yield from _pieces(value, f"{label} › {name}" if label else name)


def _members(content: Any) -> list[tuple[str, Any]]:
    if isinstance(content, dict):
        return [(str(name), value) for name, value in content.items()]
    return [(str(place), value) for place, value in enumerate(content, start=1)] if isinstance(content, list) else []
