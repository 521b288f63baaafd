"""What runs inside a chef's own process, in its own Python: it may import nothing of ours."""
