"""The pages: a Studio to look at in a browser. Server-rendered, from this machine only, with little script."""

from __future__ import annotations

from fake_studio.web.pages import channels, compare, docs, journal, reference, settings
from fake_studio.web.pages import faults as faulting
from fake_studio.web.pages import node as nodes
from fake_studio.web.pages import previews as sandbox
from fake_studio.web.pages.blueprints import pages, previews
from fake_studio.web.pages.errors import error_page, wants_page

__all__ = [
    "channels",
    "compare",
    "docs",
    "error_page",
    "faulting",
    "journal",
    "nodes",
    "pages",
    "previews",
    "reference",
    "sandbox",
    "settings",
    "wants_page",
]
