"""The command ``fake-studio contract`` and its parts: what it prints and writes, and its exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fake_studio import FakeStudio
from fake_studio.cli import main
from fake_studio.contract import PACKAGED, load_scenarios
from fake_studio.rules import nodes as node_rules
from fake_studio.testing import plugin
from support.command_parser import commands, parser
from support.inner import pytest_command
from support.warm_python import warm_python

USERS = str(PACKAGED / "users.json")
EDITOR, TAGS = str(PACKAGED / "deployed" / "editor.json"), "add/tags-31"


@pytest.fixture
def tags(tmp_path: Path) -> str:
    """A file with the scenario of a tag that is too long, and one that needs a user with an unused quota."""
    rows = json.loads((PACKAGED / "deployed" / "add.json").read_text())
    much = json.loads((PACKAGED / "deployed" / "upload_url.json").read_text())
    wanted = [row for row in [*rows, *much] if row["name"] in (TAGS, "upload_url/size-500MB")]
    (tmp_path / "tags.json").write_text(json.dumps(wanted))
    return str(tmp_path / "tags.json")


def play(fake: FakeStudio, *more: str) -> int:
    return main(["contract", "--url", fake.url, "--users", USERS, *more])


def test_what_holds(deployed_studio: FakeStudio, capsys: pytest.CaptureFixture[str], tags: str, tmp_path: Path) -> None:
    files = (f"--json={tmp_path / 'out.json'}", f"--junit={tmp_path / 'out.xml'}")
    assert play(deployed_studio, *files, "--run-name", "mine", EDITOR, tags) == 0
    printed, errors = capsys.readouterr()
    assert printed.splitlines() == [
        f"6 scenarios against {deployed_studio.url} (a fake Studio, deployed dialect), run mine",
        "editor: 4 of 4 hold",
        "add: 1 of 1 hold",
        "upload_url: 0 of 0 hold",
        "",
        "not played: it needs a user who has stored nothing yet: --reset makes one, on a fake Studio",
        "  upload_url/size-500MB",
        "",
        "6 scenarios: 5 hold, 0 differ, 1 could not be played.",
    ]
    assert errors == "6/6\n"
    told = json.loads((tmp_path / "out.json").read_text())
    assert (told["holds"], told["differs"], told["skipped"], told["run"], told["left"]) == (5, 0, 1, "mine", [])
    root = ET.parse(tmp_path / "out.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("6", "0", "1")
    assert play(deployed_studio, "--run-name", "mine", EDITOR) == 0
    assert "which is on this server already" in capsys.readouterr().out


def test_what_differs(
    deployed_studio: FakeStudio,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tags: str,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(node_rules, "TAG_LIMIT", 31)
    assert play(deployed_studio, "--reset", f"--json={tmp_path / 'o'}", f"--junit={tmp_path / 'x'}", EDITOR, tags) == 1
    printed = capsys.readouterr().out
    assert f"{TAGS}: step 2 of 2 differs: POST /api/internal/add_nodes as chef\n" in printed
    assert "  status: expected 400, got 200\n" in printed
    assert "  -Validation error\n" in printed
    assert printed.endswith("6 scenarios: 5 hold, 1 differ, 0 could not be played.\n")
    [differing] = [
        each for each in json.loads((tmp_path / "o").read_text())["scenarios"] if each["verdict"] == "differs"
    ]
    assert [(step["step"], step["difference"].split("\n")[0]) for step in differing["differences"]] == [
        (2, "status: expected 400, got 200")
    ]
    [failure] = ET.parse(tmp_path / "x").getroot().iter("failure")
    assert (failure.get("message") or "").startswith(f"{TAGS}: step 2 of 2 differs")


def test_the_dialect_that_the_server_speaks_is_played(
    documented_studio: FakeStudio, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for dialect in ("documented", "deployed"):
        step = {"as": "anonymous", "method": "GET", "path": "/", "expect": {"status": 404, "type": None, "body": ""}}
        (tmp_path / dialect).mkdir()
        rows = [{"name": f"{dialect}/one", "steps": [step]}]
        (tmp_path / dialect / "one.json").write_text(json.dumps(rows))
    monkeypatch.setattr("fake_studio.cli.contract.PACKAGED", tmp_path)
    assert play(documented_studio) == 1
    assert "documented/one: step 1 of 1 differs" in capsys.readouterr().out
    assert play(documented_studio, "--dialect", "deployed") == 1
    assert "deployed/one: step 1 of 1 differs" in capsys.readouterr().out


def test_what_cannot_be_done(
    deployed_studio: FakeStudio, capsys: pytest.CaptureFixture[str], tags: str, tmp_path: Path
) -> None:
    assert main(["contract", "--url", "http://127.0.0.1:9", "--users", USERS, EDITOR]) == 2
    assert capsys.readouterr().err == (
        "fake-studio: http://127.0.0.1:9 does not answer: no connection. Check that the server runs, and its address.\n"
    )
    assert main(["contract", "--url", "nowhere", "--users", USERS, EDITOR]) == 2
    assert "not the address of a server" in capsys.readouterr().err
    (tmp_path / "tiny.json").write_text(json.dumps({"tiny": "2c1831f7c64b3b80b4b90969a4bfc1a07985eb62"}))
    assert main(["contract", "--url", deployed_studio.url, "--users", str(tmp_path / "tiny.json"), EDITOR]) == 2
    assert "not played: there is no user with the role chef" in capsys.readouterr().out
    (tmp_path / "empty").mkdir()
    for wrong in (["nowhere.json"], [str(tmp_path / "empty")], [USERS], ["--users", tags]):
        with pytest.raises(SystemExit) as end:
            play(deployed_studio, *wrong)
        assert end.value.code == 2
    assert "every user needs a role and a token" in capsys.readouterr().err


def test_record_and_compare(
    deployed_studio: FakeStudio,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tags: str,
    tmp_path: Path,
) -> None:
    out = tmp_path / "new"
    record = ["contract", "record", "--url", deployed_studio.url, "--users", USERS, "--out", str(out)]
    assert main([*record, EDITOR]) == 0
    assert (out / "editor.json").read_bytes() == Path(EDITOR).read_bytes()
    assert "4 of 4 scenarios in 1 files" in capsys.readouterr().out
    assert (main(["contract", "compare", "deployed", "deployed"]), capsys.readouterr().out) == (0, "Nothing changed.\n")
    compare = ["contract", "compare", EDITOR, str(out)]
    assert (main(compare), capsys.readouterr().out) == (0, "Nothing changed.\n")

    assert main([*record, tags]) == 1, "one could not be played"
    monkeypatch.setattr(node_rules, "TAG_LIMIT", 31)
    assert main([*record, "--reset", tags]) == 0
    capsys.readouterr()
    (out / "editor.json").unlink()
    assert main(["contract", "compare", tags, str(out)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[:3] == [
        f"~ {TAGS}",
        "  ~ step 2: POST /api/internal/add_nodes as chef",
        "      status: expected 400, got 200",
    ]
    assert main(["contract", "compare", "--json", tags, str(out)]) == 1
    [change] = json.loads(capsys.readouterr().out)
    assert (change["scenario"], change["steps"][0]["number"]) == (TAGS, 2)
    with pytest.raises(SystemExit) as end:
        main(["contract", "compare", tags, "nowhere"])
    assert end.value.code == 2


def test_record_tells_of_a_server_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    record = ["contract", "record", "--url", "http://127.0.0.1:9", "--users", USERS, "--out", str(tmp_path / "new")]
    assert main(record) == 2
    assert not (tmp_path / "new").exists()


def test_capture(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    ask = "import os, requests; requests.get(os.environ['STUDIO_URL'] + '/api/public/info')"
    assert main(["contract", "capture", "--out", "asked.json", "--", sys.executable, "-c", ask]) == 0
    [scenario] = load_scenarios("asked.json")
    assert (scenario.name, len(scenario.steps)) == ("captured/asked", 1)
    assert main(["contract", "capture", "--out", "no.json", "--", sys.executable, "-c", "print('hello')"]) == 2
    assert main(["contract", "capture", "--out", "no.json"]) == 2
    assert main(["contract", "capture", "--out", "no.json", "--", str(tmp_path / "nothing")]) == 2
    assert "  | hello\n" in capsys.readouterr().out
    assert not Path("no.json").exists()


class Person:
    """Sits at the terminal, and presses Deploy when asked to."""

    def __init__(self, fake: FakeStudio) -> None:
        self.fake = fake
        self.there = True

    def readline(self) -> str:
        if self.there:
            [channel] = [each for each in self.fake.studio.state.channels.values() if not each.deleted]
            self.fake.studio.deploy_channel(channel.id)
        return "\n" if self.there else ""


def test_clicks_by_hand(
    deployed_studio: FakeStudio, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = json.loads((PACKAGED / "deployed" / "deploy.json").read_text())
    (tmp_path / "one.json").write_text(json.dumps([row for row in rows if row["name"] == "deploy/add-into-main-root"]))
    person = Person(deployed_studio)
    monkeypatch.setattr(sys, "stdin", person)
    assert play(deployed_studio, "--by-hand", str(tmp_path / "one.json")) == 0
    assert f"Press Deploy at {deployed_studio.url}/channels/" in capsys.readouterr().err
    person.there = False
    assert play(deployed_studio, "--by-hand", str(tmp_path / "one.json")) == 1
    assert "nobody made it: deploy" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["contract", "contract record", "contract compare", "contract capture"])
def test_every_option_is_documented(command: str) -> None:
    docs = Path(__file__).parents[2] / "docs"
    text = "\n".join((docs / name).read_text(encoding="utf-8") for name in ("contract.md", "recording.md"))
    options = dict(commands(parser()))[tuple(command.split())]
    assert options
    assert {name for name in options if f"`{name}" not in text} == set()


def test_against_a_studio_elsewhere_with_pytest(deployed_studio: FakeStudio) -> None:
    tests = Path(__file__).with_name("test_scenarios.py")
    options = ("--fake-studio-url", deployed_studio.url, "--fake-studio-users", USERS, "-k", "editor and not abandoned")
    command = [*pytest_command(warm_python()), "-q", str(tests), *options]
    done = subprocess.run(command, cwd=tests.parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "is held to the dialect deployed" in done.stdout
    assert len(deployed_studio.studio.state.channels) == 2


@pytest.mark.parametrize(
    ("users", "said"),
    [(None, "need --fake-studio-users"), ("nowhere.json", "nowhere.json"), (USERS, "does not answer")],
    ids=["no file", "a file that is not there", "a server that is not there"],
)
def test_what_pytest_needs_for_a_studio_elsewhere(users: str | None, said: str) -> None:
    config: Any = SimpleNamespace(getoption={"--fake-studio-users": users, "--fake-studio-dialect": None}.get)
    with pytest.raises(pytest.UsageError, match=said):
        plugin._checker_elsewhere(config, "http://127.0.0.1:9")


def test_capture_with_an_unknown_token(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """ricecooker ends with 0 then: a scenario of one rejected request would look like a success."""
    monkeypatch.chdir(tmp_path)
    address = "os.environ['STUDIO_URL'] + '/api/internal/authenticate_user_internal'"
    ask = f"import os, requests; requests.post({address}, headers={{'Authorization': 'Token environment'}})"
    assert main(["contract", "capture", "--out", "asked.json", "--", sys.executable, "-c", ask]) == 1
    printed = capsys.readouterr()
    assert "asked.json: 1 step as captured/asked." in printed.out
    assert "1 request came with an unknown token. Pass no --token" in printed.err
