"""The QTI package of an exercise: the same exercise gives the same bytes.

Source: Studio utils/assessment/qti/archive.py, utils/assessment/base.py ExerciseArchiveGenerator.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from le_utils.constants import exercises

from fake_studio.content.entities import parse_xml
from fake_studio.core.model import Node, Question
from fake_studio.core.values import LANGUAGES
from fake_studio.markdown import stored_names
from fake_studio.publishing.context import ExportContext
from fake_studio.publishing.exercises.assets import Assets, in_folder
from fake_studio.publishing.exercises.qti import manifest
from fake_studio.publishing.exercises.qti.media import rewrite_media
from fake_studio.publishing.exercises.qti.perseus_item import perseus_item

_DATE = (2015, 10, 21, 7, 28, 0)
_PERSEUS = "perseus"


@dataclass(frozen=True)
class Packable:
    """A question, its identifier in the package, and its XML; raw Perseus has none of its own."""

    question: Question
    identifier: str
    item: str = ""


@contextmanager
def build_package(context: ExportContext, node: Node, questions: list[Packable]) -> Iterator[BinaryIO]:
    """The package of a node's questions, to read; on disk, and gone with the block. Raises CannotPublish."""
    packing = _PackageWriter(context, node)
    for packable in questions:
        packing.add(packable)
    packing.add_manifest()
    with tempfile.TemporaryFile() as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            _write(archive, packing.entries)
        target.seek(0)
        yield target


def _write(archive: zipfile.ZipFile, entries: dict[str, bytes]) -> None:
    for path in sorted(entries):
        info = zipfile.ZipInfo(path, _DATE)
        info.create_system = 0
        archive.writestr(info, entries[path], zipfile.ZIP_DEFLATED)


class _PackageWriter:
    """Gathers the entries of one package: of two for one path the first stays, as in Studio."""

    def __init__(self, context: ExportContext, node: Node) -> None:
        self.entries: dict[str, bytes] = {}
        self._node = node
        self._content_id = context.id_of(node, "content_id", is_logged=True)
        self._language = _language_code(node.language or context.language)
        self._assets = Assets(node, context.storage, context.log)
        self._resources: list[manifest.Resource] = []

    def add(self, packable: Packable) -> None:
        """Add a question, with all that it shows. Raises CannotPublish."""
        path = f"items/{packable.identifier}.xml"
        if packable.question.type == exercises.PERSEUS_QUESTION:
            item, files = self._perseus(packable.question)
        else:
            item, files = self._item(packable)
        self._add(path, item)
        self._resources.append(manifest.Resource(packable.identifier, path, files))

    def add_manifest(self) -> None:
        """Add the table of what was added so far."""
        self._add(manifest.NAME, manifest.manifest(self._content_id, self._resources))

    def _item(self, packable: Packable) -> tuple[str, list[str]]:
        """Images lie beside the items; Studio's manifest names them as the items do, and so not by their whole path."""
        question, paths = packable.question, {}
        linked = {file.name for file in question.files if file.name not in question.unlinked}
        for name in sorted(stored_names(parse_xml(packable.item)) & linked):
            content = self._assets.find(name)
            if content is not None:
                self.entries.setdefault(f"items/images/{name}", content)
                paths[name] = f"images/{name}"
        return rewrite_media(packable.item, paths), sorted(paths.values())

    def _perseus(self, question: Question) -> tuple[str, list[str]]:
        folder, path = f"{_PERSEUS}/images", f"{_PERSEUS}/{question.assessment_id}.json"
        assets = list(self._assets.of_perseus(question.files, folder))
        self.entries.update({name: content for name, content in assets if name not in self.entries})
        self._add(path, in_folder(question.raw_data, folder))
        title = f"{self._node.title} {len(self._resources) + 1}"
        item = perseus_item(question.assessment_id, path, title, self._language)
        return item, [path, *sorted(name for name, _ in assets)]

    def _add(self, path: str, text: str) -> None:
        self.entries.setdefault(path, text.encode("utf-8"))


def _language_code(language: str) -> str:
    """The language without its country or script."""
    return str(LANGUAGES[language].primary_code)
