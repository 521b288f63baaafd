"""What is odd about the last run of a chef: how it went, not what it left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, Optional

from le_utils.constants import content_kinds

from fake_studio.findings import Finding, about
from fake_studio.journal import nodes_of
from fake_studio.model import Channel, Run
from fake_studio.refusals import VersionNotComparable
from fake_studio.rules.versions import DEPLOYED, status_of

if TYPE_CHECKING:
    from fake_studio.studio import Studio


def look(studio: Studio, channel: Channel) -> Iterator[Finding]:
    """What is odd about the last run."""
    run = channel.run
    if run is None:
        return
    if run.finished is None:
        yield about("run-unfinished", channel)
    if run.stage is False:
        yield about("stage-ignored", channel)
    if run.published and channel.root("staging") is not None:
        yield about("published-without-deploy", channel, detail=_older_tree(channel))
    for field, old, new in run.overwritten:
        yield about("live-metadata-overwritten", channel, detail=f"{field}: {old!r:.80} -> {new!r:.80}.")
    for node in run.skipped:
        yield about("node-skipped", channel, node)
    yield from _lost_children(channel, run)
    yield from _lost_parents(studio, channel)
    yield from _version(channel)


def _older_tree(channel: Channel) -> str:
    main = channel.root("main")
    count = sum(1 for _ in main.descendants()) if main else 0
    return f"It has {count} nodes."


def _lost_children(channel: Channel, run: Run) -> Iterator[Finding]:
    """Chunks whose last node was skipped, and whose topics got no children."""
    for chunk in run.cut_short:
        for node in chunk:
            if node.kind == content_kinds.TOPIC and not node.children:
                yield about("chunk-children-lost", channel, node)


def _lost_parents(studio: Studio, channel: Channel) -> Iterator[Finding]:
    for exchange in studio.journal.find({"endpoint": "add_nodes", "body": {"root_id": None}}):
        if last_run_of(studio, exchange.user) is not channel:
            continue
        titles = [node.get("title") for node in nodes_of(exchange.request["body"])]
        yield about("parent-lost", channel, detail=f"Lost: {', '.join(map(repr, titles))}.")


def last_run_of(studio: Studio, username: Optional[str]) -> Optional[Channel]:
    """The channel that this user cooked last."""
    ids = {user.id for user in studio.users if user.username == username}
    runs = [
        (channel.run.started, channel)
        for channel in studio.state.channels.values()
        if channel.run and channel.run.user_id in ids
    ]
    return max(runs, key=lambda run: run[0])[1] if runs else None


def _version(channel: Channel) -> Iterator[Finding]:
    try:
        status, message = status_of(channel.ricecooker_version, DEPLOYED)
    except VersionNotComparable:
        return
    if status:
        yield about("version-refused" if status == 3 else "version-outdated", channel, detail=message)
