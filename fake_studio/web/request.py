"""What a route asks of a request: who sends it, and what its body says. Raises refusals in Studio's own order."""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any, Callable, TypeVar

from flask import Blueprint, Flask, current_app, g, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from fake_studio.core import refusals
from fake_studio.core.incoming import unwritable
from fake_studio.core.model import Json, User
from fake_studio.core.values import json_name
from fake_studio.http_server import Disconnected, RequestError
from fake_studio.rules import serializers
from fake_studio.studio import Studio
from fake_studio.web.dialects import Dialect
from fake_studio.web.journaling import store_body
from fake_studio.web.studio_request import read_body

View = TypeVar("View", bound=Callable[..., Any])
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
ALLOWED_METHODS: dict[str, tuple[str, ...]] = {}  # by endpoint, such as "internal.add_nodes"


def studio() -> Studio:
    """The Studio that this app serves."""
    current: Studio = current_app.extensions["fake_studio"]
    return current


def dialect() -> Dialect:
    """The dialect that this app speaks."""
    current: Dialect = current_app.config["DIALECT"]
    return current


def reset_app(app: Flask) -> None:
    """Back to the start: the state, and the settings that the server was started with."""
    app.config["DIALECT"] = app.config["DIALECT_AT_START"]
    app.extensions["fake_studio"].reset()


def api_route(blueprint: Blueprint, path: str, *methods: str) -> Callable[[View], View]:
    """Route a path to a function, whose name becomes the endpoint's.

    The route takes every method, because Studio authenticates before it looks at the method; which ones are right is
    kept for ``authenticate``.
    """

    def register(view: View) -> View:
        ALLOWED_METHODS[f"{blueprint.name}.{view.__name__}"] = methods
        blueprint.add_url_rule(path, view.__name__, view, methods=METHODS)
        return view

    return register


def authenticate() -> None:
    """Before each request of the API: who is it, and is the method right? Raises NotAuthenticated, MethodNotAllowed."""
    if not dialect().reads_any_type:
        check_format()
        _check_accept()
    g.user = _user_of(request.headers.get("Authorization", ""))
    allowed, method = ALLOWED_METHODS.get(request.endpoint or "", ()), request.method
    if method not in allowed and method != "OPTIONS":
        raise refusals.MethodNotAllowed(method, allowed)


def user() -> User:
    """The user that ``authenticate`` found."""
    current: User = g.user
    return current


def check_format() -> None:
    """Django REST framework reads ``?format=`` before anything else. Raises FormatUnknown."""
    asked = request.args.getlist("format")[-1:]
    if not dialect().reads_any_type and asked not in ([], [""], ["json"]):
        raise refusals.FormatUnknown(f"Format not found: {asked[0]!r:.40}.", allowed=["json"])


def _check_accept() -> None:
    media_types = request.headers.get("Accept", "*/*").split(",")
    if not any(_leaves_a_way(media_type) for media_type in media_types):
        raise refusals.NotAcceptable("Only JSON is answered here.", allowed=["application/json"])


def _leaves_a_way(accepted: str) -> bool:
    """As Django REST framework reads one part of an Accept header: weights do not count, so q=0 accepts too."""
    main, _, sub = accepted.partition(";")[0].strip().partition("/")
    return any(main in ("*", one) and sub in ("*", two) for one, two in (("application", "json"), ("text", "html")))


def _user_of(header: str) -> User:
    """As Django REST framework's TokenAuthentication reads the header."""
    scheme, *rest = header.encode("latin-1", "replace").split() or [b""]
    if scheme.lower() != b"token":
        raise refusals.TokenMissing("Send a header 'Authorization: Token <your token>'.", field="Authorization")
    if not rest:
        raise refusals.TokenMalformed("No credentials provided.")
    if len(rest) > 1:
        raise refusals.TokenMalformed("Token string should not contain spaces.")
    try:
        token = rest[0].decode("utf-8")
    except UnicodeDecodeError:
        raise refusals.TokenMalformed("Token string should not contain invalid characters.") from None
    return studio().authenticate(token)


def body() -> Json:
    """The body as JSON, whatever its Content-Type. Raises BodyUnreadable, BodyTooLarge."""
    return _parse_body(_bytes(), json.loads)


def body_bytes() -> bytes:
    """The bytes that ``body`` has read."""
    content: bytes = g.content
    return content


def field(data: Json, key: str) -> Json:
    """One key of a JSON object. Raises BodyMisshapen for anything but an object, and KeyMissing."""
    if not isinstance(data, dict):
        raise refusals.BodyMisshapen(f"The body must be an object with the key {key!r}, not {json_name(data)}.")
    if key not in data:
        raise refusals.KeyMissing(key)
    return data[key]


def option(data: Json, key: str, default: Json = None) -> Json:
    """A key of a JSON object that may be left out; what is no object has none."""
    return data.get(key, default) if isinstance(data, dict) else default


def boolean(data: Json, key: str, default: bool) -> bool:
    """A key that is true, false, or left out. Raises BodyMisshapen."""
    value = option(data, key, default)
    if not isinstance(value, bool):
        raise refusals.BodyMisshapen(f"{key} must be true or false, not {value!r:.60}.")
    return value


def form_or_json() -> Json:
    """The body of an endpoint with a serializer: JSON, a form, or nothing. Raises also MediaTypeUnsupported."""
    media_type = _media_type()
    if media_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        _check_boundary()
        return serializers.FormData({name: values_sent[-1] for name, values_sent in request.form.lists()})
    content = _bytes()
    if not content:
        return {}
    if media_type not in ("application/json", "*/*") and not dialect().reads_any_type:
        raise refusals.MediaTypeUnsupported(request.content_type or "")
    return _parse_body(content, _strict_json)


def _media_type() -> str:
    """The type of the body, without its parameters: nearly all have none, and need not be taken apart."""
    sent = request.environ.get("CONTENT_TYPE")
    return sent if sent == "application/json" else request.mimetype


def _bytes() -> bytes:
    try:
        # What faults ask of a body, they have read, and Flask keeps.
        return request.get_data(cache=False) if studio().faults.rules else read_body()
    except RequestEntityTooLarge:
        raise too_large() from None


def too_large() -> refusals.BodyTooLarge:
    """The refusal of a body over the limit, or of a form whose files may be large and its fields may not."""
    limit = request.max_content_length
    if limit is not None and (request.content_length or 0) <= limit and request.mimetype == "multipart/form-data":
        parts, size = request.max_form_parts, request.max_form_memory_size
        return refusals.BodyTooLarge(f"The form has more than {parts} parts, or fields of more than {size} bytes.")
    return refusals.BodyTooLarge(f"The body is larger than the {limit} bytes that are read here.")


def _parse_body(content: bytes, parse: Callable[[bytes], Json]) -> Json:
    try:
        data = parse(content)
        store_body(content, data)
        return data
    except RecursionError:
        raise refusals.BodyTooDeep("it nests too deeply") from None
    except ValueError as error:
        raise refusals.BodyUnreadable(str(error)) from None


def _strict_json(content: bytes) -> Json:
    text = content.decode("utf-8")
    return json.loads(text) if text.startswith("\ufeff") else _STRICT_JSON.decode(text)  # which refuses that


def _refuse_constant(name: str) -> None:
    raise ValueError(f"Out of range float values are not JSON compliant: {name!r}")


_STRICT_JSON = json.JSONDecoder(parse_constant=_refuse_constant)


def uploaded_file() -> tuple[str, Any]:
    """The name and the stream of the part ``file`` of a form. Raises UploadWithoutFile, BodyUnreadable, ..."""
    if request.mimetype != "multipart/form-data":
        _read_other_form()
    _check_boundary()
    try:
        part = request.files.get("file")
    except RequestEntityTooLarge:
        raise too_large() from None
    except OSError as error:
        # Werkzeug keeps a form's file in a temporary one; what the connection itself raises is no matter of the disk.
        if isinstance(error, (Disconnected, RequestError)):
            raise
        raise unwritable(error, Path(error.filename or tempfile.tempdir or "The folder of temporary files")) from error
    name = base_name(_name_of(part)) if part is not None else ""
    if part is None or not name:
        raise refusals.UploadWithoutFile("The form needs a part named 'file' with a file name <checksum>.<extension>.")
    return name, part.stream


def _check_boundary() -> None:
    is_multipart = request.mimetype == "multipart/form-data" and request.content_length
    if is_multipart and "boundary" not in request.mimetype_params:
        raise refusals.FormUnreadable("Invalid boundary in multipart: None")


def _read_other_form() -> None:
    if request.content_length == 0 or request.mimetype == "application/x-www-form-urlencoded":
        return
    form_or_json()


def _name_of(part: FileStorage) -> str:
    """The file name as it was sent. Werkzeug reads a backslash as an escape, Django only before a quote or another."""
    match = _FILE_NAME.search(part.headers.get("Content-Disposition", ""))
    return match[1].replace("\\\\", "\\").replace('\\"', '"') if match else part.filename or ""


_FILE_NAME = re.compile(r'\bfilename="((?:[^"\\]|\\.)*)"')
NAME_LIMIT = 255


def base_name(name: str | None) -> str:
    """A file name without the folders that a client put before it, cut as Django cuts it: the extension stays."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    stem, extension = os.path.splitext(last)
    if len(last) > NAME_LIMIT:
        extension = extension[:NAME_LIMIT]
        last = stem[: NAME_LIMIT - len(extension)] + extension
    return "" if last in (".", "..") else last
