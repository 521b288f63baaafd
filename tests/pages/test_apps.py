"""Apps and H5P packages in their sandbox: what they may count on there, in a real browser."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest

from fake_studio.content.h5p_libraries import read_libraries
from support.chefs_driver import Chef
from support.zips import library, needs, package, with_zip, zip_of

STORES = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Stores</title></head><body><script>
localStorage.setItem("number", 1)
localStorage.word = "drop"
sessionStorage.setItem("gone", "x")
sessionStorage.removeItem("gone")
document.cookie = "kept=a=b; path=/"
document.cookie = "over=1"
document.cookie = "over=; max-age=0"
document.cookie = "old=1; expires=Thu, 01 Jan 1970 00:00:00 GMT"
window.stored = {
  number: localStorage.getItem("number"), word: localStorage["word"], none: localStorage.getItem("none"),
  names: Object.keys(localStorage), length: localStorage.length, first: localStorage.key(0),
  has: "word" in localStorage,
  session: sessionStorage.length, cookie: document.cookie,
  absent: ["indexedDB" in window, "caches" in window, "serviceWorker" in navigator],
  mode: document.compatMode, charset: document.characterSet, language: document.documentElement.lang,
}
</script><p id="ready">ä</p><a href="two.html">On</a></body></html>"""
TWO = "<p id='two'></p><script>document.getElementById('two').textContent = localStorage.word</script>"
ASKS = """<p id="data"></p><script>
const asked = new XMLHttpRequest()
asked.open("GET", "data.json")
asked.setRequestHeader("X-Requested-With", "XMLHttpRequest")
asked.onload = () => { document.getElementById("data").textContent = asked.responseText }
asked.send()
</script>"""


@pytest.fixture
def chef(kitchen: Any) -> Chef:
    """Somebody who uploads to the Studio that the browser looks at."""
    return Chef(kitchen.fake.app.test_client(), kitchen.fake.studio, {}, kitchen.fake.token, "documented")


def frame_at(page: Any, url: str) -> Any:
    """The first frame of a page."""
    page.goto(url)
    return page.wait_for_selector("iframe").content_frame()


def test_an_app_stores_what_it_likes_in_memory(page: Any, kitchen: Any, chef: Chef) -> None:
    path = with_zip(chef, zip_of({"index.html": STORES, "two.html": TWO}))
    frame = frame_at(page, kitchen.fake.url + path)
    frame.wait_for_selector("#ready")
    assert frame.evaluate("window.stored") == {
        **{"number": "1", "word": "drop", "none": None, "names": ["number", "word"], "length": 2},
        **{"first": "number", "has": True, "session": 0, "cookie": "kept=a=b", "absent": [False] * 3},
        **{"mode": "CSS1Compat", "charset": "UTF-8", "language": "en"},
    }
    frame.click("text=On")
    assert frame.wait_for_selector("#two:not(:empty)").inner_text() == "drop"
    page.reload()
    fresh = page.wait_for_selector("iframe").content_frame()
    fresh.wait_for_selector("#ready")
    assert fresh.evaluate("window.stored.length") == 2


def test_an_app_asks_for_its_own_data_with_headers_of_its_own(page: Any, kitchen: Any, chef: Chef) -> None:
    path = with_zip(chef, zip_of({"index.html": ASKS, "data.json": {"drops": 7}}))
    frame = frame_at(page, kitchen.fake.url + path)
    frame.wait_for_selector("#data:not(:empty)")
    assert frame.inner_text("#data") == '{"drops": 7}'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<!DOCTYPE html>", "\n<html><p>x"),
        ("\ufeff<!doctype html>", "<p>"),
        ("<!-- a --> <!DOCTYPE html PUBLIC 'x'>", "<!--[if IE]> <html> <![endif]--><html>"),
        ("<?xml version='1.0'?><!DOCTYPE html>", "<html>"),
        ("", "<p>no doctype"),
    ],
)
def test_our_script_stands_in_front_of_the_apps_own(documented: Chef, before: str, after: str) -> None:
    path = with_zip(documented, zip_of({"index.html": before + after}))
    text = documented.client.get(f"{path}/zip/index.html").data.decode("utf-8")
    assert text == f'{before}<script src="/frames/store.js"></script>{after}'


@pytest.mark.parametrize(
    ("name", "content"), [("a.html", "<p>".encode("utf-16")), ("a.js", b"1"), ("a.xhtml", b"<x/>")]
)
def test_what_cannot_take_a_script_is_sent_as_it_is(documented: Chef, name: str, content: bytes) -> None:
    path = with_zip(documented, zip_of({"index.html": "", name: content}))
    assert documented.client.get(f"{path}/zip/{name}").data == content


BASE = "window.loaded = ['base']; H5P.Base = class { static greet() { return 'greeted' } }"
PICTURE = b"<svg xmlns='http://www.w3.org/2000/svg' width='7' height='7'/>"
PART = """
loaded.push('part')
H5P.Part = function (params, id, extras) {
  H5P.EventDispatcher.call(this)
  const said = `${params.text} ${extras.parent.name} ${extras.subContentId}`
  this.attach = ($to) => $to.append($('<p class=part>').text(said))
  this.answer = () => this.triggerXAPIScored(1, 2, 'answered', true, false)
}
H5P.Part.prototype = Object.create(H5P.EventDispatcher.prototype)
window.$ = H5P.jQuery"""
MAIN = """
loaded.push('main')
H5P.Main = function (params, id, extras) {
  H5P.EventDispatcher.call(this)
  this.name = extras.metadata.title
  this.on('xAPI', (event) => {
    const said = [event.getVerb(), event.getScore(), event.getMaxScore(), event.data.statement.result.score.scaled]
    $('.said').text(said.join(' '))
  })
  this.on('resize', () => $('.size').text('resized'))
  this.attach = ($to) => {
    const $part = $('<div>').appendTo($to)
    $to.append('<p class=said>', '<p class=size>', $('<img alt="">').attr('src', H5P.getPath(params.image.path, id)))
    const part = H5P.newRunnable(params.part, id, $part, false, { parent: this })
    $('<button>').text('Answer').on('click', part.answer).appendTo($to)
    H5P.setUserData(id, 'state', loaded)
    H5P.getUserData(id, 'state', (problem, data) => $('<p class=state>').text(data.join()).appendTo($to))
    const more = [H5P.Base.greet(), this.isRoot(), this.getLibraryFilePath('a.css')]
    $('<p class=more>').text(more.join(' ')).appendTo($to)
  }
}
H5P.Main.prototype = Object.create(H5P.EventDispatcher.prototype)"""
CONTENT = {
    "image": {"path": "images/drop.svg", "mime": "image/svg+xml"},
    "part": {"library": "H5P.Part 1.0", "params": {"text": "part of"}, "subContentId": "sub"},
}


def played() -> bytes:
    parts = (
        library("H5P.Main", MAIN, "H5P.Part", style=".said { color: rgb(1, 2, 3) }"),
        library("H5P.Part", PART, "H5P.Base"),
        library("H5P.Base", BASE),
    )
    return package(CONTENT, *parts, {"content/images/drop.svg": PICTURE}, main="H5P.Main", lists=("H5P.Part",))


def test_a_package_is_played_by_its_libraries(page: Any, kitchen: Any, chef: Chef) -> None:
    path = with_zip(chef, played(), "h5p", "h5p")
    frame = frame_at(page, kitchen.fake.url + path)
    frame.wait_for_selector(".size:not(:empty)")
    assert frame.inner_text(".part") == "part of A trial sub"
    assert frame.inner_text(".state") == "base,part,main"
    assert frame.inner_text(".more") == f"greeted true {path}/zip/H5P.Main-1.0/a.css"
    frame.wait_for_function("() => document.images[0].naturalWidth === 7")
    frame.click("text=Answer")
    assert frame.inner_text(".said") == "answered 1 2 0.5"
    assert frame.evaluate("getComputedStyle(document.querySelector('.said')).color") == "rgb(1, 2, 3)"


def test_a_package_whose_script_fails_says_so_in_its_frame(page: Any, kitchen: Any, chef: Chef) -> None:
    path = with_zip(chef, package({}, library("H5P.Other", "1"), main="H5P.Other"), "h5p", "h5p")
    frame = frame_at(page, kitchen.fake.url + path)
    frame.wait_for_selector("[role=alert] >> text=The package has no script for H5P.Other 1.0.")


def test_a_package_that_lacks_libraries_says_which_and_shows_its_content(documented: Chef) -> None:
    content = package({"fact": "Water is wet."}, library("H5P.Main", "", "H5P.Away"), main="H5P.Main", lists=("H5P.X",))
    path = with_zip(documented, content, "h5p", "h5p")
    text = documented.client.get(path).text
    assert "it does not bring H5P.Away 1.0, H5P.X 1.0." in text
    assert "<iframe" not in text
    assert "Water is wet." in text
    answer = documented.client.get(f"{path}/h5p")
    assert answer.status_code == 404
    assert "H5P.Away 1.0, H5P.X 1.0 is missing" in answer.text


def test_libraries_that_need_each_other_are_loaded_once() -> None:
    ring = {**library("A", "", "B"), **library("B", "", "C"), **library("C", "", "A"), "x/library.json/y": "{"}
    with zipfile.ZipFile(BytesIO(zip_of(ring))) as archive:
        found = read_libraries(archive, ["A 1.0", "B 1.0"])
    assert found.scripts == ["C-1.0/main.js", "B-1.0/main.js", "A-1.0/main.js"]
    assert found.missing == ()


@pytest.mark.parametrize("told", ["[]", "{", '{"preloadedDependencies": 1}', '{"preloadedJs": [1]}'])
def test_a_library_that_cannot_be_read_is_told_in_words(documented: Chef, told: str) -> None:
    content = package({}, {"H5P.Main-1.0/library.json": told}, main="H5P.Main")
    text = documented.client.get(with_zip(documented, content, "h5p", "h5p")).text
    assert "cannot be read: Its JSON" in text


def test_the_main_library_must_stand_among_those_that_are_needed(documented: Chef) -> None:
    about = {"title": "T", "mainLibrary": "H5P.Main", "preloadedDependencies": needs("H5P.Other")}
    content = zip_of({"h5p.json": about, "content/content.json": {}, **library("H5P.Other", "")})
    path = with_zip(documented, content, "h5p", "h5p")
    assert "it does not bring H5P.Main" in documented.client.get(path).text
