"""Faults as they happen to a request."""
