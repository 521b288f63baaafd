"""H5P: what a package says of itself, its content as text and media, and whether it brings what it takes to play it."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass
from html import unescape
from typing import Any, Dict, Iterator, List, Optional, Tuple

from fake_studio.content.errors import ContentUnreadable
from fake_studio.content.h5p_libraries import Libraries, libraries_of, name_of
from fake_studio.content.zips import content_of

_TAG = re.compile(r"<[^<>]*>")
_MANY = 200  # pieces of content that are listed


@dataclass(frozen=True)
class Piece:
    """A text, or the member that holds a picture, a sound or a film; ``label`` says where it stands."""

    label: str
    text: str = ""
    path: str = ""
    media: str = ""


@dataclass(frozen=True)
class Play:
    """What a player needs: the name of the library that shows the content, the content, and the libraries."""

    library: str
    params: Any
    metadata: Dict[str, Any]
    libraries: Libraries


@dataclass(frozen=True)
class Package:
    """An H5P package; ``problem`` says why it cannot be read, ``lacks`` what is missing to play it."""

    title: str = ""
    library: str = ""
    needs: Tuple[str, ...] = ()
    pieces: Tuple[Piece, ...] = ()
    play: Optional[Play] = None
    problem: str = ""

    @property
    def lacks(self) -> Tuple[str, ...]:
        """The libraries that it needs and does not bring."""
        return self.play.libraries.missing if self.play else ()


def package_of(archive: zipfile.ZipFile) -> Package:
    """What an H5P package says of itself."""
    try:
        about, content = (json.loads(content_of(archive, name)) for name in ("h5p.json", "content/content.json"))
        needs = tuple(map(name_of, about.get("preloadedDependencies") or []))
        main = _main(about, needs)
        play = Play(main, content, about, libraries_of(archive, [*needs, main]))
        pieces = tuple(_pieces(content))[:_MANY]
        return Package(str(about.get("title")), str(about.get("mainLibrary")), needs, pieces, play)
    except ContentUnreadable as missing:
        return Package(problem=missing.message)
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        return Package(problem=f"Its JSON cannot be read: {type(error).__name__}: {error}")


def _main(about: Dict[str, Any], needs: Tuple[str, ...]) -> str:
    """The main library with its version, which stands among those that are needed."""
    name = f"{about.get('mainLibrary')} "
    return next((each for each in needs if each.startswith(name)), name.strip())


def _pieces(content: Any, label: str = "") -> Iterator[Piece]:
    if isinstance(content, str):
        text = unescape(_TAG.sub(" ", content)).strip()
        if text:
            yield Piece(label, text)
    elif isinstance(content, dict) and isinstance(content.get("path"), str):
        yield Piece(label, path=f"content/{content['path']}", media=str(content.get("mime")).partition("/")[0])
    else:
        for name, value in _members(content):
            yield from _pieces(value, f"{label} › {name}" if label else name)


def _members(content: Any) -> List[Tuple[str, Any]]:
    if isinstance(content, dict):
        return [(str(name), value) for name, value in content.items()]
    return [(str(place), value) for place, value in enumerate(content, start=1)] if isinstance(content, list) else []
