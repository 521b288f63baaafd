"""A client that sends what a chef sends, with requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests

from fake_studio import FakeStudio
from support.chefs_driver import CHANNEL, channel_data, md5, md5_base64, node_data


@dataclass
class Caller:
    """Sends what a chef sends, over one session."""

    fake: FakeStudio
    session: requests.Session = field(default_factory=requests.Session)

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Token {self.fake.token}", **options.pop("headers", {})}
        return self.session.request(method, f"{self.fake.url}{path}", headers=headers, timeout=10, **options)

    def post(self, endpoint: str, body: Any = None) -> requests.Response:
        return self.ask("POST", f"/api/internal/{endpoint}", json=body)

    def login(self) -> requests.Response:
        return self.post("authenticate_user_internal")

    def create(self) -> Any:
        answer = self.post("create_channel", {"channel_data": channel_data()})
        assert answer.ok, answer.text
        return answer.json()["root"]

    def add(self, root: Any, *words: str) -> requests.Response:
        return self.post("add_nodes", {"root_id": root, "content_data": [node_data(word) for word in words]})

    def finish(self) -> requests.Response:
        return self.post("finish_channel", {"channel_id": CHANNEL, "stage": True})

    def announce(self, content: bytes, name: str = "a.pdf") -> requests.Response:
        told = {"size": len(content), "checksum": md5(content), "name": name, "preset": "document", "duration": None}
        return self.ask("POST", "/api/file/upload_url", json={**told, "file_format": "pdf"})

    def put(self, content: bytes, name: str = "a.pdf") -> requests.Response:
        told = self.announce(content, name).json()
        headers = {"Content-Type": told["mimetype"], "Content-MD5": md5_base64(content)}
        return self.session.put(told["uploadURL"], data=content, headers=headers, timeout=10)

    def head(self, name: str) -> requests.Response:
        return self.ask("HEAD", f"/content/storage/{name[0]}/{name[1]}/{name}")

    def received(self) -> list[str]:
        """The titles that arrived."""
        return [node["title"] for node in self.fake.studio.channel(CHANNEL).nodes()]
