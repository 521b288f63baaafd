"""How much of a user's disk space is taken.

Source: Studio models.py User.check_space, check_channel_space, check_staged_space.
"""

from __future__ import annotations

from le_utils.constants import file_formats

from fake_studio.core.model import Node, User
from fake_studio.core.refusals import QuotaExceeded
from fake_studio.core.state import State


def files_of(tree: Node, user: User) -> dict[str, int]:
    """Bytes by checksum, of each different file that the user put on the nodes of a tree; no Perseus archives."""
    sizes: dict[str, int] = {}
    for node in tree.iter_tree():
        for file in node.files:
            if file.uploaded_by == user.id and file.extension != file_formats.PERSEUS:
                sizes.setdefault(file.checksum, file.size or 0)
    return sizes


def used(state: State, user: User) -> dict[str, int]:
    """Bytes by checksum, of each different file in the main trees of the channels that the user edits."""
    if user.id not in state.usage:
        sizes: dict[str, int] = {}
        for channel in state.channels.values():
            main = channel.root("main")
            if main is not None and user.id in channel.editors and not channel.deleted:
                sizes.update(files_of(main, user))
        state.usage[user.id] = sizes
    return state.usage[user.id]


def check_space(state: State, user: User, size: int, checksum: str) -> None:
    """Whether one more file of ``size`` bytes fits. What is only staged is not counted.

    Raises QuotaExceeded; never for an admin.
    """
    # Only here: neither the check of a form upload nor that of a deploy lets admins pass.
    if user.is_admin:
        return
    taken = used(state, user)
    # A file that stands in one of the user's channels already costs nothing a second time.
    if checksum not in taken:
        _check(user, sum(taken.values()), size)


def check_staged_space(user: User, size: int, checksum: str) -> None:
    """Whether one more file fits beside those that came by file_upload since the last deploy. Raises QuotaExceeded."""
    if checksum not in user.staged_files:
        _check(user, sum(user.staged_files.values()), size)


def check_channel_space(state: State, user: User, staging: Node) -> None:
    """Whether a staging tree fits once it is the main tree. Raises QuotaExceeded, also for an admin."""
    taken = used(state, user)
    added = {checksum: size for checksum, size in files_of(staging, user).items() if checksum not in taken}
    _check(user, sum(taken.values()), sum(added.values()))


def _check(user: User, taken: float, size: float) -> None:
    available = max(user.disk_space - taken, 0)
    if available < size:
        raise QuotaExceeded(size, available)
