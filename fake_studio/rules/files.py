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

from fake_studio.core import values
from fake_studio.core.images import image_fault
from fake_studio.core.model import File, Node
from fake_studio.core.refusals import NodeInvalid, NodeNotStorable
from fake_studio.core.storage import Storage
from fake_studio.rules import Strictness


@dataclass(frozen=True)
class ValidationContext:
    """What is needed to take a node in: the storage, the maker of ids, who sends it, and how much it must bring.

    ``announced`` says whether a user asked for an upload URL for a checksum; ``loose`` counts the uploads that hang on
    no question yet, by user and checksum: what this call does to it is in its first map.
    """

    storage: Storage
    new_id: Callable[[], str]
    user_id: int
    strictness: Strictness
    announced: Callable[[int, str], bool]
    loose: ChainMap[tuple[int, str], int] = field(default_factory=ChainMap)


def parse_node_files(context: ValidationContext, entries: Any, field: str = "files") -> list[File]:
    """The files of a node or channel. Raises NodeInvalid and NodeNotStorable.

    Null entries are left out. With an unknown language, Studio drops that file and all after it without a word
    (recording add/file-unknown-language); a dialect that does not coerce refuses it instead. Of several thumbnails
    with one preset the last stays.
    """
    files: list[File] = []
    for index, entry in _entries(entries, field):
        where = f"{field}[{index}]"
        name = _name(context, entry, where)
        preset = preset_of(entry.get("preset"), name.extension, f"{where}.preset")
        # Studio returns its ValidationError instead of raising it, so the rest of the files is never read.
        if not _language_known(entry, where, context.strictness):
            break
        file = _file(context, entry, name, preset, where)
        if preset and values.PRESETS[preset].thumbnail:
            files = [other for other in files if other.preset != file.preset]
            _check_thumbnail(context.storage, file, where)
        files.append(file)
    return files


def drops_files(data: dict[str, Any]) -> bool:
    """Whether a node brings a file whose language Studio does not know: it drops that, and the files after it."""
    entries = data.get("files")
    files = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return not all(is_language(file.get("language")) for file in files)


def is_language(language: Any) -> bool:
    """Whether le_utils has the language of a file, or the file has none."""
    return not language or (isinstance(language, str) and language in values.LANGUAGES)


def parse_part_files(context: ValidationContext, entries: Any, field: str) -> list[File]:
    """The files of a question or a slide: the preset is a foreign key here, and no language is read."""
    files = []
    for index, entry in _entries(entries, field):
        where = f"{field}[{index}]"
        name = _name(context, entry, where)
        # Studio splits this name at every dot and unpacks two parts; a node's own file is split at the last one.
        if name.text.count(".") != 1:
            raise NodeNotStorable("must be <checksum>.<extension>.", field=f"{where}.filename")
        if context.strictness.every_key:
            preset = values.foreign_key(entry["preset"], f"{where}.preset", 150, NodeNotStorable)
        else:
            preset = preset_of(entry.get("preset"), name.extension, f"{where}.preset")
        # Nor does Studio read a duration here (map_files_to_assessment_item).
        files.append(_file(context, {**entry, "language": None, "duration": None}, name, preset, where))
    return files


def check_foreign_keys(node: Node) -> None:
    """Whether there are the languages and the presets that the files of a node name. Raises NodeNotStorable."""
    for file in node.all_files():
        if file.language is not None:
            values.check_language(file.language, f"language of {file.name}", NodeNotStorable)
        if file.preset is not None and file.preset not in values.PRESETS:
            raise NodeNotStorable(f"{file.preset!r:.60} is not a preset.", field=f"preset of {file.name}")


def _entries(entries: Any, field: str) -> Iterator[tuple[int, dict[str, Any]]]:
    if not isinstance(entries, (list, dict, str)):
        raise NodeNotStorable(f"must be a list, not {values.json_name(entries)}.", field=field)
    for index, entry in enumerate(entries):
        if entry:
            yield index, values.check_object(entry, f"{field}[{index}]", NodeNotStorable)


def _language_known(entry: dict[str, Any], where: str, strictness: Strictness) -> bool:
    language = entry.get("language")
    if language is None or (isinstance(language, str) and language in values.LANGUAGES):
        return True
    if not strictness.coerce:
        if not isinstance(language, str):
            raise NodeNotStorable(f"must be a language code or null, not {language!r:.60}.", field=f"{where}.language")
        raise NodeInvalid(f"{language!r:.60} is not a language code of le_utils.", field=f"{where}.language")
    values.check_characters(str(language), f"{where}.language", NodeNotStorable)
    return not language  # what is empty is not looked up: the foreign key fails when the transaction ends


@dataclass(frozen=True)
class _Name:
    """A file's name: as sent, its two parts, and as storage has it."""

    text: str
    checksum: str
    extension: str
    stored: str


def _name(context: ValidationContext, entry: dict[str, Any], where: str) -> _Name:
    name = values.check_present(entry, "filename", NodeNotStorable, f"{where}.filename")
    checksum, extension = _split(name, f"{where}.filename")
    if context.strictness.every_key:
        values.check_present(entry, "preset", NodeNotStorable, f"{where}.preset")
    stored_name = checksum + (f".{extension.lower()}" if extension else "")
    stored_name = name if stored_name == name else stored_name  # one text in memory, not two
    if context.strictness.stored_files and not context.storage.has(stored_name):
        raise NodeNotStorable(f"{name} was never uploaded.", field=f"{where}.filename")
    return _Name(name, checksum, extension, stored_name)


def _file(context: ValidationContext, entry: dict[str, Any], name: _Name, preset: str | None, where: str) -> File:
    if context.strictness.every_key:
        values.check_present(entry, "size", NodeNotStorable, f"{where}.size")
    if name.extension not in values.EXTENSIONS:
        # Without an extension, Studio's File.save raises another error than for a format that it does not know.
        crash = NodeInvalid if name.extension else NodeNotStorable
        raise crash(f"{name.extension!r} is not a file format.", field=f"{where}.filename", allowed=values.EXTENSIONS)
    return File(
        id=context.new_id(),
        checksum=name.checksum,
        extension=name.extension,
        name=name.stored,
        size=_size(entry.get("size"), context.storage, name.stored, where),
        preset=preset,
        language=values.foreign_key(entry.get("language"), f"{where}.language", 14, NodeNotStorable),
        original_filename=values.check_text(
            entry.get("original_filename") or "file", f"{where}.original_filename", 255, NodeNotStorable
        ),
        source_url=values.check_optional_text(entry.get("source_url"), f"{where}.source_url", 400, NodeNotStorable),
        duration=_duration(entry.get("duration"), preset, f"{where}.duration"),
        uploaded_by=context.user_id,
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
    """The preset of this name, else of the visible ones that take the extension the first by id, else none.

    So a picture without a preset is an ``audio_thumbnail`` (Studio models.py FormatPreset.guess_format_preset).
    """
    if isinstance(name, str):
        values.check_characters(name, field, NodeNotStorable)
        if name in values.PRESETS:
            return name
    presets = values.PRESETS.values()
    fitting = (preset.id for preset in presets if preset.display and extension in preset.allowed_formats)
    return min(fitting, default=None)


def _size(value: Any, storage: Storage, name: str, where: str) -> int | None:
    # Studio needs the key, and where it holds nothing takes the size of what is stored (models.py File.save).
    if not value:
        return storage.size(name)
    return values.check_integer(value, f"{where}.size", NodeNotStorable)


def _duration(value: Any, preset: str | None, field: str) -> int | None:
    duration = values.check_integer(value, field, NodeNotStorable)
    if duration is None or (duration > 0 and (preset is None or preset in values.MEDIA_PRESETS)):
        return duration
    raise NodeNotStorable(
        f"{duration} with preset {preset}: only audio and video last, and longer than 0.", field=field
    )


def _check_thumbnail(storage: Storage, file: File, where: str) -> None:
    if storage.has(file.name):
        fault = image_fault(storage, file.name)
        if fault:
            raise NodeNotStorable(f"the thumbnail {file.name} is not a readable image: {fault}.", field=where)
