"""What must hold of several things at once: Studio's larger actions, each imported when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_studio.core.lazy_names import make_getattr

if TYPE_CHECKING:
    from fake_studio.operations import add_nodes, create_channel, stage_channel, upload_files
    from fake_studio.operations.validation import make_context

__all__ = ["add_nodes", "create_channel", "make_context", "stage_channel", "upload_files"]

_PARTS = ("add_nodes", "create_channel", "stage_channel", "upload_files")
__getattr__ = make_getattr(__name__, {**{name: name for name in _PARTS}, "make_context": "validation"})
