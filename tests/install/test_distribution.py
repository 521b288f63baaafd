"""What is released: the source distribution has all that its tests need, the wheel has what a user needs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import default as modern
from pathlib import Path
from typing import Any

import pytest

from support.inner import pytest_command

ROOT = Path(__file__).parents[2]
# Of the repository, and not of a release.
NOT_RELEASED = {".github", ".gitlab-ci.yml"}
BUILD = "import sys; from setuptools import build_meta; getattr(build_meta, sys.argv[1])(sys.argv[2])"


def build(source: Path, kind: str, target: Path) -> Path:
    """The file that setuptools makes; skips where it cannot."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD, f"build_{kind}", str(target)], cwd=source, capture_output=True, text=True
    )
    if "invalid command 'bdist_wheel'" in done.stderr:
        pytest.skip("this setuptools makes no wheels: pip install 'setuptools>=70.1'")
    assert done.returncode == 0, done.stderr
    [made] = target.iterdir()
    return made


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked source distribution. It is made from a copy: building leaves things behind."""
    folder = tmp_path_factory.mktemp("sdist")
    copy = folder / "copy"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*_cache", ".venv", ".git", ".hypothesis", "*.egg-info"))
    (folder / "made").mkdir()
    with tarfile.open(build(copy, "sdist", folder / "made")) as archive:
        archive.extractall(folder)
    return next(folder.glob("fake[_-]studio-*"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel that is built from it."""
    with zipfile.ZipFile(build(sdist, "wheel", tmp_path_factory.mktemp("wheel"))) as archive:
        yield archive


def committed() -> set[str]:
    git = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if git.returncode:
        pytest.skip("this is no checkout")
    return {name for name in git.stdout.split("\0") if name and (ROOT / name).exists()}


def test_every_file_of_the_repository_is_released(sdist: Path) -> None:
    missing = {name for name in committed() if not (sdist / name).is_file()}
    assert {name for name in missing if name.partition("/")[0] not in NOT_RELEASED} == set()


def test_no_file_of_the_repository_is_a_link() -> None:
    """Windows makes a file of it that has a path in it."""
    assert [name for name in committed() if (ROOT / name).is_symlink()] == []


def test_names_that_windows_can_have() -> None:
    names = committed()
    assert [name for name in names if re.search(r'[<>:"\\|?*\x00-\x1f]|[ .](/|$)', name)] == []
    assert len({name.lower() for name in names}) == len(names)
    assert [name for name in names if Path(name).stem.lower() in ("con", "prn", "aux", "nul")] == []


def test_tests_run_from_it(sdist: Path) -> None:
    few = ["tests/contract/test_scenario.py", "tests/state/test_ids.py", "tests/plugin/test_fixtures.py"]
    chosen = "-k=(scenario or ids or session) and not beside"
    command = [*pytest_command(sys.executable), "-q", chosen, *few]
    done = subprocess.run(command, cwd=sdist, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_a_wheel_has_data_docs_and_no_tests(wheel: zipfile.ZipFile) -> None:
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert {name.partition("/")[0] for name in names} == {"fake_studio"}
    package = {name for name in committed() if name.startswith("fake_studio/")}
    assert package - names == set()
    assert {f"fake_studio/{name}" for name in committed() if name.startswith("docs/")} - names == set()


def test_metadata(wheel: zipfile.ZipFile) -> None:
    [name] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    metadata: Any = BytesParser(policy=modern).parsebytes(wheel.read(name))
    assert {"ricecooker", "kolibri", "pytest"} <= set(metadata["Keywords"].split(","))
    text = metadata.get_payload()
    assert "fake-studio cook" in text
    assert re.findall(r"\]\((?!https?:)[^)]*\)", text) == [], "on PyPI these links lead nowhere"
