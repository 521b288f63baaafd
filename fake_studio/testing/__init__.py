"""For tests of chefs: running one, and the pytest plugin."""
