"""Questions that learners cannot see or answer: no correct answer, no number, no image, Perseus that does not open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from le_utils.constants import exercises

from fake_studio.content.numbers import is_number
from fake_studio.content.perseus import inspect_perseus
from fake_studio.core.model import Node, Question
from fake_studio.findings.examined import FilesOfNode
from fake_studio.findings.finding import Fault
from fake_studio.markdown.images import images_in

_NO_ANSWER_NEEDED = (exercises.FREE_RESPONSE,)
_NO_CORRECT_ONE_NEEDED = (exercises.FREE_RESPONSE, exercises.INPUT_QUESTION)
_MANY = 5  # questions that a finding names


def find_answer_faults(files: FilesOfNode, node: Node) -> Iterator[Fault]:
    """What is wrong with the questions of a node: one fault for each code."""
    faults: dict[str, list[str]] = defaultdict(list)
    for number, question in enumerate(node.questions, 1):
        for code, detail in _question_faults(files, question):
            faults[code].append(f"Question {number} {detail}")
    if not any(map(is_complete, node.questions)):
        # Then all of the exercise is lost, which is questions-missing.
        faults.pop("question-not-answerable", None)
    for code, details in faults.items():
        more = f" and {len(details) - _MANY} more" if len(details) > _MANY else ""
        yield code, f"{' '.join(details[:_MANY])}{more}"


def _question_faults(files: FilesOfNode, question: Question) -> Iterator[Fault]:
    """What is wrong with a question: codes, each with the end of a sentence that begins with the question."""
    if question.type == exercises.PERSEUS_QUESTION:
        yield from _perseus_faults(files, question)
        return
    fault = answer_fault(question)
    if fault:
        yield "question-not-answerable", fault
    yield from _number_faults(question)
    for name in _shown_images(question):
        if not files.has(name):
            yield "question-image-missing", f"shows {name!r}, which was never uploaded."


def is_complete(question: Question) -> bool:
    """Whether Studio counts a question as complete. Source: Studio models.py ContentNode.mark_complete."""
    if question.raw_data:
        return True
    answered = bool(question.answers) or question.type in _NO_ANSWER_NEEDED
    correct = any(answer.get("correct") for answer in question.answers) or question.type in _NO_CORRECT_ONE_NEEDED
    return bool(question.question) and answered and correct


def answer_fault(question: Question) -> str | None:
    """Why nobody can answer a question, as the end of a sentence; None if somebody can, as far as it is known."""
    if question.type in (exercises.PERSEUS_QUESTION, exercises.QTI):
        return None
    if not question.question.strip():
        return "has no text."
    if question.type == exercises.FREE_RESPONSE:
        return None
    right = [str(answer.get("answer", "")).strip() for answer in question.answers if answer.get("correct")]
    if not right:
        return f"has no correct answer: {question.question!r:.60}."
    if question.type == exercises.INPUT_QUESTION:
        return None
    if not any(right):
        return f"has a correct answer without a text: {question.question!r:.60}."
    both = [answer for answer in question.answers if not answer.get("correct") and str(answer.get("answer")) in right]
    return f"has {both[0].get('answer')!r:.60} as a right answer and as a wrong one." if both else None


def _number_faults(question: Question) -> Iterator[Fault]:
    if question.type != exercises.INPUT_QUESTION:
        return
    for answer in question.answers:
        if answer.get("correct") and not is_number(str(answer.get("answer"))):
            yield "answer-not-a-number", f"expects {answer.get('answer')!r:.60}, which is not a number."


def _shown_images(question: Question) -> list[str]:
    texts = [question.question, *(str(answer.get("answer", "")) for answer in question.answers)]
    texts += [str(hint.get("hint", "")) for hint in question.hints]
    return sorted({image.name for text in texts for image in images_in(text)})


def _perseus_faults(files: FilesOfNode, question: Question) -> Iterator[Fault]:
    inspection = inspect_perseus(question.raw_data)
    for flaw in inspection.flaws:
        yield flaw.code, f"is broken: {flaw.message}"
    names = {file.name for file in question.files if files.has(file.name)}
    stems = {name.partition(".")[0] for name in names}
    missing = [image for image in inspection.facts.get("images", ()) if image not in names]
    missing += [image for image in inspection.facts.get("graphies", ()) if image not in stems]
    for image in missing:
        yield "question-image-missing", f"shows {image!r:.80}, which is not among its files."
