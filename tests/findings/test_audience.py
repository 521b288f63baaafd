"""Folders that learners see empty: not those whose title says that they are for teachers."""

from __future__ import annotations

import pytest

from support.chefs_driver import Chef, an_id, node_data
from support.provocations import begin, document


@pytest.mark.parametrize(
    "title", ["Tutorials", "A transparent leaf", "Profession: baker", "Gurus", "Teachable moments", "Staffordshire"]
)
def test_a_word_for_teachers_inside_of_another_one_excuses_nothing(documented: Chef, title: str) -> None:
    assert "topic-for-coaches-only" in codes_of_topic(documented, title)


@pytest.mark.parametrize(
    "title",
    [
        *("For teachers", "Teacher's notes", "Coach guide", "PARENTS", "Lesson plans", "Para docentes"),
        *("Para el profesor", "Livret de l'enseignante", "Lehrerhandbuch", "Для учителей", "للمعلمين", "教师用书"),
    ],
)
def test_a_folder_for_teachers_is_no_finding(documented: Chef, title: str) -> None:
    assert "topic-for-coaches-only" not in codes_of_topic(documented, title)


def codes_of_topic(chef: Chef, title: str) -> set[str]:
    topics = chef.added(begin(chef), node_data("t", title=title), document("other"))
    chef.added(topics[an_id("t")], document(role="coach"))
    chef.finish()
    return {finding.code for finding in chef.studio.report().findings}
