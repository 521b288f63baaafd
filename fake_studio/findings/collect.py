"""Every finding about a channel."""

from __future__ import annotations

from collections.abc import Iterator

from fake_studio.content.flaw import Inspection
from fake_studio.content.media import inspect_media
from fake_studio.content.subtitles import inspect_subtitles
from fake_studio.core.model import Channel, File
from fake_studio.core.store import Store
from fake_studio.findings import answers, audience, files, identity, nodes, publishing, run, subtitles, texts, tree
from fake_studio.findings.finding import Finding, errors_first


def findings_of(studio: Store, channel: Channel) -> list[Finding]:
    """Every finding about a channel's newest tree and last run: errors first, then by place in the tree."""
    with studio.lock:
        findings = list(_all(studio, channel))
    return errors_first(findings)


def _all(studio: Store, channel: Channel) -> Iterator[Finding]:
    for look in (
        nodes.find_node_issues,
        answers.find_answer_issues,
        texts.find_text_issues,
        files.find_file_issues,
        subtitles.find_language_issues,
        tree.find_tree_issues,
        identity.find_identity_issues,
        audience.find_audience_issues,
        run.find_run_issues,
        publishing.find_publish_issues,
    ):
        yield from look(studio, channel)
    yield from subtitles.find_cue_issues(channel, lambda _, file: _inspect(studio, file))


def _inspect(studio: Store, file: File) -> Inspection | None:
    if not studio.storage.has(file.name) or file.extension not in ("vtt", "mp4", "webm"):
        return None
    with studio.storage.open(file.name) as stream:
        return inspect_subtitles(stream) if file.extension == "vtt" else inspect_media(stream, file.extension)
