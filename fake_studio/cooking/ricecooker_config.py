"""An imported ricecooker, pointed at a Studio and put back.

ricecooker reads its Studio's address when it is imported, and keeps its sessions, settings and failed files in its
config module: setting STUDIO_URL later changes nothing.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import requests

from fake_studio.cooking.inside import sitecustomize as inside


@contextmanager
def ricecooker_at(url: str, folder: Path, token: str = "", *, kitchen: Path | None = None) -> Iterator[None]:
    """Point ricecooker at the Studio at ``url``, working in ``folder``; afterwards all is as it was.

    What it writes goes into the ``kitchen``, or else into the folder too. With a ``token``, its session has it at once,
    as after ``authenticate_user``. Raises ImportError without ricecooker.
    """
    timeout, here = socket.getdefaulttimeout(), Path.cwd()
    from ricecooker import config
    from ricecooker.utils.caching import FILECACHE

    before, cache = dict(vars(config)), FILECACHE.directory
    try:
        os.chdir(folder)
        _point(config, url, kitchen or folder, token)
        FILECACHE.directory = config.FILECACHE_DIRECTORY
        yield
    finally:
        config.SESSION.close()
        config.DOWNLOAD_SESSION.close()
        os.chdir(here)
        FILECACHE.directory = cache
        _put_back(config, before)
        socket.setdefaulttimeout(timeout)


def _point(config: Any, url: str, kitchen: Path, token: str) -> None:
    config.DOMAIN = url
    inside.redirect(config, str(kitchen), {})
    config.SESSION, config.DOWNLOAD_SESSION = requests.Session(), _with_adapters_of(config.DOWNLOAD_SESSION)
    if token:
        # Not on the session for downloads: that one asks other people's servers too.
        config.SESSION.headers["Authorization"] = f"Token {token}"
    config.FAILED_FILES = []
    if hasattr(config, "PROGRESS_MANAGER"):
        _begin_progress(config)


def _begin_progress(config: Any) -> None:
    """Up to 0.8 the ChannelManager writes its progress to a file that only a whole run prepares."""
    from ricecooker.managers.progress import RestoreManager

    config.init_file_mapping_store()
    config.PROGRESS_MANAGER = RestoreManager()
    config.PROGRESS_MANAGER.init_session()


def _put_back(config: Any, before: dict[str, Any]) -> None:
    for name in set(vars(config)) - set(before):
        delattr(config, name)
    vars(config).update(before)


def _with_adapters_of(session: requests.Session) -> requests.Session:
    """A session that can fetch what ricecooker's can (it mounts file://), and repeats as often."""
    copy = requests.Session()
    for prefix, adapter in session.adapters.items():
        copy.mount(prefix, deepcopy(adapter))
    return copy
