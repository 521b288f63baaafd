"""The docs cannot drift: their snippets run, and their tables are complete."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fake_studio.cli import _parser
from fake_studio.findings.codes import CODES
from fake_studio.web.app import create_app

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def snippets(page):
    """The Python of a page, one text per block."""
    return re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.S | re.M)


def test_every_snippet_runs(tmp_path):
    for page in PAGES:
        for number, snippet in enumerate(snippets(page)):
            (tmp_path / f"test_{page.stem.lower()}_{number}.py").write_text(snippet, encoding="utf-8")
    # ricecooker leaves folders where it is imported: not in the project's.
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert int(re.search(r"(\d+) passed", ran.stdout)[1]) >= 10


def rows_of_readme():
    """method -> path -> function, as the README's tables have them."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for methods, paths, name in re.findall(r"^\| ([A-Z ]+) ((?:`/[^`]*` ?)+)\| (\w+) \|$", text, re.M):
        for path in re.findall(r"`([^`]+)`", paths):
            for method in methods.split():
                yield method, path, name


def routes():
    """The same, as the app has them."""
    app = create_app()
    for rule in app.url_map.iter_rules():
        allowed = getattr(app.view_functions[rule.endpoint], "allowed_methods", rule.methods)
        for method in set(allowed) - {"HEAD", "OPTIONS"}:
            yield method, rule.rule, rule.endpoint.rpartition(".")[2]


def test_the_table_of_endpoints_is_complete():
    assert sorted(rows_of_readme()) == sorted(routes())


def test_every_finding_is_documented():
    text = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| (\w+) \| (.*?) \| (.*?) \|$", text, re.M)
    assert rows == [(name, code.severity, code.meaning, code.cure) for name, code in CODES.items()]


@pytest.mark.parametrize("command", ["cook", "serve"])
def test_every_option_is_documented(command):
    text = (ROOT / "docs" / "cook.md").read_text(encoding="utf-8")
    parser = _parser()._subparsers._group_actions[0].choices[command]
    options = {name for action in parser._actions for name in action.option_strings if name.startswith("--")}
    assert {name for name in options - {"--help"} if f"`{name}" not in text} == set()


def test_links_between_pages_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
