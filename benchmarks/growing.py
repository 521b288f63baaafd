"""What one more node costs where there are many already, and what is done with all of them.

In this process's CPU time, and the least of all rounds: a loaded machine makes a long measure longer than a short one.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.client import Client, request_bytes
from benchmarks.documents import CHANNEL, CHUNK, add_nodes_body, channel_data, chunk, file_data, node_data, pdf
from benchmarks.measuring import KIB, Row, alternated, memory
from benchmarks.servers import TOKEN, running
from benchmarks.sizes import Sizes
from fake_studio import Studio
from fake_studio.core.model import Node
from fake_studio.rules import Strictness
from fake_studio.snapshot import load, read, save

_LENIENT = Strictness(every_key=False, stored_files=False, coerce=False)
_FLAT = 1.2
_HEAVY = ("publish", "snapshot save", "snapshot load")  # so long that few rounds have to do


class Grown:
    """A Studio with one channel, which grows by chunks of ten: deep (a chain of topics) or wide (full topics)."""

    def __init__(self, *, width: int | None) -> None:
        self.studio = Studio()
        self.seconds = 0.0  # spent in add_nodes
        self.nodes = 0
        self._width = width
        self._me = self.studio.users[0]
        channel = self.studio.create_channel(self._me, channel_data(), strictness=_LENIENT, keep_shell=False)
        root = channel.trees["chef"]
        assert root is not None
        self._root = self._parent = root
        for number in range(100):
            self.studio.storage.put(pdf(number), file_data(number)["filename"], "application/pdf")

    def grow(self, nodes: int) -> float:
        """Become larger by so many nodes; returns the seconds that each took."""
        before = self.seconds
        for _ in range(nodes // CHUNK):
            if self._width:
                self._grow_wide(self._width)
            else:
                self._parent = self._add(self._parent, chunk(self.nodes, topic_last=True))[-1]
        return (self.seconds - before) / nodes

    def _grow_wide(self, width: int) -> None:
        if self._parent is self._root or len(self._parent.children) >= width:
            topic = node_data(-1 - self.nodes, "topic")
            self._parent = self.studio.add_nodes(
                self._me, self._root.id, [topic], strictness=_LENIENT, by_number=False
            )[0]
        self._add(self._parent, chunk(self.nodes))

    def _add(self, parent: Node, content_data: list[dict[str, object]]) -> list[Node]:
        began = time.process_time()
        added = self.studio.add_nodes(self._me, parent.id, content_data, strictness=_LENIENT, by_number=False)
        self.seconds += time.process_time() - began
        self.nodes += len(added)
        return added

    def finish(self) -> None:
        """Make what has grown the main tree."""
        self.studio.finish_channel(self._me, CHANNEL, stage=False, honour_stage=True)

    def get_tree_data(self) -> None:
        """The whole tree, as the Internal API tells it."""
        self.studio.get_tree_data(self._me, CHANNEL, "main", lambda node: node.number)

    def report(self) -> None:
        """The report, nothing of it known from before."""
        assert self.studio.report().channels[0].counts.nodes >= self.nodes

    def publish(self) -> None:
        """An edition of the whole tree."""
        main = self.studio.channel(CHANNEL)._channel.trees["main"]
        assert main is not None
        main.changed = True
        assert self.studio.channel(CHANNEL).publish().state == "done"

    def save(self, path: Path) -> None:
        """A snapshot on disk."""
        save(self.studio, path)

    def load(self, path: Path) -> None:
        """A saved snapshot, in the place of what is there."""
        load(self.studio, *read(path))


def rows(sizes: Sizes) -> Iterator[Row]:
    """Adding, and then everything else, in both shapes; and the memory."""
    Grown(width=None).grow(CHUNK)  # what the first node imports is none of a node's cost
    for shape, width in (("deep", None), ("wide", sizes.width)):
        grown = {str(nodes): Grown(width=width) for nodes in sizes.grown}
        yield from _adding(shape, grown, sizes)
        yield from _using(shape, grown, sizes)
        del grown
        gc.collect()
    yield _memory(sizes.grown[-1])


def _adding(shape: str, grown: dict[str, Grown], sizes: Sizes) -> Iterator[Row]:
    """First grow to the size, less what is measured; then measure, each size in its turn."""
    measured = sizes.grown[0] // (2 * sizes.rounds * CHUNK) * CHUNK
    totals = {name: each.grow(int(name) - measured * sizes.rounds) for name, each in grown.items()}
    yield from _flat(f"add_nodes, {shape}: a node, of all", totals)
    found = alternated({name: partial(each.grow, measured) for name, each in grown.items()}, sizes.rounds, min)
    yield from _flat(f"add_nodes, {shape}: a node, at that size", found)


def _using(shape: str, grown: dict[str, Grown], sizes: Sizes) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        for each in grown.values():
            each.finish()
        actions: dict[str, Callable[[Grown, Path], None]] = {
            "get_tree_data": lambda each, path: each.get_tree_data(),
            "report": lambda each, path: each.report(),
            "publish": lambda each, path: each.publish(),
            "snapshot save": Grown.save,
            "snapshot load": Grown.load,
        }
        for action, run in actions.items():
            rounds = {
                name: partial(_per_node, run, each, Path(folder) / f"{name}.json") for name, each in grown.items()
            }
            yield from _flat(f"{action}, {shape}: a node", _measure(action, rounds, sizes))


def _measure(action: str, rounds: dict[str, Callable[[], float]], sizes: Sizes) -> dict[str, float]:
    """The least of all rounds; of what takes long the middle one: in ten seconds a machine is never all ours, and the
    least tenth of a second beside them would tell of a moment when it was.
    """
    if action in _HEAVY:
        return alternated(rounds, min(3, sizes.rounds))
    return alternated(rounds, sizes.rounds, min)


def _per_node(run: Callable[[Grown, Path], None], grown: Grown, path: Path) -> float:
    began = time.process_time()
    run(grown, path)
    return (time.process_time() - began) / grown.nodes


def _flat(measure: str, found: dict[str, float]) -> Iterator[Row]:
    (smallest, least), *larger = found.items()
    for nodes, seconds in larger:
        name = f"{measure}, {int(nodes):,} nodes"
        yield Row("growth", name, seconds * 1e6, "µs", f"{int(smallest):,} nodes", least * 1e6, _FLAT)


def _memory(nodes: int) -> Row:
    """Over HTTP, so that the journal counts too."""
    headers, sent = {"Authorization": f"Token {TOKEN}"}, 0
    with running("ours") as ours:
        client = Client(ours.url, TOKEN)
        parent = client.post("/api/internal/create_channel", {"channel_data": channel_data()})["root"]
        for first in range(0, nodes + CHUNK, CHUNK):
            if first == CHUNK:
                before, sent = memory(ours.process), 0  # the first chunk imports things
            body = add_nodes_body(parent, chunk(first))
            status, answer = client.send(request_bytes("POST", "/api/internal/add_nodes", body, headers))
            assert status == 200, answer
            sent += len(body)
        each = (memory(ours.process) - before - sent) / nodes / KIB
        client.close()
    measure = f"memory a node, beyond the {sent / nodes / KIB:.1f} KiB sent, {nodes:,} nodes and the journal"
    return Row("growth", measure, each, "KiB", aim=2.5)
