"""The rest of the provocations: what only shows while a chef runs, publishing, and what it meant to send."""

from __future__ import annotations

from fake_studio.core.chef_run import ChangedText, ChefRun
from fake_studio.findings.declared import parse_failed_files
from support.chefs_driver import CHANNEL, Chef, Data, an_id, exercise_data, file_data, md5, node_data, question_data
from support.provocations import PDF, Options, begin, document, provokes, send

# Runs


@provokes("run-unfinished")
def _(chef: Chef) -> Options:
    chef.added(begin(chef), document())
    return None


@provokes("node-skipped", node="Node d")
def _(chef: Chef) -> Options:
    root = begin(chef)
    for _ in range(2):
        chef.added(root, document())
    chef.finish()
    return None


@provokes("chunk-children-lost", node="Node t")
def _(chef: Chef) -> Options:
    root = begin(chef)
    chef.added(root, document())
    chef.added(root, node_data("t"), document())
    chef.finish()
    return None


@provokes("parent-lost", says="Lost: 'Node d'.")
def _(chef: Chef) -> Options:
    root = begin(chef)
    chef.add(None, document())
    chef.added(root, document("other"))
    chef.finish()
    return None


@provokes("stage-ignored")
def _(chef: Chef) -> Options:
    chef.added(begin(chef), document())
    chef.finish(stage=False)
    return None


def publish(chef: Chef) -> None:
    assert chef.post("publish_channel", {"channel_id": CHANNEL}).status_code == 200
    chef.studio.wait_until_published(CHANNEL)


@provokes("published-without-deploy", says="It has 0 nodes.")
def _(chef: Chef) -> Options:
    send(chef, document())
    publish(chef)
    return None


@provokes("live-metadata-overwritten", says="name: 'A channel' -> 'Renamed'.")
def _(chef: Chef) -> Options:
    send(chef, document())
    chef.studio.deploy_channel(CHANNEL)
    publish(chef)
    chef.create(name="Renamed")
    return None


@provokes("version-outdated", says="0.7.0, however v0.7.3 is available")
def _(chef: Chef) -> Options:
    send(chef, document(), ricecooker_version="0.7.0")
    return None


@provokes("version-refused", says="0.6.0 is no longer compatible")
def _(chef: Chef) -> Options:
    send(chef, document(), ricecooker_version="0.6.0")
    return None


# Publishing


@provokes("publish-failed", says="Cause: ")
def _(chef: Chef) -> Options:
    send(chef)
    chef.studio.deploy_channel(CHANNEL)
    publish(chef)
    return None


@provokes("publish-changed", node="Node t", says="'Node t'")
def _(chef: Chef) -> Options:
    send(chef, document(), node_data("t"))
    chef.studio.deploy_channel(CHANNEL)
    publish(chef)
    return None


# Declared against received


def declared(*children: Data) -> Options:
    return {"declared": [{"id": CHANNEL, "name": "A channel", "children": list(children)}]}


@provokes("node-not-received", node="Node lost", says="ricecooker dropped it because it has no file")
def _(chef: Chef) -> Options:
    send(chef, document())
    return declared(document(), document("lost", files=[]))


@provokes("file-not-received", node="Node d", says=f"It is {md5(b'a picture')}.png.")
def _(chef: Chef) -> Options:
    send(chef, document())
    picture = file_data(b"a picture", "png", "document_thumbnail")
    return declared(document(files=[file_data(PDF, "pdf", "document"), picture]))


@provokes("file-failed", node="Node d", says="cover.png: it is no image (document 'src-d').")
def _(chef: Chef) -> Options:
    send(chef, document())
    said = [
        "\tDocument src-d: cover.png \n\t   it is no image\x1b[0m",
        "\tDocument src-d: cover.png \n\t   it is no image",
    ]
    return {**(declared(document()) or {}), "failed_files": parse_failed_files(said)}


@provokes("field-cut", node="Node d", says="title: 7 characters became 6.")
def _(chef: Chef) -> Options:
    send(chef, document())
    return declared(document(title="Node do"))


@provokes("field-differs", node="Node d", says="author: 'Ada' became ''.")
def _(chef: Chef) -> Options:
    send(chef, document())
    return declared(document(author="Ada"))


# ricecooker's own parser


@provokes("question-text-lost", node="Exercise", says="'<b then' is lost.")
def _(chef: Chef) -> Options:
    root = begin(chef)
    chef.added(root, exercise_data(title="Exercise"))
    chef.finish()
    return {"run": ChefRun(changed_texts=[ChangedText(question_data()["assessment_id"], "If a<b then", "If a")])}


# This run against the one before


def again(chef: Chef, *children: Data) -> None:
    """A second run of the channel, with these nodes."""
    chef.added(begin(chef), *children)
    chef.finish()


@provokes("node-removed", node="Node d", says="It was 'Node d'.")
def _(chef: Chef) -> Options:
    send(chef, document(), document("e"))
    again(chef, document("e"))
    return None


@provokes("content-id-changed", node="Node d", says=" became ")
def _(chef: Chef) -> Options:
    send(chef, document())
    again(chef, document("e", title="Node d"))
    return None


@provokes("node-id-changed", node="Node d", says="It was 'Node d' with the node_id ")
def _(chef: Chef) -> Options:
    send(chef, document())
    root = begin(chef)
    topic = chef.added(root, node_data("t"))[an_id("t")]
    chef.added(topic, document(node_id=an_id("elsewhere")))
    chef.finish()
    return None


@provokes("channel-again", says="The other one is ")
def _(chef: Chef) -> Options:
    chef.create(id="d" * 32)
    send(chef, document())
    return None
