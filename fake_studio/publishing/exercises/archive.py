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
from typing import BinaryIO

from le_utils.constants import exercises

from fake_studio.core.model import Node
from fake_studio.markdown.images import Image, images_in
from fake_studio.publishing.context import ExportContext
from fake_studio.publishing.exercises.assets import Assets, in_folder
from fake_studio.publishing.exercises.items import AssessmentItem
from fake_studio.publishing.exercises.mastery import Mastery
from fake_studio.publishing.exercises.perseus import item_json

_DATE = (2013, 3, 14, 1, 59, 26)
_COMMENT = b"Perseus file generated during export process"
_FOLDER = "images"
_PLACE = f"{exercises.IMG_PLACEHOLDER}/{_FOLDER}"
_FORMULA = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
_STORED_NAME = re.compile(r"[0-9a-fA-F]+\.[^/]+")


@contextmanager
def build_archive(
    context: ExportContext, node: Node, mastery: Mastery, items: list[AssessmentItem]
) -> Iterator[BinaryIO]:
    """The archive of a node's items, to read; on disk, and gone with the block. Raises CannotPublish."""
    with tempfile.TemporaryFile() as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            _ArchiveWriter(archive, Assets(node, context.storage, context.log)).pack(mastery, items)
        target.seek(0)
        yield target


def exercise_json(mastery: Mastery, items: list[AssessmentItem]) -> str:
    """The archive's ``exercise.json``: what the chef said of mastery, under the names that Kolibri's viewer reads."""
    data = {
        **mastery.threshold,
        "mastery_model": exercises.M_OF_N,
        "legacy_mastery_model": mastery.type,
        "randomize": mastery.randomize,
        "n": mastery.n,
        "m": mastery.m,
        "all_assessment_items": [item.id for item in items],
        "assessment_mapping": {item.id: item.type for item in items},
    }
    return json.dumps(data, sort_keys=True, indent=4) + "\n"


class _ArchiveWriter:
    """Writes one archive: exercise.json, then each item behind the images that it is the first to show."""

    def __init__(self, archive: zipfile.ZipFile, assets: Assets) -> None:
        self._archive = archive
        self._assets = assets
        self._written: set[str] = set()

    def pack(self, mastery: Mastery, items: list[AssessmentItem]) -> None:
        self._add("exercise.json", exercise_json(mastery, items).encode("utf-8"))
        for item in items:
            self._add(f"{item.id}.json", f"{self._content(item)}\n".encode("utf-8", "ignore"))

    def _content(self, item: AssessmentItem) -> str:
        if item.type != exercises.PERSEUS_QUESTION:
            return json.dumps(item_json(item, self._rewrite_text), ensure_ascii=False)
        for path, content in self._assets.of_perseus(item.files, _FOLDER):
            self._add(path, content)
        return in_folder(item.raw, _FOLDER)

    def _rewrite_text(self, text: str) -> str:
        text = _FORMULA.sub(r"$\1$", text)
        pieces, after = [], 0
        for image in images_in(text):
            pieces += [text[after : image.start], self._shown_image(image)]
            after = image.stop
        return "".join([*pieces, text[after:]])

    def _shown_image(self, image: Image) -> str:
        if not _STORED_NAME.fullmatch(image.name):
            return ""
        content = self._assets.find(image.name)
        if content is not None:
            self._add(f"{_FOLDER}/{image.name}", content)
        return f"![{image.label}](${_PLACE}/{image.name})"

    def _add(self, entry: str, content: bytes) -> None:
        if entry in self._written:
            return
        self._written.add(entry)
        info = zipfile.ZipInfo(entry, _DATE)
        info.comment, info.create_system = _COMMENT, 0
        self._archive.writestr(info, content, zipfile.ZIP_STORED)
