"""Amounts that rules read in an act: offered with the words around them, noted by nobody but who takes them over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parvis.core.text import fold
from parvis.domains.deliberations.models import Act, ActFile, Amount
from parvis.domains.deliberations.money.rules import LARGEST_CENTS, AmountFacts, euros_text
from parvis.domains.deliberations.online.leftovers import hidden_words, without_hidden
from parvis.domains.deliberations.rules import amount_words
from parvis.domains.deliberations.selectors import suggestions_of

if TYPE_CHECKING:
    from django.http import QueryDict

MOST_OFFERED = 20
PURPOSES: Mapping[str, tuple[str, ...]] = {
    Amount.Purpose.LOAN: ("emprunt",),
    Amount.Purpose.GRANT: ("subvention",),
    Amount.Purpose.OTHER: ("tarif", "le repas", "de l'heure"),
    Amount.Purpose.INCOME: ("recette", "loyer", "redevance"),
    Amount.Purpose.CONTRACT: ("marche", "avenant", "convention", " lot "),
}
"""What the words around an amount (folded) make of it, the first that fits; an expense otherwise."""


@dataclass(frozen=True, slots=True)
class ReadAmount:
    """An amount of the text of an act: cents, how it is written, the words around it (none when they say what the act hides)."""

    cents: int
    written: str
    words: str

    @property
    def purpose(self) -> str:
        """What the words make of it."""
        around = fold(self.words).replace("’", "'")
        return next((name for name, signs in PURPOSES.items() if any(sign in around for sign in signs)), "expense")


def amounts_read(act: Act, noted: Sequence[AmountFacts]) -> list[ReadAmount]:
    """Those read in the main file, each once, in the order of the text, less those noted already; none once the act is withdrawn."""
    suggestions = suggestions_of(act)
    rows = [
        row
        for proposal in (suggestions.proposals if suggestions else ())
        if proposal["field"] == "amounts"
        for row in proposal["value"]
    ]
    noted_cents = {row.cents for row in noted}
    words_of: dict[int, str] = {}
    for row in rows:
        cents = round(row["value"] * 100)
        if cents and abs(cents) <= LARGEST_CENTS and cents not in noted_cents:
            words_of.setdefault(cents, row["words"])
    offered = dict(list(words_of.items())[:MOST_OFFERED])
    hidden = hidden_words(list(ActFile.objects.filter(act=act)))
    sayable = set(without_hidden(list(offered.values()), hidden)) if hidden else set(offered.values())
    return [
        ReadAmount(cents, amount_words(cents), words if words in sayable else "") for cents, words in offered.items()
    ]


def take_over(data: QueryDict, prefix: str, row: ReadAmount) -> None:
    """Write an amount into the first blank row of a form that was sent, or into one more; whatever else was typed stays."""
    total = int(data[f"{prefix}-TOTAL_FORMS"])
    ranks = (rank for rank in range(total) if not data.get(f"{prefix}-{rank}-euros", "").strip())
    rank = next(ranks, total)
    data[f"{prefix}-TOTAL_FORMS"] = str(max(total, rank + 1))
    data[f"{prefix}-{rank}-euros"] = euros_text(row.cents)
    data[f"{prefix}-{rank}-purpose"] = row.purpose


def not_typed(rows: Sequence[ReadAmount], data: QueryDict, prefix: str) -> list[ReadAmount]:
    """Those that no row of a form that was sent has yet."""
    typed = {text for name, text in data.items() if name.startswith(f"{prefix}-") and name.endswith("-euros")}
    return [row for row in rows if euros_text(row.cents) not in typed]
