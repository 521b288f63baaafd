"""What setup.cfg cannot say: docs/ goes into the package, and the README to PyPI without links into a checkout."""

import re
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
RELATIVE_LINK = re.compile(r"!?\[([^\]]*)\]\((?!https?:)[^)]*\)")


class BuildWithDocs(build_py):
    """Copies docs/ to fake_studio/docs, where the running Studio's pages link to them."""

    def run(self):
        super().run()
        # An image installs the dependencies first, when the docs are not there yet.
        if (ROOT / "docs").is_dir() and not getattr(self, "editable_mode", False):
            shutil.copytree(ROOT / "docs", Path(self.build_lib, "fake_studio", "docs"), dirs_exist_ok=True)


setup(
    cmdclass={"build_py": BuildWithDocs},
    long_description=RELATIVE_LINK.sub(r"\1", (ROOT / "README.md").read_text(encoding="utf-8")),
)
