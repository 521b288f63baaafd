"""Each page for people who do not see, or not well, or on a phone: axe-core, contrast, width."""

from __future__ import annotations

from typing import Any

import pytest

SERIOUS = ("serious", "critical")
IN_THE_DARK = ("home", "channel", "search", "compare", "refused", "faults", "Rain")
NODES = ("Reading > Documents > Water", "The Well", "Rain", "The leaking tap", "A fact about water", "All about water")


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
        "requests": "/requests",
        "refused": f"/requests/{refused.number}",
        "faults": "/faults",
        "settings": "/settings",
        "error": "/channels/none",
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
