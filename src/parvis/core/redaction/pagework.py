"""One page: where its hidden words are, what is painted over, what can still be read of it. In a confined child alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING, Final

from parvis.core.acts.model import Method, Page, Passage
from parvis.core.acts.recognition import Recognition, Word
from parvis.core.redaction.errors import NothingToHide, StillReadable, WordsNotLocated
from parvis.core.redaction.glyphs import Glyphs
from parvis.core.redaction.layers import Placed
from parvis.core.redaction.locating import Rectangle, by_line, located, share
from parvis.core.redaction.model import Box
from parvis.core.redaction.pixels import MEASURED, SEEN, covered, enlarged, has_ink
from parvis.core.redaction.spelling import Letters, forms, masked

if TYPE_CHECKING:
    from PIL.Image import Image

ROUNDS: Final = 3
"""Times that a page is read again and painted over again, at most."""
_ALIKE: Final = 0.6
"""Likeness from which a recognised word is the one that an invisible text says."""

type Recognise = Callable[[Image], Recognition]


@dataclass(slots=True)
class Work:
    """A drawn page and what is to be hidden of it: the text that was read of it, its picture, its characters and where they are."""

    page: Page
    picture: Image
    glyphs: Glyphs
    rectangles: list[Rectangle | None]
    vertical: Callable[[int], bool]
    recognise: Recognise | None
    hidden: list[Rectangle] = field(default_factory=list)
    text: Letters = field(init=False)
    """The letters of its characters."""
    page_text: Letters = field(init=False)
    """Those of what was read of it."""
    _read: Recognition | None = None

    def __post_init__(self) -> None:
        self.text = Letters.of(self.glyphs.characters)
        self.page_text = Letters.of(self.page.text)

    def hide_box(self, box: Box) -> None:
        """Hide a rectangle as it was drawn."""
        self.hidden.append(self._in_pixels(box))

    def _in_pixels(self, box: Box) -> Rectangle:
        wide, tall = self.picture.size
        return box.left * wide, box.top * tall, box.right * wide, box.bottom * tall

    def under(self, boxes: Sequence[Box]) -> list[Passage]:
        """Passages of the text of this page that are under rectangles; all of it when nobody can tell."""
        page, text = self.page, self.page_text
        words = self._words() if page.method is Method.RECOGNISED else ()
        letters, owners = _letters_of(words)
        places: list[tuple[int, int]] = []
        for rectangle in map(self._in_pixels, boxes):
            seen = [_is_inside(self.rectangles[origin], rectangle) for origin in self.text.origins]
            again = [_is_inside(words[owner].box, rectangle) for owner in owners]
            for read, marks in ((self.text, seen), (letters, again)):
                for run in _runs(marks):
                    there = located(run, read, text)
                    if not there and text.text:
                        return [Passage(page.number, 0, len(page.text), page.text)]
                    places += there
        spans = [(text.origins[start], text.origins[end - 1] + 1) for start, end in places]
        return [Passage(page.number, start, end, page.text[start:end]) for start, end in spans]

    def hide(self, passage: Passage) -> None:
        """Hide a passage of the text of this page; WordsNotLocated, NothingToHide."""
        place = self.page_text.within(passage.start, passage.end)
        if place[0] >= place[1]:
            raise NothingToHide(page=self.page.number)
        if self._hide_glyphs(passage, located(place, self.page_text, self.text)):
            return
        words = self._words()
        letters, owners = _letters_of(words)
        if not self._hide_words(words, owners, located(place, self.page_text, letters)):
            raise WordsNotLocated(page=self.page.number, words=masked(passage.text))

    def hide_everywhere(self, words: Sequence[str]) -> None:
        """Hide whatever characters of the page, drawn or not, say one of ``words``."""
        for word in words:
            for form in forms(word):
                self._paint(list(self.text.words(form)))

    def _hide_glyphs(self, passage: Passage, places: Sequence[tuple[int, int]]) -> bool:
        spans = [(self.text.origins[start], self.text.origins[end - 1] + 1) for start, end in places]
        ranks = [rank for start, end in spans for rank in range(start, end)]
        boxes = [box for rank in ranks if (box := self.rectangles[rank]) is not None]
        if not boxes:
            return False
        if any(rank in self.glyphs.invisible for rank in ranks) and not self._is_seen_there(passage, boxes):
            return False
        self._paint(spans)
        return True

    def _paint(self, spans: Sequence[tuple[int, int]]) -> None:
        for start, end in spans:
            inside = range(start, end)
            is_vertical = self.vertical(start)
            near = [
                box
                for rank in (*range(max(0, start - 120), start), *range(end, min(len(self.rectangles), end + 120)))
                if (box := self.rectangles[rank]) is not None and not self.text.characters[rank].isspace()
            ]
            for line in by_line([self.rectangles[rank] for rank in inside], is_vertical=is_vertical):
                self.hidden.append(enlarged(line, near, self.picture.size, MEASURED, is_vertical=is_vertical))

    def _is_seen_there(self, passage: Passage, boxes: Sequence[Rectangle]) -> bool:
        """Whether an invisible text says what the picture shows at the same place, or the picture shows nothing there."""
        for line in by_line(boxes):
            height = line[3] - line[1]
            around = line[0] - height, line[1] - height, line[2] + height, line[3] + height
            if not has_ink(self.picture, around):
                continue
            words = [word for word in self._words() if _overlap(word.box, around)]
            letters, owners = _letters_of(words)
            sought = Letters.of(passage.text).text
            match = SequenceMatcher(None, letters.text, sought, autojunk=False)
            shared = sum(block.size for block in match.get_matching_blocks())
            if shared < _ALIKE * len(sought) and len(by_line(boxes)) == 1:
                return False
            self._hide_words(words, owners, _alike(letters, sought))
        return True

    def _hide_words(self, words: Sequence[Word], owners: Sequence[int], places: Sequence[tuple[int, int]]) -> bool:
        for start, end in places:
            chosen = sorted({owners[rank] for rank in range(start, end)})
            is_vertical = self._read is not None and self._read.turned in (90, 270)
            others: list[Rectangle] = [word.box for rank, word in enumerate(words) if rank not in chosen]
            for line in by_line([words[rank].box for rank in chosen], is_vertical=is_vertical):
                self.hidden.append(enlarged(line, others, self.picture.size, SEEN, is_vertical=is_vertical))
        return bool(places)

    def _words(self) -> tuple[Word, ...]:
        """The words of the page as it is shown, before anything is hidden."""
        if self.recognise is None:
            return ()
        if self._read is None:
            self._read = self.recognise(self.picture)
        return self._read.words

    def finished(self, words: Sequence[str]) -> tuple[Image, list[Placed] | None]:
        """The page painted over and the words that can be read of it, none of which is one of ``words``; StillReadable.

        Without recognition, no words.
        """
        if self.recognise is None:
            return covered(self.picture, self.hidden, "black"), None
        for _round in range(ROUNDS):
            # White to be read: black boxes are read as letters.
            self._read = self.recognise(covered(self.picture, self.hidden, "white"))
            seen = list(_readable(self._read.words, words))
            if not seen:
                placed = [Placed(word.text, word.box, word.line) for word in self._read.words]
                return covered(self.picture, self.hidden, "black"), placed
            for _word, boxes in seen:
                self.hidden += [enlarged(box, (), self.picture.size, SEEN, is_vertical=False) for box in boxes]
        raise StillReadable(page=self.page.number, words=masked(seen[0][0]))


def characters_of(words: Sequence[Word]) -> tuple[list[str], list[int]]:
    """The characters of recognised words, a blank between two, and to which word each belongs."""
    characters: list[str] = []
    owners: list[int] = []
    for rank, word in enumerate(words):
        spelt = [*word.text, "\n" if rank + 1 < len(words) and words[rank + 1].line != word.line else " "]
        characters += spelt
        owners += [rank] * len(spelt)
    return characters, owners


def _letters_of(words: Sequence[Word]) -> tuple[Letters, list[int]]:
    """Their letters, and to which word each letter belongs."""
    characters, owners = characters_of(words)
    letters = Letters.of(characters)
    return letters, [owners[origin] for origin in letters.origins]


def _readable(read: Sequence[Word], words: Sequence[str]) -> Iterator[tuple[str, list[Rectangle]]]:
    characters, owners = characters_of(read)
    letters = Letters.of(characters)
    for word in words:
        for form in forms(word):
            for start, end in letters.words(form):
                yield word, [read[rank].box for rank in sorted(set(owners[start:end]))]


def _alike(letters: Letters, sought: str) -> list[tuple[int, int]]:
    """From the first to the last letter that both have in the same order."""
    blocks = [
        block
        for block in SequenceMatcher(None, letters.text, sought, autojunk=False).get_matching_blocks()
        if block.size > 1
    ]
    return [(blocks[0].a, blocks[-1].a + blocks[-1].size)] if blocks else []


def _runs(marks: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where marks follow one another."""
    start = 0
    for is_marked, group in groupby(marks):
        length = len(list(group))
        if is_marked:
            yield start, start + length
        start += length


def _is_inside(box: Rectangle | None, rectangle: Rectangle) -> bool:
    """Whether some of a box is under a rectangle."""
    return box is not None and (
        min(box[2], rectangle[2]) > max(box[0], rectangle[0]) and min(box[3], rectangle[3]) > max(box[1], rectangle[1])
    )


def _overlap(box: Rectangle, other: Rectangle) -> bool:
    return share((box[0], box[2]), (other[0], other[2])) > 0 and share((box[1], box[3]), (other[1], other[3])) > 0
