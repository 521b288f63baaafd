"""The pages of an archive as a learner reaches them, and what they ask for and do not get."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterable

from fake_studio.content.archive import Archive
from fake_studio.content.css import references_in_sheet
from fake_studio.content.embedded import find_media_flaw
from fake_studio.content.errors import ContentTooLarge
from fake_studio.content.flaw import Flaw
from fake_studio.content.html import Page, read_page
from fake_studio.content.javascript import imports_of, is_bare
from fake_studio.content.notes import InspectionNotes
from fake_studio.content.references import (
    DISK,
    HOME,
    LOCAL,
    NOWHERE,
    OUTSIDE,
    PACKAGE,
    SIBLING,
    WEB,
    LinkTarget,
    Reference,
    locate,
)
from fake_studio.content.signatures import is_page, is_text

PAGES_LIMIT = 3000  # pages and style sheets of one archive that are read
_PAGE = re.compile(r"\.(x?html?|xht)$", re.I)
_FILE = re.compile(r"\.(x?html?|xht|pdf|epub|mp3|mp4|webm|png|jpe?g|gif|svg|zip)$", re.I)
# What an HTML page is never: one under such a name is what a server said instead of the file.
_NOT_A_PAGE = re.compile(
    r"\.(m?js|css|json|png|jpe?g|gif|webp|svg|mp[34]|webm|og[gv]|wav|vtt|woff2?|ttf|otf|pdf)$", re.I
)
_SHORT = 4096  # characters
_NOT_TEXT = re.compile(r"\.(png|jpe?g|gif|webp|mp[34]|webm|og[gv]|wav|woff2?|ttf|otf)$", re.I)
_FRAMES = ("iframe", "frame", "object", "embed")
_MODULES = ("module", "import")
_FOLLOWED = (*_FRAMES, *_MODULES, "redirect", "link", "@import")
_PLAYERS = ("audio", "video", "source", "embed", "object")
_SHOWN = (
    "img",
    "image",
    "poster",
    "audio",
    "video",
    "source",
    "track",
)  # of zero bytes there is nothing to see or hear
_CONSEQUENCES = {
    **dict.fromkeys(("script", *_MODULES), "the page stays empty or does not work"),
    **dict.fromkeys(("link", "@import"), "the page has no layout"),
    "font": "its text has another font, its icons are empty boxes",
    "CSS": "the picture is missing",
    **dict.fromkeys(("img", "image"), "the picture is broken"),
    "poster": "the picture before the film is missing",
    "track": "subtitles do not appear",
    **dict.fromkeys(("audio", "video", "source"), "nothing plays"),
    **dict.fromkeys(_FRAMES, "the frame is empty"),
    "redirect": "learners see an error instead",
}
_REASONS = {
    WEB: "which is on the web; learners are offline, and Kolibri blocks other hosts",
    DISK: "which is a path on the author's own disk, and not in the zip",
    HOME: "which is a server on the author's own computer, and not in the zip",
    PACKAGE: "which is the name of a package and not an address: browsers cannot load it",
}
_OTHERWISE = "a part of the page is missing"


class Site:
    """Reads pages and notes what is wrong. ``ignored`` elements count for nothing, because the viewer drops them."""

    def __init__(self, archive: Archive, notes: InspectionNotes, ignored: Collection[str] = ()) -> None:
        self._archive = archive
        self._notes = notes
        self._ignored = ignored
        self._seen: set[str] = set()
        self._modules: set[str] = set()
        self._siblings: set[str] = set()
        self._has_import_map = False
        self._media: dict[str, Flaw | None] = {}
        self._waiting: deque[str] = deque()

    def visit(self, pages: Iterable[str], *, links: bool = True) -> None:
        """Look at these members, and at the style sheets, frames and (with ``links``) local pages that they lead to."""
        for page in pages:
            self._await(page)
        while self._waiting:
            if self._notes.is_late or len(self._seen) > PAGES_LIMIT:
                self._notes.skip(f"{len(self._waiting):,} pages or style sheets of it, or more, were not checked.")
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
            if path in self._modules:
                # Whether names of packages are mapped is a matter of the page, which reads its own imports.
                self._check(path, Page(references=[Reference(url, "import") for url in imports_of(text)]))
            elif path.lower().endswith(".css"):
                self._check(path, Page(references=references_in_sheet(text)))
            elif _PAGE.search(path):
                page = read_page(text, self._notes.deadline)
                self._has_import_map |= page.has_import_map
                self._check(path, page)
                self._redirect(path, page, len(text))
                self._follow(path, page) if links else None
        except ContentTooLarge as problem:
            self._notes.skip(f"{path!r:.120} was not checked: {problem.message}")
        except RecursionError:
            self._notes.skip(f"{path!r:.120} was not checked: its parts are nested too deeply.")

    def _check(self, path: str, page: Page) -> None:
        references = [reference for reference in page.references if reference.element not in self._ignored]
        targets = [(reference, self._locate(reference, path, page.base)) for reference in references]
        missing = [part for part in targets if not self._can_be_had(*part)]
        had = (
            {reference.choice for reference, target in targets if (reference, target) not in missing} if missing else ()
        )
        for reference, target in missing:
            if not (reference.choice and reference.choice in had):
                self._judge(path, page, reference, target)
        self._check_media(path, [part for part in targets if part[0].element in _PLAYERS and part not in missing])
        for reference, target in targets:
            if target.kind == LOCAL and reference.element in _MODULES:
                self._modules.add(target.path)
            if target.kind == LOCAL and reference.element in _FOLLOWED:
                self._await(target.path)

    def _check_media(self, path: str, targets: list[tuple[Reference, LinkTarget]]) -> None:
        """Note the films and sounds that do not play; of several to choose from, only if none does."""
        flaws = [(reference, target, self._find_media_flaw(target)) for reference, target in targets]
        fine = {reference.choice for reference, _, flaw in flaws if flaw is None}
        for reference, target, flaw in flaws:
            if flaw and not (reference.choice and reference.choice in fine):
                message = f"{path!r:.120} plays {reference.url!r:.160}: {flaw.message}"
                self._notes.add(flaw.code, target.path, message, path)

    def _find_media_flaw(self, target: LinkTarget) -> Flaw | None:
        if target.path not in self._archive.names:
            return None
        if target.path not in self._media:
            self._media[target.path] = find_media_flaw(self._archive, target.path, self._notes)
        return self._media[target.path]

    def _locate(self, reference: Reference, path: str, base: str) -> LinkTarget:
        if reference.element == "import" and is_bare(reference.url):
            return LinkTarget(NOWHERE if self._has_import_map else PACKAGE)
        target = locate(reference.url, path, base)
        if target.kind == SIBLING:
            self._siblings.add(target.path)
            self._notes.state(siblings=tuple(sorted(self._siblings)))
        return target

    def _can_be_had(self, reference: Reference, target: LinkTarget) -> bool:
        is_there = target.kind == LOCAL and target.path in self._archive.names
        return target.kind in (NOWHERE, SIBLING) or (is_there and not self._find_fault(reference, target.path))

    def _find_fault(self, reference: Reference, path: str) -> str | None:
        """What is wrong with a member that is there, as the end of a sentence; None for one that may be right."""
        head = self._archive.heads.get(path)
        if head == b"" and reference.element in _SHOWN:
            return "which is empty (0 bytes)"
        if head and _NOT_A_PAGE.search(path) and is_page(head):
            return "which is an HTML page under that name, perhaps the error page of a failed download"
        if head and _NOT_TEXT.search(path) and is_text(head):
            return f"which is a text under that name ({head.decode('ascii')!r}), perhaps the error of a failed download"
        return None

    def _judge(self, path: str, page: Page, reference: Reference, target: LinkTarget) -> None:
        code = "archive-needs-web" if target.kind == WEB else "archive-reference-missing"
        effect = _CONSEQUENCES.get(reference.element, _OTHERWISE)
        asks = f"{path!r:.120} asks for {reference.url!r:.160}"
        reason = self._reason(page, reference, target)
        self._notes.add(code, target.path or reference.url, f"{asks}, {reason}: {effect}.", path)

    def _reason(self, page: Page, reference: Reference, target: LinkTarget) -> str:
        if target.kind == OUTSIDE:
            return f"which leads out of the zip{_cause_outside(page)}; an address must be relative and stay inside"
        fault = self._find_fault(reference, target.path)
        missing = f"which is not in the zip{missing_hint(self._archive, target.path)}"
        return _REASONS.get(target.kind) or fault or missing

    def _redirect(self, path: str, page: Page, length: int) -> None:
        """Follow a page's scripts to where they go. A short page with nothing to read is there only for that."""
        for url in (*page.redirects, *page.windows):
            self._await(locate(url, path, page.base).path)
        is_passed = length < _SHORT and not page.has_text
        if is_passed and all(part.element == "redirect" for part in page.references):
            self._check(path, Page(page.base, [Reference(url, "redirect") for url in page.redirects]))

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
        return f" under that name: the zip has {similar!r:.120}, with a backslash, which is not a folder"
    return f" in that spelling: the zip has {similar!r:.120}, and case and accents count"
