"""``python -m fake_studio`` is the command ``fake-studio``."""

from __future__ import annotations

import sys

from fake_studio.cli import main

sys.exit(main())
