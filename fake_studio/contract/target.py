"""The Studio that scenarios are played against: what is known of it before the first one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from fake_studio.contract.player import ANSWER_SECONDS, direct_session, reason_of
from fake_studio.contract.scenario import PACKAGED, load_users
from fake_studio.core.model import Json

WHO = "/api/internal/authenticate_user_internal"
NAMES = ("username", "first_name", "last_name")


class TargetUnusable(Exception):
    """Nothing can be played there: it does not answer, or knows none of the users."""


@dataclass
class Target:
    """A Studio by its address, and the users by role.

    `dialect` is what a fake Studio says that it speaks; None for any other, which has no control API. `unfit` says of
    a role why nothing can be played as it. `people` is what `RunContext` needs to recognise the users. `by_hand` does
    an operation with a channel, where a person does it.
    """

    url: str
    users: Mapping[str, Mapping[str, Any]]
    dialect: str | None = None
    unfit: dict[str, str] = field(default_factory=dict)
    people: dict[str, dict[str, tuple[Json, str]]] = field(default_factory=dict)
    session: requests.Session = field(default_factory=direct_session)
    by_hand: Callable[[str, str], object] | None = None

    @property
    def controlled(self) -> bool:
        """Whether it can be reset, and channels can be deployed and deleted there."""
        return self.dialect is not None

    def control(self, method: str, path: str) -> requests.Response:
        """Use the control API. Raises requests.RequestException."""
        return self.session.request(method, f"{self.url}/_fake/{path}", timeout=ANSWER_SECONDS)

    def ask(self, role: str, endpoint: str, body: Json) -> requests.Response:
        """Ask the Internal API as a user. Raises requests.RequestException."""
        headers = {"Authorization": f"Token {self.users[role]['token']}"}
        url = f"{self.url}/api/internal/{endpoint}"
        return self.session.post(url, json=body, headers=headers, timeout=ANSWER_SECONDS)

    def has_channel(self, channel: str, roles: Iterable[str]) -> bool:
        """Whether one of these users could change a channel of this id. Raises requests.RequestException."""
        # An inactive user gets a 401 for every channel, which says nothing of this one.
        able = sorted(set(roles) - {"inactive"})
        return any(self.ask(role, "check_user_is_editor", {"channel_id": channel}).ok for role in able)


def connect(url: str, users: Mapping[str, Mapping[str, Any]]) -> Target:
    """Ask a Studio what it is and whom it knows; changes nothing there. Raises TargetUnusable."""
    target = Target(url.rstrip("/"), users)
    recorded = load_users(PACKAGED / "users.json")
    try:
        target.dialect = _dialect(target)
        for role in users:
            _meet_user(target, role, recorded.get(role, {}))
    except requests.RequestException as failure:
        raise TargetUnusable(f"{url} does not answer: {reason_of(failure)}") from failure
    # An inactive user is there to be refused: with nobody else, there is nothing to play.
    if set(users) <= {*target.unfit, "inactive"}:
        reasons = "; ".join(f"{role}: {reason}" for role, reason in target.unfit.items())
        raise TargetUnusable(f"{url} takes none of the users. {reasons}")
    return target


def _dialect(target: Target) -> str | None:
    answer = target.control("GET", "health")
    settings = _object(answer)
    return settings.get("dialect") if settings and answer.ok else None


def _meet_user(target: Target, role: str, recorded: Mapping[str, Any]) -> None:
    answer = target.ask(role, "authenticate_user_internal", {})
    if role == "inactive":
        if answer.ok:
            target.unfit[role] = "the user is active"
        return
    answer_data = _object(answer)
    if not answer.ok or answer_data is None:
        target.unfit[role] = f"the token is rejected: {answer.status_code} {answer.text.strip()[:80]}"
    elif bool(answer_data.get("is_admin")) is not (role == "admin"):
        target.unfit[role] = "the user is not an admin" if role == "admin" else "the user is an admin"
    else:
        # A name that the file of users has is what the server must say; one that it lacks can only be taken as it is.
        merged = {**answer_data, **target.users[role]}
        names = {name: (merged.get(name), recorded[name]) for name in NAMES if name in recorded}
        target.people[str(merged.get("username"))] = names


def _object(answer: requests.Response) -> dict[str, Json] | None:
    try:
        data = answer.json()
    except ValueError:
        return None
    return data if isinstance(data, dict) else None
