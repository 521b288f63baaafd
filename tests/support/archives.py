"""Archives made for a test, and what an inspection says of them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from fake_studio.content.flaw import Inspection
from fake_studio.content.inspect import inspect_file

CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
CHAPTER = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>C</title>%s</head><body>%s</body></html>'


def pack(members: dict[str, Any], **options: Any) -> io.BytesIO:
    """A zip of bytes, texts, and data that is written as JSON."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content if isinstance(content, (bytes, str)) else json.dumps(content))
    return packed


def inspect(members: dict[str, Any], extension: str = "zip", entry: str | None = None) -> Inspection:
    """What an inspection finds in a zip of these members."""
    return inspect_file(pack(members), extension, entry=entry)


def app(body: str = "", head: str = "", **members: Any) -> dict[str, Any]:
    """The members of an HTML5 app with this page."""
    page = f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    return {"index.html": page, **members}


def lines(inspection: Inspection) -> list[str]:
    """Flaws as code and message."""
    return [f"{flaw.code}: {flaw.message}" for flaw in inspection.flaws]


def needs(*names: str) -> list[dict[str, Any]]:
    """Dependencies as H5P writes them, all of version 1.0."""
    return [{"machineName": name, "majorVersion": 1, "minorVersion": 0} for name in names]


def library(name: str, *before: str, **more: Any) -> dict[str, Any]:
    """The members of an H5P library with one script."""
    about = {**needs(name)[0], "preloadedDependencies": needs(*before), "preloadedJs": [{"path": "main.js"}], **more}
    return {f"{name}-1.0/library.json": about, f"{name}-1.0/main.js": "1"}


def package(content: Any, *libraries: dict[str, Any], depends: tuple[str, ...] = ("H5P.Main",)) -> dict[str, Any]:
    """The members of an H5P package."""
    about = {"title": "T", "mainLibrary": "H5P.Main", "preloadedDependencies": needs(*depends)}
    members: dict[str, Any] = {"h5p.json": about, "content/content.json": content}
    for more in libraries:
        members.update(more)
    return members


def book(chapters: dict[str, str], *, manifest: str = "", spine: str = "", **members: Any) -> dict[str, Any]:
    """The members of an EPUB with these chapters; ``manifest`` and ``spine`` are XML beside theirs."""
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(chapters)
    )
    refs = "".join(f'<itemref idref="i{number}"/>' for number in range(len(chapters)))
    package_file = (
        f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest>{items}{manifest}</manifest>'
        f"<spine>{refs}{spine}</spine></package>"
    )
    here = {"META-INF/container.xml": CONTAINER, "OEBPS/content.opf": package_file}
    return {**here, **{f"OEBPS/{name}": text for name, text in chapters.items()}, **members}


def encryption(algorithm: str) -> dict[str, str]:
    """The member that says what of an EPUB is encrypted."""
    text = f"""<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
    xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="{algorithm}"/>
    <enc:CipherData><enc:CipherReference URI="OEBPS/f.otf"/></enc:CipherData></enc:EncryptedData></encryption>"""
    return {"META-INF/encryption.xml": text}
