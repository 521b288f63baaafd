"""What Studio holds: users, channels, nodes, questions, slides, files. Data only; the rules are elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, fields
from itertools import chain
from operator import attrgetter
from typing import Any, Optional


@dataclass
class PublishJob:
    """One publish of a channel: ``state`` is ``queued``, ``running``, ``done``, ``unchanged`` or ``failed``.

    ``cause`` says why it failed; ``left_out`` are the nodes that did not reach the database as they were sent, each
    with its ``node_id``, ``title`` and the ``reason``.
    """

    version: int
    version_notes: Any = None
    state: str = "queued"
    cause: Optional[str] = None
    left_out: list[dict[str, str]] = field(default_factory=list)
    done: Future[None] = field(default_factory=Future, repr=False)

    @property
    def is_over(self) -> bool:
        """Whether it has come to an end, good or bad."""
        return self.state not in ("queued", "running")

    def to_dict(self) -> dict[str, Any]:
        """As plain data: ``version``, ``version_notes``, ``state``, ``cause`` and ``left_out``."""
        return {name: value for name, value in vars(self).items() if name != "done"}


Json = Any
JsonDict = dict[str, Any]

LABELS = (
    *("grade_levels", "resource_types", "learning_activities"),
    *("accessibility_labels", "categories", "learner_needs"),
)
# What there are very many of has slots: a node of more than thirty fields would have a table of its own otherwise, of
# 2 KiB. Python 3.9 cannot make them.
_SLOTS: dict[str, bool] = {"slots": True} if sys.version_info >= (3, 10) else {}

# Studio's trees by where they stand in a channel's life; trash is there from the beginning, as in Studio.
TREES = ("chef", "staging", "main", "previous", "trash")


@dataclass
class User:
    """An account. ``disk_space`` is in bytes; ``staged_files`` maps a checksum to the bytes that file_upload took."""

    id: int
    username: str
    token: str
    first_name: str = ""
    last_name: str = ""
    is_admin: bool = False
    is_active: bool = True
    disk_space: float = 500 * 1024 * 1024
    staged_files: dict[str, int] = field(default_factory=dict)


@dataclass(**_SLOTS)
class File:
    """A reference to stored bytes: from a node, a question, a slide, or (after upload_url) from nothing yet.

    ``name`` is the object's name in storage, ``<checksum>.<extension>``; ``size`` (bytes) is what the chef announced.
    ``duration`` is in seconds, ``uploaded_by`` a user's id. ``generated`` ones were made by Studio at a publish, and
    hang on their node since.
    """

    id: str
    checksum: str
    extension: str
    name: str
    size: Optional[int] = None
    preset: Optional[str] = None
    language: Optional[str] = None
    original_filename: str = "file"
    source_url: Optional[str] = None
    duration: Optional[int] = None
    uploaded_by: Optional[int] = None
    generated: bool = False


@dataclass
class Question:
    """One question of an exercise, in its chef's words; ``answers`` and ``hints`` are parsed, ``sent`` is verbatim.

    ``files`` are those that it shows; ``unlinked`` the names of those that Studio did not attach to it.
    """

    assessment_id: str
    type: str
    question: str = ""
    answers: list[dict[str, Json]] = field(default_factory=list)
    hints: list[dict[str, Json]] = field(default_factory=list)
    raw_data: str = ""
    source_url: Optional[str] = None
    randomize: bool = False
    files: list[File] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)
    sent: dict[str, Json] = field(default_factory=dict)


@dataclass
class Slide:
    """One slide of a slideshow; its image is the node's file with the same checksum."""

    sort_order: float
    caption: Json = None
    descriptive_text: Json = None
    checksum: Json = None
    extension: Json = None
    files: list[File] = field(default_factory=list)


# No eq: two nodes are the same only if they are one object, and so they can stand in sets and as keys.
@dataclass(eq=False, **_SLOTS)
class Node:
    """A topic or a resource in one tree. ``id`` and ``number`` name it in this Studio, ``node_id`` in the channel.

    ``labels`` has the keys of ``LABELS`` that were sent; ``sent`` is the chef's own dict, whole. ``extra_fields`` is a
    dict, or what Studio takes for an empty one and keeps as it was sent: an empty list or text, or null.
    ``suggested_duration`` is in seconds, ``created`` in seconds since 1970.
    """

    id: str
    number: int
    node_id: str
    content_id: str
    title: str
    kind: Optional[str]
    channel_id: str
    parent: Optional[Node] = None
    children: list[Node] = field(default_factory=list)
    sort_order: float = 1.0
    description: str = ""
    language: Optional[str] = None
    license: Optional[str] = None
    license_description: Optional[str] = ""
    copyright_holder: Optional[str] = ""
    author: Optional[str] = ""
    aggregator: Optional[str] = ""
    provider: Optional[str] = ""
    source_id: Optional[str] = None
    source_domain: Optional[str] = None
    role: str = "learner"
    tags: list[str] = field(default_factory=list)
    extra_fields: Json = field(default_factory=dict)
    labels: dict[str, list[str]] = field(default_factory=dict)
    suggested_duration: Optional[int] = None
    files: list[File] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    slides: list[Slide] = field(default_factory=list)
    source_channel_id: Optional[str] = None
    source_node_id: Optional[str] = None
    original_channel_id: Optional[str] = None
    original_source_node_id: Optional[str] = None
    changed: bool = True
    published: bool = False
    created: float = 0.0
    sent: dict[str, Json] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.title!r} {self.node_id}>"

    @property
    def options(self) -> dict[str, Json]:
        """The part of ``extra_fields`` that Kolibri reads: completion criteria, modality..."""
        # A list or a text has no options: what gets past the rules is empty then.
        fields = self.extra_fields or {}
        return fields.get("options") or {}

    @property
    def sent_files(self) -> list[File]:
        """Its own files without those that Studio made at a publish."""
        return [file for file in self.files if not file.generated]

    def shallow_copy(self) -> Node:
        """Another node with the same values, its parent and its children included."""
        return Node(*_values(self))

    def descendants(self) -> Iterator[Node]:
        """Every node below this one, parents before children, siblings in order."""
        # A stack and no recursion: a chef may nest deeper than Python's limit of a thousand calls.
        stack = list(reversed(self.children))
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def walk_with_depth(self) -> Iterator[tuple[Node, int]]:
        """The same nodes, each with how many stand between it and this one."""
        stack = [(child, 0) for child in reversed(self.children)]
        while stack:
            node, depth = stack.pop()
            yield node, depth
            stack.extend((child, depth + 1) for child in reversed(node.children))

    def iter_tree(self) -> Iterator[Node]:
        """This node and every node below it."""
        yield self
        yield from self.descendants()

    def ancestors(self) -> Iterator[Node]:
        """The nodes above this one, the nearest first, the root last."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def root(self) -> Node:
        """The root of the tree that this node stands in."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def all_files(self) -> Iterator[File]:
        """The node's own files, then those of its questions and slides."""
        if not self.questions and not self.slides:
            return iter(self.files)
        of_questions = (question.files for question in self.questions)
        return chain(self.files, *of_questions, *(slide.files for slide in self.slides))


# One call in C reads all fields: 2.4 microseconds a node, and 11 by copy.copy or dataclasses.replace.
_values = attrgetter(*(field_.name for field_ in fields(Node)))


@dataclass
class CookingRun:
    """One cooking of a channel, from create_channel on: what only shows while it happens. Times in seconds since 1970.

    ``stage`` is what finish_channel was asked for; ``overwritten`` are the fields of a published channel that changed
    at once, with the old and the new value; ``skipped`` the nodes that stood below their parent already; ``cut_short``
    the added nodes of each chunk whose last node was skipped; ``earlier`` is the root of the tree that was the newest
    before; ``lost`` are the findings about what the chef meant to send, ``meant_files`` the names of all its files.
    """

    user_id: int
    started: float
    finished: Optional[float] = None
    stage: Json = None
    published: bool = False
    overwritten: list[tuple[str, Json, Json]] = field(default_factory=list)
    skipped: list[Node] = field(default_factory=list)
    cut_short: list[list[Node]] = field(default_factory=list)
    earlier: Optional[Node] = None  # this and what follows is not in snapshots
    lost: Optional[list[Any]] = None  # of fake_studio.findings.Finding
    meant_files: Optional[set[str]] = None


@dataclass(eq=False)
class Channel:
    """A channel and its five trees. ``created`` and ``last_published`` are in seconds since 1970.

    ``published_versions`` maps a version to what was published as it: the fields of snapshot.schema.PublishedVersion,
    with the path of the database. ``publishing`` is the last publish, under way or over. ``sent`` is the chef's own
    channel_data, whole; ``run`` the last cooking.
    """

    id: str
    name: str = ""
    description: str = ""
    tagline: Optional[str] = None
    thumbnail: Optional[str] = None
    language: Optional[str] = None
    source_id: Optional[str] = None
    source_domain: Optional[str] = None
    source_url: Optional[str] = None
    ricecooker_version: Optional[str] = None
    editors: list[int] = field(default_factory=list)
    deleted: bool = False
    public: bool = False
    version: int = 0
    tokens: list[str] = field(default_factory=list)
    last_published: Optional[float] = None
    published_versions: dict[int, dict[str, Json]] = field(default_factory=dict)
    publishing: Optional[PublishJob] = None
    created: float = 0.0
    trees: dict[str, Optional[Node]] = field(default_factory=lambda: dict.fromkeys(TREES))
    sent: dict[str, Json] = field(default_factory=dict)
    run: Optional[CookingRun] = None

    def root(self, name: str) -> Optional[Node]:
        """The root of the tree ``chef``, ``staging``, ``main``, ``previous`` or ``trash``; None where there is none."""
        return self.trees.get(name)

    def tree_of(self, node: Node) -> Optional[str]:
        """The name of the tree that the node stands in, or None if it was thrown away."""
        root = node.root()
        return next((name for name, tree in self.trees.items() if tree is root), None)
