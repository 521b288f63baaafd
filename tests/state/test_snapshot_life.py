"""Random calls, as in test_random_life, and after each of them a snapshot that comes back whole."""

from __future__ import annotations

from hypothesis.stateful import invariant, rule
from test_random_life import StudioLife

from fake_studio.snapshot import load, parse, text
from support.made_up import lives


class SavedLife(StudioLife):
    """Every now and then the Studio goes on from a snapshot of itself, or from a mark."""

    @rule()
    def go_on_from_a_snapshot(self) -> None:
        load(self.studio, parse(text(self.studio.snapshot())))

    @rule()
    def go_on_from_a_mark(self) -> None:
        self.studio.mark("now")
        self.studio.reset()
        self.studio.restore("now")

    @invariant()
    def a_snapshot_comes_back(self) -> None:
        told = text(self.studio.snapshot())
        load(self.studio, parse(told))
        assert text(self.studio.snapshot()) == told


TestSavedLife = SavedLife.TestCase
TestSavedLife.settings = lives(15, steps=25)
