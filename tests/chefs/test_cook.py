"""fake-studio cook: exit code, printed report, JSON, JUnit, and every option."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from support.cook_command import CHEFS, Cook, Outcome, command
from support.warm_python import warm_python

NO_THUMBNAIL = "--allow=channel-thumbnail-missing"


@dataclass(frozen=True)
class Expected:
    """What the reports on a broken chef must say."""

    codes: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()  # endpoint, status, then words of the cause
    words: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


DEPLOYED = ("--dialect=deployed",)
BROKEN = {
    "missing_license": Expected(("license-missing",), words=("Read > Rivers",)),
    "failed_file": Expected(("node-not-received", "file-failed"), words=("Read > Lakes", "lakes.pdf")),
    "wrong_label": Expected(
        ("node-not-received",), ("add_nodes", "400", "'Grade 3' is not a grade level"), ("Seas",), DEPLOYED
    ),
    "chunk_bug": Expected(("node-not-received", "topic-empty"), words=("The lost page", "#739")),
    "duplicate_ids": Expected(("node-id-repeated", "topic-empty"), words=("Read more",), options=DEPLOYED),
    "two_places": Expected(("node-id-in-two-places",), words=("Use > Rivers",)),
    "unknown_language": Expected(
        ("file-language-unknown", "default-file-missing", "file-not-received"), words=("Rivers",), options=DEPLOYED
    ),
    "question_image_missing": Expected(("question-image-missing", "file-failed"), words=("no-such-glass.png",)),
    "bad_thumbnail": Expected(("file-failed",), words=("cover.png",), options=DEPLOYED),
    "broken_files": Expected(
        ("archive-reference-missing", "media-not-playable", "archive-damaged"),
        words=("Read > Imports", "'m.js' asks for './lib/gone.js'", "'a.js', which is an HTML page", "toc.ncx", "HEVC"),
    ),
    "rejected_token": Expected((), ("authenticate_user_internal", "401", "belongs to no user"), options=DEPLOYED),
    "stops_halfway": Expected(("run-unfinished", "channel-empty"), words=("TypeError", "exit code 1")),
    "word_to_type": Expected(
        words=("'What do you remember?': InvalidQuestionException: Answer seven must be", "LOWER_PRIMARY ('wnarlxKo')")
    ),
    "lone_formula": Expected(("node-not-received",), ("add_nodes", "400", "formula"), ("What do you remember?",)),
    "absolute_link": Expected(
        ("node-not-received",), ("add_nodes", "400", "Studio rejects external links"), options=DEPLOYED
    ),
    "long_title": Expected(("field-cut",), words=("273 characters became 200",), options=("--strict",)),
    "empty_topic": Expected(("topic-empty",), words=("Coming soon",), options=("--strict",)),
}


def check_forms_agree(outcome: Outcome) -> None:
    """The exit code, the verdict in words, the JSON and the JUnit report say the same."""
    ok = outcome.code == 0
    assert outcome.json["ok"] is ok
    assert ("Result: ok" in outcome.printed, "Result: not ok (" in outcome.printed) == (ok, not ok)
    assert int(outcome.junit.get("failures", "")) == len(outcome.failures)
    assert int(outcome.junit.get("tests", "")) == len(outcome.junit)
    assert bool(outcome.failures) is not ok
    assert outcome.errors == ""


@pytest.mark.parametrize("name", BROKEN)
def test_broken_chef(cook: Cook, name: str) -> None:
    expected = BROKEN[name]
    outcome = cook(f"broken/{name}.py", NO_THUMBNAIL, *expected.options)
    assert outcome.code == 1
    check_forms_agree(outcome)
    assert set(expected.codes) <= outcome.codes
    for words in (*expected.codes, *expected.words, *expected.refused):
        assert words in outcome.printed
    failures = " ".join([*outcome.failures, *outcome.failures.values()])
    for words in (*expected.words[:1], *expected.refused):
        assert words in failures
    check_refusals(outcome, expected)


def check_refusals(outcome: Outcome, expected: Expected) -> None:
    told = outcome.json["refusals"]
    assert bool(told) is bool(expected.refused)
    if expected.refused:
        endpoint, status, words = expected.refused
        assert (told[0]["endpoint"], str(told[0]["status"])) == (endpoint, status)
        assert words in told[0]["cause"]["message"]
        assert set(told[0]["cause"]) >= {"kind", "message", "field", "allowed", "index", "node_id", "title"}


@pytest.mark.parametrize("dialect", ["documented", "deployed"])
def test_good_chef(cook: Cook, dialect: str) -> None:
    python = sys.executable if dialect == "documented" else warm_python()  # once as users have it
    outcome = cook("small.py", f"--dialect={dialect}", "--strict", NO_THUMBNAIL, "--seed=1", python=python)
    assert outcome.code == 0
    check_forms_agree(outcome)
    assert (outcome.codes, outcome.json["refusals"], outcome.json["problems"]) == (set(), [], [])
    assert "staging tree: 6 nodes (3 documents, 1 exercise, 2 topics)" in outcome.printed
    assert outcome.channel["counts"]["kinds"] == {"document": 3, "exercise": 1, "topic": 2}
    assert (outcome.channel["status"], outcome.channel["tree"]) == ("staged", "staging")
    lines = outcome.printed.splitlines()
    assert lines[0].startswith("STUDIO_URL=http://127.0.0.1:")
    assert lines[1].startswith("TOKEN=")
    assert "    Read [topic]" in lines
    assert "      Rivers [document; document]" in lines
    assert any(line.startswith("  | ") and "DONE: Channel created" in line for line in lines)
    assert "\x1b" not in outcome.printed.partition("The chef ran")[2], "colours are for terminals"


def test_a_chunk_that_is_lost_is_one_cause(cook: Cook) -> None:
    outcome = cook("broken/chunk_bug.py", "--allow=channel-thumbnail-missing")
    [cause] = [cause for cause in outcome.json["causes"] if cause["severity"] == "error"]
    assert cause["kind"] == "file-failed"
    assert "lost.pdf" in cause["message"]
    paths = [node["path"] for node in cause["nodes"] if node["code"] == "node-not-received"]
    assert (len(paths), paths[0]) == (12, "The lost page")
    assert {"node-not-received", "topic-empty"} <= set(cause["consequences"])
    assert "Result: not ok (1 finding)" in outcome.printed
    report = outcome.printed.partition("and ended with exit code")[2]
    assert report.index("lost.pdf") < report.index("Channel 'A small channel'"), "it begins with the causes"


def test_warnings_count_only_with_strict(cook: Cook) -> None:
    outcome = cook("broken/empty_topic.py")
    assert (outcome.code, outcome.codes) == (0, {"topic-empty", "channel-thumbnail-missing"})
    check_forms_agree(outcome)
    assert "  ! Coming soon [topic]" in outcome.printed
    assert outcome.json["findings"] == {"warning": 2}


def test_allow_passes_over_a_finding(cook: Cook) -> None:
    outcome = cook("broken/missing_license.py", NO_THUMBNAIL, "--allow", "license-missing", "--strict")
    assert (outcome.code, outcome.codes) == (0, set())
    check_forms_agree(outcome)


def test_arguments_for_the_chef(cook: Cook) -> None:
    outcome = cook("small.py", "--", "--deploy", "--publish", "--token=c0ffee0000000000000000000000000000c0ffee")
    assert outcome.code == 0
    assert (outcome.channel["tree"], outcome.channel["version"], outcome.channel["status"]) == ("main", 1, "active")
    assert outcome.codes == {"channel-thumbnail-missing", "stage-ignored"}


def test_publish_without_deploy_in_the_deployed_dialect(cook: Cook) -> None:
    outcome = cook("small.py", "--dialect=deployed", "--", "--deploy", "--publish")
    assert outcome.code == 1
    check_forms_agree(outcome)
    assert {"stage-ignored", "published-without-deploy", "publish-failed"} <= outcome.codes
    assert "It has 0 nodes." in outcome.printed


def test_publish_says_how_to_import(cook: Cook) -> None:
    outcome = cook("small.py", "--publish")
    assert outcome.code == 0
    assert outcome.channel["version"] == 1
    # The Studio ends with the command: an address of it would be of no use.
    assert "Published. To import it into a Kolibri, run the same with --keep" in outcome.printed
    assert "kolibri manage importchannel" not in outcome.printed


def test_publish_with_keep_says_how_to_import(background: Any) -> None:
    with background("cook", str(CHEFS / "small.py"), "--publish", "--keep") as process:
        lines = iter(process.stdout.readline, "")
        printed = "".join(itertools.takewhile(lambda line: "still there" not in line, lines))
    assert "kolibri manage importchannel network 3d3eba7f09de5e3b8f04598305684427 --baseurl http://" in printed
    assert "Token of 'A small channel': " in printed


def test_over_quota(cook: Cook, tmp_path: Path) -> None:
    users = tmp_path / "users.json"
    users.write_text('[{"username": "ada", "token": "abc", "disk_space": 700, "role": "ignored"}]')
    outcome = cook("small.py", f"--users={users}")
    assert outcome.code == 1
    check_forms_agree(outcome)
    assert "TOKEN=abc" in outcome.printed
    assert "InsufficientStorageException" in outcome.json["problems"][0]
    assert {refusal["cause"]["kind"] for refusal in outcome.json["refusals"]} == {"QuotaExceeded"}
    assert "412 upload_url" in outcome.printed
    assert "Not enough storage" in outcome.printed


def test_another_python(cook: Cook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script that stands in for the Python of another environment, named from where the command is given."""
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/called\nexec {warm_python()} "$@"\n')
    python.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    assert cook("small.py", "--python=./python", "--", "--quiet").code == 0
    called = (tmp_path / "called").read_text().split()
    assert called == [str(CHEFS / "small.py"), "--token=c0ffee0000000000000000000000000000c0ffee", "--quiet"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no-such-chef.py"], "there is no file no-such-chef.py"),
        ([str(CHEFS / "small.py"), "--python=/no/such/python"], "/no/such/python"),
        ([str(CHEFS / "small.py"), "--users=/no/such/users"], "/no/such/users"),
        ([str(CHEFS / "small.py"), "--dialect=spoken"], "spoken"),
        ([str(CHEFS / "small.py"), "--json=/no/such/folder/report.json"], "/no/such/folder"),
    ],
    ids=["chef", "python", "users", "dialect", "json"],
)
def test_what_cannot_work_is_said_in_a_line(arguments: list[str], says: str) -> None:
    done = subprocess.run(command("cook", *arguments), capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_keep_leaves_the_server_up(background: Any) -> None:
    with background("cook", str(CHEFS / "small.py"), "--keep") as process:
        lines = []
        while not lines or "still there" not in lines[-1]:
            lines.append(process.stdout.readline())
            assert lines[-1], f"{lines} {process.stderr.read()}"
        url = lines[0].strip().removeprefix("STUDIO_URL=")
        assert url in lines[-1]
        assert requests.get(f"{url}/_fake/report", timeout=5).json()["ok"] is True
        assert len(requests.get(f"{url}/_fake/channels", timeout=5).json()) == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""
