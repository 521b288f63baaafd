"""What is known of a chef's run besides its requests: how it ended, what it said, what it did inside."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

LOG_TAIL = 40  # lines of a log that reports show


@dataclass(frozen=True)
class ChangedText:
    """A text of a question, before and after ricecooker's HTML parser. ``question`` is its assessment_id."""

    question: str
    before: str
    after: str


@dataclass(frozen=True)
class NodeFailure:
    """A node during whose processing an exception ended the chef. ``files`` are the paths that it named.

    Of these, ``missing`` did not exist when it ended. ``step`` is ``validate`` where ricecooker's own check of the
    node failed, before it sent anything, and ``process`` where its files did.
    """

    title: str
    source_id: str
    error: str
    files: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    step: str = "process"


@dataclass(frozen=True)
class ChefRun:
    """One run of a chef.

    ``folder`` is where it worked; ``seconds`` how long. ``output`` are its lines, of a long one the first and the
    last. ``error`` is the exception that ended a chef object, in a line. ``timeout`` (seconds) is set if it was ended
    for taking longer. ``addresses`` are those that ricecooker read, ``url`` is the Studio's. ``requests`` counts those
    that reached it.
    """

    exit_code: int = 0
    seconds: float = 0.0
    folder: str = ""
    python: str = ""
    url: str = ""
    output: list[str] = field(default_factory=list)
    error: str = ""
    timeout: float | None = None
    addresses: list[str] = field(default_factory=list)
    changed_texts: list[ChangedText] = field(default_factory=list)
    node_failures: list[NodeFailure] = field(default_factory=list)
    requests: int | None = None

    @property
    def is_failed(self) -> bool:
        """Whether it did not end by itself and well."""
        return bool(self.exit_code or self.error or self.timeout)

    @property
    def log_tail(self) -> list[str]:
        """The last lines of its output."""
        return self.output[-LOG_TAIL:]

    @property
    def traceback(self) -> list[str]:
        """The last traceback in its output; empty if there is none."""
        starts = [
            number for number, line in enumerate(self.output) if line.endswith("Traceback (most recent call last):")
        ]
        if not starts:
            return []
        lines = self.output[starts[-1] :]
        ends = (number for number, line in enumerate(lines[1:], 2) if line and not line[0].isspace())
        return lines[: next(ends, len(lines))]

    def to_dict(self) -> dict[str, Any]:
        """As plain data: the fields, but for the output its last lines (``log``), and the ``traceback``."""
        fields = asdict(self)
        del fields["output"]
        return {**fields, "log": self.log_tail, "traceback": self.traceback}
