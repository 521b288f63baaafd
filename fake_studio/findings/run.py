"""What is odd about the last run of a chef: how it went, not what it left."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from le_utils.constants import content_kinds

from fake_studio.core.exchange import body_nodes
from fake_studio.core.model import Channel, CookingRun
from fake_studio.core.refusals import VersionNotComparable
from fake_studio.core.store import Store
from fake_studio.findings.examined import ExaminedTree
from fake_studio.findings.finding import Finding, make_finding
from fake_studio.rules.versions import DEPLOYED, status_of


def find_run_issues(studio: Store, examined: ExaminedTree) -> Iterator[Finding]:
    """What is odd about the last run."""
    channel = examined.channel
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
    # A known root_id has a channel: then the body need not be read.
    orphaned = {"endpoint": "add_nodes", "channel": None, "body": {"root_id": None}}
    for exchange in studio.journal.find(orphaned) if cooks else ():
        if exchange.user not in names:
            continue
        titles = [node.get("title") for node in body_nodes(exchange.request["body"])]
        lost = titles or exchange.nodes  # of a body that was too large to keep, their ids are known
        yield make_finding("parent-lost", channel, detail=f"Lost: {', '.join(map(repr, lost))}.")


def users_of_last_run(studio: Store, channel: Channel) -> set[int]:
    """The ids of those who cooked this channel after all others: what they did besides is put down to it.

    Two accounts of one name count as one, because requests are told apart by the name.
    """
    cook = studio.state.users.get(channel.run.user_id) if channel.run else None
    if (
        cook is None
        or studio.kept.remember("last channels", None, partial(_last_channels, studio))[cook.username] is not channel
    ):
        return set()
    return {user.id for user in studio.users if user.username == cook.username}


def _last_channels(studio: Store) -> dict[str, Channel]:
    """The channel that each user cooked last, by the user's name."""
    names = {user.id: user.username for user in studio.users}
    last: dict[str, Channel] = {}
    runs: dict[str, CookingRun] = {}
    for channel in studio.state.channels.values():
        run = channel.run
        name = names.get(run.user_id) if run else None
        if run and name is not None and (name not in runs or run.started > runs[name].started):
            last[name], runs[name] = channel, run
    return last


def _version(channel: Channel) -> Iterator[Finding]:
    try:
        status, message = status_of(channel.ricecooker_version, DEPLOYED)
    except VersionNotComparable:
        return
    if status:
        yield make_finding("version-refused" if status == 3 else "version-outdated", channel, detail=message)
