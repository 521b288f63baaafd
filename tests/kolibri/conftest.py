"""A real Kolibri, and a channel cooked over HTTP for it to import."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fake_studio import FakeStudio
from fake_studio.publishing import shown_token
from support.kitchen import CHANNEL, Cook
from support.kolibri_home import Kolibri, kolibri_at, new_home
from support.kolibri_installed import kolibri_python


@pytest.fixture(scope="module")
def server() -> Iterator[FakeStudio]:
    with FakeStudio() as server:
        yield server


@pytest.fixture(scope="module")
def cook(server: FakeStudio) -> Cook:
    return Cook(server)


@pytest.fixture(scope="module")
def kolibri(server: FakeStudio, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kolibri]:
    """A Kolibri into which nothing was imported."""
    python = kolibri_python()
    if python is None:
        pytest.skip("Kolibri is not installed: pip install 'fake-studio[kolibri]', or set FAKE_STUDIO_KOLIBRI")
    with kolibri_at(python, new_home(python, tmp_path_factory), server.url) as kolibri:
        yield kolibri


@pytest.fixture(scope="module")
def token(cook: Cook) -> str:
    return shown_token(cook.server.channel(CHANNEL).to_dict()["tokens"][0])
