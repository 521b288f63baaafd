"""QTI packages: what lies in them, where, and under which names."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
import zipfile
from typing import Any

import pytest

from fake_studio.core.model import File, Question
from fake_studio.publishing import CannotPublish
from fake_studio.publishing.exercises.qti.media import rewrite_media
from fake_studio.publishing.exercises.qti.xml import qti_id
from support.desk import Desk, a_picture, a_question, an_id, mastery

STORED = "${☣ CONTENTSTORAGE}"
NATIVE = (
    '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="{name}">'
    "<qti-item-body>{body}</qti-item-body></qti-assessment-item>"
)


def shown(desk: Desk, shade: int = 1) -> tuple[File, str]:
    file = desk.file(a_picture(shade), "png", "exercise_image")
    return file, f"![]({STORED}/{file.name})"


def pack(desk: Desk, *questions: Question, **more: Any) -> zipfile.ZipFile:
    desk.add("exercise", "exercise", questions=list(questions), extra_fields=mastery(), **more)
    return desk.package()


def resources(package: zipfile.ZipFile) -> dict[str, list[str]]:
    """The files of each resource of a package, by its identifier."""
    root = ET.fromstring(package.read("imsmanifest.xml"))
    found = (element for element in root.iter() if element.tag.endswith("}resource"))
    return {resource.get("identifier", ""): [file.get("href", "") for file in resource] for resource in found}


def test_entries_are_sorted_and_say_nothing_of_when_and_where(desk: Desk) -> None:
    file, text = shown(desk)
    native = Question(an_id("n"), "QTI", raw_data=NATIVE.format(name="Zebra", body=""))
    package = pack(desk, native, a_question("q", text=text, files=[file]))
    names = package.namelist()
    assert names == sorted(names)
    assert names[0] == "imsmanifest.xml"
    assert f"items/images/{file.name}" in names
    for info in package.infolist():
        assert (info.date_time, info.compress_type) == ((2015, 10, 21, 7, 28, 0), zipfile.ZIP_DEFLATED)
        assert (info.create_system, info.external_attr, info.comment) == (0, 0o600 << 16, b"")


def test_the_same_exercise_gives_the_same_bytes(desk: Desk) -> None:
    pack(desk, a_question("a"), a_question("b", "input_question"))
    [first, *_] = desk.rows("file")
    [second, *_] = desk.rows("file")
    assert first["checksum"] == second["checksum"]


def test_the_manifest_keeps_the_order_of_the_questions(desk: Desk) -> None:
    names = ["z", "a", "m"]
    package = pack(desk, *(a_question(name) for name in names))
    assert list(resources(package)) == [qti_id(an_id(name)) for name in names]
    assert f'identifier="{qti_id(an_id("content-exercise"))}"' in package.read("imsmanifest.xml").decode()


def test_an_image_lies_in_the_package_once_wherever_it_is_shown(desk: Desk) -> None:
    file, text = shown(desk)
    hints = [{"hint": text, "order": 0}]
    answers = [{"answer": text, "correct": True, "order": 0}]
    package = pack(desk, a_question("q", text=text, answers=answers, hints=hints, files=[file]))
    identifier = qti_id(an_id("q"))
    assert resources(package)[identifier] == [f"items/{identifier}.xml", f"images/{file.name}"]
    assert package.read(f"items/images/{file.name}") == a_picture(1)
    assert package.read(f"items/{identifier}.xml").decode().count(f'src="images/{file.name}"') == 3


def test_several_images_stand_by_their_names(desk: Desk) -> None:
    files, texts = zip(*(shown(desk, shade) for shade in (1, 2, 3)))
    package = pack(desk, a_question("q", text=" ".join(texts), files=list(files)))
    [paths] = resources(package).values()
    assert paths[1:] == sorted(f"images/{file.name}" for file in files)


def test_an_image_that_studio_did_not_attach_keeps_its_bare_name(desk: Desk) -> None:
    file, text = shown(desk)
    package = pack(desk, a_question("q", text=text, files=[file], unlinked=[file.name]))
    identifier = qti_id(an_id("q"))
    assert resources(package)[identifier] == [f"items/{identifier}.xml"]
    assert f'src="{file.name}"' in package.read(f"items/{identifier}.xml").decode()
    assert f"images/{file.name}" in desk.archive().namelist()


def test_an_attached_image_that_is_not_stored_cannot_be_published(desk: Desk) -> None:
    lost = File("0" * 32, "0" * 32, "png", f"{'0' * 32}.png", preset="exercise_image")
    with pytest.raises(CannotPublish, match="was never uploaded"):
        pack(desk, a_question("q", text=f"![]({STORED}/{lost.name})", files=[lost]))


def test_a_native_item_keeps_every_character_but_its_paths(desk: Desk) -> None:
    file, _ = shown(desk)
    body = f"<p>a  b</p><img src = '{file.name}' alt=''/><img alt='' src=\"x.png\"/>"
    raw = NATIVE.format(name="item-1", body=body)
    package = pack(desk, Question(an_id("n"), "QTI", raw_data=raw, files=[file]))
    assert package.read("items/item-1.xml").decode() == raw.replace(f"'{file.name}'", f"'images/{file.name}'")
    assert resources(package) == {"item-1": ["items/item-1.xml", f"images/{file.name}"]}


@pytest.mark.parametrize("comment", ["<!-- c -->", "<?pi x?>"])
def test_a_native_item_with_a_comment_ends_studios_publish(desk: Desk, comment: str) -> None:
    choice = '<qti-text-entry-interaction response-identifier="RESPONSE"/>'
    raw = NATIVE.format(name="item-1", body=f"{comment}{choice}")
    with pytest.raises(CannotPublish, match="holds a comment"):
        pack(desk, Question(an_id("n"), "QTI", raw_data=raw))
    desk.strict = False
    assert desk.package().read("items/item-1.xml").decode() == raw


def test_a_comment_before_the_item_does_no_harm(desk: Desk) -> None:
    raw = "<!-- c -->" + NATIVE.format(name="item-1", body="")
    assert pack(desk, Question(an_id("n"), "QTI", raw_data=raw)).read("items/item-1.xml").decode() == raw


def test_sources_of_several_sizes_are_rewritten_one_by_one() -> None:
    text = '<img srcset="a.png 2x, b.png 100w" src="b.png" data-x="a.png"/>'
    paths = {"a.png": "images/a.png"}
    assert rewrite_media(text, paths) == '<img srcset="images/a.png 2x, b.png 100w" src="b.png" data-x="a.png"/>'


def test_raw_perseus_brings_its_files_and_its_wrapper(desk: Desk) -> None:
    image, _ = shown(desk)
    graphie = desk.file(b"<svg/>$$$GRAPHIE_BREAK$$${}", "graphie", "exercise_graphie", original_filename="abc")
    raw = Question(an_id("p"), "perseus_question", raw_data=f'{{"a": "{STORED}/x"}}', files=[graphie, image])
    package = pack(desk, a_question("q"), raw)
    item, path = qti_id(an_id("p")), f"perseus/{an_id('p')}.json"
    assert resources(package)[item] == [
        f"items/{item}.xml",
        path,
        *sorted([f"perseus/images/{image.name}", "perseus/images/abc.svg", "perseus/images/abc-data.json"]),
    ]
    assert json.loads(package.read(path)) == {"a": "${☣ LOCALPATH}/perseus/images/x"}
    wrapper = package.read(f"items/{item}.xml").decode()
    assert 'title="exercise 2"' in wrapper
    assert f'data-type="perseus" data-perseus-path="{path}"' in wrapper


@pytest.mark.parametrize(
    ("own", "channel", "tag"), [("pt-BR", "en", "pt"), (None, "sw", "sw"), (None, "es-ES", "es"), ("swa", "en", "sw")]
)
def test_the_language_of_a_wrapper_is_the_nodes_else_the_channels(
    desk: Desk, own: str | None, channel: str, tag: str
) -> None:
    desk.channel.language = channel
    raw = Question(an_id("p"), "perseus_question", raw_data="{}")
    package = pack(desk, raw, a_question("q"), language=own)
    assert f'xml:lang="{tag}"' in package.read(f"items/{qti_id(an_id('p'))}.xml").decode()


def test_a_package_with_perseus_inside_needs_both_viewers(desk: Desk) -> None:
    pack(desk, Question(an_id("p"), "perseus_question", raw_data="{}"), a_question("q"))
    [row] = desk.rows("file")
    assert (row["preset"], row["priority"], row["included_presets"]) == ("qti", 1, 2**13 | 2**7)


def test_a_question_that_studio_would_have_refused_is_left_out_where_that_is_wanted(desk: Desk) -> None:
    desk.strict = False
    package = pack(desk, a_question("bad", text="~~gone~~"), a_question("good"))
    assert list(resources(package)) == [qti_id(an_id("good"))]
    assert "cannot be shown: the element <s> is not allowed" in desk.publish().left_out[0][1]
