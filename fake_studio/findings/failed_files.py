"""Files that ricecooker could not get, as its log tells of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field


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


@dataclass(frozen=True)
class ChefAccount:
    """What a chef itself says of its run: the files that it could not get, its lines, and what ended it (a cause)."""

    failed_files: Collection[FailedFile] = ()
    output: Sequence[str] = field(default_factory=list)
    ended_by: str = ""


# What ricecooker logs of each: ChannelManager.check_for_files_failed, the same in all its versions.
_FAILED = re.compile(r"\t(\w+)(?: (.+?))?: (.*?) *\n\t   (.+?)(?:\x1b|\n|$)")


def parse_failed_files(output: Sequence[str]) -> list[FailedFile]:
    """The files that a chef's output says it could not get, each once."""
    found = _FAILED.findall("\n".join(output))
    return list(dict.fromkeys(FailedFile(owner, name, f"{path}: {why}") for owner, name, path, why in found))
