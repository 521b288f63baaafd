"""Every block of every page does what the page says."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from support.docs_pages import PAGES, blocks, name_of, prose, text_of
from support.docs_reader import Reader
from support.kolibri_home import new_home
from support.kolibri_installed import kolibri_python
from support.warm_python import warm_python

LANGUAGES = {"python", "sh", "text", "json", "ini", "yaml"}
PROGRAMS = ("curl", "make")
COLD = ("docs/first-test.md",)  # one page is followed with a Python as users have it


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=name_of)
def test_a_page_is_followed(page: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    missing = [name for name in PROGRAMS if is_typed(name, page) and not shutil.which(name)]
    if missing:
        pytest.skip(f"there is no {missing[0]} here")
    python = sys.executable if name_of(page) in COLD else warm_python()
    kolibri = kolibri_command(tmp_path_factory) if is_typed("kolibri", page) else None
    reader = Reader(tmp_path, python, kolibri)
    try:
        reader.follow(blocks(page))
    finally:
        reader.leave()


def is_typed(program: str, page: Path) -> bool:
    return bool(re.search(rf"^{program} ", text_of(page), re.M))


def kolibri_command(folders: pytest.TempPathFactory) -> str | None:
    """What stands for ``kolibri``, if there is one: a home that is not there yet is copied, not made."""
    python = kolibri_python()
    if python is None:
        return None
    home = new_home(python, folders)
    return f'test -e "$KOLIBRI_HOME" || cp -r {home} "$KOLIBRI_HOME"; exec {python} -m kolibri "$@"'


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_block_escapes(page: Path) -> None:
    """Another language would not be run, and code that is only indented would not be seen."""
    assert {block.language for block in blocks(page)} <= LANGUAGES
    assert "```" not in prose(page)
    assert not re.search(r"^(?: {4}|\t)\S", prose(page), re.M)
