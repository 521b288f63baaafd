"""The words that users read: plain English of the field, one word for each thing (see docs/findings.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_studio import Studio, create_app
from fake_studio.faults import PRESETS
from fake_studio.findings import CODES

PACKAGE = Path(__file__).parents[1] / "fake_studio"
# What stands for each of them: applied to, fail, fix, reports, not reported in the wild, custom, deletes.
RETIRED = re.compile(
    r"\b(befell?|befall(s|en)?|spoil(s|t|ed)?|mend(s|ed)?|thought up|of (one's|your) own|deserves a look|person's click"
    r"|is told|are told|tells of|tells apart|verdict|Forget (the|things)|as ever)\b",
    re.IGNORECASE,
)
SAID = ("message", "help", "description", "detail")
ROOT = PACKAGE.parent
PROSE = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
# A tour of the code and of how it is released is for people who change it: they read names such as refusals.py.
FOR_DEVELOPERS = ("tour.md", "releasing.md")


def sentences_of(path: Path) -> Iterator[str]:
    """The texts of a module that somebody reads while it runs: those of refusals and the help of options."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from filter(None, map(text_of, node.exc.args))
        if isinstance(node, ast.Call):
            yield from (text_of(keyword.value) for keyword in node.keywords if keyword.arg in SAID)


def text_of(node: ast.AST) -> str:
    """What is written out of a text, formatted or not."""
    constants = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
    return "".join(value for value in constants if isinstance(value, str))


def described_texts(data: object) -> Iterator[str]:
    """The summaries and descriptions of an OpenAPI document."""
    children = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    if isinstance(data, dict):
        yield from (data[key] for key in ("summary", "description") if isinstance(data.get(key), str))
    for child in children:
        yield from described_texts(child)


def shown_text(template: str) -> str:
    """What of a template reaches its readers: no tags, no code."""
    return re.sub(r"\{%.*?%\}|\{#.*?#\}|<[^>]*>", " ", template, flags=re.S)


@pytest.mark.parametrize("code", CODES)
def test_findings_use_the_words_of_the_field(code: str) -> None:
    words = f"{CODES[code].meaning} {CODES[code].cure}"
    assert RETIRED.findall(words) == []
    assert re.match(r"[A-Z]", CODES[code].cure), "a fix is an imperative that stands for itself"
    assert re.search(r"[.)]$", CODES[code].cure)
    assert "refus" not in words, "Studio rejects"


def test_faults_use_the_words_of_the_field() -> None:
    assert [name for name, preset in PRESETS.items() if RETIRED.search(f"{preset.happens} {preset.source}")] == []


def test_refusals_and_help_use_the_words_of_the_field() -> None:
    modules = sorted(PACKAGE.rglob("*.py"))
    assert len(modules) > 100
    old = [(path.name, text) for path in modules for text in sentences_of(path) if RETIRED.search(text)]
    assert old == []


def test_nothing_is_called_no_something() -> None:
    """``'x' is not a license``, not ``is no license``."""
    modules = [path for path in PACKAGE.rglob("*.py") if "content" not in path.parts]
    assert [
        text for path in modules for text in sentences_of(path) if re.search(r"(?<![Tt]here )\bis no (?!longer)", text)
    ] == []


@pytest.mark.parametrize("page", PROSE, ids=lambda path: path.stem)
def test_the_docs_use_the_words_of_the_field(page: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`\n]*`", " ", page.read_text(encoding="utf-8"), flags=re.S)
    assert RETIRED.findall(prose) == []
    if page.name not in FOR_DEVELOPERS:
        assert re.findall(r"\b[Rr]efus(?:al|e|ed|es)\b", prose) == [], "a request is rejected"


@pytest.mark.parametrize("dialect", ["documented", "deployed"])
def test_the_api_is_described_in_the_words_of_the_field(dialect: str) -> None:
    described = create_app(Studio()).test_client().get(f"/_fake/openapi.json?dialect={dialect}").get_json()
    texts = list(described_texts(described))
    assert len(texts) > 100
    assert [
        text for text in texts if RETIRED.search(text) or re.search(r"(?<![Tt]here )\bis no (?!longer)", text)
    ] == []


@pytest.mark.parametrize("template", sorted(PACKAGE.glob("web/templates/**/*.html")), ids=lambda path: path.stem)
def test_pages_use_the_words_of_the_field(template: Path) -> None:
    shown = shown_text(template.read_text(encoding="utf-8"))
    assert re.findall(RETIRED, re.sub(r"\{\{.*?\}\}", " ", shown)) == []


def test_what_is_inside_files_is_said_in_the_words_of_the_field() -> None:
    """``This is not a zip file``, not ``It is no zip``; ``was not checked``, not ``was not looked at``."""
    odd = re.compile(r"(?<![Tt]here )\b(?:is|are) no (?!longer)|looked (?:at|into)|as it stands|without end")
    texts = [
        (path.name, text)
        for path in (*PACKAGE.glob("content/*.py"), PACKAGE / "core" / "images.py")
        for text in shown_texts_of(path)
        if odd.search(text) or RETIRED.search(text)
    ]
    assert texts == []


def shown_texts_of(path: Path) -> Iterator[str]:
    """The texts of a module that are sentences or parts of them, its docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docstrings:
            yield node.value
