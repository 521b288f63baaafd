"""A learner answers, in a real browser, what a real Kolibri imported: in QTI packages and in Perseus archives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from fake_studio.publishing.exercises.qti.xml import qti_id
from support.kitchen import CHANNEL, Cook, an_id
from support.kolibri_home import Kolibri
from support.kolibri_server import Learner, serve
from support.question_types import PERSEUS_ONLY, QTI_AND_PERSEUS, QTI_ONLY, cook_question_types


@pytest.fixture(scope="module")
def imported(cook: Cook, kolibri: Kolibri) -> Kolibri:
    cook_question_types(cook)
    cook.publish()
    kolibri.import_channel(CHANNEL, CHANNEL)
    return kolibri


@pytest.fixture(scope="module")
def learner(imported: Kolibri, browser: Any) -> Iterator[Learner]:
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    yield Learner(context.new_page(), serve(imported))
    context.close()


def test_every_exercise_is_there_with_its_archives(imported: Kolibri) -> None:
    rows = imported.rows(
        "select title, preset, node.available from content_file file"
        " join content_contentnode node on node.id = file.contentnode_id"
    )
    presets: dict[str, set[str]] = {}
    for row in rows:
        assert row["available"]
        presets.setdefault(row["title"], set()).add(row["preset"])
    assert presets == {
        **{title: {"qti", "exercise"} for title in QTI_AND_PERSEUS},
        **{title: {"qti"} for title in QTI_ONLY},
        **{title: {"exercise"} for title in PERSEUS_ONLY},
    }


@pytest.mark.parametrize("title", [*QTI_AND_PERSEUS, *QTI_ONLY])
def test_kolibri_serves_the_items_of_a_package(imported: Kolibri, title: str) -> None:
    [row] = imported.rows(
        "select local_file_id, assessment_item_ids from content_file"
        f" join content_assessmentmetadata using (contentnode_id) where contentnode_id = '{an_id(title)}'"
        " and preset = 'qti'"
    )
    names = [f"items/{item}.xml" for item in json.loads(row["assessment_item_ids"])]
    paths = [f"/zipcontent/{row['local_file_id']}.zip/{name}" for name in ("imsmanifest.xml", *names)]
    manifest, *items = imported.ask(*paths)
    assert manifest["status"] == 200
    for name, item in zip(names, items):
        assert f'href="{name}"' in manifest["text"]
        assert item["status"] == 200
        assert "<qti-assessment-item" in item["text"]


def test_a_question_is_answered_from_its_qti_package(learner: Learner) -> None:
    """Kolibri takes the first of two archives with one priority: the one that Studio writes first."""
    learner.open(an_id("single"))
    learner.page.get_by_text("5", exact=True).click()
    assert next(url for url in learner.fetched if url.endswith((".zip", ".perseus"))).endswith(".zip")
    wrong = learner.check()
    assert (wrong["item"], wrong["answer"]["RESPONSE"]) == (qti_id(an_id("single")), "choice_1")
    # The viewer of Kolibri 0.19.5 was made for surveys: it says that every answer is right.
    learner.go_on()
    learner.page.get_by_text("4", exact=True).click()
    right = learner.check()
    assert (right["answer"]["RESPONSE"], right["correct"]) == ("choice_0", 1)


def test_an_image_and_a_formula_of_a_package_are_drawn(learner: Learner) -> None:
    learner.open(an_id("single"))
    image = learner.page.locator("img[src^='blob:']").first
    image.wait_for()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    assert learner.page.locator("math mfrac").first.bounding_box()["height"] > 0


def test_a_native_item_is_answered(learner: Learner) -> None:
    learner.open(an_id("native choice"))
    learner.page.get_by_text("two", exact=True).click()
    attempt = learner.check()
    assert (attempt["item"], attempt["answer"]["RESPONSE"]) == ("native-choice", "A")


def test_a_raw_perseus_question_is_answered_wrong_and_right(learner: Learner) -> None:
    learner.open(an_id("perseus"))
    learner.page.get_by_text("six", exact=True).first.click(force=True)
    wrong = learner.check()
    assert (wrong["item"], wrong["correct"]) == (an_id("perseus"), 0)
    following = learner.page.get_by_role("button", name="Next")
    assert following.count() == 0
    learner.page.get_by_text("five", exact=True).first.click(force=True)
    learner.page.get_by_role("button", name="Check").click()
    following.wait_for()  # the first try counts, so Kolibri tells its server nothing new of this one
