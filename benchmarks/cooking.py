"""A real ricecooker chef against ours and against a stub that says yes to everything."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.measuring import Row, alternated, timed
from benchmarks.servers import TOKEN, Server, running
from benchmarks.sizes import Sizes

_CHEF = Path(__file__).with_name("chef.py")


def rows(sizes: Sizes) -> Iterator[Row]:
    """The whole run of a chef, its own work included."""
    with running("ours") as ours, running("yes") as yes:
        actions = {"ours": partial(_cook, ours, sizes.cooked), "yes": partial(_cook, yes, sizes.cooked)}
        found = alternated(actions, sizes.cookings, min)
    measure = f"a chef of {sizes.cooked:,} nodes, each document with a file"
    yield Row("chef", measure, found["ours"], "s", "a stub that says yes", found["yes"], 1.05)


def _cook(server: Server, nodes: int) -> float:
    """Seconds of one run, in a folder of its own: nothing is known from the one before."""
    environment = {**os.environ, "STUDIO_URL": server.url, "BENCHMARK_NODES": str(nodes)}
    command = [sys.executable, str(_CHEF), f"--token={TOKEN}"]
    with tempfile.TemporaryDirectory() as folder:
        run = partial(subprocess.run, command, cwd=folder, env=environment, capture_output=True, check=True)
        return timed(run)
