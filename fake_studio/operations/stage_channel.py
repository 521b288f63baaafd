"""From the chef tree to the staging tree, and from there to the main tree."""

from __future__ import annotations

from fake_studio.core import refusals
from fake_studio.core.model import Channel, Json, User
from fake_studio.core.store import Store
from fake_studio.rules import quota


def finish(store: Store, user: User, channel_id: Json, *, stage: Json, honour_stage: bool) -> tuple[Channel, str]:
    """The chef tree becomes the staging tree, and also the main tree if ``stage`` is false and that is honoured.

    Returns the channel and a task's id. Raises ChannelNotFound, NotEditor, NothingToFinish, QuotaExceeded.
    """
    deploys = honour_stage and stage is False
    with store.lock:
        channel = store.state.editable(user, channel_id)
        chef = channel.root("chef")
        if chef is None:
            raise refusals.NothingToFinish("There is no chef tree: create_channel comes first, and once per run.")
        if deploys:
            quota.check_channel_space(store.state, user, chef)
        store.state.stage_chef_tree(channel)
        if channel.run:
            channel.run.finished, channel.run.stage = store.state.ids.now(), stage
        if deploys:
            store.state.deploy(channel, user)
        return channel, store.state.ids.task()


def deploy(store: Store, channel_id: Json, user: User | None) -> Channel:
    """The staging tree becomes the main tree; acts for the first editor if nobody is named.

    Raises ChannelNotFound, NothingStaged, QuotaExceeded.
    """
    with store.lock:
        channel = store.state.channel(channel_id)
        staging = channel.root("staging")
        if staging is None:
            raise refusals.NothingStaged(f"The channel {channel.id} has no staging tree to deploy.")
        deployer = user or store.state.first_editor(channel)
        quota.check_channel_space(store.state, deployer, staging)
        store.state.deploy(channel, deployer)
        return channel
