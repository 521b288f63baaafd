"""What there is stands in the docs, and what stands in the docs is there."""

from __future__ import annotations

import configparser
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from fake_studio import FakeStudio, create_app
from fake_studio.cooking.subprocess_chef import ChefResult
from fake_studio.core.journal import FILTERS
from fake_studio.core.model import User
from fake_studio.faults import PRESETS
from fake_studio.faults.conditions import ENDPOINTS
from fake_studio.faults.effects import KINDS
from fake_studio.faults.parse import KEYS
from fake_studio.findings.codes import CODES
from fake_studio.rules import versions
from fake_studio.testing import plugin
from fake_studio.views.channel_view import ChannelView
from fake_studio.web.control import state
from fake_studio.web.dialects import DIALECTS, Dialect
from fake_studio.web.request import ALLOWED_METHODS
from support.command_parser import commands, parser
from support.docs_pages import DOCS, PAGES, ROOT, Section, name_of, prose, section, sections, text_of

COMMANDS = dict(commands(parser()))
ALL_OPTIONS = set().union(*COMMANDS.values()) | {"--version"}
# Of programs that the pages speak of: ricecooker, Kolibri, pip and pytest, Docker, schemathesis.
FOREIGN_OPTIONS = {
    *("--deploy", "--publish", "--token", "--stage", "--sample", "--baseurl", "--fail-on-error", "--target"),
    *("--junit-xml", "--include-path-regex", "--checks", "--max-examples", "--phases"),
}


class Recorder:
    """Takes the place of pytest's parser."""

    def __init__(self) -> None:
        self.options: set[str] = set()
        self.ini: set[str] = set()

    def getgroup(self, *_: str) -> Recorder:
        return self

    def addoption(self, name: str, **_: Any) -> None:
        self.options.add(name)

    def addini(self, name: str, *_: Any, **__: Any) -> None:
        self.ini.add(name)


def of_pytest() -> Recorder:
    recorder = Recorder()
    plugin.pytest_addoption(recorder)
    return recorder


def test_every_endpoint() -> None:
    rows, served = sorted(rows_of_endpoints()), sorted(routes())
    assert [row[:2] for row in rows] == [route[:2] for route in served]
    assert [(row[:3]) for row, route in zip(rows, served) if route[2] not in ("", row[2])] == []


def test_names_by_which_endpoints_are_filtered() -> None:
    named = {(path, name) for _, path, _, name in rows_of_endpoints() if name}
    journaled = {(path, name) for _, path, _, name in routes() if path.startswith(("/api/", "/content/"))}
    assert named == journaled


def rows_of_endpoints() -> Iterator[tuple[str, str, str, str]]:
    """method, path, what it does, and its name or nothing, as the tables have them."""
    row = r"^\| ([A-Z ]+) ((?:`/[^`]*` ?)+)\| (?:`(\w+)` \| )?(.+) \|$"
    for page in PAGES:
        for methods, paths, name, text in re.findall(row, text_of(page), re.M):
            for path in re.findall(r"`([^`]+)`", paths):
                for method in methods.split():
                    yield method, path, text, name


def routes() -> Iterator[tuple[str, str, str, str]]:
    """The same, as the app and its description have them; the description leaves the pages out."""
    app = create_app()
    described = app.test_client().get("/_fake/openapi.json").get_json()["paths"]
    for rule in app.url_map.iter_rules():
        allowed = ALLOWED_METHODS.get(rule.endpoint, rule.methods)
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in set(allowed) - {"HEAD", "OPTIONS"}:
            text = described.get(path, {}).get(method.lower(), {}).get("summary", "")
            yield method, path, text, rule.endpoint.rpartition(".")[2]


def test_every_finding() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (\w+) \| (.*?) \| (.*?) \|$", text_of(DOCS / "findings.md"), re.M)
    assert rows == [(name, code.severity, code.meaning, code.cure) for name, code in CODES.items()]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_option_of_a_command(command: tuple[str, ...]) -> None:
    told = [key for each in sections_about(command) for key in each.keys]
    assert sorted(COMMANDS[command] - set(told)) == []


def sections_about(command: tuple[str, ...]) -> list[Section]:
    """The sections whose headings name the command, or the one that it belongs to and none of that one's others."""
    others = {path[-1] for path in COMMANDS} - {*command}
    pages = [page for page in PAGES if f"fake-studio {command[0]}" in text_of(page)]
    found = [each for page in pages for each in sections(page)]
    return [
        each for each in found if command[-1] in each.words or (command[0] in each.words and not others & each.words)
    ]


def test_every_option_that_is_told_exists() -> None:
    known = ALL_OPTIONS | FOREIGN_OPTIONS | of_pytest().options
    for page in PAGES:
        told = set(re.findall(r"`[^`\n]*?(--[a-z][\w-]+)", prose(page)))
        assert told <= known, f"{name_of(page)} tells of {sorted(told - known)}"


def test_every_option_in_a_table_of_commands_exists() -> None:
    for command, options in COMMANDS.items():
        for each in sections_about(command):
            if f": fake-studio {' '.join(command)}" in each.heading:
                assert {key for key in each.keys if key.startswith("--")} <= options


def test_pytest_options_and_ini_values() -> None:
    assert set(section("pytest.md", "Options").keys) == of_pytest().options
    assert set(section("pytest.md", "Ini values").keys) == of_pytest().ini


def test_fixtures_and_the_arguments_of_the_marker() -> None:
    fixtures = re.findall(r"^@pytest\.fixture.*\ndef ([a-z]\w*)\(", inspect.getsource(plugin), re.M)
    assert section("pytest.md", "Fixtures").keys == sorted(fixtures)
    assert section("pytest.md", "Marker").keys == re.findall(r"(\w+)=", plugin.MARKER)


@pytest.mark.parametrize(
    ("heading", "kind"), [("The Studio", FakeStudio), ("What cook gives", ChefResult), ("A channel", ChannelView)]
)
def test_what_the_fixtures_objects_offer(heading: str, kind: type) -> None:
    attributes = re.findall(r"^        self\.([a-z]\w*)[:,]? ?.*=", inspect.getsource(kind), re.M)
    fields = getattr(kind, "__dataclass_fields__", {})
    offered = {name for name in (*dir(kind), *attributes, *fields) if not name.startswith("_")}
    assert set(section("pytest.md", heading).keys) == offered


def test_faults() -> None:
    which, turn, what = (section("faults.md", each) for each in ("Which requests", "Which of those", "What happens"))
    assert set(turn.keys) | set(what.keys) | set(which.keys) == {*KEYS, *KINDS, *ENDPOINTS}
    groups = re.findall(r"^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|$", which.text, re.M)
    assert {name: tuple(re.findall(r"\w+", told)) for name, told in groups} == ENDPOINTS


def test_presets() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (.*?) \| (.*?) \|$", section("faults.md", "Presets").text, re.M)
    assert rows == [(name, preset.happens, preset.source) for name, preset in PRESETS.items()]


def test_settings() -> None:
    client = create_app().test_client()
    settings = client.get("/_fake/settings").get_json()
    rows = re.findall(r"^\| `(\w+)` \| (yes|no) \|", section("control.md", "Settings").text, re.M)
    assert {name for name, _ in rows} == set(settings)
    for name, changeable in rows:
        answer = client.patch("/_fake/settings", json={name: settings[name]})
        assert (answer.status_code == 200) is (changeable == "yes"), name


def test_what_a_control_route_may_be_asked() -> None:
    told = section("control.md", "Parameters")
    wanted = re.findall(r'request\.args\.get(?:list)?\("(\w+)"', inspect.getsource(state))
    assert set(re.findall(r"`(\w+)`(?=[,`\w ]*\|)", re.sub(r"\| [^|]* \|$", "|", told.text, flags=re.M))) == set(wanted)
    assert set(section("control.md", "Requests").keys) == set(FILTERS)
    assert set(section("control.md", "Users").keys) == set(User.__dataclass_fields__) - {"id", "staged_files"}


def test_version_thresholds() -> None:
    text = text_of(DOCS / "howto" / "old-ricecooker.md")
    rows = re.findall(r"^\| (\d) \| .* \| from ([\d.]+) \| from ([\d.]+) \|$", text, re.M)
    assert DIALECTS["deployed"].thresholds == versions.DEPLOYED
    for column, name in ((1, "documented"), (2, "deployed")):
        thresholds = DIALECTS[name].thresholds
        borders = [thresholds.up_to_date, thresholds.outdated, thresholds.deprecated]
        assert [row[column] for row in rows] == borders


def test_switches_of_the_dialects() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (yes|no) \| (yes|no) \|", text_of(DOCS / "differences.md"), re.M)
    assert {name: (old == "yes", new == "yes") for name, old, new in rows} == {
        name: (documented, switches(DIALECTS["deployed"])[name])
        for name, documented in switches(DIALECTS["documented"]).items()
    }


def switches(dialect: Dialect) -> dict[str, bool]:
    told = {**vars(dialect), **vars(dialect.strictness)}
    return {name: value for name, value in told.items() if isinstance(value, bool)}


def test_every_dependency_and_every_extra() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    requirements = [Requirement(line).name for line in setup["options"]["install_requires"].split("\n") if line]
    packages, extras = [[key for key in each.keys] for each in sections(DOCS / "dependencies.md") if each.keys]
    assert sorted(packages) == sorted(requirements)
    assert sorted(extras) == sorted(setup["options.extras_require"])


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for target in links(page):
        assert target.exists(), f"{name_of(page)} links to {target}"


def test_every_page_is_found_from_the_index() -> None:
    seen, left = set(), [ROOT / "README.md"]
    while left:
        page = left.pop()
        seen.add(page)
        left += [target for target in links(page) if target.suffix == ".md" and target not in seen]
    assert {name_of(page) for page in PAGES} - {name_of(page) for page in seen} == set()
    assert {*DOCS.rglob("*.md")} <= {*links(DOCS / "README.md"), DOCS / "README.md"}


def links(page: Path) -> list[Path]:
    """The files that a page links to or shows."""
    found = re.findall(r"\]\((?!https?:)([^)#]+)\)", prose(page))
    targets = [(page.parent / target).resolve() for target in found]
    assert [target for target in targets if not target.exists()] == []
    return targets


def test_pages_that_the_code_names_exist() -> None:
    for module in (ROOT / "fake_studio").rglob("*.*"):
        if module.suffix in (".py", ".html"):
            for name in re.findall(r"\bdocs/[\w/-]+\.md", module.read_text(encoding="utf-8")):
                assert (ROOT / name).exists(), f"{module} names {name}"


def test_the_readme_tells_what_is_hidden_as_the_docs_do() -> None:
    table = re.compile(r"^\| what happens \|.*?\n\n", re.M | re.S)
    texts = [text_of(page) for page in (ROOT / "README.md", DOCS / "hidden.md")]
    assert len({table.search(text)[0] for text in texts}) == 1  # type: ignore[index]
