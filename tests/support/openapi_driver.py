"""A Studio's description, and whether an answer is one that it announces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from flask import Flask, g, request
from flask.wrappers import Response
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.routing import Rule

from fake_studio import create_app
from fake_studio.web.dialects import DIALECTS
from fake_studio.web.openapi import describe_api, template

Json = Any


def description(app: Flask, dialect: str) -> Json:
    """The document, as a client gets it."""
    return json.loads(json.dumps(describe_api(app, DIALECTS[dialect], "http://127.0.0.1")))


@cache
def document(dialect: str) -> Json:
    """The document of a server as it is, made once: it is not to be changed."""
    return description(create_app(dialect=dialect), dialect)


def rules_for_programs(app: Flask) -> list[Rule]:
    """The rules of an app less those of pages and what they show, which are for people and not described."""
    return [rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith(("pages.", "previews."))]


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Method, path and what is told of each operation."""
    for path, methods in document["paths"].items():
        yield from ((method, path, told) for method, told in methods.items())


def operation(document: Json, name: str) -> Json:
    """What is told of the operation of this id."""
    return next(told for _, _, told in operations(document) if told["operationId"] == name)


@dataclass
class Watch:
    """Compares every answer of an app with its description; ``wrong`` says what was not announced.

    ``met`` are the operations and statuses that were seen to be answered.
    """

    app: Flask
    dialect: str
    wrong: list[str] = field(default_factory=list)
    met: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.document = description(self.app, self.dialect)
        resource = Resource(self.document, DRAFT202012)
        self._registry = Registry().with_resource("urn:description", resource)
        self._validators: dict[str, Draft202012Validator] = {}
        # Flask calls these last one first: this one sees what everybody else made of the answer.
        self.app.after_request_funcs.setdefault(None, []).insert(0, self._look)

    def _look(self, answer: Response) -> Response:
        read(answer)
        fault = self.fault_of(answer)
        if fault:
            self.wrong.append(f"{request.method} {request.full_path} {answer.status_code}: {fault}")
        return answer

    def fault_of(self, answer: Response) -> str:
        """What is wrong with the answer to the present request; an empty text for nothing."""
        rule = request.url_rule and template(request.url_rule.rule)
        method = request.method.lower()
        if rule is None or method not in self.document["paths"].get(rule, ()):
            return self._fault_elsewhere()
        responses = self.document["paths"][rule][method]["responses"]
        status = str(answer.status_code)
        self.met.add((f"{method} {rule}", status))
        if status not in responses:
            return f"the status is none of {list(responses)}"
        kinds = {kind for told in responses[status].get("content", {}).values() for kind in told.get("examples", {})}
        if kinds and g.refusal.cause()["kind"] not in kinds:
            return f"{g.refusal.cause()['kind']} is none of {sorted(kinds)}"
        return self._fault_of_body(answer, responses[status], pointer("paths", rule, method, "responses", status))

    def _fault_elsewhere(self) -> str:
        """A path or a method that is not described: refused for that, or for the token, which is looked at first."""
        kind = g.refusal.cause()["kind"] if "refusal" in g else "an answer"
        expected = ("PathUnknown", "MethodNotAllowed", "NotAcceptable", "UserInactive", "FormatUnknown")
        return "" if kind.startswith("Token") or kind in expected else f"{kind} of what is not described"

    def _fault_of_body(self, answer: Response, response: Json, at: str) -> str:
        if request.method == "HEAD":
            return ""
        media_type = answer.mimetype if answer.mimetype in response["content"] else "*/*"
        if media_type not in response["content"]:
            return f"the media type is {answer.mimetype}, none of {list(response['content'])}"
        if media_type == "*/*":
            return ""
        schema = f"urn:description#{at}{pointer('content', media_type, 'schema')}"
        errors = self._validator(schema).iter_errors(told_by(answer))
        return "; ".join(f"{error.json_path}: {error.message}"[:500] for error in errors)

    def _validator(self, schema: str) -> Draft202012Validator:
        if schema not in self._validators:
            self._validators[schema] = Draft202012Validator({"$ref": schema}, registry=self._registry)
        return self._validators[schema]


def read(answer: Response) -> None:
    """Read a file that is sent, and close it: not every client does."""
    if answer.direct_passthrough:
        answer.direct_passthrough = False
        answer.get_data()
        answer.close()


def told_by(answer: Response) -> Json:
    """The body as a schema sees it."""
    content = answer.get_data()
    return json.loads(content) if answer.mimetype == "application/json" else content.decode("utf-8", "replace")


def pointer(*steps: str) -> str:
    """A JSON pointer, as a fragment has it."""
    escaped = (step.replace("~", "~0").replace("/", "~1") for step in steps)
    return "".join("/" + re.sub(r"[{}*]", lambda found: f"%{ord(found[0]):02X}", step) for step in escaped)
