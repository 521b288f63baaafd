"""FakeStudio: the app on a socket, in threads of this process."""

from __future__ import annotations

from pathlib import Path
from typing import Iterable, Optional

from fake_studio.host import Host
from fake_studio.model import User
from fake_studio.studio import Studio
from fake_studio.web.app import create_app


class FakeStudio:
    """A Studio on a socket. Start it with ``with`` or ``start``; the port is bound from then on.

    ``url`` is what a chef needs as STUDIO_URL, ``token`` the first user's token, ``studio`` the state behind it.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        dialect: str = "documented",
        users: Iterable[User] = (),
        files: Optional[Path] = None,
        public_url: str = "",
        seed: Optional[int] = None,
        control_from_anywhere: bool = False,
    ) -> None:
        self.studio = Studio(users, files_folder=files, seed=seed)
        self.dialect = dialect
        self.app = create_app(
            self.studio, dialect=dialect, public_url=public_url, control_from_anywhere=control_from_anywhere
        )
        self._public_url = public_url
        self._host = Host(self.app, host=host, port=port)

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
        return self

    def stop(self) -> None:
        """Stop serving, close every connection, and give up the uploaded bytes (unless their folder was given)."""
        self._host.stop()
        self.studio.close()

    def __enter__(self) -> FakeStudio:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
