"""Provocations of what arrives whole and learners still cannot use: questions, texts, subtitles, identity, audience."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from support.chefs_driver import Chef, Data, an_id, exercise_data, file_data, node_data, question_data
from support.provocations import Options, begin, document, provokes, send

FILM = (Path(__file__).parents[2] / "fixtures" / "media" / "film.mp4").read_bytes()
FIELD = "[[\u2603 numeric-input 1]]"
NUMBER = {"type": "numeric-input", "options": {"answers": [{"value": 7, "status": "correct"}]}}


def answers(*texts: str, correct: bool = True) -> str:
    return json.dumps([{"answer": text, "correct": correct, "order": place} for place, text in enumerate(texts)])


def perseus(content: str) -> Data:
    item = {"question": {"content": content, "images": {}, "widgets": {"numeric-input 1": NUMBER}}}
    return question_data("p", "perseus_question", raw_data=json.dumps(item), question="", answers="[]")


def vtt(text: str = "Hello", start: str = "00:00.000", word: str = "") -> bytes:
    return f"WEBVTT {word}\n\n{start} --> 59:59.000\n{text}\n".encode()


def film(chef: Chef, *subtitles: bytes, language: str | None = "en") -> Data:
    """A film with subtitles, their bytes uploaded."""
    chef.upload(FILM, "a.mp4", "high_res_video", duration=1)
    files = [file_data(FILM, "mp4", "high_res_video", duration=1)]
    for content in subtitles:
        chef.upload(content, "a.vtt", "video_subtitle")
        files.append(file_data(content, "vtt", "video_subtitle", language=language))
    return node_data("v", "video", files=files)


# Questions


@provokes("question-widget-missing", node="Node e", says="'expression 2' is not defined")
def _(chef: Chef) -> Options:
    send(chef, exercise_data(perseus(f"{FIELD} and [[\u2603 expression 2]]")))
    return None


@provokes("question-not-answerable", node="Node e", says="Question 2 has no correct answer")
def _(chef: Chef) -> Options:
    wrong = answers("4", "5", correct=False)
    send(chef, exercise_data(question_data("q1"), question_data("q2", answers=wrong)))
    return None


@provokes("answer-not-a-number", node="Node e", says="Question 1 expects '4 2/7th', which is not a number.")
def _(chef: Chef) -> Options:
    send(chef, exercise_data(question_data("q", "input_question", answers=answers("4 2/7th", "30/7"))))
    return None


@provokes("perseus-invalid", node="Node e", says="Question 1 is broken")
def _(chef: Chef) -> Options:
    broken = question_data("p", "perseus_question", raw_data="{not JSON", question="", answers="[]")
    send(chef, exercise_data(broken))
    return None


@provokes("mastery-unreachable", node="Node e", says="5 of 3 questions must be right.")
def _(chef: Chef) -> Options:
    threshold = {"mastery_model": "m_of_n", "m": 5, "n": 3}
    criteria = {"completion_criteria": {"model": "mastery", "threshold": threshold}}
    send(chef, exercise_data(extra_fields=json.dumps({"options": criteria})))
    return None


# Texts


@provokes("text-looks-wrong", node="Tom &amp; Jerry", says="In its title, learners see &amp; and not")
def _(chef: Chef) -> Options:
    send(chef, document(title="Tom &amp; Jerry"))
    return None


# Subtitles


@provokes("subtitle-language-missing", node="Node v", says="Without one: a.vtt.")
def _(chef: Chef) -> Options:
    send(chef, film(chef, vtt(), language=None))
    return None


@provokes("subtitle-repeated", node="Node v", says="It has 2 in English (en).")
def _(chef: Chef) -> Options:
    send(chef, film(chef, vtt(), vtt(word="again")))
    return None


@provokes("subtitle-language-doubtful", node="Node v", says="in English (en) are written in Devanagari letters")
def _(chef: Chef) -> Options:
    send(chef, film(chef, vtt("आज हम पानी के बारे में सीखेंगे")))
    return None


@provokes("subtitle-after-the-end", node="Node v", says="begins at 50:02, and the film ends at 0:01.")
def _(chef: Chef) -> Options:
    send(chef, film(chef, vtt(start="50:02.000")))
    return None


# Identity, and for whom


@provokes("preset-wrong-for-kind", node="Node d", says="'document' is for document, and the node is of kind video.")
def _(chef: Chef) -> Options:
    send(chef, document(kind="video"))
    return None


@provokes("topic-for-coaches-only", node="Node t", says="It has 1 resource, and no learner sees one.")
def _(chef: Chef) -> Options:
    topics = chef.added(begin(chef), node_data("t"), document("other"))
    chef.added(topics[an_id("t")], document(role="coach"))
    chef.finish()
    return None


@provokes("twin-resources", node="Node d", says="'Node d' is there 2 times, with source_ids 'src-d', 'src-e'.")
def _(chef: Chef) -> Options:
    send(chef, document(), document("e", title="Node d"))
    return None


@provokes("content-id-shared", node="Node e", says="The same content_id is used for 'Node e', 'Another'.")
def _(chef: Chef) -> Options:
    same: dict[str, Any] = {"node_id": an_id("f"), "title": "Another"}
    send(chef, exercise_data(), exercise_data(question_data("q2", question="What is 3 + 1?"), **same))
    return None


@provokes("channel-language-unused", says="is a channel in English (en), and its resources are in Swahili (sw).")
def _(chef: Chef) -> Options:
    send(chef, document(language="sw"), node_data("t"))
    return None
