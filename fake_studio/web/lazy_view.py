"""Views whose modules are imported when they are first asked for: a server that nobody looks at starts without them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from importlib import import_module
from typing import Any, Callable

from flask import Blueprint

Route = tuple[str, str, str]  # a method, a path, and the function that answers it


class LazyView:
    """A function of a module, by their names. Calling it imports the module."""

    def __init__(self, module: str, name: str) -> None:
        self.__module__, self.__name__ = module, name

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The function itself. Raises ImportError, AttributeError."""
        function: Callable[..., Any] = getattr(import_module(self.__module__), self.__name__)
        return function

    def __call__(self, **values: Any) -> Any:
        return self.function(**values)


def add_lazy_routes(blueprint: Blueprint, module: str, routes: Collection[Route]) -> None:
    """Route paths to functions of a module, which is not imported for that. An endpoint has its function's name."""
    views = {name: LazyView(module, name) for _, _, name in routes}
    for method, path, name in routes:
        blueprint.add_url_rule(path, name, views[name], methods=[method])
