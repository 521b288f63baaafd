"""A soak: mixed requests from several threads against one server; memory, descriptors and threads before and after.

    python benchmarks/soak.py [requests] [threads]

Prints a line each tenth of the way, and a verdict: nothing lost, and memory flat once the journal is full.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from fake_studio import FakeStudio

MEGABYTE = 1024 * 1024


class Client:
    """One chef: its own channel, cooked again and again over one connection."""

    def __init__(self, fake: FakeStudio, number: int) -> None:
        self.number = number
        self.sent = 0
        self.channel = f"{number:032x}"
        self._token = fake.token
        self._connection = HTTPConnection(fake.url.removeprefix("http://"), timeout=30)

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        self._connection.request(method, path, body, {"Authorization": f"Token {self._token}"})
        answer = self._connection.getresponse()
        self.sent += 1
        return answer.status, answer.read()

    def post(self, endpoint: str, data: Any, expected: int = 200) -> Any:
        status, content = self.ask("POST", f"/api/{endpoint}", json.dumps(data).encode())
        assert status == expected, (endpoint, status, content)
        return json.loads(content)

    def run(self) -> None:
        """One run of a chef, with some mistakes: 20 requests."""
        self.post("internal/authenticate_user_internal", {})
        self.post("internal/check_version", {"version": "0.8.0"})
        self.post("internal/check_version", {}, 400)
        file = self._upload(f"a document of {self.number}".encode())
        told = {"id": self.channel, "name": "Soak", "description": "", "thumbnail": None, "language": "en"}
        root = self.post("internal/create_channel", {"channel_data": told})["root"]
        for _ in range(5):
            root = self._add(root, file)
        self.post("internal/add_nodes", {"root_id": root, "content_data": [{"kind": "topic"}]}, 400)
        self.post("internal/finish_channel", {"channel_id": self.channel, "stage": False})
        self.post("internal/finish_channel", {"channel_id": "0" * 32}, 404)
        tree = self.post("internal/get_tree_data", {"channel_id": self.channel, "tree": "main"})["tree"]
        assert len(tree) == 10, "a node was lost"
        assert self.ask("GET", "/no/such/path")[0] == 404

    def _upload(self, content: bytes) -> str:
        checksum = hashlib.md5(content).hexdigest()
        told = {"size": len(content), "checksum": checksum, "name": "a.pdf", "file_format": "pdf", "preset": "document"}
        url = self.post("file/upload_url", told)["uploadURL"]
        assert self.ask("PUT", url[url.index("/", 8) :], content)[0] == 200
        assert self.ask("HEAD", f"/content/storage/{checksum[0]}/{checksum[1]}/{checksum}.pdf")[0] == 200
        return checksum

    def _add(self, parent: Any, file: str) -> Any:
        legal = {"license": "CC BY", "copyright_holder": "x", "files": [{"filename": f"{file}.pdf"}]}
        nodes = [{"node_id": f"{n}", "title": f"Node {n}", "kind": "document", **legal} for n in range(9)]
        nodes.append({"node_id": "topic", "title": "Topic", "kind": "topic"})
        added = self.post("internal/add_nodes", {"root_id": parent, "content_data": nodes})["root_ids"]
        assert len(added) == 10, "an answer lacks a node"
        return added["topic"]


def work(client: Client, share: int, failures: list[str]) -> None:
    try:
        while client.sent < share:
            client.run()
    except Exception as error:
        failures.append(f"client {client.number}: {type(error).__name__}: {error}")


def memory() -> float:
    """The resident memory of this process, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def line(fake: FakeStudio, sent: int) -> str:
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    nodes, dropped = len(fake.studio.state.nodes), fake.requests.dropped
    own = f"{sent:>8} requests  {memory():7.1f} MiB  {descriptors:>4} files  {threading.active_count():>3} threads"
    return f"{own}  {nodes:>6} nodes  {dropped:>7} dropped"


def main(requests: int, threads: int) -> int:
    failures: list[str] = []
    with FakeStudio(max_journal=2000) as fake:
        print(line(fake, 0), flush=True)
        clients = [Client(fake, number) for number in range(1, threads + 1)]
        for tenth in range(1, 11):
            share = requests * tenth // (10 * threads)
            workers = [threading.Thread(target=work, args=(client, share, failures)) for client in clients]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            print(line(fake, sum(client.sent for client in clients)), flush=True)
            if failures:
                break
    print("\n".join(failures) or "nothing was lost")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main(*(int(text) for text in (*sys.argv[1:], "100000", "4")[:2])))
