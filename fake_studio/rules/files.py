"""The files that a node, a question, a slide or a channel refers to.

Source: Studio utils/nodes.py map_files_to_node, map_files_to_assessment_item, map_files_to_slideshow_slide_item
and models.py File.save.
"""

from __future__ import annotations

import os
from collections import ChainMap
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Callable

from le_utils.constants import format_presets

from fake_studio.core import values
from fake_studio.core.images import image_fault
from fake_studio.core.model import File
from fake_studio.core.refusals import NodeInvalid, NodeNotStorable
from fake_studio.core.storage import Storage
from fake_studio.rules import Strictness

MEDIA_PRESETS = (
    format_presets.AUDIO,
    format_presets.AUDIO_DEPENDENCY,
    format_presets.VIDEO_HIGH_RES,
    format_presets.VIDEO_LOW_RES,
    format_presets.VIDEO_DEPENDENCY,
)


@dataclass(frozen=True)
class ValidationContext:
    """What is needed to take a node in: the storage, the maker of ids, who sends it, and how much it must bring.

    ``announced`` says whether a user asked for an upload URL for a checksum; ``loose`` counts the uploads that hang on
    no question yet, by user and checksum: what this call does to it is in its first map.
    """

    storage: Storage
    new_id: Callable[[], str]
    user_id: int
    admission: Strictness
    announced: Callable[[int, str], bool]
    loose: ChainMap[tuple[int, str], int] = field(default_factory=ChainMap)


def parse_node_files(intake: ValidationContext, entries: Any, field: str = "files") -> list[File]:
    """The files of a node or channel. Raises NodeInvalid and NodeNotStorable.

    Null entries are left out. With an unknown language, Studio drops that file and all after it without a word
    (recording add/file-unknown-language); a dialect that does not coerce refuses it instead. Of several thumbnails
    with one preset the last stays.
    """
    files: list[File] = []
    for index, entry in _entries(entries, field):
        where = f"{field}[{index}]"
        if not _language_known(entry, where, intake.admission):
            break
        file = _file(intake, entry, where)
        preset = values.PRESETS.get(file.preset or "")
        if preset and preset.thumbnail:
            files = [other for other in files if other.preset != file.preset]
            _check_thumbnail(intake.storage, file, where)
        files.append(file)
    return files


def parse_part_files(intake: ValidationContext, entries: Any, field: str) -> list[File]:
    """The files of a question or a slide: here the preset must be one of le_utils', and no language is read."""
    files = []
    for index, entry in _entries(entries, field):
        where = f"{field}[{index}]"
        preset = entry.get("preset")
        if intake.admission.every_key and not (
            preset is None or (isinstance(preset, str) and preset in values.PRESETS)
        ):
            raise NodeNotStorable(f"{preset!r:.60} is no preset.", field=f"{where}.preset")
        file = _file(intake, {**entry, "language": None, "duration": None}, where)
        files.append(file)
    return files


def _entries(entries: Any, field: str) -> Iterator[tuple[int, dict[str, Any]]]:
    if not isinstance(entries, (list, dict, str)):
        raise NodeNotStorable(f"must be a list, not {values.json_name(entries)}.", field=field)
    for index, entry in enumerate(entries):
        if entry:
            yield index, values.an_object(entry, f"{field}[{index}]", NodeNotStorable)


def _language_known(entry: dict[str, Any], where: str, admission: Strictness) -> bool:
    language = entry.get("language")
    if language is None or (isinstance(language, str) and language in values.LANGUAGES):
        return True
    if not language or (not admission.coerce and not isinstance(language, str)):
        raise NodeNotStorable(f"must be a language code or null, not {language!r:.60}.", field=f"{where}.language")
    values.check_characters(str(language), f"{where}.language", NodeNotStorable)
    if not admission.coerce:
        raise NodeInvalid(f"{language!r} is no language code of le_utils.", field=f"{where}.language")
    return False


def _file(intake: ValidationContext, entry: dict[str, Any], where: str) -> File:
    every_key = intake.admission.every_key
    name = values.check_present(entry, "filename", NodeNotStorable, f"{where}.filename")
    checksum, extension = _split(name, f"{where}.filename")
    if every_key:
        for key in ("preset", "size"):
            values.check_present(entry, key, NodeNotStorable, f"{where}.{key}")
    preset = preset_of(entry.get("preset"), extension, f"{where}.preset")
    stored_name = checksum + (f".{extension.lower()}" if extension else "")
    stored_name = name if stored_name == name else stored_name  # one text in memory, not two
    if intake.admission.stored_files and not intake.storage.has(stored_name):
        raise NodeNotStorable(f"{name} was never uploaded.", field=f"{where}.filename")
    if extension not in values.EXTENSIONS:
        crash = NodeInvalid if extension else NodeNotStorable
        raise crash(f"{extension!r} is no file format.", field=f"{where}.filename", allowed=values.EXTENSIONS)
    return File(
        id=intake.new_id(),
        checksum=checksum,
        extension=extension,
        name=stored_name,
        size=_size(entry.get("size"), intake.storage, stored_name, where),
        preset=preset,
        language=entry.get("language") or None,
        original_filename=values.check_text(
            entry.get("original_filename") or "file", f"{where}.original_filename", 255, NodeNotStorable
        ),
        source_url=values.check_optional_text(entry.get("source_url"), f"{where}.source_url", 400, NodeNotStorable),
        duration=_duration(entry.get("duration"), preset, f"{where}.duration"),
        uploaded_by=intake.user_id,
    )


def _split(name: Any, field: str) -> tuple[str, str]:
    if not isinstance(name, str):
        raise NodeNotStorable(f"must be a file name, not {name!r:.60}.", field=field)
    values.check_characters(name, field, NodeNotStorable)
    checksum, dotted = os.path.splitext(name)
    if len(checksum) < 2 or "/" in checksum or "\\" in checksum or len(checksum) > 400:
        raise NodeNotStorable(f"{name!r:.80} is not <checksum>.<extension>.", field=field)
    return checksum, dotted.lstrip(".")


def preset_of(name: Any, extension: str, field: str) -> str | None:
    """The preset of this name, else the first visible one that takes the extension, else none."""
    if isinstance(name, str):
        values.check_characters(name, field, NodeNotStorable)
        if name in values.PRESETS:
            return name
    presets = values.PRESETS.values()
    return next((preset.id for preset in presets if preset.display and extension in preset.allowed_formats), None)


def _size(value: Any, storage: Storage, name: str, where: str) -> int | None:
    if not value:
        return storage.size(name)
    return values.check_integer(value, f"{where}.size", NodeNotStorable)


def _duration(value: Any, preset: str | None, field: str) -> int | None:
    duration = values.check_integer(value, field, NodeNotStorable)
    if duration is None or (duration > 0 and (preset is None or preset in MEDIA_PRESETS)):
        return duration
    raise NodeNotStorable(
        f"{duration} with preset {preset}: only audio and video last, and longer than 0.", field=field
    )


def _check_thumbnail(storage: Storage, file: File, where: str) -> None:
    if storage.has(file.name):
        fault = image_fault(storage, file.name)
        if fault:
            raise NodeNotStorable(f"the thumbnail {file.name} is no image that can be read: {fault}.", field=where)
