"""What a Studio keeps: data, storage, ids. Knows le_utils; no rules, no HTTP."""
