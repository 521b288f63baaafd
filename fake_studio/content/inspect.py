"""Look into a file: one module a format, imported when the first file of that format comes."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Callable

from fake_studio.content.flaw import Flaw, Inspection
from fake_studio.content.signatures import SIGNED_WITHIN, has_signature, seeming_format

# By extension: the module in this folder, its function, and what that takes besides the stream.
_FORMATS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "zip": ("html5", "inspect_zip", ("entry",)),
    "kpub": ("html5", "inspect_kpub", ("entry",)),
    "h5p": ("h5p_inspection", "inspect_h5p", ()),
    "epub": ("epub_inspection", "inspect_epub", ()),
    **dict.fromkeys(("bloompub", "bloomd"), ("bloom", "inspect_bloom", ())),
    "perseus": ("html5", "inspect_dependency", ()),
    "pdf": ("pdf", "inspect_pdf", ()),
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "svg"), ("images", "inspect_image", ("extension",))),
    **dict.fromkeys(("vtt", "srt"), ("subtitles", "inspect_subtitles", ())),
    **dict.fromkeys(("mp4", "webm", "mp3"), ("media", "inspect_media", ("extension",))),
}
_APPS = ("html5_zip", "imscp_zip", None)  # the presets of zips that are opened by their entry page


def inspect_file(
    file: Path | BinaryIO, extension: str, *, entry: str | None = None, preset: str | None = None
) -> Inspection:
    """What is wrong inside a file. Raises OSError where it cannot be opened, and nothing for what is in it.

    ``entry`` is the node's ``options.entry``, ``preset`` the file's preset: not every zip is an app.
    """
    if isinstance(file, Path):
        with file.open("rb") as stream:
            return inspect_file(stream, extension, entry=entry, preset=preset)
    file.seek(0)
    head = file.read(SIGNED_WITHIN)
    file.seek(0)
    if not head:
        return Inspection((Flaw("file-empty", "Learners see nothing: it has 0 bytes."),))
    if not has_signature(head, extension):
        return Inspection((Flaw("file-extension-differs", _mismatch(head, extension)),))
    return _inspect(file, extension, preset, {"entry": entry, "extension": extension})


def _mismatch(head: bytes, extension: str) -> str:
    seems = seeming_format(head)
    return f"This is not a .{extension} file{f' but {seems}' if seems else ''}: learners see an error."


def _inspect(stream: BinaryIO, extension: str, preset: str | None, options: dict[str, Any]) -> Inspection:
    if extension == "zip" and preset not in _APPS:
        module, function, takes = _FORMATS["perseus"]
    elif extension in _FORMATS:
        module, function, takes = _FORMATS[extension]
    else:
        return Inspection()
    try:
        inspect_format: Callable[..., Inspection] = getattr(import_module(f"fake_studio.content.{module}"), function)
        return inspect_format(stream, *(options[name] for name in takes))
    except ImportError as error:
        return Inspection(unchecked=(f"{extension} files were not checked: {error.name} is missing.",))
    except Exception as error:  # whatever a hostile file brings about must not lose the report
        return Inspection(unchecked=(f"It could not be checked ({type(error).__name__}: {error!s:.200}).",))
