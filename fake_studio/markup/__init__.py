"""The Markdown of questions: rendered as Studio renders it, and checked as Studio checks it."""

from __future__ import annotations

from fake_studio.markup.allowed import MarkupInvalid, check
from fake_studio.markup.render import FormulaUnreadable, html_of

__all__ = ["FormulaUnreadable", "MarkupInvalid", "check", "html_of"]
