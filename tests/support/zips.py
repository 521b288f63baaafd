"""Zips made for a test, each in a node of its own."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from flask import url_for

from support.chefs_driver import CHANNEL, Chef, file_data, md5, node_data

PRESETS = {"zip": "html5_zip"}


def zip_of(members: dict[str, Any]) -> bytes:
    """A zip of bytes, texts, and data that is written as JSON."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content if isinstance(content, (bytes, str)) else json.dumps(content))
    return packed.getvalue()


def with_zip(chef: Chef, content: bytes, extension: str = "zip", kind: str = "html5") -> str:
    """Store a zip in a node of its own; returns the node's path."""
    chef.studio.storage.put(content, f"{md5(content)}.{extension}", "application/zip")
    file = file_data(content, extension, PRESETS.get(extension, extension))
    chef.added(chef.create(), node_data("z", kind, files=[file]))
    node = next(node for node in chef.studio.state.nodes.values() if node.title == "Node z")
    return f"/channels/{CHANNEL}/nodes/{node.id}"


def preview_of(chef: Chef, endpoint: str, **values: str) -> str:
    """The address of a preview, as the pages link to it."""
    with chef.client.application.test_request_context():
        return url_for(f"previews.{endpoint}", **values)


def folder_of(chef: Chef, node_path: str) -> str:
    """Where the members of a node's zip are shown, with a slash at its end."""
    return preview_of(chef, "zip_member", channel_id=CHANNEL, node_id=node_path.rpartition("/")[2], path="")


def player_of(chef: Chef, node_path: str) -> str:
    """Where a node's H5P package is played."""
    return preview_of(chef, "h5p", channel_id=CHANNEL, node_id=node_path.rpartition("/")[2])


def needs(*names: str) -> list[dict[str, Any]]:
    """Dependencies as packages write them, all of version 1.0."""
    return [{"machineName": name, "majorVersion": 1, "minorVersion": 0} for name in names]


def library(name: str, script: str, *before: str, style: str = "") -> dict[str, Any]:
    """The members of a library."""
    told: dict[str, Any] = {**needs(name)[0], "title": name, "runnable": 1, "preloadedDependencies": needs(*before)}
    told.update(preloadedJs=[{"path": "main.js"}], preloadedCss=[{"path": "main.css"}])
    folder = f"{name}-1.0"
    return {f"{folder}/library.json": told, f"{folder}/main.js": script, f"{folder}/main.css": style}


def package(content: Any, *libraries: dict[str, Any], main: str, lists: tuple[str, ...] = ()) -> bytes:
    """An H5P package; ``lists`` are the libraries that it says it needs, besides its main one."""
    about = {"title": "A trial", "language": "en", "mainLibrary": main, "preloadedDependencies": needs(main, *lists)}
    members = {"h5p.json": about, "content/content.json": content}
    return zip_of({name: told for part in (members, *libraries) for name, told in part.items()})
