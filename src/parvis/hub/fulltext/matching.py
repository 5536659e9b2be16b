"""Where in a text what is looked for is: the same words, one after the other, as the index knows them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

from parvis.hub.fulltext.analysis import form_of, split, stem_of
from parvis.hub.fulltext.questions import Atom, Near, Phrase, Word

MOST_HITS: Final = 5_000
"""Times that each thing is found in a text, at most: nobody reads them all."""

type Places = tuple[int, ...]
"""Ranks of words."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Some words of a text that are, together, what is looked for; ``atom`` is its rank among what is."""

    atom: int
    places: Places
    is_whole: bool
    """Whether the words follow each other, and what is between them goes with them."""


class ReadText:
    """The words of a text, by what they are looked for. Reports of utilities have tens of thousands: they are read as lists."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._words, self.spans = split(text)

    @cached_property
    def _stems(self) -> list[str]:
        return list(map(stem_of, self._words))

    @cached_property
    def full(self) -> list[int]:
        """The ranks of words that are not little ones."""
        return [rank for rank, stem in enumerate(self._stems) if stem]

    def _ranks_of_form(self, form: str) -> list[int]:
        return [rank for rank, word in enumerate(map(form_of, self._words)) if word == form]

    def _ranks_of_stem(self, stem: str) -> list[int]:
        """Ranks among the words that are not little ones."""
        return [rank for rank, other in enumerate(filter(None, self._stems)) if other == stem]

    def hits(self, atoms: Sequence[Atom]) -> list[Hit]:
        """Everything that is looked for anywhere in documents, in the order of the text."""
        hits = [
            Hit(rank, places, not isinstance(atom, Near))
            for rank, atom in enumerate(atoms)
            for places in islice(self._places(atom), MOST_HITS)
        ]
        return sorted(hits, key=lambda hit: hit.places)

    def _places(self, atom: Atom) -> Iterator[Places]:
        match atom:
            case Word(_text, stems):
                full = self.full
                for places in _following(stems, self._ranks_of_stem):
                    yield tuple(full[place] for place in places)
            case Phrase(_text, words):
                yield from _following(words, self._ranks_of_form)
            case Near(_text, left, right, distance):
                yield from self._near(left, right, distance)

    def _near(self, left: str, right: str, distance: int) -> Iterator[Places]:
        """Each of the first words with the nearest of the others: pairs of words that come again and again would be millions."""
        others = self._ranks_of_stem(right)
        for rank in self._ranks_of_stem(left) if others else ():
            place = bisect_left(others, rank)
            nearest = min(others[max(place - 1, 0) : place + 1], key=lambda other: abs(other - rank))
            if abs(nearest - rank) <= distance:
                yield tuple(sorted((self.full[rank], self.full[nearest])))


def _following(words: Sequence[str], ranks: Callable[[str], list[int]]) -> Iterator[Places]:
    """Each run of these words, as ranks that follow each other."""
    starts = ranks(words[0])
    others = [set(ranks(word)) for word in words[1:]] if starts else []
    for start in starts:
        if all(start + rank in places for rank, places in enumerate(others, start=1)):
            yield tuple(range(start, start + len(words)))
