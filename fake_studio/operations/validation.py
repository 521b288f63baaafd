"""What one call's data is checked against."""

from __future__ import annotations

from fake_studio.core.model import User
from fake_studio.core.store import Store
from fake_studio.rules import Strictness
from fake_studio.rules.files import ValidationContext


def make_context(store: Store, user: User, strictness: Strictness) -> ValidationContext:
    """A context for one call of this user. Call with the store's lock held."""
    state = store.state
    loose = state.draft_loose()
    return ValidationContext(store.storage, state.ids.hex, user.id, strictness, state.has_announced, loose)
