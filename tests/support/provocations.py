"""For each code of a finding, a chef's misdeed that brings it about. test_codes.py runs them all."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Optional

from PIL import Image
from pypdf import PdfWriter

from support.chefs_driver import Chef, Data, exercise_data, file_data, md5, node_data, question_data


def whole_pdf() -> bytes:
    """A PDF of one empty page, in ASCII."""
    pdf = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(pdf)
    return pdf.getvalue().replace(b"%\xe2\xe3\xcf\xd3", b"%text")  # some tests send it as text


PDF = whole_pdf()
Options = Optional[dict[str, Any]]


@dataclass(frozen=True)
class Provocation:
    """What to do, in which dialect, and what the finding must then name.

    ``act`` may return options for studio.report, where a finding needs to know what the chef meant.
    """

    act: Callable[[Chef], Options]
    node: str | None
    says: str
    dialect: str


PROVOCATIONS: dict[str, Provocation] = {}


def provokes(code: str, *, node: str | None = None, says: str = "", dialect: str = "deployed") -> Any:
    def register(act: Callable[[Chef], Options]) -> Callable[[Chef], Options]:
        assert code not in PROVOCATIONS
        PROVOCATIONS[code] = Provocation(act, node, says, dialect)
        return act

    return register


def document(word: str = "d", **changes: Any) -> Data:
    return node_data(word, "document", **{"files": [file_data(PDF, "pdf", "document")], **changes})


def begin(chef: Chef, **changes: Any) -> Any:
    """A file that is there, and a channel to put things into; returns the root's id."""
    chef.upload(PDF)
    return chef.create(**changes)


def send(chef: Chef, *nodes: Data, **changes: Any) -> dict[str, Any]:
    """A whole run with these nodes at the top; returns root_ids."""
    root_ids = chef.added(begin(chef, **changes), *nodes)
    assert chef.finish().status_code == 200
    return root_ids


def options(**told: Any) -> str:
    return json.dumps({"options": told})


# Incomplete nodes


@provokes("title-missing", node="")
def _(chef: Chef) -> Options:
    send(chef, document(title=""))
    return None


@provokes("license-missing", node="Node d")
def _(chef: Chef) -> Options:
    send(chef, document(license=None))
    return None


@provokes("license-description-missing", node="Node d", says="Special Permissions")
def _(chef: Chef) -> Options:
    send(chef, document(license="Special Permissions"))
    return None


@provokes("copyright-holder-missing", node="Node d", says="CC BY")
def _(chef: Chef) -> Options:
    send(chef, document(copyright_holder=""))
    return None


@provokes("default-file-missing", node="Node d", says="It has no file at all.")
def _(chef: Chef) -> Options:
    send(chef, document(files=[]))
    return None


@provokes("questions-missing", node="Node e", says="It has 1 question(s).")
def _(chef: Chef) -> Options:
    nobody_knows = json.dumps([{"answer": "4", "correct": False, "order": 1}])
    send(chef, exercise_data(question_data(answers=nobody_knows)))
    return None


@provokes("mastery-missing", node="Node e")
def _(chef: Chef) -> Options:
    send(chef, exercise_data(extra_fields="{}"))
    return None


@provokes("criteria-missing", node="Node t")
def _(chef: Chef) -> Options:
    send(chef, node_data("t", extra_fields=options(modality="UNIT")))
    return None


@provokes("criteria-invalid", node="Node d", says="the model 'mastery' is not for kind 'document'")
def _(chef: Chef) -> Options:
    """add_nodes refuses them; a tree that was loaded may have them."""
    send(chef, document())
    [node] = [node for node in chef.studio.state.nodes.values() if node.kind == "document"]
    criteria = {"model": "mastery", "threshold": {"mastery_model": "do_all"}}
    node.extra_fields = {"options": {"completion_criteria": criteria}}
    return None


@provokes("role-unknown", node="Node d", says="'boss'")
def _(chef: Chef) -> Options:
    send(chef, document(role="boss"))
    return None


@provokes("kind-missing", node="Node d")
def _(chef: Chef) -> Options:
    send(chef, document(kind=None))
    return None


# Files


@provokes("file-never-uploaded", node="Node d", says=f"{md5(b'%PDF nowhere')}.pdf (a.pdf)", dialect="documented")
def _(chef: Chef) -> Options:
    send(chef, document(files=[file_data(b"%PDF nowhere", "pdf", "document")]))
    return None


@provokes("file-never-used", says=f"{md5(b'%PDF unused')}.pdf (11 bytes)")
def _(chef: Chef) -> Options:
    chef.upload(b"%PDF unused")
    send(chef, document())
    return None


@provokes("file-bytes-differ", node="Node d", says=md5(b"%PDF other bytes"))
def _(chef: Chef) -> Options:
    url = chef.announce(b"%PDF these").get_json()["uploadURL"]
    assert chef.put(url, b"%PDF other bytes", Content_MD5="").status_code == 200
    send(chef, document(files=[file_data(b"%PDF these", "pdf", "document", size=16)]))
    return None


@provokes("file-size-differs", node="Node d", says=f"7 announced, {len(PDF)} stored")
def _(chef: Chef) -> Options:
    send(chef, document(files=[file_data(PDF, "pdf", "document", size=7)]))
    return None


@provokes("file-extension-differs", node="Node d", says="not a .pdf file")
def _(chef: Chef) -> Options:
    chef.upload(b"<html>404</html>")
    send(chef, document(files=[file_data(b"<html>404</html>", "pdf", "document")]))
    return None


@provokes("file-language-unknown", node="Node d", says="'english'")
def _(chef: Chef) -> Options:
    send(chef, document(files=[file_data(PDF, "pdf", "document", language="english")]))
    return None


@provokes("thumbnail-unreadable", node="Node d", says="UnidentifiedImageError", dialect="documented")
def _(chef: Chef) -> Options:
    """Studio looks at it when the node comes; bytes that come later are looked at by nobody."""
    thumbnail = file_data(b"\x89PNG no image", "png", "document_thumbnail")
    send(chef, document(files=[file_data(PDF, "pdf", "document"), thumbnail]))
    chef.upload(b"\x89PNG no image", "a.png", "document_thumbnail")
    return None


@provokes("channel-thumbnail-missing")
def _(chef: Chef) -> Options:
    send(chef, document(), thumbnail=None)
    return None


@provokes("channel-thumbnail-lost", says=f"{'a' * 32}.png")
def _(chef: Chef) -> Options:
    send(chef, document(), thumbnail=f"{'a' * 32}.png")
    return None


@provokes("question-image-missing", node="Node e", says="Question 2 shows ")
def _(chef: Chef) -> Options:
    """Studio takes an image of which the chef at least said that it was coming."""
    chef.announce(b"a picture", "a.png", "exercise_image")
    shown = f"![](${{☣ CONTENTSTORAGE}}/{md5(b'a picture')}.png) What is it?"
    send(chef, exercise_data(question_data("q1"), question_data("q2", question=shown)))
    return None


# Questions


@provokes("question-image-shared", node="Node e", says=".png is in questions 1, 3.")
def _(chef: Chef) -> Options:
    chef.upload(b"a picture", "a.png", "exercise_image")
    shown = f"![](${{☣ CONTENTSTORAGE}}/{md5(b'a picture')}.png) What is it?"
    asked = [question_data("q1", question=shown), question_data("q2"), question_data("q3", question=shown)]
    send(chef, exercise_data(*asked))
    return None


@provokes("question-needs-qti", node="Node e", says="Question 2 asks by qti-order-interaction.")
def _(chef: Chef) -> Options:
    body = '<qti-item-body><qti-order-interaction response-identifier="RESPONSE"/></qti-item-body>'
    root = 'qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="item"'
    item = question_data("q2", "QTI", raw_data=f"<{root}>{body}</qti-assessment-item>")
    send(chef, exercise_data(question_data("q1"), item))
    return None


# Trees


@provokes("topic-empty", node="Node t")
def _(chef: Chef) -> Options:
    send(chef, node_data("t"), document())
    return None


@provokes("channel-empty")
def _(chef: Chef) -> Options:
    send(chef, node_data("t"))
    return None


@provokes("node-id-repeated", node="Another title", says="The other is 'Node d'.")
def _(chef: Chef) -> Options:
    send(chef, document(), document(title="Another title"))
    return None


@provokes("node-id-in-two-places", node="Node d", says="The other is 'Node s > Node d'.")
def _(chef: Chef) -> Options:
    root = begin(chef)
    topics = chef.added(root, node_data("s"), node_data("t"))
    for topic in topics.values():
        chef.added(topic, document())
    chef.finish()
    return None


@provokes("language-missing")
def _(chef: Chef) -> Options:
    send(chef, document(), language=None)
    return None


@provokes("quota-broken-by-staging", says=f"{len(PDF)} bytes are needed and 5 are left")
def _(chef: Chef) -> Options:
    send(chef, document())
    chef.user.disk_space = 5
    return None


# What is inside files


def packed(members: dict[str, str]) -> bytes:
    """A zip of these texts."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return zipped.getvalue()


def send_file(chef: Chef, content: bytes, extension: str, preset: str, kind: str = "document") -> None:
    """A whole run with one resource that has this file."""
    chef.studio.storage.put(content, f"{md5(content)}.{extension}", "application/octet-stream")
    send(chef, node_data("d", kind, files=[file_data(content, extension, preset)]))


@provokes(
    "file-empty", node="Node d", says="(d41d8cd98f00b204e9800998ecf8427e.epub): Learners see nothing: it has 0 bytes."
)
def _(chef: Chef) -> Options:
    send_file(chef, b"", "epub", "epub")
    return None


@provokes("archive-reference-missing", node="Node d", says="'index.html' asks for 'js/a.js', which is not in the zip")
def _(chef: Chef) -> Options:
    send_file(chef, packed({"index.html": '<script src="js/a.js"></script>'}), "zip", "html5_zip", "html5")
    return None


@provokes("archive-needs-web", node="Node d", says="'//cdn.example.org/a.js', which is on the web")
def _(chef: Chef) -> Options:
    page = '<script src="//cdn.example.org/a.js"></script>'
    send_file(chef, packed({"index.html": page}), "zip", "html5_zip", "html5")
    return None


@provokes("archive-link-dead", node="Node d", says="'index.html' links to 'two.html', which is not in the zip")
def _(chef: Chef) -> Options:
    send_file(chef, packed({"index.html": '<a href="two.html">2</a>'}), "zip", "html5_zip", "html5")
    return None


@provokes("archive-damaged", node="Node d", says="This is not a readable zip file")
def _(chef: Chef) -> Options:
    send_file(chef, packed({"index.html": "x" * 100})[:80], "zip", "html5_zip", "html5")
    return None


@provokes("document-locked", node="Node d", says="DRM, by 'http://www.w3.org/2001/04/xmlenc#aes128-cbc'")
def _(chef: Chef) -> Options:
    method = '<EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>'
    lock = f"<encryption><EncryptedData>{method}</EncryptedData></encryption>"
    send_file(chef, packed({"META-INF/encryption.xml": lock}), "epub", "epub")
    return None


def media(name: str) -> bytes:
    """A film or a sound of fixtures/media."""
    return (Path(__file__).parents[2] / "fixtures" / "media" / name).read_bytes()


@provokes("document-unreadable", node="Node d", says="a.pdf")
def _(chef: Chef) -> Options:
    send_file(chef, b"%PDF-1.4 an end is missing", "pdf", "document")
    return None


@provokes("image-unreadable", node="Node d", says="a.png")
def _(chef: Chef) -> Options:
    image = io.BytesIO()
    Image.effect_noise((64, 64), 9).save(image, "PNG")
    send_file(chef, image.getvalue()[:900], "png", "slideshow_image")
    return None


@provokes("media-not-playable", node="Node d", says="HEVC")
def _(chef: Chef) -> Options:
    send_file(chef, media("hevc.mp4"), "mp4", "high_res_video", "video")
    return None


@provokes("media-without-sound", node="Node d", says="AC-3")
def _(chef: Chef) -> Options:
    send_file(chef, media("ac-3-sound.mp4"), "mp4", "high_res_video", "video")
    return None


@provokes("media-cut-short", node="Node d", says="a.mp4")
def _(chef: Chef) -> Options:
    film = media("index-first.mp4")
    send_file(chef, film[: len(film) * 2 // 3], "mp4", "high_res_video", "video")
    return None


@provokes("subtitle-unreadable", node="Node d", says="a.vtt")
def _(chef: Chef) -> Options:
    cues = "WEBVTT\n\n00:00.000 --> 00:01.000\nEl ni\xf1o\n".encode("latin-1")
    send_file(chef, cues, "vtt", "video_subtitle", "video")
    return None
