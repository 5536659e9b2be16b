"""What is asked of an occultation, what it did, and what its verification found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from parvis.core.acts.model import Page, Passage
from parvis.core.redaction.spelling import Letters

MARK: Final = "[occulté]"
"""What stands for hidden words in a text."""
SHORTEST: Final = 3
"""Letters of a text that is looked for wherever it may be."""
MOST_PAGES: Final = 500
MOST_PASSAGES: Final = 5_000


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a page as it is shown, in fractions of its width and height from its upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Redaction:
    """What to hide of a document: passages of its text as it was read (``pages``), and rectangles.

    ``cut``: parts of words that the end of a page cuts in two: hidden where they are, and looked for nowhere else, since « Madame » alone
    says nothing. ``spared``: passages that a person wants to stay though they say the same words as hidden ones (a namesake). ``title`` and
    ``language`` are those of the published file.
    """

    pages: tuple[Page, ...]
    passages: tuple[Passage, ...] = ()
    boxes: tuple[Box, ...] = ()
    spared: tuple[Passage, ...] = ()
    title: str = ""
    language: str = "fr"
    cut: tuple[Passage, ...] = ()

    @property
    def places(self) -> tuple[Passage, ...]:
        """Every passage to hide."""
        return (*self.passages, *self.cut)

    @property
    def words(self) -> tuple[str, ...]:
        """The different texts that nobody may read anywhere; shorter ones are hidden where they are and not looked for."""
        texts = dict.fromkeys(" ".join(passage.text.split()) for passage in self.passages)
        return tuple(text for text in texts if len(Letters.of(text).text) >= SHORTEST)


class Dropped(StrEnum):
    """What a published file has no more."""

    METADATA = "metadata"
    LINKS = "links"
    ATTACHMENTS = "attachments"
    SCRIPTS = "scripts"
    ANNOTATIONS = "annotations"
    FORMS = "forms"
    BOOKMARKS = "bookmarks"
    TAGS = "tags"
    LAYERS = "layers"
    REVISIONS = "revisions"
    SIGNATURES = "signatures"


@dataclass(frozen=True, slots=True)
class RedactionReport:
    """What was done: which pages were drawn again, which of them have no text any more for want of recognition, what was dropped.

    ``covered``: passages of the text that are under rectangles, which the published text must not say either.
    ``unchanged``: the file had nothing to hide and nothing to drop, and is published byte for byte.
    """

    pages: int
    redrawn: tuple[int, ...] = ()
    without_text: tuple[int, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    covered: tuple[Passage, ...] = ()
    unchanged: bool = False
    size_before: int = 0
    size_after: int = 0


class Source(StrEnum):
    """Who looked, or where."""

    PDFIUM = "pdfium"
    PDFMINER = "pdfminer"
    RECOGNITION = "recognition"
    OBJECTS = "objects"
    CHECKER = "checker"
    PIXELS = "pixels"


@dataclass(frozen=True, slots=True)
class Hit:
    """A hidden text that can be read: its rank among those looked for, who read it, on which page, or in what.

    Rectangles come after the words: the first has the rank that one more word would have.
    """

    word: int
    source: Source
    page: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """``hits`` refuse a publication. ``doubts`` are words of a hidden name that stand alone somewhere. ``unread`` is what nobody could
    read, which refuses it too; ``sources`` those who looked."""

    hits: tuple[Hit, ...] = ()
    doubts: tuple[Hit, ...] = ()
    unread: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def is_publishable(self) -> bool:
        """Whether nobody read anything hidden, and everything was read."""
        return not self.hits and not self.unread
