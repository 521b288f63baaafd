"""What cook tells GitHub Actions: annotations and a summary that no title of a chef's can forge."""

from __future__ import annotations

import os
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

from fake_studio import FakeStudio
from fake_studio.reports.github import MOST_ANNOTATIONS, MOST_ROWS, annotation_lines, summary
from fake_studio.reports.report import Report
from support.cook_command import CHEFS, command
from support.warm_python import warm_python

WICKED = [
    "::error file=x.py::forged",
    "a\n::warning::forged",
    "a\r\n| forged | row |",
    "100% %0A::error::forged",
    "<img src=x onerror=alert(1)> <b>",
    "[link](https://evil.example) https://evil.example www.evil.example @team #1",
    "| a | b |",
    "`code` **bold** _it_ ~~gone~~ # heading",
    "\u202eright to left\u2066",
    "half \ud800 of a pair",
    "commas, colons: and file=y.py,line=9",
]


@pytest.fixture(scope="module")
def broken() -> Report:
    """The report on a chef whose nodes were rejected."""
    with FakeStudio() as fake:
        return fake.cook(CHEFS / "broken" / "wrong_label.py", python=warm_python()).report()


def named(report: Report, title: str) -> Report:
    """The report with another title everywhere."""
    [channel] = report.channels
    findings = [replace(finding, title=title, path=title, message=title) for finding in channel.findings]
    return replace(report, channels=[replace(channel, findings=findings)], problems=[title])


def parsed(line: str) -> tuple[str, dict[str, str], str]:
    """An annotation as GitHub's runner reads it."""
    _, head, message = line.split("::", 2)
    level, _, text = head.partition(" ")
    properties = dict(pair.split("=", 1) for pair in text.split(","))
    return level, {key: unquote(value) for key, value in properties.items()}, message


def test_each_thing_at_the_line_that_names_it(broken: Report) -> None:
    source = (CHEFS / "broken" / "wrong_label.py").read_text(encoding="utf-8")
    told = [parsed(line) for line in annotation_lines(broken, "chefs/wrong_label.py", source)]
    assert {properties["file"] for _, properties, _ in told} == {"chefs/wrong_label.py"}
    level, rejected, message = told[0]
    assert (level, rejected["title"]) == ("error", "Rejected by add_nodes")
    assert "'Seas'" in source.splitlines()[int(rejected["line"]) - 1].replace('"', "'")
    assert "'Grade 3'" in message
    assert [level for level, _, _ in told] == sorted(level for level, _, _ in told), "errors first"


@pytest.mark.parametrize("title", WICKED)
def test_a_title_forges_no_command(broken: Report, title: str) -> None:
    lines = list(annotation_lines(named(broken, title), "chef.py", title))
    levels = [parsed(line)[0] for line in lines]
    assert set(levels) == {"error", "warning"}
    for line in lines:
        assert len(line.splitlines()) == 1
        line.encode("utf-8")
        _, properties, message = parsed(line)
        assert set(properties) == {"file", "line", "title"}
        assert properties["file"] == "chef.py"
        assert "%0A" not in message.replace("%25", "")


@pytest.mark.parametrize("title", WICKED)
def test_a_title_forges_no_markdown(broken: Report, title: str) -> None:
    reader = MarkdownIt("gfm-like", {"linkify": False}).enable("table")
    plain, wicked = (reader.render(summary(named(broken, text), text)) for text in ("x", title))
    shapes = [[element.tag for element in ET.fromstring(f"<all>{html}</all>").iter()] for html in (plain, wicked)]
    assert shapes[0] == shapes[1]
    assert "https://" not in summary(named(broken, title), title)


def test_not_more_than_github_shows(broken: Report) -> None:
    [channel] = broken.channels
    many = replace(broken, channels=[replace(channel, findings=channel.findings * 200)])
    levels = [parsed(line)[0] for line in annotation_lines(many, "chef.py", "")]
    assert (levels.count("error"), levels.count("warning")) == (MOST_ANNOTATIONS, MOST_ANNOTATIONS)
    told = summary(many, "chef.py")
    assert f"and {len(channel.findings) * 200 - MOST_ROWS:,} more rows" in told
    assert len(told.encode()) < 1024 * 1024


def cook(chef: str, environment: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    arguments = command("cook", str(CHEFS / chef), *options)
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GITHUB_")}
    return subprocess.run(arguments, capture_output=True, text=True, env={**inherited, **environment})


def test_a_step_of_github_actions(tmp_path: Path) -> None:
    target = tmp_path / "summary.md"
    target.write_text("before\n", encoding="utf-8")
    step = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(target), "GITHUB_WORKSPACE": str(CHEFS.parents[1])}
    done = cook("broken/wrong_label.py", step, f"--junit={tmp_path / 'chef.xml'}")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    stop = next(number for number, line in enumerate(lines) if line.startswith("::stop-commands::"))
    again = lines.index(f"::{lines[stop].removeprefix('::stop-commands::')}::")
    assert [line for line in lines[:again] if line.strip().startswith("::")] == [lines[stop]]
    assert all(line.startswith(("::error ", "::warning ")) for line in lines[again + 1 :])
    assert "file=fixtures/chefs/broken/wrong_label.py,line=" in lines[again + 1]
    assert target.read_text(encoding="utf-8").startswith("before\n## wrong&#95;label&#46;py: not ok\n")
    suite = ET.parse(tmp_path / "chef.xml").getroot()
    assert float(suite.attrib["time"]) == float(suite[0].attrib["time"]) > 0


@pytest.mark.parametrize(("environment", "option"), [({}, "--quiet"), ({"GITHUB_ACTIONS": "true"}, "--no-github")])
def test_elsewhere_nothing_of_it(environment: dict[str, str], option: str) -> None:
    assert "::" not in cook("small.py", environment, option).stdout


def test_a_good_chef(tmp_path: Path) -> None:
    target = tmp_path / "summary.md"
    done = cook(
        "small.py",
        {"GITHUB_STEP_SUMMARY": str(target)},
        "--github",
        *("--allow=channel-thumbnail-missing", "--publish"),
    )
    assert done.returncode == 0
    assert "::error" not in done.stdout
    assert "importchannel" not in done.stdout, "this Studio is gone"
    assert "--keep" in done.stdout
    text = target.read_text(encoding="utf-8")
    assert text.startswith("## small&#46;py: ok\n\n- A small channel (main): 6 nodes, 3 files\n")
