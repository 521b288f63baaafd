"""Random calls over HTTP, good and bad: the journal has each of them, and a refusal leaves the state as it was."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from fake_studio import Studio, create_app
from fake_studio.core.model import User
from support.chefs_driver import INTERNAL, Chef, an_id, channel_data, md5, md5_base64, node_data, state_of
from support.made_up import lives

PEOPLE = {
    "chef": User(1, "chef@example.org", "1" * 40),
    "other": User(2, "other@example.org", "2" * 40),
    "admin": User(3, "admin@example.org", "3" * 40, is_admin=True),
    "inactive": User(4, "gone@example.org", "4" * 40, is_active=False),
}
KEPT = 8  # exchanges, so few that some are dropped
ROLES = st.sampled_from(["chef", "chef", "chef", "other", "admin", "inactive", "nobody"])
CHANNELS = st.sampled_from(["a" * 32, "b" * 32])
WORDS = st.lists(st.sampled_from(["one", "two", "three"]), max_size=3)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
ENDPOINTS = st.sampled_from(INTERNAL)
KEYS = ("channel_id", "channel_ids", "channel_data", "root_id", "content_data", "tree", "node_id", "stage", "version")


class CallsOver(RuleBasedStateMachine):
    """People who call one app, and what its journal should say of it."""

    dialect = "documented"

    def __init__(self) -> None:
        super().__init__()
        self.studio = Studio(PEOPLE.values(), seed=1, max_journal=KEPT)
        app = create_app(self.studio, dialect=self.dialect)
        self.chef = Chef(app.test_client(), self.studio, PEOPLE, PEOPLE["chef"].token, self.dialect)
        self.said: list[tuple[Any, ...]] = []
        self.roots: list[Any] = [0]
        self.before = state_of(self.studio)

    def teardown(self) -> None:
        self.studio.close()

    def ask(self, role: str, method: str, path: str, body: Any = None, *, about: str | None = None, **told: Any) -> Any:
        """One call; what the journal should have of it is noted."""
        self.before = state_of(self.studio)
        answer = self.chef.role(role).ask(method, path, body, **told)
        self.said.append((method, path.partition("?")[0], role, answer.status_code, about))
        self.refused = answer.status_code >= 400
        return answer

    def post(self, role: str, endpoint: str, body: Any, **told: Any) -> Any:
        return self.ask(role, "POST", f"/api/internal/{endpoint}", body, content_type="application/json", **told)

    @rule(role=ROLES, channel=CHANNELS, name=st.text(max_size=5))
    def create_channel(self, role: str, channel: str, name: str) -> None:
        answer = self.post(role, "create_channel", {"channel_data": channel_data(id=channel, name=name)}, about=channel)
        if not self.refused:
            self.roots.append(answer.get_json()["root"])
        self.refused = self.refused and self.dialect == "documented"  # the deployed Studio keeps the shell of a channel

    @rule(data=st.data(), role=ROLES, words=WORDS, kind=st.sampled_from(["topic", "document", "song"]))
    def add_nodes(self, data: st.DataObject, role: str, words: list[str], kind: str) -> None:
        root = data.draw(st.sampled_from(self.roots))
        parent = self.studio.state.nodes.get(root) or self.studio.state.numbered.get(root)
        nodes = [node_data(word, kind) for word in words]
        body = {"root_id": root, "content_data": nodes}
        answer = self.post(role, "add_nodes", body, about=parent and parent.channel_id)
        if not self.refused:
            self.roots.extend(answer.get_json()["root_ids"].values())
        assert self.studio.journal.entries()[-1].nodes == (
            [] if role in ("nobody", "inactive") else list(map(an_id, words))
        )

    @rule(role=ROLES, channel=CHANNELS, stage=st.booleans() | st.none() | st.just("no"))
    def finish_channel(self, role: str, channel: str, stage: Any) -> None:
        self.post(role, "finish_channel", {"channel_id": channel, "stage": stage}, about=channel)

    @rule(role=ROLES, content=st.binary(max_size=10), wrong=st.booleans())
    def upload(self, role: str, content: bytes, wrong: bool) -> None:
        told = {"size": len(content), "checksum": md5(content), "name": "a.pdf", "file_format": "pdf"}
        body = {**told, "preset": "document", "duration": None}
        answer = self.ask(role, "POST", "/api/file/upload_url", body, content_type="application/json")
        if self.refused:
            return
        path = answer.get_json()["uploadURL"].removeprefix("http://localhost")
        sent = content + b"?" if wrong else content
        told = {"Content-MD5": md5_base64(content), "Content-Type": "application/pdf"}
        answer = self.ask("nobody", "PUT", path, sent, headers=told)
        assert self.refused == wrong

    @rule(role=ROLES, endpoint=ENDPOINTS, body=JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON)))
    def anything(self, role: str, endpoint: str, body: Any) -> None:
        self.post(role, endpoint, body)

    @rule(role=ROLES, endpoint=ENDPOINTS, body=st.binary(max_size=20), method=st.sampled_from(["GET", "PUT", "DELETE"]))
    def any_bytes(self, role: str, endpoint: str, body: bytes, method: str) -> None:
        self.ask(role, method, f"/api/internal/{endpoint}", body)

    @rule(channel=CHANNELS)
    def a_look_is_not_in_the_journal(self, channel: str) -> None:
        self.before, self.refused = state_of(self.studio), True
        for path in ("report", "requests", "channels", f"channels/{channel}/tree", "no such route"):
            self.chef.ask("GET", f"/_fake/{path}")

    @rule()
    def clear_the_journal(self) -> None:
        self.before, self.refused = state_of(self.studio), True
        assert self.chef.ask("DELETE", "/_fake/requests").status_code == 200
        self.said = []

    @invariant()
    def a_refusal_changes_nothing(self) -> None:
        if getattr(self, "refused", False):
            assert state_of(self.studio) == self.before

    @invariant()
    def the_journal_has_every_call(self) -> None:
        entries, last = self.studio.journal.entries(), self.said[-KEPT:]
        assert [each.number for each in entries] == list(range(len(self.said) - len(last) + 1, len(self.said) + 1))
        assert self.studio.journal.dropped == len(self.said) - len(last)
        for entry, (method, path, role, status, about) in zip(entries, last):
            known = PEOPLE[role].username if role in ("chef", "other", "admin") else None
            assert (entry.method, entry.path.partition("?")[0]) == (method, path)
            assert (entry.status, entry.user) == (status, known)
            assert (entry.refusal is None) == (status < 400)
            assert about is None or known is None or entry.channel == about


class DocumentedCalls(CallsOver):
    """Every refusal says why."""

    @invariant()
    def refusals_say_why(self) -> None:
        for entry in self.studio.journal.refusals()[-1:]:
            assert entry.status < 500
            assert entry.answer["body"]["error"]


class DeployedCalls(CallsOver):
    """As the server: some answers are a plain 500."""

    dialect = "deployed"


LIVES = lives(25, steps=25)
TestDocumentedCalls = DocumentedCalls.TestCase
TestDocumentedCalls.settings = LIVES
TestDeployedCalls = DeployedCalls.TestCase
TestDeployedCalls.settings = LIVES
