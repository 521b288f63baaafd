"""Every block of every page does what the page says."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from support.docs_pages import PAGES, blocks, name_of, prose, text_of
from support.docs_reader import Reader
from support.warm_python import warm_python

LANGUAGES = {"python", "sh", "text", "json", "ini", "yaml"}
PROGRAMS = ("curl", "make")
COLD = ("docs/first-test.md",)  # one page is followed with a Python as users have it


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=name_of)
def test_a_page_is_followed(page: Path, tmp_path: Path) -> None:
    missing = [name for name in PROGRAMS if re.search(rf"^{name} ", text_of(page), re.M) and not shutil.which(name)]
    if missing:
        pytest.skip(f"there is no {missing[0]} here")
    reader = Reader(tmp_path, sys.executable if name_of(page) in COLD else warm_python())
    try:
        reader.follow(blocks(page))
    finally:
        reader.leave()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_block_escapes(page: Path) -> None:
    """Another language would not be run, and code that is only indented would not be seen."""
    assert {block.language for block in blocks(page)} <= LANGUAGES
    assert "```" not in prose(page)
    assert not re.search(r"^(?: {4}|\t)\S", prose(page), re.M)
