"""One publish of a channel: queued, under way or over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Optional


def _make_future() -> Any:
    from concurrent.futures import Future  # a start needs none

    return Future()


@dataclass
class PublishJob:
    """One publish of a channel: ``state`` is ``queued``, ``running``, ``done``, ``unchanged`` or ``failed``.

    ``cause`` says why it failed; ``left_out`` are the nodes that did not reach the database as they were sent, each
    with its ``node_id``, ``title`` and the ``reason``. ``done`` is a ``concurrent.futures.Future`` of None.
    """

    version: int
    version_notes: Any = None
    state: str = "queued"
    cause: Optional[str] = None
    left_out: list[dict[str, str]] = field(default_factory=list)
    done: Any = field(default_factory=_make_future, repr=False)

    @property
    def is_over(self) -> bool:
        """Whether it has come to an end, good or bad."""
        return self.state not in ("queued", "running")

    def to_dict(self) -> dict[str, Any]:
        """As plain data: ``version``, ``version_notes``, ``state``, ``cause`` and ``left_out``."""
        return {name: value for name, value in vars(self).items() if name != "done"}
