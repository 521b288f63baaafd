"""Each page for people who do not see, or not well, or on a phone: axe-core, contrast, width."""

from __future__ import annotations

from typing import Any

import pytest

SERIOUS = ("serious", "critical")
IN_THE_DARK = ("home", "channel", "search", "compare", "refused", "faults", "settings", "lost", "Rain", "reference")
NODES = (
    *("Reading > Documents > Water", "The Well", "The journey of a drop", "Rain", "One note of water"),
    *("The leaking tap", "A fact about water", "All about water"),
)
# What stands in frames and is ours, though what is in it is a chef's.
FRAMES = {
    "All about water": "exercise",
    "Quiz": "exercise",
    "A fact about water": "h5p",
    "The leaking tap": "zip/nothing.html",
}


@pytest.fixture(scope="module")
def addresses(kitchen: Any) -> dict[str, str]:
    """Every page, with findings, a refusal, a difference and a fault to show."""
    kitchen.cook("broken/missing_license.py")
    kitchen.cook("broken/wrong_label.py")
    kitchen.fake.studio.faults.add_preset("slow-studio", name="not yet", user="nobody")
    small = kitchen.fake.channel("A small channel").id
    refused = next(each for each in kitchen.fake.requests.entries() if each.refusal and each.nodes)
    pages = {
        "home": "/",
        "channel": f"/channels/{small}",
        "search": f"/channels/{small}?q=water",
        "nothing found": f"/channels/{small}?q=nothing+like+this",
        "compare": f"/channels/{kitchen.channel_id}/compare",
        "requests": "/requests?endpoint=add_nodes",  # of each sort of row one is enough: axe looks at them for seconds
        "refused": f"/requests/{refused.number}",
        "faults": "/faults",
        "settings": "/settings",
        "reference": "/api-reference",
        "error": "/channels/none",
        "lost": "/nothing/lives/here",
        "docs": "/docs/openapi",
        "docs with a table": "/docs/findings",
    }
    told = {name: kitchen.fake.url + path for name, path in pages.items()}
    return {**told, **{title: kitchen.node_url(title) for title in NODES}}


@pytest.mark.parametrize(
    ("scheme", "rules"), [("light", {}), ("dark", {"runOnly": ["color-contrast"]})], ids=["light", "dark"]
)
def test_axe_finds_nothing_serious(browser: Any, addresses: dict[str, str], scheme: Any, rules: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(color_scheme=scheme)
    page, found = context.new_page(), []
    for name, url in addresses.items():
        if scheme == "dark" and name not in IN_THE_DARK:
            continue
        page.goto(url)
        violations = axe.run(page, options={"iframes": False, **rules}).response["violations"]
        found += [(name, each["id"], each["help"]) for each in violations if each["impact"] in SERIOUS]
    context.close()
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_frames(browser: Any, kitchen: Any, scheme: Any) -> None:
    """Each document by itself, and without its sandbox, in which no script of axe would run."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page, found = context.new_page(), []
    for name, path in FRAMES.items():
        page.goto(f"{kitchen.node_url(name)}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        seen = axe.run(page).response
        assert len(seen["passes"]) > 8, name
        found += [(name, each["id"], each["help"]) for each in seen["violations"] if each["impact"] in SERIOUS]
    context.close()
    assert found == []


def test_frames_are_not_wider_than_a_phone(browser: Any, kitchen: Any) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 700}, is_mobile=True)
    page = context.new_page()
    for name, path in FRAMES.items():
        page.goto(f"{kitchen.node_url(name)}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
    context.close()


def test_nothing_is_wider_than_a_phone(browser: Any, addresses: dict[str, str]) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 700}, is_mobile=True)
    page = context.new_page()
    for name, url in addresses.items():
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
    context.close()


def test_every_page_can_be_walked_by_keyboard(browser: Any, addresses: dict[str, str]) -> None:
    context = browser.new_context()
    page = context.new_page()
    for name in IN_THE_DARK:
        page.goto(addresses[name])
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip", name
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content", name
    context.close()
