"""Writing systems: which ones a text is in, and which ones a language is written in.

Source of the table: CLDR's likely subtags for the languages of le_utils, and for languages with several writing
systems Ethnologue's lists. Where in doubt a language has one more: nobody shall be accused of writing it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping

_LATIN = frozenset({"LATIN"})
# By the first word of a letter's name in Unicode.
_LANGUAGES: dict[str, str] = {
    "ARABIC": "ar arq fa prs ps pbt pbu ur",
    "ARABIC LATIN": "bcc brh",
    "ARABIC DEVANAGARI": "ks sd",
    "ARABIC GURMUKHI": "pa pnb",
    "ARABIC CYRILLIC LATIN": "az kk ku ky tg tk tt ug uz",
    "ARMENIAN": "hy",
    "AVESTAN LATIN": "ae",
    "BENGALI": "as bn",
    "BUGINESE LATIN": "bug",
    "CANADIAN LATIN": "cr iu oj oji",
    "CJK BOPOMOFO": "zh",
    "CJK HIRAGANA KATAKANA": "ja",
    "CJK HANGUL": "ko",
    "CJK LATIN": "vi za",
    "CYRILLIC": "ab av ba bg ce cv kv mk os ru rue uk",
    "CYRILLIC GLAGOLITIC": "cu",
    "CYRILLIC LATIN": "be bs hr ro sr",
    "CYRILLIC MONGOLIAN": "mn",
    "DEVANAGARI": "awa bh bho dty hi mai mr mwr ne new taj thl",
    "ETHIOPIC": "am ti tir",
    "ETHIOPIC LATIN": "aa hdy om sid so som wal",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "HEBREW": "he yi",
    "KANNADA": "kn",
    "KHMER": "km",
    "LAO": "lo",
    "LATIN ADLAM ARABIC": "ff ful fuv",
    "LATIN ARABIC": "ha hau kr mg mlg ms sw swa wo wol yo yor",
    "LATIN JAVANESE ARABIC": "jv",
    "LATIN SUNDANESE ARABIC": "su",
    "LATIN NKO": "bm snk",
    "MALAYALAM": "ml",
    "MYANMAR": "my",
    "ORIYA": "or",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAANA": "dv",
    "THAI": "th",
    "TIBETAN": "bo",
    "YI": "ii",
}
_BY_LANGUAGE = {code: frozenset(names.split()) for names, codes in _LANGUAGES.items() for code in codes.split()}
# No language in particular, languages that have been written in nearly anything, and sign languages.
_ANY_SCRIPT = frozenset(("mul", "und", "zxx", "sa", "pi", "bog", "csx", "lws", "nsp", "pgz", "rsn", "xki"))
_SCRIPTS = frozenset().union(_LATIN, *_BY_LANGUAGE.values())
_NAMES = {"CJK": "Chinese", "CANADIAN": "Canadian syllabics", "NKO": "N'Ko"}
_FEW = 10  # letters: too few to say
_HARDLY_ANY = 0.1  # of all letters


def count_scripts(text: str) -> dict[str, int]:
    """How many letters and vowel signs of each writing system a text has, such as {"LATIN": 40, "DEVANAGARI": 2}."""
    counts: Counter[str] = Counter()
    for character, count in Counter(text).items():
        if unicodedata.category(character)[0] in "LM":
            counts[_script_of(character)] += count
    return {script: count for script, count in counts.items() if script in _SCRIPTS}


def _script_of(character: str) -> str:
    words = unicodedata.name(character, "").replace("HALFWIDTH ", "").replace("FULLWIDTH ", "")
    return words.partition(" ")[0]


def scripts_of(language: str) -> frozenset[str] | None:
    """The writing systems of a language by its code (``hi``, ``sr-Latn``), or None where any may be right."""
    primary = language.lower().partition("-")[0]
    return None if primary in _ANY_SCRIPT else _BY_LANGUAGE.get(primary, _LATIN)


def find_foreign_script(language: str, counts: Mapping[str, int]) -> str | None:
    """The writing system of nearly all letters, if it is none of the language's; None if the text may well be in it."""
    right, letters = scripts_of(language), sum(counts.values())
    if right is None or letters < _FEW:
        return None
    if sum(counts.get(script, 0) for script in right) > _HARDLY_ANY * letters:
        return None
    most = max(counts, key=lambda script: counts[script])
    return _NAMES.get(most, most.capitalize())
