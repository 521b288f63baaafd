"""The questions of an exercise.

Source: Studio views/internal.py create_exercises, viewsets/assessmentitem.py and utils/assessment/qti/convert.py.
Studio turns each question into QTI on arrival; what QTI cannot hold is refused there, so it is refused here.
"""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from typing import Any

from le_utils.constants import exercises

from fake_studio.core import values
from fake_studio.core.model import Question
from fake_studio.core.refusals import NodeInvalid, NodeNotStorable
from fake_studio.markdown import FormulaUnreadable, MarkupInvalid, check, stored_names
from fake_studio.rules.files import ValidationContext, parse_part_files
from fake_studio.rules.question_links import link_uploads

CHOICES = (exercises.SINGLE_SELECTION, exercises.MULTIPLE_SELECTION, "true_false")
TEXTS = (exercises.INPUT_QUESTION, exercises.FREE_RESPONSE)
TYPES = (*CHOICES, *TEXTS, exercises.PERSEUS_QUESTION, exercises.QTI)

_PLACEHOLDER = exercises.CONTENT_STORAGE_FORMAT.format("")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ID = re.compile(r"[0-9a-f]{32}")
_QTI_ROOT = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}qti-assessment-item"


def parse_questions(intake: ValidationContext, entries: Any) -> list[Question]:
    """The questions of a node, in order. Raises NodeInvalid and NodeNotStorable, naming the question."""
    if not isinstance(entries, (list, dict, str)):
        raise NodeNotStorable(f"must be a list, not {values.json_name(entries)}.", field="questions")
    questions = [values.an_object(entry, f"questions[{n}]", NodeNotStorable) for n, entry in enumerate(entries)]
    _check_unique([question.get("assessment_id") for question in questions])
    parsed = [_question(intake, question, f"questions[{n}]") for n, question in enumerate(questions)]
    if intake.admission.links_once:
        link_uploads(intake, parsed)
    return parsed


def _check_unique(ids: list[Any]) -> None:
    for index, assessment_id in enumerate(ids):
        if isinstance(assessment_id, (list, dict)):
            raise NodeNotStorable("must be a string.", field=f"questions[{index}].assessment_id")
        if assessment_id in ids[:index]:
            raise NodeInvalid(
                f"{assessment_id!r} stands twice in this exercise.", field=f"questions[{index}].assessment_id"
            )


def _question(intake: ValidationContext, sent: dict[str, Any], where: str) -> Question:
    kind = sent.get("type")
    if kind == exercises.QTI:
        question = _qti(intake, sent, where)
    elif kind == exercises.PERSEUS_QUESTION:
        question = _perseus(intake, sent, where)
    else:
        question = _plain(intake, sent, where)
    question.assessment_id = _checked_id(sent, where)
    question.source_url = _source_url(sent.get("source_url"), f"{where}.source_url")
    question.randomize = _boolean(sent.get("randomize") or False, f"{where}.randomize")
    return question


def _plain(intake: ValidationContext, sent: dict[str, Any], where: str) -> Question:
    answers = _parsed_list(sent, "answers", where)
    hints = _parsed_list(sent, "hints", where)
    kind = values.check_present(sent, "type", NodeNotStorable, f"{where}.type")
    text = sent.get("question") or ""
    if not isinstance(text, str):
        raise NodeNotStorable(f"must be a string, not {values.json_name(text)}.", field=f"{where}.question")
    values.check_present(sent, "assessment_id", NodeNotStorable, f"{where}.assessment_id")
    if not isinstance(sent.get("language") or "", str):
        raise NodeInvalid("must be a language code.", field=f"{where}.language")
    if isinstance(kind, (list, dict)):
        raise NodeNotStorable(f"must be a string, not {values.json_name(kind)}.", field=f"{where}.type")
    if kind not in CHOICES and kind not in TEXTS:
        raise NodeInvalid(f"{kind!r:.60} is no question type.", field=f"{where}.type", allowed=TYPES)
    names = _checked(text, f"{where}.question")
    names |= _choices(kind, answers, where) if kind in CHOICES else _typed_answers(answers, where)
    names |= _hints(hints, where)
    _check_stored(intake, names, where)
    return Question(
        assessment_id="",
        type=kind,
        question=text,
        answers=answers,
        hints=hints,
        files=_media(intake, sent, names, where),
        sent=sent,
    )


def _parsed_list(sent: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    value = sent.get(key) or "[]"
    if not isinstance(value, str):
        raise NodeNotStorable(
            f"must be a string that holds JSON, not {values.json_name(value)}.", field=f"{where}.{key}"
        )
    entries = values.json_text(value, f"{where}.{key}", NodeInvalid)
    if not isinstance(entries, (list, dict)):
        raise NodeNotStorable(f"must hold a list, not {values.json_name(entries)}.", field=f"{where}.{key}")
    return [values.an_object(entry, f"{where}.{key}[{n}]", NodeNotStorable) for n, entry in enumerate(entries)]


def _choices(kind: str, answers: list[dict[str, Any]], where: str) -> set[str]:
    names: set[str] = set()
    for index, answer in enumerate(answers):
        field = f"{where}.answers[{index}].answer"
        text = answer.get("answer", "")
        if not isinstance(text, str):
            raise NodeNotStorable(f"must be a string, not {values.json_name(text)}.", field=field)
        names |= _checked(text, field, formula_alone=False)
    correct = sum(bool(answer.get("correct", False)) for answer in answers)
    if not answers:
        raise NodeInvalid("a question to choose from needs at least one answer.", field=f"{where}.answers")
    if kind != exercises.MULTIPLE_SELECTION and correct > 1:
        raise NodeInvalid(f"{kind} takes one correct answer, and {correct} are.", field=f"{where}.answers")
    return names


def _typed_answers(answers: list[dict[str, Any]], where: str) -> set[str]:
    for index, answer in enumerate(answers):
        field = f"{where}.answers[{index}]"
        values.check_present(answer, "correct", NodeNotStorable, f"{field}.correct")
        value = values.check_present(answer, "answer", NodeNotStorable, f"{field}.answer")
        if not isinstance(value, (str, int, float)):
            raise NodeNotStorable(f"must be text or a number, not {values.json_name(value)}.", field=f"{field}.answer")
        if isinstance(value, int) and abs(value) > sys.float_info.max:
            raise NodeNotStorable("is too large a number.", field=f"{field}.answer")
        if answer["correct"] and _NO_XML.search(str(value)):
            raise NodeInvalid("holds a character that XML cannot.", field=f"{field}.answer")
    return set()


def _hints(hints: list[dict[str, Any]], where: str) -> set[str]:
    names: set[str] = set()
    for index, hint in enumerate(hints):
        text = hint.get("hint")
        if text and not isinstance(text, str):
            raise NodeNotStorable(
                f"must be a string, not {values.json_name(text)}.", field=f"{where}.hints[{index}].hint"
            )
        names |= _checked(text or "", f"{where}.hints[{index}].hint")
    return names


def _checked(text: str, field: str, *, formula_alone: bool = True) -> set[str]:
    """The stored files that a text shows, once its Markdown was found to be good."""
    try:
        return check(text.replace(_PLACEHOLDER, ""), formula_alone=formula_alone)
    except MarkupInvalid as fault:
        raise NodeInvalid(f"cannot be shown: {fault}.", field=field) from None
    except FormulaUnreadable as fault:
        raise NodeNotStorable(f"cannot be shown: {fault}.", field=field) from None


def _check_stored(intake: ValidationContext, names: set[str], where: str) -> None:
    """Studio takes a shown file that is stored, or that this user at least asked an upload URL for."""
    for name in sorted(names):
        missing = not intake.storage.has(name) and not intake.announced(intake.user_id, name.partition(".")[0])
        if missing and intake.admission.stored_files:
            raise NodeInvalid(f"shows the file {name}, which was never uploaded.", field=where)


def _media(intake: ValidationContext, sent: dict[str, Any], names: set[str], where: str) -> list[Any]:
    """The files that a question shows, with what its own list says of them."""
    files = sent.get("files")
    listed = {
        entry["filename"]: entry
        for entry in (files if isinstance(files, list) else [])
        if isinstance(entry, dict) and isinstance(entry.get("filename"), str)
    }
    entries = [
        {"preset": "exercise_image", "size": None, **listed.get(name, {}), "filename": name} for name in sorted(names)
    ]
    strict = intake.admission.stored_files
    kept = [entry for entry in entries if intake.storage.has(str(entry["filename"])) or not strict]
    return list(parse_part_files(intake, kept, f"{where}.files"))


def _perseus(intake: ValidationContext, sent: dict[str, Any], where: str) -> Question:
    raw = _raw_data(sent, where)
    _checked_id(sent, where)
    listed = sent.get("files")
    if intake.admission.every_key:
        values.check_present(sent, "files", NodeNotStorable, f"{where}.files")
    elif listed is None:
        listed = []
    files = parse_part_files(intake, listed, f"{where}.files")
    return Question("", exercises.PERSEUS_QUESTION, raw_data=raw, files=files, sent=sent)


def _qti(intake: ValidationContext, sent: dict[str, Any], where: str) -> Question:
    if not isinstance(sent.get("raw_data"), (str, type(None))):
        raise NodeNotStorable("must be a string of XML.", field=f"{where}.raw_data")
    raw = _raw_data(sent, where)
    try:
        root = ET.fromstring(raw.encode("utf-8", "surrogatepass"))
    except ET.ParseError as error:
        raise NodeInvalid(f"is not well-formed XML: {error}.", field=f"{where}.raw_data") from None
    if root.tag != _QTI_ROOT:
        raise NodeInvalid(f"must be a qti-assessment-item of QTI 3.0, not {root.tag!r:.80}.", field=f"{where}.raw_data")
    interactions = (e for e in root.iter() if e.tag.rpartition("}")[2] == "qti-custom-interaction")
    wrapped = next((e for e in interactions if e.get("data-type") == "perseus"), None)
    if wrapped is not None and wrapped.get("data-perseus-path"):
        raise NodeInvalid("wraps Perseus content; send it as a perseus_question.", field=f"{where}.raw_data")
    names = stored_names(root)
    _check_stored(intake, names, where)
    return Question("", exercises.QTI, raw_data=raw, files=_media(intake, sent, names, where), sent=sent)


def _raw_data(sent: dict[str, Any], where: str) -> str:
    raw = sent.get("raw_data")
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
        raise NodeInvalid(f"must be a string, not {values.json_name(raw)}.", field=f"{where}.raw_data")
    if raw == "":
        raise NodeInvalid("must hold the question.", field=f"{where}.raw_data")
    return values.check_text(raw, f"{where}.raw_data", None, NodeInvalid)


def _checked_id(sent: dict[str, Any], where: str) -> str:
    value = sent.get("assessment_id")
    plain = sent.get("type") not in (exercises.QTI, exercises.PERSEUS_QUESTION)
    if plain and not isinstance(value, str):
        raise NodeNotStorable(f"must be a string, not {values.json_name(value)}.", field=f"{where}.assessment_id")
    if not isinstance(value, str) or not _ID.fullmatch(value.strip()):
        raise NodeInvalid(f"{value!r:.60} is not 32 lower-case hex digits.", field=f"{where}.assessment_id")
    if value != value.strip():  # Studio trims the id, and then does not find its own question by what was sent
        raise NodeNotStorable(f"{value!r:.60} has blanks around it.", field=f"{where}.assessment_id")
    return value


def _source_url(value: Any, field: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise NodeInvalid(f"must be a text, not {values.json_name(value)}.", field=field)
    return values.check_text(value, field, 400, NodeInvalid)


def _boolean(value: Any, field: str) -> bool:
    truth = values.parse_bool(value)
    if truth is None:
        raise NodeInvalid(f"must be true or false, not {value!r:.40}.", field=field)
    return truth
