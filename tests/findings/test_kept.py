"""What is kept of reports and findings holds: after any change, through Studio or not, it is what a new look finds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from le_utils.constants import exercises

from fake_studio import Studio
from fake_studio.core.chef_run import ChefRun
from fake_studio.core.exchange import Exchange
from fake_studio.core.kept import Kept
from fake_studio.core.model import Channel, File, Node, PublishJob, Question, User
from fake_studio.core.refusals import ParentNotFound, Refusal
from fake_studio.core.watch import Watch
from fake_studio.findings import collect
from support.chefs_driver import LENIENT, an_id, channel_data, file_data, node_data
from support.growth import fastest
from support.made_up import lives

USERS = [User(1, "chef@example.org", "1" * 40), User(2, "other@example.org", "2" * 40)]
CHANNELS = (an_id("first"), an_id("second"))
CONTENTS = (b"%PDF-1.4 one", b"%PDF-1.4 two", b"")
IMAGE_NAME = f"{an_id('image')}.png"
IMAGE = f"![](${exercises.CONTENT_STORAGE_PLACEHOLDER}/{IMAGE_NAME})"
WORDS = st.sampled_from([f"n{number}" for number in range(8)])
KINDS = st.sampled_from(["topic", "topic", "document", "exercise"])


def question(number: int) -> dict[str, Any]:
    answers = f'[{{"answer": "yes", "correct": {"true" if number % 2 else "false"}, "order": 0}}]'
    return {"type": "single_selection", "question": f"Is it {number}?", "answers": answers, "hints": "[]"}


def sent_node(word: str, kind: str, number: int) -> dict[str, Any]:
    """A node as a chef sends it: every third has no license, and options of its own."""
    fields: dict[str, Any] = {"files": [], "questions": []}
    if kind == "document":
        fields["files"] = [file_data(CONTENTS[number % 3], "pdf", "document")]
    if kind == "exercise":
        ids = {"assessment_id": an_id(f"{word} question"), "files": [], "source_url": "", "raw_data": ""}
        fields["questions"] = [{**question(number), **ids, "randomize": False}]
    if number % 3 == 0 and kind != "topic":
        fields.update(license="Special Permissions", license_description="", extra_fields='{"options": {"entry": "a"}}')
    return node_data(word, kind, **fields)


def orphaning(status: int, user: str) -> Exchange:
    """A request that brought a node for no parent, rejected or (by a fault) not."""
    request = {"headers": {}, "body": {"root_id": None, "content_data": [{"title": "lost"}]}}
    refusal = {"kind": "ParentNotFound", "message": "Node not found."} if status == 404 else None
    return Exchange(0, 0.0, "POST", "/", "add_nodes", user, None, request, status, {}, 0.0, refusal)


NODE_CHANGES: list[Callable[[Node, int], object]] = [
    lambda node, n: setattr(node, "title", ("", "Teachers", "Ã©tude", "Plain")[n % 4]),
    lambda node, n: setattr(node, "kind", ("topic", "document", "video", None)[n % 4]),
    lambda node, n: setattr(node, "role", ("coach", "learner", "nobody")[n % 3]),
    lambda node, n: setattr(node, "license", ("CC BY", None, "Special Permissions")[n % 3]),
    lambda node, n: setattr(node, "language", ("en", None, "sw")[n % 3]),
    lambda node, n: setattr(node, "node_id", an_id(f"n{n % 3}")),
    lambda node, n: setattr(node, "content_id", an_id(f"content {n % 2}")),
    lambda node, n: setattr(node, "extra_fields", {"options": {"modality": "UNIT"}} if n % 2 else {}),
    lambda node, n: setattr(node, "files", [replace(file) for file in node.files]),
    lambda node, n: node.extra_fields.update(options={"entry": f"{n}.html"}),
    lambda node, n: node.extra_fields.setdefault("options", {}).update(completion_criteria={"model": n}),
    lambda node, n: node.extra_fields.update(m=(1, True, 1.0)[n % 3], n=(True, 1, 5)[n % 3], mastery_model="m_of_n"),
    lambda node, n: node.tags.append(f"tag {n}"),
    lambda node, n: node.labels.setdefault("grade_levels", []).append(str(n)),
    lambda node, n: setattr(node, "sent", {"files": [{"language": ("xx", "en", 3)[n % 3], "filename": "a.pdf"}]}),
    lambda node, n: [entry.update(language=("yy", "en")[n % 2]) for entry in node.sent.get("files", [])],
    lambda node, n: setattr(node, "drops_files", bool(n % 2)),
    lambda node, n: node.files.clear(),
    lambda node, n: node.files.append(File(str(n), an_id(f"{n}"), "pdf", f"{an_id('x')}.pdf", preset="document")),
    lambda node, n: [setattr(file, "preset", ("document", "video_subtitle")[n % 2]) for file in node.files],
    lambda node, n: [setattr(file, "size", n) for file in node.files],
    lambda node, n: node.questions.append(Question(an_id(f"{n}"), "input_question", "How much?", [{"answer": "x"}])),
    lambda node, n: [setattr(one, "question", ("", "Why?", IMAGE)[n % 3]) for one in node.questions],
    lambda node, n: [one.answers.append({"answer": "3", "correct": bool(n % 2)}) for one in node.questions],
    lambda node, n: [
        answer.update(correct=(True, 1, 0, None)[n % 4]) for one in node.questions for answer in one.answers
    ],
    lambda node, n: [one.hints.append({"hint": IMAGE}) for one in node.questions],
    lambda node, n: node.children.reverse(),
    lambda node, n: node.children and node.children.pop(),
    lambda node, n: [setattr(child, "title", f"Renamed {n}") for child in node.children],
]
CHANNEL_CHANGES: list[Callable[[Channel, int], object]] = [
    lambda channel, n: setattr(channel, "language", ("en", None, "sw")[n % 3]),
    lambda channel, n: setattr(channel, "name", ("Channel", "Ã©tude")[n % 2]),
    lambda channel, n: setattr(channel, "thumbnail", (None, "data:image/png;base64,", "lost.png")[n % 3]),
    lambda channel, n: setattr(channel, "ricecooker_version", ("0.6.0", "0.8.0", None)[n % 3]),
    lambda channel, n: setattr(channel, "created", float(n)),
    lambda channel, n: setattr(
        channel, "publishing", PublishJob(1, state=("failed", "done")[n % 2], cause="no reason")
    ),
    lambda channel, n: (
        channel.publishing
        and channel.publishing.left_out.append({"node_id": an_id("n1"), "title": "x", "reason": str(n)})
    ),
    lambda channel, n: channel.publishing and setattr(channel.publishing, "state", "failed"),
    lambda channel, n: channel.editors.reverse(),
    lambda channel, n: channel.run and setattr(channel.run, "finished", (None, 1.0)[n % 2]),
    lambda channel, n: channel.run and setattr(channel.run, "started", float(n)),
    lambda channel, n: channel.run and setattr(channel.run, "stage", (False, True)[n % 2]),
    lambda channel, n: channel.run and channel.run.overwritten.append(("name", "a", str(n))),
    lambda channel, n: channel.run and channel.run.skipped.extend(list(channel.trees["main"].children[:1])),
    lambda channel, n: channel.trees.update(staging=channel.trees["main"] if n % 2 else None),
]


class KeptFindings(RuleBasedStateMachine):
    """A Studio on which chefs, its people, and tests with its objects in their hands act, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.studio = Studio(USERS, seed=1)
        self.held: list[Any] = []  # lists and dicts of nodes, taken earlier

    def teardown(self) -> None:
        self.studio.close()

    def _channels(self) -> list[Channel]:
        return list(self.studio.state.channels.values())

    def _nodes(self) -> list[Node]:
        return [
            node for channel in self._channels() for root in channel.trees.values() if root for node in root.iter_tree()
        ]

    def _drawn(self, data: st.DataObject, things: list[Any]) -> list[Any]:
        return [things[data.draw(st.integers(0, len(things) - 1))]] if things else []

    @initialize()
    def begin(self) -> None:
        """A topic in a topic, with something of each kind below."""
        user = self.studio.state.users[1]
        channel = self.studio.create_channel(user, channel_data(id=CHANNELS[0]), strictness=LENIENT, keep_shell=False)
        parent = channel.trees["chef"]
        assert parent is not None
        for word, kind in (("outer", "topic"), ("inner", "topic"), ("n0", "document"), ("n1", "exercise")):
            [node] = self._add(user, parent, [sent_node(word, kind, 0)])
            parent = node if kind == "topic" else parent

    def _add(self, user: User, parent: Node, nodes: list[dict[str, Any]]) -> list[Node]:
        return self.studio.add_nodes(user, parent.id, nodes, strictness=LENIENT, by_number=False)

    @rule(data=st.data(), title=st.sampled_from(["Other", "Teachers"]))
    def rename_topic(self, data: st.DataObject, title: str) -> None:
        for node in self._drawn(data, [node for node in self._nodes() if node.children]):
            node.title = title

    @rule(channel=st.sampled_from(CHANNELS), user=st.sampled_from([1, 2]), name=st.sampled_from(["A", "B"]))
    def create(self, channel: str, user: int, name: str) -> None:
        sent = channel_data(id=channel, name=name)
        with suppress(Refusal):
            self.studio.create_channel(self.studio.state.users[user], sent, strictness=LENIENT, keep_shell=False)

    @rule(data=st.data(), words=st.lists(WORDS, min_size=1, max_size=4), kind=KINDS, number=st.integers(0, 5))
    def add(self, data: st.DataObject, words: list[str], kind: str, number: int) -> None:
        roots = [channel.trees["chef"] for channel in self._channels() if channel.trees["chef"]]
        parents = [node for root in roots for node in root.iter_tree() if node.kind == "topic"]
        for parent in self._drawn(data, parents):
            user = self.studio.state.users[self.studio.state.channels[parent.channel_id].editors[0]]
            nodes = [sent_node(word, kind, number) for word in words]
            with suppress(ParentNotFound):
                self._add(user, parent, nodes)

    @rule(data=st.data(), stage=st.booleans())
    def finish(self, data: st.DataObject, stage: bool) -> None:
        for channel in self._drawn(data, self._channels()):
            user = self.studio.state.users[channel.editors[0]]
            with suppress(Refusal):
                self.studio.finish_channel(user, channel.id, stage=stage, honour_stage=True)

    @rule(data=st.data(), action=st.sampled_from(["deploy", "delete", "forget"]))
    def click(self, data: st.DataObject, action: str) -> None:
        for channel in self._drawn(data, self._channels()):
            if action == "forget":
                del self.studio.state.channels[channel.id]
                continue
            act = {"deploy": self.studio.deploy_channel, "delete": self.studio.delete_channel}[action]
            with suppress(Refusal):
                act(channel.id)

    @rule(content=st.sampled_from(CONTENTS), user=st.sampled_from([None, 1, 2]), is_wrong=st.booleans())
    def store(self, content: bytes, user: int | None, is_wrong: bool) -> None:
        self.studio.storage.put(
            b"other" if is_wrong else content, file_data(content, "pdf", "document")["filename"], "x/y", user
        )

    @rule(content=st.sampled_from(CONTENTS))
    def lose(self, content: bytes) -> None:
        self.studio.storage.remove_file(file_data(content, "pdf", "document")["filename"])

    @rule(action=st.sampled_from(["reset", "mark", "restore", "clear"]))
    def go_back(self, action: str) -> None:
        if action == "reset":
            self.studio.reset()
        elif action == "mark":
            self.studio.mark("here")
        elif action == "clear":
            self.studio.journal.clear()
        elif "here" in self.studio.marks.names():
            self.studio.restore("here")

    @rule(data=st.data(), change=st.sampled_from(NODE_CHANGES), number=st.integers(0, 11))
    def change_node(self, data: st.DataObject, change: Callable[[Node, int], object], number: int) -> None:
        for node in self._drawn(data, self._nodes()):
            change(node, number)

    @rule(data=st.data(), change=st.sampled_from(CHANNEL_CHANGES), number=st.integers(0, 11))
    def change_channel(self, data: st.DataObject, change: Callable[[Channel, int], object], number: int) -> None:
        for channel in self._drawn(data, self._channels()):
            change(channel, number)

    @rule(data=st.data())
    def take(self, data: st.DataObject) -> None:
        for node in self._drawn(data, self._nodes()):
            self.held += [node.extra_fields, node.sent, *(answer for one in node.questions for answer in one.answers)]

    @rule(number=st.integers(0, 11))
    def change_what_was_taken(self, number: int) -> None:
        for part in self.held:
            part.update(
                correct=(True, 1, False)[number % 3], options={"entry": str(number)}, files=[{"language": "xx"}]
            )

    @rule(
        data=st.data(),
        name=st.sampled_from(["chef@example.org", "third@example.org"]),
        space=st.sampled_from([0, 5.0, 1e9]),
    )
    def change_user(self, data: st.DataObject, name: str, space: float) -> None:
        for user in self._drawn(data, self.studio.users):
            user.username, user.disk_space = name, space

    @rule(status=st.sampled_from([200, 404]), user=st.sampled_from([user.username for user in USERS]))
    def ask(self, status: int, user: str) -> None:
        self.studio.journal.record(orphaning(status, user))

    @invariant()
    def what_is_kept_is_what_a_new_look_finds(self) -> None:
        for options in ({}, {"strict": True, "allow": ["topic-empty"], "run": ChefRun()}):
            assert self.studio.report(**options).to_dict() == self._new_report(**options)

    def _new_report(self, **options: Any) -> dict[str, Any]:
        kept, self.studio.kept = self.studio.kept, Kept()
        try:
            return self.studio.report(**options).to_dict()
        finally:
            self.studio.kept = kept


TestKeptFindings = KeptFindings.TestCase
TestKeptFindings.settings = lives(25, steps=20)


def filled(count: int) -> tuple[Studio, Channel]:
    studio = Studio(seed=1)
    data = channel_data(id=CHANNELS[0])
    channel = studio.create_channel(studio.users[0], data, strictness=LENIENT, keep_shell=False)
    root = channel.trees["chef"]
    assert root is not None
    for first in range(0, count, 100):
        nodes = [sent_node(f"n{number}", "exercise", number) for number in range(first, first + 100)]
        studio.add_nodes(studio.users[0], root.id, nodes, strictness=LENIENT, by_number=False)
    return studio, channel


def test_a_second_report_costs_a_tenth_at_most() -> None:
    studio, _ = filled(1_000)
    first = fastest(lambda: (setattr(studio, "kept", Kept()), studio.report()))
    assert fastest(studio.report) < first / 10


def test_only_what_changed_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    studio, channel = filled(100)
    looked_at: list[Node] = []
    examine = collect._examine
    monkeypatch.setattr(collect, "_examine", lambda *about: (looked_at.append(about[2]), examine(*about))[1])
    studio.report()
    assert len(looked_at) == 101
    root = channel.trees["chef"]
    assert root is not None
    first, second, *_ = root.children
    first.questions[0].answers.append({"answer": "no"})
    studio.storage.put(b"x", "unused.pdf", "application/pdf")
    second.license = None
    looked_at.clear()
    studio.report()
    assert {id(node) for node in looked_at} == {id(first), id(second)}
    looked_at.clear()
    root.title = "Renamed"  # the topics above a node stand in its findings
    studio.report()
    assert len(looked_at) == 101


def test_chefs_go_on_while_nodes_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    studio, channel = filled(100)
    examine, others = collect._examine, []

    def chef() -> None:
        with studio.lock:
            root = channel.trees["chef"]
            assert root is not None
            root.children[0].title = "Renamed meanwhile"
            others.append(root)

    def examine_beside_a_chef(*about: Any) -> Any:
        if not others:
            thread = threading.Thread(target=chef)
            thread.start()
            thread.join(10)
        return examine(*about)

    monkeypatch.setattr(collect, "_examine", examine_beside_a_chef)
    report = studio.report()
    assert len(others) == 1
    monkeypatch.undo()
    monkeypatch.setattr(studio, "kept", Kept())
    assert report.to_dict() == studio.report().to_dict()


def test_an_upload_changes_the_nodes_that_asked_for_it() -> None:
    studio, channel = filled(100)
    root = channel.trees["chef"]
    assert root is not None
    root.children[0].questions[0].question = IMAGE
    assert "question-image-missing" in [finding.code for finding in studio.report().findings]
    studio.storage.put(b"image", IMAGE_NAME, "image/png")
    assert "question-image-missing" not in [finding.code for finding in studio.report().findings]


@pytest.mark.parametrize("status", [200, 404])
def test_what_was_asked_is_in_the_next_report(status: int) -> None:
    studio, channel = filled(100)
    studio.report()
    studio.journal.record(orphaning(status, studio.users[0].username))
    report = studio.report()
    assert "parent-lost" in [finding.code for finding in report.findings]
    assert len(report.refusals) == (status == 404)
    assert "parent-lost" in [finding.code for finding in studio.channel(channel.id).findings]
    studio.journal.clear()
    assert "parent-lost" not in [finding.code for finding in studio.report().findings]


def test_who_changes_a_report_changes_no_other() -> None:
    studio, _ = filled(100)
    report = studio.report()
    count = len(report.findings)
    report.channels[0].findings.clear()
    report.causes.clear()
    assert (len(studio.report().findings), bool(studio.report().causes)) == (count, True)
    studio.channel(CHANNELS[0]).findings.clear()
    assert studio.channel(CHANNELS[0]).findings


def test_what_is_gone_is_watched_no_more() -> None:
    studio, _ = filled(100)
    studio.report()
    studio.reset()
    assert studio.kept._watch.owners() == set()
    studio.report()
    assert len(studio.kept._watch.owners()) == 1  # the state
    assert studio.kept._slots == {}


def question_record() -> Question:
    return Question("a", "input_question", "How much?", [{"answer": "1", "correct": True}])


def test_a_watched_thing_seems_the_same() -> None:
    thing, plain = question_record(), question_record()
    Watch().add("owner", [thing])
    assert (thing == plain, plain == thing, thing == "x", repr(thing) == repr(plain)) == (True, True, False, True)
    assert (isinstance(thing, Question), vars(thing) == vars(plain), replace(thing) == plain) == (True, True, True)
    thing.question = "How many?"
    assert (type(thing) is Question, thing == plain, plain == thing) == (True, False, False)


@pytest.mark.parametrize(
    "change",
    [
        lambda thing: setattr(thing, "question", "How much?"),
        lambda thing: setattr(thing, "answers", []),
        lambda thing: thing.answers.clear(),
        lambda thing: thing.answers[0].update(correct=1),
        lambda thing: thing.answers[0].update(answer=["1"]),
        lambda thing: thing.hints.append(thing.hints),
        lambda thing: thing.files.append(File("1", "2", "pdf", "2.pdf")),
    ],
)
def test_a_watch_notices_any_change_once(change: Callable[[Question], object]) -> None:
    thing, watch = question_record(), Watch()
    watch.add("owner", [thing])
    assert watch.take_changed() == set()
    change(thing)
    assert watch.take_changed() == {"owner"}
    assert watch.take_changed() == set()
    assert "owner" not in watch


def test_a_shared_thing_changes_all_its_owners() -> None:
    thing, first, second = question_record(), Watch(), Watch()
    first.add("one", [thing])
    first.add("two", [thing])
    second.add("three", [thing])
    thing.question = "?"
    assert (first.take_changed(), second.take_changed()) == ({"one", "two"}, {"three"})
    first.add("two", [thing])
    thing.question = "!"
    assert (first.take_changed(), second.take_changed()) == ({"two"}, set())


def test_what_nests_too_deep_or_is_unknown_counts_as_changed() -> None:
    nested: list[Any] = []
    for _ in range(100):
        nested = [nested]
    for value in (nested, [object()], [Watch]):
        watch = Watch()
        watch.add("owner", (), [value])
        assert watch.take_changed() == {"owner"}
    watch = Watch()
    watch.add("owner", (), [[float("nan"), 1, 1.0, True, None, "x", b"x", (1, [2]), {3}, {"a": {}}]])
    assert watch.take_changed() == set()
