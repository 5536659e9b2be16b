"""What became of each entry: corrected, replaced or withdrawn by later ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from parvis.core.seals.entries import Entry, Kind

type Matches = Callable[[Entry], bool]


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry, and those written after it about the same act."""

    entry: Entry
    later: tuple[Entry, ...] = ()

    def by(self, kind: Kind) -> Entry | None:
        """The last later entry of this kind."""
        return next((entry for entry in reversed(self.later) if entry.kind == kind), None)

    @property
    def withdrawn(self) -> Entry | None:
        """What withdrew it."""
        return self.by(Kind.WITHDRAWAL)

    @property
    def replaced(self) -> Entry | None:
        """What replaced its files."""
        return self.by(Kind.REPLACEMENT)

    @property
    def corrected(self) -> Entry | None:
        """The act that corrects it."""
        return self.by(Kind.CORRECTION)

    @property
    def is_served(self) -> bool:
        """Whether its files must still be there: a corrected act stays, beside the one that corrects it."""
        return self.entry.kind != Kind.WITHDRAWAL and self.withdrawn is None and self.replaced is None


@dataclass(slots=True)
class Acts:
    """What later entries do to acts, gathered from a chain in order; its size is that of what is not a plain publication.

    An act is named by its first entry: replacements and withdrawals are of the act that they refer to, a correction is a new one.
    """

    later: dict[int, list[Entry]] = field(default_factory=dict)
    first: dict[int, int] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Take the next entry of the chain into account."""
        if entry.refers_to is None:
            return
        act = self.act_of(entry.refers_to)
        self.later.setdefault(act, []).append(entry)
        if entry.kind != Kind.CORRECTION:
            self.first[entry.sequence] = act

    def act_of(self, sequence: int) -> int:
        """The sequence of the first entry of the same act."""
        return self.first.get(sequence, sequence)

    def standing(self, entry: Entry) -> Standing:
        """What became of an entry."""
        later = self.later.get(self.act_of(entry.sequence), ())
        return Standing(entry, tuple(other for other in later if other.sequence > entry.sequence))


def standings(entries: Iterable[Entry], matches: Matches) -> list[Standing]:
    """What became of the entries that match, the first first."""
    acts, matching = Acts(), []
    for entry in entries:
        acts.add(entry)
        if matches(entry):
            matching.append(entry)
    return [acts.standing(entry) for entry in matching]
