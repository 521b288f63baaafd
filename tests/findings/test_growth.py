"""A report takes three times as long for three times as many: nodes in a row, in a chain, of one id, and channels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fake_studio import Studio
from fake_studio.core.model import Node
from fake_studio.findings import Finding
from fake_studio.findings.declared import FailedFile
from fake_studio.web.pages.tree_view import TreeSearch, build_tree_view, search
from support.chefs_driver import CHANNEL, LENIENT, an_id, channel_data, file_data, node_data
from support.growth import LINEAR, growth

SMALL, LARGE = 400, 1_200
CHUNK = 100


def begun(**changes: Any) -> tuple[Studio, Node]:
    studio = Studio(seed=1)
    channel = studio.create_channel(studio.users[0], channel_data(**changes), strictness=LENIENT, keep_shell=False)
    root = channel.root("chef")
    assert root is not None
    return studio, root


def add(studio: Studio, parent: Node, nodes: list[dict[str, Any]]) -> list[Node]:
    added: list[Node] = []
    for first in range(0, len(nodes), CHUNK):
        chunk = nodes[first : first + CHUNK]
        added += studio.add_nodes(studio.users[0], parent.id, chunk, strictness=LENIENT, by_number=False)
    return added


def documents(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [node_data(f"n{number}", "document", **{"files": [], **changes}) for number in range(count)]


def of_one_node_id(count: int) -> Studio:
    studio, root = begun()
    for node in add(studio, root, documents(count)):
        node.node_id = an_id("same")
    return studio


def of_one_content_id(count: int) -> Studio:
    studio, root = begun()
    contents = [[file_data(b"%d" % number, "pdf", "document")] for number in range(count)]
    nodes = [node_data(f"n{n}", "document", content_id=an_id("same"), files=files) for n, files in enumerate(contents)]
    add(studio, root, nodes)
    return studio


def twins(count: int) -> Studio:
    studio, root = begun()
    add(studio, root, documents(count, title="Twin", files=[file_data(b"same", "pdf", "document")]))
    return studio


def chain(count: int) -> Studio:
    studio, parent = begun()
    for number in range(count // 10):
        words = [node_data(f"{number}-{place}", "document", role="coach") for place in range(9)]
        parent = add(studio, parent, [node_data(f"t{number}", "topic", title="t"), *words])[0]
    return studio


def channels_of_one_cook(count: int) -> Studio:
    studio = Studio(seed=1)
    for number in range(count // 4):
        data = channel_data(id=an_id(f"channel {number}"), name=f"Channel {number}")
        studio.create_channel(studio.users[0], data, strictness=LENIENT, keep_shell=False)
    return studio


def sent_again_with_other_ids(count: int) -> Studio:
    studio, root = begun()
    add(studio, root, documents(count))
    studio.finish_channel(studio.users[0], CHANNEL, stage=False, honour_stage=True)
    studio.create_channel(studio.users[0], channel_data(), strictness=LENIENT, keep_shell=False)
    root = studio.state.channels[CHANNEL].trees["chef"]
    assert root is not None
    for node in add(studio, root, documents(count)):
        node.node_id = an_id("same")
    studio.finish_channel(studio.users[0], CHANNEL, stage=True, honour_stage=True)
    return studio


@pytest.mark.parametrize(
    "make",
    [of_one_node_id, of_one_content_id, twins, chain, channels_of_one_cook, sent_again_with_other_ids],
    ids=lambda make: make.__name__,
)
def test_a_report_grows_with_what_it_is_about(make: Callable[[int], Studio]) -> None:
    small, large = make(SMALL), make(LARGE)
    assert growth(lambda: new_report(small), lambda: new_report(large)) < LINEAR


def test_the_paths_of_a_deep_chain_are_cut() -> None:
    paths = [finding.path for finding in chain(2_000).report().findings if finding.code == "default-file-missing"]
    assert len(paths) == 1_800
    assert max(map(len, paths)) < 300
    assert "t > Node 1-0" in paths  # as ever where people look
    assert max(paths, key=len).startswith("... > t > t > ")


def new_report(studio: Studio) -> None:
    for user in studio.users:  # somebody changed it: the report is made anew, from what is kept of the nodes
        user.username = str(user.username)
    assert studio.report().to_dict()


def declared(count: int) -> dict[str, Any]:
    nodes = [{**node, "files": []} for node in documents(count)]
    return {"id": CHANNEL, "name": "Channel", "children": nodes}


def failed(count: int) -> list[FailedFile]:
    return [FailedFile("Document", f"n{number}", f"/n{number}.pdf: not there") for number in range(count)]


def test_lost_nodes_and_failed_files_are_paired_once() -> None:
    studio, _ = begun()
    sizes = [{"declared": [declared(count)], "failed_files": failed(count)} for count in (SMALL, LARGE)]
    small, large = [lambda options=options: studio.report(**options) for options in sizes]
    codes = [finding.code for finding in large().findings]
    assert (codes.count("node-not-received"), codes.count("file-failed")) == (LARGE, LARGE)
    assert growth(small, large) < LINEAR


@pytest.mark.parametrize("make", [of_one_node_id, chain], ids=lambda make: make.__name__)
def test_a_tree_is_counted_and_searched_once(make: Callable[[int], Studio]) -> None:
    small, large = [viewing(make(count)) for count in (SMALL, LARGE)]
    assert growth(small, large) < LINEAR


def viewing(studio: Studio) -> Callable[[], object]:
    [channel], findings = studio.state.channels.values(), studio.report().findings

    def view() -> list[Node]:
        looked_at = build_tree_view(channel, findings)
        total = sum(looked_at.tally_below(looked_at.root).values())
        assert total >= len([finding for finding in findings if finding.node_id])
        return search(looked_at, TreeSearch(text="no such words", kind="document", finding="any"))

    return view


def test_what_is_below_a_node_is_counted_at_every_level() -> None:
    studio, root = begun()
    [topic] = add(studio, root, [node_data("t", "topic")])
    add(studio, topic, documents(2))
    findings = [Finding("title-missing", "error", CHANNEL, "", "", an_id("n0")), about("n1"), about("n1"), about("t")]
    view = build_tree_view(studio.state.channels[CHANNEL], findings)
    assert view.tally_below(topic) == {"error": 1, "warning": 2}
    assert view.tally_below(root) == {"error": 1, "warning": 3}
    assert (view.tally(topic), view.tally(root)) == ({"warning": 1}, {})


def about(word: str) -> Finding:
    return Finding("text-looks-wrong", "warning", CHANNEL, "", "", an_id(word))
