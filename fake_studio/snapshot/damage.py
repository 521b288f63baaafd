"""Why a snapshot is not loaded."""

from __future__ import annotations

from fake_studio.refusals import Refusal


class SnapshotDamaged(Refusal):
    """A snapshot that cannot be loaded. ``field`` is where in it, as ``channels[0].trees.main[3].title``."""
