"""Findings: what was accepted and still deserves a person's eye. Reading them changes nothing."""

from __future__ import annotations

from fake_studio.findings.codes import CODES, ERROR, WARNING
from fake_studio.findings.collect import findings_of
from fake_studio.findings.finding import Finding, errors_first, make_finding, path_of

__all__ = ["CODES", "ERROR", "WARNING", "Finding", "errors_first", "findings_of", "make_finding", "path_of"]
