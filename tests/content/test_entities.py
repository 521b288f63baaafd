"""XML whose entities stand for much more than it is long, wherever chefs' XML is read."""

from __future__ import annotations

import io
import time
import xml.etree.ElementTree as ET

import pytest

from fake_studio.content import images, qti
from fake_studio.content.entities import EntitiesTooLarge, NestedTooDeeply, find_root, parse_xml
from fake_studio.content.flaw import Inspection
from fake_studio.core.refusals import NodeInvalid
from fake_studio.rules.native_questions import check_native
from fake_studio.web.pages.question_view import _from_qti
from support.chefs_driver import Chef, exercise_data, question_data

NESTED = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
MANY = '<i a="&e0;"/>' * 1000
BOMBS = {
    "nested": f'<!DOCTYPE s [<!ENTITY e0 "lol">{NESTED}]><s>&e8;</s>',
    "long and often": f'<!DOCTYPE s [<!ENTITY e0 "{"x" * 10_000}">]><s>{"&e0;" * 1000}</s>',
    "in an attribute": f'<!DOCTYPE s [<!ENTITY e0 "lol">{NESTED}]><s t="&e5;"/>',
    "in many attributes": f'<!DOCTYPE s [<!ENTITY e0 "{"x" * 1000}">]><s>{MANY}</s>',
}
ILLUSTRATOR = (
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" ['
    '<!ENTITY ns_svg "http://www.w3.org/2000/svg">]><svg xmlns="&ns_svg;"><path d="M0 0"/></svg>'
)


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", None])
def test_what_grows_is_not_read(name: str, encoding: str | None) -> None:
    content = BOMBS[name].encode(encoding) if encoding else BOMBS[name]
    began = time.thread_time()
    with pytest.raises(EntitiesTooLarge, match="5 times as long"):
        parse_xml(content)
    assert time.thread_time() - began < 0.5


def test_a_few_entities_are_read() -> None:
    assert parse_xml(ILLUSTRATOR).tag == "{http://www.w3.org/2000/svg}svg"
    assert images.inspect_image(io.BytesIO(ILLUSTRATOR.encode()), "svg") == Inspection()
    with pytest.raises(ET.ParseError, match="undefined entity"):
        parse_xml("<!DOCTYPE s [<!ENTITY e 'x'>]><s>&f;</s>")


@pytest.mark.parametrize("name", BOMBS)
def test_questions_and_images_that_grow(name: str) -> None:
    with pytest.raises(NodeInvalid, match="5 times as long"):
        check_native(BOMBS[name], "questions[0]")
    with pytest.raises(EntitiesTooLarge):
        qti.has_comments(BOMBS[name])
    assert "ENTITY" in _from_qti(BOMBS[name]).html
    inspection = images.inspect_image(io.BytesIO(BOMBS[name].encode()), "svg")
    assert "5 times as long" in inspection.unchecked[0]


def test_a_question_that_grows_is_refused(chef: Chef) -> None:
    question = question_data(type="QTI", raw_data=BOMBS["nested"], question="", answers="[]")
    answer = chef.add(chef.create(), exercise_data(question))
    assert answer.status_code == 400


def test_the_root_of_xml_is_named_and_nothing_else_is_kept() -> None:
    assert find_root(b"<?xml version='1.0' encoding='latin-1'?><a><b>\xe9</b></a>") == "a"
    assert find_root('<x:a xmlns:x="urn:x">é</x:a>') == "{urn:x}a"
    for broken in (b"", b"<a>", b"<a>&nbsp;</a>", b"<a/><b/>", b"\xff\xfe\0"):
        with pytest.raises(ET.ParseError):
            find_root(broken)


def test_what_is_nested_too_deeply_is_not_read_on() -> None:
    assert find_root(b"<a>" * 5000 + b"</a>" * 5000) == "a"
    with pytest.raises(NestedTooDeeply, match="nested more than 10,000 deep"):
        find_root(b"<a>" * 3_000_000)
