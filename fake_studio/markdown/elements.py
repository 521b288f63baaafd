"""The elements that Studio lets into a question: their attributes, what they may hold, where they may stand.

Source: Studio utils/assessment/qti/html/*.py and mathml/core.py, told here as one table.
"""

from __future__ import annotations

from dataclasses import dataclass

INLINE, BLOCK, PART, MATH, FORMULA, MATH_PART = "inline", "block", "part", "math", "formula", "math part"
FLOW = frozenset({INLINE, BLOCK, "#text"})
PHRASES = frozenset({INLINE, MATH, "#text"})
FLOW_AND_MATH = FLOW | {MATH}
FORMULAS = frozenset({FORMULA, "#text"})
NOTHING: frozenset[str] = frozenset()

COMMON_ATTRIBUTES = frozenset({"id", "class", "lang", "label", "dir"})
MATH_ATTRIBUTES = frozenset({"mathcolor", "mathbackground", "mathsize", "displaystyle", "scriptlevel", "autofocus"})


@dataclass(frozen=True)
class Element:
    """One element: ``place`` is the kind of content that it is, ``holds`` the kinds or tags that may be inside.

    ``children`` is the exact number of children, where one is demanded.
    """

    place: str
    holds: frozenset[str] = NOTHING
    attributes: frozenset[str] = NOTHING
    needs: frozenset[str] = NOTHING
    children: int = -1


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _html() -> dict[str, Element]:
    table = {
        tag: Element(INLINE, PHRASES)
        for tag in _names("span em code kbd i dfn abbr strong sup sub var small samp b cite bdi rt")
    }
    table.update({tag: Element(BLOCK, PHRASES) for tag in _names("p h1 h2 h3 h4 h5 h6 pre")})
    table.update(
        {tag: Element(BLOCK, FLOW_AND_MATH) for tag in _names("div article section nav aside header footer address")}
    )
    table.update({tag: Element(PART, FLOW) for tag in _names("dt dd caption figcaption")})
    table.update({tag: Element(PART, _names("tr")) for tag in _names("tbody thead tfoot")})
    cell = _names("colspan rowspan headers")
    media = _names("src controls autoplay loop muted preload")
    table.update(
        a=Element(INLINE, PHRASES, _names("href type"), _names("href")),
        q=Element(INLINE, PHRASES, _names("cite")),
        label=Element(INLINE, PHRASES, _names("for")),
        ruby=Element(INLINE, _names("rt rp #text")),
        blockquote=Element(BLOCK, FLOW_AND_MATH, _names("cite")),
        ol=Element(BLOCK, _names("li"), _names("reversed start")),
        ul=Element(BLOCK, _names("li")),
        li=Element(PART, FLOW, _names("value")),
        dl=Element(BLOCK, FLOW | _names("dt dd")),
        table=Element(BLOCK, _names("caption colgroup thead tbody tfoot tr")),
        colgroup=Element(PART, _names("col"), _names("span")),
        col=Element(PART, NOTHING, _names("span")),
        tr=Element(PART, _names("th td")),
        td=Element(PART, FLOW, cell),
        th=Element(PART, FLOW, cell | _names("scope abbr")),
        br=Element(INLINE),
        hr=Element(BLOCK),
        img=Element(
            INLINE,
            NOTHING,
            _names("alt src srcset sizes crossorigin usemap ismap width height longdesc"),
            _names("alt src"),
        ),
        object=Element(INLINE, FLOW, _names("data name usemap width height")),
        details=Element(BLOCK, FLOW | _names("summary"), _names("open")),
        summary=Element(PART, _names("p h1 h2 h3 h4 h5 h6 pre #text inline")),
        figure=Element(BLOCK, FLOW | _names("figcaption")),
        audio=Element(BLOCK, FLOW | _names("source track"), media),
        video=Element(BLOCK, FLOW | _names("source track"), media | _names("poster width height")),
        source=Element(PART, NOTHING, _names("media src srcset sizes height width")),
        track=Element(PART, NOTHING, _names("src kind srclang default"), _names("src")),
    )
    return table


def _mathml() -> dict[str, Element]:
    text = _names("#text")
    table = {tag: Element(FORMULA, text, children=1) for tag in _names("mi mn mtext ms")}
    table.update({tag: Element(FORMULA, FORMULAS) for tag in _names("mrow msqrt mstyle merror mphantom")})
    table.update({tag: Element(FORMULA, FORMULAS, children=2) for tag in _names("mroot msub msup")})
    lengths = _names("width height depth")
    table.update(
        math=Element(MATH, FORMULAS, _names("display alttext")),
        mo=Element(
            FORMULA,
            text,
            _names(
                "accent fence form largeop lspace maxsize minsize movablelimits rspace separator stretchy symmetric"
            ),
            children=1,
        ),
        mspace=Element(FORMULA, NOTHING, lengths | _names("linebreak")),
        mpadded=Element(FORMULA, FORMULAS, lengths | _names("lspace voffset")),
        mfrac=Element(FORMULA, FORMULAS, _names("linethickness"), children=2),
        msubsup=Element(FORMULA, FORMULAS, children=3),
        munder=Element(FORMULA, FORMULAS, _names("accentunder"), children=2),
        mover=Element(FORMULA, FORMULAS, _names("accent"), children=2),
        munderover=Element(FORMULA, FORMULAS, _names("accent accentunder"), children=3),
        mmultiscripts=Element(FORMULA, FORMULAS | _names("mprescripts")),
        mprescripts=Element(MATH_PART),
        mtable=Element(MATH_PART, _names("mtr")),
        mtr=Element(MATH_PART, _names("mtd")),
        mtd=Element(MATH_PART, FORMULAS, _names("columnspan rowspan")),
        annotation=Element(MATH_PART, text, _names("encoding"), children=1),
        semantics=Element(FORMULA, FORMULAS | _names("annotation")),
    )
    return table


MATH_ELEMENTS = _mathml()
ELEMENTS: dict[str, Element] = {**_html(), **MATH_ELEMENTS}
