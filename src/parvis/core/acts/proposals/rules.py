"""What a rule is: a name, a function that reads a document and says what it reads, where and how surely."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from parvis.core.acts.flat_text import FlatText
from parvis.core.acts.model import Proposal

SURE: Final = 0.95
"""Printed for that purpose, in a form that means nothing else."""
LIKELY: Final = 0.85
"""Printed, where another thing may look alike."""
GUESS: Final = 0.6
"""Told by habits of writing."""
WEAK: Final = 0.4
"""Better than an empty field, for a person who looks."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A value of ``field`` and the letters it comes from (``start`` = ``end``: it has no passage)."""

    field: str
    value: Any
    confidence: float
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Source:
    """What rules read: the text, the name of the file, names of officials in office, and what was read before."""

    text: FlatText
    file_name: str
    officials: Sequence[str]
    today: date
    best: Mapping[str, Proposal] = field(default_factory=dict)

    def value(self, name: str, at_least: float = 0.0) -> Any:
        """The best value of a field so far, None when there is none of that confidence."""
        proposal = self.best.get(name)
        return proposal.value if proposal and proposal.confidence >= at_least else None

    def confidence(self, name: str) -> float:
        """That of the best value so far."""
        return self.best[name].confidence if name in self.best else 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """``name`` is shown beside what it proposes; ``read`` gives all that it sees."""

    name: str
    read: Callable[[Source], Iterable[Reading]]
