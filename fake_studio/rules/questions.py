"""The questions of an exercise.

Source: Studio views/internal.py create_exercises, viewsets/assessmentitem.py and utils/assessment/qti/convert.py.
Studio turns each question into QTI on arrival; what QTI cannot hold is refused there, so it is refused here.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from le_utils.constants import exercises

from fake_studio.core import values
from fake_studio.core.model import File, Question
from fake_studio.core.refusals import NodeInvalid, NodeNotStorable
from fake_studio.markdown import FormulaUnreadable, MarkupInvalid, check
from fake_studio.rules.files import ValidationContext, parse_part_files
from fake_studio.rules.language_tags import is_language_tag
from fake_studio.rules.native_questions import check_native, read_native
from fake_studio.rules.question_links import link_uploads
from fake_studio.rules.question_texts import CHOICES, PLACEHOLDER, TEXTS

TYPES = (*CHOICES, *TEXTS, exercises.PERSEUS_QUESTION, exercises.QTI)

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ID = re.compile(r"[0-9a-f]{32}")


def parse_questions(context: ValidationContext, entries: Any) -> list[Question]:
    """The questions of a node, in order. Raises NodeInvalid and NodeNotStorable, naming the question."""
    if not isinstance(entries, (list, dict, str)):
        raise NodeNotStorable(f"must be a list, not {values.json_name(entries)}.", field="questions")
    drafts = [values.check_object(entry, f"questions[{n}]", NodeNotStorable) for n, entry in enumerate(entries)]
    # Unique ids come first: Studio finds two of one id before it reads a single question.
    _check_unique([sent.get("assessment_id") for sent in drafts])
    # Studio turns every question into an item before it checks the fields of any, and looks for files last.
    shown = [_read(sent, f"questions[{n}]") for n, sent in enumerate(drafts)]
    questions = [_question(sent, f"questions[{n}]") for n, sent in enumerate(drafts)]
    taken: set[str] = set()
    for n, names in enumerate(shown):
        _check_stored(context, names, taken, f"questions[{n}]")
        taken |= names
    for n, (question, names) in enumerate(zip(questions, shown)):
        question.files = _files(context, question, names, f"questions[{n}]")
    if context.strictness.links_once:
        link_uploads(context, questions)
    return questions


def _check_unique(ids: list[Any]) -> None:
    seen: set[Any] = set()
    for index, assessment_id in enumerate(ids):
        if isinstance(assessment_id, (list, dict)):
            raise NodeNotStorable("must be a string.", field=f"questions[{index}].assessment_id")
    for index, assessment_id in enumerate(ids):
        if assessment_id in seen:
            raise NodeInvalid(
                f"{assessment_id!r:.60} stands twice in this exercise.", field=f"questions[{index}].assessment_id"
            )
        seen.add(assessment_id)


def _read(sent: dict[str, Any], where: str) -> set[str]:
    """The stored files that a question shows, once it could be made an item of QTI."""
    kind = sent.get("type")
    if kind == exercises.QTI:
        return read_native(sent, where)
    return set() if kind == exercises.PERSEUS_QUESTION else _read_plain(sent, where)


def _question(sent: dict[str, Any], where: str) -> Question:
    """A question whose content was read: what Studio's serializer has to say of its fields."""
    raw, is_plain = "", sent.get("type") not in (exercises.QTI, exercises.PERSEUS_QUESTION)
    if not is_plain:
        raw = _raw_data(sent, where)
    if sent.get("type") == exercises.QTI:
        check_native(raw, where)
    return Question(
        assessment_id=_check_id(sent, where),
        type=sent["type"],
        question=(sent.get("question") or "") if is_plain else "",
        answers=_parse_list(sent, "answers", where) if is_plain else [],
        hints=_parse_list(sent, "hints", where) if is_plain else [],
        raw_data=raw,
        source_url=_source_url(sent.get("source_url"), f"{where}.source_url"),
        randomize=_boolean(sent.get("randomize") or False, f"{where}.randomize"),
        sent=sent,
    )


def _files(context: ValidationContext, question: Question, names: set[str], where: str) -> list[File]:
    if question.type != exercises.PERSEUS_QUESTION:
        return _media(context, question.sent, names, where)
    listed = question.sent.get("files")
    if context.strictness.every_key:
        values.check_present(question.sent, "files", NodeNotStorable, f"{where}.files")
    elif listed is None:
        listed = []
    return parse_part_files(context, listed, f"{where}.files")


def _read_plain(sent: dict[str, Any], where: str) -> set[str]:
    """In the order in which Studio finds fault with a question (utils/assessment/qti/ingest.py, convert.py)."""
    answers = _parse_list(sent, "answers", where)
    hints = _parse_list(sent, "hints", where)
    kind = values.check_present(sent, "type", NodeNotStorable, f"{where}.type")
    text = sent.get("question") or ""
    if not isinstance(text, str):
        raise NodeNotStorable(f"must be a string, not {values.json_name(text)}.", field=f"{where}.question")
    values.check_present(sent, "assessment_id", NodeNotStorable, f"{where}.assessment_id")
    if isinstance(kind, (list, dict)):
        raise NodeNotStorable(f"must be a string, not {values.json_name(kind)}.", field=f"{where}.type")
    if kind not in CHOICES and kind not in TEXTS:
        raise NodeInvalid(f"{kind!r:.60} is not a question type.", field=f"{where}.type", allowed=TYPES)
    names = _check_markdown(text, f"{where}.question")
    if kind in CHOICES:
        names |= _choices(kind, answers, where)
        _boolean(sent.get("randomize") or False, f"{where}.randomize")
    else:
        _check_typed_answers(answers, where)
    _check_hex(sent["assessment_id"], f"{where}.assessment_id")
    names |= _hints(hints, where)
    _check_language(sent.get("language"), f"{where}.language")
    return names


def _check_hex(value: Any, field: str) -> None:
    if not isinstance(value, str):
        raise NodeNotStorable(f"must be a string, not {values.json_name(value)}.", field=field)
    try:
        bytes.fromhex(value)
    except ValueError:
        raise NodeInvalid(f"{value!r:.60} is not 32 lower-case hex digits.", field=field) from None


def _check_language(value: Any, field: str) -> None:
    """Whether it can be an ``xml:lang``, known to le_utils or not; none at all is English there."""
    if value and not (isinstance(value, str) and is_language_tag(value)):
        raise NodeInvalid(f"{value!r:.60} is not a language code, such as 'en' or 'pt-BR'.", field=field)


def _parse_list(sent: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    value = sent.get(key) or "[]"
    if not isinstance(value, str):
        raise NodeNotStorable(
            f"must be a string that holds JSON, not {values.json_name(value)}.", field=f"{where}.{key}"
        )
    entries = values.json_text(value, f"{where}.{key}", NodeInvalid)
    if not isinstance(entries, (list, dict)):
        raise NodeNotStorable(f"must hold a list, not {values.json_name(entries)}.", field=f"{where}.{key}")
    return [values.check_object(entry, f"{where}.{key}[{n}]", NodeNotStorable) for n, entry in enumerate(entries)]


def _choices(kind: str, answers: list[dict[str, Any]], where: str) -> set[str]:
    names: set[str] = set()
    for index, answer in enumerate(answers):
        field = f"{where}.answers[{index}].answer"
        text = answer.get("answer", "")
        if not isinstance(text, str):
            raise NodeNotStorable(f"must be a string, not {values.json_name(text)}.", field=field)
        names |= _check_markdown(text, field, formula_alone=False)
    correct = sum(bool(answer.get("correct", False)) for answer in answers)
    if not answers:
        raise NodeInvalid("a choice question needs at least one answer.", field=f"{where}.answers")
    if kind != exercises.MULTIPLE_SELECTION and correct > 1:
        raise NodeInvalid(f"{kind} needs exactly one correct answer, not {correct}.", field=f"{where}.answers")
    return names


def _check_typed_answers(answers: list[dict[str, Any]], where: str) -> None:
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


def _hints(hints: list[dict[str, Any]], where: str) -> set[str]:
    names: set[str] = set()
    for index, hint in enumerate(hints):
        text = hint.get("hint")
        if text and not isinstance(text, str):
            raise NodeNotStorable(
                f"must be a string, not {values.json_name(text)}.", field=f"{where}.hints[{index}].hint"
            )
        names |= _check_markdown(text or "", f"{where}.hints[{index}].hint")
    return names


def _check_markdown(text: str, field: str, *, formula_alone: bool = True) -> set[str]:
    """The stored files that a text shows, once its Markdown was found to be good."""
    try:
        return check(text.replace(PLACEHOLDER, ""), formula_alone=formula_alone)
    except MarkupInvalid as fault:
        reason = f"{fault}." if fault.is_sentence else f"cannot be shown: {fault}."
        raise NodeInvalid(reason, field=field) from None
    except FormulaUnreadable as fault:
        raise NodeNotStorable(f"cannot be shown: {fault}.", field=field) from None


_TRUSTED = {"original_filename": str}


def _check_stored(context: ValidationContext, names: set[str], taken: set[str], where: str) -> None:
    """Studio takes a shown file that is stored, or once in an exercise, if this user asked an upload URL for it."""
    for name in sorted(names):
        announced = name not in taken and context.announced(context.user_id, name.partition(".")[0])
        if not announced and not context.storage.has(name) and context.strictness.stored_files:
            raise NodeInvalid(f"shows the file {name}, which was never uploaded.", field=where)


def _media(context: ValidationContext, sent: dict[str, Any], names: set[str], where: str) -> list[File]:
    """The files that a question shows, with what its own list says of them; Studio reads nothing of that list."""
    listed = sent.get("files")
    usable = {
        entry["filename"]: {key: entry[key] for key, kind in _TRUSTED.items() if isinstance(entry.get(key), kind)}
        for entry in (listed if isinstance(listed, list) else [])
        if isinstance(entry, dict) and isinstance(entry.get("filename"), str)
    }
    entries = [
        {"size": None, **usable.get(name, {}), "preset": "exercise_image", "filename": name} for name in sorted(names)
    ]
    strict = context.strictness.stored_files
    kept = [entry for entry in entries if context.storage.has(str(entry["filename"])) or not strict]
    return list(parse_part_files(context, kept, f"{where}.files"))


def _raw_data(sent: dict[str, Any], where: str) -> str:
    raw = sent.get("raw_data")
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
        raise NodeInvalid(f"must be a string, not {values.json_name(raw)}.", field=f"{where}.raw_data")
    if raw == "":
        raise NodeInvalid("must hold the question.", field=f"{where}.raw_data")
    return values.check_text(raw, f"{where}.raw_data", None, NodeInvalid)


def _check_id(sent: dict[str, Any], where: str) -> str:
    value = sent.get("assessment_id")
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
