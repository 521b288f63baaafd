"""What was heard, as a scenario that can be played elsewhere: ids and files by placeholder, no bytes of the chef's."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fake_studio.contract.listener import CapturedExchange
from fake_studio.contract.scenario import Step
from fake_studio.core.model import Json

NAME = re.compile(r"(?<![0-9a-f])([0-9a-f]{32})\.(\w+)")
HEX = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
STORED = re.compile(r"/content/storage/([0-9a-f])/([0-9a-f])/([0-9a-f]{32})\.(\w+)")
EMPTY = "d41d8cd98f00b204e9800998ecf8427e"
IMAGES = ("jpg", "jpeg", "gif", "webp")
ELSEWHERE = ("source_channel_id", "source_node_id", "source_content_id")
"""Keys that name what is in another channel: such an id is the server's, and stays as it is."""
SIZES = ("size", "file_size")


def transcribe(heard: Iterable[CapturedExchange], roles: Mapping[str, str]) -> Iterator[tuple[Step, CapturedExchange]]:
    """Write what was heard as steps without expectations. `roles` are the users' roles by username.

    A step gets its `save` when a later one turns out to need it: take all of them before using one.
    """
    writer = _ScenarioWriter(roles)
    for exchange in in_order(heard):
        step = writer.step(exchange)
        if step:
            yield step, exchange


def in_order(heard: Iterable[CapturedExchange]) -> Iterator[CapturedExchange]:
    """What was heard, file by file where files were sent by several threads at once: the same for the same run."""
    for _, group in itertools.groupby(heard, lambda one: bool(_checksum(one))):
        yield from sorted(group, key=_checksum)  # what is about no file has no checksum, and stays in its order


def _checksum(heard: CapturedExchange) -> str:
    """The checksum of the file that an exchange is about; an empty string if it is about something else."""
    match = STORED.search(heard.path)
    if match:
        return match[3]
    checksum = heard.body.get("checksum") if heard.endpoint == "upload_url" and isinstance(heard.body, dict) else ""
    return checksum if isinstance(checksum, str) else ""


class _ScenarioWriter:
    """Writes steps in turn, and remembers which placeholder stands for what."""

    def __init__(self, roles: Mapping[str, str]) -> None:
        self._roles = roles
        self._files: dict[str, str] = {}
        """md5 -> label"""
        self._ids: dict[str, str] = {}
        """id that the client chose -> label"""
        self._given: dict[str | int, tuple[Step, str, list[Json]]] = {}
        """what an answer told -> the step, the name to save it by, and where it was in the answer"""

    def step(self, heard: CapturedExchange) -> Step:
        """The step for an exchange; nothing if it cannot be played."""
        step = self._asking(heard, {"as": self._roles.get(heard.user, heard.user), "method": heard.method})
        if step:
            self._remember(heard, step)
        return step

    def _asking(self, heard: CapturedExchange, step: Step) -> Step:
        if heard.endpoint == "put_file":
            return self._put(heard, step)
        step["path"] = self._path(heard.path)
        if heard.uploads:
            step["multipart"] = {field: self._part(name) for field, name in heard.uploads.items()}
        elif heard.body is not None:
            self._name_files(heard.body)
            step["json"] = self._as_written(heard.body)
        return step

    def _put(self, heard: CapturedExchange, step: Step) -> Step:
        """A file that is sent to where an earlier answer said; nothing if that answer was not heard."""
        match = STORED.search(heard.path)
        url = next(
            (announced for announced in self._given if isinstance(announced, str) and announced.endswith(heard.path)),
            None,
        )
        if not match or url is None:
            return {}
        label = self._file(match[3], match[4])
        headers = {"Content-MD5": f"{{{{md5b64:{label}}}}}", "Content-Type": heard.headers.get("Content-Type", "")}
        kept = {key: value for key, value in headers.items() if key in heard.headers}
        return {**step, "url": self._save(url), "file": label, "headers": kept}

    def _path(self, path: str) -> str:
        def storage_path(match: re.Match[str]) -> str:
            label = self._file(match[3], match[4])
            return f"/content/storage/{{{{md5[0]:{label}}}}}/{{{{md5[1]:{label}}}}}/{{{{md5:{label}}}}}.{match[4]}"

        return self._text("", STORED.sub(storage_path, path))

    def _part(self, name: str) -> dict[str, str]:
        match = NAME.fullmatch(name)
        label = self._file(match[1], match[2]) if match else name
        return {"filename": f"{{{{md5:{label}}}}}.{match[2]}" if match else name, "file": label}

    def _file(self, md5: str, extension: str) -> str:
        if md5 not in self._files:
            # An image stays one, as Studio opens thumbnails, and an empty file stays empty.
            kind = "empty:" if md5 == EMPTY else "image:" if extension in IMAGES else ""
            self._files[md5] = f"{kind}file-{len(self._files) + 1}.{extension}"
        return self._files[md5]

    def _name_files(self, value: Json) -> None:
        """Give a label to every file that a body names, before its bare checksum may be taken for an id."""
        parts = list(_parts(value))
        for form_part in (part for part in parts if isinstance(part, dict)):
            checksum, extension = form_part.get("checksum"), form_part.get("file_format")
            if isinstance(checksum, str) and HEX.fullmatch(checksum) and isinstance(extension, str):
                self._file(checksum, extension)
        for text in (part for part in parts if isinstance(part, str)):
            for md5, extension in NAME.findall(text):
                self._file(md5, extension)

    def _as_written(self, value: Json, key: str = "") -> Json:
        if isinstance(value, dict):
            label = next((self._files[md5] for md5 in _checksums_of(value) if md5 in self._files), None)
            return {
                self._text("", name): self._member(_key_name(key, name), member, label)
                for name, member in value.items()
            }
        if isinstance(value, list):
            return [self._as_written(member, key) for member in value]
        # Before texts: a root_id is a number in the documented dialect, and any other number is just one.
        if key == "root_id" and isinstance(value, (str, int)) and value in self._given:
            return self._save(value)
        return self._text(key, value) if isinstance(value, str) else value

    def _member(self, key: str, value: Json, label: str | None) -> Json:
        if label and key in SIZES and type(value) is int:
            return f"{{{{size:{label}}}}}"
        return self._as_written(value, key)

    def _text(self, key: str, text: str) -> str:
        return HEX.sub(lambda match: self._hex(key, match[0]), text)

    def _hex(self, key: str, digits: str) -> str:
        if digits in self._files:
            return f"{{{{md5:{self._files[digits]}}}}}"
        if digits in self._given:
            return self._save(digits)
        if digits not in self._ids and key not in ELSEWHERE:
            self._ids[digits] = f"{key.replace('_id', '') or 'id'}-{len(self._ids) + 1}"
        return f"{{{{id:{self._ids[digits]}}}}}" if digits in self._ids else digits

    def _save(self, value: str | int) -> str:
        step, name, path = self._given[value]
        step.setdefault("save", {})[name] = path
        return f"{{{{{name}}}}}"

    def _remember(self, heard: CapturedExchange, step: Step) -> None:
        """Keep in mind what an answer told that a later request may send back."""
        answer: dict[str, Any] = heard.answer if isinstance(heard.answer, dict) else {}
        if "root" in answer:
            self._given[answer["root"]] = (step, f"root-{len(self._given) + 1}", ["root"])
        if "uploadURL" in answer:
            self._given[answer["uploadURL"]] = (step, f"url-{len(self._given) + 1}", ["uploadURL"])
        for node_id, root_id in (answer.get("root_ids") or {}).items():
            written = self._text("node_id", node_id)
            self._given[root_id] = (step, f"pk-{len(self._given) + 1}", ["root_ids", written])


def _key_name(above: str, key: str) -> str:
    """What a key's value is called."""
    return "channel_id" if (above, key) == ("channel_data", "id") else key


def _parts(value: Json) -> Iterator[Json]:
    """JSON data and everything in it, but for keys."""
    yield value
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for member in members:
        yield from _parts(member)


def _checksums_of(value: Mapping[str, Json]) -> list[str]:
    """The checksums of the file that an object is about."""
    names = (value.get("checksum"), value.get("filename"))
    return [text.partition(".")[0] for text in names if isinstance(text, str)]
