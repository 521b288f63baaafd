"""schemathesis makes requests from the description: whatever it sends, the answer is one that is described."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from fake_studio.web.dialects import DIALECTS
from fake_studio.web.openapi.examples import CHANNEL_ID, FILE, NODE_ID
from support.made_up import some
from support.openapi_driver import operations
from support.openapi_guest import Guest, settled

KNOWN = {"channel_id": CHANNEL_ID, "node_id": NODE_ID, "identifier": CHANNEL_ID, "number": 1}
EXAMPLES = some(4)  # of each operation; hundreds were played by hand
SAME_EVERY_TIME = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
MET = {"positive": 70, "negative": 30 if EXAMPLES > 2 else 20}  # operations, each with the statuses that were seen


@pytest.mark.parametrize("mode", MET)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_whatever_is_sent_is_answered_as_described(dialect: str, mode: str) -> None:
    import schemathesis  # takes half a second, in each worker

    guest = settled(dialect, control_from_anywhere=True)  # its client comes from no machine
    described = schemathesis.openapi.from_wsgi("/_fake/openapi.json", guest.app)
    for method, path, told in operations(guest.watch.document):
        if varies(told, mode):
            guest.go_back()
            fuzz(guest, described[path][method.upper()].as_strategy(schemathesis.GenerationMode(mode)))
    guest.studio.close()
    assert len(guest.watch.met) >= MET[mode]
    assert dialect == "deployed" or max(status for _, status in guest.watch.met) < "500"


def varies(told: Any, mode: str) -> bool:
    """Whether there is anything to make up, and to get wrong: any path and any form is right somehow."""
    if mode == "negative":
        return "application/json" in told.get("requestBody", {}).get("content", {})
    return bool(told.get("parameters") or told.get("requestBody"))


def fuzz(guest: Guest, cases: st.SearchStrategy[Any]) -> None:
    checks = conformance_checks()

    @SAME_EVERY_TIME
    @given(case=cases, is_known=st.booleans())
    def play(case: Any, is_known: bool) -> None:
        guest.app.config["DIALECT"] = guest.app.config["DIALECT_AT_START"]
        guest.studio.faults.clear()
        guest.watch.wrong.clear()
        if is_known:
            plant(case.path_parameters, KNOWN)
            plant(case.body, {**KNOWN, "root_id": guest.root})
        answer = case.call(headers=guest.headers if is_known else None)
        assert guest.watch.wrong == []
        case.validate_response(answer, checks=checks)

    play()


def conformance_checks() -> list[Any]:
    from schemathesis.specs.openapi import checks

    of_schemas = [checks.response_headers_conformance, checks.response_schema_conformance]
    return [checks.content_type_conformance, *of_schemas, checks.status_code_conformance]


def plant(made: Any, known: dict[str, Any]) -> None:
    """Put what the Studio knows into the places that are there for it: what is made up is known to nobody."""
    if isinstance(made, dict):
        made.update({name: value for name, value in known.items() if name in made})
        if "a" in made:
            made.update(a=FILE[0], b=FILE[1], name=FILE)
        plant(made.get("channel_data"), {"id": CHANNEL_ID})
