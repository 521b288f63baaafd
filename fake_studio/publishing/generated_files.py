"""Files that Studio makes at publish: small thumbnails, slideshow manifests, exercise archives."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace

from le_utils.constants import content_kinds, file_formats, format_presets

from fake_studio.core.images import data_uri, small_copy
from fake_studio.core.incoming import Stream
from fake_studio.core.model import Channel, File, Node
from fake_studio.core.storage import Storage
from fake_studio.core.uploads import media_type_of
from fake_studio.core.values import PRESETS
from fake_studio.publishing.context import ExportContext
from fake_studio.publishing.exercises import Exercise, archive
from fake_studio.publishing.exercises.qti import package
from fake_studio.publishing.jsonb import jsonb_order

_ZIP = "zip"
_REMADE = (format_presets.EXERCISE, format_presets.QTI_ZIP)


def store_generated(context: ExportContext, stream: Stream, preset: str, extension: str) -> File:
    """Store bytes under their md5; returns the File that stands for them."""
    received = context.storage.receive(stream, context.asker.era)
    name = f"{received.md5}.{extension}"
    context.storage.commit(received, name, media_type_of(name))
    return File(context.rows.new_id(), received.md5, extension, name, received.size, preset)


def published_files(context: ExportContext, node: Node, exercise: Exercise | None) -> list[File]:
    """The files of a node as they are at publish: the chef's and Studio's, thumbnails not yet small.

    Archives that a chef sent give way to Studio's own (utils/assessment/base.py _create_zipfile).
    """
    if node.kind == content_kinds.SLIDESHOW:
        return [*node.files, _manifest(context, node)]
    if exercise is None:
        return node.files
    return [file for file in node.files if file.preset not in _REMADE] + [*_archives(context, node, exercise)]


def _archives(context: ExportContext, node: Node, exercise: Exercise) -> Iterator[File]:
    if exercise.package is not None:
        with package.build_package(context, node, exercise.package) as stream:
            yield _name_file(store_generated(context, stream, format_presets.QTI_ZIP, _ZIP), node)
    if exercise.items is not None:
        with archive.build_archive(context, node, exercise.mastery, exercise.items) as stream:
            yield _name_file(store_generated(context, stream, format_presets.EXERCISE, file_formats.PERSEUS), node)


def _name_file(file: File, node: Node) -> File:
    return replace(file, original_filename=f"{node.title}.{file.extension}")


def _manifest(context: ExportContext, node: Node) -> File:
    content = io.BytesIO(json.dumps(jsonb_order(node.extra_fields)).encode("utf-8"))
    return store_generated(context, content, format_presets.SLIDESHOW_MANIFEST, file_formats.JSON)


def small_thumbnails(context: ExportContext, files: list[File]) -> list[File]:
    """The files, with each thumbnail as Studio makes it small; what is no image stays as it is.

    Studio keeps one small image for each node: a second thumbnail shows the first one's
    (utils/publish.py create_associated_thumbnail).
    """
    source: str | None = None
    thumbnails = []
    for file in files:
        if PRESETS[file.preset or ""].thumbnail:
            small = _small_file(context, source or file.name, file)
            source = source or (file.name if small else None)
            file = small or file
        thumbnails.append(file)
    return thumbnails


def _small_file(context: ExportContext, source: str, file: File) -> File | None:
    key = (source, file.extension)
    if key not in context.small_files:
        content = _small(context.storage, source)
        stored = store_generated(context, io.BytesIO(content), str(file.preset), file.extension) if content else None
        context.small_files[key] = stored
    small = context.small_files[key]
    return replace(small, id=context.rows.new_id(), preset=file.preset) if small else None


def _small(storage: Storage, name: str) -> bytes | None:
    try:
        return small_copy(storage, name)
    except Exception:  # Pillow raises what the format's own reader raises
        return None


def channel_icon(context: ExportContext, root: Node) -> str:
    """The channel's thumbnail as a small data: URI, or an empty string. Raises CannotPublish where Studio fails.

    Source: Studio utils/publish.py convert_channel_thumbnail.
    """
    thumbnail = _thumbnail_name(context.channel)
    if not thumbnail or thumbnail.startswith("data:image"):
        return thumbnail
    small = _small(context.storage, thumbnail) if context.storage.has(thumbnail) else None
    if small is None:
        context.log.fail_or_log(root, f"the channel's thumbnail {thumbnail!r:.80} is not a stored image")
        return ""
    return data_uri(small, thumbnail.rpartition(".")[2])


def _thumbnail_name(channel: Channel) -> str:
    name = channel.thumbnail or ""
    # Studio takes a path with this word in it for one of its own images (convert_channel_thumbnail).
    return "" if "static" in name else name
