"""The refusals, under the name that tests import them by; they live in ``fake_studio.core.refusals``."""

from fake_studio.core.refusals import *  # noqa: F403
