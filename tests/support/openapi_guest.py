"""Somebody who plays the examples of a description."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from fake_studio import Studio, create_app
from fake_studio.web.openapi.examples import FILE
from fake_studio.web.request import reset_app
from support.openapi_driver import Watch, operations

SETTLED = "settled"
COOK = ("create_channel", "add_nodes", "finish_channel")


@dataclass
class Guest:
    """Sends the examples of a description to the app that it is of. ``root`` is the chef tree's, once there is one."""

    app: Flask
    watch: Watch
    root: Any = None

    @property
    def studio(self) -> Studio:
        """The state behind the app."""
        found: Studio = self.app.extensions["fake_studio"]
        return found

    @property
    def headers(self) -> dict[str, str]:
        """The first user's token."""
        return {"Authorization": f"Token {self.studio.users[0].token}"}

    def example(self, name: str) -> Any:
        """Send the example of an operation, which must work; returns what is answered."""
        found = next(each for each in operations(self.watch.document) if each[2]["operationId"] == name)
        answer = self.send(*found)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json(silent=True)

    def send(self, method: str, path: str, told: Any) -> TestResponse:
        """Send the example of an operation."""
        parameters = told.get("parameters", ())
        pieces = {each["name"]: each["example"] for each in parameters if each["in"] == "path"}
        query = {each["name"]: each["example"] for each in parameters if each["in"] == "query" and each["required"]}
        return self.app.test_client().open(
            path.format(**pieces),
            method=method.upper(),
            query_string=self._signed() if "signature" in query else query,
            headers=self.headers if told["security"] else {},
            buffered=True,
            **self._body(told),
        )

    def _signed(self) -> str:
        return str(self.example("upload_url")["uploadURL"].partition("?")[2])

    def _body(self, told: Any) -> dict[str, Any]:
        if "requestBody" not in told:
            return {}
        media_type, content = next(iter(told["requestBody"]["content"].items()))
        example = content["example"]
        if told["operationId"] == "add_nodes":
            example = {**example, "root_id": self.root}
        if media_type == "application/json":
            return {"json": example}
        if media_type == "multipart/form-data":
            example = {name: (BytesIO(text.encode()), FILE) for name, text in example.items()}
        return {"data": example, "content_type": media_type}

    def settle(self) -> None:
        """A channel that is published, staged anew, and cooked once more; its file."""
        for name in ("upload_url", "put_file", *COOK, "deploy", "publish", *COOK, "create_channel"):
            told = self.example(name)
            self.root = told["root"] if name == "create_channel" else self.root

    def go_back(self) -> None:
        """To the moment at which everything was settled."""
        reset_app(self.app)
        self.studio.restore(SETTLED)
        self.watch.wrong.clear()


def settled(dialect: str, **options: Any) -> Guest:
    """A Studio of its own, in which each example has what it is about."""
    app = create_app(Studio(), dialect=dialect, **options)
    guest = Guest(app, Watch(app, dialect))
    guest.settle()
    guest.studio.mark(SETTLED)
    return guest
