"""What of an act is hidden: the places of some words in its pages, in all its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from parvis.core.acts.model import Page, Passage
from parvis.core.redaction import occurrences
from parvis.domains.deliberations.models import Act, ActFile
from parvis.domains.deliberations.selectors import pages_of

MOST_HIDDEN = 500
"""Different words that are hidden in an act."""
LONGEST_HIDDEN = 300


def hide(act: Act, words: Sequence[str]) -> None:
    """Have the files of an act hide all places of some words; what was made before of a file that hides others is made again."""
    for file in ActFile.objects.filter(act=act):
        passages = [asdict(passage) for passage in passages_of(pages_of(file), words)]
        spans = {**file.spans, "passages": passages, "words": list(words)}
        if spans != file.spans or not file.published:
            ActFile.objects.filter(pk=file.pk).update(spans=spans, published="", published_digest="", verification=None)


def passages_of(pages: Sequence[Page], words: Sequence[str]) -> list[Passage]:
    """Every place of some words in pages, whatever their accents, capitals, spaces and line ends."""
    passages = {
        passage for text in words[:MOST_HIDDEN] if text.strip() for passage in occurrences(pages, text[:LONGEST_HIDDEN])
    }
    return sorted(passages, key=lambda passage: (passage.page, passage.start, passage.end))


def words_hidden_in(act: Act) -> list[str]:
    """The words that somebody decided to hide of an act; none before anybody decided."""
    for file in ActFile.objects.filter(act=act).order_by("position", "pk"):
        if "words" in file.spans:
            return list(file.spans["words"])
    return []
