"""A request as faults ask about it. What is costly is found out when it is asked for, and once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from flask import g, request
from werkzeug.exceptions import RequestEntityTooLarge

from fake_studio.core.journal import body_nodes
from fake_studio.core.model import Channel, Json, User
from fake_studio.core.refusals import NotAuthenticated, Refusal
from fake_studio.web.journaling import endpoint_name, store_body
from fake_studio.web.request import base_name, studio

_FORM = "application/x-www-form-urlencoded"


class FaultCall:
    """The request that is being answered; see ``fake_studio.faults.Call``."""

    @property
    def endpoint(self) -> str | None:
        """The endpoint's name, without its blueprint."""
        return endpoint_name()

    @property
    def method(self) -> str:
        """GET, POST..."""
        return request.method

    @property
    def size(self) -> int:
        """The bytes of its body, as announced."""
        return request.content_length or 0

    @cached_property
    def user(self) -> User | None:
        """Whose token it carries; None for nobody's, which is for the endpoint to refuse, if it asks for one."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            return studio().state.user_of(token.strip()) if scheme.lower() == "token" else None
        except NotAuthenticated:
            return None

    @property
    def username(self) -> str | None:
        """The name of that user."""
        return self.user.username if self.user else None

    @cached_property
    def body(self) -> Json:
        """The body, if it is JSON or a form of fields; None for an upload and what cannot be read."""
        if self.endpoint in ("put_file", "file_upload"):
            return None
        try:
            content = request.get_data(cache=True)
            data = dict(request.form) if request.mimetype == _FORM else json.loads(content)
        except (RequestEntityTooLarge, ValueError, RecursionError):
            return None
        return data

    @cached_property
    def channels(self) -> set[str]:
        """The channel's id and name, those that are sent and those that are known."""
        channel_data = self._field("channel_data")
        sent = {self._field("channel_id"), _field(channel_data, "id"), _field(channel_data, "name")}
        channel = self._channel()
        return {channel_id for channel_id in sent if isinstance(channel_id, str)} | (
            {channel.id, channel.name} if channel else set()
        )

    def _channel(self) -> Channel | None:
        state, root_id = studio().state, self._field("root_id")
        try:
            if root_id is not None:
                return state.channels[state.node(root_id, by_number=True).channel_id]
            channel_id = self._field("channel_id")
            return studio().get_channel_record(channel_id) if channel_id is not None else None
        except Refusal:
            return None

    def _field(self, key: str) -> Json:
        return _field(self.body, key)

    @cached_property
    def files(self) -> set[str]:
        """The names of its files: in storage, and the chef's own."""
        return {name for name in self._file_names() if isinstance(name, str)}

    def _file_names(self) -> Iterator[Any]:
        stored = self.stored_name
        if stored:
            yield stored
            yield from (file.original_filename for file in studio().state.announced.get(stored[:32], ()))
        if self.endpoint == "upload_url":
            yield self._field("name")
            yield f"{self._field('checksum')}.{self._field('file_format')}"
        if isinstance(self.body, list):
            yield from self.body
        for file in (file for node in body_nodes(self.body) for file in _files(node)):
            yield from (_field(file, "filename"), _field(file, "original_filename"))

    @cached_property
    def stored_name(self) -> str | None:
        """The name in storage that it is about, if it is about one file of it."""
        if self.endpoint != "file_upload":
            return (request.view_args or {}).get("name")
        part = request.files.get("file")
        name, dot, extension = base_name((part and part.filename) or "").rpartition(".")
        return f"{name}{dot}{extension.lower()}"

    def remember(self) -> None:
        """Let the journal know what the route, which will not run, would have told it."""
        if self.user:
            g.user = self.user
        if self.body is not None:
            store_body(request.get_data(cache=True), self.body)


def _field(data: Json, key: str) -> Json:
    return data.get(key) if isinstance(data, dict) else None


def _files(node: Json) -> list[Json]:
    files = _field(node, "files")
    return files if isinstance(files, list) else []
