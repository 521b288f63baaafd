"""QTI packages: what a current Kolibri opens."""

from __future__ import annotations
