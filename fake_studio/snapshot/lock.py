"""One server at a time on a snapshot file: a second one would save its own state over that of the first."""

from __future__ import annotations

import errno
import os
import sys
import weakref
from contextlib import suppress
from pathlib import Path

_FAR = 2**30  # Windows keeps others from reading the bytes that are locked, so these are none of the text's

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        """Raises BlockingIOError if somebody else has it."""
        try:
            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(*error.args) from error
        finally:
            os.lseek(handle, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(handle: int) -> None:
        """Raises BlockingIOError if somebody else has it."""
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class SnapshotLock:
    """The right to save to a snapshot file, until ``release`` or the end of the process.

    Taking it raises OSError, naming the process that has it. It is the operating system's lock: a server that was
    killed holds none.
    """

    def __init__(self, snapshot: Path) -> None:
        path = snapshot.with_name(f".{snapshot.name}.lock")
        handle = None
        while handle is None:
            handle = _open_locked(path, snapshot)
        os.ftruncate(handle, 0)
        os.write(handle, f"process {os.getpid()}".encode("ascii"))
        self._release = weakref.finalize(self, _release, handle, path, os.getpid())

    def release(self) -> None:
        """Let others have it."""
        self._release()


def _open_locked(path: Path, snapshot: Path) -> int | None:
    """A descriptor of the lock file, locked; None if the file was removed meanwhile. Raises OSError if it is taken."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(handle)
        if path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
            return handle
    except BlockingIOError:
        holder = os.read(handle, 100).decode("ascii", "replace") or "another process"
        os.close(handle)
        raise OSError(errno.EBUSY, f"In use by {holder}: stop it, or choose another file", str(snapshot)) from None
    os.close(handle)
    return None


def _release(handle: int, path: Path, holder: int) -> None:
    # A forked child shares the lock, and its parent still needs it.
    if os.getpid() == holder:
        with suppress(OSError):
            path.unlink()
    os.close(handle)
