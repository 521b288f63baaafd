"""Which questions Studio attaches an uploaded image to.

Source: Studio viewsets/assessmentitem.py set_files; recordings published/qti, image-shared-by-questions and
image-shared-again.
"""

from __future__ import annotations

from collections.abc import Iterable

from le_utils.constants import exercises

from fake_studio.core.model import File, Question
from fake_studio.rules.files import ValidationContext


def link_uploads(context: ValidationContext, questions: Iterable[Question]) -> None:
    """Attach each loose upload of an image to one of an exercise's questions that show it, the last ones first.

    The other questions keep the name in ``unlinked``. For each of them Studio makes a new upload and forgets to
    attach it: the next exercise that shows the image gets that one. Raw Perseus brings files of its own.
    """
    for checksum, places in _places(questions).items():
        key = (context.user_id, checksum)
        uploads = context.loose.get(key, 0)
        # By its source Studio attaches nothing where no upload is loose. In the recordings one always was, from
        # earlier runs (perseus-image-and-single, qti-native-image), so the last question has its image here, too.
        linked = min(len(places), max(1, uploads))
        left_over = len(places) - linked
        for question, file in places[:left_over]:
            question.unlinked.append(file.name)
        context.loose[key] = max(0, uploads - linked) + left_over


def _places(questions: Iterable[Question]) -> dict[str, list[tuple[Question, File]]]:
    places: dict[str, list[tuple[Question, File]]] = {}
    for question in questions:
        for file in question.files if question.type != exercises.PERSEUS_QUESTION else ():
            places.setdefault(file.checksum, []).append((question, file))
    return places
