"""The Markdown of questions: rendered as Studio renders it, and checked as Studio checks it."""

from __future__ import annotations

from fake_studio.markdown.attributes import ValueUnfit, written
from fake_studio.markdown.check import STORED_NAME, MarkupInvalid, check, content_of, reading_first, stored_names
from fake_studio.markdown.render import FormulaUnreadable, MarkdownTooSlow, html_of

__all__ = [
    "STORED_NAME",
    "FormulaUnreadable",
    "MarkdownTooSlow",
    "MarkupInvalid",
    "ValueUnfit",
    "check",
    "content_of",
    "html_of",
    "reading_first",
    "stored_names",
    "written",
]
