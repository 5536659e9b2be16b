"""Where in a text what is looked for is: the same words, one after the other, as the index knows them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from parvis.hub.fulltext.analysis import Token, tokens
from parvis.hub.fulltext.questions import Atom, Near, Phrase, Word

type Places = tuple[int, ...]
"""Ranks of words."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Some words of a text that are, together, what is looked for; ``atom`` is its rank among what is."""

    atom: int
    places: Places


class ReadText:
    """The words of a text, by what they are looked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = list(tokens(text))

    @cached_property
    def full(self) -> list[int]:
        """The ranks of words that are not little ones."""
        return [rank for rank, token in enumerate(self.tokens) if token.stem]

    @cached_property
    def _ranks_by_form(self) -> dict[str, list[int]]:
        ranks: dict[str, list[int]] = {}
        for rank, token in enumerate(self.tokens):
            ranks.setdefault(token.form, []).append(rank)
        return ranks

    @cached_property
    def _ranks_by_stem(self) -> dict[str, list[int]]:
        """Ranks among the words that are not little ones."""
        ranks: dict[str, list[int]] = {}
        for rank, place in enumerate(self.full):
            ranks.setdefault(self.tokens[place].stem, []).append(rank)
        return ranks

    def hits(self, atoms: Sequence[Atom]) -> list[Hit]:
        """Everything that is looked for anywhere in documents, in the order of the text."""
        hits = [Hit(rank, places) for rank, atom in enumerate(atoms) for places in self._places(atom)]
        return sorted(hits, key=lambda hit: hit.places)

    def _places(self, atom: Atom) -> Iterator[Places]:
        match atom:
            case Word(_text, stems):
                full = self.full
                for places in _following(stems, self._ranks_by_stem):
                    yield tuple(full[place] for place in places)
            case Phrase(_text, words):
                yield from _following(words, self._ranks_by_form)
            case Near(_text, left, right, distance):
                yield from self._near(left, right, distance)

    def _near(self, left: str, right: str, distance: int) -> Iterator[Places]:
        others = self._ranks_by_stem.get(right, [])
        for rank in self._ranks_by_stem.get(left, ()):
            start = bisect_left(others, rank - distance)
            for other in others[start:]:
                if other > rank + distance:
                    break
                yield tuple(sorted((self.full[rank], self.full[other])))


def _following(words: Sequence[str], ranks: dict[str, list[int]]) -> Iterator[Places]:
    """Each run of these words, as ranks that follow each other."""
    sets = [set(ranks.get(word, ())) for word in words[1:]]
    for start in ranks.get(words[0], ()):
        if all(start + rank in some for rank, some in enumerate(sets, start=1)):
            yield tuple(range(start, start + len(words)))
