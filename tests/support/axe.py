"""axe-core, which finds what keeps people from using a page."""

from __future__ import annotations

from typing import Any

import pytest

SERIOUS = ("serious", "critical")


def serious(page: Any, **options: Any) -> list[tuple[str, str]]:
    """The rules that axe finds violated, and what they ask for."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    # Else it also says at length where all is well.
    seen = axe.run(page, options={"resultTypes": ["violations"], **options}).response
    assert len(seen["passes"]) > 8 or options.get("runOnly"), "it saw nothing"
    return [(rule["id"], rule["help"]) for rule in seen["violations"] if rule["impact"] in SERIOUS]
