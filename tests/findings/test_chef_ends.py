"""How a run ended: without finish_channel, by a rejection, by a node that ricecooker rejects, by a file that failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fake_studio.core.chef_run import ChefRun, NodeFailure
from fake_studio.findings.cause import Cause
from fake_studio.findings.chef_log import FailedRequest, failed_downloads, failed_requests, last_line
from fake_studio.findings.diagnosis import diagnose
from fake_studio.findings.failing_files import find_file_fault, read_failed_files
from fake_studio.reports.chef_end import find_ending_cause
from support.chefs_driver import CHANNEL, Chef, Data, an_id, node_data
from support.provocations import begin, document, send

PDF = Path(__file__).parents[2] / "fixtures" / "chefs" / "content" / "guide.pdf"


def tree(*children: Data, **fields: Any) -> Data:
    return {"id": CHANNEL, "name": "A channel", "source_id": "src-1", "children": list(children), **fields}


def causes_of(chef: Chef, *children: Data, **run: Any) -> list[Cause]:
    return list(chef.studio.report(declared=[tree(*children)], run=ChefRun(requests=5, **run)).causes)


def errors(causes: list[Cause]) -> list[Cause]:
    return [cause for cause in causes if cause.severity == "error"]


@pytest.mark.parametrize(("code", "says"), [(0, "exit code 0 before finish_channel"), (-9, "the signal SIGKILL")])
def test_a_chef_that_ended_in_the_middle_is_one_cause(chef: Chef, code: int, says: str) -> None:
    added = chef.added(begin(chef), node_data("t"), node_data("u"))
    chef.added(added[an_id("t")], document())
    causes = causes_of(
        chef, node_data("t", children=[document()]), node_data("u", children=[document("lost")]), exit_code=code
    )
    [cause] = errors(causes)
    assert (cause.kind, says in cause.message) == ("run", True)
    assert {"run-unfinished", "node-not-received"} <= set(cause.consequences)
    assert "Node u > Node lost" in [node.path for node in cause.nodes]


def test_a_chef_that_ended_before_create_channel(chef: Chef) -> None:
    chef.post("authenticate_user_internal")
    [cause] = causes_of(chef)
    assert "exit code 0 before create_channel" in cause.message


def test_run_unfinished_can_be_allowed(chef: Chef) -> None:
    chef.added(begin(chef), document())
    report = chef.studio.report(run=ChefRun(requests=5), allow=["run-unfinished"])
    assert report.ok


def test_pages_get_the_key_of_what_ended_a_chef(chef: Chef) -> None:
    chef.added(begin(chef), document())
    assert find_ending_cause(chef.studio, ChefRun(requests=5), []) == "run"
    chef.finish()
    assert find_ending_cause(chef.studio, ChefRun(requests=5), []) == ""


def test_a_finished_chef_has_no_such_cause(chef: Chef) -> None:
    send(chef, document())
    assert errors(causes_of(chef, document())) == []


NOT_TAKEN = "WARNING  \tRivers (TopicNode) (src-t): 2 descendants (Gateway Time-out)"


def test_what_is_lost_below_an_answer_that_the_chef_took_for_a_failure(chef: Chef) -> None:
    root = begin(chef)
    added = chef.added(root, node_data("t", title="Rivers"))
    chef.added(added[an_id("t")], node_data("u"))
    chef.finish()
    below = node_data("u", children=[document("lost")])
    [cause] = errors(causes_of(chef, node_data("t", title="Rivers", children=[below]), output=[NOT_TAKEN]))
    assert "the answer 'Gateway Time-out' when it sent the children of 'Rivers'" in cause.message
    assert cause.fix.startswith("Run the chef again")
    assert "Rivers > Node u > Node lost" in [node.path for node in cause.nodes]


def test_requests_that_a_chef_took_for_failed() -> None:
    channel = "WARNING \tSea (x) (ChannelNode) (sea): 1 descendant (Bad Gateway)"
    assert failed_requests([NOT_TAKEN, channel, "WARNING \tPage (DocumentNode): 1 file (no)"]) == [
        FailedRequest("Rivers", "src-t", "Gateway Time-out", False),
        FailedRequest("Sea (x)", "sea", "Bad Gateway", True),
    ]


def test_a_line_without_words_is_not_the_last_one() -> None:
    assert last_line(["INFO DONE", "INFO    ", ""]) == "INFO DONE"


def test_too_little_space_is_one_cause_with_its_nodes(documented: Chef) -> None:
    tiny = documented.role("tiny")
    files = [document(name)["files"][0] | {"filename": f"{an_id(name)}.pdf"} for name in ("a", "b")]
    for file, name in zip(files, ("a", "b")):
        answer = tiny.announce(b"%PDF" + 200 * b"x", checksum=an_id(name))
        assert answer.status_code >= 400, file
    children = [document(name, files=[file]) for file, name in zip(files, ("a", "b"))]
    words = "ricecooker.managers.tree.InsufficientStorageException: You have run out of storage space."
    [cause] = errors(causes_of(documented, node_data("t", children=children), exit_code=1, output=[words]))
    assert (cause.kind, len(cause.requests)) == ("rejected", 2)
    assert cause.fix.startswith("Request more disk space")
    assert [node.path for node in cause.nodes] == ["Node t > Node a", "Node t > Node b"]


def test_a_wrong_token_has_a_fix(chef: Chef) -> None:
    chef.ask("POST", "/api/internal/authenticate_user_internal", headers={"Authorization": f"Token {40 * 'a'}"})
    [cause] = causes_of(chef)[:1]
    assert "--token" in cause.fix


REJECTED = [
    ("Page (DocumentNode): 0 files: No required format preset found out of ('document',)", "Give the node its file."),
    ("Unit (TopicNode) (u): 2 descendants: Must have unique source id among siblings", "Change what it names."),
]


@pytest.mark.parametrize(("said", "fix"), REJECTED)
def test_a_node_that_ricecooker_rejects(said: str, fix: str) -> None:
    failures = [NodeFailure(title, title, f"InvalidNodeException: {said}") for title in ("One", "Two")]
    words = f"ricecooker.exceptions.InvalidNodeException: {said}"
    cause = diagnose(ChefRun(exit_code=1, output=[words], node_failures=failures))
    assert cause is not None
    assert (cause.fix, "'One', 'Two'" in cause.message) == (fix, True)
    assert {node.note for node in cause.nodes} == {said}


def test_an_argument_that_ricecooker_does_not_know() -> None:
    output = [
        "Traceback (most recent call last):",
        '  File "/x/ricecooker/chefs.py", line 287, in parse_args_and_options',
        "ValueError: not enough values to unpack (expected 2, got 1)",
    ]
    cause = diagnose(ChefRun(exit_code=1, output=output))
    assert cause is not None
    assert "argument" in cause.message


def test_a_file_class_that_takes_other_files() -> None:
    words = "ValueError: Incompatible extension mp4 for DocumentFile at /x/film.mp4"
    failures = [NodeFailure("Film", "film", words, ["/x/film.mp4"], ["/x/film.mp4"])]
    cause = diagnose(ChefRun(exit_code=1, output=[words], node_failures=failures))
    assert cause is not None
    assert "'Film': DocumentFile takes no .mp4 files" in cause.message


# Files


def test_a_failed_file_is_looked_into(tmp_path: Path) -> None:
    film, kept = tmp_path / "film.mp4", tmp_path / f"{an_id('film')}.mp4"
    kept.write_bytes(b"<!DOCTYPE html><html><body>Not found</body></html>")
    log = [
        f"INFO Completed DOWNLOAD for {film} with kwargs {{}} saved to {kept}",
        f"\tVideo film: {film} ",
        f"\t   Video file {kept} did not pass verification",
    ]
    [file] = read_failed_files(log)
    assert "web page" in file.flaw
    assert "Video file film.mp4 did not pass verification" in file.description
    assert "extension" in file.fix


def test_failed_addresses_have_a_fix_of_their_own() -> None:
    [file] = read_failed_files(["\tDocument a: https://example.org/a.pdf ", "\t   404 Client Error"])
    assert file.fix.startswith("Check the address")


def test_one_file_that_fails_twice_is_one() -> None:
    twice = ["\tVideo a: a.mp4 ", "\t   moov at 0x1", "\tVideo a: a.mp4 ", "\t   moov at 0x2"]
    assert [file.reason for file in read_failed_files(twice)] == ["a.mp4: moov at 0x1"]


def test_thumbnails_that_a_missing_program_costs_are_one_cause(chef: Chef) -> None:
    send(chef, document(), document("e"))
    said = "Fail on PDF. Is poppler installed and in PATH?"
    names = [document(word)["files"][0]["filename"] for word in ("d", "e")]
    log = [line for name in names for line in (f"\tExtractedPdfThumbnailFile: /s/{name} ", f"\t   {said}")]
    report = chef.studio.report(declared=[tree(document(), document("e"))], failed_files=read_failed_files(log))
    [cause] = errors(report.causes)
    assert "poppler" in cause.fix


def test_the_status_of_an_address_that_failed() -> None:
    log = [
        "ERROR Failed DOWNLOAD for https://example.org/a.pdf with kwargs {}",
        "requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: https://example.org/a.pdf",
    ]
    assert failed_downloads(log) == {"https://example.org/a.pdf": " (403 Client Error: Forbidden)"}


def test_a_pdf_that_only_ricecooker_cannot_read(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    path, writer = tmp_path / "owner.pdf", PdfWriter(clone_from=PdfReader(PDF))
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(path)
    fault = find_file_fault(ChefRun(exit_code=1, node_failures=[NodeFailure("Book", "b", "no", [str(path)])]))
    assert fault is not None
    assert "owner.pdf: The PDF is encrypted, and ricecooker cannot read it." in fault[0]


def test_a_file_that_this_studio_was_asked_for_is_no_rejected_request(chef: Chef) -> None:
    send(chef, document())
    assert chef.ask("GET", "/nothing/gone.pdf").status_code == 404
    assert len(chef.studio.report().refusals) == 1
    log = ["\tDocument gone: http://localhost/nothing/gone.pdf ", "\t   404 Client Error"]
    assert chef.studio.report(failed_files=read_failed_files(log)).refusals == []


def test_an_empty_channel_beside_an_exception_that_was_passed_over(chef: Chef) -> None:
    begin(chef)
    chef.finish()
    output = [
        "Traceback (most recent call last):",
        '  File "/x/chef.py", line 7, in fetch',
        "ValueError: page 404",
        "DONE",
    ]
    [cause] = errors(list(chef.studio.report(run=ChefRun(requests=5, output=output)).causes))
    assert "The chef's log says: ValueError: page 404 (chef.py, line 7, in fetch)" in cause.message
