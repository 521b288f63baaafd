"""Plays contract scenarios against a Studio, fake or real."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import requests
from requests.structures import CaseInsensitiveDict

from fake_studio.contract.isolation import RunContext, RunIds
from fake_studio.contract.normalise import JSON_TYPE, AnswerNormaliser, HttpAnswer, explain_difference
from fake_studio.contract.scenario import Placeholders, Scenario, Step, UnknownPlaceholder
from fake_studio.core.model import Json

# Of the form of Studio's tokens, and nobody has it.
UNKNOWN_TOKEN = "0" * 40
# Studio publishes in a queue, and its slowest answers take seconds: these are the ends of patience, not measures.
ANSWER_SECONDS = 30
PUBLISH_SECONDS = 30
POLL_SECONDS = 0.05

Operation = Callable[[str], object]


class StepFailed(Exception):
    """A step could not be played, so that what follows it has no meaning."""


@dataclass(frozen=True)
class PlayedStep:
    """One step as it was played, with both answers normalised."""

    step: str
    """What was asked, in a few words."""
    request: requests.PreparedRequest | None = None
    """The request as sent; none for an operation, or when there was nothing to send."""
    expected: HttpAnswer | None = None
    """None for a step without an expectation."""
    actual: HttpAnswer | None = None
    failure: str = ""
    """Why the step could not be played."""

    @cached_property
    def mismatch(self) -> str:
        """Say how the step did not go as expected; an empty string when it did."""
        if self.failure or self.expected is None or self.actual is None:
            return self.failure
        return explain_difference(self.expected, self.actual)


@dataclass(frozen=True)
class Result:
    """A scenario as it was played, up to its end or to the first step that could not be."""

    scenario: Scenario
    exchanges: list[PlayedStep]

    @property
    def ok(self) -> bool:
        """Whether every step went as expected."""
        return not any(exchange.mismatch for exchange in self.exchanges)

    @property
    def complete(self) -> bool:
        """Whether every step could be played, as expected or not."""
        return not any(exchange.failure for exchange in self.exchanges)

    def __str__(self) -> str:
        """Explain every step that differs."""
        steps = len(self.scenario.steps)
        differing = [(number, exchange) for number, exchange in enumerate(self.exchanges, start=1) if exchange.mismatch]
        lines = []
        for number, exchange in differing:
            lines.append(f"{self.scenario.name}: step {number} of {steps} differs: {exchange.step}")
            if self.scenario.why and number == differing[0][0]:
                lines.append(f"  why: {self.scenario.why}")
            lines.extend(f"  {line}" for line in exchange.mismatch.split("\n"))
        return "\n".join(lines) or f"{self.scenario.name}: {steps} of {steps} steps as expected"


class Player:
    """Plays scenarios over HTTP and compares the answers with the expectations."""

    def __init__(
        self,
        url: str,
        users: Mapping[str, Mapping[str, Any]],
        *,
        session: requests.Session | None = None,
        deploy: Operation | None = None,
        settle: Operation | None = None,
        run: RunContext | None = None,
    ) -> None:
        """Take the Studio's address and its users by role.

        `deploy` and `settle` get a channel's id. Unless given, they use the control API of fake_studio. Unless a `run`
        is given, ids and files are sent as they are written.
        """
        self._url = url.rstrip("/")
        self._tokens: dict[str, str] = {role: user["token"] for role, user in users.items()}
        self._tokens.setdefault("bad", UNKNOWN_TOKEN)
        self._session = session or direct_session()
        self._run = run or RunContext()
        self._operations = {
            "deploy": deploy or self._press_deploy,
            "settle": settle or self._await_publishing,
        }

    def play(self, scenario: Scenario) -> Result:
        """Play one scenario, on a server that this run of it has not been played on since its start or reset.

        A server that does not answer is a failure of the step, not an error of the player.
        """
        state = _ScenarioState(scenario, self._tokens, self._run)
        exchanges: list[PlayedStep] = []
        for step in scenario.steps:
            exchanges.append(self._attempt(state.names.with_run_ids(step), state))
            # What follows may need an id that this step should have got: its differences would say nothing.
            if exchanges[-1].failure:
                break
        return Result(scenario, exchanges)

    def _attempt(self, step: Step, state: _ScenarioState) -> PlayedStep:
        try:
            if "op" in step:
                return self._operate(state.placeholders.fill(step))
            return self._converse(step, state)
        except requests.RequestException as failure:
            return PlayedStep(title(step), failure=f"no answer: {reason_of(failure)}")
        except (StepFailed, UnknownPlaceholder) as failure:
            return PlayedStep(title(step), failure=str(failure) or repr(failure))

    def _operate(self, step: Step) -> PlayedStep:
        self._operations[step["op"]](step["channel"])
        return PlayedStep(title(step))

    def _converse(self, step: Step, state: _ScenarioState) -> PlayedStep:
        filled = state.placeholders.fill({key: value for key, value in step.items() if key not in ("save", "expect")})
        state.conversation.note_sent(json.dumps(state.names.as_recorded(filled)))
        request = self._request(filled, state.placeholders)
        actual = self._send(request)
        # Saved as the server said it, as later steps send it back; compared as the recording would have it.
        state.placeholders.save(step.get("save", {}), actual.body)
        own_body = state.names.only_own_channels(filled.get("path", ""), actual.body)
        actual = replace(actual, body=state.names.as_recorded(own_body))
        if "expect" not in step:
            return PlayedStep(title(filled), request, None, state.conversation.normalise_alone(actual))
        expected = expected_answer(state.names.as_recorded(state.placeholders.fill(step["expect"])))
        return PlayedStep(title(filled), request, *state.conversation.normalise(expected, actual))

    def _request(self, step: Step, placeholders: Placeholders) -> requests.PreparedRequest:
        url = step["url"] if "url" in step else self._url + step["path"]
        body = _body(step, placeholders)
        return requests.Request(step["method"], url, self._headers(step), **body).prepare()

    def _headers(self, step: Step) -> dict[str, bytes]:
        headers = CaseInsensitiveDict({"Accept": "*/*"})
        if step["as"] != "anonymous":
            headers["Authorization"] = f"Token {self._token(step['as'])}"
        if step.keys() & {"json", "data", "data_hex"}:
            headers["Content-Type"] = JSON_TYPE
        headers.update(step.get("headers", {}))
        # Left to itself, http.client would send Latin-1, and the scenarios were recorded with UTF-8.
        return {name: str(value).encode() for name, value in headers.items() if value}

    def _token(self, role: str) -> str:
        if role not in self._tokens:
            raise StepFailed(f"there is no user with the role {role}")
        return self._tokens[role]

    def _send(self, request: requests.PreparedRequest) -> HttpAnswer:
        # A redirect is an answer, and is compared as one.
        response = self._session.send(request, timeout=ANSWER_SECONDS, allow_redirects=False)
        media_type = _media_type(response.headers.get("Content-Type"))
        body = _parse_body(response.content, media_type)
        return HttpAnswer(response.status_code, media_type, body, response.headers.get("WWW-Authenticate"))

    def _press_deploy(self, channel: str) -> None:
        self._control("POST", f"{channel}/deploy")

    def _await_publishing(self, channel: str) -> None:
        deadline = time.monotonic() + PUBLISH_SECONDS
        while True:
            publishing = self._control("GET", channel).json()["publishing"] or {"state": "done"}
            if publishing["state"] == "done":
                return
            if publishing["state"] == "failed" or time.monotonic() > deadline:
                raise StepFailed(f"channel {channel} is not published: {json.dumps(publishing)}")
            time.sleep(POLL_SECONDS)

    def _control(self, method: str, path: str) -> requests.Response:
        url = f"{self._url}/_fake/channels/{path}"
        response = self._session.request(method, url, timeout=ANSWER_SECONDS)
        if not response.ok:
            raise StepFailed(f"{method} {url} answered {response.status_code}: {response.text[:300]}")
        return response


class _ScenarioState:
    """What one scenario's conversation has come to."""

    def __init__(self, scenario: Scenario, tokens: Mapping[str, str], run: RunContext) -> None:
        self.placeholders = Placeholders(scenario.name, tokens, run.name)
        self.conversation = AnswerNormaliser()
        self.names = RunIds(scenario, run)


def direct_session() -> requests.Session:
    """Return a session that asks the server itself, with nothing added."""
    session = requests.Session()
    # A proxy or a .netrc of the environment would change what the server sees.
    session.trust_env = False
    return session


def reason_of(failure: requests.RequestException) -> str:
    """Why no answer came, in the words of somebody who looks for a mistake of theirs."""
    if isinstance(failure, requests.Timeout):
        return f"nothing came within {ANSWER_SECONDS} seconds."
    if isinstance(failure, requests.exceptions.SSLError):
        return "the connection is not secure, or its certificate is not trusted."
    if isinstance(failure, ValueError):  # requests has several of them for what is no address
        return "that is not the address of a server, such as http://127.0.0.1:8000."
    if isinstance(failure, requests.ConnectionError):
        return "no connection. Check that the server runs, and its address."
    return "its answer could not be read."


def title(step: Step) -> str:
    """Say in a few words what a step asks."""
    if "op" in step:
        return f"{step['op']} {step['channel']}"
    return f"{step['method']} {step.get('path') or step['url']} as {step['as']}"


def expected_answer(expect: Mapping[str, Any]) -> HttpAnswer:
    """Return the answer that a step expects, its placeholders replaced."""
    return HttpAnswer(expect["status"], _media_type(expect["type"]), expect["body"], expect.get("www"))


def _body(step: Step, placeholders: Placeholders) -> dict[str, Any]:
    if "json" in step:
        return {"data": json.dumps(step["json"]).encode()}
    if "data" in step:
        return {"data": step["data"].encode()}
    if "data_hex" in step:
        return {"data": bytes.fromhex(step["data_hex"])}
    if "file" in step:
        return {"data": placeholders.file(step["file"])}
    return {"files": _parts(step.get("multipart", {}), placeholders)}


def _parts(multipart: Mapping[str, Mapping[str, str]], placeholders: Placeholders) -> dict[str, Any]:
    return {field: (part["filename"], placeholders.file(part["file"])) for field, part in multipart.items()}


def _media_type(header: str | None) -> str | None:
    return header.split(";")[0].strip().lower() if header else None


def _parse_body(content: bytes, media_type: str | None) -> Json:
    text = content.decode(errors="backslashreplace")
    if media_type != JSON_TYPE:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
