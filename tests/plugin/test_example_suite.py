"""The example suite of fixtures/suites, against the chef that it was written for and against broken ones.

A suite is worth something if its failures say at once which node it is and why: that is what is asked here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.inner import suite_command
from support.warm_python import warm_python

FIXTURES = Path(__file__).parents[2] / "fixtures"
SUITE = FIXTURES / "suites" / "test_small_chef.py"
BROKEN = FIXTURES / "chefs" / "broken"
SMALL = FIXTURES / "chefs" / "small.py"


@dataclass(frozen=True)
class Broken:
    """How to run the suite against a chef, and the words that the first lines of the failure must have."""

    chef: str
    says: tuple[str, ...]
    options: tuple[str, ...] = ()
    space: str = ""


DEPLOYED = ("--fake-studio-dialect=deployed",)

CASES = {
    "missing license": Broken("missing_license.py", ("license-missing", "Read > Rivers", "no license")),
    "failed file": Broken("failed_file.py", ("file-failed", "Read > Lakes", "lakes.pdf", "because its file failed")),
    "wrong label": Broken("wrong_label.py", ("add_nodes", "'Seas'", "grade_levels", "'Grade 3' is not a grade level")),
    "wrong label, deployed": Broken("wrong_label.py", ("with 400", "'Seas'", "grade_levels"), DEPLOYED),
    "chunk bug": Broken("chunk_bug.py", ("The lost page", "Read > Water", "last node of a batch of ten", "#739")),
    "duplicate ids": Broken("duplicate_ids.py", ("node-id-repeated", "Read more", "The other is 'Read'")),
    "two places": Broken("two_places.py", ("node-id-in-two-places", "Use > Rivers", "The other is 'Read > Rivers'")),
    "unknown language": Broken("unknown_language.py", ("add_nodes", "'Rivers'", "files[0].language", "'english'")),
    "unknown language, deployed": Broken(
        "unknown_language.py", ("file-language-unknown", "Read > Rivers", "'english'", "drops the file"), DEPLOYED
    ),
    "long title": Broken("long_title.py", ("field-cut", "All that anybody", "273 characters became 200")),
    "empty topic": Broken("empty_topic.py", ("topic-empty", "Coming soon", "will not be published")),
    "question image missing": Broken(
        "question_image_missing.py", ("file-failed", "What do you remember?", "no-such-glass.png", "never uploaded")
    ),
    "bad thumbnail": Broken("bad_thumbnail.py", ("file-failed", "Read > Rivers", "cover.png", "cannot identify")),
    "rejected token": Broken("rejected_token.py", ("authenticate_user_internal", "belongs to no user")),
    "stops halfway": Broken("stops_halfway.py", ("exit code 1: TypeError", "stops_halfway.py, line")),
    "word to type": Broken(
        "word_to_type.py", ("'What do you remember?'", "Answer seven must be numeric", "LOWER_PRIMARY")
    ),
    "broken files": Broken(
        "broken_files.py", ("archive-reference-missing", "./lib/gone.js", "media-not-playable", "Half XML")
    ),
    "lone formula": Broken("lone_formula.py", ("'What do you remember?'", "answers[0]", "only a $$…$$ formula")),
    "absolute link": Broken("absolute_link.py", ("'What do you remember?'", "question", "https://example.org/water")),
    "over quota": Broken("../small.py", ("upload_url with 412", ".pdf'", "Not enough storage"), space="700"),
    "over quota once deployed": Broken("../small.py", ("quota-broken-by-staging", "Not enough storage"), space="1500"),
    "deploys at once": Broken("../small.py --deploy", ("stage-ignored", "stage: false")),
    "publishes the old tree": Broken(
        "../small.py --deploy --publish", ("stage-ignored", "no resource in the main tree"), DEPLOYED
    ),
    "never publishes": Broken(
        "never_publishes.py", ("NothingPublished", "3d3eba7f09de5e3b8f04598305684427", "never published"), ("-k=told",)
    ),
}


def run_suite(chef: str, *options: str, space: str = "", python: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SMALL_CHEF": chef, "COLUMNS": "300"}
    if space:
        environment["SMALL_CHEF_SPACE"] = space
    pytest_alone = suite_command(python or warm_python(), SUITE.parent)
    command = [*pytest_alone, "-W", "error", "--strict-markers", *options, str(SUITE)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def first_lines(output: str, count: int = 3) -> str:
    """What pytest shows first of the exception."""
    lines = [line.removeprefix("E").strip() for line in output.splitlines() if line.startswith("E  ")]
    return "\n".join(lines[:count])


@pytest.mark.parametrize(("dialect", "chosen", "count"), [("documented", "test", 5), ("deployed", "well or leaves", 2)])
def test_good_chef_passes(dialect: str, chosen: str, count: int) -> None:
    python = sys.executable if dialect == "deployed" else warm_python()
    done = run_suite(str(SMALL), f"--fake-studio-dialect={dialect}", "-k", chosen, python=python)
    assert done.returncode == 0, done.stdout
    assert f"{count} passed" in done.stdout


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_broken_chef_fails_and_says_why(case: Broken) -> None:
    file, *arguments = case.chef.split()
    done = run_suite(" ".join([str((BROKEN / file).resolve()), *arguments]), "-x", *case.options, space=case.space)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 failed" in done.stdout
    said = first_lines(done.stdout)
    missing = [words for words in case.says if words not in said]
    assert not missing, said


def test_every_broken_chef_is_tried() -> None:
    """By the suite here; tests/chefs cooks them too."""
    there = {path.name for path in BROKEN.glob("*.py")} - {"pantry.py"}
    tried = {case.chef.split()[0] for case in CASES.values()}
    assert there <= tried
