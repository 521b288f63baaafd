"""A Perseus question: whether its widgets are defined, its images in the package, and it can be answered.

Source: Khan/perseus, the renderer's widget placeholders, and the options of each widget.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from le_utils.constants import exercises

from fake_studio.content.flaw import Flaw, Inspection
from fake_studio.content.numbers import is_number

_WIDGET = re.compile(r"\[\[\u2603 ([a-z-]+ [0-9]+)\]\]")
# A label begins at the last "![" before its end: to look for the end from each of many beginnings takes for ever.
_IMAGE = re.compile(r"!\[(?:[^\]!]|!(?!\[))*\]\(\s*((?:web\+graphie:)?(?:\$\{\u2623 [A-Z]+\})?[^)\s]+)")
_IN_PACKAGE = (f"${exercises.CONTENT_STORAGE_PLACEHOLDER}/", f"${exercises.IMG_PLACEHOLDER}/")
_GRAPHIE = "web+graphie:"
_WEB = ("//", "http://", "https://")
_URL_KEYS = ("picUrl", "imageUrl")
_URL_HOLDERS = ("backgroundImage", "image")
_FROM_THE_WEB = {"iframe": "url", "video": "location"}
_NOT_ANSWERED = ("image", "explanation", "definition", "passage", "passage-ref", "video", "phet-simulation")

Data = dict[str, Any]


def inspect_perseus(raw: str) -> Inspection:
    """What keeps a question from being shown and answered.

    ``facts``: "images" are the files of the package that it shows, "graphies" those without their extension, and
    "texts" what learners read.
    """
    try:
        item = json.loads(raw)
    except (ValueError, RecursionError) as error:
        return Inspection((_invalid(f"it is not valid JSON ({error!s:.80})"),))
    question = item.get("question") if isinstance(item, dict) else None
    if isinstance(item, dict) and "_multi" in item:
        return Inspection(unchecked=("Perseus questions of several parts (_multi) are not checked.",))
    if not isinstance(question, dict) or not isinstance(question.get("content"), str):
        return Inspection((_invalid('it has no "question" with a "content"'),))
    if not isinstance(question.get("widgets", {}), dict):
        return Inspection((_invalid('its "widgets" must be an object'),))
    try:
        return _inspect(item, question)
    except RecursionError:
        return Inspection((_invalid("it is nested too deeply"),))


def _invalid(reason: str) -> Flaw:
    return Flaw("perseus-invalid", f"{reason[0].upper()}{reason[1:]}.")


def _inspect(item: Data, question: Data) -> Inspection:
    images = list(dict.fromkeys(_images(item, "")))
    missing = list(_missing_widgets(item, frozenset()))
    outside = [flaw for flaw in map(_outside, images) if flaw]
    unanswered = [] if missing else list(_unanswered(question))
    inside = [image for image in images if not _outside(image) and not image.startswith("data:")]
    facts = {
        "images": tuple(map(_name, (image for image in inside if not image.startswith(_GRAPHIE)))),
        "graphies": tuple(map(_name, (image for image in inside if image.startswith(_GRAPHIE)))),
        "texts": tuple(_texts(item)),
    }
    return Inspection((*missing, *outside, *unanswered), facts=facts)


def _name(image: str) -> str:
    return image.rpartition("/")[2]


def _children(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from (("", child) for child in value)


# Widgets


def _missing_widgets(value: Any, defined: frozenset[str]) -> Iterator[Flaw]:
    """Widgets that a text places and nobody defines: neither the part that the text stands in nor one around it."""
    if isinstance(value, dict) and isinstance(value.get("content"), str):
        defined |= frozenset(value.get("widgets") or ())
        for name in dict.fromkeys(_WIDGET.findall(value["content"])):
            if name not in defined:
                message = f"[[\u2603 {name}]] stands in the text, and {name!r} is not defined."
                yield Flaw("question-widget-missing", message, place=name)
    for _, child in _children(value):
        yield from _missing_widgets(child, defined)


def _unanswered(question: Data) -> Iterator[Flaw]:
    placed = _WIDGET.findall(question["content"])
    widgets = {name: question["widgets"][name] for name in placed if _takes_answers(name)}
    if not widgets:
        yield _no_answer("no widget in it takes an answer", "question")
    for name, widget in widgets.items():
        if isinstance(widget, dict) and widget.get("graded") is not False and _is_unanswerable(widget):
            yield _no_answer(f"{name} has no correct answer", name)


def _no_answer(reason: str, place: str) -> Flaw:
    return Flaw("question-not-answerable", f"{reason[0].upper()}{reason[1:]}.", place)


def _takes_answers(name: str) -> bool:
    return name.rpartition(" ")[0] not in _NOT_ANSWERED


def _is_unanswerable(widget: Data) -> bool:
    options, has_answer = widget.get("options"), _HAS_ANSWER.get(str(widget.get("type")))
    if has_answer is None or not isinstance(options, dict) or options.get("static"):
        return False
    try:
        return not has_answer(options)
    except (TypeError, AttributeError):
        return True


def _has_correct_choice(options: Data) -> bool:
    return bool(options.get("noneOfTheAbove")) or any(choice.get("correct") for choice in options.get("choices") or ())


def _has_correct_number(options: Data) -> bool:
    right = (answer for answer in options.get("answers") or () if answer.get("status") == "correct")
    return any(answer.get("value") is not None and is_number(str(answer["value"])) for answer in right)


def _has_correct_form(options: Data) -> bool:
    return any(form.get("considered", "correct") == "correct" for form in options.get("answerForms") or ())


_HAS_ANSWER: dict[str, Callable[[Data], bool]] = {
    "radio": _has_correct_choice,
    "dropdown": _has_correct_choice,
    "numeric-input": _has_correct_number,
    "input-number": lambda options: is_number(str(options.get("value"))),
    "expression": lambda options: "value" in options or _has_correct_form(options),
}


# Images and texts


def _images(value: Any, key: str) -> Iterator[str]:
    """The address of every image, and of what else comes from the web."""
    if isinstance(value, str):
        yield from _IMAGE.findall(value[: value.rfind(")") + 1])  # behind the last one no image ends
    elif isinstance(value, dict):
        yield from _own_images(value, key)
    for name, child in _children(value):
        yield from _images(child, name)


def _own_images(value: Data, key: str) -> Iterator[str]:
    urls = [value.get(name) for name in _URL_KEYS]
    urls += [value.get("url")] if key in _URL_HOLDERS else []
    yield from (url for url in urls if isinstance(url, str) and url)
    options, place = value.get("options"), _FROM_THE_WEB.get(str(value.get("type")))
    url = options.get(place) if isinstance(options, dict) and place else None
    if isinstance(url, str) and url.startswith(_WEB):
        yield url


def _outside(image: str) -> Flaw | None:
    """What is wrong with an image that is not in the package; None for one that is, or that the question carries."""
    address = image[len(_GRAPHIE) :] if image.startswith(_GRAPHIE) else image
    if address.startswith((*_IN_PACKAGE, "data:")):
        return None
    where = "from the web" if address.startswith(_WEB) else "from outside of the package"
    message = f"It loads {image!r:.120} {where}."
    return Flaw("question-image-missing", message, place=image[:120])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(value.get("content"), str):
        yield value["content"]
    for _, child in _children(value):
        yield from _texts(child)
