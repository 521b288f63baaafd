"""A Kolibri Studio in one process, for people who test chefs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fake_studio.server import FakeStudio
    from fake_studio.studio import Studio
    from fake_studio.web.app import create_app

__version__ = "0.1.0"

__all__ = ["FakeStudio", "Studio", "__version__", "create_app"]

_HOMES = {
    "FakeStudio": "fake_studio.server",
    "Studio": "fake_studio.studio",
    "create_app": "fake_studio.web.app",
}


def __getattr__(name: str) -> Any:
    """The public names, imported at first use: pytest loads this package at every start, and Flask costs 0.3 s."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
