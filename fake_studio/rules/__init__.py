"""What a chef may send, by noun: channels, nodes, questions, files. The vocabulary is le_utils'."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Strictness:
    """How much a node must bring to be let in.

    ``every_key``: each key that Studio reads must be there. ``stored_files``: each file must already be in storage.
    ``coerce``: a value of another type is turned into text, as Studio's database does, instead of being refused;
    with it, a node may also have no kind at all. ``links_once``: one upload is attached to one question only.
    """

    every_key: bool = True
    stored_files: bool = True
    coerce: bool = True
    links_once: bool = True
