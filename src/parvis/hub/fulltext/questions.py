"""What somebody looks for in long documents, as it was understood: words, exact phrases, words near each other, this or that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

NEAR: int = 5
"""Words between which others may stand, when no number was written."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any of its forms; written with hyphens, several that follow each other."""

    text: str
    """As it was typed."""
    stems: tuple[str, ...]
    field: str = ""
    """The text that must have it; empty for any."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other just so: little ones count, plurals too, capitals and accents do not."""

    text: str
    words: tuple[str, ...]
    field: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """Two words in any order, so many words from each other at most; little ones are not counted."""

    text: str
    left: str
    """A stem."""
    right: str
    distance: int
    field: str = ""


type Atom = Word | Phrase | Near


@dataclass(frozen=True, slots=True)
class Either:
    """One of these at least."""

    options: tuple[Atom, ...]


type Clause = Atom | Either


@dataclass(frozen=True, slots=True)
class Question:
    """Every clause of ``required``, none of ``excluded``."""

    text: str = ""
    required: tuple[Clause, ...] = ()
    excluded: tuple[Atom, ...] = ()
    ignored: tuple[str, ...] = ()
    """Words that were typed and say nothing: « de », « la »."""
    is_cut: bool = False
    """Whether there was more than is looked for."""

    def __bool__(self) -> bool:
        """Whether anything is looked for."""
        return bool(self.required or self.excluded)

    def wanted_atoms(self) -> Iterator[Atom]:
        """What documents may have of it, one by one."""
        for clause in self.required:
            yield from clause.options if isinstance(clause, Either) else (clause,)
