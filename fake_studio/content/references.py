"""What a page or a style sheet asks for, and where that leads: into the zip, out of it, or to the web."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit

LOCAL, OUTSIDE, WEB, DISK, NOWHERE = "local", "outside", "web", "disk", "nowhere"
HOME = "home"  # a server on the author's computer
SIBLING = "sibling"  # another zip of the node: apps may share one (preset html5_dependency)
PACKAGE = "package"  # no address, but the name of a package of JavaScript

# An address that no zip has: what stays below it stays in the zip.
_ROOT = "http://zip.invalid/of-the-learner/"
_HOST = urlsplit(_ROOT).netloc
_WEB_SCHEMES = ("http", "https", "ftp", "ws", "wss")
# What most addresses look like. To join and split them as a browser does takes ten times as long.
_PLAIN = re.compile(r"(?!\.)[a-z0-9_-][\w./-]*[\w-](?:[?#][\w=&.-]*)?", re.I | re.A)
_PLAIN_WEB = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?:[/?#]\S*)?", re.I | re.A)
_ODD_STEPS = ("//", "./", "/.")
_DRIVE = re.compile(r"[a-z]:[/\\]", re.I)
_SIBLING = re.compile(r"http://zip\.invalid/([0-9a-f]{32}\.zip)/.")
_HOME = re.compile(r"(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\])(?::\d*)?", re.I)
_TEMPLATE = re.compile(r"\{\{|\$\{|<[%?]|\[\[|\{%")  # a script fills it in later


@dataclass(frozen=True)
class Reference:
    """An address as it is written, and the element or the CSS that asks for it.

    Of the references in one ``choice`` (not 0), one that can be had is enough.
    """

    url: str
    element: str
    choice: int = 0


@dataclass(frozen=True)
class LinkTarget:
    """Where an address leads: ``kind`` is one of those above.

    ``path`` is the member's name if it is LOCAL, the other zip's name if it is a SIBLING.
    """

    kind: str
    path: str = ""


def locate(url: str, page: str, base: str = "") -> LinkTarget:
    """Where an address in a page (a member's path) leads; ``base`` is the page's own ``<base href>``.

    Browsers take a backslash for a slash, Kolibri two slashes for one (zip_wsgi.py), and a folder for its index.html.
    """
    url = re.sub(r"[\t\n\r]", "", url).strip()
    if not url or is_fragment(url) or _TEMPLATE.search(url):
        return LinkTarget(NOWHERE)
    if _PLAIN_WEB.fullmatch(url) and _HOST not in url.lower():
        return LinkTarget(HOME if _HOME.fullmatch(url.partition("//")[2].split("/")[0]) else WEB)
    path = page[: page.rfind("/") + 1] + re.split(r"[?#]", url)[0]
    if not base and _PLAIN.fullmatch(url) and not any(step in path for step in _ODD_STEPS):
        return LinkTarget(LOCAL, path)
    try:
        address = urljoin(urljoin(_ROOT + quote(page), base.strip()), _with_slashes(url))
        parts = urlsplit(address)
    except ValueError:
        return LinkTarget(NOWHERE)
    if parts.netloc == _HOST:
        return _in_zip(address) if address.startswith(_ROOT) else _outside(address)
    if parts.scheme in _WEB_SCHEMES:
        return LinkTarget(HOME if _HOME.fullmatch(parts.netloc) else WEB) if parts.netloc else LinkTarget(NOWHERE)
    return LinkTarget(DISK if parts.scheme == "file" or _DRIVE.match(url) else NOWHERE)


def _outside(address: str) -> LinkTarget:
    sibling = _SIBLING.match(address)
    return LinkTarget(SIBLING, sibling[1]) if sibling else LinkTarget(OUTSIDE)


def _with_slashes(url: str) -> str:
    path, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", url, re.S).groups()  # type: ignore[union-attr]
    return (path if path.lower().startswith("data:") else path.replace("\\", "/")) + mark + rest


def _in_zip(address: str) -> LinkTarget:
    path = unquote(re.split(r"[?#]", address[len(_ROOT) :])[0]).replace("//", "/")
    path = path[1:] if path.startswith("/") else path
    return LinkTarget(LOCAL, path + "index.html" if not path or path.endswith("/") else path)


def is_fragment(url: str) -> bool:
    """Whether an address points into the page that it stands in."""
    return url.strip().startswith("#")
