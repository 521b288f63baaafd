"""Lists of pictures: read as browsers do, checked as Studio does, in time that grows with their length only."""

from __future__ import annotations

import time

import pytest

from fake_studio.srcset import addresses_in, parse_pictures


@pytest.mark.parametrize(
    ("srcset", "addresses"),
    [
        ("a.png", ["a.png"]),
        ("a.png 1x,b.png 2x", ["a.png", "b.png"]),
        (" a.png 320w , b.png\n640w,", ["a.png", "b.png"]),
        ("a.png, b.png 2x", ["a.png", "b.png"]),
        ("data:image/png;base64,AA== 1x, b,c.png 2x", ["data:image/png;base64,AA==", "b,c.png"]),
        ("", []),
        (" , ,", []),
    ],
)
def test_addresses_as_browsers_read_them(srcset: str, addresses: list[str]) -> None:
    assert addresses_in(srcset) == addresses


@pytest.mark.parametrize(
    ("srcset", "addresses"),
    [
        ("a.png 1x", ["a.png"]),
        ("a.png 1.5x 320w,\n b.png .5x", ["a.png", "b.png"]),
        ("data:,a 1x", ["data:,a"]),
        ("data:text/plain,a, b 1x, c.png 2x", ["data:text/plain,a,"]),
        ("data:text/plain,a, b 1x,\nc.png 2x", ["data:text/plain,a,", "c.png"]),
        (f"{'data:,a 1x, ' * 50}b.png 2x", ["data:,a"]),
    ],
)
def test_pictures_as_studio_checks_them(srcset: str, addresses: list[str]) -> None:
    assert parse_pictures(srcset) == addresses


@pytest.mark.parametrize(
    "srcset", ["a.png", "a.png 1x,", "a.png 1x b.png 2x", "a.png 1", "data:,a", "a.png, b 1x", ", a 1x"]
)
def test_lists_that_studio_rejects(srcset: str) -> None:
    with pytest.raises(ValueError, match="width or density"):
        parse_pictures(srcset)


@pytest.mark.parametrize(
    "piece", ["data:,a 1x, ", "data:,\n1x ", "1x ", "a 1x ", "a 1x,", " ,", "data:,a,", " 1x\n", "a "]
)
def test_long_lists_cost_little(piece: str) -> None:
    srcset = piece * (200_000 // len(piece)) + "z"
    began = time.thread_time()
    addresses_in(srcset)
    with pytest.raises(ValueError, match="width or density"):
        parse_pictures(srcset)
    assert time.thread_time() - began < 1
