"""What of an act is hidden: the places of some words in its pages, in all its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar

from django.db import transaction

from parvis.core.acts.model import Passage
from parvis.core.errors import RequestError
from parvis.core.redaction import occurrences_in_document
from parvis.core.translation import gettext_noop
from parvis.domains.deliberations.models import Act, ActFile
from parvis.domains.deliberations.selectors import pages_of

MOST_HIDDEN = 500
"""Different words that are hidden in an act."""
LONGEST_HIDDEN = 300


class TooMuchHidden(RequestError):
    """More words are to be hidden than an act may hide: none is left out silently."""

    code: ClassVar[str] = "act-hides-too-much"
    sentence: ClassVar[str] = gettext_noop(
        "Trop de mots à occulter : {most} au plus par acte, {longest} lettres au plus chacun."
    )
    advice: ClassVar[str] = gettext_noop(
        "Occultez des passages plus courts, ou déposez un fichier dont les pages sont déjà retirées."
    )


def places_to_hide(act: Act, words: Sequence[str]) -> Mapping[int, dict[str, Any]]:
    """By file of the act, what of its spans hides all places of some words as its pages were read; TooMuchHidden. Nothing is written."""
    if len(words) > MOST_HIDDEN or any(len(word) > LONGEST_HIDDEN for word in words):
        raise TooMuchHidden(most=MOST_HIDDEN, longest=LONGEST_HIDDEN)
    return {file.pk: _spans(file, words) for file in ActFile.objects.filter(act=act)}


def hide(act: Act, spans: Mapping[int, Mapping[str, Any]]) -> None:
    """Have the files of an act that is not online hide ``spans`` (``places_to_hide``) instead of what these named; made again then.

    What they do not name stays as somebody may just have left it: rectangles are drawn while words are looked for.
    """
    # What the published form says besides its text is set from these.
    stated = [act.title, act.number]
    for file in ActFile.objects.select_for_update().filter(act=act, pk__in=spans):
        wished = {**file.spans, **spans[file.pk], "stated": stated}
        if wished != file.spans or not file.published:
            remove_published([file])
            ActFile.objects.filter(pk=file.pk).update(
                spans=wished, published="", published_digest="", published_bytes=0, verification=None
            )


def remove_published(files: Iterable[ActFile]) -> None:
    """Remove the bytes of published forms from the storage, once what says so is written."""
    for file in files:
        if file.published:
            storage, name = file.published.storage, file.published.name
            transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))  # type: ignore[misc]


def words_hidden_in(act: Act) -> list[str]:
    """The words that somebody decided to hide of an act; none before anybody decided."""
    for file in ActFile.objects.filter(act=act).order_by("position", "pk"):
        if "words" in file.spans:
            return list(file.spans["words"])
    return []


def _spans(file: ActFile, words: Sequence[str]) -> dict[str, Any]:
    by_word = occurrences_in_document(pages_of(file), words)
    return {
        "passages": [asdict(passage) for passage in _sorted(by_word)],
        "words": list(words),
        "words_read": [word for word, passages in by_word.items() if passages],
    }


def _sorted(by_word: Mapping[str, Sequence[Passage]]) -> list[Passage]:
    passages = {passage for rows in by_word.values() for passage in rows}
    return sorted(passages, key=lambda passage: (passage.page, passage.start, passage.end))
