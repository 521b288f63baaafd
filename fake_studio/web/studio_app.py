"""Flask as a Studio needs it, without what it would do for each request and nobody asks for."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from json import JSONEncoder
from typing import Any

from flask import Flask, Request
from flask.json.provider import DefaultJSONProvider
from flask.sessions import NullSession, SessionInterface
from flask.templating import Environment
from werkzeug.routing import Map, MapAdapter
from werkzeug.wsgi import get_host

from fake_studio.core.json_text import replace_infinity
from fake_studio.web.api.uploads import storage_path
from fake_studio.web.lazy_rule import LazyBuilderRule
from fake_studio.web.pages.filters import FILTERS
from fake_studio.web.studio_request import StudioRequest


class NoSessions(SessionInterface):
    """Nobody logs in to a Studio."""

    _NONE = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        """The session that everybody has: it holds nothing."""
        return self._NONE


class JsonInOrder(DefaultJSONProvider):
    """JSON whose keys stay in the order in which Studio sends them. Infinity and NaN, which it lacks, become texts."""

    sort_keys = False
    # As Flask makes one for each answer that it does not indent.
    _encode = JSONEncoder(default=DefaultJSONProvider.default, separators=(",", ":"), allow_nan=False).encode

    def dumps(self, obj: Any, **options: Any) -> str:
        """JSON text; a chef's 1e400 is shown as ``"Infinity"``."""
        try:
            return self._encode(obj) if options == _COMPACT else super().dumps(obj, allow_nan=False, **options)
        except ValueError:
            return super().dumps(replace_infinity(obj), **options)


_COMPACT = {"separators": (",", ":")}


class StudioApp(Flask):
    """A Flask app without coroutines, sessions and names of servers."""

    request_class = StudioRequest
    session_interface = NoSessions()
    url_rule_class = LazyBuilderRule
    json_provider_class = JsonInOrder

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: Flask would ask each function for each request whether it is a coroutine."""
        return func

    def create_jinja_environment(self) -> Environment:
        """What templates are rendered with. Flask makes it for the first page, or at the start if it gets a filter."""
        environment = super().create_jinja_environment()
        environment.filters.update(FILTERS)
        environment.globals["storage_path"] = storage_path
        return environment

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """What finds the route of a request: as Flask makes it, but a host's name is read once for all its requests.

        Raises werkzeug's BadHost, SecurityError.
        """
        environ = request.environ if request else {}
        if (
            request is None
            or self.config.get("SERVER_NAME")
            or self.config.get("TRUSTED_HOSTS")
            or "HTTP_UPGRADE" in environ
        ):
            return super().create_url_adapter(request)
        request.host, server_name = _names_of(
            environ["wsgi.url_scheme"], environ.get("HTTP_HOST"), environ["SERVER_NAME"], environ["SERVER_PORT"]
        )
        query = request.query_string.decode(errors="replace")
        root, scheme = f"{request.root_path}/", environ["wsgi.url_scheme"]
        return MapAdapter(self.url_map, server_name, root, "", scheme, request.path, request.method, query)


@lru_cache(maxsize=64)
def _names_of(scheme: str, host: str | None, server_name: str, port: str) -> tuple[str, str]:
    """A request's host as a client calls it, and as routing has it."""
    environ = {"wsgi.url_scheme": scheme, "SERVER_NAME": server_name, "SERVER_PORT": port}
    name = get_host({**environ, "HTTP_HOST": host} if host is not None else environ)
    return name, Map().bind(name, url_scheme=scheme).server_name
