"""Looks over ricecooker's shoulder, inside a chef's process: notes what its log does not say.

Python imports a module of this name at its start, from the folder that PYTHONPATH names first. It runs in whatever
Python the chef has, from 3.6 on, and a chef must work as if it were not there: whatever fails here is passed over.
"""

import collections
import functools
import json
import os
import sys
import tempfile
import zlib
from collections.abc import Mapping
from typing import Any, Callable

Note = Callable[..., Any]

NOTES, OWN_FOLDER, TEMP = "FAKE_STUDIO_NOTES", "FAKE_STUDIO_CHEF_FOLDER", "FAKE_STUDIO_CHEF_TEMP"
LONGEST_TEXT = 20000  # characters of a question's text
MOST_INVALID = 50  # nodes that are noted
LONGEST_NOTES = 8 * 1024 * 1024  # bytes


def _quietly(function: Callable[..., Any]) -> Callable[..., Any]:
    """What fails in it is our trouble, and none of the chef's."""

    @functools.wraps(function)
    def call(*arguments: Any, **details: Any) -> Any:
        try:
            return function(*arguments, **details)
        except Exception:
            return None

    return call


@_quietly
def note_in_file(what: str, **details: Any) -> None:
    """Append a line of JSON to the file of notes, until that is full."""
    path = os.environ.get(NOTES)
    if path and (not os.path.exists(path) or os.path.getsize(path) < LONGEST_NOTES):
        with open(path, "a", encoding="utf-8") as notes:
            notes.write(json.dumps(dict(details, what=what)) + "\n")


def watch_texts(questions: Any, note: Note) -> Callable[[], Any]:
    """Note each text of a question that ricecooker's HTML parser changes. Returns what takes this away again."""
    original = questions.BaseQuestion.parse_html

    @functools.wraps(original)
    def parse_html(self: Any, text: str) -> Any:
        parsed = original(self, text)
        if parsed != text:
            _note_text(note, self, text, parsed)
        return parsed

    return _replace(questions.BaseQuestion, {"parse_html": parse_html})


@_quietly
def _note_text(note: Note, question: Any, text: str, parsed: str) -> None:
    if len(text) <= LONGEST_TEXT:
        note("text", question=question.id.hex, before=text, after=parsed)


def watch_nodes(tree: Any, note: Note) -> Callable[[], Any]:
    """Note each node at which an exception ended its check or its processing. Returns what takes this away again."""
    kind = tree.ChannelManager
    replacements = {"process_node": _noting_node(note, kind.process_node)}
    if hasattr(kind, "validate_node"):  # ricecooker 0.7.0 has none
        replacements["validate"] = _noting_invalid(note, kind.validate)
    return _replace(kind, replacements)


def _replace(kind: Any, replacements: Mapping[str, Any]) -> Callable[[], Any]:
    """Give a class other methods. Returns what puts its own back."""
    originals = {name: getattr(kind, name) for name in replacements}
    _set_all(kind, replacements)
    return lambda: _set_all(kind, originals)


def _set_all(kind: Any, methods: Mapping[str, Any]) -> None:
    for name, method in methods.items():
        setattr(kind, name, method)


def _noting_node(note: Note, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def process_node(self: Any, node: Any, *others: Any) -> Any:
        try:
            return original(self, node, *others)
        except BaseException as error:
            _note_node(note, "process", node, error)
            raise

    return process_node


def _noting_invalid(note: Note, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def validate(self: Any) -> Any:
        try:
            return original(self)
        except Exception:
            _check_again(note, self)
            raise

    return validate


@_quietly
def _check_again(note: Note, manager: Any) -> None:
    """ricecooker's threads stop at the first node that is invalid, whichever that is: a report shall name all."""
    failed = 0
    for node in manager.all_nodes:
        try:
            manager.validate_node(node)
        except Exception as error:
            for culprit in [*_repeated(node), node]:
                _note_node(note, "validate", culprit, error)
            failed += 1
        if failed == MOST_INVALID:
            break


def _repeated(topic: Any) -> Any:
    """The children of a topic that have one source_id, which ricecooker names without them."""
    try:
        counts = collections.Counter(child.source_id for child in topic.children)
        return [child for child in topic.children if counts[child.source_id] > 1][:10]
    except Exception:
        return []


@_quietly
def _note_node(note: Note, step: str, node: Any, error: BaseException) -> None:
    files = getattr(node, "files", ())
    paths = [str(getattr(file, "path", None) or "") for file in files] or [str(getattr(node, "uri", None) or "")]
    names = [os.path.abspath(path) if os.path.exists(path) else path for path in paths]
    missing = [path for path in names if path and ":" not in path[2:] and not os.path.exists(path)]
    details = {"source_id": str(getattr(node, "source_id", "")), "files": names, "missing": missing}
    note("node", title=str(node.title), step=step, error=_sentence(error)[:500], **details)


def _sentence(error: BaseException) -> str:
    """An exception in a line. ricecooker's own for a question hides the check that failed: an assertion's message."""
    said, check = str(error), error.__context__
    if isinstance(check, AssertionError):
        said = "{} ({:.90}...)".format(str(check).replace("Assumption Failed: ", ""), said)
    return f"{type(error).__name__}: {said}"


@_quietly
def _before_config() -> None:
    """ricecooker keeps temporary files in the working folder, and deletes them whenever it starts or ends there."""
    temp = os.environ.get(TEMP)
    if temp and not tempfile.tempdir:
        os.makedirs(temp, exist_ok=True)
        tempfile.tempdir = temp


@_quietly
def _after_config(config: Any) -> None:
    note_in_file("address", url=config.DOMAIN)
    folder = os.environ.get(OWN_FOLDER)
    if folder:
        redirect(config, folder, os.environ)


def redirect(config: Any, folder: str, environment: Mapping[str, str]) -> None:
    """Let ricecooker keep its files, its cache and its progress in a folder of ours."""
    if not environment.get("RICECOOKER_STORAGE"):
        config.STORAGE_DIRECTORY = os.path.join(folder, "storage")
        for number in range(256):  # its threads stumble over each other when they make these
            os.makedirs(os.path.join(config.STORAGE_DIRECTORY, *f"{number:02x}"), exist_ok=True)
    if not environment.get("RICECOOKER_FILECACHE"):
        config.FILECACHE_DIRECTORY = _cache_of(config, os.path.join(folder, ".ricecookerfilecache"))
    config.RESTORE_DIRECTORY = os.path.join(folder, "restore")
    config.FILE_STORE_LOCATION = "studio"  # it is made of the address otherwise, which is another one each time


def _cache_of(config: Any, cache: str) -> str:
    """The cache of this ricecooker: another one would take over what it makes of a file, and not check it."""
    version = getattr(sys.modules.get("ricecooker"), "__version__", "")
    owner = f"{version} {os.path.dirname(os.path.abspath(getattr(config, '__file__', '')))}"
    try:
        os.makedirs(cache, exist_ok=True)
        with open(os.path.join(cache, "made-by"), "a+", encoding="utf-8") as marker:
            marker.seek(0)
            first = marker.read()
            marker.write("" if first else owner)
    except (OSError, ValueError):
        return cache
    return cache if first in ("", owner) else f"{cache}-{zlib.crc32(owner.encode('utf-8', 'replace')):08x}"


@_quietly
def _after_chefs(chefs: Any) -> None:
    folder = os.environ.get(OWN_FOLDER)
    if folder:
        keep_results_in(chefs, folder)


def keep_results_in(chefs: Any, folder: str) -> Callable[[], Any]:
    """Let a chef write its logs, its tree and its table of titles into a folder of ours; it reads from its own.

    Returns what takes this away again.
    """
    kind, config = chefs.SushiChef, chefs.config
    names = ("config_logger", "save_channel_metadata_as_csv", "save_channel_tree_as_json")
    own = {name: getattr(kind, name) for name in names if hasattr(kind, name)}
    return _replace(kind, {name: _writing_to(folder, config, own[name], name.endswith("_json")) for name in own})


def _writing_to(folder: str, config: Any, original: Callable[..., Any], is_tree: bool) -> Callable[..., Any]:
    @functools.wraps(original)
    def call(self: Any, *arguments: Any) -> Any:
        # The tree asks files for their sizes: their paths may be relative to where the chef works.
        return (_save_tree if is_tree else _work_elsewhere)(folder, config, self, original, arguments)

    return call


def _work_elsewhere(folder: str, config: Any, chef: Any, original: Callable[..., Any], arguments: Any) -> Any:
    here = os.getcwd()
    os.chdir(folder)
    try:
        result = original(chef, *arguments)
        for name in ("_MAIN_LOG", "_ERROR_LOG"):
            if getattr(config, name, None):
                setattr(config, name, os.path.abspath(getattr(config, name)))
    finally:
        os.chdir(here)
    return result


def _save_tree(folder: str, config: Any, chef: Any, original: Callable[..., Any], arguments: Any) -> Any:
    path, trees = config.DATA_PATH, chef.TREES_DATA_DIR
    config.DATA_PATH = os.path.join(folder, "chefdata", "chef_data.json")
    chef.TREES_DATA_DIR = os.path.join(folder, "chefdata", "trees")
    try:
        return original(chef, *arguments)
    finally:
        config.DATA_PATH, chef.TREES_DATA_DIR = path, trees


BEFORE = {"ricecooker.config": _before_config}
AFTER = {
    "ricecooker.config": _after_config,
    "ricecooker.chefs": _after_chefs,
    "ricecooker.classes.questions": _quietly(lambda module: watch_texts(module, note_in_file)),
    "ricecooker.managers.tree": _quietly(lambda module: watch_nodes(module, note_in_file)),
}


class Finder:
    """Stands before the other finders of modules, and adds to what they find of ricecooker."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The spec that the next finder has for one of these modules; None for all others."""
        if name not in AFTER:
            return None
        others = (finder for finder in sys.meta_path if finder is not self and hasattr(finder, "find_spec"))
        spec = next(filter(None, (finder.find_spec(name, path, target) for finder in others)), None)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            _wrap(spec.loader, name)
        return spec


@_quietly
def _wrap(loader: Any, name: str) -> None:
    original = loader.exec_module

    def exec_module(module: Any) -> None:
        BEFORE.get(name, lambda: None)()
        original(module)
        AFTER[name](module)

    loader.exec_module = exec_module


def _run_the_next_one() -> None:
    """The environment may have a module of this name itself."""
    import importlib.machinery
    import importlib.util

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", sys.path)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if __name__ == "sitecustomize":
    sys.meta_path.insert(0, Finder())
    _run_the_next_one()
