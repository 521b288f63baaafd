"""Two trees: what was added, removed, moved and changed."""
