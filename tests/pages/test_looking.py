"""A person's way through the pages, in a real browser, after a real chef."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import requests


def text_of(page: Any) -> str:
    return str(page.inner_text("main"))


def test_the_address_that_the_chef_printed_shows_the_channel(page: Any, kitchen: Any) -> None:
    assert kitchen.printed.startswith(kitchen.fake.url)
    page.goto(kitchen.printed)
    assert page.inner_text("h1") == "Water: one of every kind"
    assert "33 nodes: 1 audio, 6 document" in text_of(page)
    assert page.evaluate("document.querySelector('.about img').naturalWidth") > 0


def test_a_node_is_found_by_its_title(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.printed)
    page.keyboard.press("/")
    page.keyboard.type("leaking")
    page.keyboard.press("Enter")
    page.wait_for_selector(".results")
    assert "1 node found" in text_of(page)
    page.click(".results >> text=The leaking tap")
    assert page.inner_text("h1") == "The leaking tap"


def test_the_tree_opens_and_closes_by_keys(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.printed)
    page.focus("#tree a >> text='Reading'")
    page.keyboard.press("ArrowLeft")
    assert not page.is_visible("#tree >> text='Rivers'")
    page.keyboard.press("ArrowRight")
    assert page.is_visible("#tree >> text='Rivers'")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1 >> text='Documents'")


def test_what_was_closed_stays_closed_when_the_page_renews_itself(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.printed)
    page.evaluate("document.querySelector('#tree').isOld = true")
    page.focus("#tree a >> text='Reading'")
    page.keyboard.press("ArrowLeft")
    requests.get(f"{kitchen.fake.url}/api/public/v1/channels", timeout=10)
    page.wait_for_function("() => !document.querySelector('#tree').isOld")
    assert not page.is_visible("#tree >> text='Rivers'")
    assert page.is_visible("#tree >> text='Rain'")


def test_a_deep_link_opens_the_tree_at_its_node(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.node_url("Times 7"))
    page.click("text=Show it in the tree")
    page.wait_for_selector(".marked")
    assert page.inner_text(".marked a") == "Times 7"
    page.wait_for_function("() => document.activeElement.textContent === 'Times 7'")


def frame_text(page: Any) -> str:
    frame = page.wait_for_selector("iframe").content_frame()
    frame.wait_for_load_state()
    return str(frame.inner_text("body"))


def test_a_film_plays_with_its_subtitles(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.node_url("Rain"))
    page.wait_for_function("() => document.querySelector('video').readyState > 0")
    assert page.evaluate("document.querySelector('video').duration") > 2
    page.wait_for_function("() => document.querySelector('video').textTracks[0].cues?.length > 0")
    labels = page.evaluate("[...document.querySelectorAll('track')].map((track) => track.srclang)")
    assert labels == ["en", "ar"]


def test_a_song_plays(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.node_url("One note of water"))
    page.wait_for_function("() => document.querySelector('audio').duration > 2")


def test_a_pdf_is_shown(page_of_whole_browser: Any, kitchen: Any) -> None:
    page = page_of_whole_browser
    with page.expect_event("framenavigated", lambda frame: frame.url.endswith(".pdf")) as shown:
        page.goto(kitchen.node_url("Reading > Documents > Water"))
    assert "f38bc13ef85d23b246d414700a2e1d33" in shown.value.url


def test_slides_are_shown_with_their_words(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.node_url("The journey of a drop"))
    sizes = page.evaluate("[...document.querySelectorAll('.slides img')].map((image) => image.naturalWidth)")
    assert len(sizes) == 3
    assert all(sizes)
    assert "2. A cloud forms. Described as: A grey cloud" in text_of(page).replace("\n", " ")


def test_an_app_runs_in_its_sandbox(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.node_url("The leaking tap"))
    frame = page.wait_for_selector("iframe").content_frame()
    frame.click("text=One more drop")
    frame.click("text=One more drop")
    assert "Drops so far: 2" in frame.inner_text("body")
    assert frame.evaluate("self.origin") == "null"


def test_an_h5p_package_is_played_and_tells_what_it_holds(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.node_url("A fact about water"))
    frame = page.wait_for_selector("iframe").content_frame()
    frame.wait_for_selector("text=less than three parts in a hundred are fresh")
    assert frame.evaluate("self.origin") == "null"
    page.click("text=What the package holds")
    assert "H5P.EveryKindFact 1.0" in text_of(page)
    assert "less than three parts in a hundred are fresh" in text_of(page)


def test_a_book_is_read_by_its_table_of_contents(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.node_url("The Well"))
    assert page.inner_text(".book nav").split() == ["The", "Well"]
    page.click(".book nav a")
    assert "Once there was a well." in frame_text(page)


def test_a_bloom_book_is_shown(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.node_url("The drop"))
    assert frame_text(page).strip()


def test_an_exercise_is_shown_as_a_learner_meets_it(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.node_url("All about water"))
    frame = page.wait_for_selector("iframe").content_frame()
    frame.wait_for_load_state()
    assert "Which of these is frozen water?" in frame.inner_text("body")
    frame.click("text=Hint 1 >> nth=0")
    assert "Frozen water is solid." in frame.inner_text("body")
    broken = "[...document.images].filter((image) => !image.naturalWidth).length"
    assert frame.evaluate(broken) == 0
    assert frame.evaluate("document.images.length") >= 5


def test_what_was_sent_is_told_field_by_field(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.node_url("Reading > Documents > Water"))
    row = page.inner_text(".fields tr:has(th:text-is('categories'))")
    assert "Earth science" in row
    assert "kept as sent" in row
    assert "764 bytes" in text_of(page)


def test_a_finding_stands_beside_its_node(page: Any, kitchen: Any) -> None:
    kitchen.cook("broken/missing_license.py")
    channel = kitchen.fake.channel("A small channel")
    page.goto(f"{kitchen.fake.url}/channels/{channel.id}")
    assert "Rivers" in page.inner_text("#tree li:has(> .leaf .badge.error) .leaf")
    assert page.inner_text("main").count("The resource has no license.") == 1
    page.click("#causes .finding:has-text('no license') >> text=show in the tree")
    page.wait_for_selector(".results")
    assert "1 node found" in text_of(page)


def test_what_never_arrived_is_counted_and_told_with_its_reason(page: Any, kitchen: Any) -> None:
    kitchen.cook("broken/chunk_bug.py")
    page.goto(kitchen.fake.url)
    assert "12 nodes missing" in page.inner_text(".card:has-text('A small channel')")
    page.click("text=A small channel")
    page.wait_for_selector("#causes")
    page.click("#causes summary")
    said = page.inner_text("#causes .finding:has-text('#739')")
    assert "Read > Water" in said
    assert said.count("Lost with 'The lost page': when the last node of a batch of ten fails") == 1


def test_a_channel_appears_without_a_reload(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.fake.url)
    page.evaluate("window.isTheSame = true")
    kitchen.cook("broken/empty_topic.py")
    page.wait_for_selector("#channels >> text=warning", timeout=8000)
    assert page.evaluate("window.isTheSame")


def test_a_request_arrives_and_says_why_it_failed(page: Any, kitchen: Any) -> None:
    page.goto(f"{kitchen.fake.url}/requests?refused=1")
    page.evaluate("window.isTheSame = true")
    kitchen.cook("broken/wrong_label.py")
    page.wait_for_selector("#requests >> text=not a grade level", timeout=8000)
    assert page.evaluate("window.isTheSame")
    page.click("#requests tbody a >> nth=0")
    page.wait_for_selector("text=Reason")
    said = text_of(page)
    assert "is not a grade level" in said
    assert "LOWER_PRIMARY ('wnarlxKo')" in said
    assert "this one is the cause" in said


def test_deploy_publish_and_compare(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.printed)
    page.click("text=Compare with main")
    page.wait_for_selector("text=33 added")
    page.go_back()
    page.click("button >> text=Deploy")
    page.wait_for_selector("[aria-current] >> text=Main")
    page.click("button >> text=Publish")
    page.wait_for_selector("text=Published as version 1", timeout=8000)
    assert re.search(rf"kolibri manage importchannel network {kitchen.channel_id} --baseurl http", text_of(page))
    assert re.search(r"Or by its token: \w{5}-\w{5}", text_of(page))


def test_a_fault_is_switched_on_and_off(page: Any, kitchen: Any) -> None:
    page.goto(f"{kitchen.fake.url}/faults")
    page.click("[aria-label='Switch on create-channel-500']")
    page.wait_for_selector("[aria-label='Switch off create-channel-500']")
    assert kitchen.cook("small.py") != 0
    page.wait_for_selector("text=Applied to 1 request", timeout=8000)
    page.goto(f"{kitchen.fake.url}/requests?fault=create-channel-500")
    assert "fault create-channel-500" in text_of(page)
    page.goto(f"{kitchen.fake.url}/faults")
    page.click("[aria-label='Switch off create-channel-500']")
    page.wait_for_selector("text=No fault is on.")
    assert kitchen.cook("small.py") == 0


def test_a_page_says_that_the_studio_is_gone_and_goes_on_when_it_is_back(page: Any, kitchen: Any) -> None:
    page.goto(kitchen.fake.url)
    page.route("**/pulse", lambda route: route.abort())
    page.wait_for_selector("#silence:visible", timeout=8000)
    page.unroute("**/pulse")
    page.wait_for_selector("#silence", state="hidden", timeout=8000)


def test_the_dialect_is_changed_and_a_chef_meets_it(page: Any, kitchen: Any) -> None:
    page.goto(f"{kitchen.fake.url}/settings")
    page.select_option("[name=dialect]", "deployed")
    page.fill("[name=max_journal]", "500")
    page.click("text=Save")
    page.wait_for_selector("[name=max_journal][value='500']")
    page.wait_for_selector("[name=dialect] >> text=deployed", state="attached")
    assert kitchen.cook("broken/wrong_label.py") == 0
    page.goto(f"{kitchen.fake.url}/requests?refused=1")
    page.click("#requests tbody a >> nth=0")
    page.wait_for_selector("text=Reason")
    assert "Validation error" in text_of(page)


def test_a_page_that_is_not_there_says_where_to_go(page: Any, kitchen: Any) -> None:
    page.goto(f"{kitchen.fake.url}/channels")
    assert "Page or endpoint not found: '/channels'" in text_of(page)
    page.click("main >> text=the channels")
    page.wait_for_selector("h1 >> text=Channels")


def test_a_snapshot_is_saved_and_loaded(page: Any, kitchen: Any, tmp_path: Path) -> None:
    page.goto(f"{kitchen.fake.url}/settings")
    with page.expect_download() as download:
        page.click("text=Save a snapshot")
    download.value.save_as(tmp_path / "studio.json")
    kitchen.fake.reset()
    page.set_input_files("[name=snapshot]", tmp_path / "studio.json")
    page.click("button >> text=Load")
    page.wait_for_selector("#channels >> text='Water: one of every kind'")


def test_reset_leads_back_to_the_start(page: Any, kitchen: Any) -> None:
    page.goto(f"{kitchen.fake.url}/settings")
    page.click("summary >> text=Delete data")
    page.click("text=Reset everything")
    page.wait_for_selector("text=No channel yet")
    assert kitchen.fake.channels == []
