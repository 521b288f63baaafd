"""Exercises as Kolibri gets them: what masters them, which questions they hold, and the archive of these."""

from __future__ import annotations

from fake_studio.publishing.exercises.exercise import Exercise, exercise_of
from fake_studio.publishing.exercises.mastery import has_assessments, mastery_of

__all__ = ["Exercise", "exercise_of", "has_assessments", "mastery_of"]
