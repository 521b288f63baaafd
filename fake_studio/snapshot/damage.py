"""Why a snapshot is not loaded."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator

from fake_studio.refusals import Refusal


class SnapshotDamaged(Refusal):
    """A snapshot that cannot be loaded. ``field`` is where in it, as ``channels[0].trees.main[3].title``."""

    def below(self, step: str) -> None:
        """Name one more step of the way, from the outside: a field's name, or ``[3]``."""
        dot = "." if self.field and not self.field.startswith("[") else ""
        self.field = f"{step}{dot}{self.field or ''}"


@contextmanager
def inside(step: str) -> Iterator[None]:
    """Whatever is damaged in this block lies below that step."""
    try:
        yield
    except SnapshotDamaged as damage:
        damage.below(step)
        raise
