"""A Studio that a real chef cooked in, and a real browser to look at it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from fake_studio import FakeStudio
from support.chromium import WHOLE, launched
from support.warm_python import warm_python

CHEFS = Path(__file__).parents[2] / "fixtures" / "chefs"


@dataclass
class Kitchen:
    """A server, and the address that the chef printed at the end of its run."""

    fake: FakeStudio
    printed: str

    @property
    def channel_id(self) -> str:
        """The id of the channel of every kind."""
        return self.fake.channel("Water: one of every kind").id

    def cook(self, chef: str) -> int:
        """Run one of our example chefs; returns its exit code."""
        return self.fake.cook(CHEFS / chef, python=warm_python()).exit_code

    def node_url(self, title: str) -> str:
        """The page of a node of the newest tree, as a link that survives the next run."""
        told = self.fake.channel("Water: one of every kind").node(title)
        return f"{self.fake.url}/channels/{self.channel_id}/nodes/{told['node_id']}"


@pytest.fixture(scope="module")
def kitchen() -> Iterator[Kitchen]:
    """A Studio with the channel of every kind, staged."""
    with FakeStudio() as fake:
        cooked = fake.cook(CHEFS / "every_kind.py", python=warm_python())
        assert cooked.exit_code == 0, "\n".join(cooked.output)
        yield Kitchen(fake, re.findall(r"Channel created at (\S+)", "\n".join(cooked.output))[0])


@dataclass
class Window:
    """A page of the browser, and what it asked for and what went wrong in it."""

    page: Any
    asked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@contextmanager
def opened(browser: Any) -> Iterator[Window]:
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    window = Window(context.new_page())
    window.page.on("request", lambda request: window.asked.append(request.url))
    window.page.on("requestfailed", lambda request: request.failure == "csp" and window.asked.remove(request.url))
    window.page.on("pageerror", lambda error: window.wrong.append(str(error)))
    yield window
    context.close()


def watched(window: Window, kitchen: Kitchen) -> Iterator[Any]:
    """Its page. Fails its test if it asks for anything elsewhere, or if a script of ours fails."""
    window.asked.clear()
    window.wrong.clear()
    yield window.page
    own = (kitchen.fake.url, "data:", "blob:", "chrome:", "chrome-extension:")  # the PDF viewer is the browser's own
    assert [url for url in window.asked if not url.startswith(own)] == []
    assert window.wrong == []


@pytest.fixture(scope="module")
def window(browser: Any) -> Iterator[Window]:
    """One window for all tests of a module, whose server its pages go on to ask. Another costs a second of CPU."""
    with opened(browser) as window:
        yield window


@pytest.fixture
def page(window: Window, kitchen: Kitchen) -> Iterator[Any]:
    """A page of the quickest browser that is here."""
    yield from watched(window, kitchen)


@pytest.fixture
def page_of_whole_browser(playwright: Any, kitchen: Kitchen) -> Iterator[Any]:
    """A page of a browser that has viewers, too."""
    with launched(playwright, WHOLE) as browser, opened(browser) as window:
        yield from watched(window, kitchen)


@pytest.fixture
def client(documented: Any) -> FlaskClient:
    """Somebody who looks at an empty Studio."""
    looking: FlaskClient = documented.client
    return looking
