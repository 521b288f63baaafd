"""PDF: what a viewer opens passes; a password, a cut and a damage are said."""

from __future__ import annotations

import io
import time

import pypdf
import pytest

from fake_studio.content.pdf import inspect_pdf


def pdf(pages: int = 1) -> pypdf.PdfWriter:
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    return writer


def written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def locked(user: str, algorithm: str) -> bytes:
    writer = pdf()
    writer.encrypt(user, "the owner's", algorithm=algorithm)
    return written(writer)


def codes(content: bytes) -> list[str]:
    inspection = inspect_pdf(io.BytesIO(content))
    assert inspection.unchecked == ()
    return [flaw.code for flaw in inspection.flaws]


WHOLE = written(pdf())


def test_what_opens_has_no_flaw() -> None:
    for content in (WHOLE, b"\r\n junk of a server \r\n" + WHOLE, WHOLE + b"<!-- served by -->" * 500):
        assert codes(content) == []


def test_several_versions_in_one_file() -> None:
    old = io.BytesIO(WHOLE)
    writer = pypdf.PdfWriter(old, incremental=True)
    writer.add_metadata({"/Title": "Another"})
    assert codes(written(writer)) == []


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256"])
def test_only_a_password_that_learners_need_matters(algorithm: str) -> None:
    assert codes(locked("secret", algorithm)) == ["document-locked"]
    assert codes(locked("", algorithm)) == []


def test_what_viewers_repair_has_no_flaw() -> None:
    no_end = WHOLE[: WHOLE.rindex(b"%%EOF")]
    no_table = WHOLE.replace(b"xref\n0", b"zref\n0", 1)
    shifted = b"sent by a server\r\n" * 40 + WHOLE
    for content in (no_end, no_table, shifted, WHOLE.replace(b"/Type /Page\n", b"", 1), WHOLE.replace(b"\n", b"\r\n")):
        assert codes(content) == [], content[:80]


def test_what_is_no_pdf() -> None:
    assert codes(b"") == ["file-empty"]
    for content in (b"<!DOCTYPE html>", b" " * 2000 + WHOLE, b"PK\x03\x04"):
        assert codes(content) == ["file-extension-differs"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_half_a_download(share: float) -> None:
    content = written(pdf(50))
    assert codes(content[: int(len(content) * share)]) == ["document-unreadable"]


def test_half_of_a_pdf_that_is_made_for_the_web_has_an_end_and_is_cut_all_the_same() -> None:
    front = b"%PDF-1.4\n1 0 obj\n<< /Linearized 1 /L 99999 /H [ 1 2 ] >>\nendobj\n"
    assert codes(front + WHOLE[9:]) == ["document-unreadable"]


def test_damage_inside() -> None:
    no_pages = WHOLE.replace(b"/Pages", b"/Pogos")
    circle = WHOLE.replace(b"/Kids [ 4 0 R ]", b"/Kids [ 2 0 R ]")
    zeros = WHOLE[:60] + bytes(len(WHOLE) - 160) + WHOLE[-100:]
    for content in (no_pages, circle, zeros, written(pypdf.PdfWriter())):
        assert codes(content) == ["document-unreadable"]


def test_many_pages_cost_little() -> None:
    content = written(pdf(3000))
    begin = time.process_time()
    assert codes(content) == []
    assert time.process_time() - begin < 2


def test_without_the_library_it_is_said_that_nobody_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pypdf", None)
    inspection = inspect_pdf(io.BytesIO(locked("secret", "RC4-128")))
    assert (inspection.flaws, len(inspection.unchecked)) == ((), 1)
