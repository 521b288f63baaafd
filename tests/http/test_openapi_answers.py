"""The description of the API beside the answers to its own examples; for others see tests/contract/test_scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fake_studio import create_app
from fake_studio.web.dialects import DIALECTS
from support.openapi_driver import Watch, document, operation, operations
from support.openapi_guest import Guest, settled

EXAMPLES = [
    pytest.param(dialect, *told, id=f"{dialect}-{told[2]['operationId']}")
    for dialect in DIALECTS
    for told in operations(document(dialect))
]
ANSWERED_OTHERWISE = {"storage_elsewhere": 404, "storage_write": 403}


@pytest.fixture(scope="module")
def guests() -> Iterator[dict[str, Guest]]:
    """By dialect, a Studio in which each example has what it is about."""
    made = {dialect: settled(dialect) for dialect in DIALECTS}
    yield made
    for guest in made.values():
        guest.studio.close()


@pytest.fixture
def guest(guests: dict[str, Guest], dialect: str) -> Guest:
    """The one of a dialect, as if nothing had been asked before."""
    found = guests[dialect]
    found.go_back()
    for name in ("info", "add_faults"):  # the exchange and the fault of number 1
        found.example(name)
    return found


@pytest.mark.parametrize(("dialect", "method", "path", "told"), EXAMPLES)
def test_an_example_is_answered_as_described(guest: Guest, method: str, path: str, told: Any) -> None:
    answer = guest.send(method, path, told)
    name = told["operationId"].rpartition("_")[0] if told["operationId"][-1].isdigit() else told["operationId"]
    success = int(next(iter(told["responses"])))
    assert answer.status_code == ANSWERED_OTHERWISE.get(name, success), answer.get_data(as_text=True)
    assert guest.watch.wrong == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_example_is_one_of_what_its_schema_takes(dialect: str) -> None:
    for _, path, told in operations(document(dialect)):
        for content in told.get("requestBody", {}).get("content", {}).values():
            schema = {**content["schema"], "components": document(dialect)["components"]}
            errors = [error.message for error in Draft202012Validator(schema).iter_errors(content["example"])]
            assert errors == [], path


def test_what_is_not_described_is_noticed() -> None:
    app = create_app()
    watch = Watch(app, "documented")
    health, reset = (operation(watch.document, name)["responses"]["200"] for name in ("health", "reset"))
    health["content"] = reset["content"]
    del operation(watch.document, "node")["responses"]["404"]
    for path in ("/_fake/health", "/_fake/nodes/none", "/_fake/users"):
        app.test_client().get(path)
    assert watch.wrong == [
        "GET /_fake/health? 200: $: Additional properties are not allowed ('dialect' was unexpected)",
        "GET /_fake/nodes/none? 404: the status is none of ['200', '403']",
    ]
