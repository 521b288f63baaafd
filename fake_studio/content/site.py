"""The pages of an archive as a learner reaches them, and what they ask for and do not get."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterable

from fake_studio.content.archive import Archive
from fake_studio.content.css import references_in_sheet
from fake_studio.content.errors import ContentTooLarge
from fake_studio.content.html import Page, read_page
from fake_studio.content.notes import Notes
from fake_studio.content.references import DISK, LOCAL, NOWHERE, OUTSIDE, WEB, Reference, Target, locate

PAGES_LIMIT = 3000  # pages and style sheets of one archive that are read
_PAGE = re.compile(r"\.(x?html?|xht)$", re.I)
_FILE = re.compile(r"\.(x?html?|xht|pdf|epub|mp3|mp4|webm|png|jpe?g|gif|svg|zip)$", re.I)
_FRAMES = ("iframe", "frame", "object", "embed")
_CONSEQUENCES = {
    "script": "the page stays empty or does not work",
    "link": "the page has no layout",
    "@import": "the page has no layout",
    "font": "its text has another font, its icons are empty boxes",
    "CSS": "the picture is not there",
    "img": "the picture is broken",
    "image": "the picture is broken",
    "track": "subtitles do not appear",
    "audio": "nothing plays",
    "video": "nothing plays",
    "source": "nothing plays",
    **dict.fromkeys(_FRAMES, "the frame is empty"),
}
_OTHERWISE = "a part of the page is not there"


class Site:
    """Reads pages and notes what is wrong. ``ignored`` elements count for nothing, because the viewer drops them."""

    def __init__(self, archive: Archive, notes: Notes, ignored: Collection[str] = ()) -> None:
        self._archive = archive
        self._notes = notes
        self._ignored = ignored
        self._seen: set[str] = set()
        self._waiting: deque[str] = deque()

    def visit(self, pages: Iterable[str], *, links: bool = True) -> None:
        """Look at these members, and at the style sheets, frames and (with ``links``) local pages that they lead to."""
        for page in pages:
            self._await(page)
        while self._waiting:
            if self._notes.is_late or len(self._seen) > PAGES_LIMIT:
                self._notes.skip(f"{len(self._waiting):,} pages or style sheets of it, or more, were not looked at.")
                return
            self._read(self._waiting.popleft(), links)

    def _await(self, path: str) -> None:
        if path in self._archive.names and path not in self._seen:
            self._seen.add(path)
            self._waiting.append(path)

    def _read(self, path: str, links: bool) -> None:
        text = self._archive.find_text(path)
        if text is None:
            return
        try:
            if path.lower().endswith(".css"):
                self._check(path, Page(references=references_in_sheet(text)))
            elif _PAGE.search(path):
                page = read_page(text, self._notes.deadline)
                self._check(path, page)
                self._follow(path, page) if links else None
        except ContentTooLarge as problem:
            self._notes.skip(f"{path!r:.120} was not looked at: {problem.message}")
        except RecursionError:
            self._notes.skip(f"{path!r:.120} was not looked at: its parts are nested too deep.")

    def _check(self, path: str, page: Page) -> None:
        references = [reference for reference in page.references if reference.element not in self._ignored]
        targets = [(reference, locate(reference.url, path, page.base)) for reference in references]
        had = {reference.choice for reference, target in targets if self._can_be_had(target)}
        for reference, target in targets:
            if not (reference.choice and reference.choice in had):
                self._judge(path, page, reference, target)
            if target.kind == LOCAL and (reference.element in (*_FRAMES, "link", "@import")):
                self._await(target.path)

    def _can_be_had(self, target: Target) -> bool:
        return target.kind == NOWHERE or (target.kind == LOCAL and target.path in self._archive.names)

    def _judge(self, path: str, page: Page, reference: Reference, target: Target) -> None:
        if self._can_be_had(target):
            return
        code = "archive-needs-web" if target.kind == WEB else "archive-reference-missing"
        effect = _CONSEQUENCES.get(reference.element, _OTHERWISE)
        asks = f"{path!r:.120} asks for {reference.url!r:.160}"
        self._notes.add(code, target.path or reference.url, f"{asks}, {self._reason(page, target)}: {effect}.", path)

    def _reason(self, page: Page, target: Target) -> str:
        if target.kind == WEB:
            return "which is on the web; learners are offline, and Kolibri blocks other hosts"
        if target.kind == OUTSIDE:
            return f"which leads out of the zip{_cause_outside(page)}; an address must be relative and stay inside"
        if target.kind == DISK:
            return "which is a path of the author's own disk, and not in the zip"
        return f"which is not in the zip{missing_hint(self._archive, target.path)}"

    def _follow(self, path: str, page: Page) -> None:
        for url in page.links:
            target = locate(url, path, page.base)
            if target.kind != LOCAL:
                continue
            self._await(target.path)
            if target.path not in self._archive.names and _FILE.search(target.path):
                hint = missing_hint(self._archive, target.path)
                message = f"{path!r:.120} links to {url!r:.160}, which is not in the zip{hint}: a click shows an error."
                self._notes.add("archive-link-dead", target.path, message, path)


def _cause_outside(page: Page) -> str:
    return f" (the page has <base href={page.base!r:.60}>)" if page.base else ""


def missing_hint(archive: Archive, path: str) -> str:
    """What to say of a name that is not there: the one that was probably meant."""
    similar = archive.similar_name(path)
    if similar is None:
        return ""
    if "\\" in similar:
        return f" under that name: the zip has {similar!r:.120}, with a backslash, which is no folder"
    return f" in that spelling: the zip has {similar!r:.120}, and case and accents count"
