"""Which usual datasets concern an organisation, how one of its datasets is recognised, what comes first: pure decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from parvis.core.text import fold
from parvis.packs.inventory.rows import UsualDataset

SHORT = 4
"""Letters up to which a word must be met whole."""


class Fact(StrEnum):
    """What people said by hand of a usual dataset."""

    PUBLISHED = "published"
    PLANNED = "planned"
    NOT_OURS = "not-ours"


class How(StrEnum):
    """How a dataset was recognised, surest first."""

    SAID = "said"
    SCHEMA = "schema"
    WORDS = "words"


class Standing(StrEnum):
    """Where an organisation stands with a usual dataset."""

    PUBLISHED = "published"
    LIKELY = "likely"
    PLANNED = "planned"
    MISSING = "missing"
    NOT_OURS = "not-ours"


@dataclass(frozen=True, slots=True)
class Held:
    """A published dataset as it is recognised: identifier, title, keywords, name of the schema it follows (empty: none)."""

    key: int
    dataset_id: str
    title: str
    keywords: tuple[str, ...] = ()
    schema: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What people said of one usual dataset."""

    said: Fact
    dataset: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One usual dataset beside what the organisation publishes. ``must``: a text obliges this organisation."""

    usual: UsualDataset
    standing: Standing
    must: bool
    found: tuple[tuple[Held, How], ...] = ()
    note: str = ""

    @property
    def is_to_do(self) -> bool:
        """Whether something is left to publish."""
        return self.standing in (Standing.MISSING, Standing.PLANNED, Standing.LIKELY)


def concerns(usual: UsualDataset, kind: str) -> bool:
    """Whether organisations of that kind (``accounts.Organisation.Kind``) usually hold it."""
    return kind in usual.holders


def obliges(usual: UsualDataset, kind: str, population: int | None) -> bool:
    """Whether a text obliges such an organisation; thresholds hold for communes and EPCI, an unknown population is small.

    ``selon`` without a threshold obliges only those who hold the thing: it is not held against anybody.
    """
    if usual.duty == "oui":
        return True
    if usual.duty != "selon" or not usual.population:
        return False
    return kind not in ("commune", "epci") or (population or 0) >= usual.population


def recognised(usual: UsualDataset, holding: Held) -> How | None:
    """How the dataset is recognised as that usual one: by its schema, else by words of its title or keywords; else None."""
    if usual.schema and holding.schema and schema_name(holding.schema).startswith(usual.schema):
        return How.SCHEMA
    if holding.schema:
        return None  # it follows another schema: words would mislead
    texts = [f" {_plain(text)} " for text in (holding.title, *holding.keywords)]
    return How.WORDS if any(_sought(word) in text for word in usual.keywords for text in texts) else None


def _sought(word: str) -> str:
    """Words are sought at the beginning of a word, since plurals follow; short ones whole (« plu » is not « plus »)."""
    plain = _plain(word)
    return f" {plain} " if len(plain) <= SHORT else f" {plain}"


def schema_name(reference: str) -> str:
    """``etalab/schema-irve-statique`` whatever is around it: an address, an ending, a version."""
    name = reference.split("schema.data.gouv.fr/", 1)[-1].removeprefix("schemas/").strip("/")
    return "/".join(name.split("/")[:2])


def _plain(text: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in fold(text)).split())


def standing_of(choice: Choice | None, matches: Sequence[tuple[Held, How]]) -> Standing:
    """What was said by hand stands, but that something is published without being it; a guess by words is only likely."""
    if choice is not None and choice.said is Fact.NOT_OURS:
        return Standing.NOT_OURS
    hows = {how for _held, how in matches}
    if How.SAID in hows or How.SCHEMA in hows:
        return Standing.PUBLISHED
    if choice is not None and choice.said is Fact.PLANNED:
        return Standing.PLANNED
    return Standing.LIKELY if matches else Standing.MISSING


def inventory(
    usual: Sequence[UsualDataset],
    kind: str,
    population: int | None,
    holdings: Sequence[Held],
    choices: Mapping[str, Choice],
) -> list[Item]:
    """Every usual dataset that concerns the organisation, in the order to work: ``order_of``."""
    items = []
    for row in usual:
        choice = choices.get(row.slug)
        if not concerns(row, kind) and choice is None:
            continue
        matches = _matches(row, holdings, choice)
        standing = standing_of(choice, matches)
        items.append(Item(row, standing, obliges(row, kind, population), matches, choice.note if choice else ""))
    return sorted(items, key=order_of)


def _matches(usual: UsualDataset, holdings: Sequence[Held], choice: Choice | None) -> tuple[tuple[Held, How], ...]:
    if choice is not None and choice.said is Fact.PUBLISHED and choice.dataset is not None:
        return tuple((row, How.SAID) for row in holdings if row.key == choice.dataset)
    matches = [(row, how) for row in holdings if (how := recognised(usual, row)) is not None]
    return tuple(sorted(matches, key=lambda pair: (list(How).index(pair[1]), pair[0].title)))


def order_of(item: Item) -> tuple[Any, ...]:
    """What is left to do first: the socle, then what a text obliges, the easiest first."""
    return (
        not item.is_to_do,
        not item.usual.in_socle,
        not item.must,
        item.usual.difficulty,
        item.usual.name,
    )
