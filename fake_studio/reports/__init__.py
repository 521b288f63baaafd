"""The report on a run: as data, as text, as JUnit."""
