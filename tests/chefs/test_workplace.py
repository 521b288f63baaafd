"""Where a chef works: in its own folder as by hand, with what it fetched from run to run, and two at a time apart."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from fake_studio import FakeStudio
from fake_studio.cooking.cooked import ChefResult
from fake_studio.cooking.inside import sitecustomize as inside
from fake_studio.cooking.workplace import kitchens_of, open_workplace
from support.warm_python import warm_python

CHEFS = Path(__file__).parents[2] / "fixtures" / "chefs"
CHEF = f"""
import sys, tempfile, time
sys.path.insert(0, {str(CHEFS)!r})
from pathlib import Path
from small import SmallChef

class Chef(SmallChef):
    def construct_channel(self, **kwargs):
        print("recipe:", Path("recipe.txt").read_text(), Path("../shelf.txt").read_text())
        print("cached:", Path(".webcache").exists())
        Path(".webcache").write_text("page")
        print("temp:", tempfile.mkdtemp())
        return super().construct_channel(**kwargs)

if __name__ == "__main__":
    Chef().main()
"""


@pytest.fixture
def fake() -> Iterator[FakeStudio]:
    with FakeStudio() as made:
        yield made


@pytest.fixture
def chef(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "recipe.txt").write_text("salt")
    (tmp_path / "shelf.txt").write_text("pepper")
    (folder / "chef.py").write_text(CHEF)
    return folder / "chef.py"


def said(cooked: ChefResult, word: str) -> str:
    return next(line.partition(": ")[2] for line in cooked.output if line.startswith(f"{word}: "))


def test_as_by_hand(fake: FakeStudio, chef: Path) -> None:
    first = fake.cook(chef)
    first.assert_ok()
    assert said(first, "recipe") == "salt pepper"
    assert said(first, "cached") == "False"
    assert not Path(said(first, "temp")).exists()
    second = fake.cook(chef, python=warm_python())
    second.assert_ok()
    assert said(second, "cached") == "True"
    assert not any("Initiating DOWNLOAD" in line for line in second.output), "ricecooker's cache lives too"
    assert {path.name for path in chef.parent.iterdir()} == {"chef.py", "recipe.txt", ".webcache"}
    assert {path.name for path in first.folder.iterdir()} >= {"storage", "chefdata", "logs", ".ricecookerfilecache"}
    assert (first.declared[0]["id"], first.run.folder) == (second.declared[0]["id"], str(chef.parent))


def test_nothing_is_left_in_the_temporary_folder(
    chef: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    temp = tmp_path_factory.mktemp("temp")
    monkeypatch.setattr(tempfile, "tempdir", str(temp))
    monkeypatch.setenv("TMPDIR", str(temp))
    with FakeStudio() as fake:
        fake.cook(chef, python=warm_python()).assert_ok()
    assert list(temp.iterdir()) == []


def test_a_folder_to_work_in(fake: FakeStudio, chef: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "recipe.txt").write_text("sugar")
    cooked = fake.cook(chef, python=warm_python(), folder=other)
    assert said(cooked, "recipe") == "sugar pepper"
    assert (cooked.folder, (other / "storage").is_dir(), bool(cooked.declared)) == (other, True, True)
    assert not (other / ".ricecooker-temp").exists()


def test_two_at_a_time(chef: Path) -> None:
    outcomes: list[ChefResult] = []

    def run() -> None:
        with FakeStudio() as fake:
            cooked = fake.cook(chef, python=warm_python())
            cooked.assert_ok()
            outcomes.append(cooked)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 2
    assert outcomes[0].folder != outcomes[1].folder


def test_kitchens(tmp_path: Path) -> None:
    chef = tmp_path / "chef.py"
    (tmp_path / "storage").mkdir()
    (tmp_path / "storage" / "film.mp4").write_text("by hand")
    with open_workplace(chef) as one, open_workplace(chef) as other:
        assert one.kitchen != other.kitchen
        assert one.folder == other.folder == tmp_path
        assert (one.kitchen / "storage" / "film.mp4").read_text() == "by hand"
    with open_workplace(chef) as again:
        assert again.kitchen == one.kitchen == kitchens_of(chef) / "0"


def test_a_cache_folder_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with open_workplace(tmp_path / "chef.py") as place:
        assert place.kitchen.is_dir()
    assert not place.kitchen.exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or sys.platform == "win32", reason="symbolic links")
def test_a_folder_that_nobody_may_write_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "recipe.txt").write_text("salt")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with open_workplace(tmp_path / "chef.py") as place:
        assert place.folder != tmp_path
        assert (place.folder / "recipe.txt").read_text() == "salt"


def test_another_ricecooker_has_a_cache_of_its_own(tmp_path: Path) -> None:
    """One takes from the cache what another made of a file, and would let pass what it refuses itself."""
    caches = []
    for place in ("old", "new", "old"):
        config = SimpleNamespace(__file__=str(tmp_path / place / "config.py"))
        inside.redirect(config, str(tmp_path / "kitchen"), {})
        caches.append(config.FILECACHE_DIRECTORY)
    assert caches[0] == caches[2] == str(tmp_path / "kitchen" / ".ricecookerfilecache")
    assert caches[1] != caches[0]
