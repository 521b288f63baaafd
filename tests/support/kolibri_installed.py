"""Where Kolibri is, if it is: an extra of its own, so that ordinary users need not install it."""

from __future__ import annotations

import importlib.metadata
import os
import sys


def kolibri_python() -> str | None:
    """The Python that has Kolibri: the one that FAKE_STUDIO_KOLIBRI names, else the one that runs the tests."""
    if os.environ.get("FAKE_STUDIO_KOLIBRI"):
        return os.environ["FAKE_STUDIO_KOLIBRI"]
    try:
        importlib.metadata.distribution("kolibri")  # its name alone could be found in a folder of the tests
    except importlib.metadata.PackageNotFoundError:
        return None
    return sys.executable
