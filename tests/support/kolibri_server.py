"""A Kolibri that serves its home to browsers, and a learner in front of it."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from support.kolibri_home import Kolibri

START_SECONDS = 120
SIGN_IN = """async ([username, password]) => {
    const token = document.cookie.match(/kolibri_csrftoken=([^;]+)/)[1]
    const [facility] = await (await fetch('/api/auth/facility/')).json()
    const headers = {'Content-Type': 'application/json', 'X-CSRFToken': token}
    const body = JSON.stringify({username, password, facility: facility.id})
    return (await fetch('/api/auth/session/', {method: 'POST', headers, body})).status
}"""
ACCOUNT = ("admin", "password")


def serve(kolibri: Kolibri) -> str:
    """Set a Kolibri up with one account, and let it serve; returns its address."""
    person = ("--superusername", ACCOUNT[0], "--superuserpassword", ACCOUNT[1])
    place = ("--facility", "A school", "--preset", "nonformal", "--language_id", "en")
    kolibri.manage("provisiondevice", *place, *person, "--noinput")
    port = _free_port()
    kolibri.serve(port, _free_port())
    url = f"http://127.0.0.1:{port}"
    _wait_for(f"{url}/api/public/info/", kolibri.log)
    return url


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urlopen(url, timeout=10):
                return
        except (URLError, OSError):
            assert time.monotonic() < deadline, log.read_text()[-5000:]
            time.sleep(0.5)


@dataclass
class Learner:
    """Somebody signed in, with a page of a browser: what Kolibri fetched for it and what it was told of answers."""

    page: Any
    url: str
    fetched: list[str] = field(default_factory=list)
    attempts: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(60_000)
        self.page.on("request", self._note)
        self.page.goto(f"{self.url}/en/user/")
        self.page.wait_for_function("document.cookie.includes('kolibri_csrftoken=')")
        assert self.page.evaluate(SIGN_IN, list(ACCOUNT)) == 200

    def _note(self, request: Any) -> None:
        self.fetched.append(request.url)
        if request.method == "PUT" and "/trackprogress" in request.url:
            self.attempts += json.loads(request.post_data).get("interactions", [])

    def open(self, node_id: str) -> None:
        """Open a resource, and wait until there is something to answer."""
        self.fetched.clear()
        self.page.goto(f"{self.url}/en/learn/#/topics/c/{node_id}")
        self.page.reload()
        self.page.get_by_role("button", name="Check").wait_for()

    def check(self) -> dict[str, Any]:
        """Press the button; returns what Kolibri was told of the attempt."""
        known = len(self.attempts)
        self.page.get_by_role("button", name="Check").click()
        deadline = time.monotonic() + 60
        while len(self.attempts) == known:
            assert time.monotonic() < deadline, "Kolibri was told of no attempt"
            self.page.wait_for_timeout(100)
        return self.attempts[-1]

    def go_on(self) -> None:
        """Ask for the next question where Kolibri took the answer as right."""
        following = self.page.get_by_role("button", name="Next")
        if following.count():
            following.click()
            self.page.get_by_role("button", name="Check").wait_for()
