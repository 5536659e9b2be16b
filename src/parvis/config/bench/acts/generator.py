"""Acts made up with the words, the phrases and the lengths of real ones: each always the same, told by its number.

Words that no other commune has (names, faults of recognition) are made of syllables: the rarer, the longer; there are more of them
the more acts there are, as in real ones.
"""

from __future__ import annotations

import csv
import random
from bisect import bisect
from functools import cached_property
from importlib.resources import files

from parvis.hub.fulltext.rules import LongDocument

RARE = 0.15
"""Share of words that are not in the list, as counted (see README.md)."""
LENGTHS = (
    (0.0, 45),
    (0.05, 52),
    (0.1, 64),
    (0.25, 105),
    (0.5, 217),
    (0.75, 488),
    (0.9, 993),
    (0.95, 1448),
    (0.99, 3979),
    (1.0, 8000),
)
"""Words of an act below which lie so many of 1,409 counted in the minutes of the same communes, its visas aside."""
VISAS = 120
PAGE = 420
"""Words of a page."""
POOL, SMALL_POOL = 3_000_000, 300_000
"""Words of the text in which acts are cut, for many of them and for a trial of the benchmark."""
PARAGRAPHS = (30, 140)
ORGANISATIONS, REPORTERS, PEOPLE, PLACES = 1_200, 5_000, 50_000, 3_000
SUBJECTS = tuple(f"{digit}.{part}" for digit in range(1, 10) for part in range(1, 8))
NATURES, OUTCOMES = ("deliberation", "arrete", "decision"), ("unanimite", "majorite", "rejet")
FIRST_DAY, DAYS = 11_000, 9_500
_SYLLABLES = (
    "ba",
    "chan",
    "dier",
    "fou",
    "gué",
    "lan",
    "mar",
    "nou",
    "pier",
    "quet",
    "rou",
    "sau",
    "ter",
    "vil",
    "zé",
    "ron",
)


class Acts:
    """The acts of a region; ``pool`` is how many words the text has in which they are cut."""

    def __init__(self, pool: int = POOL) -> None:
        self.pool = pool

    @cached_property
    def words(self) -> list[str]:
        """The words of a very long text, in which those of each act are cut."""
        with (files(__package__) / "vocabulary.csv").open(encoding="utf-8") as lines:
            rows = [(row["words"], int(row["count"])) for row in csv.DictReader(lines)]
        chance = random.Random(20261129)  # noqa: S311 - the same each time
        texts = chance.choices([words for words, _count in rows], [count for _words, count in rows], k=self.pool // 2)
        words: list[str] = []
        for text in texts:
            words += text.split()
            while chance.random() < RARE:
                words.append(self.rare(int(chance.paretovariate(0.6))))
        return words[: self.pool]

    @staticmethod
    def rare(rank: int) -> str:
        """The rare word of a rank."""
        parts = []
        rank += len(_SYLLABLES) * 3
        while rank and len(parts) < 6:
            rank, part = divmod(rank, len(_SYLLABLES))
            parts.append(_SYLLABLES[part])
        return "".join(parts)

    def act(self, key: int) -> LongDocument:
        """The act of that number."""
        chance = random.Random(key)  # noqa: S311 - the same each time
        words = self._text(chance, _length(chance.random()) + VISAS)
        # What an act has of its own: a name, a street, a number that few others have.
        for _own in range(3):
            words.insert(chance.randrange(len(words)), self.rare(chance.randrange(20_000_000)))
        year = 2000 + key % 26
        return LongDocument(
            key=key,
            title=" ".join(words[: chance.randrange(5, 14)]).capitalize(),
            codes=(f"{year}-{key // 26:06}",),
            pages=[" ".join(words[start : start + PAGE]) for start in range(0, len(words), PAGE)],
            people=tuple(f"Personne {int(PEOPLE * chance.random() ** 2)}" for _person in range(5)),
            places=tuple(f"Lieu {int(PLACES * chance.random() ** 2)}" for _place in range(2)),
            facets={
                "organisation": (f"org-{int(ORGANISATIONS * chance.random() ** 3)}",),
                "annee": (str(year),),
                "matiere": (chance.choice(SUBJECTS),),
                "nature": (chance.choice(NATURES),),
                "rapporteur": (f"elu-{int(REPORTERS * chance.random() ** 2)}",),
                "issue": (chance.choice(OUTCOMES),),
            },
            numbers={"jour": FIRST_DAY + chance.randrange(DAYS)}
            | ({"montant": int(chance.lognormvariate(14, 2))} if chance.random() < 0.6 else {}),
        )

    def _text(self, chance: random.Random, length: int) -> list[str]:
        words: list[str] = []
        pool = self.words
        while len(words) < length:
            start = chance.randrange(len(pool) - PARAGRAPHS[1])
            words += pool[start : start + chance.randint(*PARAGRAPHS)]
        return words[:length]


def _length(share: float) -> int:
    place = bisect([part for part, _words in LENGTHS], share) or 1
    (low, few), (high, many) = LENGTHS[place - 1], LENGTHS[min(place, len(LENGTHS) - 1)]
    return int(few + (many - few) * (share - low) / (high - low or 1))
