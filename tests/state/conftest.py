"""The chef's account, Studios to save, and Studios to load into."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fake_studio import Studio
from fake_studio.core.model import Node, User
from support.chefs_driver import CHANNEL, STRICT, an_id, channel_data, node_data
from support.snapshots_driver import (
    DOCUMENT,
    PICTURE,
    a_copy,
    a_document,
    an_upload,
    cook,
    every_kind,
    finish,
    publish,
    upload,
)

PEOPLE = (User(1, "chef@example.org", "1" * 40), User(2, "admin@example.org", "2" * 40, is_admin=True))
SEED, OTHER_CHANNEL = 3, "d" * 32


@pytest.fixture
def user(users: dict[str, User], studio: Studio) -> User:
    """The chef's account, as the Studio has it."""
    return studio.state.users[users["chef"].id]


@pytest.fixture
def root(studio: Studio, user: User) -> Node:
    """The root of an empty chef tree."""
    channel = studio.create_channel(user, channel_data(), strictness=STRICT, keep_shell=True)
    found = channel.root("chef")
    assert found is not None
    return found


@pytest.fixture
def other() -> Iterator[Studio]:
    """A Studio with the same seed and something of its own."""
    studio = Studio([User(9, "nobody@example.org", "9" * 40)], seed=SEED)
    studio.storage.put(b"its own", "own.pdf", "application/pdf")
    cook(studio, "f" * 32, [node_data()])
    yield studio
    studio.close()


@pytest.fixture
def rich() -> Iterator[Studio]:
    """Nodes of every kind, two published versions, all five trees, a deleted channel, and a run that is under way."""
    studio = Studio(PEOPLE, seed=SEED)
    upload(studio, DOCUMENT, "pdf")
    upload(studio, PICTURE, "png")
    for notes, nodes in (("First", [a_document()]), ("Second", every_kind())):
        cook(studio, CHANNEL, nodes)
        finish(studio, CHANNEL, stage=False)
        publish(studio, CHANNEL, notes)
    cook(studio, CHANNEL, every_kind())
    finish(studio, CHANNEL, stage=True)
    cook(studio, OTHER_CHANNEL, [a_copy(), a_document()])
    finish(studio, OTHER_CHANNEL, stage=True)
    studio.delete_channel(OTHER_CHANNEL)
    cook(studio, CHANNEL, [a_document(odd="half a pair: \ud800, and \N{SNOWMAN}"), a_document()])
    studio.upload_url(studio.users[0], an_upload())
    studio.state.checksums.add(an_id("a file whose node was thrown away"))
    yield studio
    studio.close()
