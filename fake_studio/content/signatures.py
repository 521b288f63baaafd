"""How formats begin: whether bytes can be what a file's name says, and what they seem to be instead."""

from __future__ import annotations

SIGNED_WITHIN = 1024  # bytes from the start, as readers of PDF search them
_ZIPS = ("zip", "epub", "h5p", "bloompub", "bloomd", "perseus", "kpub")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_SIGNATURES: dict[str, tuple[bytes, ...]] = {
    **dict.fromkeys(_ZIPS, _ZIP),
    "pdf": (b"%PDF",),
    # Browsers look at an image's bytes, not at its name.
    **dict.fromkeys(("png", "jpg", "jpeg", "gif"), (b"\x89PNG", b"\xff\xd8", b"GIF8", b"WEBP")),
    "webm": (b"\x1a\x45\xdf\xa3",),
    "zim": (b"ZIM\x04",),
}
_SEEMINGLY = (
    (b"PK", "a zip"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a WAV, WebP or AVI file"),
    (b"\x1a\x45\xdf\xa3", "a WebM or Matroska film"),
    (b"ID3", "an MP3"),
    (b"OggS", "an Ogg file"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
)
TEXT_WITHIN = 16  # bytes
_TEXT = bytes(range(0x20, 0x7F)) + b"\t\r\n"
_LETTERS_FIRST = (b"GIF8", b"RIFF", b"BM", b"ID3", b"OggS", b"wOF", b"OTTO", b"true", b"fLaC", b"%PDF")
_BLANK = b"\xef\xbb\xbf \t\r\n"
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body")


def has_signature(head: bytes, extension: str) -> bool:
    """Whether the first KiB can belong to a file with this extension; formats without a signature may begin anyhow."""
    signatures = _SIGNATURES.get(extension)
    return signatures is None or any(signature in head for signature in signatures)


def is_page(head: bytes) -> bool:
    """Whether a file begins as an HTML page, and as no script or style: those may begin with a comment of HTML."""
    return head.lstrip(_BLANK).lower().startswith(_HTML)


def is_text(head: bytes) -> bool:
    """Whether the first 16 bytes of a file are letters and signs, as no picture, film or font begins."""
    return len(head) >= TEXT_WITHIN and not head.startswith(_LETTERS_FIRST) and not head.translate(None, _TEXT)


def seeming_format(head: bytes) -> str:
    """What a file seems to be by its first bytes, in words; empty if that cannot be said."""
    if is_page(head) or head.lstrip(_BLANK).startswith(b"<!--"):
        return "an HTML page"
    return next((name for signature, name in _SEEMINGLY if head.startswith(signature)), "")
