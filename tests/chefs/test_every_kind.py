"""The chef that makes one of everything, end to end: what arrives is what its own tree file says, byte for byte."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_studio import FakeStudio
from support.cook_command import CHEFS, Cook
from support.warm_python import warm_python

EVERY_KIND = CHEFS / "every_kind.py"
KINDS = {"audio", "document", "exercise", "h5p", "html5", "slideshow", "topic", "video"}
PLAIN = ("node_id", "content_id", "title", "kind", "description", "language", "license", "license_description")
PLAIN += ("copyright_holder", "author", "aggregator", "provider", "source_id", "source_domain", "tags", "role")
LABELS = (
    *("grade_levels", "resource_types", "learning_activities"),
    *("accessibility_labels", "categories", "learner_needs"),
)
# Kolibris without a QTI viewer cannot show the exercise that mixes Perseus with other questions.
MIXED = "--allow=question-needs-qti"
DIALECTS = pytest.mark.parametrize("dialect", ["documented", "deployed"])

Data = dict[str, Any]


def checksums(folder: Path) -> dict[str, int]:
    """The md5 and size of every file below a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {hashlib.md5(path.read_bytes()).hexdigest(): path.stat().st_size for path in files}


def tree_of(folder: Path) -> Data:
    trees = (folder / "chefdata" / "trees").glob("*.json")
    path = max(trees, key=lambda tree: tree.stat().st_mtime)  # those of earlier runs are kept beside it
    tree: Data = json.loads(path.read_text(encoding="utf-8"))
    return tree


def declared_files(node: Data) -> Iterator[str]:
    """The md5 of every file that a tree names."""
    named = [node["thumbnail"]] if node.get("thumbnail") else []
    for part in (node, *node.get("questions", [])):
        named += [file["filename"] for file in part["files"]]
    yield from (name.partition(".")[0] for name in named)
    for child in node.get("children", []):
        yield from declared_files(child)


@DIALECTS
def test_with_the_command(cook: Cook, tmp_path: Path, dialect: str) -> None:
    outcome = cook("every_kind.py", f"--dialect={dialect}", f"--files={tmp_path / 'kept'}", "--strict", MIXED)
    assert (outcome.code, outcome.codes, outcome.json["ok"]) == (0, set(), True)
    assert set(outcome.channel["counts"]["kinds"]) == KINDS
    stored, sent = checksums(tmp_path / "kept"), checksums(outcome.folder / "storage")
    assert stored == {md5: sent[md5] for md5 in stored}
    assert stored.keys() == set(declared_files(tree_of(outcome.folder)))
    thumbnail = 1  # the channel's own is on no node
    assert outcome.channel["counts"]["different_files"] == len(stored) - thumbnail


@DIALECTS
def test_without_the_command(tmp_path: Path, dialect: str) -> None:
    """As its author would: STUDIO_URL=... python every_kind.py --token=..."""
    with FakeStudio(dialect=dialect) as fake:
        python = sys.executable if dialect == "documented" else warm_python()
        command = [python, str(EVERY_KIND), f"--token={fake.token}"]
        environment = {**os.environ, "STUDIO_URL": fake.url}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        assert "DONE: Channel created at " + fake.url in done.stderr
        declared, channel = tree_of(tmp_path), fake.channel()
        check_channel(channel, declared, fake.studio.get_channel_record(channel.id).sent)
        check_children(channel.tree(), declared)
        check_what_was_sent(channel, declared)
        check_bytes(fake, tmp_path / "storage")
        assert fake.report(declared=[declared], strict=True, allow=["question-needs-qti"]).ok
        assert [(finding.code, finding.title) for finding in channel.findings] == [
            ("question-needs-qti", "All about water")
        ]
        check_another_run(fake)


def check_another_run(fake: FakeStudio) -> None:
    """A golden tree is the same from run to run, derived thumbnails and all."""
    before = fake.channel().tree()
    fake.reset()
    assert fake.cook(EVERY_KIND, python=warm_python()).ok
    assert fake.channel().tree() == before


def check_channel(channel: Any, declared: Data, sent: Data) -> None:
    told = channel.to_dict()
    for name in ("id", "name", "description", "tagline", "language", "thumbnail", "source_id", "source_domain"):
        assert told[name] == declared[name]
    assert sent == {name: value for name, value in declared.items() if name != "children"}
    assert told["status"] == "staged"


def check_children(node: Data, declared: Data) -> None:
    """The same nodes in the same order with the same fields, all the way down."""
    below = declared.get("children", [])
    assert [child["title"] for child in node["children"]] == [child["title"] for child in below]
    for child, told in zip(node["children"], below):
        assert {name: child[name] for name in PLAIN} == {name: told[name] for name in PLAIN}
        assert {name: child["labels"][name] for name in LABELS} == {name: told[name] for name in LABELS}
        assert child["suggested_duration"] == told.get("suggested_duration")
        check_extra_fields(child, json.loads(told["extra_fields"]))
        assert [file_facts(file) for file in child["files"]] == [file_facts(file) for file in told["files"]]
        check_questions(child["questions"], told["questions"])
        check_children(child, told)


def check_extra_fields(node: Data, told: Data) -> None:
    """Studio moves what ricecooker says of mastery into the completion criteria; all else stays."""
    if node["kind"] == "exercise":
        threshold = node["extra_fields"]["options"]["completion_criteria"]["threshold"]
        assert threshold["mastery_model"] == told.pop("mastery_model")
        m_and_n = (told.pop("m"), told.pop("n"))
        if threshold["mastery_model"] == "m_of_n":
            assert (threshold["m"], threshold["n"]) == m_and_n
        options = {name: value for name, value in node["extra_fields"]["options"].items() if name in ("modality",)}
        assert options == told.pop("options", {})
        assert {name: value for name, value in node["extra_fields"].items() if name != "options"} == told
    else:
        assert node["extra_fields"] == told


def file_facts(file: Data) -> tuple[Any, ...]:
    name = file.get("filename") or file["name"]
    plain = (file[key] for key in ("preset", "size", "language", "source_url", "duration"))
    return (name, file["original_filename"] or "file", *plain)  # Studio's word for a file without a name


def check_questions(kept: list[Data], told: list[Data]) -> None:
    assert len(kept) == len(told)
    for question, sent in zip(kept, told):
        for name in ("assessment_id", "type", "question", "raw_data", "source_url", "randomize"):
            assert question[name] == sent[name]
        for name in ("answers", "hints"):
            assert question[name] == json.loads(sent[name])
        assert {file["name"] for file in question["files"]} == {file["filename"] for file in sent["files"]}


def check_what_was_sent(channel: Any, declared: Data) -> None:
    """Nothing of a node is lost: what the inspection shows of it is the chef's own dict."""
    waiting = list(declared["children"])
    seen = 0
    while waiting:
        told = waiting.pop()
        waiting.extend(told.get("children", []))
        sent = {name: value for name, value in told.items() if name != "children"}
        assert channel.node(told["node_id"])["sent"] == sent
        seen += 1
    assert seen == len(channel.nodes())


def check_bytes(fake: FakeStudio, storage: Path) -> None:
    """Each stored file has the bytes that the chef left in its storage, under the name that its nodes use."""
    for stored in fake.studio.storage.all():
        theirs = (storage / stored.name[0] / stored.name[1] / stored.name).read_bytes()
        with fake.studio.storage.open(stored.name) as ours:
            assert ours.read() == theirs
        assert hashlib.md5(theirs).hexdigest() == stored.md5 == stored.name.partition(".")[0]
        assert len(theirs) == stored.size
