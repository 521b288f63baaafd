"""A chef of many small documents: BENCHMARK_NODES=2000 STUDIO_URL=... python chef.py --token=..."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

from ricecooker.chefs import SushiChef
from ricecooker.classes.files import DocumentFile
from ricecooker.classes.licenses import CC_BYLicense
from ricecooker.classes.nodes import ChannelNode, DocumentNode, TopicNode

_BELOW_A_TOPIC = 19  # documents, so that twenty nodes are a topic and what is in it

_LEAFLET = Path(__file__).resolve().parents[1] / "fixtures" / "chefs" / "content" / "leaflet.pdf"


class ManyDocuments(SushiChef):
    channel_info = {
        "CHANNEL_SOURCE_DOMAIN": "many.example.org",
        "CHANNEL_SOURCE_ID": "many",
        "CHANNEL_TITLE": "Many documents",
        "CHANNEL_LANGUAGE": "en",
    }

    def construct_channel(self, **kwargs: Any) -> ChannelNode:
        """Topics of documents, as many nodes as the environment says."""
        _make_storage()
        channel, topic = self.get_channel(**kwargs), None
        for number in range(int(os.environ["BENCHMARK_NODES"])):
            if number % (_BELOW_A_TOPIC + 1) == 0:
                topic = TopicNode(source_id=f"topic-{number}", title=f"Book {number}")
                channel.add_child(topic)
            else:
                topic.add_child(_document(number))
        return channel


def _make_storage() -> None:
    """Make the folders of ricecooker's storage: its threads trip over each other where one is missing."""
    for a, b in itertools.product("0123456789abcdef", repeat=2):
        Path("storage", a, b).mkdir(parents=True, exist_ok=True)


def _document(number: int) -> DocumentNode:
    path = Path(f"chapter-{number}.pdf").resolve()
    path.write_bytes(_LEAFLET.read_bytes() + b"%% chapter %d\n" % number)  # other bytes for each
    return DocumentNode(
        source_id=f"chapter-{number}",
        title=f"Chapter {number}",
        description=f"What chapter {number} tells.",
        license=CC_BYLicense(copyright_holder="The holder of the rights"),
        files=[DocumentFile(str(path))],
    )


if __name__ == "__main__":
    ManyDocuments().main()
