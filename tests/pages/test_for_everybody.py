"""Each page for people who do not see, or not well, or on a phone: axe-core, contrast, width, the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from support.axe import serious

# The paths of pages, with the ids of what is in the kitchen.
PAGES = {
    "home": "/",
    "channel": "/channels/{small}",
    "search": "/channels/{small}?q=water",
    "nothing found": "/channels/{small}?q=nothing+like+this",
    "compare": "/channels/{every}/compare",
    "requests": "/requests?endpoint=add_nodes",  # of each sort of row one is enough: axe looks at them for seconds
    "refused": "/requests/{refused}",
    "faults": "/faults",
    "settings": "/settings",
    "reference": "/api-reference",
    "error": "/channels/none",
    "lost": "/nothing/lives/here",
    "docs": "/docs/openapi",
    "docs with a table": "/docs/findings",
}
NODES = (
    *("Reading > Documents > Water", "The Well", "The journey of a drop", "Rain", "One note of water"),
    *("The leaking tap", "A fact about water", "All about water"),
)
IN_THE_DARK = ("home", "channel", "search", "compare", "refused", "faults", "settings", "lost", "Rain", "reference")
# What stands in frames and is ours, though what is in it is a chef's.
FRAMES = {
    "All about water": "exercise",
    "Quiz": "exercise",
    "A fact about water": "h5p",
    "The leaking tap": "zip/nothing.html",
}
PHONE = {"width": 360, "height": 700}


@pytest.fixture(scope="module")
def addresses(kitchen: Any) -> dict[str, str]:
    """Every page, with findings, a refusal, a difference and a fault to show."""
    kitchen.cook("broken/missing_license.py")
    kitchen.cook("broken/wrong_label.py")
    kitchen.fake.studio.faults.add_preset("slow-studio", name="not yet", user="nobody")
    refused = next(each for each in kitchen.fake.requests.entries() if each.refusal and each.nodes)
    ids = {"small": kitchen.fake.channel("A small channel").id, "every": kitchen.channel_id, "refused": refused.number}
    pages = {name: kitchen.fake.url + path.format_map(ids) for name, path in PAGES.items()}
    return {**pages, **{title: kitchen.node_url(title) for title in NODES}}


@pytest.fixture(scope="module")
def shared_page(browser: Any) -> Iterator[Any]:
    """One for all tests: another one costs a second."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def page(shared_page: Any) -> Any:
    """As large and as light as ever."""
    shared_page.set_viewport_size({"width": 1280, "height": 720})
    shared_page.emulate_media(color_scheme="light")
    return shared_page


@pytest.mark.parametrize("name", [*PAGES, *NODES])
def test_everybody_can_use(page: Any, addresses: dict[str, str], name: str) -> None:
    """In one visit: axe and a browser's navigation take most of a second each."""
    page.goto(addresses[name])
    check_keyboard(page)
    assert serious(page, iframes=False) == []
    if name in IN_THE_DARK:
        page.emulate_media(color_scheme="dark")
        assert serious(page, iframes=False, runOnly=["color-contrast"]) == []
    check_phone(page)


def check_keyboard(page: Any) -> None:
    """The first Tab leads to a link that skips the menu."""
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def check_phone(page: Any) -> None:
    """A phone takes a page for a wide one unless the page says otherwise."""
    assert "width=device-width" in page.evaluate("document.querySelector('meta[name=viewport]').content")
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_everybody_can_use_what_stands_in_frames(browser: Any, kitchen: Any) -> None:
    """Each document by itself, and without its sandbox, in which no script of axe would run."""
    context = browser.new_context(bypass_csp=True)
    page, found = context.new_page(), []
    for name, path in FRAMES.items():
        page.goto(f"{kitchen.node_url(name)}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [(name, scheme, *violated) for violated in serious(page)]
    context.close()
    assert found == []


def test_frames_are_not_wider_than_a_phone(browser: Any, kitchen: Any) -> None:
    context = browser.new_context(viewport=PHONE, is_mobile=True)
    page = context.new_page()
    for name, path in FRAMES.items():
        page.goto(f"{kitchen.node_url(name)}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
    context.close()
