"""Names of a package that are imported when they are first asked for: a server starts without them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Callable


def make_getattr(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """What a package has as its ``__getattr__``: it imports a name from the module inside it that is its home.

    A name that is its own home is that module. Raises AttributeError for a name without a home.
    """

    def get_name(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(f"{package}.{homes[name]}")
        value = module if name == homes[name] else getattr(module, name)
        # The next time it is there like any other name.
        setattr(sys.modules[package], name, value)
        return value

    return get_name
