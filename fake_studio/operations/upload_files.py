"""Files on their way into storage: by form, or announced first and then put at a signed URL."""

from __future__ import annotations

from dataclasses import dataclass

from fake_studio.core import refusals
from fake_studio.core.incoming import Stream
from fake_studio.core.model import File, Json, User
from fake_studio.core.storage import StoredFile
from fake_studio.core.store import Store
from fake_studio.core.uploads import SignedUpload, UploadSigner, announced_file, check_md5, media_type_of
from fake_studio.rules import quota, serializers


@dataclass(frozen=True)
class UploadHeaders:
    """What came with the bytes: their media type and the md5 (hex) that the client sent along, if it did.

    With ``verify`` the bytes must also be those that were announced.
    """

    media_type: str
    md5: str | None
    verify: bool


def store_form_upload(store: Store, user: User, filename: str, stream: Stream) -> StoredFile:
    """Store a file named ``<checksum>.<extension>``. Raises FileNameInvalid, QuotaExceeded, ChecksumMismatch,
    StorageUnwritable.
    """
    checksum, dot, extension = filename.partition(".")
    if not dot or "." in extension:
        raise refusals.FileNameInvalid(f"The file is named {filename!r:.80}, and must be <checksum>.<extension>.")
    with store.storage.receiving(stream) as received:
        with store.lock:
            # Quota before the checksum, as in Studio: over it, the answer is 403 whatever the bytes are.
            quota.check_staged_space(user, received.size, checksum)
        check_md5(received.md5, filename, [checksum])
        name = f"{checksum}.{extension.lower()}"
        with store.lock:
            stored = store.storage.commit(received, name, media_type_of(name), user.id)
            user.staged_files[checksum] = received.size
        return stored


def announce_upload(store: Store, signer: UploadSigner, user: User, announced: Json) -> tuple[SignedUpload, File, bool]:
    """A signed upload for a file, its record, and whether its checksum is known.

    ``announced`` is the body of upload_url. Raises FieldsInvalid, QuotaExceeded, FileNotKept.
    """
    fields = serializers.parse_upload(announced)
    with store.lock:
        quota.check_space(store.state, user, fields["size"], fields["checksum"])
        # After quota, as Studio meets these limits only when it saves the file's row (viewsets/file.py upload_url).
        serializers.check_kept(fields)
        file = announced_file(store.state.ids.hex(), user.id, fields)
        is_known = store.state.announce(file)
        return signer.issue(file.name, user.id, store.state.ids.now()), file, is_known


def store_signed_upload(
    store: Store, signer: UploadSigner, upload: SignedUpload, stream: Stream, headers: UploadHeaders
) -> StoredFile:
    """Store what an upload was signed for. Raises UploadNotSigned, UploadExpired, ChecksumMismatch."""
    signer.check(upload, store.state.ids.now())
    with store.storage.receiving(stream) as received:
        check_md5(received.md5, upload.name, [headers.md5, upload.name[:32] if headers.verify else None])
        return store.storage.commit(received, upload.name, headers.media_type, upload.user_id)
