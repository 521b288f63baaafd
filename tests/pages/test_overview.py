"""What a page says first: causes, a node's card, a request in a few words; and that no look costs twice."""

from __future__ import annotations

from typing import Any

import pytest

from fake_studio.core.chef_run import ChefRun
from support.chefs_driver import CHANNEL, Chef, file_data, node_data

TREE = f"/channels/{CHANNEL}"


def text_of(chef: Chef, path: str) -> str:
    return " ".join(chef.client.get(path).text.split())


def staged(chef: Chef, *nodes: dict[str, Any]) -> None:
    chef.added(chef.create(), *nodes)
    chef.finish()


def test_the_home_page_is_made_once_for_each_state(documented: Chef, monkeypatch: pytest.MonkeyPatch) -> None:
    staged(documented, node_data("t"))
    made, report = [], documented.studio.report
    monkeypatch.setattr(documented.studio, "report", lambda **options: made.append(options) or report(**options))
    pages = [documented.client.get(path).text for path in ("/", "/", TREE, "/")]
    assert len(made) == 1
    assert pages[0] == pages[1] == pages[3]
    documented.studio.deploy_channel(CHANNEL)
    assert "Main tree: 1 node" in text_of(documented, "/")
    assert len(made) == 2


@pytest.mark.parametrize("action", ["deploy", "publish"])
def test_a_channel_with_errors_is_asked_about_first(documented: Chef, action: str) -> None:
    staged(documented, node_data("d", "document", license=None))
    if action == "publish":
        documented.studio.deploy_channel(CHANNEL)
    asked = documented.client.post(f"{TREE}/{action}")
    assert asked.headers["Location"] == f"{TREE}/{action}"
    assert f"{action.capitalize()} anyway" in documented.client.get(f"{TREE}/{action}").text
    channel = documented.studio.get_channel_record(CHANNEL)
    assert (channel.root("staging") is None, channel.publishing) == (action == "publish", None)
    done = documented.client.post(f"{TREE}/{action}", data={"confirmed": "yes"})
    assert done.headers["Location"] == TREE
    assert channel.root("staging") is None
    if action == "publish":
        assert documented.studio.wait_until_published(CHANNEL).is_over


def test_a_finding_is_told_once_and_its_count_filters_the_tree(documented: Chef) -> None:
    staged(documented, node_data("good"), node_data("bad", "document", license=None))
    page = text_of(documented, TREE)
    assert page.count("The resource has no license.") == 1
    assert page.index("What is wrong") < page.index("Deploy</button>") < page.index('id="tree"')
    found = text_of(documented, f"{TREE}?finding=error")
    assert "1 node found" in found
    assert "Node bad" in found


def test_one_box_searches_titles_files_and_findings(documented: Chef) -> None:
    file = {**file_data(b"%PDF", "pdf", "document"), "original_filename": "leaflet.pdf"}
    documented.studio.storage.put(b"%PDF", file["filename"], "application/pdf")
    staged(documented, node_data("t"), node_data("d", "document", files=[file]))
    for text, title in (
        ("node T", "Node t"),
        ("leaflet", "Node d"),
        ("cannot be opened", "Node d"),
        ("topic", "Node t"),
    ):
        found = text_of(documented, f"{TREE}?q={text}")
        assert "1 node found" in found, text
        assert title in found, text


def test_the_chefs_log_and_traceback_are_kept_for_the_page(documented: Chef) -> None:
    staged(documented, node_data("t"))
    output = ["begun <b>", "Traceback (most recent call last):", '  File "chef.py", line 1', "ValueError: no"]
    documented.studio.remember_run(ChefRun(exit_code=1, output=output))
    page = text_of(documented, TREE)
    assert "<summary>Traceback</summary>" in page
    assert "begun &lt;b&gt;" in page
    assert "exit code 1: ValueError: no" in page


def test_a_node_begins_with_a_card_and_its_fields_with_those_that_changed(documented: Chef) -> None:
    node = node_data("d", "document", author="A. Uthor", license="CC BY", tags=["b", "b"], grade_levels=["wnarlxKo"])
    documented.added(documented.create(), node)
    page = text_of(documented, f"{TREE}/nodes/{node['node_id']}")
    for name, value in (("License", "CC BY"), ("Author", "A. Uthor"), ("Grade levels", "Lower primary")):
        assert f"<dt>{name}</dt><dd>{value}" in page
    assert page.index("<dt>License") < page.index('id="fields"')
    assert page.index('<th scope="row">tags</th>') < page.index('<th scope="row">title</th>')


def test_requests_say_what_they_are_about(documented: Chef) -> None:
    documented.added(documented.create(), *(node_data(name) for name in "abcde"))
    documented.announce(b"%PDF")
    page = text_of(documented, "/requests")
    assert "5 nodes: Node a, Node b, Node c and 2 more" in page
    assert ", 4 bytes" in page


def test_a_comparison_folds_what_is_equal_and_what_went_with_its_topic(documented: Chef) -> None:
    for names in (range(40), range(1, 41)):
        topics = documented.added(documented.create(), node_data("stays"), node_data(f"of {names[0]}"))
        first, second = topics.values()
        documented.added(first, *(node_data(f"n{number}") for number in names))
        documented.added(second, *(node_data(f"{names[0]} {number}") for number in range(30)))
        documented.finish()
        documented.studio.deploy_channel(CHANNEL)
    page = text_of(documented, f"{TREE}/compare?from=previous&to=main")
    assert "39 unchanged nodes" in page
    assert page.count("with 30 nodes inside") == 2
    assert len(page) < 20_000


def test_what_is_missing_is_the_title(documented: Chef) -> None:
    page = documented.client.get("/channels/abc")
    assert page.status_code == 404
    assert "<h1>Channel not found: &#39;abc&#39;</h1>" in page.text


def test_faults_that_nobody_reported_come_last(documented: Chef) -> None:
    page = text_of(documented, "/faults")
    assert page.index("Uploads and storage") < page.index("The whole Studio") < page.index("Not reported in the wild")
    assert page.index("Not reported in the wild") < page.index("truncated-upload")
