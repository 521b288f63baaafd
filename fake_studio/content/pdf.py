"""PDF: whether a viewer opens it. It must begin as one, have an end, need no password, and have a page."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from fake_studio.content.bounded import BoundedStream, LimitMet, bytes_at, size_of
from fake_studio.content.flaw import Flaw, Inspection

_FRONT = 1024  # bytes in which viewers look for %PDF
_TAIL = 1024 * 1024  # bytes in which the end is looked for: some servers append things
_DEEP = 100  # levels of the tree of pages
_REPAIRED = 32 * 1024 * 1024  # bytes of a PDF whose objects are looked for
_NO_TABLE = b"\nstartxref\n0\n%%EOF\n"
_LINEARIZED = re.compile(rb"/Linearized\b.{0,200}?/L\s+(\d+)", re.DOTALL)
_SEE_NOTHING = "learners see an error page"


def inspect_pdf(stream: BinaryIO) -> Inspection:
    """What keeps a PDF from being opened. A password that only guards printing and copying does not."""
    size = size_of(stream)
    if not size:
        return Inspection((Flaw("file-empty", f"It has 0 bytes: {_SEE_NOTHING}."),))
    front = stream.read(_FRONT)
    if b"%PDF" not in front:
        return Inspection((Flaw("file-extension-differs", f"It does not begin with %PDF: {_SEE_NOTHING}."),))
    if _is_cut(front, bytes_at(stream, size - _TAIL, _TAIL), size):
        return Inspection((_damage("it is cut short, its end is missing"),))
    return _read(stream)


def _is_cut(front: bytes, tail: bytes, size: int) -> bool:
    linearized = _LINEARIZED.search(front)
    return b"startxref" not in tail or bool(linearized and int(linearized[1]) > size)


def _damage(reason: str) -> Flaw:
    return Flaw("document-unreadable", f"The PDF is damaged: {reason}. {_SEE_NOTHING.capitalize()}.")


def _read(stream: BinaryIO) -> Inspection:
    try:
        import pypdf
        from pypdf.errors import DependencyError
    except ImportError:
        return Inspection(unchecked=("Whether PDFs open was not checked: pypdf is not installed.",))
    logging.getLogger("pypdf").addHandler(logging.NullHandler())  # else its warnings go to the chef's terminal
    try:
        return Inspection(tuple(_flaws_of(pypdf.PdfReader, stream)))
    except LimitMet:
        return Inspection(unchecked=("The PDF takes too long to read: whether it opens was not checked.",))
    except DependencyError:
        return Inspection(unchecked=("Whether the PDF needs a password was not checked: install cryptography.",))
    except RecursionError:
        return Inspection((_damage("its objects are nested too deeply"),))
    except (AttributeError, LookupError, TypeError):  # of objects that are not there
        return Inspection((_damage("its pages cannot be found"),))
    except Exception as error:  # pypdf lets errors of all kinds through for broken objects
        return Inspection((_damage(f"{error!s:.120}"),))


def _flaws_of(read: Callable[..., Any], stream: BinaryIO) -> list[Flaw]:
    """What is wrong with a PDF. Where its table of objects is broken, viewers look for the objects themselves."""
    from pypdf.errors import DependencyError

    try:
        return list(_flaws(read(BoundedStream(stream), strict=False)))
    except (LimitMet, DependencyError, RecursionError):
        raise
    except Exception:
        if size_of(stream) > _REPAIRED:
            raise
    content = stream.read()
    return list(_flaws(read(BoundedStream(io.BytesIO(content[content.find(b"%PDF") :] + _NO_TABLE)), strict=False)))


def _flaws(reader: Any) -> Iterator[Flaw]:
    if reader.is_encrypted and not reader.decrypt(""):
        yield Flaw("document-locked", "The PDF needs a password: learners cannot open it. Save it without one.")
    elif not _has_page(reader):
        yield _damage("it has no page")


def _has_page(reader: Any) -> bool:
    """Whether the first page can be reached. The tree is walked by hand: pypdf reads all pages for it, for seconds."""
    node = reader.trailer["/Root"]["/Pages"].get_object()
    for _ in range(_DEEP):
        kids = node.get("/Kids")
        if kids is None:
            return node.get("/Type", "/Page") == "/Page" and ("/MediaBox" in node or "/Parent" in node)
        kids = kids.get_object()
        if not kids:
            return False
        node = kids[0].get_object()
    return False
