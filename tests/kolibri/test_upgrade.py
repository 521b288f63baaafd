"""A Kolibri that has version 1 gets version 2."""

from __future__ import annotations

from support.kitchen import CHANNEL, Cook, a_node, an_id
from support.kolibri_home import Kolibri


def cook_version(cook: Cook, version: int) -> None:
    root = cook.create(name=f"Version {version}")
    pages = [cook.file(f"page {version}".encode(), "pdf", "document")]
    kept = a_node("kept", "document", title=f"Kept in {version}", files=pages)
    cook.add(root, kept, a_node(f"only-in-{version}", "document", files=pages))
    cook.publish()


def test_an_upgrade_brings_the_changes(cook: Cook, kolibri: Kolibri) -> None:
    cook_version(cook, 1)
    kolibri.import_channel(CHANNEL, CHANNEL)
    cook_version(cook, 2)
    # Kolibri 0.19 downloads no database that it has a file of, whatever its version.
    (kolibri.home / "content" / "databases" / f"{CHANNEL}.sqlite3").unlink()
    kolibri.import_channel(CHANNEL, CHANNEL)
    [channel] = kolibri.rows("select name, version from content_channelmetadata")
    assert tuple(channel) == ("Version 2", 2)
    nodes = kolibri.rows("select id, title, available from content_contentnode where kind = 'document'")
    assert {tuple(node) for node in nodes} == {(an_id("kept"), "Kept in 2", 1), (an_id("only-in-2"), "only-in-2", 1)}
