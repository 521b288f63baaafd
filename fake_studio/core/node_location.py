"""Which node of an add_nodes a refusal is about, and values as a refusal writes them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NodeLocation:
    """The node of an add_nodes call that a refusal is about."""

    index: int
    node_id: object = None
    title: object = None

    def __str__(self) -> str:
        return f"content_data[{self.index}] (node_id {self.node_id!r:.250}, title {self.title!r:.250})"


def plain(value: object) -> object:
    """What a cause keeps of any value: no list and no object, which would keep all that was sent in memory."""
    return value[:1000] if isinstance(value, str) else None if isinstance(value, (list, dict)) else value


def digits_of(number: float) -> str:
    """A number of bytes in full, as it is written in a sentence."""
    return str(number) if isinstance(number, int) else f"{number:.0f}"  # a large int fits into no float
