"""A Studio that is not ours, in the place of the fixture: chefs can be cooked against it, its state cannot be seen."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fake_studio.cooking import subprocess_chef
from fake_studio.core.paths import get_existing_file
from fake_studio.server import FakeStudio

OF_A_FAKE = {name for name in (*dir(FakeStudio), *FakeStudio.__annotations__) if not name.startswith("_")}


class RemoteStudio:
    """Has the fixture's ``url``, ``token`` and ``cook``; a test that asks for more is skipped."""

    def __init__(self, url: str, token: str, chef_folders: Sequence[Path] = (Path(),)) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self._chef_folders = chef_folders

    def cook(
        self, chef: Any, *arguments: str, python: str = sys.executable, timeout: float | None = None
    ) -> subprocess_chef.ChefResult:
        """Run a chef's file against that Studio. What arrived there is not known: only how the chef ended."""
        if not isinstance(chef, (str, Path)):
            pytest.skip("a chef object is cooked against the fake only")
        return subprocess_chef.cook(
            self,
            subprocess_chef.Chef(get_existing_file(chef, self._chef_folders), arguments, python),
            subprocess_chef.Limits(timeout),
        )

    def __getattr__(self, name: str) -> Any:
        # hasattr, copy and debuggers ask for names that no Studio has, and are no reason to skip a test.
        if name not in OF_A_FAKE:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        pytest.skip(f"fake_studio.{name} works with a fake only, not with the Studio at {self.url}")
