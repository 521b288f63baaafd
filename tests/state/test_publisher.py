"""Publishing in the background: what hangs on nodes after it, and what a reset does to an export that is under way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from fake_studio import Studio
from fake_studio.core.model import Node
from fake_studio.publishing import export as exporting
from fake_studio.views.tree_data import children_data
from support.chefs_driver import CHANNEL
from support.snapshots_driver import PICTURE, a_document, a_slideshow, an_exercise, cook, finish, publish, upload


@pytest.fixture
def studio() -> Iterator[Studio]:
    made = Studio(seed=1)
    upload(made, PICTURE, "png")
    cook(made, CHANNEL, [a_slideshow(), an_exercise(), a_document()])
    finish(made, CHANNEL, stage=False)
    yield made
    made.close()


def nodes(studio: Studio) -> dict[str, Node]:
    main = studio.get_channel_record(CHANNEL).root("main")
    assert main is not None
    return {str(node.kind): node for node in main.descendants()}


def sizes(studio: Studio) -> dict[str, Any]:
    main = studio.get_channel_record(CHANNEL).root("main")
    assert main is not None
    (topic,) = children_data(main, lambda node: node.id)
    return {each["kind"]: each.get("file_size") for each in topic["children"]}


def test_what_studio_makes_hangs_on_its_node(studio: Studio) -> None:
    golden, before = studio.channel(CHANNEL).tree(), sizes(studio)
    publish(studio, CHANNEL)
    made = {kind: [file for file in node.files if file.generated] for kind, node in nodes(studio).items()}
    assert {kind: [file.preset for file in files] for kind, files in made.items() if files} == {
        "slideshow": ["slideshow_manifest"],
        "exercise": ["qti"],  # of several kinds, which Perseus cannot express together
    }
    (manifest,) = made["slideshow"]
    assert manifest.size is not None
    assert (manifest.uploaded_by, manifest.checksum in studio.state.checksums) == (studio.users[0].id, True)
    assert sizes(studio)["slideshow"] == before["slideshow"] + manifest.size
    assert sizes(studio)["document"] == before["document"]
    assert studio.channel(CHANNEL).tree() == golden  # a golden tree is what the chef sent


def test_each_publish_adds_a_manifest_and_replaces_an_archive(studio: Studio) -> None:
    archives = []
    for number in (1, 2):
        nodes(studio)["slideshow"].changed = True
        publish(studio, CHANNEL)
        assert sum(file.preset == "slideshow_manifest" for file in nodes(studio)["slideshow"].files) == number
        archives.append([file.preset for file in nodes(studio)["exercise"].files if file.generated])
    assert archives[0] == archives[1]


def test_what_hangs_on_a_node_is_kept_by_a_snapshot(studio: Studio) -> None:
    publish(studio, CHANNEL)
    studio.mark("then")
    before = [vars_of(file) for file in nodes(studio)["slideshow"].files]
    studio.restore("then")
    assert [vars_of(file) for file in nodes(studio)["slideshow"].files] == before


def vars_of(file: Any) -> tuple[Any, ...]:
    return file.checksum, file.preset, file.generated


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_export_that_a_reset_overtakes_leaves_nothing(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    arrived, go_on = threading.Event(), threading.Event()
    real = exporting.export

    def slow(*told: Any, **more: Any) -> Any:
        made = real(*told, **more) if when == "after" else None
        arrived.set()
        assert go_on.wait(20)
        return made or real(*told, **more)

    monkeypatch.setattr(exporting, "export", slow)
    job = studio.publish_channel(studio.users[0], CHANNEL)
    assert arrived.wait(20)
    studio.reset()
    go_on.set()
    job.done.result(20)
    assert job.state == "failed"
    assert job.cause == "the Studio was reset, or went back, before it was done"
    assert (studio.storage.names(), studio.state.ids.made) == ([], (0, 0))
    assert list(studio.databases.path.iterdir()) == []


def test_a_channel_is_private_until_it_is_made_public(studio: Studio) -> None:
    view = studio.channel(CHANNEL)
    assert view.public is False
    view.make_public()
    assert (view.public, view.told()["public"]) == (True, True)
    studio.mark("then")
    view.make_public(False)
    assert studio.channel(CHANNEL).public is False
    studio.restore("then")
    assert studio.channel(CHANNEL).public is True
