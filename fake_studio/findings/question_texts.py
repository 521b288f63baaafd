"""Texts of questions that ricecooker's HTML parser cut, as they were before and after.

ricecooker (0.6 to unreleased) reads every text of a question as HTML to find images: a "<" before a letter begins a tag
there, and what follows is gone or becomes its attributes.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator

from fake_studio.core.chef_run import ChefRun
from fake_studio.core.model import Channel, Node
from fake_studio.core.trees import newest
from fake_studio.findings.finding import Finding, make_finding

_TAGS = """
a abbr address article aside audio b bdi bdo big blockquote body br button caption center cite code col colgroup dd del
details dfn div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img
input ins kbd label legend li link main map mark math meta nav object ol optgroup option p picture pre q rp rt ruby s
samp section select small source span strike strong sub summary sup svg table tbody td textarea tfoot th thead time tr
track tt u ul var video wbr
"""
_COMMENT = re.compile(r"<!--.*?(?:-->|$)|<!doctype[^<>]*>", re.IGNORECASE | re.DOTALL)
_UNSEEN = [
    (re.compile(rf"<{name}\b[^<>]*>.*?</{name}\s*>", re.IGNORECASE | re.DOTALL), re.compile(rf"</{name}\s*>", re.I))
    for name in ("script", "style", "title")
]
_VALUE = r"\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)"
_BARE = "checked|disabled|selected|controls|autoplay|loop|muted|hidden|open|required|readonly|multiple|defer|async"
_ATTRIBUTE = rf"\s+(?:[a-z][\w:.-]*{_VALUE}|(?:{_BARE})(?=[\s/>]))"
# A tag that somebody meant: of HTML, and whatever stands in it is an attribute.
_TAG = re.compile(rf"</?(?:{'|'.join(_TAGS.split())})(?:{_ATTRIBUTE})*\s*/?>", re.IGNORECASE)
# What the parser made of text: attributes without a value.
_MADE_TAG = re.compile(r"<[a-z][^<>]*=\"\"[^<>]*>", re.IGNORECASE)
SHOWN = 120  # characters of a text


def lost_texts(channel: Channel, run: ChefRun | None) -> Iterator[Finding]:
    """A finding for each question with a text of which something was lost."""
    root = newest(channel)
    changed = {text.question: text for text in run.changed_texts if lost_part(text.before, text.after)} if run else {}
    owners = _owners(root) if root and changed else {}
    for question, text in changed.items():
        node = owners.get(question)
        if node is not None:
            lost = lost_part(text.before, text.after)
            sent = f"The chef wrote {text.before!r:.{SHOWN}}, and {text.after!r:.{SHOWN}} was sent"
            detail = f"{sent}: {lost!r:.{SHOWN}} is lost."
            yield make_finding("question-text-lost", channel, node, detail)


def _owners(root: Node) -> dict[str, Node]:
    return {question.assessment_id: node for node in root.descendants() for question in node.questions}


def lost_part(before: str, after: str) -> str:
    """What of a text does not stand in what became of it: from the first ``<`` on that was no tag. Empty if nothing.

    Only letters that are gone count: markup, comments and blanks are the parser's to change.
    """
    written = html.unescape(_TAG.sub("", _without_unseen(before)))
    made = _MADE_TAG.sub(lambda match: "" if match[0] not in before else match[0], after)
    gone = Counter(written) - Counter(made)
    if not any(not character.isspace() for character in gone):
        return ""
    place = next((match.start() for match in re.finditer(r"<(?=[a-z/!?])", written, re.IGNORECASE)), -1)
    return written[place:] if place >= 0 else "".join(gone)


def _without_unseen(text: str) -> str:
    """A text without comments, scripts, styles and titles. Behind the last end tag no element is looked for."""
    text = _COMMENT.sub("", text)
    for element, end_tag in _UNSEEN:
        stop = max((match.end() for match in end_tag.finditer(text)), default=0)
        text = element.sub("", text[:stop]) + text[stop:]
    return text
