"""Files that ricecooker could not get, as its log tells of them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

OwnerKey = tuple[str, str]  # what a node is known by in ricecooker's words about its files, and by which name


@dataclass(frozen=True)
class FailedFile:
    """A file that ricecooker could not get: what wanted it (``Document``, ``Question``...), its source_id, and why.

    ``flaw`` is what is wrong inside of it as far as that was seen, ``fix`` what to do where more is known than usual.
    """

    owner: str
    source_id: str
    reason: str
    flaw: str = ""
    fix: str = ""

    @property
    def cause(self) -> str:
        """The key of the cause that this is: one for all thumbnails that a missing program costs."""
        if self.is_of_poppler:
            return "file-poppler"
        return f"file-{self.owner}-{self.source_id}-{self.reason}"

    @property
    def is_of_poppler(self) -> bool:
        """Whether it is a thumbnail of a PDF, which ricecooker makes with a program that is not there."""
        return "Is poppler installed" in self.reason

    @property
    def path(self) -> str:
        """Where the chef wanted it from: a path or an address."""
        return self.reason.partition(": ")[0]

    @property
    def is_address(self) -> bool:
        """Whether it was to come from the web."""
        return self.path.startswith(("http://", "https://"))

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return PurePath(self.path).name or self.path

    @property
    def description(self) -> str:
        """What failed, why, and for whom; a path that ricecooker says twice stands here once."""
        path, _, why = self.reason.partition(": ")
        why = _STORED.sub(self.name, why) if self.flaw else why
        owner = f"{self.owner.lower()} {self.source_id!r}" if self.source_id else self.owner.lower()
        if why.startswith(_NO_REASON) and not self.flaw:
            return f"It is {path} ({owner})."
        if self.is_of_poppler and self.flaw:
            return self.flaw
        if self.flaw:
            return f"{path}: {self.flaw} ({owner}; ricecooker: {why:.200})"
        return f"{why if path and path in why else self.reason} ({owner})."

    @property
    def owner_key(self) -> OwnerKey:
        """By what the node that wanted it is known: one of its questions, this file, or its kind and source_id."""
        if self.owner == "Question":
            return "question", uuid.uuid5(uuid.NAMESPACE_DNS, self.source_id).hex
        if not self.source_id and self.checksum:
            return "file", self.checksum
        return self.owner.lower(), self.source_id

    @property
    def checksum(self) -> str:
        """That of its path, if it lies in ricecooker's storage; else empty."""
        match = _CHECKSUM.search(self.path)
        return match[1] if match else ""


@dataclass(frozen=True)
class ChefAccount:
    """What a chef itself says of its run: the files that it could not get, its lines, and what ended it (a cause)."""

    failed_files: Collection[FailedFile] = ()
    output: Sequence[str] = field(default_factory=list)
    ended_by: str = ""


_CHECKSUM = re.compile(r"/([0-9a-f]{32})\.\w+$")
_STORED = re.compile(r"(?<![^\s'\"])[^\s'\"]*[/\\][0-9a-f]{32}\.\w+")
_REASON = "\t   "
_NO_REASON = "Could not handle download from "  # ricecooker's words for a path that is not there
_WORD = re.compile(r"\w*")


def parse_failed_files(output: Sequence[str]) -> list[FailedFile]:
    """The files that a chef's output says it could not get, each once, with the first reason for it.

    ricecooker logs each in two lines (ChannelManager.check_for_files_failed, the same in all its versions):
    a tab, the owner, its source_id if it has one, a colon and the path, then a tab, three blanks and the reason.
    """
    lines = "\n".join(output).split("\n")
    failed = (_failed_file(line, reason) for line, reason in zip(lines, lines[1:]) if reason.startswith(_REASON))
    files = [file for file in failed if file is not None]
    return list({(file.owner, file.source_id, file.path): file for file in reversed(files)}.values())[::-1]


def _failed_file(line: str, reason: str) -> FailedFile | None:
    """What two lines say, if they say that. The first tab that fits counts: a line may begin with a time."""
    first = len(_REASON)
    why = reason[first : first + 1] + reason[first + 1 :].partition("\x1b")[0]
    begin, colon = line.find("\t"), -1
    while why and begin >= 0:
        word = _WORD.match(line, begin + 1)
        after = word.end() if word else begin
        named = line.startswith(" ", after)
        colon = line.find(": ", max(after + 2 * named, colon))
        if colon < 0:
            return None
        if after > begin + 1 and (named or colon == after):
            path = line[colon + 2 :].rstrip(" ")
            return FailedFile(line[begin + 1 : after], line[after + 1 : colon], f"{path}: {why}")
        begin = line.find("\t", begin + 1)
    return None
