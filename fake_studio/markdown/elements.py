"""The elements that Studio lets into a question: their attributes, what they may hold, where they may stand.

Source: Studio utils/assessment/qti/html/*.py and mathml/core.py, here in one table.
"""

from __future__ import annotations

from dataclasses import dataclass, field

INLINE, BLOCK, PART, MATH, FORMULA, MATH_PART = "inline", "block", "part", "math", "formula", "math part"
FLOW = frozenset({INLINE, BLOCK, "#text"})
PHRASES = frozenset({INLINE, MATH, "#text"})
FLOW_AND_MATH = FLOW | {MATH}
FORMULAS = frozenset({FORMULA, "#text"})
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Attribute:
    """``kind`` is what ``attributes.written`` takes; ``default`` is what Studio writes where nothing was sent.

    A ``fixed`` attribute is written though nobody may send it.
    """

    kind: str
    default: str = ""
    fixed: bool = False


@dataclass(frozen=True)
class Element:
    """One element: ``place`` is the kind of content that it is, ``holds`` the kinds or tags that may be inside.

    ``attributes`` stand in the order in which Studio writes them. ``children`` is the exact number of children, where
    one is demanded.
    """

    place: str
    holds: frozenset[str] = NOTHING
    attributes: dict[str, Attribute] = field(default_factory=dict)
    needs: frozenset[str] = NOTHING
    children: int = -1


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _attributes(words: str) -> dict[str, Attribute]:
    """Read ``name``, ``name:kind``, ``name:kind=default`` or ``name:kind!default`` (fixed), parted by blanks."""
    table = {}
    for word in words.split():
        name, _, rest = word.partition(":")
        kind, mark, default = rest.replace("!", "=").partition("=")
        table[name] = Attribute(kind or "text", default, fixed=mark == "=" and "!" in rest)
    return table


_COMMON = _attributes("id class lang:language label dir:ltr|rtl|auto")
_MATH_COMMON = _attributes(
    "mathcolor:color mathbackground:color mathsize:length displaystyle:truth scriptlevel:level autofocus:truth"
)


def _element(
    place: str, holds: frozenset[str] = NOTHING, attributes: str = "", needs: str = "", children: int = -1
) -> Element:
    common = {**_COMMON, **_MATH_COMMON} if place in (MATH, FORMULA, MATH_PART) else _COMMON
    return Element(place, holds, {**common, **_attributes(attributes)}, _names(needs), children)


def _html() -> dict[str, Element]:
    phrases, blocks = (
        "span em code kbd i dfn abbr strong sup sub var small samp b cite bdi rt",
        "p h1 h2 h3 h4 h5 h6 pre",
    )
    table = {tag: _element(INLINE, PHRASES) for tag in _names(phrases)}
    table.update({tag: _element(BLOCK, PHRASES) for tag in _names(blocks)})
    table.update(
        {tag: _element(BLOCK, FLOW_AND_MATH) for tag in _names("div article section nav aside header footer address")}
    )
    table.update({tag: _element(PART, FLOW) for tag in _names("dt dd caption figcaption")})
    table.update({tag: _element(PART, _names("tr")) for tag in _names("tbody thead tfoot")})
    table.update(_tables_and_lists())
    table.update(_media())
    table.update(
        a=_element(INLINE, PHRASES, "href:link type", "href"),
        q=_element(INLINE, PHRASES, "cite:web"),
        label=_element(INLINE, PHRASES, "for"),
        ruby=_element(INLINE, _names("rt rp #text")),
        blockquote=_element(BLOCK, FLOW_AND_MATH, "cite:http"),
        br=_element(INLINE),
        hr=_element(BLOCK),
        details=_element(BLOCK, FLOW | _names("summary"), "open:truth"),
        summary=_element(PART, _names(f"{phrases} {blocks} a q label #text")),
        figure=_element(BLOCK, FLOW | _names("figcaption")),
    )
    return table


def _tables_and_lists() -> dict[str, Element]:
    cell = "colspan:number rowspan:number headers"
    return {
        "ol": _element(BLOCK, _names("li"), "reversed:truth start:number type:text!1"),
        "ul": _element(BLOCK, _names("li")),
        "li": _element(PART, FLOW, "value:number"),
        "dl": _element(BLOCK, FLOW | _names("dt dd")),
        "table": _element(BLOCK, _names("caption colgroup thead tbody tfoot tr")),
        "colgroup": _element(PART, _names("col"), "span:number"),
        "col": _element(PART, NOTHING, "span:number=1"),
        "tr": _element(PART, _names("th td")),
        "td": _element(PART, FLOW, cell),
        "th": _element(PART, FLOW, f"{cell} scope:row|col|rowgroup|colgroup|auto abbr"),
    }


def _media() -> dict[str, Element]:
    plays = "src:source controls:truth autoplay:truth loop:truth muted:truth"
    loads = "preload:none|metadata|auto=metadata"
    kinds = "kind:subtitles|captions|descriptions|chapters|metadata=subtitles"
    picture = "alt src:source srcset:sources sizes crossorigin usemap ismap:truth width:number height:number longdesc"
    return {
        "img": _element(INLINE, NOTHING, picture, "alt src"),
        "object": _element(INLINE, FLOW, "data name usemap width height"),
        "audio": _element(BLOCK, FLOW | _names("source track"), f"{plays} {loads}"),
        "video": _element(BLOCK, FLOW | _names("source track"), f"{plays} poster {loads} width height"),
        "source": _element(PART, NOTHING, "media src:source srcset:sources sizes height:number width:number"),
        "track": _element(PART, NOTHING, f"src:source {kinds} srclang:language default:truth", "src"),
    }


def _mathml() -> dict[str, Element]:
    text = _names("#text")
    table = {tag: _element(FORMULA, text, children=1) for tag in _names("mi mn mtext ms")}
    table.update({tag: _element(FORMULA, FORMULAS) for tag in _names("mrow msqrt mstyle merror mphantom")})
    table.update({tag: _element(FORMULA, FORMULAS, children=2) for tag in _names("mroot msub msup")})
    operator = (
        "accent:truth fence:truth form:prefix|infix|postfix largeop:truth lspace:length maxsize:length minsize:length "
        "movablelimits:truth rspace:length separator:truth stretchy:truth symmetric:truth"
    )
    lengths = "width:length height:length depth:length"
    table.update(
        math=_element(MATH, FORMULAS, "display:block|inline alttext"),
        mo=_element(FORMULA, text, operator, children=1),
        mspace=_element(FORMULA, NOTHING, f"{lengths} linebreak"),
        mpadded=_element(FORMULA, FORMULAS, f"{lengths} lspace:length voffset:length"),
        mfrac=_element(FORMULA, FORMULAS, "linethickness:length", children=2),
        msubsup=_element(FORMULA, FORMULAS, children=3),
        munder=_element(FORMULA, FORMULAS, "accentunder:truth", children=2),
        mover=_element(FORMULA, FORMULAS, "accent:truth", children=2),
        munderover=_element(FORMULA, FORMULAS, "accent:truth accentunder:truth", children=3),
        mmultiscripts=_element(FORMULA, FORMULAS | _names("mprescripts")),
        mprescripts=_element(MATH_PART),
        mtable=_element(MATH_PART, _names("mtr")),
        mtr=_element(MATH_PART, _names("mtd")),
        mtd=_element(MATH_PART, FORMULAS, "columnspan:number rowspan:number"),
        annotation=_element(MATH_PART, text, "encoding", children=1),
        semantics=_element(FORMULA, FORMULAS | _names("annotation annotation-xml")),
    )
    table["annotation-xml"] = _element(MATH_PART, FORMULAS, "encoding")
    return table


ELEMENTS: dict[str, Element] = {**_html(), **_mathml()}
