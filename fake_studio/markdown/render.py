"""Markdown to HTML: GitHub's dialect without bare links, formulas between ``$$`` as MathML.

Source: Studio utils/assessment/markdown.py; the same two libraries are used (markdown-it-py, latex2mathml).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

_FORMULA = re.compile(r"\$\$([\s\S]+?)\$\$")


class FormulaUnreadable(Exception):
    """A formula between ``$$`` is not LaTeX that latex2mathml reads."""


def html_of(markdown: str) -> str:
    """The HTML that Studio makes of Markdown. Raises FormulaUnreadable."""
    return str(_reader().render(markdown))


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt  # at the first question: a server shall start without it

    reader = MarkdownIt("gfm-like", {"linkify": False})
    reader.disable("linkify")
    reader.inline.ruler.before("escape", "formula", _inline_formula)
    reader.block.ruler.before("fence", "formula", _block_formula)
    reader.add_render_rule("formula", _render_formula)
    reader.add_render_rule("formula_block", _render_formula)
    return reader


def _inline_formula(state: StateInline, silent: bool) -> bool:
    match = _FORMULA.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        state.push("formula", "math", 0).content = match[1]
    state.pos = match.end()
    return True


def _block_formula(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    start = state.bMarks[start_line] + state.tShift[start_line]
    match = _FORMULA.match(state.src, start)
    if not match:
        return False
    if silent:
        return True
    token = state.push("formula_block", "math", 0)
    token.block, token.content = True, match[1]
    # The block ends with the line that holds its closing marks: what follows them there is lost, as in Studio.
    last = match.end() - 1
    lines = range(start_line, end_line)
    state.line = next((n + 1 for n in lines if state.bMarks[n] <= last <= state.eMarks[n]), state.line)
    return True


def _render_formula(_self: Any, tokens: Any, index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    return _mathml(token.content, "block" if token.block else "inline")


def _mathml(latex: str, display: str) -> str:
    from latex2mathml.converter import convert  # at the first formula, likewise

    try:
        math = ET.fromstring(convert(latex, display=display).replace(' xmlns="http://www.w3.org/1998/Math/MathML"', ""))
    except Exception as error:  # latex2mathml raises many kinds, none with a common parent
        raise FormulaUnreadable(f"the formula {latex!r:.80} cannot be read: {type(error).__name__} {error}") from error
    inner = "".join(ET.tostring(child, encoding="unicode") for child in math)
    source = f'<annotation encoding="application/x-tex">{escape(latex, quote=False)}</annotation>'
    return f'<math display="{display}"><semantics>{inner}{source}</semantics></math>'
