"""Files that ricecooker could not get, as its log tells of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath


@dataclass(frozen=True)
class FailedFile:
    """A file that ricecooker could not get: what wanted it (``Document``, ``Question``...), its source_id, and why."""

    owner: str
    source_id: str
    reason: str

    @property
    def cause(self) -> str:
        """The key of the cause that this is."""
        return f"file-{self.owner}-{self.source_id}-{self.reason}"

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        path = self.reason.partition(": ")[0]
        return PurePath(path).name or path

    @property
    def description(self) -> str:
        """What failed, why, and for whom; a path that ricecooker says twice stands here once."""
        path, _, why = self.reason.partition(": ")
        owner = f"{self.owner.lower()} {self.source_id!r}" if self.source_id else self.owner.lower()
        if why.startswith(_NO_REASON):
            return f"It is {path} ({owner})."
        return f"{why if path and path in why else self.reason} ({owner})."


@dataclass(frozen=True)
class ChefAccount:
    """What a chef itself says of its run: the files that it could not get, its lines, and what ended it (a cause)."""

    failed_files: Collection[FailedFile] = ()
    output: Sequence[str] = field(default_factory=list)
    ended_by: str = ""


_REASON = "\t   "
_NO_REASON = "Could not handle download from "  # ricecooker's words for a path that is not there
_WORD = re.compile(r"\w*")


def parse_failed_files(output: Sequence[str]) -> list[FailedFile]:
    """The files that a chef's output says it could not get, each once.

    ricecooker logs each in two lines (ChannelManager.check_for_files_failed, the same in all its versions):
    a tab, the owner, its source_id if it has one, a colon and the path, then a tab, three blanks and the reason.
    """
    lines = "\n".join(output).split("\n")
    failed = (_failed_file(line, reason) for line, reason in zip(lines, lines[1:]) if reason.startswith(_REASON))
    return list(dict.fromkeys(file for file in failed if file is not None))


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
