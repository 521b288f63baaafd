"""One story for each cause: what took what along, and known causes by their names."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from fake_studio.core.chef_run import ChefRun, NodeFailure
from fake_studio.findings.chef_log import files_in_work, shared_files
from fake_studio.findings.declared import store_losses
from fake_studio.findings.diagnosis import diagnose
from fake_studio.findings.question_texts import lost_part
from fake_studio.reports.against import EarlierTrees
from support.chefs_driver import CHANNEL, Chef, Data, an_id, file_data, node_data
from support.cook_command import command
from support.provocations import begin, document, send


def test_a_rejected_request_tells_of_what_it_took_along(chef: Chef) -> None:
    root = begin(chef)
    topic = chef.added(root, node_data("t"))[an_id("t")]
    refused = document("a", license="no such license"), document("b")
    assert chef.add(topic, *refused).status_code != 200
    chef.finish()
    tree = {"id": CHANNEL, "name": "A", "children": [node_data("t", children=list(refused))]}
    report = chef.studio.report(declared=[tree])
    [cause] = [cause for cause in report.causes if cause.severity == "error"]
    assert (cause.kind, len(cause.requests)) == ("rejected", 1)
    assert [node.path for node in cause.nodes if node.path] == ["Node t > Node a", "Node t > Node b"]
    assert cause.consequences == ["channel-empty", "node-not-received"]
    assert "file-never-used" not in {finding.code for finding in report.findings}


def test_the_file_below_a_rejected_topic_is_no_lost_one(chef: Chef) -> None:
    """ricecooker uploads all files first, and then sends no children of a topic that was rejected."""
    root = begin(chef)
    assert chef.add(root, node_data("t", license="no such license")).status_code != 200
    chef.finish()
    tree = {"id": CHANNEL, "name": "A", "children": [node_data("t", children=[document("a")])]}
    chef.upload(b"%PDF below")
    tree["children"][0]["children"].append(document("b", files=[file_data(b"%PDF below", "pdf", "document")]))
    assert "file-never-used" in {finding.code for finding in chef.studio.report().findings}
    reports = [chef.studio.report(declared=[tree])]
    store_losses(chef.studio, [tree], ())
    reports.append(chef.studio.report())  # as the pages and /_fake/report have it after a run
    for report in reports:
        codes = {finding.code for finding in report.findings}
        assert "node-not-received" in codes
        assert "file-never-used" not in codes


def run(*output: str, code: int = 1, **more: Any) -> ChefRun:
    return ChefRun(exit_code=code, output=list(output), python="python3", url="http://127.0.0.1:1", **more)


KNOWN = [
    (run("ModuleNotFoundError: No module named 'ricecooker'"), "'ricecooker' is not installed", "pip install"),
    (run("Which grade? Traceback (most recent call last):", "EOFError: EOF when reading a line"), "Which grade?", "CI"),
    (run("Continue anyways? [y/n]:Traceback (most recent call last):", "EOFError: EOF"), "deprecated", "Upgrade"),
    (run(requests=0, addresses=["http://elsewhere"]), "Not one request reached", "STUDIO_URL"),
    (run("host='there', port=9", requests=0), "http://there:9", "STUDIO_URL"),
    (run(requests=0, code=0), "without one request", "main()"),
    (run(timeout=5.0), "still running after 5 s", "--timeout"),
    (run(code=-9), "SIGKILL", "memory"),
    (
        run(
            "INFO Initiating DOWNLOAD for a.pdf",
            "INFO Completed DOWNLOAD for a.pdf saved to s/1.pdf",
            "INFO Initiating DOWNLOAD for a.pdf",
            "FileExistsError: [Errno 17] File exists: 's/1'",
        ),
        "a.pdf",
        "TASK_THREADS=1",
    ),
    (
        run("  in validate_archive", "AttributeError: 'NoneType' object has no attribute 'strip'",
            node_failures=[NodeFailure("Game", "game", "AttributeError", ["/x/game.zip"])]),
        "game.zip",
        "newer than 0.8.0",
    ),
    (
        run("INFO *** Processing images for exercise: Sums", "INFO Initiating DOWNLOAD for data:image/png;base64,AA==",
            "AttributeError: 'NoneType' object has no attribute 'get_thumbnail_preset'"),
        "base64): Sums.",
        "as a file",
    ),
    (
        run("InvalidNodeException: no", node_failures=[NodeFailure("Page", "page", "no", ["a.pdf"], ["a.pdf"])]),
        "'Page': a.pdf does not exist.",
        "the path",
    ),
    (
        run("InvalidNodeException: no", node_failures=[
            NodeFailure("Page", "page", "InvalidNodeException: Grade levels must be one of: ['wnarlxKo']", ["a.pdf"],
                        ["a.pdf"], step="validate")]),
        "ricecooker rejects 'Page': InvalidNodeException: Grade levels must be one of: LOWER_PRIMARY ('wnarlxKo')",
        "before every node is valid",
    ),
    (
        run("WARNING Retrying after connection broken by 'Error(\"H(): [Errno 111] Connection refused\")': /a.pdf",
            "ERROR Failed DOWNLOAD for http://b.test/a.pdf with kwargs {}", "InvalidNodeException: no",
            node_failures=[NodeFailure("Page", "page", "no", ["http://b.test/a.pdf"])]),
        "could not be downloaded ([Errno 111] Connection refused).",
        "the address",
    ),
    (run("INFO Initiating CONVERT for b.mp3 with kwargs {'a': {}}", "ValueError: no"), "In work: b.mp3.", "log"),
]  # fmt: skip


@pytest.mark.parametrize(("failed", "says", "fix"), KNOWN)
def test_known_causes(failed: ChefRun, says: str, fix: str) -> None:
    cause = diagnose(failed)
    assert cause is not None
    assert says in cause.message
    assert fix in cause.fix


def test_a_broken_file_that_ended_the_chef_is_looked_into(tmp_path: Path) -> None:
    """ricecooker's exception names the node at best; which file it was, and why, only the bytes say."""
    captions = tmp_path / "captions.vtt"
    captions.write_bytes("WEBVTT\n\n00:00.000 --> 00:01.000\nCaf\xe9\n".encode("latin-1"))
    failure = NodeFailure("Talk", "talk", "UnicodeDecodeError", [str(captions)])
    cause = diagnose(run("UnicodeDecodeError: 'utf-8' codec", node_failures=[failure]))
    assert cause is not None
    assert "'Talk': captions.vtt: The subtitles do not appear" in cause.message
    assert cause.fix == "Save them as WebVTT in UTF-8."


def test_shared_files_of_other_nodes_are_no_race() -> None:
    log = ["INFO Initiating DOWNLOAD for a.pdf"] * 2
    failure = NodeFailure("Film", "film", "InvalidNodeException", ["b.mp4"])
    cause = diagnose(run(*log, "InvalidNodeException: No required format preset found", node_failures=[failure]))
    assert cause is not None
    assert "threads" not in cause.message


def test_a_run_that_went_well_has_no_cause() -> None:
    assert diagnose(run("INFO DONE", code=0, requests=7, addresses=["http://127.0.0.1:1"])) is None
    assert diagnose(ChefRun()) is None


def test_what_is_in_work() -> None:
    log = [
        "\x1b[32mINFO    \x1b[0m \x1b[34m\tInitiating DOWNLOAD for a.pdf with kwargs {'default_ext': 'pdf'}\x1b[0m",
        "INFO \tCompleted DOWNLOAD for a.pdf with kwargs {'default_ext': 'pdf'} saved to /s/1.pdf",
        "INFO \tInitiating CONVERT for /s/1.pdf",
        "INFO \t*** Processing images for exercise: Sums",
        "INFO \t*** Images for Sums have been processed",
    ]
    assert files_in_work(log) == ["a.pdf"]
    assert shared_files(log) == []


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ("If a<b then", "If a", "<b then"),
        ("$x<y$ and $z$", "$x", "<y$ and $z$"),
        ("a<b and c>d", 'a<b and="" c="">d</b>', "<b and c>d"),
        ("If a < b then", "If a < b then", ""),
        ("<p>One <b class='x'>two</b><br/></p>", '<p>One <b class="x">two</b><br/></p>', ""),
        ("<!-- no --><style>p {}</style>One", "One", ""),
        ("a &lt; b &amp; c", "a < b & c", ""),
        ('<img src="a.png" alt="A">', "![A](a.png)", ""),
        ("<table>x<tr><td>1</td></tr></table>", "x<table><tbody><tr><td>1</td></tr></tbody></table>", ""),
        ("3<5 and 7>2", "3<5 and 7>2", ""),
    ],
)
def test_texts_that_lose_something(before: str, after: str, lost: str) -> None:
    assert lost_part(before, after) == lost


# This run against an earlier one


def tree(*children: Data) -> Data:
    return {"id": CHANNEL, "name": "A channel", "children": list(children)}


def test_the_same_again_is_no_difference(chef: Chef) -> None:
    send(chef, document(), node_data("t"))
    send(chef, document(), node_data("t"))
    report = chef.studio.report()
    assert (report.differences, {finding.code for finding in report.findings} & {"node-removed"}) == ([], set())


def test_the_tree_of_the_last_run(chef: Chef) -> None:
    send(chef, document())
    report = chef.studio.report(earlier=EarlierTrees({CHANNEL: tree(document(), document("e"))}))
    [finding] = [finding for finding in report.findings if finding.code == "node-removed"]
    assert finding.path == "Node e"
    [told] = report.to_dict()["differences"]
    assert (told["source"], told["counts"]["removed"]) == ("the tree of the last run", 1)


def test_what_was_rejected_was_not_taken_away(chef: Chef) -> None:
    send(chef, document(), document("e"))
    root = begin(chef)
    chef.added(root, document())
    assert chef.add(root, document("e", license="none")).status_code != 200
    chef.finish()
    report = chef.studio.report(declared=[tree(document(), document("e"))])
    [removed] = [finding for finding in report.findings if finding.code == "node-removed"]
    assert removed.is_consequence


def test_against_a_published_database(chef: Chef, tmp_path: Path) -> None:
    from fake_studio.diff.tree_files import load_trees

    send(chef, document(), document("e"))
    chef.studio.publish_all()
    edition = chef.studio.state.channels[CHANNEL].published_versions[1]
    trees = load_trees(Path(edition["database"]))
    send(chef, document())
    report = chef.studio.report(earlier=EarlierTrees(trees, is_chosen=True))
    assert [finding.path for finding in report.findings if finding.code == "node-removed"] == ["Node e"]
    assert report.differences[0].counts["changed"] == 0


def test_a_report_after_the_end_returns(chef: Chef) -> None:
    """Publishes whose turn has not come when the Studio stops are ended as failed."""
    send(chef, document())
    chef.studio.deploy_channel(CHANNEL)
    with chef.studio.lock:  # the first one waits for it, the others for the first one
        jobs = [chef.studio.publish_channel(chef.studio.users[0], CHANNEL) for _ in range(3)]
        closing = threading.Thread(target=chef.studio.publisher.close)
        closing.start()
        time.sleep(0.2)
    closing.join(20)
    assert [job.is_over for job in jobs] == [True, True, True]
    assert "stopped before its turn" in str(jobs[-1].cause)
    assert jobs[-1].done.result(5) is None


@pytest.mark.parametrize(("arguments", "says"), [
    (["--allow=topic-emty"], "Did you mean topic-empty"),
    (["--sample", "10"], "A chef's own options go after --: fake-studio cook CHEF.py -- --sample 10"),
    (["--against=/no/such/file"], "/no/such/file"),
])  # fmt: skip
def test_what_is_wrong_with_the_options(arguments: list[str], says: str) -> None:
    done = subprocess.run(command("cook", __file__, *arguments), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert says in done.stderr


def test_the_file_of_a_removed_node_is_no_lost_one(chef: Chef) -> None:
    chef.upload(b"%PDF removed")
    send(chef, document(), document("e", files=[file_data(b"%PDF removed", "pdf", "document")]))
    send(chef, document())
    codes = {finding.code for finding in chef.studio.report().findings}
    assert "node-removed" in codes
    assert "file-never-used" not in codes
