"""Many chefs at once: nothing is lost, and whoever looks sees each call whole or not at all."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from fake_studio import Studio
from fake_studio.core.model import Node
from fake_studio.core.refusals import ParentNotFound, UploadNotSigned
from fake_studio.snapshot import dump
from support.chefs_driver import LENIENT, channel_data, md5, node_data

CHEFS, CALLS, CHUNK = 16, 12, 5  # threads, calls of add_nodes by each, nodes in a call
CHANNELS = [letter * 32 for letter in "abcd"]


@pytest.fixture
def studio() -> Iterator[Studio]:
    opened = Studio(seed=1)
    for channel in CHANNELS:
        opened.create_channel(opened.state.users[1], channel_data(id=channel), strictness=LENIENT, keep_shell=False)
    yield opened
    opened.close()


def root_of(studio: Studio, channel: str) -> Node:
    root = studio.state.channels[channel].root("chef")
    assert root is not None
    return root


def chef(studio: Studio, number: int) -> Callable[[], None]:
    """One chef: topics of its own, and a file for each call."""
    root = root_of(studio, CHANNELS[number % len(CHANNELS)])
    return lambda: work(studio, number, root)


def work(studio: Studio, number: int, root: Node) -> None:
    user = studio.state.users[1]
    for call in range(CALLS):
        content = f"{number} {call}".encode()
        studio.file_upload(user, f"{md5(content)}.pdf", io.BytesIO(content))
        sent = [node_data(f"{number} {call} {each}") for each in range(CHUNK)]
        studio.add_nodes(user, root.number, sent, strictness=LENIENT, by_number=True)


def while_looking(studio: Studio, look: Callable[[], None], *chefs: Callable[[], None]) -> None:
    """Run all chefs at once, and somebody who looks again and again. Raises what any of them raised."""
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            look()

    with ThreadPoolExecutor(len(chefs) + 1) as threads:
        watching = threads.submit(watch)
        try:
            for running in [threads.submit(chef) for chef in chefs]:
                running.result()
        finally:
            done.set()
        watching.result()


def test_nothing_is_lost(studio: Studio) -> None:
    looks: list[int] = []

    def look() -> None:
        for channel in dump(studio)["channels"]:
            _, *nodes = channel["trees"]["chef"]
            assert len(nodes) % CHUNK == 0  # each call whole or not at all
            looks.append(len(nodes))

    while_looking(studio, look, *(chef(studio, number) for number in range(CHEFS)))
    for position, channel in enumerate(CHANNELS):
        titles = [node.title for node in root_of(studio, channel).children]
        chefs = range(position, CHEFS, len(CHANNELS))
        wanted = {f"Node {chef} {call} {each}" for chef in chefs for call in range(CALLS) for each in range(CHUNK)}
        assert len(titles) == len(wanted)
        assert set(titles) == wanted
    assert len(studio.storage.names()) == CHEFS * CALLS
    assert looks


def test_a_reset_in_between_is_whole(studio: Studio) -> None:
    """Who still works on what the reset took away is refused, and adds nothing to what comes after."""
    refused = []

    def until_refused(number: int) -> Callable[[], None]:
        cook = chef(studio, number)

        def run() -> None:
            try:
                cook()
            except (ParentNotFound, UploadNotSigned):
                refused.append(number)

        return run

    def reset_midway() -> None:
        while len(studio.state.nodes) < CHEFS * CHUNK:
            time.sleep(0.001)
        studio.reset()

    def look() -> None:
        assert len(dump(studio)["channels"]) in (0, len(CHANNELS))

    while_looking(studio, look, reset_midway, *map(until_refused, range(CHEFS)))
    assert refused
    assert studio.state.channels == {}
    assert studio.state.nodes == {}
