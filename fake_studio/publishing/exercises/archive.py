"""The ``.perseus`` archive of an exercise: the same exercise gives the same bytes.

Source: Studio utils/assessment/base.py ExerciseArchiveGenerator, utils/assessment/perseus.py.
"""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from re import Match
from typing import BinaryIO

from le_utils.constants import exercises, format_presets

from fake_studio.core.model import File, Node
from fake_studio.core.storage import Storage
from fake_studio.publishing.context import CannotPublish, ExportLog
from fake_studio.publishing.exercises.exercise import Exercise
from fake_studio.publishing.exercises.items import AssessmentItem
from fake_studio.publishing.exercises.perseus import item_json

_DATE = (2013, 3, 14, 1, 59, 26)
_COMMENT = b"Perseus file generated during export process"
_FOLDER = "images"
_PLACE = f"{exercises.IMG_PLACEHOLDER}/{_FOLDER}"
_IMAGE = re.compile(rf"!\[([^\]]*)\]\(\${re.escape(exercises.CONTENT_STORAGE_PLACEHOLDER)}/([^\s)]+)[^)]*\)")
_FORMULA = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
_STORED_NAME = re.compile(r"[0-9a-fA-F]+\.[^/]+")


@contextmanager
def build_archive(exercise: Exercise, node: Node, storage: Storage, remarks: ExportLog) -> Iterator[BinaryIO]:
    """The archive of an exercise, to read; on disk, and gone with the block. Raises CannotPublish."""
    with tempfile.TemporaryFile() as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            _ArchiveWriter(archive, node, storage, remarks).pack(exercise)
        target.seek(0)
        yield target


def exercise_json(exercise: Exercise) -> str:
    """The archive's ``exercise.json``: what the chef said of mastery, under the names that Kolibri's viewer reads."""
    mastery = exercise.mastery
    data = {
        **mastery.threshold,
        "mastery_model": exercises.M_OF_N,
        "legacy_mastery_model": mastery.type,
        "randomize": mastery.randomize,
        "n": mastery.n,
        "m": mastery.m,
        "all_assessment_items": [item.id for item in exercise.items],
        "assessment_mapping": {item.id: item.type for item in exercise.items},
    }
    return json.dumps(data, sort_keys=True, indent=4) + "\n"


class _ArchiveWriter:
    """Writes one archive: exercise.json, then each item behind the images that it is the first to show."""

    def __init__(self, archive: zipfile.ZipFile, node: Node, storage: Storage, remarks: ExportLog) -> None:
        self._archive = archive
        self._node = node
        self._storage = storage
        self._remarks = remarks
        self._written: set[str] = set()

    def pack(self, exercise: Exercise) -> None:
        self._add("exercise.json", exercise_json(exercise).encode("utf-8"))
        for item in exercise.items:
            self._add(f"{item.id}.json", f"{self._content(item)}\n".encode("utf-8", "ignore"))

    def _content(self, item: AssessmentItem) -> str:
        if item.type != exercises.PERSEUS_QUESTION:
            return json.dumps(item_json(item, self._shown), ensure_ascii=False)
        for file in sorted(item.files, key=lambda file: file.checksum):
            if file.preset == format_presets.EXERCISE_IMAGE:
                self._add_image(f"{file.checksum}.{file.extension}", file.name)
        for file in sorted(item.files, key=lambda file: file.checksum):
            if file.preset == format_presets.EXERCISE_GRAPHIE:
                self._add_graphie(file)
        return item.raw.replace(exercises.CONTENT_STORAGE_PLACEHOLDER, _PLACE)

    def _shown(self, text: str) -> str:
        return _IMAGE.sub(self._shown_image, _FORMULA.sub(r"$\1$", text))

    def _shown_image(self, image: Match[str]) -> str:
        alternative, name = image.groups()
        if not _STORED_NAME.fullmatch(name):
            return ""
        self._add_image(name, name)
        return f"![{alternative}](${_PLACE}/{name})"

    def _add_image(self, entry: str, name: str) -> None:
        content = self._stored(name)
        if content is not None:
            self._add(f"{_FOLDER}/{entry}", content)

    def _add_graphie(self, file: File) -> None:
        content = self._stored(file.name)
        if content is None:
            return
        parts = content.split(exercises.GRAPHIE_DELIMITER.encode("ascii"))
        if len(parts) != 2:
            raise CannotPublish(f"the graphie {file.original_filename!r} has {len(parts)} parts, not 2", self._node)
        self._add(f"{_FOLDER}/{file.original_filename}.svg", parts[0])
        self._add(f"{_FOLDER}/{file.original_filename}-data.json", parts[1])

    def _stored(self, name: str) -> bytes | None:
        if not self._storage.has(name):
            self._remarks.fail_or_log(self._node, f"the image {name} was never uploaded")
            return None
        with self._storage.open(name) as stored:
            return stored.read()

    def _add(self, entry: str, content: bytes) -> None:
        if entry in self._written:
            return
        self._written.add(entry)
        info = zipfile.ZipInfo(entry, _DATE)
        info.comment, info.create_system = _COMMENT, 0
        self._archive.writestr(info, content, zipfile.ZIP_STORED)
