"""The example chef with every kind of node, from ``python chef.py --deploy --publish`` into a real Kolibri."""

from __future__ import annotations

from pathlib import Path

from fake_studio import FakeStudio
from support.kolibri_home import Kolibri
from support.warm_python import warm_python

CHEF = Path(__file__).parents[2] / "fixtures" / "chefs" / "every_kind.py"


def test_what_the_chef_declared_is_in_kolibri(server: FakeStudio, kolibri: Kolibri) -> None:
    cooked = server.cook(CHEF, "--deploy", "--publish", python=warm_python())
    channel = server.channel()
    assert server.studio.wait_until_published(channel.id, timeout=60).state == "done"
    kolibri.import_channel(channel.id, channel.id)
    rows = kolibri.rows("select id, title, kind, available from content_contentnode where level > 0 order by lft")
    declared = list(below(cooked.declared[0]))
    assert [row["title"] for row in rows] == [node["title"] for node in declared]
    assert [row["title"] for row in rows if not row["available"]] == []


def below(tree):
    for child in tree.get("children", ()):
        yield child
        yield from below(child)
