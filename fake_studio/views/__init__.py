"""The state as plain data: what clients, tests and people are shown of it."""
