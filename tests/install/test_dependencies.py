"""What docs/dependencies.md says of when a package is imported, and the lowest versions that are tried."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lowest_versions import lowest_versions

DOCS = Path(__file__).parents[2] / "docs"
ROWS = re.findall(r"^\| `([\w-]+)` \| [\d.]+ \| .* \| (.*) \|$", (DOCS / "dependencies.md").read_text("utf-8"), re.M)
MODULES = {"markdown-it-py": "markdown_it", "Pillow": "PIL", "le-utils": "le_utils"}
SERVE = "import sys; from fake_studio import FakeStudio; fake = FakeStudio().start(); fake.stop(); print(*sys.modules)"
PLUGIN = "import sys, fake_studio.testing.plugin; print(*sys.modules)"


def imported(program: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.fixture(scope="module")
def by_a_server() -> set[str]:
    return imported(SERVE)


@pytest.fixture(scope="module")
def by_the_plugin() -> set[str]:
    return imported(PLUGIN)


@pytest.mark.parametrize(("package", "when"), ROWS)
def test_when_it_is_imported(by_a_server: set[str], by_the_plugin: set[str], package: str, when: str) -> None:
    module = MODULES.get(package, package)
    assert {"at startup": True, "when needed": False}[when] is (module in by_a_server)
    assert module not in by_the_plugin


def test_every_requirement_has_a_lowest_version() -> None:
    pins = lowest_versions(str(DOCS.parent / "setup.cfg"))
    assert {"flask==3.1", "pypdf[crypto]==4.0", "pytest==8"} <= set(pins)
    assert all(re.fullmatch(r"[\w\[\]-]+==[\d.]+", pin) for pin in pins)
