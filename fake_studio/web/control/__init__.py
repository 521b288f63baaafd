"""The control and inspection routes under /_fake/."""
