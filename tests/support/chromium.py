"""A real browser for tests that look at pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

WHOLE = ("chromium", "chromium-browser", "google-chrome")
# The shell has no window to draw, which spares a third of the time, and no viewer for PDFs.
QUICKEST = ("chromium-headless-shell", *WHOLE)
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@contextmanager
def launched(playwright: Any, names: tuple[str, ...]) -> Iterator[Any]:
    """The first of these that is here, without a window; skips the test where there is none."""
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("there is no chromium here: apt-get install chromium")
    browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
    yield browser
    browser.close()
