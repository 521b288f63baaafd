"""HTML5 apps: what their pages ask for and do not get, and odd but right ones of which nothing may be said."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from fake_studio.content.inspect import inspect_file
from support.archives import app, inspect, lines, pack

MEDIA = Path(__file__).parents[2] / "fixtures" / "media"
MISSING, WEB, DEAD = "archive-reference-missing", "archive-needs-web", "archive-link-dead"
STYLE = '<link rel="stylesheet" href="css/a.css">'


@pytest.mark.parametrize(
    ("head", "body", "asked"),
    [
        ("", '<script src="js/a.js"></script>', "js/a.js"),
        ("", '<SCRIPT SRC=js/a.js?v=1#x type="text/javascript"></SCRIPT>', "js/a.js?v=1#x"),
        ('<script type="module" src="./a.mjs"></script>', "", "./a.mjs"),
        (STYLE, "", "css/a.css"),
        ('<link rel="preload stylesheet" href="a.css">', "", "a.css"),
        ("", '<img src="n.png">', "n.png"),
        ("", '<img srcset="p.png 1x,q.png 2x">', "q.png"),
        ("", '<picture><source srcset="s.webp"></picture>', "s.webp"),
        ("", '<video poster="p.jpg"></video>', "p.jpg"),
        ("", '<video><source src="a.mp4"><source src="a.webm"></video>', "a.webm"),
        ("", '<audio src="a.mp3"></audio>', "a.mp3"),
        ("", '<video src="data:,"><track src="a.vtt"></video>', "a.vtt"),
        ("", '<object data="o.swf"></object>', "o.swf"),
        ("", '<embed src="e.pdf">', "e.pdf"),
        ("", '<iframe src="f.html"></iframe>', "f.html"),
        ("", '<iframe srcdoc="&lt;img src=f.png&gt;" src="g.html"></iframe>', "f.png"),
        ("", '<svg><image xlink:href="i.png"/></svg>', "i.png"),
        ("", '<svg><use href="icons.svg#home"/></svg>', "icons.svg#home"),
        ("", '<input type="image" src="i.gif">', "i.gif"),
        ("", '<p style="background:url(b.png)">', "b.png"),
        ("<style>body { background: URL( 'b c.png' ) }</style>", "", "b c.png"),
        ("<style>@import 'x.css' screen;</style>", "", "x.css"),
        ('<meta http-equiv="Refresh" content="0; URL=next.html">', "", "next.html"),
        ("<base href='sub/'>", '<img src="p.png">', "p.png"),
        ("", '<img src="a%20b.png">', "a%20b.png"),
        ("", '<img src="file:///C:/Users/me/a.png">', "file:///C:/Users/me/a.png"),
        ("", '<img src="C:\\Users\\me\\a.png">', "C:\\\\Users\\\\me\\\\a.png"),
        ("", '<img src="../up.png">', "../up.png"),
        ("", '<img src="/top.png">', "/top.png"),
    ],
)
def test_what_a_page_asks_for_and_the_zip_has_not(head: str, body: str, asked: str) -> None:
    told = lines(inspect(app(body, head, **{"p.png": b"1", "top.png": b"1", "x/up.png": b"1"})))
    assert [line for line in told if asked in line and line.startswith(MISSING)], told
    assert all("'index.html' asks for" in line for line in told)


@pytest.mark.parametrize(
    ("css", "asked"),
    [
        ("p{background:url(i.png)}", "i.png"),
        ("@import url(other.css);", "other.css"),
        ("@media print{p{mask:url('i.svg#a')}}", "i.svg#a"),
        ("p{background-image:image-set('i.png' 1x)}", "i.png"),
        ("@font-face{font-family:F;src:url(f.woff2),url(f.woff)}", "f.woff2"),
        ("a{color:red}b{x:y;background:url(/i.png)}", "/i.png"),
        ("p{& b{cursor:url(c.cur),auto}}", "c.cur"),
    ],
)
def test_what_a_style_sheet_asks_for_is_looked_up_from_its_own_folder(css: str, asked: str) -> None:
    told = lines(inspect(app("", STYLE, **{"css/a.css": css, "i.png": b"1", "f.woff2": b"1", "other.css": ""})))
    assert [line for line in told if f"'css/a.css' asks for '{asked}'" in line and line.startswith(MISSING)], told


@pytest.mark.parametrize(
    "body",
    [
        '<script src="https://cdn.example.org/a.js"></script>',
        '<script src="//cdn.example.org/a.js"></script>',
        '<link rel="stylesheet" href="http://cdn.example.org/a.css">',
        '<iframe src="https://cdn.example.org/embed/1"></iframe>',
        "<style>@import url(https://cdn.example.org/css?family=A);</style>",
        "<style>@font-face{src:url(https://cdn.example.org/f.woff)}</style>",
        '<video><source src="https://cdn.example.org/a.mp4"></video>',
        '<base href="https://cdn.example.org/app/"><img src="a.png">',
    ],
)
def test_what_comes_from_the_web_is_named(body: str) -> None:
    told = lines(inspect(app(body)))
    assert [line.partition(":")[0] for line in told] == [WEB]
    assert "on the web; learners are offline" in told[0]


def test_a_server_of_the_author_is_not_the_web() -> None:
    for host in ("http://localhost:8000/a.js", "http://127.0.0.1/a.js", "//localhost/a.js"):
        (line,) = lines(inspect(app(f'<script src="{host}"></script>')))
        assert line.startswith(MISSING)
        assert "a server on the author's own computer" in line


@pytest.mark.parametrize(
    ("body", "members", "says"),
    [
        (
            '<script type="module" src="m.js"></script>',
            {"m.js": 'import{a}from"./gone.js";'},
            "'m.js' asks for './gone",
        ),
        ('<script type="module">/* x */ import "./gone.js"</script>', {}, "'index.html' asks for './gone.js'"),
        (
            '<script type="module" src="m.js"></script>',
            {
                "m.js": "'use strict';\n// all\nexport * from './n.mjs' with {type: 'json'}\n",
                "n.mjs": "import a from '/top.js'",
            },
            "'n.mjs' asks for '/top.js', which leads out of the zip",
        ),
        ('<script type="module">import Vue from "vue"</script>', {}, "'vue', which is the name of a package"),
        ('<script type="module">import a from "https://cdn.example.org/a.js"</script>', {}, "which is on the web"),
        ('<link rel="modulepreload" href="gone.js">', {}, "asks for 'gone.js'"),
    ],
)
def test_what_a_module_imports(body: str, members: dict[str, str], says: str) -> None:
    (line,) = lines(inspect(app(body, **members)))
    assert says in line


@pytest.mark.parametrize(
    "script",
    [
        "location.href = 'story.html'",
        'window.location = "story.html?a=1"',
        "location.replace('story.html')",
        "if (true) { document.location.assign('./story.html#top') }",
    ],
)
def test_a_page_that_only_leads_on(script: str) -> None:
    bare = {"index.html": f"<!DOCTYPE html><title>T</title><script>{script}</script>"}
    (line,) = lines(inspect(bare))
    assert line.startswith(f"{MISSING}: 'index.html' asks for")
    assert "story.html" in line
    (line,) = lines(inspect({**bare, "story.html": '<script src="gone.js"></script>'}))
    assert "'story.html' asks for 'gone.js'" in line, "where it leads is looked at too"
    assert lines(inspect({**bare, "story.html": "<p>x"})) == []


@pytest.mark.parametrize("action", ["window.open('two.html', '_blank')", "location='two.html'"])
def test_pages_that_a_click_opens_are_looked_at(action: str) -> None:
    button = f'<button onclick="{action}">2</button>'
    (line,) = lines(inspect(app(button, **{"two.html": '<img src="gone.png">'})))
    assert "'two.html' asks for 'gone.png'" in line
    assert lines(inspect(app(button))) == [], "what a click of a script needs is not known"


@pytest.mark.parametrize(
    ("body", "members", "says"),
    [
        ('<img src="a.png">', {"a.png": b""}, "'a.png', which is empty (0 bytes): the picture is broken"),
        ('<video src="a.mp4"></video>', {"a.mp4": b""}, "which is empty (0 bytes): nothing plays"),
        ('<script src="a.js"></script>', {"a.js": b"\n<!DOCTYPE html><p>404"}, "which is an HTML page under that name"),
        ('<img src="a.jpg">', {"a.jpg": b'{"error": "not found"}'}, "which is a text under that name ('{"),
        ('<img src="a.png">', {"a.png": b"<?xml version='1.0'?><Error>"}, "which is a text under that name"),
        ('<img src="a.png">', {"a.png": b"<HTML><body>Not found"}, "perhaps the error page of a failed download"),
    ],
)
def test_what_is_there_and_is_not_what_it_should_be(body: str, members: dict[str, bytes], says: str) -> None:
    (line,) = lines(inspect(app(body, **members)))
    assert says in line


def media(name: str) -> bytes:
    return (MEDIA / name).read_bytes()


def test_films_and_sounds_inside_must_play() -> None:
    cut = media("index-first.mp4")[:3000]
    for body, members, says in (
        ('<video src="a.mp4"></video>', {"a.mp4": media("hevc.mp4")}, "plays 'a.mp4': Its picture is HEVC"),
        ('<video><source src="a.mp4"></video>', {"a.mp4": cut}, "media-cut-short: 'index.html' plays 'a.mp4'"),
        ('<embed src="game.swf">', {"game.swf": b"CWS"}, "No browser plays .swf files"),
        ('<video><source src="a.avi"></video>', {"a.avi": media("film.avi")}, "No browser plays .avi files"),
    ):
        (line,) = lines(inspect(app(body, **members)))
        assert says in line
    both = (
        '<video><source src="a.mp4"><source src="a.webm"></video><audio src="s.mp4"></audio><video src="m.mp4"></video>'
    )
    whole = {"a.mp4": media("hevc.mp4"), "a.webm": media("vp9.webm"), "s.mp4": media("no-picture.mp4")}
    assert lines(inspect(app(both, **whole, **{"m.mp4": media("no-sound.mp4")}))) == []


@pytest.mark.parametrize("content", ["", " \n", "\ufeff"])
def test_an_empty_page_is_said(content: str) -> None:
    (line,) = lines(inspect({"index.html": content}))
    assert line == "file-empty: 'index.html' has nothing in it: learners see an empty page."


def test_another_zip_of_the_node_is_named_for_others_to_look_up() -> None:
    name = f"{'a1' * 16}.zip"
    found = inspect(app(f'<script src="../{name}/lib.js"></script>'))
    assert (lines(found), found.facts["siblings"]) == ([], (name,))


# Odd, and right.
ODD = {
    "query, fragment, escapes": app(
        '<img src="a%20b.png?v=1#x"><img src="é.png"><a href="#top">x</a><a href="?q=1">x</a>',
        **{"a b.png": b"1", "é.png": b"1"},
    ),
    "dots and double slashes": app('<img src="./x/../a.png"><img src="x//b.png">', **{"a.png": b"1", "x/b.png": b"1"}),
    "backslashes, which browsers take for slashes": app('<img src="x\\b.png">', **{"x/b.png": b"1"}),
    "a base": app('<img src="p.png"><svg><use href="#a"/></svg>', '<base href="sub/">', **{"sub/p.png": b"1"}),
    "other schemes": app(
        '<img src="data:image/png;base64,AA=="><a href="mailto:a@b.org">x</a><a href="javascript:go()">x</a>'
        '<img src="blob:x"><iframe src="about:blank"></iframe><a href="tel:1">x</a><img src=""><img>'
    ),
    "links to the web": app(
        '<a href="https://example.org/">x</a><form action="https://example.org/s"></form>'
        '<a href="https://example.org/a.pdf">x</a><p cite="https://example.org">'
    ),
    "hints in the head": app(
        "",
        '<link rel="dns-prefetch" href="//fonts.example.org"><link rel="preconnect" href="https://fonts.example.org">'
        '<link rel="canonical" href="https://example.org/"><link rel="alternate" href="https://example.org/feed">'
        '<link rel="license" href="https://creativecommons.org/"><link rel="author" href="/humans.txt">'
        '<link rel="icon" href="/favicon.ico"><link rel="apple-touch-icon" href="touch.png">'
        '<link rel="manifest" href="manifest.json"><meta property="og:image" content="https://example.org/a.png">',
    ),
    "comments": app(
        "<!-- <img src='gone.png'> --><!--[if lt IE 9]><script src='html5shiv.js'></script><![endif]-->"
        "<!--[if !IE]><!--><img src='p.png'><!--<![endif]--><![if !IE]><img src='p.png'><![endif]>",
        **{"p.png": b"1"},
    ),
    "text in scripts": app(
        '<script>document.write(\'<img src="gone.png"><script src="gone.js"><\\/script>\')</script>'
        '<script type="text/template"><img src="gone.png"></script>'
        '<script type="application/ld+json">{"image": "https://example.org/a.png"}</script>'
    ),
    "what waits": app(
        '<noscript><img src="https://stats.example.org/p.gif"></noscript><template><img src="gone.png"></template>'
        '<textarea><img src="gone.png"></textarea><img data-src="gone.png"><img src="{{ item.picture }}">'
        '<script nomodule src="old.js"></script>'
    ),
    "names of namespaces": app(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<use xlink:href="#a"/></svg>'
        '<div itemscope itemtype="https://schema.org/Book"></div><math xmlns="http://www.w3.org/1998/Math/MathML"/>',
        "<style>@namespace svg url(http://www.w3.org/2000/svg); p{filter:url(#blur);behavior:url(PIE.htc)}</style>",
    ),
    "one of several": app(
        '<video><source src="a.webm"><source src="a.ogv"><p>Old browser? <img src="gone.png"></p></video>'
        '<img src="gone.png" onerror="this.src=\'p.png\'">',
        STYLE,
        **{
            "a.webm": b"1",
            "css/a.css": "@font-face{src:url(f.eot);src:url(f.eot?#iefix) format('embedded-opentype'),"
            "url('../f.woff2') format('woff2'),url(f.svg#F) format('svg')}"
            "/* url(gone.png) */ p::after{content:'url(x)'}",
            "f.woff2": b"1",
        },
    ),
    "files that no page asks for": app(
        "<p>x</p>",
        **{
            "vendor/demo/index.html": '<script src="https://cdn.example.org/a.js"></script><img src="gone.png">',
            "vendor/a.css": "p{background:url(gone.png)}",
            "__MACOSX/._index.html": b"\x00\x05\x16\x07",
            ".DS_Store": b"\0",
        },
    ),
    "pages in a ring": app('<a href="b.html">b</a>', **{"b.html": '<a href="index.html">a</a><a href="./">a</a>'}),
    "a folder's page": app('<a href="sub/">s</a><iframe src="sub/"></iframe>', **{"sub/index.html": "<p>s"}),
    "routes of a script": app(
        '<a href="/lessons/1">1</a><a href="lessons/2">2</a><a href="x.pdf" onclick="go()">3</a>'
    ),
    "modules": app(
        '<script type="importmap">{"imports": {"vue": "./vue.js"}}</script>'
        '<script type="module">import {a} from "vue"; import("./later.js"); const s = "import \'./no.js\'"</script>'
        '<script type="module" src="m.js"></script><script src="plain.js"></script>',
        **{
            "m.js": "import './n.js';\nimport.meta.url; `import './text.js'`",
            "n.js": "",
            "plain.js": "import './no.js'",
        },
    ),
    "a game that a script draws": {
        "index.html": f"<canvas></canvas><script>{'draw(1);' * 600} if (over) location.href = 'over.html'</script>"
    },
    "places that scripts go to": app(
        "<p>x</p><script>if (mobile) location.href = 'mobile.html'; // location = 'old.html'\n</script>"
        "<button onclick=\"location.href='two.html'\">2</button>",
        **{"two.html": "<p>2"},
    ),
    "comments of HTML in scripts and styles": app(
        '<script src="a.js"></script>', STYLE, **{"a.js": "<!-- hide\nvar a = 1;\n// -->", "css/a.css": "<!-- p{} -->"}
    ),
    "empty scripts and styles": app('<script src="a.js"></script>', STYLE, **{"a.js": "", "css/a.css": ""}),
    "what is loaded early and used nowhere": app("", '<link rel="preload" href="f.woff2" as="font" crossorigin>'),
    "a page of a server": app('<img src="<?php echo $picture ?>">'),
    "Windows-1251": {
        "index.html": '<meta charset="windows-1251"><img src="рис.png">'.encode("cp1251"),
        "рис.png": b"1",
    },
    "GBK": {
        "index.html": '<meta http-equiv="Content-Type" content="text/html; charset=gbk"><img src="图.png">'.encode(
            "gbk"
        ),
        "图.png": b"1",
    },
    "UTF-16": {"index.html": '<img src="p.png">'.encode("utf-16"), "p.png": b"1"},
    "Latin-1": {"index.html": '<meta charset="latin-1"><img src="é.png">'.encode("latin-1"), "é.png": b"1"},
    "odd sections": app("<![CDATA[ x ]]><![foo]><?php echo 1 ?><p", "<style><![CDATA[ p{color:red} ]]></style>"),
    "a page that scripts fill": {"index.html": "<script>document.write('x')</script>", "x/": ""},
    "right to left": app('<p dir="rtl">مرحبا</p><img src="صورة.png">', **{"صورة.png": b"1"}),
}


@pytest.mark.parametrize("name", ODD)
def test_nothing_is_said_of_what_is_odd_and_right(name: str) -> None:
    found = inspect(ODD[name])
    assert (lines(found), found.unchecked) == ([], ())
    assert found.facts["entry"] == "index.html"


def test_a_name_in_another_case_is_proposed() -> None:
    (line,) = lines(inspect(app('<img src="Images/A.PNG">', **{"images/a.png": b"1"})))
    assert "not in the zip in that spelling: the zip has 'images/a.png', and case and accents count" in line


def test_a_name_with_escapes_in_the_zip_is_proposed() -> None:
    (line,) = lines(inspect(app('<img src="a%20b.png">', **{"a%20b.png": b"1"})))
    assert "the zip has 'a%20b.png'" in line


def test_a_name_with_another_accent_is_proposed() -> None:
    (line,) = lines(inspect(app('<img src="é.png">', **{"e\u0301.png": b"1"})))
    assert "in that spelling" in line


def test_a_name_with_backslashes_in_the_zip_is_not_found() -> None:
    (line,) = lines(inspect(app('<img src="x/a.png">', **{"x\\a.png": b"1"})))
    assert "with a backslash, which is not a folder" in line


def test_the_base_of_a_built_app_is_named() -> None:
    (line,) = lines(inspect(app('<script src="main.js"></script>', '<base href="/">', **{"main.js": "1"})))
    assert "leads out of the zip (the page has <base href='/'>)" in line


def test_pages_that_a_learner_reaches_are_looked_at() -> None:
    members = app(
        '<a href="two.html">2</a>', **{"two.html": '<a href="x/3.html">3</a>', "x/3.html": '<img src="p.png">'}
    )
    (line,) = lines(inspect({**members, "p.png": b"1"}))
    assert "'x/3.html' asks for 'p.png'" in line


def test_a_dead_link_to_a_page_of_its_own_is_a_warning() -> None:
    (line,) = lines(inspect(app('<a href="two.html">2</a><a href="2.html"><a href="two.html#x">', **{"2.html": ""})))
    assert line.startswith(f"{DEAD}: 'index.html' links to 'two.html'")


@pytest.mark.parametrize(
    ("members", "entry", "says"),
    [
        ({"begin.html": ""}, None, "There is no index.html at the top of the zip, but 'begin.html'"),
        ({"Index.HTML": ""}, None, "the zip has 'Index.HTML'"),
        ({"dist/index.html": ""}, None, "only 'dist/index.html' (pack what is in the folder"),
        ({"a.txt": ""}, None, "There is no index.html at the top of the zip: learners"),
        (
            {"index.html": "", "story/start.html": ""},
            "story/begin.html",
            "options.entry names 'story/begin.html', which",
        ),
        ({"index.html": "", "story/begin.html": ""}, "Story/begin.html", "the zip has 'story/begin.html'"),
    ],
)
def test_the_page_that_is_opened_must_be_there(members: dict[str, str], entry: str | None, says: str) -> None:
    (line,) = lines(inspect(members, entry=entry))
    assert line.startswith(MISSING)
    assert says in line


@pytest.mark.parametrize("entry", ["story/begin.html", "story/begin.html?lesson=2#top", "story/", "index.html", None])
def test_an_entry_page_is_an_address(entry: str | None) -> None:
    members = app(**{"story/begin.html": '<img src="../p.png">', "story/index.html": "<p>s", "p.png": b"1"})
    assert lines(inspect(members, entry=entry)) == []


def test_flaws_are_counted_after_the_first_twenty() -> None:
    told = lines(inspect(app("".join(f'<img src="{number}.png">' for number in range(100)))))
    assert len(told) == 21
    assert told[-1] == f"{MISSING}: There are 80 more like these in the file."


def test_an_article_is_shown_without_scripts_and_styles() -> None:
    page = (
        '<link rel="stylesheet" href="a.css"><script src="a.js"></script><img src="p.png"><p style="background:url(b)">'
    )
    (line,) = lines(inspect({"index.html": page}, "kpub"))
    assert "asks for 'p.png'" in line
    (line,) = lines(inspect({"a.html": page}, "kpub"))
    assert "no index.html at the top" in line


def test_a_zip_that_nobody_opens_needs_no_page() -> None:
    packed = pack({"lib.js": "1"})
    assert inspect_file(packed, "zip", preset="html5_dependency").flaws == ()
    assert inspect_file(packed, "zip", preset="html5_zip").flaws != ()


# Zips that are none, or broken


def test_bytes_of_another_format_are_named() -> None:
    found = inspect_file(io.BytesIO(b"\n<!DOCTYPE html><html>404"), "zip")
    assert lines(found) == ["file-extension-differs: This is not a .zip file but an HTML page: learners see an error."]
    assert lines(inspect_file(io.BytesIO(b"%PDF-1.4"), "epub"))[0].startswith(
        "file-extension-differs: This is not a .epub file but a PDF"
    )


def test_an_empty_file_is_named() -> None:
    assert [flaw.code for flaw in inspect_file(io.BytesIO(), "h5p").flaws] == ["file-empty"]


def test_a_zip_that_is_cut_short_does_not_open() -> None:
    whole = pack(app("x" * 1000)).getvalue()
    (line,) = lines(inspect_file(io.BytesIO(whole[: len(whole) // 2]), "zip"))
    assert line.startswith("archive-damaged: This is not a readable zip file")


def test_a_damaged_member_is_named() -> None:
    content = bytearray(pack(app("x" * 1000, **{"a.js": "abcdef" * 9})).getvalue())
    place = content.index(b"abcdef")
    content[place] ^= 1
    (line,) = lines(inspect_file(io.BytesIO(bytes(content)), "zip"))
    assert line.startswith("archive-damaged: 'a.js' in the zip is damaged (BadZipFile: Bad CRC-32")


def test_an_encrypted_zip_is_locked() -> None:
    content = bytearray(pack(app()).getvalue())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert [flaw.code for flaw in inspect_file(io.BytesIO(bytes(content)), "zip").flaws] == ["document-locked"]


def test_a_zip_packed_in_a_way_that_python_cannot_read_is_damaged() -> None:
    content = bytearray(pack(app()).getvalue())
    content[content.index(b"PK\x01\x02") + 10] = 9  # deflate64
    content[8] = 9
    (line,) = lines(inspect_file(io.BytesIO(bytes(content)), "zip"))
    assert "packed in a way that Kolibri cannot read" in line


def test_compressed_zips_are_read() -> None:
    packed = pack(app('<img src="p.png">'), compression=zipfile.ZIP_DEFLATED)
    assert len(inspect_file(packed, "zip").flaws) == 1
