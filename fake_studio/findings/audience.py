"""For whom a channel is: folders that learners see empty, and a language that nothing in it has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from le_utils.constants import content_kinds, roles

from fake_studio.core import values
from fake_studio.core.model import Channel, Node
from fake_studio.core.store import Store
from fake_studio.findings.examined import ExaminedTree
from fake_studio.findings.finding import Finding, make_finding
from fake_studio.findings.subtitles import language_name

# Whole words where a script has any: a tutorial, a transparent leaf and a profession are for learners.
_TEACHERS = re.compile(
    r"\b(?:teach(?:ers?|ing)?|coach(?:es|ing)?|educators?|instructors?|facilitators?|tutors?|trainers?|staff|"
    r"parents?|lesson plans?|answer keys?|docentes?|maestr[oa]s?|professor(?:as?|es|s)?|profesor(?:as?|es)?|"
    r"professeure?s?|enseignante?s?|formateurs?|formatrices?|mwalimu|walimu|guru)\b|"
    r"\blehr(?:er|kräfte)|\bучител|معلم|مدرس|शिक्षक|教师|教師",
    re.IGNORECASE,
)
_NO_LANGUAGE = ("mul", "und", "zxx")


def find_audience_issues(store: Store, examined: ExaminedTree) -> Iterator[Finding]:
    """Topics of the newest tree with resources for coaches only, and a channel's language that no resource has."""
    if examined.root is not None:
        yield from _coaches_only(examined.channel, examined.root, examined.descendants)
        yield from _unused_language(examined.channel, examined.descendants)


def _coaches_only(channel: Channel, root: Node, nodes: Sequence[Node]) -> Iterator[Finding]:
    filled, visible = _folders(nodes)
    for topic in nodes:
        is_topmost = topic.parent is root or topic.parent in visible
        if topic in filled and topic not in visible and is_topmost and not _is_for_coaches(topic):
            count = sum(node.kind != content_kinds.TOPIC for node in topic.descendants())
            detail = f"It has {count} resource{'' if count == 1 else 's'}, and no learner sees one."
            yield make_finding("topic-for-coaches-only", channel, topic, detail)


def _is_for_coaches(topic: Node) -> bool:
    """Whether a topic, or one around it, says that it is meant so."""
    return any(node.role == roles.COACH or _TEACHERS.search(node.title) for node in (topic, *topic.ancestors()))


def _folders(nodes: Sequence[Node]) -> tuple[set[Node], set[Node]]:
    """The topics with a resource somewhere below, and those with one that learners see."""
    filled: set[Node] = set()
    visible: set[Node] = set()
    for node in nodes:
        if node.kind != content_kinds.TOPIC:
            _add_above(filled, node)
            if node.role != roles.COACH:
                _add_above(visible, node)
    return filled, visible


def _add_above(topics: set[Node], node: Node) -> None:
    """Add what is above a node, up to what is in there already: all above that is there too."""
    for topic in node.ancestors():
        if topic in topics:
            return
        topics.add(topic)


def _unused_language(channel: Channel, nodes: Sequence[Node]) -> Iterator[Finding]:
    resources = [node for node in nodes if node.kind != content_kinds.TOPIC]
    languages = {language for node in resources for language in _languages(node)}
    # A resource without a language has that of the channel.
    if not channel.language or not languages or not all(node.language for node in resources):
        return
    same = {_name(language) for language in languages}
    if _name(channel.language) not in same and not {channel.language, *languages}.intersection(_NO_LANGUAGE):
        used = ", ".join(sorted(language_name(str(node_language)) for node_language in languages))
        detail = f"{channel.name!r} is a channel in {language_name(channel.language)}, and its resources are in {used}."
        yield make_finding("channel-language-unused", channel, detail=detail)


def _languages(node: Node) -> Iterator[str]:
    """The language of a resource, and those of its subtitles: a film may be there for its subtitles."""
    yield from filter(None, (node.language, *(file.language for file in node.files)))


def _name(code: str) -> str:
    """What tells a language from others, its country left aside: le_utils has some under two codes (sw, swa)."""
    primary = code.lower().partition("-")[0]
    language = values.LANGUAGES.get(primary)
    return language.name.partition(";")[0] if language else primary
