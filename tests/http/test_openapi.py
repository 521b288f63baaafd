"""The description of the API: complete, valid, and true to every answer that is known."""

from __future__ import annotations

import subprocess
import sys

import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from fake_studio import create_app
from fake_studio.core.journal import FILTERS
from fake_studio.faults import parse
from fake_studio.rules import serializers
from fake_studio.web.dialects import DIALECTS
from fake_studio.web.openapi import AUDIENCES, PATH_PARAMETERS, audience_of, names_in, template
from fake_studio.web.openapi.examples import bodies
from fake_studio.web.openapi.responses import samples
from fake_studio.web.request import ALLOWED_METHODS
from support.openapi_driver import description, document, operation, rules_for_programs

# Complete


def undescribed(app: Flask) -> list[str]:
    """What is there and not told, and what is told and not there, each with what to do."""
    audiences = ", ".join(each.name for each in AUDIENCES)
    there = {rule.endpoint.rpartition(".")[2] for rule in rules_for_programs(app)}
    pieces = {name for rule in rules_for_programs(app) for name in names_in(rule.rule)}
    told = {name for each in AUDIENCES for name in each.operations}
    examples = bodies(DIALECTS["documented"])
    with_body = {name for each in AUDIENCES for name, known in each.operations.items() if known.body}
    return [
        *(f"{name}: give it an Operation in fake_studio/web/openapi/, of {audiences}" for name in there - told),
        *(f"{name}: is no endpoint any more, take it out of fake_studio/web/openapi/" for name in told - there),
        *(f"<{name}>: say in openapi/paths.py what it means" for name in pieces - set(PATH_PARAMETERS)),
        *(f"<{name}>: is in no path any more" for name in set(PATH_PARAMETERS) - pieces),
        *(f"{name}: give its body an example in openapi/examples.py" for name in with_body - set(examples)),
        *(f"{name}: has an example in openapi/examples.py, and no body" for name in set(examples) - with_body),
    ]


def test_every_endpoint_is_described() -> None:
    assert undescribed(create_app()) == []


def test_who_adds_an_endpoint_is_told_what_is_missing() -> None:
    app = create_app()
    app.add_url_rule("/new/<thing>", "new_one", lambda thing: {})
    said = "\n".join(undescribed(app))
    assert "new_one: give it an Operation" in said
    assert "<thing>: say in openapi/paths.py" in said
    assert "/new/{thing}" not in description(app, "documented")["paths"]


def test_an_endpoint_is_described_once() -> None:
    names = [name for each in AUDIENCES for name in each.operations]
    assert sorted(names) == sorted(set(names))
    assert audience_of("nobody's") is None


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_path_and_method_is_there(dialect: str) -> None:
    app = create_app(dialect=dialect)
    there = set()
    for rule in rules_for_programs(app):
        allowed = ALLOWED_METHODS.get(rule.endpoint, rule.methods)
        there |= {(template(rule.rule), method) for method in set(allowed) - {"OPTIONS", "HEAD"}}
    told = {
        (path, method.upper())
        for path, told in document(dialect)["paths"].items()
        for method in told
        if method != "head"
    }
    assert told == there


def test_who_does_not_ask_does_not_wait_for_it() -> None:
    look = "import sys, fake_studio; fake_studio.create_app(); print('fake_studio.web.openapi' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


# Valid


@pytest.mark.parametrize("dialect", DIALECTS)
def test_it_is_valid(dialect: str) -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator  # takes a third of a second, in each worker

    assert [str(error) for error in OpenAPIV31SpecValidator(document(dialect)).iter_errors()] == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_component_is_a_schema_that_something_refers_to(dialect: str) -> None:
    text = str(document(dialect))
    for name, schema in document(dialect)["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert f"'#/components/schemas/{name}'" in text, f"nothing refers to {name}"


@pytest.mark.parametrize("name", DIALECTS)
def test_it_is_served_in_both_dialects(name: str) -> None:
    for served in DIALECTS:
        client = create_app(dialect=served).test_client()
        asked = client.get(f"/_fake/openapi.json?dialect={name}").get_json()
        assert asked == {**document(name), "servers": [{"url": "http://localhost"}]}
    assert client.get("/_fake/openapi.json").get_json()["info"] == document("deployed")["info"]


def test_an_unknown_dialect_is_refused() -> None:
    answer = create_app().test_client().get("/_fake/openapi.json?dialect=frisian")
    assert answer.status_code == 400
    assert answer.get_json() == {"error": "dialect: 'frisian' is not a dialect. Allowed: documented, deployed."}


# The tables that it tells of


def component(name: str, dialect: str = "documented") -> set[str]:
    return set(document(dialect)["components"]["schemas"][name]["properties"])


def test_shapes_have_the_keys_of_their_rules() -> None:
    assert component("AnnouncedFile") == set(serializers.UPLOAD)
    assert component("AskedNode") == set(serializers.TREE)
    assert component("NewFault") == set(parse.KEYS)
    assert component("WantedExchanges") == set(FILTERS)


def test_dialects_differ_where_they_should() -> None:
    schemas = {dialect: document(dialect)["components"]["schemas"] for dialect in DIALECTS}
    assert [schemas[dialect]["NodeName"]["type"] for dialect in DIALECTS] == ["integer", "string"]
    assert [len(schemas[dialect]["SentNode"]["required"]) for dialect in DIALECTS] == [3, 9]
    statuses = {dialect: set(operation(document(dialect), "add_nodes")["responses"]) for dialect in DIALECTS}
    assert statuses == {
        "documented": {"200", "400", "403", "404", "413"},
        "deployed": {"200", "400", "401", "404", "406", "413", "500"},
    }


@pytest.mark.parametrize("dialect", DIALECTS)
def test_two_samples_of_a_refusal_have_its_row_and_nothing_else_in_common(dialect: str) -> None:
    for kind in {kind for each in AUDIENCES for known in each.operations.values() for kind in known.refuses}:
        one, other = samples(kind)
        assert type(one) is type(other) is kind
        assert str(one) != str(other)
