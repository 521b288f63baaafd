"""Random conversations: what a chef would send, with one or more parts of it made odd, and looks at what became of it.

By hand, at any size: python tests/support/conversations.py REQUESTS [SEED]
"""

from __future__ import annotations

import copy
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from flask import url_for
from werkzeug.test import TestResponse

from fake_studio import Studio, create_app
from fake_studio.core.model import User
from fake_studio.core.uploads import media_type_of
from support.chefs_driver import an_id, channel_data, exercise_data, file_data, md5, node_data, question_data

Json = Any

TOKENS = {"chef": "1" * 40, "other": "2" * 40, "admin": "3" * 40, "nobody": "9" * 40}
STATUSES = {200, 400, 401, 403, 404, 405, 406, 412, 413, 415, 500}
BUG = "fake_studio itself failed"
PDF, PNG = (
    b"a document",
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63f8cfc0000003010100c9fe92ef"
        "0000000049454e44ae426082"
    ),
)
CHANNELS = ("c" * 32, "d" * 32, "", "no-uuid", "0" * 32)
QTI = (
    '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t" adaptive="false"'
    ' time-dependent="false"><qti-response-declaration identifier="RESPONSE" cardinality="single" '
    'base-type="identifier"/><qti-item-body><p>?</p><img src="x"/></qti-item-body></qti-assessment-item>'
)
DEEP: Json = None
for _ in range(60):
    DEEP = [DEEP, {"a": DEEP}] if len(str(DEEP)) < 200 else [DEEP]

ODD: list[Json] = [
    *(None, True, False, 0, 1, -1, 2**31, -(2**31) - 1, 2**63, 10**40, 0.5, -0.0, 1e20, 1e300, 1e-7),
    *(float("nan"), float("inf"), float("-inf"), "", " ", "a", "\x00", "\ud800", "ü", "a" * 33, "b" * 201, "c" * 401),
    *("null", "[]", "{}", '""', "0", '"x"', "[1]", "[{}]", '{"a": NaN}', '[{"answer": 1}]', "{"),
    *("en", "zz", "e-", "en_US", "x" * 15, "../../etc/passwd", "a/b", "%2e", "<b>&amp;</b>", "$$x$$", "![](a.png)"),
    *("http://example.org", "a\tb\n", an_id("t"), an_id("t").upper(), CHANNELS[0], "topic", "exercise", "slideshow"),
    *([], {}, [None], [[]], [{}], ["x"], {"a": 1}, {"options": []}, {"options": {"completion_criteria": []}}, DEEP),
    *([1, "1", True], {"": ""}, ["a"] * 50, '{"options": {"modality": "UNIT"}}', '{"slideshow_data": null}', QTI, "<a"),
    '{"slideshow_data": [{"sort_order": 1}]}',
]


def nodes(chance: random.Random, channel: str) -> Iterator[Json]:
    """Some nodes as a chef sends them, of every sort."""
    kinds = ("topic", "document", "html5", "video", "audio", "h5p", "zim")
    word = str(chance.randrange(30))
    yield node_data(word, chance.choice(kinds), files=[file_data(PDF, "pdf", "document")] * chance.randrange(2))
    yield node_data(
        f"d{word}", "document", files=[file_data(PNG, "png", "document_thumbnail"), file_data(PDF, "pdf", "")]
    )
    slides = [{"sort_order": 1, "caption": "", "descriptive_text": "", "checksum": md5(PNG), "extension": "png"}]
    images = [file_data(PNG, "png", "slideshow_image")]
    yield node_data(f"s{word}", "slideshow", files=images, extra_fields=json.dumps({"slideshow_data": slides}))
    questions = [question_data(f"{kind}{word}", kind) for kind in ("single_selection", "input_question", "true_false")]
    questions += [question_data("p", "perseus_question", raw_data="{}"), question_data("n", "QTI", raw_data=QTI)]
    image = f"![](${{☣ CONTENTSTORAGE}}/{md5(PNG)}.png)"
    questions += [question_data("i", "multiple_selection", question=image, hints='[{"hint": "h", "order": 1}]')]
    yield exercise_data(*chance.sample(questions, chance.randint(1, 4)), node_id=an_id(f"e{word}"))
    yield {"source_channel_id": channel, "source_node_id": an_id(word), "node_id": an_id(f"r{word}"), "title": "Copy"}


def places(value: Json) -> Iterator[tuple[Json, Any]]:
    """Every place inside of JSON data: what holds it, and its key there."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


def made_odd(chance: random.Random, body: Json) -> Json:
    """The body with one to three parts replaced, left out, or put in beside what is there."""
    body = copy.deepcopy(body)
    for _ in range(chance.choice((0, 0, 1, 1, 1, 2, 3))):
        found = list(places(body))
        if not found or chance.random() < 0.02:
            return chance.choice(ODD)
        holder, key = chance.choice(found)
        if chance.random() < 0.1:
            del holder[key]
        elif isinstance(holder[key], str) and holder[key][:1] in ("{", "[") and chance.random() < 0.5:
            holder[key] = in_json(chance, holder[key])
        else:
            holder[key] = copy.deepcopy(chance.choice(ODD))
        if isinstance(holder, dict) and chance.random() < 0.05:
            holder[chance.choice(("language", "files", "extra", "source_channel_id", "type"))] = chance.choice(ODD)
    return body


def in_json(chance: random.Random, text: str) -> Json:
    """A string of JSON with something odd in it."""
    try:
        return json.dumps(made_odd(chance, json.loads(text)))
    except ValueError:
        return text


class Conversation:
    """One Studio, and what a generator of chance says to it. `wrong` are the answers that Studio would never give."""

    def __init__(self, seed: int, dialect: str = "deployed") -> None:
        roles = [role for role in TOKENS if role != "nobody"]
        users = [User(n, role, TOKENS[role], is_admin=role == "admin") for n, role in enumerate(roles, 1)]
        self.studio = Studio(users, seed=seed)
        self.client = create_app(self.studio, dialect=dialect).test_client()
        self.chance = random.Random(seed)
        self.wrong: list[str] = []
        for content, extension in ((PDF, "pdf"), (PNG, "png")):
            name = f"{md5(content)}.{extension}"
            self.studio.storage.put(content, name, media_type_of(name), 1)

    def say(self, number: int) -> None:
        """Send a number of requests, one after the other."""
        says = (self.create, self.add, self.ask, self.upload, self.finish, self.act)
        for _ in range(number):
            self.chance.choices(says, (2, 20, 3, 2, 1, 1))[0]()

    def post(self, path: str, body: Json, *, odd: bool = True) -> None:
        """One request of the API, whose status must be one of Studio's."""
        role = self.chance.choices(list(TOKENS), (20, 1, 1, 1))[0]
        sent = made_odd(self.chance, body) if odd else body
        query = self.chance.choice(("",) * 30 + ("?format=json", "?format=xml", "?format="))
        answer = self.client.post(
            path + query,
            data=json.dumps(sent).encode(),
            content_type="application/json",
            headers={"Authorization": f"Token {TOKENS[role]}"},
        )
        self.judge(f"POST {path} {json.dumps(sent)[:2000]}", answer, STATUSES)

    def judge(self, asked: str, answer: TestResponse, statuses: set[int]) -> None:
        """Note an answer that is none of those that may come."""
        text = answer.get_data(as_text=True)
        if answer.status_code not in statuses or BUG in text:
            self.wrong.append(f"{asked}: {answer.status_code} {text[:200]!r}")
        answer.close()

    def create(self) -> None:
        data = channel_data(id=self.chance.choice(CHANNELS), files=[file_data(PNG, "png", "channel_thumbnail")])
        self.post("/api/internal/create_channel", {"channel_data": data})

    def add(self) -> None:
        some = list(nodes(self.chance, self.chance.choice(CHANNELS)))
        data = self.chance.sample(some, self.chance.randint(1, 3))
        self.post("/api/internal/add_nodes", {"root_id": self.parent(), "content_data": data})

    def parent(self) -> Json:
        """A topic that is there, as a rule."""
        channels = self.studio.state.channels.values()
        roots = [root for channel in channels for root in channel.trees.values() if root]
        topics = [node.id for root in roots for node in root.iter_tree() if node.kind == "topic"]
        return self.chance.choice([*topics[-20:], "0" * 32])

    def ask(self) -> None:
        channel = self.chance.choice(CHANNELS)
        path, body = self.chance.choice(
            (
                ("check_version", {"version": "0.7.3"}),
                ("file_diff", [f"{md5(PDF)}.pdf", "a.png"]),
                ("check_user_is_editor", {"channel_id": channel}),
                ("get_channel_status_bulk", {"channel_ids": [channel]}),
                ("get_tree_data", {"channel_id": channel, "tree": "main"}),
                ("get_node_tree_data", {"channel_id": channel, "tree": "chef", "node_id": an_id("1")}),
                ("authenticate_user_internal", {}),
            )
        )
        self.post(f"/api/internal/{path}", body)

    def upload(self) -> None:
        body = {"size": 3, "checksum": md5(PNG), "name": "a.png", "file_format": "png", "preset": "exercise_image"}
        self.post("/api/file/upload_url", {**body, "duration": None})

    def finish(self) -> None:
        channel = self.chance.choice(CHANNELS)
        self.post("/api/internal/finish_channel", {"channel_id": channel}, odd=self.chance.random() < 0.3)
        self.post("/api/internal/publish_channel", {"channel_id": channel, "version_notes": "n"})

    def act(self) -> None:
        """What a person does: every channel deployed and published, whatever comes of it."""
        for channel in list(self.studio.state.channels.values()):
            for deed in ("deploy", "publish"):
                self.look("POST", f"/_fake/channels/{channel.id}/{deed}", {200, 400, 403, 404, 405})

    def look(self, method: str, path: str, statuses: set[int]) -> None:
        self.judge(f"{method} {path}", self.client.open(path, method=method), statuses)

    def look_at_everything(self) -> None:
        """Every report, page and route of inspection must still answer."""
        for path in self.paths():
            self.look("GET", path, {200})

    def paths(self) -> Iterator[str]:
        """What there is to look at."""
        yield from ("/_fake/report", "/_fake/report?strict=1", "/_fake/channels", "/_fake/files", "/_fake/snapshot")
        yield from ("/_fake/requests", "/_fake/users", "/_fake/health", "/api/public/v1/channels", "/api/public/infox")
        yield from ("/", "/requests", "/faults", "/settings", "/pulse", "/api-reference")
        last = self.studio.journal.entries()[-8:]
        yield from (f"/{start}requests/{entry.number}" for entry in last for start in ("", "_fake/"))
        for channel in self.studio.state.channels.values():
            if channel.id:
                yield from self.paths_of(channel)

    def preview_of(self, channel_id: str, node_id: str) -> str:
        with self.client.application.test_request_context():
            return url_for("previews.exercise", channel_id=channel_id, node_id=node_id)

    def paths_of(self, channel: Any) -> Iterator[str]:
        known, base = f"/_fake/channels/{channel.id}", f"/channels/{channel.id}"
        yield from (known, f"{known}/findings", f"{known}/tree?format=text", f"{known}/diff?from=main&to=trash")
        yield from (base, f"{base}/compare", f"/api/public/channel/{channel.id}", f"{base}?q=a&kind=topic")
        for name, root in channel.trees.items():
            below = list(root.iter_tree())[:40] if root else []
            yield from ([f"{known}/tree?tree={name}"] if root else [])
            for node in self.chance.sample(below, min(6, len(below))):
                yield from (f"/_fake/nodes/{node.id}", f"{base}/nodes/{node.id}", f"{base}/nodes/{node.id}/children")
                if node.kind == "exercise":
                    yield self.preview_of(channel.id, node.id)


def converse(
    seed: int, requests: int, *, look_every: int = 60, say: Callable[[str], object] = lambda _: None
) -> list[str]:
    """Hold a conversation; returns what was wrong in it."""
    talk = Conversation(seed)
    try:
        while requests > 0 and len(talk.wrong) < 20:
            talk.say(min(requests, look_every))
            requests -= look_every
            talk.look_at_everything()
            say(f"{requests} to go, {len(talk.wrong)} wrong, {len(talk.studio.state.nodes)} nodes")
        return talk.wrong
    finally:
        talk.studio.close()


if __name__ == "__main__":
    print("\n".join(converse(int((sys.argv[2:] or ["1"])[0]), int(sys.argv[1]), say=print)) or "Nothing was wrong.")
