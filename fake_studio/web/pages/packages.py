"""H5P: what a package says of itself. There is no H5P player here, so its content is shown as text and media."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass
from html import unescape
from typing import Any, Iterator, List, Tuple

from fake_studio.refusals import FileNotStored
from fake_studio.web.pages.archives import content_of

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
class Package:
    """An H5P package; ``problem`` says why it cannot be read."""

    title: str = ""
    library: str = ""
    needs: Tuple[str, ...] = ()
    pieces: Tuple[Piece, ...] = ()
    problem: str = ""


def package_of(archive: zipfile.ZipFile) -> Package:
    """What an H5P package says of itself."""
    try:
        about, content = (json.loads(content_of(archive, name)) for name in ("h5p.json", "content/content.json"))
        needs = tuple(map(_dependency, about.get("preloadedDependencies") or []))
        return Package(str(about.get("title")), str(about.get("mainLibrary")), needs, tuple(_pieces(content))[:_MANY])
    except FileNotStored as missing:
        return Package(problem=missing.message)
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        return Package(problem=f"Its JSON cannot be read: {type(error).__name__}: {error}")


def _dependency(told: Any) -> str:
    return f"{told.get('machineName')} {told.get('majorVersion')}.{told.get('minorVersion')}"


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
