"""What is odd about the last run of a chef: how it went, not what it left."""

from __future__ import annotations

from collections.abc import Iterator

from le_utils.constants import content_kinds

from fake_studio.core.journal import body_nodes
from fake_studio.core.model import Channel, CookingRun
from fake_studio.core.refusals import VersionNotComparable
from fake_studio.core.store import Store
from fake_studio.findings.finding import Finding, make_finding
from fake_studio.rules.versions import DEPLOYED, status_of


def find_run_issues(studio: Store, channel: Channel) -> Iterator[Finding]:
    """What is odd about the last run."""
    run = channel.run
    if run is None:
        return
    if run.finished is None:
        yield make_finding("run-unfinished", channel)
    if run.stage is False:
        yield make_finding("stage-ignored", channel)
    if run.published and channel.root("staging") is not None:
        yield make_finding("published-without-deploy", channel, detail=_older_tree(channel))
    for field, old, new in run.overwritten:
        yield make_finding("live-metadata-overwritten", channel, detail=f"{field}: {old!r:.80} -> {new!r:.80}.")
    for node in run.skipped:
        yield make_finding("node-skipped", channel, node)
    yield from _lost_children(channel, run)
    yield from _lost_parents(studio, channel)
    yield from _version(channel)


def _older_tree(channel: Channel) -> str:
    main = channel.root("main")
    count = sum(1 for _ in main.descendants()) if main else 0
    return f"It has {count} nodes."


def _lost_children(channel: Channel, run: CookingRun) -> Iterator[Finding]:
    """Chunks whose last node was skipped, and whose topics got no children."""
    for chunk in run.cut_short:
        for node in chunk:
            if node.kind == content_kinds.TOPIC and not node.children:
                yield make_finding("chunk-children-lost", channel, node)


def _lost_parents(studio: Store, channel: Channel) -> Iterator[Finding]:
    cooks = users_of_last_run(studio, channel)
    names = {user.username for user in studio.users if user.id in cooks}
    for exchange in studio.journal.find({"endpoint": "add_nodes", "body": {"root_id": None}}) if cooks else ():
        if exchange.user not in names:
            continue
        titles = [node.get("title") for node in body_nodes(exchange.request["body"])]
        lost = titles or exchange.nodes  # of a body that was too large to keep, their ids are known
        yield make_finding("parent-lost", channel, detail=f"Lost: {', '.join(map(repr, lost))}.")


def users_of_last_run(studio: Store, channel: Channel) -> set[int]:
    """The ids of those who cooked this channel after all others: what they did besides is put down to it.

    Two accounts of one name count as one, because requests are told apart by the name.
    """
    if channel.run is None:
        return set()
    cook = studio.state.users.get(channel.run.user_id)
    ids = {user.id for user in studio.users if cook and user.username == cook.username}
    runs = [other for other in studio.state.channels.values() if other.run and other.run.user_id in ids]
    last = max(runs, key=lambda other: other.run.started if other.run else 0.0, default=None)
    return ids if last is channel else set()


def _version(channel: Channel) -> Iterator[Finding]:
    try:
        status, message = status_of(channel.ricecooker_version, DEPLOYED)
    except VersionNotComparable:
        return
    if status:
        yield make_finding("version-refused" if status == 3 else "version-outdated", channel, detail=message)
