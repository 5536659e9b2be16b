"""Reading the inventory of the usual datasets of a local authority."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).resolve().parent / "datasets.csv"
HOLDERS = ("commune", "epci", "departement", "region")
DUTIES = ("oui", "selon", "non")


@dataclass(frozen=True, slots=True)
class UsualDataset:
    """A dataset that local authorities usually hold; the columns are told in ``SOURCE.md``."""

    slug: str
    name: str
    competence: str
    holders: tuple[str, ...]
    population: int
    duty: str
    text: str
    is_verified: bool
    schema: str
    theme: str
    difficulty: int
    in_socle: bool
    keywords: tuple[str, ...]
    note: str


@lru_cache(maxsize=1)
def usual_datasets() -> tuple[UsualDataset, ...]:
    """Every row, in the order of the file; KeyError or ValueError when the file is not as it must be."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        return tuple(_usual(row) for row in csv.DictReader(stream, delimiter=";"))


def _usual(row: dict[str, str]) -> UsualDataset:
    return UsualDataset(
        slug=row["slug"],
        name=row["name"],
        competence=row["competence"],
        holders=tuple(row["holders"].split()),
        population=int(row["population"]),
        duty=row["duty"],
        text=row["text"],
        is_verified=row["verified"] == "lu",
        schema=row["schema"],
        theme=row["theme"],
        difficulty=int(row["difficulty"]),
        in_socle=row["socle"] == "oui",
        keywords=tuple(word for word in row["keywords"].split("|") if word.strip()),
        note=row["note"],
    )
