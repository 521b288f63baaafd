"""The shape of the package: where refusals and statuses live, how long things are. `make lint` holds the floors."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from fake_studio import create_app
from fake_studio.core import refusals
from fake_studio.core.refusals import Refusal
from fake_studio.web.dialects import DIALECTS
from fake_studio.web.lazy_view import LazyView

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "fake_studio"
MODULES = sorted(PACKAGE.rglob("*.py"))
FILE_LIMIT, FUNCTION_LIMIT = 300, 30  # lines
LOOSE_FILES = 7
NAMELESS = {
    "told",
    "look",
    "each",
    "wanted",
    "found",
    "known",
    "waiting",
    "speech",
    "intake",
    "edition",
    "remarks",
    "ink",
}

# Who else speaks of statuses: the host (its own, of HTTP), the player (it compares them), the app (one, for a bug of
# ours), faults and what stands in for them (a person asks for a status), and what a test or a report says of them.
STATUSES_ELSEWHERE = (
    "web/dialects.py",
    "web/app.py",
    "web/faults/stand_ins.py",
    "http_server/",
    "contract/",
    "faults/",
    "testing/",
)
LONG_FUNCTIONS = {
    "markdown/elements.py": {"_html", "_mathml"},  # two tables
}
# A refusal of the base class alone: every mistake that Studio has no answer for ends there as a plain 500.
ANSWERED_BY_THE_CATCH_ALL = {
    "documented": None,  # 400 and the message is what the page promises for everything else
    "deployed": {
        "BodyMisshapen",
        "ChannelNotStorable",
        "FaultInvalid",  # of control routes, which speak the documented dialect, as some below
        "FaultNotFound",
        "FileNameInvalid",
        "FileNotKept",
        "NodeNotFound",
        "NodeNotStorable",
        "NotAuthenticated",  # each of its kinds has a row
        "NothingPublished",
        "NothingStaged",
        "NothingToFinish",
        "RequestNotFound",
        "TreeUnknown",
        "ValueUnusable",
        "VersionNotComparable",
    },
}


def name_of(module: Path) -> str:
    return module.relative_to(PACKAGE).as_posix()


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    return {module: ast.parse(module.read_text(encoding="utf-8")) for module in MODULES}


def refusal_kinds() -> list[type[Refusal]]:
    return [kind for _, kind in inspect.getmembers(refusals, inspect.isclass) if issubclass(kind, Refusal)]


def test_few_files_lie_loose() -> None:
    """A room for each thing: what lies at the top is the face of the package and what ties it together."""
    loose = [path.name for path in PACKAGE.iterdir() if path.is_file() and path.suffix == ".py"]
    assert len(loose) <= LOOSE_FILES, loose


def test_names_say_what_a_thing_is() -> None:
    """Neither words that fit everything nor old names of classes; ``told = to_dict`` is left to users' older tests."""
    assert [
        f"{name_of(module)}: {name}"
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8").replace("told = to_dict", "pass")))
        for name in names_in(node)
        if name in NAMELESS
    ] == []


def names_in(node: ast.AST) -> Iterator[str]:
    """The names that this piece of code gives."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.alias) and node.asname:
        yield node.asname
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id


def test_no_two_classes_have_one_name(trees: dict[Path, ast.Module]) -> None:
    nodes = (node for tree in trees.values() for node in ast.walk(tree))
    numbers = Counter(node.name for node in nodes if isinstance(node, ast.ClassDef))
    assert [name for name, number in numbers.items() if number > 1] == []


def test_only_the_app_turns_refusals_into_answers() -> None:
    words = ("errorhandler", "register_error_handler")
    texts = {name_of(module): module.read_text(encoding="utf-8") for module in MODULES}
    assert [name for name, text in texts.items() if name != "web/app.py" and any(word in text for word in words)] == []


def test_only_the_dialects_hold_statuses(trees: dict[Path, ast.Module]) -> None:
    assert [
        f"{name_of(module)}: {status}"
        for module, tree in trees.items()
        if not name_of(module).startswith(STATUSES_ELSEWHERE)
        for node in ast.walk(tree)
        for status in statuses_in(node)
    ] == []


def statuses_in(node: ast.AST) -> Iterator[object]:
    """Statuses that this piece of code would answer with: named so, as a line, or beside what a route returns."""
    if isinstance(node, ast.keyword) and node.arg in ("status", "status_code", "code"):
        yield from (each for each in constants(node.value) if isinstance(each, int))
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        yield from (each for part in node.value.elts for each in constants(part) if is_status(each))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and re.match(r"[45]\d\d [A-Z]", node.value):
        yield node.value


def constants(node: ast.AST) -> list[object]:
    return [node.value] if isinstance(node, ast.Constant) else []


def is_status(value: object) -> bool:
    return type(value) is int and 400 <= value < 600


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_refusal_has_an_answer_that_was_thought_of(dialect: str) -> None:
    rows, expected = DIALECTS[dialect].answers, ANSWERED_BY_THE_CATCH_ALL[dialect]
    assert Refusal in rows
    without = {kind.__name__ for kind in refusal_kinds() if not has_row(kind, dialect)} - {"Refusal"}
    assert expected is None or sorted(without) == sorted(expected)


def has_row(kind: type[Refusal], dialect: str) -> bool:
    parents = [parent for parent in kind.__mro__ if issubclass(parent, Refusal) and parent is not Refusal]
    return any(parent in DIALECTS[dialect].answers for parent in parents)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_row_names_an_endpoint_that_is_there(dialect: str) -> None:
    endpoints = {rule.endpoint.rpartition(".")[2] for rule in create_app().url_map.iter_rules()}
    named = {key[1] for key in DIALECTS[dialect].answers if isinstance(key, tuple)}
    assert named <= endpoints


def test_only_a_disk_that_takes_nothing_is_a_500_by_the_book() -> None:
    failures = {kind for kind, row in DIALECTS["documented"].answers.items() if row.status >= "5"}
    assert failures == {refusals.StorageUnwritable}


def test_an_endpoint_is_called_like_its_function_and_its_path() -> None:
    app = create_app()
    for rule in app.url_map.iter_rules():
        blueprint, _, name = rule.endpoint.rpartition(".")
        if blueprint in ("internal", "uploads"):
            assert app.view_functions[rule.endpoint].__name__ == name
            assert rule.rule.rpartition("/")[2] == name


def test_every_endpoint_is_tested_by_name() -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "http").glob("test_*.py"))
    app = create_app()
    names = {rule.endpoint.rpartition(".")[2] for rule in app.url_map.iter_rules() if is_api(rule.endpoint)}
    assert len(names) >= 13
    assert sorted(name for name in names if f"def test_{name}" not in tests) == []


def is_api(endpoint: str) -> bool:
    return endpoint.partition(".")[0] in ("internal", "uploads")


def test_files_are_short() -> None:
    lengths = {name_of(module): len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES}
    assert [f"{name} has {length} lines" for name, length in lengths.items() if length > FILE_LIMIT] == []


def test_functions_are_short(trees: dict[Path, ast.Module]) -> None:
    assert [
        f"{name_of(module)}: {node.name} has {length_of(node)} lines"
        for module, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and length_of(node) > FUNCTION_LIMIT
        if node.name not in LONG_FUNCTIONS.get(name_of(module), set())
    ] == []


def length_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_public_functions_say_what_they_do(trees: dict[Path, ast.Module]) -> None:
    assert [
        f"{name_of(module)}: {node.name} in line {node.lineno}"
        for module, tree in trees.items()
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
        if not ast.get_docstring(node) and not is_route(module, node)
    ] == []


def is_route(module: Path, node: ast.FunctionDef | ast.ClassDef) -> bool:
    """A route is documented by the description of the API."""
    return name_of(module).startswith("web/") and (bool(node.decorator_list) or (module, node.name) in lazy_routes())


@cache
def lazy_routes() -> set[tuple[Path, str]]:
    """The files and names of the functions that are imported when they are first asked for."""
    views = [view for view in create_app().view_functions.values() if isinstance(view, LazyView)]
    return {(ROOT / f"{view.__module__.replace('.', '/')}.py", view.__name__) for view in views}


def test_a_route_leads_to_a_function_that_is_there() -> None:
    views = create_app().view_functions
    lazy = {endpoint: view for endpoint, view in views.items() if isinstance(view, LazyView)}
    assert len(lazy) > 50
    for endpoint, view in lazy.items():
        assert inspect.isfunction(view.function)
        assert (view.function.__module__, view.function.__name__) == (view.__module__, endpoint.rpartition(".")[2])


def test_a_start_imports_no_page_and_no_control_route() -> None:
    code = "import sys, fake_studio; fake_studio.create_app(); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "fake_studio.web.routes" in modules
    homes = {view.__module__ for view in create_app().view_functions.values() if isinstance(view, LazyView)}
    assert homes & set(modules) == set()
