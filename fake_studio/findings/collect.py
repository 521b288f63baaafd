"""Every finding about a channel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from fake_studio.core.model import Channel
from fake_studio.core.store import Store
from fake_studio.findings import (
    answers,
    audience,
    content,
    files,
    identity,
    nodes,
    publishing,
    questions,
    run,
    subtitles,
    texts,
    tree,
)
from fake_studio.findings.finding import Finding, errors_first


def findings_of(store: Store, channel: Channel) -> list[Finding]:
    """Every finding about a channel's newest tree and last run: errors first, then by place in the tree."""
    # Before the lock is taken: to look into large films takes seconds, and chefs are still uploading.
    content.inspect_contents(store, [channel])
    with store.lock:
        findings = list(_all(store, channel))
    return errors_first(findings)


def _all(store: Store, channel: Channel) -> Iterator[Finding]:
    for find_issues in (
        nodes.find_node_issues,
        answers.find_answer_issues,
        texts.find_text_issues,
        files.find_file_issues,
        questions.find_question_issues,
        content.find_content_issues,
        subtitles.find_language_issues,
        tree.find_tree_issues,
        identity.find_identity_issues,
        audience.find_audience_issues,
        run.find_run_issues,
        publishing.find_publish_issues,
    ):
        yield from find_issues(store, channel)
    yield from subtitles.find_cue_issues(channel, partial(content.inspection_of, store))
