"""Which files pages can show, as what, and the media types that they send them with."""

from __future__ import annotations

from fake_studio.core.uploads import media_type_of

_WHOLE = {
    "video": ("mp4", "webm"),
    "audio": ("mp3", "ogg", "wav"),
    "picture": ("png", "jpg", "jpeg", "gif", "svg", "webp"),
    "document": ("pdf",),
    "subtitles": ("vtt",),
}
_ZIPS = {"app": ("zip", "bloompub", "bloomd"), "book": ("epub",), "package": ("h5p",)}
# What storage, which says what Studio's does, is silent about.
_MORE_TYPES = {
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "xhtml": "application/xhtml+xml",
    "mjs": "text/javascript",
    "wasm": "application/wasm",
}


def _by_extension(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {extension: name for name, extensions in table.items() for extension in extensions}


SHOWN = _by_extension({**_WHOLE, **_ZIPS})  # how a file is shown, by its extension
SENT_WHOLE = _by_extension(_WHOLE)  # those that browsers can read themselves
ZIPS = _by_extension(_ZIPS)  # those that are read in place


def extension_of(name: str) -> str:
    """What is behind a name's last dot, in lower case."""
    return name.rpartition(".")[2].lower()


def sent_type(name: str) -> str:
    """The media type that a file or a zip's member of this name is sent with."""
    return _MORE_TYPES.get(extension_of(name)) or media_type_of(name)
