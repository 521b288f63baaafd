"""FakeStudio: the app on a socket, in threads of this process."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from fake_studio.core.journal import DEFAULT_BYTES, DEFAULT_LIMIT, Journal
from fake_studio.core.model import User
from fake_studio.core.paths import get_existing_file
from fake_studio.core.temporary_folder import check_writable
from fake_studio.http_server import Host
from fake_studio.studio import Studio
from fake_studio.web.app import create_app
from fake_studio.web.request import reset_app

if TYPE_CHECKING:
    from flask import Flask

    from fake_studio.cooking.subprocess_chef import ChefResult
    from fake_studio.reports.report import Report
    from fake_studio.snapshot import Autosave
    from fake_studio.views.channel_view import ChannelView


def _which_channel(name: str | None, matching: list[ChannelView], channels: list[ChannelView]) -> str:
    if not channels:
        return "The Studio has no channel yet: did the chef run and succeed?"
    listed = "".join(f"\n  {channel.name!r} {channel.id}" for channel in matching or channels)
    if matching:
        return (
            f"The Studio has {len(matching)} channels{f' called {name!r}' if name else ''}. Name one by its id:{listed}"
        )
    return f"The Studio has no channel {name!r}. It has:{listed}"


class FakeStudio:
    """A Studio on a socket. Start it with ``with`` or ``start``; the port is bound from then on.

    ``url`` is what a chef needs as STUDIO_URL, ``token`` the first user's token, ``studio`` the state behind it.
    """

    studio: Studio
    dialect: str
    app: Flask
    new_folder: Callable[[], Path] | None
    """Makes the folder where the next chef works; None: it works in its own."""
    chef_folders: Sequence[Path]
    """Where a chef's file is looked for."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        dialect: str = "documented",
        users: Iterable[User] = (),
        files: Path | None = None,
        public_url: str = "",
        seed: int | None = None,
        max_journal: int = DEFAULT_LIMIT,
        max_journal_bytes: int = DEFAULT_BYTES,
        faults: Iterable[Any] = (),
        snapshot: Path | None = None,
        control_from_anywhere: bool = False,
        allowed_hosts: Iterable[str] = (),
    ) -> None:
        check_writable(files)
        journal = {"max_journal": max_journal, "max_journal_bytes": max_journal_bytes}
        self.studio = Studio(users, files_folder=files, seed=seed, **journal)
        self.studio.faults.start_with(faults)
        self._saving = self._begin_with(snapshot.resolve()) if snapshot else None
        self.dialect = dialect
        self.app = create_app(
            self.studio, dialect=dialect, public_url=public_url, control_from_anywhere=control_from_anywhere
        )
        self.app.config["ALLOWED_HOSTS"] = tuple(allowed_hosts)
        self._public_url, self._host = public_url, Host(self.app, host=host, port=port)
        self.new_folder = None
        self.chef_folders = [Path()]

    def _begin_with(self, snapshot: Path) -> Autosave:
        from fake_studio.snapshot import Autosave

        saving = Autosave(self.studio, snapshot)
        try:
            if snapshot.exists():
                self.studio.start_with(snapshot)
        except BaseException:
            saving.give_up()
            self.studio.close()
            raise
        return saving

    @property
    def url(self) -> str:
        """Where clients find it."""
        return self._public_url or self._host.url

    @property
    def token(self) -> str:
        """The token of the first user."""
        return self.studio.users[0].token

    def start(self) -> FakeStudio:
        """Bind and serve. Raises OSError if the port is taken."""
        self._host.start()
        if self._saving:
            self._saving.start()
        return self

    def stop(self) -> None:
        """Stop serving, close every connection, and give up the uploaded bytes (unless their folder was given).

        With a ``snapshot``, save it first. Raises OSError if that cannot be written.
        """
        self._host.stop()
        if self._saving:
            self._saving.stop()
            self._saving = None
        self.studio.close()

    def reset(self) -> None:
        """Back to the start: no channel, no file, no request, and the settings that it was started with."""
        reset_app(self.app)

    @property
    def channels(self) -> list[ChannelView]:
        """Every channel, to look at."""
        return self.studio.channels

    @property
    def requests(self) -> Journal:
        """What was asked, and answered."""
        return self.studio.journal

    def channel(self, id_or_name: str | None = None) -> ChannelView:
        """The channel of this id or name; the only one if none is named. Raises LookupError otherwise."""
        __tracebackhide__ = True
        matches = [channel for channel in self.channels if id_or_name in (None, channel.id, channel.name)]
        if len(matches) != 1:
            raise LookupError(_which_channel(id_or_name, matches, self.channels))
        return matches[0]

    def report(self, **options: Any) -> Report:
        """The account of everything that happened here; see ``fake_studio.reports.report.ReportOptions``."""
        return self.studio.report(**options)

    def cook(
        self,
        chef: Any,
        *arguments: str,
        python: str = sys.executable,
        timeout: float | None = None,
        folder: Path | None = None,
    ) -> ChefResult:
        """Run a chef against this Studio: a file, as a subprocess of ``python``, or a SushiChef, in this process.

        Its arguments are those of its command line; the token is added. It works in its own folder as by hand, or in
        ``folder``, and is ended after ``timeout`` seconds. See ``ChefResult.assert_ok``.
        """
        from fake_studio.cooking import in_process, subprocess_chef

        __tracebackhide__ = True
        limits = subprocess_chef.Limits(timeout, folder or (self.new_folder() if self.new_folder else None))
        if isinstance(chef, (str, Path)):
            path = get_existing_file(chef, self.chef_folders)
            cooked = subprocess_chef.cook(self, subprocess_chef.Chef(path, arguments, python), limits)
        else:
            cooked = in_process.cook(self, chef, arguments, limits)
        return subprocess_chef.attach_declared(cooked)

    def __enter__(self) -> FakeStudio:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
