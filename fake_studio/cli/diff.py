"""fake-studio diff: what changed between two trees or snapshots."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from fake_studio.cli.options import existing_file
from fake_studio.core.json_text import to_json
from fake_studio.core.visible_text import harmless_lines
from fake_studio.diff.difference import difference
from fake_studio.diff.tree_files import load_trees

if TYPE_CHECKING:
    from fake_studio.cli.options import Commands


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("diff", help="what changed between two trees or snapshots")
    parser.add_argument(
        "old", type=existing_file, metavar="OLD", help="a snapshot, a tree of /_fake/ or of chefdata/trees"
    )
    parser.add_argument("new", type=existing_file, metavar="NEW", help="the same, to compare with it")
    parser.add_argument("--json", action="store_true", help="print the difference as JSON")
    parser.set_defaults(run=_diff)


def _diff(options: argparse.Namespace) -> int:
    """Exit code 0 if the trees are the same, 1 if not, 2 if a file cannot be read: as diff has it."""
    try:
        old, new = load_trees(options.old), load_trees(options.new)
    except ValueError as error:
        print(harmless_lines(str(error)), file=sys.stderr)
        return 2
    if len(old) == len(new) == 1:
        new = dict(zip(old, new.values()))  # two files of one channel each are compared whatever their ids
    nothing: dict[str, Any] = {"children": []}
    differences = {key: difference(old.get(key, nothing), new.get(key, nothing)) for key in {**old, **new}}
    if options.json:
        print(to_json({key: change.to_dict() for key, change in differences.items()}, indent=2))
    else:
        several = len(differences) > 1
        texts = (f"Channel {key}\n{change}" if several else str(change) for key, change in differences.items())
        print(harmless_lines("\n".join(texts)))
    return 0 if all(change.empty for change in differences.values()) else 1
